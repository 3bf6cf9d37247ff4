"""The injects above the lanes: numbered boxes, and where very many came at once one box for all of them."""

from reports.charts.layout import Frame, TimeAxis, pack
from reports.charts.palette import INK, PAPER, SHADE, SOFT
from reports.charts.sheet import Sheet, width_of
from simulator import events as ev

__all__ = ["arrivals_of", "draw_injects", "rows_of"]

ROWS = 4
"""With more rows than this, injects that came close together are one box."""


def arrivals_of(injects: list[ev.InjectDelivered], axis: TimeAxis) -> list[tuple[int, str]]:
    """When injects came (drill time), and what their boxes say: the number, or of many at once the first and last."""
    each = [(inject.when, str(inject.number)) for inject in injects]
    if max(rows_of(each, axis), default=-1) < ROWS:
        return each
    groups: list[list[ev.InjectDelivered]] = []
    for inject in injects:
        if groups and axis.x(inject.when) - axis.x(groups[-1][0].when) < 17:
            groups[-1].append(inject)
        else:
            groups.append([inject])
    return [
        (group[0].when, f"{group[0].number}–{group[-1].number}" if len(group) > 1 else str(group[0].number))
        for group in groups
    ]


def _extent(at: int, words: str, axis: TimeAxis) -> tuple[float, float]:
    half = max(8.0, width_of(words, 9.5, bold=True) / 2 + 3)
    left = min(max(axis.x(at) - half, axis.left - 8), axis.right + 8 - 2 * half)
    return left, left + 2 * half


def rows_of(arrivals: list[tuple[int, str]], axis: TimeAxis) -> list[int]:
    """The row of each box."""
    return pack([_extent(at, words, axis) for at, words in arrivals], 1)


def draw_injects(
    sheet: Sheet, frame: Frame, axis: TimeAxis, arrivals: list[tuple[int, str]], rows: list[int], top: float
) -> None:
    """The numbered boxes under their name; nothing if none came."""
    if not arrivals:
        return
    if frame.wide:
        sheet.text(frame.gutter - 8, top + 12, "Injects", size=11, colour=SOFT, align="right")
    else:
        sheet.text(9, top + 11, "Injects (each number: see below)", size=10, colour=SOFT, ground=SHADE)
        top += 15
    for (at, words), row in zip(arrivals, rows, strict=True):
        (left, right), y = _extent(at, words, axis), top + 8 + row * 17
        sheet.box(left, y - 7.5, right - left, 15, INK)
        sheet.text((left + right) / 2, y + 3.6, words, size=9.5, colour=PAPER, align="center", bold=True)
