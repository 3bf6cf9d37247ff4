"""A drill's pages, each made from what its reader may see, and kept live by modules in the browser."""

import io
import zipfile
from hashlib import sha256

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from drills.guidance.visibility import may_open
from drills.live.rooms import Room
from drills.records.store import StoreError
from drills.web import lobby
from drills.web.api_drill import waiting_room
from drills.web.api_hotwash import wash_now
from drills.web.context import Unnamed, desk, is_custodian, leads, running, session_of
from drills.web.forms import form_of
from drills.web.names import NameRefusedError, named
from drills.web.page_data import page_data
from drills.web.pages_setup import practice_room
from drills.web.people_data import note_looked
from drills.web.rendering import render
from drills.web.sessions import COOKIE, SESSION_DAYS, Session
from scenarios.attachments import is_picture
from simulator.log import DrillLog

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""The report is one file including its styles. No script in it runs."""
_FILE_POLICY = "default-src 'none'; sandbox; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
"""What a scenario hands to people is only looked at: nothing in it runs, loads or is sent anywhere."""


# -- coming in ---------------------------------------------------------------------------------------------------------


@router.get("/join/{token}")
async def join(request: Request, token: str) -> Response:
    """A link: exchanged for a cookie, and removed from the address bar."""
    at = desk(request)
    link = await at.access.opened_by(token)
    who = request.client.host if request.client else "?"
    if link is None:
        allowed = at.guesses.takes(who)
        raise HTTPException(404 if allowed else 429, "this link does not work any more; ask for a new one")
    cookie = request.cookies.get(COOKIE, "")
    if not session_of(request).key:
        cookie = at.access.new_cookie()
    try:
        await at.access.enter(cookie, link)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    there = "/" if link.drill is None else f"/d/{link.drill}"
    play = request.query_params.get("play")
    if play and link.drill is None:  # `drillroom play` comes in here and begins at once
        room = await practice_room(request, cookie, play, request.query_params)
        there = f"/d/{room.id}"
    answer = RedirectResponse(there, 303, headers={"referrer-policy": "no-referrer"})
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=SESSION_DAYS * 86_400,
        httponly=True,
        samesite="lax",
        secure=at.base.startswith("https://"),
        path="/",
    )
    return answer


@router.post("/d/{drill}/name")
async def name(request: Request, drill: str) -> Response:
    """Players who came by the one link say who they are, and wait to be let in; staff and observers write a name."""
    form = await form_of(request)
    try:
        room, viewer, session = await waiting_room(request, drill)
    except Unnamed:
        return await _name_staff(request, drill, form.get("name", ""))
    if viewer is not None and viewer.role != "player":
        raise HTTPException(409, "you have already said who you are")
    seat = session.own(drill)
    member = form.get("member", "")
    playing = {person.id for person in room.setup.people if not person.simulated}
    if seat is None or seat.role != "player" or seat.admitted:
        raise HTTPException(409, "you are already in")
    try:
        free = member in playing and await desk(request).access.name(request.cookies[COOKIE], drill, member)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if not free:
        raise HTTPException(409, "that name is taken, or not in the list; choose another")
    room.call("lobby", {})
    return RedirectResponse(f"/d/{room.id}", 303)


async def _name_staff(request: Request, drill: str, name: str) -> Response:
    at = desk(request)
    room = await at.rooms.find(drill)
    try:
        who = await named(at.rooms.store, name, room)
        await at.access.name_staff(request.cookies[COOKIE], drill, who)
    except NameRefusedError as refused:
        return render(request, "name.html", "Who are you?", 422, room=room, said=name, error=str(refused))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return RedirectResponse(f"/d/{drill}", 303)


# -- a drill -----------------------------------------------------------------------------------------------------------


@router.get("/d/{drill}")
async def drill_page(request: Request, drill: str) -> Response:
    """A drill's page: the lobby, the room, the console or the talk, depending on its state."""
    try:
        room, viewer, session = await waiting_room(request, drill)
    except Unnamed:
        found = await desk(request).rooms.find(drill)
        return render(request, "name.html", "Who are you?", room=found, said="", error="")
    if viewer is None:
        return await _waiting(request, room, session)
    if room.live is None:
        ours = leads(session, room)
        data = await lobby.data(desk(request), room, viewer, leads=ours)
        return render(request, "lobby.html", "Lobby", room=room, viewer=viewer, lobby=data, facilitator=ours)
    page = page_data(room, viewer)
    if room.phase in ("hot_wash", "follow_up", "closed"):
        wash = await wash_now(desk(request), room, room.live, viewer, custodian=is_custodian(request))
        return render(request, "hotwash.html", "Hot wash", room=room, viewer=viewer, data=page, wash=wash)
    template, title = ("console.html", "Console") if viewer.staff else ("room.html", "Drill room")
    return render(request, template, title, room=room, viewer=viewer, data=page, leads=leads(session, room))


