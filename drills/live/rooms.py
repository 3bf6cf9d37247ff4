"""The drills that are open: made, waiting in their lobby, running; and who is in which.

One that is closed is read when somebody asks, without its engine and its players; only a few of them stay in memory.
"""

import asyncio
import json
import logging
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from pydantic import ValidationError

from drills.guidance.visibility import Frame, Frames, frames_of
from drills.live.drill import LiveDrill
from drills.live.past import Drill, PastDrill
from drills.planning.setup import EVALUATOR, FACILITATOR, Setup, SetupError, plan_of
from drills.records.people import Named, identify, refused
from drills.records.store import DrillRow, Store, StoreError
from simulator.events import Event
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.signals import SignalHistory
from simulator.state import FOLLOW_UP

__all__ = ["Outline", "Room", "Rooms"]

ALIVE_EVERY = 2.0
"""Seconds between two notes that the server runs."""
SELDOM = 30
"""So many times less often that is noted for drills in their follow-up, which takes days."""
MOST_CLOSED = 16
"""So many closed drills stay in memory, besides those that somebody looks at."""
_log = logging.getLogger("drillroom.drills")


class Outline:
    """What is kept of a drill besides its plan and its log: all that lists need."""

    def __init__(self, row: DrillRow, setup: Setup) -> None:
        self.id = row.id
        self.kind = row.kind
        self._kept = row.state
        self.made = row.made
        self.setup = setup
        self.screen = row.screen
        """Where the talk is."""
        self.revealed = row.revealed
        """Whether the talk has shown what happened, so that nobody guesses any more."""

    @property
    def phase(self) -> str:
        """Where the drill stands: in the lobby, running, or closed; of a room, in which phase."""
        return self._kept

    @property
    def state(self) -> str:
        """Where the drill stands, as the database has it: `lobby`, `running` or `closed`."""
        return self.phase if self.phase in ("lobby", "closed") else "running"

    @cached_property
    def names(self) -> dict[str, str]:
        """What each id is called. Who plays is settled when a drill is made."""
        return {person.id: person.name for person in self.setup.people} | {
            FACILITATOR: "The facilitator",
            EVALUATOR: "The evaluator",
        }


class Room(Outline):
    """A drill with those who are connected to it."""

    def __init__(self, row: DrillRow, setup: Setup, plan: DrillPlan | None) -> None:
        super().__init__(row, setup)
        self.plan = plan
        """What it starts from, made once; nothing where the plan can no longer be made or read."""
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
        """Are told of the frames of new events."""
        self.callers: list[Callable[[str, bytes], None]] = []
        """Are told of everything else, by kind."""
        self.watching: dict[tuple[str, str], str] | None = None
        """The names of those who ran, rated or watched it, by id and seat; nothing before that was read."""

    @classmethod
    def closed(cls, row: DrillRow, log: DrillLog | None) -> "Room":
        """The room of a drill that is over, from what is stored. Raises StoreError if that cannot be read."""
        if log is None:
            raise StoreError(f"{row.id} was written by another version, and this one cannot read it")
        room = cls(row, _setup(row), log.plan)
        room.live = PastDrill(log, room.setup.pace)
        room.frames = frames_of(log.plan, log.events)
        room.history = SignalHistory(log.plan, log.events)
        return room

    @property
    def running(self) -> LiveDrill | None:
        """The drill, if something can still happen in it."""
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
        """Who runs, rates or watches it, as everybody in it may read: those who run it first."""
        order = {"facilitator": 0, "evaluator": 1, "observer": 2}
        found = sorted((order.get(seat, 3), name, seat) for (_, seat), name in (self.watching or {}).items())
        return [{"seat": seat, "name": name} for _, name, seat in found]

    def call(self, kind: str, data: object) -> None:
        """Tell every browser something that is no event."""
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        for caller in list(self.callers):
            caller(kind, body)

    @property
    def phase(self) -> str:
        """Where the drill stands: in the lobby, in a phase, or closed."""
        if self.live is None:
            return "lobby"
        return "closed" if self.live.finished else self.live.state.phase


