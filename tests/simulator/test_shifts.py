"""Members whose shift begins later: nobody can call them before; then the alert reaches them, and they owe."""

import pytest
import yaml
from pydantic import ValidationError

from scenarios.team import Team
from scoring.facts import Facts
from scoring.scorecard import grade
from simulator import events as ev
from simulator.log import DrillLog
from simulator.plan import DrillPlan, Player
from tests.simulator.build import MINUTE, Table, library_plan, played, resumed, small_plan

LATE = Player.model_validate({"id": "chloe", "since": "10m"})


def plan(*members: str | Player) -> DrillPlan:
    return small_plan(members=members or ("ana", "ben", LATE))


def test_before_their_shift_nobody_reaches_them_and_they_can_do_nothing() -> None:
    table = Table(plan()).alerted()
    assert table.of(ev.TeamAlerted)[0].recipients == ("ana", "ben")
    for line in ("/ack", "/join"):
        assert table.refusal("chloe", line) == "you come on duty at 10m; until then nobody can call you"
    table.says("ana", "/join")
    table.until(10 * MINUTE)
    [began] = table.of(ev.ShiftBegan)
    assert (began.member, began.at, began.actor) == ("chloe", 10 * MINUTE, None)
    assert table.state.alerted["chloe"] == 10 * MINUTE
    table.says("chloe", "/ack")
    table.says("chloe", "/join")
    assert "chloe" in table.state.joined


def test_an_alert_after_it_began_reaches_them_like_everybody() -> None:
    table = Table(plan())
    table.until(11 * MINUTE)
    assert [event.to for event in table.of(ev.ReportEscalated)] == ["ben", "chloe"], "she is there at ten"
    table.says(table.state.plan.first_responder, "/alert 1 login")
    assert table.of(ev.TeamAlerted)[0].recipients == ("ana", "ben", "chloe")


def test_a_report_that_nobody_answers_passes_over_them_and_the_last_on_duty_stays() -> None:
    table = Table(plan("ana", LATE.model_copy(update={"id": "ben"}), "chloe"))
    table.until(6 * MINUTE)
    assert [event.to for event in table.of(ev.ReportEscalated)] == ["chloe"]
    alone = Table(plan("ana", LATE)).state
    assert not alone.can_leave("ana")


def test_no_shift_begins_once_the_response_is_over() -> None:
    table = Table(plan()).alerted()
    table.says("fay", "/end enough")
    table.until(20 * MINUTE)
    assert table.of(ev.ShiftBegan) == []


def test_what_they_owe_runs_from_their_shift() -> None:
    table = Table(plan()).alerted()
    for line in ("/join", "/role incident_commander"):
        table.says("ana", line)
    table.until(10 * MINUTE)
    facts = Facts(table.state.plan, table.events)
    called = facts.called(0, "chloe")
    assert isinstance(called, ev.ShiftBegan)
    assert (called.at, facts.called(0, "ben")) == (10 * MINUTE, facts.alert)
    assert facts.let_off("chloe", None) is False
    early = Facts(table.state.plan, [event for event in table.events if not isinstance(event, ev.ShiftBegan)])
    assert early.let_off("chloe", None), "whose shift has not begun owes nothing"


def test_a_second_shift_of_simulated_people_comes_and_a_resumed_drill_goes_on_alike() -> None:
    made = library_plan("login-outage", profiles=("good",))
    players = [
        one if place < 3 else one.model_copy(update={"since": 12 * MINUTE}) for place, one in enumerate(made.players)
    ]
    later = {one.id for one in players if one.since is not None}
    again = DrillPlan.model_validate_json(made.model_copy(update={"players": players}).to_json())
    assert [one.since for one in again.players] == [one.since for one in players]
    whole = played(again)
    events = whole.events
    half = [event for event in events if event.at <= 12 * MINUTE]
    assert [*resumed(again, half).events] == [*events], "a shift begins once"
    assert {event.member for event in events if isinstance(event, ev.ShiftBegan)} == later
    assert {event.actor for event in events if event.at < 12 * MINUTE and event.actor} & later == set()
    assert {event.actor for event in events if isinstance(event, ev.Joined)} & later
    log = DrillLog.reproducible(again, events)
    card = grade(log, people=True)
    acknowledged = next(item for part in card.components.values() for item in part.items if item.id == "acknowledged")
    assert acknowledged.score is not None
    assert acknowledged.score > 60, "the alert was long before their shift"


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ("[{id: ana, name: Ana, from: 8h}, {id: ben, name: Ben}]", "'ana' must be on duty from the start"),
        ("[{id: ana, name: Ana}, {id: ben, name: Ben, from: 0s}]", "greater than 0"),
    ],
)
def test_who_hears_of_it_first_is_there_from_the_start(members: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Team.model_validate(yaml.safe_load(f"team: x\ntitle: X\nmembers: {members}\n"))
