"""Keeps the results of closed drills: computed at their end, and again if they are stale."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import sqlalchemy as sa

from drills.records import history, results
from drills.records.store import Store, StoreError
from simulator.log import DrillLog

__all__ = ["PATIENCE", "Keeper", "rules"]

_AT_ONCE = 20
"""So many results are made and kept together."""
_TELL_EVERY = 100
PATIENCE = 5.0
"""Seconds for which somebody waits who asks for everything anew."""
_LEASE = "results"
"""The lease of the server that makes results, if several share the database: one is enough."""
_LATER = 2.0
"""Seconds after which a server looks again if it found another one at it."""
_log = logging.getLogger("drillroom.results")


class Keeper:
    """Recomputes stale results, some at a time, in the background."""

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

    async def anew(self) -> int:
        """Make everything anew, as well as it goes in PATIENCE seconds; how many drills are still to be made then."""
        await self._store.submit(history.clear)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._alone()
        self.look()
        return len(await self._store.read(partial(results.stale, rules=rules())))

    async def _make(self) -> None:
        found = await self._store.read(partial(results.stale, rules=rules()))
        waiting = [drill for drill in found if drill not in self._shut]
        self.left = len(waiting)
        for start in range(0, len(waiting), _AT_ONCE):
            some = waiting[start : start + _AT_ONCE]
            await self._some(some)
            made = start + len(some)
            self.left = len(waiting) - made
            if made % _TELL_EVERY == 0 or not self.left:
                _log.info("results made", extra={"fields": {"made": made, "left": self.left}})

    async def _some(self, drills: list[str]) -> None:
        """Make the results of some drills, and keep them in one transaction."""
        logs = await asyncio.gather(*map(self._store.log, drills), return_exceptions=True)
        made = await asyncio.to_thread(lambda: [_tried(log) for log in logs])
        work: list[Callable[[sa.Connection], None]] = []
        for drill, one in zip(drills, made, strict=True):
            if isinstance(one, BaseException):
                self._shut.add(drill)
                _log.error("result not made", extra={"fields": {"drill": drill, "why": type(one).__name__}})
            elif one is not None:
                work.append(one)
        await self._store.submit(lambda connection: [one(connection) for one in work])


def _tried(log: DrillLog | BaseException | None) -> Callable[[sa.Connection], None] | BaseException | None:
    """What keeps a drill's result, or what went wrong: it is that drill's alone."""
    if log is None or isinstance(log, BaseException):
        return log
    try:
        return _kept(log)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error


def _kept(log: DrillLog) -> Callable[[sa.Connection], None]:
    """What keeps a drill's result, and what a history says of it."""
    from scoring.history.figures import figures_of  # only needed once drills are over
    from scoring.scorecard import grade

    card = grade(log)
    found, figures = results.summarize(log, card), figures_of(log, card=card)

    def work(connection: sa.Connection) -> None:
        results.put(connection, log, found, rules())
        history.put(connection, figures)

    return work


def rules() -> int:
    """The version of the scoring rules."""
    from scoring.scorecard import RULES  # only needed once drills are over

    return RULES
