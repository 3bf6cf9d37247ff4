"""Sheets as files: the encodings, separators and workbooks of spreadsheets, and files that are none or mean harm."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from scenarios.problem import LoadError
from scenarios.sheets.corrections import Corrections
from scenarios.sheets.csv_table import ENCODINGS
from scenarios.sheets.summary import read_as
from scenarios.sheets.understanding import Understanding, understand

ROWS = "Time,From,Message\n5,Müller,Läuft's noch?\n"


def read(content: bytes, **corrected: object) -> Understanding:
    return understand(content, "sheet.xlsx", Corrections(**corrected))  # type: ignore[arg-type]  # as each test says


def refusal(content: bytes, **corrected: object) -> str:
    with pytest.raises(LoadError) as caught:
        read(content, **corrected)
    [problem] = caught.value.problems
    return str(problem)


def workbook(*rows: tuple[object, ...], merged: tuple[str, ...] = (), formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    return saved(book)


def saved(book: Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The workbook with other parts; a name's `__` is a `/`, and its ending comes after `_dot_`."""
    made = io.BytesIO()
    names = {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in names:
                after.writestr(name, before.read(name))
        for name, data in names.items():
            after.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_text_in_the_encodings_of_spreadsheets(encoding: str, called: str) -> None:
    found = read(ROWS.encode(encoding))
    assert (found.lines[0].inject["from"], found.lines[0].inject["text"]) == ("Müller", "Läuft's noch?")
    assert read_as(found)[0] == f"read as: text in {called}, separated by commas; headings in row 1"


POLISH = "Time,From,To,Message\n5,Łącznik,everyone,Zażółć gęślą jaźń\n"


def test_somebody_can_say_which_encoding_a_text_file_has() -> None:
    content = POLISH.encode("windows-1250")
    guessed = read(content)
    assert guessed.lines[0].inject["from"] == "£¹cznik", "Windows-1252 is a guess, and said to be one"
    assert any("If letters look wrong, say which encoding it has (--encoding)" in note for note in guessed.notes)
    said = read(content, encoding="windows-1250")
    assert (said.lines[0].inject["from"], said.lines[0].inject["text"]) == ("Łącznik", "Zażółć gęślą jaźń")
    assert said.notes == []
    assert read_as(said)[0].startswith("read as: text in Windows-1250, separated by commas")
    with pytest.raises(LoadError, match=r"this is not text in UTF-8: byte \d+ is none of its signs"):
        read(content, encoding="utf-8")
    with pytest.raises(LoadError, match="a workbook, which says itself what its letters are"):
        read(workbook(("Time", "Message"), ("5", "x")), encoding="windows-1250")


def test_every_encoding_that_can_be_said_reads_what_it_wrote() -> None:
    for encoding in ENCODINGS:
        plain = "Time,From,Message\n5,A,all is well\n".encode(encoding)
        assert read(plain, encoding=encoding).lines[0].inject["text"] == "all is well"


def test_words_that_stand_nowhere_in_the_sheet_are_named() -> None:
    found = read(ROWS.encode(), means={"Muler": "everyone"})
    assert "no cell says 'Muler', which was said to mean something" in " ".join(found.notes)


@pytest.mark.parametrize(("separator", "called"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_end_whatever_stands_in_the_cells(separator: str, called: str, end: str) -> None:
    head = separator.join(["#", "Description", "Recipient", "Scheduled time", "Source"])
    row = separator.join(["1", '"It burns, here; and | there"', "all", "3", "Neighbour"])
    found = read(f"{head}{end}{row}{end}".encode())
    assert found.lines[0].inject == {
        "id": "inject-1", "at": "3m", "to": "everyone", "via": "chat", "from": "Neighbour",
        "text": "It burns, here; and | there",
    }  # fmt: skip
    assert f"separated by {called};" in read_as(found)[0]


def test_titles_blank_rows_a_line_that_names_the_separator_and_headings_again_are_read_past() -> None:
    text = "sep=;\nBlue Lake;;\n;;\nTime;From;Message\n5;A;one\n;;\nTime;From;Message\n9;B;two\n;;only a remark"
    found = read(text.encode())
    assert [(line.line, line.inject["at"], line.inject["text"]) for line in found.lines] == [
        (5, "5m", "one"), (8, "9m", "two"), (9, "12m", "only a remark"),
    ]  # fmt: skip
    assert found.passed == ((2, "above the headings: 'Blue Lake'"), (7, "the headings again"))


def test_a_workbook_with_titles_merged_cells_times_and_spans_as_cells() -> None:
    content = workbook(
        ("Exercise Blue Lake", None, None, None),
        (),
        ("Time", "To", "Message", "Expected action"),
        (time(9, 0), "IC", "one", "Log it"),
        (time(9, 5), None, "two\nlines", None),
        (datetime(2026, 3, 31, 9, 30), "Comms", "three", True),  # noqa: DTZ001 - cells have no zone
        merged=("A1:D1", "B4:B5"),
    )
    found = read(content)
    assert [(line.inject["to"], line.inject["text"]) for line in found.lines] == [
        ("incident_commander", "one"), ("incident_commander", "two\nlines"), ("communications", "three"),
    ]  # fmt: skip
    assert found.headings.row.line == 3
    assert found.passed == ((1, "above the headings: 'Exercise Blue Lake'"),)


@pytest.mark.parametrize(
    ("cells", "formats", "at"),
    [
        ([time(9, 0), time(9, 5), time(10, 0)], {}, ["0s", "5m", "1h"]),
        ([datetime(2026, 3, 31, 9), datetime(2026, 4, 1, 9, 15)], {}, ["0s", "24h15m"]),  # noqa: DTZ001 - as above
        ([date(2026, 3, 31), date(2026, 4, 2)], {}, ["0s", "48h"]),
        ([timedelta(minutes=90), timedelta(hours=26)], {"A2": "[h]:mm", "A3": "[h]:mm:ss"}, ["1h30m", "26h"]),
        ([0.375, 0.3819444444444444], {}, ["0s", "10m"]),
        ([5, 12.5, 90], {}, ["5m", "12m30s", "1h30m"]),
        (["0905", "0930"], {}, ["0s", "25m"]),
        ([905, 930, 1000], {"A2": "0000"}, ["0s", "25m", "55m"]),
    ],
)
def test_times_as_cells(cells: list[object], formats: dict[str, str], at: list[str]) -> None:
    content = workbook(("Time", "Message"), *((cell, "x") for cell in cells), formats=formats)
    assert [line.inject["at"] for line in read(content, jumps=False).lines] == at


def test_the_sheet_with_the_headings_is_taken_and_another_can_be_named() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(("Read me", "first"))
    for name, text in (("MSEL", "one"), ("Old", "two")):
        sheet = book.create_sheet(name)
        sheet.append(("Time", "Message"))
        sheet.append((5, text))
    assert read(saved(book)).lines[0].inject["text"] == "one"
    assert read(saved(book)).grid.form == "sheet 'MSEL' of a workbook, one of 3 sheets (--sheet names another)"
    assert read(saved(book), sheet="Old").lines[0].inject["text"] == "two"
    assert refusal(saved(book), sheet="New") == (
        "sheet.xlsx: there is no sheet 'New' (there are 'Sheet', 'MSEL', 'Old')"
    )
    assert refusal(b"Time,Message\n5,x\n", sheet="MSEL") == (
        "sheet.xlsx: this is a text file, which has one sheet (leave out --sheet)"
    )


def test_formulas_give_the_value_that_is_kept_and_are_named_without_one() -> None:
    content = workbook(("Time", "Message"), (5, "x"), ("=A2+4", "y"))
    found = read(content)
    assert found.grid.notes == ("A3: no value is kept for these formulas; open and save it in the spreadsheet",)
    assert found.lines[1].missing == ("when it comes; the table does not say",)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    kept = sheet.replace(b"<f>A2+4</f><v />", b"<f>A2+4</f><v>9</v>").replace(
        b"<f>A2+4</f><v></v>", b"<f>A2+4</f><v>9</v>"
    )
    assert kept != sheet
    found = read(repacked(content, xl__worksheets__sheet1_dot_xml=kept))
    assert (found.lines[1].inject["at"], found.grid.notes) == ("9m", ())


def test_macros_are_not_looked_at_and_that_is_said() -> None:
    content = repacked(workbook(("Time", "Message"), (5, "x")), xl__vbaProject_dot_bin=b"Sub Auto_Open()")
    assert read(content).grid.notes == (
        "its macros were not looked at and do not run; the values of its cells were read",
    )


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(workbook(("Time", "Message")), xl__sharedStrings_dot_xml=b" " * (30 * 2**20))
    assert len(bomb) < 100_000
    assert refusal(bomb) == (
        "sheet.xlsx: this workbook unpacks to 30 MB in 10 parts (at most 24 MB; keep the table of injects alone)"
    )


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(repacked(workbook(("Time", "Message"), (5, "x")), xl__sharedStrings_dot_xml=b" " * 100_000))
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/sharedStrings.xml"))
    content[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    assert refusal(bytes(content)).startswith("sheet.xlsx: this workbook cannot be read: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_anything_expands_them(encoding: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><worksheet>&a;</worksheet>'.encode(encoding)
    content = repacked(workbook(("Time", "Message")), xl__worksheets__sheet1_dot_xml=laughs)
    assert refusal(content) == (
        "sheet.xlsx: this workbook defines entities of its own (open it in the spreadsheet and save it as XLSX or CSV "
        "again)"
    )


def test_a_row_far_below_and_a_column_far_to_the_right_cost_nothing() -> None:
    content = workbook(("Time", "Message"), (5, "x"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'
    )
    found = read(repacked(content, xl__worksheets__sheet1_dot_xml=far))
    assert len(found.lines) == 1
    assert found.grid.notes == ("what may stand below row 5,000 was not looked at",)


def test_too_many_rows_are_refused_where_they_begin() -> None:
    says = "there are more than 5,000 rows (at most 5,000"
    assert says in refusal(b"Time,Message\n" + b"1,x\n" * 1_000_000)
    assert says in refusal(workbook(("Time", "Message"), *[(1, "x")] * 5_001))
    assert "there are 120 columns" in refusal(b"Time,Message" + b",x" * 118 + b"\n1,x\n")
    assert refusal(b"a" * (8 * 2**20 + 1)) == "sheet.xlsx: this is larger than 8 MB (keep the table of injects alone)"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "this is an old Excel file (.xls), or one with a password"),
        (
            b"PK\x03\x04" + b"x" * 600,
            "this workbook cannot be read: BadZipFile (open it in the spreadsheet",
        ),
        (b"%PDF-1.7\n\x00\x01\x02\x03", "this is not a table (give a CSV, TSV or XLSX file)"),
        (bytes(range(129, 256)) * 9, "this is text in no encoding that spreadsheets write (save it as CSV in UTF-8"),
        (b"\xff\xfe\x00\xd8a", "this is text in no encoding that spreadsheets write"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_way_out(content: bytes, says: str) -> None:
    assert says in refusal(content)


def test_other_archives_are_refused_by_what_they_are() -> None:
    for name, says in (("mimetype", "this is an OpenDocument file"), ("word/x", "this is an archive, not a workbook")):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
        assert refusal(made.getvalue()) == f"sheet.xlsx: {says} (save it as XLSX or CSV)"


def test_a_damaged_workbook_is_refused_wherever_it_is_damaged() -> None:
    whole = workbook(("Time", "Message"), (5, "x"))
    for part in ("xl__workbook_dot_xml", "xl__worksheets__sheet1_dot_xml", "xl__styles_dot_xml"):
        assert "this workbook cannot be read" in refusal(repacked(whole, **{part: b"<broken"}))
