"""`calibrate`: what it prints and keeps, how it is stopped, and what it refuses."""

import json
import signal
from pathlib import Path

import pytest

from drills.planning.calibration import campaign
from drills.planning.calibration.results import read
from drills.planning.calibration.workers import Here
from tests.drills.command_line import call, refused

RESULT = "nobody-answers.calibration.json"


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")


def test_it_is_kept_shown_and_not_played_again_unless_that_is_asked_for(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = call("calibrate", "nobody-answers", "-n", "100", "--workers", "1")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "nobody-answers: 100 drills of simulated teams"
    assert " on the scale of readiness" in lines[1]
    assert lines[2].startswith("A good team scores more than a poor one in ")
    assert lines[3].startswith("Luck alone moves a score by ")
    assert next(line for line in lines if line.startswith("Team")).split()[:3] == ["Team", "Score", "Luck"]
    assert lines[-2] == f"Kept in {RESULT}."
    data = (here / RESULT).read_bytes()
    found = read(data)
    assert found is not None
    assert (found.drills, found.command) == (100, "drillroom calibrate nobody-answers -n 100")
    assert [path.name for path in here.iterdir()] == [RESULT]

    shown = call("show", "nobody-answers").stdout
    assert f"Calibrated with 100 drills of simulated teams\n{lines[1]}\n{lines[2]}\n{lines[3]}\n" in shown
    assert "Where points are lost" not in shown
    assert "Where points are lost" in call("show", "nobody-answers", "--facilitator").stdout

    monkeypatch.setattr(Here, "play", lambda *_: pytest.fail("it was there"))
    again = call("calibrate", "nobody-answers", "-n", "100", "--workers", "1", "--json")
    assert again.exit_code == 0
    [one] = json.loads(again.stdout_bytes)
    assert (one["scenario"], one["identity"]) == ("nobody-answers", found.identity)
    assert one["findings"]["drills"] == 100
    assert len(one["findings"]["profiles"]) == 5


def test_ctrl_c_keeps_what_is_done_and_says_where(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play = Here.play

    def stopped(self: Here, *args: object) -> object:
        for place, one in enumerate(play(self, *args)):  # type: ignore[arg-type] # whatever it was called with
            if place == 1:
                signal.raise_signal(signal.SIGINT)
            yield one

    monkeypatch.setattr(Here, "play", stopped)
    line = refused("calibrate", "nobody-answers", "-n", "160", "--workers", "1", code=130)
    part = RESULT.replace(".json", ".part")
    assert line == f"stopped; 75 of 160 drills of nobody-answers are in {part}; the same command goes on from there"
    monkeypatch.setattr(Here, "play", play)
    assert call("calibrate", "nobody-answers", "-n", "160", "--workers", "1").exit_code == 0
    assert [path.name for path in here.iterdir()] == [RESULT]


def test_one_that_cannot_be_won_falls_short_and_words_do_not_make_it_another(here: Path) -> None:
    call("new", "mine")
    file = here / "mine.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("takes: 4m\n    shows: Change", "takes: 44m\n    shows: Change"), encoding="utf-8")
    result = call("calibrate", "mine.yaml", "-n", "100", "--workers", "1")
    assert result.exit_code == 1
    assert "it cannot be won: none of " in result.stdout
    assert (here / "mine.calibration.json").is_file()

    file.write_text(file.read_text(encoding="utf-8").replace("title: ", "title: A new "), encoding="utf-8")
    assert "Calibrated with 100 drills" in call("show", "mine.yaml").stdout
    file.write_text(text, encoding="utf-8")
    shown = call("show", "mine.yaml").stdout
    assert "It has changed since. `drillroom calibrate mine` measures it again." in shown


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([], "drillroom calibrate: name scenarios, or choose --library (see `drillroom calibrate --help`)"),
        (["x", "--library"], "drillroom calibrate: name scenarios, or choose --library"),
        (["nobody-answers", "--dask", "tcp://x:1", "-j", "2"], "drillroom calibrate: use either --workers or --dask"),
        (["nobody-answer"], "'nobody-answer': there is no scenario by that name (did you mean nobody-answers?)"),
        (
            ["nobody-answers", "-n", "99"],
            "drillroom calibrate: invalid value for '-n': '99' is not a whole number from 100 to",
        ),
        (
            ["nobody-answers", "--into", "nowhere"],
            "drillroom calibrate: invalid value for '--into': Directory 'nowhere' does not exist",
        ),
        (
            ["nobody-answers", "--dask", "nonsense"],
            "no Dask scheduler answers at nonsense; `dask scheduler` starts one, and says its address; nothing was",
        ),
    ],
)
def test_what_it_refuses(here: Path, args: list[str], says: str) -> None:
    assert says in refused("calibrate", *args)
    assert list(here.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said_before_anything_is_played(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "calibrate", lambda *_: pytest.fail("it was played"))
    (here / "in-the-way").mkdir()
    (here / "in-the-way" / RESULT.replace(".json", ".try")).mkdir()
    says = refused("calibrate", "nobody-answers", "-n", "100", "--into", "in-the-way")
    assert "this is a folder" in says
