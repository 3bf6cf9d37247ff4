"""Where live drills are kept: SQLite by default, another database by its URL. One writer, and answers after the commit.

Everything that waits goes into one transaction: a writer thread takes what is there, writes it, commits, and only then
tells those who wait. The schema's version is in the database from the first day; a newer one than ours is refused.
"""

import contextlib
import fcntl
import queue
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from simulator.events import Event

__all__ = ["DrillRow", "LinkRow", "Store", "StoreError"]

SCHEMA = 1
"""The version of the tables below."""
MOST_AT_ONCE = 512
"""So many pieces of work go into one transaction at most."""
BUSY_SECONDS = 5.0
"""How long to wait for another process that holds the database."""

_meta = sa.MetaData()
_TABLE = sa.Table
META = _TABLE("meta", _meta, sa.Column("key", sa.String(40), primary_key=True), sa.Column("value", sa.Text))
DRILLS = _TABLE(
    "drills",
    _meta,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("made", sa.String(40), nullable=False),
    sa.Column("setup", sa.Text, nullable=False),
    sa.Column("plan", sa.Text),
    sa.Column("alive", sa.Text),
)
EVENTS = _TABLE(
    "events",
    _meta,
    sa.Column("drill", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
LINKS = _TABLE(
    "links",
    _meta,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("drill", sa.String(64)),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("member", sa.String(64)),
    sa.Column("expires", sa.String(40), nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False, default=False),
)
SEATS = _TABLE(
    "seats",
    _meta,
    sa.Column("session", sa.String(64), primary_key=True),
    sa.Column("drill", sa.String(64), primary_key=True),
    sa.Column("link", sa.String(64), nullable=False),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("member", sa.String(64)),
    sa.Column("admitted", sa.Boolean, nullable=False, default=False),
    sa.Column("expires", sa.String(40), nullable=False),
)
NOTES = _TABLE(
    "notes",
    _meta,
    sa.Column("drill", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("data", sa.Text, nullable=False),
)

_ENCODE = msgspec.json.Encoder().encode
_DECODE: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class StoreError(Exception):
    """The database cannot be used, or did not take what it was given; the message says what to do."""


class DrillRow(NamedTuple):
    """A drill as the database keeps it."""

    id: str
    kind: str
    """`drill`, `practice` or `rehearsal`; only drills enter the history."""
    state: str
    """`lobby`, `running` or `closed`."""
    made: str
    """When it was made, as a UTC instant."""
    setup: str
    """What was asked for, as JSON."""
    plan: str | None
    """The plan, once it has started."""
    alive: str | None
    """`drill time in ms, instant` at which the server last said that it runs."""


class LinkRow(NamedTuple):
    """A link by which somebody comes in."""

    id: str
    drill: str | None
    """The drill it opens; nothing for the owner's link, which opens all."""
    role: str
    member: str | None
    """The member whose personal link it is."""
    expires: str
    revoked: bool


class SeatRow(NamedTuple):
    """What a browser's session may do in a drill; an empty drill stands for all."""

    session: str
    drill: str
    link: str
    role: str
    member: str | None
    admitted: bool
    expires: str


Work = Callable[[sa.Connection], Any]


@dataclass
class _Job:
    work: Work
    done: "Future[Any]"


class Store:
    """The database. Reads go through a connection of the thread that asks; writes go to the one writer."""

    def __init__(self, url: str | Path) -> None:
        """Open or make the database. A path, or SQLAlchemy's form of a URL; raises StoreError."""
        self.url = _url(url)
        self._lock = _lock_of(self.url)
        try:
            self._engine = _engine(self.url)
            self._prepare()
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            self._unlock()
            raise StoreError(f"{self.shown}: the database cannot be used: {_reason(error)}") from None
        except StoreError:
            self._unlock()
            raise
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="drillroom-writer", daemon=True)
        self._writer.start()

    @property
    def shown(self) -> str:
        """The database as messages name it, without a password."""
        return self.url.database or "" if _is_file(self.url) else self.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Write what still waits, and let go of the database."""
        self._jobs.put(None)
        self._writer.join()
        self._engine.dispose()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            _meta.create_all(connection)
            known = connection.execute(sa.select(META.c.value).where(META.c.key == "schema")).scalar()
            if known is None:
                connection.execute(META.insert().values(key="schema", value=str(SCHEMA)))
                connection.execute(META.insert().values(key="secret", value=secrets.token_hex(32)))
            elif int(known) > SCHEMA:
                newer = f"was written by a newer version (its schema is {known}, ours {SCHEMA}); upgrade drillroom"
                raise StoreError(f"{self.shown} {newer}")

    # -- the writer ----------------------------------------------------------------------------------------------------

    def submit(self, work: Work) -> "Future[Any]":
        """Have something written. The result comes when it is committed; StoreError when it is not."""
        job = _Job(work, Future())
        self._jobs.put(job)
        return job.done

    def _write(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            jobs = [job]
            last = False
            while len(jobs) < MOST_AT_ONCE:
                try:
                    more = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    last = True
                    break
                jobs.append(more)
            self._commit(jobs)
            if last:
                return

    def _commit(self, jobs: list[_Job]) -> None:
        """All of it in one transaction; if that fails, none of it is there, and everybody is told."""
        try:
            with self._engine.begin() as connection:
                results = [job.work(connection) for job in jobs]
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must be told
            failure = StoreError(f"the database did not take it: {_reason(error)}")
            for job in jobs:
                job.done.set_exception(failure)
            return
        for job, result in zip(jobs, results, strict=True):
            job.done.set_result(result)

    # -- drills and events ---------------------------------------------------------------------------------------------

    def append(self, drill: str, events: Sequence[Event]) -> "Future[Any]":
        """Keep events of a drill, in their order."""
        rows = [{"drill": drill, "seq": event.seq, "data": _ENCODE(event)} for event in events]
        return self.submit(lambda connection: connection.execute(EVENTS.insert(), rows))

    def events(self, drill: str) -> list[Event]:
        """All events of a drill."""
        asked = sa.select(EVENTS.c.data).where(EVENTS.c.drill == drill).order_by(EVENTS.c.seq)
        with self._engine.connect() as connection:
            return [_DECODE.decode(data) for (data,) in connection.execute(asked)]

    def add_drill(self, row: DrillRow) -> "Future[Any]":
        """Keep a new drill."""
        return self.submit(lambda connection: connection.execute(DRILLS.insert().values(**row._asdict())))

    def change_drill(self, drill: str, **values: str | None) -> "Future[Any]":
        """Change some of what is kept of a drill."""
        return self.submit(
            lambda connection: connection.execute(DRILLS.update().where(DRILLS.c.id == drill).values(**values))
        )

    def drills(self) -> list[DrillRow]:
        """All drills, the newest first."""
        with self._engine.connect() as connection:
            return [DrillRow(*row) for row in connection.execute(sa.select(DRILLS).order_by(DRILLS.c.made.desc()))]

    def drill(self, drill: str) -> DrillRow | None:
        """The drill of that id, if there is one."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(DRILLS).where(DRILLS.c.id == drill)).first()
        return DrillRow(*row) if row is not None else None

    # -- who comes in --------------------------------------------------------------------------------------------------

    @property
    def secret(self) -> str:
        """With which links and sessions are signed; made once for a database."""
        with self._engine.connect() as connection:
            return str(connection.execute(sa.select(META.c.value).where(META.c.key == "secret")).scalar())

    def add_link(self, row: LinkRow) -> "Future[Any]":
        """Keep a new link."""
        return self.submit(lambda connection: connection.execute(LINKS.insert().values(**row._asdict())))

    def link(self, link: str) -> LinkRow | None:
        """The link of that id, if there is one."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(LINKS).where(LINKS.c.id == link)).first()
        return LinkRow(*row) if row is not None else None

    def links(self, drill: str | None) -> list[LinkRow]:
        """The links that open a drill; without one, the owner's."""
        asked = sa.select(LINKS).where(LINKS.c.drill == drill if drill is not None else LINKS.c.drill.is_(None))
        with self._engine.connect() as connection:
            return [LinkRow(*row) for row in connection.execute(asked)]

    def revoke(self, links: Iterable[str]) -> "Future[Any]":
        """Let links, and all sessions that came by them, open nothing any more."""
        names = list(links)

        def work(connection: sa.Connection) -> None:
            connection.execute(LINKS.update().where(LINKS.c.id.in_(names)).values(revoked=True))
            connection.execute(SEATS.delete().where(SEATS.c.link.in_(names)))

        return self.submit(work)

    def seat(self, row: SeatRow) -> "Future[Any]":
        """Keep what a session may do in a drill, in the place of what it might before."""

        def work(connection: sa.Connection) -> None:
            same = (SEATS.c.session == row.session) & (SEATS.c.drill == row.drill)
            connection.execute(SEATS.delete().where(same))
            connection.execute(SEATS.insert().values(**row._asdict()))

        return self.submit(work)

    def seats(self, session: str) -> list[SeatRow]:
        """What a session may do."""
        with self._engine.connect() as connection:
            return [SeatRow(*row) for row in connection.execute(sa.select(SEATS).where(SEATS.c.session == session))]

    def seats_in(self, drill: str) -> list[SeatRow]:
        """Every session that may do something in a drill."""
        with self._engine.connect() as connection:
            return [SeatRow(*row) for row in connection.execute(sa.select(SEATS).where(SEATS.c.drill == drill))]

    # -- what belongs to a drill and is in no log ----------------------------------------------------------------------

    def put_note(self, drill: str, kind: str, key: str, data: str) -> "Future[Any]":
        """Keep something beside a log, in the place of what was kept under that key."""

        def work(connection: sa.Connection) -> None:
            same = (NOTES.c.drill == drill) & (NOTES.c.kind == kind) & (NOTES.c.key == key)
            connection.execute(NOTES.delete().where(same))
            connection.execute(NOTES.insert().values(drill=drill, kind=kind, key=key, data=data))

        return self.submit(work)

    def notes(self, drill: str, kind: str) -> dict[str, str]:
        """What is kept of one kind, by key."""
        asked = sa.select(NOTES.c.key, NOTES.c.data).where((NOTES.c.drill == drill) & (NOTES.c.kind == kind))
        with self._engine.connect() as connection:
            return {str(key): str(data) for key, data in connection.execute(asked)}


def _url(url: str | Path) -> URL:
    if isinstance(url, Path) or "://" not in url:
        return URL.create("sqlite", database=str(url))
    try:
        return make_url(url)
    except sa.exc.ArgumentError:
        raise StoreError("the database's address cannot be read; write a file, or postgresql+psycopg://…") from None


def _is_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")


def _lock_of(url: URL) -> IO[bytes] | None:
    """A lock beside a database's file, against a second server on it. It goes when its holder ends, however it ends."""
    if not _is_file(url):
        return None
    path = Path(f"{url.database}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}; name another database") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise StoreError(f"{url.database}: another server uses this database; stop it, or name another") from None
    return file


def _engine(url: URL) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, by us
        for line in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {line}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if threading.current_thread().name == "drillroom-writer" else "BEGIN"
        )

    return engine


def _reason(error: BaseException) -> str:
    text = str(getattr(error, "orig", None) or error).splitlines()
    with contextlib.suppress(IndexError):
        return text[0]
    return type(error).__name__
