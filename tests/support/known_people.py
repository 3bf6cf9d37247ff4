"""People who are known before a test begins, with readable ids: those that the program makes are random."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from drills.records.future import Promise
from drills.records.people import ROOM
from drills.records.schema import ALIASES, PEOPLE, TEAM_MEMBERS
from drills.records.store import Store
from drills.records.tombstones import plain

__all__ = ["know"]


def know(store: Store, names: Mapping[str, Sequence[str]]) -> Promise[None]:
    """Make rows for people of the usual team, by their ids: each with a name, and others by which they are known."""

    def work(connection: sa.Connection) -> None:
        if connection.execute(sa.select(PEOPLE)).first() is not None:
            return  # they are there since a test before
        rows = [{"id": who, "name": name[0], "email": "", "made": f"2026-01-01 {who}"} for who, name in names.items()]
        connection.execute(PEOPLE.insert(), rows)
        connection.execute(TEAM_MEMBERS.insert(), [{"team": ROOM, "person": who} for who in names])
        also = [(who, plain(other)) for who, name in names.items() for other in name[1:]]
        for who, other in also:
            connection.execute(ALIASES.insert().values(kind="name", team=ROOM, alias=other, person=who))

    return store.submit(work)
