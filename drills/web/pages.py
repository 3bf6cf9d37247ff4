"""The pages. Each is made on the server of what its reader may see, and kept live by the browser's own modules."""

import io
import secrets
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
from fastapi import APIRouter, HTTPException, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from drills.rooms import Person, Room, Setup, SetupError, people_of
from drills.seen import Viewer
from drills.store import StoreError
from drills.web import catalogue, lobby
from drills.web.access import COOKIE, SESSION_DAYS, Session
from drills.web.api import waiting_room, wash_now
from drills.web.data import page_data
from drills.web.desk import desk, running, session_of
from drills.web.guard import GUESSES, GUESSES_PER_SECOND, Limits

__all__ = ["STATIC", "render", "router"]

HERE = Path(__file__).parent
STATIC = HERE / "static"
router = APIRouter(include_in_schema=False)
_guesses = Limits(GUESSES_PER_SECOND, GUESSES)
_ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["json_block"] = json_block
    made.globals["static"] = _static
    return made


def json_block(data: object) -> Markup:
    """Data for a block in a page: nothing in it can end the block."""
    return Markup(msgspec.json.encode(data).decode().translate(_ESCAPED))  # noqa: S704 - all that markup needs is escaped


@lru_cache
def _static(name: str) -> str:
    """A static file's address; it changes when the file does, so that browsers may keep it."""
    from hashlib import sha256  # only the first page asks for each file

    digest = sha256((STATIC / name).read_bytes()).hexdigest()[:10] if (STATIC / name).is_file() else "0"
    return f"/static/{name}?v={digest}"


def render(
    request: Request,
    name: str,
    title: str,
    status: int = 200,
    drill_name: str | None = None,
    **values: Any,  # noqa: ANN401 - a template's variables
) -> HTMLResponse:
    """A page."""
    session = session_of(request)
    page = {
        "title": title,
        "drill_name": drill_name,
        "viewer": values.pop("viewer", None),
        "owner": session.owner,
        "nonce": None,
    }
    return HTMLResponse(_templates().get_template(name).render(page=page, **values), status)


# -- coming in ---------------------------------------------------------------------------------------------------------


@router.get("/join/{token}")
async def join(request: Request, token: str) -> Response:
    """A link: exchanged for a cookie, and gone from the address."""
    access = desk(request).access
    link = access.opened_by(token)
    who = request.client.host if request.client else "?"
    if link is None:
        allowed = _guesses.takes(who)
        raise HTTPException(404 if allowed else 429, "this link opens nothing; ask for a new one")
    cookie = request.cookies.get(COOKIE) or access.new_cookie()
    if not access.session(cookie).key:
        cookie = access.new_cookie()
    admitted = link.role != "player" or link.member is not None
    await access.enter(cookie, link, link.member, admitted=admitted)
    there = "/" if link.drill is None else f"/d/{link.drill}"
    play = request.query_params.get("play")
    if play and link.drill is None:  # `drillroom play` comes in and begins at once
        room = await practice_room(request, cookie, play, request.query_params.get("role", ""))
        there = f"/d/{room.id}"
    answer = RedirectResponse(there, 303)
    _set_cookie(request, answer, cookie)
    return answer


def _set_cookie(request: Request, answer: Response, cookie: str) -> None:
    secure = desk(request).base.startswith("https://")
    answer.set_cookie(
        COOKIE, cookie, max_age=SESSION_DAYS * 86_400, httponly=True, samesite="lax", secure=secure, path="/"
    )


@router.post("/d/{drill}/name")
async def name(request: Request, drill: str) -> Response:
    """Whoever came by the one link says who they are, and waits to be let in."""
    room, _, session = await waiting_room(request, drill)
    seat = session.seats.get(drill)
    member = (await form_of(request)).get("member", "")
    playing = {person.id for person in room.setup.people if not person.simulated}
    if seat is None or seat.role != "player" or seat.admitted:
        raise HTTPException(409, "you are in already")
    if member not in playing or member in _taken(request, drill):
        raise HTTPException(409, "that name is taken, or nobody has it; choose another")
    cookie = request.cookies[COOKIE]
    await desk(request).access.allow(cookie, drill, seat.link, "player", member, admitted=False)
    room.call("lobby", {})
    return RedirectResponse(f"/d/{drill}", 303)


def _taken(request: Request, drill: str) -> set[str]:
    return {seat.member for seat in desk(request).access.seats_in(drill) if seat.member is not None}


# -- a drill -----------------------------------------------------------------------------------------------------------


