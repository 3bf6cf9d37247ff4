"""`history --report`: drills together as one file, from folders and from a database."""

import json
import re
from pathlib import Path

import pytest

from tests.drills.command_line import call, refused
from tests.drills.server import Browser, Place
from tests.drills.web.test_history import closed
from tests.support import library_plan, play

EVIL = "Ana <script>x</script>"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four drills of good players, one of them with a report and with names, and one of poor ones before them."""
    place = tmp_path_factory.mktemp("drills")
    for seed, players in enumerate(("poor", "good", "good", "good", "good")):
        folder = place / f"drill {seed}"
        folder.mkdir()
        folder.joinpath("log.jsonl").write_bytes(play(library_plan("login-outage", seed, players)).data)
    (place / "drill 4" / "report.html").write_text("a report", encoding="utf-8")
    named = {"format": 1, "names": {"ana": EVIL, "ben": "Ben Okafor"}}
    (place / "drill 4" / "people.json").write_text(json.dumps(named), encoding="utf-8")
    (place / "drill 3" / "people.json").write_text("{", encoding="utf-8")
    return place


def test_the_file_shows_the_newest_drills_and_each_leads_to_the_report_in_its_folder(
    folders: Path, tmp_path: Path
) -> None:
    file = tmp_path / "made" / "drills.html"
    found = call("history", folders, "--report", file)
    assert found.exit_code == 0, found.output
    assert f"Report: {file}" in found.stdout
    page = file.read_text(encoding="utf-8")
    assert "<h1>officeluv: 4 simulated drills, players good, assessed, protocol officeluv</h1>" in page
    assert "<li>officeluv: 1 simulated drill, players poor, assessed, protocol officeluv</li>" in page
    links = set(re.findall(r'href="([^"#]+)"', page))
    assert [(file.parent / one.replace("%20", " ")).resolve() for one in links] == [
        (folders / "drill 4" / "report.html").resolve()
    ]
    assert "Ana &lt;script&gt;" in page
    assert "<script" not in page
    assert "Elif" not in page, "whose name is not there stays an id"


def test_a_file_that_is_there_is_kept_and_a_name_has_to_say_what_it_is(folders: Path, tmp_path: Path) -> None:
    file = tmp_path / "drills.html"
    file.write_text("mine", encoding="utf-8")
    assert "already exists and was left as it is" in refused("history", folders, "--report", file)
    assert file.read_text(encoding="utf-8") == "mine"
    assert call("history", folders, "--report", file, "--force").exit_code == 0
    assert file.read_text(encoding="utf-8") != "mine"
    said = refused("history", folders, "--report", tmp_path / "drills.txt")
    assert "a report is a page or a PDF; let its name end in .html or .pdf" in said


def test_a_pdf_needs_what_makes_it_and_says_the_way_out(
    folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "drills.pdf"
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    assert f"or write a page and print it: --report {file.with_suffix('.html')}" in refused(
        "history", folders, "--report", file
    )
    assert not file.exists()


def test_json_stays_alone_on_standard_output(folders: Path, tmp_path: Path) -> None:
    found = call("history", folders, "--report", tmp_path / "drills.html", "--json")
    assert len(json.loads(found.stdout)["drills"]) == 5


def test_of_a_database_it_is_the_rooms_page(place: Place, owner: Browser, tmp_path: Path) -> None:
    closed(place, owner)
    database, file = place.server.settings.database, tmp_path / "drills.html"
    assert call("history", "--database", database, "--report", file).exit_code == 0
    assert file.read_text(encoding="utf-8") == owner.get("/team/report.html").text
    assert "not yet in command: Ben Okafor and Chloe." in " ".join(file.read_text(encoding="utf-8").split())
