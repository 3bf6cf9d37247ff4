"""Chart 3: when somebody was in command and when customers first heard, as dots beside their targets."""

from collections.abc import Sequence
from math import log

from reports.charts.palette import INK, SOFT
from reports.format import clean, spell
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.svg import MARKS, NARROW, WIDE, Columns, Picture, mark, mark_alone, marks
from scoring.history.charts.first_times import FirstTimes, TimeDot, first_times
from scoring.history.figures import Figures

__all__ = ["times_chart"]

_TITLE = "Time to commander and to the first message"
_WHY = (
    "Minutes and seconds from the report, each step of the scale several times the one before: 30 seconds weigh much "
    "early and little late.",
    "The short line is the target of that drill; what was never done stands on a line of its own at the top and is not "
    "left out.",
    "There is no average: one that leaves out what never came looks best for a team that does nothing.",
)
_SCALE = (10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400)
_LOWEST = 10.0


def times_chart(drills: Sequence[Figures], shown: Shown) -> Chart:
    """The chart."""
    found = first_times(drills)
    if not found:
        return Chart("times", _TITLE, "None of these drills owed a commander or a message to customers.", _WHY)
    kinds = {_kind(dot) for one in found for dot in one.dots}
    means = {"met": "by its target", "late": "later", "missed": "never", "unowed": "not owed"}
    return Chart(
        name="times",
        title=_TITLE,
        says=" ".join(_says(one) for one in found),
        why=_WHY,
        wide=_drawn(Picture(WIDE), found, shown),
        narrow=_drawn(Picture(NARROW), found, shown),
        legend=tuple((mark_alone(kind), says) for kind, says in means.items() if kind in kinds),
        table=_table(found, shown),
    )


def _kind(dot: TimeDot | None) -> str:
    if dot is None:
        return "unowed"
    if dot.seconds is None:
        return "missed"
    return "met" if dot.met else "late"


def _says(one: FirstTimes) -> str:
    owed, came = one.owed, [dot.seconds for dot in one.owed if dot.seconds is not None]
    met, never = sum(dot.met for dot in owed), len(owed) - len(came)
    said = f"{clean(one.title)}: by its target in {met} of {len(owed)} drills"
    said += f", never in {never}" if never else ""
    return said + (f"; the latest after {spell(max(came) * 1000)}." if came and met < len(owed) - never else ".")


def _table(found: Sequence[FirstTimes], shown: Shown) -> Table:
    head = ("Drill", *(part for one in found for part in (clean(one.title), "Target")))
    rows = []
    for place in range(len(shown)):
        cells: list[Cell] = []
        for one in found:
            dot = one.dots[place]
            target = None if dot is None else dot.target
            cells += [Cell(_told(dot), kind=_kind(dot)), Cell("" if target is None else spell(target * 1000))]
        rows.append((shown.cell(place), *cells))
    return Table(tuple(map(Cell, head)), tuple(rows))


def _told(dot: TimeDot | None) -> str:
    if dot is None:
        return "not owed"
    return "never" if dot.seconds is None else spell(dot.seconds * 1000) + ("" if dot.met else ", late")


class _Panel:
    """One of the two, from its top down: a title, a line for what never came, and the scale."""

    def __init__(self, picture: Picture, top: float, longest: float) -> None:
        self.picture = picture
        self.never = top + 34
        self.high, self.low = self.never + 16, self.never + (106 if picture.narrow else 126)
        self.longest = longest

    def y(self, seconds: float) -> float:
        """Where a time lies; what is sooner than the scale begins lies at its beginning."""
        share = log(max(seconds, _LOWEST) / _LOWEST) / log(self.longest / _LOWEST)
        return self.low - (self.low - self.high) * share

    def grounds(self, columns: Columns, title: str, *, never: bool) -> None:
        """The title and the scale."""
        self.picture.text(0, self.never - 20, title, fill=INK, bold=True)
        for seconds in _SCALE:
            if _LOWEST <= seconds <= self.longest:
                self.picture.line(columns.left, self.y(seconds), columns.right, self.y(seconds))
                self.picture.text(columns.left - 6, self.y(seconds) + 4, spell(seconds * 1000), anchor="end", size=11)
        if never:
            self.picture.line(columns.left, self.never, columns.right, self.never, stroke=SOFT, dashes="2 3")
            self.picture.text(columns.left - 6, self.never + 4, "never", anchor="end", size=11)


def _drawn(picture: Picture, found: Sequence[FirstTimes], shown: Shown) -> str:
    columns = Columns(shown, 52, picture.width - 60)
    top = 0.0
    for one in found:
        known = [value for dot in one.owed for value in (dot.seconds, dot.target) if value is not None]
        longest = next((step for step in _SCALE if step >= max(known, default=0.0)), _SCALE[-1])
        panel = _Panel(picture, top, max(longest, 60))
        panel.grounds(columns, clean(one.title), never=any(dot.seconds is None for dot in one.owed))
        places: dict[str, list[str]] = {kind: [] for kind in MARKS}
        targets = ""
        for place, dot in enumerate(one.dots):
            kind, x = _kind(dot), columns.x(place)
            seconds = None if dot is None else dot.seconds
            y = panel.never if kind == "missed" else panel.low + 8 if seconds is None else panel.y(seconds)
            places[kind].append(mark(kind, x, y, columns.radius))
            if dot is not None and dot.target is not None:
                targets += f"M{x - columns.each * 0.45:.1f} {panel.y(dot.target):.1f}h{columns.each * 0.9:.1f}"
        picture.path(targets, stroke=INK, width=1.6)
        for kind, outlines in places.items():
            marks(picture, kind, outlines)
        columns.links(picture, panel.never - 8, panel.low + 12, [_told(dot) for dot in one.dots])
        top = panel.low + 14
    columns.days(picture, top + 10)
    return picture.done(top + (28 if picture.narrow else 16))
