"""The story's clock: where it begins, how it jumps, and what texts say of it."""

import pytest
from pydantic import ValidationError

from reports.event_sentences import sentence
from reports.export import events_csv
from reports.msel import msel
from reports.story import Story
from scenarios.story_time import fill_told
from simulator import events as ev
from simulator.engine import Engine
from simulator.log import DrillLog
from tests.scenarios.shipped import protocol
from tests.simulator.build import MINUTE, Table, small_plan, small_scenario

HOUR = 60 * MINUTE
LATER = {"id": "later", "at": "10m", "to": "everyone", "via": "in_person", "from": "The night shift", "skips": "14h"}
NEXT = {"id": "next", "after": "later", "delay": "5m", "text": "It is {clock}."}


def over_night(begins: str | None = "Tuesday 19:15") -> Table:
    return Table(small_plan(begins=begins, injects=[{**LATER, "text": "It is {clock}; at {clock+40m} we open."}, NEXT]))


def test_an_inject_moves_the_story_on_and_scores_keep_drill_time() -> None:
    found = over_night()
    found.until(16 * MINUTE)
    first, second = found.of(ev.InjectDelivered)
    assert (first.at, first.via, first.text) == (10 * MINUTE, "in_person", "It is 09:25; at 10:05 we open.")
    (jump,) = found.of(ev.StoryJumped)
    assert (jump.by, jump.inject, jump.at, jump.due) == (14 * HOUR, "later", 10 * MINUTE, 10 * MINUTE)
    assert (second.at, second.text) == (15 * MINUTE, "It is 09:30.")
    assert found.state.story_time(found.state.at) == (19 * 60 + 15 + 15 + 14 * 60) * MINUTE


def test_without_a_time_of_its_own_a_story_still_jumps() -> None:
    found = over_night(None)
    found.until(16 * MINUTE)
    assert found.state.story_time(0) is None
    story = Story(DrillLog.reproducible(found.engine.plan, found.events), {})
    assert sentence(story, found.of(ev.StoryJumped)[0]) == "the story moved on by 14 h"
    assert "story_time" not in events_csv(story).decode()


def test_papers_tell_the_storys_time_apart_from_the_real_one() -> None:
    found = over_night()
    found.until(16 * MINUTE)
    story = Story(DrillLog.reproducible(found.engine.plan, found.events), {})
    assert sentence(story, found.of(ev.StoryJumped)[0]) == "the story moved on by 14 h, to Wednesday 09:25"
    header, first, *_ = events_csv(story).decode("utf-8-sig").splitlines()
    assert header.endswith("story_time")
    assert first.endswith("Tuesday 19:15")
    report = sentence(story, found.of(ev.InjectDelivered)[0])
    assert "from The night shift, in person, to" in report


def test_a_drill_resumed_between_an_inject_and_its_jump_goes_on_the_same() -> None:
    found = over_night()
    found.until(16 * MINUTE)
    place = next(place for place, event in enumerate(found.events) if isinstance(event, ev.InjectDelivered))
    again = Engine.resume(found.engine.plan, found.events[: place + 1])
    assert again.next_due() == 10 * MINUTE
    assert again.advance(10 * MINUTE, found.wall(10 * MINUTE))[0] == found.events[place + 1]


def test_the_days_name_is_the_storys() -> None:
    plan = small_plan(begins="sunday 7:05", report={"via": "call", "from": "A", "text": "{weekday}, {clock-10m}"})
    found = Table(plan)
    assert plan.scenario.begins == "Sunday 07:05"
    assert found.of(ev.IncidentReported)[0].text == "Sunday, 06:55"


def test_the_table_has_planned_times_of_the_story() -> None:
    scenario = small_scenario(
        begins="19:15", injects=[{**LATER, "text": "x"}, NEXT, {"id": "a", "at": "9m", "text": "y"}]
    )
    assert [(row.inject, row.story_time, row.skips) for row in msel(scenario, protocol())] == [
        ("report", "19:15", ""),
        ("a", "19:24", ""),
        ("later", "day 2 09:25", "14h"),
        ("next", "day 2 09:30", ""),
    ]


@pytest.mark.parametrize("text", ["25:00", "14:5", "14.35", "Tusday 14:35", "1435", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="a time of day is written like 14:35 or Tuesday 14:35"):
        small_scenario(begins=text)


def test_a_jump_does_not_repeat() -> None:
    with pytest.raises(ValidationError, match="an inject that `skips` comes once; take `repeat` out"):
        small_scenario(injects=[{**LATER, "text": "x", "repeat": {"every": "1m", "times": 1}}])


def test_clock_times_wrap_at_midnight_and_nothing_else_is_filled() -> None:
    assert fill_told("{clock+1h} {clock-2h} {{clock}} {clock+} {clock+1s}", {}, 30 * MINUTE) == (
        "01:30 22:30 {{clock}} {clock+} {clock+1s}"
    )
    assert fill_told("{clock} {name}", {"name": "Ada"}, None) == "{clock} Ada"
