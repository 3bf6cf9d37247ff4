"""The one writer. Everything that waits goes into one transaction, and answers come after the commit.

A writer thread takes all waiting work, writes it, commits, and only then tells those who wait. A piece that cannot be
written is refused alone; if the database fails, everything is.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from drills.records import history, leases
from drills.records.database import BROKEN, StoreError, reason
from drills.records.future import Promise
from drills.records.leases import Lease, LeaseLostError
from drills.records.schema import DRILLS, EVENTS, META, SCHEMA, TEXTS
from drills.records.stored_log import head_of, new_salt
from simulator.events import Event
from simulator.log import Sealer
from simulator.plan import DrillPlan
from simulator.seal import SealedLine

__all__ = ["Answer", "Job", "Work", "Writer"]

MOST_AT_ONCE = 512
"""At most this many pieces of work go into one transaction."""
_CLOSED = "the database is closed: the server ends"
_OTHER_SCHEMA = "another version of the program has changed the database's schema meanwhile; restart this one"

Work = Callable[[sa.Connection], Any]
Answer = Callable[[StoreError | None], None]
"""Called when something is committed, or with the reason why not."""
_Ends = tuple[int, str]
"""Where the log of a drill ends: the place of its next event, and the hash of its last line."""
_Known = dict[Lease | str, _Ends]


@dataclass(slots=True)
class Job:
    """A piece of work: something to run, events of a drill to append, or both; and who waits for it."""

    work: Work | None
    done: Promise[Any] | None = None
    drill: str = ""
    events: Sequence[Event] = ()
    plan: DrillPlan | None = None
    """The plan of a drill that begins with these events."""
    closes: bool = False
    """Whether the drill is closed with it, so that nothing is ever added to its log."""
    lease: Lease | None = None
    """The lease to write under, if several servers share the database; if it is lost, none of the work is done."""
    answer: Answer | None = None
    loop: asyncio.AbstractEventLoop | None = None
    """The loop in which `answer` is called."""
    alone: Callable[[sa.Engine], None] | None = None
    """Something done outside of a transaction, once everything before it is committed."""

    @property
    def log(self) -> Lease | str:
        """The key to the known end of the drill's log: another server may write to it until the lease is ours again."""
        return self.lease or self.drill


class Writer:
    """Writes in a thread of its own, which also opens the database: no other thread ever waits for a write."""

    def __init__(self, engine: Callable[[], sa.Engine]) -> None:
        """Begin; `engine` is called in the writer's thread, and what it raises is raised here."""
        self._opening = engine
        self.engine: sa.Engine
        self._ends: _Known = {}
        """Where the log of each drill that was written to ends: what is known to be committed."""
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._door = threading.Lock()
        self._since: float | None = None
        self._thread = threading.Thread(target=self._run_thread, name="drillroom-writer", daemon=True)
        self._opened: Promise[None] = Promise()
        self._thread.start()
        self._opened.result()

    @property
    def waits(self) -> float:
        """For how many seconds the database has not answered the last write; 0 if it has."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def promise(self, job: Job) -> Promise[Any]:
        """Have something written; the result comes when it is committed."""
        job.done = Promise()
        job.done.begin()
        self.put(job)
        return job.done

    def put(self, job: Job) -> None:
        """Have something written; its `answer` is called."""
        with self._door:
            if not self._closed:
                self._jobs.put(job)
                return
        _tell([job], [], StoreError(_CLOSED))

    def close(self, patience: float) -> None:
        """Write what is still waiting, unless the database does not answer for so many seconds."""
        with self._door:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        while self._thread.is_alive():
            self._thread.join(0.5)
            if self.waits > patience:
                return

    def _run_thread(self) -> None:
        try:
            self.engine = self._opening()
        except BaseException as error:  # noqa: BLE001 - it is raised where the writer is made
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        ends = False
        while not ends:
            job = self._jobs.get()
            jobs = []
            while job is not None:
                jobs.append(job)
                if len(jobs) == MOST_AT_ONCE or job.alone is not None:
                    break
                try:
                    job = self._jobs.get_nowait()
                except queue.Empty:
                    break
            ends = job is None
            if jobs:
                self._since = time.monotonic()
                last = jobs.pop() if jobs[-1].alone is not None else None
                if jobs:
                    self._commit(jobs)
                if last is not None:
                    self._alone(last)
                self._since = None

    def _alone(self, job: Job) -> None:
        assert job.alone is not None  # noqa: S101 - only such a job is handed here
        try:
            job.alone(self.engine)
        except Exception as error:  # noqa: BLE001 - whatever it is, the one who waits must be told
            _tell([job], [], StoreError(f"the database could not be cleaned: {reason(error)}"))
            return
        _tell([job], [None])

    def _commit(self, jobs: list[Job]) -> None:
        """All of it in one transaction. If that fails, none of it is stored, and everybody is told."""
        ahead: _Known = {}
        try:
            with self.engine.begin() as connection:
                _check_schema(connection)
                leases.check(connection, {job.lease for job in jobs if job.lease is not None})
                results = self._run(connection, jobs, ahead)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must be told
            if len(jobs) > 1 and not isinstance(error, BROKEN):
                for job in jobs:  # one of them is at fault, and the others should not fail with it
                    self._commit([job])
                return
            for job in jobs:
                self._ends.pop(job.log, None)
            lost = error if isinstance(error, LeaseLostError) else None
            _tell(jobs, [], lost or StoreError(f"the database did not take it: {reason(error)}"))
            return
        self._ends |= ahead
        _tell(jobs, results)

    def _run(self, connection: sa.Connection, jobs: list[Job], ahead: _Known) -> list[Any]:
        """Do the work, in order; `ahead` takes where the log of each drill ends after it."""
        results: list[Any] = []
        new = _Lines(connection)
        for job in jobs:
            result = None
            if job.work is not None:
                new.insert()
                result = job.work(connection)
            if job.events:
                self._seal(connection, job, ahead, new)
            if job.closes:
                new.insert()
                history.close(connection, job.drill, self._end(connection, job, ahead)[1])
            results.append(result)
        new.insert()
        return results

    def _seal(self, connection: sa.Connection, job: Job, ahead: _Known, new: "_Lines") -> None:
        """Seal the lines of events, which must follow on from the end of their drill's log.

        Events that build on something that was lost are lost as well.
        """
        drill, log = job.drill, job.log
        place, head = self._end(connection, job, ahead)
        if job.events[0].seq != place:
            raise StoreError(f"what came before it is not there (event {job.events[0].seq} after {place - 1})")
        sealer = Sealer(new_salt, head)
        if job.plan is not None:
            _begin(connection, drill, sealer.header(job.plan).data)
        for event in job.events:
            new.add(drill, event.seq, sealer.event(event))
        ahead[log] = place + len(job.events), sealer.head

    def _end(self, connection: sa.Connection, job: Job, ahead: _Known) -> _Ends:
        """Where the log of a job's drill ends, with what is not committed yet."""
        return ahead.get(job.log) or self._ends.get(job.log) or _ends(connection, job.drill)


