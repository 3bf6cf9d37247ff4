"""All charts of a drill, each in two sizes, with words for people who cannot see them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.charts import coverage, lanes, points, silence, times
from reports.charts.captions import alternative
from reports.charts.layout import HEAD, Size
from reports.charts.palette import themed as with_tones
from reports.charts.sheet import Sheet, drawing
from reports.charts.titles import titles
from reports.story import Story
from scoring.result import Scorecard

__all__ = ["Chart", "draw_all", "pieces", "sheet_of"]

_CAPTIONS = {
    "timeline": "A lane for each person: the coloured bar is the role they held, a box under it is something they were "
    "doing, marks are single acts. The numbered squares are the injects. Below, on the same axis of time, what the "
    "systems showed; the stars are the messages that went to customers.",
    "response-times": "The first stretch ends at the target (solid line), the second at the deadline (dashed). Up "
    "to the target a time is worth 100, at the deadline and after it 10. The axis is logarithmic.",
    "role-coverage": "Each bar is somebody holding the role. A hatched stretch counted and had nobody. The curve is "
    "the share of what this team could have covered.",
    "communication": "Log entries and updates break the silence, talk does not. Below, the messages to customers: "
    "hatched is where they waited for one that was due.",
    "score": "Each bar is as long as the points it could earn; the hatched part was lost. Points belong to roles, "
    "never to persons.",
}


_ID = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')
_TEXT = re.compile(r'<text [^>]*\by="([^"]+)"[^>]*>.*?</text>\n?', re.DOTALL)
PAGE = 1_330.0
"""The most of a wide chart that a page of A4 holds, whose charts are as wide as its text."""


def pieces(top: float, bottom: float, cuts: Sequence[float]) -> list[float]:
    """Where a chart from `top` to `bottom` is cut so that each piece fits on a page, with both ends."""
    edges = [top]
    while bottom - edges[-1] > PAGE:
        reached = [cut for cut in cuts if edges[-1] + PAGE / 3 < cut <= edges[-1] + PAGE]
        if not reached:
            break
        edges.append(max(reached))
    return [*edges, bottom]


@dataclass(frozen=True)
class Chart:
    """One chart."""

    name: str
    """Its file's name without the ending."""
    title: str
    """What there is to see in it."""
    caption: str
    """How to read it."""
    alternative: str
    """What it shows, in words."""
    wide: str
    """SVG for a screen, a page or a wall; complete with its title, on a light ground."""
    narrow: str
    """SVG for a phone."""
    cuts: tuple[float, ...] = ()
    """The heights at which the wide one can be cut to fit on pages of paper."""

    def inline(self, size: Size, *, themed: bool = True) -> str:
        """The picture for a page that has a heading for it: without title, as wide as its space, in the page's colours.

        Not `themed`, it keeps its own colours, for readers without style sheets.
        """
        svg = self.wide if size == "wide" else self.narrow
        start = svg.index('width="')
        end = svg.index('stroke-linejoin="round"')
        width, height = svg[start:end].split('viewBox="')[1].split('"')[0].split()[2:]
        edges = pieces(HEAD - 2, float(height), self.cuts if size == "wide" else ())
        found = []
        for number, (top, bottom) in enumerate(pairwise(edges)):
            box = f'viewBox="0 {top:g} {width} {bottom - top:g}" class="{size}" aria-hidden="true" '
            picture = (svg[:start] + box + _within(svg[end:], top, bottom)).strip()
            found.append(_ID.sub(rf"\1\2-{number}", picture) if number else picture)
        return with_tones("".join(found)) if themed else "".join(found)


def _within(drawn: str, top: float, bottom: float) -> str:
    """A drawing without the texts above and below a piece: nobody sees them, but a search or a reader would."""
    return _TEXT.sub(lambda text: text[0] if top <= float(text[1]) <= bottom else "", drawn)


def draw_all(story: Story, card: Scorecard) -> list[Chart]:
    """The charts of a drill in reading order."""
    words = alternative(story, card)
    charts = []
    with drawing():
        for name, title in titles(story, card).items():
            wide = sheet_of(name, story, card, "wide", title)
            narrow = sheet_of(name, story, card, "narrow", title).svg(f"{name}-narrow")
            drawn = wide.svg(f"{name}-wide")
            charts.append(Chart(name, title, _CAPTIONS[name], words[name], drawn, narrow, tuple(wide.cuts)))
    return charts


def sheet_of(name: str, story: Story, card: Scorecard, size: Size, title: str) -> Sheet:
    """One chart by its name."""
    if name == "timeline":
        return lanes.draw(story, size, title)
    if name == "response-times":
        return times.draw(story, card, size, title)
    if name == "role-coverage":
        return coverage.draw(story, card, size, title)
    if name == "communication":
        return silence.draw(story, size, title)
    return points.draw(story, card, size, title)
