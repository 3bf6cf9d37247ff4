"""A schedule on screen: slots as a table, one with its reasons, what is doubtful, what changes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from drills.cli.terminal import columns, say, show, styled
from drills.planning.calendar.changes import Change
from drills.planning.calendar.obstacles import obstacle
from drills.planning.calendar.plan import GRID_MINUTES
from drills.planning.calendar.presence import Presence
from drills.planning.calendar.sentences import entry_words, moment
from drills.planning.calendar.slots import Role, Slot
from drills.planning.calendar.warnings import Warned
from drills.planning.calendar.workspace import Planned
from scenarios.base import format_duration

__all__ = ["reasons", "show_changes", "show_reasons", "show_slot", "show_slots", "show_warnings", "slot_record"]

_ROLES: dict[Role, str] = {
    "first_responder": "First responder",
    "suggested_commander": "Commander",
    "facilitator": "Facilitator",
}
_SURPRISE = "a surprise"


def slot_record(slot: Slot, presence: Presence) -> dict[str, Any]:
    """A slot as JSON has it; instants in UTC, beside the zone in which the schedule reads them."""
    return {
        "slot": slot.name,
        "schedule": slot.schedule,
        "entry": slot.entry.id,
        "day": slot.day.isoformat(),
        "window_ends": slot.last.isoformat(),
        "surprise": slot.is_surprise,
        "starts": None if slot.starts_at is None else slot.starts_at.isoformat(),
        "timezone": presence.zone.key,
        "lasts_s": slot.entry.lasts // 1_000,
        "left_out": slot.skipped or None,
        "scenario": slot.scenario,
        "scenario_why": slot.scenario_why or None,
        "people": list(slot.people),
        "turns": {role: {"who": one.member, "why": one.why} for role, one in slot.leads.items()},
    }


def show_slots(slots: Sequence[Slot], planned: Sequence[Planned]) -> None:
    """Print slots as a table, each time in its schedule's zone."""
    several = len(planned) > 1
    zones = {one.name: one.presence.zone for one in planned}
    shown = "" if len({zone.key for zone in zones.values()}) > 1 else f" ({planned[0].presence.zone.key})"
    table = columns(f"When{shown}", "Drill", "Incident", *_ROLES.values())
    for slot in slots:
        presence = next(one.presence for one in planned if one.name == slot.schedule)
        name = f"{slot.schedule}/{slot.entry.id}" if several else slot.entry.id
        if slot.skipped:
            table.add_row(
                *map(styled, (_when(slot, presence), name)), styled(f"none: {slot.skipped}", "dim"), "", "", ""
            )
            continue
        incident = slot.scenario or (_SURPRISE if slot.is_surprise else "")
        people = [_person(slot, role, presence) for role in _ROLES]
        table.add_row(*map(styled, (_when(slot, presence), name, incident, *people)))
    show(table)


def _when(slot: Slot, presence: Presence) -> str:
    return moment(slot, None if slot.starts_at is None else slot.starts_at.astimezone(presence.zone))


def _person(slot: Slot, role: Role, presence: Presence) -> str:
    return _name(slot.leads[role].member, presence) if role in slot.leads else ""


def _name(member: str, presence: Presence) -> str:
    return next((one.name for one in presence.team.members if one.id == member), member)


def show_slot(slot: Slot, presence: Presence) -> None:
    """Print one slot: when, what, and whose turn it is and why."""
    length = f"{format_duration(slot.entry.lasts)}, {presence.zone.key}"
    if slot.start is None:
        say(f"{slot.entry.id}: {_when(slot, presence)} ({length})")
        say("A surprise: its time is drawn with a secret, which the files do not hold.")
    else:
        say(f"{slot.entry.id}: {_when(slot, presence)} ({length}){_ahead(slot)}")
        if slot.scenario is not None:
            say(f"Incident: {slot.scenario}" + (f" ({slot.scenario_why})" if slot.scenario_why else ""))
        _show_turns(slot, presence)
    say(entry_words(slot.entry, presence.zone.key))


