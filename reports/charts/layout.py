"""Where things go on a sheet: sizes, the axis of time, and rows in which nothing overlaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.charts.palette import DEEP, DRILL, FAINT, INK, SHADE, SOFT
from reports.charts.sheet import Align, Sheet, fitted, width_of
from reports.story import Span

__all__ = ["HEAD", "Frame", "Size", "TimeAxis", "heading", "pack", "shade_phases", "wrapped"]

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_STEPS = (
    *(minutes * _MINUTE for minutes in (0.5, 1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 7, 14, 28)),
)
"""Steps of the axis of time that people count in."""
_UNITS = ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes"))
Size = Literal["wide", "narrow"]
PHASES = {"respond": "response", "papers": "papers", "hot_wash": "hot wash", "follow_up": "follow-up"}


@dataclass(frozen=True)
class Frame:
    """The width of a sheet and how it is divided."""

    size: Size
    width: float
    gutter: float
    """Space at the left for labels; 0 if they are above what they name."""
    small: float = 10.0
    plain: float = 11.0

    @classmethod
    def of(cls, size: Size, labels: Sequence[str] = (), *, most: float = 190) -> "Frame":
        """A frame whose gutter holds the labels; on a narrow sheet they go above."""
        if size == "narrow":
            return cls(size, 340, 0)
        widest = max((width_of(label, 11.5, bold=True) for label in labels), default=0)
        return cls(size, 1000, min(max(widest + 14, 60), most))

    @property
    def wide(self) -> bool:
        """Whether this is the wide size."""
        return self.size == "wide"

    @property
    def left(self) -> float:
        """Where the drawing begins."""
        return self.gutter + 6 if self.wide else 28

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.width - 12


@dataclass(frozen=True)
class TimeAxis:
    """Drill time from `start` to `end` (milliseconds) laid out from left to right."""

    left: float
    right: float
    start: int
    end: int

    def x(self, at: float) -> float:
        """The place of a drill time; what is outside goes to the edge."""
        share = (at - self.start) / max(self.end - self.start, 1)
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def ticks(self) -> list[int]:
        """Round steps that leave room for their labels."""
        most = max(2, int((self.right - self.left) / 62))
        span = max(self.end - self.start, 1)
        step = int(next((step for step in _STEPS if span / step <= most), (span // (most * _DAY) + 1) * _DAY))
        first = -(-self.start // step) * step
        return list(range(first, self.end + 1, step))

    def grid(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Thin lines at the ticks."""
        sheet.rules([[(self.x(at), top), (self.x(at), bottom)] for at in self.ticks()], FAINT, width=0.7)

    @property
    def unit(self) -> tuple[int, str]:
        """What is counted, in milliseconds and by name: the largest of which at least three fit."""
        return next((unit for unit in _UNITS if self.end - self.start >= 3 * unit[0]), _UNITS[-1])

    def label(self, sheet: Sheet, y: float) -> float:
        """The ticks' labels with their baseline under `y`, and what they count; gives back the bottom."""
        length, name = self.unit
        for at in self.ticks():
            x = self.x(at)
            align: Align = "center" if x + 12 < sheet.width else "right"
            sheet.text(x, y + 13, f"{at / length:g}", size=10.5, colour=SOFT, align=align)
        sheet.text(self.left, y + 28, f"{name} since the drill began", size=10.5, colour=SOFT)
        return y + 32


def pack(extents: Sequence[tuple[float, float]], gap: float = 3) -> list[int]:
    """A row for each extent (left, right), the first in which it touches none before it."""
    ends: list[float] = []
    rows: list[int] = []
    for left, right in extents:
        row = next((row for row, end in enumerate(ends) if end + gap <= left), len(ends))
        if row == len(ends):
            ends.append(right)
        ends[row] = right
        rows.append(row)
    return rows


def wrapped(text: str, room: float, size: float, most: int = 3) -> list[str]:
    """The text in at most so many lines of that width; the last ends in an ellipsis if it is cut."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most:
        line = rest.pop(0)
        while rest and width_of(f"{line} {rest[0]}", size) <= room:
            line = f"{line} {rest.pop(0)}"
        lines.append(line)
    if rest:
        lines[-1] = f"{lines[-1]} {' '.join(rest)}"
    return [fitted(line, room, size) for line in lines]


def shade_phases(sheet: Sheet, axis: TimeAxis, phases: Sequence[Span], top: float, bottom: float) -> float:
    """Name the phases in a strip at `top` and shade them down to `bottom`; gives back where the strip ends."""
    for place, phase in enumerate(phases):
        left, right = axis.x(phase.start), axis.x(phase.end)
        if right - left < 1:
            continue
        tint = (SHADE, DEEP)[place % 2]
        sheet.box(left, top, right - left, bottom - top, tint)
        sheet.text(
            left + 5,
            top + 13,
            fitted(PHASES[phase.name], right - left - 8, 10.5, bold=True),
            size=10.5,
            bold=True,
            colour=INK if place == 0 else SOFT,
        )
    return top + 19


HEAD = 46
"""Space at the top for the title; a page with its own heading shows the sheet from here."""


def heading(sheet: Sheet, frame: Frame, title: str, drill: str) -> None:
    """What the chart shows, and for which drill."""
    sheet.text(6, 17, fitted(title, frame.width - 12, 15 if frame.wide else 13, bold=True),
               size=15 if frame.wide else 13, bold=True)  # fmt: skip
    label = "THIS IS A DRILL"
    sheet.text(6, 34, label, size=10, bold=True, colour=DRILL)
    room = frame.width - width_of(label, 10, bold=True) - 30
    sheet.text(width_of(label, 10, bold=True) + 16, 34, fitted(drill, room, 10), size=10, colour=SOFT)
