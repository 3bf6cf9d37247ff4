"""A schedule as sentences: what its entries mean, and what a slot is, for people who never saw the file."""

from collections.abc import Iterable
from datetime import datetime

from drills.planning.calendar.slots import Slot
from scenarios.base import format_duration
from scenarios.civil import Every, weekday_words
from scenarios.schedule import Choice, Entry

__all__ = ["entry_words", "moment", "when"]


def when(entry: Entry) -> str:
    """When an entry comes, as the beginning of a sentence."""
    if entry.once is not None:
        return f"On {_day(datetime.combine(entry.once, datetime.min.time()))}"
    if entry.surprise is not None:
        length = _days(entry.surprise.days)
        often = "" if entry.surprise.maybe >= 1 else f", {entry.surprise.maybe:.0%} of the time"
        apart = f", at least {_days(entry.surprise.days_apart)} apart" if entry.surprise.days_apart else ""
        return f"By surprise, once in {length}{often}{apart}"
    if entry.rrule is not None:
        return f"By the rule {entry.rrule}"
    assert entry.every is not None  # noqa: S101
    if entry.on is None:
        return "Every day" if entry.every.count == 1 else f"Every {_nth(entry.every)} day"
    days = weekday_words(entry.on)
    if days == "every day":
        return "Every day"
    return f"Every {days}" if entry.every.count == 1 else f"Every {_nth(entry.every)} {days}"


_ORDINALS = {2: "second", 3: "third", 4: "fourth"}


def _nth(every: Every) -> str:
    return _ORDINALS.get(every.count, f"{every.count}th")


def _days(days: int) -> str:
    weeks, rest = divmod(days, 7)
    count, unit = (weeks, "week") if not rest and weeks else (days, "day")
    return f"a {unit}" if count == 1 else f"{count} {unit}s"


def _day(at: datetime) -> str:
    return f"{at:%A}, {at.day} {at:%B %Y}"


def entry_words(entry: Entry, zone: str = "") -> str:
    """An entry in one sentence; `zone` is the one of its times, if that is to be said."""
    at = f" at {entry.at:%H:%M}" if entry.at is not None else ""
    place = f", {zone.rpartition('/')[2].replace('_', ' ')} time" if zone else ""
    return f"{when(entry)}{at}{place}; {format_duration(entry.lasts)}; {_incident(entry)}."


def _incident(entry: Entry) -> str:
    if not isinstance(entry.scenario, Choice):
        return "a random incident" if entry.scenario == "random" else f"the incident {entry.scenario}"
    wanted = entry.scenario
    levels = f" of severity {_either(map(str, wanted.severity))}" if wanted.severity else ""
    tags = f" about {_either(wanted.tags)}" if wanted.tags else ""
    return f"an incident{levels}{tags} that was seen longest ago"


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def moment(slot: Slot, at: datetime | None) -> str:
    """When a slot is, in its zone: a day and a time, a window, or the day on which it would have been."""
    if at is not None:
        return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"
    if slot.last != slot.day:
        return f"{slot.day:%a} {slot.day.day} {slot.day:%b} to {slot.last:%a} {slot.last.day} {slot.last:%b %Y}"
    return f"{slot.day:%a} {slot.day.day} {slot.day:%b %Y}"
