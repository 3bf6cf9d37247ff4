"""The server as one ASGI application: store, rooms, pages, API and streams put together."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import compile_path
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from drills.guidance.visibility import Viewer
from drills.live.heartbeat import Heartbeat
from drills.live.rooms import ALIVE_EVERY, Room, Rooms
from drills.planning import catalogue
from drills.records.database import SILENT_SECONDS
from drills.records.forget import forget_again
from drills.records.future import SILENT
from drills.records.retention import Keep, Swept, sweep
from drills.records.store import SeatRow, Store, StoreError
from drills.settings import Settings
from drills.web import (
    api_actions,
    api_drill,
    api_evidence,
    api_history,
    api_hotwash,
    api_people,
    api_results,
    api_server,
    api_setup,
    api_tokens,
    pages_actions,
    pages_author,
    pages_calendar,
    pages_drill,
    pages_library,
    pages_people,
    pages_programme,
    pages_record,
    pages_setup,
    pages_sheet,
    pages_team,
    pages_tokens,
)
from drills.web.context import Desk, Unnamed, looks_as, room_of, session_of, viewer_of
from drills.web.middleware import BURST, PER_SECOND, Guard, Limits, Origins, Serving, with_headers
from drills.web.openapi_bodies import described
from drills.web.openapi_description import describe
from drills.web.page_data import clock_of
from drills.web.relay import Relay
from drills.web.rendering import STATIC, render
from drills.web.sessions import Access, Session
from drills.web.stream import HEADERS, Hub, Stream, serve_stream, sse
from drills.web.tokens import Tokens, bearer
from drills.web.updates import ClockUpdates, Readings
from drills.web.wire import wire_of

__all__ = ["Server", "application"]

READINGS_EVERY, BEAT_EVERY, CLOCK_EVERY = 5.0, 5.0, 30.0
"""Seconds between two readings of the signals, two keep-alives on a stream, and two looks at the clock."""
SEATS_EVERY = 2.0
"""Seconds after which streams are ended if their link was revoked on another server."""
FORGET_EVERY, SWEEP_EVERY = 60.0, 3600.0
KEPT = timedelta(hours=12)
"""How long after they were made practice and rehearsals are deleted, or else once they are over and nobody looks."""
_log = logging.getLogger("drillroom.server")


@dataclass
class Server:
    """What lives as long as the process."""

    store: Store
    settings: Settings
    base: str
    """The address at which people find this server."""
    offered: frozenset[str] = frozenset()
    """Files of scenarios that may be practised besides the library."""
    heartbeat: Heartbeat | None = None
    """If several servers share the database."""
    relay: Relay | None = None
    rooms: Rooms = field(init=False)
    access: Access = field(init=False)
    desk: Desk = field(init=False)
    tokens: Tokens = field(init=False)
    changes: Limits = field(default_factory=lambda: Limits(PER_SECOND, BURST))
    draining: bool = False
    opened: bool = False
    stop: Any = None
    """Ends a running server; may be called from any thread."""
    _over: set[str] = field(default_factory=set)
    """The drills that had ended when we last looked."""
    _clocks: dict[str, ClockUpdates] = field(default_factory=dict)
    _readings: dict[str, Readings] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make what is built on the store."""
        self.store.share(self.settings.internal_address, self.settings.lease)
        self.rooms = Rooms(self.store)
        self.access = Access(self.store)
        if self.store.holdings is not None:
            self.heartbeat = Heartbeat(self.rooms, self.store.holdings)
            self.relay = Relay(self.heartbeat, self.store.secret, self.access.by_command)
        self.desk = Desk(self.rooms, self.access, self.base, self.offered)
        self.tokens = Tokens(self.store, self.desk.guesses.takes)
        self.rooms.leaving.append(self._left)

    @property
    def hubs(self) -> dict[str, Hub]:
        """The streams of each drill that somebody looks at."""
        return self.desk.hubs

    async def open(self) -> None:
        """Take up every drill where it left off. Raises StoreError."""
        if not self.opened:
            self.opened = True
            again = await forget_again(self.store)
            if again:
                _log.warning("people forgotten again, in a restored database", extra={"fields": {"people": again}})
            await (self.rooms.resume() if self.heartbeat is None else self.heartbeat.open())

    async def leave(self) -> None:
        """Release everything, so that other servers can have it at once."""
        for hub in self.hubs.values():
            hub.close()
        await self.rooms.close()
        if self.store.holdings is not None:
            with contextlib.suppress(StoreError):  # the leases run out by themselves
                await self.store.holdings.leave()

    def send_home(self) -> None:
        """End all streams, and what else waits; browsers reconnect by themselves."""
        self.desk.authors.end()
        for hub in self.hubs.values():
            hub.close()
        if self.relay is not None:
            self.relay.close()

    def hub(self, room: Room) -> Hub:
        """The streams of a drill."""
        if room.id not in self.hubs:
            hub = self.hubs[room.id] = Hub(room)
            signals = self._readings[room.id] = Readings(room, hub)
            clock = self._clocks[room.id] = ClockUpdates(room, signals.tell)
            room.watchers.append(clock.watch)
        return self.hubs[room.id]

    # -- by the clock --------------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """What happens by the clock: readings, keep-alives, the time, and the note that we are alive."""
        loop = asyncio.get_running_loop()
        last = dict.fromkeys(("alive", "readings", "beat", "clock"), loop.time())

        def due(what: str, every: float) -> bool:
            now = loop.time()
            if now - last[what] < every:
                return False
            last[what] = now
            return True

        while True:
            await asyncio.sleep(0.5)
            try:
                if due("alive", ALIVE_EVERY):
                    self._look_after_drills()
                if due("readings", READINGS_EVERY):
                    for signals in self._readings.values():
                        signals.tell()
                if due("beat", BEAT_EVERY):
                    for hub in self.hubs.values():
                        hub.beat()
                everybody = due("clock", CLOCK_EVERY)
                for drill, clock in self._clocks.items():
                    clock.look(always=everybody and bool(len(self.hubs[drill])))
            except Exception:  # noqa: BLE001 - whatever it is, the rest goes on with the next round
                _log.exception("what happens by the clock went wrong")

    async def delete_in_time(self) -> None:
        """Delete what is kept for a limited time. Apart from `tick`, which must go on if the database is silent."""
        swept = -SWEEP_EVERY
        while True:
            try:
                now = asyncio.get_running_loop().time()
                if now - swept >= SWEEP_EVERY:
                    swept = now
                    await self.sweep()
                await asyncio.sleep(FORGET_EVERY)
                await self.forget_what_was_private()
            except Exception:  # noqa: BLE001 - whatever it is, the next time may go well
                _log.exception("what was kept for a time could not be deleted")
                await asyncio.sleep(FORGET_EVERY)

    def _look_after_drills(self) -> None:
        """Note that drills run, unless the database does not answer; and keep results of those that have ended."""
        if self.store.waits > SILENT_SECONDS:
            for live in self.rooms.running:
                live.stall(SILENT)
        else:
            self.rooms.note_alive()
        over = {room.id for room in self.rooms.all() if room.live is not None and room.live.finished}
        if over - self._over:
            self.desk.keeper.look()
        self._over = over
        self.rooms.let_go()

    async def end_streams_of_others(self) -> None:
        """End the streams of those who may no longer look, or as somebody else: another server may have said so."""
        streams = [stream for hub in self.hubs.values() for stream in hub.streams]
        if not streams:
            return
        seats: dict[str, dict[str, SeatRow]] = {}
        for row in await self.store.seats_of({stream.session for stream in streams}):
            seats.setdefault(row.session, {})[row.drill] = row
        for stream in streams:
            may = looks_as(Session(stream.session, seats.get(stream.session, {})), stream.room)
            if may is None or (may.role, may.member) != (stream.viewer.role, stream.viewer.member):
                stream.end()

    async def forget_what_was_private(self) -> None:
        """Delete practice and rehearsals that are over, once nobody looks at them any more."""
        now = datetime.now(UTC)
        for room in self.rooms.all():
            if room.kind == "drill" or +room.here:
                continue
            over = room.phase in ("follow_up", "closed")
            if over or now - datetime.fromisoformat(room.made) > KEPT:
                with contextlib.suppress(StoreError):
                    await self.rooms.forget(room.id)
        for drill in await self.store.private():
            if not self.rooms.watched(drill):
                await self.rooms.forget(drill)

    async def sweep(self) -> None:
        """Delete what has been kept as long as the settings say."""
        said, now = self.settings, datetime.now(UTC)
        keep = Keep(said.keep_guesses_days, said.keep_presence_days, said.keep_texts_days)
        swept: Swept = await self.store.submit(lambda connection: sweep(connection, now, keep))
        self.desk.team.clear()  # texts that stand on its pages may be among them, deleted here or by another server
        if swept.rows:
            self.access.read_again()
            await self.rooms.read_again(swept.drills)
            _log.info("deleted what was kept long enough", extra={"fields": {"rows": swept.rows}})

    async def watch_files(self) -> None:
        """See every second what has changed in the workspace's files, without holding up the loop."""
        while True:
            try:
                await asyncio.to_thread(catalogue.look)
            except Exception:  # noqa: BLE001 - whatever it is, what was found before stays
                _log.exception("the workspace's files could not be looked at")
            await asyncio.sleep(catalogue.LOOK_EVERY)

    def _left(self, room: Room) -> None:
        """Drop everything of a drill whose room is no longer kept."""
        hub = self.hubs.pop(room.id, None)
        if hub is not None:
            hub.close()
        self._clocks.pop(room.id, None)
        self._readings.pop(room.id, None)
        self.desk.log_cache.forget(room.id)


