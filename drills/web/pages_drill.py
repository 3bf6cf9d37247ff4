"""A drill's pages, each made from what its reader may see, and kept live by modules in the browser."""

from collections.abc import Mapping
from hashlib import sha256

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from drills.guidance.visibility import may_open
from drills.live.rooms import Room
from drills.records.store import StoreError
from drills.web import ahead, lobby
from drills.web.api_drill import waiting_room
from drills.web.api_hotwash import wash_now
from drills.web.context import Unnamed, desk, is_custodian, leads, running, session_of
from drills.web.drill_folder import beside_of, folder_of, packed_folder
from drills.web.forms import form_of
from drills.web.names import NameRefusedError, named, then_to
from drills.web.page_data import page_data
from drills.web.pages_setup import practice_room
from drills.web.people_data import note_looked
from drills.web.rendering import render
from drills.web.sessions import COOKIE, SESSION_DAYS, Session
from scenarios.attachments import is_picture

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""The report is one file including its styles. No script in it runs."""
_SHEET_POLICY = _REPORT_POLICY.replace("sandbox; ", "")
"""The same for a run sheet, in which nothing is markup but our own, so that tools for accessibility can look at it."""
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
        return await _name_staff(request, drill, form)
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


async def _name_staff(request: Request, drill: str, form: Mapping[str, str]) -> Response:
    at, name = desk(request), form.get("name", "")
    room, then = await at.rooms.find(drill), then_to(form, f"/d/{drill}")
    try:
        who = await named(at.rooms.store, name, room)
        await at.access.name_staff(request.cookies[COOKIE], drill, who)
    except NameRefusedError as refused:
        return render(request, "name.html", "Who are you?", 422, room=room, said=name, error=str(refused), then=then)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return RedirectResponse(then, 303)


# -- a drill -----------------------------------------------------------------------------------------------------------


@router.get("/d/{drill}")
async def drill_page(request: Request, drill: str) -> Response:
    """A drill's page: the lobby, the room, the console or the talk, depending on its state."""
    room, viewer, session = await waiting_room(request, drill)
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
    files = await folder_of(request, drill)
    await note_looked(request, drill, "report")
    return HTMLResponse(files["report.html"].decode(), headers={"content-security-policy": _REPORT_POLICY})


@router.get("/d/{drill}/beside")
async def beside(request: Request, drill: str) -> Response:
    """The drill beside earlier ones, as the part of its page that comes with the score; empty if there are none."""
    return HTMLResponse(await beside_of(request, drill))


@router.get("/d/{drill}/run-sheet")
async def run_sheet(request: Request, drill: str) -> Response:
    """The drill on one page, for its facilitator, who may print it next."""
    page = await _run_sheet(request, drill)
    ahead.ready(ahead.PDF)
    return HTMLResponse(page, headers={"content-security-policy": _SHEET_POLICY})


@router.get("/d/{drill}/run-sheet.pdf")
async def run_sheet_pdf(request: Request, drill: str) -> Response:
    """The same as PDF, to print."""
    from reports.pdf import PdfError, pdf_of  # WeasyPrint is an extra

    page = await _run_sheet(request, drill)
    try:
        made = await run_in_threadpool(pdf_of, page)
    except PdfError as error:
        raise HTTPException(503, f"{error}; or print the page from your browser") from None
    headers = {"content-disposition": f'attachment; filename="DRILL-{drill}-run-sheet.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


async def _run_sheet(request: Request, drill: str) -> str:
    from reports.run_sheet import run_sheet as page_of  # with the templates of reports, which few pages need

    room, viewer, _ = await waiting_room(request, drill)
    if viewer is None or viewer.role != "facilitator":
        raise HTTPException(403, "a run sheet gives everything away; only a facilitator who does not play may read it")
    plan = room.plan if room.live is None else room.live.plan
    if plan is None:
        raise HTTPException(409, "the drill's scenario is gone or has errors; the library says which")
    details = await lobby.sheet(desk(request), room)
    return await run_in_threadpool(page_of, plan, details)


@router.get("/d/{drill}/folder.zip")
async def folder(request: Request, drill: str) -> Response:
    """The drill's folder, to download."""
    packed, headers = await packed_folder(request, drill)
    return Response(packed, media_type="application/zip", headers=headers)
