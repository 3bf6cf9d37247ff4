"""The page that turns a sheet into a scenario: what it shows, what can be corrected, and files that mean harm."""

import asyncio
import base64
import html
import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from drills.planning.sheet_reader import Answer, Question, answered
from drills.web import pages_sheet
from drills.web.middleware import MOST_BYTES, UPLOADS
from scenarios.load import load_scenario
from scenarios.template import new_workspace
from tests.drills.server import Browser, Place, serving
from tests.support.extent import FULL

ASKS = b"Time,From,To,Method,Message\n1:30,Ops,ED,Tannoy,Disk <b>is</b> full\n3:45,Press,PIO,phone,What is it?\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server that was started in a workspace."""
    folder, before = tmp_path_factory.mktemp("ours"), Path.cwd()
    for name, text in new_workspace().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    os.chdir(folder)
    try:
        with serving(tmp_path_factory.mktemp("db")) as found:
            yield found
    finally:
        os.chdir(before)


@pytest.fixture
def owner(place: Place) -> Browser:
    browser = place.browser()
    browser.open(place.here(place.owner_link))
    return browser


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets are read here and not in a process of its own, whose start takes longer; in CI all are read in one."""

    async def read_here(question: Question, content: bytes) -> Answer:
        asked = msgspec.json.decode(msgspec.json.encode(question), type=Question)
        return await asyncio.to_thread(answered, asked, content)

    if not FULL:
        monkeypatch.setattr(pages_sheet, "_answer", read_here)


def send(browser: Browser, upload: bytes | None = None, /, **fields: str) -> httpx.Response:
    """Send the form as a browser does, with a file or without."""
    parts: list[tuple[str, tuple[str | None, bytes | str]]] = [(key, (None, value)) for key, value in fields.items()]
    parts.append(("sheet", ("injects.csv" if upload is not None else "", upload or b"")))
    return browser.post("/sheet", files=parts)


def fields_of(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields that the page sends along."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text)
    return {name: html.unescape(value) for name, value in found}


def cells(answer: httpx.Response) -> list[str]:
    """The table's cells; of a list to choose from, what is chosen."""
    found = re.findall(r"<td[^>]*>(.*?)</td>", answer.text)
    return [html.unescape(_chosen(cell) if cell.startswith("<select") else cell) for cell in found]


def _chosen(cell: str) -> str:
    options = re.findall(r"<option([^>]*)>(.*?)</option>", cell)
    return str(next((said for how, said in options if "selected" in how), options[0][1]))


@pytest.mark.usefixtures("at_once")
def test_a_sheet_is_shown_corrected_and_saved_and_can_be_played(owner: Browser) -> None:
    first = send(owner, ASKS)
    assert first.status_code == 200
    assert "minutes and seconds from the start (mm:ss)" in first.text
    assert cells(first)[:7] == ["2", "1m30s", "Ops", "everyone?", "chat?", "Disk <b>is</b> full", ""]
    sent = fields_of(first)
    assert base64.b64decode(sent["content"]) == ASKS
    words = {sent[name]: name[5:] for name in sent if name.startswith("said-")}
    assert set(words) == {"ED", "Tannoy", "PIO", "phone"}
    explained = {f"means-{words['ED']}": "solutioneer", f"means-{words['Tannoy']}": "call"}
    unsure = send(owner, **sent, **explained, name="ours", do="save")
    assert (unsure.status_code, "Say how its times are meant." in unsure.text) == (422, True)
    second = send(owner, **sent, **explained, times="hh:mm")
    assert cells(second)[:7] == ["2", "1h30m", "Ops", "solutioneer", "call", "Disk <b>is</b> full", ""]
    nameless = send(owner, **sent, **explained, times="hh:mm", name="Our Drill", do="download")
    assert (nameless.status_code, "Give the scenario a name" in nameless.text) == (422, True)
    draft = send(owner, **sent, **explained, times="hh:mm", name="ours", do="download")
    assert draft.headers["content-disposition"] == 'attachment; filename="ours.yaml"'
    assert "scenario: ours\n" in draft.text
    saved = send(owner, **sent, **explained, times="hh:mm", name="ours", do="save")
    assert (saved.status_code, saved.headers["location"]) == (303, "/author/ours")
    assert [inject.to for inject in load_scenario("ours").injects] == [["solutioneer"], ["communications"]]
    again = send(owner, **sent, **explained, times="hh:mm", name="ours", do="save")
    assert (again.status_code, "already, and it was left as it is" in again.text) == (409, True)


def test_columns_can_be_said_and_taken_away(owner: Browser) -> None:
    german = b"Zeit,Wer,From,Message\n5,PIO,x,Hello\n"
    refused = send(owner, german)
    assert refused.status_code == 422
    assert "no column is the inject&#39;s time" in refused.text
    told = send(owner, german, **{"column-time": "Zeit", "column-to": "Wer", "column-sender": "-"})
    assert cells(told)[:5] == ["2", "5m", "", "communications", "chat"]


@pytest.mark.usefixtures("at_once")
def test_whom_the_inject_of_a_row_goes_to_can_be_set(owner: Browser) -> None:
    sheet = b"Time,From,Message\n00:05,Ops,Disk is full\n00:10,Press,What is it?\n"
    first = send(owner, sheet, times="mm:ss")
    sent = fields_of(first)
    assert [cells(first)[3], cells(first)[10]] == ["everyone", "everyone"]
    told = send(owner, **sent | {"times": "mm:ss", "to-2": "solutioneer", "to-3": ""})
    assert [cells(told)[3], cells(told)[10]] == ["solutioneer", "everyone"], "and the page sends it along again"
    draft = send(owner, **sent | {"times": "mm:ss", "to-2": "solutioneer"}, name="ours", do="download").text
    assert re.findall(r"    to: (.*)", draft) == ["solutioneer", "everyone"]
    for row, who, says in (("2", "nobody", "an inject cannot go to &#39;nobody&#39;"), ("9", "channel", "row 9 is no")):
        refused = send(owner, **sent | {"times": "mm:ss", f"to-{row}": who})
        assert (refused.status_code, says in refused.text) == (422, True)
        assert fields_of(refused)[f"to-{row}"] == who, "what was chosen is not lost"


