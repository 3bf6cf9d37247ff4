"""Drills scored again by another rubric or newer rules, beside what they scored before."""

import json
import shutil
from pathlib import Path

import pytest

from scenarios.load import load_rubric
from scoring.scorecard import RULES, grade, to_json
from simulator.log import DrillLog
from tests.drills.command_line import ROOT, call, refused
from tests.support import library_plan, play


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two drills: one beside the scorecard of an older version, one beside none; and a log that is torn."""
    place = tmp_path_factory.mktemp("drills")
    for name, seed in (("old", 1), ("alone", 2)):
        (place / name).mkdir()
        (place / name / "log.jsonl").write_bytes(play(library_plan("login-outage", seed, "average")).data)
    log = DrillLog.read((place / "old" / "log.jsonl").read_bytes())
    card = json.loads(to_json(grade(log)))
    card |= {"rules": RULES - 1, "score": card["score"] - 5.0}
    item = max(
        (one for part in card["components"].values() for one in part["items"]), key=lambda one: one["earned"] or 0
    )
    item["earned"] -= 5.0
    (place / "old" / "scorecard.json").write_text(json.dumps(card), encoding="utf-8")
    (place / "torn").mkdir()
    (place / "torn" / "log.jsonl").write_bytes(log.data[:-9])
    return place


def test_a_folder_is_scored_beside_the_scorecards_that_lie_there(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = json.loads(call("score", folders, "--json").stdout)
    alone, old = shown["drills"]
    assert (old["kept"], old["difference"], old["by"]) == (True, 5.0, 5.0)
    assert (old["old"]["rules"], old["new"]["rules"]) == (RULES - 1, RULES)
    assert (alone["kept"], alone["difference"], alone["most"]) == (False, 0.0, None)
    assert ["torn" in one["file"] for one in shown["left_out"]] == [True]
    monkeypatch.setenv("COLUMNS", "120")
    found = call("score", folders)
    assert found.exit_code == 0
    assert f"{old['most']} (+5.0)" in found.stdout
    assert f"Old: rules {RULES - 1} and {RULES}, rubric " in found.stdout
    assert "1 log has no scorecard beside it" in found.stderr
    assert "Left out: " in found.stderr


def test_another_rubric_gives_other_totals(folders: Path, tmp_path: Path) -> None:
    text = (ROOT / "scenarios/library/rubrics/standard.yaml").read_text(encoding="utf-8")
    ours = text.replace("response_time: 35", "response_time: 20").replace("role_coverage: 20", "role_coverage: 35")
    (tmp_path / "ours.yaml").write_text(ours, encoding="utf-8")
    shown = json.loads(call("score", folders, "--rubric", tmp_path / "ours.yaml", "--json").stdout)
    log = DrillLog.read((folders / "alone" / "log.jsonl").read_bytes())
    card = grade(log, load_rubric(tmp_path / "ours.yaml"))
    alone, old = shown["drills"]
    assert (alone["new"]["score"], alone["new"]["rubric"]) == (card.score, card.rubric)
    assert alone["old"]["score"] == grade(log).score
    assert alone["difference"] == round(alone["new"]["score"] - alone["old"]["score"], 1) != 0
    assert alone["old"]["rubric"] != old["new"]["rubric"] == card.rubric


def test_a_scorecard_of_another_log_is_not_the_old_one(folders: Path, tmp_path: Path) -> None:
    shutil.copytree(folders / "alone", tmp_path / "alone")
    shutil.copy(folders / "old" / "scorecard.json", tmp_path / "alone" / "scorecard.json")
    (one,) = json.loads(call("score", tmp_path, "--json").stdout)["drills"]
    assert not one["kept"]


def test_what_cannot_be_scored_is_said_in_a_line(folders: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = refused("score", tmp_path / "empty")
    assert said.endswith("there is no log.jsonl in this folder; name a drill's folder, or a log")
    assert "--people shows one drill" in refused("score", folders, "--people")
    assert "there is no such file" in refused("score", folders, tmp_path / "nowhere")
