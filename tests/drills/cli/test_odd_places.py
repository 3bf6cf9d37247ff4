"""Workspaces where one would rather not have them: on a disk that is read-only, and under a name in other alphabets."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills.command_line import call, refused
from tests.drills.server import serving

ODD = "Übung 演習 учения"


@pytest.fixture
def read_only(here: Path) -> Iterator[Path]:
    """A workspace in which nothing can be written, and in which we are. Root may write anywhere but on such a disk."""
    disk = here / "disk"
    disk.mkdir()
    mount, umount = (shutil.which(name) for name in ("mount", "umount"))
    root = os.geteuid() == 0
    mounted = mount is not None and umount is not None and root and _mounts(mount, disk)
    if root and not mounted:
        pytest.skip("root may write anywhere, and cannot mount a disk here")
    try:
        assert call("init", "disk/ours").exit_code == 0
        if root:
            subprocess.run([str(mount), "-o", "remount,ro", disk], check=True)
        else:
            for folder in (disk, *(one for one in disk.rglob("*") if one.is_dir())):
                folder.chmod(0o555)
        os.chdir(disk / "ours")
        yield disk / "ours"
    finally:
        os.chdir(here)
        if root:
            subprocess.run([str(umount), disk], check=True)
        else:
            for folder in (disk, *(one for one in disk.rglob("*") if one.is_dir())):
                folder.chmod(0o755)


def _mounts(mount: str, disk: Path) -> bool:
    return subprocess.run([mount, "-t", "tmpfs", "none", disk], check=False).returncode == 0


def test_on_a_read_only_disk_all_that_only_reads_works_and_the_rest_names_what_it_cannot_write(read_only: Path) -> None:
    assert call("lint", ".", "--strict").stdout == "no problems\n"
    assert call("show", "team", "our-team").exit_code == 0
    assert call("run", "first-drill", "--json").exit_code == 0
    assert call("test", "scripts", "--jobs", "1").exit_code == 0
    why = ("read-only", "permission denied")
    for args, place in (
        (["run", "first-drill"], "drills-run/first-drill-1"),
        (["new", "night"], "scenarios/night.yaml"),
        (["new", "rubric", "strict"], "rubrics"),
        (["random", "--out", "x.yaml"], "x.yaml"),
        (["serve", "--port", "0"], "drillroom.sqlite"),
    ):
        said = refused(*args)
        assert f"{place}" in said
        assert "cannot be" in said
        assert any(reason in said.lower() for reason in why), said
    assert sorted(one.name for one in read_only.iterdir() if one.name not in (".gitignore", "README.md")) == [
        "ci-example.yaml", "drillroom.toml", "names.yaml", "scenarios", "schedule.yaml", "scripts", "teams",
    ]  # fmt: skip


def test_a_workspace_may_be_called_in_any_alphabet(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("init", ODD).exit_code == 0
    monkeypatch.chdir(here / ODD / "scenarios")
    assert call("lint", "..").stdout == "no problems\n"
    assert "from first-drill.yaml" in call("show", "first-drill").stderr
    assert call("new", "team", "night").stdout.startswith("Wrote ../teams/night.yaml.")
    assert call("run", "first-drill", "--team", "night", "--out", here / ODD / "Ergebnis").exit_code == 0
    assert (here / ODD / "Ergebnis" / "report.html").is_file()
    with serving(here) as place:
        page = place.owner().get("/author/first-drill")
        assert page.status_code == 200
        assert "how-long" in page.text
