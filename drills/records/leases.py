"""Leases: which server has what to itself, when several share a PostgreSQL database.

A lease is a row: its name, its holder, a token that is new each time it is taken, and until when it holds. Only the
database's clock counts; no server's clock is read. There are two rules: to write under a lease, a server must show the
token in the row, in the transaction that writes and with the row locked; and once a row's time has run out, any server
may take it, which changes the token. So there is never a second holder that can write, whatever somebody did to the
rows: a row that was edited or deleted refuses its holder, and one that claims a time no lease can have counts as run
out.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from drills.records.database import StoreError
from drills.records.schema import DRILLS, LEASES, SERVERS
from drills.settings import LONGEST_LEASE

__all__ = [
    "Holder",
    "Lease",
    "LeaseLostError",
    "check",
    "end",
    "free",
    "give_back",
    "holders",
    "leave",
    "ours",
    "renew",
    "shared",
    "succeed",
    "sweep",
    "take",
]

_SLACK = 1.0
"""Seconds by which the database's clock may be set back before a lease looks longer than any can be."""
_KEPT = 60.0
"""Seconds after which rows that ran out are removed."""


class LeaseLostError(StoreError):
    """Another server has, or may have, what was to be written; nothing was written."""


class Lease(NamedTuple):
    """What a server shows when it writes."""

    name: str
    holder: str
    token: str


class Holder(NamedTuple):
    """A server that holds something."""

    id: str
    url: str
    """Where the other servers reach it."""


def _in(seconds: float) -> sa.ColumnElement[object]:
    """The instant that many seconds from now, by the database's clock."""
    return sa.func.clock_timestamp() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)


def _holds(until: sa.Column[object]) -> sa.ColumnElement[bool]:
    return (until > sa.func.clock_timestamp()) & (until <= _in(LONGEST_LEASE + _SLACK))


def check(connection: sa.Connection, wanted: Collection[Lease]) -> None:
    """Make sure that leases are still their holder's until the transaction ends. Raises LeaseLostError."""
    found = ours(connection, wanted)
    for lease in wanted:
        if lease.name not in found:
            raise LeaseLostError(f"another server has taken over {lease.name}; it goes on there")


def ours(connection: sa.Connection, leases: Collection[Lease]) -> set[str]:
    """The names of those leases that are still what their holder believes; they stay so until the transaction ends."""
    if not leases:
        return set()
    same = sa.tuple_(LEASES.c.name, LEASES.c.holder, LEASES.c.token).in_([tuple(lease) for lease in leases])
    # A lease that has run out but that nobody took is still its holder's: taking it changes the token.
    return set(connection.execute(sa.select(LEASES.c.name).where(same).with_for_update(read=True)).scalars())


