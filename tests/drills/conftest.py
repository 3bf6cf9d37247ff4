"""Fixtures for the tests of the command line and of the drill room."""

import asyncio
import os
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from drills.planning.materials import gather, names_of
from drills.records.folder import write_folder
from scoring.told import graded
from tests.drills.postgresql import all_on_postgresql, postgresql, postgresql_server
from tests.drills.server import Browser, Place, serving
from tests.support import library_plan, play
from tests.support.databases import empty_under, on_postgresql

__all__ = ["all_on_postgresql", "postgresql", "postgresql_server"]

_ON_A_LOOP: list[str] = []
"""Where a statement ran in the thread of an event loop."""


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _note_whose_thread(*_: object) -> None:
    if asyncio._get_running_loop() is not None:
        _ON_A_LOOP.append("".join(traceback.format_stack(limit=12)))


@pytest.fixture(autouse=True)
def no_statement_holds_up_a_loop() -> Iterator[None]:
    """Whatever a test does, no statement runs in the thread of an event loop: while it runs, nothing else would."""
    _ON_A_LOOP.clear()
    yield
    assert _ON_A_LOOP == []


@pytest.fixture(autouse=True)
def a_database_is_for_one_test(tmp_path: Path) -> Iterator[None]:
    """Those on PostgreSQL are emptied after the test for which they were made."""
    yield
    if on_postgresql():
        empty_under(tmp_path)


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
    return write_folder(out, log, graded(log), names_of(gather("login-outage").team))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server that all tests of a module share."""
    with serving(tmp_path_factory.mktemp("room")) as found:
        yield found


@pytest.fixture(scope="module")
def owner(place: Place) -> Browser:
    """The owner, who has the link that it printed."""
    return place.owner()
