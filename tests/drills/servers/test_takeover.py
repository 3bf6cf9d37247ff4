"""A server that is killed, hangs or loses the database: another has its drills within ten seconds, complete."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from drills.live.drill import DOWN
from simulator import events as ev
from tests.drills.servers.fleet import SOON, Client, Fleet, Listener, Node, until
from tests.support.extent import FULL, LONG

TAKEN_OVER = 10.0
"""Seconds within which another server has a drill, as the guide says: that is tested, not how fast the test is."""
Test = Callable[[Fleet, str, Client, httpx.AsyncClient], Awaitable[None]]


def play(folder: Path, database: str, test: Test, *, lease: float | None = None) -> None:
    """Two servers, and a drill in one of them; in the end what its facilitator was told is what the log holds."""

    async def played() -> None:
        fleet = Fleet.of(folder, database, lease=lease)
        [drill] = await fleet.prepare(1)
        try:
            for node in fleet.nodes:
                await fleet.start(node)
            async with httpx.AsyncClient() as http:
                client = Client(fleet, drill, "facilitator", random.Random(1))  # noqa: S311 - no secrets
                await client.come_in(http, fleet.nodes[0])
                await client.act(http, "before")
                await test(fleet, drill, client, http)
                await client.act(http, "after")
        finally:
            await fleet.close()
        client.check(fleet.logs([drill])[drill])

    asyncio.run(played())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP] if FULL else [signal.SIGKILL])
def test_within_ten_seconds_another_goes_on_where_it_stood(tmp_path: Path, postgresql: str, number: int) -> None:
    async def test(fleet: Fleet, drill: str, client: Client, http: httpx.AsyncClient) -> None:
        first = await fleet.held(drill)
        other = next(node for node in fleet.nodes if node is not first)
        before = time.monotonic()
        first.signal(number)
        await fleet.held(drill, but=first)
        await goes_through(client, http, other, "since")
        assert time.monotonic() - before < TAKEN_OVER
        if number == signal.SIGSTOP:
            first.signal(signal.SIGCONT)

    play(tmp_path, postgresql, test)
    check_time(Fleet.of(tmp_path, postgresql).logs(["drill-00"])["drill-00"])


def check_time(events: list[ev.Event]) -> None:
    """Drill time was paused while nobody had the drill, and the log says for how long."""
    pauses = [event for event in events if isinstance(event, ev.DrillPaused)]
    assert [event.reason for event in pauses] == [DOWN] * len(pauses)
    assert len(pauses) >= 2  # before the first server, and between the two
    for pause in pauses:
        after = events[pause.seq + 1]
        assert isinstance(after, ev.DrillResumed)
        assert after.at == pause.at


def test_whoever_wakes_up_again_writes_nothing_and_sends_its_browsers_on(tmp_path: Path, postgresql: str) -> None:
    async def test(fleet: Fleet, drill: str, client: Client, http: httpx.AsyncClient) -> None:
        first = await fleet.held(drill)
        listener = Listener(client)
        client.rng = random.Random(2)  # noqa: S311 - no secrets
        listening = asyncio.create_task(listener.listen(http, first))
        await until(lambda: len(listener.seen) > 0)
        first.signal(signal.SIGSTOP)
        await fleet.held(drill, but=first)
        # While it is stopped, somebody sends it acts, and others go on elsewhere.
        sent = [asyncio.create_task(client.sent(http, first, f"to the first {number}")) for number in range(5)]
        await client.act(http, "elsewhere")
        await asyncio.sleep(0)
        first.signal(signal.SIGCONT)
        await asyncio.wait_for(listening, SOON)
        await goes_through(client, http, first, "through the one that woke up")
        for number, one in enumerate(sent):
            if not await one:
                await client.act(http, f"to the first {number}")
        await until_heard(listener, http, first, len(fleet.logs([drill])[drill]))

    play(tmp_path, postgresql, test, lease=2.0)
    assert "lost to another server" in (tmp_path / "log.jsonl").read_text(encoding="utf-8")


async def goes_through(client: Client, http: httpx.AsyncClient, node: Node, name: str) -> None:
    """Act through one server alone, as often as that must be tried."""
    async with asyncio.timeout(SOON):
        while not await client.sent(http, node, name):
            await asyncio.sleep(0.05)


async def until_heard(listener: Listener, http: httpx.AsyncClient, node: Node, count: int) -> None:
    """Listen on at a server until so many events were heard, each once."""
    listening = asyncio.create_task(listener.listen(http, node))
    await until(lambda: len(listener.seen) >= count)
    listening.cancel()
    assert [seen["seq"] for seen in listener.seen] == list(range(len(listener.seen)))


def test_a_server_that_ends_in_good_order_hands_its_drills_over_at_once(tmp_path: Path, postgresql: str) -> None:
    async def test(fleet: Fleet, drill: str, client: Client, http: httpx.AsyncClient) -> None:
        first = await fleet.held(drill)
        assert await first.end(signal.SIGTERM) == 0
        ended = time.monotonic()
        other = await fleet.held(drill, but=first)
        assert time.monotonic() - ended < 3, "it did not wait for the lease to run out"
        await goes_through(client, http, other, "at the other")

    play(tmp_path, postgresql, test)


# -- the database cut off ----------------------------------------------------------------------------------------------


class Cut:
    """A way to the database that can be cut."""

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._open: set[asyncio.StreamWriter] = set()
        self.cut = False
        self.port = 0

    async def begin(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.close()
            return
        there, to = await asyncio.open_unix_connection(self._socket)
        self._open |= {writer, to}
        await asyncio.gather(self._copy(reader, to), self._copy(there, writer))

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                while self.cut:  # what was on its way stays there
                    await asyncio.sleep(0.05)
                writer.write(data)
        except OSError:
            pass
        finally:
            writer.close()

    def repair(self) -> None:
        """Let everything through again; what was open is gone."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()
        self.cut = False

    def end(self) -> None:
        self.repair()
        self._server.close()


