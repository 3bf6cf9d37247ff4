"""A drill with the people connected to it, and what lists need to know about one."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property

import msgspec

from drills.guidance.visibility import Frame, Frames, frames_of
from drills.live.drill import LiveDrill
from drills.live.past import Drill, PastDrill
from drills.planning.setup import EVALUATOR, FACILITATOR, Setup
from drills.records.store import DrillRow, StoreError
from simulator.events import Event
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.signals import SignalHistory
from simulator.state import RESPOND

__all__ = ["Outline", "Room", "asked_for"]


class Outline:
    """What is kept for a drill besides its plan and its log: all that lists need."""

    def __init__(self, row: DrillRow, setup: Setup) -> None:
        self.id = row.id
        self.kind = row.kind
        self.made = row.made
        self.setup = setup
        self.screen = row.screen
        """Where the talk is."""
        self.revealed = row.revealed
        """Whether the talk has shown what happened, so that nobody can guess any more."""
        self._phase = (row.phase or RESPOND) if row.state == "running" else row.state

    @property
    def phase(self) -> str:
        """Where the drill stands: in the lobby, in a phase, or closed."""
        return self._phase

    @property
    def state(self) -> str:
        """Where the drill stands, as the database has it: `lobby`, `running` or `closed`."""
        return self.phase if self.phase in ("lobby", "closed") else "running"

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each id. Who plays is settled when a drill is made."""
        return {person.id: person.name for person in self.setup.people} | {
            FACILITATOR: "The facilitator",
            EVALUATOR: "The evaluator",
        }


class Room(Outline):
    """A drill with the people connected to it."""

    def __init__(self, row: DrillRow, setup: Setup, plan: DrillPlan | None) -> None:
        super().__init__(row, setup)
        self.plan = plan
        """What it starts from, made once; None if the plan can no longer be made or read."""
        self.starting = asyncio.Lock()
        self.live: Drill | None = None
        """The drill, once it has begun."""
        self.frames: list[Frame] = []
        self.history: SignalHistory | None = None
        """The course of the signals so far."""
        self._making: Frames | None = None
        self.here: Counter[str] = Counter()
        """How many streams each member, or staff id, has open."""
        self.watchers: list[Callable[[list[Frame]], None]] = []
        """Called with the frames of new events."""
        self.callers: list[Callable[[str, bytes], None]] = []
        """Called with everything else, by kind."""
        self.watching: dict[tuple[str, str], str] | None = None
        """The names of those who ran, rated or watched it, by id and seat; None until they were read."""

    @classmethod
    def closed(cls, row: DrillRow, log: DrillLog | None) -> "Room":
        """The room of a drill that is over, from what is stored. Raises StoreError if that cannot be read."""
        if log is None:
            raise StoreError(f"{row.id} was written by another version, and this one cannot read it")
        room = cls(row, asked_for(row), log.plan)
        room.live = PastDrill(log, room.setup.pace)
        room.frames = frames_of(log.plan, log.events)
        room.history = SignalHistory(log.plan, log.events)
        return room

    @property
    def running(self) -> LiveDrill | None:
        """The drill, if anything can still happen in it."""
        return self.live if isinstance(self.live, LiveDrill) and not self.live.finished else None

    def begin(self, live: LiveDrill) -> None:
        """The drill runs."""
        self._making = Frames(live.plan)
        self.frames = [self._making.frame(event) for event in live.events]
        self.history = SignalHistory(live.plan, live.events)
        live.listeners.append(self._told)
        self.live = live
        self.plan = live.plan

    def _told(self, events: Sequence[Event]) -> None:
        making, history = self._making, self.history
        if making is None or history is None:
            return
        for event in events:
            history.add(event)
        fresh = [making.frame(event) for event in events]
        self.frames += fresh
        for watch in list(self.watchers):
            watch(fresh)

    @property
    def staff(self) -> list[dict[str, str]]:
        """Who runs, rates or watches it, as everybody in it may read; those who run it come first."""
        order = {"facilitator": 0, "evaluator": 1, "observer": 2}
        found = sorted((order.get(seat, 3), name, seat) for (_, seat), name in (self.watching or {}).items())
        return [{"seat": seat, "name": name} for _, name, seat in found]

    def called(self, role: str, member: str | None) -> str:
        """What somebody who looks at it is called: those who run, rate or watch it by name, if only one does."""
        if member in self.names:
            return self.names[member]
        alone = [one["name"] for one in self.staff if one["seat"] == role]
        return alone[0] if len(alone) == 1 else self.names.get(role, role.capitalize())

    def call(self, kind: str, data: object) -> None:
        """Tell every browser something that is not an event."""
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        for caller in list(self.callers):
            caller(kind, body)

    @property
    def phase(self) -> str:
        """Where the drill stands: in the lobby, in a phase, or closed."""
        if self.live is None:
            return "lobby"
        return "closed" if self.live.finished else self.live.state.phase


def asked_for(row: DrillRow) -> Setup:
    """What was asked for when a drill was made. Raises StoreError."""
    try:
        return msgspec.json.decode(row.setup, type=Setup)
    except ValueError:
        raise StoreError(f"{row.id} was written by another version, and this one cannot read it") from None
