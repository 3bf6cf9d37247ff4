"""`drills`: the same from a running server and from its database alone; and what it says if neither can be had."""

import json
import os
import re
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drills.records.database import shown, url_of
from drills.records.schema import DRILLS, META, SCHEMA
from drills.records.server_address import Address, note
from drills.records.store import Store
from tests.drills.command_line import call, refused
from tests.drills.processes import SLOW, base_of, ends, entered, link_of, program
from tests.drills.server import Browser, Place, serving
from tests.support.databases import database_at

TITLE = "Customers cannot report repairs"


def drills(database: str | Path, *args: str) -> dict[str, Any]:
    result = call("drills", "--json", "--database", database, *args)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def make(owner: Browser, **more: str) -> str:
    answer = owner.post("/new", data={"scenario": "no-photos", "people": "Ana\nBen", "seed": "7"} | more)
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>(.*?)<', answer.text)
    return answer.headers["location"].removeprefix("/d/")


def close_down(owner: Browser, drill: str) -> None:
    (link,) = [one["link"] for one in owner.data(drill, "/lobby")["personal"] if one["name"] == "Ana"]
    owner.start(drill)
    with closing(Browser(base_of(link))) as ana:
        assert ana.get(link).status_code == 303
        ana.does(drill, "/resolve")
    owner.does(drill, "/end")
    assert owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"}).status_code == 200
    owner.does(drill, "/end", "/follow-up-done")


@contextmanager
def owned(link: str) -> Iterator[Browser]:
    with closing(entered(link)) as owner:
        yield owner


def until_scored(database: str | Path) -> dict[str, Any]:
    """What is listed once the score is kept, which comes a moment after a drill's end."""
    deadline = time.monotonic() + SLOW
    found = drills(database)
    while all(one["score"] is None for one in found["drills"]):
        assert time.monotonic() < deadline, found
        found = drills(database)
    return found


def test_a_server_and_its_database_alone_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "ours.sqlite"
    serve = ("serve", "--port", "0", "--database", "ours.sqlite")
    with program(tmp_path, *serve) as process, owned(link_of(process)) as owner:
        closed, runs, secret, waits = make(owner), make(owner), make(owner, play_too="1", me="Ana"), make(owner)
        close_down(owner, closed)
        owner.start(runs)
        asked = until_scored(file)
        assert ends(process, signal.SIGTERM)[0] == 0
    assert [(one["id"], one["state"], one["title"]) for one in asked["drills"]] == [
        (waits, "lobby", TITLE),
        (secret, "lobby", None),
        (runs, "running", TITLE),
        (closed, "closed", TITLE),
    ]
    assert drills(file) == asked
    lines = call("drills", "--database", file).stdout.splitlines()
    assert lines[0].split() == ["id", "state", "made", "score", "title"]
    assert [line.split()[:2] for line in lines[1:]] == [[one["id"], one["state"]] for one in asked["drills"]]
    with program(tmp_path, *serve) as process:
        link_of(process)
        assert drills(file) == asked, "a server that was asked about before goes on as it was"


def test_looking_starts_no_drill_again(tmp_path: Path) -> None:
    file = tmp_path / "ours.sqlite"
    with serving(tmp_path, database=str(file)) as place:
        owner = place.owner()
        drill = place.make(owner)
        owner.start(drill)
    before = rows(file)
    assert drills(file)["drills"][0]["state"] == "running"
    assert rows(file) == before


def rows(file: Path) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return [connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("drills", "events", "meta")]  # noqa: S608


