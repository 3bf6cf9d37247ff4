"""Somebody is forgotten: nothing in the database, its files, a restored backup or an export holds the name any more."""

import io
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drills.records import erasure, tombstones
from drills.records.backup import back_up, restore
from drills.records.database import url_of
from drills.records.schema import tables
from drills.records.store import Store, StoreError
from simulator.fields import ERASED
from simulator.log import verify
from tests.drills.server import Browser, Place, serving

NAME = "Quintilla Zbrożek"
EMAIL = "q.zbrozek@example.org"
THEM = re.compile(r"quintilla|zbro[żz]ek", re.IGNORECASE)
PEOPLE = f"Ana\n{NAME}, {EMAIL}\nBen"


def held(folder: Path, but: str = "") -> list[str]:
    """The files below a folder that hold the name, in UTF-8 or in what JSON makes of it."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != but:
            text = path.read_bytes().decode("utf-8", "replace")
            if THEM.search(text) or "zbro\\u017cek" in text.lower():
                found.append(path.name)
    return found


def member(owner: Browser, drill: str) -> str:
    """The id that she has in a drill."""
    return str(next(one["id"] for one in owner.data(drill, "/lobby")["people"] if one["name"] == NAME))


def played(place: Place, owner: Browser) -> str:
    """A drill in which she did all that leaves something behind, and others wrote about her; it is closed."""
    drill = place.make(owner, people=PEOPLE, first_responder="Ana")
    her, ana, ben = (place.player(owner, drill, who) for who in (member(owner, drill), "ana", "ben"))
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander")
    her.does(drill, "/ack", "/join", "/role communications", "I am here, says Quintilla", "/log nothing of note")
    ana.does(drill, "Could QUINTILLA look?", "what about zbrozek", "/delegate quintilla read the log", "all is well")
    owner.does(drill, f"/note {NAME} is calm", "/hint quintilla Read the browser's console")
    ana.does(drill, "/resolve")
    owner.does(drill, "/end")
    for who, guess in ((her, "how I felt"), (ben, "that Zbrozek was so fast")):
        body = {"surprise": guess, "heard": 1, "command": None}
        assert who.post(f"/api/drills/{drill}/wash", json=body).status_code == 200
    ana.does(drill, f"/action owner={member(owner, drill)} due=2030-01-31 what=Quintilla writes it down")
    for screen in ("reveal", "score"):
        owner.post(f"/api/drills/{drill}/screen", json={"screen": screen})
    her.get(f"/d/{drill}/report")
    place.until(lambda: place.server.rooms.get(drill) is None and owner.get("/api/actions").json()["actions"] != [])
    (action,) = (one for one in owner.get("/api/actions").json()["actions"] if one["drill"] == drill)
    close = {"how": "observation", "text": "Zbrozek showed it to me"}
    assert her.post(f"/api/actions/{action['id']}/close", json=close).status_code == 200
    owner.does(drill, "/end", "/follow-up-done")
    place.until(lambda: place.server.rooms.get(drill) is None)
    return drill


def looked(place: Place) -> list[str]:
    """Who opened or downloaded something, by their ids."""
    asked = sa.select(tables.tables["downloads"].c.person)
    return list(place.server.store.read(lambda connection: list(connection.execute(asked).scalars())).result())


def forget(owner: Browser, name: str = NAME) -> dict[str, Any]:
    who = next(one["id"] for one in owner.get("/api/people").json()["people"] if one["name"] == name)
    answer = owner.post(f"/api/people/{who}/forget")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def export(owner: Browser, drill: str, folder: Path) -> Path:
    answer = owner.get(f"/d/{drill}/folder.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        packed.extractall(folder)
    return folder


def filled(place: Place) -> tuple[Browser, list[str]]:
    owner = place.owner()
    first = played(place, owner)
    second = played(place, owner)
    waiting = place.make(owner, people=PEOPLE, first_responder=NAME)
    place.player(owner, waiting, member(owner, waiting))
    owner.get("/people/" + member(owner, waiting))
    return owner, [first, second, waiting]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "kept"
    made.mkdir()
    return made


@pytest.mark.sqlite_only(reason="a database in a file")
def test_nothing_holds_the_name_any_more(tmp_path: Path, folder: Path) -> None:
    with serving(folder) as place:
        owner, (first, second, waiting) = filled(place)
        her = member(owner, waiting)
        assert her in looked(place)
        assert "drills.sqlite-wal" in held(folder)
        assert held(export(owner, first, tmp_path / "before"))
        backup = tmp_path / "backup.sqlite"
        back_up(str(folder / "drills.sqlite"), backup, "2026-03-03T15:00:00+00:00")
        assert held(tmp_path, but="drills.sqlite")

        answer = forget(owner)

        assert held(folder) == [], "while the server runs, its write-ahead log too"
        assert set(answer["drills"]) == {first, second, waiting}
        said = "\n".join(answer["out_of_reach"])
        assert f"Olga Sørensen downloaded the folder of {first}, with names and texts on" in said
        assert "Somebody at the server saved a backup of the whole database on 3 March 2026" in said
        assert her not in looked(place)
        assert "Somebody who is forgotten" in owner.get("/people/ana").text
        for drill in (first, second):
            log = place.server.store.log(drill).result()
            assert log is not None
            assert verify(log.data, texts=log.texts).right
            assert log.erased > 0
            assert "all is well" in [text.text for text in log.texts], "what others wrote otherwise stays"
            assert held(export(owner, drill, tmp_path / "after" / drill)) == []
        for page in ("/", "/done", "/library", "/people", "/new", f"/d/{first}", f"/d/{waiting}"):
            assert not THEM.search(owner.get(page).text), page
        (action,) = (one for one in owner.get("/api/actions?which=all").json()["actions"] if one["drill"] == second)
        assert (action["text"], action["owner_name"], action["left"]) == (ERASED, "the lead", True)
        assert action["closed"]["text"] == ERASED
        lobby = owner.data(waiting, "/lobby")
        assert [one["name"] for one in lobby["people"]] == ["Ana", "Ben"]
        owner.start(waiting)
        assert [player.id for player in place.live(waiting).plan.players] == ["ana", "ben"]
        again = owner.post("/new", data={"scenario": "no-photos", "people": PEOPLE})
        assert again.status_code == 422
        assert "was forgotten here and is not taken on again" in again.text
    assert held(folder) == []

    restored = restore(str(folder / "drills.sqlite"), backup, replace=True)
    assert restored == (1, False)
    assert held(folder) == []
    with serving(folder) as place:
        found = place.owner().get(f"/d/{first}")
        assert found.status_code == 200
        assert not THEM.search(found.text)


@pytest.mark.sqlite_only(reason="a database in a file")
def test_a_restore_onto_an_empty_folder_takes_the_digests_that_lie_beside(tmp_path: Path, folder: Path) -> None:
    database = folder / "drills.sqlite"
    with serving(folder) as place:
        owner, _ = filled(place)
        back_up(str(database), tmp_path / "backup.sqlite", "2026-03-03T15:00:00+00:00")
        forget(owner)
    for path in folder.iterdir():
        if path.name != "drills.sqlite.forgotten":
            path.unlink()
    assert restore(str(database), tmp_path / "backup.sqlite", replace=False).people == 1
    assert held(folder) == []
    tombstones.beside(database).write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(StoreError, match=r"drills\.sqlite\.forgotten is damaged, and says who was forgotten"):
        restore(str(database), tmp_path / "backup.sqlite", replace=True)


@pytest.mark.sqlite_only(reason="a database in a file")
def test_a_copy_that_somebody_put_back_by_hand_is_cleaned_before_it_is_served(tmp_path: Path, folder: Path) -> None:
    database = folder / "drills.sqlite"
    with serving(folder) as place:
        owner, (first, *_) = filled(place)
        back_up(str(database), tmp_path / "backup.sqlite", "2026-03-03T15:00:00+00:00")
        forget(owner)
    shutil.copy(tmp_path / "backup.sqlite", database)
    assert held(folder) == ["drills.sqlite"]
    with serving(folder) as place:
        assert held(folder) == []
        assert not THEM.search(place.owner().get(f"/d/{first}").text)


def test_on_postgresql_no_row_holds_the_name_any_more(postgresql: str, tmp_path: Path) -> None:
    with serving(tmp_path, database=postgresql) as place:
        owner = place.owner()
        drill = place.make(owner, people=PEOPLE, first_responder=NAME)
        her = place.player(owner, drill, member(owner, drill))
        owner.start(drill)
        her.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", f"says {NAME}")
        for said in ("/end", "/end", "/end", "/follow-up-done"):
            owner.say(drill, said)
        place.until(lambda: place.server.rooms.get(drill) is None)
        assert rows_with_them(postgresql)
        answer = forget(owner)
        assert rows_with_them(postgresql) == []
        assert "PostgreSQL's write-ahead log, its replicas, and its backups" in "\n".join(answer["out_of_reach"])
    with pytest.raises(StoreError, match="back up PostgreSQL by its own means: pg_dump"):
        back_up(postgresql, tmp_path / "x", "")
    with pytest.raises(StoreError, match="restore PostgreSQL by its own means: pg_restore"):
        restore(postgresql, tmp_path / "x", replace=True)


def rows_with_them(url: str) -> list[str]:
    engine = sa.create_engine(url_of(url))
    with engine.connect() as connection:
        found = [
            table.name
            for table in tables.sorted_tables
            for row in connection.execute(table.select())
            if THEM.search(
                " ".join(
                    str(bytes(one), "utf-8", "replace") if isinstance(one, bytes | memoryview) else str(one)
                    for one in row
                )
            )
        ]
    engine.dispose()
    return found


# -- whose name it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "anywhere", "near"),
    [
        ("Ask Jörg Müller", True, True),
        ("ask JORG   MULLER now", True, True),
        ("@jorg can you?", False, True),
        ("müller's log", False, True),
        ("write to j.mueller@example.com", True, True),
        ("Müllerin", False, False),
        ("jorgen", False, False),
        ("nothing", False, False),
    ],
)
def test_what_names_somebody(text: str, anywhere: bool, near: bool) -> None:
    names, emails = ["Jörg Müller"], ["j.mueller@example.com"]
    assert erasure.mentions(erasure._pattern(names, emails), text) is anywhere
    assert erasure.mentions(erasure._pattern(names, emails, ["jorg"], parts=True), text) is near
    assert erasure.mentions(None, text) is False


# -- files that cannot be used -----------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "drills.sqlite"
    Store(path).close()
    return path


def test_what_a_backup_refuses(database: Path, tmp_path: Path) -> None:
    def why(source: Path, out: Path) -> str:
        with pytest.raises(StoreError) as found:
            back_up(str(source), out, "2026-03-03T15:00:00+00:00")
        return str(found.value)

    assert why(tmp_path / "none", tmp_path / "b").endswith("none; name another with --database")
    assert why(database, database).endswith("is there already; name another file")
    other = tmp_path / "other.sqlite"
    sqlite3.connect(other).close()
    other.write_bytes(b"no database")
    assert why(other, tmp_path / "b") == f"{other} is not a drillroom database"
    assert "cannot be written" in why(database, tmp_path / "none" / "b")
    assert not list(tmp_path.glob("*.part"))


def test_what_a_restore_refuses_and_it_changes_nothing(database: Path, tmp_path: Path) -> None:
    back_up(str(database), tmp_path / "backup", "2026-03-03T15:00:00+00:00")

    def why(copy: Path, *, replace: bool = True) -> str:
        with pytest.raises(StoreError) as found:
            restore(str(database), copy, replace=replace)
        return str(found.value)

    assert why(tmp_path / "none") == f"there is no file {tmp_path / 'none'}"
    assert why(tmp_path / "backup", replace=False).endswith("say --replace, or name another with --database")
    before = database.read_bytes()
    (tmp_path / "text").write_text("no database", encoding="utf-8")
    assert why(tmp_path / "text") == f"{tmp_path / 'text'} is not a drillroom database"
    store = Store(database)
    try:
        assert "another server uses this database" in why(tmp_path / "backup")
    finally:
        store.close()
    assert sqlite3.connect(database).execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    assert before
    assert not list(tmp_path.glob("*.restored*"))


def test_a_copy_of_another_database_is_restored_and_that_its_people_cannot_be_compared_is_said(
    database: Path, tmp_path: Path
) -> None:
    other = Store(tmp_path / "other.sqlite")
    other.submit(lambda connection: tombstones.put(connection, ["Ana"], "2026-03-03")).result()
    other.close()
    back_up(str(database), tmp_path / "backup", "2026-03-03T15:00:00+00:00")
    assert restore(str(tmp_path / "other.sqlite"), tmp_path / "backup", replace=True) == (0, True)


@pytest.mark.sqlite_only(reason="a database in a file")
def test_the_file_of_digests_says_no_name_and_is_for_its_owner_alone(folder: Path) -> None:
    with serving(folder) as place:
        owner = place.owner()
        waiting = place.make(owner, people=PEOPLE)
        forget(owner)
        assert [one["name"] for one in owner.data(waiting, "/lobby")["people"]] == ["Ana", "Ben"]
    path = folder / "drills.sqlite.forgotten"
    assert path.stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {frozenset(line) for line in lines} == {frozenset({"digest", "at", "allowed"})}