class Rooms:
    """The open drills of a server; and a few that are closed, which somebody looked at lately."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rooms: dict[str, Room] = {}
        self._closed: OrderedDict[str, asyncio.Task[Room | None]] = OrderedDict()
        self._notes = 0
        self.leaving: list[Callable[[Room], None]] = []
        """Are told of a room that is kept in memory no longer."""

    # -- finding -------------------------------------------------------------------------------------------------------

    def __getitem__(self, drill: str) -> Room:
        return self._rooms[drill]

    def get(self, drill: str) -> Room | None:
        """The room of an open drill, if there is one."""
        return self._rooms.get(drill)

    def all(self) -> list[Room]:
        """The rooms of all open drills, the newest first."""
        return sorted(self._rooms.values(), key=lambda room: room.made, reverse=True)

    async def find(self, drill: str) -> Room | None:
        """The room of a drill, open or closed, if there is one. Raises StoreError."""
        room = self._rooms.get(drill)
        if room is not None:
            return room
        reading = self._closed.get(drill)
        if reading is None:
            reading = self._closed[drill] = asyncio.create_task(self._read(drill))
        self._closed.move_to_end(drill)
        try:
            found = await asyncio.shield(reading)  # who asked first may hang up; the others still wait
        except StoreError:
            self._closed.pop(drill, None)
            raise
        if found is None:
            self._closed.pop(drill, None)
        self._let_go_of_closed()
        return found

    async def _read(self, drill: str) -> Room | None:
        row = await self.store.drill(drill)
        if row is None or row.state != "closed":
            return None
        return await asyncio.to_thread(Room.closed, row, await self.store.log(drill))

    def _let_go_of_closed(self) -> None:
        """Keep no more closed drills in memory than are looked at, and a few."""
        for drill in list(self._closed):
            if len(self._closed) <= MOST_CLOSED:
                return
            room = self._read_of(drill)
            if room is not None and not +room.here:
                del self._closed[drill]
                self._left(room)

    def _read_of(self, drill: str) -> Room | None:
        """The room of a closed drill that was read, if it is in memory."""
        reading = self._closed.get(drill)
        if reading is None or not reading.done() or reading.cancelled() or reading.exception() is not None:
            return None
        return reading.result()

    def watched(self, drill: str) -> bool:
        """Whether somebody looks at a drill."""
        room = self._rooms.get(drill) or self._read_of(drill)
        return room is not None and bool(+room.here)

    def let_go(self) -> None:
        """Drills that have come to their end are open no more, once nobody looks at them."""
        for room in list(self._rooms.values()):
            if room.live is not None and room.live.finished and not +room.here:
                del self._rooms[room.id]
                self._left(room)

    def _left(self, room: Room) -> None:
        for tell in self.leaving:
            tell(room)

    # -- beginning of the server and its end ---------------------------------------------------------------------------

    async def resume(self) -> int:
        """Take up every drill where it stood; how many run. One that cannot be read keeps no other from going on."""
        for row in await self.store.drills("lobby", "running"):
            try:
                await self._take_up(row)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this drill's alone
                said = {"drill": row.id, "why": str(error) if isinstance(error, StoreError) else type(error).__name__}
                _log.exception("drill not taken up", extra={"fields": said})
        return len(self.running)

    async def _take_up(self, row: DrillRow) -> None:
        setup = _setup(row)
        if row.state == "running":
            log = await self.store.log(row.id)
            if log is None:
                raise StoreError(f"nothing that this version can read is stored of {row.id}")
            room = Room(row, setup, log.plan)
            room.begin(await LiveDrill.resume(self.store, log, room.names, _alive(row), room.setup.pace))
        else:
            room = Room(row, setup, await asyncio.to_thread(_planned, row, setup, await self.store.plan(row.id)))
        self._rooms[row.id] = room

    async def show(self, room: Room, screen: str, held: Iterable[tuple[str, int, bool]] = ()) -> None:
        """Move the talk of a drill. Behind its first screen the whole log is for everybody to see. Raises StoreError.

        `held` says of actions of earlier drills, by drill and event, whether they held.
        """
        revealed = room.revealed or screen != "guess"
        await self.store.show(room.id, screen, revealed, held)
        room.screen, room.revealed = screen, revealed

    @property
    def running(self) -> list[LiveDrill]:
        """Every drill that runs."""
        return [live for room in self._rooms.values() if (live := room.running) is not None]

    def note_alive(self, *, all_of_them: bool = False) -> None:
        """Note for running drills how far they have come, for the case that the server is killed."""
        self._notes += 1
        seldom = all_of_them or self._notes % SELDOM == 0
        often = [live for live in self.running if seldom or live.state.phase != FOLLOW_UP]
        noted = [(live.id, *alive) for live in often if not live.state.halted and (alive := live.alive) is not None]
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
        setup = await self._known(setup)
        plan = await asyncio.to_thread(plan_of, setup, drill, now)
        asked = msgspec.json.encode(setup).decode()
        row = DrillRow(drill, setup.kind, "lobby", now.isoformat(), asked)
        await self.store.add_drill(row, _written(plan))
        room = self._rooms[drill] = Room(row, setup, plan)
        return room

    async def _known(self, setup: Setup) -> Setup:
        """The setup with the ids by which we know those who play. Raises SetupError, or StoreError.

        What is practised or rehearsed is kept for hours only, and makes nobody known.
        """
        playing = [one for one in setup.people if not one.simulated]
        if setup.kind != "drill" or not playing:
            return setup
        named = [Named(one.name, one.email) for one in playing]

        def work(connection: sa.Connection) -> str | list[str]:
            return refused(connection, named) or identify(connection, setup.team, named)

        found = await self.store.submit(work)
        if isinstance(found, str):
            raise SetupError({"people": found})
        ids = {one.id: who for one, who in zip(playing, found, strict=True)}
        people = [replace(one, id=ids.get(one.id, one.id)) for one in setup.people]
        return replace(setup, people=people, first_responder=ids.get(setup.first_responder, setup.first_responder))

    async def start(self, room: Room) -> Drill:
        """Begin a drill now; one that has begun already goes on. Raises SetupError, or StoreError."""
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

    async def read_again(self, drills: Iterable[str]) -> None:
        """Texts or names of drills that do not run were erased: keep nothing of them in memory. Raises StoreError."""
        for drill in drills:
            read = self._read_of(drill)
            self._closed.pop(drill, None)
            room = self._rooms.get(drill)
            if room is not None and room.running is None:
                del self._rooms[drill]
                row = await self.store.drill(drill)
                if row is not None and row.state != "closed":
                    await self._take_up(row)
            for gone in (read, room):
                if gone is not None:
                    self._left(gone)

    async def forget(self, drill: str) -> None:
        """Forget a drill and all that is kept of it. Raises StoreError."""
        room = self._rooms.pop(drill, None) or self._read_of(drill)
        self._closed.pop(drill, None)
        if room is not None:
            if room.running is not None:
                await room.running.close()
            self._left(room)
        await self.store.forget(drill)


def _setup(row: DrillRow) -> Setup:
    """What was asked for when a drill was made. Raises StoreError."""
    try:
        return msgspec.json.decode(row.setup, type=Setup)
    except ValueError:
        raise StoreError(f"{row.id} was written by another version, and this one cannot read it") from None


def _written(plan: DrillPlan) -> str:
    return plan.model_dump_json(by_alias=True, exclude_none=True)


def _planned(row: DrillRow, setup: Setup, stored: str | None) -> DrillPlan | None:
    """The plan of a drill that waits; nothing if its scenario has gone meanwhile."""
    try:
        return (
            DrillPlan.model_validate_json(stored)
            if stored is not None
            else plan_of(setup, row.id, datetime.fromisoformat(row.made))
        )
    except (ValidationError, SetupError):
        return None


def _alive(row: DrillRow) -> tuple[int, datetime] | None:
    """How far a drill had come when that was noted last; nothing where that cannot be read."""
    if row.alive_at is None or row.alive_wall is None:
        return None
    try:
        return row.alive_at, datetime.fromisoformat(row.alive_wall)
    except ValueError:
        return None
