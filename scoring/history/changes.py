"""Whether anything changed over a team's drills, as far as that can be told from luck.

Three things are looked at: the level (`readiness`), the two headlines against control limits, and a few times in two
periods. Together they say of few teams that nothing changed for that something did: at twelve drills of one in ten at
most, and a test holds them to it. Give all of them the drills of one team that may stand beside each other, in order.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from scoring.history.figures import DrillFigures, Figures, ObligationFigures
from scoring.history.readiness import LEAST, Circumstances, Readiness, figure_of, on_scale, played_of
from scoring.history.selection import countable, newcomers_of
from scoring.statistics.limits import FEWEST, control_limits
from scoring.statistics.periods import FEWEST_EACH, Difference, compared_together, restricted

__all__ = [
    "FALSE_ALARM",
    "HEADLINES",
    "JUDGED",
    "RARE",
    "SURE",
    "TIMES",
    "Changes",
    "Headline",
    "HeadlineLimits",
    "TimeChange",
    "changes_of",
    "halves",
    "headline_limits",
    "time_changes",
]

Headline = Literal["response_time", "role_coverage"]
HEADLINES: tuple[Headline, ...] = ("response_time", "role_coverage")
JUDGED = 8
"""So many drills at most, the last, are held against limits that those before them make."""
SURE = 0.9
"""How likely a change of the level has to be before it is said."""
RARE = 0.05
"""A difference between periods is said if luck brings one like it, in any of the times, no oftener than this."""
_USUAL: Mapping[Headline, float] = {"response_time": 1.2, "role_coverage": 1.5}
"""How much a headline usually varies from drill to drill, on the scale of `readiness` (a standard deviation)."""
FALSE_ALARM: Mapping[Headline, float] = {"response_time": 0.11, "role_coverage": 0.10}
"""How often one of the next JUDGED drills of a team that does not change lies outside the limits.

