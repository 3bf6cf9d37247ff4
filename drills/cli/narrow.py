"""Tables on narrow screens: a word that fits into the width stays whole, and rows that do not fit are stacked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich is slow to import; only printing a table waits for it
    from rich.console import Console, RenderableType
    from rich.measure import Measurement
    from rich.table import Column, Table

__all__ = ["Bar", "fitted"]

_APART = 2
"""Columns between two of a table."""


class Bar:
    """A share as a bar, shorter on a narrow screen."""

    LEAST, MOST = 4, 20

    def __init__(self, share: float) -> None:
        self._share = share

    def __rich_measure__(self, *_: object) -> "Measurement":
        from rich.measure import Measurement

        return Measurement(self.LEAST, self.MOST)

    def __rich_console__(self, _: object, options: object) -> "list[RenderableType]":
        width = min(int(getattr(options, "max_width", self.MOST)), self.MOST)
        full = round(self._share * width)
        return ["█" * full + "░" * (width - full)]


def fitted(part: "RenderableType", console: "Console") -> "RenderableType":
    """What is printed: a table with columns in which its words are whole, or its rows one below the other."""
    from rich.table import Table

    if not isinstance(part, Table):
        return part
    sizes = [_size(column, console) for column in part.columns]
    room = console.width - _APART * (len(sizes) - 1)
    if sum(size.maximum for size in sizes) <= room:
        return part
    if sum(size.minimum for size in sizes) > room:
        return _stacked(part)
    for column, width in zip(part.columns, _shared(sizes, room), strict=True):
        column.width = width
    return part


def _size(column: "Column", console: "Console") -> "Measurement":
    """The longest word and the longest line of a column."""
    from rich.measure import Measurement

    found = [Measurement.get(console, console.options, cell) for cell in (column.header, *column.cells)]
    return Measurement(max(one.minimum for one in found), max(one.maximum for one in found))


def _shared(sizes: "list[Measurement]", room: int) -> list[int]:
    """Each column's width: its longest word, and an equal share of what is left until its longest line fits."""
    widths = [size.minimum for size in sizes]
    for _ in range(room - sum(widths)):
        wanting = [place for place, size in enumerate(sizes) if widths[place] < size.maximum]
        widths[min(wanting, key=widths.__getitem__)] += 1
    return widths


def _stacked(table: "Table") -> "RenderableType":
    """Each row's first cell on a line of its own, and below it the others with their headings."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    headings = [str(column.header) for column in table.columns]
    lines: list[RenderableType] = []
    for row in zip(*(column.cells for column in table.columns), strict=True):
        first, *others = zip(headings, row, strict=True)
        lines.append(first[1])
        for heading, cell in others:
            said = Text(cell) if isinstance(cell, str) else cell
            if isinstance(said, Text):
                said = Text.assemble((f"{heading}: ", "dim"), said) if heading and said else said
            if said:
                lines.append(Padding(said, (0, 0, 0, _APART)))
    return Group(*lines)
