"""The days on which something comes that comes again and again. No zone, no clock, no chance."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from scenarios.civil import DAYS_OF_WEEK
from scenarios.schedule import Entry, Surprise

__all__ = ["days", "windows"]

_ANCHOR = date(2000, 1, 3)
"""A Monday, from which rules without a first day are counted; they have no interval, so it moves nothing."""
_CYCLES = 19 * 400
"""Years after which the calendar has repeated itself 19 times, days of the week included."""


def days(entry: Entry, first: date, last: date) -> Iterator[date]:
    """The days of an entry from `first` to `last`, both included, in order; none for a surprise."""
    if entry.once is not None:
        if first <= entry.once <= last:
            yield entry.once
        return
    last = min(last, entry.until or last)
    if entry.rrule is not None:
        yield from _by_rule(entry.rrule, entry.since or _ANCHOR, first, last)
    elif entry.every is not None and entry.on is None:
        yield from _every_days(entry.every.count, entry.since or _ANCHOR, max(first, entry.since or first), last)
    elif entry.every is not None and entry.on is not None:
        yield from _on_weekdays(entry, max(first, entry.since or first), last)


def _every_days(count: int, since: date, first: date, last: date) -> Iterator[date]:
    at = first + timedelta((since - first).days % count)
    while at <= last:
        yield at
        at += timedelta(count)


def _on_weekdays(entry: Entry, first: date, last: date) -> Iterator[date]:
    assert entry.every is not None and entry.on is not None  # noqa: S101, PT018
    wanted = [DAYS_OF_WEEK.index(one) for one in entry.on]
    weeks = entry.every.count if entry.every.unit == "week" else 1
    since = entry.since or _ANCHOR
    begin = since - timedelta(since.weekday())
    monday = first - timedelta(first.weekday())
    monday += timedelta(7 * (-((monday - begin).days // 7) % weeks))
    while monday <= last:
        for number in wanted:
            at = monday + timedelta(number)
            if first <= at <= last:
                yield at
        monday += timedelta(7 * weeks)


def _by_rule(rule: str, since: date, first: date, last: date) -> Iterator[date]:
    from dateutil.rrule import rrulestr

    if last < first:
        return
    start, until = _later(since), _later(last)
    found = rrulestr(f"{rule};UNTIL={until:%Y%m%d}", dtstart=start)
    for at in found.between(_later(first), until, inc=True):
        yield at.replace(year=at.year - _CYCLES).date()


def _later(day: date) -> datetime:
    """The same day as many cycles later: dateutil looks for days that never come until the year 9999."""
    return datetime(day.year + _CYCLES, day.month, day.day)  # noqa: DTZ001 - days alone


def windows(surprise: Surprise, last: date) -> Iterator[tuple[date, date]]:
    """The windows of a surprise that begin by `last`, each with its first day and its last."""
    at = surprise.since
    while at <= last:
        yield at, at + timedelta(surprise.days - 1)
        at += timedelta(surprise.days)
