"""What pages and the API say about people, and what they do for them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from fastapi import HTTPException, Request

from drills.records import forget as records_forget
from drills.records import people, tombstones
from drills.records.forget import Answer
from drills.records.people import Named
from drills.records.schema import DRILLS, RESULTS, AttendanceRow, DownloadRow, PersonRow
from drills.records.store import StoreError
from drills.web.context import Desk, desk, session_of
from drills.web.sessions import Session

__all__ = ["add", "allow", "find", "forget", "listed", "mine", "note_looked", "of_person", "sure_of"]

_SEATS = {"player": "played", "facilitator": "ran it", "evaluator": "rated it", "observer": "watched"}
_IDENTIFIED = {
    "list": "by choosing or writing the name",
    "link": "by a personal link",
    "sign-in": "by signing in",
    "token": "by a token of the API",
}
_LOOKED = {
    "report": "opened the report",
    "folder": "downloaded the folder, with names and texts",
    "person": "opened the page about this person",
    "backup": "saved a backup of the whole database",
    "evidence": "put together evidence for an auditor",
    "api": "read it by the API",
    "api-people": "read the list of people by the API",
}
_OF_DRILLS = ("report", "folder", "api", "evidence")
"""What is about one drill."""


def day(instant: str | None) -> str:
    """An instant as a day, in UTC."""
    if instant is None:
        return ""
    at = datetime.fromisoformat(instant)
    return f"{at.day} {at:%b %Y}"


# -- reading -----------------------------------------------------------------------------------------------------------


async def listed(at: Desk) -> list[dict[str, Any]]:
    """Everybody, by name. Raises StoreError."""
    found = await at.rooms.store.read(people.listed)
    return [
        {"id": one.row.id, "name": one.row.name, "email": one.row.email, "teams": one.teams, "drills": one.drills}
        for one in found
    ]


async def find(at: Desk, who: str) -> PersonRow:
    """Somebody by their id. Raises HTTPException, or StoreError."""
    row = await at.rooms.store.read(lambda connection: people.person(connection, who))
    if row is None:
        raise HTTPException(404, "there is no such person")
    return row


async def of_person(at: Desk, row: PersonRow) -> dict[str, Any]:
    """The content of somebody's page. Raises StoreError."""

    def ask(connection: sa.Connection) -> dict[str, Any]:
        ids = people.ids_of(connection, row.id)
        came = people.attended(connection, people=ids)
        drills = [one.drill for one in came]
        asked = sa.select(DRILLS.c.id, DRILLS.c.made, RESULTS.c.title).where(DRILLS.c.id.in_(drills))
        rows = connection.execute(asked.join(RESULTS, RESULTS.c.drill == DRILLS.c.id, isouter=True))
        known = {one.id: _About(one.made, one.title or one.id) for one in rows}
        looked = people.downloads(connection, [*drills, *ids])
        names = {one.person: people.who_looked(connection, one) for one in looked}
        return {
            "person": {"id": row.id, "name": row.name, "email": row.email},
            "seats": [_seat(one, known[one.drill]) for one in came],
            "looked": _counted(
                _looked(one, names[one.person], known.get(one.drill)) for one in looked if one.person not in ids
            ),
        }

    return await at.rooms.store.read(ask)


class _About(NamedTuple):
    """A drill, as the page of a person names it."""

    made: str
    title: str
    """What it was about; its id while that is a secret. A drill has a result when it is closed."""


def _seat(row: AttendanceRow, about: _About) -> dict[str, str]:
    return {
        "drill": row.drill,
        "title": about.title,
        "day": day(about.made),
        "seat": _SEATS.get(row.seat, row.seat),
        "identified": _IDENTIFIED.get(row.identified, ""),
    }


def _looked(row: DownloadRow, who: str, about: _About | None) -> dict[str, str]:
    of = f"{about.title}, {day(about.made)}" if about is not None and row.what in _OF_DRILLS else ""
    return {"day": day(row.at), "who": who, "what": _LOOKED.get(row.what, row.what), "drill": of}


def _counted(lines: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    """Each line once, with how often it occurs."""
    counts = Counter(tuple(line.items()) for line in lines)
    return [{**dict(line), "times": count} for line, count in counts.items()]


async def mine(at: Desk, session: Session) -> list[PersonRow]:
    """The people that a browser's sessions belong to; mostly one. Raises StoreError."""
    seats = [seat for drill in session.seats if (seat := session.own(drill)) is not None and seat.admitted]
    ids = sorted({seat.member for seat in seats if seat.member is not None})
    found = await at.rooms.store.read(lambda connection: [people.person(connection, who) for who in ids])
    return list({row.id: row for row in found if row is not None}.values())


async def sure_of(at: Desk, session: Session, row: PersonRow) -> bool:
    """Whether we are sure enough that a browser is somebody's to let them have themselves forgotten.

    A personal link, signing in, and having been let in are enough; writing a name as an observer is not.
    """
    ids = await at.rooms.store.read(lambda connection: people.ids_of(connection, row.id))
    seats = [seat for drill in session.seats if (seat := session.own(drill)) is not None and seat.member in ids]
    return session.owner or any(
        seat.admitted and (seat.role == "player" or seat.identified in ("link", "sign-in")) for seat in seats
    )


# -- doing -------------------------------------------------------------------------------------------------------------


async def note_looked(request: Request, drill: str, what: str) -> None:
    """Record that the viewer opened or downloaded something about the people in a drill, or about a person."""
    room = await desk(request).rooms.find(drill)
    if room is not None and room.kind != "drill":
        return  # nobody's, or their own
    seat = session_of(request).seat(drill)
    who = seat.member or "" if seat is not None else ""
    try:
        await desk(request).rooms.store.submit(lambda connection: people.note_download(connection, drill, who, what))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None


async def add(at: Desk, team: str, title: str, members: list[Named]) -> dict[str, int]:
    """Keep a team, or bring it up to date. Raises StoreError."""
    ids, left = await at.rooms.store.submit(lambda connection: people.add_team(connection, team, title, members))
    return {"people": len(ids), "left_out": left}


async def allow(at: Desk, name: str) -> bool:
    """Let the name of somebody who was forgotten be used again; whether it was forgotten. Raises StoreError."""
    found: bool = await at.rooms.store.submit(lambda connection: tombstones.allow(connection, name))
    if found:
        await records_forget.keep_tombstones(at.rooms.store)
    return found


async def forget(at: Desk, who: str) -> Answer:
    """Forget somebody, here and in what is kept in memory. Raises StoreError."""
    answer = await records_forget.forget(at.rooms.store, who)
    if not answer.refused:
        at.access.read_again()
        at.team.clear()
        await at.rooms.read_again(answer.touched)
    return answer
