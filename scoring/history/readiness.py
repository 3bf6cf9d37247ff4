"""How ready a team is: what its drills so far say of its level, of its next drill, and of whether it is ready.

A drill's figure without caps is put on a scale on which luck is the same for everybody: y = ln(101 - figure), the lower
the better. On it

    y of a drill = the team's level that day + how hard the scenario is + luck

The level of the first drill is drawn from PRIOR, and it moves from drill to drill by a random walk (WALKS). Luck is
normal; how much there is differs from team to team and is learnt (LUCK, with LUCK_DF degrees of freedom), and so is how
fast a team moves. How hard a scenario is comes from calibration and is trusted no further than HARDNESS. Gross failures
(caps) stay out of this and are counted by themselves.

For one amount of luck and one walk this is a Kalman filter; they are a grid, each cell weighed by how well it explains
the drills. So every band is a mixture of normals.

Where the constants come from: 2,100 drills of simulated teams of 21 abilities over the library, by the rules and the
rubric of version 2: luck on this scale was 0.6 to 1.0 for all but the teams that do next to nothing, and means were
spread around 2.2 by 1.0 (leaving out those) to 1.3. With a walk of 0.225 alone, a band of 90 % covers a team that
learns fast in five cases of ten after eight drills; with three of them in seven.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.scale import figure_of, on_scale

__all__ = [
    "COMING",
    "HARDNESS",
    "LEAST",
    "LUCK",
    "LUCK_DF",
    "PRIOR",
    "READY",
    "WALKS",
    "Band",
    "Played",
    "Readiness",
    "fails_at_most_once",
    "figure_of",
    "on_scale",
]

Array = NDArray[np.float64]

PRIOR = (2.2, 1.35)
"""Mean and standard deviation of a team's first level."""
WALKS = {0.1: 0.3, 0.225: 0.4, 0.45: 0.3}
"""Standard deviations of what a level moves from one drill to the next, with how likely each is of a team."""
LUCK = 0.84
"""Standard deviation of luck, before a team's own drills say more."""
LUCK_DF = 6.0
"""How many drills that is worth."""
HARDNESS = 0.25
"""Standard deviation of how hard scenarios are; what calibration says of one is shrunk by it."""
READY = 80.0
"""The level, as a figure, from which a team counts as ready."""
COMING = 3
"""Over how many coming drills a ready team fails grossly at most once."""
LEAST = 8
"""From how many drills on it may be said how likely a team is ready."""
_LUCKS = 25
_GRID = _LUCKS * len(WALKS)
_STEPS = 30


class Played(NamedTuple):
    """What a drill says of readiness."""

    figure: float
    """The score without caps, 0 to 100."""
    failed: bool = False
    """Whether it failed grossly: a cap held it down."""
    hardness: float = 0.0
    """How much harder than the mean the scenario is, on the scale, by calibration; 0 if that is not known."""
    hardness_error: float | None = None
    """The standard error of that; None if the scenario was never calibrated."""


class Band(NamedTuple):
    """Where something lies, as figures from 0 to 100."""

    low: float
    mid: float
    """The median."""
    high: float


