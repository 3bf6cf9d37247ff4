"""A real server, killed at random moments of a busy drill: what people were told is what the log holds.

Six kills every day; with FULL_TESTS=1, as .ci/run sets it, a hundred.
"""

import asyncio
import json
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from drills.live.drill import DOWN, LiveDrill
from drills.live.rooms import Room
from drills.planning.setup import Person, Setup, plan_of
from drills.records.store import DrillRow, Store
from drills.web.sessions import Access
from scenarios.scenario import Inject
from scoring.scorecard import grade
from simulator import events as ev
from simulator.events import Event
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from tests.drills.command_line import call
from tests.drills.nursery import Nursery, Running
from tests.support.databases import database_at
from tests.support.extent import FULL

DRILLS, KILLS = (4, 25) if FULL else (1, 6)
PACE = 10.0
"""How much faster than the clock on the wall the drill runs, so that much happens in it."""
SOON = 60.0
"""Seconds within which a server answers, however busy the machine is."""
EARLY = 0.15
"""How often a server that was killed is killed again while it starts."""
COLD = 0.2
"""How often it starts as a shell would start it, and not from a process that has imported everything already."""
DRILL = "drill-under-test"
PLAYERS = ("ana", "ben", "chloe")


# -- the server --------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """A server, the people connected to it, and what they were told."""

    folder: Path
    database: str
    tokens: dict[str, str]
    """By which each member, and the facilitator, comes in."""
    rng: random.Random
    nursery: Nursery
    port: int = 0
    server: Running | None = None
    up: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    started: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    """How many seconds each start took, of processes that were cold and of others."""
    kills: list[float] = field(default_factory=list)
    """When the server was killed while it ran, in seconds since 1970."""
    early: int = 0
    """How often it was killed while it started."""

    @property
    def log(self) -> Path:
        return self.folder / "log.jsonl"

    def launch(self, *, cold: bool) -> Running:
        args = ["serve", "--port", str(self.port), "--database", self.database]
        return self.nursery.start(args, self.log, cold=cold)

    async def start(self, *, cold: bool = True) -> None:
        """Start the server, and wait until it is ready."""
        began = time.monotonic()
        self.server = self.launch(cold=cold)
        await self.server.says("Kept in")
        self.started[cold].append(time.monotonic() - began)
        link = next(line.strip() for line in self.server.said.splitlines() if "/join/" in line)
        self.port = httpx.URL(link).port or 0
        self.up.set()

    async def kill(self) -> None:
        """Kill the server, and start it again; now and then it is killed again before it has come up."""
        assert await self.end(signal.SIGKILL) == -signal.SIGKILL
        while self.rng.random() < EARLY:
            cold = self._cold()
            server = self.launch(cold=cold)
            usual = self.started[cold][-1] if self.started[cold] else 1.0
            await asyncio.sleep(self.rng.uniform(0.05, 1.1) * usual)
            server.kill(signal.SIGKILL)
            assert await server.ended() == -signal.SIGKILL
            self.early += 1
        await self.start(cold=self._cold())

    def _cold(self) -> bool:
        return self.rng.random() < COLD

    async def end(self, number: int) -> int:
        """End the server by a signal; its exit code."""
        assert self.server is not None
        self.up.clear()
        self.server.kill(number)
        if number == signal.SIGKILL:
            self.kills.append(time.time())
        return await self.server.ended()

    def browser(self) -> httpx.AsyncClient:
        headers = {"X-Drillroom": "1"}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=SOON)

    async def come_in(self, who: str) -> httpx.AsyncClient:
        browser = self.browser()
        answer = await browser.get(f"/join/{self.tokens[who]}")
        assert answer.status_code == 303, answer.text
        if who == "facilitator":
            await browser.post(f"/d/{DRILL}/name", data={"name": "Fay Lead"})
        return browser


