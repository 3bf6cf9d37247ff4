"""Plans: what follows from scenario and seed, and what a team must have."""

import os
import shutil
import subprocess
import sys
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.planning.crew import gather_with_crew, ready_level
from drills.planning.materials import default_start, drill_id, gather, names_of, plan_drill
from scenarios.load import load_scenario
from scenarios.problem import LoadError
from simulator.plan import DrillPlan
from tests.scenarios.shipped import LIBRARY
from tests.support import library_plan, play
from tests.support.extent import examples

SEEDS = st.integers(min_value=0, max_value=2**63 - 1)
ZONES = sorted(available_timezones())


@given(seed=SEEDS, zone=st.sampled_from(ZONES))
@settings(max_examples=examples(150), deadline=None)
def test_a_drill_starts_on_a_working_afternoon_wherever_the_team_is(seed: int, zone: str) -> None:
    """And at a time of day that exists there, which a day on which clocks change need not have."""
    start = default_start("login-outage", seed, zone)
    assert start.tzinfo is UTC
    local = start.astimezone(ZoneInfo(zone))
    assert local.year == 2026
    assert local.weekday() < 5
    assert 13 * 60 + 30 <= local.hour * 60 + local.minute <= 15 * 60
    assert local.second == local.microsecond == 0
    assert start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None)


def test_starts_differ_with_seed_and_scenario() -> None:
    starts = {default_start(name, seed, "UTC") for name in ("login-outage", "billing-outage") for seed in range(50)}
    assert len(starts) > 90


@given(name=st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,20}){0,2}", fullmatch=True), seed=SEEDS)
@settings(max_examples=examples(100), deadline=None)
def test_every_drill_id_is_one_that_a_plan_accepts(name: str, seed: int) -> None:
    plan = library_plan()
    made = DrillPlan.model_validate({**dict(plan), "drill": drill_id(name, seed)})
    assert made.drill.endswith(f"-{seed}")


def test_a_plan_says_who_plays_and_on_what() -> None:
    plan = library_plan("billing-outage", 3, "poor", "small")
    assert plan.drill == "billing-outage-3"
    assert [player.id for player in plan.players] == ["ana", "ben", "chloe"]
    assert {(seat.kind, seat.profile) for seat in plan.seats.values()} == {("simulated", "poor")}
    assert plan.first_responder == "ana"
    assert plan.timezone == "America/Chicago"
    assert [book.runbook for book in plan.runbooks] == ["deployment"]
    assert set(plan.versions) == {"drillroom", "draws"}


def test_without_a_profile_everybody_follows_a_script() -> None:
    plan = plan_drill(gather("login-outage"), 1, None)
    assert {seat.kind for seat in plan.seats.values()} == {"script"}


def test_no_name_or_address_is_in_a_plan() -> None:
    """People are named beside the log, so that they can be forgotten without breaking a hash."""
    team = gather("login-outage").team
    text = library_plan().model_dump_json()
    for member in team.members:
        assert member.name not in text
        assert str(member.email) not in text
    assert names_of(team)["ana"] == "Ana Ruiz"


def test_the_same_seed_gives_the_same_bytes_in_any_process() -> None:
    """Whatever the hash seed, the locale and the time zone of the process."""
    code = "import sys; from tests.support import library_plan, play; sys.stdout.write(play(library_plan()).head)"
    heads = {play(library_plan()).head}
    for hash_seed, zone in (("0", "Pacific/Auckland"), ("1", "America/St_Johns")):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone, "LC_ALL": "C"}
        ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
        heads.add(ran.stdout)
    assert len(heads) == 1


TEAM = """\
team: pair
title: Two people
members:
  - {id: ana, name: Ana Ruiz, roles: [incident_commander]}
  - {id: ben, name: Ben Okafor, roles: [solutioneer]}
"""


def test_a_team_without_anybody_for_a_role_cannot_play(tmp_path: Path) -> None:
    file = tmp_path / "pair.yaml"
    file.write_text(TEAM)
    with pytest.raises(LoadError) as caught:
        gather("login-outage", file)
    assert str(caught.value).startswith(f"{file}:3:1: no member may take the role 'communications'")


