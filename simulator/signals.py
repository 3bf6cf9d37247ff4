"""What the simulated systems show at a moment: a function of the plan and of what has happened."""

from bisect import insort_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scenarios.placeholders import fill
from scenarios.scenario import Action, Effect, Level, Option, Point, Signal
from simulator import events as ev
from simulator.customers import WAITING, Crowd
from simulator.draws import normal
from simulator.events import Event
from simulator.harm import effect_of
from simulator.plan import DrillPlan

__all__ = ["SignalHistory", "level_of"]

READING = 5_000
"""How long a reading lasts, in milliseconds."""
EASED = 0.5
"""How much of the distance from normal to the incident's level remains when the impact is eased (assumed)."""
WORSE = 1.5
"""How much of that distance there is when something made it worse (assumed)."""

_LEAVES: dict[Effect, ev.Impact] = {"eases": "eased", "worsens": "worse"}
"""The impact that an effect brings about; if it is already so, it stays."""


class _Move(NamedTuple):
    at: int
    course: tuple[tuple[int, float], ...]
    """Where it is how many milliseconds later; after the last point it stays."""


def level_of(level: Level, values: dict[str, str | int | float]) -> float:
    """A level as a number, with its names filled; raises ValueError if it is not a number."""
    return float(fill(level, values)) if isinstance(level, str) else float(level)


