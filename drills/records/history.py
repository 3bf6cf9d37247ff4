"""What a history keeps of each closed drill, in the database.

A row is valid for one log, one rubric, one version of the rules and one of these figures. If one of them has changed,
it is stale: it is hidden, and made again.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from drills.records.schema import DRILLS, HISTORY
from drills.records.stored_log import heads_of
from scoring.history import VERSION

if TYPE_CHECKING:  # what grades is only needed once drills are over
    from scoring.history.figures import Figures

__all__ = ["fresh", "kept", "put", "stamp"]

_AT_ONCE = 500
"""So many drills are asked for at once."""


def put(connection: sa.Connection, found: "Figures") -> None:
    """Keep what a history says of a drill, replacing what was kept before."""
    row, encode = found.drill, msgspec.json.encode
    connection.execute(HISTORY.delete().where(HISTORY.c.drill == row.drill))
    connection.execute(
        HISTORY.insert().values(
            drill=row.drill,
            head=row.head,
            rubric=row.rubric,
            rules=row.rules,
            version=VERSION,
            figures=encode(msgspec.structs.replace(found, obligations=[])).decode(),
            obligations=encode(found.obligations).decode(),
        )
    )


def fresh(connection: sa.Connection, drills: Sequence[str], rules: int) -> set[str]:
    """Those of some closed drills whose rows are valid."""
    return {row.drill for row in _rows(connection, drills, rules, HISTORY.c.drill, HISTORY.c.head)}


def _rows(connection: sa.Connection, drills: Sequence[str], rules: int, *columns: sa.Column[Any]) -> list[sa.Row[Any]]:
    found: list[sa.Row[Any]] = []
    for start in range(0, len(drills), _AT_ONCE):
        some = list(drills[start : start + _AT_ONCE])
        asked = sa.select(*columns).where(
            HISTORY.c.drill.in_(some), HISTORY.c.rules == rules, HISTORY.c.version == VERSION
        )
        rows = list(connection.execute(asked))
        heads = heads_of(connection, [row.drill for row in rows])
        found += [row for row in rows if row.head == heads.get(row.drill)]
    return found


def kept(connection: sa.Connection, rules: int, most: int | None = None) -> "list[Figures]":
    """What the history says of every closed drill whose row is valid; of at most so many, the newest."""
    from scoring.history.figures import Figures, ObligationFigures

    asked = sa.select(DRILLS.c.id).where(DRILLS.c.state == "closed", DRILLS.c.kind == "drill")
    asked = asked.order_by(DRILLS.c.made.desc()).limit(most)
    drills = list(connection.execute(asked).scalars())
    columns = (HISTORY.c.drill, HISTORY.c.head, HISTORY.c.figures, HISTORY.c.obligations)
    whole, parts = msgspec.json.Decoder(Figures), msgspec.json.Decoder(list[ObligationFigures])
    return [
        msgspec.structs.replace(whole.decode(row.figures), obligations=parts.decode(row.obligations))
        for row in _rows(connection, drills, rules, *columns)
    ]


def stamp(connection: sa.Connection) -> str:
    """What changes whenever `kept` may give something else."""
    columns = (HISTORY.c.drill, HISTORY.c.head, HISTORY.c.rubric, HISTORY.c.rules, HISTORY.c.version)
    rows = connection.execute(sa.select(*columns).order_by(HISTORY.c.drill)).all()
    return sha256(repr(rows).encode()).hexdigest()
