"""Several servers on one PostgreSQL database, each a process of its own, and people who act whatever happens."""

import asyncio
import json
import random
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import sqlalchemy as sa

from drills.live.drill import LiveDrill
from drills.planning.setup import Person, Setup, plan_of
from drills.records.leases import Holder, holders
from drills.records.store import DrillRow, Store
from drills.web.sessions import Access
from simulator.events import Event
from tests.drills.nursery import Nursery, Running

__all__ = ["SOON", "Client", "Fleet", "Listener", "Node", "free_port", "until"]

SOON = 60.0
"""Seconds within which anything is answered, however busy the machine is."""


async def until(holds: Callable[[], bool], seconds: float = SOON) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class Node:
    """One server."""

    port: int
    database: str
    """The address by which this one reaches the database."""
    running: Running | None = None

    @property
    def url(self) -> str:
        """Where it is found."""
        return f"http://127.0.0.1:{self.port}"

    def signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        assert self.running is not None
        with suppress(ProcessLookupError):
            self.running.kill(number)

    async def end(self, number: int) -> int:
        """End it by a signal; its exit code."""
        self.signal(number)
        assert self.running is not None
        running, self.running = self.running, None
        return await running.ended()


@dataclass
class Fleet:
    """The servers, their database, and drills in it."""

    folder: Path
    database: str
    nodes: list[Node]
    nursery: Nursery
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    """By which people come into each drill."""
    owner_token: str = ""
    options: Sequence[str] = ()
    over: bool = False
    _engine: sa.Engine | None = None

    @classmethod
    def of(cls, folder: Path, database: str, count: int = 2, *, lease: float | None = None) -> "Fleet":
        """So many servers, none of which runs yet."""
        options = () if lease is None else ("--lease", str(lease))
        nodes = [Node(free_port(), database) for _ in range(count)]
        return cls(folder, database, nodes, Nursery(folder), options=options)

    @property
    def log(self) -> Path:
        """What the servers say on standard error."""
        return self.folder / "log.jsonl"

    async def start(self, node: Node, first: str = "") -> None:
        """Start a server, and wait until it is ready; `first` is Python that runs in its process before."""
        args = ["serve", "--port", str(node.port), "--database", node.database, *self.options]
        node.running = self.nursery.start(args, self.log, cold=False, first=first)
        await node.running.says("Kept in")

    async def close(self) -> None:
        """End what runs."""
        for node in self.nodes:
            if node.running is not None:
                node.signal(signal.SIGCONT)
                await node.end(signal.SIGKILL)
        if self._engine is not None:
            self._engine.dispose()

    # -- the database --------------------------------------------------------------------------------------------------

    async def prepare(self, count: int) -> list[str]:
        """So many drills that have begun, of Ana and Ben with a facilitator; their ids."""
        store = Store(self.database)
        access = Access(store)
        self.owner_token = await access.link(None, "facilitator")
        names = [f"drill-{number:02}" for number in range(count)]
        for seed, name in enumerate(names):
            await self._prepare(store, access, name, seed)
        store.close()
        return names

    async def _prepare(self, store: Store, access: Access, drill: str, seed: int) -> None:
        people = [Person("ana", "Ana"), Person("ben", "Ben"), Person("cy", "Cy (simulated)", simulated=True)]
        setup = Setup("login-outage", people, seed, pace=2.0)
        now = datetime.now(UTC)
        await store.add_drill(DrillRow(drill, "drill", "lobby", now.isoformat(), msgspec.json.encode(setup).decode()))
        found = await access.links(drill, [("player", "ana"), ("player", "ben"), ("facilitator", None)])
        self.tokens[drill] = {member or role: token for (role, member), token in found.items()}
        live = await LiveDrill.start(store, plan_of(setup, drill, now), {}, 2.0)
        await live.close()

    async def ask(self, what: Callable[[sa.Connection], Any]) -> Any:  # noqa: ANN401 - whatever it is
        """Read or change the database, beside all servers."""
        if self._engine is None:
            self._engine = sa.create_engine(self.database)
        engine = self._engine

        def asked() -> Any:  # noqa: ANN401 - likewise
            with engine.begin() as connection:
                return what(connection)

        return await asyncio.to_thread(asked)

    async def holders(self) -> dict[str, Holder]:
        """Who holds which drill."""
        return dict(await self.ask(holders))

    async def holder(self, drill: str) -> Node | None:
        """The server that holds a drill."""
        found = (await self.holders()).get(drill)
        return next((node for node in self.nodes if found is not None and node.url == found.url), None)

    async def held(self, drill: str, but: Node | None = None, seconds: float = SOON) -> Node:
        """Wait until a server holds a drill, other than one."""
        async with asyncio.timeout(seconds):
            while (node := await self.holder(drill)) is None or node is but:
                await asyncio.sleep(0.02)
            return node

    def logs(self, drills: Sequence[str]) -> dict[str, list[Event]]:
        """What the database holds of drills in the end."""
        store = Store(self.database)
        try:
            found = {}
            for drill in drills:
                log = store.log(drill).result(SOON)
                assert log is not None
                found[drill] = list(log.events)
            return found
        finally:
            store.close()


