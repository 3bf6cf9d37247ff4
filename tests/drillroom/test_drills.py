"""Drills from Python: what `run`, `grade`, `read` and `write` do, and what they say when they cannot."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

import drillroom
from drillroom import DrillLog
from scenarios.template import new_scenario
from tests.drills.command_line import call

ACTS = [
    {"at": "20s", "who": "ana", "say": "/alert 1 login"},
    {"at": "50s", "who": "ben", "do": "join"},
]


def test_a_run_is_the_drill_that_the_program_plays(tmp_path: Path, poor_day: DrillLog) -> None:
    call("run", "login-outage", "--players", "poor", "--seed", "3", "--out", tmp_path / "there")
    assert poor_day.data == (tmp_path / "there" / "log.jsonl").read_bytes()
    card = json.loads((tmp_path / "there" / "scorecard.json").read_bytes())
    assert drillroom.grade(poor_day).score == card["score"] < 60
    drillroom.report(poor_day, tmp_path / "here", team=drillroom.load("officeluv", "team"))
    here, there = ({file.name: file.read_bytes() for file in (tmp_path / one).glob("*.*")} for one in ("here", "there"))
    assert here == there


def test_what_was_loaded_and_changed_is_played() -> None:
    scenario = drillroom.load("login-outage")
    other = scenario.model_copy(update={"title": "Nobody can log in"})
    log = drillroom.run(
        other,
        team=drillroom.load("officeluv", "team"),
        protocol=drillroom.load("officeluv", "protocol"),
        rubric=drillroom.load("standard", "rubric"),
    )
    assert log.plan.scenario.title == "Nobody can log in"
    assert drillroom.grade(log).score == drillroom.grade(drillroom.run("login-outage")).score


def test_a_log_that_is_written_is_read_again(tmp_path: Path, poor_day: DrillLog) -> None:
    folder = drillroom.write(poor_day, tmp_path / "it")
    assert drillroom.read(folder) == drillroom.read(str(folder / "log.jsonl")) == poor_day
    with pytest.raises(drillroom.FolderError, match="choose another folder or say force=True"):
        drillroom.write(poor_day, folder)
    drillroom.write(poor_day, folder, force=True)
    lines = (folder / "log.jsonl").read_bytes().split(b"\n")
    (folder / "log.jsonl").write_bytes(b"\n".join([*lines[:6], lines[6].replace(b'"at":', b'"at":1'), *lines[7:]]))
    with pytest.raises(drillroom.LoadError) as caught:
        drillroom.read(folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(folder / "log.jsonl"), 7)
    altered = "the line, or one before it, was altered after it was written (restore it from a copy)"
    assert str(problem) == f"{folder / 'log.jsonl'}:7: {altered}"


def test_the_files_of_a_scenario_go_with_its_log_and_its_report(tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    shown = "    shows:"
    text = new_scenario("story")
    assert shown in text
    story.write_text(text.replace(shown, f"    attach: [seen.log]\n{shown}"))
    (tmp_path / "seen.log").write_text("found in the logs\n")
    log = drillroom.run(story)
    assert [one.name for one in log.plan.files or ()] == ["seen.log"]
    for into in (drillroom.write, drillroom.report):
        folder = into(log, tmp_path / into.__name__)
        (file,) = (folder / "files").iterdir()
        assert file.read_text() == "found in the logs\n"
        again = drillroom.read(folder)
        assert again == log
        drillroom.write(again, folder, force=True)
        assert file.is_file(), "and it goes on from there"
        file.write_text("something else\n")
        assert drillroom.read(folder).plan.contents == {}, "a file that was changed is none of the drill's"


def test_acts_are_a_list_or_a_file(tmp_path: Path) -> None:
    log = drillroom.run("login-outage", acts=ACTS)
    assert [type(event).__name__ for event in log.events if event.act] == ["TeamAlerted", "Joined"]
    file = tmp_path / "team.yaml"
    file.write_text('acts:\n  - {at: 20s, who: ana, say: "/alert 1 login"}\n  - {at: 50s, who: ben, do: join}\n')
    assert drillroom.run("login-outage", acts=file).data == log.data


def test_an_act_that_is_refused_is_warned_of_by_its_place() -> None:
    with pytest.warns(drillroom.RefusedActWarning) as seen:
        drillroom.run("login-outage", acts=[*ACTS, {"at": "1m", "who": "ben", "do": "join"}])
    assert str(seen[0].message) == "acts[2]: refused: ben, join: you are already in #SitRep"
    assert seen[0].filename == __file__


@pytest.mark.parametrize(
    ("acts", "says"),
    [
        ([{"at": "20s", "who": "ann", "say": "/ack"}], "acts[0]: 'ann' is not in the team officeluv (did you"),
        ([{"at": "1m", "who": "ana"}], "acts[0]: an act has either `do` or `say` (such as"),
        ([{"at": "20s", "who": "ana", "do": "jion"}], "acts[0]: there is no act 'jion'; did you mean 'join'?"),
    ],
)  # fmt: skip
def test_an_act_that_means_nothing_is_named_by_its_number(acts: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(drillroom.LoadError) as caught:
        drillroom.run("login-outage", acts=acts)
    assert str(caught.value).startswith(says)


def test_what_is_wrong_with_a_file_comes_with_places(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("scenario: broken\ntitle: Broken\nseverty: 1\n")
    with pytest.raises(drillroom.LoadError) as caught:
        drillroom.run(file)
    assert (str(file), 3, 1) in [(one.file, one.line, one.column) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"players": "god"}, r"there are no players 'god' \(did you mean good\?\)"),
        ({"seed": -1}, "a seed is a whole number from 0 to"),
        ({"players": "good", "acts": ACTS}, "use either players or acts"),
        ({"acts": [{"at": object()}]}, "acts are mappings such as"),
        ({"start": "tomorrow"}, "'tomorrow' is not a start time"),
    ],
)
def test_other_arguments_are_refused_in_a_sentence(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        drillroom.run("login-outage", **given)


def test_a_kind_that_there_is_not_is_refused() -> None:
    whole: Any = drillroom.load
    with pytest.raises(ValueError, match="there is no kind 'squad'; there are scenario, protocol, team, rubric"):
        whole("night", "squad")
    assert "login-outage" in drillroom.names()
    assert "officeluv" in drillroom.names("team")


def test_many_drills_become_a_frame_the_same_in_any_number_of_processes(poor_day: DrillLog, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # whatever pandas says while it loads
        alone = drillroom.campaign("login-outage", players=["poor", "good"], seeds=[3, 4], processes=1)
    shared = drillroom.campaign("login-outage", players=["poor", "good"], seeds=[3, 4], processes=2)
    assert alone.equals(shared)
    assert list(zip(alone["players"], alone["seed"], strict=True)) == [
        *(("poor", 3), ("poor", 4), ("good", 3), ("good", 4)),
    ]
    folder = drillroom.write(poor_day, tmp_path / "it")
    both = drillroom.frame([poor_day, folder])
    assert both.iloc[0].to_dict() == both.iloc[1].to_dict()
    assert both["score"][0] == alone["score"][0] == drillroom.grade(poor_day).score
    assert drillroom.frame([]).empty


def test_what_stops_a_drill_of_many_comes_out_of_its_process() -> None:
    with pytest.raises(drillroom.LoadError) as caught:
        drillroom.campaign(["login-outage", "logn-outage"], seeds=[1], processes=2)
    assert caught.value.problems[0].hint == "did you mean login-outage?"
