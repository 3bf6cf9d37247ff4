"""The API: everything that a page does, as JSON. Acts carry a client's id and are applied once, however often sent."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from drills import coaching, washing
from drills.live import LiveDrill
from drills.rooms import EVALUATOR, FACILITATOR, Room, SetupError
from drills.seen import Viewer, sees
from drills.store import StoreError
from drills.web import lobby
from drills.web.access import Session
from drills.web.data import page_data
from drills.web.desk import Desk, desk, room_of, running, session_of
from drills.web.stream import page_of_events
from simulator.acts import Act, ActRefused
from simulator.events import Event
from simulator.log import DrillLog
from simulator.syntax import parse

__all__ = ["actor", "guesses_of", "router", "screen_of", "wash_now"]

router = APIRouter(prefix="/api")
DrillId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="A drill's id.")]
Text = Annotated[str, Field(max_length=8_000)]


class Refused(BaseModel):
    """Why something was not done, in one sentence."""

    error: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Refused, "description": "There is no session; come in by a link."},
    403: {"model": Refused, "description": "The session may not do that."},
    404: {"model": Refused, "description": "There is no such drill, or it is none of yours."},
    409: {"model": Refused, "description": "It is refused, and why."},
    413: {"model": Refused, "description": "It is too much at once."},
    415: {"model": Refused, "description": "It is not JSON."},
    429: {"model": Refused, "description": "It was too fast."},
    503: {"model": Refused, "description": "It could not be stored, and so has not happened."},
}


class Strict(BaseModel):
    """A body with no key that nobody declared."""

    model_config = ConfigDict(extra="forbid")


class ActBody(Strict):
    """An act: what somebody typed, or the act itself."""

    id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[ -~]+$")]
    """An id from the client; the same id is applied once."""
    say: Text | None = None
    """What somebody would type, such as `/sev 1`; plain text is a message."""
    act: dict[str, Any] | None = None
    """The act by its `do`, such as `{"do": "acknowledge"}`. Who acts is known of the session."""


class MemberBody(Strict):
    """One of those who play."""

    member: Annotated[str, Field(max_length=64)]


class AdviceBody(Strict):
    """A message to customers that is not sent yet."""

    text: Text
    next_in: Annotated[int, Field(ge=0, le=7 * 24 * 3_600_000)] | None = None
    """Milliseconds until the next message that it promises."""


class GuessBody(Strict):
    """What somebody guesses before any number is shown. Times are drill time in milliseconds."""

    surprise: Text = ""
    heard: Annotated[int, Field(ge=0, le=24 * 3_600_000)] | None = None
    command: Annotated[int, Field(ge=0, le=24 * 3_600_000)] | None = None


class ScreenBody(Strict):
    """To which screen of the hot wash every browser goes."""

    screen: Literal["guess", "reveal", "score"]


# -- acting ------------------------------------------------------------------------------------------------------------


@router.post("/drills/{drill}/acts", responses=REFUSALS, summary="Act")
async def act(request: Request, drill: DrillId, body: ActBody) -> Response:
    """Do something in a drill, as the session's member. The answer comes when it is stored."""
    room, live, viewer = running(request, drill)
    who = actor(viewer)
    try:
        made = _act(body, who)
        events = await live.act(made)
    except ActRefused as refusal:
        return JSONResponse({"refused": str(refusal)}, 409)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return Response(_told(room, live, viewer, events), media_type="application/json")


def actor(viewer: Viewer) -> str:
    """The id by which a viewer acts."""
    if viewer.role == "player" and viewer.member:
        return viewer.member
    if viewer.role == "facilitator":
        return FACILITATOR
    if viewer.role == "evaluator":
        return EVALUATOR
    raise HTTPException(403, "who only watches does not act")


def _act(body: ActBody, who: str) -> Act:
    if (body.say is None) == (body.act is None):
        raise ActRefused("send either `say` or `act`")
    if body.say is not None:
        return parse(body.say, who, body.id)
    try:
        made: Act = msgspec.convert({**(body.act or {}), "who": who, "id": body.id}, Act)
    except msgspec.ValidationError as error:
        raise ActRefused(f"that is no act: {error}") from None
    return made


def _told(room: Room, live: LiveDrill, viewer: Viewer, events: list[Event]) -> bytes:
    """The act's events as the one who acted sees them."""
    by_seq = room.frames
    frames = [by_seq[event.seq] for event in events if event.seq < len(by_seq)]
    found = [data for frame in frames if (data := sees(viewer, live.state, frame)) is not None]
    return b'{"events":[' + b",".join(found) + b'],"seq":%d}' % (len(by_seq) - 1)


