"""Tables for spreadsheets: what people typed is shown and never evaluated."""

import csv
import io
from collections.abc import Iterable

from reports.format import clean
from scenarios.sheets.grid import guarded

__all__ = ["cell_of", "csv_of", "xlsx_of"]

_MARK = "\ufeff"
"""What tells Excel that a file is UTF-8."""
_WIDEST = 60
_A_DRILL = "This is a drill"


def csv_of(rows: Iterable[Iterable[str]], *, lines: bool = False) -> bytes:
    """A table as CSV, with no cell that a spreadsheet would read as a formula.

    Each cell is on one line; with `lines`, it keeps its lines, and the file begins with the mark that Excel needs.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in rows:
        writer.writerow([cell_of(text, lines=lines) for text in row])
    return (_MARK * lines + written.getvalue()).encode()


def cell_of(text: str, *, lines: bool) -> str:
    """A text as it stands in a cell."""
    return guarded(clean(text, lines=lines))


def xlsx_of(title: str, rows: Iterable[Iterable[str]]) -> bytes:
    """A table as a workbook of one sheet, every cell a text: none is evaluated. Each printed page says: a drill."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.create_sheet(title, 0)
    del book[book.sheetnames[1]]
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            cell = sheet.cell(number, place)
            cell.value = clean(text, lines=True)
            cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if number == 1:
                cell.font = Font(bold=True)
            letter = cell.column_letter
            longest = max(map(len, text.split("\n")), default=0) + 2
            sheet.column_dimensions[letter].width = min(_WIDEST, max(sheet.column_dimensions[letter].width, longest))
    sheet.freeze_panes = "A2"
    book.properties.title, book.properties.subject = title, _A_DRILL
    sheet.oddHeader.center.text = _A_DRILL
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
