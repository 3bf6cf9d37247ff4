"""What kept calibrations say to those who read a team's drills."""

from pathlib import Path

import msgspec
import pytest

from drills.planning.calibration.kept import difficulties, losses
from drills.planning.calibration.results import Calibration, place_of
from tests.drills.planning.calibration.campaigns import alone

MIDDLING = (1, 2, 3)
"""The places of good, average and poor teams."""


@pytest.fixture
def kept(here: Path) -> Calibration:
    """A calibration of a scenario, kept where we are."""
    assert here.is_dir()
    place = place_of("slow-report", None)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(alone())
    return msgspec.json.decode(alone(), type=Calibration)


def test_what_simulated_teams_lose_is_in_points_a_drill_that_owes_it(kept: Calibration) -> None:
    found = losses(["slow-report"])
    counts = kept.counts
    for name, points in found.items():
        judged = sum(counts.judged[name][place] for place in MIDDLING)
        lost = sum(counts.lost.get(name, [0] * 5)[place] for place in MIDDLING)
        assert points == pytest.approx(lost / 100 / judged)
    assert "bug_filed" in found
    assert max(found.values()) > 1
    assert losses(["slow-report"] * 3) == pytest.approx(found)
    assert losses(["no-such-scenario"]) == {}


def test_a_calibration_of_what_a_scenario_was_says_nothing_of_it(kept: Calibration) -> None:
    assert set(difficulties(["slow-report", "slow-report"])) == {"slow-report"}
    place_of("slow-report", None).write_bytes(msgspec.json.encode(msgspec.structs.replace(kept, identity="0" * 64)))
    shipped = set(difficulties(["slow-report"]))
    assert shipped == set() or losses(["slow-report"]) != {}, "at most the library's own is left"
