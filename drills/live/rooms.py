"""All drills of a server: made, waiting in their lobby, running, done; and who is in which."""

import asyncio
import contextlib
import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property

import msgspec
from pydantic import ValidationError

from drills.guidance.visibility import Frame, Frames
from drills.live.drill import LiveDrill
from drills.planning.setup import EVALUATOR, FACILITATOR, Setup, SetupError, plan_of
from drills.records.store import DrillRow, Store, StoreError
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.signals import SignalHistory
from simulator.state import FOLLOW_UP

__all__ = ["Room", "Rooms"]

ALIVE_EVERY = 2.0
"""Seconds between two notes that the server runs."""
SELDOM = 30
"""So many times less often that is noted for drills in their follow-up, which takes days."""
REVEALED = "revealed"
"""The note that the talk has shown what happened."""
_log = logging.getLogger("drillroom.drills")


class Room:
    """A drill with those who are connected to it."""

    def __init__(
        self, row: DrillRow, setup: Setup, plan: DrillPlan | None, recall: Callable[[], LiveDrill] | None = None
    ) -> None:
        self.id = row.id
        self.kind = row.kind
        self.made = row.made
        self.setup = setup
        self.plan = plan
        """What it starts from, made once; nothing where the plan can no longer be made or read."""
        self.starting = asyncio.Lock()
        self.revealed = False
        """Whether the talk has shown what happened, so that nobody guesses any more."""
        self._live: LiveDrill | None = None
        self._recall = recall
        """Reads a drill that is closed, when somebody asks for it."""
        self.frames: list[Frame] = []
        self.history: SignalHistory | None = None
        """The course of the signals so far."""
        self._making: Frames | None = None
        self.here: Counter[str] = Counter()
        """How many streams each member, or staff id, has open."""
        self.watchers: list[Callable[[list[Frame]], None]] = []
        """Are told of the frames of new events."""
        self.callers: list[Callable[[str, bytes], None]] = []
        """Are told of everything else, by kind."""

    @property
    def live(self) -> LiveDrill | None:
        """The drill, once it has begun. Raises StoreError if one that is closed cannot be read."""
        if self._live is None and self._recall is not None:
            self.begin(self._recall())
        return self._live

    @property
    def running(self) -> LiveDrill | None:
        """The drill, if it runs: what is closed is not read for that."""
        return self._live if self._live is not None and not self._live.finished else None

    def begin(self, live: LiveDrill) -> None:
        """The drill runs."""
        self._making = Frames(live.plan)
        self.frames = [self._making.frame(event) for event in live.events]
        self.history = SignalHistory(live.plan, live.events)
        live.listeners.append(self._told)
        self._live = live
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

    def call(self, kind: str, data: object) -> None:
        """Tell every browser something that is no event."""
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        for caller in list(self.callers):
            caller(kind, body)

    @property
    def phase(self) -> str:
        """Where the drill stands: in the lobby, in a phase, or closed."""
        if self._live is None:
            return "lobby" if self._recall is None else "closed"
        return "closed" if self._live.finished else self._live.state.phase

    @cached_property
    def names(self) -> dict[str, str]:
        """What each id is called. Who plays is settled when a drill is made."""
        return {person.id: person.name for person in self.setup.people} | {
            FACILITATOR: "The facilitator",
            EVALUATOR: "The evaluator",
        }


