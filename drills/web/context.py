"""What every route uses: the rooms, the session of a request, and a drill as that session may see it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import HTTPException, Request

from drills.guidance.visibility import Viewer
from drills.live.log_cache import LogCache
from drills.live.past import Drill
from drills.live.result_keeper import Keeper
from drills.live.rooms import Outline, Room, Rooms
from drills.live.staff import note_staff, read_staff
from drills.records.schema import AttendanceRow
from drills.records.store import StoreError
from drills.web.author_desk import AuthorDesk
from drills.web.calendar_desk import CalendarDesk
from drills.web.middleware import GUESSES, GUESSES_PER_SECOND, SESSION, Limits
from drills.web.reach import Reach
from drills.web.sessions import EVERY_DRILL, ROLES, Access, Session
from drills.web.stream import Hub
from drills.web.team_desk import TeamDesk
from drills.web.tunnel import Tunnel

if TYPE_CHECKING:
    from scoring.history.figures import Figures

__all__ = [
    "Desk",
    "Unnamed",
    "check_staff",
    "desk",
    "is_custodian",
    "leads",
    "looks_as",
    "outside",
    "owners_desk",
    "room_of",
    "running",
    "session_of",
    "somebody",
    "viewer_of",
]


SETTLE = 1.0
"""Seconds for which guesses are collected before browsers are told how many there are."""


class Desk:
    """What the routes need: the rooms, who may come in, and the address for links."""

    def __init__(self, rooms: Rooms, access: Access, base: str, offered: frozenset[str] = frozenset()) -> None:
        self.rooms = rooms
        self.access = access
        self.base = base
        """The address at which people find this server."""
        self.offered = offered
        """Files that may be played besides the library: those named when the server was started."""
        self.guesses = Limits(GUESSES_PER_SECOND, GUESSES)
        """How often an address may try invalid links."""
        self.log_cache = LogCache()
        self.history: tuple[str, list[Figures]] = ("", [])
        """What the history keeps of closed drills, with its stamp (see `records.history`)."""
        self.hubs: dict[str, Hub] = {}
        """The streams of each drill that somebody looks at."""
        self.tunnel: Tunnel | None = None
        """By which people outside reach the server, if it is shared."""
        self.reach: Callable[[], Reach] = lambda: Reach("")
        """Who can open the links."""
        self.authors = AuthorDesk()
        self.team = TeamDesk(rooms.store)
        self.calendar = CalendarDesk(rooms.store.secret)
        self.keeper = Keeper(rooms.store)
        """Keeps the results of closed drills."""
        self._telling: set[str] = set()

    def guessed(self, room: Room, screen: str) -> None:
        """Tell browsers in a moment that somebody has guessed, once for all who guess until then."""
        if room.id in self._telling:
            return
        self._telling.add(room.id)

        def tell() -> None:
            self._telling.discard(room.id)
            room.call("screen", {"screen": screen})

        asyncio.get_running_loop().call_later(SETTLE, tell)

    def dismiss(self, drill: str, member: str | None) -> None:
        """End the streams of a member, or of everybody in a drill; those who may still come in reconnect."""
        hub = self.hubs.get(drill)
        if hub is not None:
            hub.give(lambda stream: stream.end() if member is None or stream.viewer.member == member else None)


def desk(request: Request) -> Desk:
    """The server's desk."""
    found: Desk = request.app.state.desk
    return found


def session_of(request: Request) -> Session:
    """The session of a request, as it was when the request came in."""
    found: Session = request.scope[SESSION]
    return found


class Unnamed(HTTPException):
    """Somebody wants to run, rate or watch a drill and has not said who they are; a page asks them (see `server`)."""

    def __init__(self, room: Room | None = None) -> None:
        self.room = room
        """The drill for which a name is wanted; None if the owner is to say it for all."""
        super().__init__(403, "say who you are first; those in the drill can read who runs, rates or watches it")


def outside() -> HTTPException:
    """The answer to somebody who came without a link."""
    return HTTPException(401, "open the link that you were sent, or the one that `drillroom serve` printed")


def somebody(request: Request) -> Session:
    """The session of a request by somebody who came in by one of our links."""
    session = session_of(request)
    if not session.known:
        raise outside()
    return session


def owners_desk(request: Request) -> Desk:
    """The desk, for those with the owner's link alone. Raises HTTPException."""
    if not somebody(request).owner:
        raise HTTPException(403, "only the link that `drillroom serve` printed opens this")
    return desk(request)


def viewer_of(session: Session, room: Outline) -> Viewer | None:
    """The viewer that a session is in a drill, once it was let in.

    What somebody practises is theirs alone. If the person who made a drill plays too, nobody sees what lies ahead.
    """
    seat = session.own(room.id) if room.kind == "practice" else session.seat(room.id)
    role = ROLES.get(seat.role) if seat is not None else None
    if seat is None or role is None or not seat.admitted:
        return None
    if role == "player":
        return Viewer(role, seat.member, room.revealed) if seat.member in room.names else None
    return Viewer("observer" if room.setup.play_too else role, revealed=room.revealed)


def looks_as(session: Session, room: Room) -> Viewer | None:
    """The viewer that a session's stream is for; those who wait to be let in hear about the lobby and nothing else."""
    seat = session.own(room.id)
    if room.live is None and seat is not None and not seat.admitted:
        return Viewer("observer", seat.member)
    return viewer_of(session, room)


def leads(session: Session, room: Room) -> bool:
    """Whether a session lets people in, begins the drill and moves the screens of the talk."""
    if room.kind == "practice":
        return session.own(room.id) is not None
    seat = session.seat(room.id)
    return session.owner or (seat is not None and seat.role == "facilitator" and seat.admitted)


def is_custodian(request: Request) -> bool:
    """Whether a session may have logs with names and texts: it has the owner's link, and has said who it is."""
    seat = session_of(request).own(EVERY_DRILL)
    return session_of(request).owner and seat is not None and seat.member is not None


async def room_of(request: Request, drill: str) -> tuple[Room, Viewer]:
    """A drill as this session may see it. A drill that it may not see does not exist for it."""
    session = session_of(request)
    if not session.known:
        raise outside()
    room = await desk(request).rooms.find(drill)
    viewer = viewer_of(session, room) if room is not None else None
    if room is None or viewer is None:
        raise HTTPException(404, "there is no such drill, or you have not been let in yet")
    await check_staff(request, room, viewer)
    return room, viewer


async def check_staff(request: Request, room: Room, viewer: Viewer) -> None:
    """Record who runs, rates or watches a drill, so that everybody in it can read it. Raises Unnamed.

    Practice and rehearsals need no names: the players there are alone, or simulated.
    """
    store, session = desk(request).rooms.store, session_of(request)
    if room.kind != "drill":
        return
    try:
        await read_staff(store, room)
        seat = session.seat(room.id)
        if viewer.role == "player" or seat is None:
            return
        now = datetime.now(UTC).isoformat()
        row = AttendanceRow(room.id, seat.member or "", viewer.role, seat.identified, now)
        if not row.person or not await note_staff(store, room, row):
            raise Unnamed(room)
    except StoreError as error:
        raise HTTPException(503, str(error)) from None


async def running(request: Request, drill: str) -> tuple[Room, Drill, Viewer]:
    """A drill that has begun."""
    room, viewer = await room_of(request, drill)
    if room.live is None:
        raise HTTPException(409, "the drill has not begun")
    return room, room.live, viewer
