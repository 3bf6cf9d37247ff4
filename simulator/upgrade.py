"""Logs of earlier formats: their events as this program writes them, and people by other ids."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import structs

from scenarios.inject import GROUPS
from simulator import events as ev
from simulator.events import Event
from simulator.fields import people_of
from simulator.folds import apply
from simulator.matching import what_it_says
from simulator.plan import DrillPlan
from simulator.state import DrillState

__all__ = ["renamed", "upgraded"]


def upgraded(plan: DrillPlan, events: Iterable[Event]) -> list[Event]:
    """Events of format 1, with what format 2 decides when something is typed: what each message to customers says."""
    state = DrillState(plan)
    found: list[Event] = []
    for event in events:
        if isinstance(event, ev.MessagePublished):
            said = what_it_says(event.text, state)
            event = structs.replace(event, draft=said.draft, says_over=said.over, terse=said.terse)
        apply(state, event)
        found.append(event)
    return found


def renamed(plan: DrillPlan, events: Iterable[Event], ids: Mapping[str, str]) -> tuple[DrillPlan, list[Event]]:
    """A drill in which people have other ids; people who are not among `ids` keep theirs. Texts stay as typed.

    How simulated players act is drawn from their ids, so theirs must stay if the drill is to go on. Raises ValueError
    if two would have the same id.
    """
    counts = Counter(ids.get(name, name) for name in people_in(plan))
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice is not None:
        raise ValueError(f"two people of the drill would have the id {twice!r}")
    return _renamed_plan(plan, ids), [_renamed_event(plan, event, ids) for event in events]


def people_in(plan: DrillPlan) -> set[str]:
    """The ids of all who play, run or rate a drill."""
    return {*(player.id for player in plan.players), *plan.facilitators, *plan.evaluators}


def _renamed_plan(plan: DrillPlan, ids: Mapping[str, str]) -> DrillPlan:
    def new(name: str) -> str:
        return ids.get(name, name)

    change: dict[str, object] = {
        "players": [player.model_copy(update={"id": new(player.id)}) for player in plan.players],
        "facilitators": [new(name) for name in plan.facilitators],
        "evaluators": [new(name) for name in plan.evaluators],
        "seats": {new(name): seat for name, seat in plan.seats.items()},
        "first_responder": new(plan.first_responder),
    }
    return plan.model_copy(update=change)


def _renamed_event(plan: DrillPlan, event: Event, ids: Mapping[str, str]) -> Event:
    change: dict[str, Any] = {}
    for name in people_of(type(event)):
        now = getattr(event, name)
        if isinstance(now, tuple):
            new: object = tuple(ids.get(one, one) for one in now)
        elif isinstance(event, ev.Arrived) and name == "to" and (now in GROUPS or plan.protocol.role(now) is not None):
            continue  # a role or a group, even if somebody has the same name
        else:
            new = ids.get(now, now)
        if new != now:
            change[name] = new
    return structs.replace(event, **change) if change else event
