"""What is worth knowing of drills that were played: how they went, and what the team meant to change.

Read from a drill's log once. Of a drill that is closed it is kept beside the log, so that lists need not read it again.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from starlette.concurrency import run_in_threadpool

from drills.guidance import retests
from drills.guidance.retests import MEASURES, Retest, key_of
from drills.live.rooms import Room
from drills.records.store import Store
from drills.web.context import Desk
from scoring.result import Measures
from simulator import events as ev
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.state import RESPOND

__all__ = ["OpenAction", "Summary", "note_retests", "open_actions", "summary"]


class Change(msgspec.Struct):
    """Something that a team meant to change."""

    seq: int
    text: str
    owner: str
    due_on: str


class Summary(msgspec.Struct):
    """A drill in short."""

    title: str
    score: float | None
    says: str | None
    provisional: bool
    measures: Measures
    changes: list[Change]
    played: list[str]
    """The members who came into the channel."""
    post_mortem: bool
    """Whether one was filed."""


def _summarize(log: DrillLog) -> Summary:
    from scoring.scorecard import grade  # only who has drills that are over needs it

    card = grade(log)
    return Summary(
        title=log.plan.scenario.title,
        score=card.score,
        says=card.says,
        provisional=card.provisional,
        measures=card.measures,
        changes=[Change(one.seq, one.text, one.owner, one.due_on) for one in retests.actions_of(log.events)],
        played=sorted({event.actor for event in log.events if isinstance(event, ev.Joined) and event.actor}),
        post_mortem=any(isinstance(event, ev.PostMortemFiled) for event in log.events),
    )


async def summary(at: Desk, room: Room) -> Summary | None:
    """A drill in short; nothing of one whose response is not over."""
    live = room.running
    if live is not None:
        over = live.state.phase != RESPOND or live.state.ended_at is not None
        return await at.reckoning.of(live, "summary", _summarize) if over else None
    if room.phase != "closed":
        return None
    known = at.closed.get(room.id)
    if known is None:
        known = at.closed[room.id] = await run_in_threadpool(_kept, at.rooms.store, room.id)
    return known if isinstance(known, Summary) else None


def _kept(store: Store, drill: str) -> Summary | None:
    """What was kept of a closed drill; read from its log and kept, if it was not."""
    with contextlib.suppress(msgspec.DecodeError):
        note = store.notes(drill, "summary").get("1")
        if note is not None:
            return msgspec.json.decode(note, type=Summary)
    row = store.drill(drill)
    if row is None or row.plan is None:
        return None
    found = _summarize(DrillLog.seal(DrillPlan.model_validate_json(row.plan), store.events(drill)))
    store.put_note(drill, "summary", "1", msgspec.json.encode(found).decode())
    return found


class OpenAction(NamedTuple):
    """A corrective action that no later drill has shown to hold."""

    room: Room
    change: Change
    measures: Measures

    @property
    def key(self) -> str:
        """By which forms name it."""
        return key_of(self.room.id, self.change.seq)

    def retest(self, measure: str) -> Retest:
        """How a drill notes that it tests this again."""
        then = retests.measured(self.measures, measure)
        return Retest(self.room.id, self.change.seq, self.change.text, measure, then)


async def open_actions(at: Desk, rooms: Iterable[Room]) -> list[OpenAction]:
    """What teams meant to change after drills and what has not held yet, the newest drill first."""
    found = []
    for room in rooms:
        if room.kind != "drill":
            continue
        short = await summary(at, room)
        if short is None or not short.changes:
            continue
        kept = at.rooms.store.notes(room.id, "held")
        done = {int(seq) for seq, data in kept.items() if seq.isdigit() and msgspec.json.decode(data).get("held")}
        found += [OpenAction(room, change, short.measures) for change in short.changes if change.seq not in done]
    return found


async def note_retests(at: Desk, room: Room, chosen: Iterable[tuple[OpenAction, str]]) -> None:
    """Note beside a new drill which actions of earlier ones it tests again. Raises StoreError."""
    for action, measure in chosen:
        kept = action.retest(measure if measure in MEASURES else retests.likely(action.change.text))
        data = msgspec.json.encode(kept).decode()
        await asyncio.wrap_future(at.rooms.store.put_note(room.id, "retests", action.key, data))
