"""Every page in light and in dark, narrow and wide: axe finds nothing, nothing is cut off, and each says what it is.

Every day axe reads each page once, one in the light at a desk and the next in the dark on a telephone; with
FULL_TESTS=1, as .ci/run sets it, all of them in all.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.drills.server import Browser as Client
from tests.drills.server import Place, serving
from tests.e2e.prepared import WORDS, Drill, begun, gathered, made, resolved, talking
from tests.e2e.seats import Address, Seat, Seats
from tests.support.extent import FULL

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
NARROW, WIDE = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
SCREENS = ("guess", "reveal", "score")


class Company:
    """A server on which there is a drill in every phase."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.owner = owner = place.owner()
        self.nobody = place.browser()
        self.lobby = made(place, owner)
        self.waiting = place.entered(self.lobby.link())
        self.begun = begun(place, owner)
        self.busy = self._busy()
        self.papers = resolved(place, owner)
        self.guess, self.reveal, self.score = (self._talk(screen) for screen in SCREENS)
        self.rater = place.watcher(owner, self.busy.id, "evaluator")
        self.watcher = place.watcher(owner, self.busy.id, "observer")
        self.nameless = place.entered(owner.data(self.busy.id, "/lobby")["observer_link"])
        self.story = place.make(owner, scenario="friday-library")
        owner.start(self.story)
        place.ahead(self.story, 120_000)
        self.practice = owner.post("/practise", data={"scenario": "no-photos", "role": "communications"})

    def _busy(self) -> Drill:
        drill = gathered(self.place, self.owner)
        drill.ben.does(drill.id, "/log Looking at the browser's console", "/ask does anybody hear the ocean?")
        drill.ana.does(drill.id, "/restate 1 repair requests", "/update We look", "/delegate ben read the log")
        drill.ben.does(drill.id, "/do watch a browser", "/step deployment/roll-back 1")
        self.place.ahead(drill.id, 200_000)
        drill.chloe.does(drill.id, "Who talks to dispatch?", f"/publish {WORDS} next 10m", "/draft We know more now.")
        self.owner.does(drill.id, "/note They are calm", "/hint ben Read the browser's console word by word")
        return drill

    def _talk(self, screen: str) -> Drill:
        drill = talking(self.place, self.owner)
        drill.ben.does(drill.id, "/action owner=ben due=2030-01-31 what=Send a photo once a minute")
        for each in SCREENS[1 : SCREENS.index(screen) + 1]:
            assert self.owner.post(f"/api/drills/{drill.id}/screen", json={"screen": each}).status_code == 200
        return drill


