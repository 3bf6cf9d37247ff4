"""Sheets as text: CSV and its kin, in the encodings and with the separators that spreadsheets write."""

import csv
import io
from collections.abc import Callable
from itertools import islice
from typing import Final

from scenarios.sheets.grid import MOST_COLUMNS, MOST_LINES, Grid, Row, refuse, tidy, trimmed

__all__ = ["ENCODINGS", "read_delimited"]

ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "windows-1250": "Windows-1250: Polish, Czech, Hungarian and their neighbours",
    "windows-1251": "Windows-1251: Russian, Ukrainian, Bulgarian, Serbian",
    "windows-1252": "Windows-1252: English, German, French, Spanish and their neighbours",
    "windows-1253": "Windows-1253: Greek",
    "windows-1254": "Windows-1254: Turkish",
    "windows-1255": "Windows-1255: Hebrew",
    "windows-1256": "Windows-1256: Arabic, Persian",
    "windows-1257": "Windows-1257: Estonian, Latvian, Lithuanian",
    "shift_jis": "Shift JIS: Japanese",
    "gb18030": "GB 18030: Chinese, simplified",
    "big5": "Big5: Chinese, traditional",
    "euc-kr": "EUC-KR: Korean",
    "macroman": "Mac Roman: Western European, from an old Mac",
}
"""Encodings that somebody can say a text file has, and for what they are used."""
_GUESSED = (
    "the file does not say what its letters are: read as Windows-1252. If letters look wrong, say which encoding it "
    "has (--encoding), or save it as UTF-8"
)

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_WESTERN = "Windows-1252"
_LOOKED_AT = 60
"""So many rows decide which separator a file has."""
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"), (b"\xff\xfe", "utf-16", "UTF-16"), (b"\xfe\xff", "utf-16", "UTF-16"))


def read_delimited(
    content: bytes, file: str, fits: Callable[[tuple[str, ...]], int], encoding: str | None = None
) -> Grid:
    """The rows of a text file. `fits` says how many known headings a row has; `encoding` is one of ENCODINGS.

    Raises LoadError.
    """
    text, called = _text(content, file) if encoding is None else _as_said(content, encoding, file)
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    if said.startswith("sep=") and len(said) == 5:
        separator, lines = said[4], 1
        text = rest
    else:
        lines, separator = 0, max(_SEPARATORS, key=lambda mark: _worth(text, mark, fits))
    rows = _rows(text, separator, file, lines)
    name = _SEPARATORS.get(separator, repr(separator))
    notes = (_GUESSED,) if encoding is None and called == _WESTERN else ()
    return Grid(file, trimmed(rows), f"text in {called}, separated by {name}", notes)


def _as_said(content: bytes, encoding: str, file: str) -> tuple[str, str]:
    called = ENCODINGS[encoding].partition(":")[0]
    try:
        return _without_binary(content.decode("utf-8-sig" if encoding == "utf-8" else encoding), file), called
    except UnicodeDecodeError as error:
        hint = "name another encoding, or leave it out"
        raise refuse(file, f"this is not text in {called}: byte {error.start + 1} is none of its signs", hint) from None


def _text(content: bytes, file: str) -> tuple[str, str]:
    """The file's text and the name of its encoding."""
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return _decoded(content, codec, file), name
    zeros = content[:2000].count(0)
    if zeros > len(content[:2000]) // 4:  # UTF-16 without its mark: every second byte of plain text is nothing
        codec = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
        return _decoded(content, codec, file), "UTF-16"
    try:
        return _without_binary(content.decode("utf-8"), file), "UTF-8"
    except UnicodeDecodeError:
        return _decoded(content, "cp1252", file), _WESTERN


def _decoded(content: bytes, codec: str, file: str) -> str:
    try:
        return _without_binary(content.decode(codec), file)
    except UnicodeDecodeError:
        message = "this is text in no encoding that spreadsheets write"
        raise refuse(file, message, "save it as CSV in UTF-8, or as XLSX") from None


def _without_binary(text: str, file: str) -> str:
    if any(sign in text for sign in "\0\x01\x02\x03\x04"):
        raise refuse(file, "this is not a table", "give a CSV, TSV or XLSX file")
    return text


def _worth(text: str, separator: str, fits: Callable[[tuple[str, ...]], int]) -> tuple[int, int]:
    """How well a separator suits: the most headings known in one row, then the cells of rows of one width."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _LOOKED_AT))
    except csv.Error:
        return 0, 0
    widths = [len(row) for row in rows if len(row) > 1]
    usual = max(set(widths), key=widths.count, default=0)
    return max((fits(tuple(row)) for row in rows), default=0), usual * widths.count(usual)


def _rows(text: str, separator: str, file: str, before: int) -> list[Row]:
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    ended = 0
    try:
        for cells in reader:
            rows.append(Row(before + ended + 1, tuple(map(tidy, cells))))
            ended = reader.line_num
            if len(rows) > MOST_LINES or len(cells) > MOST_COLUMNS:
                what = f"more than {MOST_LINES:,} rows" if len(rows) > MOST_LINES else f"{len(cells):,} columns"
                hint = f"at most {MOST_LINES:,} rows and {MOST_COLUMNS} columns are read"
                raise refuse(file, f"there are {what}", hint, before + ended)
    except csv.Error as error:
        hint = "a quotation mark may be missing; export it from the spreadsheet again"
        raise refuse(file, f"this is not a CSV file: {error}", hint, before + ended + 1) from None
    return rows
