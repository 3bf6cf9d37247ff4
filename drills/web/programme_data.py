"""What several teams did, from the history of the database."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from drills.live.result_keeper import rules
from drills.records import history
from drills.web.actions_data import all_actions
from drills.web.context import Desk

if TYPE_CHECKING:  # what grades, and NumPy, are only needed once drills are over
    from scoring.history.programme import Programme
    from scoring.history.selection import Filters

__all__ = ["programme_data"]


async def programme_data(at: Desk, wanted: "Filters") -> "Programme":
    """What several teams did in the drills that are wanted. Raises StoreError."""
    read = partial(history.read, rules=rules(), wanted=wanted, now=datetime.now(UTC))
    found = await at.rooms.store.read(read)
    actions = (await all_actions(at)).actions

    def made() -> "Programme":
        from scoring.history.programme import programme_of

        return programme_of(found.drills, actions)

    return await run_in_threadpool(made)
