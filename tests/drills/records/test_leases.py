"""Leases: whatever is done to their rows and to servers' clocks, no drill has two holders that can write."""

import ast
import asyncio
import inspect
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from drills.records import holdings as holdings_module
from drills.records import leases
from drills.records.holdings import Holdings
from drills.records.leases import LeaseLostError
from drills.records.store import DrillRow, Store, StoreError
from simulator import events as ev
from tests.drills.stage import SOON, events_of, run

NOW = datetime.now(UTC)
ROW = DrillRow("drill-1", "drill", "running", NOW.isoformat(), "{}")


@pytest.fixture
def stores(postgresql: str) -> Iterator[tuple[Store, Store]]:
    """Two servers' stores on one database, in which a drill runs."""
    first, second = Store(postgresql), Store(postgresql)
    first.share("http://first", 5.0)
    second.share("http://second", 5.0)
    first.add_drill(ROW).result()
    yield first, second
    first.close()
    second.close()


def held_by(store: Store) -> Holdings:
    assert store.holdings is not None
    return store.holdings


def said(seq: int) -> ev.Event:
    return ev.NoteTaken(seq, 0, NOW, "facilitator", text=f"note {seq}")


def change(store: Store, sql: str) -> None:
    """What somebody does to the rows by hand."""
    store.submit(lambda connection: connection.exec_driver_sql(sql)).result()


def test_one_holds_a_drill_and_the_other_neither_takes_nor_writes_it(stores: tuple[Store, Store]) -> None:
    first, second = stores

    async def test() -> None:
        assert await held_by(first).take(["drill-1"]) == ["drill-1"]
        assert await held_by(second).take(["drill-1"]) == []
        await first.append("drill-1", [said(0)])
        with pytest.raises(LeaseLostError, match="another server has taken over drill-1; it goes on there"):
            await second.append("drill-1", [said(1)])
        assert await held_by(first).renew() == []
        assert len(await events_of(second, "drill-1")) == 1

    run(test())


def test_a_server_that_starts_again_at_its_address_need_not_wait_for_itself(postgresql: str) -> None:
    """What it held before it was killed is free at once; if that one lives after all, the database refuses it."""
    stores = [Store(postgresql) for _ in range(3)]
    for store, url in zip(stores, ("http://first", "http://second", "http://first"), strict=True):
        store.share(url, 5.0)
    killed, other, again = stores

    async def test() -> None:
        await killed.add_drill(ROW)
        await held_by(other).renew()
        assert await held_by(other).take(["drill-2"]) == ["drill-2"]
        await held_by(killed).renew()
        assert await held_by(killed).take(["drill-1"]) == ["drill-1"]
        assert await held_by(again).take(["drill-1"]) == []
        await held_by(again).succeed()
        assert await held_by(again).take(["drill-1", "drill-2"]) == ["drill-1"]
        with pytest.raises(LeaseLostError):
            await killed.append("drill-1", [said(0)])
        await again.append("drill-1", [said(0)])
        await held_by(again).renew()
        await held_by(again).succeed()
        assert await held_by(again).renew() == [], "it takes nothing from itself"

    run(test())
    for store in stores:
        store.close()


def test_given_back_it_can_be_taken_at_once(stores: tuple[Store, Store]) -> None:
    first, second = stores

    async def test() -> None:
        await held_by(first).take(["drill-1"])
        await held_by(first).give_back("drill-1")
        assert await held_by(second).take(["drill-1"]) == ["drill-1"]
        await held_by(second).leave()
        assert await held_by(first).take(["drill-1"]) == ["drill-1"]

    run(test())


def test_whoever_comes_back_late_is_refused_in_the_transaction_that_writes(stores: tuple[Store, Store]) -> None:
    """It was stopped for longer than its lease; another has written meanwhile."""
    first, second = stores

    async def test() -> None:
        await held_by(first).take(["drill-1"])
        await first.append("drill-1", [said(0)])
        change(second, "UPDATE leases SET until = clock_timestamp() - interval '1 s'")
        assert await held_by(second).take(["drill-1"]) == ["drill-1"]
        await second.append("drill-1", [said(1)])
        for refused in (
            first.append("drill-1", [said(2)]),
            first.change_drill("drill-1", state="closed"),
            first.show("drill-1", "score", True),
            first.forget("drill-1"),
        ):
            with pytest.raises(LeaseLostError):
                await refused
        await first.note_alive([("drill-1", 99, "then")])  # is not for it to say any more
        row = await second.drill("drill-1")
        assert row is not None
        assert (row.state, row.screen, row.alive_at) == ("running", "guess", None)
        assert len(await events_of(second, "drill-1")) == 2
        assert await held_by(first).renew() == ["drill-1"]

    run(test())


def test_others_that_wait_in_the_same_transaction_do_not_pay_for_a_lost_lease(stores: tuple[Store, Store]) -> None:
    first, second = stores

    async def test() -> None:
        await first.add_drill(ROW._replace(id="drill-2"))
        await held_by(first).take(["drill-1", "drill-2"])
        change(second, "DELETE FROM leases WHERE name = 'drill-1'")
        lost, kept = first.append("drill-1", [said(0)]), first.append("drill-2", [said(0)])
        with pytest.raises(LeaseLostError):
            await lost
        await kept

    run(test())


