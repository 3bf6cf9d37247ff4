"""From times of day to instants, by the zone data that the program brings along.

A machine's own data may be older, and two servers could disagree on when a drill starts.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

import tzdata

from scenarios.civil import DAY

__all__ = ["VERSION", "Change", "clock_changes", "instant", "midnight", "minute", "zone"]

VERSION = tzdata.IANA_VERSION
"""The version of the zone data, such as 2026a."""
_EPOCH = date(1970, 1, 1)


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name. The name has been checked where it was authored."""
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def instant(day: date, at: time, where: ZoneInfo) -> datetime:
    """When a clock in a zone shows a time, in UTC.

    A time that the clock skips in spring is as much later as the clock is put forward; of one that it shows twice in
    autumn, it is the first.
    """
    return datetime.combine(day, at, where).astimezone(UTC)


def minute(day: date, of_day: int, where: ZoneInfo) -> int:
    """The minute since 1970 in UTC at which a clock shows a minute of a day; minutes from 1,440 on are of the next."""
    days, rest = divmod(of_day, DAY)
    found = instant(day + timedelta(days), time(rest // 60, rest % 60), where)
    return int(found.timestamp()) // 60


@lru_cache(maxsize=65_536)
def midnight(day: date, where: ZoneInfo) -> int:
    """The minute since 1970 in UTC at which a day begins in a zone."""
    return minute(day, 0, where)


class Change(NamedTuple):
    """A moment at which clocks in a zone are changed."""

    at: datetime
    """The moment, in UTC."""
    before: timedelta
    """How far the clocks were ahead of UTC until then."""
    after: timedelta
    """How far they are from then on."""
    name: str
    """What that time is called, such as CEST."""
    summer: bool
    """Whether it is summer time."""


def clock_changes(where: ZoneInfo, first: datetime, last: datetime) -> Iterator[Change]:
    """The changes between two instants, in order; found to the second."""
    at = first
    while at < last:
        then = min(last, at + timedelta(days=1))
        before, after = _ahead(at, where), _ahead(then, where)
        if before != after:
            low, high = at, then
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _ahead(middle, where) == before else (low, middle)
            shown = high.astimezone(where)
            yield Change(high, before, after, shown.tzname() or "", bool(shown.dst()))
        at = then


def _ahead(at: datetime, where: ZoneInfo) -> timedelta:
    return at.astimezone(where).utcoffset() or timedelta()