@LONG
def test_a_server_that_loses_the_database_loses_its_drills_and_says_so(tmp_path: Path, postgresql: str) -> None:
    """Nothing comes through any more, as when a network is cut: neither an answer nor an error."""
    url = sa.make_url(postgresql)

    async def played() -> None:
        way = Cut(f"{url.query['host']}/.s.PGSQL.5432")
        await way.begin()
        fleet = Fleet.of(tmp_path, postgresql)
        [drill] = await fleet.prepare(1)
        first, other = fleet.nodes
        first.database = url.set(host="127.0.0.1", port=way.port, query={}).render_as_string(hide_password=False)
        try:
            for node in fleet.nodes:
                await fleet.start(node)
            assert await fleet.held(drill) is first
            async with httpx.AsyncClient() as http:
                client = Client(fleet, drill, "facilitator", random.Random(1))  # noqa: S311 - no secrets
                await client.come_in(http, other)
                assert await client.sent(http, first, "before")
                before = time.monotonic()
                way.cut = True
                lost = asyncio.create_task(client.sent(http, first, "into the dark"))
                assert await fleet.held(drill, but=first) is other
                await goes_through(client, http, other, "at the other")
                assert time.monotonic() - before < TAKEN_OVER
                assert not await lost
                answer = await http.get(f"{first.url}/health", timeout=SOON)
                assert (answer.status_code, answer.json()["ok"]) == (503, False)
                way.repair()
                await client.act(http, "into the dark")
                await goes_through(client, http, first, "through the first again")
                assert await fleet.held(drill) is other
        finally:
            way.repair()
            await fleet.close()
            way.end()
        client.check(fleet.logs([drill])[drill])

    asyncio.run(played())


# -- clocks ------------------------------------------------------------------------------------------------------------

OFF = """
import datetime, sys, time
real_time, real_datetime = time.time, datetime.datetime
time.time = lambda: real_time() + {hours} * 3600
class Off(real_datetime):
    fromisoformat = staticmethod(real_datetime.fromisoformat)
    @classmethod
    def now(cls, tz=None):
        return real_datetime.now(tz) + datetime.timedelta(hours={hours})
for name, module in list(sys.modules.items()):
    if name.startswith(("drills.", "simulator.")) and getattr(module, "datetime", None) is real_datetime:
        module.datetime = Off
"""
"""Sets the clock of a server's process, and of nothing else."""


@LONG
@pytest.mark.parametrize("hours", [1, -1])
def test_a_server_whose_clock_is_an_hour_off_neither_takes_a_drill_too_early_nor_keeps_one(
    tmp_path: Path, postgresql: str, hours: int
) -> None:
    async def played() -> None:
        fleet = Fleet.of(tmp_path, postgresql, lease=3.0)
        [drill] = await fleet.prepare(1)
        right, wrong = fleet.nodes
        try:
            await fleet.start(right)
            assert await fleet.held(drill) is right
            await fleet.start(wrong, OFF.format(hours=hours))
            async with httpx.AsyncClient() as http:
                client = Client(fleet, drill, "facilitator", random.Random(1))  # noqa: S311 - no secrets
                await client.come_in(http, right)
                for number in range(20):  # two seconds: it looks for free drills eight times meanwhile
                    await client.act(http, f"act {number}")
                    assert await fleet.holder(drill) is right
                    await asyncio.sleep(0.1)
                await right.end(signal.SIGKILL)
                assert await fleet.held(drill, but=right) is wrong
                await client.act(http, "at the wrong one")
                await fleet.start(right)
                for number in range(10):
                    await client.act(http, f"again {number}")
                    assert await fleet.holder(drill) is wrong
                    await asyncio.sleep(0.1)
        finally:
            await fleet.close()
        client.check(fleet.logs([drill])[drill])

    asyncio.run(played())
