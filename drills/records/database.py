"""Opening a database: its address, the locks against a second server on it, its settings, and what its errors mean."""

import contextlib
import fcntl
import os
import sqlite3
import struct
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

__all__ = [
    "BROKEN",
    "FAILURES",
    "InUseError",
    "Locks",
    "StoreError",
    "engines",
    "file_of",
    "is_sqlite",
    "reason",
    "shown",
    "url_of",
    "visiting",
]

BUSY_SECONDS = 5.0
"""How long to wait for another program that holds the database."""
SILENT_SECONDS = 8.0
"""How long to wait for a database that does not answer at all, such as one whose process was stopped."""
ADVISORY_LOCK = 0x6472696C6C
"""The lock that servers share on PostgreSQL. Version 0.1.0 takes it exclusively, and so does a migration."""
IDLE_SECONDS = 3.0
"""After this time PostgreSQL aborts a transaction of a server that hangs in it: others wait for its locks."""
FAILURES: tuple[type[Exception], ...] = (sa.exc.SQLAlchemyError, sqlite3.Error, OSError)
"""What opening and reading a database can raise."""
BROKEN = (sa.exc.OperationalError, sa.exc.InternalError, sa.exc.InterfaceError, sa.exc.ResourceClosedError)
"""Errors of the database itself, as opposed to wrong input."""
_PLAINLY = {
    "database is locked": f"another program has held it for more than {BUSY_SECONDS:.0f} seconds",
    "database or disk is full": "the disk is full; make room",
    "disk I/O error": "the disk does not work as it should (I/O error)",
    "attempt to write a readonly database": "it may not be written; look at the rights of its file and folder",
    "unable to open database file": "its file cannot be opened; look at its folder, and at the rights there",
    "file is not a database": "the file is not a database; name another",
}
"""What SQLite says, and what we say instead: what to do."""


class StoreError(Exception):
    """The database cannot be used, or did not store what it was given; the message says what to do."""


class InUseError(StoreError):
    """Another server uses the database."""


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


def is_sqlite(url: URL) -> bool:
    """Whether it is a file, which only one server can use."""
    return url.get_backend_name() == "sqlite"


def shown(url: URL) -> str:
    """An address for messages, without its password."""
    return str(url.database) if is_sqlite(url) else url.render_as_string(hide_password=True)


def file_of(url: URL) -> Path:
    """The file of an SQLite database, with links resolved."""
    return Path(url.database or "").resolve()


class Locks:
    """Keep a second server away from a database's file. They are released when their holder ends, however it ends.

    One is beside the file, where version 0.1.0 looks. The other is in the file itself, so that neither another name for
    it nor a lock that somebody removed lets a second server in. On PostgreSQL the writing connection holds a lock.
    """

    def __init__(self, url: URL) -> None:
        """Take them. Raises StoreError."""
        self._files: list[IO[bytes]] = []
        if not is_sqlite(url):
            return
        path = file_of(url)
        try:
            self._take(path, url)
        except (FileExistsError, NotADirectoryError):
            raise StoreError(f"{path.parent} is not a folder; name another database") from None
        except OSError as error:
            raise StoreError(f"{path}.lock cannot be written: {error.strerror}; name another database") from None

    def _take(self, path: Path, url: URL) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(f"{path}.lock").open("ab")  # noqa: SIM115 - it is closed with the database
        self._files.append(beside)
        try:
            fcntl.flock(beside, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            raise InUseError(_second(url, _schema_of(path))) from None
        self._take_inside(path, url)

    def _take_inside(self, path: Path, url: URL) -> None:
        """Lock a byte of the file far beyond those that SQLite locks."""
        with contextlib.suppress(OSError):  # SQLite gives a better message about what is wrong with the file
            inside = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, _OURS), "r+b")
            self._files.append(inside)
            if inside.read(len(_MAGIC)) in (b"", _MAGIC):
                _only_ours(path)
            try:
                fcntl.fcntl(inside, _SET_LOCK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _FAR, 1, 0))
            except OSError:
                self.close()
                raise InUseError(_second(url, _schema_of(path))) from None

    def close(self) -> None:
        """Release them."""
        for file in self._files:
            file.close()
        self._files = []


