"""The driver: engine, participants and a clock, merged into one course of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from simulator.acts import Act, ActRefused
from simulator.clock import Clock
from simulator.engine import Engine
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.state import DrillState

__all__ = ["Driver", "Participants", "Refusal"]


class Participants(Protocol):
    """Some of the participants: simulated players, or the acts of a script. A fold of events, like the engine."""

    def observe(self, event: Event, state: DrillState) -> None:
        """Take in an event; `state` is the state after it."""
        ...

    def next_due(self, halted: bool) -> int | None:
        """Drill time of the next intention; None if there is none, or none while the drill is paused."""
        ...

    def act(self, at: int, state: DrillState) -> Act | None:
        """Carry out the next intention; None if it no longer makes sense."""
        ...

    def catch_up(self, events: Sequence[Event]) -> None:
        """After a resume: drop the intentions that had already been carried out by the end of these events."""
        ...


@dataclass(frozen=True)
class Refusal:
    """An act that was refused."""

    at: int
    """Drill time in milliseconds."""
    act: Act
    why: str
    """The reason, in one sentence."""


class Driver:
    """Runs one drill. What is due comes first, then the participants in order, one act at a time."""

    def __init__(self, plan: DrillPlan, participants: Sequence[Participants], clock: Clock) -> None:
        self.events: list[Event] = []
        """Everything that has happened."""
        self.refused: list[Refusal] = []
        """The participants' acts that were refused."""
        self._participants = participants
        self._clock = clock
        self._told = 0
        """How long drill time has been paused, as far as the clock knows."""
        self.engine = Engine(plan, self._observe)

    @classmethod
    def start(cls, plan: DrillPlan, participants: Sequence[Participants], clock: Clock) -> "Driver":
        """Begin a drill."""
        driver = cls(plan, participants, clock)
        driver.engine, _ = Engine.start(plan, driver._observe)
        return driver

    @classmethod
    def resume(
        cls, plan: DrillPlan, events: Iterable[Event], participants: Sequence[Participants], clock: Clock
    ) -> "Driver":
        """Go on with a drill after these events."""
        driver = cls(plan, participants, clock)
        driver.engine = Engine.resume(plan, events, driver._observe)
        for participant in participants:
            participant.catch_up(driver.events)
        return driver

    def _observe(self, event: Event, state: DrillState) -> None:
        self.events.append(event)
        for participant in self._participants:
            participant.observe(event, state)
        if state.stood != self._told and state.paused_wall is None:
            self._tell(state.stood)

    def _tell(self, stood: int) -> None:
        """Tell the clock for how long in all drill time has been paused while instants ran on."""
        self._clock.stand(stood - self._told)
        self._told = stood

    def run(self) -> None:
        """Go on until nothing is left."""
        while self.step():
            pass

    def next_due(self) -> int | None:
        """Drill time of the next thing that happens by itself, or that a participant means to do."""
        theirs, _ = self._next_intention()
        due = self.engine.next_due()
        return theirs if due is None or (theirs is not None and theirs < due) else due

    def put(self, act: Act) -> list[Event]:
        """Let somebody who is not a participant act now. What is due by now must have happened; raises ActRefused."""
        at = self.engine.state.at
        return self.engine.act(
            act, *((at, self._clock.reach(at)[1]) if self.engine.state.halted else self._clock.reach(at))
        )

    def _next_intention(self) -> tuple[int | None, Participants | None]:
        theirs, whose = None, None
        halted = self.engine.state.paused_wall is not None
        for participant in self._participants:
            mine = participant.next_due(halted)
            if mine is not None and (theirs is None or mine < theirs):
                theirs, whose = mine, participant
        return theirs, whose

    def step(self) -> bool:
        """Let the next thing happen: what is due, or one participant's intention. False when there is none."""
        engine = self.engine
        state = engine.state
        due = engine.next_due()
        halted = state.paused_wall is not None
        theirs, whose = self._next_intention()
        # What was meant for a skipped time happens now, and so comes after what is due now.
        if due is not None and (theirs is None or due <= theirs or due <= state.at):
            at = due if due > state.at else state.at
            engine.advance(*self._clock.reach(at))
            return True
        if theirs is None or whose is None:
            return False
        at = theirs if theirs > state.at else state.at
        if halted:
            self._tell(state.stood + at - state.at)
            at = state.at
        act = whose.act(at, state)
        if act is not None:
            try:
                engine.act(act, *((at, self._clock.reach(at)[1]) if halted else self._clock.reach(at)))
            except ActRefused as refusal:
                self.refused.append(Refusal(at, act, str(refusal)))
        return True
