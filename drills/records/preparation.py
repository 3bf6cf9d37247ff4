"""Preparing a database before it is used: its tables are made, or migrated from an older schema.

Before an SQLite file is changed, a copy of it is kept beside it. All of the change is one transaction.
"""

import contextlib
import os
import secrets
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from drills.records.database import ADVISORY_LOCK, StoreError, file_of, is_sqlite, shown
from drills.records.schema import META, SCHEMA, STEP, tables

__all__ = ["copy_of", "prepare"]

_PATIENT = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL lock_timeout = '60s'",
)
"""A migration may take its time, and servers that start together wait for the one that makes the tables."""
_ALONE = "SET LOCAL lock_timeout = '5s'"
"""How long to wait for other servers to go before tables are changed: one may be just ending."""


def prepare(url: URL, engine: sa.Engine) -> str:
    """Make the tables, or migrate them to our schema; the secret of the database. Raises StoreError."""
    if is_sqlite(url):
        with engine.connect() as connection, connection.begin():
            known = _known(connection, url)
        if known is not None and known < SCHEMA:
            _keep_copy(file_of(url), known)
    with engine.begin() as connection:
        if not is_sqlite(url):
            for line in _PATIENT:
                connection.exec_driver_sql(line)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK + 1)))
        known = _known(connection, url)
        if known is None:
            _make(connection)
        elif known < SCHEMA:
            _migrate(connection, url, known)
        return _secret(connection, url)


def _known(connection: sa.Connection, url: URL) -> int | None:
    """The schema that the database has; None if it is new. Raises StoreError if it is not one of ours."""
    if not sa.inspect(connection).has_table(META.name):
        return None
    known = connection.execute(sa.select(META.c.value).where(META.c.key == "schema")).scalar()
    if known is None:
        raise StoreError(f"{shown(url)} does not say its schema; it is damaged, or no database of ours")
    if not (known.isascii() and known.isdigit() and 1 <= int(known) <= SCHEMA):
        raise StoreError(
            f"{shown(url)} was written by a newer version (its schema is {known}, ours {SCHEMA}); upgrade drillroom"
        )
    return int(known)


def _make(connection: sa.Connection) -> None:
    tables.create_all(connection)
    connection.execute(META.insert().values(key="schema", value=str(SCHEMA)))
    connection.execute(META.insert().values(key="secret", value=secrets.token_hex(32)))
    connection.execute(STEP.insert().values(version_num=str(SCHEMA)))


def _migrate(connection: sa.Connection, url: URL, known: int) -> None:
    from drills.records.migrations.migrate import upgrade  # imports Alembic, which only an older database needs

    if not is_sqlite(url):
        _alone(connection, url)
    # Writers look at this row first: they wait for us, and then see that they must not write any more.
    connection.execute(META.update().where(META.c.key == "schema").values(value=str(known)))
    upgrade(connection, known)


def _alone(connection: sa.Connection, url: URL) -> None:
    """Have a PostgreSQL database to ourselves until the transaction ends. Raises StoreError."""
    connection.exec_driver_sql(_ALONE)
    try:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
    except sa.exc.OperationalError:
        raise StoreError(
            f"{shown(url)} is of an older version, and other servers use it; stop them all, then start this one"
        ) from None


def _secret(connection: sa.Connection, url: URL) -> str:
    found = connection.execute(sa.select(META.c.value).where(META.c.key == "secret")).scalar()
    if not found:
        raise StoreError(f"{shown(url)} has lost the secret that signs its links; restore it from a copy")
    return str(found)


def copy_of(file: Path, schema: int) -> Path:
    """Where the copy of a database's file is kept before it is migrated."""
    return Path(f"{file}.before-{schema}")


def _keep_copy(file: Path, schema: int) -> None:
    """Copy the file as it is. The copy gets its name only when it is complete. Raises StoreError."""
    kept = copy_of(file, schema)
    making = Path(f"{kept}.part")
    try:
        making.unlink(missing_ok=True)
        os.close(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        source, target = sqlite3.connect(file), sqlite3.connect(making)
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()
        with making.open("rb") as written:
            os.fsync(written.fileno())
        making.replace(kept)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            making.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or str(error)
        raise StoreError(f"{file} is of an older schema, and the copy to keep of it cannot be made ({why})") from None
