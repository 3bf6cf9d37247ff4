"""The result of work in a thread: awaited in an event loop, or waited for outside of one."""

import asyncio
from collections.abc import Generator
from concurrent.futures import Future
from typing import Any, TypeVar

from drills.records.database import StoreError

__all__ = ["SILENT", "Promise"]

SILENT = "the database does not answer; nothing is lost, and it is tried again"
Found = TypeVar("Found")


class Promise(Future[Found]):
    """A result that comes from a thread. `await` it; outside of an event loop, ask for its `result`.

    Giving up the wait does not stop the work.
    """

    def __init__(self, patience: float | None = None) -> None:
        """`patience`: seconds after which waiting for it ends in a StoreError instead."""
        super().__init__()
        self._patience = patience

    def begin(self) -> None:
        """It can no longer be cancelled."""
        self.set_running_or_notify_cancel()

    def __await__(self) -> Generator[Any, None, Found]:
        return self._awaited().__await__()

    async def _awaited(self) -> Found:
        if self._patience is None:
            return await asyncio.wrap_future(self)
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.wrap_future(self)
        except TimeoutError:
            raise StoreError(SILENT) from None
