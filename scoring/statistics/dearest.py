"""Which of several things costs most on average, and how sure that is, from few and uneven drills.

Most drills lose nothing of a thing and some lose all of it, and in a bad drill many things are lost together: no bell
curve fits that. So whole drills are weighed anew, again and again (a Bayesian bootstrap), and to each thing some
imaginary drills are added in which it was lost whole as often as is expected of it, and else not at all. They pull what
few drills have shown towards what is expected.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cost", "dearest"]

Array = NDArray[np.float64]

_DRAWS = 2000


class Cost(NamedTuple):
    """What a thing costs."""

    mean: float
    """In a drill, over all drills, also those in which it was not at stake; pulled towards what is expected."""
    low: float
    """Below this in one case of twenty."""
    high: float
    """Above this in one case of twenty."""
    chance: float
    """The probability that no other thing costs more."""


def dearest(
    lost: Sequence[Sequence[float | None]], worth: Sequence[float], expected: Sequence[float], imaginary: int
) -> list[Cost]:
    """What each thing costs in a drill. The same figures give the same answer.

    `lost` has a row for each drill, with what each thing lost in it; None where it was not at stake. `worth` is what
    each thing is worth when it is at stake, and `expected` the share of that which is expected to be lost, from 0 to 1.
    So many `imaginary` drills stand for that. How often a thing is at stake is taken as it was in these drills. Empty
    without drills or things.
    """
    if not lost or not worth:
        return []
    seen = np.array(lost, dtype=np.float64)
    at_stake = (~np.isnan(seen)).astype(np.float64)
    drills, things = seen.shape
    source = np.random.PCG64(drills * 1009 + things)
    weights = _weights(source, (_DRAWS, drills))
    sums, whole = weights @ np.nan_to_num(seen), weights @ at_stake
    for _ in range(imaginary):
        weight, lost_whole = _weights(source, (_DRAWS, things)), _uniform(source, (_DRAWS, things)) < np.array(expected)
        sums, whole = sums + weight * lost_whole * np.array(worth), whole + weight
    costs = sums / whole * at_stake.mean(axis=0)
    first = np.bincount(costs.argmax(axis=1), minlength=things) / _DRAWS
    low, high = np.quantile(costs, [0.05, 0.95], axis=0)
    columns = (costs.mean(axis=0), low, high, first)
    return [Cost(*(float(value) for value in row)) for row in zip(*columns, strict=True)]


def _uniform(source: np.random.PCG64, shape: tuple[int, int]) -> Array:
    """Numbers from 0 to 1, the same by every version of NumPy."""
    return np.asarray((source.random_raw(shape[0] * shape[1]) >> 11).reshape(shape) / 2.0**53)


def _weights(source: np.random.PCG64, shape: tuple[int, int]) -> Array:
    """Exponential numbers: what is weighed by them is a share of a whole drawn evenly from all shares."""
    return np.asarray(-np.log1p(-_uniform(source, shape)))
