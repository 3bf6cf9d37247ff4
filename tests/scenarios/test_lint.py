import json
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.lint import files_of, lint, to_github, to_json
from scenarios.problem import Problem
from tests.scenarios.shipped import LIBRARY

Changed = Callable[..., str]
Written = Callable[..., Path]

TEAM = """\
team: two
title: A team of two
members:
  - {id: ana, name: Ana, roles: [incident_commander]}
  - {id: ben, name: Ben, roles: [solutioneer], prefers: solutioneer}
"""


def said(problems: list[Problem]) -> list[str]:
    return [str(problem).rsplit("/", 1)[-1] for problem in problems]


def test_a_folder_is_read_whole_in_the_order_of_its_paths(written: Written, changed: Changed, tmp_path: Path) -> None:
    written(changed(("at: 3m", "at: 50m")), "b/two.yaml")
    written("acts: []\nbad: 1", "b/one.yml")
    written(changed(("title:", "titel:")), "a.yaml")
    written("not: looked at", "notes.txt")
    found = lint(tmp_path)
    assert [problem.file for problem in found] == [
        str(tmp_path / name) for name in ("a.yaml", "b/one.yml", "b/two.yaml")
    ]
    assert [problem.line for problem in found] == [2, 2, 45]


def test_a_folder_without_a_file_to_check_is_an_error(tmp_path: Path) -> None:
    [problem] = lint(tmp_path)
    assert str(problem) == f"{tmp_path}: there is no YAML file in this folder (`drillroom new NAME` writes a scenario)"
    assert problem.severity == "error"


def test_files_of_other_tools_are_passed_over_in_a_folder_and_checked_if_named(
    written: Written, changed: Changed, tmp_path: Path
) -> None:
    root = tmp_path / "repository"
    ours = {
        "drills/search.yaml": changed(),
        "drills/commented.yml": "# What we rehearse\n\n---\nscenario: x\n",
        "drills/broken.yaml": "scenario: [\n",
        "with-mark.yaml": "\ufeffacts: []\n",
        "team/acts.yaml": "plays: login-outage\nacts: []\n",
    }
    others = {
        "compose.yaml": "services:\n  web: {image: x}\n",
        "list.yml": "- hosts: all\n",
        "vault.yaml": "$ANSIBLE_VAULT;1.1;AES256\n",
        "tagged.yaml": "key: !vault |\n  abc\n",
        "empty.yaml": "",
    }
    never_entered = (
        *(".git/x.yaml", ".github/workflows/ci.yml", ".venv/lib/team.yaml", "node_modules/a/scenario.yaml"),
        *("env/lib/own.yaml", "drills-run/login-outage-1/x.yaml"),
    )
    for name, text in {**ours, **others, **dict.fromkeys(never_entered, "scenario: x\n")}.items():
        written(text, f"repository/{name}")
    written("home = /usr/bin\n", "repository/env/pyvenv.cfg")
    found = files_of(root)
    assert [path.relative_to(root).as_posix() for path in found.ours] == sorted(ours)
    assert [path.relative_to(root).as_posix() for path in found.others] == sorted(others)
    assert {Path(problem.file).name for problem in lint(root)} == {"commented.yml", "broken.yaml"}
    assert said(lint(root / "compose.yaml"))[0].startswith("compose.yaml:1:1: nothing says what this file is")
    assert said(lint(root / ".github" / "workflows" / "ci.yml"))[0].startswith("ci.yml:1:1: ")


def test_in_a_workspace_every_file_in_its_folders_is_ours(written: Written, tmp_path: Path) -> None:
    written("", "ours/drillroom.toml")
    written("title: No key says what this is\n", "ours/scenarios/lost.yaml")
    written("company: Acme\n", "ours/names.yaml")
    written("services: {}\n", "ours/compose.yaml")
    found = lint(tmp_path / "ours")
    assert [Path(problem.file).name for problem in found] == ["names.yaml", "lost.yaml"]
    assert all("nothing says what this file is" in problem.message for problem in found)


def test_a_folder_of_others_files_alone_says_how_ours_are_known(written: Written, tmp_path: Path) -> None:
    written("services: {}\n", "compose.yaml")
    assert said(lint(tmp_path)) == [
        f"{tmp_path.name}: no file in this folder is one of ours: compose.yaml begins with none of our keys (the first "
        "key says what a file is: scenario, team, rubric, runbook, acts, protocol, names, schedule, absences, actions; "
        "name a file to have it checked)"
    ]


def test_a_path_that_is_not_there_is_an_error_like_any_other(tmp_path: Path, written: Written, example: str) -> None:
    assert said(lint(tmp_path / "none.yaml")) == ["none.yaml: there is no such file"]
    assert said(lint(written(example), team=tmp_path / "none.yaml")) == ["none.yaml: there is no such file"]


