import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pypdfium2 as pdfium
import pytest

from reports import pdf
from reports.export import events_csv, folder, people_json
from reports.page import Page
from reports.story import Story
from scoring.scorecard import from_json
from simulator.log import DrillLog
from tests.reports import build
from tests.support.extent import FULL

VOID = {"meta", "br", "hr", "path", "use", "rect"}


class Parsed(HTMLParser):
    """An HTML file as its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


@cache
def written(case: str) -> dict[str, bytes]:
    log = build.played(members="large", profile="average")
    if case == "hostile":
        log = build.hostile(log)
        return folder(log, build.graded(log), build.hostile_names(log))
    if case == "empty":
        log = build.acted([])
    return folder(log, build.graded(log), build.names("large"))


CASES = ("plain", "hostile", "empty")


def test_a_drills_folder_holds_all_that_the_design_names() -> None:
    charts = ("timeline", "response-times", "role-coverage", "communication", "score")
    papers = ("situation-report.md", "post-mortem.md", "report.html")
    data = ("log.jsonl", "texts.json", "people.json", "scorecard.json", "events.csv")
    assert set(written("plain")) == {*papers, *data, *(f"charts/{name}.svg" for name in charts)}


def test_whatever_is_handed_on_says_that_it_is_a_drill() -> None:
    """Each paper and picture, and each row of the table: nothing cut out of them is taken for something real."""
    found = written("plain")
    drill = build.played(members="large", profile="average").plan.drill
    for name in ("situation-report.md", "post-mortem.md", "report.html"):
        assert "This is a drill" in found[name].decode(), name
    for name in (name for name in found if name.endswith(".svg")):
        assert "THIS IS A DRILL" in found[name].decode(), name
    rows = list(csv.DictReader(io.StringIO(found["events.csv"].decode())))
    assert {row["drill"] for row in rows} == {drill}
    assert json.loads(found["scorecard.json"])["drill"] == drill


def test_log_and_scorecard_read_back_as_they_were() -> None:
    log = build.played(members="large", profile="average")
    assert DrillLog.read(written("plain")["log.jsonl"]).head == log.head
    assert from_json(written("plain")["scorecard.json"]) == build.graded(log)


def test_the_same_drill_gives_the_same_files() -> None:
    log = build.played(members="large", profile="average")
    assert folder(log, build.graded(log), build.names("large")) == written("plain")


@pytest.mark.parametrize("case", CASES)
def test_the_page_holds_no_script_and_fetches_nothing(case: str) -> None:
    page = Parsed(written(case)["report.html"].decode())
    assert page.unbalanced == []
    assert not {"script", "iframe", "object", "embed", "link", "img", "form", "base"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        assert not [key for key in attributes if key.startswith("on")], tag
        for key in ("href", "src", "xlink:href", "action"):
            assert (attributes.get(key) or "#").startswith("#"), (tag, attributes)
    policy = next(found for tag, found in page.tags if found.get("http-equiv") == "Content-Security-Policy")
    assert (policy["content"] or "").startswith("default-src 'none'; style-src 'unsafe-inline'")


@pytest.mark.parametrize("case", CASES)
def test_the_page_can_be_read_by_ear_and_by_keyboard(case: str) -> None:
    page = Parsed(written(case)["report.html"].decode())
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4", "h5")]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    assert {found["aria-labelledby"] for _, found in page.tags if "aria-labelledby" in found} <= set(ids)
    assert all("scope" in found for tag, found in page.tags if tag == "th")
    pictures = [found for _, found in page.tags if found.get("role") == "img"]
    assert len(pictures) == 5
    assert all(found["aria-label"] for found in pictures)
    assert [tag for tag, _ in page.tags].count("figcaption") == 5


def test_the_page_says_what_it_is_and_prints_the_head() -> None:
    text = written("plain")["report.html"].decode()
    assert "<strong>This is a drill.</strong>" in text
    assert build.played(members="large", profile="average").head in text
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


@pytest.mark.parametrize("case", CASES)
def test_no_file_holds_controls_or_overrides(case: str) -> None:
    for name, content in written(case).items():
        if name != "log.jsonl":  # it keeps what was typed, as JSON
            assert not {"\x1b", "\x00", "\u202e", "\ufffe"} & set(content.decode()), name


def test_points_never_stand_beside_names() -> None:
    """What is lost belongs to roles: between the two headings that tell of it, nobody is named."""
    text = written("plain")["report.html"].decode()
    lost = text[text.index('id="h-lost"') : text.index('id="h-chart-response-times"')]
    assert not [name for name in build.names("large").values() if name in lost]


def test_cells_of_hostile_text_are_no_formulas() -> None:
    rows = list(csv.reader(io.StringIO(written("hostile")["events.csv"].decode())))
    assert rows[0] == ["seq", "drill_s", "utc", "local", "who", "name", "kind", "what", "drill"]
    assert len(rows) == len(build.played(members="large", profile="average").events) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)


def test_events_say_when_in_three_clocks() -> None:
    log = build.played()
    rows = list(csv.DictReader(io.StringIO(events_csv(Story(log, build.names())).decode())))
    assert rows[0]["utc"] == "2026-03-12T19:00:00.000Z"
    assert rows[0]["local"] == "2026-03-12T14:00:00-05:00"
    assert rows[0]["what"] == "STARTEX: the drill began"
    alerted = next(row for row in rows if row["kind"] == "TeamAlerted")
    assert alerted["name"] == "Ana Ruiz"
    assert float(alerted["drill_s"]) == Story(log, {}).facts.all(type(log.events[int(alerted["seq"])]))[0].at / 1000


def test_people_stand_beside_the_log_and_only_those_of_the_drill() -> None:
    data = json.loads(people_json({"ana": "Ana\u202e Ruiz", "eve": "Eve"}, ["ana", "ben"]))
    assert data == {"format": 1, "names": {"ana": "Ana Ruiz"}}


@pytest.mark.parametrize(
    ("error", "says"), [(ImportError, r"pip install 'drillroom\[pdf\]'"), (OSError, "apt install libpango-1.0-0")]
)
def test_what_a_pdf_lacks_is_named(error: type[Exception], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "weasyprint":
                raise error(name)

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(pdf.PdfError, match=says):
        pdf.pdf_of("<p>")


MARGIN = 36
"""Points of a page at each edge that stay empty: the report's margins are 13 and 14 mm."""


