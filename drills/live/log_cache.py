"""A cache of what is slow to compute from a log: computed once, however many ask, off the event loop."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

from drills.live.past import Drill, StoredDrill
from drills.records.stored_log import new_salt
from simulator.log import DrillLog

__all__ = ["LogCache"]

Found = TypeVar("Found")
_REMEMBERED = 64


class LogCache:
    """Remembers, for each drill and question, what the log last said, for as long as nothing more has happened."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[int, asyncio.Task[Any]]] = OrderedDict()

    async def of(self, live: Drill, what: str, ask: Callable[[DrillLog], Found], *, sealed: bool = False) -> Found:
        """Ask a drill's log something; `what` names the question, and everything else that the answer depends on.

        `sealed`: whether the answer shows the log's lines or hashes, which must be the stored ones. Then it may raise
        StoreError.
        """
        return await self._remembered((live.id, what), live.told, partial(_answer, live, ask, sealed=sealed))

    async def of_stored(self, drill: StoredDrill, what: str, ask: Callable[[DrillLog], Found]) -> Found:
        """Like `of`, for a drill that another server runs. Raises StoreError."""
        return await self._remembered((drill.id, what), drill.told, partial(_answer_sealed, drill, ask))

    async def _remembered(
        self, key: tuple[str, str], told: int, answer: Callable[[], Coroutine[Any, Any, Found]]
    ) -> Found:
        known = self._known.get(key)
        if known is None or known[0] != told:
            task = asyncio.create_task(answer())
            task.add_done_callback(lambda done: self._forget(key, done))
            known = self._known[key] = (told, task)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        found: Found = await asyncio.shield(known[1])  # the first who asked may hang up; the others still wait
        return found

    def _forget(self, key: tuple[str, str], task: "asyncio.Task[Any]") -> None:
        """A failed answer is not kept: it is asked for again."""
        if not task.cancelled() and task.exception() is None:
            return
        if key in self._known and self._known[key][1] is task:
            del self._known[key]

    def forget(self, drill: str) -> None:
        """Forget everything about a drill."""
        for key in [key for key in self._known if key[0] == drill]:
            del self._known[key]


async def _answer(live: Drill, ask: Callable[[DrillLog], Found], *, sealed: bool) -> Found:
    if sealed:
        return await _answer_sealed(live, ask)
    plan, happened = live.plan, list(live.events)
    return await run_in_threadpool(lambda: ask(DrillLog.seal(plan, happened, new_salt)))


async def _answer_sealed(drill: Drill | StoredDrill, ask: Callable[[DrillLog], Found]) -> Found:
    return await run_in_threadpool(ask, await drill.log())
