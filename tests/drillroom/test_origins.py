"""Packages of others that are named as ours: one sentence that names them, whatever is asked for."""

import os
import shutil
import subprocess
import sys
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

import drillroom
from drillroom.origins import OUR_PACKAGES

ROOT = Path(drillroom.__file__).parent.parent
FOREIGN = 'raise RuntimeError("somebody else\'s")\n'
COMMANDS = [["--version"], ["--help"], ["doctor"], ["run", "login-outage"]]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Drillroom as pip installs it, with its list of files."""
    site = tmp_path / "site-packages"
    for package in ("drillroom", *OUR_PACKAGES):
        shutil.copytree(
            ROOT / package, site / package, ignore=shutil.ignore_patterns("__pycache__", "library", "static")
        )
    distribution(site, "drillroom", *(str(file.relative_to(site)) for file in site.rglob("*.py")))
    return site


def distribution(site: Path, name: str, *files: str) -> None:
    """List files as those of a distribution."""
    info = site / f"{name}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")
    rows = []
    for file in files:
        digest = urlsafe_b64encode(sha256((site / file).read_bytes()).digest()).rstrip(b"=").decode()
        rows.append(f"{file},sha256={digest},{(site / file).stat().st_size}\n")
    (info / "RECORD").write_text("".join(rows))


def ran(here: Path, path: str | Path, *args: str, code: str = "from drillroom import main; main()") -> tuple[int, str]:
    """Exit code and standard error of the program, with modules taken from `path` first."""
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(path), "COLUMNS": "400", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr or done.stdout


@pytest.mark.parametrize("args", COMMANDS)
def test_a_repository_with_a_package_of_that_name_is_named(tmp_path: Path, args: list[str]) -> None:
    other = tmp_path / "reports"
    other.mkdir()
    (other / "__init__.py").write_text(FOREIGN)
    code, said = ran(tmp_path, f"{tmp_path}:{ROOT}", *args)
    assert code == 2
    assert said == (
        f"drillroom: Python finds another package named 'reports' before Drillroom's own: {other}; leave its folder "
        "out of PYTHONPATH, or work in another folder, or rename that package\n"
    )


def test_a_folder_that_is_no_package_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    assert ran(tmp_path, f"{tmp_path}:{ROOT}", "--version") == (0, f"drillroom {drillroom.__version__}\n")


def test_from_python_it_is_an_error_of_importing(tmp_path: Path) -> None:
    (tmp_path / "scoring").mkdir()
    (tmp_path / "scoring" / "__init__.py").write_text("")
    code = (
        "import scoring, drillroom\n"
        "try: drillroom.run\n"
        "except drillroom.ForeignPackageError as error: print(isinstance(error, ImportError), error)"
    )
    _, said = ran(tmp_path, f"{tmp_path}:{ROOT}", code=code)
    assert said.startswith("True Python finds another package named 'scoring'"), said


@pytest.mark.parametrize("args", COMMANDS)
def test_a_package_that_was_installed_over_ours_is_named(installed: Path, tmp_path: Path, args: list[str]) -> None:
    (installed / "reports" / "__init__.py").write_text(FOREIGN)
    distribution(installed, "reports", "reports/__init__.py")
    code, said = ran(tmp_path, installed, *args)
    assert code == 2
    assert said == (
        f"drillroom: {installed / 'reports/__init__.py'} is not as Drillroom installed it: the package 'reports' was "
        "installed over it; uninstall it (pip uninstall reports), or install Drillroom in an environment of its own "
        "(uv tool install drillroom); to repair this one: pip install --force-reinstall drillroom\n"
    )


def test_any_file_that_was_written_over_is_found_when_it_fails(installed: Path, tmp_path: Path) -> None:
    (installed / "scenarios" / "workspace.py").write_text("FOLDERS = 7\n")
    code, said = ran(tmp_path, installed, "new", "mine")
    assert code == 2
    assert said.startswith(
        f"drillroom: {installed / 'scenarios/workspace.py'} is not as Drillroom installed it: something"
    )
    assert said.count("\n") == 1


def test_doctor_names_every_file_that_was_written_over(installed: Path, tmp_path: Path) -> None:
    for file in ("reports/story.py", "simulator/plan.py"):
        with (installed / file).open("a") as more:
            more.write("\n# more\n")
    distribution(installed, "simulator", "simulator/plan.py")
    shutil.copytree(ROOT / "scenarios" / "library", installed / "scenarios" / "library")
    code, said = ran(tmp_path, installed, "doctor")
    assert code == 1
    assert "reports/story.py is not as Drillroom installed it: something was written over it" in said
    assert "simulator/plan.py is not as Drillroom installed it: the package 'simulator' was installed over it" in said


def test_what_is_as_it_was_installed_says_so_and_fails_in_its_own_way(installed: Path, tmp_path: Path) -> None:
    assert ran(tmp_path, installed, code="from drillroom.origins import altered_files as a; print(a())") == (0, "[]\n")
    failing = "import drillroom.origins as o, drills.cli as c\nc.main = lambda _: 1 / 0\no.main()"
    assert "ZeroDivisionError" in ran(tmp_path, installed, code=failing)[1]
