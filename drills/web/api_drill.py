"""The API: everything that a page does, as JSON. Acts carry a client's id and are applied only once."""

import re
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from starlette.responses import JSONResponse

from drills.guidance.visibility import Viewer, sees
from drills.live.past import Drill
from drills.live.rooms import Room
from drills.planning.setup import EVALUATOR, FACILITATOR, SetupError
from drills.records.store import StoreError
from drills.web import lobby
from drills.web.context import check_staff, desk, leads, outside, room_of, running, session_of, viewer_of
from drills.web.lists import MOST_LISTED, line
from drills.web.openapi_bodies import CHANGING, READING, WEEK, ActBody, AdviceBody, MemberBody, described
from drills.web.page_data import page_data
from drills.web.sessions import Session
from drills.web.stream import page_of_events
from drills.web.summaries import kept_summaries, listed_drills
from simulator.acts import Act, ActRefused, NotAllowed, act_of
from simulator.events import Event
from simulator.people import handles
from simulator.syntax import names_somebody, parse

__all__ = ["DrillId", "actor", "router", "waiting_room"]

router = APIRouter(prefix="/api")
_ID = r"^[a-z0-9][a-z0-9_-]{0,63}$"
DrillId = Annotated[str, Path(pattern=_ID, description="A drill's id.")]
Before = Annotated[str | None, Query(pattern=_ID, description="A drill's id: only older ones are wanted.")]
_BIGGEST = WEEK
"""The largest number that an act can need: a week in milliseconds."""


# -- acting ------------------------------------------------------------------------------------------------------------


@router.post("/drills/{drill}/acts", **described("Acted", *CHANGING, summary="Act", tag="drill", _409="Refusal"))
async def act(request: Request, drill: DrillId, body: ActBody) -> Response:
    """Do something in a drill, as the session's member. The answer comes when it is stored."""
    room, viewer = await room_of(request, drill)
    who = actor(viewer)
    try:
        live = _live(room)
        events = await live.act(_act(body, who, room, live))
    except NotAllowed:
        raise HTTPException(403, "only the people who run the drill can do that") from None
    except ActRefused as refusal:
        return JSONResponse({"refused": refusal.told(room.names)}, 409)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return Response(_told(room, live, viewer, events), media_type="application/json")


def _live(room: Room) -> Drill:
    if room.live is None:
        raise ActRefused("the drill has not begun")
    return room.live


def actor(viewer: Viewer) -> str:
    """The id under which a viewer acts."""
    if viewer.role == "player" and viewer.member:
        return viewer.member
    if viewer.role == "facilitator":
        return FACILITATOR
    if viewer.role == "evaluator":
        return EVALUATOR
    raise HTTPException(403, "observers cannot act")


def _act(body: ActBody, who: str, room: Room, live: Drill) -> Act:
    if (body.say is None) == (body.act is None):
        raise ActRefused("send either `say` or `act`")
    if body.say is not None:
        known = handles(room.names) if names_somebody(body.say) else None
        return parse(body.say, who, body.id, known, live.plan.protocol)
    try:
        made = act_of({**(body.act or {}), "who": who, "id": body.id})
    except msgspec.ValidationError as error:
        raise ActRefused(f"that is not an act: {_plain(str(error))}") from None
    for value in msgspec.structs.asdict(made).values():
        if isinstance(value, int) and abs(value) > _BIGGEST:
            raise ActRefused("that number is too large")
    return made


def _plain(why: str) -> str:
    """What is wrong with an act, without what somebody sent."""
    return re.sub(r"'[^']*'", "…", why).splitlines()[0]


def _told(room: Room, live: Drill, viewer: Viewer, events: list[Event]) -> bytes:
    """The act's events as the one who acted sees them."""
    by_seq = room.frames
    frames = [by_seq[event.seq] for event in events if event.seq < len(by_seq)]
    found = [data for frame in frames if (data := sees(viewer, live.state, frame)) is not None]
    return b'{"events":[' + b",".join(found) + b'],"seq":%d}' % (len(by_seq) - 1)


# -- reading -----------------------------------------------------------------------------------------------------------


@router.get(
    "/drills", **described("Drills", 401, 404, 422, summary="The drills that the session may see", tag="drills")
)
async def drills(request: Request, before: Before = None) -> dict[str, Any]:
    """The newest drills that this session is in; for the owner, all except what others practise."""
    session = session_of(request)
    if not session.known:
        raise outside()
    at = desk(request)
    found = await listed_drills(at, session, MOST_LISTED, before)
    if found is None:
        raise HTTPException(404, f"there is no drill {before}")
    rooms, older = found
    over = await kept_summaries(at, [room.id for room in rooms if room.state == "closed"])
    lines = [line(room, over.get(room.id), owner=session.owner) for room in rooms]
    return {"drills": lines, "next": older}


@router.get("/drills/{drill}", **described("Page", *READING, summary="A drill as the session may see it", tag="drill"))
async def one_drill(request: Request, drill: DrillId) -> Response:
    """Everything that its page is made of."""
    room, _, viewer = await running(request, drill)
    return Response(msgspec.json.encode(page_data(room, viewer)), media_type="application/json")


@router.get("/drills/{drill}/events", **described("Events", *READING, summary="Events after a place", tag="drill"))
async def events(request: Request, drill: DrillId, after: Annotated[int, Query(ge=-1, le=2**31)] = -1) -> Response:
    """The events that the session may see, in order; `seq` is the last event of the drill."""
    room, _, viewer = await running(request, drill)
    return Response(page_of_events(room, viewer, after), media_type="application/json")


