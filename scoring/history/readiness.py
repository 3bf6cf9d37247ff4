"""How ready a team is: what its drills so far say of its level, of its next drill, and of whether it is ready.

A drill's figure without caps is put on a scale on which luck is the same for everybody: y = ln(101 - figure), the lower
the better. On it

    y of a drill = the team's level that day + how hard the scenario is + luck

The level of the first drill is drawn from PRIOR, and it moves from drill to drill by a random walk (WALKS), and by more
where people are new to the team. Luck is normal; how much there is differs from team to team and is learnt (LUCK, with
LUCK_DF degrees of freedom), and so is how fast a team moves. How hard a scenario is comes from calibration and is
trusted no further than HARDNESS. Gross failures (caps) stay out of the level. How likely a drill is to fail depends on
where it lies on the scale (FAILS), and on how prone the team is to that (PRONE), which its own record says.

For one amount of luck and one walk this is a Kalman filter; they are a grid, each cell weighed by how well it explains
the drills. So every band is a mixture of normals.

Where the constants come from: 2,100 drills of simulated teams of 21 abilities over the library, by the rules and the
rubric of version 2: luck on this scale was 0.6 to 1.0 for all but the teams that do next to nothing, and means were
spread around 2.2 by 1.0 (leaving out those) to 1.3. With a walk of 0.225 alone, a band of 90 % covers a team that
learns fast in five cases of ten after eight drills; with three of them in seven. FAILS was fitted to 8,600 drills of
160 teams of unlike skills: there the share that failed went with the mean of y (a correlation of 0.93 over teams, and
of 0.40 over the drills of one).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.history.figures import DrillFigures
from scoring.scale import figure_of, on_scale

__all__ = [
    "COMING",
    "FAILS",
    "HARDNESS",
    "LEAST",
    "LUCK",
    "LUCK_DF",
    "NOTHING_MORE",
    "PRIOR",
    "PRONE",
    "READY",
    "WALKS",
    "Band",
    "Circumstances",
    "Played",
    "Readiness",
    "figure_of",
    "on_scale",
    "played_of",
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
FAILS = (-2.4, 1.7)
"""The logit of the probability that a drill at PRIOR's mean fails grossly, and what a unit of the scale adds to it."""
PRONE = (0.5, 2.0)
"""How much more or less prone to gross failures a team is than its drills say, on the logit: the scale of Student's t,
and its degrees of freedom.

Simulated teams differ by 0.3. How people do we do not know, so the tails are long.
"""
LEAST = 8
"""From how many drills on it may be said how likely a team is ready."""
_LUCKS = 25
_GRID = _LUCKS * len(WALKS)
_DRAWS = 8000
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
    newcomers: float = 0.0
    """The share of people who were in none of the team's drills before it."""


class Circumstances(NamedTuple):
    """What is known of drills besides their figures."""

    difficulties: Mapping[str, tuple[float, float]] = {}
    """For scenarios, by id, how much harder than the mean they are by calibration, and the standard error of that."""
    newcomers: Mapping[str, float] = {}
    """For drills, by the last hash of their logs, the share of people who were in none of the drills before."""


NOTHING_MORE = Circumstances()
"""Nothing is known of drills besides their figures."""


def played_of(drills: Sequence[DrillFigures], known: Circumstances = NOTHING_MORE) -> list[Played]:
    """What drills with a total say of readiness."""
    unknown: tuple[float, float | None] = 0.0, None
    return [
        Played(
            one.uncapped,
            bool(one.caps),
            *known.difficulties.get(one.scenario, unknown),
            newcomers=known.newcomers.get(one.head, 0.0),
        )
        for one in drills
        if one.uncapped is not None
    ]


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
                variance = variance + self._moves(drill)
            shift, doubt = _hardness(drill)
            spread = variance + self._sds**2 + doubt**2
            off = on_scale(drill.figure) - shift - mean
            log_weights = log_weights - 0.5 * (np.log(spread) + off**2 / spread)
            gain = variance / spread
            mean, variance = mean + gain * off, variance * (1 - gain)
            self._keep(place, log_weights, mean, variance)

    def _moves(self, drill: Played) -> Array:
        """The variance of what the level moved before a drill: the walk, and more with people who are new.

        If all of them are, as much as teams differ.
        """
        return np.asarray(self._walks**2 + drill.newcomers * PRIOR[1] ** 2)

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
            doubt_now = doubt_now + self._moves(drill)
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
        """The probability that the level is at least this and at most one of the next COMING drills fails grossly.

        Both at once, from joint draws: of how much luck there is and how fast the team moves, of the level now, of
        these drills on scenarios of which nothing is known, and of how prone the team is to gross failures, which its
        own record says. The same drills draw the same. None below LEAST drills.
        """
        if len(self.drills) < LEAST:
            return None
        source = np.random.PCG64(len(self.drills))
        cells = np.searchsorted(np.cumsum(self._weights[-1]), _uniform(source, 1)[0], side="right").clip(max=_GRID - 1)
        now = self._means[-1][cells] + np.sqrt(self._variances[-1][cells]) * _normal(source)
        prone, likely = self._prone()
        inclined = prone[
            np.searchsorted(np.cumsum(likely), _uniform(source, 1)[0], side="right").clip(max=len(prone) - 1)
        ]
        fails, moving = np.empty((COMING, _DRAWS)), now
        for place in range(COMING):
            moving = moving + self._walks[cells] * _normal(source)
            drill = moving + np.hypot(self._sds[cells], HARDNESS) * _normal(source)
            fails[place] = _fails(drill, inclined)
        none = np.prod(1 - fails, axis=0)
        one = np.sum(
            [fails[place] * np.prod(1 - np.delete(fails, place, axis=0), axis=0) for place in range(COMING)], axis=0
        )
        return float(np.mean((now <= on_scale(level)) * (none + one)))

    def _prone(self) -> tuple[Array, Array]:
        """How prone to gross failures the team may be, and how likely each of that is by its record."""
        scale, freedom = PRONE
        prone = np.linspace(-8.0, 8.0, 65)
        log_likely = -(freedom + 1) / 2 * np.log1p((prone / scale) ** 2 / freedom)
        for drill in self.drills:
            chance = _fails(np.array(on_scale(drill.figure)), prone)
            log_likely = log_likely + np.log(chance if drill.failed else 1 - chance)
        likely = np.exp(log_likely - log_likely.max())
        return prone, likely / likely.sum()

    @property
    def failed(self) -> int:
        """How many drills failed grossly."""
        return sum(drill.failed for drill in self.drills)


def _fails(y: Array, prone: Array) -> Array:
    """The probability that a drill fails grossly, given its place on the scale and how prone the team is to that."""
    return np.asarray(1 / (1 + np.exp(-(FAILS[0] + FAILS[1] * (y - PRIOR[0]) + prone))))


def _uniform(source: np.random.PCG64, rows: int) -> Array:
    """Numbers from 0 to 1, the same by every version of NumPy."""
    return np.asarray((source.random_raw(rows * _DRAWS) >> 11).reshape(rows, _DRAWS) / 2.0**53)


def _normal(source: np.random.PCG64) -> Array:
    """Standard normal numbers (Box and Muller)."""
    radius, angle = _uniform(source, 2)
    return np.asarray(np.sqrt(-2 * np.log1p(-radius)) * np.cos(2 * np.pi * angle))


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