def test_older_drills_come_with_the_id_of_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("drills.web.lists", "drills.web.api_drill"):
        monkeypatch.setattr(f"{module}.MOST_LISTED", 2)
    file = database_at(tmp_path / "drills.sqlite")
    with serving(tmp_path) as place:
        owner = place.owner()
        first, second, third = (place.make(owner) for _ in range(3))
        assert [one["id"] for one in drills(file)["drills"]] == [third, second]
    listed = call("drills", "--database", file)
    assert listed.stderr == f"There are older ones: drillroom drills --before {second}\n"
    assert [one["id"] for one in drills(file, "--before", second)["drills"]] == [first]
    assert drills(file, "--before", second)["next"] is None
    assert call("drills", "--database", file, "--before", first).stdout == "There are none before it.\n"
    assert refused("drills", "--database", file, "--before", "drill-x") == "there is no drill drill-x"
    assert "before: " in refused("drills", "--database", file, "--before", "What?")


def test_where_nothing_is_kept_nothing_is_made(here: Path) -> None:
    said = "there is no database at {}; name another with --database, or make one: drillroom serve"
    assert refused("drills") == said.format("drillroom.sqlite")
    assert refused("drills", "--database", "no/such/file") == said.format("no/such/file")
    (here / "empty.sqlite").touch()
    assert refused("drills", "--database", "empty.sqlite") == said.format("empty.sqlite")
    assert sorted(path.name for path in here.iterdir()) == ["empty.sqlite"]
    (here / "text.sqlite").write_text("this is no database, and was never one. " * 40)
    why = "text.sqlite: the database cannot be read: the file is not a database; name another"
    assert refused("drills", "--database", "text.sqlite") == why


def test_a_database_that_is_there_and_holds_no_drill(tmp_path: Path) -> None:
    Store(tmp_path / "new.sqlite").close()
    assert call("drills", "--database", tmp_path / "new.sqlite").stdout == "There are no drills in it.\n"


def test_a_database_of_another_version_is_left_as_it_is(tmp_path: Path) -> None:
    for schema, way_out in ((SCHEMA - 1, "`drillroom serve` brings it up to date"), (SCHEMA + 1, "upgrade drillroom")):
        file = tmp_path / f"{schema}.sqlite"
        Store(file).close()
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [str(schema)])
        why = refused("drills", "--database", file)
        assert why.startswith(
            f"{file} was written by a{'n older' if schema < SCHEMA else ' newer'} version (its schema"
        )
        assert why.endswith(way_out)
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == (str(schema),)


def noted(store: Store, **values: str) -> Address:
    """An address that stands in a database as if a server had noted it."""
    address = Address(
        **{"url": "http://127.0.0.1:1", "run": "x", "version": "0.1.0", "machine": socket.gethostname()} | values
    )
    note(store, address).result(20)
    return address


def test_a_server_that_was_killed_leaves_an_address_at_which_nobody_is_sought(tmp_path: Path) -> None:
    file = tmp_path / "ours.sqlite"
    with program(tmp_path, "serve", "--port", "0", "--database", "ours.sqlite") as process:
        link = link_of(process)
        with owned(link) as owner:
            drill = make(owner)
        ends(process, signal.SIGKILL)
    assert base_of(link) in str(rows(file)), "it is still noted"
    assert [one["id"] for one in drills(file)["drills"]] == [drill]


def test_whoever_listens_where_a_server_was_is_told_nothing_that_opens_it(tmp_path: Path) -> None:
    """By now another server with another database answers there; what it is sent opens nothing of ours."""
    with serving(tmp_path / "ours") as place:
        drill = place.make(place.owner())
    with serving(tmp_path / "theirs") as other:
        other.make(other.owner())
        ours = database_at(tmp_path / "ours" / "drills.sqlite")
        store = Store(ours)
        noted(store, url=other.base)
        store.close()
        assert [one["id"] for one in drills(ours)["drills"]] == [drill]
        assert [line["status"] for line in other.lines if line.get("route") == "/api/server"] == [401]


def test_a_server_that_holds_the_database_and_does_not_answer(tmp_path: Path) -> None:
    file = tmp_path / "ours.sqlite"
    store = Store(file)
    try:
        why = refused("drills", "--database", file)
        assert why.startswith(f"{file}: another server uses this database; stop it")
        noted(store)
        why = f"{file}: its server does not answer at http://127.0.0.1:1; if it is stuck, restart it"
        assert refused("drills", "--database", file) == why
        noted(store, machine="drills-2")
        assert refused("drills", "--database", file) == (
            f"{file}: its server runs on drills-2, at http://127.0.0.1:1, and is not reached from here; call this there"
        )
    finally:
        store.close()


