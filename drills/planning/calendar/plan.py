"""All drills of a schedule up to a day: a pure function of what was authored, what has happened, and a secret key.

Times come first, for the whole time since the schedule began: what comes on time, then surprises, window by window,
each kept apart from those before. Then turns and incidents are given out in the order of time. So a later end of the
plan, another order of the entries, or another day on which it is made changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from drills.planning.calendar.bits import every, filled
from drills.planning.calendar.choice import Incident, Memory, chosen
from drills.planning.calendar.dates import days, windows
from drills.planning.calendar.draw import GRID, KEY_BYTES, drawn, slot_key, yes
from drills.planning.calendar.hours import WIDTH
from drills.planning.calendar.obstacles import obstacle
from drills.planning.calendar.presence import Presence
from drills.planning.calendar.slots import Assigned, Role, Slot
from drills.planning.calendar.turns import Led, Ledger
from drills.planning.calendar.zones import midnight, minute
from scenarios.schedule import Entry, Turn

__all__ = ["GRID_MINUTES", "Past", "begins", "plan"]


@dataclass
class Past:
    """What has happened before a plan begins."""

    since: date
    """The first day of the plan: times are worked out from it on, so that they never depend on today."""
    until: date | None = None
    """Before this day it is known what happened, and a slot counts for nobody; None if nothing is known."""
    led: Sequence[Led] = ()
    """Who led what."""
    played: Mapping[str, int] = field(default_factory=dict)
    """Drills that each member has played."""
    seen: Memory = field(default_factory=dict)
    """Who saw which scenario last."""


def begins(presence: Presence) -> date | None:
    """The day with which a schedule begins, as far as it says so itself."""
    said = [one.since or one.once or (one.surprise and one.surprise.since) for one in presence.schedule.drills]
    return min((one for one in said if one), default=None)


def plan(
    presence: Presence,
    first: date,
    last: date,
    past: Past,
    *,
    key: bytes | None,
    incidents: Mapping[str, Incident],
    commander: str = "incident_commander",
) -> list[Slot]:
    """The slots whose nominal day lies between two days, both included, in the order of their days and entries.

    Without a key, surprises are windows: neither their times nor whose turn they are is known. `commander` is the role
    that commands, of which `suggested_commander` is a turn unless the schedule says more.
    """
    entries = sorted(presence.schedule.drills, key=lambda one: one.id)
    window = max((one.surprise.days for one in entries if one.surprise), default=0)
    horizon = last + timedelta(window)
    slots = _on_time(presence, entries, past.since, horizon + timedelta(window))
    if key is not None:
        slots += _surprises(presence, entries, slots, past.since, horizon, key)
    else:
        slots += [_slot(presence, one, *at) for one, at in _windows(entries, past.since, horizon)]
    made = _with_people(presence, slots, past, key or bytes(KEY_BYTES), incidents, commander)
    return [one for one in made if first <= one.day <= last]


def _slot(presence: Presence, entry: Entry, day: date, last: date) -> Slot:
    return Slot(presence.schedule.schedule, entry, day, last)


def _on_time(presence: Presence, entries: Sequence[Entry], first: date, last: date) -> list[Slot]:
    """What comes on time; of two at once, the one that starts first stays, then the first by its id."""
    found: list[Slot] = []
    kept: list[Slot] = []
    for entry in entries:
        for day in days(entry, first, last):
            slot = _slot(presence, entry, day, day)
            found.append(replace(slot, start=_at(presence, entry, day)))
    found.sort(key=lambda one: (one.start or 0, one.entry.id))
    made: list[Slot] = []
    for slot in found:
        why = _in_the_way(presence, slot, kept)
        if not why:
            kept.append(slot)
        made.append(replace(slot, start=None, skipped=why) if why else slot)
    return made


def _at(presence: Presence, entry: Entry, day: date) -> int:
    assert entry.at is not None  # noqa: S101 - every entry that is no surprise has a time
    return minute(day, entry.at.hour * 60 + entry.at.minute, presence.zone)


def _in_the_way(presence: Presence, slot: Slot, kept: Sequence[Slot]) -> str:
    """Why a slot cannot be when it would, in words; nothing if it can."""
    assert slot.start is not None  # noqa: S101
    at = slot.start - midnight(slot.day, presence.zone)
    if kept and (kept[-1].end or 0) > slot.start:
        return f"{kept[-1].entry.id} is at that time"
    if presence.eligible(slot.day, slot.minutes) >> at & 1:
        return ""
    return obstacle(presence, slot.day, at, slot.minutes)


def _windows(entries: Sequence[Entry], first: date, last: date) -> Iterator[tuple[Entry, tuple[date, date]]]:
    """The windows of all surprises, in order."""
    found = [
        (entry, (window[0], min(window[1], entry.until or window[1])))
        for entry in entries
        if entry.surprise is not None
        for window in windows(entry.surprise, min(last, entry.until or last))
        if window[1] >= first
    ]
    yield from sorted(found, key=lambda one: (one[1][0], one[0].id))


def _surprises(
    presence: Presence, entries: Sequence[Entry], fixed: Sequence[Slot], first: date, last: date, key: bytes
) -> list[Slot]:
    """All surprises with their times, each kept off what comes on time and those before it."""
    taken: dict[date, int] = {}
    before: dict[str, date] = {}
    for one in fixed:
        _take(presence, taken, one)
    made: list[Slot] = []
    for entry, (begin, end) in _windows(entries, first, last):
        slot = _slot(presence, entry, begin, end)
        found = drawn_for(presence, slot, key, taken, before.get(entry.id))
        made.append(found)
        if found.start is not None:
            _take(presence, taken, found)
            before[entry.id] = _day_of(presence, found.start, begin, end)
    return made


def drawn_for(presence: Presence, slot: Slot, master: bytes, taken: Mapping[date, int], before: date | None) -> Slot:
    """A surprise with its time, or with the reason why its window has none."""
    surprise = slot.entry.surprise
    assert surprise is not None  # noqa: S101
    key = slot_key(master, slot.name)
    if not yes(key, surprise.maybe):
        return replace(slot, skipped="this window has none: it was drawn so")
    found = drawn(key, eligible_minutes(presence, slot, taken, before))
    if found is None:
        return replace(slot, skipped="no time in the window is eligible")
    return replace(slot, start=presence.instant(*found))


def eligible_minutes(presence: Presence, slot: Slot, taken: Mapping[date, int], before: date | None) -> dict[date, int]:
    """The minutes of each day of a window at which a surprise may start, from each day's midnight."""
    surprise = slot.entry.surprise
    assert surprise is not None  # noqa: S101
    earliest = slot.day if before is None else max(slot.day, before + timedelta(surprise.days_apart))
    found: dict[date, int] = {}
    day = earliest
    while day <= slot.last:
        free = presence.eligible(day, slot.minutes) & GRID_MINUTES
        if free and day in taken:
            free &= ~_blocked(taken[day], slot.minutes)
        if free:
            found[day] = free
        day += timedelta(1)
    return found


