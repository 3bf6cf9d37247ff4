"""Chart 7: what the team meant to change, whether later drills tested it, and whether it held."""

from collections.abc import Callable, Sequence

from reports.charts.palette import FAINT, INK
from reports.format import clean, cut
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.svg import NARROW, WIDE, Columns, Picture, mark, mark_alone, marks
from scoring.history.actions import CorrectiveAction, tally
from scoring.labels import counted

__all__ = ["actions_chart"]

_TITLE = "What you meant to change, and whether it held"
_WHY = (
    "A ring is the drill after which an action was entered; each later drill that owed the same obligation tests it.",
    "It has held once the last two of these met the obligation; what names no obligation is closed by hand.",
    "The table says how often a team that does not change would look as if it had held: two drills prove little alone.",
)
_ROWS = 12
_STATES = {"open": "open", "retested": "met once", "held": "held", "not_held": "not held", "closed": "closed"}


def actions_chart(
    actions: Sequence[CorrectiveAction], shown: Shown, text: Callable[[CorrectiveAction], str] | None = None
) -> Chart:
    """The chart; `text` gives what somebody typed, where that is known."""
    heads = {one.head: place for place, one in enumerate(shown.drills)}
    mine = [one for one in actions if one.head in heads]

    def says(one: CorrectiveAction) -> str:
        typed = text(one) if text is not None else ""
        return clean(f"{one.lead}{typed}".strip()) or (clean(one.title) if one.title else "An action without a measure")

    if not mine:
        return Chart("actions", _TITLE, "No corrective action was entered after any of these drills.", _WHY)
    rows = mine[:_ROWS]
    kinds = {"unjudged": "entered", "met": "met when tested again", "missed": "not met when tested again"}
    return Chart(
        name="actions",
        title=_TITLE,
        says=_says(mine),
        why=_WHY,
        wide=_drawn(Picture(WIDE), rows, shown, heads, says),
        narrow=_drawn(Picture(NARROW), rows, shown, heads, says),
        legend=tuple((mark_alone(kind), words) for kind, words in kinds.items()),
        table=_table(mine, shown, heads, says),
    )


def _says(actions: Sequence[CorrectiveAction]) -> str:
    found = tally(actions)
    parts = [f"{found.retested} tested again", f"{found.held} held"]
    parts += [f"{found.closed} closed by hand"] if found.closed else []
    said = f"Of {counted(found.opened, 'action', 'actions')}: {', '.join(parts)}."
    return f"{said} {found.overdue} overdue." if found.overdue else said


def _state(one: CorrectiveAction) -> str:
    return f"{_STATES[one.state]}, overdue" if one.overdue else _STATES[one.state]


Says = Callable[[CorrectiveAction], str]


def _table(actions: Sequence[CorrectiveAction], shown: Shown, heads: dict[str, int], says: Says) -> Table:
    head = ("Action", "Entered after", "Shown by", "Tested again", "State", "Due", "By luck alone")
    return Table(
        tuple(map(Cell, head)),
        tuple(
            (
                Cell(says(one)),
                shown.cell(heads[one.head]),
                Cell(clean(one.title) or "nothing that is measured"),
                Cell(counted(one.tested, "time", "times") if one.tested else "not yet"),
                Cell(_state(one), kind="missed" if one.overdue or one.state == "not_held" else ""),
                Cell(one.due_on),
                Cell("" if one.luck is None else f"{round(100 * one.luck)} of 100 unchanged teams"),
            )
            for one in actions
        ),
    )


def _drawn(picture: Picture, rows: Sequence[CorrectiveAction], shown: Shown, heads: dict[str, int], says: Says) -> str:
    high, top = (33, 4) if picture.narrow else (24, 4)
    columns = Columns(shown, 0, NARROW - 4) if picture.narrow else Columns(shown, 236, WIDE - 236 - 100)
    kinds: dict[str, list[str]] = {"unjudged": [], "met": [], "missed": []}
    for number, one in enumerate(rows):
        y = top + number * high + (23 if picture.narrow else 10)
        if picture.narrow:
            picture.text(0, y - 10, f"{cut(says(one), 36)}: {_state(one)}", size=11, fill=INK)
        else:
            picture.text(0, y + 4, cut(says(one), 35), fill=INK)
            picture.text(columns.right + 10, y + 4, _state(one))
        first = heads[one.head]
        picture.line(columns.x(first), y, columns.right, y, stroke=FAINT)
        kinds["unjudged"].append(mark("unjudged", columns.x(first), y, columns.radius))
        for again in one.retests:
            if again.head in heads:
                kind = "met" if again.met else "missed"
                kinds[kind].append(mark(kind, columns.x(heads[again.head]), y, columns.radius))
    for kind, outlines in kinds.items():
        marks(picture, kind, outlines)
    bottom = top + len(rows) * high + 2
    columns.links(picture, top, bottom)
    columns.days(picture, bottom + 10)
    return picture.done(bottom + 28)