@router.get("/d/{drill}")
async def drill_page(request: Request, drill: str) -> Response:
    """A drill's page: the lobby, the room, the console or the talk, as far as it has come."""
    room, viewer, session = await waiting_room(request, drill)
    if viewer is None:
        return await _waiting(request, room, session)
    viewer = viewer if not room.setup.play_too or viewer.role == "player" else Viewer("observer")
    if room.live is None:
        data = await lobby.data(desk(request), room, viewer)
        facilitates = viewer.staff or session.owner
        return render(
            request, "lobby.html", "Lobby", drill_name=room.id, viewer=viewer, lobby=data, drill=room.id,
            facilitator=facilitates,
        )  # fmt: skip
    data = page_data(room, viewer)
    if room.phase in ("hot_wash", "follow_up", "closed"):
        wash = await wash_now(desk(request), room, room.live, viewer)
        return render(
            request, "hotwash.html", "Hot wash", drill_name=room.id, viewer=viewer, data=data, wash=wash, drill=room.id
        )
    page = "console.html" if viewer.staff else "room.html"
    title = "Console" if viewer.staff else "Drill room"
    return render(request, page, title, drill_name=room.id, viewer=viewer, data=data, drill=room.id)


async def _waiting(request: Request, room: Room, session: Session) -> Response:
    seat = session.seats.get(room.id)
    taken = _taken(request, room.id)
    names = [
        {"id": person.id, "name": person.name, "taken": person.id in taken}
        for person in room.setup.people
        if not person.simulated
    ]
    mine = seat.member if seat is not None else None
    return render(request, "join.html", "Who are you?", drill_name=room.id, drill=room.id, names=names, mine=mine)


@router.get("/d/{drill}/report")
async def report(request: Request, drill: str) -> Response:
    """The report of a drill, once the talk has come to the score."""
    files = await _folder(request, drill)
    return HTMLResponse(files["report.html"].decode(), headers={"content-security-policy-report": "own"})


@router.get("/d/{drill}/folder.zip")
async def folder(request: Request, drill: str) -> Response:
    """The drill's folder, to keep."""
    files = await _folder(request, drill)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(f"{drill}/{file}", content)
    headers = {"content-disposition": f'attachment; filename="DRILL-{drill}.zip"'}
    return Response(packed.getvalue(), media_type="application/zip", headers=headers)


async def _folder(request: Request, drill: str) -> dict[str, bytes]:
    room, live, viewer = running(request, drill)
    shown = await wash_now(desk(request), room, live, viewer)
    if shown["report"] is None and not viewer.staff:
        raise HTTPException(409, "the report comes with the score, at the end of the talk")
    plan, events, names = live.plan, list(live.events), room.names

    def made() -> dict[str, bytes]:
        from reports.export import folder as folder_of  # brings matplotlib, which only a report needs
        from scoring.scorecard import grade
        from simulator.log import DrillLog

        log = DrillLog.seal(plan, events)
        return folder_of(log, grade(log), names)

    return await run_in_threadpool(made)


# -- home, library, and making a drill ---------------------------------------------------------------------------------


@router.get("/")
async def home(request: Request) -> Response:
    """What runs, what is coming, what is done."""
    session = session_of(request)
    if not session.seats:
        raise HTTPException(401, "come in by the link that you were sent, or that `drillroom serve` printed")
    rooms = [room for room in desk(request).rooms.all() if session.viewer(room.id) is not None]
    rooms = [room for room in rooms if room.kind == "drill" or room.id in session.seats]
    lists: dict[str, Any] = catalogue.home(rooms)
    return render(request, "home.html", "Drillroom", owner=session.owner, practise_url="/practise", **lists)


@router.get("/library")
async def library(request: Request) -> Response:
    """All scenarios; what would spoil them, for the owner alone."""
    session = _somebody(request)
    found = await run_in_threadpool(catalogue.scenarios, desk(request).rooms.all(), spoilers=session.owner)
    return render(request, "library.html", "Library", scenarios=found, owner=session.owner)


@router.get("/library/{name}")
async def scenario(request: Request, name: str) -> Response:
    """One scenario."""
    session = _somebody(request)
    found = await run_in_threadpool(catalogue.scenario, name, desk(request).rooms.all(), spoilers=session.owner)
    if found is None:
        raise HTTPException(404, "there is no scenario of that name")
    return render(request, "scenario.html", found["title"], scenario=found, owner=session.owner)


@router.get("/new")
async def new(request: Request) -> Response:
    """The form that makes a drill."""
    _owner(request)
    return _form(request, {"scenario": request.query_params.get("scenario", "")}, {})


