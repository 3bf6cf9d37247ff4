"""A drill's log as the database keeps it: its lines in rows, and beside them what people typed."""

import os

import sqlalchemy as sa

from drills.records.database import StoreError
from drills.records.schema import DRILLS, EVENTS, TEXTS
from simulator.log import DrillLog, LogError, SealedText
from simulator.seal import SALT_BYTES

__all__ = ["head_of", "new_salt", "read_log"]

_TAIL = len('"}\n')
_HEX = 64


def head_of(line: bytes) -> str:
    """The hash that a sealed line ends with."""
    return line[-_TAIL - _HEX : -_TAIL].decode("ascii", "replace")


def new_salt(_: int, __: str) -> bytes:
    """A salt for a text that somebody typed."""
    return os.urandom(SALT_BYTES)


def read_log(connection: sa.Connection, drill: str) -> DrillLog | None:
    """The log of a drill with its texts; None if it has not begun. Raises StoreError if it is not complete."""
    header = connection.execute(sa.select(DRILLS.c.header).where(DRILLS.c.id == drill)).scalar()
    if header is None:
        return None
    asked = sa.select(EVENTS.c.data).where(EVENTS.c.drill == drill).order_by(EVENTS.c.seq)
    lines = connection.execute(asked).scalars().all()
    beside = sa.select(TEXTS.c.seq, TEXTS.c.field, TEXTS.c.salt, TEXTS.c.text).where(TEXTS.c.drill == drill)
    texts = [SealedText(*row) for row in connection.execute(beside.order_by(TEXTS.c.seq))]
    try:
        log = DrillLog.read(b"".join((header, *lines)), texts)
    except (LogError, ValueError) as error:  # what is not UTF-8 is a ValueError
        raise StoreError(f"{drill} is not as it was stored: {error}; restore the database from a copy") from None
    if log.plan.drill != drill:
        raise StoreError(f"{drill} is not as it was stored: its log is that of {log.plan.drill}")
    return log
