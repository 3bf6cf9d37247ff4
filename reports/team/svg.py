"""Drawing as SVG that pages, a file and paper show alike.

Every mark carries its colour as an attribute, in the tints of `reports.charts.palette`: paper prints them as they are,
and on a screen `themed` puts the theme's colours in their place. Screen readers pass over what is drawn: they
have the sentence and the table. So links in it only serve those who point at them.
"""

from collections.abc import Iterable

from markupsafe import escape

from reports.charts.palette import FAINT, GREEN, ORANGE, RED, SOFT
from reports.team.chart import Shown

__all__ = ["MARKS", "NARROW", "WIDE", "Columns", "Picture", "mark", "mark_alone", "marks"]

WIDE, NARROW = 760, 340
"""Units across: at these widths text is as large as on the rest of the page."""
_LARGEST, _SMALLEST = 5.2, 2.6


def _at(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


class Picture:
    """A picture that grows downwards."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.parts: list[str] = []

    @property
    def narrow(self) -> bool:
        """Whether it is for a telephone."""
        return self.width == NARROW

    def text(
        self,
        x: float,
        y: float,
        says: str,
        *,
        anchor: str = "start",
        size: int = 12,
        fill: str = SOFT,
        bold: bool = False,
    ) -> None:
        """Words at a place; `y` is their baseline."""
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{_at(x)}" y="{_at(y)}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"{weight}>'
            f"{escape(says)}</text>"
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = FAINT, width: float = 1, dashes: str = ""
    ) -> None:
        """A straight line."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(
            f'<line x1="{_at(x1)}" y1="{_at(y1)}" x2="{_at(x2)}" y2="{_at(y2)}" stroke="{stroke}" '
            f'stroke-width="{_at(width)}"{dashed}/>'
        )

    def rect(self, x: float, y: float, width: float, height: float, *, fill: str, opacity: float = 1) -> None:
        """A filled rectangle."""
        seen = "" if opacity == 1 else f' fill-opacity="{opacity}"'
        self.parts.append(
            f'<rect x="{_at(x)}" y="{_at(y)}" width="{_at(width)}" height="{_at(height)}" fill="{fill}"{seen}/>'
        )

    def path(
        self,
        d: str,
        *,
        stroke: str = "none",
        fill: str = "none",
        width: float = 1.5,
        opacity: float = 1,
        dashes: str = "",
    ) -> None:
        """A path."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        seen = "" if opacity == 1 else f' opacity="{opacity}"'
        self.parts.append(
            f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{_at(width)}" stroke-linejoin="round"'
            f"{dashed}{seen}/>"
        )

    def link(self, to: str, title: str, shape: str) -> None:
        """What is pointed at to open something; without an address it only says what it is."""
        inner = f"<title>{escape(title)}</title>{shape}"
        self.parts.append(f'<a href="{escape(to)}" tabindex="-1">{inner}</a>' if to else f"<g>{inner}</g>")

    def done(self, height: float) -> str:
        """The SVG."""
        kind = "narrow" if self.narrow else "wide"
        return (
            f'<svg class="{kind}" viewBox="0 0 {self.width} {_at(height)}" aria-hidden="true" '
            f'font-family="system-ui, sans-serif">{"".join(self.parts)}</svg>'
        )


class Columns:
    """One column for each drill, in their order: what counts is how many there were and not when."""

    def __init__(self, shown: Shown, left: float, width: float, widest: float = 44) -> None:
        self.shown = shown
        self.left = left
        self.each = min(widest, width / max(1, len(shown)))
        self.radius = min(_LARGEST, max(_SMALLEST, self.each * 0.4))

    @property
    def right(self) -> float:
        """Where the last one ends."""
        return self.left + self.each * len(self.shown)

    def x(self, place: int) -> float:
        """The middle of a drill's column."""
        return self.left + self.each * (place + 0.5)

    def days(self, picture: Picture, y: float) -> None:
        """When the first and the last drill were."""
        first, last = self.shown.when(0), self.shown.when(len(self.shown) - 1)
        picture.text(self.left, y, first, size=11)
        if len(self.shown) > 1 and self.right - self.left > 7 * (len(first) + len(last)):
            picture.text(self.right, y, last, anchor="end", size=11)
        else:
            picture.text(self.left, y + 13, f"to {last}", size=11)

    def links(self, picture: Picture, top: float, bottom: float, says: Iterable[str] = ()) -> None:
        """Each column opens its drill; `says` adds what there is to say of each."""
        more = list(says)
        for place in range(len(self.shown)):
            left = self.left + self.each * place
            title = ": ".join([self.shown.called(place), *more[place : place + 1]])
            shape = (
                f'<rect x="{_at(left)}" y="{_at(top)}" width="{_at(self.each)}" height="{_at(bottom - top)}" '
                'fill="transparent"/>'
            )
            picture.link(self.shown.link(place), title, shape)


# -- marks -------------------------------------------------------------------------------------------------------------

MARKS: dict[str, str] = {
    "met": GREEN,
    "late": ORANGE,
    "partly": ORANGE,
    "missed": RED,
    "unjudged": SOFT,
    "unowed": SOFT,
}
"""What was owed, by how it went, and its colour. Each has a shape of its own, so that none needs its colour."""


def mark(kind: str, x: float, y: float, r: float) -> str:
    """The outline of a mark: a disc, a triangle, a half disc, a cross, a ring, or a point."""
    size = _at(r)
    if kind == "missed":
        arm, across = r * 0.9, _at(r * 1.8)
        return f"M{_at(x - arm)} {_at(y - arm)}l{across} {across}m0 -{across}l-{across} {across}"
    if kind == "late":
        return f"M{_at(x)} {_at(y - r)}l{size} {_at(1.8 * r)}h{_at(-2 * r)}z"
    if kind == "partly":
        return f"M{_at(x)} {_at(y - r)}a{size} {size} 0 0 0 0 {_at(2 * r)}z"
    if kind == "unowed":
        r *= 0.28
    size, across = _at(r), _at(2 * r)
    return f"M{_at(x - r)} {_at(y)}a{size} {size} 0 1 0 {across} 0a{size} {size} 0 1 0 -{across} 0z"


def marks(picture: Picture, kind: str, outlines: Iterable[str]) -> None:
    """Marks of one kind, as one path."""
    joined = "".join(outlines)
    if not joined:
        return
    colour = MARKS[kind]
    if kind in ("missed", "unjudged", "partly"):
        picture.path(
            joined, stroke=colour, width=1.8 if kind == "missed" else 1.2, fill=colour if kind == "partly" else "none"
        )
    else:
        picture.path(joined, fill=colour, width=0)


def mark_alone(kind: str) -> str:
    """A mark for a legend."""
    picture = Picture(NARROW)
    marks(picture, kind, [mark(kind, 8, 8, 5)])
    sizes = 'viewBox="0 0 16 16" width="16" height="16"'
    return f'<svg class="mark" {sizes} aria-hidden="true">{"".join(picture.parts)}</svg>'
