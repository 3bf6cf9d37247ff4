"""`runsheet`: one page for whoever leads the drill."""

from pathlib import Path

from tests.drills.command_line import call, refused


def test_it_writes_a_pdf_or_a_page_and_replaces_nothing_unasked(here: Path) -> None:
    assert "Wrote no-photos-run-sheet.pdf" in call("runsheet", "no-photos").output
    assert (here / "no-photos-run-sheet.pdf").read_bytes().startswith(b"%PDF")
    assert "already exists" in refused("runsheet", "no-photos")
    assert call("runsheet", "no-photos", "--force").exit_code == 0
    assert call("runsheet", "no-photos", "--team", "small", "--out", "sheet.html").exit_code == 0
    assert "plays: " in (here / "sheet.html").read_text()


def test_what_it_cannot_write_is_said(here: Path) -> None:
    assert here.exists()
    assert "the file's name ends in .pdf or .html" in call("runsheet", "no-photos", "--out", "x.docx").output
    assert "did you mean no-photos?" in refused("runsheet", "no-photo")
