"""The totals of drills as dots, with bands of where the team's level and its next drill lie."""

from collections.abc import Callable, Sequence

from reports.charts.palette import BLUE, SOFT
from reports.format import clean, joined, score_points
from reports.standing import FEWEST, comparable, countable, readiness_of
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.svg import NARROW, WIDE, Columns, Picture, mark, mark_alone, marks
from scoring.history.figures import DrillFigures
from scoring.history.readiness import Band, Circumstances, Readiness

__all__ = ["level_chart"]

_FLOOR = 7
"""A band that ends so low has no room for its figure below it."""
_TITLE = "Totals, the level behind them, and the next drill"
_WHY = (
    "The level is what a drill without luck would score, before caps; the next drill is wider: luck comes on top.",
    "Each band holds nine times out of ten. Luck alone moves a total by 9 to 24 points: no line joins the dots.",
    "A drill that a cap held down is counted apart, since one gross failure says nothing of how well the rest went.",
)


def level_chart(
    shown: Shown,
    known: Circumstances,
    brought: Sequence[DrillFigures] = (),
    team_name: Callable[[str], str] = lambda team: team,
) -> Chart:
    """The chart. Drills that were `brought` along from another team are grey rings in front: no band has them."""
    own = comparable(shown.drills)
    if len(countable(own)) < FEWEST:
        return Chart("level", _TITLE, "Too few of these drills have a total by the rubric of the last one.", _WHY)
    team = readiness_of(own, known)
    brought = [one for one in brought if one.rubric == shown.drills[-1].rubric]
    shown = shown.after(brought)
    places = [place for place, one in enumerate(shown.drills) if one in own or place < len(brought)]
    drills = [shown.drills[place] for place in places]
    others = joined(sorted({clean(team_name(one.team)) for one in brought}))
    rows = [_row(shown, place, team_name if place < len(brought) else None) for place in places]
    return Chart(
        name="level",
        title=_TITLE,
        says=f"The next drill will score {round(team.coming.low)} to {round(team.coming.high)}, nine times out of ten.",
        why=_WHY,
        wide=_drawn(Picture(WIDE), shown, drills, places, team, len(brought)),
        narrow=_drawn(Picture(NARROW), shown, drills, places, team, len(brought)),
        legend=_legend(others) if brought else (),
        table=Table((Cell("Drill"), Cell("Total before caps")), tuple(rows)),
    )


def _row(shown: Shown, place: int, team_name: Callable[[str], str] | None) -> tuple[Cell, Cell]:
    one = shown.drills[place]
    total = score_points(one.uncapped)
    return shown.cell(place), Cell(total if team_name is None else f"{total} (as {clean(team_name(one.team))})")


def _legend(others: str) -> tuple[tuple[str, str], ...]:
    return (
        (mark_alone("unjudged"), f"as {others}, where at least half of these people played; they count for nothing"),
    )


def _drawn(
    picture: Picture,
    shown: Shown,
    drills: Sequence[DrillFigures],
    places: Sequence[int],
    team: Readiness,
    brought: int,
) -> str:
    top, height, bands = 12, 150, (112 if picture.narrow else 170)
    columns = Columns(shown, 34, picture.width - 34 - bands)

    def down(total: float) -> float:
        return top + height * (1 - total / 100)

    for total in (0, 50, 100):
        picture.line(columns.left, down(total), picture.width - 4, down(total))
        picture.text(columns.left - 6, down(total) + 4, str(total), anchor="end", size=11)
    dots = [
        mark("met", columns.x(place), down(one.uncapped or 0.0), columns.radius)
        for place, one in zip(places, drills, strict=True)
    ]
    marks(picture, "unjudged", dots[:brought])
    picture.path("".join(dots[brought:]), fill=BLUE, width=0)
    each = bands / 2
    for number, (name, band) in enumerate((("level", team.level), ("next drill", team.coming))):
        x = picture.width - bands + each * (number + 0.5)
        _band(picture, x, band, down(band.low), down(band.high))
        picture.line(x - 13, down(band.mid), x + 13, down(band.mid), stroke=BLUE, width=2)
        picture.text(x, top + height + 18, name, anchor="middle", size=11)
    columns.links(picture, top, top + height, [score_points(one.uncapped) for one in shown.drills])
    columns.days(picture, top + height + 18)
    return picture.done(top + height + 36)


def _band(picture: Picture, x: float, band: Band, low: float, high: float) -> None:
    picture.rect(x - 13, high, 26, low - high, fill=BLUE, opacity=0.28)
    picture.text(x, high - 4, str(round(band.high)), anchor="middle", size=11, fill=SOFT)
    at_the_floor = round(band.low) <= _FLOOR  # below it stands what the band is
    picture.text(x, low - 4 if at_the_floor else low + 12, str(round(band.low)), anchor="middle", size=11, fill=SOFT)
