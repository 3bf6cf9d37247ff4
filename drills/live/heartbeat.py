"""The heartbeat of a server that shares its database: it holds its drills, and takes up those of a server that died."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import sqlalchemy as sa

from drills.live.rooms import Rooms
from drills.records import leases
from drills.records.future import SILENT
from drills.records.holdings import Holdings
from drills.records.leases import Holder
from drills.records.store import StoreError

__all__ = ["Heartbeat"]

BEATS = 4
"""How many times a lease is renewed before it would run out."""
LOOK_EVERY = 1.0
"""Seconds between two searches for drills that nobody holds."""
SWEEP_EVERY = 60.0
PATIENCE = 3.0
"""Seconds to wait for the answer whether a drill is still here."""
Doing = Callable[[], Awaitable[None]]
_log = logging.getLogger("drillroom.servers")


class Heartbeat:
    """Renews what a server holds, drops what it lost, and knows where everything else is."""

    def __init__(self, rooms: Rooms, holdings: Holdings) -> None:
        self._rooms = rooms
        self._holdings = holdings
        self.routes: Mapping[str, Holder] = {}
        """Who held what when we last looked."""
        self.looked: list[Callable[[], None]] = []
        """Called after each look."""
        self._beating: asyncio.Task[None] | None = None
        self._silent = False

    async def open(self) -> None:
        """Record that the server is alive, and take up the drills that nobody holds. Raises StoreError."""
        await self._holdings.succeed()
        await self.beat()
        await self.look()

    async def run(self, *others: tuple[float, Doing]) -> None:
        """Run until cancelled; `others` is what else is done, every so many seconds."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._every(self._holdings.seconds / BEATS, self.beat))
            tasks.create_task(self._every(min(LOOK_EVERY, self._holdings.seconds / BEATS), self.look))
            for seconds, doing in ((SWEEP_EVERY, self._sweep), *others):
                tasks.create_task(self._every(seconds, doing))

    async def _every(self, seconds: float, doing: Doing) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await doing()
            except StoreError as error:
                if not self._silent:
                    _log.warning("the database does not answer", extra={"fields": {"why": str(error)}})
                self._silent = True
            except Exception:  # noqa: BLE001 - whatever it is, the next one may go well
                _log.exception("the heartbeat went wrong")
            else:
                self._silent = False

    # -- what this server holds ----------------------------------------------------------------------------------------

    async def beat(self) -> None:
        """Renew all leases; what is lost is dropped. Raises StoreError."""
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._renew())
        await asyncio.shield(self._beating)

    async def _renew(self) -> None:
        for name in await self._holdings.renew():
            _log.warning("lost to another server", extra={"fields": {"lease": name}})
            self._rooms.drop(name)

    async def has(self, drill: str) -> bool:
        """Whether a drill is here, and certainly nowhere else. Raises StoreError if the database does not answer."""
        if not self._rooms.has(drill):
            return False
        if not self._holdings.sure(drill):
            try:
                async with asyncio.timeout(PATIENCE):
                    await self.beat()
            except TimeoutError:
                raise StoreError(SILENT) from None
        return self._rooms.has(drill)

    # -- what other servers hold ---------------------------------------------------------------------------------------

    async def look(self) -> None:
        """See who holds what, and take up what nobody does. Raises StoreError."""
        self.routes, free = await self._rooms.store.read(_look)
        for tell in self.looked:
            tell()
        for drill in free:
            await self._rooms.take_up(drill)

    async def holder(self, drill: str, *, again: bool = False) -> Holder | None:
        """The other server that holds a drill, as far as is known; `again` asks the database in any case."""
        found = None if again else self.routes.get(drill)
        if found is None or found.id == self._holdings.me.id:  # it was ours, and is not here any more
            found = (await self._rooms.store.read(lambda connection: leases.holders(connection, drill))).get(drill)
            self.routes = {**self.routes, drill: found} if found is not None else self.routes
        return None if found is None or found.id == self._holdings.me.id else found

    async def _sweep(self) -> None:
        await self._rooms.store.submit(leases.sweep)


def _look(connection: sa.Connection) -> tuple[Mapping[str, Holder], list[str]]:
    return leases.holders(connection), leases.free(connection)
