"""When somebody was in command, and when customers first heard, in each drill beside its target."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scoring.history.figures import DrillFigures, Figures, ObligationFigures

__all__ = ["FirstTimes", "TimeDot", "first_times"]


class TimeDot(NamedTuple):
    """One drill."""

    seconds: float | None
    """From the report; None if it was never done."""
    target: float | None

    @property
    def met(self) -> bool:
        """Whether it was done by its target."""
        return self.seconds is not None and (self.target is None or self.seconds <= self.target)


class FirstTimes(NamedTuple):
    """One thing that is done once in a drill."""

    act: str
    """What was owed, as the protocol names it."""
    title: str
    dots: list[TimeDot | None]
    """One for each drill, in their order; None where it was not owed."""

    @property
    def owed(self) -> list[TimeDot]:
        """Those that were owed, in their order."""
        return [one for one in self.dots if one is not None]


_ACTS: dict[str, Callable[[DrillFigures], float | None]] = {
    "role_in_place": lambda one: one.time_to_commander_s,
    "published": lambda one: one.time_to_first_message_s,
}


def first_times(drills: Sequence[Figures]) -> list[FirstTimes]:
    """Time to commander and to the first message to customers; without what none of these drills owed."""
    made = []
    for act, took in _ACTS.items():
        rows = [_row(one, act, took) for one in drills]
        title = next((row.title for row in reversed(rows) if row is not None), None)
        if title is not None:
            dots = [
                None if row is None else TimeDot(took(one.drill), row.target_s)
                for one, row in zip(drills, rows, strict=True)
            ]
            made.append(FirstTimes(act, title, dots))
    return made


def _row(one: Figures, act: str, took: Callable[[DrillFigures], float | None]) -> ObligationFigures | None:
    """The obligation that the time belongs to: a protocol may also have targets for other roles to be in place."""
    rows = [row for row in one.obligations if row.act == act]
    return next((row for row in rows if row.actual_s == took(one.drill)), rows[0] if rows else None)
