"""People and teams: one row for one person, recognized by name or by a file's id, and two rows merged."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drills.records import people, tombstones
from drills.records.people import ROOM, Named
from drills.records.schema import PEOPLE, AttendanceRow, DrillRow
from drills.records.store import Store

Do = Callable[[Callable[[sa.Connection], Any]], Any]


@pytest.fixture
def do(tmp_path: Path) -> Iterator[Do]:
    """Does something in the database, in a transaction."""
    store = Store(tmp_path / "drills.sqlite")
    yield lambda work: store.submit(work).result()
    store.close()


def known(do: Do, *names: str, team: str = ROOM) -> list[str]:
    found: list[str] = do(lambda connection: people.identify(connection, team, [Named(name) for name in names]))
    return found


def known_at(do: Do, email: str) -> None:
    do(lambda connection: people.identify(connection, ROOM, [Named("Ana", email)]))


def attends(do: Do, row: AttendanceRow) -> None:
    do(lambda connection: people.attend(connection, [row]))


def names(do: Do) -> list[str]:
    return [one.row.name for one in do(people.listed)]


def test_a_name_is_known_again_whatever_its_case_and_spaces(do: Do) -> None:
    ana, ben = known(do, "Ana Ruiz", "Ben")
    assert known(do, "  ana   RUIZ") == [ana]
    assert known(do, "Ana Ruiz", team="t-other") != [ana]
    assert known(do, "Ben", "ben", "Ben")[0] == ben
    assert len(names(do)) == 5, "three of one name in one list are three people"


def test_a_newer_address_counts(do: Do) -> None:
    (ana,) = known(do, "Ana")
    for email in ("ana@example.com", ""):
        known_at(do, email)
    assert do(lambda connection: people.person(connection, ana)).email == "ana@example.com"


def test_a_team_file_knows_people_by_its_ids_when_their_names_change(do: Do) -> None:
    first = [Named("Ana Ruiz", "", "ana"), Named("Ben", "", "ben")]
    ids, left = do(lambda connection: people.add_team(connection, "ops", "Operations", first))
    again, _ = do(lambda connection: people.add_team(connection, "ops", "Ops", [Named("Ana Ruiz-Lund", "", "ana")]))
    assert (left, again) == (0, ids[:1])
    assert names(do) == ["Ana Ruiz-Lund", "Ben"]
    assert [one.teams for one in do(people.listed)] == [["Ops"], ["Ops"]]


def test_two_rows_become_one_which_is_known_by_both_names_and_both_ids(do: Do) -> None:
    ana, annie = known(do, "Ana Ruiz", "Annie")
    (watcher,) = known(do, "Ana R.", team="t-ops")
    assert do(lambda connection: people.merge(connection, ana, annie)) is None
    assert do(lambda connection: people.merge(connection, ana, watcher)) is None
    assert names(do) == ["Ana Ruiz"]
    assert known(do, "Annie") == [ana]
    assert known(do, "Ana R.", team="t-ops") == [ana]
    assert do(lambda connection: people.person(connection, annie)).id == ana
    assert set(do(lambda connection: people.ids_of(connection, ana))) == {ana, annie, watcher}


def test_who_was_merged_twice_is_still_found_by_the_first_id(do: Do) -> None:
    one, two, three = known(do, "One", "Two", "Three")
    do(lambda connection: people.merge(connection, two, one))
    do(lambda connection: people.merge(connection, three, two))
    assert do(lambda connection: people.person(connection, one)).id == three


def test_two_who_played_in_one_drill_are_two_people(do: Do) -> None:
    ana, ben = known(do, "Ana", "Ben")
    row = DrillRow("drill-1", "drill", "closed", "2026-03-03", f'{{"people":[{{"id":"{ana}"}},{{"id":"{ben}"}}]}}')
    do(
        lambda connection: connection.execute(
            sa.text("INSERT INTO drills (id, kind, state, made, setup) VALUES (:id, :kind, :state, :made, :setup)"),
            row._asdict(),
        )
    )
    why = do(lambda connection: people.merge(connection, ana, ben))
    assert why == "they were both in drill-1 at the same time, so they are two people"
    assert len(names(do)) == 2


def test_what_cannot_be_merged_is_said(do: Do) -> None:
    (ana,) = known(do, "Ana")
    assert do(lambda connection: people.merge(connection, ana, ana)) == "these are one person already"
    nobody = do(lambda connection: people.merge(connection, ana, "p-0"))
    assert nobody == "there is no such person; the page may be out of date"


def test_who_watches_is_known_by_name_in_the_team_or_from_having_watched_and_is_nobody_who_plays(do: Do) -> None:
    (ana,) = known(do, "Ana")
    wim = do(lambda connection: people.name_staff(connection, ROOM, "Wim", []))
    assert do(lambda connection: people.name_staff(connection, "t-other", "wim", [])) == wim
    assert do(lambda connection: people.name_staff(connection, ROOM, "ana", [])) == ana
    assert do(lambda connection: people.name_staff(connection, ROOM, "ana", [ana])) is None


def test_a_surer_way_of_identifying_somebody_counts(do: Do) -> None:
    do(
        lambda connection: connection.execute(
            sa.text("INSERT INTO drills (id, kind, state, made, setup) VALUES ('d', 'drill', 'closed', '2026', '{}')")
        )
    )
    for how in ("list", "link", "list"):
        row = AttendanceRow("d", "p-1", "player", how, f"2026-03-0{len(how)}")
        attends(do, row)
    (kept,) = do(lambda connection: people.attended(connection, drill="d"))
    assert (kept.identified, kept.at) == ("link", "2026-03-04"), "it is kept when they came first"


def test_a_tombstone_keeps_a_name_out_until_it_is_allowed_and_no_name_can_be_read_in_it(do: Do) -> None:
    do(lambda connection: tombstones.put(connection, ["Ana Ruiz", "p-1", "ops/ana"], "2026-03-03"))
    kept = do(tombstones.all_of)
    assert len(kept) == 3
    assert "ana" not in str(kept).lower()
    why = do(lambda connection: people.refused(connection, [Named("Ben"), Named("ANA  ruiz")]))
    assert why.startswith("ANA  ruiz was forgotten here and is not taken on again")
    team = [Named("Ana Lund", "", "ana"), Named("Ana Ruiz", "", "ana-2"), Named("Ben", "", "ben")]
    ids, left = do(lambda connection: people.add_team(connection, "ops", "Ops", team))
    assert (len(ids), left, names(do)) == (1, 2, ["Ben"]), "neither by the name nor by the file's id"
    assert do(lambda connection: tombstones.allow(connection, "ana ruiz")) is True
    assert do(lambda connection: tombstones.allow(connection, "Zoe")) is False
    assert do(lambda connection: people.refused(connection, [Named("Ana Ruiz")])) is None


def test_somebody_is_found_by_id_or_by_name(do: Do) -> None:
    ana, also = known(do, "Ana", "Ana")
    assert [row.id for row in do(lambda connection: people.find(connection, " ana "))] == sorted(
        [ana, also], key=[ana, also].index
    )
    assert [row.id for row in do(lambda connection: people.find(connection, ana))] == [ana]
    assert do(lambda connection: people.find(connection, "Zoe")) == []
    assert do(lambda connection: connection.execute(sa.select(sa.func.count()).select_from(PEOPLE)).scalar()) == 2
