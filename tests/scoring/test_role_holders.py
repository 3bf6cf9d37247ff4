from collections.abc import Sequence
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.facts import Facts
from scoring.role_holders import Coverage, Roles, distinct_holders
from simulator import events as ev
from simulator.events import Event
from simulator.plan import Player
from tests.scoring.build import SECOND, Log, by_hand, plan_of
from tests.support.extent import examples

ROLES = ("incident_commander", "solutioneer", "communications")
PEOPLE = ("ana", "ben", "chloe")

holders = st.dictionaries(st.sampled_from("abcd"), st.lists(st.sampled_from("wxyz"), unique=True), max_size=4)


@given(holders)
def test_the_matching_is_the_best_there_is(held: dict[str, list[str]]) -> None:
    choices = product(*([None, *members] for members in held.values()))
    best = max(
        len(given) for choice in choices if len(given := [m for m in choice if m is not None]) == len(set(given))
    )
    assert distinct_holders(held) == best


def covered(log: Log, since: float, until: float, roles: Sequence[str] = ROLES) -> Coverage:
    return Roles(Facts(log.plan, log.events)).coverage(roles, int(since * SECOND), int(until * SECOND))


def taken(*calls: tuple[float, str, str], end: float = 100, players: Sequence[str] = PEOPLE) -> Log:
    plan = plan_of("low", players=[Player(id=name) for name in players])
    rows: list[tuple[float, type[Event], dict[str, object]]] = [
        (at, ev.RoleTaken, {"actor": who, "role": role}) for at, who, role in sorted(calls)
    ]
    return by_hand(plan, (0, ev.DrillStarted, {"values": {}}), *rows, (end, ev.NoteTaken, {"text": "now"}))


def test_coverage_is_the_exact_mean_over_time() -> None:
    """One of three roles from 10 s, two by two people from 40 s, all three by three from 70 s, looked at over 100 s."""
    log = taken((10, "ana", ROLES[0]), (40, "ben", ROLES[1]), (70, "chloe", ROLES[2]))
    assert covered(log, 0, 100).reached == pytest.approx((30 * 1 / 3 + 30 * 2 / 3 + 30 * 1) / 100)


def test_one_person_in_three_roles_is_worth_less_than_three_people() -> None:
    alone = taken(*((0, "ana", role) for role in ROLES))
    assert covered(alone, 0, 100).reached == pytest.approx((3 + 1) / 2 / 3)
    assert covered(alone, 0, 100).doubled == 100 * SECOND


@pytest.mark.parametrize(("team", "reached", "allowed"), [(PEOPLE[:2], 1, 2.5 / 3), (PEOPLE[:1], 1, 2 / 3)])
def test_a_small_team_that_shares_as_well_as_it_can_loses_nothing(
    team: Sequence[str], reached: float, allowed: float
) -> None:
    log = taken(*((0, team[place % len(team)], role) for place, role in enumerate(ROLES)), players=team)
    found = covered(log, 0, 100)
    assert found.reached == pytest.approx(reached)
    assert found.allowed == pytest.approx(allowed)


def test_who_may_not_hold_a_role_does_not_cover_it() -> None:
    plan = plan_of("low", players=[Player(id="ana", roles=["solutioneer"]), Player(id="ben")])
    row = {"actor": "ana", "role": ROLES[0]}
    log = by_hand(plan, (0, ev.RoleTaken, row), (100, ev.NoteTaken, {"text": "now"}))
    assert covered(log, 0, 100).gaps[ROLES[0]] == [(0, 100 * SECOND)]


def test_an_excused_member_is_neither_counted_nor_expected() -> None:
    """From 50 s on two are left, and two people in three roles is then all that can be asked."""
    log = taken((0, "ana", ROLES[0]), (0, "ben", ROLES[1]), (0, "chloe", ROLES[2]), (50, "ben", ROLES[2]))
    excused = ev.MemberExcused(seq=9, at=50 * SECOND, wall=log.events[0].wall, member="chloe", reason="a call")
    log = Log(log.plan, [*log.events[:-1], excused, log.events[-1]])
    found = covered(log, 0, 100)
    assert found.reached == pytest.approx(1)
    assert found.allowed == pytest.approx((1 + 2.5 / 3) / 2)


spells = st.lists(st.tuples(st.integers(0, 99), st.sampled_from(PEOPLE), st.sampled_from(ROLES)), max_size=6)


@settings(max_examples=examples(60), deadline=None)
@given(spells, st.integers(0, 98), st.tuples(st.integers(0, 99), st.sampled_from(PEOPLE), st.sampled_from(ROLES)))
def test_more_coverage_never_lowers(spans: list[tuple[int, str, str]], since: int, more: tuple[int, str, str]) -> None:
    without, having = covered(taken(*spans), since, 100), covered(taken(*spans, more), since, 100)
    assert having.reached >= without.reached - 1e-12


@pytest.mark.parametrize("order", list(permutations(ROLES)))
def test_the_order_in_which_roles_are_taken_does_not_matter(order: Sequence[str]) -> None:
    log = taken(*((10.0 * place, PEOPLE[place], role) for place, role in enumerate(order)))
    assert covered(log, 0, 100).reached == pytest.approx((10 / 3 + 20 / 3 + 80) / 100)


def test_a_handover_leaves_no_gap() -> None:
    log = taken((0, "ana", ROLES[0]))
    handed = ev.RoleHandedOver(seq=5, at=50 * SECOND, wall=log.events[0].wall, actor="ben", role=ROLES[0], giver="ana")
    found = covered(Log(log.plan, [*log.events[:-1], handed, log.events[-1]]), 0, 100, ROLES[:1])
    assert found.gaps == {ROLES[0]: []}