# -- reading -----------------------------------------------------------------------------------------------------------


@router.get("/drills", responses=REFUSALS, summary="The drills that the session may see")
async def drills(request: Request) -> dict[str, Any]:
    """Every drill that this session is in, or, for the owner, every drill there is."""
    session = session_of(request)
    if not session.seats:
        raise HTTPException(401, "come in by a link first")
    rooms = [room for room in desk(request).rooms.all() if session.viewer(room.id) is not None]
    shown = [room for room in rooms if room.kind == "drill" or session.seats.get(room.id) is not None]
    return {"drills": [{"id": room.id, "phase": room.phase, "kind": room.kind, "made": room.made} for room in shown]}


@router.get("/drills/{drill}", responses=REFUSALS, summary="A drill as the session may see it")
async def one_drill(request: Request, drill: DrillId) -> Response:
    """All that its page is made of."""
    room, _, viewer = running(request, drill)
    return Response(msgspec.json.encode(page_data(room, viewer)), media_type="application/json")


@router.get("/drills/{drill}/events", responses=REFUSALS, summary="Events behind a place")
async def events(request: Request, drill: DrillId, after: Annotated[int, Query(ge=-1, le=2**31)] = -1) -> Response:
    """The events that the session may see, in their order; `seq` is the last there is."""
    room, _, viewer = running(request, drill)
    return Response(page_of_events(room, viewer, after), media_type="application/json")


@router.get("/drills/{drill}/duties", responses=REFUSALS, summary="What is owed, and how it stands")
async def duties(request: Request, drill: DrillId) -> dict[str, Any]:
    """For those who run the drill, and for players in training."""
    _, live, viewer = running(request, drill)
    if not viewer.staff and live.plan.mode != "training":
        raise HTTPException(403, "that is for those who run the drill, and for training")
    at = live.at
    found = await _read(live, lambda log: coaching.duties(log, at))
    return {"duties": coaching.as_data(found)}


@router.get("/drills/{drill}/coach", responses=REFUSALS, summary="What the protocol would do next, and why")
async def coach(request: Request, drill: DrillId) -> dict[str, str]:
    """In practice, and in training."""
    room, live, viewer = running(request, drill)
    if viewer.member is None or (room.kind != "practice" and live.plan.mode != "training"):
        raise HTTPException(403, "there is a coach in practice and in training alone")
    state, member, at = live.state, viewer.member, live.at
    found: dict[str, str] = await _read(live, lambda log: coaching.coach(log, state, member, at))
    return found


@router.post("/drills/{drill}/advice", responses=REFUSALS, summary="Advice before a message goes out")
async def advice(request: Request, drill: DrillId, body: AdviceBody) -> dict[str, Any]:
    """What to think of before telling customers. No point depends on it."""
    _, live, _ = running(request, drill)
    found = coaching.advice(live.plan, live.state, list(live.events), body.text, body.next_in)
    return {"advice": coaching.as_data(found)}


async def _read(live: LiveDrill, ask: Callable[[DrillLog], Any]) -> Any:  # noqa: ANN401 - what is asked for
    """Ask a drill's log something that takes its time, away from those who act."""
    plan, happened = live.plan, list(live.events)
    return await run_in_threadpool(lambda: ask(DrillLog.seal(plan, happened)))


# -- the lobby ---------------------------------------------------------------------------------------------------------


@router.get("/drills/{drill}/lobby", responses=REFUSALS, summary="Who is here before the start")
async def lobby_now(request: Request, drill: DrillId) -> dict[str, Any]:
    """The lobby as the session may see it; also for somebody who waits to be let in."""
    room, viewer, _ = await waiting_room(request, drill)
    return await lobby.data(desk(request), room, viewer)


async def waiting_room(request: Request, drill: str) -> tuple[Room, Viewer | None, Session]:
    """A drill's lobby, for those who are in and those who wait; nothing of it for anybody else."""
    session = session_of(request)
    room = desk(request).rooms.get(drill)
    if not session.seats:
        raise HTTPException(401, "come in by a link first")
    if room is None or session.seat(drill) is None:
        raise HTTPException(404, "there is no such drill")
    return room, session.viewer(drill), session


