"""The draw: a published hash holds it to what it is, and anybody who has the key draws the same."""

import math
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from drills.planning.calendar.bits import at_least, filled, listed, starts
from drills.planning.calendar.draw import KEY_BYTES, commitment, drawn, least, master_key, slot_key, unit, yes

KEYS = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)


def test_the_same_key_is_the_same_hash_and_the_same_draw() -> None:
    """Fixed, since what was published must be drawn again by every version: a change here breaks every promise."""
    key = slot_key(bytes(range(32)), "payments/any/2027-01-04")
    assert commitment(key) == "405e5bdcfd650e3d380d9efdddc28ce7b81a2820331c61ac29d9418a890bdba0"
    eligible = {date(2027, 1, 4) + timedelta(n): 0b1000010000100001 for n in range(5)}
    assert drawn(key, eligible) == (date(2027, 1, 7), 15)
    assert least(key, "scenario", ["a", "b", "c"]) == "c"


def test_another_secret_is_another_key_that_does_not_show_it() -> None:
    assert master_key("a" * 64) != master_key("b" * 64)
    assert len(master_key("a")) == KEY_BYTES
    assert b"a" * 8 not in master_key("a" * 64)


@given(KEYS, KEYS)
def test_another_slot_or_another_master_is_another_key(one: bytes, other: bytes) -> None:
    assert slot_key(one, "a") != slot_key(one, "b")
    assert (slot_key(one, "a") == slot_key(other, "a")) == (one == other)
    assert len(slot_key(one, "a")) == KEY_BYTES


@given(KEYS, st.text(max_size=20))
def test_a_number_lies_between_nothing_and_one(key: bytes, name: str) -> None:
    assert 0 < unit(key, name) < 1
    assert math.isfinite(-math.log(unit(key, name)))


@given(KEYS)
def test_certain_is_certain_and_others_follow_the_number(key: bytes) -> None:
    assert yes(key, 1.0)
    at = unit(key, "maybe")
    assert yes(key, at + 1e-9)
    assert not yes(key, at)


@given(KEYS, st.dictionaries(st.dates(date(2027, 1, 1), date(2027, 2, 1)), st.integers(0, 2**20), max_size=10))
def test_what_is_drawn_is_eligible_and_stays_without_the_others(key: bytes, eligible: dict[date, int]) -> None:
    found = drawn(key, eligible)
    assert (found is None) == (not any(eligible.values()))
    if found is not None:
        day, minute = found
        assert eligible[day] >> minute & 1
        assert drawn(key, {day: eligible[day]}) == found
        without = {one: minutes for one, minutes in eligible.items() if one == day or one.day % 2}
        assert drawn(key, without) == found


@given(st.integers(0, 2**200), st.integers(1, 60))
def test_starts_are_where_so_many_minutes_are_free(free: int, minutes: int) -> None:
    wanted = [at for at in range(201) if all(free >> (at + n) & 1 for n in range(minutes))]
    assert list(listed(starts(free, minutes))) == wanted


@given(st.lists(st.integers(0, 2**40), max_size=7), st.integers(1, 7))
def test_at_least_counts_sets(sets: list[int], least_: int) -> None:
    wanted = [at for at in range(41) if sum(one >> at & 1 for one in sets) >= least_]
    assert list(listed(at_least(least_, sets))) == wanted


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 40))
def test_filled_is_cut_to_its_width(start: int, end: int, width: int) -> None:
    assert list(listed(filled(start, end, width))) == [at for at in range(width) if start <= at < end]
