"""The server as one ASGI application: store, rooms, pages, API and streams put together."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from drills.planning import version
from drills.rooms import ALIVE_EVERY, Room, Rooms
from drills.seen import Viewer
from drills.settings import Settings
from drills.store import Store, StoreError
from drills.web import api, pages
from drills.web.access import Access
from drills.web.data import clock_of, readings, sees_waiting
from drills.web.desk import Desk, room_of, session_of
from drills.web.guard import Guard, origins_of
from drills.web.stream import Hub, Stream, serve_stream, sse
from simulator.crowd import WAITING

__all__ = ["Server", "application"]

READINGS_EVERY, BEAT_EVERY = 5.0, 15.0
"""Seconds from one reading of the signals to the next, and between two signs of life on a stream."""


@dataclass
class Server:
    """What lives as long as the process."""

    store: Store
    settings: Settings
    base: str
    """The address under which people find this server."""
    rooms: Rooms = field(init=False)
    access: Access = field(init=False)
    hubs: dict[str, Hub] = field(default_factory=dict)
    draining: bool = False

    def __post_init__(self) -> None:
        """Make what is built on the store."""
        self.rooms = Rooms(self.store)
        self.access = Access(self.store)

    def hub(self, drill: str) -> Hub:
        """The streams of a drill."""
        if drill not in self.hubs:
            self.hubs[drill] = Hub(self.rooms[drill])
        return self.hubs[drill]

    async def tick(self) -> None:
        """What happens by the clock: readings of the signals, signs of life, and the note that we are here."""
        loop = asyncio.get_running_loop()
        read = beaten = noted = loop.time()
        while True:
            await asyncio.sleep(0.5)
            now = loop.time()
            if now - noted >= ALIVE_EVERY:
                noted = now
                self.rooms.note_alive()
            if now - read >= READINGS_EVERY:
                read = now
                self._send_readings()
            if now - beaten >= BEAT_EVERY:
                beaten = now
                for hub in self.hubs.values():
                    hub.beat()

    def _send_readings(self) -> None:
        for drill, hub in self.hubs.items():
            live = self.rooms[drill].live
            if live is None or not len(hub) or live.state.phase != "respond" or live.state.halted:
                continue
            known = readings(self.rooms[drill], waiting=True)
            for_all = {name: value for name, value in known.items() if name != WAITING}
            frames = [_reading(live.at, values) for values in (for_all, known)]
            hub.give(lambda stream, live=live, frames=frames: frames[sees_waiting(live, stream.viewer)])  # type: ignore[misc]


def _reading(at: int, values: dict[str, float]) -> bytes:
    return sse(json.dumps({"at": at, "values": values}).encode(), "signals")


def application(server: Server) -> Guard:
    """The application. Its lifespan takes up the drills and lets go of them."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await server.rooms.resume()
        ticking = asyncio.create_task(server.tick())
        yield
        ticking.cancel()
        for hub in server.hubs.values():
            hub.close()
        await server.rooms.close()

    app = FastAPI(
        title="Drillroom",
        version=version(),
        description="Everything that a page of the drill room does. Acts carry a client's id and are applied once.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.desk = Desk(server.rooms, server.access, server.base)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=pages.STATIC), name="static")
    app.router.routes.insert(0, Route("/api/drills/{drill}/stream", _StreamEndpoint(server)))

    @app.get("/health", summary="Whether the server can do its work", tags=["server"])
    async def health() -> Response:
        fault = next((room.live.fault for room in server.rooms.all() if room.live and room.live.fault), None)
        running = sum(room.live is not None and not room.live.finished for room in server.rooms.all())
        body = {"ok": fault is None and not server.draining, "running": running, "fault": fault}
        return JSONResponse(body, 200 if body["ok"] else 503)

    _errors(app)
    return Guard(app, origins_of(server.settings.public_url, server.settings.host, server.settings.port))


class _StreamEndpoint:
    """Server-sent events of one drill, straight on ASGI."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one browser's stream, or say why not."""
        request = Request(scope, receive)
        drill = str(scope["path_params"]["drill"])
        try:
            room, viewer = self._who(request, drill)
        except HTTPException as error:
            await JSONResponse({"error": error.detail}, error.status_code)(scope, receive, send)
            return
        last = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        after = int(last) if last.lstrip("-").isdigit() and len(last) < 10 else -1
        live = room.live
        first = b"" if live is None else sse(json.dumps(clock_of(live)).encode(), "clock")
        stream = Stream(room, viewer)
        await serve_stream(stream, self._server.hub(drill), max(after, -1), first, receive, send)

    def _who(self, request: Request, drill: str) -> tuple[Room, Viewer]:
        """Who looks; somebody who waits to be let in hears of the lobby and of nothing else."""
        session = session_of(request)
        room = self._server.rooms.get(drill)
        seat = session.seat(drill)
        if room is not None and room.live is None and seat is not None and not seat.admitted:
            return room, Viewer("observer", seat.member)
        return room_of(request, drill)


_WAYS_OUT = {
    401: "Ask whoever runs the drill for a link, or take the one that the server printed.",
    403: "If you think that you should be able to, ask whoever runs the drill.",
    404: "Look at the address, or go back to the first page.",
    429: "Wait a moment, then try again.",
    503: "Nothing was lost that you were told of. Try again in a moment.",
}
_TITLES = {
    401: "Who are you?",
    403: "That is not for you",
    404: "There is nothing here",
    409: "Not now",
    429: "Too fast",
    503: "Not stored",
}


def _errors(app: FastAPI) -> None:
    """Errors as JSON for programs and as a page for people."""

    @app.exception_handler(HTTPException)
    @app.exception_handler(404)
    @app.exception_handler(405)
    async def refused(request: Request, error: HTTPException) -> Response:
        return _said(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def misread(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "body")
        return _said(request, 422, f"{place or 'the body'}: {str(first['msg']).lower()}")

    @app.exception_handler(StoreError)
    async def unstored(request: Request, error: StoreError) -> Response:
        return _said(request, 503, str(error))


def _said(request: Request, status: int, text: str) -> Response:
    if request.url.path.startswith(("/api/", "/health", "/static/")):
        return JSONResponse({"error": text}, status)
    way_out = _WAYS_OUT.get(status, "Go back, and try again.")
    title = _TITLES.get(status, "That did not work")
    sentence = text[:1].upper() + text[1:].rstrip(".") + "."
    return pages.render(request, "error.html", title, status, code=status, text=sentence, way_out=way_out)
