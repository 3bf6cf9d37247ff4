from pathlib import Path

import pytest

from scoring.scorecard import grade, to_json
from simulator.log import DrillLog, verify
from tests.golden import GOLDEN, planned
from tests.support import play

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_drill_is_played_again_to_the_byte(name: str) -> None:
    """The engine, the players, the draws and the log's form are as they were when the log was kept."""
    assert play(planned(name)).data == (HERE / f"{name}.jsonl").read_bytes()


@pytest.mark.parametrize("name", GOLDEN)
def test_a_golden_log_scores_what_it_scored(name: str) -> None:
    """A log that was kept is read and scored from its own bytes alone."""
    data = (HERE / f"{name}.jsonl").read_bytes()
    assert verify(data).right
    assert to_json(grade(DrillLog.read(data), people=True)) == (HERE / f"{name}.json").read_bytes()
