"""A database with drills that nobody played: what the history keeps of each, and the line that its log would end in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from msgspec.structs import replace

from drills.records import history
from drills.records.schema import DRILLS, EVENTS
from scoring.history.figures import Figures

__all__ = ["keep", "weekly"]

_FIRST = datetime(2020, 1, 6, 14, tzinfo=UTC)


def weekly(drills: Iterable[Figures], **fields: object) -> list[Figures]:
    """Drills as if people had played one a week."""
    made = []
    for number, one in enumerate(drills):
        begun = _FIRST + timedelta(weeks=number)
        row = replace(
            one.drill,
            drill=f"drill-{number}",
            head=f"{number:064x}",
            kind="drill",
            players="person",
            first_responder_simulated=False,
            start=begun.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            date=begun.date().isoformat(),
        )
        crew = replace(one.crew, persons=one.crew.members)
        made.append(replace(one, drill=replace(row, **fields), crew=crew, responded=row.start))
    return made


def keep(connection: sa.Connection, drills: Iterable[Figures]) -> None:
    """Keep them in a database."""
    for one in drills:
        row = one.drill
        known = {"id": row.drill, "kind": "drill", "state": "closed", "made": row.start, "setup": "{}"}
        connection.execute(DRILLS.insert().values(**known, phase="closed"))
        line = f'{{"hash":"{row.head}"}}\n'.encode()
        connection.execute(EVENTS.insert().values(drill=row.drill, seq=0, data=line))
        history.close(connection, row.drill, row.head)
        history.put(connection, one)
