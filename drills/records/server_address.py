"""Where the servers of a database answer: each notes it in the database, and commands look there.

That works for SQLite, whose file can be read while a server holds it, and for PostgreSQL, whose server may run
elsewhere. Anyone who can read it can also read the secret, which proves that a command comes from the owner.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import URL

from drills.records import database, leases
from drills.records.database import FAILURES, StoreError, file_of, is_sqlite, reason, shown
from drills.records.future import Promise
from drills.records.schema import META, SERVERS
from drills.records.store import Store

__all__ = ["Address", "Glance", "glance", "note", "withdraw"]

_KEY = "server:"
"""The prefix of these rows' keys in META; the server's run follows."""


class Address(msgspec.Struct, frozen=True):
    """A server that is running, or was when last heard of: one that was killed leaves this behind."""

    url: str
    """Where it answers on its own machine, without a path."""
    run: str
    """A random name for this start of the server: what is signed for it is invalid for any other."""
    version: str
    machine: str
    """The machine's name."""


class Glance(NamedTuple):
    """What a database says before it is opened."""

    schema: str
    secret: str
    servers: Sequence[Address]
    """The servers that noted where they are; one that was killed is still among them."""
    shared: bool
    """Whether servers that share it are running, wherever they are."""


def note(store: Store, address: Address) -> Promise[object]:
    """Note where a server answers. What a killed server left behind at that address is removed."""
    row = {"key": _KEY + address.run, "value": msgspec.json.encode(address).decode()}

    def work(connection: sa.Connection) -> None:
        for key, known in _noted(connection.execute(sa.select(META))):
            if store.ours_alone or known is None or (known.url, known.machine) == (address.url, address.machine):
                connection.execute(META.delete().where(META.c.key == key))
        connection.execute(META.insert().values(**row))

    return store.submit(work)


def withdraw(store: Store, address: Address) -> Promise[object]:
    """Remove a server that has ended."""
    return store.submit(lambda connection: connection.execute(META.delete().where(META.c.key == _KEY + address.run)))


def glance(url: URL) -> Glance | None:
    """What a database says, without locking or changing it; None if there is none. Raises StoreError."""
    if is_sqlite(url) and not _is_there(url):
        return None
    engine = _sqlite(file_of(url)) if is_sqlite(url) else database.visiting(url)
    try:
        with engine.connect() as connection:
            if not sa.inspect(connection).has_table(META.name):
                return None
            known = {str(key): str(value) for key, value in connection.execute(sa.select(META))}
            shared = not is_sqlite(url) and sa.inspect(connection).has_table(SERVERS.name) and leases.shared(connection)
    except FAILURES as error:
        raise StoreError(f"{shown(url)}: the database cannot be read: {reason(error)}") from None
    finally:
        engine.dispose()
    servers = [address for _, address in _noted(known.items()) if address is not None]
    return Glance(known.get("schema", ""), known.get("secret", ""), servers, shared)


def _is_there(url: URL) -> bool:
    """Whether there is a file. Raises StoreError if we may not look."""
    try:
        file_of(url).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(f"{shown(url)}: the database cannot be read: {(error.strerror or '').lower()}") from None
    return True


def _sqlite(file: Path) -> sa.Engine:
    """Connections to an existing file; none is created."""
    return sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=database.BUSY_SECONDS),
        poolclass=sa.NullPool,
    )


def _noted(rows: Iterable[Any]) -> Iterator[tuple[str, Address | None]]:
    """What servers noted, by key; each as it says, if it can be read."""
    for key, value in rows:
        if key.startswith(_KEY):
            try:
                yield key, msgspec.json.decode(value or "", type=Address)
            except msgspec.MsgspecError:
                yield key, None
