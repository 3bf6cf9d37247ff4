"""Earlier drills together, as frames."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from drillroom.frames import table
from drills.records.archive import read_archive
from reports.history_export import columns_of, rows_of
from scoring.history.selection import Filters, chosen

if TYPE_CHECKING:
    from drillroom.frames import Frame

__all__ = ["History", "history"]


class History(NamedTuple):
    """Earlier drills together. docs/reference/history.md says what each column is."""

    drills: "Frame"
    """A row for each drill, in the order in which they began."""
    obligations: "Frame"
    """A row for each obligation of each drill."""
    notes: list[str]
    """What to know of these figures: teams of one name, clocks that were set back, renamed scenarios."""
    left_out: list[str]
    """The logs that are not in the frames, each as `place: reason`."""


def history(
    *places: str | Path,
    team: str | None = None,
    scenario: str | None = None,
    tag: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> History:
    """Read folders of earlier drills, at any depth, as two pandas DataFrames.

    `team`, `scenario` and `tag` are ids, `since` and `until` days such as "2026-03-31" in the team's zone, both
    included. A log that is torn, altered, of a newer version or there twice is left out and named. Raises LoadError for
    a folder that is not there, and ImportError without pandas.
    """
    table([])  # nothing is read for nothing
    archive = read_archive([Path(place) for place in places])
    drills = chosen(archive.history, Filters(team, scenario, tag, since, until)).drills
    frames = {
        name: table([msgspec.structs.asdict(row) for row in rows]).reindex(columns=list(columns_of(name)))
        for name, rows in rows_of(drills).items()
    }
    left_out = [f"{one.file}: {one.why}" for one in archive.left_out]
    return History(frames["drills"], frames["obligations"], archive.history.notes, left_out)
