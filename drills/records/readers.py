"""The threads that read, so that no event loop ever waits for a database."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from drills.records.database import FAILURES, StoreError, reason
from drills.records.future import Promise

__all__ = ["READERS", "Readers"]

READERS = 4
Found = TypeVar("Found")
_Asked = tuple[Callable[[sa.Connection], Any], Promise[Any]]


class Readers:
    """A few threads, each with a connection while it reads. If the database never answers one, nobody waits forever."""

    def __init__(self, engine: sa.Engine, patience: float) -> None:
        """`patience`: seconds to wait for an answer."""
        self._engine = engine
        self._patience = patience
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        names = (f"drillroom-reader-{number}" for number in range(READERS))
        self._threads = [threading.Thread(target=self._run, name=name, daemon=True) for name in names]
        for thread in self._threads:
            thread.start()

    def read(self, ask: Callable[[sa.Connection], Found]) -> Promise[Found]:
        """Have something read. The StoreError, if any, is raised where the promise is awaited."""
        promise: Promise[Found] = Promise(self._patience)
        promise.begin()
        self._asked.put((ask, promise))
        return promise

    def close(self) -> None:
        """Answer what was asked so far, and end, unless the database does not answer in time.

        Only then have the connections come back, and can be closed.
        """
        for _ in self._threads:
            self._asked.put(None)
        end = time.monotonic() + self._patience
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            ask, promise = asked
            try:
                with self._engine.connect() as connection:
                    found = ask(connection)
            except FAILURES as error:
                promise.set_exception(StoreError(f"the database cannot be read: {reason(error)}"))
            except BaseException as error:  # noqa: BLE001 - it is raised where the promise is awaited
                promise.set_exception(error)
            else:
                promise.set_result(found)
