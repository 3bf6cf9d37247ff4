"""Limits and two periods: published examples, scipy, and how often a team that does not change looks as if it did."""

import numpy as np
import pytest
from scipy import stats

from scoring.statistics.limits import FEWEST, control_limits, limits_of
from scoring.statistics.periods import FEWEST_EACH, compared, compared_together, restricted
from tests.support.extent import FULL

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


def test_what_such_drills_usually_vary_counts_as_much_as_twelve_of_them() -> None:
    narrow, wide = limits_of([50.0] * 12, usual=2.0), limits_of([50.0] * 36, usual=2.0)
    assert (narrow.low, narrow.high) == pytest.approx((50 - 3 * 2**0.5, 50 + 3 * 2**0.5))
    assert (wide.low, wide.high) == pytest.approx((47.0, 53.0))
    assert limits_of(FLOW, usual=None) == limits_of(FLOW)


def test_of_normal_drills_that_do_not_change_one_of_the_next_eight_is_outside_in_eleven_per_cent() -> None:
    random, outside = np.random.default_rng(1), 0
    for _ in range(2000):
        values = random.normal(size=FEWEST + 8).tolist()
        limits = limits_of(values[:FEWEST])
        outside += not all(limits.holds(value) for value in values[FEWEST:])
    assert abs(outside / 2000 - 0.11) < 0.025


def test_several_figures_together_cry_wolf_no_oftener_than_one() -> None:
    """Four figures of each drill, alike and not; at 5 % one of four would differ in 15 to 18 %."""
    random, teams, together, alone = np.random.default_rng(8), 400 if FULL else 80, 0, 0
    for _ in range(teams):
        day = random.normal(size=(12, 1))
        drills: list[list[float | None]] = np.round(day * 0.5 + random.normal(size=(12, 4)), 2).tolist()
        for row in drills[::3]:
            row[3] = None
        found = [one for one in compared_together(drills[:6], drills[6:]) if one is not None]
        together += any(one.p <= 0.05 for one in found)
        columns = [[row[place] for row in drills] for place in range(3)]
        single = [compared(column[:6], column[6:]) for column in columns]  # type: ignore[arg-type]
        alone += any(one is not None and one.p <= 0.05 for one in single)
    assert together / teams <= 0.05 + 2 * np.sqrt(0.05 / teams)
    assert alone > together


def test_together_each_difference_is_the_same_and_its_p_no_smaller() -> None:
    before, after = [[9.0, 1.0, None]] * 6, [[2.0, 1.0, 5.0]] * 6
    first, second, third = compared_together(before, after)
    assert first is not None
    assert (first.before, first.after) == (9.0, 2.0)
    assert first.p == pytest.approx(2 / 924)
    assert second is not None
    assert second.p == 1.0
    assert third is None


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
