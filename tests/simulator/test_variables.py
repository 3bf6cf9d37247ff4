"""What a scenario varies is drawn once, from the seed, within what its author allows."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from scenarios.made_up import FakeValue, made_up
from simulator.variables import drawn_values
from tests.simulator.build import LIBRARY, library_plan, small_plan

SEEDS = range(300)


def drawn(name: str, variable: dict[str, object]) -> list[object]:
    plan = small_plan(vary={name: variable})
    return [drawn_values(plan.model_copy(update={"seed": seed}))[name] for seed in SEEDS]


def test_whole_bounds_draw_whole_numbers_and_both_ends() -> None:
    found = drawn("rate", {"between": [3, 6]})
    assert set(found) == {3, 4, 5, 6}
    assert all(isinstance(value, int) for value in found)


def test_other_bounds_draw_two_decimals_between_them() -> None:
    found = drawn("rate", {"between": [0.5, 2]})
    assert all(isinstance(value, float) and 0.5 <= value <= 2 and value == round(value, 2) for value in found)
    assert len(set(found)) > 50


def test_rounding_never_leaves_the_bounds() -> None:
    assert all(0.001 <= float(str(value)) <= 0.004 for value in drawn("rate", {"between": [0.001, 0.004]}))


def test_a_choice_is_one_of_the_options_as_it_was_written() -> None:
    assert set(drawn("release", {"choose": ["v412", 7, 1.5]})) == {"v412", 7, 1.5}


@pytest.mark.parametrize("kind", get_args(FakeValue))
def test_made_up_values_are_short_harmless_and_many(kind: str) -> None:
    found = [str(value) for value in drawn("it", {"fake": kind})]
    assert len(set(found)) > 20
    assert all(value and len(value) <= 80 and value.isprintable() and not set(value) & set("{}<>") for value in found)


@pytest.mark.parametrize("kind", get_args(FakeValue))
def test_there_are_as_many_made_up_values_as_ever(kind: FakeValue) -> None:
    """With another number of them, every seed would mean other values."""
    assert len(made_up(kind)) == 256


def test_two_variables_of_a_kind_are_drawn_apart() -> None:
    plan = small_plan(vary={"one": {"between": [0, 10**6]}, "two": {"between": [0, 10**6]}})
    values = drawn_values(plan)
    assert values["one"] != values["two"]


@pytest.mark.parametrize(
    ("timezone", "day"), [("UTC", "Tuesday"), ("Pacific/Auckland", "Wednesday"), ("America/Chicago", "Monday")]
)
def test_the_weekday_is_the_teams(timezone: str, day: str) -> None:
    hour = 4 if timezone == "America/Chicago" else 15
    plan = small_plan(start=datetime(2026, 3, 3, hour, tzinfo=UTC), timezone=timezone)
    assert drawn_values(plan)["weekday"] == day


def test_an_author_may_draw_the_weekday_instead() -> None:
    assert set(drawn("weekday", {"choose": ["Sunday"]})) == {"Sunday"}


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_draws_every_name_it_varies(name: str) -> None:
    plan = library_plan(name)
    assert drawn_values(plan).keys() == {"weekday", *plan.scenario.vary}
    assert drawn_values(plan) == drawn_values(plan)
    assert drawn_values(plan) != drawn_values(plan.model_copy(update={"seed": 8}))
