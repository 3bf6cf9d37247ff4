"""A drill beside earlier ones, in words: what the report, the screen and the room print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.actions import ActionRow, went
from reports.format import clean, joined, spell
from scoring.history.earlier import Beside, Cell, Row
from scoring.history.figures import DrillFigures, ObligationFigures, Outcome
from scoring.labels import counted

if TYPE_CHECKING:
    from reports.dots import Dots

__all__ = ["Earlier", "EarlierCell", "EarlierRow", "earlier_of"]

_NAMED = 5
"""So many obligations a sentence names."""


@dataclass(frozen=True)
class EarlierCell:
    """How an obligation went in one drill."""

    says: str
    outcome: Outcome | None
    """None if it was not owed."""


@dataclass(frozen=True)
class EarlierRow:
    """An obligation in the earlier drills, and in this one."""

    title: str
    target: str
    cells: tuple[EarlierCell, ...]
    """Oldest first; the last is this drill."""
    comparable: str
    """`yes`, or why the cells may not be compared."""
    cost: float
    """Points of the total that it cost this time."""

    @property
    def always_met(self) -> bool:
        """Whether there is nothing to say about it."""
        return all(cell.outcome in ("met", "unjudged", None) for cell in self.cells)


@dataclass(frozen=True)
class Earlier:
    """What a drill's report says of the drills before it."""

    headings: tuple[tuple[str, str], ...]
    """When each drill was, or which, and its scenario; the last is this one."""
    rows: tuple[EarlierRow, ...]
    changed: str
    """What is met now and was not in the last one, and the other way round, in a sentence or two."""
    left_out: str
    """Which earlier drills are not here and why; empty if all are."""
    never_led: str
    """Who has not led, in a sentence."""
    actions: tuple[ActionRow, ...]
    """What the team meant to change after earlier drills, and this one shows something of."""
    dots: "Dots | None" = None
    """All of these drills as dots, from four on."""

    @property
    def telling(self) -> list[EarlierRow]:
        """The rows that say more than that it was done each time."""
        return [row for row in self.rows if row.target or not row.always_met]

    @property
    def each_time(self) -> str:
        """What else was done each time, by its titles."""
        return ", ".join(row.title for row in self.rows if not row.target and row.always_met)


def earlier_of(
    beside: Beside,
    name: Callable[[str], str],
    actions: Sequence[ActionRow] = (),
    difficulties: Mapping[str, tuple[float, float]] | None = None,
) -> Earlier:
    """A drill beside earlier ones, in words. `name` gives the names of people for their ids.

    `difficulties` are those of `readiness.Circumstances`.
    """
    from reports.dots import dots_of  # with NumPy, which nothing else here needs
    from scoring.history.readiness import Circumstances

    drills = [*beside.earlier, beside.now]
    return Earlier(
        headings=tuple((_when(one), clean(one.title)) for one in drills),
        rows=tuple(_row(row) for row in beside.rows),
        changed=_changed(beside),
        left_out=_left_out(beside),
        never_led=_never_led(beside, name),
        actions=tuple(actions),
        dots=dots_of(beside.kept, Circumstances(difficulties or {}, beside.newcomers)),
    )


def _when(one: DrillFigures) -> str:
    """The day of a drill; the id of a simulated one, which only has a day in its story."""
    return one.drill if one.kind == "simulated" else one.date


def _row(row: Row) -> EarlierRow:
    cells = [EarlierCell("not owed", None) if one is None else _cell(one.found, one, row) for one in row.earlier]
    target = "" if row.now.target_s is None else spell(row.now.target_s * 1000)
    cost = 0.0 if row.now.earned is None else row.now.available - row.now.earned
    return EarlierRow(row.now.title, target, (*cells, _cell(row.now)), _comparable(row), cost)


def _cell(found: ObligationFigures, cell: Cell | None = None, row: Row | None = None) -> EarlierCell:
    says = went(found)
    other = cell is not None and row is not None and found.target_s not in (None, row.now.target_s)
    if other and found.target_s is not None:
        says += f" (target {spell(found.target_s * 1000)})"
    return EarlierCell(says, found.outcome)


def _comparable(row: Row) -> str:
    cells = [one for one in row.earlier if one is not None]
    if not cells:
        return "not owed before"
    if any(one.found.target_s != row.now.target_s for one in cells):
        return "not all: different target"
    return "yes"


def _changed(beside: Beside) -> str:
    last = f"Compared with the last one ({_when(beside.earlier[-1])})"
    if not beside.gained and not beside.lost:
        return f"{last}, the same obligations are met."
    said = [f"now met: {_named(beside.gained)}"] if beside.gained else []
    said += [f"no longer met: {_named(beside.lost)}"] if beside.lost else []
    return f"{last}, {'; '.join(said)}. Chance alone can do that from one drill to the next."


def _named(titles: list[str]) -> str:
    rest = len(titles) - _NAMED
    return ", ".join(titles[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _left_out(beside: Beside) -> str:
    if not beside.left_out:
        return ""
    reasons = [f"{number} {why}" for why, number in beside.left_out.items()]
    count = counted(sum(beside.left_out.values()), "earlier drill", "earlier drills")
    return f"Left out: {count} ({joined(reasons)})."


def _never_led(beside: Beside, name: Callable[[str], str]) -> str:
    over = f"In these {beside.drills} drills"
    if not beside.never_led:
        return f"{over}, everybody who was in this one and may lead has led."
    return f"{over}, not yet in command: {joined([name(one) for one in beside.never_led])}."