# -- the application ---------------------------------------------------------------------------------------------------


_PARTS = (
    *(api_actions, api_drill, api_evidence, api_history, api_hotwash, api_people, api_results, api_server, api_setup),
    *(api_tokens, pages_calendar, pages_programme),
    *(pages_setup, pages_library, pages_author, pages_drill, pages_sheet, pages_people, pages_record, pages_tokens),
    *(pages_team, pages_actions),
)


def application(server: Server) -> Guard:
    """The application. Its lifespan takes up the drills and releases them."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await server.open()
        tasks = [
            asyncio.create_task(server.tick()),
            asyncio.create_task(server.delete_in_time()),
            asyncio.create_task(server.desk.keeper.run()),
            asyncio.create_task(server.watch_files()),
        ]
        if server.heartbeat is not None:
            tasks.append(asyncio.create_task(server.heartbeat.run((SEATS_EVERY, server.end_streams_of_others))))
        yield
        for task in tasks:  # otherwise the heartbeat would take up again what is being released
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.leave()

    app = FastAPI(
        title="Drillroom",
        description=(
            "Everything that a page of the drill room does. Acts carry a client's id and are applied once, however "
            "often they are sent. A program sends a token in the header Authorization, which opens what its scopes "
            "say. A browser has a cookie, for which a link was exchanged; its requests that change something come from "
            "a page of the server, or carry the header X-Drillroom. Commands of the server's owner are signed with the "
            "secret of its database instead."
        ),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,  # it would be made from the Host header, which anybody can set
    )
    app.state.desk = server.desk
    for part in _PARTS:
        app.router.routes.extend(part.router.routes)  # included routers would log without their routes' templates
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/health", **described("Health", 503, summary=_HEALTH, tag="server", _503="Health"))
    async def health() -> Response:
        """For monitoring; 503 if it cannot take anything."""
        fault = next((live.fault for live in server.rooms.running if live.fault), None) or await _unanswered(server)
        body = {
            "ok": fault is None and not server.draining,
            "running": len(server.rooms.running),
            "holds": [room.id for room in server.rooms.all()],
            "fault": fault,
        }
        return JSONResponse(body, 200 if body["ok"] else 503)

    _errors(app)
    describe(app, _STREAMS.path)

    def refusing(scope: Scope, status: int, text: str) -> Response:
        answer = _said(Request({**scope, "app": app}), status, text)
        if status == 401 and bearer(dict(scope["headers"])):
            answer.headers["www-authenticate"] = "Bearer"
        return answer

    async def known(scope: Scope) -> Session:
        return await server.tokens.session(scope) or await server.access.of(scope)

    settings = server.settings
    origins = Origins(settings.public_url, settings.host, settings.port)
    opening = _Opening(server, app)
    elsewhere = None if server.relay is None else server.relay.elsewhere
    return Guard(app, origins, known, refusing, server.changes, opening, elsewhere)


async def _unanswered(server: Server) -> str | None:
    """Why the database cannot be read, if it cannot."""
    try:
        await server.store.ping()
    except StoreError as error:
        return str(error)
    return None


_HEALTH = "Whether the server can do its work"


class _Address(NamedTuple):
    """The log's name for an address."""

    path: str


