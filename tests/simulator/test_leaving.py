"""People who drop out of a drill by its script: the role becomes vacant, and nobody who is left waits for them."""

import pytest
from pydantic import ValidationError

from scenarios.scenario import Inject
from simulator import events as ev
from simulator.plan import DrillPlan, Player
from tests.simulator.build import MINUTE, Table, library_plan, played, resumed, small_plan, small_scenario

GONE = {
    "id": "gone",
    "at": "10m",
    "to": "incident_commander",
    "text": "The line is dead.",
    "takes_out": "Their train went into a tunnel.",
}


def test_who_commands_is_out_and_the_role_is_open() -> None:
    table = Table(small_plan(injects=[GONE])).gathered()
    table.until(10 * MINUTE)
    [excused] = table.of(ev.MemberExcused)
    assert (excused.member, excused.reason, excused.actor) == ("ana", "Their train went into a tunnel.", None)
    assert table.state.commander is None
    assert table.refusal("ana", "/role incident_commander") == "ana is excused from the rest of this drill"
    table.says("ben", "/role incident_commander")
    assert table.state.commander == "ben"


def test_where_nobody_commands_nobody_is_taken_out() -> None:
    table = Table(small_plan(injects=[GONE])).alerted()
    table.until(12 * MINUTE)
    assert table.of(ev.InjectDelivered)
    assert table.of(ev.MemberExcused) == []


def test_the_last_one_who_is_in_stays() -> None:
    table = Table(small_plan(injects=[GONE], members=("ana",))).alerted()
    for line in ("/join", "/role incident_commander"):
        table.says("ana", line)
    table.until(12 * MINUTE)
    assert table.of(ev.MemberExcused) == []


def test_a_first_responder_who_cannot_be_reached_is_passed_over() -> None:
    report = {"via": "call", "from": "Operations", "text": "It fails.", "takes_out": "Asleep, the telephone is off."}
    table = Table(small_plan(report=report))
    table.until(6 * MINUTE)
    assert [event.member for event in table.of(ev.MemberExcused)] == ["ana"]
    [escalated] = table.of(ev.ReportEscalated)
    assert (escalated.to, escalated.at) == ("ben", 5 * MINUTE)
    table.says("ben", "/alert 1 login")
    assert table.state.alerted.keys() == {"ben", "chloe"}


def test_a_drill_resumed_between_the_inject_and_its_consequence_goes_on_alike() -> None:
    plan = library_plan("login-outage", profiles=("expert",))
    scenario = plan.scenario.model_copy(update={"injects": [*plan.scenario.injects, Inject.model_validate(GONE)]})
    fresh = type(scenario).model_validate(scenario.model_dump(mode="json", by_alias=True, exclude_none=True))
    plan = plan.model_copy(update={"scenario": fresh})
    whole = played(plan).events
    assert any(isinstance(event, ev.MemberExcused) for event in whole)
    after = next(place for place, event in enumerate(whole) if isinstance(event, ev.MemberExcused))
    heirs = [event.actor for event in whole[after:] if isinstance(event, ev.RoleTaken)]
    assert heirs, "somebody takes the role that fell vacant"
    for cut in range(after - 1, after + 3):
        assert resumed(plan, whole[:cut]).events == whole


@pytest.mark.parametrize("to", ["everyone", "channel"])
def test_nobody_can_take_everybody_out(to: str) -> None:
    with pytest.raises(ValidationError, match="`takes_out` belongs to an inject for a role"):
        Inject.model_validate({**GONE, "to": to})


# -- handing over ------------------------------------------------------------------------------------------------------


def asked_to_hand_over(seed: int) -> DrillPlan:
    inject = {
        "id": "leave",
        "at": "9m",
        "to": "incident_commander",
        "via": "chat",
        "from": "Your calendar",
        "text": "Your flight boards in ten minutes.",
        "expects": {"act": "hand_over", "target": "3m", "deadline": "8m"},
    }
    plan = library_plan("login-outage", seed=seed, profiles=("expert",))
    scenario = plan.scenario.model_copy(update={"injects": [*plan.scenario.injects, Inject.model_validate(inject)]})
    fresh = type(scenario).model_validate(scenario.model_dump(mode="json", by_alias=True, exclude_none=True))
    return plan.model_copy(update={"scenario": fresh})


def test_a_simulated_commander_who_is_asked_to_hands_over_and_the_other_accepts() -> None:
    handed = 0
    for seed in range(8):
        events = played(asked_to_hand_over(seed)).events
        for event in events:
            if isinstance(event, ev.RoleHandedOver):
                assert event.role == "incident_commander"
                handed += 1
    assert handed >= 6


# -- fixes that belong together ----------------------------------------------------------------------------------------


def together() -> Table:
    actions = [
        {"id": "one", "label": "Fix this", "takes": "1m", "effect": "fixes", "together": ["two"]},
        {"id": "two", "label": "Fix that", "takes": "1m", "effect": "fixes", "together": ["one"]},
    ]
    after = {"id": "well", "when": {"impact": "ended"}, "text": "All well."}
    return Table(small_plan(actions=actions, injects=[after])).gathered()


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_two_fixes_that_belong_together_end_the_impact_only_both(order: tuple[str, str]) -> None:
    table = together()
    impacts = []
    for act in order:
        table.says("ben", f"/do {act}")
        table.until(table.at + 2 * MINUTE)
        impacts.append(table.state.impact)
    assert impacts == ["eased", "ended"]
    assert [event.inject for event in table.of(ev.InjectDelivered)] == ["well"]


def test_simulated_players_do_both() -> None:
    scenario = small_scenario(
        actions=[
            {"id": "look", "label": "Read the log", "takes": "1m", "shows": "Two things.", "clue": True},
            {
                "id": "one",
                "label": "Fix this",
                "takes": "1m",
                "needs": ["look"],
                "effect": "fixes",
                "together": ["two"],
            },
            {"id": "two", "label": "Fix that", "takes": "2m", "needs": ["look", "one"], "effect": "fixes",
             "together": ["one"]},
        ],
    )  # fmt: skip
    assert [action.id for action in scenario.cures] == ["one", "two"]
    assert [action.id for action in scenario.way_to_cure] == ["look"]
    plan = library_plan("login-outage", profiles=("expert",)).model_copy(update={"scenario": scenario})
    impacts = [event.impact for event in played(plan).events if isinstance(event, ev.ImpactChanged)]
    assert impacts == ["eased", "ended"]


def test_the_player_of_that_name_keeps_the_roles_they_may_take() -> None:
    """A handover goes to somebody who may take the role."""
    members = (Player(id="ana"), Player(id="ben", roles=["solutioneer"]), Player(id="chloe"))
    table = Table(small_plan(members=members)).alerted()
    for who in ("ana", "ben"):
        table.says(who, "/join")
    table.says("ana", "/role incident_commander")
    assert table.refusal("ana", "/handover incident_commander ben") == "ben may not take the role Incident Commander"


def test_what_is_for_nobody_in_particular_does_not_go_to_one_who_is_out() -> None:
    injects = [{"id": "press", "at": "12m", "to": "communications", "text": "The press is calling."}]
    table = Table(small_plan(injects=injects))
    table.until(11 * MINUTE)
    assert list(table.state.reported) == ["ana", "ben", "chloe"]
    table.says("fay", "/excuse chloe called away")
    table.until(12 * MINUTE)
    assert table.of(ev.InjectDelivered)[-1].recipients == ("ben",)
