from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.curves import timeliness

targets = st.integers(1, 10**7)
factors = st.floats(1.01, 100)
times = st.integers(0, 10**9)


@given(targets, factors, times)
def test_it_stays_between_a_tenth_and_everything(target: int, factor: float, took: int) -> None:
    assert 10 <= timeliness(took, target, target * factor) <= 100


@given(targets, factors, times, times)
def test_sooner_is_never_worth_less(target: int, factor: float, one: int, other: int) -> None:
    sooner, later = sorted((one, other))
    assert timeliness(sooner, target, target * factor) >= timeliness(later, target, target * factor)


@pytest.mark.parametrize(
    ("took", "worth"), [(0, 100), (60, 100), (96.2, 73.6), (134.1640786, 55), (300, 10), (9999, 10)]
)
def test_known_values(took: float, worth: float) -> None:
    """Halfway between target and deadline on the scale of ratios, half of what can be lost is lost."""
    assert round(timeliness(took, 60, 300), 1) == worth


@given(targets, factors)
def test_there_is_no_step_at_target_or_deadline(target: int, factor: float) -> None:
    deadline = target * factor
    assert isclose(timeliness(target * (1 + 1e-9), target, deadline), 100, abs_tol=1e-4)
    assert isclose(timeliness(deadline * (1 - 1e-9), target, deadline), 10, abs_tol=1e-4)
