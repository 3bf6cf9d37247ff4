"""Server-sent events: each event is framed once and sent as the same bytes to all who may see it.

A browser that falls too far behind is cut off; it comes back with the last number it has, and gets what it missed.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable

from starlette.types import Receive, Send

from drills.rooms import FACILITATOR, Room
from drills.seen import Frame, Viewer, sees, visible

__all__ = ["Stream", "serve_stream", "sse"]

MOST_WAITING = 2_000
"""So many frames wait for one browser before it is cut off."""
HEARTBEAT = b": \n\n"
"""A line that says nothing, sent now and then so that nobody in between hangs up."""


def sse(data: bytes, kind: str = "", seq: int | None = None) -> bytes:
    """A frame of a stream."""
    head = (b"id: %d\n" % seq if seq is not None else b"") + (b"event: %s\n" % kind.encode() if kind else b"")
    return head + b"data: " + data + b"\n\n"


class Stream:
    """One browser's stream."""

    def __init__(self, room: Room, viewer: Viewer) -> None:
        self.room = room
        self.viewer = viewer
        self._waiting: deque[bytes] = deque()
        self._ready = asyncio.Event()
        self.cut = False
        """Whether it fell too far behind."""

    @property
    def who(self) -> str:
        """Whose browser it is."""
        return self.viewer.member or FACILITATOR

    def end(self) -> None:
        """Send nothing more: the browser has gone, or is to come anew."""
        self.cut = True
        self._ready.set()

    def give(self, frame: bytes) -> None:
        """Have something sent."""
        if len(self._waiting) >= MOST_WAITING:
            self.cut = True
        else:
            self._waiting.append(frame)
        self._ready.set()

    async def next(self) -> bytes:
        """All that waits, once something does."""
        await self._ready.wait()
        self._ready.clear()
        found = b"".join(self._waiting)
        self._waiting.clear()
        return found


class Hub:
    """The streams of one room, told together."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._streams: set[Stream] = set()
        room.watchers.append(self._watch)
        room.callers.append(self._call)

    def __len__(self) -> int:
        return len(self._streams)

    def add(self, stream: Stream) -> None:
        """A browser has come."""
        self._streams.add(stream)
        self._room.here[stream.who] += 1
        self._people()

    def remove(self, stream: Stream) -> None:
        """A browser has gone."""
        self._streams.discard(stream)
        self._room.here[stream.who] -= 1
        self._room.here += type(self._room.here)()  # forgets those who are at nothing
        self._people()

    def close(self) -> None:
        """Send everybody away; they come back by themselves."""
        for stream in self._streams:
            stream.end()

    def beat(self) -> None:
        """Let everybody know that the stream is alive."""
        for stream in self._streams:
            stream.give(HEARTBEAT)

    def give(self, make: Callable[[Stream], bytes | None]) -> None:
        """Send each browser what is made for it."""
        for stream in self._streams:
            frame = make(stream)
            if frame is not None:
                stream.give(frame)

    def _people(self) -> None:
        self._call("people", json.dumps({"here": sorted(self._room.here)}).encode())

    def _watch(self, frames: list[Frame]) -> None:
        live = self._room.live
        if live is None:
            return
        for frame in frames:
            made: dict[bytes, bytes] = {}
            for stream in self._streams:
                data = sees(stream.viewer, live.state, frame)
                if data is not None:
                    if data not in made:
                        made[data] = sse(data, seq=frame.seq)
                    stream.give(made[data])

    def _call(self, kind: str, body: bytes) -> None:
        frame = sse(body, kind)
        for stream in self._streams:
            stream.give(frame)


async def serve_stream(stream: Stream, hub: Hub, after: int, first: bytes, receive: Receive, send: Send) -> None:
    """Send a browser what it has missed behind `after`, then what happens, until it goes or is cut off."""
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"x-accel-buffering", b"no"),
    ]
    live = stream.room.live
    missed = b"" if live is None else _missed(stream, after)
    hub.add(stream)
    gone = asyncio.create_task(_until_gone(receive))
    gone.add_done_callback(lambda _: stream.end())
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 1000\n\n" + missed + first, "more_body": True})
        while not stream.cut:
            await send({"type": "http.response.body", "body": await stream.next(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        hub.remove(stream)


def _missed(stream: Stream, after: int) -> bytes:
    """Events behind a place, each with its number."""
    live = stream.room.live
    if live is None:
        return b""
    found = []
    for frame in stream.room.frames[after + 1 :]:
        data = sees(stream.viewer, live.state, frame)
        if data is not None:
            found.append(sse(data, seq=frame.seq))
    return b"".join(found)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def page_of_events(room: Room, viewer: Viewer, after: int) -> bytes:
    """The events behind a place that a viewer may see, as JSON."""
    live = room.live
    found = [] if live is None else visible(viewer, live.state, room.frames, after)
    return b'{"events":[' + b",".join(found) + b'],"seq":%d}' % (len(room.frames) - 1)