_OURS = 0o600
"""People's names and links are in it: only the owner of the server may read it."""
_MAGIC = b"SQLite format 3\0"
_FAR = 2**40
_SET_LOCK = getattr(fcntl, "F_OFD_SETLK", fcntl.F_SETLK)
"""A lock on the open file where there are such, not on the process: SQLite opens and closes the same file."""


def _only_ours(path: Path) -> None:
    """Take away other users' rights to the file and to what SQLite keeps beside it."""
    for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with contextlib.suppress(OSError):
            one.chmod(_OURS)


def _second(url: URL, schema: object) -> str:
    """What a second server is told; an older one is mentioned, since this one would migrate the database under it."""
    if schema == "1":
        return f"{shown(url)}: a server of version 0.1.0 uses this database; stop it first, then start this one"
    if not is_sqlite(url):
        return f"{shown(url)}: a server of another version has this database to itself; stop it first, or wait for it"
    return (
        f"{shown(url)}: another server uses this database; stop it, or name another. "
        "An SQLite file takes one server; for several, use PostgreSQL"
    )


_ASK_SCHEMA = "SELECT value FROM meta WHERE key = 'schema'"


def _schema_of(path: Path) -> object:
    """The schema of a file that another server holds, if it can be read."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as connection:
        return (connection.execute(_ASK_SCHEMA).fetchone() or [None])[0]
    return None


def engines(url: URL) -> tuple[sa.Engine, sa.Engine]:
    """The engine for reads, and the one for writes: one connection, begun as what writes. Raises StoreError."""
    if is_sqlite(url):
        return _sqlite(url, "BEGIN", pool_size=5), _sqlite(url, "BEGIN IMMEDIATE", pool_size=1)
    reads, writes = _postgresql(url, pool_size=5), _postgresql(url, pool_size=1)
    _share_with(writes, url)
    return reads, writes


def visiting(url: URL) -> sa.Engine:
    """An engine to read PostgreSQL from a program that is not a server. Raises StoreError."""
    return _postgresql(url, pool_size=1)


def _sqlite(url: URL, begins: str, pool_size: int) -> sa.Engine:
    patience = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sa.create_engine(url, connect_args=patience, pool_size=pool_size)

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below
        connection.text_factory = _text
        for line in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {line}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begins)

    return engine


def _text(stored: bytes) -> str:
    """Text as it is stored. What is not UTF-8 fails when it is read as JSON, and so only in its own drill."""
    return stored.decode(errors="surrogateescape")


def _postgresql(url: URL, pool_size: int) -> sa.Engine:
    """A network can be slow or gone: nothing waits for it forever. Raises StoreError."""
    if url.get_backend_name() != "postgresql":
        raise StoreError(f"{shown(url)}: drills are kept in SQLite or in PostgreSQL; name one of those")
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
        cursor.execute(f"SET statement_timeout = '{SILENT_SECONDS:.0f}s'")
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) FROM pg_settings WHERE name = "
            "'synchronous_commit' AND setting = 'off'"
        )
        cursor.close()
        connection.commit()

    return engine


def _share_with(engine: sa.Engine, url: URL) -> None:
    """Let the writing connection share the lock with those of other servers. It is released with the connection."""

    @sa.event.listens_for(engine, "connect")
    def _hold(connection: DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS:.0f}s'")
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", (ADVISORY_LOCK,))
        held = cursor.fetchone()
        if held is None or not held[0]:
            schema = _held_schema(cursor)
            connection.close()
            raise InUseError(_second(url, schema))
        cursor.close()
        connection.commit()


def _held_schema(cursor: DBAPICursor) -> object:
    cursor.execute("SELECT to_regclass('meta')")
    if (cursor.fetchone() or [None])[0] is None:
        return None
    cursor.execute(_ASK_SCHEMA)
    return (cursor.fetchone() or [None])[0]


def reason(error: BaseException) -> str:
    """Why something failed, in one line."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    if text.endswith(": Connection refused"):
        said = text.removeprefix("connection failed: ")
        return f"nothing answers there ({said}); is it running, and is the address right?"
    return _PLAINLY.get(text, text)
