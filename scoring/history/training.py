"""What a team should train next: the obligation that costs it most, if that can be told, and what trains it.

What an obligation costs is the mean, over drills, of the points that it could earn and did not; in a drill that does
not owe it, it costs nothing. The mean is pulled towards what is expected: the share that simulated teams lose of it, if
the scenarios are calibrated, made larger or smaller as this team loses more or fewer points than they do; else the
share that this team loses of everything. `scoring.statistics.dearest` has the arithmetic.

`scoring.history.exercises` finds scenarios that train it, and `reports.training` puts both into words.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from statistics import fmean, median
from typing import Literal, NamedTuple

from scoring.history.figures import Figures, ObligationFigures
from scoring.obligations import DONE_ONCE
from scoring.statistics.dearest import Cost, dearest

__all__ = ["FEWEST", "RECENT", "SMALL", "SURE", "ObligationCost", "Training", "Unnamed", "training_of"]

FEWEST = 4
"""Below so many drills nothing is said."""
RECENT = 12
"""So many drills are looked at, the last: a team is no longer what it was long ago."""
SURE = 0.8
"""How likely an obligation has to be the one that costs most before it is named."""
SMALL = 1.0
"""Points a drill. What costs less is not worth a drill of its own."""

IMAGINARY, IMAGINARY_CALIBRATED = 2, 4
"""How many imaginary drills pull what was seen towards what is expected, without and with calibration.

Fitted to 160 simulated teams of unlike skills, each with 54 drills over the library: of those for whom an obligation
was named, it was the one that cost most in 0.92 after 4 drills and 0.98 after 12 (0.97 and 0.98 with calibration),
where the probability beside it said 0.87 and 0.93 (0.90 and 0.93). Without any, it was so in 0.73 after 4 where it said
0.94.
"""

Unnamed = Literal["few", "unsure", "small"]
"""Why no obligation is named: there are too few drills, none is likely enough to be the one, or none costs much."""


class ObligationCost(NamedTuple):
    """What an obligation costs a team."""

    obligation: str
    """Its id in the protocol."""
    act: str
    title: str
    points: float
    """Points of 100 a drill, on average, pulled towards what is expected."""
    low: float
    """Fewer than so many in one case of twenty."""
    high: float
    """More than so many in one case of twenty."""
    chance: float
    """The probability that no other obligation costs more."""
    owed: int
    """In how many of the drills it was owed and judged."""
    short: int
    """In how many of those it was not worth everything."""
    never: int
    """In how many of those nobody did it at all, if it is done once and by a time."""
    typical_s: float | None
    """The median of the seconds it took in those that fell short, never counting as longest; missing if it was never
    done in half of them, or has no time."""
    target_s: float | None
    """The target of the last drill that owed it."""


class Training(NamedTuple):
    """What can be said of what to train next."""

    drills: int
    """How many drills it is said of: at most RECENT."""
    costs: list[ObligationCost]
    """Every obligation that was owed, the dearest first; empty below FEWEST drills."""
    unnamed: Unnamed | None
    """Why none is named; None if one is."""

    @property
    def named(self) -> ObligationCost | None:
        """The obligation to train next, if it can be told."""
        return self.costs[0] if self.unnamed is None else None


def training_of(drills: Sequence[Figures], expected: Mapping[str, float] | None = None) -> Training:
    """What some drills of one team, that may stand beside each other and in their order, say of what to train.

    Those that were not played to their end or cut short are passed over. `expected` has for obligations, by id, the
    points that simulated teams lose of them in a drill that owes them, as calibrations found it.
    """
    sound = [one for one in drills if one.drill.complete and not one.drill.cut_short][-RECENT:]
    if len(sound) < FEWEST:
        return Training(len(sound), [], "few")
    rows = _by_obligation(sound)
    lost = [[_lost(rows[name].get(place)) for name in rows] for place in range(len(sound))]
    worth = [fmean(row.available for row in found.values()) for found in rows.values()]
    found = dearest(lost, worth, _expected(rows, expected or {}), IMAGINARY_CALIBRATED if expected else IMAGINARY)
    costs = [_cost(list(seen.values()), cost) for seen, cost in zip(rows.values(), found, strict=True)]
    ranked = sorted(costs, key=lambda one: (-one.chance, -one.points, one.obligation))
    return Training(len(sound), ranked, _unnamed(ranked))


def _by_obligation(drills: Sequence[Figures]) -> dict[str, dict[int, ObligationFigures]]:
    """For each obligation that could be judged, by the drill's place, how it went."""
    found: defaultdict[str, dict[int, ObligationFigures]] = defaultdict(dict)
    for place, one in enumerate(drills):
        for row in one.obligations:
            if row.earned is not None and row.available > 0:
                found[row.obligation][place] = row
    return dict(found)


def _lost(row: ObligationFigures | None) -> float | None:
    return None if row is None else max(0.0, row.available - (row.earned or 0.0))


def _expected(rows: Mapping[str, Mapping[int, ObligationFigures]], simulated: Mapping[str, float]) -> list[float]:
    """The share of its points that each obligation is expected to lose."""
    whole = [row for found in rows.values() for row in found.values()]
    mine = _share(sum(_lost(row) or 0.0 for row in whole), sum(row.available for row in whole))
    known = [row for row in whole if row.obligation in simulated]
    theirs = sum(min(simulated[row.obligation], row.available) for row in known)
    scale = _share(sum(_lost(row) or 0.0 for row in known), theirs)
    return [
        min(1.0, simulated[name] * scale / fmean(row.available for row in found.values()))
        if name in simulated
        else mine
        for name, found in rows.items()
    ]


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def _cost(seen: Sequence[ObligationFigures], cost: Cost) -> ObligationCost:
    last = seen[-1]
    short = [row for row in seen if row.outcome != "met"]
    timed = [row.actual_s if row.actual_s is not None else inf for row in short if _timed(row)]
    typical = median(timed) if timed else inf
    return ObligationCost(
        obligation=last.obligation,
        act=last.act,
        title=last.title,
        points=cost.mean,
        low=cost.low,
        high=cost.high,
        chance=cost.chance,
        owed=len(seen),
        short=len(short),
        never=sum(time == inf for time in timed),
        typical_s=typical if isfinite(typical) else None,
        target_s=last.target_s,
    )


def _timed(row: ObligationFigures) -> bool:
    """Whether it is done once, by somebody, by a time."""
    return row.target_s is not None and row.did is None and row.act in (*DONE_ONCE, "told_over")


def _unnamed(ranked: Sequence[ObligationCost]) -> Unnamed | None:
    if not ranked or ranked[0].points < SMALL:
        return "small"
    return None if ranked[0].chance >= SURE else "unsure"
