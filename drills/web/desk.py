"""What every route leans on: the rooms, the session of a request, and a drill as that session may see it."""

from fastapi import HTTPException, Request

from drills.live import LiveDrill
from drills.rooms import Room, Rooms
from drills.seen import Viewer
from drills.web.access import COOKIE, Access, Session

__all__ = ["Desk", "desk", "room_of", "running", "session_of"]


class Desk:
    """What the routes need: the rooms, who may come in, and the links' address."""

    def __init__(self, rooms: Rooms, access: Access, base: str) -> None:
        self.rooms = rooms
        self.access = access
        self.base = base
        """The address under which people find this server."""


def desk(request: Request) -> Desk:
    """The server's desk."""
    found: Desk = request.app.state.desk
    return found


def session_of(request: Request) -> Session:
    """The session of a request."""
    return desk(request).access.session(request.cookies.get(COOKIE))


def room_of(request: Request, drill: str) -> tuple[Room, Viewer]:
    """A drill as this session may see it. What it may not see is not there."""
    session = session_of(request)
    room = desk(request).rooms.get(drill)
    viewer = session.viewer(drill) if room is not None else None
    if not session.seats:
        raise HTTPException(401, "come in by a link first")
    if room is None or viewer is None or (viewer.member is not None and viewer.member not in room.names):
        raise HTTPException(404, "there is no such drill, or you were not let in yet")
    return room, viewer if not room.setup.play_too or viewer.role == "player" else Viewer("observer")


def running(request: Request, drill: str) -> tuple[Room, LiveDrill, Viewer]:
    """A drill that has begun."""
    room, viewer = room_of(request, drill)
    if room.live is None:
        raise HTTPException(409, "the drill has not begun")
    return room, room.live, viewer
