"""Two periods beside each other, drill by drill: how much sooner, and how often luck alone would look so."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from math import comb
from statistics import fmean
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["FEWEST_EACH", "Difference", "compared", "compared_together", "restricted"]

Array = npt.NDArray[np.float64]

FEWEST_EACH = 6
"""Drills that each period should have. With three each, p is never below 0.10."""
_EVERY_WAY = 20_000
"""Up to so many ways to share out the drills, all of them are looked at; beyond, as many drawn ones."""


class Difference(NamedTuple):
    """How two periods differ."""

    before: float
    """The mean of the first, in seconds."""
    after: float
    """The mean of the second."""
    p: float
    """In what share of all ways to share out these drills the means differ at least so much."""
    drills: tuple[int, int]
    """How many drills each has."""

    @property
    def enough(self) -> bool:
        """Whether there are enough drills to say anything."""
        return min(self.drills) >= FEWEST_EACH


def restricted(seconds: float | None, deadline: float) -> float:
    """A time up to the deadline: one that never came counts as the deadline, and so does a later one."""
    return deadline if seconds is None else min(seconds, deadline)


def compared(before: Sequence[float], after: Sequence[float], seed: int = 0) -> Difference | None:
    """The difference of two periods' means over drills, one number each, by permutation; None if one has no drill.

    Two-sided. The same drills and seed give the same p.
    """
    if not before or not after:
        return None
    return compared_together([[value] for value in before], [[value] for value in after], seed)[0]


def compared_together(
    before: Sequence[Sequence[float | None]], after: Sequence[Sequence[float | None]], seed: int = 0
) -> list[Difference | None]:
    """The same for several figures of each drill, None where a drill does not have one; each period has a drill.

    Looked at one by one, the more figures there are, the more often one of them differs by luck. So p says in what
    share of all ways to share out the drills any of them looks as unlikely (Westfall and Young, single step). None for
    a figure that a period does not have.
    """
    values = np.array([*before, *after], dtype=np.float64)
    first, whole = len(before), len(values)
    there = ~np.isnan(values)
    values = np.nan_to_num(values - np.nanmean(np.where(there.any(axis=0), values, 0.0), axis=0))
    inside = _ways(whole, first, seed)
    gaps = _gaps(inside, values, there)
    rare = np.column_stack([_how_rare(column) for column in gaps.T])
    least = rare.min(axis=1)
    found: list[Difference | None] = []
    for place in range(values.shape[1]):
        parts = [[row[place] for row in rows] for rows in (before, after)]
        mine, theirs = ([value for value in part if value is not None] for part in parts)
        if not mine or not theirs:
            found.append(None)
            continue
        p = float(np.mean(least <= rare[0, place] + 1e-12))
        found.append(Difference(fmean(mine), fmean(theirs), p, (len(mine), len(theirs))))
    return found


@lru_cache(maxsize=4)
def _ways(whole: int, first: int, seed: int) -> Array:
    """Which drills are in the first period: a row for each way to share them out. The first is the way it was."""
    if comb(whole, first) <= _EVERY_WAY:
        chosen = np.array(list(combinations(range(whole), first)))
    else:
        drawn = np.random.PCG64(seed).random_raw(_EVERY_WAY * whole).reshape(-1, whole)
        chosen = np.argsort(drawn, axis=1)[:, :first]
        chosen[0] = np.arange(first)
    inside = np.zeros((len(chosen), whole))
    np.put_along_axis(inside, chosen, 1.0, axis=1)
    inside.flags.writeable = False  # it is kept
    return inside


def _gaps(inside: Array, values: Array, there: npt.NDArray[np.bool_]) -> Array:
    """For each way and figure, by how much the means of its parts differ; 0 where a part does not have the figure."""
    sums, counts = inside @ values, inside @ there
    rest, others = values.sum(axis=0) - sums, there.sum(axis=0) - counts
    both = (counts > 0) & (others > 0)
    means = [
        np.divide(part, number, out=np.zeros_like(part), where=both)
        for part, number in ((sums, counts), (rest, others))
    ]
    return np.asarray(np.abs(means[1] - means[0]))


def _how_rare(gaps: Array) -> Array:
    """For each way, in what share of all ways the parts differ at least so much."""
    rounded = np.round(gaps / max(1.0, float(gaps.max())), 9)  # sums of the same drills in another order are the same
    order = np.sort(rounded)
    return np.asarray(1.0 - np.searchsorted(order, rounded, side="left") / len(order))