async def prepare(folder: Path, database: str, seed: int) -> World:
    """A database with a drill that has begun: three people, two simulated, and an inject every two seconds."""
    store = Store(database)
    people = [Person(who, who.capitalize()) for who in PLAYERS]
    people += [Person("ada", "Ada (simulated)", simulated=True), Person("bruno", "Bruno (simulated)", simulated=True)]
    setup = Setup("login-outage", people, seed, pace=PACE)
    row = DrillRow(DRILL, "drill", "lobby", datetime.now(UTC).isoformat(), msgspec.json.encode(setup).decode())
    await store.add_drill(row)
    access = Access(store)
    tokens = {who: await access.link(DRILL, "player", who) for who in PLAYERS}
    tokens["facilitator"] = await access.link(DRILL, "facilitator")
    live = await LiveDrill.start(store, with_many_injects(plan_of(setup, DRILL, datetime.now(UTC))), {}, PACE)
    await live.close()
    assert Room(row, setup, None).live is None
    store.close()
    return World(folder, database, tokens, random.Random(seed), Nursery(folder))  # noqa: S311 - moments, not secrets


def with_many_injects(plan: DrillPlan) -> DrillPlan:
    more = [
        Inject.model_validate({"id": f"more-{number}", "at": f"{2 * number}s", "to": to, "text": f"Reading {number}."})
        for number, to in zip(range(1, 450), ("everyone", "channel", "communications") * 150, strict=False)
    ]
    scenario = plan.scenario.model_copy(update={"injects": [*plan.scenario.injects, *more]})
    return DrillPlan.model_validate({**dict(plan), "scenario": scenario})


# -- those who are connected -------------------------------------------------------------------------------------------


@dataclass
class Client:
    """Somebody who acts as fast as they are answered, and sends again what they had no answer to."""

    world: World
    who: str
    browser: httpx.AsyncClient
    done: dict[str, int | None] = field(default_factory=dict)
    """The acts that were answered, and the place of the event that each became, if the answer said so."""
    sent_again: int = 0
    _open: list[str] = field(default_factory=list)
    """The acts that had no answer."""
    _count: int = 0

    @property
    def waits(self) -> bool:
        """Whether something was sent that was not answered."""
        return bool(self._open)

    async def run(self) -> None:
        while self._open or not self.world.over:
            await self.world.up.wait()
            if self.world.over and not self._open:
                return  # it ended while this one waited for the server
            await self.send(self._choose())

    def _choose(self) -> str:
        if self._open:
            self.sent_again += 1
            return self._open[0]
        if self.done and self.world.rng.random() < 0.1:
            self.sent_again += 1
            return self.world.rng.choice(list(self.done))
        self._count += 1
        name = f"{self.who}-{self._count}"
        self._open.append(name)
        return name

    async def send(self, name: str, said: str | None = None) -> None:
        kind = (
            ("/note", "/hint ben")[len(name) % 2]
            if self.who == "facilitator"
            else ("/log", "", "/update")[len(name) % 3]
        )
        body = {"id": name, "say": said or f"{kind} What {name} has to say.".strip()}
        try:
            answer = await self.browser.post(f"/api/drills/{DRILL}/acts", json=body)
        except httpx.TransportError:
            await asyncio.sleep(0.002)  # it is sent again when the server is back
            return
        if answer.status_code in (429, 503):
            await asyncio.sleep(0.05)
            return
        assert answer.status_code == 200, answer.text
        if name in self._open:
            self._open.remove(name)
        places = [event["seq"] for event in answer.json()["events"]]
        if name in self.done:
            assert places == [], "it was applied twice"
        self.done[name] = self.done.get(name) if not places else places[0]


@dataclass
class Listener:
    """A browser's stream, which comes back with the number of the last event that it has."""

    browser: httpx.AsyncClient
    world: World
    seen: list[dict[str, Any]] = field(default_factory=list)
    came_back: int = 0

    async def run(self) -> None:
        while not self.world.over:
            await self.world.up.wait()
            self.came_back += 1
            last = self.seen[-1]["seq"] if self.seen else -1
            headers = {"Last-Event-ID": str(last)}
            try:
                async with self.browser.stream("GET", f"/api/drills/{DRILL}/stream", headers=headers) as answer:
                    assert answer.status_code == 200
                    await self._read(answer)
            except httpx.TransportError:
                await asyncio.sleep(0.002)

    async def _read(self, answer: httpx.Response) -> None:
        waiting = b""
        async for data in answer.aiter_bytes():
            *frames, waiting = (waiting + data).split(b"\n\n")
            for frame in frames:
                fields = dict(line.split(b": ", 1) for line in frame.split(b"\n") if b": " in line)
                if b"id" in fields and b"event" not in fields:
                    event = json.loads(fields[b"data"])
                    assert event["seq"] == int(fields[b"id"])
                    self.seen.append(event)


