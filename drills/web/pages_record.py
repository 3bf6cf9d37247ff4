"""The page of a drill's record: whoever was in the drill reads it, and somebody signs it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from drills.records import people
from drills.records.signatures import ran, sign
from drills.records.store import StoreError
from drills.web.context import desk, session_of
from drills.web.drill_folder import results_of
from drills.web.people_data import note_looked

if TYPE_CHECKING:  # what reads logs is only needed once drills are over
    from reports.evidence.record import Record

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


@router.get("/d/{drill}/record")
async def record(request: Request, drill: str) -> Response:
    """What an auditor is shown of this drill, and a button to sign it."""
    room, _ = await results_of(request, drill)
    who = _reader(request, drill)

    def ask(connection: sa.Connection) -> tuple["Record", str, bool]:
        name = people.called(connection, who) if who is not None else None
        return _record(connection, drill), name or "", who is not None and ran(connection, drill, who)

    try:
        found, name, theirs = await desk(request).rooms.store.read(ask)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    await note_looked(request, drill, "report")
    from reports.evidence.pages import record_page

    may = bool(name) and room.phase == "closed" and room.kind == "drill"
    page = record_page(found, name, may_sign=may, ran=theirs)
    return HTMLResponse(page, headers={"content-security-policy": _POLICY})


@router.post("/d/{drill}/record")
async def sign_record(request: Request, drill: str) -> Response:
    """Sign it as it is."""
    room, live = await results_of(request, drill)
    who = _reader(request, drill)
    if who is None:
        raise HTTPException(403, "only somebody who was in the drill, and is known by name, can sign its record")
    if room.phase != "closed" or room.kind != "drill":
        raise HTTPException(409, "a record is signed once the follow-up of a drill is closed")
    at, head = datetime.now(UTC).isoformat(timespec="seconds"), (await live.log()).head
    try:
        new = await desk(request).rooms.store.submit(lambda connection: sign(connection, drill, who, at, head))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if not new:
        raise HTTPException(409, "somebody has signed it already")
    return RedirectResponse(f"/d/{drill}/record", 303)


def _reader(request: Request, drill: str) -> str | None:
    """The id of the person who reads; None if we do not know who they are."""
    seat = session_of(request).seat(drill)
    return seat.member if seat is not None and seat.admitted else None


def _record(connection: sa.Connection, drill: str) -> "Record":
    from drills.records.evidence import record_now

    found = record_now(connection, drill)
    if found is None:
        raise StoreError(f"nothing is stored of {drill}")
    return found
