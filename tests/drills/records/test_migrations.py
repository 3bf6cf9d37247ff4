"""A database of version 0.1.0 opens: every drill is there with equal scores, and nothing is ever half done.

`data/drills-0.1.0.sqlite.gz` was made by that version's own server; the JSON beside it says what was in it.
"""

import asyncio
import gzip
import json
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from drills.live.rooms import Rooms
from drills.planning.setup import Setup
from drills.records import actions, database, people, preparation
from drills.records.backup import back_up, restore
from drills.records.schema import META, SCHEMA, RetestRow, tables
from drills.records.store import Store, StoreError
from drills.web.sessions import Access
from scoring.history.actions import Handled, key_of
from scoring.scorecard import grade
from simulator.log import verify
from tests.drills.forked import Forked
from tests.drills.server import serving

DATA = Path(__file__).parent / "data"
KNOWN: dict[str, Any] = json.loads((DATA / "drills-0.1.0.json").read_text(encoding="utf-8"))
BEGUN = ("closed", "retested", "follow_up", "running", "practice")
STEPS = SCHEMA - 1
NAMED = "commander_in_place"
"""What 0.1.0 called the time until somebody commanded."""
pytestmark = pytest.mark.sqlite_only(reason="version 0.1.0 left a file; what is about PostgreSQL names it")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "drills.sqlite"
    path.write_bytes(gzip.decompress((DATA / "drills-0.1.0.sqlite.gz").read_bytes()))
    return path