GRID_MINUTES = every(GRID, 0, WIDTH)
"""The minutes of a day at which a surprise may start."""


def _blocked(taken: int, minutes: int) -> int:
    """The minutes at which something of that length cannot start, as it would meet what is taken."""
    found, reach = taken, 1
    while reach < minutes:
        step = min(reach, minutes - reach)
        found |= found >> step
        reach += step
    return found


def _take(presence: Presence, taken: dict[date, int], slot: Slot) -> None:
    """Keep others off a slot, on its day and those around it."""
    if slot.start is None or slot.end is None:
        return
    middle = _day_of(presence, slot.start, slot.day, slot.last)
    for day in (middle - timedelta(1), middle, middle + timedelta(1)):
        zero = midnight(day, presence.zone)
        taken[day] = taken.get(day, 0) | filled(slot.start - zero, slot.end - zero, WIDTH)


def _day_of(presence: Presence, start: int, first: date, last: date) -> date:
    """The day in the schedule's zone on which a slot starts."""
    day = first
    while day < last and midnight(day + timedelta(1), presence.zone) <= start:
        day += timedelta(1)
    return day


def _with_people(
    presence: Presence,
    slots: Sequence[Slot],
    past: Past,
    key: bytes,
    incidents: Mapping[str, Incident],
    commander: str,
) -> list[Slot]:
    """The slots with people, turns and incidents, given out in the order of time."""
    ledger = Ledger.of(past.led, past.played)
    seen: Memory = {name: dict(who) for name, who in past.seen.items()}
    made: list[Slot] = []
    for slot in sorted(slots, key=lambda one: (one.start is None, one.start or 0, one.entry.id)):
        made.append(_one_with_people(presence, slot, past, ledger, seen, key, incidents, commander))
    return sorted(made, key=lambda one: (one.day, one.entry.id))


