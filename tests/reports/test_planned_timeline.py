"""When each inject of a plan comes, as far as that is known before anybody plays it."""

from typing import Any

from reports.planned_timeline import PlannedStory, steps
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


NIGHT = (
    {"id": "night", "at": "10m", "to": "everyone", "text": "It is {clock}; at {clock+40m} we open.", "skips": "15h40m"},
    {"id": "early", "after": "night", "delay": "5m", "text": "It is {clock}."},
    {"id": "fixed", "when": {"impact": "ended"}, "text": "It is {clock}, {clock+1h} or {clock-20m}. {{clock}}"},
)


def friday(*injects: dict[str, Any]) -> Scenario:
    """friday-library, which begins on Friday at 15:40, with these injects before its own."""
    own = incident("friday-library")
    made = [Inject.model_validate(inject) for inject in injects]
    return own.model_copy(update={"injects": [*made, *own.injects]})


def test_what_is_still_to_come_is_told_with_the_storys_planned_time() -> None:
    scenario = friday(*NIGHT)
    story = PlannedStory(scenario)
    night, early, fixed = scenario.injects[:3]
    assert [story.says(story.time(at)) for at in (0, 599_999, 600_000)] == [
        "Friday 15:40",
        "Friday 15:49",
        "Saturday 07:30",
    ]
    assert story.says(story.of(night)) == "Saturday 07:30", "after its own jump"
    assert story.told(night.text, story.of(night), {}) == "It is 07:30; at 08:10 we open."
    assert story.says(story.of(early)) == "Saturday 07:35"
    assert story.of(fixed) is None
    then = "It is [the time then], [1h after that] or [20m before that]. {{clock}}"
    assert story.told(fixed.text, None, {}) == then


def test_in_a_drill_that_runs_the_plan_follows_what_has_happened() -> None:
    scenario = friday(*NIGHT)
    night, early, _ = scenario.injects[:3]
    sent_early = PlannedStory(scenario, ahead=night.skips or 0, came={"night": 120_000})
    assert sent_early.says(sent_early.of(early)) == "Saturday 07:27", "seven minutes in, and the jump counts once"
    held = PlannedStory(scenario, out={"night"})
    assert held.says(held.time(3_600_000)) == "Friday 16:40"
    assert held.of(early) is None


def test_a_scenario_without_a_time_of_its_own_has_no_planned_time_of_the_story() -> None:
    scenario = planned({"id": "later", "at": "10m", "skips": "14h", "text": "{clock} {name}"})
    story = PlannedStory(scenario)
    assert (story.time(0), story.says(story.of(scenario.injects[0]))) == (None, "")
    assert story.told("{clock} {name}", None, {"name": "Ada"}) == "{clock} Ada"
