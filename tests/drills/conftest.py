"""What the tests of the command line and of the drill room start from."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from drills.planning.materials import gather, names_of
from drills.records.folder import write_folder
from scoring.scorecard import grade
from tests.drills.server import Browser, Place, serving
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


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server that all tests of a module share."""
    with serving(tmp_path_factory.mktemp("room")) as found:
        yield found


@pytest.fixture(scope="module")
def owner(place: Place) -> Browser:
    """Whoever has the link that it printed."""
    return place.owner()
