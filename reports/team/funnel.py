"""Chart 5, the funnel: report, alert, acknowledged, joined, role, fix."""

from collections.abc import Sequence

from reports.charts.palette import BLUE, FAINT, INK, SOFT
from reports.format import joined
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.svg import NARROW, WIDE, Columns, Picture, mark, marks
from scoring.history.charts.funnel import Funnel, Stage, funnel_of
from scoring.history.figures import Figures
from scoring.labels import counted

__all__ = ["funnel_chart"]

_TITLE = "From the report to the fix: where most is lost"
_WHY = (
    "Each row is a step, each column a drill; how full a column is says which share of that drill came so far.",
    "Alerts, roles and fixes are counted in drills; answers and joining in the people whom the alert called.",
    "People are counted over all drills, so a large drill weighs more; drills that owed no alert are not in it.",
)
_NAMES = {
    "alert": "Team alerted",
    "acknowledged": "Acknowledged",
    "joined": "Joined the channel",
    "role": "Commander in place",
    "fix": "Impact ended",
}
_NAMED = 3


def funnel_chart(drills: Sequence[Figures], shown: Shown) -> Chart:
    """The chart."""
    found = funnel_of(drills)
    if found is None:
        return Chart("funnel", _TITLE, "None of these drills owed an alert.", _WHY)
    return Chart(
        name="funnel",
        title=_TITLE,
        says=_says(found, len(drills)),
        why=_WHY,
        wide=_drawn(Picture(WIDE), found, shown),
        narrow=_drawn(Picture(NARROW), found, shown),
        table=_table(found, shown),
    )


def _count(stage: Stage) -> str:
    one, many = ("drill", "drills") if stage.counts == "drills" else ("person", "people")
    return f"{stage.done} of {counted(stage.owed, one, many)}"


def _says(found: Funnel, drills: int) -> str:
    narrowest = found.narrowest
    if narrowest.share == 1:
        said = "Nothing is lost on the way: each step was done each time, by everybody."
    else:
        said = f"The weakest step is “{_NAMES[narrowest.name]}”: {_count(narrowest)}."
    if found.unalerted:
        said += f" In {found.unalerted} of {drills} drills no alert was owed; they are not in it."
    return said


def _table(found: Funnel, shown: Shown) -> Table:
    rows = []
    for stage in found.stages:
        short = [place for place, one in enumerate(stage.found) if one is not None and one[0] < one[1]]
        names = [shown.called(place) for place in short[-_NAMED:]]
        more = f", and {len(short) - _NAMED} earlier" if len(short) > _NAMED else ""
        last = shown.link(short[-1]) if short else ""
        cells = (Cell(_count(stage)), Cell(f"{round(100 * stage.share)}%"), Cell(f"{joined(names)}{more}" or "–", last))
        rows.append((Cell(_NAMES[stage.name]), *cells))
    return Table(tuple(map(Cell, ("Step", "Came so far", "Share", "Lost in"))), tuple(rows))


def _drawn(picture: Picture, found: Funnel, shown: Shown) -> str:
    high, full = (58, 30) if picture.narrow else (44, 32)
    columns = Columns(shown, 0, NARROW - 4) if picture.narrow else Columns(shown, 236, WIDE - 240)
    top = 4
    for number, stage in enumerate(found.stages):
        bottom = top + number * high + (52 if picture.narrow else 38)
        if picture.narrow:
            picture.text(0, bottom - full - 7, f"{_NAMES[stage.name]}: {_count(stage)}", size=11, fill=INK)
        else:
            picture.text(0, bottom - 16, _NAMES[stage.name], fill=INK)
            picture.text(0, bottom - 2, _count(stage), size=11)
        _stage(picture, columns, stage, bottom, full)
    bottom = top + len(found.stages) * high + 4
    columns.links(picture, top, bottom)
    columns.days(picture, bottom + 10)
    return picture.done(bottom + (28 if len(shown) < 6 or picture.narrow else 16))


def _stage(picture: Picture, columns: Columns, stage: Stage, bottom: float, full: float) -> None:
    """One step in every drill: a frame filled as far as it came, a cross where it did not at all."""
    frames = fills = ""
    nothing = []
    for place, one in enumerate(stage.found):
        wide = columns.each * 0.72
        left = columns.x(place) - wide / 2
        if one is None:
            continue
        part = one[0] / one[1]
        frames += f"M{left:.1f} {bottom - full:.1f}h{wide:.1f}v{full:.1f}h{-wide:.1f}z"
        if part:
            fills += f"M{left:.1f} {bottom:.1f}v{-full * part:.1f}h{wide:.1f}v{full * part:.1f}z"
        else:
            nothing.append(mark("missed", columns.x(place), bottom - full / 2, min(columns.radius, wide / 2)))
    picture.path(frames, fill=FAINT, width=0)
    picture.path(fills, fill=BLUE, width=0)
    marks(picture, "missed", nothing)
    picture.line(columns.left, bottom + 0.5, columns.right, bottom + 0.5, stroke=SOFT, width=0.8)
