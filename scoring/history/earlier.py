"""A drill beside the last few that may stand beside it: each obligation's outcomes, and what is another than last time.

With one to three drills that is all that can be said. No line, no average, no word of a trend.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from scoring.history.figures import DrillFigures, Figures, ObligationFigures
from scoring.history.selection import keys_of, newcomers_of

__all__ = ["MOST", "Beside", "Cell", "Row", "beside_earlier", "why_not"]

MOST = 3
"""So many earlier drills are shown."""


class Cell(NamedTuple):
    """How an obligation went in one drill."""

    found: ObligationFigures
    comparable: bool
    """Whether it had the same target as in the drill that it stands beside, and could be judged."""

    @property
    def met(self) -> bool:
        """Whether it was worth everything."""
        return self.found.outcome == "met"


class Row(NamedTuple):
    """An obligation of a drill, and how it went in the earlier ones."""

    now: ObligationFigures
    earlier: list[Cell | None]
    """One for each earlier drill, oldest first; None where it was not owed."""


class Beside(NamedTuple):
    """A drill beside earlier ones."""

    now: DrillFigures
    earlier: list[DrillFigures]
    """The last few that may stand beside it, oldest first."""
    kept: list[DrillFigures]
    """All that may stand beside it, and then itself."""
    newcomers: dict[str, float]
    """For each of those, by the last hash of its log, the share of people who were new to the team."""
    left_out: dict[str, int]
    """How many earlier ones of its kind may not, by the reason."""
    rows: list[Row]
    gained: list[str]
    """Titles of what was met and was not in the last one."""
    lost: list[str]
    """Titles of what was not met and was in the last one."""
    never_led: list[str]
    """Ids of those who were in it, may lead, and led neither in it nor in any of the earlier ones."""
    drills: int
    """How many drills that is said of."""


def why_not(now: DrillFigures, other: DrillFigures) -> str | None:
    """Why an earlier drill of the same kind by the same team may not stand beside this one; None if it may."""
    reasons = {
        f"in {other.mode} mode": other.mode != now.mode,
        f"by the protocol {other.protocol}": other.protocol != now.protocol,
        f"by {other.players} players": keys_of(other).players != keys_of(now).players,
        "cut short": other.cut_short,
        "not played to its end": not other.complete,
    }
    return next((why for why, holds in reasons.items() if holds), None)


def beside_earlier(now: Figures, earlier: Sequence[Figures]) -> Beside | None:
    """A drill beside those that came before it, in their order; None if none may stand beside it."""
    row = now.drill
    alike = [
        one for one in earlier if (one.drill.team, one.drill.group, one.drill.kind) == (row.team, row.group, row.kind)
    ]
    reasons = [(one, why_not(row, one.drill)) for one in alike]
    kept = [one for one, why in reasons if why is None]
    if not kept or row.cut_short:
        return None
    last = kept[-MOST:]
    rows = [Row(owed, [_cell(owed, one) for one in last]) for owed in now.obligations]
    led = {member for one in (*kept, now) for member in one.crew.led}
    there = now.crew.persons or now.crew.members
    return Beside(
        now=row,
        earlier=[one.drill for one in last],
        kept=[one.drill for one in (*kept, now)],
        newcomers=newcomers_of([*kept, now]),
        left_out=dict(Counter(why for _, why in reasons if why is not None)),
        rows=rows,
        gained=[one.now.title for one in rows if _changed(one) and one.now.outcome == "met"],
        lost=[one.now.title for one in rows if _changed(one) and one.now.outcome != "met"],
        never_led=[member for member in there if member in now.crew.may_lead and member not in led],
        drills=len(kept) + 1,
    )


def _cell(owed: ObligationFigures, one: Figures) -> Cell | None:
    found = next((row for row in one.obligations if row.obligation == owed.obligation), None)
    if found is None:
        return None
    return Cell(found, found.target_s == owed.target_s and found.outcome != "unjudged")


def _changed(row: Row) -> bool:
    """Whether it was met in one of this drill and the last, and not in the other."""
    last = row.earlier[-1]
    if last is None or not last.comparable or row.now.outcome == "unjudged":
        return False
    return last.met != (row.now.outcome == "met")
