"""Streams: everybody gets what they may see, once and in order, whatever the network and other browsers do."""

import asyncio
import json
import random
import re
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest

from drills.guidance.visibility import Viewer, frames_of, sees, visible
from drills.live.drill import LiveDrill
from drills.live.rooms import Room
from drills.web import stream as module
from drills.web.stream import Hub, Stream, page_of_events, serve_stream, sse
from simulator import acts as do
from simulator.folds import apply
from simulator.log import DrillLog
from simulator.state import DrillState
from tests.drills.server import Browser as Person
from tests.drills.server import Place, serving
from tests.support import library_plan, play
from tests.support.browsers import Browser, Caller, Loop, connected, get, post, sent, stream_request
from tests.support.databases import database_at
from tests.support.extent import FULL
from tests.support.serving import Served, Wanted, a_room

NOWHERE = 10**6
SOON = 20.0
MANY = 500 if FULL else 150


# -- a server of its own: reconnecting, restarts, many browsers --------------------------------------------------------


class Client:
    """A client that asks and waits for the answer."""

    def __init__(self, served: Served, loop: Loop) -> None:
        self.served, self.loop = served, loop
        self.caller = Caller(served.port)
        loop.add(self.caller)
        self.acts = 0

    def ask(self, request: bytes) -> bytes:
        status, body, _ = self.caller.asked_for(self.loop, request)
        assert status == 200, body
        return body

    def says(self, who: str, text: str) -> None:
        self.acts += 1
        path = f"/api/drills/{self.served.drill}/acts"
        body = {"id": f"{id(self)}-{self.acts}", "say": text}
        self.ask(post(path, self.served.header(who), body))

    def events(self, who: str, after: int = -1) -> list[int]:
        """The places of all events that somebody may see."""
        path = f"/api/drills/{self.served.drill}/events?after={after}"
        return [event["seq"] for event in json.loads(self.ask(get(path, self.served.header(who))))["events"]]


def listening(served: Served, loop: Loop, who: str, after: int) -> Browser:
    browser = Browser(served.port, stream_request(served.drill, served.header(who), after), keep=True)
    loop.add(browser)
    return browser


def places(browser: Browser) -> list[int]:
    return [frame.seq for frame in sent(browser.kept) if frame.seq is not None]


def test_a_browser_that_comes_and_goes_misses_nothing_and_gets_nothing_twice(tmp_path: Path) -> None:
    """Also when the server is killed, and goes on with what is stored."""
    chance = random.Random(7)  # noqa: S311 - a test
    got: list[int] = []
    cookies: dict[str, str] = {}
    for life in range(3):
        wanted = Wanted(database_at(tmp_path / "room.sqlite"), people=5, kept=life > 0)
        with Served.start(wanted, cookies, forked=True) as served, Loop() as loop:
            cookies = served.cookies
            come_and_go(served, loop, chance, got)
            served.kill()
    assert len(got) > 40
    assert got == sorted(set(got))


def come_and_go(served: Served, loop: Loop, chance: random.Random, got: list[int]) -> None:
    """Listen, and be gone, again and again while others act; in the end everything has come."""
    client = Client(served, loop)
    for _ in range(8):
        browser = listening(served, loop, "p2", got[-1] if got else -1)
        for number in range(chance.randrange(6)):
            client.says(f"p{chance.randrange(5)}", f"{'long ' * chance.randrange(400)}word {number}")
        enough = chance.randrange(4)
        loop.run(partial(lambda browser, enough: len(places(browser)) >= enough, browser, enough), 0.1)
        loop.drop(browser)
        got += places(browser)
    browser, everything = listening(served, loop, "p2", got[-1]), client.events("p2")
    assert loop.run(lambda: got + places(browser) == everything, SOON), (got, everything)
    got += places(browser)


def test_many_browsers_that_come_back_at_once_are_back_soon() -> None:
    with a_room(forked=True, people=MANY, events=3 * MANY) as served, Loop() as loop:
        members = [f"p{number}" for number in range(MANY)]
        before = [listening(served, loop, member, NOWHERE) for member in members]
        assert loop.run(lambda: all(browser.last for browser in before), SOON)
        client = Client(served, loop)
        last = client.events("p0")[-1]
        for browser in before:
            loop.drop(browser)
        client.says("p0", "while they were away")
        began = time.monotonic()
        back = [listening(served, loop, member, last - 50) for member in members]
        for browser in back:
            browser.look_for(b"while they were away")
        assert loop.run(lambda: all(browser.found for browser in back), SOON)
        assert time.monotonic() - began < 10
        for browser in back:
            browser.look_for(b"all are back")
        client.says("p1", "all are back")
        assert loop.run(lambda: all(browser.found for browser in back), SOON)
        expected = client.events("p7", last - 50)
        assert {tuple(places(browser)) for browser in back} == {tuple(expected)}