@pytest.fixture(scope="module")
def company(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    assert browser.is_connected()
    with serving(tmp_path_factory.mktemp("company")) as place:
        yield Company(place)


@pytest.fixture(scope="module")
def server(company: Company) -> Address:
    """The server of these tests runs in a thread, since what is looked at is made without a browser."""
    return Address(company.place.base, company.place.owner_link)


class Step(NamedTuple):
    """Something that is opened on a page, and looked at by itself."""

    shows: str
    opens: tuple[str, ...]
    """What is pressed, one after the other."""


class Case(NamedTuple):
    """A page as somebody sees it."""

    who: Callable[[Company], Client]
    path: Callable[[Company], str]
    ready: str
    """What stands on the page when it is ready."""
    opens: str = ""
    """What is opened before the page is looked at."""
    steps: tuple[Step, ...] = ()
    status: int = 200


def _owner(at: Company) -> Client:
    return at.owner


def _drill(phase: str) -> Callable[[Company], str]:
    return lambda at: f"/d/{getattr(at, phase).id}"


def _tab(name: str) -> Step:
    """One of the room's tabs; on a phone they are behind the last button of the bar at the bottom."""
    return Step(f"#panel-{name}", ("#bottom [data-view=more]", f"#tab-{name}"))


CASES = {
    "home": Case(_owner, lambda _: "/", "main h1"),
    "home of a player": Case(lambda at: at.busy.ana, lambda _: "/", "main h1"),
    "library": Case(_owner, lambda _: "/library", "#scenarios li"),
    "tokens": Case(_owner, lambda _: "/tokens", "main form"),
    "drills together": Case(_owner, lambda _: "/team", "main h1"),
    "corrective actions": Case(_owner, lambda _: "/actions", "main h1"),
    "calendar": Case(_owner, lambda _: "/calendar", "main h1"),
    "several teams": Case(_owner, lambda _: "/programme", "main h1"),
    "drills that are done": Case(_owner, lambda _: "/done", "main h1"),
    "protocols": Case(_owner, lambda _: "/library/all/protocol", "#things li"),
    "protocol": Case(_owner, lambda _: "/library/protocol/officeluv", ".table"),
    "team": Case(_owner, lambda _: "/library/team/officeluv", ".table"),
    "scenario": Case(_owner, lambda _: "/library/no-photos", "details.spoiler", opens="details.spoiler summary"),
    "sheet": Case(_owner, lambda _: "/sheet", "#sheet"),
    "author": Case(_owner, lambda _: "/author/no-photos", ".plan-frame"),
    "new": Case(_owner, lambda _: "/new?scenario=no-photos", "#teaches li", opens="details.more summary"),
    "join": Case(lambda at: at.waiting, _drill("lobby"), "#names li"),
    "lobby": Case(_owner, _drill("lobby"), "#count:not(:empty)"),
    "lobby of a player": Case(lambda at: at.lobby.ana, _drill("lobby"), "#count:not(:empty)", opens="#warm-begin"),
    "room before anything has come": Case(lambda at: at.begun.ben, _drill("begun"), "#quiet:not([hidden])"),
    "room with the report": Case(lambda at: at.begun.ana, _drill("begun"), "#calls .call"),
    "room of the commander": Case(
        lambda at: at.busy.ana,
        _drill("busy"),
        "#log > li",
        steps=(
            Step("dialog[open]", ("#composer-acts",)),
            Step("dialog[open]", ("[data-key=declare]",)),
            _tab("customers"),
        ),
    ),
    "room of Communications": Case(
        lambda at: at.busy.chloe, _drill("busy"), "#log > li", steps=(_tab("customers"), _tab("inbox"), _tab("signals"))
    ),
    "room of a solutioneer": Case(
        lambda at: at.busy.ben, _drill("busy"), "#log > li", steps=(_tab("work"), _tab("runbooks"), _tab("about"))
    ),
    "room of an observer": Case(lambda at: at.watcher, _drill("busy"), "#log > li"),
    "room with the papers": Case(lambda at: at.papers.ana, _drill("papers"), "#panel-papers:not([hidden])"),
    "run sheet": Case(_owner, lambda at: f"/d/{at.busy.id}/run-sheet", "main h1"),
    "console": Case(
        _owner,
        _drill("busy"),
        "#needs li",
        steps=(Step("dialog[open]", ("#people li button",)), Step("dialog[open]", ("#end",))),
    ),
    "console of an evaluator": Case(lambda at: at.rater, _drill("busy"), "#people li"),
    "the guess": Case(lambda at: at.guess.ana, _drill("guess"), "#screen-guess:not([hidden])"),
    "the guess as the facilitator sees it": Case(_owner, _drill("guess"), "#screen-guess:not([hidden])"),
    "what happened": Case(lambda at: at.reveal.ana, _drill("reveal"), "#moments li"),
    "what it was worth": Case(lambda at: at.score.ana, _drill("score"), ".hero-number", opens="details.own summary"),
    "people": Case(_owner, lambda _: "/people", "#names li", opens="details summary"),
    "somebody": Case(_owner, lambda _: "/people/ana", "#looked"),
    "oneself": Case(lambda at: at.score.ana, lambda _: "/me", "#forget"),
    "who watches says who they are": Case(lambda at: at.nameless, _drill("busy"), "#f-name"),
    "practise": Case(_owner, lambda _: "/practise", "main form"),
    "room of who practises": Case(
        _owner, lambda at: at.practice.headers["location"], "#calls .call, #quiet:not([hidden])"
    ),
    "nobody": Case(lambda at: at.nobody, lambda _: "/", "main h1", status=401),
    "no such page": Case(_owner, lambda _: "/nothing-here", "main h1", status=404),
    "a link that opens nothing": Case(lambda at: at.nobody, lambda _: "/join/nothing", "main h1", status=404),
}


@pytest.mark.parametrize("name", CASES)
def test_page(desk: Seat, company: Company, name: str) -> None:
    case, seat = CASES[name], desk
    seat.comes_in(case.who(company))
    seat.page.set_viewport_size(WIDE)
    answer = seat.page.goto(case.path(company))
    assert answer is not None
    assert answer.status == case.status
    expect(seat.page.locator(case.ready).first).to_be_visible()
    if case.opens:
        seat.page.locator(case.opens).first.click()
    expect(seat.page.locator(".band")).to_contain_text("This is a drill")
    turn = list(CASES).index(name)
    _look(seat.page, turn=turn)
    for step in case.steps:
        for what in step.opens:
            seat.page.locator(what).first.dispatch_event("click")  # it may be out of sight at this size
        _look(seat.page, step.shows, turn=turn)
        seat.page.keyboard.press("Escape")
    wrong = [one for one in seat.wrong if f"status of {case.status} " not in one]
    assert not wrong


def _look(page: Page, scope: str | None = None, turn: int = 0) -> None:
    """At both sizes and in both schemes; a part of a page, in one scheme at each size. `turn` is for every day."""
    light, dark = FULL or turn % 2 == 1, FULL or turn % 2 == 0
    _look_at(page, WIDE, "light", (CONTRAST if scope and dark else ALL_RULES) if light else None, scope)
    if scope is None and FULL:
        _look_at(page, WIDE, "dark", CONTRAST, scope)
    _look_at(page, NARROW, "dark", ALL_RULES if dark else None, scope)


def _look_at(
    page: Page, size: ViewportSize, scheme: Literal["light", "dark"], rules: dict[str, Any] | None, scope: str | None
) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    if scope is not None:
        expect(page.locator(scope)).to_be_visible()
    assert not _cut_off(page), size
    page.evaluate("scrollTo(0, 0)")  # else the header covers what is scrolled behind it
    if rules is None:
        return
    found = Axe().run(page, scope, rules)
    assert not found.response["violations"], f"{scope} {size} {scheme}: {found.generate_report()}"


def _cut_off(page: Page) -> list[str]:
    """What reaches over the right edge, where one has to scroll sideways to see it."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
          .map((each) => each.outerHTML.slice(0, 160))"""
    )
    return found