_STREAMS = _Address("/api/drills/{drill}/stream")
_IS_STREAM = compile_path(_STREAMS.path)[0]


class _Opening:
    """Opens streams: server-sent events of one drill, straight on ASGI."""

    def __init__(self, server: Server, app: FastAPI) -> None:
        self._server = server
        self._app = app

    async def __call__(self, scope: Scope) -> Serving | tuple[int, str] | None:
        """Open the stream that a request is for. It keeps nothing of the request, since it may last for hours."""
        found = _IS_STREAM.match(scope["path"])
        if found is None:
            return None
        scope["route"] = _STREAMS
        request = Request({**scope, "app": self._app})
        try:
            room, viewer = await self._who(request, found["drill"])
            live = room.live
        except HTTPException as error:
            return error.status_code, str(error.detail)
        except StoreError as error:
            return 503, str(error)
        last = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        after = int(last) if last.isascii() and last.isdigit() and len(last) < 10 else -1
        first = b"" if live is None else sse(json.dumps(clock_of(live)).encode(), "clock")
        headers = with_headers(scope, 200, HEADERS)
        stream, hub, wire = Stream(room, viewer, session_of(request).key), self._server.hub(room), wire_of(scope)
        return partial(serve_stream, stream, hub, after, first, headers=headers, wire=wire)

    async def _who(self, request: Request, drill: str) -> tuple[Room, Viewer]:
        """The viewer; somebody who waits to be let in hears about the lobby and nothing else."""
        session = session_of(request)
        room = await self._server.rooms.find(drill) if session.known else None
        if room is not None and room.live is None and viewer_of(session, room) is None:
            waiting = looks_as(session, room)
            if waiting is not None:
                return room, waiting
        return await room_of(request, drill)


