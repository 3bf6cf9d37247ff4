"""A live drill: a driver by the clock on the wall, whose events are stored before anybody is told of them.

Everything here runs in one event loop. What is due happens first, then somebody's act; the events of both go to the
store together, and listeners and the one who acted hear of them after the commit. If the store fails, what is in memory
is thrown away and made again of what is stored; drill time stands still until it takes writes again.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from drills.store import Store, StoreError
from simulator import events as ev
from simulator.acts import Act
from simulator.clock import WallClock
from simulator.driver import Driver, Participants
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.players import Cast
from simulator.state import DrillState

__all__ = ["Listener", "LiveDrill"]

Listener = Callable[[Sequence[Event]], None]
"""Is told of events that are stored, in their order."""

LONGEST_SLEEP = 3600.0
"""Seconds after which a drill looks again whether something is due, however far away it seems."""
RETRY = 2.0
"""Seconds between attempts to write after the store has failed."""
_DOWN = "the server was down"
_UNSTORED = "the database did not take what happened"


def _now() -> datetime:
    return datetime.now(UTC)


class LiveDrill:
    """One drill while it runs. Made by `start` or `resume`."""

    def __init__(self, store: Store, plan: DrillPlan, names: Mapping[str, str], pace: float) -> None:
        self.id = plan.drill
        self.plan = plan
        self.names = names
        """What papers and pages call each id."""
        self.store = store
        self.clock = WallClock(0, pace)
        self.pace = pace
        self.fault: str | None = None
        """Why the store does not take anything at present, if so."""
        self.listeners: list[Listener] = []
        self._driver: Driver
        self._sent = 0
        """How many events have been handed to the store."""
        self._stored = 0
        """How many of them are committed."""
        self._life = 0
        """How often memory has been thrown away; what a commit brings of an earlier life counts no more."""
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    # -- beginning and going on ----------------------------------------------------------------------------------------

    @classmethod
    async def start(cls, store: Store, plan: DrillPlan, names: Mapping[str, str], pace: float = 1.0) -> "LiveDrill":
        """Begin a drill now. Raises StoreError if its beginning cannot be stored."""
        drill = cls(store, plan, names, pace)
        drill._driver = Driver.start(plan, drill._participants(), drill.clock)
        drill._happen()
        await drill._commit()
        drill._run()
        return drill

    @classmethod
    async def resume(
        cls,
        store: Store,
        plan: DrillPlan,
        names: Mapping[str, str],
        alive: tuple[int, datetime] | None,
        pace: float = 1.0,
    ) -> "LiveDrill":
        """Go on with a drill from its stored events. `alive` is the drill time and the instant last heard of it."""
        drill = cls(store, plan, names, pace)
        drill._recall()
        last = drill.events[-1]
        at, since = max((last.at, last.wall), alive or (0, last.wall))
        drill._interrupted(max(at, drill.state.at), since, _DOWN)
        await drill._commit()
        drill._run()
        return drill

    def _participants(self) -> list[Participants]:
        simulated = any(seat.kind == "simulated" for seat in self.plan.seats.values())
        return [Cast(self.plan)] if simulated else []

    def _recall(self) -> None:
        """Make memory anew of what is stored."""
        events = self.store.events(self.id)
        self._driver = Driver.resume(self.plan, events, self._participants(), self.clock)
        self._sent = self._stored = len(events)
        self._life += 1

    def _interrupted(self, at: int, since: datetime, reason: str) -> None:
        """Go on at a drill time, after it stood still since an instant by nobody's wish."""
        self._driver.engine.interrupt(at, since, _now(), reason)
        self.clock.set(self.state.at)

    def _run(self) -> None:
        self._task = asyncio.create_task(self._keep_time(), name=f"drill {self.id}")

    async def close(self) -> None:
        """Stop driving. What was stored can be resumed."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    # -- what it is ----------------------------------------------------------------------------------------------------

    @property
    def state(self) -> DrillState:
        """The state after everything in memory, also what is not stored yet: for deciding, never for telling."""
        return self._driver.engine.state

    @property
    def events(self) -> Sequence[Event]:
        """Everything that happened and is stored."""
        return self._driver.events[: self._stored]

    @property
    def told(self) -> int:
        """How many events may be told."""
        return self._stored

    @property
    def at(self) -> int:
        """Drill time now."""
        state = self.state
        stands = state.halted or state.finished or self.fault is not None
        return state.at if stands else max(state.at, self.clock.now)

    @property
    def finished(self) -> bool:
        """Whether nothing can happen any more."""
        return self.state.finished

    # -- acting --------------------------------------------------------------------------------------------------------

    async def act(self, act: Act) -> list[Event]:
        """Let somebody act now: the one event it becomes, or none if it was applied before.

        Raises ActRefused, or StoreError when it could not be stored; then it has not happened.
        """
        if self.fault is not None:
            raise StoreError(self.fault)
        self._happen()
        events = self._driver.put(act)
        self._follow_the_clock(events)
        self._happen()
        await self._commit()
        self._wake.set()
        return events

    def _happen(self) -> None:
        """Let everything happen that is due by now."""
        while (due := self._driver.next_due()) is not None and due <= max(self.clock.now, self.state.at):
            seen = len(self._driver.events)
            if not self._driver.step():
                return
            self._follow_the_clock(self._driver.events[seen:])

    def _follow_the_clock(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, ev.DrillResumed | ev.TimeSkipped):
                self.clock.set(self.state.at)

    async def _commit(self) -> None:
        """Store what is new, then tell of it."""
        new, life = self._driver.events[self._sent :], self._life
        if not new:
            return
        self._sent += len(new)
        upto = self._sent
        try:
            await asyncio.wrap_future(self.store.append(self.id, new))
        except StoreError as error:
            if life == self._life:
                self._fail(str(error))
            raise
        if life == self._life and upto > self._stored:
            fresh = self._driver.events[self._stored : upto]
            self._stored = upto
            for listener in list(self.listeners):
                listener(fresh)

    # -- when the store fails ------------------------------------------------------------------------------------------

    def _fail(self, why: str) -> None:
        """Forget what is not stored, and stand still until the store takes writes again."""
        at, since = self.at, _now()
        self.fault = why
        self._recall()
        self._wake.set()
        asyncio.create_task(self._recover(at, since), name=f"recover {self.id}")  # noqa: RUF006 - it ends itself

    async def _recover(self, at: int, since: datetime) -> None:
        while self.fault is not None:
            await asyncio.sleep(RETRY)
            self._recall()
            self._interrupted(max(at, self.state.at), since, _UNSTORED)
            life, new = self._life, self._driver.events[self._sent :]
            self._sent += len(new)
            try:
                await asyncio.wrap_future(self.store.append(self.id, new))
            except StoreError as error:
                self.fault = str(error)
                continue
            if life == self._life:
                self._stored = self._sent
                self.fault = None
                for listener in list(self.listeners):
                    listener(new)
                self._wake.set()

    # -- time ----------------------------------------------------------------------------------------------------------

    async def _keep_time(self) -> None:
        """Let things happen when they are due."""
        while not self.finished:
            due = None if self.fault is not None else self._driver.next_due()
            wait = LONGEST_SLEEP if due is None else min(self.clock.wait(due), LONGEST_SLEEP)
            if wait > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), wait)
                self._wake.clear()
            if self.fault is None:
                self._happen()
                with contextlib.suppress(StoreError):  # `_fail` has seen to it
                    await self._commit()
