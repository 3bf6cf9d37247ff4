"""A team, a protocol and a scenario that do not go together: said once, where it can be mended, and in full."""

from pathlib import Path

import pytest

from scenarios.template import new_workspace
from tests.drills.command_line import call, refused

TEAM = "team: night\ntitle: Night\nmembers: [{id: jule, name: Jule, roles: [chief, keeper]}, {id: ben, name: Ben}]\n"


@pytest.fixture
def ours(here: Path) -> Path:
    for name, text in new_workspace().items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(text, encoding="utf-8")
    (here / "teams" / "night.yaml").write_text(TEAM, encoding="utf-8")
    return here


@pytest.mark.usefixtures("ours")
def test_lint_says_once_for_each_file_that_the_team_cannot_play_it() -> None:
    result = call("lint", ".", "--team", "night")
    told = [line for line in result.stdout.splitlines() if "night" in line]
    why = "cannot play it: teams/night.yaml:3:42: there is no role 'chief'; and 1 more (there are incident_commander, "
    assert [line.partition(":")[0] for line in told] == ["scenarios/first-drill.yaml", "scripts/first-drill.yaml"]
    assert f"the team 'night', under the protocol 'officeluv', {why}" in told[0]
    assert f"the team in teams/night.yaml {why}" in told[1]
    assert result.stdout.splitlines()[-1].startswith("2 errors, ")


def test_what_lint_would_not_list_is_said_at_once(ours: Path) -> None:
    error = refused("run", "first-drill", "--team", "night")
    assert "there is no role 'chief'" in error
    assert error.rstrip().endswith("; there is no role 'keeper'")
    assert "drillroom lint" not in error
    assert call("lint", "teams/night.yaml").stdout == "no problems\n"
    story = ours / "scenarios" / "first-drill.yaml"
    story.write_text(story.read_text(encoding="utf-8").replace("title:", "titel:", 1) + "colour: red\n", "utf-8")
    told = refused("run", "first-drill")
    assert told.rstrip().endswith(" more, which `drillroom lint scenarios/first-drill.yaml` lists")


@pytest.mark.usefixtures("ours")
def test_a_protocol_that_reads_another_names_the_roles_and_severities_which_that_one_has() -> None:
    Path("protocols").mkdir(exist_ok=True)
    Path("protocols/twin.yaml").write_text("like: officeluv\nprotocol: twin\n", encoding="utf-8")
    Path("protocols/netz.yaml").write_text(
        "like: officeluv\nprotocol: netz\nreads:\n"
        "  officeluv: {severities: {7: 3}, roles: {shift_lead: solutioneer}}\n"
        "  twin: {severities: {1: 1}, roles: {incident_commander: solutioneer, communications: communications}}\n"
        "  officelov: {severities: {1: 1}, roles: {x: solutioneer}}\n",
        encoding="utf-8",
    )
    found = call("lint", "protocols/netz.yaml").stdout.splitlines()
    assert [line.partition(": ")[2] for line in found[:-1]] == [
        "'officeluv' has no severity 7 that could be read (there are 1, 2, 3)",
        "'officeluv' has no role 'shift_lead' that could be read (there are incident_commander, solutioneer, "
        "communications)",
        "warning: it does not say what is meant by the role 'solutioneer' of 'twin' (add a line such as `solutioneer: "
        "ROLE`, or `solutioneer: []` where nobody does its work)",
        "warning: there is no protocol 'officelov' whose scenarios could be read (write its name as its file has it, "
        "or take it out)",
    ]


def test_a_script_says_severities_and_roles_with_the_protocols_own_names_and_papers_say_them_so(ours: Path) -> None:
    Path("protocols").mkdir(exist_ok=True)
    Path("protocols/werk.yaml").write_text(
        "like: officeluv\nprotocol: werk\ncall: {incident_commander: Schichtleiter, 1: Roter Alarm}\n", encoding="utf-8"
    )
    story = ours / "scenarios" / "first-drill.yaml"
    story.write_text(story.read_text(encoding="utf-8").replace("title:", "protocol: werk\ntitle:", 1), "utf-8")
    acts = (
        "acts:\n  - {at: 20s, who: ana, say: /sev roter alarm}\n"
        "  - {at: 30s, who: ana, say: /alert Roter Alarm search}\n"
        "  - {at: 40s, who: ana, say: /join}\n  - {at: 50s, who: ana, say: /role Schichtleiter}\n"
    )
    script = ours / "scripts" / "first-drill.yaml"
    script.write_text(f"plays: first-drill\n{acts}", encoding="utf-8")
    assert call("lint", ".").stdout == "no problems\n"
    call("run", "first-drill", "--acts", str(script), "--out", "out")
    told = call("replay", "out/log.jsonl").stdout + Path("out/situation-report.md").read_text(encoding="utf-8")
    for said in (
        "declared severity 1, Roter Alarm",
        "alerted the team: severity 1, Roter Alarm; topic search",
        "took the role Schichtleiter",
        "Declared as severity 1, Roter Alarm.",
    ):
        assert said in told
    score = call("score", "out/log.jsonl").stdout
    assert "agreed with the Schichtleiter" in " ".join(score.split())
    assert "ommander" not in score
    script.write_text(f"plays: first-drill\n{acts.replace('roter', 'blauer')}", encoding="utf-8")
    [problem, *_] = call("lint", ".").stdout.splitlines()
    assert problem == "scripts/first-drill.yaml:3:5: write it like /sev 1"
    script.write_text(acts.replace("roter", "blauer"), encoding="utf-8")
    assert call("lint", ".").stdout == "no problems\n", "which protocol it is played under is not said"
    assert "write it like /sev 1" in refused("run", "first-drill", "--acts", str(script), "--out", "other")


def test_a_member_who_comes_on_duty_later_is_shown_so_and_plays_from_then(ours: Path) -> None:
    members = "[{id: ana, name: Ana}, {id: chloe, name: Chloe}, {id: ben, name: Ben, from: 8m}]"
    (ours / "teams" / "night.yaml").write_text(f"team: night\ntitle: Night\nmembers: {members}\n", encoding="utf-8")
    assert call("lint", "teams/night.yaml").stdout == "no problems\n"
    assert "on duty from 8m" in call("show", "team", "night").stdout
    call("run", "first-drill", "--team", "night", "--players", "good", "--out", "out")
    told = [line.split() for line in call("replay", "out/log.jsonl").stdout.splitlines()]
    assert next(line for line in told if "ben" in line) == ["8:00", "ben", "came", "on", "duty"]
    assert ["ben", "acknowledged"] in [line[1:] for line in told]
