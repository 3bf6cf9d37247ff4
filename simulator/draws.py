"""Keyed draws: chance without a generator.

A draw is a number hashed from the seed and the names of what it decides, so it is the same in every process, in every
order and after every resume. Nothing is kept between two draws.
"""

from collections.abc import Sequence
from hashlib import blake2b
from math import exp
from statistics import NormalDist
from typing import TypeVar

__all__ = ["choose", "lognormal", "normal", "uniform"]

T = TypeVar("T")
_STANDARD = NormalDist()
_UNIT = 2.0**-53


def uniform(seed: int, *names: str | int) -> float:
    """A number in [0, 1), the same for the same seed and names."""
    key = f"{seed}\x1f" + "\x1f".join(map(str, names))
    return (int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") >> 11) * _UNIT


def normal(seed: int, *names: str | int) -> float:
    """A standard normal number."""
    return _STANDARD.inv_cdf(max(uniform(seed, *names), _UNIT))


def lognormal(median: float, sigma: float, seed: int, *names: str | int) -> float:
    """A lognormal number with this median; `sigma` is the standard deviation of its logarithm."""
    return median * exp(sigma * normal(seed, *names))


def choose(options: Sequence[T], seed: int, *names: str | int) -> T:
    """One of the options, each as likely; there must be at least one."""
    return options[int(uniform(seed, *names) * len(options))]
