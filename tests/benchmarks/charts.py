"""All charts of a drill, both sizes, against the same artists drawn by hand with plain matplotlib.

The peer knows in advance where every bar, line, mark and word goes: it holds the artists of our own pictures as plain
numbers, makes them again on a `Figure` and saves that as SVG with text as text. What we do besides (reading the log,
laying out, fitting words, tidying the SVG) is the difference.
"""

import io
import warnings
from collections.abc import Callable
from statistics import median
from time import perf_counter

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from reports.charts.gallery import draw_all, sheet_of
from reports.charts.layout import Size
from reports.charts.sheet import Sheet, drawing
from reports.charts.titles import titles
from reports.story import Story
from scoring.result import Scorecard
from tests.reports import build

ROUNDS = 9
LIMIT = 1.3

Make = Callable[[Figure], object]


def run() -> list[tuple[str, float, float | None, str]]:
    """The ratio for a team of three, six and twelve."""
    return [_compared(members) for members in ("small", "officeluv", "large")]


def _compared(members: str) -> tuple[str, float, float | None, str]:
    log = build.played(members=members)
    card, names = build.graded(log), build.names(members)
    by_hand = _by_hand(Story(log, names), card)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS + 2):
        start = perf_counter()
        draw_all(Story(log, names), card)
        middle = perf_counter()
        _draw_by_hand(by_hand)
        end = perf_counter()
        ours.append(middle - start)
        theirs.append(end - middle)
    mine, peer = median(ours[2:]), median(theirs[2:])
    artists = sum(len(made) for _, _, made in by_hand)
    detail = f"{1000 * mine:.0f} ms, by hand {1000 * peer:.0f} ms: 10 pictures, {artists} artists, warm"
    return f"all charts of {len(names)} people / the same artists by hand", mine / peer, LIMIT, detail


def _by_hand(story: Story, card: Scorecard) -> list[tuple[float, float, list[Make]]]:
    """What a person who knew all places would write down: width, height and the artists of each picture."""
    sizes: tuple[Size, ...] = ("wide", "narrow")
    with drawing():
        sheets: list[Sheet] = [
            sheet
            for size in sizes
            for sheet in (sheet_of(name, story, card, size, title) for name, title in titles(story, card).items())
        ]
        return [(sheet.width, sheet.height, [_written(artist) for artist in _artists(sheet)]) for sheet in sheets]


def _artists(sheet: Sheet) -> list[Artist]:
    return [artist for artist in sheet.figure.get_children() if artist is not sheet.figure.patch]


def _written(artist: Artist) -> Make:
    """The artist as plain numbers, in pixels from the bottom left, and the call that makes it."""
    order, pixels = artist.get_zorder(), IdentityTransform()
    if isinstance(artist, Rectangle | Polygon):
        outline = artist.get_transform().transform(artist.get_path().vertices)
        fill, edge, width = artist.get_facecolor(), artist.get_edgecolor(), artist.get_linewidth()
        hatch = artist.get_hatch()
        return lambda figure: figure.add_artist(
            Polygon(
                outline,
                facecolor=fill,
                edgecolor=edge,
                linewidth=width,
                hatch=hatch,
                zorder=order,
                transform=pixels,
            )
        )
    if isinstance(artist, Line2D):
        xs, ys = artist.get_transform().transform(artist.get_xydata()).T
        colour, width = artist.get_color(), artist.get_linewidth()
        return lambda figure: figure.add_artist(
            Line2D(xs, ys, color=colour, linewidth=width, zorder=order, transform=pixels)
        )
    if isinstance(artist, LineCollection):
        return _lines(artist)
    if isinstance(artist, PathCollection):
        return _marks(artist)
    if isinstance(artist, Text):
        return _text(artist)
    raise TypeError(f"no call is known that makes a {type(artist).__name__}")


def _lines(artist: LineCollection) -> Make:
    lines = [artist.get_transform().transform(line) for line in artist.get_segments()]
    colours, widths, styles = artist.get_color(), artist.get_linewidth(), artist.get_linestyle()
    order = artist.get_zorder()
    return lambda figure: figure.add_artist(
        LineCollection(
            lines, colors=colours, linewidths=widths, linestyles=styles, zorder=order, transform=IdentityTransform()
        )
    )


def _marks(artist: PathCollection) -> Make:
    paths, sizes, places = list(artist.get_paths()), artist.get_sizes(), artist.get_offsets()
    fill, edge, widths = artist.get_facecolor(), artist.get_edgecolor(), artist.get_linewidth()
    order = artist.get_zorder()

    def make(figure: Figure) -> None:
        marks = PathCollection(
            paths,
            sizes=sizes,
            facecolors=fill,
            edgecolors=edge,
            linewidths=widths,
            offsets=places,
            offset_transform=IdentityTransform(),
            zorder=order,
        )
        marks.set_transform(IdentityTransform())
        figure.add_artist(marks)

    return make


def _text(artist: Text) -> Make:
    (x, y), words, order = artist.get_position(), artist.get_text(), artist.get_zorder()
    size, colour, side = artist.get_fontsize(), artist.get_color(), artist.get_horizontalalignment()
    weight = artist.get_fontweight()
    return lambda figure: figure.text(
        float(x),
        float(y),
        words,
        fontsize=size,
        color=colour,
        ha=side,
        va="baseline",
        fontweight=weight,
        parse_math=False,
        zorder=order,
    )


def _draw_by_hand(pictures: list[tuple[float, float, list[Make]]]) -> None:
    with warnings.catch_warnings(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "by hand"}):
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        for width, height, artists in pictures:
            figure = Figure(figsize=(width / 72, height / 72), dpi=72)
            for make in artists:
                make(figure)
            figure.savefig(io.StringIO(), format="svg", metadata={"Date": None})