def content(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        return list(connection.iterdump())


def is_whole(path: Path) -> None:
    """Everything that version 0.1.0 kept is there, in our tables."""
    store = Store(path)
    try:
        for name in BEGUN:
            one = KNOWN[name]
            log = store.log(one["id"]).result()
            assert log is not None
            assert len(log.events) == one["rows"]
            assert verify(log.data, texts=log.texts).right
            if one["rows"] == one["events"]:
                assert log.plan.versions["sealed_before"] == one["head"]
                assert grade(log).score == one["score"]
        assert [KNOWN[name]["rows"] - KNOWN[name]["events"] for name in BEGUN[:3]] == [0, 0, 0]
        assert [row.id for row in store.drills("lobby").result()] == [KNOWN["lobby"]["id"]]
        assert [row.state for row in store.drills("closed").result()] == ["closed", "closed"]
        drill, seq = KNOWN["action"]
        retests = store.read(lambda connection: actions.retests_of(connection, KNOWN["retested"]["id"])).result()
        assert retests == [RetestRow(KNOWN["retested"]["id"], drill, seq)]
        assert store.read(actions.handled).result() == {key_of(drill, seq): Handled(obligation=NAMED)}
        names = {one.row.id: one.row.name for one in store.read(people.listed).result()}
        guesses = {names[row.member].split()[0].lower(): row for row in store.guesses(KNOWN["closed"]["id"]).result()}
        assert guesses["ana"][2:] == ("Nobody asked who leads.", 300_000, None)
        assert guesses["ben"][2:] == ("", None, 240_000)
        screens = {row.id: (row.screen, row.revealed) for row in store.drills().result()}
        assert screens[KNOWN["closed"]["id"]] == screens[KNOWN["retested"]["id"]] == ("score", True)
        assert screens[KNOWN["running"]["id"]] == ("guess", False)
        alive = store.drill(KNOWN["running"]["id"]).result()
        assert alive is not None
        assert (alive.alive_at or 0) > 90_000
    finally:
        store.close()


def test_a_database_of_0_1_0_opens_and_every_score_is_as_it_was(old: Path) -> None:
    is_whole(old)


def test_a_backup_from_before_the_upgrade_is_the_database_as_it_was_and_can_be_put_back(
    old: Path, tmp_path: Path
) -> None:
    """Before an upgrade is when people save one. A database of 0.1.0 has no page on which it could be noted."""
    before, kept, again = content(old), tmp_path / "kept.sqlite", tmp_path / "again" / "drills.sqlite"
    back_up(str(old), kept, "2026-11-30T10:00:00+00:00")
    assert content(old) == before
    assert content(kept) == before
    again.parent.mkdir()
    assert restore(str(again), kept, replace=False) == (0, False)
    is_whole(again)


def test_what_people_typed_is_beside_the_lines_and_not_in_them(old: Path) -> None:
    store = Store(old)
    log = store.log(KNOWN["closed"]["id"]).result()
    store.close()
    assert log is not None
    typed = "Zeile eins: größer als 'vorher' 🚲"
    assert typed in [text.text for text in log.texts]
    assert typed.encode() not in log.data


def test_no_id_is_made_of_a_name_any_more_and_somebody_is_one_person_in_all_drills(old: Path) -> None:
    with sqlite3.connect(old) as connection:
        setups = [json.loads(setup) for (setup,) in connection.execute("SELECT setup FROM drills WHERE kind = 'drill'")]
    connection.close()
    before = {one["id"] for setup in setups for one in setup["people"] if not one["simulated"]}
    store = Store(old)
    known = store.read(people.listed).result()
    lines = b"".join(log.data for name in BEGUN[:3] if (log := store.log(KNOWN[name]["id"]).result()) is not None)
    rows = [msgspec.json.decode(row.setup, type=Setup) for row in store.drills().result() if row.kind == "drill"]
    store.close()
    assert before
    assert [who for who in before if f'"{who}"'.encode() in lines] == []
    assert len({one.row.name for one in known}) == len(known)
    assert {one.id for setup in rows for one in setup.people if not one.simulated} == {one.row.id for one in known}
    assert all(one.row.id.startswith("p-") for one in known)


def test_its_drills_go_on_and_its_links_and_sessions_still_work(old: Path) -> None:
    with serving(old.parent) as place:
        open_ones = {KNOWN[name]["id"] for name in BEGUN[2:]}
        assert {live.id for live in place.server.rooms.running} == open_ones
        owner, ana = place.browser(), place.browser()
        owner.cookies.set("drillroom", KNOWN["cookies"]["owner"])
        ana.cookies.set("drillroom", KNOWN["cookies"]["ana"])
        assert owner.post("/me/name", data={"name": "Olga Sørensen"}).status_code == 303, "nobody had asked before"
        assert KNOWN["owner_link"] in place.owner_link
        assert place.browser().get(f"/join/{KNOWN['link']}").status_code == 303
        assert ana.get(f"/d/{KNOWN['lobby']['id']}").status_code == 200
        place.until(lambda: owner.get("/").text.count("of 100") == 2)
        assert "The alert names who is to command" in owner.get("/").text
        running = KNOWN["running"]["id"]
        assert owner.data(running)["phase"] == "respond"
        owner.does(running, "/note it goes on")
        owner.start(KNOWN["lobby"]["id"])
        for name in ("closed", "retested"):
            wash = owner.data(KNOWN[name]["id"], "/wash")
            assert wash["score"]["score"] == KNOWN[name]["score"]


def test_the_file_as_it_was_is_kept_beside_for_its_owner_alone(old: Path) -> None:
    before = content(old)
    old.chmod(0o644)
    Store(old).close()
    kept = preparation.copy_of(old, 1)
    assert content(kept) == before
    for path in (old, kept):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not Path(f"{kept}.part").exists()


def test_the_steps_lead_to_the_tables_that_a_new_database_has(old: Path, tmp_path: Path) -> None:
    Store(old).close()
    engine = sa.create_engine(f"sqlite:///{old}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables) == []
    engine.dispose()
    Store(tmp_path / "new.sqlite").close()
    with sqlite3.connect(tmp_path / "new.sqlite") as new, sqlite3.connect(old) as migrated:
        for asked in (
            "SELECT name, tbl_name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1",
            "SELECT version_num FROM alembic_version",
            "SELECT value FROM meta WHERE key = 'schema'",
        ):
            assert new.execute(asked).fetchall() == migrated.execute(asked).fetchall()


# -- never half --------------------------------------------------------------------------------------------------------

KILLED = """
import os, sys
from alembic.runtime.migration import HeadMaintainer
left, update = int(sys.argv[2]), HeadMaintainer.update_to_step
def updated(self, step):
    global left
    update(self, step)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)
HeadMaintainer.update_to_step = updated
from drills.records.store import Store
Store(sys.argv[1])
"""


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_a_server_that_is_killed_behind_a_step_leaves_it_as_it_was_and_the_next_one_goes_through(
    old: Path, step: int
) -> None:
    before = content(old)
    with Forked([str(old), str(step)], first=KILLED) as killed:
        assert killed.wait(timeout=60) == -9
    assert content(old) == before
    is_whole(old)


def test_a_full_disk_in_the_middle_leaves_it_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(old)
    pages = old.stat().st_size // 4096

    def limited(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 4}")

    make = database.engines

    def engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
        reads, writes = make(url)
        sa.event.listen(writes, "connect", limited)
        return reads, writes

    with monkeypatch.context() as patched:
        patched.setattr(database, "engines", engines)
        with pytest.raises(StoreError, match="the disk is full; make room"):
            Store(old)
    assert content(old) == before
    is_whole(old)


def test_where_no_copy_can_be_kept_nothing_is_changed(old: Path) -> None:
    before = content(old)
    Path(f"{preparation.copy_of(old, 1)}.part").mkdir()
    with pytest.raises(StoreError, match="the copy to keep of it cannot be made"):
        Store(old)
    assert content(old) == before


HOLDS = """
import fcntl, sys
lock = open(sys.argv[1], "ab")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_running_server_of_0_1_0_is_named_and_left_alone(old: Path) -> None:
    """It holds the lock beside the file, as every server does."""
    command = [sys.executable, "-c", HOLDS, f"{old}.lock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        with pytest.raises(StoreError, match=r"a server of version 0\.1\.0 uses this database; stop it first"):
            Store(old)
        server.communicate()
    is_whole(old)


def test_a_drill_that_cannot_be_read_stays_shut_and_the_others_are_brought_over(old: Path) -> None:
    broken = KNOWN["running"]["id"]
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE drills SET plan = CAST(x'7bff' || plan AS TEXT) WHERE id = ?", [broken])
    connection.close()

    async def test() -> None:
        store = Store(old)
        rooms = Rooms(store)
        assert await rooms.resume() == 2
        assert await rooms.find(broken) is None
        assert await Access(store).opened_by(KNOWN["link"]) is not None
        await rooms.close()
        store.close()

    asyncio.run(test())


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


def test_postgresql_is_brought_over_as_well(old: Path, postgresql: str) -> None:
    """The same rows as 0.1.0 would have written them there."""
    _copied(old, postgresql)
    store = Store(postgresql)
    try:
        for name in ("closed", "retested"):
            log = store.log(KNOWN[name]["id"]).result()
            assert log is not None
            assert grade(log).score == KNOWN[name]["score"]
            assert log.plan.versions["sealed_before"]
        engine = sa.create_engine(store.url)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), tables) == []
        engine.dispose()
    finally:
        store.close()


def _copied(old: Path, url: str) -> None:
    """Make 0.1.0's tables in a PostgreSQL database and fill them with what the file holds."""
    source, target = sa.create_engine(f"sqlite:///{old}"), sa.create_engine(database.url_of(url))
    found = sa.MetaData()
    found.reflect(source)
    with source.connect() as theirs, target.begin() as ours:
        for table in found.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, sa.BLOB):
                    column.type = sa.LargeBinary()
            table.create(ours)
            rows = [dict(row) for row in theirs.execute(table.select()).mappings()]
            if rows:
                ours.execute(table.insert(), rows)
    source.dispose()
    target.dispose()


def test_a_database_that_servers_of_an_older_version_share_is_left_alone(
    old: Path, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share the lock, and a migration must have it alone."""
    _copied(old, postgresql)
    monkeypatch.setattr(preparation, "_ALONE", "SET LOCAL lock_timeout = '0.2s'")
    engine = sa.create_engine(database.url_of(postgresql))
    with engine.connect() as theirs:
        theirs.exec_driver_sql(f"SELECT pg_advisory_lock_shared({database.ADVISORY_LOCK})")
        with pytest.raises(StoreError, match="is of an older version, and other servers use it; stop them all"):
            Store(postgresql)
        assert theirs.exec_driver_sql("SELECT value FROM meta WHERE key = 'schema'").scalar() == "1"
    engine.dispose()
    Store(postgresql).close()


@pytest.mark.parametrize(
    ("schema", "why"), [("1", r"a server of version 0\.1\.0 uses this database"), (str(SCHEMA), "of another version")]
)
def test_a_server_that_has_postgresql_for_itself_is_named_and_left_alone(
    postgresql: str, schema: str, why: str
) -> None:
    Store(postgresql).close()
    engine = sa.create_engine(database.url_of(postgresql))
    with engine.connect() as theirs:
        theirs.exec_driver_sql(f"SELECT pg_advisory_lock({database.ADVISORY_LOCK})")
        theirs.execute(META.update().where(META.c.key == "schema").values(value=schema))
        theirs.commit()
        with pytest.raises(StoreError, match=why):
            Store(postgresql)
    engine.dispose()


def test_servers_that_start_together_on_a_new_database_make_its_tables_once(postgresql: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(Store, [postgresql] * 4))
    assert len({store.secret for store in stores}) == 1
    for store in stores:
        store.close()