def test_a_server_of_another_version(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        run = place.server.access.calls.run
        noted(place.server.store, url=place.base, run=run, version="0.0.9")
        file = database_at(tmp_path / "drills.sqlite")
        assert refused("drills", "--database", file) == (
            f"{shown(url_of(file))}: the server at {place.base} is of version 0.0.9, and this is 0.1.0; "
            "use the same version for both"
        )


@contextmanager
def as_somebody_else(folder: Path) -> Iterator[None]:
    """Without the right to read what is in a folder: as another user, or where one is not root without the right."""
    if os.geteuid():
        folder.chmod(0)
        try:
            yield
        finally:
            folder.chmod(0o700)
        return
    folder.chmod(0o700)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_somebody_else_of_the_machine_is_no_owner(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    with serving(folder, database=str(folder / "drills.sqlite")) as place:
        call("drills", "--database", folder / "drills.sqlite")  # so that all is imported
        with as_somebody_else(folder):
            why = refused("drills", "--database", folder / "drills.sqlite")
        assert why == f"{folder / 'drills.sqlite'}: the database cannot be read: permission denied"
        assert place.base


def test_settings_name_the_database_as_they_do_for_serve(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(here / "theirs.sqlite").close()
    (here / "drillroom.toml").write_text('database = "theirs.sqlite"')
    assert call("drills").stdout == "There are no drills in it.\n"
    monkeypatch.setenv("DRILLROOM_DATABASE", "none.sqlite")
    assert refused("drills").startswith("there is no database at none.sqlite")


def test_postgresql_is_asked_alike(postgresql: str, tmp_path: Path) -> None:
    engine = sa.create_engine(postgresql)
    assert refused("drills", "--database", postgresql).startswith(
        f"there is no database at {sa.make_url(postgresql).render_as_string()}; name another"
    )
    with serving(tmp_path, database=postgresql) as place:
        drill = place.make(place.owner())
        asked = drills(postgresql)
        assert [one["id"] for one in asked["drills"]] == [drill]
        for run in (
            "killed",
            "killed again",
        ):  # another, on a machine of its own: that one's place is taken, ours is not
            noted(place.server.store, run=run, machine="drills-2")
        assert drills(postgresql) == asked
        with engine.connect() as connection:
            keys = set(connection.execute(sa.select(META.c.key).where(META.c.key.startswith("server:"))).scalars())
        assert keys == {"server:killed again", f"server:{place.server.access.calls.run}"}
        with engine.begin() as connection:
            connection.execute(META.update().where(META.c.key.startswith("server:")).values(value="no address"))
        assert "its servers do not say where they answer" in refused("drills", "--database", postgresql)
    assert drills(postgresql) == asked
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(DRILLS)).scalar() == 1
    engine.dispose()
    why = refused("drills", "--database", "postgresql://drills:secret@127.0.0.1:1/drills")
    assert "nothing answers there" in why
    assert "secret" not in why


def test_what_a_command_signs_opens_nothing_else(place: Place) -> None:
    calls = place.server.access.calls
    with closing(place.browser()) as browser:
        signed = {"Authorization": calls.signed("GET", "/api/drills")}
        assert browser.get("/api/drills", headers=signed).status_code == 200
        assert browser.get("/api/drills?before=x", headers=signed).status_code == 401
        assert browser.post("/api/drills/x/start", headers=signed).status_code == 401
        later = type(calls)(place.server.store.secret)  # as another start of the server
        for header in (later.signed("GET", "/api/drills"), "Drillroom x", "Basic YTpi", ""):
            assert browser.get("/api/drills", headers={"Authorization": header}).status_code == 401
