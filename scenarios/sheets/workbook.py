"""Sheets as workbooks: XLSX, read without running anything in it and within bounds that are set before it is opened."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from scenarios.problem import LoadError, quoted
from scenarios.sheets.grid import MOST_COLUMNS, MOST_LINES, Grid, Row, refuse, tidy, trimmed

if TYPE_CHECKING:  # slow to import, and most sheets are text
    from openpyxl import Workbook

__all__ = ["is_workbook", "read_workbook"]

_MOST_UNPACKED, _MOST_PARTS = 24 * 2**20, 2_000
"""Bytes of XML, which is all that is unpacked, and parts, as the archive's own directory says. One that unpacks to more
than it says is an error of the archive."""
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError, EOFError, OSError,
           RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)  # fmt: skip
"""What openpyxl and zipfile raise for files that are damaged, encrypted or no workbooks."""
_AGAIN = "open it in the spreadsheet and save it as XLSX or CSV again"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')

_WITHOUT_VALUE = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3}[0-9]{1,7})"[^>]{0,200}>\s*<(?:\w+:)?f(?:\s[^>]{0,200})?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
"""A cell with a formula and no value."""


def is_workbook(content: bytes) -> bool:
    """Whether a file is an archive or an old workbook, and so no text."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLD))


def read_workbook(content: bytes, file: str, wanted: str | None, fits: Callable[[tuple[str, ...]], int]) -> Grid:
    """The rows of a workbook's sheet: the `wanted` one, else the one with most known headings. Raises LoadError."""
    if content.startswith(_OLD):
        message = "this is an old Excel file (.xls), or one with a password"
        raise refuse(file, message, "save it as XLSX without a password, or as CSV")
    with _readable(file), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out: styles, pictures, extensions
        notes = _within_bounds(content, file)
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return _sheet(book, file, wanted, fits, notes)
        finally:
            book.close()


@contextmanager
def _readable(file: str) -> Iterator[None]:
    """Turn whatever a damaged workbook makes a library raise into a sentence."""
    try:
        yield
    except LoadError:
        raise
    except _BROKEN as error:
        raise refuse(file, f"this workbook cannot be read: {type(error).__name__}", _AGAIN) from None


def _within_bounds(content: bytes, file: str) -> list[str]:
    """What to say of an archive. Raises LoadError if it is no workbook, or unpacks to more than we take."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        texts = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
        size = sum(part.file_size for part in texts)
        if len(parts) > _MOST_PARTS or size > _MOST_UNPACKED:
            message = f"this workbook unpacks to {size // 2**20:,} MB in {len(parts):,} parts"
            raise refuse(file, message, f"at most {_MOST_UNPACKED // 2**20} MB; keep the table of injects alone")
        if "xl/workbook.xml" not in names:
            other = "an OpenDocument file" if "mimetype" in names else "an archive, not a workbook"
            raise refuse(file, f"this is {other}", "save it as XLSX or CSV")
        for part in texts:
            _without_entities(archive, part, file)
    macros = any(name.endswith("vbaProject.bin") for name in names)
    return ["its macros were not looked at and do not run; the values of its cells were read"] if macros else []


def _without_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> None:
    """No spreadsheet writes a document type, and with one a small file can become a large text."""
    with archive.open(part) as opened:
        start = opened.read(4096)
    plain = start.replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise refuse(file, "this workbook defines entities of its own", _AGAIN)


def _sheet(
    book: "Workbook",
    file: str,
    wanted: str | None,
    fits: Callable[[tuple[str, ...]], int],
    notes: list[str],
) -> Grid:
    titles = [sheet.title for sheet in book.worksheets]
    if wanted is not None and wanted not in titles:
        raise refuse(file, f"there is no sheet {quoted(wanted)}", f"there are {', '.join(map(quoted, titles))}")
    found: list[tuple[int, int, tuple[Row, ...], list[str]]] = []
    for place, title in enumerate(titles):
        if wanted in (None, title):
            rows, said = _rows(book, title, file)
            worth = max((fits(row.cells) for row in rows[:40]), default=0)
            found.append((worth, -place, rows, said))
    if not found:
        raise refuse(file, "this workbook has no sheet", _AGAIN)
    _, place, rows, said = max(found, key=lambda one: one[:2])
    others = f", one of {len(titles)} sheets (--sheet names another)" if len(titles) > 1 and wanted is None else ""
    return Grid(file, rows, f"sheet {quoted(titles[-place] if wanted is None else wanted)} of a workbook{others}",
                (*notes, *said))  # fmt: skip


def _rows(book: "Workbook", title: str, file: str) -> tuple[tuple[Row, ...], list[str]]:
    sheet: Any = book[title]
    sheet.reset_dimensions()  # what a file says of its own size need not be so
    rows: list[Row] = []
    said = []
    shown = sheet.iter_rows(max_row=MOST_LINES + 1, max_col=MOST_COLUMNS, values_only=True)
    for number, values in enumerate(shown, 1):
        if number > MOST_LINES:
            if any(value is not None for value in values):
                hint = f"at most {MOST_LINES:,} are read"
                raise refuse(file, f"there are more than {MOST_LINES:,} rows", hint, number)
            said.append(f"what may stand below row {MOST_LINES:,} was not looked at")
            break
        texts = [_text(value) for value in values]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(Row(number, tuple(texts)))
    archive: zipfile.ZipFile = vars(book)["_archive"]
    written = archive.read(sheet._worksheet_path)  # what read-only sheets do not know: formulas and merged cells
    empty = [cell.decode() for cell in _WITHOUT_VALUE.findall(written)]
    if empty:
        shown_cells = ", ".join(empty[:5]) + (f" and {len(empty) - 5} more" if len(empty) > 5 else "")
        said.append(f"{shown_cells}: no value is kept for these formulas; open and save it in the spreadsheet")
    return trimmed(_filled(rows, _merged(written))), said


def _merged(written: bytes) -> list[tuple[int, int, int]]:
    """Cells that are merged downwards: column, first row, last row."""
    from openpyxl.utils import column_index_from_string

    found = _MERGED.findall(written)
    ranges = [(column_index_from_string(left.decode()), int(top), column_index_from_string(right.decode()), int(end))
              for left, top, right, end in found]  # fmt: skip
    return [(left, top, min(end, MOST_LINES)) for left, top, right, end in ranges if left == right and top < end]


def _filled(rows: Sequence[Row], merged: Sequence[tuple[int, int, int]]) -> list[Row]:
    """The rows, with what is merged downwards standing in each of its rows."""
    table = [list(row.cells) for row in rows]
    for column, top, end in merged:
        if top > len(table) or column > len(table[top - 1]):
            continue
        value = table[top - 1][column - 1]
        for cells in table[top:end]:
            if any(cells):
                cells += [""] * (column - len(cells))
                cells[column - 1] = value
    return [Row(row.line, tuple(cells)) for row, cells in zip(rows, table, strict=True)]


def _text(value: object) -> str:
    """A cell as text that says the same: dates and times as ISO writes them, spans as `1h30m`."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else _rounded(value).isoformat(" ")
        case date():
            return value.isoformat()
        case time():
            return value.replace(microsecond=0).isoformat()
        case timedelta():
            seconds = round(value.total_seconds())
            return f"{seconds // 3600}h{seconds // 60 % 60}m{seconds % 60}s"
        case float():
            return str(int(value)) if value.is_integer() else f"{value:.10g}"
    return tidy(str(value))


def _rounded(value: datetime) -> datetime:
    """To the second: spreadsheets keep times as shares of a day, which are never exact."""
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)
