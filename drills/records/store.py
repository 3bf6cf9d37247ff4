"""Where live drills are kept: SQLite by default, another database by its URL. One writer, and answers after the commit.

Everything that waits goes into one transaction: a writer thread takes what is there, writes it, commits, and only then
tells those who wait. A piece that cannot be written by itself is refused alone; when the database fails, all of it is.
The schema's version is in the database from the first day; a newer one than ours is refused.
"""

import asyncio
import contextlib
import queue
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from drills.records.database import BROKEN, FAILURES, StoreError, engines, lock_of, reason, shown, url_of
from simulator.events import Event

__all__ = ["DrillRow", "LinkRow", "SeatRow", "Store", "StoreError"]

SCHEMA = 1
"""The version of the tables below."""
MOST_AT_ONCE = 512
"""So many pieces of work go into one transaction at most."""

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
Answer = Callable[[StoreError | None], None]
"""Is told that something is committed, or why it is not."""
_Row = dict[str, Any]


@dataclass(slots=True)
class _Job:
    """A piece of work: something to run, events of a drill to append, or both; and who waits for it."""

    work: Work | None
    done: "Future[Any] | None" = None
    drill: str = ""
    events: Sequence[_Row] = ()
    answer: Answer | None = None
    loop: asyncio.AbstractEventLoop | None = None
    """Where `answer` is called."""


