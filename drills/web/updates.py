"""What browsers are told besides events: what time it is in the drill, and what its signals show."""

import asyncio
import json
from collections.abc import Callable

from drills.guidance.visibility import Frame
from drills.live.room import Room
from drills.web.page_data import COURSE_STEP, clock_of, readings, sees_waiting
from drills.web.stream import Hub, Stream, sse
from simulator.customers import WAITING
from simulator.state import RESPOND

__all__ = ["ClockUpdates", "Readings"]

JUMP = 1_000
"""Milliseconds by which drill time must have jumped before browsers are told."""


class ClockUpdates:
    """Tells the browsers of a drill what time it is, whenever its course changes."""

    def __init__(self, room: Room, jumped: Callable[[], None]) -> None:
        self._room = room
        self._jumped = jumped
        """Called when drill time has jumped."""
        self._running: bool | None = None
        self._fault: str | None = None
        self._ahead = 0.0
        """Drill time minus the loop's time, at the drill's pace, as last sent."""

    def watch(self, _: list[Frame]) -> None:
        """Look again after something has happened."""
        self.look()

    def look(self, *, always: bool = False) -> None:
        """Send the time if it has jumped, is paused or runs again."""
        live = self._room.running
        if live is None:
            return
        clock = clock_of(live)
        ahead = clock["at"] - asyncio.get_running_loop().time() * 1000 * live.pace
        jumped = bool(clock["running"]) and abs(ahead - self._ahead) > JUMP * live.pace
        if always or jumped or (clock["running"], clock["fault"]) != (self._running, self._fault):
            self._running, self._fault, self._ahead = clock["running"], clock["fault"], ahead
            self._room.call("clock", clock)
        if jumped:
            self._jumped()


class Readings:
    """Tells the browsers of a drill what its signals show; if drill time jumped, also what they showed in between."""

    def __init__(self, room: Room, hub: Hub) -> None:
        self._room, self._hub = room, hub
        self._told: int | None = None
        """The drill time of the last reading."""

    def tell(self) -> None:
        """Send what is new, to each viewer what they may see."""
        live = self._room.running
        if live is None:
            return
        now = live.at
        since, self._told = now if self._told is None else self._told, now
        if not len(self._hub) or live.state.phase != RESPOND or live.state.halted:
            return
        known = [(at, readings(self._room, at)) for at in (*range(since + COURSE_STEP, now, COURSE_STEP), now)]
        everything = b"".join(_reading(at, values) for at, values in known)
        for_all = b"".join(_reading(at, values, but=WAITING) for at, values in known)
        dark = "dashboard" in live.state.down

        def shown(stream: Stream) -> bytes | None:
            if dark and not (stream.viewer.staff or stream.viewer.revealed):
                return None
            return everything if sees_waiting(live, stream.viewer) else for_all

        self._hub.give(shown)


def _reading(at: int, values: dict[str, float], but: str = "") -> bytes:
    shown = {name: value for name, value in values.items() if name != but}
    return sse(json.dumps({"at": at, "readings": shown}).encode(), "signals")