@router.post("/drills/{drill}/admit", responses=REFUSALS, summary="Let somebody in")
async def admit(request: Request, drill: DrillId, body: MemberBody) -> dict[str, Any]:
    """Let whoever waits to play a member come in."""
    room, viewer = room_of(request, drill)
    if not viewer.staff and not session_of(request).owner:
        raise HTTPException(403, "the facilitator lets people in")
    count = await desk(request).access.admit(drill, body.member)
    room.call("lobby", {})
    return {"admitted": count}


@router.post("/drills/{drill}/start", responses=REFUSALS, summary="Begin")
async def start(request: Request, drill: DrillId) -> dict[str, Any]:
    """STARTEX, now."""
    room, viewer = room_of(request, drill)
    if not viewer.staff and not session_of(request).owner:
        raise HTTPException(403, "the facilitator begins the drill")
    if room.live is not None:
        return {"started": True}
    try:
        await desk(request).rooms.start(room)
    except SetupError as error:
        raise HTTPException(409, str(error)) from None
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return {"started": True}


@router.post("/drills/{drill}/revoke", responses=REFUSALS, summary="Let links open nothing any more")
async def revoke(request: Request, drill: DrillId, body: MemberBody) -> dict[str, Any]:
    """Revoke a member's links and sessions; an empty member means all of the drill."""
    room_of(request, drill)
    if not session_of(request).owner:
        raise HTTPException(403, "the owner revokes links")
    await desk(request).access.revoke(drill, body.member or None)
    return {"revoked": True}


# -- the hot wash ------------------------------------------------------------------------------------------------------


@router.get("/drills/{drill}/wash", responses=REFUSALS, summary="The hot wash, as far as it has come")
async def wash(request: Request, drill: DrillId) -> dict[str, Any]:
    """Nothing of a later screen is in it."""
    room, live, viewer = running(request, drill)
    return await wash_now(desk(request), room, live, viewer)


async def wash_now(at: Desk, room: Room, live: LiveDrill, viewer: Viewer) -> dict[str, Any]:
    """What a browser shows of the talk."""
    if live.state.phase == "respond":
        raise HTTPException(409, "the response is not over")
    screen, guesses = screen_of(at, room), guesses_of(at, room)
    member = viewer.member
    data: dict[str, Any] = await _read(live, lambda log: washing.wash_data(log, screen, guesses, member))
    shown = screen == "score"
    return data | {
        "report": f"/d/{room.id}/report" if shown else None,
        "folder": f"/d/{room.id}/folder.zip" if shown else None,
    }


def screen_of(at: Desk, room: Room) -> washing.Screen:
    """Where the talk is."""
    kept = at.rooms.store.notes(room.id, "screen").get("now", "guess")
    return next((screen for screen in washing.SCREENS if screen == kept), "guess")


def guesses_of(at: Desk, room: Room) -> dict[str, washing.Guess]:
    """What each member guessed."""
    kept = at.rooms.store.notes(room.id, "guess")
    return {member: msgspec.json.decode(data, type=washing.Guess) for member, data in kept.items()}


@router.post("/drills/{drill}/wash", responses=REFUSALS, summary="Guess, before any number")
async def guess(request: Request, drill: DrillId, body: GuessBody) -> dict[str, Any]:
    """What surprised one, and two times; the last one counts, until the truth is shown."""
    room, live, viewer = running(request, drill)
    if viewer.member is None:
        raise HTTPException(403, "those who played guess")
    if live.state.phase == "respond":
        raise HTTPException(409, "the response is not over")
    if screen_of(desk(request), room) != "guess":
        raise HTTPException(409, "the truth has been shown already")
    kept = washing.Guess(body.surprise.strip(), body.heard, body.command)
    await _note(request, room, "guess", viewer.member, msgspec.json.encode(kept).decode())
    return {"kept": True}


@router.post("/drills/{drill}/screen", responses=REFUSALS, summary="Move every browser")
async def move(request: Request, drill: DrillId, body: ScreenBody) -> dict[str, Any]:
    """To which screen of the hot wash everybody goes."""
    room, live, viewer = running(request, drill)
    if not viewer.staff and not session_of(request).owner and room.kind != "practice":
        raise HTTPException(403, "the facilitator moves the screens")
    if live.state.phase == "respond":
        raise HTTPException(409, "the response is not over")
    await _note(request, room, "screen", "now", body.screen)
    room.call("screen", {"screen": body.screen})
    return {"screen": body.screen}


async def _note(request: Request, room: Room, kind: str, key: str, data: str) -> None:
    try:
        await asyncio.wrap_future(desk(request).rooms.store.put_note(room.id, kind, key, data))
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