@pytest.mark.usefixtures("at_once")
def test_a_row_can_be_the_start_or_the_end_of_the_exercise_and_one_that_was_taken_for_it_an_inject(
    owner: Browser,
) -> None:
    sheet = b"Time,To,Message\n09:00,All,Doors open\n09:05,All,Disk is full\n09:30,All,Go home\n"
    first = send(owner, sheet)
    assert cells(first)[0::7] == ["2", "3", "4"]
    marks = {"times": "clock", "to-2": "start", "to-4": "end"}
    told = send(owner, **fields_of(first) | marks)
    assert cells(told)[:2] == ["3", "5m"]
    assert len(cells(told)) == 7, "only one row is an inject"
    chosen = re.findall(r'<select id="to-(\d)".*?<option value="(\w+)" selected>([^<]+)<', told.text)
    assert chosen == [("2", "start", "The start of the exercise"), ("4", "end", "The end of the exercise")]
    assert "(Doors open)" in told.text
    draft = send(owner, **fields_of(told) | marks, name="ours", do="download").text
    assert re.findall(r'    text: "(.*)"', draft) == ["Disk is full"]
    assert "after: 30m" in draft
    back = send(owner, **fields_of(told) | marks | {"to-2": ""})
    assert cells(back)[0::7] == ["2", "3"]
    known = send(owner, sheet.replace(b"Doors open", b"StartEx"))
    assert cells(known)[0::7] == ["3", "4"]
    assert "The start of the exercise (as it was read)" in known.text
    inject = send(owner, **fields_of(known) | {"to-2": "channel"})
    assert cells(inject)[0::7] == ["2", "3", "4"]
    timeless = send(owner, sheet.replace(b"09:30,All", b"at last,All"), **{"to-4": "end"})
    assert cells(timeless)[0::7] == ["2", "3"]
    assert "the end of the exercise, whose time cannot be read" in timeless.text


@pytest.mark.usefixtures("at_once")
def test_columns_that_are_not_known_can_be_chosen_and_so_can_the_protocol(owner: Browser) -> None:
    sheet = b"Wann,Zielperson,Wortlaut\n5,Deputy,Hallo\n"
    first = send(owner, sheet)
    assert first.status_code == 422
    assert "no column is the inject&#39;s time: choose it below" in first.text
    assert "--column" not in first.text
    assert '<details class="more" open><summary>Which column is which' in first.text
    assert '<option value="Wann">Wann (such as 5)</option>' in first.text
    columns = {"column-time": "Wann", "column-to": "Zielperson", "column-text": "Wortlaut"}
    second = send(owner, **fields_of(first), **columns)
    assert second.status_code == 200
    assert cells(second)[:6] == ["2", "5m", "", "everyone?", "chat", "Hallo"]
    third = send(owner, **fields_of(second), **columns, protocol="pagerduty-style", name="osten", do="download")
    assert "\nprotocol: pagerduty-style\n" in third.text
    assert "\n    to: deputy\n" in third.text


@pytest.mark.usefixtures("at_once")
def test_a_time_that_cannot_be_read_can_be_said(owner: Browser) -> None:
    first = send(owner, b"Time,Text\n5,Hello\nwhen they call,Again\n")
    assert cells(first)[7:9] == ["3", "8m?"]
    sent = fields_of(first)
    [place] = [name[5:] for name, said in sent.items() if said == "when they call"]
    assert cells(send(owner, **sent, **{f"means-{place}": "25m"}))[7:9] == ["3", "25m"]
    assert send(owner, **sent, **{f"means-{place}": "soon"}).status_code == 422


def test_only_those_who_run_drills_may_send_a_file(place: Place) -> None:
    stranger = place.browser()
    assert stranger.get("/sheet").status_code == 401
    assert send(stranger, ASKS).status_code == 415
    assert stranger.post("/sheet", content=b"x" * (MOST_BYTES + 1)).status_code == 413


def test_what_is_too_large_or_no_sheet_is_refused_and_the_server_goes_on(owner: Browser) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (30 * 2**20))
    cases = [
        (b"Time,Message\n" + b"1,x\n" * 200_000, "there are more than 5,000 rows"),
        (b"a" * (2**20 + 1), "the file is larger than 1 MB"),
        (bomb.getvalue(), "this workbook unpacks to 30 MB in 1 parts"),
        (b"PK\x03\x04nonsense", "this workbook cannot be read: BadZipFile"),
        (b"", "choose a file: CSV, TSV or XLSX"),
    ]
    for content, says in cases:
        answer = send(owner, content)
        assert (answer.status_code in (413, 422), says in answer.text) == (True, True), says
    assert send(owner, b"x" * UPLOADS["/sheet"]).status_code == 413
    assert owner.post("/sheet", data={"do": "look"}).status_code == 415
    assert send(owner, content="%%%").status_code == 422
    assert owner.post("/new", files={"people": ("a", b"x")}).status_code == 415, "files go to that page alone"
    assert send(owner, ASKS).status_code == 200