def take(connection: sa.Connection, holder: str, names: Iterable[str], seconds: float) -> list[Lease]:
    """Take those of some leases that nobody holds. One that another server is writing under right now is left alone."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return []
    known = set(connection.execute(sa.select(LEASES.c.name).where(LEASES.c.name.in_(wanted))).scalars())
    over = LEASES.c.name.in_(wanted) & ~_holds(LEASES.c.until)
    locked = sa.select(LEASES.c.name).where(over).with_for_update(skip_locked=True)
    taken = [Lease(name, holder, secrets.token_hex(8)) for name in connection.execute(locked).scalars()]
    for lease in taken:
        changed = LEASES.update().where(LEASES.c.name == lease.name)
        connection.execute(changed.values(holder=holder, token=lease.token, until=_in(seconds)))
    for name in wanted:
        if name not in known:
            taken += _begin(connection, Lease(name, holder, secrets.token_hex(8)), seconds)
    return taken


def _begin(connection: sa.Connection, lease: Lease, seconds: float) -> list[Lease]:
    """Take a lease that has no row yet, unless another server was faster."""
    from sqlalchemy.dialects.postgresql import insert

    new = insert(LEASES).values(**lease._asdict(), until=_in(seconds)).on_conflict_do_nothing()
    return [lease] if connection.execute(new).rowcount else []


def renew(connection: sa.Connection, holder: Holder, leases: Collection[Lease], seconds: float) -> set[str]:
    """Record that a server is alive, and renew its leases; the names of those that are still its own."""
    from sqlalchemy.dialects.postgresql import insert

    here = insert(SERVERS).values(id=holder.id, internal_url=holder.url, until=_in(seconds))
    changed = {"internal_url": here.excluded.internal_url, "until": here.excluded.until}
    connection.execute(here.on_conflict_do_update(index_elements=["id"], set_=changed))
    still = ours(connection, leases)
    if still:
        longer = LEASES.update().where(LEASES.c.name.in_(still), LEASES.c.holder == holder.id)
        connection.execute(longer.values(until=_in(seconds)))
    return still


def give_back(connection: sa.Connection, leases: Collection[Lease]) -> None:
    """Let others have what a server held."""
    for lease in leases:
        same = (LEASES.c.name == lease.name) & (LEASES.c.holder == lease.holder) & (LEASES.c.token == lease.token)
        connection.execute(LEASES.delete().where(same))


def end(connection: sa.Connection, names: Collection[str]) -> None:
    """Take leases away from their holders: what they keep in memory has changed in the database."""
    connection.execute(LEASES.delete().where(LEASES.c.name.in_(names)))


def leave(connection: sa.Connection, holder: str) -> None:
    """A server ends: nothing is its own any more."""
    connection.execute(LEASES.delete().where(LEASES.c.holder == holder))
    connection.execute(SERVERS.delete().where(SERVERS.c.id == holder))


def succeed(connection: sa.Connection, holder: Holder) -> None:
    """Take what earlier servers at a server's address held: one that was killed and restarted need not wait until its
    own leases run out. If one of them is still alive, the database refuses its writes.
    """
    before = sa.select(SERVERS.c.id).where(SERVERS.c.internal_url == holder.url, SERVERS.c.id != holder.id)
    gone = list(connection.execute(before).scalars())
    connection.execute(LEASES.delete().where(LEASES.c.holder.in_(gone)))
    connection.execute(SERVERS.delete().where(SERVERS.c.id.in_(gone)))


def holders(connection: sa.Connection, name: str | None = None) -> Mapping[str, Holder]:
    """Who holds what, or one thing, among the servers that are alive."""
    asked = sa.select(LEASES.c.name, SERVERS.c.id, SERVERS.c.internal_url).join_from(
        LEASES, SERVERS, LEASES.c.holder == SERVERS.c.id
    )
    asked = asked.where(_holds(LEASES.c.until))
    if name is not None:
        asked = asked.where(LEASES.c.name == name)
    return {row.name: Holder(row.id, row.internal_url) for row in connection.execute(asked)}


def shared(connection: sa.Connection) -> bool:
    """Whether any server is alive."""
    asked = sa.select(sa.func.count()).select_from(SERVERS).where(_holds(SERVERS.c.until))
    return bool(connection.execute(asked).scalar())


def free(connection: sa.Connection) -> list[str]:
    """The open drills that nobody holds, the oldest first."""
    asked = sa.select(DRILLS.c.id).outerjoin(LEASES, LEASES.c.name == DRILLS.c.id)
    nobody = LEASES.c.name.is_(None) | ~_holds(LEASES.c.until)
    asked = asked.where(DRILLS.c.state.in_(("lobby", "running")), nobody).order_by(DRILLS.c.made, DRILLS.c.id)
    return list(connection.execute(asked).scalars())


def sweep(connection: sa.Connection) -> None:
    """Remove the rows of servers that are gone, and of leases that ran out long ago."""
    for table in (LEASES, SERVERS):
        connection.execute(table.delete().where(table.c.until < _in(-_KEPT)))
