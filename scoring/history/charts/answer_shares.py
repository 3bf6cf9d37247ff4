"""Which share of the people who were alerted had answered by when: in each drill, and in all of them together."""

from collections.abc import Sequence
from typing import NamedTuple

from scoring.history.figures import Figures
from scoring.statistics.intervals import Interval, effective_number, wilson
from scoring.statistics.survival import Seen, band_by_drills, cumulative_incidence

__all__ = ["AnswerShares", "answer_shares"]

_LONGEST = 3600
"""Seconds. Nothing is drawn beyond."""
_SHORTEST = 60


class AnswerShares(NamedTuple):
    """Shares from 0 to 1 by each second from 0 on."""

    until: int
    """The last second."""
    target: float | None
    """Within how many seconds an answer was owed, in the last of these drills."""
    drills: list[list[float] | None]
    """One for each drill, in their order; None if nobody was alerted in it, or nobody besides who sent the alert."""
    whole: list[float]
    """All of them together."""
    low: list[float]
    """Below the true share nine times out of ten, by drawing drills anew; empty below two drills."""
    high: list[float]
    unalerted: list[int]
    """The places of the drills in which nobody was alerted though an alert was owed."""
    people: int
    """How many were waited for, over all drills; somebody who was in three counts three times."""
    excused: int
    """How many of them were excused before they had answered, so that it was no longer needed."""
    never: int
    """How many never answered."""
    by_target: Interval | None
    """Where the share lies by the target, in 95 of 100 cases; None without a target or an alert."""

    def at(self, seconds: float) -> float:
        """The share of all who had answered by then."""
        return self.whole[min(int(seconds), self.until)]

    @property
    def half(self) -> int | None:
        """The second by which half had answered; None if that did not come."""
        return next((second for second, share in enumerate(self.whole) if share >= 0.5), None)


def answer_shares(drills: Sequence[Figures]) -> AnswerShares | None:
    """How soon people answered; None if in none of these drills anybody was waited for."""
    rows = [[row for row in one.obligations if row.act == "acknowledged"] for one in drills]
    owed = [row for found in rows for row in found if row.target_s is not None]
    seen = [_seen(one) for one in drills]
    there = [one for one in seen if one is not None]
    if not there:
        return None
    target = owed[-1].target_s if owed else None
    until = _until([row.deadline_s or row.target_s or 0.0 for row in owed], there)
    shares = [None if one is None else _listed(cumulative_incidence(one, until)) for one in seen]
    together = Seen.together(there)
    whole = _listed(cumulative_incidence(together, until))
    band = band_by_drills(there, until)
    number = effective_number([len(one.seconds) for one in there])
    return AnswerShares(
        until=until,
        target=target,
        drills=shares,
        whole=whole,
        low=[] if band is None else _listed(band.low),
        high=[] if band is None else _listed(band.high),
        unalerted=[place for place, one in enumerate(drills) if not one.drill.alerted and _was_owed(one)],
        people=len(together.seconds),
        excused=sum(len(one.drill.excused_s) for one in drills),
        never=sum(len(one.drill.unanswered_s) for one in drills),
        by_target=None if target is None else wilson(whole[min(int(target), until)], number),
    )


def _seen(one: Figures) -> Seen | None:
    row = one.drill
    if not row.alerted or not (row.answered_s or row.unanswered_s or row.excused_s):
        return None
    return Seen.of(row.answered_s, row.unanswered_s, row.excused_s)


def _was_owed(one: Figures) -> bool:
    return any(row.act == "team_alerted" for row in one.obligations)


def _until(deadlines: Sequence[float], seen: Sequence[Seen]) -> int:
    """Up to the last deadline; without one, to the last answer."""
    last = max(deadlines, default=0.0) or max(float(one.seconds.max()) for one in seen)
    return int(min(max(last, _SHORTEST), _LONGEST))


def _listed(shares: object) -> list[float]:
    """Shares as a list."""
    listed: list[float] = shares.tolist()  # type: ignore[attr-defined]  # an array, and NumPy has its own home
    return listed
