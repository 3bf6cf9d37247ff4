"""What a model alone cannot see. Each test changes the example in one way and expects one finding."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from scenarios.checks.timing import earliest_times
from scenarios.lint import lint
from scenarios.load import load_scenario
from scenarios.team import Member, Team
from tests.support.extent import examples

Changed = Callable[..., str]
Written = Callable[..., Path]


UNNOTICED = "makes it worse, and nobody notices"
"""What is also true of the example where its only consequence comes after something else."""


def findings(path: Path) -> list[str]:
    return [str(found).removeprefix(f"{path}:") for found in lint(path) if not found.message.endswith(UNNOTICED)]


def test_the_example_is_clean(written: Written, example: str) -> None:
    assert findings(written(example)) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        # names
        (
            "id: first-customer",
            "id: roll-back",
            "roll-back",
            "the id 'roll-back' is used twice, first by an action (actions, injects",
        ),
        (
            "id: no-commander",
            "id: first-customer",
            "first-customer",
            "the id 'first-customer' is used twice, first by an inject",
        ),
        (
            "needs: [read-login-logs]",
            "needs: [read-logs]",
            "read-logs]",
            "there is no action 'read-logs' (did you mean read-login-logs?)",
        ),
        (
            "after: clear-sessions",
            "after: clear-session",
            "clear-session",
            "there is no action, inject or option 'clear-session'",
        ),
        (
            "role_open: incident_commander",
            "role_open: comander",
            "comander, for: 6m}",
            "there is no role 'comander' (did you mean incident_commander?)",
        ),
        (
            "role_open: incident_commander",
            "action_done: rollback",
            "rollback, for: 6m}",
            "there is no action 'rollback' (did you mean roll-back?)",
        ),
        (
            "role_open: incident_commander",
            "severity_declared: 7",
            "7, for: 6m}",
            "nobody can declare severity 7 (the protocol has 0, 1, 2, 3)",
        ),
        (
            "{role_open: incident_commander, for: 6m}",
            "{any: [{not: {role_held: boss}}, {resolved: true}]}",
            "boss}}, {resolved: true}]}",
            "there is no role 'boss' (there are incident_commander,",
        ),
        (
            "to: communications",
            "to: everybody",
            "everybody",
            "there is no role or group 'everybody' (did you mean everyone?)",
        ),
        (
            "effect: fixes",
            "effect: fixes\n    signals: {errors: 1}",
            "errors: 1}",
            "there is no signal 'errors' (did you mean login_errors?)",
        ),
        (
            "runbook: deployment/roll-back",
            "runbook: deployment",
            "deployment",
            "'deployment' names no procedure (write it as runbook/procedure)",
        ),
        (
            "runbook: deployment/",
            "runbook: deploy/",
            "deploy/roll-back",
            "there is no runbook 'deploy' (did you mean deployment?)",
        ),
        (
            "runbook: deployment/roll-back",
            "runbook: deployment/rollback",
            "deployment/rollback",
            "there is no procedure 'deployment/rollback' (did you mean",
        ),
        (
            "topic: login",
            "topic: login\nprotocol: oficeluv",
            "oficeluv",
            "there is no protocol 'oficeluv' (did you mean officeluv?)",
        ),
        ("severity: 1", "severity: 5", "5", "the protocol 'officeluv' does not say what is owed for severity 5"),
        (
            "severity: 1",
            "severity: [{from: 0s, is: 1}, {from: 1m, is: 5}]",
            "5}]",
            "the protocol 'officeluv' does not say what is owed for severity 5",
        ),
        (
            "ends:",
            "targets: {acknowleged: {target: 1m, deadline: 2m}}\nends:",
            "acknowleged: {target: 1m, de",
            "there is no obligation 'acknowleged' (did you mean acknowledged?)",
        ),
        # what is never used
        (
            "fake: company}",
            "fake: company}\n  spare: {fake: word}",
            "spare: {fake: word}",
            "warning: the variable 'spare' is never used (write {spare} in a",
        ),
        (
            "recovery: 90s}",
            "recovery: 90s}\n  still: {normal: 5, incident: 5}",
            "still: {normal: 5, incident:",
            "warning: the signal 'still' is a flat line: nothing ever moves it",
        ),
        (
            "ends:",
            "targets: {bug_filed: {target: 1m, deadline: 2m}}\nends:",
            "bug_filed: {target: 1m, dead",
            "warning: 'bug_filed' is not owed at this scenario's severity, so",
        ),
        # times
        ("at: 3m", "at: 45m", "45m", "'first-customer' can never come: not before 45m, when the"),
        (
            "delay: 60s",
            "delay: 44m",
            "clear-sessions",
            "'everyone-out' can never come: not before 45m, when the response",
        ),
        (
            "for: 6m",
            "for: 50m",
            "{role_open: incident_command",
            "'no-commander' can never come: not before 50m, when the response",
        ),
        ("takes: 2m", "takes: 1h", "1h", "'read-login-logs' takes until after the response has ended (the"),
        (
            "severity: 1",
            "severity: [{from: 0s, is: 1}, {from: 45m, is: 3}]",
            "45m, is: 3}]",
            "severity 3 never holds: the response ends at 45m (let it begin",
        ),
        (
            "onset: 20s",
            "onset: 20s, starts: 50m",
            "50m, recovery: 90s}",
            "warning: the signal 'login_errors' starts to move after the",
        ),
        # circles and contradictions
        (
            "after: clear-sessions",
            "after: everyone-out",
            "everyone-out",
            "these wait for each other, so none of them can ever come:",
        ),
        (
            "    takes: 3m",
            "    takes: 3m\n    needs: [check-database]",
            "[check-database]",
            "these need each other, so each of them is always a risk:",
        ),
        (
            "{role_open: incident_commander, for: 6m}",
            "{all: [{severity_declared: 1}, {severity_declared: 2, for: 1m}]}",
            "{all: [{severity_declared: 1",
            "'no-commander' can never come: severities 1 and 2 cannot be the",
        ),
        (
            "{role_open: incident_commander, for: 6m}",
            "{all: [{role_open: solutioneer}, {all: [{role_held: solutioneer}]}]}",
            "{all: [{role_open: solutione",
            "'no-commander' can never come: 'solutioneer' cannot be held and",
        ),
        (
            "{role_open: incident_commander, for: 6m}",
            "{all: [{published: 1}, {not: {published: 1}, for: 2m}]}",
            "{all: [{published: 1}, {not:",
            "'no-commander' can never come: one of its conditions is the",
        ),
        (
            "for: 6m}",
            "for: 6m}\n    unless: {role_open: incident_commander}",
            "{role_open: incident_command",
            "'no-commander' can never come: `unless` holds whenever `when`",
        ),
        # whether it can be won
        (
            "effect: fixes",
            "effect: eases",
            "actions:",
            "no action can fix it, and the protocol asks for an end of the",
        ),
        # texts
        (
            "since {release}",
            "since {relase}",
            '{relase}"',
            "there is no variable 'relase' to fill {relase} (did you mean",
        ),
        (
            "since {release}",
            "since {{release}}",
            '{{release}}"',
            "'{{release}}' is not filled (only a plain name in single braces",
        ),
        (
            "since {release}",
            "since {release.__class__}",
            '{release.__class__}"',
            "'{release.__class__}' is not filled (only a plain name in single",
        ),
        (
            "since {release}",
            "since {release:>9}",
            '{release:>9}"',
            "'{release:>9}' is not filled (only a plain name in single braces",
        ),
        (
            "since {release}",
            "since { release }",
            '{ release }"',
            "'{ release }' is not filled (only a plain name in single braces",
        ),
        (
            "since {release}",
            "since {release!r}",
            '{release!r}"',
            "'{release!r}' is not filled (only a plain name in single braces",
        ),
        (
            "title: Customers cannot",
            "title: Since {release} they cannot",
            "{release} they cannot log in",
            "{release} is not filled here (`title` is used as it stands)",
        ),
        (
            "label: Look at",
            "label: Look at {release} and",
            "{release} and the database",
            "{release} is not filled here (`label` is used as it stands)",
        ),
        (
            "stack trace]",
            "'the {release}']",
            "{release}']",
            "{release} is not filled here (`also` is used as it stands)",
        ),
        (
            'incident: "{error_rate}"',
            'incident: "{error_rate}%"',
            '"{error_rate}%", noise: 8%, ',
            "the level '{error_rate}%' is not a number (expected a number, or one",
        ),
        (
            'incident: "{error_rate}"',
            'incident: "{release}{error_rate}"',
            '"{release}{error_rate}", noi',
            "the level '{release}{error_rate}' is not a number (expected",
        ),
        (
            "normal: 0.4",
            "normal: few",
            'few, incident: "{error_rate}',
            "the level 'few' is not a number (expected a number, or one",
        ),
        (
            "normal: 0.4",
            'normal: "{weekday}"',
            '"{weekday}", incident: "{err',
            "the level '{weekday}' is not a number when weekday is 'Tuesday'",
        ),
    ],
)  # fmt: skip
def test_finds(old: str, new: str, place: str, said: str, written: Written, changed: Changed) -> None:
    """The problem stands where the text at `place` begins, and its sentence begins with `said`."""
    path = written(changed((old, new)))
    [problem] = [found for found in lint(path) if not found.message.endswith(UNNOTICED)]
    line = path.read_text(encoding="utf-8").splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith(place)
    assert str(problem).split(": ", 1)[1].startswith(said)


@pytest.mark.parametrize(
    "text", ['{ "code": 500 }', '{"code": 500}', "{}", "{code: 500}", "f(x) { return }", "$\\\\{x", "{1,2}"]
)
def test_braces_that_nobody_would_take_for_a_name_are_text(text: str, written: Written, changed: Changed) -> None:
    assert findings(written(changed(("since {release}", "since {release} " + text.replace('"', '\\"'))))) == []


def test_an_inject_may_come_early_and_not_late(written: Written, changed: Changed) -> None:
    """What `unless` asks to have lasted longer than `when` does is not yet so when the inject comes."""
    unless = "for: 6m}\n    unless: {role_open: incident_commander, for: 9m}"
    assert findings(written(changed(("for: 6m}", unless)))) == []


def test_an_inject_may_come_after_one_that_follows_an_action(written: Written, changed: Changed) -> None:
    assert findings(written(changed(("at: 3m", "after: everyone-out")))) == []


def test_injects_that_wait_for_each_other_are_named_once(written: Written, changed: Changed) -> None:
    path = written(
        changed(("at: 3m", "after: everyone-out"), ("after: clear-sessions\n    delay: 60s", "after: first-customer"))
    )
    [found] = findings(path)
    assert found.startswith(
        "45:12: these wait for each other, so none of them can ever come: "
        "first-customer → everyone-out → first-customer"
    )


def test_a_scenario_whose_severity_asks_for_no_end_needs_no_fix(written: Written, changed: Changed) -> None:
    path = written(changed(("severity: 1", "severity: 0"), ("effect: fixes", "effect: nothing")))
    assert findings(path) == []


def test_a_number_chosen_from_a_list_may_be_a_level(written: Written, changed: Changed) -> None:
    assert findings(written(changed(("{between: [28, 61]}", "{choose: [28, 40.5]}")))) == []
    [found] = findings(written(changed(("{between: [28, 61]}", "{choose: [28, many]}"))))
    assert "the level '{error_rate}' is not a number when error_rate is 'many'" in found


def test_the_earliest_time_of_an_inject(written: Written, changed: Changed) -> None:
    scenario = load_scenario(written(changed()))
    assert earliest_times(scenario) == {"first-customer": 180_000, "no-commander": 360_000, "everyone-out": 120_000}


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.integers(0, 7), min_size=1, max_size=8))
def test_an_inject_waits_for_itself_exactly_when_its_chain_never_ends(chain: list[int]) -> None:
    """Each inject comes after the one whose number it is given; the last number stands for a fixed time."""
    from scenarios.checks.timing import _circles_in

    injects = {f"i{place}": [f"i{before}"] for place, before in enumerate(chain) if before < len(chain)}
    lost = set()
    for name in injects:
        seen = {name}
        while name in injects and (name := injects[name][0]) not in seen:
            seen.add(name)
        if name in injects and name in seen:
            lost.add(name)
    circles = _circles_in(injects)
    assert {name for circle in circles for name in circle} >= lost
    for circle in circles:
        assert all(injects[one] == [other] for one, other in zip(circle, [*circle[1:], circle[0]], strict=True)), circle
    assert len({min(circle) for circle in circles}) == len(circles)


def test_of_many_problems_of_one_kind_some_are_shown(written: Written, changed: Changed) -> None:
    many = "".join(f"  - {{id: i{n}, after: nowhere, text: x}}\n" for n in range(400))
    found = findings(written(changed(("injects:\n", "injects:\n" + many))))
    assert len(found) == 51
    assert found[-1].endswith("there are more problems than these 50")


def test_a_chain_as_long_as_a_scenario_may_be_is_no_trouble(written: Written, changed: Changed) -> None:
    chain = "".join(
        f"  - {{id: i{n}, after: {f'i{n + 1}' if n < 400 else 'roll-back'}, text: x}}\n" for n in range(401)
    )
    assert findings(written(changed(("injects:\n", "injects:\n" + chain)))) == []


@pytest.mark.parametrize(
    "name", ["Mars", "Europe", "../etc/passwd", "x" * 200, "localtime", "Factory", "right/Europe/Berlin", "posix/UTC"]
)
def test_a_time_zone_that_there_is_not(name: str) -> None:
    """The name of a region is a folder where time zones are kept, and no zone."""
    with pytest.raises(ValidationError, match=r"there is no time zone '.*'; write it like Europe/Berlin or UTC"):
        Team(team="ours", title="Ours", timezone=name, members=[Member(id="ana", name="Ana")])
