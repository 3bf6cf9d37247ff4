"""A sheet as rows of text, whatever kind of file it comes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scenarios.problem import LoadError, Problem

__all__ = ["LONGEST", "MOST_BYTES", "MOST_COLUMNS", "MOST_LINES", "Grid", "Row", "guarded", "refuse", "tidy", "trimmed"]

MOST_BYTES = 8 * 2**20
"""The limit for a sheet's file."""
MOST_LINES, MOST_COLUMNS, LONGEST = 5_000, 100, 20_000
"""So many lines and columns of a sheet are looked at, and so many characters of a cell are kept: more is an error."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is read as a formula."""


class Row(NamedTuple):
    """A row that has something in it."""

    line: int
    """Its first line in the file, from 1; in a workbook the number of the row."""
    cells: tuple[str, ...]
    """Its cells: without blanks around them, lines within them kept."""

    def cell(self, place: int | None) -> str:
        """The cell at that place; nothing if there is none."""
        return self.cells[place] if place is not None and place < len(self.cells) else ""


@dataclass(frozen=True)
class Grid:
    """The rows of a sheet, blank ones left out."""

    file: str
    """The file as the user named it."""
    rows: tuple[Row, ...]
    """At least one."""
    form: str
    """What kind of file it is and how it was read, in words."""
    notes: tuple[str, ...] = ()
    """What somebody should know of it, a sentence each."""


def refuse(file: str, message: str, hint: str, line: int = 0) -> LoadError:
    """The error that a sheet cannot be used."""
    return LoadError([Problem(file, line, 1 if line else 0, message, hint)])


def tidy(cell: str) -> str:
    """A cell's text: one kind of line end, no blanks around it, and without the apostrophe that guards a formula."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u202f", " ")
    text = "\n".join(line.rstrip() for line in text.strip().split("\n"))
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text


def guarded(cell: str) -> str:
    """A cell's text with an apostrophe where a spreadsheet would read it as a formula; `tidy` takes it off again."""
    return f"'{cell}" if cell.lstrip("'").startswith(_RISKY) else cell


def trimmed(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows that have something in them."""
    return tuple(row for row in rows if any(row.cells))
