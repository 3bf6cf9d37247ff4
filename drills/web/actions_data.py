"""Corrective actions as pages and the API show them: one list of all that teams meant to change after drills."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from drills.live.result_keeper import rules
from drills.live.rooms import Outline
from drills.records import actions, history, people
from drills.records.schema import RetestRow
from drills.web.actions_known import known_of
from drills.web.context import Desk
from drills.web.sessions import Session
from drills.web.summaries import all_open, figures, outlines, own_drills, stored_figures
from reports.actions import ActionRow, action_row, as_data
from scoring.history.actions import RUNNING, CorrectiveAction, Known, actions_of, shown_in
from scoring.history.figures import Figures

__all__ = ["Everything", "Listed", "all_actions", "held_in", "keep_retests", "kept_drills", "line", "listed", "mine"]

THE_LEAD = "the lead"
"""Who answers for an action that is nobody's."""


_JUST_CLOSED = 4
"""Of so many drills whose figures are still to be made, the newest, the log is asked; of others they come later."""
MOST_HELD = 8
"""So many actions the talk after a drill speaks of."""


class Listed(NamedTuple):
    """A corrective action as somebody sees it."""

    action: CorrectiveAction
    figures: Figures
    """The drill that it comes from."""
    room: Outline
    text: str
    """The words that somebody typed."""
    owner_name: str
    """Who is to do it. A leaver's is the lead's, and so is nobody's."""
    mine: bool
    """Whether the viewer is to do it."""

    @property
    def says(self) -> str:
        """What is to be changed."""
        return f"{self.action.lead}{self.text}"


def mine(session: Session) -> set[str]:
    """The ids by which the viewer is known, in the drills that they were let into."""
    return {seat.member for seat in session.seats.values() if seat.member is not None and seat.admitted}


async def listed(
    at: Desk, session: Session, most: int | None = None, want: Callable[[CorrectiveAction], bool] = lambda _: True
) -> list[Listed]:
    """The actions that a session may see, overdue ones first; at most so many of those that are wanted.

    Raises StoreError.
    """
    own = own_drills(session)
    everything = await all_actions(at)
    found = [one for one in everything.actions if want(one) and (own is None or one.drill in own)][:most]
    rooms = await outlines(at, session, {one.drill for one in found})
    shown = [one for one in found if one.drill in rooms]
    words, names = await at.rooms.store.read(partial(_words, shown=shown))
    ids = mine(session)
    return [
        Listed(
            one,
            everything.drills[one.drill],
            rooms[one.drill],
            words[one.key],
            (names | rooms[one.drill].names).get(one.owner, THE_LEAD),
            one.owner in ids,
        )
        for one in shown
    ]


def line(one: Listed, *, owner: bool) -> dict[str, Any]:
    """An action as the API and the page show it; which drills will retest it, only the owner sees."""
    mine = {"mine": one.mine, "planned": one.action.planned if owner else []}
    return as_data(one.action, one.text, one.owner_name) | mine


def _words(connection: sa.Connection, shown: Collection[CorrectiveAction]) -> tuple[dict[str, str], dict[str, str]]:
    """The words of some actions by their keys, and the names of their owners."""
    names = people.names_of(connection, [one.owner for one in shown])
    return actions.texts(connection, [(one.drill, one.seq) for one in shown]), names


class Everything(NamedTuple):
    """All corrective actions, and the drills that show what became of them."""

    actions: list[CorrectiveAction]
    drills: dict[str, Figures]


async def all_actions(at: Desk, now: Figures | None = None) -> Everything:
    """Every corrective action of the drills here, those of open drills too; or as they stood after one drill.

    Raises StoreError.
    """
    open_ones = [one for one in await all_open(at) if one.kind == "drill"]
    by_drill = {one.drill.drill: one for one in await kept_drills(at)}
    by_drill |= {one.drill.drill: one for one in (*await _just_closed(at), *await figures(at, open_ones))}
    if now is not None:
        until = now.drill.start
        by_drill = {name: one for name, one in by_drill.items() if one.drill.start <= until} | {now.drill.drill: now}
    drills = list(by_drill.values())
    known = await at.rooms.store.read(lambda connection: known_of(connection, drills))
    found = await run_in_threadpool(_in_order, drills, known)
    return Everything(found, by_drill)


async def keep_retests(at: Desk, room: Outline, chosen: Iterable[tuple[Listed, str]]) -> None:
    """Keep with a new drill which actions it is to test again, each with the obligation that shows it.

    Raises StoreError.
    """
    pairs = list(chosen)
    rows = [RetestRow(room.id, one.action.drill, one.action.seq) for one, _ in pairs]
    named = [(one.action, said) for one, said in pairs if _owes(one, said) and said != one.action.obligation]

    def work(connection: sa.Connection) -> None:
        actions.retest(connection, rows)
        for action, said in named:
            actions.change(connection, action.drill, action.seq, obligation=said)

    await at.rooms.store.submit(work)


def _owes(one: Listed, obligation: str) -> bool:
    return any(owed.obligation == obligation for owed in one.figures.obligations)


async def held_in(at: Desk, now: Figures) -> list[ActionRow]:
    """What a drill whose response is over shows of actions of earlier ones, in words; what it was asked to test first.

    What held before is left out. Raises StoreError.
    """
    now = replace(now, drill=replace(now.drill, complete=True))  # what is left is the talk
    shown = shown_in((await all_actions(at, now)).actions, now.drill.head)
    asked = {
        (row.earlier, row.seq) for row in await at.rooms.store.read(partial(actions.retests_of, drill=now.drill.drill))
    }
    shown.sort(key=lambda one: (one.drill, one.seq) not in asked)
    found = [one for one in shown if (one.drill, one.seq) in asked or one.running <= RUNNING][:MOST_HELD]
    words = await at.rooms.store.read(lambda connection: actions.texts(connection, [(o.drill, o.seq) for o in found]))
    return [action_row(one, words[one.key]) for one in found]


def _in_order(drills: list[Figures], known: Known) -> list[CorrectiveAction]:
    """The actions of all drills, once these are in order."""
    from scoring.history.order import history_of  # with NumPy, which takes long to come

    return actions_of(history_of(drills).drills, known)


async def _just_closed(at: Desk) -> list[Figures]:
    """What the history will say of drills that ended a moment ago: it comes into the database a little later."""
    store = at.rooms.store
    drills = await store.read(lambda connection: history.waiting(connection, rules(), _JUST_CLOSED))
    return await stored_figures(at, drills)


async def kept_drills(at: Desk) -> list[Figures]:
    """What the history keeps, read again only when it has changed."""
    store = at.rooms.store
    stamp = await store.read(history.stamp)
    if at.history[0] != stamp:
        at.history = stamp, await store.read(lambda connection: history.kept(connection, rules()))
    return at.history[1]
