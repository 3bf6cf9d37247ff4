"""The store: few transactions for many who wait, answers after the commit, and what happens when that fails."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drills.records import database
from drills.records.database import url_of
from drills.records.schema import EVENTS, META, SCHEMA, DrillRow, GuessRow, LinkRow, SeatRow
from drills.records.store import Store, StoreError
from simulator import events as ev
from simulator.events import Event
from tests.drills.stage import events_of
from tests.support.databases import database_at, on_postgresql

SOON = 20
"""Seconds within which everything here happens many times over."""
UNIQUE = "UNIQUE constraint failed: links.id"
NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
ROW = DrillRow("drill-1", "drill", "lobby", NOW.isoformat(), '{"people":[]}')
GUESS = GuessRow("drill-1", "ana", "Ünglaublich", 1000, None)


def said(seq: int, text: str = "It is slow again.") -> ev.MessagePosted:
    return ev.MessagePosted(seq=seq, at=seq * 10, wall=NOW, actor="ana", act=f"client-{seq}", text=text)


def failure(done: "Future[Any]") -> str:
    with pytest.raises(StoreError) as found:
        done.result(SOON)
    return str(found.value)


def refusal(url: str | Path) -> str:
    with pytest.raises(StoreError) as found:
        Store(url)
    assert "\n" not in str(found.value)
    return str(found.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of tests that are about the file."""
    return tmp_path / "drills.sqlite"


@pytest.fixture
def at(path: Path) -> str:
    """The address of the database."""
    return database_at(path)


@pytest.fixture
def store(at: str) -> Iterator[Store]:
    opened = Store(at)
    yield opened
    opened.close()


class Held:
    """The writer, held up until it is let go: what is submitted meanwhile waits together."""

    def __init__(self, store: Store) -> None:
        self._go = threading.Event()
        begun = threading.Event()

        def work(_: sa.Connection) -> None:
            begun.set()
            self._go.wait(SOON)

        self.first = store.submit(work)
        assert begun.wait(SOON)

    def let_go(self) -> None:
        self._go.set()


def count_commits(store: Store) -> list[sa.Connection]:
    found: list[sa.Connection] = []
    sa.event.listen(store._writes, "commit", found.append)
    return found


# -- many wait, few transactions ---------------------------------------------------------------------------------------


def test_all_that_waits_goes_into_one_transaction(store: Store) -> None:
    commits = count_commits(store)
    held = Held(store)
    waiting = [store.append("drill-1", [said(seq)]) for seq in range(200)]
    waiting.append(store.put_guess(GUESS))
    waiting += [store.append("drill-2", [said(seq), said(seq + 1)]) for seq in range(0, 100, 2)]
    held.let_go()
    for done in waiting:
        done.result(SOON)
    assert len(commits) == 2  # the one that was held up, and that of all others
    assert [event.seq for event in events_of(store, "drill-1").result(SOON)] == list(range(200))
    assert [event.seq for event in events_of(store, "drill-2").result(SOON)] == list(range(100))


def test_nobody_is_answered_before_the_commit(store: Store) -> None:
    done_then: list[bool] = []
    there_at_the_answer: list[bool] = []
    other = sa.create_engine(store.url)
    held = Held(store)
    waiting = [store.append("drill-1", [said(seq)]) for seq in range(20)]
    sa.event.listen(store._writes, "commit", lambda _: done_then.extend(done.done() for done in waiting))

    def answered(seq: int) -> Callable[[object], None]:
        def look(_: object) -> None:
            with other.connect() as connection:
                count = sa.select(sa.func.count()).select_from(EVENTS).where(EVENTS.c.seq == seq)
                there_at_the_answer.append(connection.execute(count).scalar() == 1)

        return look

    for seq, done in enumerate(waiting):
        done.add_done_callback(answered(seq))
    held.let_go()
    store.submit(lambda _: None).result(SOON)
    assert done_then[:20] == [False] * 20
    assert there_at_the_answer == [True] * 20
    other.dispose()


def test_an_event_loop_is_woken_once_for_all_that_was_committed_together(store: Store) -> None:
    async def all_of_it() -> tuple[list[int], int]:
        loop = asyncio.get_running_loop()
        woken = 0
        wake = loop.call_soon_threadsafe

        def counting(*args: Any) -> Any:  # noqa: ANN401 - as the loop's own
            nonlocal woken
            woken += 1
            return wake(*args)

        loop.call_soon_threadsafe = counting  # type: ignore[method-assign, assignment]
        held = Held(store)
        answers: list[int] = []
        over = loop.create_future()

        def answer(seq: int, why: StoreError | None) -> None:
            assert why is None
            answers.append(seq)
            if seq == 99:
                over.set_result(None)

        for seq in range(100):
            store.keep("drill-1", [said(seq)], lambda why, seq=seq: answer(seq, why))  # type: ignore[misc]
        held.let_go()
        await asyncio.wait_for(over, SOON)
        return answers, woken

    answers, woken = asyncio.run(all_of_it())
    assert answers == list(range(100))
    assert woken == 1


