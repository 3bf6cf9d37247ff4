"""People and teams: rows with random ids, by which somebody is the same person from drill to drill.

Everything here works in a connection's transaction. What cannot be done is given back as a sentence, and then nothing
has changed.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa

from drills.records import tokens, tombstones
from drills.records.schema import (
    ALIASES,
    ATTENDANCE,
    DOWNLOADS,
    DRILLS,
    PEOPLE,
    TEAM_MEMBERS,
    TEAMS,
    AttendanceRow,
    DownloadRow,
    PersonRow,
)
from drills.records.tombstones import plain

__all__ = [
    "FORGOTTEN",
    "MOST_NAME",
    "ROOM",
    "STAFF",
    "Listed",
    "Named",
    "TeamListed",
    "add_team",
    "attend",
    "attended",
    "downloads",
    "find",
    "identify",
    "ids_of",
    "in_files",
    "listed",
    "merge",
    "name_staff",
    "names",
    "names_of",
    "new_id",
    "note_download",
    "person",
    "refused",
    "take_on",
    "teams",
    "who_looked",
]

ROOM = "room"
"""The team for drills made without naming one."""
STAFF = "-"
"""Used as a team: people who only ran, rated or watched."""
FORGOTTEN = "-"
"""In the place of a person: one who was forgotten since. Nothing there means an owner's command, which is nobody's."""
MOST_NAME = 60


class Named(NamedTuple):
    """Somebody as a form or a team file names them."""

    name: str
    email: str = ""
    file_id: str = ""
    """The id by which a team file knows them."""


class TeamListed(NamedTuple):
    """A team with its people."""

    id: str
    name: str
    """As its file and its drills' logs name it."""
    title: str
    people: list[PersonRow]


class Listed(NamedTuple):
    """A person as a list shows them."""

    row: PersonRow
    teams: list[str]
    drills: int
    """How many drills they were in, in any seat."""


def new_id() -> str:
    """A person's id: it says nothing about them, and nobody can guess it."""
    return f"p-{secrets.token_hex(8)}"


def _now() -> str:
    return datetime.now(UTC).isoformat()


# -- recognizing somebody --------------------------------------------------------------------------------------------


def refused(connection: sa.Connection, people: Iterable[Named]) -> str | None:
    """Why some people cannot be taken on: one of them asked to be forgotten."""
    wanted = list(people)
    names = tombstones.forgotten(connection, [one.name for one in wanted])
    if not names:
        return None
    return (
        f"{names[0]} was forgotten here and is not taken on again; if it is somebody else of that name, or they want "
        "to come back, say so on the page of people first"
    )


def identify(connection: sa.Connection, team: str, people: Sequence[Named]) -> list[str]:
    """The ids of people in a team, in order: of the row known by that name there, or of a new one.

    Two with the same name in one list are two people, and stay the same two the next time.
    """
    known = _known(connection, team)
    found: list[str] = []
    for one in people:
        ids = known.setdefault(plain(one.name), [])
        who = next((each for each in ids if each not in found), None)
        if who is None:
            who = _joined(connection, team, one)
            ids.append(who)
        elif one.email:
            connection.execute(PEOPLE.update().where(PEOPLE.c.id == who).values(email=one.email))
        found.append(who)
    return found


def _joined(connection: sa.Connection, team: str, one: Named) -> str:
    """A new person in a team."""
    who = _add(connection, one.name, one.email)
    connection.execute(TEAM_MEMBERS.insert().values(team=team, person=who))
    return who


def _add(connection: sa.Connection, name: str, email: str = "") -> str:
    who = new_id()
    connection.execute(PEOPLE.insert().values(id=who, name=name, email=email, made=_now()))
    return who


def _known(connection: sa.Connection, team: str) -> dict[str, list[str]]:
    """The people of a team by each name that they are known by, the oldest first."""
    members = sa.select(PEOPLE.c.id, PEOPLE.c.name).join(TEAM_MEMBERS, TEAM_MEMBERS.c.person == PEOPLE.c.id)
    rows = list(connection.execute(members.where(TEAM_MEMBERS.c.team == team).order_by(PEOPLE.c.made, PEOPLE.c.id)))
    also = sa.select(ALIASES.c.person, ALIASES.c.alias).where(ALIASES.c.kind == "name", ALIASES.c.team == team)
    found: dict[str, list[str]] = {}
    for who, name in (*rows, *connection.execute(also)):
        ids = found.setdefault(plain(name), [])
        if who not in ids:
            ids.append(who)
    return found


