"""A history on screen: one table for drills that may stand beside each other, and what a reader should know of them."""

from typing import TYPE_CHECKING

import msgspec

from drills.cli.terminal import columns, note, say, show, styled
from drills.planning.calibration.kept import difficulties
from drills.records.archive import Archive
from reports.format import score_points
from reports.standing import FEWEST, standing
from reports.training import advice_of
from scoring.history.figures import DrillFigures, Figures
from scoring.history.selection import Keys, countable, keys_of, newcomers_of, told
from scoring.labels import counted

if TYPE_CHECKING:  # rich is slow to import and comes with the first table
    from rich.table import Table

__all__ = ["as_json", "show_history"]

_MOST = 20
"""So many drills of a table are shown, the newest."""


def as_json(archive: Archive) -> bytes:
    """A history as JSON."""
    shown = {
        **msgspec.structs.asdict(told(archive.history)),
        "left_out": [one._asdict() for one in archive.left_out],
    }
    return msgspec.json.format(msgspec.json.encode(shown), indent=2) + b"\n"


def show_history(archive: Archive) -> None:
    """Print a history, and on standard error what was left out of it."""
    tables: dict[Keys, list[Figures]] = {}
    for one in archive.history.drills:
        tables.setdefault(keys_of(one.drill), []).append(one)
    apart = {key.team for key in tables if key.group > 1}
    for place, mine in enumerate(tables.values()):
        if place:
            say()
        show(styled(_heading(mine, apart), "bold"), _table(mine))
        if sentences := _sentences(mine):
            show("", *map(styled, sentences))
    for sentence in archive.history.notes:
        note(f"Note: {sentence}.")
    for left in archive.left_out:
        note(f"Left out: {left.file}: {left.why}")


def _sentences(drills: list[Figures]) -> list[str]:
    """Where the team stands and what it should train next; nothing of fewer drills than that takes."""
    rows = [one.drill for one in drills]
    if len(countable(rows)) < FEWEST:
        return []
    from drills.planning.calibration.kept import losses
    from drills.planning.crew import ready_level
    from scoring.history.readiness import Circumstances
    from scoring.history.training import training_of

    played = [one.scenario for one in rows]
    advice = advice_of(training_of(drills, losses(played)))
    said = standing(rows, Circumstances(difficulties(played), newcomers_of(drills)), ready_level(rows[-1].team))
    return [*said, advice.headline, *([advice.reason] if advice.reason else [])]


def _heading(drills: list[Figures], apart: set[str]) -> str:
    """Which drills these are: `officeluv: 3 drills, assessed, protocol officeluv`."""
    one = drills[0].drill
    team = f"{one.team} ({one.group})" if one.team in apart else one.team
    words = {
        "drill": ("drill", "drills"),
        "practice": ("practice", "practices"),
        "rehearsal": ("rehearsal", "rehearsals"),
        "simulated": ("simulated drill", "simulated drills"),
        "real": ("real incident", "real incidents"),
        "unknown": ("drill of an older version, of unknown kind", "drills of older versions, of unknown kind"),
    }
    players = f", players {one.players}" if one.kind == "simulated" else ""
    return f"{team}: {counted(len(drills), *words[one.kind])}{players}, {one.mode}, protocol {one.protocol}"


def _table(drills: list[Figures]) -> "Table":
    table = columns("Began", "Drill", "Scenario", "Score", "Response", "Roles", "", right=(3, 4, 5))
    for one in drills[-_MOST:]:
        row = one.drill
        figures = (score_points(row.score), score_points(row.response_time), score_points(row.role_coverage))
        cells = (row.date, row.drill, row.scenario, *figures, ", ".join(remarks(row)))
        table.add_row(*map(styled, cells))
    left = len(drills) - _MOST
    if left > 0:
        table.add_row(styled(""), styled(f"and {left} earlier", "dim"), *([""] * 5))
    return table


def remarks(row: DrillFigures) -> list[str]:
    """What has to be known of a drill beside others."""
    found = {
        "not played to its end": not row.complete,
        "cut short": row.cut_short,
        "provisional": row.provisional and row.complete,
        "first responder simulated": row.kind != "simulated" and row.first_responder_simulated,
        "played before": row.kind != "simulated" and row.repeat > 0,
    }
    said = [words for words, holds in found.items() if holds]
    return [*said, counted(row.hints, "hint", "hints")] if row.hints else said
