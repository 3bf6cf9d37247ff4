"""What changed over a team's drills, in words, and the numbers behind it as a table.

The team's page and its file take all that they say of a change from here: a sentence added elsewhere would add to
how often something is said to have changed where nothing did.
"""

from dataclasses import dataclass

from reports.format import clean, score_points, spell
from scoring.history.changes import JUDGED, Changes, HeadlineLimits, TimeChange
from scoring.statistics.limits import FEWEST
from scoring.statistics.periods import FEWEST_EACH

__all__ = ["COLUMNS", "WHY", "ChangesTold", "changes_told"]

_TITLES = {"response_time": "response time", "role_coverage": "role coverage"}
COLUMNS = ("", "Before", "After", "Difference", "p")


@dataclass(frozen=True)
class ChangesTold:
    """What can be said of a change."""

    limits: tuple[str, ...]
    """A sentence for each headline that has limits, with their own rate of false alarms; empty below twelve drills."""
    times: str
    """What two periods say of the times; empty below six drills each."""
    rows: tuple[tuple[str, str, str, str, str], ...]
    """The times of both periods as a table, with COLUMNS."""
    anything: bool
    """Whether anything is said to have changed, the level included."""


def changes_told(changes: Changes) -> ChangesTold:
    """All of it in words but the level, which `reports.standing` tells."""
    return ChangesTold(
        limits=tuple(_limits(one) for one in changes.limits),
        times=_times(changes),
        rows=tuple(_row(one) for one in changes.times),
        anything=changes.anything,
    )


def _limits(one: HeadlineLimits) -> str:
    title = _TITLES[one.headline].capitalize()
    low, high = score_points(one.low), score_points(one.high)
    if (low, high) == ("0", "100"):
        return f"{title} varies too much for limits: they would be 0 to 100, and nothing could lie outside."
    said = f"{title}, of 100: limits of {low} to {high}, from {FEWEST} drills"
    often = round(100 * one.false_alarm)
    rate = f"In a team that doesn't change, one of the next {JUDGED} drills is outside in {often} of 100 cases."
    return f"{said}{_since(one)}. {rate}"


def _since(one: HeadlineLimits) -> str:
    number, outside = len(one.judged), len(one.outside)
    if not number:
        return ""
    if number == 1:
        return f"; the drill since is {'outside' if outside else 'inside'}"
    if not outside:
        return f"; the {number} drills since are inside"
    return f"; of the {number} drills since, {outside} {'is' if outside == 1 else 'are'} outside"


def _times(changes: Changes) -> str:
    if not changes.times:
        return ""
    differ = [one for one in changes.times if one.differs]
    before, after = changes.periods
    over = f"Between the first {before} of these drills and the {after} after them"
    if not differ:
        return f"{over}, none of the times that were compared differs by more than luck alone can explain."
    return f"{over}: {'; '.join(_differs(one) for one in differ)}."


def _differs(one: TimeChange) -> str:
    by = one.difference.after - one.difference.before
    word = "sooner" if by < 0 else "later"
    return f"{clean(one.title)} {spell(abs(by) * 1000)} {word} (p = {one.difference.p:.2g})"


def _row(one: TimeChange) -> tuple[str, str, str, str, str]:
    found = one.difference
    sign = "−" if found.after < found.before else "+"
    by = f"{sign}{spell(abs(found.after - found.before) * 1000)}"
    return clean(one.title), spell(found.before * 1000), spell(found.after * 1000), by, f"{found.p:.2g}"


WHY = (
    "A time counts up to its deadline, and one that never came counts as the deadline. p is in what share of all ways "
    "to share out these drills any of the times differs as much: at most one in twenty is said to differ. Fewer than "
    f"{FEWEST_EACH} drills in a period say nothing."
)
"""How two periods are compared, in three lines."""