def name_staff(connection: sa.Connection, team: str, name: str, playing: Iterable[str]) -> str | None:
    """The id of somebody who runs, rates or watches a drill, by the name that they give.

    They may be of the team, or known from having run, rated or watched before. None if that person plays in it.
    """
    for where in (team, STAFF):
        known = _known(connection, where).get(plain(name), [])
        if known:
            return None if set(known) & set(playing) else known[0]
    return identify(connection, STAFF, [Named(name)])[0]


def take_on(
    connection: sa.Connection, team: str, name: str, title: str, people: Sequence[Named]
) -> str | tuple[str, list[str]]:
    """Those who are to play in a drill: their team's id and theirs, in order; or why they cannot be taken on.

    Where some have ids of a team's file, the team is the one of that file, which is kept from then on.
    """
    marks = [f"{name}/{one.file_id}" for one in people if one.file_id]
    why = refused(connection, people)
    if why is not None:
        return why
    if tombstones.forgotten(connection, marks):
        return "somebody of this team was forgotten here and is not taken on again; take them out of the list"
    if not marks:
        return team, identify(connection, team, people)
    listed = [one for one in people if one.file_id]
    ids = dict(zip(marks, add_team(connection, name, title, listed)[0], strict=True))
    kept = connection.execute(sa.select(TEAMS.c.id).where(TEAMS.c.name == name)).scalar_one()
    joined = iter(identify(connection, kept, [one for one in people if not one.file_id]))
    return kept, [ids[f"{name}/{one.file_id}"] if one.file_id else next(joined) for one in people]


def add_team(connection: sa.Connection, name: str, title: str, people: Sequence[Named]) -> tuple[list[str], int]:
    """Keep a team of a file, or bring it up to date: the ids of its people, and how many were left out.

    They are recognized by their ids in the file, or else by their names. Anybody who asked to be forgotten is left out.
    """
    team = connection.execute(sa.select(TEAMS.c.id).where(TEAMS.c.name == name)).scalar()
    if team is None:
        team = f"t-{secrets.token_hex(6)}"
        connection.execute(TEAMS.insert().values(id=team, name=name, title=title))
    connection.execute(TEAMS.update().where(TEAMS.c.id == team).values(title=title))
    marks = {one: [one.name, f"{name}/{one.file_id}"] for one in people}
    gone = set(tombstones.forgotten(connection, [text for texts in marks.values() for text in texts]))
    stay = [one for one in people if not gone & set(marks[one])]
    return [_member(connection, team, one) for one in stay], len(people) - len(stay)


def _member(connection: sa.Connection, team: str, one: Named) -> str:
    same = (ALIASES.c.kind == "file") & (ALIASES.c.team == team) & (ALIASES.c.alias == one.file_id)
    who: str | None = connection.execute(sa.select(ALIASES.c.person).where(same)).scalar()
    if who is None:
        in_file = sa.select(ALIASES.c.person).where(ALIASES.c.kind == "file", ALIASES.c.team == team)
        taken = set(connection.execute(in_file).scalars())  # two of one name in a file are two people
        who = next((each for each in _known(connection, team).get(plain(one.name), []) if each not in taken), None)
        who = who or _joined(connection, team, one)
        connection.execute(ALIASES.insert().values(kind="file", team=team, alias=one.file_id, person=who))
    connection.execute(PEOPLE.update().where(PEOPLE.c.id == who).values(name=one.name, email=one.email))
    return who


# -- finding -----------------------------------------------------------------------------------------------------------


def person(connection: sa.Connection, who: str) -> PersonRow | None:
    """Somebody by their id, or by one that was merged into theirs."""
    same = (ALIASES.c.kind == "id") & (ALIASES.c.alias == who)
    current = connection.execute(sa.select(ALIASES.c.person).where(same)).scalar() or who
    row = connection.execute(sa.select(PEOPLE).where(PEOPLE.c.id == current)).first()
    return PersonRow(*row) if row is not None else None


def ids_of(connection: sa.Connection, who: str) -> list[str]:
    """Every id by which drills know somebody."""
    same = (ALIASES.c.kind == "id") & (ALIASES.c.person == who)
    return [who, *connection.execute(sa.select(ALIASES.c.alias).where(same)).scalars()]


