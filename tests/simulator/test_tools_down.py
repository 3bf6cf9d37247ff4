"""What responders use may be down itself: the room refuses it, and there is a way around."""

import pytest

from drills.planning.materials import gather, plan_drill
from drills.planning.rehearsal import rehearse
from reports.event_sentences import sentence
from reports.story import Story
from scenarios.scenario import Scenario
from scoring.scorecard import grade
from simulator import events as ev
from simulator.acts import ActRefused, Publish
from simulator.engine import Engine
from simulator.log import DrillLog
from simulator.syntax import parse
from tests.scenarios.shipped import incident
from tests.simulator.build import MINUTE, Table, small_plan

DARK = {"id": "dark", "at": "2m", "to": "first_responder", "text": "502.", "down": ["status_page", "chat"]}
LIGHT = {
    "id": "light",
    "at": "5m",
    "to": "first_responder",
    "text": "Back.",
    "up": ["chat", "status_page", "dashboard"],
}


def table() -> Table:
    found = Table(small_plan(down=["dashboard"], injects=[DARK, LIGHT]))
    found.says("ana", "/ack")
    found.says("ana", "/alert 1 login")
    found.says("ana", "/join")
    return found


def changes(found: Table) -> list[tuple[str, bool, int]]:
    return [(event.tool, event.works, event.at) for event in found.of(ev.ToolChanged)]


def test_tools_go_down_with_the_start_or_an_inject_and_come_back_with_another() -> None:
    found = table()
    assert found.state.down == {"dashboard"}
    found.until(6 * MINUTE)
    assert found.state.down == set()
    assert changes(found) == [
        ("dashboard", False, 0),
        ("status_page", False, 2 * MINUTE),
        ("chat", False, 2 * MINUTE),
        ("chat", True, 5 * MINUTE),
        ("status_page", True, 5 * MINUTE),
        ("dashboard", True, 5 * MINUTE),
    ]


def test_what_is_down_is_refused_with_the_way_around() -> None:
    found = table()
    found.until(3 * MINUTE)
    assert found.refusal("ana", "/say hello").startswith("the chat is down; talk on the telephone")
    assert found.refusal("ana", "/publish We know of it").startswith("the status page is down; tell customers another")
    sent = found.says("ana", "/publish by e-mail We know of it next 20m")
    assert isinstance(sent, ev.MessagePublished)
    assert (sent.by, sent.text, sent.next_in) == ("email", "We know of it", 20 * MINUTE)
    found.says("ana", "/update We go on by telephone.")
    found.until(6 * MINUTE)
    again = found.says("ana", "/publish It works.")
    assert isinstance(again, ev.MessagePublished)
    assert again.by == "status_page"
    assert found.refused(Publish(who="ana", text="x", by="pigeon")).startswith("there is no way 'pigeon'")
    story = Story(DrillLog.reproducible(found.engine.plan, found.events), {})
    assert sentence(story, sent).startswith("told customers (by email; ")
    assert sentence(story, found.of(ev.ToolChanged)[1]) == "the status page went down"


def test_a_drill_resumed_while_tools_go_down_goes_on_the_same() -> None:
    found = table()
    found.until(3 * MINUTE)
    place = next(place for place, event in enumerate(found.events) if isinstance(event, ev.InjectDelivered))
    again = Engine.resume(found.engine.plan, found.events[: place + 1])
    rest = again.advance(2 * MINUTE, found.events[place + 1].wall)
    assert rest == found.events[place + 1 : place + 3]


def test_a_facilitator_takes_tools_down_and_brings_them_back() -> None:
    found = table()
    down = found.says("fay", "/tool chat down")
    assert found.refusal("ana", "/say hello").startswith("the chat is down")
    assert found.refusal("fay", "/tool chat down") == "the chat is down already"
    assert found.refusal("fay", "/tool status page up") == "the status page works already"
    assert found.refusal("fay", "/tool pager down") == (
        "there is no tool 'pager'; it is one of dashboard, status_page, chat"
    )
    with pytest.raises(ActRefused, match="write it like /tool dashboard down, or /tool status page up"):
        parse("/tool chat", "fay")
    found.until(3 * MINUTE)
    up = found.says("fay", "/tool chat up")
    found.until(6 * MINUTE)
    assert changes(found) == [
        ("dashboard", False, 0),
        ("chat", False, 0),
        ("status_page", False, 2 * MINUTE),
        ("chat", True, 3 * MINUTE),
        ("status_page", True, 5 * MINUTE),
        ("dashboard", True, 5 * MINUTE),
    ], "the inject takes down what still works, and the next brings up what is down"
    log = DrillLog.reproducible(found.engine.plan, found.events)
    story = Story(log, {})
    assert [sentence(story, event) for event in (down, up)] == ["took down the chat", "brought back the chat"]
    assert grade(log).conditions.interventions == 2
    assert Engine.resume(found.engine.plan, found.events).state.down == found.state.down


def test_words_that_begin_with_by_are_a_message() -> None:
    told = parse("/publish By now it works", "ana")
    assert isinstance(told, Publish)
    assert (told.text, told.by) == ("By now it works", "status_page")


def test_simulated_players_cope_and_lose_nothing_by_it() -> None:
    materials = gather("no-photos")
    scenario = incident("no-photos")
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    dark = Scenario.model_validate(data | {"down": ["status_page", "chat", "dashboard"]})
    usual = rehearse(plan_drill(materials, 3)).log
    plan = plan_drill(materials, 3).model_copy(update={"scenario": dark})
    played = rehearse(plan)
    told = [event for event in played.log.events if isinstance(event, ev.MessagePublished)]
    assert told
    assert {event.by for event in told} == {"email"}
    assert played.refused == []
    assert grade(played.log).score == grade(usual).score
