"""Drills scored again beside what they scored before: a table, and what a reader should know of it."""

from collections.abc import Sequence

import msgspec

from drills.cli.terminal import columns, note, show, styled
from drills.records.archive import LeftOut
from drills.records.second_scores import Rescored, Side
from reports.format import score_points
from scoring.labels import counted

__all__ = ["as_json", "show_rescored"]


def as_json(rows: Sequence[Rescored], left_out: Sequence[LeftOut]) -> bytes:
    """Both sides of each drill as JSON."""
    drills = [{**one._asdict(), "old": one.old._asdict(), "new": one.new._asdict()} for one in rows]
    shown = {"drills": drills, "left_out": [one._asdict() for one in left_out]}
    return msgspec.json.format(msgspec.json.encode(shown), indent=2) + b"\n"


def show_rescored(rows: Sequence[Rescored], left_out: Sequence[LeftOut]) -> None:
    """Print both sides of each drill, and on standard error what was left out."""
    table = columns("Drill", "Old", "New", "Difference", "What changed most", right=(1, 2, 3))
    for one in rows:
        change = "" if one.difference is None else f"{one.difference:+.1f}"
        most = one.most or "nothing"
        cells = (one.drill, score_points(one.old.score), score_points(one.new.score), change)
        table.add_row(*map(styled, (*cells, most if one.by is None else f"{most} ({one.by:+.1f})")))
    show(table)
    show("", styled(f"Old: {_by([one.old for one in rows])}. New: {_by([one.new for one in rows])}.", "dim"))
    alone = sum(not one.kept for one in rows)
    if alone:
        what = counted(alone, "log has", "logs have")
        note(f"Note: {what} no scorecard beside it; old is the log's own rubric by today's rules.")
    for left in left_out:
        note(f"Left out: {left.file}: {left.why}")


def _by(sides: Sequence[Side]) -> str:
    """By which rules and rubrics, such as `rules 1 and 2, rubric 1a2b3c4d5e6f`."""
    rules = sorted({"unknown" if one.rules is None else str(one.rules) for one in sides})
    rubrics = sorted({one.rubric[:12] for one in sides})
    named = f"rubric {rubrics[0]}" if len(rubrics) == 1 else f"{len(rubrics)} rubrics"
    return f"rules {' and '.join(rules)}, {named}"
