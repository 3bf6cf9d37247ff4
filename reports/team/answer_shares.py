"""Chart 2: which share of the people who were alerted had answered by when."""

from collections.abc import Sequence

from reports.charts.palette import BLUE, INK, SOFT
from reports.format import spell
from reports.team.chart import Cell, Chart, Shown, Table
from reports.team.svg import NARROW, WIDE, Picture
from scoring.history.charts.answer_shares import AnswerShares, answer_shares
from scoring.history.figures import Figures
from scoring.labels import counted

__all__ = ["answers_chart"]

_TITLE = "How soon people answer the alert"
_WHY = (
    "Each thin line is a drill, the thick one all of them together; whoever never answered counts to the end.",
    "The band is where the thick line would lie nine times out of ten in other drills like these. It comes of drawing "
    "drills, not people, because the people of one drill are quick or slow together.",
    "Who was excused before answering was no longer needed, and counts as never having answered; no line says whose "
    "answer it was.",
)
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)


def answers_chart(drills: Sequence[Figures], shown: Shown) -> Chart:
    """The chart."""
    found = answer_shares(drills)
    if found is None:
        return Chart("answers", _TITLE, "In none of these drills was anybody waited for after an alert.", _WHY)
    return Chart(
        name="answers",
        title=_TITLE,
        says=_says(found, len(drills)),
        why=_WHY,
        wide=_drawn(Picture(WIDE), found, shown),
        narrow=_drawn(Picture(NARROW), found, shown),
        table=_table(found, shown),
    )


def _percent(share: float) -> str:
    """A share in percent; neither all nor none unless it is so."""
    if 0 < share < 1:
        share = min(max(share, 0.01), 0.99)
    return f"{round(100 * share)}%"


def _says(found: AnswerShares, drills: int) -> str:
    said = []
    if found.target is not None and found.by_target is not None:
        band = f"{_percent(found.by_target.low)} to {_percent(found.by_target.high)}"
        said.append(
            f"{_percent(found.at(found.target))} had answered within the target of {spell(found.target * 1000)} "
            f"(19 times out of 20 the true share is {band})."
        )
    half = "Half had not answered" if found.half is None else f"Half had answered after {spell(found.half * 1000)}"
    said.append(f"{half}{f' by {spell(found.until * 1000)}' if found.half is None else ''}.")
    if found.never:
        said.append(f"{found.never} of {found.people} never did.")
    if found.unalerted:
        number = len(found.unalerted)
        said.append(f"{number} of {drills} drills {'is' if number == 1 else 'are'} not in it: nobody was alerted.")
    return " ".join(said)


def _table(found: AnswerShares, shown: Shown) -> Table:
    times = [second for second in (15, 30, 60, 120, 300, 600, 1200) if second <= found.until]
    head = ("Drill", *(f"within {spell(second * 1000)}" for second in times))
    rows = [(Cell("All together"), *(Cell(_percent(found.at(second))) for second in times))]
    for place, line in enumerate(found.drills):
        if line is not None:
            cells = [Cell(_percent(line[second])) for second in times]
        else:
            cells = [Cell("nobody alerted" if place in found.unalerted else "nobody waited for")] + [Cell("")] * (
                len(times) - 1
            )
        rows.append((shown.cell(place), *cells))
    return Table(tuple(map(Cell, head)), tuple(rows))


class _Plane:
    """Seconds across, shares upwards."""

    def __init__(self, picture: Picture, until: int) -> None:
        self.picture, self.until = picture, until
        self.left, self.top, self.height = 40.0, 16.0, 190.0 if picture.narrow else 230.0
        self.width = picture.width - self.left - (14 if picture.narrow else 40)
        self.right, self.bottom = self.left + self.width, self.top + self.height

    def x(self, second: float) -> float:
        return self.left + self.width * second / self.until

    def y(self, share: float) -> float:
        return self.bottom - self.height * share

    def stairs(self, shares: Sequence[float]) -> str:
        """Shares by each second as a line that goes up where one of them does."""
        d, before = f"M{self.x(0):.1f} {self.y(shares[0]):.1f}", shares[0]
        for second, share in enumerate(shares):
            if share != before:
                d += f"H{self.x(second):.1f}V{self.y(share):.1f}"
                before = share
        return f"{d}H{self.right:.1f}"

    def between(self, low: Sequence[float], high: Sequence[float]) -> str:
        """What lies between two such lines."""
        corners = [(second, share) for second, share in enumerate(low) if not second or share != low[second - 1]]
        d, edge = f"{self.stairs(high)}", low[-1]
        d += f"V{self.y(edge):.1f}"
        for second, share in reversed(corners):
            d += f"V{self.y(share):.1f}H{self.x(second):.1f}"
        return f"{d}z"

    def grounds(self) -> None:
        """The axes."""
        for share in (0, 0.5, 1):
            self.picture.line(self.left, self.y(share), self.right, self.y(share))
            self.picture.text(self.left - 6, self.y(share) + 4, f"{round(100 * share)}%", anchor="end", size=11)
        most = 4 if self.picture.narrow else 7
        step = next((one for one in _STEPS if self.until / one <= most), _STEPS[-1])
        for second in range(0, self.until + 1, step):
            self.picture.line(self.x(second), self.bottom, self.x(second), self.bottom + 4, stroke=SOFT)
            self.picture.text(self.x(second), self.bottom + 17, spell(second * 1000), anchor="middle", size=11)


def _drawn(picture: Picture, found: AnswerShares, shown: Shown) -> str:
    plane = _Plane(picture, found.until)
    plane.grounds()
    if found.low:
        picture.path(plane.between(found.low, found.high), fill=BLUE, width=0, opacity=0.2)
    for place, line in enumerate(found.drills):
        if line is not None or place in found.unalerted:
            _thin(plane, shown, place, line)
    picture.path(plane.stairs(found.whole), stroke=INK, width=2.6)
    if found.target is not None and found.target <= found.until:
        x = plane.x(found.target)
        picture.line(x, plane.top - 4, x, plane.bottom, stroke=INK, dashes="5 4")
        picture.text(x + 5, plane.bottom - 20, "target", size=11, fill=INK)
    if found.unalerted:
        says = f"{counted(len(found.unalerted), 'drill', 'drills')} without any alert"
        picture.text(plane.right, plane.bottom - 6, says, anchor="end", size=11)
    return picture.done(plane.bottom + 26)


def _thin(plane: _Plane, shown: Shown, place: int, line: Sequence[float] | None) -> None:
    """A drill's line; along the bottom if nobody was alerted in it."""
    d = plane.stairs([0.0] if line is None else line)
    dashes = ' stroke-dasharray="2 4"' if line is None else ""
    shape = (
        f'<path d="{d}" fill="none" stroke="{BLUE}" stroke-opacity="0.45" stroke-width="1"{dashes}/>'
        f'<path d="{d}" fill="none" stroke="transparent" stroke-width="7"/>'
    )
    plane.picture.link(shown.link(place), shown.called(place), shape)
