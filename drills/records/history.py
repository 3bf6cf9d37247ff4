"""What a history keeps of each closed drill, in the database.

A drill has a row from when it is closed, with the hash that its log ended in. Its outline and its figures are made
afterwards, and are valid for one log, one rubric, one version of the rules and one of the figures. If one of them has
changed, they are stale: they are hidden, and made again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from drills.records.schema import DRILLS, FIGURES, HISTORY
from scoring.history import VERSION

if TYPE_CHECKING:  # what grades, and NumPy, are only needed once drills are over
    from scoring.history.figures import Figures
    from scoring.history.outline import Outlines
    from scoring.history.selection import Filters, History

__all__ = ["clear", "close", "kept", "outlines", "put", "read", "stamp", "valid", "waiting"]

_AT_ONCE = 500
"""So many drills are asked for at once."""


def close(connection: sa.Connection, drill: str, log: str) -> None:
    """Keep that a drill is closed, and the hash that its log ends in; practice and rehearsals are nobody else's."""
    connection.execute(HISTORY.delete().where(HISTORY.c.drill == drill))
    row = sa.select(DRILLS.c.id, sa.literal(log)).where(DRILLS.c.id == drill, DRILLS.c.kind == "drill")
    connection.execute(HISTORY.insert().from_select(["drill", "log"], row))


def put(connection: sa.Connection, found: "Figures") -> None:
    """Keep what a history says of a closed drill, replacing what was kept before; nothing if it is gone meanwhile."""
    from scoring.history.outline import outline_of

    row, encode = found.drill, msgspec.json.encode
    made = {"head": row.head, "rubric": row.rubric, "rules": row.rules, "version": VERSION, "team": row.team}
    outline = outline_of(found)._asdict()
    there = HISTORY.update().where(HISTORY.c.drill == outline.pop("drill")).values(**made, **outline)
    if connection.execute(there).rowcount == 0:
        return
    connection.execute(FIGURES.delete().where(FIGURES.c.drill == row.drill))
    connection.execute(
        FIGURES.insert().values(
            drill=row.drill,
            figures=encode(msgspec.structs.replace(found, obligations=[])).decode(),
            obligations=encode(found.obligations).decode(),
        )
    )


def clear(connection: sa.Connection) -> None:
    """Hold nothing that was made for valid, so that all of it is made anew."""
    connection.execute(HISTORY.update().values(head=None))


def valid(rules: int) -> sa.ColumnElement[bool]:
    """Whether a row of the history holds."""
    return (HISTORY.c.rules == rules) & (HISTORY.c.version == VERSION) & (HISTORY.c.head == HISTORY.c.log)


def outlines(connection: sa.Connection, rules: int, team: str | None = None) -> "Outlines":
    """The outlines of every closed drill whose row is valid, or of a team's."""
    from scoring.history.outline import Outline, together

    asked = sa.select(*(HISTORY.c[name] for name in Outline._fields)).where(valid(rules))
    if team is not None:  # no other team's drills say anything of where its own belong
        asked = asked.where(HISTORY.c.team == team)
    rows: Any = connection.execute(asked).cursor
    return together(rows.fetchall())  # as the driver has them: making a row object of each takes longer


def read(
    connection: sa.Connection, rules: int, wanted: "Filters | None" = None, now: datetime | None = None
) -> "History":
    """The history of every closed drill whose row is valid, or of those that are wanted; see `order.placed`."""
    from scoring.history.order import among, placed, set_in
    from scoring.history.selection import Filters, History

    wanted = wanted or Filters()
    where = placed(outlines(connection, rules, wanted.team), now)
    chosen = where.order[among(where.outlines, wanted)[where.order]].tolist()
    found = _figures(connection, [where.outlines.drills[place] for place in chosen])
    drills = ((found.get(where.outlines.drills[place]), place) for place in chosen)
    return History([set_in(one, where, place) for one, place in drills if one is not None], where.notes)


def kept(connection: sa.Connection, rules: int, most: int | None = None) -> "list[Figures]":
    """What the history says of every closed drill whose row is valid; of at most so many, the newest."""
    asked = sa.select(HISTORY.c.drill).where(valid(rules)).join(DRILLS, DRILLS.c.id == HISTORY.c.drill)
    asked = asked.order_by(DRILLS.c.made.desc()).limit(most)
    return list(_figures(connection, connection.execute(asked).scalars().all()).values())


def waiting(connection: sa.Connection, rules: int, most: int) -> list[str]:
    """Closed drills whose row is not valid yet, the newest first, at most so many."""
    asked = sa.select(HISTORY.c.drill).where(sa.or_(HISTORY.c.head.is_(None), ~valid(rules)))
    asked = asked.join(DRILLS, DRILLS.c.id == HISTORY.c.drill).order_by(DRILLS.c.made.desc()).limit(most)
    return list(connection.execute(asked).scalars())


def _figures(connection: sa.Connection, drills: Sequence[str]) -> "dict[str, Figures]":
    """The figures of some drills whose rows are valid, by drill."""
    from scoring.history.figures import Figures, ObligationFigures

    whole, parts = msgspec.json.Decoder(Figures), msgspec.json.Decoder(list[ObligationFigures])
    found: dict[str, Figures] = {}
    for some in _shares(drills):
        for row in connection.execute(sa.select(FIGURES).where(FIGURES.c.drill.in_(some))):
            found[row.drill] = msgspec.structs.replace(
                whole.decode(row.figures), obligations=parts.decode(row.obligations)
            )
    return {drill: found[drill] for drill in drills if drill in found}


def _shares(drills: Sequence[str]) -> Iterable[Sequence[str]]:
    return (drills[start : start + _AT_ONCE] for start in range(0, len(drills), _AT_ONCE))


def stamp(connection: sa.Connection) -> str:
    """What changes whenever `kept` may give something else."""
    columns = (HISTORY.c.drill, HISTORY.c.head, HISTORY.c.rubric, HISTORY.c.rules, HISTORY.c.version)
    rows: Any = connection.execute(sa.select(*columns).order_by(HISTORY.c.drill)).cursor
    return sha256(repr(rows.fetchall()).encode()).hexdigest()  # as the driver has them: row objects take longer
