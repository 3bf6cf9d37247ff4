"""Corrective actions in the database: what was changed in them by hand, which drills retest them, and their words.

The list itself is made of the history (`scoring.history.actions`): an action is an event of its drill.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from drills.records.schema import ALIASES, DRILLS, HANDLED, PEOPLE, RETESTS, TEXTS, RetestRow
from scoring.history.actions import HOW, Closed, Handled, key_of
from simulator.fields import ERASED

__all__ = ["change", "close", "gone_of", "handled", "planned", "reopen", "retest", "retests_of", "texts"]

_AT_ONCE = 300
"""So many texts are asked for at once."""


# -- reading -----------------------------------------------------------------------------------------------------------


def handled(connection: sa.Connection) -> dict[str, Handled]:
    """What was changed by hand, by the key of the action."""
    found = {}
    for row in connection.execute(sa.select(HANDLED)):
        how = next((one for one in HOW if one == row.closed_how), None)
        closed = None
        if how is not None:
            closed = Closed(on=row.closed_on or "", how=how, text=row.closed_text or "", by=row.closed_by or "")
        changed = Handled(owner=row.owner, due_on=row.due_on, obligation=row.obligation, closed=closed)
        found[key_of(row.drill, row.seq)] = changed
    return found


def planned(connection: sa.Connection) -> dict[str, list[str]]:
    """The drills that are to retest an action and are not closed yet, by the key of the action."""
    asked = sa.select(RETESTS).join(DRILLS, DRILLS.c.id == RETESTS.c.drill).where(DRILLS.c.state != "closed")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in connection.execute(asked.order_by(RETESTS.c.drill)):
        found[key_of(row.earlier, row.seq)].append(row.drill)
    return dict(found)


def retests_of(connection: sa.Connection, drill: str) -> list[RetestRow]:
    """What a drill is to test again."""
    asked = sa.select(RETESTS).where(RETESTS.c.drill == drill).order_by(RETESTS.c.earlier, RETESTS.c.seq)
    return [RetestRow(*row) for row in connection.execute(asked)]


def texts(connection: sa.Connection, actions: Iterable[tuple[str, int]]) -> dict[str, str]:
    """The words of actions, by their keys; a mark in the place of those that were erased."""
    wanted = list(actions)
    found = {key_of(*one): ERASED for one in wanted}
    for start in range(0, len(wanted), _AT_ONCE):
        same = sa.tuple_(TEXTS.c.drill, TEXTS.c.seq).in_(wanted[start : start + _AT_ONCE])
        asked = sa.select(TEXTS.c.drill, TEXTS.c.seq, TEXTS.c.text).where(same, TEXTS.c.field == "text")
        found |= {key_of(drill, seq): text for drill, seq, text in connection.execute(asked)}
    return found


def gone_of(connection: sa.Connection, owners: Iterable[str]) -> set[str]:
    """Those of some ids that belong to nobody here any more: they were forgotten, or were simulated."""
    wanted = {one for one in owners if one}
    known = set(connection.execute(sa.select(PEOPLE.c.id).where(PEOPLE.c.id.in_(wanted))).scalars())
    merged = sa.select(ALIASES.c.alias).where(ALIASES.c.kind == "id", ALIASES.c.alias.in_(wanted))
    return wanted - known - set(connection.execute(merged).scalars())


# -- changing ----------------------------------------------------------------------------------------------------------


def retest(connection: sa.Connection, rows: Sequence[RetestRow]) -> None:
    """Keep what a new drill is to test again."""
    if rows:
        connection.execute(RETESTS.insert(), [row._asdict() for row in rows])


def change(connection: sa.Connection, drill: str, seq: int, **values: str | None) -> None:
    """Change `owner`, `due_on` or `obligation` of an action; None lets the log say it again."""
    _put(connection, drill, seq, values)


def close(connection: sa.Connection, drill: str, seq: int, closed: Closed) -> None:
    """Keep that somebody saw that an action is done."""
    values = {"on": closed.on, "how": closed.how, "by": closed.by, "text": closed.text}
    _put(connection, drill, seq, {f"closed_{name}": value for name, value in values.items()})


def reopen(connection: sa.Connection, drill: str, seq: int) -> None:
    """Take it back that an action is done."""
    _put(connection, drill, seq, dict.fromkeys(("closed_on", "closed_how", "closed_by", "closed_text")))


def _put(connection: sa.Connection, drill: str, seq: int, values: dict[str, str | None]) -> None:
    same = (HANDLED.c.drill == drill) & (HANDLED.c.seq == seq)
    if connection.execute(HANDLED.update().where(same).values(**values)).rowcount == 0:
        connection.execute(HANDLED.insert().values(drill=drill, seq=seq, **values))
