"""What a browser does when the network fails, the server dies, somebody types something odd, or has no mouse."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from drills.web.sessions import COOKIE
from scenarios.template import new_workspace
from tests.drills.server import Browser as Client
from tests.drills.server import Place, serving
from tests.e2e.prepared import Drill, begun, talking
from tests.e2e.seats import Address, Seat, Seats, Serving, entries
from tests.support.extent import FULL

SCRIPT = "<script>window.harmed = 1</script>"
IMAGE = "<img src=x onerror='window.harmed = 1'>"
TURNED = "\u202etxt.exe\u202c"
HOSTILE = [
    SCRIPT,
    IMAGE,
    "javascript:window.harmed=1",
    "[a](javascript:window.harmed=1)",
    "</script><b>bold</b>",
    TURNED,
]
TABS = 12 if FULL else 7
"""More than the connections that a browser opens to one server, which are six."""


@pytest.fixture(scope="module")
def server(place: Place) -> Address:
    return Address(place.base, place.owner_link)


# -- the network, and the server ---------------------------------------------------------------------------------------


def test_who_was_offline_misses_nothing_and_doubles_nothing(seats: Seats, drill: Drill) -> None:
    """And comes back by another network, as a telephone does that leaves the house."""
    ana = seats.at("Ana", drill.path, drill.ana)
    ben = seats.at("Ben", drill.path, drill.ben)
    ana.say("before")
    expect(entries(ben.page, "before")).to_have_count(1)

    ben.context.set_offline(True)
    ben.line.cut()
    expect(ben.page.locator("#status-net")).to_contain_text("Reconnecting")
    for number in range(3):
        ana.say(f"meanwhile {number}")
    expect(entries(ana.page, "meanwhile")).to_have_count(3)
    ben.say("written without a network")
    expect(ben.page.get_by_text("It is sent again")).to_be_visible()
    expect(entries(ben.page, "meanwhile")).to_have_count(0)

    ben.line.repair("127.0.0.77")
    ben.context.set_offline(False)
    expect(entries(ben.page, "meanwhile")).to_have_count(3)
    expect(ben.page.locator("#status-net")).to_be_hidden()
    for seat in (ana, ben):
        expect(entries(seat.page, "written without a network")).to_have_count(1)
    ana.say("afterwards")
    expect(entries(ben.page, "afterwards")).to_have_count(1)
    assert _told(ben) == _told(ana)


def _told(seat: Seat) -> list[str]:
    """What the channel says on somebody's page, in its order."""
    return seat.page.locator("#log > li[data-kind=MessagePosted] .entry-text").all_inner_texts()


def test_who_slept_or_looked_at_another_page_finds_all_once(seats: Seats, drill: Drill) -> None:
    """The browser freezes a page that nobody looks at, and may keep one that was left."""
    ana = seats.at("Ana", drill.path, drill.ana)
    ben = seats.at("Ben", drill.path, drill.ben)
    expect(ben.page.locator("#log > li").first).to_be_visible()
    life = ben.context.new_cdp_session(ben.page)
    life.send("Page.setWebLifecycleState", {"state": "frozen"})
    for number in range(3):
        ana.say(f"meanwhile {number}")
    life.send("Page.setWebLifecycleState", {"state": "active"})
    expect(entries(ben.page, "meanwhile")).to_have_count(3)
    ben.page.goto("/library")
    ana.say("meanwhile 3")
    ben.page.go_back()
    expect(entries(ben.page, "meanwhile")).to_have_count(4)
    assert _told(ben) == _told(ana)


def test_the_log_stays_at_its_end_whatever_is_opened_beside_it(seats: Seats, drill: Drill) -> None:
    ana = seats.at("Ana", drill.path, drill.ana)
    drill.ben.does(drill.id, *(f"/log {'word ' * 20}{number}" for number in range(25)))
    ana.tab("Customers")  # makes the channel narrower
    drill.ben.does(drill.id, "/log the last one")
    expect(entries(ana.page, "the last one")).to_be_in_viewport()
    expect(ana.button("New entries")).to_be_hidden()
    ana.page.locator("#log-scroll").evaluate("log => (log.scrollTop = 0)")
    ana.page.wait_for_function("() => document.getElementById('log-scroll').scrollTop === 0")
    drill.ben.does(drill.id, "/log one more")
    expect(ana.button("New entries")).to_be_visible()


