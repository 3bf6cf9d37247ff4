"""The drills that are open: made, waiting in their lobby, running; and who is in which.

A closed one is read when somebody asks, without its engine and players; only a few of them stay in memory.
"""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from pydantic import ValidationError

from drills.live.drill import LiveDrill
from drills.live.past import Drill
from drills.live.room import Outline, Room, asked_for
from drills.planning.setup import Setup, SetupError, plan_of
from drills.records.leases import LeaseLostError
from drills.records.people import Named, take_on
from drills.records.store import DrillRow, Store, StoreError
from simulator.plan import DrillPlan
from simulator.state import FOLLOW_UP

__all__ = ["Outline", "Room", "Rooms"]

ALIVE_EVERY = 2.0
"""Seconds between two notes that the server is alive."""
SELDOM = 30
"""How many times less often that is noted for drills in their follow-up, which takes days."""
MOST_CLOSED = 16
"""How many closed drills stay in memory, besides those that somebody looks at."""
SOON, LATE = 1.0, 60.0
"""Seconds after which a drill that could not be taken up is tried again: the first time, and after many times."""
UNREAD = "this drill cannot be taken up; the server's log says why"
ELSEWHERE = "another server has this drill just now; try again in a moment"
_log = logging.getLogger("drillroom.drills")


class _Failed(NamedTuple):
    """A drill that could not be taken up."""

    again: float
    """When to try again, by the loop's clock."""
    waited: float
    """How many seconds that is after the last try."""
    why: str


