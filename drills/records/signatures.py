"""Who signed a drill's record, in the database."""

import sqlalchemy as sa

from drills.records import people
from drills.records.schema import ATTENDANCE, SIGNATURES
from reports.evidence.signature import Signature

__all__ = ["ran", "sign", "sign_off_kept"]


def sign(connection: sa.Connection, drill: str, person: str, at: str, head: str) -> bool:
    """Keep that somebody signed a drill's record as it is; whether nobody had yet."""
    if connection.execute(sa.select(SIGNATURES.c.drill).where(SIGNATURES.c.drill == drill)).first() is not None:
        return False
    own = ran(connection, drill, person)
    connection.execute(SIGNATURES.insert().values(drill=drill, person=person, at=at, head=head, own=own))
    return True


def ran(connection: sa.Connection, drill: str, person: str) -> bool:
    """Whether somebody ran a drill."""
    asked = sa.select(ATTENDANCE.c.person).where(ATTENDANCE.c.drill == drill, ATTENDANCE.c.seat == "facilitator")
    return not set(people.ids_of(connection, person)).isdisjoint(connection.execute(asked).scalars())


def sign_off_kept(connection: sa.Connection, drill: str) -> Signature | None:
    """Who signed a drill's record; None if nobody did. Somebody who is forgotten has no name any more."""
    row = connection.execute(sa.select(SIGNATURES).where(SIGNATURES.c.drill == drill)).first()
    if row is None:
        return None
    by = people.called(connection, row.person) or "Somebody who is forgotten"
    return Signature(by=by, at=row.at, head=row.head, own=row.own)
