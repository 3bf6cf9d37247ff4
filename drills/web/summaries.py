"""What is worth knowing of drills that were played: how they went, and what the team meant to change.

Of a drill that is open it is read from its log; of one that is closed it was kept.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from starlette.concurrency import run_in_threadpool

from drills.guidance import retests
from drills.guidance.retests import MEASURES, key_of
from drills.live.rooms import Outline, Room
from drills.planning.setup import Setup
from drills.records.results import Change, Summary, row_of, summarize, summary_of
from drills.records.store import DrillRow, RetestRow
from drills.web.context import Desk, viewer_of
from drills.web.sessions import EVERY_DRILL, Session
from scoring.result import Measures
from scoring.scorecard import RULES
from simulator.state import RESPOND

__all__ = ["OpenAction", "Summary", "closed_drills", "keep_retests", "open_actions", "summaries"]


async def closed_drills(at: Desk, session: Session) -> list[Outline]:
    """The drills that are closed and that a session may see, the newest first; nothing that was practised."""
    store = at.rooms.store
    everything = session.own(EVERY_DRILL) is not None
    rows = await store.closed(None if everything else [drill for drill in session.seats if drill])
    found = await run_in_threadpool(lambda: [one for row in rows if (one := _outline(row)) is not None])
    return [one for one in found if at.rooms.get(one.id) is None and viewer_of(session, one) is not None]


def _outline(row: DrillRow) -> Outline | None:
    try:
        return Outline(row, msgspec.json.decode(row.setup, type=Setup))
    except ValueError:
        return None  # another version wrote it; it says so when it is asked for


async def summaries(at: Desk, drills: Iterable[Outline]) -> dict[str, Summary]:
    """The drills in short, by their ids; nothing of one whose response is not over."""
    shown = list(drills)
    closed = [one.id for one in shown if one.phase == "closed"]
    found = {row.drill: summary_of(row) for row in await at.rooms.store.results(closed)} if closed else {}
    for one in shown:
        live = one.running if isinstance(one, Room) else None
        if live is not None and (live.state.phase != RESPOND or live.state.ended_at is not None):
            found[one.id] = await at.reckoning.of(live, "summary", summarize, sealed=True)
        elif one.phase == "closed" and one.id not in found:
            kept = await _made(at, one.id)
            if kept is not None:
                found[one.id] = kept
    return found


async def _made(at: Desk, drill: str) -> Summary | None:
    """How a closed drill went, read from its log and kept."""
    store = at.rooms.store
    log = await store.log(drill)
    if log is None:
        return None
    found = await run_in_threadpool(summarize, log)
    await store.put_result(row_of(drill, found, RULES))
    return found


class OpenAction(NamedTuple):
    """A corrective action that no later drill has shown to hold."""

    room: Outline
    change: Change
    measures: Measures

    @property
    def key(self) -> str:
        """By which forms name it."""
        return key_of(self.room.id, self.change.seq)

    def retest(self, drill: str, measure: str) -> RetestRow:
        """How it is kept that a drill tests this again."""
        then = retests.measured(self.measures, measure)
        return RetestRow(drill, self.room.id, self.change.seq, self.change.text, measure, then)


async def open_actions(at: Desk, drills: Iterable[Outline], found: dict[str, Summary]) -> list[OpenAction]:
    """What teams meant to change after drills and what has not held yet, in the drills' order."""
    held = await at.rooms.store.held()
    return [
        OpenAction(one, change, found[one.id].measures)
        for one in drills
        if one.kind == "drill" and one.id in found
        for change in found[one.id].changes
        if (one.id, change.seq) not in held
    ]


async def keep_retests(at: Desk, room: Room, chosen: Iterable[tuple[OpenAction, str]]) -> None:
    """Keep beside a new drill which actions of earlier ones it tests again. Raises StoreError."""
    rows = [
        action.retest(room.id, measure if measure in MEASURES else retests.likely(action.change.text))
        for action, measure in chosen
    ]
    await at.rooms.store.add_retests(rows)
