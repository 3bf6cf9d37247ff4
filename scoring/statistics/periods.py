"""Two periods beside each other, drill by drill: how much sooner, and how often luck alone would look so."""

from collections.abc import Sequence
from itertools import combinations
from math import comb
from statistics import fmean
from typing import NamedTuple

import numpy as np

__all__ = ["FEWEST_EACH", "Difference", "compared", "restricted"]

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
    values = np.array([*before, *after], dtype=np.float64)
    values = values - values.mean()
    first, whole = len(before), len(values)
    if comb(whole, first) <= _EVERY_WAY:
        chosen = np.array(list(combinations(range(whole), first)))
    else:
        chosen = np.argsort(np.random.PCG64(seed).random_raw(_EVERY_WAY * whole).reshape(-1, whole), axis=1)[:, :first]
        chosen[0] = np.arange(first)  # the way it was is one of them
    sums = np.abs(values[chosen].sum(axis=1))  # the means differ by as much as a part's sum differs from nothing
    seen = abs(values[:first].sum())
    p = float(np.mean(sums >= seen - 1e-9 * max(1.0, seen)))
    return Difference(fmean(before), fmean(after), p, (first, whole - first))