@router.get(
    "/drills/{drill}/duties",
    **described("Duties", *READING, 403, summary="What is due, and its status", tag="help"),
)
async def duties(request: Request, drill: DrillId) -> dict[str, Any]:
    """For those who run the drill; in training also for players, by the severity that they declared."""
    _, live, viewer = await running(request, drill)
    if not viewer.staff and (live.plan.mode != "training" or viewer.role != "player"):
        raise HTTPException(403, "only for people who run the drill, and in training")
    from drills.guidance import duties  # imports the score, which is only needed here

    at, declared = live.at, not viewer.staff
    what = f"duties {'declared' if declared else 'true'} {at // 1000}"
    found = await desk(request).log_cache.of(live, what, lambda log: duties.duties(log, at, declared=declared))
    return {"duties": [one._asdict() for one in found]}


@router.get(
    "/drills/{drill}/coach",
    **described("Coached", *READING, 403, summary="What the protocol would do next, and why", tag="help"),
)
async def coached(request: Request, drill: DrillId) -> dict[str, str]:
    """In practice, and in training."""
    room, live, viewer = await running(request, drill)
    if viewer.member is None or live.plan.mode != "training":
        raise HTTPException(403, "there is a coach only in practice and training")
    from drills.guidance.coach import coach  # only training needs it

    member, at, names, wants = viewer.member, live.at, room.names, room.setup.role
    return await desk(request).log_cache.of(
        live, f"coach {member} {at // 1000}", lambda log: coach(log, member, at, names, wants)
    )


@router.post(
    "/drills/{drill}/advice",
    **described("AdviceFound", *CHANGING, summary="Advice before a message goes out", tag="help"),
)
async def advice(request: Request, drill: DrillId, body: AdviceBody) -> dict[str, Any]:
    """What to think of before telling customers. It affects no points."""
    _, live, viewer = await running(request, drill)
    if not viewer.staff and not (viewer.member and live.state.knows(viewer.member)):
        return {"advice": []}  # the incident has not reached them, so they are told nothing about it

    from drills.guidance.advice import advice as advice_on  # likewise

    found = advice_on(live.plan, live.state, live.events, body.text, body.next_in)
    return {"advice": [one._asdict() for one in found]}


# -- the lobby ---------------------------------------------------------------------------------------------------------


@router.get(
    "/drills/{drill}/lobby", **described("Lobby", *READING, summary="Who is here before the start", tag="lobby")
)
async def lobby_now(request: Request, drill: DrillId) -> dict[str, Any]:
    """The lobby as the session may see it; also for people who wait to be let in."""
    room, viewer, session = await waiting_room(request, drill)
    return await lobby.data(desk(request), room, viewer, session.own(room.id), leads=leads(session, room))


async def waiting_room(request: Request, drill: str) -> tuple[Room, Viewer | None, Session]:
    """A drill's lobby, for those who are in and those who wait; nobody else sees any of it."""
    session = session_of(request)
    if not session.known:
        raise outside()
    room = await desk(request).rooms.find(drill)
    seat = None if room is None else session.own(room.id) if room.kind == "practice" else session.seat(room.id)
    if room is None or seat is None:
        raise HTTPException(404, "there is no such drill")
    viewer = viewer_of(session, room)
    if viewer is not None:
        await check_staff(request, room, viewer)
    return room, viewer, session


async def _leading(request: Request, drill: str, what: str) -> Room:
    """A drill that the session runs."""
    room, _ = await room_of(request, drill)
    if not leads(session_of(request), room):
        raise HTTPException(403, f"only the people who run the drill can {what}")
    return room


@router.post("/drills/{drill}/admit", **described("Admitted", *CHANGING, summary="Let somebody in", tag="lobby"))
async def admit(request: Request, drill: DrillId, body: MemberBody) -> dict[str, Any]:
    """Let in the person who waits to play a member; an empty member means everybody who waits."""
    room = await _leading(request, drill, "let people in")
    try:
        count = await desk(request).access.admit(drill, body.member or None)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    room.call("lobby", {})
    return {"admitted": count}


@router.post("/drills/{drill}/start", **described("Started", *CHANGING, summary="Begin", tag="lobby"))
async def start(request: Request, drill: DrillId) -> dict[str, Any]:
    """STARTEX, now."""
    room = await _leading(request, drill, "start it")
    try:
        await desk(request).rooms.start(room)
    except SetupError as error:
        raise HTTPException(409, str(error)) from None
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    return {"started": True}


@router.post(
    "/drills/{drill}/revoke", **described("Revoked", *CHANGING, summary="Make old links stop working", tag="lobby")
)
async def revoke(request: Request, drill: DrillId, body: MemberBody) -> dict[str, Any]:
    """Revoke a member's link and send out the person who plays that member; an empty member means all people and links.

    New links are in the lobby afterwards.
    """
    room = await _leading(request, drill, "revoke links")
    if body.member and body.member not in room.names:
        raise HTTPException(409, "nobody by that name is playing")
    try:
        await desk(request).access.revoke(drill, body.member or None)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None
    desk(request).dismiss(drill, body.member or None)
    room.call("lobby", {})
    return {"revoked": True}