def _one_with_people(
    presence: Presence,
    slot: Slot,
    past: Past,
    ledger: Ledger,
    seen: Memory,
    key: bytes,
    incidents: Mapping[str, Incident],
    commander: str,
) -> Slot:
    if slot.start is None:
        return slot
    day = _day_of(presence, slot.start, slot.day, slot.last)
    people = presence.there(day, slot.start - midnight(day, presence.zone), slot.minutes)
    if past.until is not None and day < past.until:
        return replace(slot, people=tuple(people))
    scenario, why = chosen(slot.entry, day, people, incidents, seen, slot_key(key, slot.name))
    if scenario is None:
        return replace(slot, start=None, skipped=why)
    leads = _leads(presence, slot, ledger, people, commander)
    ledger.join(people)
    if scenario in incidents:
        seen.setdefault(scenario, {}).update(dict.fromkeys(people, day))
    return replace(slot, people=tuple(people), leads=leads, scenario=scenario, scenario_why=why)


def _leads(
    presence: Presence, slot: Slot, ledger: Ledger, people: Sequence[str], commander: str
) -> dict[Role, Assigned]:
    """Whose turn everything is in one drill."""
    assert slot.start is not None  # noqa: S101
    turns, found = slot.entry.turns, dict[Role, Assigned]()
    first, second = turns.first_responder, turns.suggested_commander
    order: list[tuple[Role, Turn]] = [
        ("first_responder", first or Turn(among=[one.id for one in presence.team.members])),
        ("suggested_commander", second or Turn.model_validate({"among": [commander], "not": "first_responder"})),
    ]
    if first is not None and first.other_than is not None:
        order.reverse()
    for role, turn in order:
        taken = found[turn.other_than].member if turn.other_than in found else None
        among = _among(presence, turn, people)
        could = [one for one in among if one != taken]
        if not could and turn is not second:
            could = among  # nobody asked for two different people
        _give(found, role, ledger.lead(role, could, slot.start))
    if slot.entry.facilitator != "engine":
        wanted = turns.facilitator.among if turns.facilitator else presence.team.facilitators
        could = [one for one in wanted if not presence.is_away(one, slot.day)]
        _give(found, "facilitator", ledger.lead("facilitator", could, slot.start))
    return found


def _give(found: dict[Role, Assigned], role: Role, assigned: Assigned | None) -> None:
    if assigned is not None:
        found[role] = assigned


def _among(presence: Presence, turn: Turn, people: Sequence[str]) -> list[str]:
    """Who of those who are there is meant: members by name, and whoever may take a role."""
    ids = {one.id for one in presence.team.members}
    roles = [one for one in turn.among if one not in ids]
    return [one for one in people if one in turn.among or (roles and presence.may_take(one, roles))]
