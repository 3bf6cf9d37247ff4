"""Shares over time against scipy, by hand, and by simulation; against lifelines and statsmodels in `make prove`."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from scoring.statistics.intervals import effective_number, wilson
from scoring.statistics.survival import CENSORED, DONE, NOT_NEEDED, Seen, band_by_drills, cumulative_incidence, done_by
from tests.support.extent import PROVE


def drawn(number: int, seed: int, ends: int = 3) -> Seen:
    """People whose waits end in up to so many ways, with many ties."""
    random = np.random.default_rng(seed)
    seconds = np.ceil(random.lognormal(4.5, 0.8, number)).astype(np.int64)
    return Seen(seconds, random.integers(0, ends, number).astype(np.int8))


@pytest.mark.parametrize(("number", "seed"), [(1, 1), (7, 2), (60, 3), (500, 4)])
def test_the_share_who_had_done_it_is_kaplan_and_meiers(number: int, seed: int) -> None:
    seen = drawn(number, seed, ends=2)
    found = done_by(seen, 900)
    data = stats.CensoredData(seen.seconds[seen.how == DONE], right=seen.seconds[seen.how == CENSORED])
    assert np.allclose(found, stats.ecdf(data).cdf.evaluate(np.arange(901)), atol=1e-12)


def test_a_textbooks_remissions_come_out_as_in_the_book() -> None:
    """Freireich et al., Blood 21 (1963) 699: the treated patients, as in Cox and Oakes, Analysis of Survival Data."""
    relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    left = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = 1 - done_by(Seen.of(relapsed, left), 35)
    said = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448, 35: 0.448}
    assert {week: round(float(found[week]), 3) for week in said} == said


def test_who_is_not_needed_is_no_longer_waited_for_and_never_does_it() -> None:
    seen = Seen.of(done=[10, 30], never=[40], not_needed=[20])
    assert cumulative_incidence(seen, 40)[[9, 10, 20, 30, 40]].tolist() == [0.0, 0.25, 0.25, 0.5, 0.5]
    assert done_by(seen, 40)[[9, 10, 20, 30, 40]].tolist() == [0.0, 0.25, 0.25, 0.625, 0.625]


def test_without_anybody_not_needed_both_agree() -> None:
    seen = drawn(200, 5, ends=2)
    assert np.allclose(cumulative_incidence(seen, 600), done_by(seen, 600))


def test_who_never_answered_is_not_left_out() -> None:
    assert done_by(Seen.of([10.2], [600, 600, 600]), 600)[[10, 11, 600]].tolist() == [0.0, 0.25, 0.25]
    assert done_by(Seen.of([], [600]), 60).max() == 0
    assert done_by(Seen.of([], []), 60).tolist() == [0.0] * 61


@pytest.mark.skipif(not PROVE, reason="needs an environment of its own; `make prove` makes it")
def test_lifelines_and_statsmodels_say_the_same(tmp_path: Path) -> None:
    place = tmp_path / "oracles"
    subprocess.run([sys.executable, "-m", "uv", "venv", "-q", "--python", sys.executable, place], check=True)
    python = place / "bin" / "python"
    wanted = ["lifelines>=0.30", "statsmodels>=0.14.5"]
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "-q", "--python", python, *wanted], check=True)
    for number, seed in ((20, 6), (400, 7), (5000, 8)):
        seen = drawn(number, seed)
        asked = json.dumps({"seconds": seen.seconds.tolist(), "how": seen.how.tolist(), "until": 400})
        script = Path(__file__).with_name("oracles.py")
        answer = subprocess.run([python, script], input=asked, capture_output=True, text=True, check=True).stdout
        said = json.loads(answer)
        assert np.allclose(said["kaplan_meier"], done_by(seen, 400), atol=1e-9)
        assert np.allclose(said["aalen_johansen"], cumulative_incidence(seen, 400), atol=1e-9)
        assert set(np.unique(seen.how)) == {CENSORED, DONE, NOT_NEEDED}


# -- intervals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("done", "of"), [(0, 5), (5, 5), (3, 8), (40, 60), (1, 1)])
def test_wilsons_interval_is_scipys(done: int, of: int) -> None:
    theirs = stats.binomtest(done, of).proportion_ci(0.95, "wilson")
    assert wilson(done / of, of) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_with_nobody_a_share_can_be_anything() -> None:
    assert wilson(0.0, 0) == (0.0, 1.0)
    assert effective_number([]) == 0


def test_people_of_one_drill_tell_less_than_as_many_of_several() -> None:
    assert effective_number([1] * 8) == 8
    assert effective_number([8]) == pytest.approx(8 / 1.7)
    assert effective_number([8, 8, 8]) == pytest.approx(3 * effective_number([8]))


def clustered(random: np.random.Generator, drills: int) -> npt.NDArray[np.float64]:
    """Times of eight people in some drills, which differ by half a unit of the log."""
    return np.exp(random.normal(4, 0.5, (drills, 1)) + random.normal(0, 1, (drills, 8)))


def test_intervals_over_drills_hold_what_they_promise_where_those_over_people_do_not() -> None:
    random, true = np.random.default_rng(9), float(stats.norm.cdf((np.log(60) - 4) / np.hypot(1, 0.5)))
    naive = careful = 0
    for _ in range(1000):
        times = clustered(random, 4)
        share = float(np.mean(times <= 60))
        narrow, wide = wilson(share, times.size), wilson(share, effective_number([8] * 4))
        naive += narrow.low <= true <= narrow.high
        careful += wide.low <= true <= wide.high
    assert naive / 1000 < 0.91
    assert careful / 1000 > 0.93


def test_the_band_of_drills_is_the_same_each_time_and_wider_than_the_curve() -> None:
    random = np.random.default_rng(10)
    drills = [Seen.of(list(times), []) for times in clustered(random, 12)]
    band = band_by_drills(drills, 300)
    assert band is not None
    again = band_by_drills(drills, 300)
    assert again is not None
    assert np.array_equal(band.low, again.low)
    curve = done_by(Seen.together(drills), 300)
    assert np.all(band.low <= curve + 1e-12)
    assert np.all(curve <= band.high + 1e-12)
    assert np.all(np.diff(band.low) >= 0)
    assert band_by_drills(drills[:1], 300) is None


def test_the_band_of_drills_holds_the_true_share_about_as_often_as_it_says() -> None:
    random, true = np.random.default_rng(11), float(stats.norm.cdf((np.log(60) - 4) / np.hypot(1, 0.5)))
    held = 0
    for _ in range(120):
        band = band_by_drills([Seen.of(list(times), []) for times in clustered(random, 16)], 60)
        held += band is not None and band.low[60] <= true <= band.high[60]
    assert 0.8 <= held / 120 <= 0.97
