"""A browser and a server for each module of tests; without Chromium they are left out, and say so."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.drills.server import Place, serving
from tests.e2e.prepared import Drill, gathered
from tests.e2e.seats import PATIENCE, Address, Seat, Seats, Serving
from tests.support.extent import FULL

_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it. Its headless shell is cheaper, but loses the focus when a dialog closes."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        why = "there is no Chromium; on Debian: apt install chromium"
        if FULL:
            pytest.fail(why)
        pytest.skip(why)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server for the tests of a module; nothing that any of them does may be an error of the program."""
    assert browser.is_connected()
    serving = Serving(tmp_path_factory.mktemp("room") / "drills.sqlite")
    yield serving
    serving.stop()
    wrong = [line for line in serving.log.splitlines() if '"level": "error"' in line or "Traceback" in line]
    assert not wrong, wrong


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server in a thread, for tests that look into it; such a module names it as its `server`."""
    assert browser.is_connected()
    with serving(tmp_path_factory.mktemp("room")) as made:
        yield made


@pytest.fixture
def drill(place: Place) -> Drill:
    """A drill in which everybody but Dana has come."""
    return gathered(place, place.owner())


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test has failed, for its fixtures."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture
def seats(
    browser: Browser, server: Serving | Address, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Seats]:
    """Where people sit down, for one test; afterwards all go home. Of a test that failed there are pictures."""
    made = Seats(browser, server.base, server.link)
    yield made
    if request.node.stash.get(_FAILED, False):
        made.picture(tmp_path)
    made.leave()


@pytest.fixture(scope="module")
def desk_of_all(browser: Browser, server: Serving | Address) -> Iterator[Seats]:
    made = Seats(browser, server.base, server.link)
    made.take("Whoever comes", reduced_motion="reduce")
    yield made
    made.leave()


@pytest.fixture
def desk(desk_of_all: Seats, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Seat]:
    """One seat that the tests of a module take in turn: a browser's context takes longer to open than most pages."""
    (seat,) = desk_of_all.taken
    yield seat
    if request.node.stash.get(_FAILED, False):
        desk_of_all.picture(tmp_path)
    seat.goes()
