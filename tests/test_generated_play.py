"""Random incidents are played: the better a team, the better it does, and a team that does nothing gets nowhere."""

from dataclasses import replace
from functools import cache
from statistics import fmean
from typing import get_args

import pytest

from drills.planning.materials import Incident, Materials, gather, plan_drill
from drills.planning.rehearsal import rehearse
from scenarios.generate import SEVERITIES, random_scenario
from scenarios.load import load_names, load_runbooks
from scoring.result import Scorecard
from scoring.scorecard import grade
from simulator.plan import Profile
from tests.support.extent import FULL, LONG

PROFILES: tuple[Profile, ...] = get_args(Profile)
SEEDS, FEW = range(200), range(25 if FULL else 12)


@cache
def common() -> Materials:
    """What all drills have in common."""
    return gather(Incident("random", 1))


@cache
def materials(seed: int, severity: int | None) -> Materials:
    names = load_names()
    scenario = random_scenario(seed, severity, names=names)
    return replace(common(), scenario=scenario, runbooks=load_runbooks(scenario, own=names), name=scenario.scenario)


@cache
def played(profile: Profile, severity: int | None, seeds: range) -> list[Scorecard]:
    return [grade(rehearse(plan_drill(materials(seed, severity), seed, profile)).log) for seed in seeds]


def means(severity: int | None, seeds: range) -> dict[Profile, float]:
    """From the least able team to the ablest."""
    return {
        profile: fmean(card.score or 0.0 for card in played(profile, severity, seeds)) for profile in reversed(PROFILES)
    }


@LONG
def test_two_hundred_incidents_tell_the_profiles_apart() -> None:
    found = means(None, SEEDS)
    assert found["expert"] >= 88
    assert found["absent"] < 35
    assert sorted(found.values()) == list(found.values())


@pytest.mark.parametrize("severity", SEVERITIES)
def test_each_severity_tells_them_apart(severity: int) -> None:
    found = means(severity, FEW)
    assert found["expert"] >= 80
    assert found["absent"] < 40
    assert sorted(found.values()) == list(found.values())


def test_able_teams_find_the_way_out_and_others_sometimes_do_not() -> None:
    def fixed(profile: Profile) -> float:
        cards = [card for severity in (1, 2) for card in played(profile, severity, FEW)]
        return fmean(card.measures.time_to_fix_s is not None for card in cards)

    assert fixed("expert") >= 0.9
    assert fixed("expert") >= fixed("average") > fixed("poor") > fixed("absent")