@dataclass
class Crowd:
    """All who are connected."""

    clients: dict[str, Client]
    facilitator: Listener
    player: Listener

    @classmethod
    async def come_in(cls, world: World) -> "Crowd":
        browsers = {who: await world.come_in(who) for who in world.tokens}
        clients = {who: Client(world, who, browser) for who, browser in browsers.items()}
        listening = [Listener(await world.come_in(who), world) for who in ("facilitator", "ben")]
        crowd = cls(clients, *listening)
        for who, line in (("ana", "/sev 1"), ("ana", "/alert 1 login"), *((who, "/join") for who in PLAYERS)):
            name = f"{who}-{line}"
            await clients[who].send(name, line)
            assert name in clients[who].done
        return crowd

    def tasks(self, group: asyncio.TaskGroup) -> None:
        for client in self.clients.values():
            group.create_task(client.run())
        for listener in (self.facilitator, self.player):
            group.create_task(listener.run())

    async def end(self, world: World) -> None:
        """Let everybody have their answers, and the streams catch up; then end the server."""
        world.over = True
        await until(lambda: not any(client.waits for client in self.clients.values()))
        last = max(place or 0 for client in self.clients.values() for place in client.done.values())
        await until(lambda: self.facilitator.seen[-1]["seq"] >= last)
        assert await world.end(signal.SIGTERM) == 0
        world.up.set()  # those who wait for the server see that it is over
        for browser in self._browsers():
            await browser.aclose()

    def _browsers(self) -> list[httpx.AsyncClient]:
        return [*(client.browser for client in self.clients.values()), self.facilitator.browser, self.player.browser]


async def until(holds: Any) -> None:  # noqa: ANN401 - a test of something
    async with asyncio.timeout(SOON):
        while not holds():
            await asyncio.sleep(0.005)


# -- what must hold afterwards -----------------------------------------------------------------------------------------


def check(world: World, crowd: Crowd) -> DrillLog:
    """What clients were told against what the log holds."""
    store = Store(world.database)
    kept = store.log(DRILL).result(SOON)
    store.close()
    assert kept is not None
    plan, events = kept.plan, list(kept.events)
    assert [event.seq for event in events] == list(range(len(events)))
    check_acts(crowd, events)
    check_streams(crowd, events)
    shown = Counter(event.inject for event in events if isinstance(event, ev.InjectDelivered))
    assert max(shown.values()) == 1
    check_time(world, events)
    check_server_log(world)
    return check_file(world.folder, plan, events)


def check_acts(crowd: Crowd, events: list[Event]) -> None:
    """Nothing lost, nothing doubled, and in the place that the answer named."""
    by_act = {(event.actor, event.act): event for event in events if event.act is not None}
    assert len(by_act) == sum(event.act is not None for event in events)
    for who, client in crowd.clients.items():
        for name, place in client.done.items():
            event = by_act[who, name]
            assert place in (None, event.seq)
    ours = {(who, name) for who, client in crowd.clients.items() for name in client.done}
    simulated = {key for key in by_act if key[0] in ("ada", "bruno")}
    assert ours | simulated == set(by_act)


def check_streams(crowd: Crowd, events: list[Event]) -> None:
    """Each event once and in order, no matter what died in between; and as it is in the log."""
    assert [seen["seq"] for seen in crowd.facilitator.seen] == list(range(len(crowd.facilitator.seen)))
    places = [seen["seq"] for seen in crowd.player.seen]
    assert places == sorted(set(places))
    for seen in crowd.facilitator.seen:
        kept = json.loads(msgspec.json.encode(events[seen["seq"]]))
        assert seen | kept == seen
    for seen in crowd.player.seen:
        kept = json.loads(msgspec.json.encode(events[seen["seq"]]))
        assert {key: kept[key] for key in seen if key in kept} | seen == seen
    mails = [event for event in events if isinstance(event, ev.InjectDelivered) and "ben" in event.recipients]
    assert {event.seq for event in mails if event.seq < places[-1]} <= set(places)


