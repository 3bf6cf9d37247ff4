"""Chance is keyed: the same names draw the same number, anywhere and at any time."""

import json
import os
import subprocess
import sys
from statistics import fmean, median, pstdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import events as ev
from simulator.draws import choose, in_order, lognormal, normal, pair, uniform
from tests.support import library_plan, play

SEEDS = st.integers(min_value=0, max_value=2**63 - 1)
NAMES = st.text(max_size=12)
MANY = 4_000


@settings(deadline=None)
@given(SEEDS, NAMES, NAMES, st.integers(min_value=0, max_value=10**6))
def test_a_draw_lies_between_nought_and_one_and_never_changes(seed: int, what: str, whom: str, count: int) -> None:
    drawn = uniform(seed, what, whom, count)
    assert 0 <= drawn < 1
    assert uniform(seed, what, whom, count) == drawn


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=60), SEEDS, NAMES)
def test_a_drawn_order_is_that_of_draws_with_a_count(size: int, seed: int, what: str) -> None:
    assert in_order(size, seed, what) == tuple(sorted(range(size), key=lambda one: uniform(seed, what, count=one)))


def test_seed_and_every_name_matter() -> None:
    drawn = [
        uniform(1, "inject", "a", 0),
        uniform(2, "inject", "a", 0),
        uniform(1, "skip", "a", 0),
        uniform(1, "inject", "b", 0),
        uniform(1, "inject", "a", 1),
        uniform(11, "inject", "a", 0),
        uniform(1, "injecta", "", 0),
    ]
    assert len(set(drawn)) == len(drawn)


def test_the_numbers_stay_what_they_are() -> None:
    """Changing them changes every drill that is made again from its seed."""
    drawn = [round(uniform(7, "inject", "first", count), 12) for count in range(3)]
    assert drawn == [0.663866278508, 0.575750332285, 0.419913690529]


def test_draws_are_spread_evenly() -> None:
    drawn = [uniform(5, "spread", "", count) for count in range(MANY)]
    assert fmean(drawn) == pytest.approx(0.5, abs=0.02)
    for tenth in range(10):
        share = sum(tenth / 10 <= number < (tenth + 1) / 10 for number in drawn) / MANY
        assert share == pytest.approx(0.1, abs=0.02)


def test_the_two_of_a_pair_know_nothing_of_each_other() -> None:
    pairs = [pair(5, "pair", "", count) for count in range(MANY)]
    product = fmean(first * second for first, second in pairs)
    assert product == pytest.approx(0.25, abs=0.01)
    assert all(first != second for first, second in pairs)


def test_normal_numbers_have_mean_nought_and_deviation_one() -> None:
    drawn = [normal(5, "bell", "", count) for count in range(MANY)]
    assert fmean(drawn) == pytest.approx(0, abs=0.05)
    assert pstdev(drawn) == pytest.approx(1, abs=0.05)


def test_lognormal_numbers_have_their_median() -> None:
    assert lognormal(0.5, 20, 0.7) == pytest.approx(20)
    drawn = [lognormal(uniform(5, "slow", "", count), 20, 0.7) for count in range(MANY)]
    assert median(drawn) == pytest.approx(20, rel=0.05)
    assert min(drawn) > 0
    assert lognormal(0.0, 20, 0.7) > 0  # the lowest draw there is has a logarithm too


def test_each_option_is_chosen_about_as_often() -> None:
    drawn = [choose(["a", "b", "c"], 5, "which", "", count) for count in range(MANY)]
    for option in "abc":
        assert drawn.count(option) / MANY == pytest.approx(1 / 3, abs=0.03)
    assert choose(["only"], 1, "which") == "only"


def test_another_process_draws_the_same() -> None:
    """Neither the hash seed nor the locale nor the time zone has a part in it."""
    script = (
        "import json; from simulator.draws import *; "
        "print(json.dumps([uniform(7, '\\xe4', 'b', n) for n in range(20)] "
        "+ [normal(7, 'c', 'd', 1), choose([1, 2, 3], 7, 'x')]))"
    )
    here = [uniform(7, "ä", "b", n) for n in range(20)] + [normal(7, "c", "d", 1), choose([1, 2, 3], 7, "x")]
    changed = {**os.environ, "PYTHONHASHSEED": "12345", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONUTF8": "0"}
    told = subprocess.run([sys.executable, "-c", script], env=changed, capture_output=True, check=True, text=True)
    assert json.loads(told.stdout) == here


def test_a_seed_is_another_day_in_another_scenario_and_the_same_day_after_an_edit() -> None:
    login, checkout = library_plan("login-outage"), library_plan("checkout-outage")
    assert login.luck != checkout.luck
    assert login.luck != login.model_copy(update={"seed": 8}).luck
    edited = login.model_copy(update={"scenario": login.scenario.model_copy(update={"title": "Nobody can log in"})})
    assert edited.luck == login.luck
    alerts = {
        next(event.at for event in play(library_plan(scenario, seed=1)).events if isinstance(event, ev.TeamAlerted))
        for scenario in ("login-outage", "checkout-outage", "billing-outage", "orders-gone")
    }
    assert len(alerts) == 4


def test_a_plan_that_does_not_say_how_it_draws_draws_by_its_seed_alone() -> None:
    plan = library_plan()
    assert plan.versions["draws"] == "2"
    assert plan.model_copy(update={"versions": {"drillroom": "0.1.0"}}).luck == plan.seed
