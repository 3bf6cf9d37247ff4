"""Server-sent events: each event is framed once and sent as the same bytes to all who may see it.

The log is the only buffer. A stream knows how much of the log it has been sent; those that keep up are told together, a
few at a time, so that other work gets its turn in between. A browser that does not read holds nobody up: its stream
stays where it is, goes on from there when it reads again, and is ended if it does not. It reconnects with the number
of the last event that it has, and gets what it missed.
"""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, NamedTuple

from starlette.types import Message, Receive, Send

from drills.guidance.visibility import Frame, Viewer, knows, sees, visible
from drills.live.rooms import Room
from drills.planning.setup import FACILITATOR
from drills.web.wire import Wire, chunk

__all__ = ["HEADERS", "Hub", "Stream", "page_of_events", "serve_stream", "sse"]

PATIENCE = 15.0
"""Seconds for which a browser may not read before its stream is ended."""
AT_A_TIME = 200
"""How many streams are written to before other work gets its turn."""
PIECE = 32 * 1024
"""A browser that has missed much gets it in pieces of about so many bytes."""
MOST_CALLS = 16
"""How many calls (not events) are kept for a browser that does not read; older ones are dropped."""
SOON, SOON_EACH = 0.2, 0.004
"""Seconds in which comings and goings are sent as one: a base, and a little more for each receiver."""
HEARTBEAT = b": \n\n"
"""An empty line, sent now and then so that no proxy in between hangs up."""
RETRY = b"retry: 1000\n\n"
"""Milliseconds after which a browser reconnects."""
HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]

Headers = list[tuple[bytes, bytes]]
_GATHERED = frozenset({"lobby", "people"})
"""Kinds of calls that only say that something changed; several are sent as one."""
_LAST = frozenset({"started"})
"""Kinds of calls after which everybody reconnects, since who may see what has changed."""
_log = logging.getLogger("drillroom.streams")


def sse(data: bytes, kind: str = "", seq: int | None = None) -> bytes:
    """A frame of a stream."""
    head = (b"id: %d\n" % seq if seq is not None else b"") + (b"event: %s\n" % kind.encode() if kind else b"")
    return head + b"data: " + data + b"\n\n"


class _Told(NamedTuple):
    """Something to send, in the form for ASGI and in the form for the wire."""

    message: Message
    chunk: bytes


def _told(body: bytes) -> _Told:
    message = {"type": "http.response.body", "body": body, "more_body": True}
    return _Told(message, chunk(body))


_END: Message = {"type": "http.response.body", "body": b"", "more_body": False}


# -- one browser -------------------------------------------------------------------------------------------------------


class Stream:
    """One browser's stream."""

    __slots__ = ("_calls", "_follower", "_send", "_server", "_wire", "busy", "cut", "lobby", "place", "room", "session",
                 "since", "viewer")  # fmt: skip

    def __init__(self, room: Room, viewer: Viewer, session: str = "") -> None:
        self.room = room
        self.viewer = viewer
        self.session = session
        """The key of the session that opened it."""
        self.lobby = room.live is None
        """Whether it was opened before the drill began; then it gets no events."""
        self.place = 0
        """How much of the log it has been sent, or may not see."""
        self.busy = True
        """Whether it cannot be sent to together with the others: it has not caught up, or does not read."""
        self.since = 0.0
        """Since when it waits for the browser to read, by the loop's clock."""
        self.cut = False
        """Whether nothing more will be sent."""
        self._send: Send
        self._wire: Wire | None = None
        """The connection, if what is for many may be written to it as it is."""
        self._server: asyncio.Task[Any] | None = None
        """Serves the request, and ends when the browser goes."""
        self._follower: asyncio.Task[None] | None = None
        """Waits for a browser that does not read."""
        self._calls: deque[bytes] | None = None
        """Calls that wait until it has caught up."""

    @property
    def who(self) -> str:
        """The viewer."""
        return self.viewer.member or FACILITATOR

    def begin(self, send: Send, after: int, wire: Wire | None = None) -> None:
        """Send through this, from after a place in the log; what goes to many, through the wire, if there is one."""
        self._send = send
        self._wire = wire
        self._server = asyncio.current_task()
        self.place = min(after + 1, len(self.room.frames))

    def end(self) -> None:
        """Send nothing more: the browser has gone, or must reconnect."""
        if self.cut:
            return
        self.cut = True
        if not self.busy:
            self._step(_END)
        elif self._wire is not None:
            self._wire.cut()
        else:
            for task in (self._follower, self._server):
                if task is not None:
                    task.cancel()

    def later(self, call: bytes) -> None:
        """Have a call sent once it has caught up."""
        if self._calls is None:
            self._calls = deque(maxlen=MOST_CALLS)
        self._calls.append(call)

    def tell(self, told: _Told) -> None:
        """Send something now, or as soon as the browser reads."""
        if self._wire is None or not self._wire.write(told.chunk):
            self._step(told.message)

    def _step(self, message: Message) -> None:
        """Send through the server, which finishes at once unless the connection is full.

        Up to that point it is run by hand: a task for each message of each browser costs more than the message.
        """
        sending = self._send(message).__await__()
        try:
            held = next(sending)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - whatever happened to the connection, nothing can be sent
            self.cut = True
            return
        loop = asyncio.get_running_loop()
        self.busy, self.since = True, loop.time()
        self._follower = loop.create_task(self._follow(_Rest(sending, held)))

    async def _follow(self, rest: "_Rest") -> None:
        with contextlib.suppress(Exception):  # the connection is gone, and the server notices that itself
            await rest
            await self.catch_up()
        self._follower = None

    async def catch_up(self) -> None:
        """Send what the log holds and what else waits, until it can be sent to together with the others."""
        loop = asyncio.get_running_loop()
        while not self.cut:
            calls, self._calls = self._calls, None
            body = self._piece() + b"".join(calls or ())
            if body:
                self.since = loop.time()
                await self._send({"type": "http.response.body", "body": body, "more_body": True})
                await asyncio.sleep(0)
            elif self.lobby or self.place >= len(self.room.frames):
                self.busy = False
                return

    def _piece(self) -> bytes:
        """The next piece of the log."""
        live = self.room.live
        if live is None or self.lobby:
            return b""
        frames, state, found, size = self.room.frames, live.state, [], 0
        while self.place < len(frames) and size < PIECE:
            frame = frames[self.place]
            self.place += 1
            data = sees(self.viewer, state, frame)
            if data is not None:
                found.append(sse(data, seq=frame.seq))
                size += len(data)
        return b"".join(found)