class Store:
    """The database. Reads go through a connection of the thread that asks; writes go to the one writer."""

    def __init__(self, url: str | Path) -> None:
        """Open or make the database. A path, or SQLAlchemy's form of a URL; raises StoreError."""
        self.url = url_of(url)
        self._lock = lock_of(self.url)
        try:
            self._reads, self._writes = engines(self.url)
            self._prepare()
        except FAILURES as error:
            self._unlock()
            raise StoreError(f"{self.shown}: the database cannot be used: {reason(error)}") from None
        except StoreError:
            self._unlock()
            raise
        self._next: dict[str, int] = {}
        """The place of the next event of each drill that was written to: what is known to be committed."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._door = threading.Lock()
        self._writer = threading.Thread(target=self._write, name="drillroom-writer", daemon=True)
        self._writer.start()

    @property
    def shown(self) -> str:
        """The database as messages name it, without a password."""
        return shown(self.url)

    def close(self) -> None:
        """Write what still waits, and let go of the database."""
        with self._door:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._writer.join()
        self._unlock()

    def _unlock(self) -> None:
        for engine in (getattr(self, "_reads", None), getattr(self, "_writes", None)):
            if engine is not None:
                engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def _prepare(self) -> None:
        with self._writes.begin() as connection:
            known = None
            if sa.inspect(connection).has_table(META.name):
                known = connection.execute(sa.select(META.c.value).where(META.c.key == "schema")).scalar()
            if known is not None and not (known.isdigit() and int(known) <= SCHEMA):
                newer = f"was written by a newer version (its schema is {known}, ours {SCHEMA}); upgrade drillroom"
                raise StoreError(f"{self.shown} {newer}")
            _meta.create_all(connection)
            if known is None:
                connection.execute(META.insert().values(key="schema", value=str(SCHEMA)))
                connection.execute(META.insert().values(key="secret", value=secrets.token_hex(32)))

    # -- the writer ----------------------------------------------------------------------------------------------------

    def submit(self, work: Work) -> "Future[Any]":
        """Have something written. The result comes when it is committed; StoreError when it is not.

        The work may be run a second time, alone, when what stood beside it could not be written.
        """
        return self._promise(_Job(work))

    def _promise(self, job: _Job) -> "Future[Any]":
        job.done = Future()
        job.done.set_running_or_notify_cancel()  # whoever stops waiting for it does not stop it
        self._put(job)
        return job.done

    def _put(self, job: _Job) -> None:
        with self._door:
            if not self._closed:
                self._jobs.put(job)
                return
        _tell([job], [], StoreError("the database is closed: the server ends"))

    def _write(self) -> None:
        ends = False
        while not ends:
            job = self._jobs.get()
            jobs = []
            while job is not None:
                jobs.append(job)
                if len(jobs) == MOST_AT_ONCE:
                    break
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
            ends = job is None
            if jobs:
                self._commit(jobs)

    def _commit(self, jobs: list[_Job]) -> None:
        """All of it in one transaction. If that fails, none of it is there, and everybody is told."""
        ahead: dict[str, int] = {}
        try:
            with self._writes.begin() as connection:
                results = self._run(connection, jobs, ahead)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must be told
            if len(jobs) > 1 and not isinstance(error, BROKEN):
                for job in jobs:  # the fault lies with one of them, and the others shall not pay for it
                    self._commit([job])
                return
            for job in jobs:
                self._next.pop(job.drill, None)
            _tell(jobs, [], StoreError(f"the database did not take it: {reason(error)}"))
            return
        self._next |= ahead
        _tell(jobs, results)

    def _run(self, connection: sa.Connection, jobs: list[_Job], ahead: dict[str, int]) -> list[Any]:
        """Do what is to be done, in its order; `ahead` takes the place of each drill's next event."""
        results: list[Any] = []
        rows: list[_Row] = []
        for job in jobs:
            result = None
            if job.work is not None:
                _insert(connection, rows)
                result = job.work(connection)
            if job.events:
                self._check_place(connection, job, ahead)
                rows += job.events
            results.append(result)
        _insert(connection, rows)
        return results

    def _check_place(self, connection: sa.Connection, job: _Job, ahead: dict[str, int]) -> None:
        """That events go on where their drill ends: what was made on top of something that is lost is lost as well."""
        drill = job.drill
        place = ahead.get(drill, self._next.get(drill))
        if place is None:
            last = connection.execute(sa.select(sa.func.max(EVENTS.c.seq)).where(EVENTS.c.drill == drill)).scalar()
            place = 0 if last is None else last + 1
        if job.events[0]["seq"] != place:
            raise StoreError(f"what came before it is not there (event {job.events[0]['seq']} after {place - 1})")
        ahead[drill] = place + len(job.events)

    # -- reading -------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self._reads.connect() as connection:
                yield connection
        except FAILURES as error:
            raise StoreError(f"the database cannot be read: {reason(error)}") from None

    # -- drills and events ---------------------------------------------------------------------------------------------

    def append(self, drill: str, events: Sequence[Event], **values: str | None) -> "Future[Any]":
        """Keep events of a drill, in their order, and with them what of the drill changes (see `change_drill`)."""
        return self._promise(_appending(drill, events, values))

    def keep(self, drill: str, events: Sequence[Event], answer: Answer, **values: str | None) -> None:
        """As `append`, from an event loop: it is woken once for all that was committed together, for each `answer`."""
        job = _appending(drill, events, values)
        job.answer, job.loop = answer, asyncio.get_running_loop()
        self._put(job)

    def events(self, drill: str) -> list[Event]:
        """All events of a drill."""
        asked = sa.select(EVENTS.c.data).where(EVENTS.c.drill == drill).order_by(EVENTS.c.seq)
        with self._reading() as connection:
            return [_DECODE.decode(data) for (data,) in connection.execute(asked)]

    def add_drill(self, row: DrillRow) -> "Future[Any]":
        """Keep a new drill."""
        return self.submit(lambda connection: connection.execute(DRILLS.insert().values(**row._asdict())))

    def change_drill(self, drill: str, **values: str | None) -> "Future[Any]":
        """Change some of what is kept of a drill."""
        return self.submit(_changing(drill, values))

    def note_alive(self, noted: Iterable[tuple[str, str]]) -> "Future[Any]":
        """Keep for drills how far they have come."""
        rows = [{"drill_id": drill, "alive": alive} for drill, alive in noted]
        change = DRILLS.update().where(DRILLS.c.id == sa.bindparam("drill_id")).values(alive=sa.bindparam("alive"))
        return self.submit(lambda connection: connection.execute(change, rows) if rows else None)

    def drills(self) -> list[DrillRow]:
        """All drills, the newest first."""
        with self._reading() as connection:
            return [DrillRow(*row) for row in connection.execute(sa.select(DRILLS).order_by(DRILLS.c.made.desc()))]

    def drill(self, drill: str) -> DrillRow | None:
        """The drill of that id, if there is one."""
        with self._reading() as connection:
            row = connection.execute(sa.select(DRILLS).where(DRILLS.c.id == drill)).first()
        return DrillRow(*row) if row is not None else None

    def forget(self, drill: str) -> "Future[Any]":
        """Keep nothing more of a drill."""

        def work(connection: sa.Connection) -> None:
            connection.execute(DRILLS.delete().where(DRILLS.c.id == drill))
            for table in (EVENTS, LINKS, SEATS, NOTES):
                connection.execute(table.delete().where(table.c.drill == drill))

        return self.submit(work)

    # -- who comes in --------------------------------------------------------------------------------------------------

    @property
    def secret(self) -> str:
        """With which links and sessions are signed; made once for a database."""
        with self._reading() as connection:
            return str(connection.execute(sa.select(META.c.value).where(META.c.key == "secret")).scalar())

    def add_link(self, row: LinkRow) -> "Future[Any]":
        """Keep a new link."""
        return self.submit(lambda connection: connection.execute(LINKS.insert().values(**row._asdict())))

    def link(self, link: str) -> LinkRow | None:
        """The link of that id, if there is one."""
        with self._reading() as connection:
            row = connection.execute(sa.select(LINKS).where(LINKS.c.id == link)).first()
        return LinkRow(*row) if row is not None else None

    def links(self, drill: str | None) -> list[LinkRow]:
        """The links that open a drill; without one, the owner's."""
        asked = sa.select(LINKS).where(LINKS.c.drill == drill if drill is not None else LINKS.c.drill.is_(None))
        with self._reading() as connection:
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
        with self._reading() as connection:
            return [SeatRow(*row) for row in connection.execute(sa.select(SEATS).where(SEATS.c.session == session))]

    def seats_in(self, drill: str) -> list[SeatRow]:
        """Every session that may do something in a drill."""
        with self._reading() as connection:
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
        with self._reading() as connection:
            return {str(key): str(data) for key, data in connection.execute(asked)}


