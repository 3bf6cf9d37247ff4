"""A live drill whose clock a test moves by hand, on a store that a test can let fail."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from drills.live.drill import LiveDrill
from drills.records.future import Promise
from drills.records.schema import EVENTS, TEXTS
from drills.records.store import DrillRow, Store
from simulator.acts import Act, ActRefused
from simulator.clock import WallClock
from simulator.events import Event
from simulator.kinds import DECODER
from simulator.plan import DrillPlan
from simulator.syntax import parse

__all__ = ["SOON", "Hand", "Stage", "breaking", "events_of", "on_stage", "run"]

SOON = 30
"""Seconds within which everything that is waited for happens many times over."""


def events_of(store: Store, drill: str) -> Promise[list[Event]]:
    """The events of a drill as their rows and texts say, whether or not they make a whole log."""

    def ask(connection: sa.Connection) -> list[Event]:
        texts: dict[int, dict[str, str]] = {}
        for row in connection.execute(sa.select(TEXTS).where(TEXTS.c.drill == drill)):
            texts.setdefault(row.seq, {})[row.field] = row.text
        lines = connection.execute(sa.select(EVENTS.c.data).where(EVENTS.c.drill == drill).order_by(EVENTS.c.seq))
        found = [DECODER.decode(line) for line in lines.scalars()]
        return [msgspec.structs.replace(event, **texts.get(event.seq, {})) for event in found]

    return store.read(ask)


class Hand:
    """A steady clock, and what the machine's clock shows, both moved by hand."""

    def __init__(self, start: datetime) -> None:
        self.passed = 0.0
        """Seconds."""
        self.start = start
        self.set_by = timedelta()
        """How far somebody has set the machine's clock."""

    def clock(self, at: int = 0) -> WallClock:
        return WallClock(at, 1.0, lambda: self.passed, self.instant)

    def instant(self) -> datetime:
        return self.start + timedelta(seconds=round(self.passed, 6)) + self.set_by


class Stage:
    """A live drill, and what was heard of it."""

    def __init__(self, store: Store, live: LiveDrill, hand: Hand) -> None:
        self.store = store
        self.live = live
        self.hand = hand
        self.heard: list[Event] = list(live.events)
        """What listeners were told, and before that what was stored already."""
        live.listeners.append(self.heard.extend)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.heard]

    async def stored(self) -> list[Event]:
        return await events_of(self.store, self.live.id)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(SOON):
            while not holds():
                await asyncio.sleep(0.0005)

    def _at_rest(self) -> bool:
        live = self.live
        due = live._driver.next_due()
        waits = live._sent != live._stored or live._sent != len(live._driver.events)
        return live.fault is not None or not (waits or (due is not None and due <= live.clock.now))

    async def settled(self) -> None:
        """Wait until everything due has happened and is stored, or the store has failed."""
        self.live.look()
        await self.until(self._at_rest)

    async def jump(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self.hand.passed += seconds
        await self.settled()

    async def to(self, seconds: float) -> None:
        """Let time pass until so many seconds after the start, each thing happening when it is due."""
        while (due := self.live._driver.next_due()) is not None and self.live.fault is None:
            wait = self.live.clock.wait(due)
            if self.hand.passed + wait > seconds + 1e-9:
                break
            self.hand.passed += wait
            await self.settled()
        self.hand.passed = max(seconds, self.hand.passed)

    async def act(self, act: Act) -> Event | None:
        """The event that an act becomes; nothing if it was applied before."""
        events = await asyncio.wait_for(self.live.act(act), SOON)
        return events[0] if events else None

    async def says(self, who: str, text: str, act: str | None = None) -> Event | None:
        return await self.act(parse(text, who, act))

    async def refusal(self, who: str, text: str) -> str:
        try:
            await self.says(who, text)
        except ActRefused as refused:
            return str(refused)
        raise AssertionError("it was not refused")

    async def again(self, alive: tuple[int, datetime] | None = None, down: float = 0.0) -> "Stage":
        """The same drill after a restart of the server."""
        await self.live.close()
        self.hand.passed += down
        live = await LiveDrill.resume(self.store, await self.live.log(), {}, alive, 1.0, self.hand.clock())
        return Stage(self.store, live, self.hand)


async def begin(store: Store, plan: DrillPlan) -> Stage:
    row = DrillRow(plan.drill, "drill", "lobby", datetime.now(UTC).isoformat(), "{}")
    await store.add_drill(row)
    hand = Hand(plan.start)
    return Stage(store, await LiveDrill.start(store, plan, {}, 1.0, hand.clock()), hand)


@contextlib.asynccontextmanager
async def on_stage(store: Store, plan: DrillPlan, events: Sequence[Event] = ()) -> AsyncIterator[Stage]:
    """A drill that begins; or one that goes on after some events."""
    if not events:
        stage = await begin(store, plan)
    else:
        await store.add_drill(DrillRow(plan.drill, "drill", "lobby", datetime.now(UTC).isoformat(), "{}"))
        await store.begin(plan, events)
        log, hand = await store.log(plan.drill), Hand(plan.start)
        assert log is not None
        stage = Stage(store, await LiveDrill.resume(store, log, {}, None, 1.0, hand.clock()), hand)
    try:
        yield stage
    finally:
        await stage.live.close()


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a test in an event loop of its own."""
    asyncio.run(asyncio.wait_for(test, 4 * SOON))


class breaking:  # noqa: N801 - reads as what it does: `with breaking(store): …`
    """While this holds, no commit of a store succeeds; `lately`, it succeeds and says that it has not."""

    def __init__(self, store: Store, how: Literal["at once", "lately"] = "at once") -> None:
        self._store = store
        self._how = how
        self.failed = 0

    def _fails(self, connection: sa.Connection) -> None:
        self.failed += 1
        if self._how == "lately":
            connection.exec_driver_sql("COMMIT")
        raise sa.exc.OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    def __enter__(self) -> "breaking":
        sa.event.listen(self._store._writes, "commit", self._fails)
        return self

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self._store._writes, "commit", self._fails)
