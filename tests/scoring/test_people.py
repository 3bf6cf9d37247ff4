"""A person's own ledger holds what was theirs to prevent, and nothing that another missed."""

import pytest

from scoring.scorecard import to_json
from simulator import acts as do
from simulator.plan import Player, Seat
from tests.scoring.build import MINUTE, SECOND, graded, plan_of, played, small_scenario, without
from tests.support.perfect import Timed, kind_of, perfect_acts


def own(people: object) -> dict[str, set[str]]:
    assert isinstance(people, dict)
    return {name: {line.item for line in ledger.lost} for name, ledger in people.items()}


def test_a_scorecard_speaks_of_roles_and_names_nobody_unless_asked() -> None:
    names = ["xavier", "yolanda", "zebedee"]
    plan = plan_of("login-outage", players=[Player(id=name) for name in names])
    card = graded(played(plan, without(plan, "acknowledge", "publish")))
    assert card.people is None
    assert not any(name.encode() in to_json(card) for name in names)
    assert graded(played(plan), people=True).people is not None


def test_a_perfect_team_has_nothing_in_anybodys_ledger() -> None:
    people = graded(played(plan_of("login-outage")), people=True).people
    assert all(not lost for lost in own(people).values())


def test_who_is_late_carries_their_own_lateness_and_nobody_elses() -> None:
    plan = plan_of("login-outage", "small")
    late = [
        Timed(at + 3 * MINUTE if kind_of(act) in ("acknowledge", "join") and act.who == "ben" else at, act)
        for at, act in perfect_acts(plan)
        if not (kind_of(act) == "take_role" and act.who == "ben")
    ]
    card = graded(played(plan, late), people=True)
    assert card.people is not None
    mine = {name: {line.item for line in one.lost if line.owner == "everyone"} for name, one in card.people.items()}
    assert mine == {"ana": set(), "ben": {"acknowledged", "joined", "roles_stated"}, "chloe": set()}
    line = next(line for line in card.people["ben"].lost if line.item == "acknowledged")
    assert line.points == pytest.approx(
        next(one.points for one in card.ledger if one.item == "acknowledged"), abs=0.011
    )
    assert line.why == "acknowledged 3 min 6 s after the alert; target 60 s"
    assert card.people["ben"].acknowledged_s == 186


def test_the_misses_of_simulated_teammates_leave_a_persons_own_ledger() -> None:
    """They count for the team's score, which says so by its seats; they are in nobody else's ledger."""
    plan = plan_of("login-outage", "small")
    seats = {name: Seat(kind="simulated", profile="poor") for name in ("ben", "chloe")}
    plan = plan.model_copy(update={"seats": {"ana": Seat(kind="person"), **seats}})
    idle = ("acknowledge", "join", "take_role", "start_action", "log", "draft", "publish")
    acts = [timed for timed in perfect_acts(plan) if timed.act.who == "ana" or kind_of(timed.act) not in idle]
    card = graded(played(plan, acts, answers=False), people=True)
    assert {"acknowledged", "joined", "impact_ended", "first_external_message"} <= {line.item for line in card.ledger}
    assert own(card.people)["ana"].isdisjoint({"acknowledged", "joined", "impact_ended", "first_external_message"})
    assert card.conditions.seats == {"person": 1, "simulated": 2, "script": 0}


def test_what_a_role_owed_is_its_holders_own() -> None:
    plan = plan_of("login-outage", "small")
    late = [Timed(at + 12 * MINUTE if kind_of(act) == "publish" else at, act) for at, act in perfect_acts(plan)]
    assert "first_external_message" in own(graded(played(plan, late, answers=False), people=True).people)["chloe"]


def test_a_role_that_stood_open_is_in_nobodys_ledger() -> None:
    plan = plan_of("login-outage", "small")
    people = graded(played(plan, without(plan, "take_role", "publish"), answers=False), people=True).people
    assert all("commander_in_place" not in lost for lost in own(people).values())
    assert all("first_external_message" not in lost for lost in own(people).values())


def test_harm_is_the_doers_own() -> None:
    plan = plan_of(small_scenario(1, injects=[]), "small")
    harm = Timed(3 * MINUTE, do.StartAction(who="chloe", action="smash"))
    people = graded(played(plan, [*perfect_acts(plan), harm]), people=True).people
    assert "no_harm" in own(people)["chloe"]
    assert "no_harm" not in own(people)["ben"]


def test_what_a_member_did_is_told_in_their_own_ledger() -> None:
    plan = plan_of(small_scenario(1, injects=[]), "small")
    people = graded(played(plan), people=True).people
    assert people is not None
    assert people["ben"].actions == ["look", "mend"]
    assert set(people["ben"].roles) == {"solutioneer"}
    assert people["ben"].roles["solutioneer"] == pytest.approx(350 - 66, abs=2)


def test_nobodys_shares_come_to_more_than_was_lost() -> None:
    plan = plan_of("login-outage")
    card = graded(played(plan, without(plan, "log", "approve", "restate"), answers=False), people=True)
    assert card.people is not None
    for line in card.ledger:
        shares = [own.points for ledger in card.people.values() for own in ledger.lost if own.item == line.item]
        assert sum(shares) <= line.points + 0.01 * len(shares)


def test_the_first_responders_lateness_is_theirs() -> None:
    plan = plan_of("login-outage", "small")
    acts = [Timed(at + 90 * SECOND if at >= 25 * SECOND else at, act) for at, act in perfect_acts(plan)]
    lost = own(graded(played(plan, acts), people=True).people)
    assert "team_alerted" in lost["ana"]
    assert "team_alerted" not in lost["ben"] | lost["chloe"]
