"""Whether a drill differs from those before it by more than they differ among themselves (an XmR chart)."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

__all__ = ["FALSE_ALARM", "FEWEST", "Limits", "control_limits", "limits_of"]

FEWEST = 12
"""So many drills make limits. From three, a third of unchanged teams would be outside within the next eight."""
FALSE_ALARM = 0.11
"""How often one of the next eight drills of a team that does not change lies outside limits made from twelve."""
_WIDTH = 2.66
"""3 / 1.128: three standard deviations, from the mean of the differences of neighbours."""


class Limits(NamedTuple):
    """The mean of some drills and the limits around it."""

    low: float
    mean: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies within them."""
        return self.low <= value <= self.high


def control_limits(values: Sequence[float]) -> Limits | None:
    """The limits that these drills, in order, give for the next; None below FEWEST."""
    return limits_of(values) if len(values) >= FEWEST else None


def limits_of(values: Sequence[float]) -> Limits:
    """The same without asking how many there are. Raises ValueError below two."""
    if len(values) < 2:
        raise ValueError("limits need at least two values")
    mean = fmean(values)
    half = _WIDTH * fmean(abs(later - earlier) for earlier, later in pairwise(values))
    return Limits(mean - half, mean, mean + half)