def _tell(jobs: list[_Job], results: list[Any], failure: StoreError | None = None) -> None:
    """Tell all who wait, in the order in which they came."""
    waiting: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
    for place, job in enumerate(jobs):
        if job.loop is not None and job.answer is not None:
            waiting.setdefault(job.loop, []).append(job.answer)
        elif job.done is not None and failure is not None:
            job.done.set_exception(failure)
        elif job.done is not None:
            job.done.set_result(results[place])
    for loop, answers in waiting.items():
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            loop.call_soon_threadsafe(_answer, answers, failure)


def _answer(answers: list[Answer], failure: StoreError | None) -> None:
    for answer in answers:
        answer(failure)


def _appending(drill: str, events: Sequence[Event], values: dict[str, str | None]) -> _Job:
    rows = [{"drill": drill, "seq": event.seq, "data": _ENCODE(event)} for event in events]
    return _Job(_changing(drill, values) if values else None, drill=drill, events=rows)


def _changing(drill: str, values: dict[str, str | None]) -> Work:
    return lambda connection: connection.execute(DRILLS.update().where(DRILLS.c.id == drill).values(**values))


def _insert(connection: sa.Connection, rows: list[_Row]) -> None:
    """Insert events in one go, and forget them."""
    if rows:
        connection.execute(EVENTS.insert(), rows)
        rows.clear()