class SignalHistory:
    """The course of every signal of a drill, made from its events; more can be added as they happen."""

    def __init__(self, plan: DrillPlan, events: Iterable[Event] = ()) -> None:
        self.plan = plan
        self._luck = plan.luck
        self._values: dict[str, str | int | float] = {}
        self._moves: dict[str, list[_Move]] = {}
        self._impact: ev.Impact = "full"
        self._done: set[str] = set()
        customers = plan.scenario.customers
        self._crowd = Crowd(plan, customers) if customers is not None else None
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Take in the next event."""
        scenario = self.plan.scenario
        if self._crowd is not None:
            self._crowd.add(event)
        if isinstance(event, ev.DrillStarted):
            self._values = event.values
            for name, signal in scenario.signals.items():
                self._moves[name] = [_Move(signal.starts, self._rising(signal))]
        elif isinstance(event, ev.ActionFinished):
            self._done.add(event.action)
            self._did(scenario.action(event.action), event.at)
        elif isinstance(event, ev.DecisionMade):
            self._did(scenario.option(event.option), event.at)
        elif isinstance(event, ev.InjectDelivered | ev.FacilitatorTold):
            inject = scenario.inject(event.inject or "") if event.occurrence == 0 else None
            self._move_to(inject.signals if inject else {}, event.at)
        elif isinstance(event, ev.ImpactChanged):
            self._impact = event.impact
            mover = scenario.mover(event.cause)
            # What one of several fixes says about signals holds only until they have ended the impact together.
            apart = isinstance(mover, Action) and (mover.together or mover.settles is not None)
            over = event.impact == "full" or (apart and event.impact == "ended")
            own = {} if mover is None or over else mover.signals
            self._move_to(own, event.at)
            for name, signal in scenario.signals.items():
                self._feel(name, signal, event, name in own)

    def _did(self, mover: Action | Option | None, at: int) -> None:
        """Move what an action says when it is done, or an option when it is chosen, if no change of the impact will."""
        if mover is None:
            return
        if mover.effect == "nothing":
            self._move_to(mover.signals, at)
        elif _LEAVES.get(effect_of(mover, self._done)) == self._impact:
            # The impact stays what it is, so that no change of it will follow.
            self._move_to(mover.signals, at)
            for name in mover.signals:
                self._drop_onset(name, at)

    def value(self, name: str, at: int) -> float:
        """The reading of a signal at a drill time (milliseconds), in the signal's unit.

        If customers wait, `customers_waiting` says how many.
        """
        if name == WAITING and self._crowd is not None:
            return float(self._crowd.waiting(at))
        signal = self.plan.scenario.signals[name]
        level = self._level(name, signal, at)
        if not signal.noise:
            return level
        stray = max(-3.0, min(3.0, normal(self._luck, "signal", name, at // READING)))
        return _possible(signal, level * (1 + stray * signal.noise), level)

    def level(self, name: str, at: int) -> float:
        """The level behind the readings, without noise."""
        return self._level(name, self.plan.scenario.signals[name], at)

    def _after(self, signal: Signal, impact: ev.Impact) -> float:
        usual, incident = level_of(signal.normal, self._values), level_of(signal.incident, self._values)
        share = {"full": 1.0, "eased": EASED, "worse": WORSE, "ended": 0.0}[impact]
        return _possible(signal, usual + (incident - usual) * share, incident)

    def _move_to(self, levels: dict[str, Level], at: int) -> None:
        for name, level in levels.items():
            self._move(name, self.plan.scenario.signals[name], at, level_of(level, self._values))

    def _feel(self, name: str, signal: Signal, event: ev.ImpactChanged, moved: bool) -> None:
        """Follow the impact, unless the action has `moved` the signal itself."""
        level = self._after(signal, event.impact)
        falls = signal.falls if event.impact == "ended" else None
        early = self._drop_onset(name, event.at)  # once it leaves its normal level, it goes where the impact has led
        if not moved and early:
            self._insert(name, _Move(signal.starts, ((signal.onset, level),)))
        elif not moved and falls is not None:
            self._insert(name, _Move(event.at, self._course(falls)))
        elif not moved:
            self._move(name, signal, event.at, level)

    def _rising(self, signal: Signal) -> tuple[tuple[int, float], ...]:
        if signal.rises is not None:
            return self._course(signal.rises)
        return ((signal.onset, level_of(signal.incident, self._values)),)

    def _course(self, points: Sequence[Point]) -> tuple[tuple[int, float], ...]:
        return tuple((point.after, level_of(point.level, self._values)) for point in points)

    def _drop_onset(self, name: str, at: int) -> bool:
        """Cancel that it will leave its normal level, and say whether it was still there."""
        starts = self.plan.scenario.signals[name].starts
        if at >= starts:
            return False
        self._moves[name] = [move for move in self._moves[name] if move.at != starts]
        return True

    def _move(self, name: str, signal: Signal, at: int, level: float) -> None:
        usual = level_of(signal.normal, self._values)
        better = abs(level - usual) < abs(self._level(name, signal, at) - usual)
        self._insert(name, _Move(at, ((signal.recovery if better else signal.onset, level),)))

    def _insert(self, name: str, move: _Move) -> None:
        """Insert a move in order of time: the first one may still be to come."""
        insort_right(self._moves[name], move, key=lambda known: known.at)

    def _level(self, name: str, signal: Signal, at: int) -> float:
        now, before = level_of(signal.normal, self._values), None
        for move in self._moves[name]:
            if move.at > at:
                break
            if before is not None:
                now = _along(now, before.course, move.at - before.at)
            before = move
        return now if before is None else _along(now, before.course, at - before.at)


def _along(start: float, course: Sequence[tuple[int, float]], passed: int) -> float:
    """Where somebody is who goes from a level through the points of a course, in straight lines."""
    since = 0
    for after, level in course:
        if passed < after:
            return _between(start, level, passed - since, after - since)
        start, since = level, after
    return start


def _between(start: float, target: float, passed: int, lasts: int) -> float:
    """On the straight line from one level to the next."""
    return target if passed >= lasts else start + (target - start) * passed / lasts


def _possible(signal: Signal, reading: float, level: float) -> float:
    """A share stays between 0 and 100 %, and what is never negative does not become so."""
    if signal.unit == "%":
        return min(100.0, max(0.0, reading))
    return max(0.0, reading) if level >= 0 else reading
