"""The script in the guide for authors does to the guide's scenario what the guide says."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.scenario import Scenario
from scenarios.script import Script
from scenarios.source import parse
from simulator import events as ev
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event
from simulator.plan import DrillPlan, Player, Seat
from simulator.players.scripted_team import ScriptedTeam
from tests.scenarios.shipped import protocol, take

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "writing-scenarios.md"
START = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)


def examples() -> tuple[Scenario, Script]:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    whole, script = blocks[0], next(block for block in blocks if re.search(r"^acts:", block, re.M))
    return (
        Scenario.model_validate(parse(whole.encode(), GUIDE.name).data),
        Script.model_validate(parse(script.encode(), GUIDE.name).data),
    )


def plan_of(scenario: Scenario, rules: Protocol) -> DrillPlan:
    members = ["ana", "ben"]
    return DrillPlan(
        drill="guide",
        scenario=scenario,
        protocol=rules,
        rubric=take("rubrics", "standard", Rubric),
        team="two",
        players=[Player(id=name) for name in members],
        seats={name: Seat(kind="script") for name in members},
        first_responder="ana",
        seed=1,
        start=START,
    )


@pytest.fixture(scope="module")
def events() -> list[Event]:
    scenario, script = examples()
    plan = plan_of(scenario, protocol())
    driver = Driver.start(plan, [ScriptedTeam(plan, script)], VirtualClock(plan.start))
    driver.run()
    assert driver.refused == []
    return driver.events


def test_the_script_mends_it_and_the_commander_says_so(events: list[Event]) -> None:
    [ended] = [event for event in events if isinstance(event, ev.ImpactChanged)]
    assert ended.impact == "ended"
    [resolved] = [event for event in events if isinstance(event, ev.IncidentResolved)]
    assert resolved.at > ended.at
    assert any(isinstance(event, ev.SituationReportFiled) for event in events)


def test_own_words_start_the_action_that_the_guide_means(events: list[Event]) -> None:
    started = [event.action for event in events if isinstance(event, ev.ActionStarted)]
    assert started == ["read-log", "read-import", "build-index"]


def test_the_injects_reach_those_whom_they_are_for(events: list[Event]) -> None:
    injects = [event for event in events if isinstance(event, ev.InjectDelivered)]
    first, second, *_ = injects
    assert (first.inject, first.recipients, second.inject, second.recipients) == (
        "how-long",
        ("ana",),
        "a-hand",
        ("ben",),
    )
    assert {inject.text for inject in injects} == {"How much longer?", "What can I look at for you?"}