class Readiness:
    """What some drills of one team, in their order, say of it. With no drill it says what is known of any team."""

    def __init__(self, drills: Sequence[Played] = (), share: float = 0.9) -> None:
        self.drills = tuple(drills)
        self.share = share
        """What share of cases a band covers."""
        self._sds, self._walks = _cells()
        self._weights = np.empty((len(drills) + 1, _GRID))
        self._means = np.empty((len(drills) + 1, _GRID))
        self._variances = np.empty((len(drills) + 1, _GRID))
        self._filter()

    def _filter(self) -> None:
        """For each amount of luck, the level after each drill, and how well that amount explains the drills so far."""
        log_weights = _log_prior(self._sds, self._walks)
        mean = np.full(_GRID, PRIOR[0])
        variance = np.full(_GRID, PRIOR[1] ** 2)
        self._keep(0, log_weights, mean, variance)
        for place, drill in enumerate(self.drills, 1):
            if place > 1:
                variance = variance + self._walks**2
            shift, doubt = _hardness(drill)
            spread = variance + self._sds**2 + doubt**2
            off = on_scale(drill.figure) - shift - mean
            log_weights = log_weights - 0.5 * (np.log(spread) + off**2 / spread)
            gain = variance / spread
            mean, variance = mean + gain * off, variance * (1 - gain)
            self._keep(place, log_weights, mean, variance)

    def _keep(self, place: int, log_weights: Array, mean: Array, variance: Array) -> None:
        weights = np.exp(log_weights - log_weights.max())
        self._weights[place] = weights / weights.sum()
        self._means[place], self._variances[place] = mean, variance

    # -- what it says --------------------------------------------------------------------------------------------------

    def levels(self, first: int = 0) -> list[Band]:
        """Where the level lay by what was known after each number of drills, from so many on.

        A level is what a drill without luck, on a scenario of middling difficulty, would score.
        """
        return self._bands(np.sqrt(self._variances), first)

    def comings(self, first: int = 0) -> list[Band]:
        """Where the next drill would lie by the same, on a scenario of which nothing is known."""
        moves = np.tile(self._walks**2, (len(self.drills) + 1, 1))
        moves[0] = 0.0  # before the first drill nothing has moved yet
        return self._bands(np.sqrt(self._variances + moves + self._sds**2 + HARDNESS**2), first)

    @property
    def level(self) -> Band:
        """Where the level lies now."""
        return self.levels(len(self.drills))[0]

    @property
    def coming(self) -> Band:
        """Where the next drill will lie."""
        return self.comings(len(self.drills))[0]

    def _bands(self, spread: Array, first: int) -> list[Band]:
        rest = (1 - self.share) / 2
        rows = self._weights[first:], self._means[first:], spread[first:]
        ends = [_quantiles(part, *rows) for part in (1 - rest, 0.5, rest)]
        return [Band(*(figure_of(float(y)) for y in three)) for three in zip(*ends, strict=True)]

    def better(self, since: int) -> float:
        """The probability that the level is better now than it was at a drill, the first being 1."""
        weights, mean, spread = self._change(since)
        return float(np.sum(weights * _below(0.0, mean, spread)))

    def _change(self, since: int) -> tuple[Array, Array, Array]:
        """What the level has moved since a drill, on the scale: for each amount of luck its weight, mean and spread.

        The filter once more, with the level of that drill kept beside the one that moves (fixed-point smoothing).
        """
        then, now = self._means[since], self._means[since]
        doubt_then = doubt_now = both = self._variances[since]
        for drill in self.drills[since:]:
            doubt_now = doubt_now + self._walks**2
            shift, doubt = _hardness(drill)
            spread = doubt_now + self._sds**2 + doubt**2
            off = on_scale(drill.figure) - shift - now
            then, now = then + both / spread * off, now + doubt_now / spread * off
            doubt_then, both, doubt_now = (
                doubt_then - both**2 / spread,
                both * (1 - doubt_now / spread),
                doubt_now * (1 - doubt_now / spread),
            )
        moved = np.maximum(doubt_now + doubt_then - 2 * both, 1e-12)
        return self._weights[-1], now - then, np.sqrt(moved)

    def ready(self, level: float = READY) -> float | None:
        """The probability that the level is at least this and at most one of the next three drills fails grossly.

        The one comes from what drills scored, the other from how many failed (Jeffreys' prior), and given the drills
        neither says more of the other. None below LEAST drills.
        """
        if len(self.drills) < LEAST:
            return None
        weights, means, variances = self._weights[-1], self._means[-1], self._variances[-1]
        good = float(np.sum(weights * _below(on_scale(level), means, np.sqrt(variances))))
        return good * fails_at_most_once(self.failed, len(self.drills))

    @property
    def failed(self) -> int:
        """How many drills failed grossly."""
        return sum(drill.failed for drill in self.drills)


def fails_at_most_once(failed: int, drills: int) -> float:
    """The probability that at most one of the next COMING drills fails grossly, if so many of so many did.

    Beta-binomial with Jeffreys' prior: none, or one of them at any place.
    """
    bad, good = failed + 0.5, drills - failed + 0.5
    chances = good / (bad + good), (good + 1) / (bad + good + 1), (good + 2) / (bad + good + 2)
    none = chances[0] * chances[1] * chances[2]
    one = COMING * bad * good * (good + 1) / ((bad + good) * (bad + good + 1) * (bad + good + 2))
    return none + one


def _hardness(drill: Played) -> tuple[float, float]:
    """How hard a drill's scenario is, and the standard deviation of what is not known of that."""
    if drill.hardness_error is None:
        return 0.0, HARDNESS
    trust = HARDNESS**2 / (HARDNESS**2 + drill.hardness_error**2)
    return drill.hardness * trust, HARDNESS * float(np.sqrt(1 - trust))


def _cells() -> tuple[Array, Array]:
    """The amounts of luck and of walk that are weighed, each with each.

    Luck goes from a third of the usual one to three times it, evenly on a logarithm.
    """
    lucks = np.exp(np.linspace(np.log(LUCK / 3), np.log(LUCK * 3), _LUCKS))
    return np.repeat(lucks, len(WALKS)), np.tile(np.array(list(WALKS)), _LUCKS)


def _log_prior(sds: Array, walks: Array) -> Array:
    """The logarithm of each cell's weight before any drill: for luck a scaled inverse chi-square, per step."""
    likely = np.array([WALKS[walk] for walk in walks])
    return np.asarray(np.log(likely) - LUCK_DF * np.log(sds) - LUCK_DF * LUCK**2 / (2 * sds**2))


def _below(limit: float | Array, mean: Array, spread: Array) -> Array:
    """The probability of each normal to lie below a limit; right to 1.5e-7 (Abramowitz and Stegun, 7.1.26)."""
    x = (limit - mean) / spread / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * np.abs(x))
    tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    half = tail * np.exp(-(x**2)) / 2
    return np.asarray(np.where(x < 0, half, 1 - half))


def _quantiles(share: float, weights: Array, means: Array, spread: Array) -> Array:
    """For each row, the place below which a share of its mixture of normals lies."""
    low, high = (means - 8 * spread).min(axis=1), (means + 8 * spread).max(axis=1)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        short = np.sum(weights * _below(middle[:, None], means, spread), axis=1) < share
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray((low + high) / 2)
