"""What a case is: two drills, and by how much one stands above the other."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.scoring.court.builder import Drill

__all__ = ["SIZES", "Case", "CutShort", "Played"]

Played = Callable[[int], Drill]
"""The drill of a team of so many."""
SIZES = (3, 6, 12)
"""The sizes of the library's teams."""


@dataclass(frozen=True)
class Case:
    """Two drills; the first one's score less the second one's lies between `least` and `most`."""

    name: str
    first: str
    """What the first team does, for the table."""
    second: str
    why: str
    plays: tuple[Played, Played]
    least: float | None = None
    most: float | None = None
    sizes: tuple[int, ...] = SIZES
    ceiling: float = 100
    """What the second is worth at most."""


@dataclass(frozen=True)
class CutShort:
    """A drill that a facilitator ended before its time: it has no total."""

    name: str
    plays: Played
    why: str
