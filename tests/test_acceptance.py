"""What the whole program must do, played for real: every scenario of the library with every profile of players."""

import statistics
from functools import cache
from itertools import product
from typing import get_args

import pytest

from drills.cli.run import run_command
from reports.export import folder
from scenarios.lookup import names
from scoring.scorecard import grade
from simulator.log import DrillLog
from simulator.plan import Profile
from tests.support import library_plan, play
from tests.support.extent import sampled

INCIDENTS = names("scenario")
PROFILES: tuple[Profile, ...] = get_args(Profile)
SEEDS = range(12)
SOME = sampled(INCIDENTS, 7)


@cache
def scores(incident: str, profile: Profile) -> list[float]:
    plan = library_plan(incident, profile=profile)
    logs = (play(plan.model_copy(update={"seed": seed})) for seed in SEEDS)
    return [grade(log).score or 0.0 for log in logs]


def test_the_library_holds_the_four_incidents_that_ship() -> None:
    assert {"login-outage", "checkout-outage", "billing-outage", "shift-planning-down"} <= set(INCIDENTS)


@pytest.mark.parametrize("incident", SOME)
def test_better_teams_score_better(incident: str) -> None:
    means = [statistics.mean(scores(incident, profile)) for profile in PROFILES]
    assert means == sorted(means, reverse=True)
    assert len(set(means)) == len(PROFILES)


@pytest.mark.parametrize("incident", SOME)
def test_what_a_newcomer_sees_first_is_no_bad_day(incident: str) -> None:
    """`drillroom run` with nothing but the name of a scenario, as the README has it."""
    given = run_command.make_context("run", [incident]).params
    plan = library_plan(incident, given["seed"], given["players"] or "good")
    assert (grade(play(plan)).score or 0) >= 60


@pytest.mark.parametrize("incident", SOME)
def test_each_incident_can_be_won_and_lost(incident: str) -> None:
    assert max(scores(incident, "expert")) >= 90
    assert min(scores(incident, "poor") + scores(incident, "absent")) < 40
    assert statistics.mean(scores(incident, "absent")) < 40 < 80 < statistics.mean(scores(incident, "expert"))


@pytest.mark.parametrize(("incident", "profile"), sampled(list(product(INCIDENTS, PROFILES)), 5 * len(PROFILES) + 1))
def test_each_drill_leaves_its_whole_folder(incident: str, profile: Profile) -> None:
    log = play(library_plan(incident, profile=profile))
    people = {player.id: player.id.title() for player in log.plan.players}
    files = folder(log, grade(log), people)
    assert {
        "log.jsonl",
        "people.json",
        "texts.json",
        "scorecard.json",
        "situation-report.md",
        "post-mortem.md",
        "report.html",
        "events.csv",
    } <= files.keys()
    assert sum(name.startswith("charts/") for name in files) >= 5
    assert all(files.values())
    assert DrillLog.read(files["log.jsonl"]).head == log.head
    assert log.head in files["situation-report.md"].decode()
