"""Whether drills went better the later they were, over several teams: each is compared with itself alone."""

from collections.abc import Sequence
from math import lgamma, log

import msgspec
import numpy as np

__all__ = ["Course", "course_of"]

_DRAWS = 4_000
"""So many orders are drawn."""
_WAYS = 40
"""Below so many orders of the drills, none could be rarer than 1 in 20, whichever way it goes."""


class Course(msgspec.Struct, frozen=True):
    """How drills of several teams went over time."""

    gain: float
    """The slope from a team's first drill to its last, of the mean team: above 0 if drills went better."""
    p: float
    """In what share of all orders of each team's drills the slope is at least as steep, either way."""
    drills: int
    """Of how many drills: those that have others of their team beside them."""


def course_of(teams: Sequence[Sequence[float]], seed: int = 0) -> Course | None:
    """The course of drills, one number each, higher for better, in their order, for each team; by permutation.

    Drills change places within their team only, so that teams may differ as they like, come late or leave early. None
    if there are too few to tell. The same drills and seed give the same p.
    """
    strata = [np.asarray(one, dtype=np.float64) for one in teams if len(one) > 1]
    if sum(lgamma(len(one) + 1) for one in strata) < log(_WAYS):
        return None
    seen, drawn = 0.0, np.zeros(_DRAWS)
    weights = 0.0
    random = np.random.PCG64(seed)
    for one in strata:
        times = np.linspace(-0.5, 0.5, len(one))
        values = one - one.mean()
        seen += float(times @ values)
        weights += float(times @ times)
        orders = np.argsort(random.random_raw(_DRAWS * len(one)).reshape(_DRAWS, -1), axis=1)
        drawn += values[orders] @ times
    drawn[0] = seen  # the way it was is one of them
    p = float(np.mean(np.abs(drawn) >= abs(seen) - 1e-9 * max(1.0, abs(seen))))
    return Course(seen / weights, p, sum(map(len, strata)))
