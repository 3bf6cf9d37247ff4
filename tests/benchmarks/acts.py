"""Durable acts: how many a second the store takes, and how soon each is answered.

At the store's level against SQLAlchemy in the same process, committing each act alone in one thread that never waits
for a lock. Through HTTP at a steady 500 a second, counted from the moment each was meant for.
"""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from statistics import median

import msgspec
import sqlalchemy as sa
import uvloop

from drills.records.store import DrillRow, Store, StoreError
from simulator.events import MessagePosted
from tests.benchmarks.room import Row, browsers_of
from tests.support.browsers import Loop, percentile
from tests.support.load import act_at
from tests.support.serving import a_room

CLIENTS, ACTS, ROUNDS = 64, 6_400, 5
RATE, SECONDS = 500, 8.0
SYNCING = """
import os, time
late = []
file = os.open({path!r}, os.O_CREAT | os.O_WRONLY)
end = time.monotonic() + {seconds}
while time.monotonic() < end:
    due = time.monotonic() + 0.01
    time.sleep(0.01)
    os.pwrite(file, bytes(4096), 0)
    os.fdatasync(file)
    late.append((time.monotonic() - due) * 1000)
print(sorted(late)[int(len(late) * 0.99)])
"""
"""Says how late somebody is who only waits, writes and syncs, on the same machine and disk at the same time."""

Keep = Callable[[int], Awaitable[object]]
"""Keeps the event of that place, and is done when it is committed."""


def run() -> list[Row]:
    """(label, figure, limit, detail)."""
    return [*_stored(), *_asked(0), *_asked(500)]


# -- the store ---------------------------------------------------------------------------------------------------------


def _event(seq: int) -> MessagePosted:
    text = f"act {seq}: the error rate is still falling, now at 12 % of all requests"
    return MessagePosted(seq, seq * 7, datetime.now(UTC), "ana", act=f"client-{seq}", text=text)


class Alone:
    """The peer: SQLAlchemy with the same settings, one transaction for each act."""

    def __init__(self, path: Path) -> None:
        self._engine = sa.create_engine(f"sqlite:///{path}")
        with self._engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        table = sa.Table(
            "events",
            sa.MetaData(),
            sa.Column("drill", sa.String(64), primary_key=True),
            sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("data", sa.LargeBinary, nullable=False),
        )
        table.create(self._engine)
        self._insert = table.insert()
        self._jobs: SimpleQueue[tuple[int, Future[None]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous=FULL")
            connection.commit()
            while (job := self._jobs.get()) is not None:
                seq, done = job
                row = {"drill": "one", "seq": seq, "data": msgspec.json.encode(_event(seq))}
                connection.execute(self._insert, row)
                connection.commit()
                done.set_result(None)

    def keep(self, seq: int) -> Awaitable[object]:
        done: Future[None] = Future()
        self._jobs.put((seq, done))
        return asyncio.wrap_future(done)

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()


def _stored() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        for number in range(ROUNDS):
            store = Store(Path(folder) / f"ours-{number}.sqlite")
            store.add_drill(DrillRow("one", "drill", "running", "now", "{}")).result()
            ours.append(uvloop.run(_waiting(partial(_kept, store), ACTS)))
            store.close()
            alone = Alone(Path(folder) / f"alone-{number}.sqlite")
            theirs.append(uvloop.run(_waiting(alone.keep, ACTS // 8)))
            alone.close()
        missing = uvloop.run(_checked(Path(folder) / "checked.sqlite"))
    rate, peer = (median(one for one, _ in found) for found in (ours, theirs))
    slow = median(one for _, one in ours)
    return [
        (
            f"durable acts a second / SQLAlchemy alone, {CLIENTS} waiting",
            rate / peer,
            10.0,
            f"at least; {rate:,.0f} against {peer:,.0f}, p99 {slow:.1f} ms",
        ),
        ("acts answered that another connection does not find", float(missing), 0.0, "of 500"),
    ]


def _kept(store: Store, seq: int) -> Awaitable[object]:
    """As a live drill keeps an event."""
    done: asyncio.Future[StoreError | None] = asyncio.get_running_loop().create_future()
    store.keep("one", [_event(seq)], done.set_result)
    return done


async def _waiting(keep: Keep, acts: int) -> tuple[float, float]:
    """Acts a second with so many clients, each waiting for its answer; and the p99 of the answers in milliseconds."""
    places = iter(range(acts))
    taken: list[float] = []

    async def client() -> None:
        for seq in places:
            began = time.perf_counter()
            await keep(seq)
            taken.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return acts / (time.perf_counter() - began), percentile(taken, 0.99)


async def _checked(path: Path) -> int:
    """How many of 500 acts are not there for another connection when they are answered."""
    store = Store(path)
    await store.add_drill(DrillRow("one", "drill", "running", "now", "{}"))
    missing = 0
    with closing(sqlite3.connect(path)) as other:
        for seq in range(500):
            await _kept(store, seq)
            missing += other.execute("SELECT count(*) FROM events WHERE seq = ?", (seq,)).fetchone() != (1,)
    store.close()
    return missing


# -- through HTTP ------------------------------------------------------------------------------------------------------


def _asked(browsers: int) -> list[Row]:
    with a_room(people=500) as served:
        loop = Loop()
        if browsers:
            browsers_of(served, loop, browsers)
        act_at(served, loop, 100, 1)
        worked = served.worked
        beside = [sys.executable, "-c", SYNCING.format(path=f"{served.wanted.database}.beside", seconds=SECONDS)]
        with subprocess.Popen(beside, stdout=subprocess.PIPE) as disk:
            acts = act_at(served, loop, RATE, SECONDS)
            assert disk.stdout is not None
            floor = float(disk.stdout.read())
        worked = (served.worked - worked) / SECONDS
        loop.close()
    late = percentile(acts.late, 0.99) if acts.late else float("inf")
    return [
        (
            f"an act through HTTP at {RATE}/s, {browsers} browsers, p99 ms",
            late,
            250.0,
            f"median {median(acts.late):.0f} ms, answered {acts.answers}, {worked:.0%} of a core; "
            f"a bare write and fsync beside it p99 {floor:.0f} ms",
        )
    ]


if __name__ == "__main__":
    for row in run():
        print(*row)
