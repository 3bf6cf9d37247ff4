"""Keyed draws of the simulator: those that scenarios are made with, and the bell curves of people and signals."""

from math import exp
from statistics import NormalDist

from scenarios.draws import UNIT, choose, in_order, pair, uniform

__all__ = ["choose", "in_order", "lognormal", "normal", "pair", "uniform"]

_STANDARD = NormalDist()


def normal(seed: int, what: str, whom: str = "", count: int = 0) -> float:
    """A standard normal number."""
    return _STANDARD.inv_cdf(pair(seed, what, whom, count)[0] or UNIT)


def lognormal(share: float, median: float, sigma: float) -> float:
    """The lognormal number at this quantile: `share` is a draw between 0 and 1.

    `sigma` is the standard deviation of its logarithm.
    """
    return median * exp(sigma * _STANDARD.inv_cdf(share or UNIT))