def test_who_stops_waiting_stops_nothing(store: Store) -> None:
    """The future of an act whose sender has gone is cancelled; what was to be written is written all the same."""

    async def gone() -> None:
        held = Held(store)
        waiting = asyncio.wrap_future(store.append("drill-1", [said(0)]))
        waiting.cancel()
        await asyncio.sleep(0)
        held.let_go()

    asyncio.run(gone())
    store.append("drill-1", [said(1)]).result(SOON)
    assert [event.seq for event in events_of(store, "drill-1").result(SOON)] == [0, 1]


def test_close_writes_what_waits_and_refuses_what_comes_later(at: str) -> None:
    store = Store(at)
    held = Held(store)
    waiting = [store.append("drill-1", [said(seq)]) for seq in range(1000)]
    threading.Timer(0.05, held.let_go).start()
    store.close()
    assert all(done.result(0) is None for done in waiting)
    assert failure(store.append("drill-1", [said(1000)])) == "the database is closed: the server ends"
    store.close()
    again = Store(at)
    assert len(events_of(again, "drill-1").result(SOON)) == 1000
    again.close()


def test_a_store_is_closed_once_what_was_being_read_has_come_back(at: str) -> None:
    """Else its connection comes back to a pool that nobody closes any more."""
    store = Store(at)
    begun, goes_on = threading.Event(), threading.Event()

    def ask(connection: sa.Connection) -> int:
        begun.set()
        assert goes_on.wait(10)
        return int(connection.exec_driver_sql("SELECT 7").scalar_one())

    asked = store.read(ask)
    assert begun.wait(10)
    closing = threading.Thread(target=store.close)
    closing.start()
    closing.join(0.3)  # however long it is given, it is not over
    assert closing.is_alive()
    goes_on.set()
    closing.join(10)
    assert not closing.is_alive()
    assert asked.result(10) == 7


def test_a_closed_store_leaves_no_thread_behind(path: Path) -> None:
    before = set(threading.enumerate())
    store = Store(path)
    own = set(threading.enumerate()) - before
    assert len(own) > 1
    store.close()
    for thread in own:
        thread.join(SOON)
    assert not [thread.name for thread in own if thread.is_alive()]


# -- when it fails -----------------------------------------------------------------------------------------------------


def test_when_a_commit_fails_nothing_is_there_and_everybody_is_told(store: Store) -> None:
    held = Held(store)
    waiting: list[Future[Any]] = [store.append("drill-1", [said(seq)]) for seq in range(10)]
    waiting += [store.append("drill-2", [said(0)]), store.put_guess(GUESS)]

    def fails(_: sa.Connection) -> None:
        if not held.first.done():
            return
        raise sa.exc.OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    sa.event.listen(store._writes, "commit", fails)
    held.let_go()
    why = "the database did not take it: the disk does not work as it should (I/O error)"
    assert {failure(done) for done in waiting} == {why}
    sa.event.remove(store._writes, "commit", fails)
    assert events_of(store, "drill-1").result(SOON) == events_of(store, "drill-2").result(SOON) == []
    assert store.guesses("drill-1").result(SOON) == []
    store.append("drill-1", [said(0)]).result(SOON)
    assert len(events_of(store, "drill-1").result(SOON)) == 1


def test_what_cannot_be_written_does_not_take_others_with_it(store: Store) -> None:
    link = LinkRow("one", None, "facilitator", None, NOW.isoformat(), revoked=False)
    store.add_links([link]).result(SOON)

    def wrong(_: sa.Connection) -> None:
        raise ValueError("an error of the program")

    held = Held(store)
    before = store.append("drill-1", [said(0)])
    twice, broken = store.add_links([link]), store.submit(wrong)
    after = store.append("drill-1", [said(1)])
    held.let_go()
    before.result(SOON)
    after.result(SOON)
    why = 'duplicate key value violates unique constraint "links_pkey"' if on_postgresql() else UNIQUE
    assert failure(twice) == f"the database did not take it: {why}"
    assert failure(broken) == "the database did not take it: an error of the program"
    assert len(events_of(store, "drill-1").result(SOON)) == 2