def test_at_the_desk_names_and_the_text_field_are_whole(seats: Seats, drill: Drill) -> None:
    phone = seats.at("A phone", drill.path, drill.chloe, viewport={"width": 360, "height": 740}).page
    phone.locator("#bottom").get_by_role("button", name="More").click()
    phone.get_by_role("tab", name="Customers").click()
    field, composer = (
        phone.get_by_label("What they will read").bounding_box(),
        phone.locator("#composer").bounding_box(),
    )
    assert field is not None
    assert composer is not None
    assert field["y"] + field["height"] <= composer["y"]

    wide = seats.at("A laptop", drill.path, drill.chloe, viewport={"width": 1280, "height": 800})
    wide.tab("Customers")
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    assert wide.page.locator(":is(.person-name, .role-card .truncate)").evaluate_all(cut) == []
    fits = "line => (line.value = line.placeholder, line.scrollWidth <= line.clientWidth)"
    assert wide.page.locator("#composer-text").evaluate(fits)
    expect(wide.page.get_by_role("heading", name="Advice, without points")).to_be_hidden()


def test_the_start_form_says_of_a_scenario_only_what_is_true_of_it(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as fresh:
        seats = Seats(browser, fresh.base, fresh.owner_link)
        try:
            page = seats.named_owner().page
            page.goto("/new")
            expect(page.get_by_text("Chosen for a first drill")).to_be_visible()
            expect(page.get_by_label("25 minutes")).to_be_checked()
            page.get_by_label("Which incident?").select_option("login-outage")
            expect(page.get_by_text("Chosen for a first drill")).to_be_hidden()
            expect(page.get_by_label("60 minutes")).to_be_checked()
        finally:
            seats.leave()


def test_a_name_typed_whole_is_sent_by_one_key_and_a_verb_alone_asks(seats: Seats, place: Place) -> None:
    drill = begun(place, place.owner())
    drill.ana.does(drill.id, "/ack", "/join")
    ana = seats.at("Ana", drill.path, drill.ana)
    for verb, title in (("/alert", "Alert the team"), ("/resolve", "Resolve")):
        ana.say(verb)
        asked = ana.page.get_by_role("dialog", name=title, exact=True)
        expect(asked).to_be_visible()
        ana.press("Cancel", within=asked)
    ana.say("/sev critical")
    ana.reads("Declared severity 1, Critical")
    expect(ana.page.locator("#status-severity")).to_have_text("Severity 1, Critical")
    ana.say("/role Incident Commander")
    ana.reads("is now Incident Commander")
    kinds = [type(event).__name__ for event in place.live(drill.id).events]
    assert not {"TeamAlerted", "IncidentResolved"} & set(kinds)


def test_a_decision_that_was_made_is_shown_after_a_new_role(seats: Seats, place: Place) -> None:
    """A role that somebody takes lets them see more, so the page reads all messages afresh."""
    owner = place.owner()
    drill = place.make(owner, scenario="seen-by-others")
    clients = [place.player(owner, drill, member) for member in ("ana", "ben")]
    owner.start(drill)
    clients[0].does(drill, "/ack", "/sev 1", "/alert 1 exports", "/join", "/role incident commander")
    clients[1].does(drill, "/ack", "/join", "/role solutioneer")
    place.ahead(drill, 12 * 60_000)
    ben = seats.at("Ben", f"/d/{drill}", clients[1])
    inbox = ben.tab("Inbox")
    message = inbox.locator(".mail").filter(has_text="Shall the folder with today's exports be emptied?")
    expect(ben.button("No, it stays as it is", within=message)).to_be_visible()
    ben.press("Take Communications")
    expect(ben.button("Release Communications")).to_be_visible()
    ben.press("No, it stays as it is", within=message)
    expect(message).to_contain_text(
        "Ben Okafor decided: No, it stays as it is. Fine. Then somebody should close the links"
    )
    expect(ben.button("Yes, empty it", within=message)).to_be_hidden()


def test_pages_heal_when_the_server_was_killed(browser: Browser, tmp_path: Path) -> None:
    """With an act under way, which is done once; and the log says that drill time was paused."""
    server = Serving(tmp_path / "drills.sqlite")
    seats = Seats(browser, server.base, server.link)
    owner_client = Client(server.base)
    clients: list[Client] = [owner_client]
    try:
        owner_client.open(server.link)
        owner_client.post("/me/name", data={"name": "Olga Sørensen"})
        asked = {"scenario": "no-photos", "people": "Ana Ruiz\nBen Okafor"}
        drill = owner_client.post("/new", data=asked).headers["location"].removeprefix("/d/")
        for one in owner_client.data(drill, "/lobby")["personal"]:
            clients.append(Client(server.base))
            clients[-1].open(one["link"])
        owner_client.start(drill)
        clients[1].does(drill, "/ack", "/sev 1", "/alert 1 repair requests", "/join")
        clients[2].does(drill, "/ack", "/join")
        owner, ana, ben = (
            seats.at(name, f"/d/{drill}", client) for name, client in zip(("Owner", "Ana", "Ben"), clients, strict=True)
        )
        ana.say("before")
        for seat in (owner, ana, ben):
            expect(entries(seat.page, "before")).to_have_count(1)

        server.kill()
        expect(ben.page.locator("#status-net")).to_contain_text("Reconnecting")
        ana.say("while it was down")
        expect(ana.page.get_by_text("It is sent again")).to_be_visible()
        server = Serving(tmp_path / "drills.sqlite", server.port)
        for seat in (owner, ana, ben):
            expect(entries(seat.page, "while it was down")).to_have_count(1)
            expect(entries(seat.page, "before")).to_have_count(1)
        for seat in (ana, ben):
            expect(seat.page.locator("#status-net")).to_be_hidden()
            expect(entries(seat.page, "the server was down")).to_have_count(1)
        ben.say("afterwards")
        for seat in (owner, ana, ben):
            expect(entries(seat.page, "afterwards")).to_have_count(1)
        expect(ana.page.locator("#clock-wall")).to_contain_text("left")  # time runs again
        assert "Traceback" not in server.log
    finally:
        for client in clients:
            client.close()
        seats.leave()
        server.stop()


def test_many_tabs_of_one_browser_hear_by_one_stream(seats: Seats, place: Place, drill: Drill) -> None:
    ana = seats.at("Ana", drill.path, drill.ana)
    ben = seats.take("Ben", drill.ben)
    pages = [ben.page, *(ben.context.new_page() for _ in range(TABS - 1))]
    for page in pages:
        page.goto(drill.path)
        expect(page.locator("#log > li").first).to_be_visible()
    ana.say("do all of you hear me?")
    for page in pages:
        expect(entries(page, "do all of you hear me?")).to_have_count(1)
    assert place.room(drill.id).here["ben"] == 1
    last = pages[-1].get_by_role("combobox", name="Write to the channel")
    last.fill("all of us")
    last.press("Enter")
    for page in (ana.page, *pages):
        expect(entries(page, "all of us")).to_have_count(1)
    for page in pages[:-1]:
        page.close()
    ana.say("and who is left?")
    expect(entries(pages[-1], "and who is left?")).to_have_count(1)


def test_a_facilitator_takes_the_chat_down_and_brings_it_back(seats: Seats, drill: Drill) -> None:
    page = seats.at("Owner", drill.path, drill.owner).page
    page.get_by_text("Take down what the team works with").click()
    chat = page.locator("#tools > li").filter(has_text="The chat")
    chat.get_by_role("button", name="Take it down").click()
    expect(chat).to_contain_text("is down")
    assert "the chat is down" in drill.ana.say(drill.id, "hello").json()["refused"]
    chat.get_by_role("button", name="Bring it back").click()
    expect(chat).to_contain_text("works")
    assert drill.ana.say(drill.id, "hello").status_code == 200


# -- the keyboard ------------------------------------------------------------------------------------------------------


class Keys:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type."""
        self.page.keyboard.type(text)

    def to(self, target: Locator, key: str = "Tab") -> None:
        """Go there from where one is; one must see where one is."""
        expect(target).to_be_visible()
        for _ in range(120):
            if target.evaluate("(element) => element === document.activeElement"):
                assert self.page.evaluate(_SEEN), self.page.evaluate("document.activeElement.outerHTML")
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not reach {target}")

    def push(self, name: str, *, within: Locator | None = None) -> None:
        """Go to a button and press it."""
        self.to((within or self.page).get_by_role("button", name=name, exact=True).first)
        self.press("Enter")


_SEEN = """() => {
  const ring = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  for (let at = document.activeElement, up = 0; at && up < 3; at = at.parentElement, up++) if (ring(at)) return true;
  return false;
}"""


def test_a_player_needs_no_mouse(seats: Seats, place: Place) -> None:
    """From the one link to the guess; and at every step one sees where one is."""
    owner = place.owner()
    drill = place.make(owner, scenario="no-photos", people="Ana Ruiz\nBen Okafor")
    page = seats.at("Ana", owner.data(drill, "/lobby")["link"]).page
    keys = Keys(page)
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    keys.push("Ana Ruiz")
    expect(page.get_by_text("Waiting to be let in")).to_be_visible()
    assert owner.post(f"/api/drills/{drill}/admit", json={"member": "ana"}).status_code == 200
    expect(page.get_by_role("heading", name="You are in, Ana Ruiz")).to_be_visible()
    owner.start(drill)

    keys.push("Acknowledge")
    keys.push("Declare")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    keys.press("Space")
    keys.push("Declare", within=dialog)
    expect(page.locator("#status-severity")).to_have_text("Severity 1, Critical")
    expect(dialog).to_have_count(0)
    keys.push("Alert the team")
    keys.to(dialog.get_by_label("Topic"))
    keys.type("repair requests")
    keys.press("Enter")
    expect(dialog).to_have_count(0)
    keys.push("Come into #SitRep")
    line = page.get_by_role("combobox", name="Write to the channel")
    keys.to(line)
    keys.type("/role inc")
    keys.press("Enter", "Enter")
    expect(page.get_by_role("button", name="Release Incident Commander")).to_be_visible()
    keys.to(page.get_by_label("Write as"), "Shift+Tab")
    keys.press("ArrowDown")
    keys.to(line)
    keys.type("one of two is here")
    keys.press("Enter")
    expect(entries(page, "one of two is here")).to_have_class(re.compile("logged"))

    keys.to(page.get_by_role("tab", name="Signals"))
    keys.press("ArrowRight", "ArrowRight")
    panel = page.get_by_role("tabpanel", name="Customers")
    keys.to(panel.get_by_label("What they will read"))
    keys.type("Some of you cannot send us a repair request just now; please telephone us.")
    keys.push("Publish", within=panel)
    expect(panel.locator(".page-entry:not(.is-draft)")).to_be_visible()
    keys.to(page.get_by_role("tab", name="Customers"), "Shift+Tab")
    keys.press("ArrowRight")
    keys.to(page.get_by_label("Do", exact=True))
    keys.type("watch a browser's console")
    keys.press("Enter")
    expect(page.get_by_text("You are at it:")).to_be_visible()

    keys.push("Stop: something real has happened")
    expect(dialog).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    keys.to(line)
    keys.type("/resolve")
    keys.press("Enter")
    keys.push("Declare it resolved", within=dialog)
    keys.to(page.get_by_label("What was the solution?"))
    keys.type("It went away by itself.")
    keys.push("File the situation report")
    keys.push("Send it to the stakeholders")
    keys.push("Attach it in #SitRep")

    expect(page.get_by_role("heading", name="Before anybody says a number")).to_be_visible()
    for asks in ("When did customers first hear from you?", "When was somebody in command?"):
        keys.to(page.get_by_role("slider", name=asks))
        keys.press("ArrowLeft")
    keys.push("Keep my guess")
    expect(page.get_by_text("Kept. You can still change it")).to_be_visible()


def test_who_closes_a_dialog_is_where_they_were(seats: Seats, place: Place) -> None:
    """Also where what opened it was drawn again meanwhile."""
    drill = begun(place, place.owner())
    page = seats.at("Ana", drill.path, drill.ana).page
    keys = Keys(page)
    keys.push("Declare")
    dialog = page.get_by_role("dialog")
    keys.press("Escape")
    expect(page.get_by_role("button", name="Declare")).to_be_focused()
    keys.press("Enter", "Space")
    keys.push("Declare", within=dialog)
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Change")).to_be_focused()


# -- what everybody may do ---------------------------------------------------------------------------------------------


def test_anybody_stops_the_drill_for_all_and_it_can_go_on(seats: Seats, drill: Drill) -> None:
    owner = seats.at("Owner", drill.path, drill.owner)
    ana = seats.at("Ana", drill.path, drill.ana)
    ben = seats.at("Ben", drill.path, drill.ben)
    dana = seats.at("Dana", drill.path, drill.dana)  # whom nothing has reached
    ben.press("Stop: something real has happened")
    ben.press("Stop the drill", within=ben.page.get_by_role("dialog"))
    for seat in (ana, ben, dana):
        expect(seat.page.locator("#notice")).to_contain_text("Stop: something real has happened")
        expect(seat.page.locator("#clock-wall")).to_have_text("paused")
    card = owner.page.locator("#needs li").filter(has_text="Ben Okafor stopped the drill")
    expect(card).to_be_visible()
    stood = ana.page.locator("#clock").inner_text()
    ana.page.get_by_role("combobox", name="Write to the channel").fill("/log looking after it")
    ana.press("Send")
    expect(ana.page.locator("#composer-says")).not_to_be_empty()
    assert ana.page.locator("#clock").inner_text() == stood
    owner.press("Go on with the drill", within=card)
    for seat in (ana, ben, dana):
        expect(seat.page.locator("#notice")).to_have_count(0)
        expect(seat.page.locator("#clock-wall")).to_contain_text("left")
    expect(ana.page.locator("#clock")).not_to_have_text(stood)


# -- what people type --------------------------------------------------------------------------------------------------


def test_what_people_type_stays_text(seats: Seats, place: Place) -> None:
    """In names and messages, in the room, the console, the talk and the report."""
    owner = place.owner()
    refused = owner.post("/new", data={"scenario": "no-photos", "people": f"Ana {TURNED}"})
    assert refused.status_code == 422
    drill = place.make(owner, scenario="no-photos", people=f"{SCRIPT}\n{IMAGE}")
    links = owner.data(drill, "/lobby")["personal"]
    first, second = (place.entered(one["link"]) for one in links)
    others = links[1]["member"]
    lobby = seats.at("lobby", f"/d/{drill}", owner)
    _is_text(lobby.page, "#people", SCRIPT, IMAGE)
    owner.start(drill)
    expect(lobby.page.locator("#people li").first).to_contain_text(SCRIPT)
    first.does(drill, "/ack", "/sev 1", f"/alert 1 {SCRIPT}", "/join", "/role incident commander")
    second.does(drill, "/ack", "/join", "/role communications")
    for text in HOSTILE:
        first.does(drill, text, f"/log {text}", f"/update {text}", f"/delegate {others} {text}", f"/ask {text}")
        second.does(drill, f"/draft {text}", f"/publish {text} next 10m")
    room = seats.at("room", f"/d/{drill}", second)
    _is_text(room.page, "#log", *HOSTILE, IMAGE)
    room.tab("Customers")
    _is_text(room.page, "#panel-customers", *HOSTILE)
    room.tab("Work")
    _is_text(room.page, "#panel-work", *HOSTILE)
    console = seats.at("console", f"/d/{drill}", owner)
    _is_text(console.page, "#needs", *HOSTILE)
    _is_text(console.page, "#log", *HOSTILE)
    _is_text(console.page, "#people", SCRIPT, IMAGE)

    first.does(drill, f"/resolve {IMAGE}", f"/sitrep solution={SCRIPT} who={IMAGE} how={TURNED}", "/email", "/attach")
    for text in HOSTILE:
        second.does(drill, f"/action owner={others} due=2030-01-31 what={text}")
    for screen in ("reveal", "score"):
        assert owner.post(f"/api/drills/{drill}/screen", json={"screen": screen}).status_code == 200
    expect(room.page.locator(".hero-number")).to_be_visible()
    _is_text(room.page, "#actions", *HOSTILE, IMAGE)
    report = room.page.goto(f"/d/{drill}/report")
    assert report is not None
    _is_text(room.page, "body", SCRIPT, IMAGE)
    for seat in (lobby, room, console):
        assert not seat.wrong  # the content security policy had nothing to refuse either
    assert SCRIPT.encode() not in report.body()
    assert b"<img src=x" not in report.body()


def _is_text(page: Page, place: str, *texts: str) -> None:
    """That texts stand there as they were typed, and are nothing else."""
    found = page.locator(place)
    for text in texts:
        expect(found).to_contain_text(re.sub("[\u202a-\u202e]", "", text) if text == TURNED else text)
    assert page.evaluate("window.harmed") is None
    assert page.locator("img[onerror], a[href^='javascript:'], #log b").count() == 0
    assert page.evaluate(_TURNS) == []


_TURNS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const style = getComputedStyle(text.parentElement);
    if (/[\u202a-\u202e\u2066-\u2069]/.test(text.data) && text.parentElement.tagName !== "SCRIPT"
        && style.display.startsWith("inline") && !/isolate|plaintext/.test(style.unicodeBidi)) found.push(text.data);
  }
  return found;
}"""
"""Texts with signs that turn the writing round, where they could turn what stands beside them."""


# -- motion ------------------------------------------------------------------------------------------------------------


def test_who_wants_no_motion_sees_none(seats: Seats, place: Place) -> None:
    drill = begun(place, place.owner())
    calm = seats.at("Calm", drill.path, drill.ana, reduced_motion="reduce")
    moved = seats.at("Moved", drill.path, drill.ana, reduced_motion="no-preference")
    for seat in (calm, moved):
        expect(seat.page.locator("#calls .call")).to_be_visible()
    assert calm.page.evaluate(_MOVES) == []
    assert moved.page.evaluate(_MOVES) != []

    talk = talking(place, drill.owner)
    pages = [
        seats.at(name, talk.path, talk.ana, reduced_motion=how).page
        for name, how in (("a", "reduce"), ("b", "no-preference"))
    ]
    for page in pages:
        expect(page.locator("#screen-guess")).to_be_visible()
    assert talk.owner.post(f"/api/drills/{talk.id}/screen", json={"screen": "reveal"}).status_code == 200
    expect(pages[1].locator("#screen-reveal.is-waiting")).to_be_visible()
    expect(pages[0].locator("#screen-reveal:not(.is-waiting)")).to_be_visible()
    assert pages[0].locator(".verdict-time").count() == 2
    assert pages[0].evaluate(_MOVES) == []


_MOVES = """() => [...document.querySelectorAll("body, body *")].filter((element) => {
  const style = getComputedStyle(element);
  const long = (times) => times.split(",").some((time) => parseFloat(time) > 0.02);
  return (style.animationName !== "none" && long(style.animationDuration)) || long(style.transitionDuration)
    || style.scrollBehavior === "smooth";
}).map((element) => element.outerHTML.slice(0, 120))"""
"""What moves, or would if it changed."""


def test_a_note_that_was_noted_stays_away_after_a_reload(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in new_workspace().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    story = tmp_path / "scenarios" / "first-drill.yaml"
    notes = "".join(f"  - {{id: note-{say}, at: 30s, to: facilitator, text: {say} it}}\n" for say in ("drop", "keep"))
    story.write_text(story.read_text().replace("\ninjects:\n", f"\ninjects:\n{notes}", 1))
    with serving(tmp_path) as place:
        owner = place.owner()
        drill = place.make(owner, scenario="first-drill")
        owner.start(drill)
        place.ahead(drill, 40_000)
        context = browser.new_context()
        context.add_cookies([{"name": COOKIE, "value": owner.cookie, "url": place.base}])
        page = context.new_page()
        page.goto(f"{place.base}/d/{drill}")
        dropped, kept = (page.locator(".need", has_text=f"{say} it") for say in ("drop", "keep"))
        dropped.get_by_role("button", name="Noted").click()
        expect(dropped).to_have_count(0)
        page.reload()
        expect(kept).to_be_visible()
        expect(dropped).to_have_count(0)
        context.close()