class _Lines:
    """Lines and texts to insert together, as rows in the order of their tables' columns.

    They go to the driver as they are. SQLAlchemy would look at every value of every row, which takes longer than the
    database does.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._lines: list[tuple[str, int, bytes]] = []
        self._texts: list[tuple[str, int, str, bytes, str]] = []

    def add(self, drill: str, seq: int, line: SealedLine) -> None:
        self._lines.append((drill, seq, line.data))
        for one in line.texts:
            self._texts.append((drill, seq, one.field, one.salt, one.text))

    def insert(self) -> None:
        """Insert them, and forget them."""
        if self._lines:
            self._connection.exec_driver_sql(_inserting(EVENTS, self._connection.dialect), self._lines)
        if self._texts:
            self._connection.exec_driver_sql(_inserting(TEXTS, self._connection.dialect), self._texts)
        self._lines, self._texts = [], []


@cache
def _inserting(table: sa.Table, dialect: sa.Dialect) -> str:
    """The statement that inserts a row, as the driver takes it, with its values in the order of the columns."""
    kind = cast("type[DefaultDialect]", type(dialect))
    positional = kind(paramstyle="qmark" if dialect.paramstyle == "qmark" else "format")
    return str(table.insert().compile(dialect=positional))


def _begin(connection: sa.Connection, drill: str, header: bytes) -> None:
    begun = DRILLS.update().where(DRILLS.c.id == drill)
    connection.execute(begun.values(header=header, plan=None, state="running"))


def _ends(connection: sa.Connection, drill: str) -> _Ends:
    """Where the log of a drill ends, as it is stored."""
    asked = sa.select(EVENTS.c.seq, EVENTS.c.data).where(EVENTS.c.drill == drill)
    last = connection.execute(asked.order_by(EVENTS.c.seq.desc()).limit(1)).first()
    if last is not None:
        return last.seq + 1, head_of(last.data)
    header = connection.execute(sa.select(DRILLS.c.header).where(DRILLS.c.id == drill)).scalar()
    return 0, "" if header is None else head_of(header)


_ASKED_SCHEMA = sa.select(META.c.value).where(META.c.key == "schema").with_for_update(read=True)
"""A change of the schema and this transaction wait for each other. SQLite has one writer anyway."""


def _check_schema(connection: sa.Connection) -> None:
    """Keep servers of two schemas from writing together. An SQLite database has one server, which holds its lock."""
    if connection.dialect.name == "sqlite":
        return
    if connection.execute(_ASKED_SCHEMA).scalar() != str(SCHEMA):
        raise StoreError(_OTHER_SCHEMA)


def _tell(jobs: list[Job], results: list[Any], failure: StoreError | None = None) -> None:
    """Tell all who wait, in the order in which they asked."""
    waiting: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
    for place, job in enumerate(jobs):
        if job.loop is not None and job.answer is not None:
            waiting.setdefault(job.loop, []).append(job.answer)
        elif job.done is not None and failure is not None:
            job.done.set_exception(failure)
        elif job.done is not None:
            job.done.set_result(results[place])
    for loop, answers in waiting.items():
        with contextlib.suppress(RuntimeError):  # the loop has ended, so nobody is waiting
            loop.call_soon_threadsafe(_answer, answers, failure)


def _answer(answers: list[Answer], failure: StoreError | None) -> None:
    for answer in answers:
        answer(failure)
