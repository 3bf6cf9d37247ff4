"""Tables for spreadsheets: what people typed is shown and never evaluated."""

import csv
import io
from collections.abc import Iterable

from reports.format import clean

__all__ = ["csv_of"]

_RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is read as a formula."""


def csv_of(rows: Iterable[Iterable[str]]) -> bytes:
    """A table as CSV, each cell on one line and none that a spreadsheet would read as a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in rows:
        writer.writerow([_cell(text) for text in row])
    return written.getvalue().encode()


def _cell(text: str) -> str:
    cleaned = clean(text)
    return f"'{cleaned}" if text.startswith(_RISKY) or cleaned.startswith(_RISKY) else cleaned
