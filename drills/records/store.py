"""Where live drills are kept: SQLite by default, another database by its URL.

Reads go to a few threads, writes to one; both are promises that event loops await (see `future`).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from drills.records import database, leases, people
from drills.records.database import FAILURES, Locks, StoreError, is_sqlite, reason, shown, url_of
from drills.records.future import Promise
from drills.records.holdings import Holdings
from drills.records.leases import Lease
from drills.records.preparation import prepare
from drills.records.readers import Readers
from drills.records.schema import (
    DRILLS,
    EVENTS,
    FILES,
    GUESSES,
    LINKS,
    OF_DRILLS,
    SEATS,
    AttendanceRow,
    DrillRow,
    GuessRow,
    LinkRow,
    ResultRow,
    SeatRow,
)
from drills.records.stored_log import read_log
from drills.records.vacuum import vacuum
from drills.records.writer import Answer, Job, Work, Writer
from simulator.events import Event
from simulator.log import DrillLog
from simulator.plan import DrillPlan

__all__ = ["DrillRow", "GuessRow", "LinkRow", "ResultRow", "SeatRow", "Store", "StoreError"]

_DRILL = [DRILLS.c[name] for name in DrillRow._fields]
Found = TypeVar("Found")


class Store:
    """The database. A promise of a read or a write raises StoreError where it is awaited."""

    def __init__(self, url: str | Path) -> None:
        """Open or make the database. A path, or SQLAlchemy's form of a URL; raises StoreError."""
        self.url = url_of(url)
        self._locks = Locks(self.url)
        self.secret = ""
        """Signs links and sessions; made once for a database."""
        try:
            self._writer = Writer(self._open)
        except FAILURES as error:
            self._unlock()
            raise StoreError(f"{self.shown}: the database cannot be used: {reason(error)}") from None
        except BaseException:
            self._unlock()
            raise
        self._readers = Readers(self._reads, database.SILENT_SECONDS)
        self.holdings: Holdings | None = None
        """What this server holds, where several share the database (see `share`)."""

    def _open(self) -> sa.Engine:
        self._reads, self._writes = database.engines(self.url)
        self.secret = prepare(self.url, self._writes)
        return self._writes

    @property
    def shown(self) -> str:
        """The database's address for messages, without its password."""
        return shown(self.url)

    @property
    def ours_alone(self) -> bool:
        """Whether no other server changes what is in it: then what was read stays valid until we change it."""
        return is_sqlite(self.url)

    def share(self, url: str, seconds: float) -> None:
        """Share the database with other servers, which reach this one by a URL: from now on drills are held by leases.

        A lease holds for `seconds`. An SQLite file is never shared.
        """
        if not self.ours_alone:
            self.holdings = Holdings(self._writer, url, seconds)

    def lease(self, drill: str) -> Lease | None:
        """The token to show when writing to a drill; None if the database is not shared."""
        return None if self.holdings is None else self.holdings.lease(drill)

    @property
    def waits(self) -> float:
        """For how many seconds the database has not answered a write; 0 if none is waiting."""
        return self._writer.waits

    def close(self) -> None:
        """Write what is still waiting, and close the database."""
        self._writer.close(database.SILENT_SECONDS)
        self._readers.close()
        self._unlock()

    def _unlock(self) -> None:
        for engine in (getattr(self, "_reads", None), getattr(self, "_writes", None)):
            if engine is not None:
                engine.dispose()
        self._locks.close()

    def submit(self, work: Work, drill: str | None = None) -> Promise[Any]:
        """Have something written. The result comes when it is committed; StoreError when it is not.

        If another server holds the drill, nothing is done and it raises LeaseLostError.

        The work may be run a second time, alone, if what was in the same transaction could not be written.
        """
        return self._writer.promise(Job(work, lease=None if drill is None else self.lease(drill)))

    def read(self, ask: Callable[[sa.Connection], Found]) -> Promise[Found]:
        """Have something read."""
        return self._readers.read(ask)

    def clean(self) -> Promise[None]:
        """Leave no trace in the database's files of what was deleted. Writes wait meanwhile."""
        job = Job(None)
        job.alone = lambda engine: vacuum(engine, self.url)
        return self._writer.promise(job)

    def ping(self) -> Promise[Any]:
        """Ask for anything, to see whether the database answers."""
        return self.read(lambda connection: connection.execute(sa.select(1)).scalar())

    def _rows(self, asked: sa.Select[Any], make: Callable[..., Found]) -> Promise[list[Found]]:
        return self.read(lambda connection: [make(*row) for row in connection.execute(asked)])

    # -- drills and events ---------------------------------------------------------------------------------------------

    def begin(self, plan: DrillPlan, events: Sequence[Event], **values: Any) -> Promise[Any]:  # noqa: ANN401 - as below
        """Store the beginning of a drill: the first line of its log, which holds its plan, and its first events."""
        job = self._appending(plan.drill, events, values)
        job.plan = plan
        return self._writer.promise(job)

    def append(self, drill: str, events: Sequence[Event], **values: Any) -> Promise[Any]:  # noqa: ANN401 - as below
        """Store events of a drill, in order, and with them what changes in the drill (see `change_drill`)."""
        return self._writer.promise(self._appending(drill, events, values))

    def keep(self, drill: str, events: Sequence[Event], answer: Answer, **values: Any) -> None:  # noqa: ANN401 - as below
        """Like `append`, from an event loop, which is woken once for all the answers of one commit."""
        job = self._appending(drill, events, values)
        job.answer, job.loop = answer, asyncio.get_running_loop()
        self._writer.put(job)

    def _appending(self, drill: str, events: Sequence[Event], values: dict[str, Any]) -> Job:
        work = _changing(drill, values) if values else None
        return Job(work, drill=drill, events=events, closes=_closes(values), lease=self.lease(drill))

    def log(self, drill: str) -> Promise[DrillLog | None]:
        """The log of a drill with its texts, as it was sealed; None if it has not begun.

        Raises StoreError if a line or a text is missing or is not the one that was stored.
        """
        return self.read(lambda connection: read_log(connection, drill))

    def lengths(self, drills: Sequence[str]) -> Promise[dict[str, int]]:
        """How many events of each of some drills are stored."""
        asked = sa.select(EVENTS.c.drill, sa.func.max(EVENTS.c.seq)).where(EVENTS.c.drill.in_(list(drills)))
        asked = asked.group_by(EVENTS.c.drill)
        return self.read(lambda connection: {drill: last + 1 for drill, last in connection.execute(asked)})

    def add_drill(
        self, row: DrillRow, plan: str | None = None, files: Mapping[str, bytes] | None = None
    ) -> Promise[Any]:
        """Keep a new drill, which this server then holds, with the contents of its files by their hashes."""
        new = DRILLS.insert().values(**row._asdict(), plan=plan)
        rows = _rows_of(row.id, files or {})

        def work(connection: sa.Connection) -> None:
            connection.execute(new)
            if rows:
                connection.execute(FILES.insert(), rows)

        return self.submit(work)

    def replace_files(self, drill: str, files: Mapping[str, bytes]) -> Promise[Any]:
        """Keep the files of a drill that was planned again."""
        rows = _rows_of(drill, files)

        def work(connection: sa.Connection) -> None:
            connection.execute(FILES.delete().where(FILES.c.drill == drill))
            if rows:
                connection.execute(FILES.insert(), rows)

        return self.submit(work, drill)

    def file(self, drill: str, sha256: str) -> Promise[bytes | None]:
        """The content of a drill's file, by its hash."""
        asked = sa.select(FILES.c.data).where(FILES.c.drill == drill, FILES.c.sha256 == sha256)
        return self._one(asked, bytes)

    def files(self, drill: str) -> Promise[dict[str, bytes]]:
        """The contents of a drill's files, by their hashes."""
        asked = sa.select(FILES.c.sha256, FILES.c.data).where(FILES.c.drill == drill)
        return self.read(lambda connection: {name: bytes(data) for name, data in connection.execute(asked)})

    def change_drill(self, drill: str, **values: Any) -> Promise[Any]:  # noqa: ANN401 - as the columns' types
        """Change some columns of a drill, by name."""
        job = Job(_changing(drill, values), drill=drill, closes=_closes(values), lease=self.lease(drill))
        return self._writer.promise(job)

    def note_alive(self, noted: Iterable[tuple[str, int, str]]) -> Promise[Any]:
        """Note how far drills have come: each with its drill time in milliseconds and the instant."""
        rows = [{"drill_id": drill, "at": at, "wall": wall} for drill, at, wall in noted]
        wanted = [lease for row in rows if (lease := self.lease(str(row["drill_id"]))) is not None]
        change = (
            DRILLS.update()
            .where(DRILLS.c.id == sa.bindparam("drill_id"))
            .values(alive_at=sa.bindparam("at"), alive_wall=sa.bindparam("wall"))
        )

        def work(connection: sa.Connection) -> None:
            held = leases.ours(connection, wanted)
            ours = [row for row in rows if not wanted or row["drill_id"] in held]
            if ours:
                connection.execute(change, ours)

        return self.submit(work)

    def drills(self, *states: str) -> Promise[list[DrillRow]]:
        """The drills in some states, or all, the newest first."""
        asked = sa.select(*_DRILL).order_by(DRILLS.c.made.desc(), DRILLS.c.id)
        return self._rows(asked.where(DRILLS.c.state.in_(states)) if states else asked, DrillRow)

    def closed(self, drills: Iterable[str] | None, most: int | None = None, but: int = 0) -> Promise[list[DrillRow]]:
        """Closed drills, some or all, the newest first, without practice and rehearsals.

        At most so many, leaving out the `but` newest.
        """
        asked = sa.select(*_DRILL).where(DRILLS.c.state == "closed", DRILLS.c.kind == "drill")
        if drills is not None:
            asked = asked.where(DRILLS.c.id.in_(list(drills)))
        return self._rows(asked.order_by(DRILLS.c.made.desc(), DRILLS.c.id).limit(most).offset(but), DrillRow)

    def listed(
        self, drills: Iterable[str] | None, most: int, before: str | None = None
    ) -> Promise[list[DrillRow] | None]:
        """The newest drills in any state, some or all, without practice and rehearsals.

        At most so many; only those older than the drill `before`. None if that is not one of them.
        """
        wanted = DRILLS.c.kind == "drill"
        if drills is not None:
            wanted &= DRILLS.c.id.in_(list(drills))

        def ask(connection: sa.Connection) -> list[DrillRow] | None:
            asked = sa.select(*_DRILL).where(wanted).order_by(DRILLS.c.made.desc(), DRILLS.c.id).limit(most)
            if before is not None:
                made = connection.execute(sa.select(DRILLS.c.made).where(wanted, DRILLS.c.id == before)).scalar()
                if made is None:
                    return None
                older = (DRILLS.c.made < made) | ((DRILLS.c.made == made) & (DRILLS.c.id > before))
                asked = asked.where(older)
            return [DrillRow(*row) for row in connection.execute(asked)]

        return self.read(ask)

    def private(self) -> Promise[list[str]]:
        """The ids of closed practice drills and rehearsals."""
        return self._rows(sa.select(DRILLS.c.id).where(DRILLS.c.state == "closed", DRILLS.c.kind != "drill"), str)

    def drill(self, drill: str) -> Promise[DrillRow | None]:
        """The drill of that id, if there is one."""
        return self._one(sa.select(*_DRILL).where(DRILLS.c.id == drill), DrillRow)

    def _one(self, asked: sa.Select[Any], make: Callable[..., Found]) -> Promise[Found | None]:
        def ask(connection: sa.Connection) -> Found | None:
            row = connection.execute(asked).first()
            return make(*row) if row is not None else None

        return self.read(ask)

    def plan(self, drill: str) -> Promise[str | None]:
        """The plan, as JSON, of a drill that waits in its lobby; None if there is none."""
        return self._one(sa.select(DRILLS.c.plan).where(DRILLS.c.id == drill), lambda plan: plan)

    def forget(self, drill: str) -> Promise[Any]:
        """Delete everything of a drill."""

        def work(connection: sa.Connection) -> None:
            connection.execute(DRILLS.delete().where(DRILLS.c.id == drill))
            for table in OF_DRILLS:
                connection.execute(table.delete().where(table.c.drill == drill))

        return self.submit(work, drill)

    # -- who comes in --------------------------------------------------------------------------------------------------

    def add_links(self, rows: Sequence[LinkRow]) -> Promise[Any]:
        """Keep new links, all of them or none."""
        new = [row._asdict() for row in rows]
        return self.submit(lambda connection: connection.execute(LINKS.insert(), new) if new else None)

    def link(self, link: str) -> Promise[LinkRow | None]:
        """The link of that id, if there is one."""
        return self._one(sa.select(LINKS).where(LINKS.c.id == link), LinkRow)

    def links(self, drill: str | None) -> Promise[list[LinkRow]]:
        """The links that open a drill; without one, the owner's."""
        return self._rows(sa.select(LINKS).where(_of(LINKS, drill)), LinkRow)

    def revoke(self, drill: str | None, member: str | None = None) -> Promise[Any]:
        """Revoke a drill's links, or one member's, and all sessions that came by them.

        Somebody who came by another link and said to be that member has to say again who they are, and to be let in.
        """
        links = _of(LINKS, drill)
        if member is not None:
            links &= LINKS.c.member == member

        def work(connection: sa.Connection) -> None:
            connection.execute(LINKS.update().where(links).values(revoked=True))
            came = sa.select(LINKS.c.id).where(links)
            connection.execute(SEATS.delete().where(SEATS.c.link.in_(came)))
            if member is not None and drill is not None:
                theirs = (SEATS.c.drill == drill) & (SEATS.c.member == member)
                connection.execute(SEATS.update().where(theirs).values(member=None, admitted=False))

        return self.submit(work)

    def seat(self, row: SeatRow) -> Promise[Any]:
        """Store what a session may do in a drill, replacing what it could do before."""

        def work(connection: sa.Connection) -> None:
            same = (SEATS.c.session == row.session) & (SEATS.c.drill == row.drill)
            connection.execute(SEATS.delete().where(same))
            connection.execute(SEATS.insert().values(**row._asdict()))
            if row.admitted:
                people.attend(connection, _attendance([row]))

        return self.submit(work)

    def admit(self, drill: str, member: str | None = None) -> Promise[int]:
        """Let in those who wait to play a member, or all who have said whom they play; how many that were."""
        waiting = (SEATS.c.drill == drill) & SEATS.c.member.is_not(None) & SEATS.c.admitted.is_(False)
        if member is not None:
            waiting &= SEATS.c.member == member

        def work(connection: sa.Connection) -> int:
            found = [SeatRow(*row) for row in connection.execute(sa.select(SEATS).where(waiting))]
            people.attend(connection, _attendance(found))
            return connection.execute(SEATS.update().where(waiting).values(admitted=True)).rowcount

        return self.submit(work)

    def seats(self, session: str) -> Promise[list[SeatRow]]:
        """What a session may do."""
        return self._rows(sa.select(SEATS).where(SEATS.c.session == session), SeatRow)

    def seats_of(self, sessions: Iterable[str]) -> Promise[list[SeatRow]]:
        """What each of some sessions may do."""
        return self._rows(sa.select(SEATS).where(SEATS.c.session.in_(list(sessions))), SeatRow)

    def seats_in(self, drill: str) -> Promise[list[SeatRow]]:
        """Every session that may do something in a drill."""
        return self._rows(sa.select(SEATS).where(SEATS.c.drill == drill), SeatRow)

    # -- what belongs to a drill and is in no log ----------------------------------------------------------------------

    def put_guess(self, row: GuessRow) -> Promise[Any]:
        """Store what somebody guessed, replacing what they guessed before."""

        def work(connection: sa.Connection) -> None:
            same = (GUESSES.c.drill == row.drill) & (GUESSES.c.member == row.member)
            connection.execute(GUESSES.delete().where(same))
            connection.execute(GUESSES.insert().values(**row._asdict()))

        return self.submit(work)

    def guesses(self, drill: str) -> Promise[list[GuessRow]]:
        """What was guessed in a drill."""
        return self._rows(sa.select(GUESSES).where(GUESSES.c.drill == drill).order_by(GUESSES.c.member), GuessRow)

    def show(self, drill: str, screen: str, revealed: bool) -> Promise[Any]:
        """Move a drill's talk."""
        return self.change_drill(drill, screen=screen, revealed=revealed)


def _attendance(seats: Iterable[SeatRow]) -> list[AttendanceRow]:
    """Record that people have taken their seats, as far as we know who they are."""
    now = datetime.now(UTC).isoformat()
    return [
        AttendanceRow(seat.drill, seat.member, seat.role, seat.identified, now)
        for seat in seats
        if seat.drill and seat.member is not None and seat.identified
    ]


def _of(table: sa.Table, drill: str | None) -> sa.ColumnElement[bool]:
    return table.c.drill == drill if drill is not None else table.c.drill.is_(None)


def _closes(values: dict[str, Any]) -> bool:
    return values.get("state") == "closed"


def _changing(drill: str, values: dict[str, Any]) -> Work:
    return lambda connection: connection.execute(DRILLS.update().where(DRILLS.c.id == drill).values(**values))


def _rows_of(drill: str, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [{"drill": drill, "sha256": name, "data": data} for name, data in files.items()]
