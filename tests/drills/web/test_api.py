"""What the server answers: every route, and each refusal."""

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from drills.records.actions import retests_of
from drills.records.schema import RetestRow
from drills.web.api_drill import router as api_router
from drills.web.api_hotwash import router as talk_router
from scenarios.placeholders import fill
from simulator.events import IncidentReported
from simulator.log import DrillLog
from tests.drills.server import Browser, Place, block, serving


@pytest.fixture
def owner(place: Place) -> Browser:
    return place.owner()


@pytest.fixture(scope="module")
def lasting(place: Place) -> tuple[str, Browser, Browser]:
    """A drill that has begun, its facilitator and its first responder. Tests that change it say so."""
    owner = place.owner()
    drill = place.make(owner)
    owner.start(drill)
    return drill, owner, place.player(owner, drill, "ana")


def gather(ana: Browser, *others: Browser, drill: str) -> None:
    """The team is called and comes in."""
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander")
    for other in others:
        other.does(drill, "/ack", "/join")


def kinds(answer: dict[str, Any]) -> list[str]:
    return [event["kind"] for event in answer["events"]]


# -- acts --------------------------------------------------------------------------------------------------------------


def test_an_act_is_answered_with_what_it_became(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    answer = ana.say(drill, "/sev 1", "first").json()
    (event,) = answer["events"]
    assert event | {"at": 0, "wall": ""} == {
        "kind": "SeverityDeclared", "seq": answer["seq"], "at": 0, "wall": "", "actor": "ana", "act": "first",
        "severity": 1,
    }  # fmt: skip
    again = ana.act(drill, {"do": "alert", "severity": 1, "topic": "photos"}).json()
    assert kinds(again) == ["TeamAlerted"]
    assert again["seq"] == answer["seq"] + 1
    assert kinds(ana.say(drill, "/join").json()) == ["Joined"]
    assert kinds(ana.say(drill, "hello\nthere").json()) == ["MessagePosted"]


def test_an_act_is_applied_once_however_often_it_is_sent(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    first = ana.say(drill, "/sev 1", "same")
    assert kinds(first.json()) == ["SeverityDeclared"]
    for _ in range(5):
        again = ana.say(drill, "/sev 1", "same")
        assert (again.status_code, kinds(again.json())) == (200, [])
    assert ana.say(drill, "/sev 2", "same").json()["events"] == [], "whatever it says: that id is used"
    ana.does(drill, "/alert 1 photos")
    assert kinds(ben.say(drill, "/ack", "same").json()) == ["Acknowledged"], "another's id is another's"
    assert sum(event.act == "same" for event in place.live(drill).events) == 2


def test_a_hundred_at_once_are_one(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    from simulator import acts as do

    async def at_once() -> list[int]:
        live = place.live(drill)
        act = do.DeclareSeverity(who="ana", id="once", severity=1)
        return [len(events) for events in await asyncio.gather(*(live.act(act) for _ in range(100)))]

    assert sum(place.run(at_once())) == 1
    assert ana.say(drill, "/sev 1", "once").json()["events"] == []


def test_an_act_stays_applied_across_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        owner = place.owner()
        drill = place.make(owner)
        owner.start(drill)
        ana = place.player(owner, drill, "ana")
        ana.does(drill, "/ack")
        assert kinds(ana.say(drill, "/sev 1", "kept").json()) == ["SeverityDeclared"]
        cookies, before, link = (ana.cookie, owner.cookie), ana.data(drill, "/events")["events"], place.owner_link
    with serving(tmp_path) as place:
        ana, owner = place.browser(), place.browser()
        for browser, cookie in zip((ana, owner), cookies, strict=True):
            browser.cookies.set("drillroom", cookie)
        assert place.owner_link.rpartition("/")[2] == link.rpartition("/")[2]
        assert ana.say(drill, "/sev 1", "kept").json()["events"] == []
        after = ana.data(drill, "/events")["events"]
        assert after[: len(before)] == before
        assert {"DrillPaused", "DrillResumed"} <= {event["kind"] for event in after[len(before) :]}
        assert owner.say(drill, "/note still here").status_code == 200


REFUSED: list[tuple[dict[str, Any], str | None]] = [
    ({"say": "/nonsense"}, "there is no /nonsense; plain text is a message"),
    ({"say": "/role nonsense"}, "join #SitRep first (/join)"),
    ({"say": "/sev 7"}, "there is no severity 7; it is one of 1 (Critical), 2 (Moderate), 3 (Low), 0 (False alarm)"),
    ({"say": "hello"}, "join #SitRep first (/join)"),
    ({"say": "/email"}, "the incident is still open; declare it resolved first (/resolve)"),
    ({}, "send either `say` or `act`"),
    ({"say": "/ack", "act": {"do": "acknowledge"}}, "send either `say` or `act`"),
    ({"act": {}}, "that is not an act: Object missing required field `do`"),
    ({"act": {"do": "dance"}}, "that is not an act: Invalid value … - at `$.do`"),
    ({"act": {"do": 3}}, "that is not an act: Expected `str`, got `int` - at `$.do`"),
    ({"act": {"do": "declare_severity"}}, "that is not an act: Object missing required field `severity`"),
    ({"act": {"do": "declare_severity", "severity": "1"}},
     "that is not an act: Expected `int`, got `str` - at `$.severity`"),
    ({"act": {"do": "declare_severity", "severity": 10**30}}, "that number is too large"),
    ({"act": {"do": "publish", "text": "x", "next_in": 10**15}}, "that number is too large"),
    ({"act": {"do": "acknowledge", "secret": 1}}, "that is not an act: Object contains unknown field `secret`"),
    ({"act": {"do": "say", "text": "x" * 9_000}}, "join #SitRep first (/join)"),
    ({"act": {"do": "start_action", "action": "watch-a-brow"}}, None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "why"), REFUSED, ids=[json.dumps(body)[:40] for body, _ in REFUSED])
def test_what_is_refused_says_why(
    lasting: tuple[str, Browser, Browser], place: Place, body: dict[str, Any], why: str | None
) -> None:
    drill, _, ana = lasting
    before = place.live(drill).told
    answer = ana.post(f"/api/drills/{drill}/acts", json={"id": "refused", **body})
    assert answer.status_code == 409
    said = answer.json()
    assert set(said) == {"refused"}
    assert why is None or said["refused"].replace("\u2019", "'") == why
    assert "watch-a-browser" not in said["refused"], "what can be done is not told in an assessed drill"
    assert place.live(drill).told == before


def test_a_body_is_as_it_is_described(lasting: tuple[str, Browser, Browser]) -> None:
    drill, _, ana = lasting
    for body in (
        {"say": "/ack"},
        {"id": "", "say": "/ack"},
        {"id": "x" * 101, "say": "/ack"},
        {"id": "ü", "say": "/ack"},
        {"id": "1\n", "say": "/ack"},
        {"id": 1, "say": "/ack"},
        {"id": "1", "say": 3},
        {"id": "1", "say": "x" * 8_001},
        {"id": "1", "act": "acknowledge"},
        {"id": "1", "say": "/ack", "more": 1},
    ):
        answer = ana.post(f"/api/drills/{drill}/acts", json=body)
        assert answer.status_code == 422, body
        assert set(answer.json()) == {"error"}
        assert answer.json()["error"].isprintable()


def test_before_the_start_nothing_happens(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    assert ana.say(drill, "/ack").status_code == 409
    assert ana.say(drill, "/ack").json() == {"refused": "the drill has not begun"}
    for path in ("", "/events", "/duties", "/coach", "/wash"):
        answer = ana.get(f"/api/drills/{drill}{path}")
        assert (answer.status_code, answer.json()) == (409, {"error": "the drill has not begun"})
    for path, body in (("/advice", {"text": "x"}), ("/wash", {}), ("/screen", {"screen": "score"})):
        assert ana.post(f"/api/drills/{drill}{path}", json=body).status_code == 409
    assert ana.get(f"/d/{drill}/report").status_code == 409


def test_the_start_happens_once(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    rooms = place.server.rooms

    async def twice() -> None:
        await asyncio.gather(*(rooms.start(rooms[drill]) for _ in range(3)))

    place.run(twice())
    owner.start(drill)
    assert [type(event).__name__ for event in place.live(drill).events].count("DrillStarted") == 1


# -- reading -----------------------------------------------------------------------------------------------------------


def test_the_drills_that_one_is_in(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    (mine,) = ana.get("/api/drills").json()["drills"]
    known = {"id": drill, "state": "lobby", "phase": "lobby", "kind": "drill", "score": None}
    assert mine | {"made": ""} == known | {"made": "", "title": None}, "which scenario it is would be told too early"
    assert owner.get("/api/drills").json()["drills"][0]["title"] == "Customers cannot report repairs"
    owner.start(drill)
    assert ana.get("/api/drills").json()["drills"][0]["phase"] == "respond"
    assert owner.get("/api/drills").json()["drills"][0]["id"] == drill, "the newest first"


def test_a_drills_page_and_its_data_are_the_same(lasting: tuple[str, Browser, Browser]) -> None:
    drill, owner, ana = lasting
    for browser in (owner, ana):
        shown = block(browser.get(f"/d/{drill}").text, "drill-data")
        told = browser.data(drill)
        assert shown["static"] == told["static"]
        assert set(told) == {"static", "clock", "phase", "signals", "events", "seq"}
        assert told["events"] == browser.data(drill, "/events")["events"]
        assert told["clock"]["running"] is True
        assert told["clock"]["pace"] == 1.0
        assert told["static"]["company"] == "OfficeLuv"
        assert set(told["signals"]) >= {"requests", "failed_photos"}
        assert all(
            isinstance(point, list) and len(point) == 2 for course in told["signals"].values() for point in course
        )
    assert ana.data(drill)["static"]["title"] is None
    assert owner.data(drill)["static"]["title"] == "Customers cannot report repairs"


def test_events_come_by_the_page(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    gather(ana, drill=drill)
    everything = ana.data(drill, "/events?after=-1")
    assert everything["seq"] == max(event["seq"] for event in everything["events"])
    places = [event["seq"] for event in everything["events"]]
    assert places == sorted(places)
    for after in places:
        rest = ana.data(drill, f"/events?after={after}")
        assert [event["seq"] for event in rest["events"]] == [seq for seq in places if seq > after]
        assert rest["seq"] == everything["seq"]
    assert ana.data(drill, "/events?after=99999")["events"] == []
    for wrong in ("-2", "x", "", "1e9", "9" * 30):
        assert ana.get(f"/api/drills/{drill}/events?after={wrong}").status_code == 422
    assert len(owner.data(drill, "/events")["events"]) == everything["seq"] + 1


def test_what_one_learns_of_late_is_there_when_one_may_see_it(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    ana.does(drill, "/ack", "/sev 1")
    assert {event["kind"] for event in ben.data(drill, "/events")["events"]} == {"DrillStarted"}
    ana.does(drill, "/alert 1 photos")
    assert {"SeverityDeclared", "TeamAlerted"} <= {event["kind"] for event in ben.data(drill, "/events")["events"]}


def test_where_time_jumps_the_stream_says_what_the_signals_showed_between(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    gather(ana, ben, drill=drill)

    def shown(browser: Browser) -> list[dict[str, Any]]:
        """The first readings that come, up to those of now."""
        with browser.stream("GET", f"/api/drills/{drill}/stream?after=100000", timeout=15) as stream:
            lines = stream.iter_lines()
            next(line for line in lines if line == "event: signals")
            found = [json.loads(next(lines).removeprefix("data: "))]
            place.ahead(drill, 60_000)
            ana.does(drill, "/log a minute later")
            while found[-1]["at"] < found[0]["at"] + 60_000:
                next(line for line in lines if line == "event: signals")
                found.append(json.loads(next(lines).removeprefix("data: ")))
        return found

    commands, listens = shown(ana), shown(ben)
    for told in (commands, listens):
        steps = [later["at"] - earlier["at"] for earlier, later in pairwise(told)]
        assert len(steps) >= 4
        assert max(steps) <= 16_000, "four times a minute, also of the minute that was skipped"
    course = ana.data(drill)["signals"]
    assert all("customers_waiting" in reading["readings"] for reading in commands)
    assert all("customers_waiting" not in reading["readings"] for reading in listens)
    assert set(commands[-1]["readings"]) == set(course)


def test_the_stream_says_what_time_it_is_when_that_changes(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")

    def clocks(said: str) -> dict[str, Any]:
        """What the stream says of the clock next, when something is typed."""
        owner.does(drill, said)
        for line in lines:
            if line == "event: clock":
                found: dict[str, Any] = json.loads(next(lines).removeprefix("data: "))
                return found
        raise AssertionError

    with ana.stream("GET", f"/api/drills/{drill}/stream", timeout=15) as stream:
        lines = stream.iter_lines()
        assert next(line for line in lines if line == "event: clock")
        assert json.loads(next(lines).removeprefix("data: "))["running"] is True
        assert clocks("/pause")["running"] is False
        assert clocks("/resume")["running"] is True
        before = place.live(drill).at
        assert clocks("/skip")["at"] > before + 1_000


def test_health(place: Place) -> None:
    answer = place.browser().get("/health")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert answer.json()["fault"] is None
    assert answer.json()["running"] == len(place.server.rooms.running)


def test_a_server_that_drains_or_cannot_write_says_so(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        owner = place.owner()
        drill = place.make(owner)
        owner.start(drill)
        place.live(drill).fault = "the disk is full"
        answer = owner.get("/health")
        assert (answer.status_code, answer.json()) == (
            503,
            {"ok": False, "running": 1, "holds": [drill], "fault": "the disk is full"},
        )
        assert owner.data(drill)["clock"]["fault"] == "the disk is full"
        act = owner.say(drill, "/note x")
        assert (act.status_code, act.json()) == (503, {"error": "the disk is full"})
        place.live(drill).fault = None
        place.server.draining = True
        assert owner.get("/health").status_code == 503


# -- help --------------------------------------------------------------------------------------------------------------


def test_duties_are_for_those_who_run_it_and_for_training(place: Place, owner: Browser) -> None:
    drill = place.make(owner, scenario="slow-report", mode="training")
    owner.start(drill)
    ana, watcher = place.player(owner, drill, "ana"), place.watcher(owner, drill, "observer")
    truth = {duty["id"]: duty for duty in owner.data(drill, "/duties")["duties"]}
    assert "bug_filed" in truth, "it is a severity 3, and staff know"
    assert truth["severity_declared"]["state"] == "open"
    assert truth["severity_declared"]["owner_title"] == "First responder"
    assert [duty["id"] for duty in ana.data(drill, "/duties")["duties"]] == ["severity_declared"]
    ana.does(drill, "/ack", "/sev 1")
    told = {duty["id"]: duty for duty in ana.data(drill, "/duties")["duties"]}
    assert "bug_filed" not in told
    assert "team_alerted" in told, "players see what the severity asks for that they declared"
    assert told["severity_declared"]["state"] == "done"
    assert watcher.get(f"/api/drills/{drill}/duties").status_code == 403
    place.ahead(drill, 8 * 60_000)
    owner.say(drill, "/note time goes by")
    late = {duty["id"]: duty["state"] for duty in owner.data(drill, "/duties")["duties"]}
    assert late["bug_filed"] == "overdue"


def test_the_coach_is_for_training(place: Place, owner: Browser, lasting: tuple[str, Browser, Browser]) -> None:
    assessed, facilitator, first = lasting
    assert first.get(f"/api/drills/{assessed}/coach").status_code == 403
    assert first.get(f"/api/drills/{assessed}/duties").status_code == 403
    assert facilitator.get(f"/api/drills/{assessed}/coach").status_code == 403
    drill = place.make(owner, mode="training")
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    assert ana.data(drill, "/coach")["says"].startswith("The report has reached you")
    assert ben.data(drill, "/coach")["says"].startswith("Nothing has reached you yet")
    ana.does(drill, "/ack")
    assert "/sev" in ana.data(drill, "/coach")["says"]
    ana.does(drill, "/sev 1")
    found = ana.data(drill, "/coach")
    assert "/alert" in found["says"]
    assert "severity 1" in found["because"]
    ana.does(drill, "/alert 1 photos")
    assert "/ack" in ben.data(drill, "/coach")["says"]
    ben.does(drill, "/ack", "/join", "/restate 1 photos")
    assert "/role" in ben.data(drill, "/coach")["says"]


def test_advice_before_a_message_goes_out(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    ask = {"text": "sev-1: the cause is v274, it is fixed", "next_in": None}
    assert ben.post(f"/api/drills/{drill}/advice", json=ask).json() == {"advice": []}, "it has not reached them"
    gather(ana, drill=drill)

    def advised(text: str, next_in: int | None = None) -> set[str]:
        answer = ana.post(f"/api/drills/{drill}/advice", json={"text": text, "next_in": next_in})
        assert answer.status_code == 200
        return {one["id"] for one in answer.json()["advice"]}

    assert advised("Something happened.") >= {"who_affected", "what_they_see", "next_message"}
    good = "Customers cannot send photos of repairs. Please call us meanwhile."
    assert advised(good, 20 * 60_000) == {"not_agreed"} or advised(good, 20 * 60_000) == set()
    assert "internal_name" in advised("Some of you cannot send photos: failed_photos is high", 600_000)
    assert "internal_name" in advised("We have a sev 1, customers cannot log in", 600_000)
    assert "jargon" in advised("Customers see errors since the last deployment", 600_000)
    assert "cause_unknown" in advised("Customers cannot send photos because of the address", 600_000)
    assert "time_unknown" in advised("Customers cannot send photos; back by 14:30")
    assert "not_over" in advised("All customers can send photos again. It is resolved.", 0)
    assert "next_too_late" in advised(good, 3_600_000)
    assert "blame" in advised("Customers cannot send photos; it was human error", 600_000)
    assert "shouting" in advised("CUSTOMERS CANNOT SEND PHOTOS OF REPAIRS", 600_000)
    assert "too_long" in advised("customers wait " * 60, 600_000)
    ana.does(drill, f"/publish {good} next 20m")
    assert "said_before" in advised(good, 600_000)
    assert ana.post(f"/api/drills/{drill}/advice", json={"text": "x", "next_in": -1}).status_code == 422


# -- the lobby ---------------------------------------------------------------------------------------------------------


def test_the_lobby_says_what_one_should_know(place: Place, owner: Browser) -> None:
    drill = place.make(owner, simulated="2", mode="training", voice="call", first_responder="chloe")
    lobby = owner.data(drill, "/lobby")
    assert [person["id"] for person in lobby["people"]] == ["ana", "ben", "chloe", "ada", "bruno"]
    assert [person["simulated"] for person in lobby["people"]] == [False, False, False, True, True]
    assert [person["first_responder"] for person in lobby["people"]] == [False, False, True, False, False]
    assert "Customers report a repair on the web site" in lobby["brief"]
    assert "{" not in lobby["brief"], "names are filled in"
    assert lobby["minutes"] == 15, "the scenario takes no longer"
    assert "after 9 min 30 s at the latest" in lobby["ends_at"]
    assert (lobby["mode"], lobby["voice"], lobby["phase"]) == ("training", "call", "lobby")
    assert [role["id"] for role in lobby["roles"]] == ["incident_commander", "solutioneer", "communications"]
    assert lobby["qr"].startswith("<svg")
    assert [one["member"] for one in lobby["personal"]] == ["ana", "ben", "chloe"]
    assert lobby == owner.data(drill, "/lobby"), "the same links are given again"
    hour = place.make(owner, scenario="login-outage")
    assert owner.data(hour, "/lobby")["minutes"] == 60
    assert owner.data(place.make(owner, scenario="login-outage", minutes="25"), "/lobby")["minutes"] == 25
    assert owner.data(place.make(owner, scenario="random"), "/lobby")["brief"]


def test_five_hundred_links_are_made_at_once(place: Place, owner: Browser) -> None:
    drill = place.make(owner, people="\n".join(f"Person {number}" for number in range(500)))
    lobby = owner.data(drill, "/lobby")
    assert len({one["link"] for one in lobby["personal"]}) == 500


# -- said aloud --------------------------------------------------------------------------------------------------------


def test_what_was_said_aloud_counts_with_one_tap(place: Place, owner: Browser) -> None:
    drill = place.make(owner, voice="call")
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    gather(ana, drill=drill)
    place.ahead(drill, 60_000)
    (heard,) = owner.act(drill, {"do": "heard", "speaker": "ben", "text": "/ack"}).json()["events"]
    assert heard["kind"] == "SpokenReported"
    (counts,) = owner.act(drill, {"do": "confirm", "report": heard["report"]}).json()["events"]
    assert (counts["kind"], counts["actor"]) == ("Acknowledged", "ben")
    assert counts["said"] <= counts["at"]
    assert owner.say(drill, "/heard chloe /sev 2").status_code == 200
    chloe = place.player(owner, drill, "chloe")
    assert kinds(chloe.say(drill, "/confirm").json()) == ["SeverityDeclared"], "the speaker may say so too"
    assert owner.act(drill, {"do": "heard", "speaker": "ben", "text": "/pause"}).status_code == 409


# -- the hot wash ------------------------------------------------------------------------------------------------------


def over(owner: Browser, ana: Browser, drill: str) -> None:
    """The response and the papers are over; the talk begins."""
    gather(ana, drill=drill)
    ana.does(drill, "/publish Customers cannot send photos next 10m", "/resolve")
    owner.does(drill, "/end")


def test_the_talk_goes_screen_by_screen(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    watcher = place.watcher(owner, drill, "observer")
    for path, body in (("/wash", {}), ("/screen", {"screen": "reveal"})):
        assert owner.post(f"/api/drills/{drill}{path}", json=body).status_code in (403, 409)
        assert ana.get(f"/api/drills/{drill}/wash").status_code == 409
    over(owner, ana, drill)
    assert owner.data(drill)["phase"] == "hot_wash"

    empty = {"heard": None, "command": None}
    first = ana.data(drill, "/wash")
    assert first["screen"] == "guess"
    assert (first["guesses"], first["truth"], first["moments"], first["score"]) == ([], empty, [], None)
    assert (first["held"], first["report"], first["folder"], first["mine"]) == ([], None, None, None)
    assert ana.post(f"/api/drills/{drill}/wash", json={"surprise": "the silence", "heard": 90_000}).json() == {
        "kept": True
    }
    assert ben.post(f"/api/drills/{drill}/wash", json={"heard": 30_000, "command": 5_000}).json() == {"kept": True}
    assert owner.post(f"/api/drills/{drill}/wash", json={}).status_code == 403, "only people who played can guess"
    assert watcher.post(f"/api/drills/{drill}/wash", json={}).status_code == 403
    mine = ana.data(drill, "/wash")
    assert mine["mine"] == {"surprise": "the silence", "heard": 90_000, "command": None}
    assert mine["written"] == 2
    assert (mine["guesses"], mine["truth"]) == ([], empty)
    assert "the silence" not in json.dumps([ben.data(drill, "/wash"), owner.data(drill, "/wash")])
    ana.post(f"/api/drills/{drill}/wash", json={"surprise": "the silence", "heard": 60_000, "command": 1_000})

    for browser in (ana, ben, watcher, place.watcher(owner, drill, "evaluator")):
        assert browser.post(f"/api/drills/{drill}/screen", json={"screen": "reveal"}).status_code == 403
    mail = next(event.seq for event in place.live(drill).events if isinstance(event, IncidentReported))
    for browser in (ben, watcher):
        assert mail not in {event["seq"] for event in browser.data(drill, "/events")["events"]}
    assert owner.post(f"/api/drills/{drill}/screen", json={"screen": "nowhere"}).status_code == 422
    assert owner.post(f"/api/drills/{drill}/screen", json={"screen": "reveal"}).json() == {"screen": "reveal"}
    shown = ben.data(drill, "/wash")
    assert shown["guesses"] == [{"heard": 30_000, "command": 5_000}, {"heard": 60_000, "command": 1_000}]
    assert shown["truth"]["heard"] is not None
    assert shown["truth"]["command"] is not None
    assert 1 <= len(shown["moments"]) <= 3
    assert (shown["score"], shown["report"], shown["held"]) == (None, None, [])
    for browser in (ben, watcher):
        now = {event["seq"] for event in browser.data(drill, "/events")["events"]}
        assert mail in now, "what reached others is everybody's to read"
    for path in ("report", "folder.zip"):
        assert ana.get(f"/d/{drill}/{path}").status_code == 409
    late = ana.post(f"/api/drills/{drill}/wash", json={"heard": shown["truth"]["heard"]})
    assert (late.status_code, late.json()) == (409, {"error": "the answer has already been shown"})
    # Back on the first screen it is hidden again, and nobody can guess who has seen it.
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "guess"})
    assert ben.data(drill, "/wash")["truth"] == empty
    assert ana.post(f"/api/drills/{drill}/wash", json={"heard": 1}).status_code == 409

    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    last = ana.data(drill, "/wash")
    assert last["score"]["provisional"] is True
    assert [part["title"] for part in last["score"]["parts"]][:2] == ["Response time", "Role coverage"]
    assert last["score"]["mine"] is not None
    assert owner.data(drill, "/wash")["score"]["mine"] is None
    assert "ana" not in json.dumps(last["score"]["ledger"]), "points carry roles, not names"
    assert last["report"] == f"/d/{drill}/report"


def test_the_report_is_everybodys_with_the_score_and_the_folder_the_owners(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    over(owner, ana, drill)
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    report = ana.get(f"/d/{drill}/report")
    assert report.status_code == 200
    assert "Ana Ruiz" in report.text
    for browser in (ana, *(place.watcher(owner, drill, role) for role in ("observer", "facilitator"))):
        assert browser.get(f"/d/{drill}/folder.zip").status_code == 403
        assert browser.data(drill, "/wash")["folder"] is None
    assert owner.data(drill, "/wash")["folder"] == f"/d/{drill}/folder.zip"
    answer = owner.get(f"/d/{drill}/folder.zip")
    assert answer.headers["content-disposition"] == f'attachment; filename="DRILL-{drill}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        names = set(folder.namelist())
        log = DrillLog.read(folder.read(f"{drill}/log.jsonl"))
        card = json.loads(folder.read(f"{drill}/scorecard.json"))
    assert {
        f"{drill}/{name}"
        for name in ("log.jsonl", "texts.json", "people.json", "scorecard.json", "report.html", "events.csv")
    } <= names
    assert all(name.startswith(f"{drill}/") and ".." not in name for name in names)
    assert card["people"] is None
    assert card["score"] == ana.data(drill, "/wash")["score"]["score"]
    assert len(log.events) == place.live(drill).told


def test_many_who_ask_are_answered_by_one_reading(
    place: Place, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from drills.guidance import hotwash

    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    over(owner, ana, drill)
    readings: list[DrillLog] = []
    read = hotwash.read

    def counted(log: DrillLog) -> hotwash.Reading:
        readings.append(log)
        return read(log)

    monkeypatch.setattr("drills.guidance.hotwash.read", counted)
    for browser in (ana, owner, ana, owner):
        browser.data(drill, "/wash")
    assert len(readings) == 1
    ana.does(drill, "/action owner=ben due=2026-12-24 what=Name a commander in the alert")
    assert ana.data(drill, "/wash")["actions"] == [
        {"text": "Name a commander in the alert", "owner": "ben", "due_on": "2026-12-24"}
    ]
    assert len(readings) == 2


# -- it held -----------------------------------------------------------------------------------------------------------


def test_it_held(place: Place, owner: Browser) -> None:
    earlier = place.make(owner)
    owner.start(earlier)
    ana = place.player(owner, earlier, "ana")
    ana.does(earlier, "/ack", "/sev 1", "/alert 1 photos", "/join")
    place.ahead(earlier, 4 * 60_000)
    ana.does(earlier, "/role incident commander", "/resolve")
    owner.does(earlier, "/end", "/end")
    text = "The alert names who is to command"
    owner.does(earlier, f"/action owner=ben due=2026-12-24 what={text}", "/action what=Test it with customers")
    home = owner.get("/").text
    assert text in home
    assert "due 2026-12-24" in home
    owner.post(f"/api/drills/{earlier}/screen", json={"screen": "score"})

    seq = next(event.seq for event in place.live(earlier).events if getattr(event, "text", "") == text)
    key = f"{earlier}.{seq}"
    said = []
    for retest in ({"retest": key}, {}):
        assert f'name="retest" value="{key}"' in owner.get("/new").text
        later = place.make(owner, **retest)
        rows = place.server.store.read(partial(retests_of, drill=later)).result()
        assert rows == ([RetestRow(later, earlier, seq)] if retest else [])
        owner.start(later)
        ana = place.player(owner, later, "ana")
        over(owner, ana, later)
        owner.post(f"/api/drills/{later}/screen", json={"screen": "reveal"})
        assert ana.data(later, "/wash")["held"] == []
        owner.post(f"/api/drills/{later}/screen", json={"screen": "score"})
        (held,) = ana.data(later, "/wash")["held"]
        assert (held["text"], held["measured_by"]) == (text, "Incident Commander in place")
        assert held["then"].endswith("late")
        assert held["now"].endswith("met")
        said.append((held["held"], held["says"].partition(" A team")[0]))
        owner.does(later, "/end")
        home = owner.get("/").text
        assert "Test it with customers" in home
        assert (text in home) is not held["held"], "what has held is open no more"
    assert said == [
        (False, "met once; it has held once 2 retests running meet it"),
        (True, "held: met in 2 retests running."),
    ]


def test_what_did_not_meet_its_target_has_not_held(place: Place, owner: Browser) -> None:
    earlier = place.make(owner)
    owner.start(earlier)
    ana = place.player(owner, earlier, "ana")
    over(owner, ana, earlier)
    owner.does(earlier, "/action what=Somebody commands sooner")
    seq = place.live(earlier).told - 1
    later = place.make(owner, **{"retest": f"{earlier}.{seq}", f"shows-{earlier}.{seq}": "impact_ended"})
    owner.start(later)
    ana = place.player(owner, later, "ana")
    over(owner, ana, later)
    owner.post(f"/api/drills/{later}/screen", json={"screen": "score"})
    (held,) = (one for one in ana.data(later, "/wash")["held"] if one["text"] == "Somebody commands sooner")
    assert (held["held"], held["then"], held["now"]) == (False, "missed", "not met")
    owner.does(later, "/end")
    home = owner.get("/").text
    assert "Somebody commands sooner" in home
    assert "not held" in home
    assert place.make(owner, retest="nothing.7"), "what there is not is not tested"


# -- nobody reads ahead ------------------------------------------------------------------------------------------------


class Key:
    """What nobody who plays may read, as far as it has not reached them."""

    def __init__(self, place: Place, drill: str) -> None:
        self._live = place.live(drill)
        scenario, values = self._live.plan.scenario, self._live.state.values
        always = [scenario.solution or "", scenario.impact.who, scenario.impact.how]
        always += [action.shows or "" for action in scenario.actions]
        guide = scenario.guide.model_dump(mode="json") if scenario.guide is not None else {}
        always += [*guide.get("watch", []), *guide.get("mistakes", []), *guide.get("hints", {}).values()]
        self._always = [fill(text, values) for text in always if text]
        self._injects = [fill(inject.text, values) for inject in scenario.injects]
        self._ids = [inject.id for inject in scenario.injects]
        known = fill(scenario.brief, values) + fill(scenario.report.text, values) + fill(scenario.report.sender, values)
        self._drawn = [str(value) for name, value in values.items() if name != "weekday" and str(value) not in known]
        open_book = " ".join(book.model_dump_json() for book in self._live.plan.runbooks)
        named = [name for action in scenario.actions for name in (action.id, fill(action.label, values))]
        self.actions = [name for name in named if name not in open_book]

    def leaks(self, said: str, seen: str, *, actions: bool = False) -> list[str]:
        """What of the key is in an answer. `seen` is what may be in it because it has reached the reader."""
        texts = [*self._always, *self._injects, *self._ids, *(self.actions if actions else [])]
        found = [text for text in texts if self._piece(text) in said and self._piece(text) not in seen]
        found += [value for value in self._drawn if len(value) > 3 and value in said and value not in seen]
        return found

    @staticmethod
    def _piece(text: str) -> str:
        """A piece of a text that is long enough to be its own, as JSON and HTML write it."""
        line = max(text.splitlines(), key=len)
        plain = max(line.replace("&", '"').replace("<", '"').replace(">", '"').replace("'", '"').split('"'), key=len)
        return plain.strip()[:60]


PHASES = ("begun", "reached", "working", "papers", "guess", "reveal")


@pytest.mark.parametrize("mode", ["assessed", "training"])
def test_nothing_that_a_player_is_sent_holds_the_answer_key(place: Place, owner: Browser, mode: str) -> None:
    drill = place.make(owner, mode=mode)
    browsers = {who: place.player(owner, drill, who) for who in ("ana", "ben", "chloe")}
    browsers["observer"] = place.watcher(owner, drill, "observer")
    lobby = [
        (who, browser.get(path).text)
        for who, browser in browsers.items()
        for path in (f"/d/{drill}", f"/api/drills/{drill}/lobby")
    ]
    owner.start(drill)
    ana, ben, chloe = (browsers[who] for who in ("ana", "ben", "chloe"))
    key = Key(place, drill)
    assert [found for _, said in lobby if (found := key.leaks(said, "", actions=True))] == []
    sees_actions = mode == "training"

    def step(phase: str) -> None:
        """Go on to a phase."""
        if phase == "reached":
            gather(ana, ben, chloe, drill=drill)
        elif phase == "working":
            chloe.does(drill, "/role communications", "/publish Customers cannot send photos next 10m")
            ben.does(drill, "/role solutioneer", "/ask is the storage slow?")
            place.ahead(drill, 3 * 60_000)
            ana.does(drill, "/log three minutes have gone by")
        elif phase == "papers":
            ana.does(drill, "/resolve")
        elif phase == "guess":
            owner.does(drill, "/end")
        elif phase == "reveal":
            owner.post(f"/api/drills/{drill}/screen", json={"screen": "reveal"})

    for phase in PHASES:
        step(phase)
        place.server.changes._buckets.clear()
        for who, browser in browsers.items():
            reached = json.dumps(browser.data(drill, "/events"), ensure_ascii=False)
            assert '"values"' not in reached
            for where, said in everything(browser, drill):
                found = key.leaks(said, reached, actions=not sees_actions and phase in PHASES[:3])
                assert found == [], (phase, who, where, found)
    assert key.leaks(owner.get(f"/d/{drill}").text, ""), (
        "the facilitator reads all of it: the search finds what is there"
    )


def routes() -> list[tuple[str, str]]:
    """Every route of the API: method and path."""
    found = [route for router in (api_router, talk_router) for route in router.routes if isinstance(route, APIRoute)]
    return [(method, route.path) for route in found for method in route.methods or ()]


def everything(browser: Browser, drill: str) -> Iterator[tuple[str, str]]:
    """Every answer that the server has for somebody, about a drill."""
    bodies: dict[str, list[dict[str, Any]]] = {
        "/acts": [
            *({"id": "x", "act": {"do": "start_action", "action": name}} for name in ("watch", "x", "read-storage")),
            {"id": "x", "act": {"do": "hold", "inject": "first"}},
            {"id": "x", "act": {"do": "inject", "inject": "first"}},
            {"id": "x", "say": "/step deployment/x 1"},
            {"id": "x", "say": "/role nobody"},
            {"id": "x", "say": "/nonsense"},
        ],
        "/advice": [{"text": "It is fixed because of v281 and 14:30", "next_in": 0}],
        "/admit": [{"member": "chloe"}],
        "/start": [{}],
        "/revoke": [{"member": "x"}],
        "/screen": [{"screen": "score"}],
        "/wash": [{"surprise": "x" * 9_000}],
    }
    for method, path in routes():
        address = path.replace("{drill}", drill)
        if method == "GET":
            yield address, browser.get(address).text
        else:
            for body in bodies[path.rpartition("{drill}")[2]]:
                answer = browser.post(address, json=body)
                assert answer.status_code >= 400 or path.endswith("/advice"), (address, body, answer.text)
                yield address, answer.text
    for address in (
        f"/d/{drill}",
        "/",
        "/library",
        "/library/no-photos",
        f"/d/{drill}/report",
        f"/d/{drill}/folder.zip",
    ):
        yield address, browser.get(address).text
    with browser.stream("GET", f"/api/drills/{drill}/stream?after=-1") as stream:
        said = ""
        for line in stream.iter_lines():
            said += line
            if "event: clock" in line or '"here"' in line:
                break
        yield "stream", said


def test_the_search_knows_every_route() -> None:
    """Add a route here, with what is asked of it."""
    assert {path.rpartition("{drill}")[2] for method, path in routes() if method == "POST"} == {
        "/acts", "/advice", "/admit", "/start", "/revoke", "/wash", "/screen"
    }  # fmt: skip


# -- closed drills -----------------------------------------------------------------------------------------------------


def test_a_drill_that_is_closed_is_still_there(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        owner = place.owner()
        drill = place.make(owner)
        owner.start(drill)
        ana = place.player(owner, drill, "ana")
        over(owner, ana, drill)
        owner.does(drill, "/action what=Watch the storage owner=ana")
        owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
        owner.does(drill, "/end", "/follow-up-done")
        assert owner.data(drill)["phase"] == "closed"
        cookies = (ana.cookie, owner.cookie)
        assert "of 100" in owner.get("/").text
        link = place.owner_link
    with serving(tmp_path) as place:
        ana, owner = place.browser(), place.browser()
        for browser, cookie in zip((ana, owner), cookies, strict=True):
            browser.cookies.set("drillroom", cookie)
        assert link.rpartition("/")[2] in place.owner_link
        place.until(lambda: "of 100" in owner.get("/").text)
        assert "Watch the storage" in owner.get("/").text
        assert drill in owner.get("/done").text
        assert ana.data(drill, "/wash")["score"]["provisional"] is False
        assert ana.say(drill, "/action what=Too late").status_code == 409
        assert ana.get(f"/d/{drill}").status_code == 200
        assert ana.get("/library").text.count("Ana Ruiz") == 1, "who has played it"
