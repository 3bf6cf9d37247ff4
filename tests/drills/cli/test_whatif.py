"""`whatif`: what a drill would have scored."""

import json
import re
import shutil
from pathlib import Path

import pytest

from scoring.result import Scorecard
from tests.drills.command_line import call, refused


def test_it_says_what_it_would_have_scored_by_which_items_and_what_it_held_fixed(drill: Path) -> None:
    said = call("whatif", drill, "--move", "alert to 40s and all after it").stdout
    assert "Everybody else did what they did, when they did it." in said
    assert re.search(r"^Score +\d+ +\d+$", said, re.M)
    assert re.search(r"^Team alerted +\d\.\d +\d\.\d$", said, re.M)
    assert re.search(r"^The score would be \d\.\d higher\.$", said, re.M)


def test_what_no_longer_applies_is_listed(drill: Path) -> None:
    said = call("whatif", drill, "--drop", "alert").stdout
    assert "No longer applies, and was left out" in said
    assert "the incident has not reached you yet" in said
    assert re.search(r"^The score would be \d+\.\d lower\.$", said, re.M)


def test_json_holds_both_scorecards(drill: Path) -> None:
    found = json.loads(call("whatif", drill, "--add", "20s ana /update We look.", "--json").stdout)
    assert found["changes"] == ["add 0:20 ana /update We look."]
    assert found["before"]["score"] == json.loads((drill / "scorecard.json").read_bytes())["score"]
    assert set(found["after"]) == set(Scorecard.__struct_fields__)
    assert found["brings"] == round(found["after"]["score"] - found["before"]["score"], 1)


def test_a_log_without_its_texts_gives_the_same_figures(drill: Path, tmp_path: Path) -> None:
    shutil.copy(drill / "log.jsonl", tmp_path)
    several = refused("whatif", drill, "--move", "publish 1m later")
    first = several.split("its number: ")[1].split()[0]
    asked = ("--move", f"{first} 3m later", "--json")
    with_texts, without = (json.loads(call("whatif", where, *asked).stdout) for where in (drill, tmp_path))
    assert with_texts["items"] == without["items"]
    assert with_texts["again"] is without["again"] is None


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ((), 'drillroom whatif: say what would have been different, such as --move "alert to 1m"'),
        (("--move", "alert"), "'alert' is no move; write a move like 'alert to 1m'"),
        (("--drop", "ack"), "'ack' could be any of "),
        (("--drop", "alert", "--move", "alert to 1m"), "is changed twice"),
        (("--add", "1m bob /ack"), "'bob' is nobody in this drill; there are ana, ben, "),
    ],
)
def test_what_means_nothing_is_refused_in_one_line(drill: Path, asked: tuple[str, ...], why: str) -> None:
    assert why in refused("whatif", drill, *asked)


def test_no_log_no_what_if(tmp_path: Path) -> None:
    assert "there is no log.jsonl in this folder" in refused("whatif", tmp_path, "--drop", "alert")


def test_a_line_of_the_ledger_is_played_with_the_acts_that_it_takes(drill: Path) -> None:
    card = json.loads((drill / "scorecard.json").read_bytes())
    found = json.loads(call("whatif", drill, "--line", "1", "--json").stdout)
    assert found["brings"] == card["ledger"][0]["brings"] == max(line.get("brings", 0) for line in card["ledger"])
    assert all(change.split()[0] in ("move", "drop", "add") for change in found["changes"])
    number = len(card["ledger"]) + 1
    assert f"the ledger has {number - 1} lines; there is no line {number}" in refused(
        "whatif", drill, "--line", str(number)
    )
