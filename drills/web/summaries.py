"""What is worth knowing about drills that were played: how they went, and what the team meant to change.

For an open drill it is read from its log; for a closed one it was kept, and is made again if it is stale.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from starlette.concurrency import run_in_threadpool

from drills.guidance import retests
from drills.guidance.retests import MEASURES, key_of
from drills.live.past import StoredDrill
from drills.live.rooms import Outline, Room
from drills.planning.setup import Setup
from drills.records import results
from drills.records.results import Change, Summary, summarize, summary_of
from drills.records.store import DrillRow, RetestRow
from drills.web.context import Desk, viewer_of
from drills.web.sessions import EVERY_DRILL, Session
from scoring.result import Measures
from scoring.scorecard import RULES
from simulator.state import RESPOND

__all__ = [
    "OpenAction",
    "Summary",
    "closed_drills",
    "keep_retests",
    "kept_summaries",
    "listed_drills",
    "open_actions",
    "open_drills",
    "summaries",
]


def _own(session: Session) -> list[str] | None:
    """The drills that a session may look for; None if it may look for all."""
    return None if session.own(EVERY_DRILL) is not None else [drill for drill in session.seats if drill]


async def open_drills(at: Desk, session: Session) -> list[Outline]:
    """The open drills that a session is in, newest first; for the owner all, except what others practise.

    For those that another server holds it is what the database says.
    """
    here: list[Outline] = [room for room in at.rooms.all() if viewer_of(session, room) is not None]
    if at.rooms.store.ours_alone:
        return here
    there = await run_in_threadpool(_outlined, await at.rooms.store.drills("lobby", "running"))
    here += [one for one in there if at.rooms.get(one.id) is None and viewer_of(session, one) is not None]
    return sorted(here, key=lambda one: one.made, reverse=True)


async def closed_drills(at: Desk, session: Session, most: int, but: int = 0) -> list[Outline]:
    """The closed drills that a session may see, newest first, without practice.

    At most so many, leaving out the `but` newest.
    """
    rows = await at.rooms.store.closed(_own(session), most, but)
    found = await run_in_threadpool(_outlined, rows)
    return [one for one in found if at.rooms.get(one.id) is None and viewer_of(session, one) is not None]


async def listed_drills(
    at: Desk, session: Session, most: int, before: str | None = None
) -> tuple[list[Outline], str | None] | None:
    """The newest drills that a session may see, open or closed, and the id where older ones go on, if there are any.

    At most so many of those that enter the history. Practice and rehearsals are listed with the newest of them.
    None if there is no drill `before`.
    """
    rows = await at.rooms.store.listed(_own(session), most + 1, before)
    if rows is None:
        return None
    found: list[Outline] = []
    for one in await run_in_threadpool(_outlined, rows[:most]):
        room = at.rooms.get(one.id) or one
        if viewer_of(session, room) is not None:
            found.append(room)
    if before is None:
        found += [one for one in await open_drills(at, session) if one.kind != "drill"]
    return sorted(found, key=lambda one: one.made, reverse=True), rows[most - 1].id if len(rows) > most else None


def _outlined(rows: Iterable[DrillRow]) -> list[Outline]:
    return [one for row in rows if (one := _outline(row)) is not None]


def _outline(row: DrillRow) -> Outline | None:
    try:
        return Outline(row, msgspec.json.decode(row.setup, type=Setup))
    except ValueError:
        return None  # another version wrote it; opening it says so


async def summaries(at: Desk, drills: Iterable[Outline]) -> dict[str, Summary]:
    """Summaries by drill id, except drills whose response is not over or whose result is stale."""
    shown = list(drills)
    found = await kept_summaries(at, [one.id for one in shown if not isinstance(one, Room) and one.phase == "closed"])
    for one in shown:
        live = one.live if isinstance(one, Room) else None
        if live is not None and (live.state.phase != RESPOND or live.state.ended_at is not None):
            found[one.id] = await at.log_cache.of(live, "summary", summarize, sealed=True)
    there = [one.id for one in shown if not isinstance(one, Room) and one.phase not in ("lobby", RESPOND, "closed")]
    if there:
        lengths = await at.rooms.store.lengths(there)
        for drill in there:
            stored = StoredDrill(at.rooms.store, drill, lengths.get(drill, 0))
            found[drill] = await at.log_cache.of_stored(stored, "summary", summarize)
    return found


async def kept_summaries(at: Desk, closed: list[str]) -> dict[str, Summary]:
    """The results of closed drills by id, except those that are stale or not kept yet."""
    if not closed:
        return {}
    kept = await at.rooms.store.read(lambda connection: results.fresh(connection, closed, RULES))
    return {row.drill: summary_of(row) for row in kept}


class OpenAction(NamedTuple):
    """A corrective action that no later drill has shown to hold."""

    room: Outline
    change: Change
    measures: Measures

    @property
    def key(self) -> str:
        """Its key in forms."""
        return key_of(self.room.id, self.change.seq)

    def retest(self, drill: str, measure: str) -> RetestRow:
        """The row that says that a drill tests this again."""
        then = retests.measured(self.measures, measure)
        return RetestRow(drill, self.room.id, self.change.seq, self.change.text, measure, then)


async def open_actions(
    at: Desk, session: Session, live: Iterable[Outline], found: dict[str, Summary], most: int
) -> list[OpenAction]:
    """What teams meant to change after drills and has not held yet: from open drills, then from closed ones.

    At most so many, newest first.
    """
    store = at.rooms.store
    held = await store.held()
    actions = [
        OpenAction(one, change, found[one.id].measures)
        for one in live
        if one.kind == "drill" and one.id in found
        for change in found[one.id].changes
        if (one.id, change.seq) not in held
    ]
    rows = await store.read(lambda connection: results.open_actions(connection, _own(session), most, RULES))
    drills = {one.id: one for one in await _outlines(at, session, {row.drill for row, _ in rows})}
    for row, measures in rows:
        if row.drill in drills:
            change = Change(row.seq, f"{row.lead}{row.text}", row.owner, row.due_on)
            actions.append(OpenAction(drills[row.drill], change, measures))
    return actions[:most]


async def _outlines(at: Desk, session: Session, drills: set[str]) -> list[Outline]:
    """The closed drills among these that a session may see."""
    rows = await at.rooms.store.closed(drills)
    return [one for one in _outlined(rows) if at.rooms.get(one.id) is None and viewer_of(session, one) is not None]


async def keep_retests(at: Desk, room: Room, chosen: Iterable[tuple[OpenAction, str]]) -> None:
    """Store with a new drill which actions of earlier ones it tests again. Raises StoreError."""
    rows = [
        action.retest(room.id, measure if measure in MEASURES else retests.likely(action.change.text))
        for action, measure in chosen
    ]
    await at.rooms.store.add_retests(rows)
