"""The scale on which luck is even: y = ln(101 - figure), for a figure from 0 to 100 without caps. Lower is better."""

from math import exp, log

__all__ = ["figure_of", "on_scale"]

_TOP = 101.0


def on_scale(figure: float) -> float:
    """A figure from 0 to 100, without caps, on the scale."""
    return log(_TOP - figure)


def figure_of(y: float) -> float:
    """The figure, 0 to 100, that belongs to a place on the scale."""
    return min(100.0, max(0.0, _TOP - exp(y)))
