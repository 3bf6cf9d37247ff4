"""That somebody read a drill's record and stands by it: `sign-off.json` beside a log, or a row in the database."""

from pathlib import Path
from typing import Literal

import msgspec
import sqlalchemy as sa

from drills.records import people
from drills.records.log_file import log_file
from drills.records.schema import ATTENDANCE, SIGNATURES
from reports.evidence.signature import Signature
from scenarios.problem import LoadError, Problem

__all__ = ["SIGNED", "ran", "sign", "sign_off_beside", "sign_off_json", "sign_off_kept", "signed_through"]

SIGNED = "sign-off.json"


class _SignOff(msgspec.Struct):
    format: Literal[1]
    signature: Signature


def sign_off_json(signature: Signature) -> bytes:
    """The file's content."""
    return msgspec.json.format(msgspec.json.encode(_SignOff(1, signature)), indent=2) + b"\n"


def sign_off_beside(path: Path) -> Signature | None:
    """Who signed a log, from the file beside it; None if nobody did. Raises LoadError if it is broken."""
    file = log_file(path).with_name(SIGNED)
    if not file.is_file():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=_SignOff).signature
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        why = f"the sign-off cannot be read: {error}"
        raise LoadError([Problem(str(file), 0, 0, why, "restore it, or remove it and sign again")]) from None


def signed_through(data: bytes, head: str) -> int | None:
    """How many events of a log came after the line with that hash; None if it has no such line."""
    lines = data.rstrip(b"\n").split(b"\n")
    end = f'"{head}"}}'.encode()
    return next((after for after, line in enumerate(reversed(lines)) if line.endswith(end)), None)


# -- in the database ---------------------------------------------------------------------------------------------------


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
