"""What the tests of the command line start from."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from drills.folder import write_folder
from drills.planning import gather, names_of
from scoring.scorecard import grade
from tests.support import library_plan, play


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Path]:
    """An empty folder to stand in."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


@pytest.fixture(scope="session")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a drill that was played. Not to be changed."""
    log = play(library_plan("login-outage", 3, "average"))
    out = tmp_path_factory.mktemp("drills") / "login-outage-3"
    return write_folder(out, log, grade(log), names_of(gather("login-outage").team))
