"""What changed over a team's drills, as people read it."""

import pytest

from reports.changes import changes_told
from scoring.history.changes import Changes, HeadlineLimits, TimeChange
from scoring.statistics.periods import Difference

LIMITS = HeadlineLimits("role_coverage", 41.6, 90.0, 99.9, 0, (95.0, 20.0, 99.0), (1,), 0.1)


def times(*found: tuple[float, float, float]) -> list[TimeChange]:
    return [
        TimeChange(f"t{place}", f"Time {place}", Difference(before, after, p, (6, 7)))
        for place, (before, after, p) in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (LIMITS, "; of the 3 drills since, 1 is outside"),
        (LIMITS._replace(outside=(0, 1)), "; of the 3 drills since, 2 are outside"),
        (LIMITS._replace(outside=()), "; the 3 drills since are inside"),
        (LIMITS._replace(judged=LIMITS.judged[:1], outside=()), "; the drill since is inside"),
        (LIMITS._replace(judged=LIMITS.judged[:1], outside=(0,)), "; the drill since is outside"),
        (LIMITS._replace(judged=(), outside=()), ""),
    ],
)
def test_a_headline_is_told_with_its_own_rate_of_false_alarms(limits: HeadlineLimits, said: str) -> None:
    told = changes_told(Changes(0.5, [limits], [], (6, 7)))
    assert told.limits == (
        f"Role coverage, of 100: limits of 42 to 100, from 12 drills{said}. "
        "In a team that doesn't change, one of the next 8 drills is outside in 10 of 100 cases.",
    )
    assert told.anything == bool(limits.outside)


def test_limits_that_hold_everything_are_not_told_as_limits() -> None:
    wide = LIMITS._replace(low=0.4, high=99.6, outside=())
    told = changes_told(Changes(0.5, [wide], [], (6, 7))).limits
    assert told == ("Role coverage varies too much for limits: they would be 0 to 100, and nothing could lie outside.",)
    assert "limits of 1 to 100" in changes_told(Changes(0.5, [wide._replace(low=0.6)], [], (6, 7))).limits[0]


def test_times_are_told_where_they_differ_and_stand_in_a_table() -> None:
    told = changes_told(Changes(None, [], times((300.0, 110.0, 0.02), (60.0, 100.0, 0.004), (60.0, 61.0, 0.9)), (6, 7)))
    assert told.times == (
        "Between the first 6 of these drills and the 7 after them: Time 0 3 min 10 s sooner (p = 0.02); "
        "Time 1 40 s later (p = 0.004)."
    )
    assert told.rows[0] == ("Time 0", "5 min", "1 min 50 s", "−3 min 10 s", "0.02")
    assert told.rows[2] == ("Time 2", "1 min", "1 min 1 s", "+1 s", "0.9")
    assert told.anything
    alike = changes_told(Changes(None, [], times((60.0, 61.0, 0.9)), (6, 7)))
    assert alike.times == (
        "Between the first 6 of these drills and the 7 after them, none of the times that were compared "
        "differs by more than luck alone can explain."
    )
    assert not alike.anything


@pytest.mark.parametrize(("better", "said"), [(None, False), (0.5, False), (0.9, False), (0.91, True), (0.05, True)])
def test_a_level_that_changed_counts_too(better: float | None, said: bool) -> None:
    assert changes_told(Changes(better, [], [], (6, 7))).anything is said
