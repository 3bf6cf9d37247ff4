import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scenarios.load import (
    LoadError,
    load_protocol,
    load_rubric,
    load_runbook,
    load_runbooks,
    load_scenario,
    load_script,
    load_team,
)

Changed = Callable[..., str]
Written = Callable[..., Path]

RUNBOOK = """\
runbook: {name}
title: A runbook beside its scenario
about: For a test.
procedures:
  - id: roll-back
    title: Roll back
    when: Always.
    steps: [{{do: Roll it back.}}]
"""


def problems(load: Callable[[Path], object], path: Path) -> list[str]:
    with pytest.raises(LoadError) as caught:
        load(path)
    return [str(problem).replace(str(path.parent) + "/", "") for problem in caught.value.problems]


def test_the_example_loads(written: Written, example: str) -> None:
    scenario = load_scenario(written(example))
    assert scenario.scenario == "login-outage"
    assert scenario.injects[1].when is not None
    assert scenario.injects[1].when.lasting == 6 * 60_000


def test_all_problems_come_at_once_each_at_its_place(written: Written, changed: Changed) -> None:
    path = written(
        changed(
            ("title:", "titel:"),
            ("severity: 1", "severity: high"),
            ("tags: [authentication, bad-deploy]", "tags: login"),
            ("[28, 61]", "[28, many]"),
            ("fake: company", "fake: campany"),
            ("via: alert", "via: mail"),
            ("from: Heroku", "from: 12"),
            ('incident: "{error_rate}"', "incident: "),
            ("noise: 8%", "noise: 8"),
            ("takes: 2m", "takes: 10"),
            ("    label: Look at the database\n", ""),
            ("id: roll-back", "id: Roll Back"),
            ('from: "{customer}"', "from: {customer}"),
            ("target: 3m, deadline: 8m", "target: 9m, deadline: 8m"),
            ("role_open:", "role_opne:"),
            ("chance: 0.8", "chance: 2"),
            ("ends: {after: 45m}", "ends: 45m"),
        )
    )
    assert problems(load_scenario, path) == [
        "drill.yaml:2:1: unknown key `titel` (did you mean title?)",
        "drill.yaml:3:11: `severity` should be a whole number or a list such as "
        "[{from: 0s, is: 2}, {from: 12m, is: 1}], not 'high'",
        "drill.yaml:5:7: `tags` should be a list, not 'login' (write [login])",
        "drill.yaml:8:30: item 2 of `between` should be a number, not 'many'",
        "drill.yaml:10:20: `fake` cannot be 'campany' (expected company or first_name or last_name or name or city "
        "or job or color_name or word; did you mean company?)",
        "drill.yaml:13:8: `via` cannot be 'mail' (expected alert or call or email or chat or customer or in_person; "
        "did you mean email?)",
        "drill.yaml:14:9: `from` should be text, not 12 (put it in quotes)",
        "drill.yaml:20:52: `incident` should be text or a number, not nothing "
        "(write it after the colon, or take the key out)",
        "drill.yaml:20:61: `noise` cannot be 8 (a percentage is written like 8%; did you mean 8%?)",
        "drill.yaml:25:12: `takes` cannot be 10 "
        "(a duration is written like 90s, 5m or 1h30m; did you mean 10s or 10m?)",
        "drill.yaml:28:5: `label` is missing (What the action is called on screen)",
        "drill.yaml:31:9: 'Roll Back' is not an id "
        "(expected lower-case words joined by - or _; did you mean roll-back?)",
        'drill.yaml:47:5: `from` should be text, not keys and values (put it in quotes: "{customer}")',
        "drill.yaml:49:5: `expects`: the target must be more than 0s and the deadline later than the target",
        "drill.yaml:51:12: unknown key `role_opne` (did you mean role_open?)",
        "drill.yaml:59:13: `chance` must be at most 1, not 2",
        "drill.yaml:61:7: `ends` should be keys and values, not '45m'",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Customers cannot log in", "title: ", "2:7: `title` should be text, not nothing (write it after"),
        ("title: Customers cannot log in", 'title: ""', "2:8: `title` is empty (fill it in)"),
        ("title: Customers cannot log in", 'title: "a\\nb"', "2:8: `title` must be one line"),
        ("title: Customers cannot log in", "title: true", "2:8: `title` should be text, not true (put it in quotes)"),
        ("title: Customers cannot log in", "title: " + "x" * 301, "2:8: `title` is longer than 300 characters"),
        ("severity: 1", "severity: 12", "3:11: `severity` must be at most 9, not 12"),
        ("severity: 1", "severity: 1.5", "3:11: `severity` should be a whole number or a list"),
        ("severity: 1", "severity: true", "3:11: `severity` should be a whole number or a list"),
        ("severity: 1", "severity: []", "3:11: `severity` is empty"),
        ("severity: 1", "severity: [{from: 1m, is: 1}]", "1:1: this file: the first severity holds from 0s"),
        ("tags: [authentication, bad-deploy]", "tags: [Bad Deploy]", "5:8: 'Bad Deploy' is not an id (expected lower-"),
        ("  release: {choose: [v412, v418, v431]}", "  Re lease: {fake: word}", "9:3: 'Re lease' is not a name"),
        ("{fake: company}", "{fake: company, between: [1, 2]}", "10:3: `customer`: a variable has exactly one of"),
        ("noise: 8%", "nosie: 8%", "20:68: unknown key `nosie` (did you mean noise?)"),
        ("noise: 8%", "noise: loud", "20:75: `noise` cannot be 'loud' (a percentage is written like 8%)"),
        ("takes: 2m", "takes: 2 minutes", "25:12: `takes` cannot be '2 minutes' (a duration is written like"),
        ("takes: 2m", "takes: 10mo", "25:12: `takes` cannot be '10mo'"),
        ("effect: fixes", "effect: fixed", "did you mean fixes?"),
        ("at: 3m", "at: 3m\n    after: roll-back", "44:5: 'first-customer': an inject has exactly one of `at`"),
        ("chance: 0.8", "chance: often", "60:13: `chance` cannot be 'often' (a percentage is written like 8%)"),
        ("for: 6m", "for: 6m, silent: sitrep", "52:5: `when`: a condition has exactly one key beside `for`"),
        ("ends: {after: 45m}", "ends: {after: 5s}", "62:15: `after` must be at least 1m, not '5s'"),
    ],
)
def test_one_problem_in_plain_words(old: str, new: str, said: str, written: Written, changed: Changed) -> None:
    path = written(changed((old, new)))
    found = problems(load_scenario, path)
    assert len(found) == 1, found
    assert said in found[0].removeprefix("drill.yaml:")
    assert "Input should" not in found[0]
    assert "Value error" not in found[0]


