"""Whether a drill differs from those before it by more than they differ among themselves (an XmR chart)."""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import fmean
from typing import NamedTuple

__all__ = ["FEWEST", "Limits", "control_limits", "limits_of"]

FEWEST = 12
"""So many drills make limits. From three, a third of unchanged teams would be outside within the next eight."""
_SIGMAS = 3.0
_PER_SIGMA = _SIGMAS / 2.66
"""The mean of the differences of neighbours, in standard deviations: 1.128."""


class Limits(NamedTuple):
    """The mean of some drills and the limits around it."""

    low: float
    mean: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies within them."""
        return self.low <= value <= self.high


def control_limits(values: Sequence[float], usual: float | None = None) -> Limits | None:
    """The limits that these drills, in order, give for the next; None below FEWEST. `usual` is as for `limits_of`."""
    return limits_of(values, usual) if len(values) >= FEWEST else None


def limits_of(values: Sequence[float], usual: float | None = None) -> Limits:
    """The same without asking how many there are. Raises ValueError below two.

    A few drills alike make limits that are far too narrow. `usual` is the standard deviation that such drills usually
    have; it counts as much as FEWEST drills.
    """
    if len(values) < 2:
        raise ValueError("limits need at least two values")
    mean = fmean(values)
    sigma = fmean(abs(later - earlier) for earlier, later in pairwise(values)) / _PER_SIGMA
    if usual is not None:
        sigma = sqrt((FEWEST * usual**2 + len(values) * sigma**2) / (FEWEST + len(values)))
    return Limits(mean - _SIGMAS * sigma, mean, mean + _SIGMAS * sigma)