class Rooms:
    """Every drill that a server knows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rooms: dict[str, Room] = {}
        self._notes = 0

    # -- finding -------------------------------------------------------------------------------------------------------

    def __getitem__(self, drill: str) -> Room:
        return self._rooms[drill]

    def get(self, drill: str) -> Room | None:
        """The room of a drill, if there is one."""
        return self._rooms.get(drill)

    def all(self) -> list[Room]:
        """All rooms, the newest first."""
        return sorted(self._rooms.values(), key=lambda room: room.made, reverse=True)

    # -- beginning of the server and its end ---------------------------------------------------------------------------

    async def resume(self) -> int:
        """Take up every drill where it stood; how many run. One that cannot be read keeps no other from going on."""
        for row in self.store.drills():
            try:
                await self._take_up(row)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this drill's alone
                said = {"drill": row.id, "why": type(error).__name__}
                _log.exception("drill not taken up", extra={"fields": said})
        return len(self.running)

    async def _take_up(self, row: DrillRow) -> None:
        setup = msgspec.json.decode(row.setup, type=Setup)
        if row.state == "closed":
            room = Room(row, setup, None, lambda: self._recalled(row, room))
        elif row.state == "running":
            plan = DrillPlan.model_validate_json(row.plan or "")
            room = Room(row, setup, plan)
            room.begin(await LiveDrill.resume(self.store, plan, room.names, _alive(row.alive), room.setup.pace))
        else:
            room = Room(row, setup, await asyncio.to_thread(_planned, row, setup))
        room.revealed = REVEALED in self.store.notes(row.id, "screen")
        self._rooms[row.id] = room

    async def reveal(self, room: Room) -> None:
        """From now on the whole log is for everybody to see. Raises StoreError."""
        await asyncio.wrap_future(self.store.put_note(room.id, "screen", REVEALED, "yes"))
        room.revealed = True

    def _recalled(self, row: DrillRow, room: Room) -> LiveDrill:
        try:
            plan = DrillPlan.model_validate_json(row.plan or "")
        except ValidationError:
            raise StoreError(f"{row.id} was written by another version, and this one cannot read it") from None
        return LiveDrill.recall(self.store, plan, room.names, room.setup.pace)

    @property
    def running(self) -> list[LiveDrill]:
        """Every drill that runs."""
        return [live for room in self._rooms.values() if (live := room.running) is not None]

    def note_alive(self, *, all_of_them: bool = False) -> None:
        """Note for running drills how far they have come, for the case that the server is killed."""
        self._notes += 1
        seldom = all_of_them or self._notes % SELDOM == 0
        often = [live for live in self.running if seldom or live.state.phase != FOLLOW_UP]
        noted = [(live.id, alive) for live in often if not live.state.halted and (alive := live.alive) is not None]
        if noted:
            self.store.note_alive(noted)

    async def close(self) -> None:
        """Stop driving; everything can be resumed."""
        for live in self.running:
            await live.close()
        self.note_alive(all_of_them=True)

    # -- making and starting -------------------------------------------------------------------------------------------

    async def make(self, setup: Setup) -> Room:
        """Make a drill that waits in its lobby. Raises SetupError, or StoreError."""
        drill = f"{setup.kind}-{secrets.token_hex(4)}"  # people see it: it must not say which scenario it is
        now = datetime.now(UTC)
        plan = await asyncio.to_thread(plan_of, setup, drill, now)
        asked = msgspec.json.encode(setup).decode()
        row = DrillRow(drill, setup.kind, "lobby", now.isoformat(), asked, _written(plan), None)
        await asyncio.wrap_future(self.store.add_drill(row))
        room = self._rooms[drill] = Room(row, setup, plan)
        return room

    async def start(self, room: Room) -> LiveDrill:
        """Begin a drill now; one that runs already goes on. Raises SetupError, or StoreError."""
        async with room.starting:
            if room.live is not None:
                return room.live
            if room.plan is None:
                room.plan = await asyncio.to_thread(plan_of, room.setup, room.id, datetime.now(UTC))
            plan = room.plan = room.plan.model_copy(update={"start": datetime.now(UTC)})
            live = await LiveDrill.start(self.store, plan, room.names, room.setup.pace)
            room.begin(live)
            room.call("started", {})
        return live

    async def forget(self, room: Room) -> None:
        """Forget a drill and all that is kept of it. Raises StoreError."""
        if room.running is not None:
            await room.running.close()
        self._rooms.pop(room.id, None)
        await asyncio.wrap_future(self.store.forget(room.id))


def _written(plan: DrillPlan) -> str:
    return plan.model_dump_json(by_alias=True, exclude_none=True)


def _planned(row: DrillRow, setup: Setup) -> DrillPlan | None:
    """The plan of a drill that waits; nothing if its scenario has gone meanwhile."""
    try:
        return (
            DrillPlan.model_validate_json(row.plan)
            if row.plan is not None
            else plan_of(setup, row.id, datetime.fromisoformat(row.made))
        )
    except (ValidationError, SetupError):
        return None


def _alive(noted: str | None) -> tuple[int, datetime] | None:
    if noted is None:
        return None
    at, _, instant = noted.partition(",")
    with contextlib.suppress(ValueError):
        return int(at), datetime.fromisoformat(instant)
    return None
