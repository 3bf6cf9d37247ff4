"""Opening a database: its address, the lock against a second server on it, its settings, and what its errors mean."""

import fcntl
import sqlite3
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

__all__ = ["BROKEN", "FAILURES", "StoreError", "engines", "lock_of", "reason", "shown", "url_of"]

BUSY_SECONDS = 5.0
"""How long to wait for another program that holds the database."""
ADVISORY_LOCK = 0x6472696C6C
"""What PostgreSQL knows the lock against a second server by."""
FAILURES: tuple[type[Exception], ...] = (sa.exc.SQLAlchemyError, sqlite3.Error, OSError)
"""What opening a database and reading from it can raise."""
BROKEN = (sa.exc.OperationalError, sa.exc.InternalError, sa.exc.InterfaceError, sa.exc.ResourceClosedError)
"""What says that the database fails, and not that it was given something wrong."""
_PLAINLY = {
    "database is locked": f"another program has held it for more than {BUSY_SECONDS:.0f} seconds",
    "database or disk is full": "the disk is full; make room",
    "disk I/O error": "the disk does not work as it should (I/O error)",
    "attempt to write a readonly database": "it may not be written; look at the rights of its file and folder",
    "unable to open database file": "its file cannot be opened; look at its folder, and at the rights there",
    "file is not a database": "the file is no database; name another",
}
"""What SQLite says, in words that say what to do."""


class StoreError(Exception):
    """The database cannot be used, or did not take what it was given; the message says what to do."""


def url_of(url: str | Path) -> URL:
    """The address that a path or a URL means. Raises StoreError."""
    if isinstance(url, Path) or "://" not in url:
        return URL.create("sqlite", database=str(url))
    try:
        known = make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError("the database's address cannot be read; write a file, or postgresql+psycopg://…") from None
    if known.drivername in ("postgres", "postgresql"):
        return known.set(drivername="postgresql+psycopg")
    if known.get_backend_name() == "sqlite" and known.database in (None, "", ":memory:"):
        raise StoreError("a database in memory would be gone with the server; name a file")
    return known


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def shown(url: URL) -> str:
    """An address as messages name it, without a password."""
    return str(url.database) if _is_sqlite(url) else url.render_as_string(hide_password=True)


def lock_of(url: URL) -> IO[bytes] | None:
    """A lock beside a database's file, against a second server on it. It goes when its holder ends, however it ends."""
    if not _is_sqlite(url):
        return None  # the connection that writes holds one in the database
    path = Path(f"{Path(url.database or '').resolve()}.lock")  # one lock, by whatever links people come to the file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except (FileExistsError, NotADirectoryError):
        raise StoreError(f"{path.parent} is no folder; name another database") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}; name another database") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StoreError(_second(url)) from None
    return file


def _second(url: URL) -> str:
    return f"{shown(url)}: another server uses this database; stop it, or name another"


def engines(url: URL) -> tuple[sa.Engine, sa.Engine]:
    """Where reads go, and where writes go: one connection, begun as what writes. Raises StoreError."""
    if _is_sqlite(url):
        return _sqlite(url, "BEGIN", pool_size=5), _sqlite(url, "BEGIN IMMEDIATE", pool_size=1)
    if url.get_backend_name() != "postgresql":
        raise StoreError(f"{shown(url)}: drills are kept in SQLite or in PostgreSQL; name one of those")
    reads, writes = _postgresql(url, pool_size=5), _postgresql(url, pool_size=1)
    _lock_with(writes, url)
    return reads, writes


def _sqlite(url: URL, begins: str, pool_size: int) -> sa.Engine:
    patience = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=patience, pool_size=pool_size)

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below
        for line in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {line}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begins)

    return engine


def _postgresql(url: URL, pool_size: int) -> sa.Engine:
    """A network can be slow or gone: nothing waits for it for ever."""
    patience = {
        "connect_timeout": round(BUSY_SECONDS),
        "tcp_user_timeout": round(BUSY_SECONDS * 1000),
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
    }
    try:
        engine = sa.create_engine(url, pool_pre_ping=True, connect_args=patience, pool_size=pool_size)
    except ImportError:
        raise StoreError("PostgreSQL needs one more package: pip install 'drillroom[postgres]'") from None

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS:.0f}s'")
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) FROM pg_settings WHERE name = "
            "'synchronous_commit' AND setting = 'off'"
        )
        cursor.close()
        connection.commit()

    return engine


def _lock_with(engine: sa.Engine, url: URL) -> None:
    """Let the connection that writes hold a lock against a second server. Whenever it is lost, so is the lock."""

    @sa.event.listens_for(engine, "connect")
    def _hold(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,))
        held = cursor.fetchone()
        cursor.close()
        connection.commit()
        if held is None or not held[0]:
            connection.close()
            raise StoreError(_second(url))


def reason(error: BaseException) -> str:
    """Why something failed, in one line."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    if text.endswith(": Connection refused"):
        said = text.removeprefix("connection failed: ")
        return f"nothing answers there ({said}); is it running, and is the address right?"
    return _PLAINLY.get(text, text)
