"""A sheet to draw on: one matplotlib figure in plain units from the top left, drawn once, written as SVG."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Literal

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backend_bases import FigureCanvasBase, RendererBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, IdentityTransform

from reports.charts.palette import INK, PAPER
from reports.format import clean

__all__ = ["Align", "Sheet", "drawing", "fitted", "width_of"]

Align = Literal["left", "center", "right"]
Points = Sequence[tuple[float, float]]

_MEASURED = "font-family: 'DejaVu Sans', sans-serif"
_FAMILY = "font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
"""The fonts of the pictures. Texts are measured in DejaVu Sans, the widest of them, so that all of them fit."""

_PROLOG = re.compile(r"\A.*?(?=<svg)|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
_UNUSED_ID = re.compile(r' id="(?:figure|axes|patch|line2d|text|matplotlib\.axis|LineCollection|PathCollection)_\d+"')
_SPACE = re.compile(r"\s+")
_STYLE = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_NOT_TURNED = re.compile(r' transform="rotate\(-0 [^)]*\)"')
_ATTRIBUTES = re.compile(r'<svg [^>]*viewBox="([^"]*)"[^>]*>')
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\U0001f000-\U0003ffff]"
)


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    """The width of a character at size 1; full width for what the font lacks and other fonts draw wide."""
    if _WIDE.match(character):
        return 1.05
    font = get_font(findfont(FontProperties(family="DejaVu Sans")))
    if not font.get_char_index(ord(character)):
        return 0.7
    font.set_size(100, 72)
    return float(font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text of that size is, in units."""
    return sum(map(_advance, text)) * size * (1.14 if bold else 1)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, shortened with an ellipsis if it is too wide; empty if not even three letters fit."""
    if width_of(text, size, bold=bold) <= room:
        return text
    left = room / size / (1.14 if bold else 1) - _advance("…")
    kept = 0
    for character in text:
        left -= _advance(character)
        if left < 0:
            break
        kept += 1
    text = text[:kept]
    text = text.rstrip()
    return f"{text}…" if len(text) >= 3 else ""


class _Line(Text):
    """One line on its baseline. Its place says all that SVG needs; matplotlib would measure it first, which takes a
    third of the time of a drawing.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Write it."""
        x, y = self.get_transform().transform(self.get_unitless_position())
        _, height = renderer.get_canvas_width_height()
        context = renderer.new_gc()
        context.set_foreground(self.get_color())
        renderer.open_group("text", self.get_gid())
        renderer.draw_text(context, x, height - y, self.get_text(), self.get_fontproperties(), 0.0, mtext=self)
        renderer.close_group("text")


@contextmanager
def drawing() -> Iterator[None]:
    """Draw inside this, so that pictures come out the same whatever matplotlib's own settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rc("svg", fonttype="none")
        mpl.rc("font", **{"family": ["sans-serif"], "sans-serif": ["DejaVu Sans"]})
        mpl.rc("hatch", linewidth=0.8)
        yield


class Sheet:
    """A figure of `width` by `height` units. One unit is a point; y grows downwards."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=PAPER, edgecolor="none")
        self._down = Affine2D().scale(1, -1).translate(0, height)
        self._drawn = 0
        self.cuts: list[float] = []
        """The heights at which the sheet can be cut where a page of paper ends: nothing lies across them."""

    def _add(self, artist: Artist) -> None:
        """Above everything that was drawn before."""
        artist.set_transform(self._down)
        self._drawn += 1
        artist.set_zorder(self._drawn)
        self.figure.add_artist(artist)

    def box(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        fill: str,
        *,
        edge: str | None = None,
        line: float = 1.0,
        hatch: str | None = None,
    ) -> None:
        """A rectangle; hatched in its edge's colour."""
        self._add(
            Rectangle(
                (left, top),
                max(width, 0.1),
                height,
                facecolor=fill,
                edgecolor=edge or "none",
                linewidth=line if edge else 0,
                hatch=hatch,
            )
        )

    def area(self, points: Points, fill: str) -> None:
        """A filled shape without an edge."""
        self._add(Polygon(points, closed=True, facecolor=fill, edgecolor="none"))

    def curve(self, points: Points, colour: str, width: float = 1.6) -> None:
        """A line through many points."""
        xs, ys = zip(*points, strict=True)
        self._add(Line2D(xs, ys, color=colour, linewidth=width, solid_joinstyle="round"))

    def rules(self, lines: Sequence[Points], colour: str, *, width: float = 0.8, dash: str = "solid") -> None:
        """Straight lines of one kind, drawn together."""
        if lines:
            self._add(LineCollection([list(line) for line in lines], colors=colour, linewidths=width, linestyles=dash))

    def marks(self, points: Points, shape: str, colour: str, *, size: float = 8, open_: bool = False) -> None:
        """Marks of one kind, `size` units across, with a thin rim of paper that keeps neighbours apart."""
        if not points:
            return
        marker = MarkerStyle(shape)
        path = marker.get_path().transformed(marker.get_transform())
        bare = open_ or shape == "x"
        marks = PathCollection(
            [path],
            sizes=[size**2],
            facecolors=PAPER if open_ else colour,
            edgecolors=colour if bare else PAPER,
            linewidths=1.6 if bare else 0.7,
            offsets=[(x, self.height - y) for x, y in points],
            offset_transform=IdentityTransform(),
        )
        self._add(marks)
        marks.set_transform(IdentityTransform())

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 11,
        colour: str = INK,
        align: Align = "left",
        bold: bool = False,
        ground: str | None = None,
    ) -> None:
        """A line of text with its baseline at `y`, over a `ground` where lines would cross it; never a formula."""
        text = clean(text)
        if text and ground:
            width = width_of(text, size, bold=bold)
            shift = {"left": 0.0, "center": width / 2, "right": width}[align]
            self.box(x - shift - 1, y - size * 0.86, width + 2, size * 1.1, ground)
        if text:
            self._drawn += 1
            line = _Line(
                x / self.width,
                1 - y / self.height,
                text,
                fontsize=size,
                color=colour,
                ha=align,
                va="baseline",
                fontweight="bold" if bold else "normal",
                parse_math=False,
                zorder=self._drawn,
            )
            line.set_transform(self.figure.transFigure)
            self.figure.add_artist(line)

    def svg(self, salt: str) -> str:
        """The picture as SVG, the same bytes each time. `salt` keeps its ids apart from those of other pictures."""
        written = io.StringIO()
        with mpl.rc_context({"svg.hashsalt": salt}):
            canvas: FigureCanvasBase = FigureCanvasSVG(self.figure)
            canvas.print_figure(written, format="svg", metadata={"Date": None, "Creator": None})
        return _tidy(written.getvalue())


def _tidy(svg: str) -> str:
    """Stripped of what no reader needs, in pixels, and in the fonts of the reader's system."""
    for unneeded in (_PROLOG, _STYLE, _UNUSED_ID, _NOT_TURNED):
        svg = unneeded.sub("", svg)
    size = _ATTRIBUTES.match(svg)
    if size is None:  # matplotlib writes it differently by now: leave the picture as it is
        return svg
    width, height = size[1].split()[2:]
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="{size[1]}" stroke-linejoin="round">'
    )
    return root + _SPACE.sub(" ", svg[size.end() :]).replace("> <", "><").replace(_MEASURED, _FAMILY)
