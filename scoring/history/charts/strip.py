"""How each obligation went in each drill."""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from scoring.history.figures import DrillFigures, Figures, ObligationFigures

__all__ = ["StripRow", "owed_by_people", "strip_of"]


class StripRow(NamedTuple):
    """An obligation over some drills."""

    obligation: str
    """Its id in the protocol."""
    title: str
    found: list[ObligationFigures | None]
    """One for each drill, in their order; None where it was not owed, or not by people."""

    @property
    def judged(self) -> int:
        """In how many drills it was owed and could be judged."""
        return sum(1 for one in self.found if one is not None and one.outcome != "unjudged")

    @property
    def met(self) -> int:
        """In how many of those it was worth everything."""
        return sum(1 for one in self.found if one is not None and one.outcome == "met")

    @property
    def cost(self) -> float:
        """Points of the total that it costs a drill, on average over all of them."""
        return fmean(0.0 if one is None or one.earned is None else one.available - one.earned for one in self.found)


def strip_of(drills: Sequence[Figures]) -> list[StripRow]:
    """Every obligation that one of these drills owed: what costs most comes first."""
    rows: dict[str, list[ObligationFigures | None]] = {}
    for place, one in enumerate(drills):
        for owed in one.obligations:
            if owed_by_people(one.drill, owed):
                rows.setdefault(owed.obligation, [None] * len(drills))[place] = owed
    made = [StripRow(name, _title(found), found) for name, found in rows.items()]
    return sorted(made, key=lambda row: -round(row.cost, 6))


def owed_by_people(drill: DrillFigures, owed: ObligationFigures) -> bool:
    """Whether what was owed says anything of the team: not where a simulated first responder owed it among people."""
    return drill.kind == "simulated" or not (drill.first_responder_simulated and owed.owner == "first_responder")


def _title(found: Sequence[ObligationFigures | None]) -> str:
    """As the last drill that owed it calls it."""
    return next(one.title for one in reversed(found) if one is not None)
