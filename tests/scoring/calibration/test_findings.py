"""What is counted in a calibration and what follows from it: against plain means, numpy and scipy."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.calibration.counts import PROFILES, SIZES, STEPS, Cell, Counts
from scoring.calibration.findings import ABLE, difficulty_of, findings
from scoring.scale import on_scale
from simulator.plan import Profile
from tests.scoring.build import small_scenario

TENTHS = st.integers(0, 1000)
Figures = dict[tuple[Profile, int], Sequence[float]]


def counted(figures: Figures) -> Counts:
    """Counts of drills with these totals, none of them capped, by profile and size."""
    found = Counts()
    for (profile, size), totals in figures.items():
        place = PROFILES.index(profile)
        for total in totals:
            y, score = round(on_scale(total) * STEPS), round(total * 10)
            cell = Cell(1, 1, score, score * score, y, y * y)
            row = [0] * len(PROFILES)
            row[place] = 1
            found.add(Counts(cells={f"{profile}-{size}": cell}, totals={str(int(total)): row}))
    return found


def test_difficulty_and_its_error_are_those_of_a_mean_over_equal_strata() -> None:
    draws = np.random.default_rng(3)
    figures: Figures = {
        (profile, size): np.round(draws.uniform(40, 99, 20 + size * place), 1).tolist()
        for place, profile in enumerate(ABLE)
        for size in SIZES
    }
    ys = [np.log(101 - np.array(totals)) for totals in figures.values()]
    difficulty, error = difficulty_of(counted(figures))
    assert difficulty == pytest.approx(np.mean([np.mean(y) for y in ys]), abs=1e-4)
    assert error == pytest.approx(np.sqrt(np.sum([stats.sem(y) ** 2 for y in ys])) / len(ys), rel=1e-3)


def test_teams_that_are_absent_say_nothing_of_difficulty() -> None:
    figures: Figures = {("good", 3): [80.0, 90.0]}
    without = difficulty_of(counted(figures))
    assert difficulty_of(counted(figures | {("absent", 3): [0.0, 1.0]})) == without


@given(st.lists(TENTHS, min_size=1, max_size=30), st.lists(TENTHS, min_size=1, max_size=30))
def test_how_well_it_tells_teams_apart_is_mann_and_whitneys_u(good: list[int], poor: list[int]) -> None:
    whole_good, whole_poor = (np.array(values, dtype=np.int64) // 10 for values in (good, poor))
    found = findings(
        counted({("good", 6): [v / 10 for v in good], ("poor", 6): [v / 10 for v in poor]}), small_scenario(2)
    )
    expected = stats.mannwhitneyu(whole_good, whole_poor).statistic / (len(good) * len(poor))
    assert found.separates["good-poor"] == pytest.approx(expected, abs=5.1e-4)


def test_luck_is_what_is_left_between_teams_that_are_alike() -> None:
    figures: Figures = {("expert", 3): [90.0, 94.0], ("poor", 3): [20.0, 26.0, 32.0], ("poor", 12): [60.0, 62.0]}
    found = findings(counted(figures), small_scenario(2))
    squares = sum(np.var(totals) * len(totals) for totals in figures.values())
    assert found.luck_points == pytest.approx(np.sqrt(squares / (1 + 2 + 1)), abs=0.05)
    assert [row.score for row in found.profiles] == [92.0, 0.0, 0.0, 40.0, 0.0]
    assert found.sizes == {"3": 52.4, "6": 0.0, "12": 61.0}


def test_obligations_that_all_or_none_meet_are_named_and_what_never_happens() -> None:
    scenario = small_scenario(
        2,
        actions=[
            {"id": "look", "label": "Look", "takes": "1m", "clue": True},
            {"id": "mend", "label": "Mend", "takes": "1m", "effect": "fixes"},
        ],
        injects=[{"id": "asks", "at": "1m", "text": "?"}, {"id": "knocks", "at": "1m", "text": "!"}],
    )
    counts = Counts(
        cells={f"{profile}-6": Cell(100, 100, 100, 100, 100, 100) for profile in PROFILES},
        won=[99, 50, 0, 0, 0],
        injects={"asks": [100, 50, 0, 0, 1]},
        judged={"easy": [100] * 5, "never": [100] * 5, "most": [100] * 5, "unjudged": [0] * 5},
        met={"easy": [100, 100, 100, 97, 0], "most": [100, 100, 100, 92, 0], "never": [1, 0, 0, 0, 0]},
        lost={"most": [0, 0, 1000, 12_300, 0], "order": [0, 0, 40, 20_000, 0]},
    )
    found = findings(counts, scenario)
    assert (found.everybody, found.nobody) == (["easy"], ["never"])
    assert (found.never_come, found.never_found, found.never_end) == (["knocks"], ["look"], ["mend"])
    assert found.injects["asks"] == [1.0, 0.5, 0.0, 0.0, 0.01]
    assert found.met["unjudged"] == [None] * 5
    assert [(one.obligation, one.points) for one in found.profiles[3].losses] == [("order", 2.0), ("most", 1.2)]
    assert found.warnings == []


@pytest.mark.parametrize(
    ("won", "says"),
    [
        ([0, 0, 0, 0, 0], "it cannot be won: none of 10 teams of experts brought it to a good end in time"),
        ([10, 10, 10, 10, 10], "it cannot be lost: each of 20 poor and absent teams brought it to a good end"),
    ],
)
def test_what_cannot_be_won_or_lost_is_said(won: list[int], says: str) -> None:
    counts = Counts(cells={f"{profile}-6": Cell(10, 10, 9, 9, 9, 9) for profile in PROFILES}, won=won)
    assert findings(counts, small_scenario(2)).warnings == [says]