LONG_UNITS = """() => document.querySelectorAll(".graph-value").forEach((each, place) => {
  each.textContent = ["1,234 per 5 min", "98.7 failed requests per minute from the apps", "4%"][place % 3];
})"""
OVERLAPS = """within => {
  const boxes = [...document.querySelectorAll(within)].filter(each => each.offsetParent).map(each => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return [each.textContent.trim(), range.getBoundingClientRect()];
  });
  return boxes.flatMap(([said, one], place) => boxes.slice(place + 1)
    .filter(([, other]) => one.left < other.right - 1 && other.left < one.right - 1
      && one.top < other.bottom - 1 && other.top < one.bottom - 1)
    .map(([also]) => `${said} on ${also}`));
}"""
"""What stands on something else."""


@pytest.mark.parametrize("who", ["owner", "ana"])
def test_the_bar_with_the_storys_clock_and_signals_with_long_units_fit(
    seats: Seats, company: Company, who: str
) -> None:
    """In the console and in the room: nothing is cut off and nothing stands on anything else."""
    place, drill = company.place, company.story
    client = company.owner if who == "owner" else place.player(company.owner, drill, who)
    page = seats.take(who, client, reduced_motion="reduce", viewport=WIDE).page
    page.goto(f"/d/{drill}")
    expect(page.locator("#story-time")).to_contain_text("Friday 15:4")
    expect(page.locator(".graph-value").first).to_be_visible()
    page.evaluate(LONG_UNITS)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert not _cut_off(page), size
        bar = f"{'.bar' if who == 'owner' else '.status'} > :not(.wordmark)"
        assert page.locator(bar).count() > 3
        for within in (bar, ".graph-head > *"):
            assert page.evaluate(OVERLAPS, within) == [], (size, within)


def test_what_was_understood_of_a_sheet_fits_a_phone_and_a_desk(seats: Seats, company: Company) -> None:
    seat = seats.take("owner", company.owner, reduced_motion="reduce", viewport=WIDE)
    seat.page.goto("/sheet")
    text = f"Time,From,To,Message\n00:05,Ops,ED,{'Nobody knows why. ' * 20}\n00:10,Press,PIO,{'x' * 200}\n"
    sheet: FilePayload = {"name": "injects.csv", "mimeType": "text/csv", "buffer": text.encode()}
    seat.page.locator("#sheet").set_input_files(sheet)
    seat.page.get_by_role("button", name="Look at it").click()
    row = seat.page.get_by_label("Who row 2 goes to")
    expect(row).to_have_value("")
    _look(seat.page)
    row.select_option("channel")
    seat.page.get_by_role("button", name="Look again").click()
    expect(seat.page.get_by_label("Who row 2 goes to").locator("option:checked")).to_have_text("channel")
    expect(seat.page.get_by_label("Who row 3 goes to").locator("option:checked")).to_have_text("communications")
