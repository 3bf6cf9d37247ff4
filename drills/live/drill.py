"""A live drill: a driver in real time, whose events are stored before anybody is told of them.

Everything here runs in one event loop. What is due happens first, then somebody's act; the events of both go to the
store together, and listeners and the one who acted hear of them after the commit. If the store fails, what is in memory
is thrown away and rebuilt from what is stored; drill time is paused until it takes writes again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from drills.records.leases import LeaseLostError
from drills.records.store import Store, StoreError
from simulator import events as ev
from simulator.acts import Act, ActRefused
from simulator.clock import WallClock
from simulator.driver import Driver, Participants
from simulator.events import Event
from simulator.folds import apply
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.players.cast import Cast
from simulator.state import DrillState

__all__ = ["Listener", "LiveDrill"]

Listener = Callable[[Sequence[Event]], None]
"""Called with stored events, in order."""

LONGEST_SLEEP = 3600.0
"""Seconds after which a drill checks again whether something is due, however far away it seems."""
RETRY = 2.0
"""Seconds between attempts to write after the store has failed."""
DOWN = "the server was down"
UNSTORED = "the database did not take what happened"
"""Why drill time was paused without anybody asking for it, as the log says it."""
_BROKEN = "an error in the program has stopped this drill; the server's log says more, and a restart may help"
_log = logging.getLogger("drillroom.drills")


class LiveDrill:
    """One drill while it runs. Made by `start` or `resume`."""

    def __init__(
        self, store: Store, plan: DrillPlan, names: Mapping[str, str], pace: float, clock: WallClock | None = None
    ) -> None:
        self.id = plan.drill
        self.plan = plan
        self.names = names
        """The name of each id in papers and pages."""
        self.store = store
        self.clock = clock or WallClock(0, pace)
        self.pace = pace
        self.fault: str | None = None
        """Why the store takes no writes at present, if it does not."""
        self.state = DrillState(plan)
        """The state after everything that is stored: what others may be told. Decisions use the state in memory."""
        self.listeners: list[Listener] = []
        self.losing: list[Callable[[], None]] = []
        """Called when another server has taken the drill over."""
        self.lost = False
        """Whether another server has taken it over; then nothing more happens here."""
        self._driver: Driver
        self._sent = 0
        """How many events have been handed to the store."""
        self._stored = 0
        """How many of them are committed."""
        self._last: asyncio.Future[StoreError | None] | None = None
        """Done when the last work handed to the store is committed, or is known not to be."""
        self._waiting: set[asyncio.Future[StoreError | None]] = set()
        """All of those that are not done."""
        self._life = 0
        """How often memory has been thrown away; what the store says about an earlier life no longer counts."""
        self._phase: str | None = None
        """The phase that was handed to the store last."""
        self._stands = 0
        """The drill time at which it is paused during a fault."""
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    # -- beginning and going on ----------------------------------------------------------------------------------------

    @classmethod
    async def start(
        cls,
        store: Store,
        plan: DrillPlan,
        names: Mapping[str, str],
        pace: float = 1.0,
        clock: WallClock | None = None,
    ) -> "LiveDrill":
        """Begin a drill now. Its plan and what happens at once are stored together; raises StoreError if they are not.

        The drill's row must exist.
        """
        drill = cls(store, plan, names, pace, clock)
        drill._driver = Driver.start(plan, drill._participants(), drill.clock)
        with drill._moment():
            drill._happen()
        first = list(drill._driver.events)
        drill._phase = drill._driver.engine.state.phase
        await store.begin(plan, first, phase=drill._phase)
        drill._sent = len(first)
        drill._tell(len(first))
        drill._run(drill._keep_time())
        return drill

    @classmethod
    async def resume(
        cls,
        store: Store,
        log: DrillLog,
        names: Mapping[str, str],
        alive: tuple[int, datetime] | None,
        pace: float = 1.0,
        clock: WallClock | None = None,
    ) -> "LiveDrill":
        """Go on with a drill from its stored log. `alive`: drill time and instant when it was last known to run."""
        drill = cls(store, log.plan, names, pace, clock)
        drill._remember(log.events)
        drill._tell(len(log.events))
        last = drill.events[-1]
        at, since = max((last.at, last.wall), alive or (0, last.wall))
        drill._interrupted(at, since, DOWN)
        with contextlib.suppress(StoreError):  # `_fail` has seen to it
            await drill._commit()
        drill._run(drill._keep_time())
        return drill

    def _participants(self) -> list[Participants]:
        simulated = any(seat.kind == "simulated" for seat in self.plan.seats.values())
        return [Cast(self.plan)] if simulated else []

    def _remember(self, events: Iterable[Event]) -> None:
        """Rebuild memory from what is stored."""
        self._driver = Driver.resume(self.plan, events, self._participants(), self.clock)
        self._sent = len(self._driver.events)
        self._last = self._phase = None
        self._life += 1

    def _interrupted(self, at: int, since: datetime, reason: str) -> None:
        """Go on at a drill time, after a pause since an instant that nobody asked for."""
        engine = self._driver.engine
        engine.interrupt(max(at, engine.state.at), since, self.clock.instant(), reason)
        self.clock.set(engine.state.at)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(work, name=f"drill {self.id}"))

    async def close(self) -> None:
        """Stop driving. What was stored can be resumed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._last is not None:
            await self._last

    def lose(self, why: StoreError) -> None:
        """Stop driving at once: another server has the drill. What is not stored yet never will be."""
        if self.lost:
            return
        self.lost, self._stands = True, self.at
        self.fault = str(why)
        self._life += 1
        for task in self._tasks:
            task.cancel()
        self._answer_all(why)
        for tell in self.losing:
            tell()

    def _answer_all(self, why: StoreError) -> None:
        """Tell everybody who waits for the store that it failed."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(why)
        self._waiting.clear()

    # -- what it is ----------------------------------------------------------------------------------------------------

    @property
    def events(self) -> Sequence[Event]:
        """Everything that happened and is stored."""
        return self._driver.events[: self._stored]

    async def log(self) -> DrillLog:
        """Everything stored, as it was sealed. Raises StoreError."""
        log = await self.store.log(self.id)
        if log is None:
            raise StoreError(f"nothing is stored of {self.id}")
        return log

    @property
    def told(self) -> int:
        """How many events others may be told."""
        return self._stored

    @property
    def at(self) -> int:
        """Drill time now."""
        state = self.state
        if self.fault is not None:
            return self._stands
        return state.at if state.halted or state.finished else max(state.at, self.clock.now)

    @property
    def alive(self) -> tuple[int, str] | None:
        """What to note in case the server is killed; None while it is not certain what is stored."""
        if self.fault is not None or self._sent != self._stored:
            return None
        return self.at, self.clock.instant().isoformat()

    @property
    def finished(self) -> bool:
        """Whether nothing can happen any more."""
        return self.state.finished

    # -- acting --------------------------------------------------------------------------------------------------------

    async def act(self, act: Act) -> list[Event]:
        """Let somebody act now: the one event it becomes, or none if it was applied before.

        Raises ActRefused, or StoreError when it could not be stored; then it has not happened. Whatever the answer is,
        everything it depends on is stored.
        """
        if self.fault is not None:
            raise StoreError(self.fault)
        events: list[Event] = []
        refusal: ActRefused | None = None
        with self._moment():
            self._happen()
            try:
                events = self._put(act)
            except ActRefused as refused:
                refusal = refused
            self._happen()
        self._wake.set()
        await self._commit()
        if refusal is not None:
            raise refusal
        return events

    @contextlib.contextmanager
    def _moment(self) -> Iterator[None]:
        """Everything inside happens at one moment. A bug stops this drill and nothing else."""
        self.clock.held = max(self.clock.now, self._driver.engine.state.at)
        try:
            yield
        except Exception as error:
            self._break()
            raise StoreError(_BROKEN) from error
        finally:
            self.clock.held = None

    def _happen(self) -> None:
        """Let everything that is due happen.

        A player who acts later than intended still acts before what is due next.
        """
        driver, clock = self._driver, self.clock
        engine, now = driver.engine, clock.now
        while (due := driver.next_due()) is not None and due <= now:
            ahead = engine.next_due()
            players_turn = ahead is not None and due < ahead and engine.state.at < ahead
            clock.held = min(now, ahead - 1) if players_turn and ahead is not None else now
            driver.step()
        clock.held = now

    def _put(self, act: Act) -> list[Event]:
        state = self._driver.engine.state
        halted = state.halted
        try:
            events = self._driver.put(act)
        except ActRefused:
            raise
        except Exception as error:
            if state.seq != len(self._driver.events):
                raise  # it was half done
            _log.exception("act failed", extra={"fields": {"drill": self.id, "act": type(act).__name__}})
            raise ActRefused("something went wrong with that; the server's log says what") from error
        if (halted and not state.halted) or any(isinstance(event, ev.TimeSkipped) for event in events):
            self.clock.set(state.at)
        return events

    # -- storing, then telling -----------------------------------------------------------------------------------------

    def _hand_over(self) -> None:
        """Give the store what is new."""
        new = self._driver.events[self._sent :]
        if not new:
            return
        self._sent += len(new)
        self._last = asyncio.get_running_loop().create_future()
        self._waiting.add(self._last)
        over = any(isinstance(event, ev.FollowUpClosed) for event in new)
        values: dict[str, str | None] = {"state": "closed"} if over else {}
        phase = self._driver.engine.state.phase
        if phase != self._phase:
            self._phase = values["phase"] = phase
        self.store.keep(self.id, new, partial(self._answered, self._sent, self._life, self._last), **values)

    async def _commit(self) -> None:
        """Have everything in memory stored; raises StoreError if it was not."""
        self._hand_over()
        if self._last is not None and (failure := await asyncio.shield(self._last)) is not None:
            raise failure

    def _answered(
        self, upto: int, life: int, waiting: "asyncio.Future[StoreError | None]", failure: StoreError | None
    ) -> None:
        """The store has written what it was given, or has failed."""
        if isinstance(failure, LeaseLostError):
            self.lose(failure)
        elif life == self._life and failure is None:
            self._tell(upto)
        elif life == self._life and failure is not None and self.fault is None:
            self._fail(str(failure))
        self._waiting.discard(waiting)
        if not waiting.done():
            waiting.set_result(failure)

    def _tell(self, upto: int) -> None:
        fresh = self._driver.events[self._stored : upto]
        self._stored = upto
        for event in fresh:
            apply(self.state, event)
        for listener in list(self.listeners):
            try:
                listener(fresh)
            except Exception:  # noqa: BLE001 - it is stored, and the others must hear of it
                _log.exception("listener failed", extra={"fields": {"drill": self.id}})

    # -- when something fails ------------------------------------------------------------------------------------------

    def _fail(self, why: str) -> None:
        """Forget what is not stored, and pause from the first of it on, until the store takes writes again."""
        first = self._driver.events[self._stored]
        _log.error("not stored", extra={"fields": {"drill": self.id, "why": why}})
        self._forget(first.at, why)
        self._run(self._recover(first.at, first.wall))

    def stall(self, why: str) -> None:
        """Pause, as when the store fails, because it does not answer. What it was given may still get stored."""
        if self.fault is not None or self._sent == self._stored:
            return
        self._fail(why)
        self._answer_all(StoreError(why))

    def _break(self) -> None:
        """Like `_fail`, for a bug in the program: at best a restart helps."""
        _log.exception("drill broke", extra={"fields": {"drill": self.id}})
        self._forget(self.at, _BROKEN)

    def _forget(self, at: int, why: str) -> None:
        self._stands = max(at, self.state.at)
        self.fault = why
        self._remember(self.events)
        self._wake.set()

    async def _recover(self, at: int, since: datetime) -> None:
        """Try to write until it works; then the log says for how long it did not."""
        while self.fault is not None and not self.lost:
            await asyncio.sleep(RETRY)
            try:
                await self._read_again()
                self._interrupted(at, since, UNSTORED)
                await self._commit()
                await self.store.note_alive([(self.id, at, self.clock.instant().isoformat())])
            except LeaseLostError:
                return
            except StoreError as error:
                self.fault = str(error)
            else:
                self.fault = None
        _log.info("stored again", extra={"fields": {"drill": self.id}})
        self._wake.set()

    async def _read_again(self) -> None:
        """What is stored, which may be more than the store reported, if it failed during the commit."""
        log = await self.store.log(self.id)
        stored = () if log is None else log.events
        if len(stored) < self._stored:
            raise StoreError("the database has lost what it had taken; give it back, or stop the server")
        self._remember(stored)
        self._tell(len(stored))

    # -- time ----------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Check now whether something is due: for callers that move the clock by hand."""
        self._wake.set()

    async def _keep_time(self) -> None:
        """Let things happen when they are due."""
        loop = asyncio.get_running_loop()
        while not self.finished:
            due = None if self.fault is not None else self._driver.next_due()
            wait = LONGEST_SLEEP if due is None else min(self.clock.wait(due), LONGEST_SLEEP)
            timer = loop.call_later(wait, self._wake.set)
            try:
                await self._wake.wait()
            finally:
                timer.cancel()
            self._wake.clear()
            if self.fault is None:
                with contextlib.suppress(StoreError), self._moment():  # `_break` has seen to it
                    self._happen()
                self._hand_over()
