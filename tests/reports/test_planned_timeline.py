"""When each inject of a plan comes, as far as that is known before anybody plays it."""

from typing import Any

from reports.planned_timeline import steps
from scenarios.scenario import Inject, Scenario
from tests.scenarios.shipped import incident


def planned(*injects: dict[str, Any]) -> Scenario:
    made = [Inject.model_validate({"text": "?", **inject}) for inject in injects]
    return incident("no-photos").model_copy(update={"injects": made})


def test_what_follows_an_inject_has_a_time_and_what_follows_the_team_has_none() -> None:
    found = steps(
        planned(
            {"id": "third", "after": "second", "delay": "30s"},
            {"id": "second", "after": "first", "delay": "1m"},
            {"id": "whenever", "when": {"impact": "ended"}},
            {"id": "after-it", "after": "whenever"},
            {"id": "first", "at": "2m"},
        )
    )
    assert [(step.inject.id, step.at) for step in found] == [
        ("first", 120_000),
        ("second", 180_000),
        ("third", 210_000),
        ("whenever", None),
        ("after-it", None),
    ]
    assert [step.certain for step in found] == [True, True, True, False, False]


def test_chance_and_conditions_make_what_follows_uncertain_too() -> None:
    found = steps(
        planned(
            {"id": "likely", "at": "1m", "chance": 0.5},
            {"id": "follows", "after": "likely"},
            {"id": "unless", "at": "3m", "unless": {"resolved": True}, "repeat": {"every": "1m", "times": 2}},
        )
    )
    assert [(step.number, step.certain) for step in found] == [(1, False), (3, False), (2, False)]
    assert found[2].again == [240_000, 300_000]