LATE = """\
team: shifts
title: Two shifts
members:
  - {id: ana, name: Ana Ruiz, roles: [incident_commander, solutioneer]}
  - {id: ben, name: Ben Okafor, roles: [communications], from: 30m}
"""


def test_somebody_for_a_role_comes_on_duty_before_the_response_is_over(tmp_path: Path) -> None:
    file = tmp_path / "shifts.yaml"
    ends = load_scenario("login-outage").ends.after
    file.write_text(LATE.replace("30m", f"{ends // 1000}s"))
    with pytest.raises(LoadError) as caught:
        gather("login-outage", file)
    assert str(caught.value) == (
        f"{file}:5:64: 'ben' may take the role 'communications', but comes on duty when the response is over "
        "(let 'ben' begin sooner, or somebody else take the role)"
    )
    file.write_text(LATE.replace("30m", f"{ends // 1000 - 1}s"))
    assert len(gather("login-outage", file).team.members) == 2


def test_a_team_whose_only_hand_comes_too_late_is_not_chosen_unasked(tmp_path: Path) -> None:
    (tmp_path / "teams").mkdir()
    (tmp_path / "drillroom.toml").touch()
    (tmp_path / "scenarios").mkdir()
    shutil.copy(LIBRARY / "incidents" / "login-outage.yaml", tmp_path / "scenarios" / "ours.yaml")
    late = tmp_path / "teams" / "shifts.yaml"
    late.write_text(LATE.replace("30m", "24h"))
    assert gather_with_crew(tmp_path / "scenarios" / "ours.yaml").team.team != "shifts"
    late.write_text(LATE.replace("30m", "1m"))
    assert gather_with_crew(tmp_path / "scenarios" / "ours.yaml").team.team == "shifts"


def test_two_who_may_share_the_roles_can_play(tmp_path: Path) -> None:
    file = tmp_path / "pair.yaml"
    file.write_text(TEAM.replace("[solutioneer]", "[solutioneer, communications]"))
    assert len(gather("login-outage", file).team.members) == 2


def test_a_first_responder_must_be_a_member(tmp_path: Path) -> None:
    file = tmp_path / "pair.yaml"
    file.write_text(TEAM + "first_responder: zoe\n")
    with pytest.raises(LoadError, match=r"the first responder 'zoe' is not a member"):
        gather("login-outage", file)


def test_a_scenario_finds_what_stands_beside_it(tmp_path: Path) -> None:
    """A protocol or runbook next to the scenario comes before the library's."""
    library = Path(__file__).parents[3] / "scenarios" / "library"
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "incidents").mkdir()
    book = (library / "runbooks" / "deployment.yaml").read_text()
    (tmp_path / "runbooks" / "deployment.yaml").write_text(
        book.replace("runbook: deployment\n", "runbook: deployment\n# ours\n")
    )
    mine = tmp_path / "incidents" / "mine.yaml"
    mine.write_text(
        (library / "incidents" / "login-outage.yaml").read_text().replace("scenario: login-outage", "scenario: mine")
    )
    changed = tmp_path / "runbooks" / "deployment.yaml"
    changed.write_text(changed.read_text().replace("title:", "title: Ours,", 1))
    assert gather(mine).runbooks[0].title.startswith("Ours,")


def test_a_teams_file_says_from_which_level_on_it_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "drillroom.toml").touch()
    (tmp_path / "teams").mkdir()
    team = "team: ours\ntitle: Ours\nready: 65\nmembers: [{id: ana, name: Ana}]\n"
    (tmp_path / "teams" / "ours.yaml").write_text(team)
    (tmp_path / "elsewhere.yaml").write_text(team)
    monkeypatch.chdir(tmp_path)
    assert [ready_level(name) for name in ("ours", "theirs", "elsewhere.yaml", "small")] == [65, 80, 80, 80]
    (tmp_path / "teams" / "ours.yaml").write_text(team.replace("65", "0"))
    assert ready_level("ours") == 80