def test_a_file_full_of_errors_is_cut_short(written: Written, changed: Changed) -> None:
    path = written(changed(("tags: [authentication, bad-deploy]", f"tags: [{'A,' * 5_000}]")))
    found = problems(load_scenario, path)
    assert len(found) == 101
    assert found[-1] == "drill.yaml: there are more problems than these 100"


def test_a_name_from_the_library_comes_before_a_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "officeluv").write_text("team: mine")
    assert load_team("officeluv").team == "officeluv"


def test_a_file_without_an_ending_can_be_given_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, example: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text(example)
    assert load_scenario("mine").scenario == "login-outage"


def test_misspelt_names_are_put_right() -> None:
    cases: list[tuple[Callable[[str], object], str, str]] = [
        (load_scenario, "login-outag", "'login-outag': there is no scenario by that name (did you mean login-outage?)"),
        (load_protocol, "oficeluv", "'oficeluv': there is no protocol by that name (did you mean officeluv?)"),
        (load_team, "officelove", "'officelove': there is no team by that name (did you mean officeluv?)"),
        (load_rubric, "standart", "'standart': there is no rubric by that name (did you mean standard?)"),
        (load_runbook, "deploy", "'deploy': there is no runbook by that name (did you mean deployment?)"),
    ]
    for load, name, said in cases:
        with pytest.raises(LoadError) as caught:
            load(name)
        assert str(caught.value) == said


def test_a_name_that_resembles_nothing_is_answered_with_what_there_is() -> None:
    with pytest.raises(LoadError, match=r"there is no rubric by that name \(there are standard"):
        load_rubric("zzz")


@pytest.mark.parametrize("name", ["../teams/officeluv", "library/../teams/officeluv", "/etc/passwd", "Officeluv", ""])
def test_what_is_no_name_is_a_path_and_never_looked_up_in_the_library(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LoadError) as caught:
        load_team(name)
    assert len(caught.value.problems) == 1


def test_a_file_of_another_kind(written: Written, example: str) -> None:
    path = written(example)
    assert problems(load_team, path) == ["drill.yaml:1:1: this is a scenario, not a team (a team begins with `team:`)"]
    acts = written("acts: []\n", "acts.yaml")
    assert problems(load_scenario, acts) == [
        "acts.yaml:1:1: this is a script, not a scenario (a scenario begins with `scenario:`)"
    ]


def test_references_cannot_leave_their_folder(written: Written, changed: Changed) -> None:
    path = written(changed(("runbook: deployment/roll-back", "runbook: ../deployment/roll-back")))
    assert problems(load_scenario, path)[0].startswith("drill.yaml:34:14: there is no runbook '..'")


