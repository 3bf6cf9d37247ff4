"""Hours and quiet times as minutes of one day. On most days they are those of every week, moved to where the day is.

Only where the clocks change is each stretch looked up by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from drills.planning.calendar.bits import filled
from drills.planning.calendar.zones import midnight, minute
from scenarios.civil import DAY, DAYS_OF_WEEK, Quiet, Span, Weekday

__all__ = ["ALWAYS", "WIDTH", "Week", "closed_days", "open_minutes", "week_of"]

WIDTH = 2 * DAY
"""A day and the next: a drill may go on after midnight."""
_AROUND = range(-2, 4)
"""The days of another zone, counted from one, of which some minute can lie in that day or the next."""


class Week(NamedTuple):
    """What comes every week: for each day, its stretches of hours and of quiet time."""

    hours: tuple[tuple[Span, ...], ...]
    quiet: tuple[tuple[Span, ...], ...]


def week_of(hours: Mapping[Weekday, tuple[Span, ...]], quiet: Sequence[Quiet]) -> Week:
    """What of hours and quiet times comes every week."""
    pauses = [
        tuple(span for one in quiet if one.every is not None and name in one.every for span in one.at or ())
        for name in DAYS_OF_WEEK
    ]
    return Week(tuple(hours.get(name, ()) for name in DAYS_OF_WEEK), tuple(pauses))


ALWAYS = week_of(dict.fromkeys(DAYS_OF_WEEK, (Span(0, DAY),)), ())


@lru_cache(maxsize=1024)
def _pattern(spans: tuple[Span, ...]) -> int:
    found = 0
    for span in spans:
        found |= filled(span.start, span.end, WIDTH)
    return found


@lru_cache(maxsize=16_384)
def open_minutes(week: Week, where: ZoneInfo, zero: int, day: date) -> int:
    """The minutes from `zero` on that lie in the hours of a zone's days around one, and in no quiet time."""
    found = none = 0
    for one in _near(where, zero, day):
        number = one.weekday()
        found |= _placed(week.hours[number], where, zero, one)
        none |= _placed(week.quiet[number], where, zero, one)
    return found & ~none


def _near(where: ZoneInfo, zero: int, day: date) -> Iterator[date]:
    """The days of a zone of which a stretch can reach into the minutes from `zero` on."""
    for number in _AROUND:
        one = day + timedelta(number)
        if -WIDTH < midnight(one, where) - zero < WIDTH:
            yield one


def _placed(spans: tuple[Span, ...], where: ZoneInfo, zero: int, day: date) -> int:
    if not spans:
        return 0
    first = midnight(day, where)
    if midnight(day + timedelta(1), where) - first == DAY == midnight(day + timedelta(2), where) - first - DAY:
        shift = first - zero
        pattern = _pattern(spans)
        return (pattern << shift if shift >= 0 else pattern >> -shift) & _ALL
    found = 0
    for span in spans:
        found |= filled(minute(day, span.start, where) - zero, minute(day, span.end, where) - zero, WIDTH)
    return found


_ALL = (1 << WIDTH) - 1


def closed_days(closed: Callable[[date], bool], where: ZoneInfo, zero: int, day: date) -> int:
    """The minutes from `zero` on of a zone's days around one that are closed."""
    found = 0
    for one in _near(where, zero, day):
        if closed(one):
            found |= filled(midnight(one, where) - zero, midnight(one + timedelta(1), where) - zero, WIDTH)
    return found
