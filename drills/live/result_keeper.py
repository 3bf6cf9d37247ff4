"""Keeps the results of closed drills: computed at their end, and again if they are stale."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa

from drills.records import history, results
from drills.records.store import Store, StoreError
from simulator.log import DrillLog

__all__ = ["Keeper"]

_TELL_EVERY = 100
_LEASE = "results"
"""The lease of the server that makes results, if several share the database: one is enough."""
_LATER = 2.0
"""Seconds after which a server looks again if it found another one at it."""
_log = logging.getLogger("drillroom.results")


class Keeper:
    """Recomputes stale results, one after the other, in the background."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.left = 0
        """How many are still to be made."""
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._shut: set[str] = set()
        """Drills that cannot be read; a request for one is told why."""

    def look(self) -> None:
        """Look again: a drill has ended."""
        self._wanted.set()

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._alone()
            except StoreError as error:
                _log.warning("results not made", extra={"fields": {"why": str(error)}})

    async def _alone(self) -> None:
        """Make results, unless another server is at it."""
        holdings = self._store.holdings
        if holdings is None:
            await self._make()
        elif await holdings.take([_LEASE]):
            try:
                await self._make()
            finally:
                holdings.give_back(_LEASE)
        else:
            asyncio.get_running_loop().call_later(_LATER, self._wanted.set)

    async def _make(self) -> None:
        found = await self._store.read(partial(results.stale, rules=rules()))
        waiting = [drill for drill in found if drill not in self._shut]
        self.left = len(waiting)
        for number, drill in enumerate(waiting, 1):
            try:
                await self._one(drill)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this drill's alone
                self._shut.add(drill)
                _log.error("result not made", extra={"fields": {"drill": drill, "why": type(error).__name__}})
            self.left = len(waiting) - number
            if number % _TELL_EVERY == 0 or not self.left:
                _log.info("results made", extra={"fields": {"made": number, "left": self.left}})

    async def _one(self, drill: str) -> None:
        log = await self._store.log(drill)
        if log is not None:
            await self._store.submit(await asyncio.to_thread(_kept, log))


def _kept(log: DrillLog) -> Callable[[sa.Connection], None]:
    """What keeps a drill's result, and what a history says of it."""
    from scoring.history.figures import figures_of  # only needed once drills are over

    found, figures = results.summarize(log), figures_of(log)

    def work(connection: sa.Connection) -> None:
        results.put(connection, log, found, rules())
        history.put(connection, figures)

    return work


def rules() -> int:
    """The version of the scoring rules."""
    from scoring.scorecard import RULES  # only needed once drills are over

    return RULES
