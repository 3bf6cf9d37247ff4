"""What is installed: every file that the program reads ships with it, and every library that it uses is declared."""

import ast
import email
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from email.message import Message
from pathlib import Path

import pytest

import drills
from drills.cli.doctor import MODULES
from tests.support.extent import LONG

ROOT = Path(drills.__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
PACKAGES: list[str] = WHEEL["packages"]
PARTS = {"pydantic_core": "pydantic"}
"""What comes with another module, which asks for just the version that it needs."""
EXTRAS = {
    "pandas": "pandas",
    "pyarrow": "parquet",
    "weasyprint": "pdf",
    "rfc3161_client": "evidence",
    "cryptography": "evidence",
    "distributed": "dask",
}
"""Modules that only some commands need, and by which name they are installed."""


def test_the_wheel_takes_whole_packages() -> None:
    """All files of a package ship, whatever their kind, as long as nothing is said of which do."""
    assert set(WHEEL) == {"packages"}
    assert set(PROJECT["tool"]["hatch"]["build"]["targets"]) == {"wheel"}
    assert set(PROJECT["tool"]["hatch"]["build"]) == {"targets"}
    parents = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert set(PACKAGES) == parents


def test_nothing_of_a_package_is_left_out_as_ignored() -> None:
    """What .gitignore names is not put into the wheel, though git may track it."""
    asked = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard", "--", *PACKAGES]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("needs a checkout")
    assert listed.stdout.splitlines() == []


def test_each_library_that_is_used_is_asked_for_and_no_other() -> None:
    used = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    used |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    used.add(node.module.split(".")[0])
    used = {PARTS.get(name, name) for name in used} - sys.stdlib_module_names - set(PACKAGES)
    by_name = {"python_multipart"}  # Starlette looks for it itself
    assert used - set(EXTRAS) == set(MODULES.values()) - by_name
    for module, extra in EXTRAS.items():
        asked = PROJECT["project"]["optional-dependencies"][extra]
        assert module in {re.split(r"[<>=\[]", one)[0].replace("-", "_") for one in asked}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as `python -m build` makes it from what git knows."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if listed.returncode != 0:
        pytest.skip("needs a checkout")
    for name in listed.stdout.splitlines():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    asked = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(source)]
    made = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    [found] = out.glob("*.whl")
    return found


def metadata(wheel: Path) -> Message:
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as files:
        [name] = [name for name in files.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(files.read(name))


@LONG
def test_the_wheel_holds_every_file_of_the_packages_its_licence_and_nothing_else(wheel: Path) -> None:
    asked = ["git", "ls-files", *PACKAGES]
    kept = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
    assert sorted(name for name in names if ".dist-info/" not in name) == sorted(kept)
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")] != []


@LONG
def test_what_a_package_index_shows_leads_nowhere_wrong(wheel: Path) -> None:
    said = metadata(wheel)
    assert said["License-Expression"] == "MIT"
    assert said["Description-Content-Type"] == "text/markdown"
    text = said.get_payload()
    assert isinstance(text, str)
    assert text.startswith("# Drillroom")
    assert re.findall(r"\]\((?!https?:)[^)]*\)", text) == [], "links that break away from the files"
    assert re.findall(r"<(?:picture|img|source)\b", text) == []
    assert "](" in (ROOT / "README.md").read_text(encoding="utf-8")


@LONG
def test_the_wheel_in_an_empty_environment_runs_the_readmes_first_drill(wheel: Path, tmp_path: Path) -> None:
    """Its dependencies come from where pip finds them. README.md and first-drill.md begin so."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = re.search(r"^drillroom (run [^#\n]*)", readme, re.MULTILINE)
    assert first is not None
    venv.create(tmp_path / "env", with_pip=True)
    place = tmp_path / "env" / "bin"
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    subprocess.run([place / "python", "-m", "pip", "install", "--quiet", wheel], env=outside, check=True)
    command = [place / "drillroom", *first[1].split()]
    done = subprocess.run(command, cwd=tmp_path, env=outside, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Score +\d+", done.stdout, re.MULTILINE)
    [report] = tmp_path.glob("drills-run/*/report.html")
    assert str(report.relative_to(tmp_path)) in done.stdout
