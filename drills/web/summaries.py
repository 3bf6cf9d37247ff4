"""What is worth knowing about drills that were played: how they went, and what the team meant to change.

For an open drill it is read from its log; for a closed one it was kept, and is made again if it is stale.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool

from drills.live.past import StoredDrill
from drills.live.rooms import Outline, Room
from drills.planning.setup import Setup
from drills.records import results
from drills.records.results import Summary, summarize, summary_of
from drills.records.store import DrillRow, StoreError
from drills.web.context import Desk, viewer_of
from drills.web.sessions import EVERY_DRILL, Session
from scoring.history.figures import Figures, figures_of
from scoring.scorecard import RULES
from simulator.log import DrillLog
from simulator.state import RESPOND

__all__ = [
    "Summary",
    "all_open",
    "closed_drills",
    "figures",
    "kept_summaries",
    "listed_drills",
    "open_drills",
    "outlines",
    "own_drills",
    "stored_figures",
    "summaries",
]

Found = TypeVar("Found")


def own_drills(session: Session) -> list[str] | None:
    """The drills that a session may look for; None if it may look for all."""
    return None if session.own(EVERY_DRILL) is not None else [drill for drill in session.seats if drill]


async def all_open(at: Desk) -> list[Outline]:
    """The open drills, newest first. For those that another server holds it is what the database says."""
    here: list[Outline] = list(at.rooms.all())
    if at.rooms.store.ours_alone:
        return here
    there = await run_in_threadpool(_outlined, await at.rooms.store.drills("lobby", "running"))
    here += [one for one in there if at.rooms.get(one.id) is None]
    return sorted(here, key=lambda one: one.made, reverse=True)


async def open_drills(at: Desk, session: Session) -> list[Outline]:
    """The open drills that a session is in, newest first; for the owner all, except what others practise."""
    return [one for one in await all_open(at) if viewer_of(session, one) is not None]


async def closed_drills(at: Desk, session: Session, most: int, but: int = 0) -> list[Outline]:
    """The closed drills that a session may see, newest first, without practice.

    At most so many, leaving out the `but` newest.
    """
    rows = await at.rooms.store.closed(own_drills(session), most, but)
    found = await run_in_threadpool(_outlined, rows)
    return [one for one in found if at.rooms.get(one.id) is None and viewer_of(session, one) is not None]


async def listed_drills(
    at: Desk, session: Session, most: int, before: str | None = None
) -> tuple[list[Outline], str | None] | None:
    """The newest drills that a session may see, open or closed, and the id where older ones go on, if there are any.

    At most so many of those that enter the history. Practice and rehearsals are listed with the newest of them.
    None if there is no drill `before`.
    """
    rows = await at.rooms.store.listed(own_drills(session), most + 1, before)
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
    return found | await _asked(at, shown, "summary", summarize)


async def figures(at: Desk, drills: Iterable[Outline]) -> list[Figures]:
    """What the history will say of open drills whose response is over."""
    return list((await _asked(at, list(drills), "figures", figures_of)).values())


async def stored_figures(at: Desk, drills: Sequence[str]) -> list[Figures]:
    """What the history will say of closed drills whose figures are not kept yet; nothing of one that cannot be read."""
    if not drills:
        return []
    store = at.rooms.store
    lengths = await store.lengths(list(drills))
    there = [StoredDrill(store, drill, lengths[drill]) for drill in drills if lengths.get(drill)]
    found: list[Figures] = []
    for one in there:
        with suppress(StoreError):  # whoever opens that drill is told
            found.append(await at.log_cache.of_stored(one, "figures", figures_of))
    return found


async def _asked(at: Desk, drills: Sequence[Outline], what: str, ask: Callable[[DrillLog], Found]) -> dict[str, Found]:
    """What the logs of open drills say once their response is over, by id; those of other servers' drills too."""
    found: dict[str, Found] = {}
    for one in drills:
        live = one.live if isinstance(one, Room) else None
        if live is not None and (live.state.phase != RESPOND or live.state.ended_at is not None):
            found[one.id] = await at.log_cache.of(live, what, ask, sealed=True)
    there = [one.id for one in drills if not isinstance(one, Room) and one.phase not in ("lobby", RESPOND, "closed")]
    if there:
        lengths = await at.rooms.store.lengths(there)
        for drill in there:
            stored = StoredDrill(at.rooms.store, drill, lengths.get(drill, 0))
            found[drill] = await at.log_cache.of_stored(stored, what, ask)
    return found


async def kept_summaries(at: Desk, closed: list[str]) -> dict[str, Summary]:
    """The results of closed drills by id, except those that are stale or not kept yet."""
    if not closed:
        return {}
    kept = await at.rooms.store.read(lambda connection: results.fresh(connection, closed, RULES))
    return {row.drill: summary_of(row) for row in kept}


async def outlines(at: Desk, session: Session, drills: Iterable[str]) -> dict[str, Outline]:
    """Those of some drills that a session may see, open or closed, by id."""
    rows = await at.rooms.store.closed(set(drills))
    found = [at.rooms.get(one.id) or one for one in await run_in_threadpool(_outlined, rows)]
    found += await open_drills(at, session)
    return {one.id: one for one in found if viewer_of(session, one) is not None}