def test_comings_and_goings_are_told_as_one() -> None:
    """Else 500 browsers that come would be told 250,000 times who is here."""
    with a_room(forked=True, people=60) as served, Loop() as loop:
        browsers = [listening(served, loop, f"p{number}", NOWHERE) for number in range(60)]

        def here(browser: Browser) -> list[str]:
            told = [frame.data for frame in sent(browser.kept) if frame.kind == "people"]
            return cast("list[str]", json.loads(told[-1])["here"]) if told else []

        everybody = sorted(f"p{number}" for number in range(60))
        assert loop.run(lambda: all(here(browser) == everybody for browser in browsers), SOON)
        times = [sum(frame.kind == "people" for frame in sent(browser.kept)) for browser in browsers]
        assert max(times) <= 12
        loop.drop(browsers.pop())
        assert loop.run(lambda: all(here(browser) == sorted(set(everybody) - {"p59"}) for browser in browsers), SOON)


# -- a server in this process: who sees what, slow browsers ------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with serving(tmp_path) as found:
        for_good = Watch.every.setdefault(id(found), [])
        yield found
        for watch in for_good:
            watch.sock.close()
        del Watch.every[id(found)]


@pytest.fixture
def drill(place: Place) -> str:
    """A drill that has begun, with Ana, Ben and Chloe, whom nobody has alerted yet."""
    owner = place.owner()
    made = place.make(owner, scenario="login-outage", people="Ana\nBen\nChloe")
    for member in ("ana", "ben", "chloe"):
        people(place)[member] = place.player(owner, made, member)
    people(place)["owner"] = owner
    owner.start(made)
    return made


def people(place: Place) -> dict[str, Person]:
    found: dict[str, Person] = place.__dict__.setdefault("people", {})
    return found


class Watch:
    """A stream, read on a connection of its own."""

    every: ClassVar[dict[int, "list[Watch]"]] = {}
    """Those of each server, to be closed at its end."""

    def __init__(self, place: Place, drill: str, person: Person, after: int = -1, receive: int | None = None) -> None:
        port = int(place.base.rpartition(":")[2])
        self.sock = connected(port, receive)
        self.sock.send(stream_request(drill, f"drillroom={person.cookie}", after))
        self.raw = bytearray()
        self.ended = False
        self.every.setdefault(id(place), []).append(self)

    def read(self) -> None:
        while not self.ended:
            try:
                data = self.sock.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            self.raw += data
            self.ended = not data

    def until(self, holds: Callable[[list[Any]], object]) -> list[Any]:
        """Read until something is so of its frames."""
        end = time.monotonic() + SOON
        while True:
            self.read()
            frames: list[Any] = sent(self.raw)
            if holds(frames):
                return frames
            assert time.monotonic() < end, frames[-3:]
            time.sleep(0.01)

    def upto(self, seq: int) -> list[int]:
        """The places of the events that came, once that one has."""
        frames = self.until(lambda found: any(frame.seq == seq for frame in found))
        return [frame.seq for frame in frames if frame.seq is not None]

    def data(self, kind: str = "") -> list[bytes]:
        return [frame.data for frame in sent(self.raw) if frame.kind == kind]


def joined(place: Place, drill: str) -> None:
    """Everybody knows and has come in."""
    people(place)["ana"].does(drill, "/sev 1", "/alert 1 login", "/join")
    for member in ("ben", "chloe"):
        people(place)[member].does(drill, "/join")


