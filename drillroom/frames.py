"""Drills as rows of a table, for pandas."""

from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from drillroom.folders import read
from drillroom.headless import grade
from scenarios.rubric import Rubric
from simulator.log import DrillLog

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

__all__ = ["Cell", "Frame", "frame", "row", "table"]

Cell = str | int | float | bool | None


def frame(drills: Iterable[DrillLog | str | Path], rubric: str | Path | Rubric | None = None) -> "Frame":
    """Many drills as a pandas DataFrame, one a row: what was played, and what it was worth under `rubric`.

    Each drill is a log, or the folder or file that `read` takes. Without a rubric each is graded under its own. What a
    drill does not have is missing in its row; times are seconds from the report. Needs pandas
    (pip install 'drillroom[pandas]'), and raises ImportError without it.
    """
    return table([row(one if isinstance(one, DrillLog) else read(one), rubric) for one in drills])


def table(rows: list[dict[str, Cell]]) -> "Frame":
    """Rows as a DataFrame; raises ImportError where there is no pandas."""
    try:
        from pandas import DataFrame
    except ImportError as error:
        raise ImportError(f"a frame needs pandas: pip install 'drillroom[pandas]' ({error})") from None
    return DataFrame(rows)


def row(log: DrillLog, rubric: str | Path | Rubric | None = None) -> dict[str, Cell]:
    """A drill as a row."""
    plan, card = log.plan, grade(log, rubric)
    measures: dict[str, Cell] = msgspec.structs.asdict(card.measures)
    answered = [time for time in card.measures.time_to_acknowledge_s if time is not None]
    conditions = card.conditions
    return {
        "drill": plan.drill,
        "scenario": plan.scenario.scenario,
        "protocol": plan.protocol.protocol,
        "team": plan.team,
        "players": _players(log),
        "seed": plan.seed,
        "start": plan.start.isoformat(),
        "severity": card.severity,
        "complete": log.complete,
        "score": card.score,
        "uncapped": card.uncapped,
        "reachable": card.reachable,
        "rating": card.rating,
        "caps": ", ".join(cap.id for cap in card.caps),
        **{f"component_{name}": one.score for name, one in card.components.items()},
        **measures,
        "time_to_acknowledge_s": median(answered) if answered else None,
        "mode": conditions.mode,
        "hints": conditions.hints,
        "interventions": conditions.interventions,
        "paused_s": conditions.paused_s,
        "skipped_s": conditions.skipped_s,
    }


def _players(log: DrillLog) -> str:
    """How good the simulated players are, or who played instead of them; several with a plus sign."""
    return "+".join(sorted({seat.profile or seat.kind for seat in log.plan.seats.values()}))
