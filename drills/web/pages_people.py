"""The pages about people: a list of all for the owner's link, and everybody's own page."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.responses import RedirectResponse

from drills.records import people
from drills.records.forget import Answer
from drills.records.schema import PersonRow
from drills.records.store import StoreError
from drills.records.tombstones import plain
from drills.web import people_data
from drills.web.context import Desk, Unnamed, desk, is_custodian, owners_desk, session_of, somebody
from drills.web.forms import form_of
from drills.web.names import NameRefusedError, named, then_to
from drills.web.own_figures import own_figures
from drills.web.rendering import render
from drills.web.sessions import COOKIE, EVERY_DRILL

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


# -- everybody ---------------------------------------------------------------------------------------------------------


@router.get("/people")
async def everybody(request: Request) -> Response:
    """Everybody who is known; two rows for one person can be merged here."""
    return await _everybody(request, owners_desk(request))


async def _everybody(
    request: Request, at: Desk, status: int = 200, *, merge_error: str = "", allow_error: str = "", done: str = ""
) -> Response:
    found = await people_data.listed(at)
    said = {"merge_error": merge_error, "allow_error": allow_error, "done": done}
    return render(request, "people.html", "People", status, room=None, viewer=None, people=found, **said)


@router.post("/people/merge")
async def merge(request: Request) -> Response:
    """Merge two rows."""
    at, form = owners_desk(request), await form_of(request)
    keep, gone = form.get("keep", ""), form.get("gone", "")
    try:
        why = await at.rooms.store.submit(lambda connection: people.merge(connection, keep, gone))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if why is not None:
        return await _everybody(request, at, 409, merge_error=why)
    return RedirectResponse(f"/people/{keep}", 303)


@router.post("/people/allow")
async def allow(request: Request) -> Response:
    """Let the name of somebody who was forgotten be used again."""
    at, form = owners_desk(request), await form_of(request)
    name = " ".join(form.get("name", "").split())
    try:
        found = await people_data.allow(at, name)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if not found:
        return await _everybody(request, at, 409, allow_error="nobody of that name was forgotten here")
    return await _everybody(request, at, done=f"{name} can be named in drills and teams again.")


@router.get("/people/{person}")
async def one(request: Request, person: str) -> Response:
    """The drills that somebody was in, and who looked at what about them. Opening this page is recorded too."""
    at = owners_desk(request)
    row = await people_data.find(at, person)
    if not is_custodian(request):
        raise Unnamed  # whoever is looked at can read who looked
    found = await people_data.of_person(at, row)
    seat = session_of(request).own(EVERY_DRILL)
    who = seat.member or "" if seat is not None else ""
    try:
        await at.rooms.store.submit(lambda connection: people.note_download(connection, row.id, who, "person"))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return _person(request, row, found)


def _person(
    request: Request,
    row: PersonRow,
    found: dict[str, Any] | None,
    status: int = 200,
    *,
    own: bool = False,
    error: str = "",
    sure: bool = True,
    others: list[dict[str, str]] | None = None,
    figures: dict[str, Any] | None = None,
) -> Response:
    title = "You" if own else row.name
    values: dict[str, Any] = {
        "own": own,
        "found": found,
        "error": error,
        "sure": sure,
        "others": others or [],
        "figures": figures,
    }
    return render(request, "person.html", title, status, **values)


@router.post("/people/{person}/forget")
async def forget(request: Request, person: str) -> Response:
    """Forget somebody, once their name was written to confirm it."""
    at = owners_desk(request)
    row = await people_data.find(at, person)
    return await _forget(request, at, row, own=False)


async def _forget(request: Request, at: Desk, row: PersonRow, *, own: bool) -> Response:
    written = (await form_of(request)).get("name", "")
    if plain(written) != plain(row.name):
        found = await people_data.of_person(at, row)
        return _person(request, row, found, 422, own=own, error=f"write the name exactly as here: {row.name}")
    try:
        answer = await people_data.forget(at, row.id)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if answer.refused:
        found = await people_data.of_person(at, row)
        return _person(request, row, found, 409, own=own, error=answer.refused)
    return _forgotten(request, answer, own=own)


def _forgotten(request: Request, answer: Answer, *, own: bool) -> Response:
    return render(request, "forgotten.html", "Forgotten", answer=answer, own=own)


# -- my page -----------------------------------------------------------------------------------------------------------


@router.get("/me")
async def me(request: Request) -> Response:
    """My page: the viewer's drills, how they were identified, who looked, and how to be forgotten."""
    session, at = somebody(request), desk(request)
    rows = await people_data.mine(at, session)
    if not rows and session.owner:
        return render(request, "name.html", "Who are you?", said="", error="")
    if not rows:
        return render(request, "person.html", "You", own=True, found=None)
    wanted = request.query_params.get("person", rows[0].id)
    row = next((one for one in rows if one.id == wanted), rows[0])
    others = [{"id": one.id, "name": one.name} for one in rows if one.id != row.id]
    sure = await people_data.sure_of(at, session, row)
    found = await people_data.of_person(at, row)
    figures = await own_figures(at, session, row)
    return _person(request, row, found, own=True, sure=sure, others=others, figures=figures)


@router.post("/me/name")
async def name(request: Request) -> Response:
    """The owner says who they are, once for all drills."""
    session, at = somebody(request), desk(request)
    if not session.owner:
        raise HTTPException(403, "your name is set by the drill that you were invited to")
    form = await form_of(request)
    said, then = form.get("name", ""), then_to(form, "/")
    try:
        who = await named(at.rooms.store, said)
        await at.access.name_staff(request.cookies[COOKIE], EVERY_DRILL, who)
    except NameRefusedError as refused:
        return render(request, "name.html", "Who are you?", 422, said=said, error=str(refused), then=then)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return RedirectResponse(then, 303)


@router.post("/me/forget")
async def forget_me(request: Request) -> Response:
    """Forget the viewer."""
    session, at = somebody(request), desk(request)
    form = await form_of(request)
    rows = await people_data.mine(at, session)
    row = next((one for one in rows if one.id == form.get("person")), None)
    if row is None or not await people_data.sure_of(at, session, row):
        raise HTTPException(403, "we cannot be sure that this is you; ask the person who runs the drills")
    return await _forget(request, at, row, own=True)
