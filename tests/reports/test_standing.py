"""What is said of where a team stands, and from how many drills on."""

import pytest
from msgspec.structs import replace

from reports.standing import standing
from scoring.history.figures import DrillFigures
from tests.scoring.history_drills import drill


def drills(*figures: float, **fields: object) -> list[DrillFigures]:
    return [
        one_drill(f"2026-{1 + place // 28:02}-{1 + place % 28:02}T14:00", {"uncapped": figure, **fields})
        for place, figure in enumerate(figures)
    ]


def one_drill(start: str, fields: dict[str, object]) -> DrillFigures:
    sound: dict[str, object] = {"complete": True, "provisional": False, "cut_short": False, "caps": []}
    one = drill(start)
    return replace(one.drill, **{**sound, **fields})


def test_nothing_is_said_below_four_drills_and_nothing_of_a_change_below_eight() -> None:
    assert standing(drills(90, 90, 90)) == []
    assert standing(drills(90, 90, 90, 90)) == [
        "Level: 78 to 96 of 100. Next drill: 47 to 99. Each holds nine times out of ten."
    ]
    assert len(standing(drills(*[90.0] * 7))) == 1
    assert standing(drills(*[90.0] * 8)) == [
        "Level: 82 to 95 of 100. Next drill: 59 to 98. Each holds nine times out of ten.",
        "No change over these 8 drills that luck alone can't explain.",
        "Ready with probability 0.90: a level of at least 80, and at most one of the next 3 drills held down "
        "by a cap. Of these 8 drills, none was.",
    ]


@pytest.mark.parametrize(
    ("figures", "word"),
    [((20, 35, 50, 60, 75, 85, 92, 95, 97, 98), "higher"), ((98, 97, 95, 92, 85, 75, 60, 50, 35, 20), "lower")],
)
def test_a_change_that_luck_cannot_have_done_is_said(figures: tuple[float, ...], word: str) -> None:
    said = standing(drills(*figures))[1]
    assert said.startswith(f"The level is {word} than at the first of these 10 drills (probability 0.9")


def test_gross_failures_are_counted_and_do_not_lower_the_level() -> None:
    sound, capped = standing(drills(*[95.0] * 8)), standing(drills(*[95.0] * 8, caps=["impact_not_ended"]))
    assert sound[:2] == capped[:2]
    assert capped[2].endswith("Of these 8 drills, 8 were.")
    assert capped[2].startswith("Ready with probability 0.07: ")
    never = standing(drills(*[30.0] * 40, caps=["impact_not_ended"]))
    assert never[2].startswith("Ready with probability 0.01: "), "not said to be impossible"


def test_totals_by_another_rubric_are_not_put_together() -> None:
    before, since = drills(20, 20, 20, 20, rubric="old"), drills(90, 90, 90, 90, rubric="new")
    assert standing([*before, *since]) == [
        *standing(since),
        "Left out of this: 4 drills scored by another rubric than the last.",
    ]
    assert standing([*before, *since[:3]]) == []


@pytest.mark.parametrize("fields", [{"complete": False}, {"provisional": True}, {"uncapped": None, "cut_short": True}])
def test_what_says_nothing_of_a_level_is_left_out(fields: dict[str, object]) -> None:
    rest = one_drill("2026-04-01T14:00", {"uncapped": 50.0, **fields})
    assert standing([*drills(90, 90, 90), rest]) == []
    assert standing([*drills(90, 90, 90, 90), rest]) == standing(drills(90, 90, 90, 90))
