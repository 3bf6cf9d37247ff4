"""What is doubtful about a schedule over a stretch of time: who never leads, what never comes, what clocks do to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from drills.planning.calendar.presence import Presence
from drills.planning.calendar.slots import Slot
from scenarios.days_off import days_off, known_until

__all__ = ["Warned", "warnings"]


@dataclass(frozen=True)
class Warned:
    """Something that is doubtful, or wrong."""

    gravity: Literal["error", "warning"]
    """Whether a drill can never be, or somebody should look."""
    where: str
    """The entry, the slot or the member that it is about."""
    message: str
    """What it is, in words."""


def warnings(presence: Presence, slots: Sequence[Slot], first: date, last: date) -> Iterator[Warned]:
    """What is doubtful about the slots between two days."""
    yield from _entries(presence, slots)
    yield from _clocks(presence, slots)
    yield from _holidays(presence, slots, first, last)
    yield from _people(presence, slots)


def _entries(presence: Presence, slots: Sequence[Slot]) -> Iterator[Warned]:
    for entry in presence.schedule.drills:
        own = [one for one in slots if one.entry.id == entry.id]
        left_out = [one for one in own if one.skipped]
        if not own:
            yield Warned("warning", entry.id, "it does not come in this time")
        elif len(left_out) == len(own):
            yield Warned("error", entry.id, f"none of its {len(own)} can be: {left_out[0].skipped}")
        else:
            for one in left_out:
                yield Warned("warning", one.name, f"left out: {one.skipped}")


def _clocks(presence: Presence, slots: Sequence[Slot]) -> Iterator[Warned]:
    """Days on which the clock skips the time at which a drill would start, or shows it twice."""
    for one in slots:
        if one.entry.at is None:
            continue
        shown = datetime.combine(one.day, one.entry.at, presence.zone)
        again = shown.replace(fold=1)
        if shown.utcoffset() == again.utcoffset():
            continue
        if (shown.utcoffset() or timedelta()) < (again.utcoffset() or timedelta()):
            later = (shown + ((again.utcoffset() or timedelta()) - (shown.utcoffset() or timedelta()))).time()
            message = f"the clocks skip {one.entry.at:%H:%M} that day; it starts at {later:%H:%M}"
        else:
            message = f"the clocks show {one.entry.at:%H:%M} twice that day; it starts at the first"
        yield Warned("warning", one.name, message)


def _holidays(presence: Presence, slots: Sequence[Slot], first: date, last: date) -> Iterator[Warned]:
    for name in presence.schedule.holidays:
        until = known_until(name)
        if until < last.year:
            yield Warned("warning", name, f"its holidays are known to {until} only")
    for year in range(first.year, last.year + 1):
        for day, said in sorted(days_off(presence.schedule.holidays, year).items()):
            if "estimated" in said.lower() and any(one.day == day for one in slots):
                yield Warned("warning", day.isoformat(), f"{said}: the day may move")


def _people(presence: Presence, slots: Sequence[Slot]) -> Iterator[Warned]:
    """Members who are never there, or never lead what they may; with their zones, as that is the usual reason."""
    held = [one for one in slots if one.start is not None]
    if not held:
        return
    for member in presence.team.members:
        where = f"{member.id} ({member.timezone or presence.zone.key})"
        if not any(member.id in one.people for one in held):
            yield Warned("warning", where, f"never available at any of {len(held)} drills")
            continue
        leads = {one.member for slot in held for one in slot.leads.values()}
        could = {one for slot in held for lead in slot.leads.values() for one in lead.could}
        if member.id in could and member.id not in leads:
            yield Warned("warning", where, f"never leads any of {len(held)} drills")
