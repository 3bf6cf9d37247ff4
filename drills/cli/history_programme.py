"""`history --programme`: several teams for whoever answers for all of them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from drills.cli.outcome import Impossible
from drills.cli.terminal import columns, note, say_bytes, show, styled
from reports.programme import COLUMNS, NOTE, cells_of, course_in_words
from scoring.history.actions import Known, actions_of
from scoring.history.programme import Programme, programme_of
from scoring.history.selection import Filters, chosen

if TYPE_CHECKING:  # for the type alone
    from drills.records.archive import Archive

__all__ = ["show_programme"]


def show_programme(archive: "Archive | None", database: str | None, wanted: Filters, *, as_json: bool) -> None:
    """Print what the teams in some folders did, or those in a database. Raises Impossible."""
    if archive is None:
        found = _kept(database, wanted)
    else:
        drills = chosen(archive.history, wanted).drills
        today = datetime.now(UTC).date().isoformat()
        found = programme_of(drills, actions_of(archive.history.drills, Known(today)))
    if as_json:
        say_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        return
    if not found.teams:
        raise Impossible("there are no drills that people played, or none that were asked for")
    for left in archive.left_out if archive is not None else ():
        note(f"Left out: {left.file}: {left.why}")
    table = columns(*COLUMNS)
    for cells in cells_of(found.teams):
        table.add_row(*map(styled, cells))
    show(table, "", styled(course_in_words(found)), styled(NOTE, "dim"))


def _kept(database: str | None, wanted: Filters) -> Programme:
    from drills.cli.inputs import read_settings
    from drills.cli.server_client import database as opened

    asked = {name: said for name, said in wanted._asdict().items() if said is not None}
    with opened(read_settings(database=database)) as place:
        return msgspec.convert(place.get("/api/programme", **asked), Programme)