def find(connection: sa.Connection, text: str) -> list[PersonRow]:
    """The people that an id or a name may refer to."""
    by_id = person(connection, text.strip())
    if by_id is not None:
        return [by_id]
    wanted = plain(text)
    rows = [PersonRow(*row) for row in connection.execute(sa.select(PEOPLE).order_by(PEOPLE.c.made))]
    named = [row for row in rows if plain(row.name) == wanted]
    also = sa.select(ALIASES.c.person).where(ALIASES.c.kind == "name", ALIASES.c.alias == wanted)
    known = set(connection.execute(also).scalars())
    return named + [row for row in rows if row.id in known and row not in named]


def listed(connection: sa.Connection) -> list[Listed]:
    """Everybody, by name."""
    titles = {ROOM: "", STAFF: "", **{row.id: row.title for row in connection.execute(sa.select(TEAMS))}}
    teams: dict[str, list[str]] = {}
    for team, who in connection.execute(sa.select(TEAM_MEMBERS)):
        if titles.get(team):
            teams.setdefault(who, []).append(titles[team])
    merged = dict(connection.execute(sa.select(ALIASES.c.alias, ALIASES.c.person).where(ALIASES.c.kind == "id")).all())
    drills: dict[str, set[str]] = {}
    for drill, who in connection.execute(sa.select(ATTENDANCE.c.drill, ATTENDANCE.c.person)):
        drills.setdefault(merged.get(who, who), set()).add(drill)
    rows = [PersonRow(*row) for row in connection.execute(sa.select(PEOPLE))]
    found = [Listed(row, sorted(teams.get(row.id, [])), len(drills.get(row.id, ()))) for row in rows]
    return sorted(found, key=lambda one: (plain(one.row.name), one.row.made))


def teams(connection: sa.Connection) -> list[TeamListed]:
    """The teams that came from files, by title."""
    members = sa.select(PEOPLE, TEAM_MEMBERS.c.team).join(TEAM_MEMBERS, TEAM_MEMBERS.c.person == PEOPLE.c.id)
    found: dict[str, list[PersonRow]] = {}
    for *row, team in connection.execute(members.order_by(PEOPLE.c.made, PEOPLE.c.name)):
        found.setdefault(team, []).append(PersonRow(*row))
    rows = connection.execute(sa.select(TEAMS).order_by(TEAMS.c.title, TEAMS.c.id))
    return [TeamListed(row.id, row.name, row.title, found.get(row.id, [])) for row in rows]


def names_of(connection: sa.Connection, ids: Iterable[str]) -> dict[str, str]:
    """The names of some people, by id."""
    asked = sa.select(PEOPLE.c.id, PEOPLE.c.name).where(PEOPLE.c.id.in_(set(ids)))
    return {row.id: row.name for row in connection.execute(asked)}


def in_files(connection: sa.Connection) -> dict[str, dict[str, str]]:
    """Who was in a team's file at some time, by the team's name: their ids by those in the file."""
    asked = sa.select(TEAMS.c.name, ALIASES.c.alias, ALIASES.c.person).join(ALIASES, ALIASES.c.team == TEAMS.c.id)
    found: dict[str, dict[str, str]] = {}
    for team, alias, who in connection.execute(asked.where(ALIASES.c.kind == "file")):
        found.setdefault(team, {})[alias] = who
    return found


# -- merging two rows --------------------------------------------------------------------------------------------------


def merge(connection: sa.Connection, keep: str, gone: str) -> str | None:
    """Merge two rows, or say why not. Drills that were played still know them by their old ids."""
    stays, goes = person(connection, keep), person(connection, gone)
    if stays is None or goes is None:
        return "there is no such person; the page may be out of date"
    if stays.id == goes.id:
        return "these are one person already"
    both = _together(connection, ids_of(connection, stays.id), ids_of(connection, goes.id))
    if both is not None:
        return f"they were both in {both} at the same time, so they are two people"
    for team in (
        connection.execute(sa.select(TEAM_MEMBERS.c.team).where(TEAM_MEMBERS.c.person == goes.id)).scalars().all()
    ):
        _join(connection, team, stays.id)
        _alias(connection, team, plain(goes.name), stays.id)
    connection.execute(TEAM_MEMBERS.delete().where(TEAM_MEMBERS.c.person == goes.id))
    connection.execute(ALIASES.update().where(ALIASES.c.person == goes.id).values(person=stays.id))
    connection.execute(ALIASES.insert().values(kind="id", team="", alias=goes.id, person=stays.id))
    if goes.email and not stays.email:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == stays.id).values(email=goes.email))
    connection.execute(PEOPLE.delete().where(PEOPLE.c.id == goes.id))
    return None


