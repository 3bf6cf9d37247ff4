"""A browser is served even by a server that does not hold its drill."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from drills.records import leases
from drills.web.sessions import COOKIE
from tests.drills.server import Browser, Place

SOON = 20.0


@dataclass
class Drill:
    """A drill that the first server holds, and its people, each with a browser at either server."""

    id: str
    owner: Browser
    owner_there: Browser
    ana: Browser
    ana_there: Browser


def at(place: Place, browser: Browser) -> Browser:
    """The same browser, at another server."""
    made = place.browser()
    made.cookies.set(COOKIE, browser.cookie)
    return made


def made(two: tuple[Place, Place], *, begun: bool = True) -> Drill:
    here, there = two
    owner = here.owner()
    drill = here.make(owner)
    ana = here.player(owner, drill, "ana")
    if begun:
        owner.start(drill)
    return Drill(drill, owner, at(there, owner), ana, at(there, ana))


@pytest.fixture(scope="module")
def drill(two: tuple[Place, Place]) -> Drill:
    """A drill that runs; the tests leave it running."""
    found = made(two)
    found.ana.does(found.id, "/sev 1", "/alert 1 photos", "/join")
    return found


# -- pages, acts and lists ---------------------------------------------------------------------------------------------


def test_only_one_holds_it_and_health_says_which(two: tuple[Place, Place], drill: Drill) -> None:
    here, there = (place.browser().get("/health").json() for place in two)
    assert drill.id in here["holds"]
    assert drill.id not in there["holds"]
    assert (here["ok"], there["ok"], there["running"]) == (True, True, len(there["holds"]))


def test_everything_that_is_asked_of_the_other_is_as_the_holder_says_it(drill: Drill) -> None:
    for path in ("/events", "/lobby", ""):
        here, there = (one.data(drill.id, path) for one in (drill.ana, drill.ana_there))
        for page in (here, there):
            for moving in ("clock", "signals"):
                page.pop(moving, None)
        assert here == there, path
    page = drill.ana_there.get(f"/d/{drill.id}")
    assert page.status_code == 200
    assert "Drill room" in page.text
    assert page.headers["content-security-policy"] == drill.ana.get("/").headers["content-security-policy"]
    assert page.headers.get_list("x-frame-options") == ["DENY"], "no header comes twice"


def test_acts_are_taken_through_the_other_and_once(drill: Drill) -> None:
    first = drill.ana_there.say(drill.id, "Does anybody hear me?", "once")
    assert first.status_code == 200
    assert [event["kind"] for event in first.json()["events"]] == ["MessagePosted"]
    for browser in (drill.ana, drill.ana_there):
        assert browser.say(drill.id, "Does anybody hear me?", "once").json()["events"] == []
    refused = drill.ana_there.act(drill.id, {"do": "pause"})
    assert (refused.status_code, refused.json()) == (403, {"error": "only the people who run the drill can do that"})


def test_a_drill_can_be_led_from_the_other_server(two: tuple[Place, Place]) -> None:
    drill = made(two, begun=False)
    ben = two[1].entered(drill.owner_there.data(drill.id, "/lobby")["link"])
    assert ben.post(f"/d/{drill.id}/name", data={"member": "ben"}).status_code == 303
    assert drill.owner_there.post(f"/api/drills/{drill.id}/admit", json={"member": "ben"}).json() == {"admitted": 1}
    drill.owner_there.start(drill.id)
    assert at(two[0], ben).data(drill.id)["phase"] == "respond"
    two[0].live(drill.id)  # it runs where it was made


def test_the_lists_of_either_server_show_all_drills(two: tuple[Place, Place], drill: Drill) -> None:
    waits, elsewhere = made(two, begun=False), two[1].make(drill.owner_there)
    for browser in (drill.owner, drill.owner_there):
        page = browser.get("/").text
        known = {one["id"]: one for one in browser.get("/api/drills").json()["drills"]}
        for one, phase in ((drill.id, "respond"), (waits.id, "lobby"), (elsewhere, "lobby")):
            assert f"/d/{one}" in page
            assert known[one]["phase"] == phase
    assert drill.ana_there.get("/api/drills").json() == drill.ana.get("/api/drills").json()
    assert [one["id"] for one in drill.ana_there.get("/api/drills").json()["drills"]] == [drill.id]


# -- streams -----------------------------------------------------------------------------------------------------------


@dataclass
class Listening:
    """A stream, read by a thread."""

    events: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def read(self, answer: httpx.Response) -> None:
        waiting = b""
        try:
            for data in answer.iter_raw():
                *frames, waiting = (waiting + data).split(b"\n\n")
                for frame in frames:
                    self._frame(dict(line.split(b": ", 1) for line in frame.split(b"\n") if b": " in line))
        except (httpx.HTTPError, httpx.StreamError):
            pass
        with self.changed:
            self.ended.set()
            self.changed.notify_all()

    def _frame(self, fields: dict[bytes, bytes]) -> None:
        with self.changed:
            if b"id" in fields:
                self.events.append(json.loads(fields[b"data"]))
            elif b"event" in fields:
                self.calls.append(fields[b"event"].decode())
            self.changed.notify_all()

    def until(self, holds: Any) -> None:  # noqa: ANN401 - a test of something
        with self.changed:
            assert self.changed.wait_for(holds, SOON)


@contextmanager
def listening(browser: Browser, drill: str, after: int = -1) -> Iterator[Listening]:
    heard = Listening()
    request = browser.build_request("GET", f"/api/drills/{drill}/stream", headers={"Last-Event-ID": str(after)})
    with closing(browser.send(request, stream=True)) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        reader = threading.Thread(target=heard.read, args=(answer,), daemon=True)
        reader.start()
        yield heard


def test_a_stream_through_the_other_brings_each_event_as_it_happens_and_goes_on_behind_the_last(drill: Drill) -> None:
    with listening(drill.owner_there, drill.id) as heard:
        drill.ana.does(drill.id, "One.", "Two.")
        heard.until(lambda: {"One.", "Two."} <= {event.get("text") for event in heard.events})
        assert {"clock", "people"} <= set(heard.calls)
        last = heard.events[-1]["seq"]
        assert [event["seq"] for event in heard.events] == list(range(last + 1))
    drill.ana_there.does(drill.id, "Three.")
    with listening(drill.owner_there, drill.id, last) as heard:
        heard.until(lambda: "Three." in {event.get("text") for event in heard.events})
        assert heard.events[0]["seq"] == last + 1


def test_whoever_hangs_up_at_the_other_is_gone_at_the_holder(two: tuple[Place, Place], drill: Drill) -> None:
    room = two[0].room(drill.id)
    two[0].until(lambda: room.here["ana"] == 0)
    with listening(drill.ana_there, drill.id) as heard:
        heard.until(lambda: heard.calls)
        two[0].until(lambda: room.here["ana"] == 1)
    drill.ana_there.close()
    two[0].until(lambda: room.here["ana"] == 0)


# -- who may -----------------------------------------------------------------------------------------------------------


def test_a_link_that_is_revoked_at_one_opens_nothing_at_the_other(two: tuple[Place, Place]) -> None:
    drill = made(two)
    with listening(drill.ana, drill.id) as here, listening(drill.ana_there, drill.id) as there:
        answer = drill.owner_there.post(f"/api/drills/{drill.id}/revoke", json={"member": "ana"})
        assert answer.json() == {"revoked": True}
        for heard in (here, there):
            assert heard.ended.wait(SOON)
    for browser in (drill.ana, drill.ana_there):
        assert browser.get(f"/api/drills/{drill.id}").status_code == 401
        assert browser.get("/api/drills").status_code == 401


def test_streams_end_of_a_link_that_another_server_revoked_by_itself(two: tuple[Place, Place]) -> None:
    """The holder is not told: it looks."""
    drill = made(two)
    with listening(drill.ana, drill.id) as heard, listening(drill.owner, drill.id) as owner:
        heard.until(lambda: heard.calls)
        two[1].run(two[1].server.access.revoke(drill.id, "ana"))
        assert heard.ended.wait(SOON)
        assert not owner.ended.is_set(), "nobody else's"


def test_a_browser_says_where_it_comes_from_at_the_server_that_it_came_to(
    two: tuple[Place, Place], drill: Drill
) -> None:
    body = {"id": "from-a-page", "say": "/note From a page."}
    address = f"/api/drills/{drill.id}/acts"
    page = httpx.Client(base_url=two[1].base, cookies={COOKIE: drill.owner.cookie})
    with page:
        assert page.post(address, json=body, headers={"Origin": two[1].base}).status_code == 200
        foreign = page.post(address, json=body, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        assert "did not come from a page of the drill room" in foreign.text
        assert page.post(address, json=body).status_code == 403
        assert page.post(address, content=b"x" * 70_000, headers={"X-Drillroom": "1"}).status_code == 413


def test_a_mark_that_somebody_else_makes_is_not_believed(two: tuple[Place, Place], drill: Drill) -> None:
    """Else anybody could post from foreign pages, or keep a request from being passed on."""
    assert two[1].server.relay is not None
    scope = scope_of("POST", "/api/drills/other/acts")
    marks = [value.decode() for name, value in two[1].server.relay._headers(scope) if name == b"x-drillroom-forwarded"]
    for mark in (*marks, "x", "", "e30.AAAA", "\xff"):
        headers = {"x-drillroom-forwarded": mark.encode("latin-1"), "Origin": "https://evil.example"}
        with httpx.Client(cookies={COOKIE: drill.owner.cookie}) as page:
            for place in two:
                body = {"id": "forged", "say": "/note Forged."}
                answer = page.post(f"{place.base}/api/drills/{drill.id}/acts", json=body, headers=headers)  # type: ignore[arg-type]  # bytes as well
                assert answer.status_code == 403


def scope_of(method: str, path: str) -> dict[str, Any]:
    """What a server knows of a request."""
    known = {"raw_path": path.encode(), "query_string": b"", "headers": [], "client": ("10.0.0.1", 1)}
    return {"method": method, "path": path, **known}


def test_a_command_of_the_owners_is_known_by_the_server_that_it_is_signed_for(
    two: tuple[Place, Place], drill: Drill
) -> None:
    calls, target = two[1].server.access.calls, f"/api/drills/{drill.id}/events"
    signed = {"Authorization": calls.signed("GET", target)}
    passed_on = two[1].browser().get(target, headers=signed)
    assert (passed_on.status_code, passed_on.json()["error"][:21]) == (403, "say who you are first"), (
        "a command is no person"
    )
    assert two[0].browser().get(target, headers=signed).status_code == 401, "it was signed for the other"
    assert two[1].browser().get(target, headers={"Authorization": "Drillroom x"}).status_code == 401


def test_it_is_passed_on_once_and_no_further(two: tuple[Place, Place], drill: Drill) -> None:
    """A server that is told by mistake that it holds a drill says so, and does not pass it back."""
    relay = two[1].server.relay
    assert relay is not None
    path = f"/api/drills/{drill.id}"
    scope = scope_of("GET", path)
    headers = {name.decode(): value.decode() for name, value in relay._headers(scope)}
    answer = two[1].browser().get(path, headers=headers)
    assert answer.status_code == 503
    assert answer.headers["x-drillroom-not-here"] == "1"
    assert answer.headers["retry-after"] == "1"
    assert "another takes it over within seconds" in answer.json()["error"]


def test_the_holder_knows_from_which_address_somebody_came(
    two: tuple[Place, Place], drill: Drill, monkeypatch: pytest.MonkeyPatch
) -> None:
    from drills.web import middleware

    seen: list[tuple[str, Any]] = []
    note = middleware._note

    def noted(scope: Any, status: int, began: float) -> None:  # noqa: ANN401 - as it is
        seen.append((scope["path"], scope["client"]))
        note(scope, status, began)

    monkeypatch.setattr(middleware, "_note", noted)
    transport = httpx.HTTPTransport(local_address="127.0.0.7")
    with httpx.Client(base_url=two[1].base, transport=transport, cookies={COOKIE: drill.owner.cookie}) as browser:
        assert browser.get(f"/api/drills/{drill.id}/events").status_code == 200
    two[1].until(lambda: len(seen) == 2)
    assert {client[0] for _, client in seen} == {"127.0.0.7"}


# -- what is over ------------------------------------------------------------------------------------------------------


def test_a_talk_that_is_moved_at_one_server_moves_at_the_other(two: tuple[Place, Place]) -> None:
    """A closed drill that somebody looks at is held like one that runs, so that its talk is in one place."""
    drill = made(two)
    drill.owner.does(drill.id, "/end", "/end", "/end")
    assert drill.ana.post(f"/api/drills/{drill.id}/wash", json={"surprise": "It was quick."}).status_code == 200
    assert "Post-mortem of" in drill.owner_there.get("/").text
    drill.owner.does(drill.id, "/follow-up-done")
    heartbeat = two[1].server.heartbeat
    assert heartbeat is not None
    store = two[1].server.store

    async def held() -> bool:
        return drill.id in await store.read(leases.holders)

    two[1].until(lambda: not two[1].run(held()) and drill.id not in heartbeat.routes)
    with listening(drill.ana_there, drill.id) as heard:
        heard.until(lambda: heard.calls)
        assert [place.server.rooms.has(drill.id) for place in two] == [False, True], "the first one asked has it"
        moved = drill.owner.post(f"/api/drills/{drill.id}/screen", json={"screen": "reveal"})
        assert moved.json() == {"screen": "reveal"}
        heard.until(lambda: "screen" in heard.calls)
    for browser in (drill.ana, drill.ana_there):
        wash = browser.data(drill.id, "/wash")
        assert wash["screen"] == "reveal"
        assert browser.post(f"/api/drills/{drill.id}/wash", json={"surprise": "Late."}).status_code == 409
    for browser in (drill.owner, drill.owner_there):
        assert {one["id"]: one["phase"] for one in browser.get("/api/drills").json()["drills"]}[drill.id] == "closed"
