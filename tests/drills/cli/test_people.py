"""`people`, `backup` and `restore`: the same from a running server and from its database alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drills.records.store import Store
from tests.drills.command_line import call, refused
from tests.drills.server import known_people, serving

TEAM = """team: ops
title: Operations
members:
  - {id: ana, name: Ana Ruiz-Lund, email: ana@example.com}
  - {id: zoe, name: Zoe Adeyemi}
"""


def asked(database: Path, *args: str) -> dict[str, Any]:
    result = call("people", *args, "--json", "--database", database)
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def names(database: Path) -> list[str]:
    return [one["name"] for one in asked(database, "list")["people"]]


@pytest.fixture(params=["its server", "the database alone"])
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    path = tmp_path / "drills.sqlite"
    if request.param == "its server":
        with serving(tmp_path):
            yield path
    else:
        known_people(str(path))
        yield path


def test_people_are_listed_added_merged_and_forgotten(database: Path, tmp_path: Path) -> None:
    team = tmp_path / "ops.yaml"
    team.write_text(TEAM, encoding="utf-8")
    assert asked(database, "add", str(team)) == {"people": 2, "left_out": 0}
    assert names(database) == [
        "Ana Ruiz",
        "Ana Ruiz-Lund",
        "Ben Okafor",
        "Chloe",
        "Dana Whitfield-Oyelaran",
        "Zoe Adeyemi",
    ]
    assert asked(database, "merge", "ana ruiz", "Ana Ruiz-Lund", "--yes") == {"merged": True}
    found = asked(database, "forget", "zoe adeyemi", "--yes")
    assert (found["name"], found["drills"], found["texts"]) == ("Zoe Adeyemi", [], 0)
    assert names(database) == ["Ana Ruiz", "Ben Okafor", "Chloe", "Dana Whitfield-Oyelaran"]
    assert asked(database, "add", str(team)) == {"people": 1, "left_out": 1}
    assert asked(database, "allow", "Zoe Adeyemi") == {"allowed": True}
    again = call("people", "add", team, "--database", database)
    assert again.stdout == "Operations: 1 person.\n"
    assert again.stderr.startswith("1 was left out: forgotten before."), "the file's id is as good as a name"


def test_what_people_read(database: Path) -> None:
    listed = call("people", "list", "--database", database).stdout
    assert "Dana Whitfield-Oyelaran" in listed
    merged = call("people", "merge", "Chloe", "Dana Whitfield-Oyelaran", "--yes", "--database", database)
    assert merged.stdout == "Dana Whitfield-Oyelaran and Chloe are one person now.\n"
    said = call("people", "forget", "Chloe", "--yes", "--database", database).stdout.splitlines()
    assert said[:2] == ["Chloe is forgotten. 0 texts erased, in 0 drills.", "Out of reach:"]
    assert said[2] == (
        "  What was read on a screen, printed or copied, and folders that commands wrote (drillroom report --out)."
    )
    assert (
        call("people", "allow", "Chloe", "--database", database).stdout
        == "Chloe can be named in drills and teams again.\n"
    )
    assert refused("people", "allow", "Wim", "--database", database, code=1) == "nobody called Wim was forgotten here"


def test_whom_it_cannot_be(database: Path) -> None:
    def why(*args: str) -> str:
        return refused("people", *args, "--yes", "--database", database)

    assert why("forget", "Bem Okafor") == "nobody is called Bem Okafor; did you mean Ben Okafor?"
    assert why("forget", "Xu") == "nobody is called Xu; see `drillroom people list`"
    assert why("merge", "Chloe", "chloe") == "these are one person already"
    assert refused("people", "forget", "Chloe", "--database", database) == (
        "Forget Chloe (chloe) for good? Say --yes; nothing was changed"
    )
    assert "people has no command 'lst'; did you mean 'list'?" in refused("people", "lst")
    assert refused("people", "add", "none.yaml", "--database", database).startswith("none.yaml")


def test_two_of_one_name_are_named_by_id(database: Path, tmp_path: Path) -> None:
    for team in ("one", "two"):
        file = tmp_path / f"{team}.yaml"
        file.write_text(f"team: {team}\ntitle: {team}\nmembers:\n  - {{id: kim, name: Kim}}\n", encoding="utf-8")
        asked(database, "add", str(file))
    ids = [one["id"] for one in asked(database, "list")["people"] if one["name"] == "Kim"]
    why = refused("people", "forget", "Kim", "--yes", "--database", database)
    assert why == f"Kim are 2 people; name one by id: {ids[0]}, {ids[1]}"
    assert asked(database, "forget", ids[0], "--yes")["name"] == "Kim"


def test_nobody_is_known_yet(tmp_path: Path) -> None:
    Store(tmp_path / "new.sqlite").close()
    assert call("people", "list", "--database", tmp_path / "new.sqlite").stdout == "Nobody is known yet.\n"


def test_a_backup_is_saved_while_it_is_used_and_restored_without_who_was_forgotten(
    database: Path, tmp_path: Path
) -> None:
    saved = call("backup", tmp_path / "copy.sqlite", "--database", database)
    assert saved.stdout.startswith(f"Saved {tmp_path / 'copy.sqlite'}. It holds names")
    asked(database, "forget", "Chloe", "--yes")
    assert refused("backup", tmp_path / "copy.sqlite", "--database", database).endswith(
        "is there already; name another file"
    )
    other = tmp_path / "other" / "drills.sqlite"
    restored = call("restore", tmp_path / "copy.sqlite", "--database", other)
    assert restored.exit_code == 0, "nothing beside it says that anybody was forgotten"
    assert restored.stdout == f"{other} is as {tmp_path / 'copy.sqlite'} was.\n"
    assert "Chloe" in names(other)


def test_a_database_that_is_used_is_not_replaced(tmp_path: Path) -> None:
    with serving(tmp_path):
        database = tmp_path / "drills.sqlite"
        assert call("backup", tmp_path / "copy.sqlite", "--database", database).exit_code == 0
        asked(database, "forget", "Chloe", "--yes")
        why = refused("restore", tmp_path / "copy.sqlite", "--replace", "--database", database)
        assert "another server uses this database" in why
    restored = call("restore", tmp_path / "copy.sqlite", "--replace", "--database", database)
    assert restored.stdout.splitlines()[1] == "1 person was forgotten since, and is not in it."
    assert "Chloe" not in names(database)
