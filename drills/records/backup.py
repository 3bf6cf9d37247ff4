"""A copy of an SQLite database while it is in use, and putting one back: people who were forgotten stay forgotten."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from drills.records import tombstones
from drills.records.database import FAILURES, Locks, StoreError, file_of, is_sqlite, reason, shown, url_of
from drills.records.erasure import erase_again
from drills.records.people import new_id
from drills.records.store import Store
from drills.records.tombstones import Tombstone

__all__ = ["Restored", "back_up", "restore"]

_ASK_KEY = "SELECT value FROM meta WHERE key = 'secret'"


class Restored(NamedTuple):
    """What came of putting a copy back."""

    people: int
    """How many people were forgotten in it."""
    other: bool
    """Whether some tombstones could not be compared: they are from a database with another secret."""


def back_up(database: str, out: Path, at: str) -> None:
    """Copy a database, whether or not a server uses it; whole or not at all. Raises StoreError."""
    path = _file(database, "back up")
    if not path.is_file():
        raise StoreError(f"there is no database at {path}; name another with --database")
    if out.exists():
        raise StoreError(f"{out} is there already; name another file")
    part = Path(f"{out}.part")
    try:
        _copy(path, part, at)
        part.replace(out)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{out} cannot be written: {reason(error)}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _copy(path: Path, part: Path, at: str) -> None:
    """Copy a database, and record that in it."""
    with contextlib.closing(sqlite3.connect(path, timeout=5)) as source:
        _check_ours(source, path)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        noted = (new_id(), "", "", "backup", at)
        with _older_may_have_none(), source:
            source.execute("INSERT INTO downloads (id, drill, person, what, at) VALUES (?, ?, ?, ?, ?)", noted)
        with contextlib.closing(sqlite3.connect(part)) as target:
            source.backup(target)
            _let_go(target)


def restore(database: str, copy: Path, *, replace: bool) -> Restored:
    """Put a copy in the place of a database that no server uses. Before that, people forgotten since are forgotten in
    it too. Raises StoreError.
    """
    path = _file(database, "restore")
    if not copy.is_file():
        raise StoreError(f"there is no file {copy}")
    if path.exists() and not replace:
        raise StoreError(f"{path} is there already, and would be lost; say --replace, or name another with --database")
    locks = Locks(url_of(database))
    made = Path(f"{path}.restored")
    try:
        _remove(made)
        found = _prepared(path, copy, made)
        _put(made, path)
    except FAILURES as error:
        raise StoreError(f"{copy} cannot be restored: {reason(error)}") from None
    else:
        return found
    finally:
        _remove(made)
        locks.close()


def _remove(made: Path) -> None:
    """Remove a database that is not yet in place, and the files beside it."""
    for end in ("", "-wal", "-shm", ".lock", ".part", ".forgotten"):
        Path(f"{made}{end}").unlink(missing_ok=True)


def _file(database: str, what: str) -> Path:
    url = url_of(database)
    if not is_sqlite(url):
        way = (
            "pg_dump"
            if what == "back up"
            else "pg_restore, then start the server, which forgets again who was forgotten"
        )
        raise StoreError(f"{shown(url)} is not a file; {what} PostgreSQL by its own means: {way}")
    return file_of(url)


_HELD = ("DELETE FROM meta WHERE key LIKE 'server:%'", "DELETE FROM servers", "DELETE FROM leases")


def _let_go(connection: sqlite3.Connection) -> None:
    """No server holds a copy: without this, the server that held the database would be asked about the copy."""
    for line in _HELD:
        with _older_may_have_none(), connection:
            connection.execute(line)


@contextlib.contextmanager
def _older_may_have_none() -> Iterator[None]:
    """Allow a missing table: a database from an older version has fewer."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if not str(error).startswith("no such table"):
            raise


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    try:
        if connection.execute(_ASK_KEY).fetchone():
            return
    except sqlite3.DatabaseError:
        pass
    raise StoreError(f"{path} is not a drillroom database")


def _prepared(path: Path, copy: Path, made: Path) -> Restored:
    """Make the new database: the copy, migrated to our tables, without the people who were forgotten."""
    with contextlib.closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=ro", uri=True)) as source:
        _check_ours(source, copy)
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(made)) as target:
            source.backup(target)
            _let_go(target)
        secret = source.execute(_ASK_KEY).fetchone()[0]
    kept, other = _tombstones(path, secret)
    store = Store(made)
    try:
        count: int = store.submit(lambda connection: erase_again(connection, kept)).result()
        store.clean().result()
        every = store.read(tombstones.all_of).result()
    finally:
        store.close()
    tombstones.write_file(path, every)
    return Restored(count, other)


def _tombstones(path: Path, secret: str) -> tuple[list[Tombstone], bool]:
    """Those of the database that is replaced and those in the file beside it; and whether some have another secret."""
    try:
        found = tombstones.read_file(path)
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            f"{tombstones.beside(path)} is damaged, and says who was forgotten; restore it first"
        ) from None
    if path.exists() and path.stat().st_size:
        with contextlib.closing(sqlite3.connect(path)) as current, contextlib.suppress(sqlite3.OperationalError):
            rows = [Tombstone(str(a), str(b), bool(c)) for a, b, c in current.execute("SELECT * FROM forgotten")]
            theirs = (current.execute(_ASK_KEY).fetchone() or [""])[0]
            if theirs != secret:
                return [], bool(rows or found)
            found += rows
    return found, False


def _put(made: Path, path: Path) -> None:
    """Put a database in its place; the files beside the old one are removed."""
    for beside in (Path(f"{path}-wal"), Path(f"{path}-shm")):
        beside.unlink(missing_ok=True)
    made.replace(path)