async def _waiting(request: Request, room: Room, session: Session) -> Response:
    seat = session.own(room.id)
    taken = await desk(request).access.taken(room.id)
    names = [
        {"id": person.id, "name": person.name, "taken": person.id in taken}
        for person in room.setup.people
        if not person.simulated
    ]
    mine = seat.member if seat is not None and seat.member in room.names else None
    return render(request, "join.html", "Who are you?", room=room, names=names, mine=mine)


@router.get("/d/{drill}/files/{file}")
async def file(request: Request, drill: str, file: str) -> Response:
    """A file of the scenario, by its hash, for those whom it reached. All but pictures is sent as plain text."""
    room, live, viewer = await running(request, drill)
    known = next((one for one in live.plan.files or [] if one.sha256 == file), None)
    if known is None or not may_open(viewer, live.state, room.frames, file):
        raise HTTPException(404, "no such file has reached you")
    try:
        data = await desk(request).rooms.store.file(drill, file)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    if data is None or sha256(data).hexdigest() != file:
        raise HTTPException(410, "the file is no longer as it was; restore the database from a copy")
    kind = known.type if is_picture(known.type) else "text/plain; charset=utf-8"
    headers = {"content-security-policy": _FILE_POLICY, "content-disposition": "inline"}
    return Response(data, media_type=kind, headers=headers)


@router.get("/d/{drill}/report")
async def report(request: Request, drill: str) -> Response:
    """The report of a drill, once the talk has come to the score."""
    files = await _folder(request, drill)
    await note_looked(request, drill, "report")
    return HTMLResponse(files["report.html"].decode(), headers={"content-security-policy": _REPORT_POLICY})


@router.get("/d/{drill}/folder.zip")
async def folder(request: Request, drill: str) -> Response:
    """The drill's folder, to download."""
    files = await _folder(request, drill)
    if not is_custodian(request):
        raise HTTPException(403, "a drill's folder holds names and texts; only the owner's link opens it")
    await note_looked(request, drill, "folder")
    packed = await run_in_threadpool(_packed, drill, files)
    headers = {"content-disposition": f'attachment; filename="DRILL-{drill}.zip"'}
    return Response(packed, media_type="application/zip", headers=headers)


def _packed(drill: str, files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(f"{drill}/{file}", content)
    return packed.getvalue()


async def _folder(request: Request, drill: str) -> dict[str, bytes]:
    """The files of a drill's folder: made once, however many people ask for them."""
    room, live, viewer = await running(request, drill)
    shown = await wash_now(desk(request), room, live, viewer, custodian=False)
    if shown["report"] is None and not viewer.staff:
        raise HTTPException(409, "the report comes with the score, at the end of the talk")
    names = room.names
    try:
        attached = await desk(request).rooms.store.files(drill) if live.plan.files else {}
    except StoreError as error:
        raise HTTPException(503, str(error)) from None

    def made(log: DrillLog) -> dict[str, bytes]:
        from reports.export import folder as folder_of  # imports matplotlib, which only a report needs
        from scoring.scorecard import grade

        return folder_of(log, grade(log), names, attached)

    return await desk(request).log_cache.of(live, "folder", made, sealed=True)
