"""Chart 1, the obligation strip: how each obligation went in each drill."""

from collections.abc import Sequence

from reports.actions import went
from reports.charts.palette import FAINT, INK, SOFT
from reports.format import clean, cut, joined, spell
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.svg import MARKS, NARROW, WIDE, Columns, Picture, mark, mark_alone, marks
from scoring.history.charts.strip import StripRow, strip_of
from scoring.history.figures import Figures, ObligationFigures
from scoring.labels import counted

__all__ = ["strip_chart", "strip_table"]

_NAMED = 3
"""So many obligations the sentence names."""
_LAST = 3
"""So many drills the table has in full, if there are more."""
_MEANS = {
    "met": "met",
    "late": "done, but late",
    "partly": "done in part",
    "missed": "not done",
    "unjudged": "could not be judged",
    "unowed": "not owed",
}
_WHY = (
    "An obligation is something that the protocol asks for. Each column is a drill, the last one on the right.",
    "Rows are in the order of what they cost: points of the total lost a drill, on average over these drills.",
    "A single miss can be chance. A row that is missed again and again is a habit, and that is what to look for.",
)


def strip_chart(drills: Sequence[Figures], shown: Shown) -> Chart:
    """The chart."""
    rows = strip_of(drills)
    kinds = {kind for row in rows for kind in map(_kind, row.found)}
    return Chart(
        name="obligations",
        title="What was owed, drill by drill",
        says=_says(rows, len(drills)),
        why=_WHY,
        wide=_drawn(Picture(WIDE), rows, shown),
        narrow=_drawn(Picture(NARROW), rows, shown),
        legend=tuple((mark_alone(kind), says) for kind, says in _MEANS.items() if kind in kinds),
        table=strip_table(rows, shown, _LAST),
    )


def _kind(found: ObligationFigures | None) -> str:
    return "unowed" if found is None else found.outcome


def _says(rows: Sequence[StripRow], drills: int) -> str:
    judged = [row for row in rows if row.judged]
    short = [row for row in judged if row.met < row.judged]
    if not short:
        return f"All that was owed was met in each of these {drills} drills."
    named = [f"{clean(row.title)} (met in {row.met} of {row.judged})" for row in short[:_NAMED]]
    always = len(judged) - len(short)
    rest = f"{counted(always, 'obligation was', 'obligations were')} met every time, of {len(judged)}."
    if not always:
        rest = f"None of the {len(judged)} obligations was met every time."
    return f"What costs most: {joined(named)}. {rest[:1].upper()}{rest[1:]}"


def strip_table(rows: Sequence[StripRow], shown: Shown, most: int) -> Table:
    """The last few drills in full, and of all of them how often each obligation was met."""
    places = range(max(0, len(shown) - most), len(shown))
    whole = len(shown) > most
    first = map(Cell, ("What was owed", "Target", *(["Met in"] if whole else [])))
    several = len(places) > 1  # one drill is comparable with nothing
    head = (*first, *map(shown.cell, places), *([Cell("Comparable")] if several else []))
    return Table(
        head,
        tuple(
            (
                Cell(clean(row.title)),
                Cell(_target(row)),
                *([Cell(f"{row.met} of {row.judged}")] if whole else []),
                *(_cell(row.found[place]) for place in places),
                *([Cell(_comparable(row, places))] if several else []),
            )
            for row in rows
        ),
    )


def _target(row: StripRow) -> str:
    last = next(one for one in reversed(row.found) if one is not None)
    return "" if last.target_s is None else spell(last.target_s * 1000).replace(" ", "\N{NO-BREAK SPACE}")


def _cell(found: ObligationFigures | None) -> Cell:
    if found is None:
        return Cell("not owed", kind="unowed")
    return Cell(went(found), kind=found.outcome)


def _comparable(row: StripRow, places: Sequence[int]) -> str:
    there = [one for place in places if (one := row.found[place]) is not None]
    if len(there) < 2:
        return "–"
    return "yes" if len({one.target_s for one in there}) == 1 else "no: different targets"


def _drawn(picture: Picture, rows: Sequence[StripRow], shown: Shown) -> str:
    narrow = picture.narrow
    high, top = (31, 18) if narrow else (20, 22)
    columns = Columns(shown, 0, NARROW - 4) if narrow else Columns(shown, 236, WIDE - 236 - 62)
    columns.days(picture, 11)
    if not narrow:
        picture.text(columns.right + 12, 11, "met in", size=11)
    found: dict[str, list[str]] = {kind: [] for kind in MARKS}
    for number, row in enumerate(rows):
        y = top + number * high + (22 if narrow else 9)
        score = f"{row.met} of {row.judged}"
        if narrow:
            picture.text(0, y - 9, f"{cut(row.title, 42)}: {score}", size=11, fill=INK)
        else:
            picture.line(columns.left, y + high / 2 + 1, columns.right, y + high / 2 + 1, stroke=FAINT, width=0.6)
            picture.text(0, y + 4, cut(row.title, 35), fill=INK)
            picture.text(columns.right + 12, y + 4, score, fill=SOFT)
        for place, one in enumerate(row.found):
            kind = _kind(one)
            found[kind].append(mark(kind, columns.x(place), y, columns.radius))
    for kind, outlines in found.items():
        marks(picture, kind, outlines)
    height = top + len(rows) * high + 4
    columns.links(picture, top, height)
    return picture.done(height)