# -- people ------------------------------------------------------------------------------------------------------------


@dataclass
class Client:
    """Somebody who acts through any server, and sends again what they had no answer to."""

    fleet: Fleet
    drill: str
    who: str
    rng: random.Random
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    done: dict[str, int | None] = field(default_factory=dict)
    """The acts that were answered, and the place of the event that each became, if the answer said so."""
    sent_again: int = 0
    told: int = 0
    """How often somebody was told to try again."""
    patience: float = 3.0
    """Seconds after which they try another server."""

    async def come_in(self, http: httpx.AsyncClient, node: Node) -> None:
        """Exchange the link for a cookie."""
        answer = await http.get(f"{node.url}/join/{self.fleet.tokens[self.drill][self.who]}")
        assert answer.status_code == 303, answer.text
        self.cookies = httpx.Cookies(answer.cookies)
        if self.who == "facilitator":
            said = {"X-Drillroom": "1", "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
            named = await http.post(f"{node.url}/d/{self.drill}/name", data={"name": "Fay Lead"}, headers=said)
            assert named.status_code == 303, named.text
        http.cookies.clear()

    async def run(self, http: httpx.AsyncClient, every: float) -> None:
        """Act again and again, until all is over."""
        count = 0
        while not self.fleet.over:
            count += 1
            await self.act(http, f"{self.who}-{count}")
            if self.rng.random() < 0.1:
                await self.act(http, self.rng.choice(list(self.done)))
            await asyncio.sleep(self.rng.uniform(0.5, 1.5) * every)

    async def act(self, http: httpx.AsyncClient, name: str) -> None:
        """Act once, however often that must be sent."""
        first = True
        async with asyncio.timeout(SOON):
            while not await self.sent(http, self.rng.choice(self.fleet.nodes), name):
                self.sent_again += first
                first = False
                await asyncio.sleep(0.1)

    async def sent(self, http: httpx.AsyncClient, node: Node, name: str) -> bool:
        """Send an act to a server; whether it was answered."""
        body = {"id": name, "say": f"/log What {name} has to say." if self.who != "facilitator" else f"/note {name}."}
        headers = {"X-Drillroom": "1", "Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        url = f"{node.url}/api/drills/{self.drill}/acts"
        try:
            answer = await http.post(url, json=body, headers=headers, timeout=self.patience)
        except httpx.TransportError:
            return False
        if answer.status_code in (429, 502, 503, 504):  # the others are a proxy's
            self.told += 1
            return False
        assert answer.status_code == 200, (answer.status_code, answer.text)
        places = [event["seq"] for event in answer.json()["events"]]
        if name in self.done:
            assert places == [], "it was applied twice"
        self.done[name] = self.done.get(name) if not places else places[0]
        return True

    def check(self, events: list[Event]) -> None:
        """That what they were told is what the log holds."""
        by_act = {event.act: event for event in events if event.actor == self.who and event.act is not None}
        assert len(by_act) == sum(event.actor == self.who and event.act is not None for event in events)
        for name, place in self.done.items():
            assert place in (None, by_act[name].seq)
        assert set(by_act) == set(self.done)


@dataclass
class Listener:
    """A browser's stream, which comes back to any server with the number of the last event that it has."""

    client: Client
    seen: list[dict[str, Any]] = field(default_factory=list)
    came_back: int = 0

    async def run(self, http: httpx.AsyncClient) -> None:
        """Listen until all is over."""
        while not self.client.fleet.over:
            self.came_back += 1
            await self.listen(http, self.client.rng.choice(self.client.fleet.nodes))
            await asyncio.sleep(0.05)

    async def listen(self, http: httpx.AsyncClient, node: Node) -> None:
        """Listen at a server until the stream ends, or says nothing for too long."""
        last = self.seen[-1]["seq"] if self.seen else -1
        cookie = "; ".join(f"{key}={value}" for key, value in self.client.cookies.items())
        headers = {"Last-Event-ID": str(last), "Cookie": cookie}
        url = f"{node.url}/api/drills/{self.client.drill}/stream"
        waiting = b""
        try:
            async with http.stream("GET", url, headers=headers, timeout=httpx.Timeout(8.0)) as answer:
                if answer.status_code != 200:
                    assert answer.status_code in (502, 503, 504), answer.status_code
                    return
                async for data in answer.aiter_raw():
                    *frames, waiting = (waiting + data).split(b"\n\n")
                    for frame in frames:
                        self._frame(frame)
        except httpx.TransportError:
            return

    def _frame(self, frame: bytes) -> None:
        fields = dict(line.split(b": ", 1) for line in frame.split(b"\n") if b": " in line)
        if b"id" in fields and b"event" not in fields:
            self.seen.append(json.loads(fields[b"data"]))

    def check(self, events: list[Event]) -> None:
        """Each event once and in order, whichever server it came from."""
        assert [seen["seq"] for seen in self.seen] == list(range(len(self.seen)))
        for seen in self.seen:
            kept = json.loads(msgspec.json.encode(events[seen["seq"]]))
            assert seen | kept == seen
