"""Makes the golden logs and their scorecards again: `python -m tests.golden`. Say in the commit why they changed.

The logs of format 1 stay as they were written; only their scorecards are made again.
"""

from pathlib import Path

from scoring.scorecard import grade, to_json
from simulator.log import DrillLog
from simulator.texts import texts_json
from tests.golden import GOLDEN, planned, worth
from tests.support import play


def main() -> None:
    """Write every golden log and its scorecard, and the scorecards of the logs that version 0.1.0 wrote."""
    here = Path(__file__).parent
    for name in GOLDEN:
        log: DrillLog = play(planned(name))
        (here / f"{name}.jsonl").write_bytes(log.data)
        (here / f"{name}.texts.json").write_bytes(texts_json(log.texts))
        (here / f"{name}.json").write_bytes(to_json(grade(log, people=True)))
    for path in (here / "format-1").glob("*.jsonl"):
        path.with_suffix(".json").write_bytes(to_json(grade(DrillLog.read(path.read_bytes()), people=True)))
    for old in sorted((here / "format-1").glob("*.jsonl")):
        old.with_suffix(".json").write_bytes(to_json(grade(DrillLog.read(old.read_bytes()), people=True)))
    worth.note()


if __name__ == "__main__":
    main()