class Rooms:
    """The open drills of a server, and a few closed ones that somebody looked at recently."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rooms: dict[str, Room] = {}
        self._closed: OrderedDict[str, asyncio.Task[Room | None]] = OrderedDict()
        self._taking: dict[str, asyncio.Task[None]] = {}
        """Drills that are being taken up right now."""
        self._failed: dict[str, _Failed] = {}
        """Drills that could not be taken up."""
        self._notes = 0
        self.leaving: list[Callable[[Room], None]] = []
        """Called with a room that is no longer kept in memory."""

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
        if self.store.holdings is not None and drill not in self._closed:
            row = await self.store.drill(drill)
            if row is not None and row.state != "closed":
                return await self._found_open(drill)
        reading = self._closed.get(drill)
        if reading is None:
            reading = self._closed[drill] = asyncio.create_task(self._read(drill))
        self._closed.move_to_end(drill)
        try:
            found = await asyncio.shield(reading)  # the first who asked may hang up; the others still wait
        except StoreError:
            self._closed.pop(drill, None)
            raise
        if found is None:
            self._closed.pop(drill, None)
        if found is not None and not await self._hold(drill):
            raise StoreError(ELSEWHERE)  # it was lost while it was read
        self._let_go_of_closed()
        return found

    async def _found_open(self, drill: str) -> Room:
        """The room of an open drill, taken up if nobody holds it. Raises StoreError if it cannot be."""
        await self.take_up(drill)
        room, failed = self._rooms.get(drill), self._failed.get(drill)
        if room is None:
            raise StoreError(ELSEWHERE if failed is None else failed.why)
        return room

    async def _read(self, drill: str) -> Room | None:
        row = await self.store.drill(drill)
        if row is None or row.state != "closed":
            return None
        if not await self._hold(drill):
            raise StoreError(ELSEWHERE)
        try:
            row = await self.store.drill(drill)  # read again, now that nobody else can move its talk
            return None if row is None else await asyncio.to_thread(Room.closed, row, await self.store.log(drill))
        except BaseException:
            self._give_back(drill)
            raise

    def _let_go_of_closed(self) -> None:
        """Keep only the closed drills in memory that somebody looks at, and a few more."""
        for drill in list(self._closed):
            if len(self._closed) <= MOST_CLOSED:
                return
            room = self._read_of(drill)
            if room is not None and not +room.here:
                del self._closed[drill]
                self._left(room)

    def _read_of(self, drill: str) -> Room | None:
        """The room of a closed drill, if it is in memory."""
        reading = self._closed.get(drill)
        if reading is None or not reading.done() or reading.cancelled() or reading.exception() is not None:
            return None
        return reading.result()

    def watched(self, drill: str) -> bool:
        """Whether somebody looks at a drill."""
        room = self._rooms.get(drill) or self._read_of(drill)
        return room is not None and bool(+room.here)

    def let_go(self) -> None:
        """Drills that have ended stop being open once nobody looks at them."""
        for room in list(self._rooms.values()):
            if room.live is not None and room.live.finished and not +room.here:
                del self._rooms[room.id]
                self._left(room)

    def _left(self, room: Room) -> None:
        self._give_back(room.id)
        for tell in self.leaving:
            tell(room)

    # -- several servers on one database -------------------------------------------------------------------------------

    def has(self, drill: str) -> bool:
        """Whether a drill is in memory here, or is being taken up right now."""
        return drill in self._rooms or drill in self._closed or drill in self._taking

    async def _hold(self, drill: str) -> bool:
        """Take a drill's lease; whether nobody else has it. Raises StoreError."""
        holdings = self.store.holdings
        return holdings is None or drill in holdings or drill in await holdings.take([drill])

    def _give_back(self, drill: str) -> None:
        holdings = self.store.holdings
        if holdings is not None and drill in holdings:
            holdings.give_back(drill)

    async def take_up(self, drill: str) -> None:
        """Take up an open drill that nobody holds, where it left off. Raises StoreError."""
        if drill in self._rooms:
            return
        if drill not in self._taking:
            self._taking[drill] = asyncio.create_task(self._take(drill))
        await asyncio.shield(self._taking[drill])

    async def _take(self, drill: str) -> None:
        loop = asyncio.get_running_loop()
        failed = self._failed.get(drill, _Failed(0.0, SOON / 2, ""))
        try:
            if loop.time() < failed.again or not await self._hold(drill):
                return
            row = await self.store.drill(drill)
            if row is None or row.state == "closed":
                self._give_back(drill)
                return
            await self._take_up(row)
            self._failed.pop(drill, None)
            _log.info("drill taken up", extra={"fields": {"drill": drill}})
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this drill's alone
            waits = min(2 * failed.waited, LATE)
            why = str(error) if isinstance(error, StoreError) else UNREAD
            self._failed[drill] = _Failed(loop.time() + waits, waits, why)
            self._give_back(drill)
            _not_taken_up(drill, error)
        finally:
            self._taking.pop(drill, None)

    def drop(self, drill: str) -> None:
        """Drop a drill from memory without writing anything: another server may have it."""
        room = self._rooms.pop(drill, None) or self._read_of(drill)
        self._closed.pop(drill, None)
        if self.store.holdings is not None:
            self.store.holdings.drop(drill)
        if room is None:
            return
        if isinstance(room.live, LiveDrill):
            room.live.lose(LeaseLostError(ELSEWHERE))
        self._left(room)

    # -- start and end of the server -----------------------------------------------------------------------------------

    async def resume(self) -> int:
        """Take up every drill where it left off; how many run. One that cannot be read does not hold up the others."""
        for row in await self.store.drills("lobby", "running"):
            try:
                await self._take_up(row)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this drill's alone
                _not_taken_up(row.id, error)
        return len(self.running)

    async def _take_up(self, row: DrillRow) -> None:
        setup = asked_for(row)
        if row.state == "running":
            log = await self.store.log(row.id)
            if log is None:
                raise StoreError(f"nothing that this version can read is stored of {row.id}")
            room = Room(row, setup, log.plan)
            self._begin(room, await LiveDrill.resume(self.store, log, room.names, _alive(row), room.setup.pace))
        else:
            room = Room(row, setup, await asyncio.to_thread(_planned, row, setup, await self.store.plan(row.id)))
        self._rooms[row.id] = room

    def _begin(self, room: Room, live: LiveDrill) -> None:
        """Let a drill run for as long as it is ours. Raises LeaseLostError if it is not."""
        if live.lost:
            raise LeaseLostError(ELSEWHERE)
        room.begin(live)
        live.losing.append(partial(self.drop, room.id))

    async def show(self, room: Room, screen: str) -> None:
        """Move the talk of a drill. After its first screen everybody may see the whole log. Raises StoreError."""
        revealed = room.revealed or screen != "guess"
        await self.store.show(room.id, screen, revealed)
        room.screen, room.revealed = screen, revealed

    @property
    def running(self) -> list[LiveDrill]:
        """Every drill that runs."""
        return [live for room in self._rooms.values() if (live := room.running) is not None]

    def note_alive(self, *, all_of_them: bool = False) -> None:
        """Note how far running drills have come, in case the server is killed."""
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
        drill = f"{setup.kind}-{secrets.token_hex(4)}"  # people see it: it must not reveal the scenario
        now = datetime.now(UTC)
        setup = await self._known(setup)
        plan = await asyncio.to_thread(plan_of, setup, drill, now)
        asked = msgspec.json.encode(setup).decode()
        row = DrillRow(drill, setup.kind, "lobby", now.isoformat(), asked)
        await self._hold(drill)
        await self.store.add_drill(row, plan.to_json(), plan.contents)
        room = self._rooms[drill] = Room(row, setup, plan.without_contents())
        return room

    async def _known(self, setup: Setup) -> Setup:
        """The setup with our ids of the people who play. Raises SetupError, or StoreError.

        Practice and rehearsals are kept for hours only, and add nobody to the people we know.
        """
        playing = [one for one in setup.people if not one.simulated]
        if setup.kind != "drill" or not playing:
            return setup
        named = [Named(one.name, one.email, one.file_id) for one in playing]

        def work(connection: sa.Connection) -> str | tuple[str, list[str]]:
            return take_on(connection, setup.team, setup.team_name, setup.team_title, named)

        found = await self.store.submit(work)
        if isinstance(found, str):
            raise SetupError({"people": found})
        team, known = found
        ids = {one.id: who for one, who in zip(playing, known, strict=True)}
        people = [replace(one, id=ids.get(one.id, one.id), file_id="") for one in setup.people]
        first = ids.get(setup.first_responder, setup.first_responder)
        return replace(setup, people=people, first_responder=first, team=team)

    async def start(self, room: Room) -> Drill:
        """Begin a drill now; one that has begun already goes on. Raises SetupError, or StoreError."""
        async with room.starting:
            if room.live is not None:
                return room.live
            if room.plan is None:
                planned = await asyncio.to_thread(plan_of, room.setup, room.id, datetime.now(UTC))
                await self.store.replace_files(room.id, planned.contents)
                room.plan = planned.without_contents()
            plan = room.plan = room.plan.model_copy(update={"start": datetime.now(UTC)})
            live = await LiveDrill.start(self.store, plan, room.names, room.setup.pace)
            self._begin(room, live)
            room.call("started", {})
        return live

    async def read_again(self, drills: Iterable[str]) -> None:
        """Texts or names in drills that are not running were erased: drop them from memory too. Raises StoreError."""
        for drill in drills:
            read, room = self._read_of(drill), self._rooms.get(drill)
            self._closed.pop(drill, None)
            if read is not None:
                self._left(read)
            if room is not None and room.running is None:
                del self._rooms[drill]
                self._left(room)
                if room.phase != "closed":
                    await self.take_up(drill)

    async def forget(self, drill: str) -> None:
        """Delete a drill and everything kept for it, unless another server has it. Raises StoreError."""
        if not await self._hold(drill):
            return
        room = self._rooms.pop(drill, None) or self._read_of(drill)
        self._closed.pop(drill, None)
        try:
            if room is not None and room.running is not None:
                await room.running.close()
            await self.store.forget(drill)
        finally:
            if room is not None:
                self._left(room)
            self._give_back(drill)


def _not_taken_up(drill: str, error: Exception) -> None:
    said = {"drill": drill, "why": str(error) if isinstance(error, StoreError) else type(error).__name__}
    _log.error("drill not taken up", exc_info=error, extra={"fields": said})


def _planned(row: DrillRow, setup: Setup, stored: str | None) -> DrillPlan | None:
    """The plan of a waiting drill; None if its scenario is gone by now."""
    try:
        return (
            DrillPlan.model_validate_json(stored)
            if stored is not None
            else plan_of(setup, row.id, datetime.fromisoformat(row.made))
        )
    except (ValidationError, SetupError):
        return None


def _alive(row: DrillRow) -> tuple[int, datetime] | None:
    """How far a drill had come when that was last noted; None if that cannot be read."""
    if row.alive_at is None or row.alive_wall is None:
        return None
    try:
        return row.alive_at, datetime.fromisoformat(row.alive_wall)
    except ValueError:
        return None