def test_a_drill_that_comes_back_goes_on_where_the_other_server_left_it(stores: tuple[Store, Store]) -> None:
    """What the first knew about the end of its log is no longer true."""
    first, second = stores

    async def test() -> None:
        await held_by(first).take(["drill-1"])
        await first.append("drill-1", [said(0)])
        await held_by(first).give_back("drill-1")
        await held_by(second).take(["drill-1"])
        await second.append("drill-1", [said(1)])
        await held_by(second).give_back("drill-1")
        await held_by(first).take(["drill-1"])
        await first.append("drill-1", [said(2)])
        assert [event.seq for event in await events_of(first, "drill-1")] == [0, 1, 2]

    run(test())


EDITS = {
    "its holder is nonsense": "UPDATE leases SET holder = 'xyzzy'",
    "it is the other's": "UPDATE leases SET holder = (SELECT id FROM servers WHERE internal_url = 'http://second')",
    "it is made to hold for ever": "UPDATE leases SET until = '9999-12-31'",
    "it has another token": "UPDATE leases SET token = 'f' || token",
    "it is gone": "DELETE FROM leases",
    "it has run out": "UPDATE leases SET until = '1970-01-01'",
    "it holds until the end of time": "UPDATE leases SET until = 'infinity'",
}


@pytest.mark.parametrize("edit", EDITS)
def test_whatever_somebody_makes_of_a_row_at_most_one_can_write(stores: tuple[Store, Store], edit: str) -> None:
    """After the edit both try to go on: by taking, by renewing and by writing. The log is whole, by one of them."""
    first, second = stores

    async def test() -> None:
        await held_by(second).renew()
        await held_by(first).take(["drill-1"])
        await first.append("drill-1", [said(0)])
        change(first, EDITS[edit])
        await held_by(second).take(["drill-1"])
        can = [await writes(store) for store in (first, second)]
        assert can.count(True) <= 1
        # Once no lease can hold any more, one of them has it, and one alone.
        for holdings in (held_by(first), held_by(second)):
            for lost in await holdings.renew():
                holdings.drop(lost)
        change(first, "UPDATE leases SET until = '1970-01-01' WHERE until <= clock_timestamp() + interval '6 s'")
        taken = [await held_by(store).take(["drill-1"]) for store in (second, first)]
        assert sum(map(len, taken)) <= 1
        can = [await writes(store) for store in (first, second)]
        assert can.count(True) == 1

    run(test())


async def writes(store: Store) -> bool:
    seq = len(await events_of(store, "drill-1"))
    try:
        await store.append("drill-1", [said(seq)])
    except StoreError:
        return False
    return True


def test_what_a_stopped_server_holds_locked_keeps_nobody_for_long(stores: tuple[Store, Store]) -> None:
    """It was stopped within a transaction that writes. Nobody waits for it: the database gives it up."""
    first, second = stores

    async def test() -> None:
        await held_by(first).take(["drill-1"])
        change(first, "UPDATE leases SET until = '1970-01-01'")
        stopped = await asyncio.to_thread(first._writes.connect)
        await asyncio.to_thread(leases.check, stopped, [held_by(first).lease("drill-1")])
        assert await held_by(second).take(["drill-1"]) == [], "it is just being written under it"
        async with asyncio.timeout(SOON):
            while not await held_by(second).take(["drill-1"]):
                await asyncio.sleep(0.1)
        await asyncio.to_thread(stopped.invalidate)
        assert not await writes(first)
        assert await writes(second)

    run(test())


def test_no_code_of_leases_reads_this_machines_clock() -> None:
    """Only the database's clock says what holds; here a steady clock says alone how long ago that was heard."""
    for module, allowed in ((leases, set()), (holdings_module, {"time.monotonic"})):
        tree = ast.parse(inspect.getsource(module))
        used = {
            f"{node.value.id}.{node.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }
        assert {name for name in used if name.startswith(("time.", "datetime."))} == allowed


def test_rows_of_servers_that_are_long_gone_are_removed(stores: tuple[Store, Store]) -> None:
    first, second = stores

    async def test() -> None:
        await held_by(first).take(["drill-1"])
        await held_by(first).renew()
        await held_by(second).renew()
        change(
            first, "UPDATE servers SET until = clock_timestamp() - interval '2 min' WHERE internal_url = 'http://first'"
        )
        change(first, "UPDATE leases SET until = clock_timestamp() - interval '2 min'")
        await second.submit(leases.sweep)
        rows = await second.read(
            lambda connection: list(connection.execute(sa.text("SELECT internal_url FROM servers")))
        )
        assert [tuple(row) for row in rows] == [("http://second",)]
        assert await second.read(leases.holders) == {}
        assert await second.read(leases.free) == ["drill-1"]

    run(test())


def test_an_sqlite_file_is_never_shared(tmp_path: object) -> None:
    store = Store(f"{tmp_path}/drills.sqlite")
    store.share("http://first", 5.0)
    assert store.holdings is None
    assert store.lease("drill-1") is None
    store.close()