def outside(page: pdfium.PdfPage) -> list[str]:
    """The characters of a page that reach into its margins, or lie off it."""
    left, bottom, right, top = page.get_mediabox()
    text, found = page.get_textpage(), []
    for place in range(text.count_chars()):
        x, y, beyond, above = text.get_charbox(place)
        if x < beyond and (x < left + MARGIN or y < bottom + MARGIN or beyond > right - MARGIN or above > top - MARGIN):
            found.append(text.get_text_range(place, 1))
    return found


def test_the_report_of_many_people_is_made_as_a_pdf_with_everybody_on_its_pages() -> None:
    """Where the system has Pango; the machine that checks every change has it, and must not leave this out.

    Forty people in CI, on as many pages as they need; every day those whom the scenario has.
    """
    try:
        import weasyprint  # noqa: F401 - whether it loads is the question
    except OSError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"WeasyPrint finds no Pango here: {error}")
    few: list[dict[str, object]]
    few = [{"at": "20s", "who": "ana", "say": "/alert 1 login"}, {"at": "1m", "who": "ben", "say": "/join"}]
    log = build.long_drill(datetime(2026, 6, 1, 23, tzinfo=UTC), 3, "UTC", 34) if FULL else build.acted(few)
    names = {player.id: build.names().get(player.id, f"Guest Number {player.id[-2:]}") for player in log.plan.players}
    assert len(names) == (40 if FULL else 6)
    with pdfium.PdfDocument(folder(log, build.graded(log), names, pdf=True)["report.pdf"]) as made:
        assert made.get_metadata_dict()["Title"].startswith("Drill report: ")
        assert "This is a drill" in made.get_metadata_dict()["Subject"]
        pages = [" ".join(page.get_textpage().get_text_range().split()) for page in made]
        assert [found for page in made if (found := outside(page))] == []
    assert [name for name in names.values() if not any(name in page for page in pages)] == []
    assert [page[:40] for page in pages if len(page) < 100] == [], "no page is all but empty"


def test_nothing_heavy_comes_with_the_package() -> None:
    """Help must come at once, and only charts may bring matplotlib."""
    heavy = ("matplotlib", "jinja2", "nh3", "weasyprint")
    code = f"import reports, reports.export, sys; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_what_this_severity_did_not_ask_for_is_not_called_missing() -> None:
    """Nobody owes customers a message about a severity 2."""
    log = build.played("shift-planning-down")
    facts = {fact.label: fact.value for fact in Page(Story(log, {}), build.graded(log), [], ("", "")).facts}
    assert "First message to customers after" not in facts
    assert facts["Alert acknowledged by"] == "5 of 5"
    silent = build.acted([])
    missing = {fact.label: fact.value for fact in Page(Story(silent, {}), build.graded(silent), [], ("", "")).facts}
    assert missing["First message to customers after"] == "never"


def test_the_page_begins_with_its_contents_and_paper_shows_what_is_folded() -> None:
    log = build.played()
    page = folder(log, build.graded(log), build.names())["report.html"].decode()
    linked = re.findall(r'<a href="#([^"]+)">', page.partition('<nav class="contents"')[2].partition("</nav>")[0])
    assert len(linked) > 8
    headings = re.findall(r'<section aria-labelledby="([^"]+)"', page)
    assert linked == [name for name in headings if name != "h-score"]
    assert "details:not([open])::details-content { content-visibility: visible" in page.partition("@media print")[2]
