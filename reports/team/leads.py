"""Chart 4: who has led, and who has not."""

from collections.abc import Sequence

from reports.charts.palette import FAINT, INK, SOFT
from reports.format import cut, joined
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.svg import NARROW, WIDE, Columns, Picture, mark, mark_alone, marks
from scoring.history.charts.leads import Lead, leads_of
from scoring.history.figures import Figures
from scoring.labels import counted

__all__ = ["leads_chart", "leads_said"]

_TITLE = "Who has led"
_WHY = (
    "Listed is whoever may lead and was in one of the last three drills: who never led, then who led longest ago.",
    "It says when somebody last led, never how fast or how well: that stands on their own page alone.",
    "A role that only one or two people have held is a risk on the day on which both are away.",
)
_NAMED = 6
"""So many people the sentence names."""


def leads_chart(drills: Sequence[Figures], shown: Shown, unknown: str = "") -> Chart:
    """The chart; `unknown` says why it is not known who was there."""
    found = leads_of(drills)
    if not found:
        return Chart("leads", _TITLE, unknown or "Nobody who may lead was in the last three drills.", _WHY)
    return Chart(
        name="leads",
        title=_TITLE,
        says=leads_said(found, shown),
        why=_WHY,
        wide=_drawn(Picture(WIDE), found, shown),
        narrow=_drawn(Picture(NARROW), found, shown),
        legend=((mark_alone("met"), "last led"), (mark_alone("missed"), "not in these drills")),
        table=_table(found, shown),
    )


def leads_said(found: Sequence[Lead], shown: Shown) -> str:
    """Who never led, or else who led longest ago."""
    over = f"In {'this drill' if len(shown) == 1 else f'these {len(shown)} drills'}"
    never = [shown.name(one.who) for one in found if one.last is None]
    rest = f" and {len(never) - _NAMED} more" if len(never) > _NAMED else ""
    if never:
        return (
            f"{over}, not yet in command: {joined(never[:_NAMED]) if not rest else ', '.join(never[:_NAMED]) + rest}."
        )
    if len(shown) == 1:
        return f"{over}, everybody who may lead has led."
    first = found[0]
    return f"{over}, everybody who may lead has led; longest ago {shown.name(first.who)} ({_ago(first, shown)})."


def _ago(one: Lead, shown: Shown) -> str:
    if one.last is None:
        return "never in these drills"
    ago = len(shown) - 1 - one.last
    return "in the last drill" if ago == 0 else f"{counted(ago, 'drill', 'drills')} before the last"


def _table(found: Sequence[Lead], shown: Shown) -> Table:
    rows = [
        (
            Cell(shown.name(one.who)),
            Cell("never in these drills", kind="missed") if one.last is None else shown.cell(one.last),
            Cell("" if one.last is None else _ago(one, shown)),
        )
        for one in found
    ]
    return Table(tuple(map(Cell, ("Who may lead", "Last led in", "How long ago"))), tuple(rows))


def _drawn(picture: Picture, found: Sequence[Lead], shown: Shown) -> str:
    left, high, top = (112, 24, 6) if picture.narrow else (236, 24, 6)
    never = left + 12
    columns = Columns(shown, left + 36, picture.width - left - 40)
    kinds: dict[str, list[str]] = {"met": [], "missed": []}
    for number, one in enumerate(found):
        y = top + number * high + 10
        picture.line(columns.left, y, columns.right, y, stroke=FAINT)
        picture.text(0, y + 4, cut(shown.name(one.who), 17 if picture.narrow else 36), fill=INK)
        place = one.last
        if place is None:
            kinds["missed"].append(mark("missed", never, y, 5))
        else:
            kinds["met"].append(mark("met", columns.x(place), y, max(columns.radius, 4)))
    for kind, outlines in kinds.items():
        marks(picture, kind, outlines)
    for number, one in enumerate(found):
        if one.last is not None:
            y, x = top + number * high, columns.x(one.last)
            box = f'<rect x="{x - 10:.1f}" y="{y:.1f}" width="20" height="20" fill="transparent"/>'
            picture.link(shown.link(one.last), f"{shown.name(one.who)} last led: {shown.called(one.last)}", box)
    bottom = top + len(found) * high + 10
    picture.text(never, bottom, "never", anchor="middle", size=11, fill=SOFT)
    columns.days(picture, bottom)
    return picture.done(bottom + (18 if picture.narrow or len(shown) < 6 else 6))