def test_a_link_out_of_the_folder_is_not_followed(written: Written, tmp_path: Path) -> None:
    outside = written("scenario: hunter2\n", "outside/secret.yaml")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "drill.yaml").symlink_to(outside)
    assert said(lint(tmp_path / "work")) == ["drill.yaml: the link leads out of the folder (put the file itself there)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello: world\n", "x.yaml:1:1: nothing says what this file is (its first key is one of scenario, team, "
         "rubric, runbook, acts, protocol, names, schedule, absences, actions)"),
        (TEAM, None),
        (TEAM.replace("prefers: solutioneer", "prefers: communications"),
         "x.yaml:5:57: 'ben' prefers 'communications', which is not among their `roles` (add it to `roles`, or prefer "
         "another)"),
        (TEAM.replace("id: ben", "id: ana"), "x.yaml:1:1: this file: an id is used twice: ana"),
        ("rubric: r\ntitle: R\ncomponents: {learning: 1}\nitems: {joinned: 1}\n"
         "ratings: [{letter: P, at_least: 0, says: Well}]\n",
         "x.yaml:4:9: there is no obligation 'joinned' (did you mean joined?)"),
        ("rubric: r\ntitle: R\ncomponents: {lerning: 1}\nratings: [{letter: P, at_least: 0, says: Well}]\n",
         "x.yaml:3:14: `lerning` is not known here (expected response_time or role_coverage or protocol or "
         "communication or judgement or learning; did you mean learning?)"),
        ("runbook: r\ntitle: R\nabout: It.\nprocedures:\n  - {id: a, title: A, when: w, steps: [{do: it}]}\n"
         "  - {id: a, title: A, when: w, steps: [{do: it}]}\n",
         "x.yaml:6:10: the id 'a' is used twice (rename one of the procedures)"),
        ("acts:\n  - {at: 1m, who: ana, say: /ack}\n", None),
        ("acts:\n  - {at: 1m, who: ana, say: /ack}\n  - {at: 10s, who: ana, say: /join}\n",
         "x.yaml:3:10: 10s comes before the act above, which is at 1m (write the acts in the order of their times)"),
        ("title: A scenario whose first key is another\nscenario: x\n", "x.yaml:1:1: `severity` is missing"),
    ],
)  # fmt: skip
def test_each_kind_of_file(text: str, expected: str | None, written: Written) -> None:
    found = said(lint(written(text, "x.yaml")))
    assert not found if expected is None else any(line.startswith(expected) for line in found)


RUBRIC = """rubric: ours
title: Ours
components: {response_time: 30, role_coverage: 40, protocol: 20, communication: 15, judgement: 10, learning: 10}
items: {impact_ended: 3, told_over: 1}
caps: {impact_not_ended: 80}
ratings: [{letter: P, at_least: 0, says: Well}]
"""


def test_a_rubric_that_contradicts_the_court_is_its_authors_and_is_told_so(written: Written) -> None:
    problems = lint(written(RUBRIC, "x.yaml"))
    assert {problem.severity for problem in problems} == {"warning"}
    assert [problem.message for problem in problems] == [
        "all totals above a cap are equal, so a team that failed in one thing cannot see what it did well",
        "the time until the impact ended is worth 5.1 of 100: a fix at 35 minutes is hardly worse than one at 11",
        "telling customers that it is over is worth 0.6 of 100, so leaving it out costs next to nothing",
        "who fixes it without roles and papers gets about 47, who only takes roles and writes papers about 69",
        "a team that never ends the impact can reach 80",
    ]


def test_the_standard_rubric_contradicts_nothing() -> None:
    assert lint(LIBRARY / "rubrics/standard.yaml") == []


def test_a_team_is_checked_against_what_the_scenario_demands(written: Written, example: str) -> None:
    scenario, team = written(example), written(TEAM, "two.yaml")
    cannot = "the team 'two', under the protocol 'officeluv', cannot play it"
    [told] = lint(scenario, team=team)
    message = "no member may take the role 'communications', which the scenario's severity demands"
    assert (told.file, told.message) == (str(scenario), f"{cannot}: {team}:3:1: {message}")
    odd = written(TEAM.replace("[solutioneer]", "[solutioneer, comunications]"), "odd.yaml")
    [told] = lint(scenario, team=odd)
    assert told.message == f"{cannot}: {odd}:5:47: there is no role 'comunications'; and 1 more"
    assert told.hint == "did you mean communications?"


def test_warnings_say_so(written: Written, changed: Changed) -> None:
    [problem] = lint(written(changed(("fake: company}", "fake: company}\n  spare: {fake: word}"))))
    assert problem.severity == "warning"
    assert ": warning: the variable 'spare' is never used (write {spare} in a text, or take it out)" in str(problem)


def test_github_shows_a_problem_beside_its_line() -> None:
    problem = Problem("a,b:c.yaml", 3, 7, "50% is\nwrong", "try 5%", "warning")
    assert to_github(problem) == "::warning file=a%2Cb%3Ac.yaml,line=3,col=7::50%25 is%0Awrong (try 5%25)"
    assert to_github(Problem("a.yaml", 0, 0, "gone")) == "::error file=a.yaml::gone"


def test_a_problem_can_be_written_as_json() -> None:
    problem = Problem("a.yaml", 3, 7, "wrong", "right")
    assert json.loads(json.dumps(to_json(problem))) == {
        "file": "a.yaml", "line": 3, "column": 7, "severity": "error", "message": "wrong", "hint": "right"
    }  # fmt: skip