def test_own_runbooks_stand_beside_the_scenario(written: Written, changed: Changed) -> None:
    path = written(changed(("runbook: deployment/", "runbook: mine/")), "incidents/drill.yaml")
    assert "there is no runbook 'mine'" in problems(load_scenario, path)[0]
    written(RUNBOOK.format(name="mine"), "runbooks/mine.yaml")
    [runbook] = load_runbooks(load_scenario(path), near=path)
    assert runbook.runbook == "mine"


def test_a_link_out_of_the_workspace_is_refused(written: Written, changed: Changed, tmp_path: Path) -> None:
    path = written(changed(("runbook: deployment/", "runbook: mine/")), "work/incidents/drill.yaml")
    outside = written(RUNBOOK.format(name="mine"), "outside.yaml")
    (tmp_path / "work" / "runbooks").mkdir()
    (tmp_path / "work" / "runbooks" / "mine.yaml").symlink_to(outside)
    with pytest.raises(LoadError, match="the link leads out of its folder"):
        load_scenario(path)


def test_a_library_scenario_is_judged_by_what_it_refers_to_now(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is checked once for the same runbooks and the same names, and again when these have changed."""
    monkeypatch.chdir(tmp_path)
    first = load_scenario("login-outage")
    assert load_scenario("login-outage") is first
    written("names: ours\ncompany: Harbour Goods\n", "names.yaml")
    assert "Harbour Goods" in load_scenario("login-outage").as_json
    assert "Harbour Goods" not in first.as_json
    (tmp_path / "names.yaml").unlink()
    written("", "drillroom.toml")
    own = written(RUNBOOK.format(name="deployment").replace("roll-back", "roll-on"), "runbooks/deployment.yaml")
    with pytest.raises(LoadError, match="roll-back"):
        load_scenario("login-outage")
    own.unlink()
    assert load_scenario("login-outage") == first


def test_runbooks_of_a_scenario_come_once_each(written: Written, example: str) -> None:
    assert [runbook.runbook for runbook in load_runbooks(load_scenario(written(example)))] == ["deployment"]


def test_what_cannot_be_played_does_not_load(written: Written, changed: Changed) -> None:
    """The engine relies on it: no reference leads nowhere, and nothing waits for itself."""
    path = written(
        changed(("after: clear-sessions", "after: everyone-out"), ("to: communications", "to: comunications"))
    )
    assert problems(load_scenario, path) == [
        "drill.yaml:46:9: there is no role or group 'comunications' (did you mean communications?)",
        "drill.yaml:57:12: these wait for each other, so none of them can ever come: everyone-out → everyone-out "
        "(give one of them `at` or `when`)",
    ]


def test_scripts_run_forwards(written: Written) -> None:
    path = written(
        "acts:\n"
        "  - {at: 20s, who: ana, do: declare_severity, severity: 1}\n"
        "  - {at: 10s, who: ana, say: /ack}\n"
        "  - {at: 30s, who: ana}\n"
        "  - {at: 31s, who: ana, do: join, say: /join}\n"
        "  - {at: 32s, who: ana, say: /join, severity: 1}\n"
    )
    assert problems(load_script, path) == [
        "drill.yaml:3:10: 10s comes before the act above, which is at 20s (write the acts in the order of their times)",
        "drill.yaml:4:5: an act has either `do` or `say` (such as do: acknowledge, or say: /ack)",
        "drill.yaml:5:5: an act has `do` or `say`, not both (such as do: acknowledge, or say: /ack)",
        "drill.yaml:6:37: `severity` stands beside `say`, which takes no fields (write it in the text, or use `do`)",
    ]


def test_a_script_keeps_the_fields_of_its_acts(written: Written) -> None:
    script = load_script(written("acts: [{at: 20s, who: ana, do: declare_severity, severity: 1}]"))
    assert script.acts[0].fields == {"severity": 1}


def test_loading_imports_nothing_heavy() -> None:
    code = "import sys, scenarios.load, scenarios.lint; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"pandas", "matplotlib", "click", "jinja2"} & set(loaded)


def test_a_copy_with_other_injects_finds_those() -> None:
    scenario = load_scenario("no-photos")
    first, *others = scenario.injects
    assert scenario.places[first.id] == 0
    assert scenario.inject(first.id) == first
    shorter = scenario.model_copy(update={"injects": others})
    assert first.id not in shorter.places
    assert shorter.places[others[0].id] == 0
    assert shorter.inject(first.id) is None
    assert scenario.places[first.id] == 0


def test_what_was_worked_out_is_no_field() -> None:
    """A model can be made again from its own fields, whether or not somebody asked for what follows from them."""
    scenario = load_scenario("no-photos")
    assert scenario.places
    assert dict(scenario).keys() == type(scenario).model_fields.keys()
