"""How far a share of people may lie from what was seen of them."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

__all__ = ["ALIKE", "Interval", "effective_number", "wilson"]

ALIKE = 0.1
"""How alike people of one drill are (the correlation within a drill): measured on simulated teams."""


class Interval(NamedTuple):
    """Bounds, both from 0 to 1."""

    low: float
    high: float


def effective_number(sizes: Sequence[int], alike: float = ALIKE) -> float:
    """How many people from as many drills would tell as much as these: `sizes` are how many there were in each drill.

    N / (1 + (m - 1) * alike), where m is the size of the drill that somebody is in, on average over people.
    """
    people = sum(sizes)
    if people == 0:
        return 0.0
    together = sum(size * size for size in sizes) / people
    return people / (1.0 + (together - 1.0) * alike)


def wilson(share: float, number: float, level: float = 0.95) -> Interval:
    """Wilson's interval of a share of so many, which need be no whole number; from 0 to 1 if there are none."""
    if number <= 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    weight = z * z / number
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / number + weight / (4 * number)) / (1 + weight)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