def test_events_on_top_of_something_lost_are_lost_as_well(store: Store) -> None:
    """A log has no hole, and nobody may write over what is there."""
    store.append("drill-1", [said(0)]).result(SOON)
    held = Held(store)
    hole, on_top, over = (store.append("drill-1", [said(seq)]) for seq in (2, 3, 0))
    next_one, other = store.append("drill-1", [said(1)]), store.append("drill-2", [said(0)])
    held.let_go()
    assert failure(hole) == "the database did not take it: what came before it is not there (event 2 after 0)"
    assert failure(on_top)
    assert failure(over)
    next_one.result(SOON)
    other.result(SOON)
    assert [event.seq for event in events_of(store, "drill-1").result(SOON)] == [0, 1]


def test_the_place_of_the_next_event_is_known_after_a_restart(at: str) -> None:
    store = Store(at)
    store.append("drill-1", [said(0), said(1)]).result(SOON)
    store.close()
    again = Store(at)
    assert failure(again.append("drill-1", [said(3)]))
    assert failure(again.append("drill-1", [said(1)]))
    again.append("drill-1", [said(2)]).result(SOON)
    again.close()


HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.sqlite_only(reason="who writes there holds the whole file")
def test_a_database_that_another_program_holds_is_waited_for_and_not_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.4)
    store = Store(path)
    other = subprocess.Popen([sys.executable, "-c", HOLDS, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    began = time.monotonic()
    why = failure(store.append("drill-1", [said(0)]))
    waited = time.monotonic() - began
    assert why == "the database did not take it: another program has held it for more than 5 seconds"
    assert 0.3 < waited < SOON
    assert events_of(store, "drill-1").result(SOON) == []  # reading goes on meanwhile
    later = store.append("drill-1", [said(0)])
    other.communicate()
    later.result(SOON)
    store.close()


# -- settings ----------------------------------------------------------------------------------------------------------


@pytest.mark.sqlite_only(reason="its settings")
def test_sqlites_settings_are_in_force_where_it_is_written_and_read(store: Store) -> None:
    def settings(connection: sa.Connection) -> list[object]:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]

    full = 2
    assert store.submit(settings).result(SOON) == ["wal", full, 1, 5000]
    with store._reads.connect() as connection:
        assert settings(connection) == ["wal", full, 1, 5000]


@pytest.mark.sqlite_only(reason="how its transactions begin")
def test_what_writes_takes_the_lock_at_once(store: Store) -> None:
    """A transaction that reads first and writes later can fail where it cannot wait."""
    lines: list[str] = []
    sa.event.listen(store._writes, "before_cursor_execute", lambda *args: lines.append(args[2]))
    store.append("drill-1", [said(0)]).result(SOON)
    assert lines[0] == "BEGIN IMMEDIATE"


# -- what is refused at the start --------------------------------------------------------------------------------------


@pytest.mark.sqlite_only(reason="other names of the file")
def test_a_second_server_on_the_same_file_is_refused(store: Store, path: Path, tmp_path: Path) -> None:
    link, hard = tmp_path / "another-name.sqlite", tmp_path / "elsewhere" / "same-file.sqlite"
    link.symlink_to(path)
    hard.parent.mkdir()
    hard.hardlink_to(path)
    sentence = (
        "another server uses this database; stop it, or name another. "
        "An SQLite file takes one server; for several, use PostgreSQL"
    )
    for name in (path, str(path), f"sqlite:///{path}", link, hard):
        assert refusal(name) == f"{name if name in (link, hard) else path}: {sentence}"
    store.submit(lambda _: None).result(SOON)
    store.close()
    Store(link).close()
    Store(hard).close()


def meta(at: str, *lines: str) -> sa.URL:
    """Do something to a database that no server holds."""
    url = url_of(at)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for line in lines:
            connection.exec_driver_sql(line)
    engine.dispose()
    return url


def test_a_database_that_has_lost_its_secret_is_refused_with_a_way_out(at: str) -> None:
    """Another secret would keep out all who have a link, and would not say why."""
    Store(at).close()
    for lost in ("DELETE FROM meta WHERE key = 'secret'", "INSERT INTO meta VALUES ('secret', '')"):
        shown = database.shown(meta(at, lost))
        assert refusal(at) == f"{shown} has lost the secret that signs its links; restore it from a copy"


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(at: str) -> None:
    Store(at).close()
    newer = f"UPDATE meta SET value = '{SCHEMA + 1}' WHERE key = 'schema'"  # noqa: S608 - our own number
    url = meta(at, newer, "DROP TABLE guesses")
    sentence = f"was written by a newer version (its schema is {SCHEMA + 1}, ours {SCHEMA}); upgrade drillroom"
    assert refusal(at) == f"{database.shown(url)} {sentence}"
    engine = sa.create_engine(url)
    assert not sa.inspect(engine).has_table("guesses")
    engine.dispose()
    assert refusal(at) == f"{database.shown(url)} {sentence}"  # the lock was let go of


def test_a_path_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("This is no database, and it is longer than the head of one would be. " * 20, encoding="utf-8")
    assert refusal(file) == f"{file}: the database cannot be used: the file is not a database; name another"
    assert file.read_text(encoding="utf-8").startswith("This is no database")
    why = "its file cannot be opened; look at its folder, and at the rights there"
    assert refusal(tmp_path) == f"{tmp_path}: the database cannot be used: {why}"
    assert refusal(file / "drills.sqlite") == f"{file} is not a folder; name another database"
    assert refusal(file / "of" / "drills.sqlite") == f"{file / 'of'} is not a folder; name another database"
    assert refusal("sqlite://") == "a database in memory would be gone with the server; name a file"
    assert refusal("a drill://") == ("the database's address cannot be read; write a file, or postgresql+psycopg://…")
    assert refusal("mysql://host/drills").endswith("drills are kept in SQLite or in PostgreSQL; name one of those")


def test_a_database_that_cannot_be_reached_is_refused_in_one_line_without_its_password() -> None:
    pytest.importorskip("psycopg")
    why = refusal("postgresql://drills:secret@127.0.0.1:1/drills")
    assert why.startswith("postgresql+psycopg://drills:***@127.0.0.1:1/drills: the database cannot be used: ")
    assert "secret" not in why
    assert "nothing answers there" in why
    assert why.endswith("is it running, and is the address right?")


def test_folders_on_the_way_to_a_new_database_are_made(tmp_path: Path) -> None:
    store = Store(tmp_path / "var" / "lib" / "drills.sqlite")
    assert store.drills().result(SOON) == []
    store.close()


# -- what is kept comes back -------------------------------------------------------------------------------------------


def keeps_what_it_is_given(store: Store) -> None:
    """Everything that a store is asked to keep, and asked for."""
    store.add_drill(ROW).result(SOON)
    store.add_drill(ROW._replace(id="drill-2", made="2026-03-04T15:00:00+00:00")).result(SOON)
    assert [row.id for row in store.drills().result(SOON)] == ["drill-2", "drill-1"]
    assert store.drill("drill-1").result(SOON) == ROW
    assert store.drill("drill-3").result(SOON) is None
    events: list[Event] = [
        ev.DrillStarted(seq=0, at=0, wall=NOW, values={"rate": 41, "share": 0.5, "customer": "Łódź & Söhne 🚲"}),
        said(1, "Zeile eins\nline two\t‘quoted’ \\ \x7f"),
        ev.InjectDelivered(
            seq=2, at=20, wall=NOW, due=10, number=1, recipients=("ana", "ben"), via="call", sender="Ops", text="Who?"
        ),
    ]
    store.append("drill-1", events, plan='{"a":1}', state="running").result(SOON)
    assert store.plan("drill-1").result(SOON) == '{"a":1}'
    assert events_of(store, "drill-1").result(SOON) == events
    assert events_of(store, "drill-2").result(SOON) == []
    assert store.drill("drill-1").result(SOON) == ROW._replace(state="running")
    store.note_alive([("drill-1", 20, "then"), ("drill-2", 0, "then")]).result(SOON)
    store.change_drill("drill-2", alive_at=None, alive_wall=None).result(SOON)
    assert [(row.alive_at, row.alive_wall) for row in store.drills().result(SOON)] == [(None, None), (20, "then")]
    assert failure(store.append("drill-1", [said(2)]))
    keeps_who_comes_in(store)
    for guess in (GUESS._replace(surprise=""), GUESS, GUESS._replace(member="ben"), GUESS._replace(drill="drill-2")):
        store.put_guess(guess).result(SOON)
    assert store.guesses("drill-1").result(SOON) == [GUESS, GUESS._replace(member="ben")]
    assert store.guesses("drill-3").result(SOON) == []


def keeps_who_comes_in(store: Store) -> None:
    owner = LinkRow("l0", None, "facilitator", None, NOW.isoformat(), revoked=False)
    mine = LinkRow("l1", "drill-1", "player", "ana", NOW.isoformat(), revoked=False)
    theirs = LinkRow("l2", "drill-1", "player", None, NOW.isoformat(), revoked=False)
    for link in (owner, mine, theirs):
        store.add_links([link]).result(SOON)
    assert store.links(None).result(SOON) == [owner]
    assert sorted(store.links("drill-1").result(SOON)) == sorted([mine, theirs])
    assert store.link("l1").result(SOON) == mine
    assert store.link("l9").result(SOON) is None
    seat = SeatRow("s1", "drill-1", "l1", "player", "ana", admitted=False, expires=NOW.isoformat())
    other = SeatRow("s2", "drill-1", "l2", "player", None, admitted=False, expires=NOW.isoformat())
    everywhere = SeatRow("s1", "", "l0", "facilitator", None, admitted=True, expires=NOW.isoformat())
    for one in (seat, other, everywhere, seat._replace(admitted=True)):
        store.seat(one).result(SOON)
    assert sorted(store.seats("s1").result(SOON)) == sorted([everywhere, seat._replace(admitted=True)])
    assert {one.session for one in store.seats_in("drill-1").result(SOON)} == {"s1", "s2"}
    store.revoke("drill-1", "ana").result(SOON)
    assert store.link("l1").result(SOON) == mine._replace(revoked=True)
    assert store.seats("s1").result(SOON) == [everywhere]
    assert store.seats_in("drill-1").result(SOON) == [other]


def test_what_is_given_comes_back_after_a_restart(at: str) -> None:
    store = Store(at)
    keeps_what_it_is_given(store)
    secret, events, drills = store.secret, events_of(store, "drill-1").result(SOON), store.drills().result(SOON)
    store.close()
    again = Store(at)
    assert again.secret == secret
    assert (events_of(again, "drill-1").result(SOON), again.drills().result(SOON)) == (events, drills)
    assert len(secret) == 64
    again.close()


def test_two_databases_have_two_secrets(store: Store, tmp_path: Path) -> None:
    other = Store(database_at(tmp_path / "other.sqlite"))
    assert store.secret != other.secret
    other.close()


def test_reading_that_fails_is_said(store: Store) -> None:
    store.submit(lambda connection: EVENTS.drop(connection)).result(SOON)
    why = 'relation "events" does not exist' if on_postgresql() else "no such table: events"
    with pytest.raises(StoreError, match=f"the database cannot be read: {why}"):
        events_of(store, "drill-1").result(SOON)


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


def test_postgresql_keeps_drills_as_well(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 1.0)
    store = Store(postgresql)
    try:
        keeps_what_it_is_given(store)
        postgresql_is_safe(store, postgresql)
    finally:
        store.close()
    again = Store(postgresql.replace("postgresql+psycopg://", "postgresql://"))
    assert [len(events_of(again, drill).result(SOON)) for drill in ("drill-1", "many")] == [3, 301]
    again.close()


def postgresql_is_safe(store: Store, url: str) -> None:
    """Servers of one version alone, few transactions, nothing half, and nothing that waits for ever."""
    other = sa.create_engine(store.url)
    assert not theirs_alone(other)
    commits = count_commits(store)
    held = Held(store)
    waiting = [store.append("many", [said(seq)]) for seq in range(300)]
    twice = store.add_links([LinkRow("l0", None, "facilitator", None, NOW.isoformat(), revoked=False)])
    held.let_go()
    for done in waiting:
        done.result(SOON)
    assert failure(twice).startswith("the database did not take it: duplicate key value")
    assert 2 <= len(commits) <= 302  # the refused one made the writer go through the others one by one
    assert failure(store.append("many", [said(301)]))
    with other.connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        connection.exec_driver_sql("LOCK TABLE events")
        why = failure(store.append("many", [said(300)]))
        assert why == "the database did not take it: canceling statement due to lock timeout"
    # The writer's connection is cut off: it comes back with its lock, and takes what comes then.
    with other.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )
    store.append("many", [said(300)]).result(SOON)
    assert not theirs_alone(other)
    other.dispose()
    Store(url).close()  # one of this version shares it


def theirs_alone(engine: sa.Engine) -> bool:
    """Whether a server of version 0.1.0 would have the database for itself now."""
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({database.ADVISORY_LOCK})").scalar())


def test_the_meta_table_says_the_schema_from_the_first_day(store: Store) -> None:
    with store._reads.connect() as connection:
        known = {str(key): str(value) for key, value in connection.execute(sa.select(META))}
    assert known["schema"] == str(SCHEMA)
    assert set(known) == {"schema", "secret"}


def test_the_lock_goes_with_its_holder(at: str) -> None:
    """A server that was killed leaves a file behind that locks nobody out."""
    code = "import sys, os; from drills.records.store import Store; Store(sys.argv[1]); os.kill(os.getpid(), 9)"
    root = Path(database.__file__).parent.parent.parent
    killed = subprocess.run([sys.executable, "-c", code, at], env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert killed.returncode == -9
    Store(at).close()