def _ahead(slot: Slot) -> str:
    assert slot.starts_at is not None  # noqa: S101
    days = (slot.starts_at - datetime.now(UTC)).days
    return "" if days < 0 else ", within a day" if not days else f", in {days} day{'s' if days > 1 else ''}"


def _show_turns(slot: Slot, presence: Presence) -> None:
    table = columns("", "", "")
    for role, title in _ROLES.items():
        if role in slot.leads:
            lead = slot.leads[role]
            table.add_row(*map(styled, (title, _name(lead.member, presence), lead.why)))
    show(table)


def reasons(slot: Slot, presence: Presence) -> dict[str, Any]:
    """What ruled out each candidate day, and each person, in words; of people only whether they are available."""
    found: dict[str, Any] = {"days": [], "people": []}
    day = slot.day
    while day <= slot.last:
        found["days"].append({"day": day.isoformat(), **_of_day(slot, presence, day)})
        day += timedelta(1)
    for member in presence.team.members if slot.start is not None else ():
        there = member.id in slot.people
        turns = [_ROLES[role] for role, one in slot.leads.items() if one.member == member.id]
        found["people"].append({"who": member.id, "available": there, "turns": turns})
    return found


def _of_day(slot: Slot, presence: Presence, day: date) -> dict[str, Any]:
    """What rules out one candidate day; nothing if a drill could be, or is, on it."""
    if not slot.is_surprise:
        return {"ruled_out": slot.skipped or None}
    minutes = (presence.eligible(day, slot.minutes) & GRID_MINUTES).bit_count()
    return {"ruled_out": None if minutes else _best_obstacle(slot, presence, day), "eligible_minutes": minutes}


def _best_obstacle(slot: Slot, presence: Presence, day: date) -> str:
    """What rules a whole day out: the obstacle at the hour that comes nearest."""
    hours = [obstacle(presence, day, 60 * hour, slot.minutes) for hour in range(24)]
    people = next((one for one in hours if "available" in one or "roles" in one), "")
    return people or next((one for one in hours if one), "no stretch of time is long enough")


def show_reasons(slot: Slot, presence: Presence, why: dict[str, Any]) -> None:
    """Print why a slot is as it is."""
    show_slot(slot, presence) if not slot.skipped else say(f"{slot.name}: left out: {slot.skipped}")
    say()
    table = columns("Day", "What rules it out")
    for one in why["days"]:
        at = date.fromisoformat(one["day"])
        free = f"nothing; {one['eligible_minutes']} times to start" if slot.is_surprise else "nothing"
        table.add_row(styled(f"{at:%a} {at.day} {at:%b %Y}"), styled(one["ruled_out"] or free))
    show(table)
    if why["people"]:
        say()
        people = columns("Who", "", "Turn")
        for one in why["people"]:
            there = "available" if one["available"] else "not available"
            people.add_row(*map(styled, (_name(one["who"], presence), there, ", ".join(one["turns"]))))
        show(people)


def show_warnings(found: Sequence[Warned]) -> None:
    """Print what is doubtful."""
    table = columns("", "Where", "What")
    for one in sorted(found, key=lambda each: each.gravity):
        style = "bold red" if one.gravity == "error" else "yellow"
        table.add_row(styled(one.gravity, style), styled(one.where), styled(one.message))
    show(table)


def show_changes(found: Sequence[Change], planned: Sequence[Planned]) -> None:
    """Print what comes, goes and moves."""
    table = columns("", "Slot", "Before", "After")
    for one in found:
        presence = next(each.presence for each in planned if each.name == one.slot.schedule)
        before, after = (_stands(each, presence, one.what) for each in (one.before, one.after))
        table.add_row(*map(styled, (one.what, f"{one.slot.entry.id}/{one.slot.day}", before, after)))
    show(table)


def _stands(slot: Slot | None, presence: Presence, what: str) -> str:
    if slot is None:
        return ""
    if slot.skipped:
        return slot.skipped
    if what != "changes":
        return _when(slot, presence)
    people = [f"{title}: {_person(slot, role, presence)}" for role, title in _ROLES.items() if role in slot.leads]
    return "; ".join([slot.scenario or "", *people])