# -- what goes wrong ---------------------------------------------------------------------------------------------------

_TITLES = {
    401: "You need a link",
    403: "Not allowed",
    404: "Not found",
    409: "Not now",
    413: "Too large",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not available right now",
}
_ADVICE = {
    401: "Ask the person who runs the drill for a link, or use the one that the server printed.",
    403: "If you think you should have access, ask the person who runs the drill.",
    429: "Wait a moment, then try again.",
    500: "The error is in the server's log. Try again: everything that was confirmed is saved.",
    503: "Everything that was confirmed is saved. Try again in a moment.",
}


def _errors(app: FastAPI) -> None:
    """Errors as JSON for programs and as a page for people."""

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        if isinstance(error, Unnamed) and request.method == "GET" and not _for_programs(request):
            return render(
                request, "name.html", "Who are you?", room=error.room, said="", error="", then=request.url.path
            )
        return _said(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def misread(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part not in ("body", "path", "query"))
        return _said(request, 422, f"{place or 'the body'}: {str(first['msg']).lower()}")

    @app.exception_handler(StoreError)
    async def unstored(request: Request, error: StoreError) -> Response:
        return _said(request, 503, str(error))

    @app.exception_handler(Exception)
    async def broken(request: Request, _: Exception) -> Response:
        return _said(request, 500, "something went wrong in the server")


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/health", "/static/"))


def _said(request: Request, status: int, text: str) -> Response:
    if _for_programs(request):
        return JSONResponse({"error": text}, status, {"retry-after": "1"} if status == 503 else None)
    sentence = text[:1].upper() + text[1:].rstrip(".") + "."
    said = f"{sentence} {_ADVICE[status]}" if status in _ADVICE else sentence
    way_out = None if status == 401 else {"url": "/", "text": "Back to home"}
    title = _TITLES.get(status, "That did not work")
    try:
        return render(request, "error.html", title, status, code=status, text=said, way_out=way_out)
    except Exception:  # noqa: BLE001 - an error must be told even if the page for it cannot be made
        _log.exception("the page of an error could not be made")
        return PlainTextResponse(f"{status}: {said}", status)