def _form(request: Request, form: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
    found = catalogue.scenarios(desk(request).rooms.all(), spoilers=True)
    return render(request, "new.html", "A new drill", status, form=form, errors=errors, scenarios=found)


@router.post("/new")
async def make(request: Request) -> Response:
    """Make a drill of the form, and go to its lobby."""
    session = _owner(request)
    form = await form_of(request)
    try:
        setup = setup_of(form)
        room = await desk(request).rooms.make(setup)
    except SetupError as error:
        return _form(request, form, error.errors, 422)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    me = form.get("me", "")
    if setup.play_too and me in {person.id for person in setup.people}:
        owner = session.seats[""]
        await desk(request).access.allow(request.cookies[COOKIE], room.id, owner.link, "player", me, admitted=True)
    if setup.kind == "rehearsal":
        await desk(request).rooms.start(room)
    return RedirectResponse(f"/d/{room.id}", 303)


def setup_of(form: dict[str, str]) -> Setup:
    """What a form asks for. Raises SetupError with what is wrong, field by field."""
    errors: dict[str, str] = {}
    seed = _number(form, "seed", secrets.randbelow(2**31), 2**63 - 1, errors)
    simulated = _number(form, "simulated", 0, 40, errors)
    severity = form.get("severity", "")
    people: list[Person] = []
    try:
        people = people_of(form.get("people", ""), simulated)
    except SetupError as error:
        errors |= error.errors
    if not form.get("scenario"):
        errors["scenario"] = "choose a scenario, or a random one"
    if errors:
        raise SetupError(errors)
    names = {person.name.lower(): person.id for person in people}
    rehearsal = form.get("kind") == "rehearsal"
    return Setup(
        scenario=form["scenario"],
        people=people,
        seed=seed,
        minutes=25 if form.get("minutes") == "25" else 60,
        severity=int(severity) if severity in ("0", "1", "2", "3") else None,
        first_responder=names.get(
            form.get("first_responder", "").strip().lower(), form.get("first_responder", "").strip()
        ),
        mode="training" if form.get("mode") == "training" else "assessed",
        voice={"call": "call", "room": "room"}.get(form.get("voice", ""), "none"),  # type: ignore[arg-type]  # one of three
        play_too=form.get("play_too") is not None and not rehearsal,
        kind="rehearsal" if rehearsal else "drill",
        pace=10.0 if rehearsal else 1.0,
    )


def _number(form: dict[str, str], field: str, otherwise: int, most: int, errors: dict[str, str]) -> int:
    said = form.get(field, "").strip()
    if not said:
        return otherwise
    if not said.isdigit() or len(said) > 19 or int(said) > most:
        errors[field] = f"{said[:20]!r} is no whole number from 0 to {most:,}"
        return otherwise
    return int(said)


# -- alone -------------------------------------------------------------------------------------------------------------


@router.get("/practise")
async def practise(request: Request) -> Response:
    """A short scenario, simulated teammates, a coach; in nobody's history."""
    _somebody(request)
    found = [one for one in catalogue.scenarios([], spoilers=False) if one["short"]]
    return render(request, "practise.html", "Practise", scenarios=found, roles=catalogue.roles())


@router.post("/practise")
async def start_practice(request: Request) -> Response:
    """Begin to practise."""
    _somebody(request)
    form = await form_of(request)
    cookie = request.cookies[COOKIE]
    room = await practice_room(request, cookie, form.get("scenario", ""), form.get("role", ""))
    return RedirectResponse(f"/d/{room.id}", 303)


async def practice_room(request: Request, cookie: str, scenario_name: str, role: str) -> Room:
    """A drill for one, begun at once."""
    at = desk(request)
    people = [Person("you", "You"), *people_of("", 5)]
    setup = Setup(
        scenario=scenario_name,
        people=people,
        seed=secrets.randbelow(2**31),
        mode="training",
        kind="practice",
        role=role,
    )
    try:
        room = await at.rooms.make(setup)
        await at.access.allow(cookie, room.id, "practice", "player", "you", admitted=True)
        await at.rooms.start(room)
    except SetupError as error:
        raise HTTPException(409, str(error)) from None
    return room


def _somebody(request: Request) -> Session:
    session = session_of(request)
    if not session.seats:
        raise HTTPException(401, "come in by the link that you were sent, or that `drillroom serve` printed")
    return session


def _owner(request: Request) -> Session:
    session = _somebody(request)
    if not session.owner:
        raise HTTPException(403, "drills are made by whoever has the link that `drillroom serve` printed")
    return session


async def form_of(request: Request) -> dict[str, str]:
    """A form's fields, the last of each name."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "expected a form")
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = parse_qs(body, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise HTTPException(413, "that form has too many fields") from None
    return {name: values[-1].replace("\r\n", "\n") for name, values in fields.items()}
