"""A schedule as a calendar that other programs subscribe to (RFC 5545): concrete events, and no word of what is drawn.

Written here, because the time zones of the library that reads calendars begin an hour late in spring, and a year of
many teams takes it seconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from drills.planning.calendar.slots import Slot
from drills.planning.calendar.zones import clock_changes
from scenarios.visible_text import CONTROL

__all__ = ["Feed", "Reader", "feed"]

Reader = Literal["players", "facilitators"]
"""Who reads it: facilitators also see the windows of surprises."""
_LINE = 75
"""Octets in a line; longer ones are folded."""


class Feed(NamedTuple):
    """What a feed says besides its slots."""

    title: str
    """The team's name as people read it."""
    zone: ZoneInfo
    """The zone of its times."""
    stamp: datetime
    """When it was made."""
    versions: Mapping[str, int] = {}
    """How often each slot was changed, by its name; nothing means never."""
    cancelled: frozenset[str] = frozenset()
    """The names of slots that were there and will not be."""
    reminder: int | None = None
    """So many minutes before a drill its readers are reminded; None means not."""


def feed(slots: Iterable[Slot], said: Feed, reader: Reader) -> bytes:
    """The calendar. Players see what comes on time, facilitators the windows of surprises as well.

    It names neither an incident nor whose turn it is: whoever has the address could be anybody.
    """
    shown = [one for one in slots if _is_shown(one, said, reader)]
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Drillroom//Drillroom//EN", "METHOD:PUBLISH"),
        *("CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(f'Drills: {said.title}')}"),
        *("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"),
        *_zone(said.zone, shown),
        *(line for one in shown for line in _event(one, said)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _is_shown(slot: Slot, said: Feed, reader: Reader) -> bool:
    if slot.is_surprise:
        return reader == "facilitators" and (not slot.skipped or slot.name in said.cancelled)
    return slot.start is not None or slot.name in said.cancelled


def _event(slot: Slot, said: Feed) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(slot.name)}@drillroom"
    yield f"DTSTAMP:{_utc(said.stamp)}"
    yield f"SEQUENCE:{said.versions.get(slot.name, 0)}"
    if slot.is_surprise:
        yield f"DTSTART;VALUE=DATE:{_day(slot.day)}"
        yield f"DTEND;VALUE=DATE:{_day(slot.last + timedelta(1))}"
        yield "TRANSP:TRANSPARENT"
        yield f"SUMMARY:{_text(f'Drill by surprise: {said.title}')}"
        yield f"DESCRIPTION:{_text('Somewhere in these days there may be a drill. It will say that it is one.')}"
    else:
        start = slot.starts_at or _would_start(slot, said.zone)
        yield f"DTSTART;TZID={said.zone.key}:{start.astimezone(said.zone):%Y%m%dT%H%M%S}"
        yield f"DURATION:PT{slot.minutes}M"
        yield f"SUMMARY:{_text(f'Drill: {said.title}')}"
        yield f"DESCRIPTION:{_text('This is a drill. Everything that it sends says so.')}"
    yield f"STATUS:{'CANCELLED' if slot.name in said.cancelled else 'CONFIRMED'}"
    if said.reminder is not None and not slot.is_surprise and slot.name not in said.cancelled:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{said.reminder}M")
        yield from (f"DESCRIPTION:{_text(f'Drill: {said.title}')}", "END:VALARM")
    yield "END:VEVENT"


def _would_start(slot: Slot, where: ZoneInfo) -> datetime:
    assert slot.entry.at is not None  # noqa: S101 - every entry that is no surprise has a time
    return datetime.combine(slot.day, slot.entry.at, where)


def _zone(where: ZoneInfo, slots: Sequence[Slot]) -> Iterator[str]:
    """The zone's definition, for as long as it is needed."""
    timed = [one.starts_at or _would_start(one, where) for one in slots if not one.is_surprise]
    if not timed:
        return
    first, last = min(timed) - timedelta(370), max(timed) + timedelta(2)
    first = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    yield from ("BEGIN:VTIMEZONE", f"TZID:{where.key}")
    shown = first.astimezone(where)
    ahead = shown.utcoffset() or timedelta()
    yield from _observance(shown.replace(tzinfo=None), ahead, ahead, shown.tzname() or "", summer=bool(shown.dst()))
    for one in clock_changes(where, first, last.astimezone(UTC)):
        # It begins at what the clocks showed until then.
        begins = (one.at + one.before).replace(tzinfo=None)
        yield from _observance(begins, one.before, one.after, one.name, summer=one.summer)
    yield "END:VTIMEZONE"


def _observance(begins: datetime, before: timedelta, after: timedelta, name: str, *, summer: bool) -> Iterator[str]:
    kind = "DAYLIGHT" if summer else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{begins:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(before)}"
    yield f"TZOFFSETTO:{_offset(after)}"
    yield f"TZNAME:{_text(name)}"
    yield f"END:{kind}"


def _offset(ahead: timedelta) -> str:
    seconds = int(ahead.total_seconds())
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    rest = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{rest}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _day(at: date) -> str:
    return f"{at:%Y%m%d}"


def _text(said: str) -> str:
    """A text as a value: nothing in it can end the line, and nothing that cannot be seen is in it."""
    seen = CONTROL.sub("", said.replace("\r\n", "\n").replace("\r", "\n"))
    return seen.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, none of which ends within a character."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > _LINE:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part