def check_time(world: World, events: list[Event]) -> None:
    """Drill time was paused while the server was down, and the log says for how long."""
    outages: list[tuple[float, float]] = []
    since, began = 0, events[0].wall.timestamp()
    for event, after in zip(events, [*events[1:], events[-1]], strict=True):
        if isinstance(event, ev.DrillPaused) and event.reason == DOWN:
            assert isinstance(after, ev.DrillResumed)
            assert after.at == event.at
            assert abs(after.paused_ms - (after.wall - event.wall).total_seconds() * 1000) <= 1
            ran = event.wall.timestamp() - began
            assert event.at - since <= ran * 1000 * PACE + 1000, "drill time ran on while the server was down"
            outages.append((event.wall.timestamp(), after.wall.timestamp()))
            since, began = after.at, after.wall.timestamp()
    # Of a kill it is known when it was asked for; the process may have written for an instant longer.
    ended_by = [next(place for place, outage in enumerate(outages) if killed <= outage[1]) for killed in world.kills]
    assert ended_by == sorted(set(ended_by)), "two kills, and the log knows of one"
    for killed, place in zip(world.kills, ended_by, strict=True):
        assert -0.1 <= killed - outages[place][0] < 10, "it was noted too seldom that the server runs"


def check_server_log(world: World) -> None:
    """No server had anything to complain about."""
    lines = world.log.read_text(encoding="utf-8").splitlines()
    loud = [line for line in lines if not line.startswith('{"time"') or '"level": "info"' not in line]
    assert [line for line in loud if "will go on at the next start" not in line] == []


def check_file(folder: Path, plan: DrillPlan, events: list[Event]) -> DrillLog:
    log = DrillLog.reproducible(plan, events)
    file = folder / "sealed.jsonl"
    file.write_bytes(log.data)
    assert call("verify", file).exit_code == 0
    scored = call("score", file, "--json")
    assert scored.exit_code == 0
    card = json.loads(scored.stdout)
    assert (card["drill"], card["log"]) == (DRILL, log.head)
    assert grade(DrillLog.read(log.data)) == grade(log)
    return log


# -- the tests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(DRILLS))
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(tmp_path: Path, seed: int) -> None:
    database = database_at(tmp_path / "drills.sqlite")

    async def test() -> None:
        world = await prepare(tmp_path, database, seed)
        await world.start()
        crowd = await Crowd.come_in(world)
        async with asyncio.TaskGroup() as group:
            crowd.tasks(group)
            while len(world.kills) + world.early < KILLS:
                await asyncio.sleep(world.rng.uniform(0.01, 0.5))  # the moment is random, nothing waits for it
                await world.kill()
            await crowd.end(world)
        log = check(world, crowd)
        acts = sum(len(client.done) for client in crowd.clients.values())
        again = sum(client.sent_again for client in crowd.clients.values())
        figures = f"{len(world.kills)} kills and {world.early} while it started; {acts} acts, {again} sent again, "
        figures += f"{len(log.events)} events; starts took {world.started}"
        (tmp_path / "figures.txt").write_text(figures, encoding="utf-8")

    asyncio.run(test())


def test_told_to_end_it_drains_and_says_where_it_will_go_on(tmp_path: Path) -> None:
    """With streams open and acts on their way: over within seconds, and all that was answered is there."""
    database = database_at(tmp_path / "drills.sqlite")

    async def test() -> None:
        world = await prepare(tmp_path, database, 99)
        await world.start()
        assert world.server is not None
        assert "1 drill goes on where it left off." in world.server.said
        crowd = await Crowd.come_in(world)
        async with asyncio.TaskGroup() as group:
            crowd.tasks(group)
            await until(lambda: len(crowd.clients["ana"].done) > 10 and crowd.player.seen)
            began = time.monotonic()
            assert await world.end(signal.SIGTERM) == 0
            assert time.monotonic() - began < 10
            said = world.log.read_text(encoding="utf-8").splitlines()[-1]
            assert said == "1 drill will go on at the next start, where it left off."
            await world.start()
            await until(lambda: crowd.player.came_back > 1 and crowd.facilitator.came_back > 1)
            await crowd.end(world)
        log = check(world, crowd)
        pauses = [event for event in log.events if isinstance(event, ev.DrillPaused)]
        assert len(pauses) == 2  # after it was prepared, and between the two servers

    asyncio.run(test())