def test_twelve_tabs_of_one_browser_all_get_everything_and_are_one_person(place: Place, drill: str) -> None:
    joined(place, drill)
    ana = people(place)["ana"]
    tabs = [Watch(place, drill, ana) for _ in range(12)]
    ben = Watch(place, drill, people(place)["ben"])
    ana.does(drill, "hello")
    last = ana.data(drill, "/events")["seq"]
    assert len({tuple(tab.upto(last)) for tab in tabs}) == 1
    ben.until(lambda _: any(json.loads(data)["here"] == ["ana", "ben"] for data in ben.data("people")))
    assert place.room(drill).here["ana"] == 12
    for tab in tabs[1:]:
        tab.sock.close()
    ana.does(drill, "still here")
    tabs[0].upto(last + 1)
    ben.until(lambda _: place.room(drill).here["ana"] == 1)
    assert json.loads(ben.data("people")[-1])["here"] == ["ana", "ben"]


def test_a_stream_says_now_and_then_that_it_is_alive(place: Place, drill: str) -> None:
    from drills.web.server import BEAT_EVERY

    watch = Watch(place, drill, people(place)["ana"])
    watch.until(bool)

    async def beat() -> None:
        place.server.hub(place.room(drill)).beat()

    place.run(beat())
    watch.until(lambda _: b": \n\n" in watch.raw)
    assert BEAT_EVERY < 30, "proxies hang up after a minute, some after half of one"


def test_a_players_stream_holds_only_what_they_may_see(place: Place, drill: str) -> None:
    """What somebody's stream says is what `sees` lets them see; and nothing of it gives anything away."""
    owner, ana, ben, chloe = (people(place)[who] for who in ("owner", "ana", "ben", "chloe"))
    everybody = {"owner": owner, "ana": ana, "ben": ben, "chloe": chloe}
    watches = {who: Watch(place, drill, person) for who, person in everybody.items()}
    watches["ana"].until(lambda found: any(frame.seq is not None for frame in found))
    assert not any(b"H12" in data for data in watches["ben"].data())
    ana.does(drill, "/sev 1", "/alert 1 login", "/join", "/role incident_commander")
    ben.does(drill, "/join", "/role communications")
    place.ahead(drill, 4 * 60_000)  # the first customer has written, to Communications
    owner.does(drill, "/note they are slow", "/hint chloe look at the sessions")
    ana.does(drill, "/do look at the logs")
    place.ahead(drill, 3 * 60_000)
    ana.does(drill, "the end of this test")
    last = owner.data(drill, "/events")["seq"]
    assert watches["owner"].upto(last) == list(range(last + 1))
    room, state = place.room(drill), place.live(drill).state
    for who in ("ana", "ben", "chloe"):
        watches[who].until(lambda _, who=who: b"the end of this test" in watches[who].raw)  # type: ignore[misc]
        allowed = visible(Viewer("player", who), state, room.frames)
        got = watches[who].data()
        assert set(got) <= set(allowed), "a stream said more than its player may see"
    for who, kinds in (("ana", {"ActionFinished"}), ("ben", {"InjectDelivered"}), ("chloe", {"HintGiven"})):
        others = [other for other in ("ana", "ben", "chloe") if other != who]
        mine = [data for data in watches[who].data() if json.loads(data)["kind"] in kinds]
        assert mine
        for other in others:
            theirs = [data for data in watches[other].data() if data in mine]
            assert not theirs or kinds == {"InjectDelivered"}
    scenario = place.live(drill).plan.scenario
    for who in ("ana", "ben", "chloe"):
        text = bytes(watches[who].raw).decode()
        assert not re.search(r'"(values|inject|impact|rating|note)"\s*:', text), who
        assert str(scenario.solution) not in text
        assert "ImpactChanged" not in text
        assert "they are slow" not in text
    assert "look at the sessions" not in bytes(watches["ben"].raw).decode()


def test_who_takes_a_role_can_read_what_came_for_it_before(place: Place, drill: str) -> None:
    """By reading again: the stream goes on where it is, and says that there is a reason to."""
    joined(place, drill)
    people(place)["ana"].does(drill, "/role communications")
    place.ahead(drill, 4 * 60_000)
    ben = people(place)["ben"]

    def mail() -> set[int]:
        found = ben.data(drill, "/events")["events"]
        return {event["seq"] for event in found if event["kind"] == "InjectDelivered" and event["to"] != "channel"}

    assert mail() == set()
    watch = Watch(place, drill, ben, after=NOWHERE)
    watch.until(lambda found: any(frame.kind == "clock" for frame in found))  # it is open
    ben.does(drill, "/role communications")
    frames = watch.until(lambda found: any(b"RoleTaken" in frame.data for frame in found))
    assert mail(), "what came for the role before can be read now"
    assert not mail() & {frame.seq for frame in frames}


