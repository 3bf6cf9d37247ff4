"""Limits and two periods: published examples, scipy, and how often a team that does not change looks as if it did."""

import numpy as np
import pytest
from scipy import stats

from scoring.statistics.limits import FALSE_ALARM, FEWEST, control_limits, limits_of
from scoring.statistics.periods import FEWEST_EACH, compared, restricted

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
"""NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates in batches, and the limits found there."""


def test_the_limits_are_those_of_the_handbook() -> None:
    low, mean, high = limits_of(FLOW)
    assert (round(mean, 2), round(high, 3), round(low, 3)) == (50.81, *(55.805, 45.815))


def test_limits_come_from_twelve_drills_on() -> None:
    assert control_limits(FLOW) is None
    found = control_limits([*FLOW, 50.0, 51.0])
    assert found is not None
    assert found.holds(50.0)
    assert not found.holds(60.0)
    with pytest.raises(ValueError, match="at least two values"):
        limits_of([1.0])


def test_a_team_that_does_not_change_is_outside_as_often_as_is_said() -> None:
    random, outside = np.random.default_rng(1), 0
    for _ in range(2000):
        values = random.normal(size=FEWEST + 8).tolist()
        limits = limits_of(values[:FEWEST])
        outside += not all(limits.holds(value) for value in values[FEWEST:])
    assert abs(outside / 2000 - FALSE_ALARM) < 0.025


@pytest.mark.parametrize("sizes", [(6, 6), (4, 7), (3, 3), (2, 5)])
def test_p_is_scipys(sizes: tuple[int, int]) -> None:
    random = np.random.default_rng(sum(sizes))
    before, after = (random.lognormal(5, 0.5, size).round() for size in sizes)
    found = compared(before.tolist(), after.tolist())
    assert found is not None
    theirs = stats.permutation_test((before, after), lambda a, b: abs(a.mean() - b.mean()), alternative="greater")
    assert found.p == pytest.approx(theirs.pvalue)
    assert found.after - found.before == pytest.approx(after.mean() - before.mean())
    assert found.enough == (min(sizes) >= FEWEST_EACH)


def test_three_against_three_can_say_nothing() -> None:
    found = compared([300, 301, 302], [10, 11, 12])
    assert found is not None
    assert found.p == pytest.approx(0.1)
    assert not found.enough
    assert compared([], [1.0]) is None


def test_of_many_drills_so_many_ways_are_drawn_the_same_each_time() -> None:
    random = np.random.default_rng(2)
    before, after = random.normal(100, 20, 20).tolist(), random.normal(85, 20, 15).tolist()
    found = compared(before, after)
    assert found is not None
    assert found == compared(before, after)
    theirs = stats.ttest_ind(before, after).pvalue
    assert found.p == pytest.approx(theirs, abs=0.02)


def test_a_team_that_does_not_change_is_seldom_said_to() -> None:
    random, cries = np.random.default_rng(3), 0
    for _ in range(400):
        drills = random.lognormal(5, 0.5, 12).tolist()
        found = compared(drills[:6], drills[6:])
        cries += found is not None and found.p <= 0.05
    assert cries / 400 <= 0.085


def test_a_time_that_never_came_counts_as_the_deadline() -> None:
    assert [restricted(found, 300.0) for found in (None, 299.0, 500.0)] == [300.0, 299.0, 300.0]
    worse = compared([restricted(100, 300)] * 6, [restricted(None, 300)] * 6)
    assert worse is not None
    assert worse.after - worse.before == 200
    assert worse.p == pytest.approx(2 / 924)
