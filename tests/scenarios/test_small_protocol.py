"""A small protocol: it changes, adds and leaves out, says where it is wrong, and a log of it stands alone."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from drills.planning.materials import gather, plan_drill
from drills.planning.rehearsal import rehearse
from scenarios.lint import lint
from scenarios.load import LoadError, load_protocol, load_team
from scenarios.schema import schema
from scenarios.source import parse
from scenarios.template import new_file, new_scenario
from scenarios.translate import team_under
from simulator.log import DrillLog

OURS = """\
protocol: ours
like: officeluv
call: {solutioneer: Responder, 1: SEV-1}
drop: [communications, 3, next_named]
cadence: {external: 30m}
process: [We meet., We mend.]
roles:
  - {id: scribe, title: Scribe, responsible_for: [Writes everything down.]}
severities:
  - {level: 2, name: Medium}
tables:
  - severity: 1
    roles: [incident_commander, solutioneer, scribe]
    obligations:
      - {id: team_alerted, target: 2m}
      - {id: scribe_in_place, act: role_in_place, role: scribe, owner: team, target: 5m, deadline: 10m,
         component: response_time, weight: 1, because: Ours.}
"""


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path
    monkeypatch.chdir(here)
    (here / "drillroom.toml").touch()
    for folder in ("protocols", "scenarios", "teams"):
        (here / folder).mkdir()
    (here / "protocols" / "ours.yaml").write_text(OURS)
    return here


def test_it_changes_adds_and_leaves_out_and_keeps_the_rest(ours: Path) -> None:
    base, made = load_protocol("officeluv"), load_protocol("ours")
    assert lint(ours / "protocols") == []
    assert (made.protocol, made.title) == ("ours", "OfficeLuv incident response, changed")
    assert [(role.id, role.title) for role in made.roles] == [
        ("incident_commander", "Incident Commander"),
        ("solutioneer", "Responder"),
        ("scribe", "Scribe"),
    ]
    assert made.roles[0] == base.roles[0]
    assert [(one.level, one.name) for one in made.severities] == [(1, "SEV-1"), (2, "Medium")]
    assert made.severities[1].means == base.severities[1].means
    assert (made.spokesperson, made.solver) == (None, "solutioneer")
    assert made.cadence == base.cadence.model_copy(update={"external": 30 * 60_000})
    assert made.process == ["We meet.", "We mend."]
    assert [table.severity for table in made.tables] == [1, 2, 0]
    before = {owed.id: owed for table in base.tables[:1] for owed in table.obligations}
    after = {owed.id: owed for table in made.tables[:1] for owed in table.obligations}
    assert after["team_alerted"] == before["team_alerted"].model_copy(update={"target": 120_000})
    assert after["scribe_in_place"].role == "scribe"
    assert before.keys() - after.keys() == {
        "next_named",
        *(one.id for one in before.values() if "communications" in (one.owner, one.role)),
    }
    assert base.questions == made.questions


@pytest.mark.usefixtures("ours")
def test_what_was_written_for_the_other_is_played_under_it() -> None:
    made = load_protocol("ours")
    team = team_under(load_team("officeluv"), made)
    assert {role for member in team.members for role in member.roles or []} == {"incident_commander", "solutioneer"}
    materials = gather("login-outage", protocol="ours", team=team)
    assert {inject.to for inject in materials.scenario.injects} >= {"incident_commander"}
    assert "communications" not in materials.scenario.model_dump_json(), "the commander speaks where nobody else does"


def test_in_a_scenario_it_is_resolved_into_the_log_which_stands_alone(ours: Path) -> None:
    story = ours / "scenarios" / "third.yaml"
    small = "protocol: {like: officeluv, call: {solutioneer: Responder}, drop: [next_named]}"
    story.write_text(new_scenario("third").replace("\ntopic:", f"\n{small}\ntopic:", 1))
    assert [one for one in lint(story) if one.severity == "error"] == []
    plan = plan_drill(gather("third"), 7)
    assert plan.scenario.protocol == plan.protocol.protocol == "third-protocol"
    log = rehearse(plan).log
    story.unlink()
    again = DrillLog.read(log.data, log.texts).plan
    assert again == plan
    role = again.protocol.role("solutioneer")
    assert role is not None
    assert role.title == "Responder"
    assert "next_named" not in again.protocol.model_dump_json()


def test_a_scenario_with_changes_is_played_under_another_protocol_as_the_one_it_changes(ours: Path) -> None:
    small = "\nprotocol: {like: officeluv, call: {solutioneer: Responder}}\ntopic:"
    (ours / "scenarios" / "third.yaml").write_text(new_scenario("third").replace("\ntopic:", small, 1))
    assert gather("third", protocol="pagerduty-style").scenario.protocol == "pagerduty-style"


def test_one_may_be_like_another_small_one_and_called_as_the_librarys(ours: Path) -> None:
    (ours / "protocols" / "officeluv.yaml").write_text("like: officeluv\ncall: {solutioneer: Fixer}\n")
    (ours / "protocols" / "night.yaml").write_text("like: officeluv\ndrop: communications\n")
    night = load_protocol("night")
    assert (night.protocol, [role.title for role in night.roles]) == ("night", ["Incident Commander", "Fixer"])
    assert load_protocol("officeluv").protocol == "officeluv"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("like: officelove\n", "1:7: `like` names no protocol that there is (did you mean officeluv?)"),
        ("like: 5\n", "1:7: `like` should be text, not 5"),
        ("like: bad\n", "1:7: 'bad' is like this one itself (one of them has to be a whole protocol)"),
        ("like: officeluv\ndorp: [3]\n", "2:1: unknown key `dorp` (did you mean drop?)"),
        (
            "like: officeluv\ndrop: [3, comunications]\n",
            "2:11: 'officeluv' has no role, severity or obligation 'comunications' to drop "
            "(did you mean communications?)",
        ),
        (
            "like: officeluv\ndrop: [communications]\ncall: {communications: Talker}\n",
            "3:8: 'officeluv' has no role or severity 'communications' to call by another name (it is dropped as well)",
        ),
        ("like: officeluv\ncall: [x]\n", "2:7: `call` should be keys and values, not a list"),
        ("like: officeluv\nescalate_after: 5\n", "2:17: `escalate_after` cannot be 5"),
        ("like: officeluv\nroles: [{id: scribe, titel: S, responsible_for: [x]}]\n", "2:22: unknown key `titel`"),
        ("like: officeluv\nroles: scribe\n", "2:8: `roles` should be a list, not 'scribe'"),
        ("like: officeluv\nroles: [scribe]\n", "2:9: item 4 of `roles` should be keys and values, not 'scribe'"),
        ("like: officeluv\ndrop: [1, 2, 3]\n", "1:1: `severities` is empty"),
        (
            "like: officeluv\ntables: [{severity: 1, roles: [scribe]}]\n",
            "1:1: this file: severity 1 asks for the role 'scribe', which the protocol does not have",
        ),
    ],
)
def test_what_is_wrong_stands_at_its_place(ours: Path, text: str, said: str) -> None:
    file = ours / "protocols" / "bad.yaml"
    file.write_text(text)
    problems = [str(one) for one in lint(file)]
    assert problems
    assert any(f"bad.yaml:{said}" in one for one in problems), problems
    with pytest.raises(LoadError):
        load_protocol("bad")


def test_in_a_scenario_what_is_wrong_stands_at_its_place_too(ours: Path) -> None:
    file = ours / "scenarios" / "third.yaml"
    text = new_scenario("third").replace("\ntopic:", "\nprotocol: {like: officeluv, drop: [nobody]}\ntopic:", 1)
    file.write_text(text)
    line = text[: text.index("nobody")].count("\n") + 1
    [problem] = lint(file)
    assert str(problem).endswith(
        f"third.yaml:{line}:36: 'officeluv' has no role, severity or obligation 'nobody' to drop"
    )


def test_editors_complete_both_forms() -> None:
    check = Draft202012Validator(schema("protocol"))
    assert check.is_valid(parse(OURS.encode(), "ours").data)
    assert check.is_valid(parse(new_file("protocol", "whole").encode(), "whole").data)
    assert not check.is_valid({"like": "officeluv", "roles": [{"titel": "x"}]})
    assert not check.is_valid({"protocol": "ours"})
    scenario = parse(new_scenario("third").encode(), "third").data
    assert Draft202012Validator(schema("scenario")).is_valid({**scenario, "protocol": {"like": "officeluv"}})
