"""The totals of a team's drills as dots, with bands of where its level and its next drill lie: from four drills on."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from reports.format import clean, score_points
from reports.standing import FEWEST, comparable, countable, readiness_of, standing
from scoring.history.figures import DrillFigures
from scoring.history.readiness import NOTHING_MORE, Circumstances, Readiness
from scoring.labels import counted

__all__ = ["Dots", "dots_of"]

_MOST = 40
"""So many drills are drawn, the last."""
_LEFT, _TOP, _WIDTH, _HEIGHT = 46, 14, 420, 150
_ROOM = 190
"""What the two bands take to the right of the dots."""


@dataclass(frozen=True)
class Dots:
    """The chart, and what it shows in words."""

    svg: str
    alternative: str
    """The chart in words."""
    says: str
    """What can be said of these drills, in sentences."""
    rows: tuple[tuple[str, str], ...]
    """Each drill and its total, as a table."""


def dots_of(drills: Sequence[DrillFigures], known: Circumstances = NOTHING_MORE) -> Dots | None:
    """Drills that may stand beside each other, oldest first, as dots; None below FEWEST that count.

    The total is the one before caps, on which luck is even. A drill whose follow-up is open is drawn hollow and counts
    in no band yet.
    """
    if len(countable(drills)) < FEWEST:
        return None
    shown = comparable(drills)[-_MOST:]
    rows = tuple((f"{one.date}, {one.drill}", _told(one)) for one in shown)
    sentences = standing(drills, known)
    totals = ", ".join(said for _, said in rows)
    alternative = f"The totals before caps of {counted(len(rows), 'drill', 'drills')}, oldest first: {totals}."
    return Dots(_svg(shown, readiness_of(drills, known)), alternative, " ".join(sentences), rows)


def _told(one: DrillFigures) -> str:
    said = score_points(one.uncapped)
    return f"{said}, provisional" if one.provisional else said


def _svg(shown: Sequence[DrillFigures], team: Readiness) -> str:
    parts = [_line(value) for value in (0, 50, 100)]
    parts += [_dot(one, _across(place, len(shown))) for place, one in enumerate(shown)]
    for place, (name, band) in enumerate((("level", team.level), ("next drill", team.coming))):
        across = _LEFT + _WIDTH + 40 + place * 92
        top, bottom, middle = _down(band.high), _down(band.low), _down(band.mid)
        parts.append(
            f'<rect class="band" x="{across - 13}" y="{top:.1f}" width="26" height="{bottom - top:.1f}" rx="3"/>'
            f'<line class="mid" x1="{across - 13}" x2="{across + 13}" y1="{middle:.1f}" y2="{middle:.1f}"/>'
            f'<text x="{across}" y="{_TOP + _HEIGHT + 26}" text-anchor="middle">{name}</text>'
        )
    width, height = _LEFT + _WIDTH + _ROOM, _TOP + _HEIGHT + 34
    return f'<svg class="dots" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(parts)}</svg>'


def _dot(one: DrillFigures, across: float) -> str:
    kind, total = "open" if one.provisional else "dot", one.uncapped or 0.0
    return (
        f'<circle class="{kind}" cx="{across:.1f}" cy="{_down(total):.1f}" r="4.5">'
        f"<title>{escape(clean(one.drill))}: {score_points(total)}</title></circle>"
    )


def _line(value: int) -> str:
    """A line across at a figure, with the figure before it."""
    down = _down(value)
    return (
        f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + _WIDTH + _ROOM - 6}" y1="{down:.1f}" y2="{down:.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{down + 4:.1f}" text-anchor="end">{value}</text>'
    )


def _across(place: int, number: int) -> float:
    """Where a drill stands: by its place, since what counts is how many there were and not when."""
    return _LEFT + _WIDTH * (place + 0.5) / number


def _down(value: float) -> float:
    return _TOP + _HEIGHT * (1 - value / 100)
