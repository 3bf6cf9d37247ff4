"""What the two drills of a case are worth, and whether that is as the case wants it."""

from functools import cache

from tests.scoring.court.case import Case, Played

__all__ = ["figures", "holds", "said"]

_ROUNDED = 0.051
"""Totals are rounded to a tenth: two alike may differ by that much."""


def figures(case: Case, size: int) -> tuple[float, float]:
    """The totals of the first and the second drill."""
    first, second = case.plays
    return _worth(first, size), _worth(second, size)


@cache
def _worth(play: Played, size: int) -> float:
    card = play(size).card()
    assert card.score is not None
    return card.score


def holds(case: Case, size: int) -> bool:
    """Whether the score ranks the two as the case says."""
    first, second = figures(case, size)
    above = case.least is None or first - second >= case.least - _ROUNDED
    near = case.most is None or first - second <= case.most + _ROUNDED
    return above and near and second <= case.ceiling


def said(case: Case, size: int) -> str:
    """The two figures in words."""
    return "{:.1f} against {:.1f}".format(*figures(case, size))