def _together(connection: sa.Connection, one: list[str], other: list[str]) -> str | None:
    """A drill in which both play."""
    for drill, setup in connection.execute(sa.select(DRILLS.c.id, DRILLS.c.setup).order_by(DRILLS.c.made)):
        if any(f'"{who}"' in setup for who in one) and any(f'"{who}"' in setup for who in other):
            return str(drill)
    return None


def _join(connection: sa.Connection, team: str, who: str) -> None:
    same = (TEAM_MEMBERS.c.team == team) & (TEAM_MEMBERS.c.person == who)
    if connection.execute(sa.select(TEAM_MEMBERS).where(same)).first() is None:
        connection.execute(TEAM_MEMBERS.insert().values(team=team, person=who))


def _alias(connection: sa.Connection, team: str, name: str, who: str) -> None:
    same = (ALIASES.c.kind == "name") & (ALIASES.c.team == team) & (ALIASES.c.alias == name)
    if connection.execute(sa.select(ALIASES).where(same)).first() is None:
        connection.execute(ALIASES.insert().values(kind="name", team=team, alias=name, person=who))


# -- who was there, and who looked -------------------------------------------------------------------------------------


def attend(connection: sa.Connection, rows: Iterable[AttendanceRow]) -> None:
    """Record that people are in a drill. The first record stays, unless they are identified better now."""
    for row in rows:
        same = (ATTENDANCE.c.drill == row.drill) & (ATTENDANCE.c.person == row.person) & (ATTENDANCE.c.seat == row.seat)
        kept = connection.execute(sa.select(ATTENDANCE.c.identified).where(same)).scalar()
        if kept is None:
            connection.execute(ATTENDANCE.insert().values(**row._asdict()))
        elif _SURE[row.identified] > _SURE[kept]:
            connection.execute(ATTENDANCE.update().where(same).values(identified=row.identified))


_SURE = {"": 0, "list": 1, "link": 2, "sign-in": 3, "token": 3}
"""How sure each way of identifying somebody is."""


def attended(
    connection: sa.Connection, *, drill: str | None = None, people: Iterable[str] | None = None
) -> list[AttendanceRow]:
    """Who was in a drill, or in which drills some ids were, the newest first."""
    asked = sa.select(ATTENDANCE).join(DRILLS, DRILLS.c.id == ATTENDANCE.c.drill)
    if drill is not None:
        asked = asked.where(ATTENDANCE.c.drill == drill)
    if people is not None:
        asked = asked.where(ATTENDANCE.c.person.in_(list(people)))
    asked = asked.order_by(DRILLS.c.made.desc(), ATTENDANCE.c.seat, ATTENDANCE.c.person)
    return [AttendanceRow(*row) for row in connection.execute(asked)]


def who_looked(connection: sa.Connection, row: DownloadRow) -> str:
    """Who opened or downloaded something, as pages name them."""
    if not row.person:
        return "Somebody at the server"
    return called(connection, row.person) or "Somebody who is forgotten"


def names(connection: sa.Connection) -> dict[str, tuple[str, str]]:
    """For every id by which drills know somebody, also one that was merged: who it is now, and their name."""
    known = {row.id: row.name for row in connection.execute(sa.select(PEOPLE.c.id, PEOPLE.c.name))}
    also = connection.execute(sa.select(ALIASES.c.alias, ALIASES.c.person).where(ALIASES.c.kind == "id"))
    merged = {row.alias: (row.person, known[row.person]) for row in also if row.person in known}
    return {who: (who, name) for who, name in known.items()} | merged


def called(connection: sa.Connection, who: str) -> str | None:
    """The name of a person, or of a token that acted in the place of one; None if we do not know them."""
    known = person(connection, who)
    return known.name if known is not None else tokens.called(connection, who)


def note_download(connection: sa.Connection, drill: str, who: str, what: str) -> None:
    """Record that somebody opened or downloaded something about the people in a drill."""
    row = DownloadRow(secrets.token_hex(8), drill, who, what, _now())
    connection.execute(DOWNLOADS.insert().values(**row._asdict()))


def downloads(connection: sa.Connection, drills: Iterable[str]) -> list[DownloadRow]:
    """Who opened or downloaded what about some drills, and about all, the newest first."""
    asked = sa.select(DOWNLOADS).where(DOWNLOADS.c.drill.in_(["", *drills])).order_by(DOWNLOADS.c.at.desc())
    return [DownloadRow(*row) for row in connection.execute(asked)]
