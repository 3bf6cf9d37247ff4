"""How far a report comes: to an alert, to people who answer and join, to somebody in command, to a fix."""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from scoring.history.charts.strip import owed_by_people
from scoring.history.figures import Figures

__all__ = ["Funnel", "Stage", "funnel_of"]

Share = tuple[int, int]
"""How many, of how many."""


class Stage(NamedTuple):
    """A step, and how far each drill came with it."""

    name: Literal["alert", "acknowledged", "joined", "role", "fix"]
    counts: Literal["drills", "people"]
    found: list[Share | None]
    """One for each drill, in their order; None where the step was not owed, or nobody was called for it."""

    @property
    def done(self) -> int:
        """How many drills or people came so far."""
        return sum(one[0] for one in self.found if one is not None)

    @property
    def owed(self) -> int:
        """Of how many."""
        return sum(one[1] for one in self.found if one is not None)

    @property
    def share(self) -> float:
        """The same from 0 to 1."""
        return self.done / self.owed if self.owed else 1.0


class Funnel(NamedTuple):
    """The steps in their order."""

    stages: list[Stage]
    unalerted: int
    """In how many drills no alert was owed: they are in none of the steps."""

    @property
    def narrowest(self) -> Stage:
        """The step at which the largest share is lost."""
        return min(self.stages, key=lambda one: one.share)


def funnel_of(drills: Sequence[Figures]) -> Funnel | None:
    """The steps of those drills that owed an alert; None if none did."""
    called = [_act(one, "team_alerted") for one in drills]
    if not any(called):
        return None
    steps: list[tuple[Literal["alert", "acknowledged", "joined", "role", "fix"], Callable[[Figures], Share | None]]] = [
        ("alert", _alert),
        ("acknowledged", lambda one: _people(one, "acknowledged")),
        ("joined", lambda one: _people(one, "joined")),
        ("role", lambda one: _once(one, "role_in_place", one.drill.time_to_commander_s)),
        ("fix", lambda one: _once(one, "impact_ended", one.drill.time_to_fix_s)),
    ]
    stages = [
        Stage(
            name,
            "people" if name in ("acknowledged", "joined") else "drills",
            [step(one) if owed else None for one, owed in zip(drills, called, strict=True)],
        )
        for name, step in steps
    ]
    return Funnel([one for one in stages if one.owed], called.count(False))


def _act(one: Figures, act: str) -> bool:
    return any(row.act == act for row in one.obligations)


def _alert(one: Figures) -> Share | None:
    """None where a simulated first responder among people had to give it."""
    owed = next(row for row in one.obligations if row.act == "team_alerted")
    return (int(one.drill.alerted), 1) if owed_by_people(one.drill, owed) else None


def _people(one: Figures, act: str) -> Share | None:
    """How many of the people who were alerted; None where nobody was."""
    row = next((row for row in one.obligations if row.act == act), None)
    if row is None or not one.drill.alerted or not row.owing:
        return None
    return row.did or 0, row.owing


def _once(one: Figures, act: str, took: float | None) -> Share | None:
    return (int(took is not None), 1) if _act(one, act) else None