Both are from 160 simulated teams of unlike skills, each with 54 drills over the library. Limits on the figures
themselves would be wrong for 27 and 42 of 100 such teams, since a team that is nearly always at 100 varies little until
it does.
"""
TIMES = ("team_alerted", "role_in_place", "published", "impact_ended")
"""What is timed in two periods, by its act: each obligation of these that enough drills owe."""


class HeadlineLimits(NamedTuple):
    """A headline against its own limits."""

    headline: Headline
    low: float
    """As figures from 0 to 100."""
    mid: float
    high: float
    first: int
    """The place of the first of the FEWEST drills that made the limits, among those that were looked at."""
    judged: tuple[float, ...]
    """The drills after them, up to JUDGED; empty as long as there are only as many as limits need."""
    outside: tuple[int, ...]
    """Which of those lie outside, by their place among them."""
    false_alarm: float
    """How often a team that does not change has one outside among the next JUDGED."""


class TimeChange(NamedTuple):
    """A time in two periods: the mean over drills, each up to its deadline; one that never came counts as that."""

    obligation: str
    """Its id."""
    title: str
    """As the last drill that owed it names it."""
    difference: Difference
    """In seconds; p allows for all times being looked at together."""

    @property
    def differs(self) -> bool:
        """Whether there are enough drills, and luck alone seldom does that."""
        return self.difference.enough and self.difference.p <= RARE


class Changes(NamedTuple):
    """What changed."""

    better: float | None
    """The probability that the level is better than at the first drill; None below LEAST drills."""
    limits: list[HeadlineLimits]
    times: list[TimeChange]
    periods: tuple[int, int]
    """How many drills each of the two periods has that the times are compared in."""

    @property
    def level_changed(self) -> bool:
        """Whether the level is said to be another."""
        return self.better is not None and not 1 - SURE <= self.better <= SURE

    @property
    def anything(self) -> bool:
        """Whether anything is said to have changed."""
        return self.level_changed or any(one.outside for one in self.limits) or any(one.differs for one in self.times)


def changes_of(
    drills: Sequence[Figures],
    before: Callable[[DrillFigures], bool] | None = None,
    difficulties: Mapping[str, tuple[float, float]] | None = None,
) -> Changes:
    """All that can be said of a change.

    `before` says whether a drill belongs to the first period; without it the drills are halved. `difficulties` are
    those of `readiness.Circumstances`.
    """
    rows = [one.drill for one in drills]
    counted = countable(rows)
    known = Circumstances(difficulties or {}, newcomers_of(drills))
    better = Readiness(played_of(counted, known)).better(since=1) if len(counted) >= LEAST else None
    limits = [found for name in HEADLINES if (found := headline_limits(rows, name)) is not None]
    parts = halves(drills) if before is None else _parted(drills, before)
    return Changes(better, limits, time_changes(*parts), (len(parts[0]), len(parts[1])))


def headline_limits(drills: Sequence[DrillFigures], headline: Headline) -> HeadlineLimits | None:
    """A headline against its limits; None below FEWEST drills that have it.

    They are worked out on the scale of `readiness`, where luck is about even, and never lie outside 0 to 100.
    """
    found = [value for one in drills if _sound(one) and (value := _value(one, headline)) is not None]
    judged = min(JUDGED, max(0, len(found) - FEWEST))
    first = len(found) - judged - FEWEST
    if first < 0:
        return None
    made = [on_scale(value) for value in found[first : first + FEWEST]]
    limits = control_limits(made, _USUAL[headline])
    if limits is None:
        return None
    last = found[first + FEWEST :]
    return HeadlineLimits(
        headline=headline,
        low=figure_of(limits.high),
        mid=figure_of(limits.mean),
        high=figure_of(limits.low),
        first=first,
        judged=tuple(last),
        outside=tuple(place for place, value in enumerate(last) if not limits.holds(on_scale(value))),
        false_alarm=FALSE_ALARM[headline],
    )


def _sound(one: DrillFigures) -> bool:
    return one.complete and not one.cut_short


def _value(one: DrillFigures, headline: Headline) -> float | None:
    return one.response_time if headline == "response_time" else one.role_coverage


def halves(drills: Sequence[Figures]) -> tuple[list[Figures], list[Figures]]:
    """The earlier and the later half of those that were played to their end; of an odd number the earlier has more."""
    sound = [one for one in drills if _sound(one.drill)]
    middle = (len(sound) + 1) // 2
    return sound[:middle], sound[middle:]


def _parted(drills: Sequence[Figures], before: Callable[[DrillFigures], bool]) -> tuple[list[Figures], list[Figures]]:
    sound = [one for one in drills if _sound(one.drill)]
    return [one for one in sound if before(one.drill)], [one for one in sound if not before(one.drill)]


def time_changes(before: Sequence[Figures], after: Sequence[Figures]) -> list[TimeChange]:
    """How the times differ between two periods; empty below FEWEST_EACH drills in one of them.

    What not enough drills of a period owe is left out.
    """
    if min(len(before), len(after)) < FEWEST_EACH:
        return []
    rows = [{row.obligation: row for row in one.obligations if _timed(row)} for one in (*before, *after)]
    parts = rows[: len(before)], rows[len(before) :]
    kept = [name for name in _names(rows) if min(sum(name in row for row in part) for part in parts) >= FEWEST_EACH]
    if not kept:
        return []
    first, second = ([[_restricted(row.get(name)) for name in kept] for row in part] for part in parts)
    found = zip(kept, compared_together(first, second), strict=True)
    last = {name: row for one in rows for name, row in one.items()}
    return [TimeChange(name, last[name].title, one) for name, one in found if one is not None]


def _names(rows: Sequence[Mapping[str, ObligationFigures]]) -> list[str]:
    """The obligations in any of these, by their acts in the order of TIMES."""
    acts = {name: row.act for one in rows for name, row in one.items()}
    return sorted(acts, key=lambda name: (TIMES.index(acts[name]), name))


def _timed(row: ObligationFigures) -> bool:
    return row.act in TIMES and row.deadline_s is not None and row.outcome != "unjudged"


def _restricted(row: ObligationFigures | None) -> float | None:
    return None if row is None or row.deadline_s is None else restricted(row.actual_s, row.deadline_s)
