"""Keyed draws: chance without a generator.

A draw is a number hashed from the seed and the names of what it decides: what, for whom, which time. So it is the same
in every process, in every order and after every resume, and nothing is kept between two draws.
"""

from collections.abc import Sequence
from hashlib import blake2b
from struct import Struct
from typing import TypeVar

__all__ = ["UNIT", "choose", "in_order", "pair", "uniform"]

T = TypeVar("T")
UNIT = 2.0**-53
"""The distance between two neighbouring numbers that can be drawn."""
_TWO = Struct(">QQ").unpack


def uniform(seed: int, what: str, whom: str = "", count: int = 0) -> float:
    """A number in [0, 1), the same for the same seed, names and count."""
    return pair(seed, what, whom, count)[0]


def pair(seed: int, what: str, whom: str = "", count: int = 0) -> tuple[float, float]:
    """Two independent numbers in [0, 1) for the price of one."""
    key = f"{seed}\x1f{what}\x1f{whom}\x1f{count}"
    first, second = _TWO(blake2b(key.encode(), digest_size=16).digest())
    return (first >> 11) * UNIT, (second >> 11) * UNIT


def in_order(size: int, seed: int, what: str) -> tuple[int, ...]:
    """The numbers up to a size in a drawn order: that of `uniform` with each as its count."""
    start = blake2b(f"{seed}\x1f{what}\x1f\x1f".encode(), digest_size=16)

    def drawn(count: int) -> int:
        key = start.copy()
        key.update(b"%d" % count)
        first: int = _TWO(key.digest())[0]
        return first >> 11

    return tuple(sorted(range(size), key=drawn))


def choose(options: Sequence[T], seed: int, what: str, whom: str = "", count: int = 0) -> T:
    """One of the options, all equally likely; there must be at least one."""
    return options[int(uniform(seed, what, whom, count) * len(options))]
