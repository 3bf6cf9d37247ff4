"""Files of a scenario in the room: kept with the drill, and open to those alone whom they reached."""

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from scenarios.template import new_workspace
from simulator.log import DrillLog
from tests.drills.server import Browser, Place, serving

PNG = b"\x89PNG\r\n\x1a\n" + b"\x07" * 60
LOG = b"<script>alert(1)</script>\n" + "Fehler: Größe\n".encode()
SHOWN = b"found in the logs\n"
INJECT = """
injects:
  - id: screen
    at: 1m
    to: first_responder
    text: Look at this.
    attach: [{file: files/screen.png, alt: A login page}, files/page.html]
"""


def hashed(data: bytes) -> str:
    return sha256(data).hexdigest()


def prepare(folder: Path) -> None:
    for name, text in new_workspace().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    story = folder / "scenarios" / "first-drill.yaml"
    text = story.read_text()
    assert "\ninjects:\n" in text
    assert text.count("    shows:") > 1
    text = text.replace("\ninjects:\n", INJECT, 1)
    story.write_text(text.replace("    shows:", "    attach: [files/shown.log]\n    shows:", 1))
    files = folder / "scenarios" / "files"
    files.mkdir()
    (files / "screen.png").write_bytes(PNG)
    (files / "page.html").write_bytes(LOG)
    (files / "shown.log").write_bytes(SHOWN)


@pytest.fixture
def workspace(here: Path) -> Path:
    prepare(here)
    return here


def later(place: Place, drill: str, milliseconds: int, kind: str) -> None:
    """Let drill time pass until something has happened."""
    place.ahead(drill, milliseconds)
    place.until(lambda: any(type(event).__name__ == kind for event in place.live(drill).events))


def started(place: Place) -> tuple[Browser, str]:
    owner = place.owner()
    drill = place.make(owner, scenario="first-drill", mode="training")
    owner.start(drill)
    return owner, drill


def test_those_whom_a_file_reached_open_it_and_nobody_else(workspace: Path) -> None:
    with serving(workspace) as place:
        owner, drill = started(place)
        ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
        stranger = place.browser()
        page, picture = f"/d/{drill}/files/{hashed(LOG)}", f"/d/{drill}/files/{hashed(PNG)}"
        assert ana.get(picture).status_code == 404, "it has not come yet"
        later(place, drill, 60_000, "InjectDelivered")
        came = next(event for event in ana.data(drill, "/events")["events"] if event["kind"] == "InjectDelivered")
        assert came["files"] == [
            {"name": "screen.png", "type": "image/png", "size": len(PNG), "sha256": hashed(PNG), "alt": "A login page"},
            {"name": "page.html", "type": "text/html", "size": len(LOG), "sha256": hashed(LOG)},
        ]
        for browser in (ana, owner):
            answer = browser.get(picture)
            assert (answer.status_code, answer.content) == (200, PNG)
            assert answer.headers["content-type"] == "image/png"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
            assert "script-src" not in answer.headers["content-security-policy"]
            assert browser.get(page).headers["content-type"] == "text/plain; charset=utf-8"
        assert ben.get(picture).status_code == 404
        assert stranger.get(picture).status_code == 401
        for wrong in ("0" * 64, "x", "..%2f..%2fnames.yaml"):
            assert ana.get(f"/d/{drill}/files/{wrong}").status_code == 404

        action = next(one for one in place.live(drill).plan.scenario.actions if one.attach)
        ana.does(drill, "/ack", "/alert 2 search", "/join")
        ben.does(drill, "/ack", "/join")
        assert ben.act(drill, {"do": "start_action", "action": action.id}).status_code == 200
        later(place, drill, action.takes, "ActionFinished")
        shown = f"/d/{drill}/files/{hashed(SHOWN)}"
        assert ben.get(shown).content == SHOWN
        assert ana.get(shown).status_code == 404, "who did it sees what it shows"


def test_a_drill_keeps_its_files_whatever_becomes_of_them_and_over_a_restart(workspace: Path) -> None:
    with serving(workspace) as place:
        owner, drill = started(place)
        header = place.live(drill).plan.model_dump_json(exclude_none=True)
        assert hashed(PNG) in header
        assert "content" not in json.loads(header)["files"][0]
    for file in (workspace / "scenarios" / "files").iterdir():
        file.unlink()
    with serving(workspace) as place:
        owner = place.owner()
        later(place, drill, 60_000, "InjectDelivered")
        assert owner.get(f"/d/{drill}/files/{hashed(PNG)}").content == PNG
        for _ in range(3):
            owner.act(drill, {"do": "end"})
        packed = zipfile.ZipFile(io.BytesIO(owner.get(f"/d/{drill}/folder.zip").content))
        assert packed.read(f"{drill}/files/{hashed(PNG)[:12]}-screen.png") == PNG
        assert packed.read(f"{drill}/files/{hashed(LOG)[:12]}-page.html") == LOG
        report = packed.read(f"{drill}/report.html").decode()
        assert 'alt="A login page"' in report
        assert "img-src data:;" in report, "the page's own policy lets its pictures be seen"
        assert "&lt;script&gt;alert(1)" in report
        assert "<script>" not in report
        log = DrillLog.read(packed.read(f"{drill}/log.jsonl"))
        assert [one.sha256 for one in log.plan.files or []][-2:] == [hashed(PNG), hashed(LOG)]
        owner.post(f"/d/{drill}/forget")


def test_who_plays_sees_no_figures_while_the_dashboard_is_down(workspace: Path) -> None:
    story = workspace / "scenarios" / "first-drill.yaml"
    text = story.read_text().replace("    attach: [{file", "    up: [dashboard]\n    attach: [{file", 1)
    story.write_text(text.replace("\ninjects:\n", "\ndown: [dashboard]\ninjects:\n", 1))
    with serving(workspace) as place:
        owner, drill = started(place)
        ana = place.player(owner, drill, "ana")
        place.until(lambda: "dashboard" in place.live(drill).state.down)
        place.ahead(drill, 30_000)
        assert all(len(course) >= 2 for course in owner.data(drill)["signals"].values())
        assert [course for course in ana.data(drill)["signals"].values() if course] == []
        later(place, drill, 31_000, "InjectDelivered")
        place.until(lambda: not place.live(drill).state.down)
        place.ahead(drill, 30_000)
        shown = [at for at, _ in next(iter(ana.data(drill)["signals"].values()))]
        assert shown
        assert min(shown) >= 60_000