class _Rest:
    """The rest of a coroutine that was run by hand up to where it had to wait."""

    def __init__(self, sending: Generator[Any, Any, Any], held: Any) -> None:  # noqa: ANN401 - a loop's own future
        self._sending = sending
        self._held = held

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            while True:
                yield self._held
                self._held = next(self._sending)
        except StopIteration:
            return
        finally:
            self._sending.close()


# -- all browsers of a room --------------------------------------------------------------------------------------------


class Hub:
    """The streams of one room, sent to together."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._streams: set[Stream] = set()
        self._calls: list[Callable[[Stream], bytes | None]] = []
        """Calls for the next round."""
        self._round: asyncio.Task[None] | None = None
        self._closing = False
        """Whether everybody is sent away after the next round."""
        self._soon: dict[str, bytes] = {}
        """What is collected, by kind."""
        self._timer: asyncio.TimerHandle | None = None
        self._here = b""
        """Who is here, as last sent."""
        room.watchers.append(self._watch)
        room.callers.append(self._call)

    def __len__(self) -> int:
        return len(self._streams)

    # -- who listens ---------------------------------------------------------------------------------------------------

    def add(self, stream: Stream) -> None:
        """A browser has come."""
        self._streams.add(stream)
        self._room.here[stream.who] += 1
        stream.later(sse(self._people(), "people"))
        self._gather("people", b"")

    def remove(self, stream: Stream) -> None:
        """A browser has gone."""
        self._streams.discard(stream)
        here = self._room.here
        here[stream.who] -= 1
        if here[stream.who] <= 0:
            del here[stream.who]
        self._gather("people", b"")

    @property
    def streams(self) -> list[Stream]:
        """All of them."""
        return list(self._streams)

    def close(self) -> None:
        """Send everybody away; they reconnect by themselves."""
        for stream in list(self._streams):
            stream.end()

    def beat(self) -> None:
        """Send a keep-alive to everybody, and end the streams of browsers that do not read."""
        now = asyncio.get_running_loop().time()
        for stream in list(self._streams):
            if stream.busy and not stream.cut and stream.since and now - stream.since > PATIENCE:
                _log.info(
                    "a browser does not read its stream; it is closed", extra={"fields": {"drill": self._room.id}}
                )
                stream.end()
        self.give(lambda _: HEARTBEAT)

    def _people(self) -> bytes:
        return json.dumps({"here": sorted(self._room.here), "staff": self._room.staff}).encode()

    # -- telling -------------------------------------------------------------------------------------------------------

    def give(self, make: Callable[[Stream], bytes | None]) -> None:
        """Send each browser its own message."""
        if self._streams:
            self._calls.append(make)
            self._begin_round()

    def _watch(self, _: list[Frame]) -> None:
        self._begin_round()

    def _call(self, kind: str, body: bytes) -> None:
        if kind in _GATHERED:
            self._gather(kind, body)
            return
        frame = sse(body, kind)
        self._closing = self._closing or kind in _LAST
        self.give(lambda _: frame)

    def _gather(self, kind: str, body: bytes) -> None:
        """Send soon, once for everything that comes until then."""
        self._soon[kind] = body
        if self._timer is None and self._streams:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(SOON + SOON_EACH * len(self._streams), self._tell_gathered)

    def _tell_gathered(self) -> None:
        self._timer = None
        soon, self._soon = self._soon, {}
        if soon.pop("people", None) is not None:
            people = self._people()
            if people != self._here:
                self._here = soon["people"] = people
        if soon:
            frames = b"".join(sse(body, kind) for kind, body in soon.items())
            self.give(lambda _: frames)

    def _begin_round(self) -> None:
        if self._round is None and self._streams:
            self._round = asyncio.get_running_loop().create_task(self._tell_all())

    async def _tell_all(self) -> None:
        """Send what is new to everybody who keeps up, and go on for as long as more comes."""
        upto = -1
        try:
            while self._streams and (upto < len(self._room.frames) or self._calls):
                calls, self._calls = self._calls, []
                closing, self._closing = self._closing, False
                upto = len(self._room.frames)
                await self._tell_of(_Batch(self._room, upto), calls)
                if closing:
                    self.close()
        finally:
            self._round = None

    async def _tell_of(self, batch: "_Batch", calls: Sequence[Callable[[Stream], bytes | None]]) -> None:
        streams = list(self._streams)
        for first in range(0, len(streams), AT_A_TIME):
            # Everything is prepared before any of it is sent: it is cheaper to write to connections in a row.
            sending = [(stream, self._to_tell(batch, stream, calls)) for stream in streams[first : first + AT_A_TIME]]
            for stream, told in sending:
                if told is not None:
                    stream.tell(told)
            await asyncio.sleep(0)

    def _to_tell(
        self, batch: "_Batch", stream: Stream, calls: Sequence[Callable[[Stream], bytes | None]]
    ) -> _Told | None:
        """What to send to a stream now; if its browser does not read, calls are kept for later."""
        made = [call for make in calls if (call := make(stream)) is not None] if calls else ()
        if stream.cut:
            return None
        if not stream.busy:
            return batch.told(stream, made)
        for call in made:
            stream.later(call)
        return None


class _Batch:
    """What one round sends of the log, made once for all who see the same."""

    def __init__(self, room: Room, upto: int) -> None:
        self._live = room.live
        self._frames = room.frames
        self._upto = upto
        self._made: dict[object, _Told | None] = {}
        self._named: dict[int, frozenset[str]] = {}

    def told(self, stream: Stream, calls: Sequence[bytes]) -> _Told | None:
        """What to send to a stream that keeps up, which then counts as sent; None if there is nothing for it."""
        upto = self._upto
        place = upto if stream.lobby else stream.place
        key = (place, self._audience(stream.viewer, place), stream.viewer.revealed, *calls)
        try:
            told = self._made[key]
        except KeyError:
            body = self._framed(stream.viewer, place) + b"".join(calls)
            told = self._made[key] = _told(body) if body else None
        if stream.place < upto:
            stream.place = upto
        return told

    def _framed(self, viewer: Viewer, place: int) -> bytes:
        if self._live is None:
            return b""
        state = self._live.state
        seen = ((frame.seq, sees(viewer, state, frame)) for frame in self._frames[place : self._upto])
        return b"".join(sse(data, seq=seq) for seq, data in seen if data is not None)

    def _audience(self, viewer: Viewer, place: int) -> object:
        """A key that differs for viewers who see different parts of the log from a place on."""
        if place >= self._upto or self._live is None:
            return None
        if viewer.role != "player":
            return viewer.role
        member = viewer.member or ""
        named = self._named.get(place)
        if named is None:
            named = self._named[place] = frozenset(self._members_in(self._frames[place : self._upto]))
        return member if member in named else knows(member, self._live.state)

    def _members_in(self, frames: Sequence[Frame]) -> Iterable[str]:
        """Members for whom frames hold something that others do not get."""
        for frame in frames:
            yield from frame.members
            if self._live is not None:
                for role in frame.roles:
                    yield from self._live.state.roles[role]
            if frame.own is not None:
                yield frame.own[0]


# -- serving -----------------------------------------------------------------------------------------------------------


async def serve_stream(
    stream: Stream,
    hub: Hub,
    after: int,
    first: bytes,
    receive: Receive,
    send: Send,
    headers: Headers = HEADERS,
    wire: Wire | None = None,
) -> None:
    """Send a browser what it has missed since `after`, then what happens, until it goes or is sent away.

    `wire` is the connection below `send`, if the response goes over it in chunks.
    """
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    stream.begin(send, after, wire)
    stream.later(RETRY + first)
    hub.add(stream)
    try:
        await stream.catch_up()
        while (await receive())["type"] != "http.disconnect":
            pass
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if not stream.cut or task is None or task.uncancel():
            raise  # cancelled by somebody else, not by `end`
    finally:
        stream.cut = True
        hub.remove(stream)


def page_of_events(room: Room, viewer: Viewer, after: int) -> bytes:
    """The events after a place that a viewer may see, as JSON."""
    live = room.live
    found = [] if live is None else visible(viewer, live.state, room.frames, after)
    return b'{"events":[' + b",".join(found) + b'],"seq":%d}' % (len(room.frames) - 1)
