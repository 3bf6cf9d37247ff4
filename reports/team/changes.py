"""What changed over these drills: the headlines against their limits, and the times in two periods."""

from collections.abc import Mapping, Sequence

from reports.changes import COLUMNS, changes_told
from reports.team.chart import Cell, Chart, Table
from scoring.history.changes import JUDGED, changes_of
from scoring.history.figures import Figures
from scoring.statistics.limits import FEWEST
from scoring.statistics.periods import FEWEST_EACH

__all__ = ["changes_chart"]

_WHY = (
    "A time counts up to its deadline, and one that never came counts as the deadline. p says in what share of all "
    "ways to share out these drills any of the times differs as much; only one of 0.05 or less is said to differ.",
    f"Limits come from {FEWEST} drills, and up to {JUDGED} after them are held against them. They are wide, because "
    "luck moves one drill by so much.",
    "With the level, at most one page in ten says that something changed where nothing did.",
)


def changes_chart(drills: Sequence[Figures], difficulties: Mapping[str, tuple[float, float]]) -> Chart:
    """The sentences, and the times as a table; it has no picture."""
    changes = changes_of(drills, difficulties=difficulties)
    told = changes_told(changes)
    says = " ".join(part for part in (told.times, *told.limits) if part) or _too_few(len(drills))
    rows = tuple(tuple(map(Cell, row)) for row in told.rows)
    table = Table(tuple(map(Cell, COLUMNS)), rows) if rows else None
    return Chart("changes", "What changed", says, _WHY, table=table)


def _too_few(drills: int) -> str:
    if drills < 2 * FEWEST_EACH:
        return f"Too few drills to compare two periods: it takes {FEWEST_EACH} in each, and {FEWEST} for limits."
    return "Too few drills that owe the same to compare two periods, or that have the same headlines for limits."