def test_streams_of_the_lobby_hear_of_no_event_and_end_when_the_drill_begins(place: Place) -> None:
    """Who waits to be let in listens too; what they may see of the drill is asked again when they come back."""
    owner = place.owner()
    made = place.make(owner)
    lobby = owner.data(made, "/lobby")
    waiting = place.entered(lobby["link"])
    watches = [Watch(place, made, waiting), Watch(place, made, owner)]
    for watch in watches:
        watch.until(lambda found: any(frame.kind == "people" for frame in found))
    owner.start(made)
    for watch in watches:
        frames = watch.until(lambda found: any(frame.kind == "started" for frame in found))
        watch.until(lambda _, watch=watch: watch.raw.endswith(b"\r\n0\r\n\r\n"))  # type: ignore[misc]
        assert not [frame for frame in frames if frame.seq is not None]


def test_a_browser_that_takes_nothing_holds_up_nobody_and_is_sent_away(
    place: Place, drill: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(place, drill)
    live, hub = place.live(drill), place.server.hub(place.room(drill))
    slow = Watch(place, drill, people(place)["ben"], receive=4_096)
    lazy = Watch(place, drill, people(place)["chloe"], receive=4_096)
    quick = Watch(place, drill, people(place)["ana"])
    quick.until(bool)

    def stuck() -> list[Stream]:
        return [stream for stream in hub._streams if stream.busy]

    async def many(count: int) -> None:
        for _ in range(count):
            await live.act(do.Say(who="ana", text="x" * 8_000))

    for _ in range(60):
        place.run(many(20))
        quick.upto(len(place.room(drill).frames) - 1)  # a reader has it all, whatever the others do
        if len(stuck()) == 2:
            break
    assert {stream.who for stream in stuck()} == {"ben", "chloe"}
    for stream in stuck():
        assert stream.place < len(place.room(drill).frames), "what it misses is in the log, and is not kept for it"

    async def beat() -> None:
        hub.beat()

    place.run(beat())
    assert len(stuck()) == 2, "they have their time"
    place.run(many(20))
    end = time.monotonic() + SOON
    while any(stream.who == "chloe" for stream in stuck()) and time.monotonic() < end:
        lazy.read()
        time.sleep(0.001)
    last = len(place.room(drill).frames) - 1
    got = lazy.upto(last)
    assert got == visible_places(place, drill, "chloe"), "who was slow for a while has everything, in order"

    monkeypatch.setattr(module, "PATIENCE", 0.05)
    time.sleep(0.1)
    place.run(beat())
    quick.until(lambda _: len(hub) == 2)
    assert {stream.who for stream in hub._streams} == {"ana", "chloe"}
    slow.until(lambda _: slow.ended)
    mine = [frame.seq for frame in sent(slow.raw) if frame.seq is not None]
    again = Watch(place, drill, people(place)["ben"], after=mine[-1])
    assert mine + again.upto(last) == visible_places(place, drill, "ben")


def visible_places(place: Place, drill: str, member: str) -> list[int]:
    room = place.room(drill)
    found = json.loads(page_of_events(room, Viewer("player", member), -1))["events"]
    return [event["seq"] for event in found]


def test_a_browser_that_has_died_is_noticed(place: Place, drill: str) -> None:
    ana = people(place)["ana"]
    watch = Watch(place, drill, ana)
    watch.until(bool)
    hub = place.server.hub(place.room(drill))
    assert len(hub) == 1
    watch.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # a reset, as of a crash
    watch.sock.close()
    end = time.monotonic() + SOON
    while len(hub) and time.monotonic() < end:
        time.sleep(0.01)
    assert len(hub) == 0
    assert not place.room(drill).here


# -- in one loop: told together, on any server -------------------------------------------------------------------------


class Fake:
    """A room of a drill that was played, whose events are told again."""

    id = "fake"

    def __init__(self, log: DrillLog) -> None:
        self._log = log
        self._state = DrillState(log.plan)
        self._all = frames_of(log.plan, log.events)
        self.frames: list[Any] = []
        self.watchers: list[Any] = []
        self.callers: list[Any] = []
        self.here: Any = __import__("collections").Counter()
        self.live = cast("LiveDrill", self)
        self.staff: list[dict[str, str]] = []

    @property
    def state(self) -> DrillState:
        return self._state

    def tell(self, count: int) -> list[Any]:
        """Let so many more events be told."""
        fresh = self._all[len(self.frames) : len(self.frames) + count]
        for event in self._log.events[len(self.frames) : len(self.frames) + count]:
            apply(self._state, event)
        self.frames += fresh
        for watch in self.watchers:
            watch(fresh)
        return fresh


class Line:
    """A server's connection that can be full."""

    def __init__(self) -> None:
        self.got = bytearray()
        self.free = asyncio.Event()
        self.free.set()
        self.gone = asyncio.Event()

    async def send(self, message: Any) -> None:  # noqa: ANN401 - ASGI
        if message["type"] != "http.response.body":
            return
        if not self.free.is_set():
            await self.free.wait()
        self.got += message["body"]
        if not message["more_body"]:
            self.gone.set()

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    @property
    def events(self) -> list[bytes]:
        frames = bytes(self.got).split(b"\n\n")
        return [frame.partition(b"data: ")[2] for frame in frames if frame.startswith(b"id: ")]


async def settled(hub: Hub) -> None:
    for _ in range(50):
        await asyncio.sleep(0)
    while hub._round is not None:
        await asyncio.sleep(0)


def test_what_is_told_together_is_what_each_may_see() -> None:
    """Whatever comes at once, whoever listens, and wherever they are: the same bytes as one by one."""
    log = play(library_plan("login-outage", 5, "average"))
    members = [player.id for player in log.plan.players]
    chance = random.Random(3)  # noqa: S311 - a test

    async def run() -> None:
        fake = Fake(log)
        room = cast("Room", fake)
        hub = Hub(room)
        viewers = [Viewer("facilitator"), Viewer("observer"), *(Viewer("player", member) for member in members)]
        lines: list[tuple[Line, Viewer, list[bytes]]] = []
        serving: list[asyncio.Task[None]] = []
        while len(fake.frames) < len(log.events):
            for viewer in chance.sample(viewers, 2):
                line, after = Line(), chance.randrange(-1, len(fake.frames) + 1)
                allowed = visible(viewer, fake.state, fake.frames, after)
                lines.append((line, viewer, allowed))
                stream = Stream(room, viewer)
                serving.append(asyncio.create_task(serve_stream(stream, hub, after, b"", line.receive, line.send)))
                await settled(hub)
            for line, _, _ in lines:
                if chance.random() < 0.3:
                    line.free.clear()
            fresh = fake.tell(chance.randrange(1, 9))
            for _, viewer, expected in lines:
                expected += [data for frame in fresh if (data := sees(viewer, fake.state, frame)) is not None]
            await settled(hub)
            for line, _, _ in lines:
                line.free.set()
            await settled(hub)
            for line, viewer, expected in lines:
                assert line.events == expected, viewer
        assert len(lines) > 20
        hub.close()
        await asyncio.gather(*serving)

    asyncio.run(run())


def test_a_full_connection_of_any_server_holds_up_nobody_and_can_be_ended() -> None:
    log = play(library_plan("login-outage", 5, "average"))

    async def run() -> None:
        fake = Fake(log)
        fake.tell(3)
        room = cast("Room", fake)
        hub = Hub(room)
        full, free = Line(), Line()
        tasks = []
        for line in (full, free):
            stream = Stream(room, Viewer("facilitator"))
            tasks.append(asyncio.create_task(serve_stream(stream, hub, -1, b"", line.receive, line.send)))
        await settled(hub)
        full.free.clear()
        for _ in range(5):
            fake.tell(2)
            await settled(hub)
        for number in range(40):
            hub.give(lambda _, number=number: sse(b"%d" % number, "call"))  # type: ignore[misc]
            await settled(hub)
        assert len(full.events) == 3
        assert len(free.events) == 13
        assert len(hub) == 2
        stuck = next(stream for stream in hub._streams if stream.busy)
        assert len(stuck._calls or ()) <= module.MOST_CALLS
        stuck.end()
        await asyncio.wait_for(tasks[0], SOON)
        assert len(hub) == 1
        fake.tell(1)
        await settled(hub)
        assert len(free.events) == 14
        hub.close()
        await asyncio.wait_for(tasks[1], SOON)

    asyncio.run(run())
