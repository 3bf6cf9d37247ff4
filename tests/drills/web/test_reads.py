"""Reads: none holds up the loop, a hanging database is reported, and what was revoked meanwhile stays revoked."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from drills.records.schema import LINKS, SEATS
from drills.records.store import Store, StoreError
from drills.web.sessions import Access
from tests.drills.server import Browser, Place
from tests.support.databases import database_at, on_postgresql

SOON = 20


@pytest.fixture
def at(tmp_path: Path) -> str:
    """The address of a new database."""
    return database_at(tmp_path / "drills.sqlite")


class Slow:
    """A database whose reads take until they are let go: before they are begun, or before they are answered.

    All of them, or of one table.
    """

    def __init__(self, store: Store, when: str = "before_cursor_execute", table: str = "") -> None:
        self.begun, self._go, self._table = threading.Event(), threading.Event(), table
        sa.event.listen(store._reads, when, self._wait)

    def _wait(self, _: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("SELECT") and self._table in statement:
            self.begun.set()
            assert self._go.wait(SOON)

    def let_go(self) -> None:
        self._go.set()


def test_a_page_whose_read_takes_long_holds_up_no_stream_and_no_act(place: Place, owner: Browser) -> None:
    """Counted, not timed: while the page waits for its read, an act is stored and told to a stream."""
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    owner.start(drill)
    ana.does(drill, "/ack")  # its session is known from now on
    with ana.stream("GET", f"/api/drills/{drill}/stream") as stream:
        lines = stream.iter_lines()
        assert next(lines)
        slow = Slow(place.server.store, table="FROM drills")
        answers: list[int] = []
        page = threading.Thread(target=lambda: answers.append(owner.get("/").status_code))
        page.start()
        assert slow.begun.wait(SOON)
        turns = place.run(_turns())
        ana.does(drill, "/join", "it is slow")
        told = next(line for line in lines if "it is slow" in line)
        still_waits = not answers
        slow.let_go()
        page.join(SOON)
    assert turns == 100
    assert told
    assert still_waits
    assert answers == [200]


async def _turns() -> int:
    for _ in range(100):
        await asyncio.sleep(0)
    return 100


def test_a_database_that_does_not_answer_is_said_and_nobody_waits_for_it(
    place: Place, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place.server.store._readers, "_patience", 0.05)
    slow = Slow(place.server.store)
    try:
        answer = owner.get("/api/drills")
        assert answer.status_code == 503
        assert answer.json()["error"].startswith("the database does not answer")
        health = owner.get("/health")
        assert health.status_code == 503
        assert health.json()["fault"].startswith("the database does not answer")
    finally:
        slow.let_go()
    monkeypatch.undo()
    assert owner.get("/health").status_code == 200


def test_what_is_revoked_while_a_session_is_read_is_not_remembered(at: str) -> None:
    """The read began before, and its answer comes after: it is of a time that is over."""

    async def test() -> None:
        store = Store(at)
        access = Access(store)
        token = await access.link("drill-1", "player", "ana")
        link, cookie = await access.opened_by(token), access.new_cookie()
        assert link is not None
        await access.enter(cookie, link)
        slow = Slow(store, "after_cursor_execute")
        reading = asyncio.create_task(access.session(cookie))
        await asyncio.to_thread(slow.begun.wait, SOON)
        await access.revoke("drill-1", "ana")
        slow.let_go()
        assert (await reading).known, "what was read is of a time before"
        assert not (await access.session(cookie)).known
        store.close()

    asyncio.run(test())


def test_revoking_is_all_or_nothing(at: str) -> None:
    """A failure between the link and those who came by it leaves both as they were."""

    async def test() -> None:
        store = Store(at)
        access = Access(store)
        token = await access.link("drill-1", "player", "ana")
        link, cookie = await access.opened_by(token), access.new_cookie()
        assert link is not None
        await access.enter(cookie, link)
        fails = _failing_at("DELETE FROM seats")
        sa.event.listen(store._writes, "before_cursor_execute", fails)
        with pytest.raises(StoreError, match="no more"):
            await access.revoke("drill-1", "ana")
        sa.event.remove(store._writes, "before_cursor_execute", fails)
        assert await access.opened_by(token) == link
        assert (await access.session(cookie)).known
        await access.revoke("drill-1", "ana")
        assert await access.opened_by(token) is None
        assert not (await access.session(cookie)).known
        store.close()

    asyncio.run(test())


def _failing_at(start: str) -> Callable[..., None]:
    def fails(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith(start):
            raise sa.exc.OperationalError(statement, {}, Exception("no more"))

    return fails


def test_indices_are_used_where_people_are_looked_up(at: str) -> None:
    store = Store(at)
    asked = (SEATS.select().where(SEATS.c.drill == "d"), LINKS.select().where(LINKS.c.drill == "d"))

    def plans(connection: sa.Connection) -> list[str]:
        said = [str(one.compile(connection, compile_kwargs={"literal_binds": True})) for one in asked]
        explain = "EXPLAIN" if on_postgresql() else "EXPLAIN QUERY PLAN"
        if on_postgresql():
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # of a table that is empty it reads all
        return [str(connection.exec_driver_sql(f"{explain} {one}").all()) for one in said]

    seats, links = store.read(plans).result(SOON)
    assert "seats_by_drill" in seats
    assert "links_by_drill" in links
    store.close()
