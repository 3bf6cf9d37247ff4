"""What is kept for a time only: a sweep deletes it by the server's clock."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from drills.records import leases
from drills.records.schema import ATTENDANCE, DOWNLOADS, DRILLS, GUESSES, HANDLED, LINKS, SEATS, TEXTS
from simulator.fields import ERASED

__all__ = ["Keep", "Swept", "sweep"]


class Keep(NamedTuple):
    """For how many days something is kept."""

    guesses: int = 30
    """What people guessed before the score."""
    presence: int = 90
    """When somebody came, and by which link and session. That they were in a drill stays."""
    texts: int = 396
    """What people typed: 13 months."""


class Swept(NamedTuple):
    """What a sweep did."""

    rows: int
    """How many rows were deleted or emptied."""
    drills: list[str]
    """The drills whose texts were deleted. A server that has read them must read them again."""


def sweep(connection: sa.Connection, now: datetime, keep: Keep) -> Swept:
    """Delete what has been kept long enough, of drills that are closed."""

    def before(days: int) -> str:
        return (now - timedelta(days=days)).isoformat()

    def closed(days: int) -> sa.Select[tuple[str]]:
        return sa.select(DRILLS.c.id).where(DRILLS.c.state == "closed", DRILLS.c.made < before(days))

    old = closed(keep.texts)
    said = HANDLED.c.drill.in_(old) & (HANDLED.c.closed_text != ERASED)
    came = ATTENDANCE.c.at.is_not(None) & (ATTENDANCE.c.at < before(keep.presence))
    done = (
        GUESSES.delete().where(GUESSES.c.drill.in_(closed(keep.guesses))),
        TEXTS.delete().where(TEXTS.c.drill.in_(old)),
        HANDLED.update().where(said).values(closed_text=ERASED),
        DOWNLOADS.delete().where(DOWNLOADS.c.at < before(keep.texts)),
        ATTENDANCE.update().where(came).values(at=None),
        SEATS.delete().where(SEATS.c.expires < before(keep.presence)),
        LINKS.delete().where(LINKS.c.expires < before(keep.presence)),
    )
    emptied = list(connection.execute(sa.select(TEXTS.c.drill).where(TEXTS.c.drill.in_(old)).distinct()).scalars())
    leases.end(connection, emptied)
    return Swept(sum(connection.execute(each).rowcount for each in done), emptied)
