"""Who is there, and when a drill may be: hours, quiet times, holidays, absences and quorum, by the minute of a day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from drills.planning.calendar.bits import at_least, filled, starts
from drills.planning.calendar.zones import midnight, minute, zone
from scenarios.civil import DAY, DAYS_OF_WEEK, Quiet, Span, Weekday
from scenarios.days_off import days_off
from scenarios.schedule import Schedule
from scenarios.team import Member, Team

__all__ = ["WIDTH", "Presence", "Stretch", "of_stretches"]

WIDTH = 2 * DAY
"""A day and the next: a drill may go on after midnight."""
Stretch = tuple[int, int]
"""Minutes since 1970 in UTC: the first, and the one behind the last."""
Open = Mapping[Weekday, tuple[Span, ...]]
Closed = Callable[[date], bool]


@dataclass
class Presence:
    """A team under its schedule."""

    schedule: Schedule
    team: Team
    away: Mapping[str, Sequence[tuple[date, date]]] = field(default_factory=dict)
    """Days on which members are away, first and last included, by their ids."""
    busy: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)
    """When members are taken, by other drills or by being on call, by their ids."""
    shut: Sequence[Stretch] = ()
    """When nothing may be, such as a real incident and the rest after it."""

    def __post_init__(self) -> None:
        """Read the zones once."""
        self.zone = zone(self.schedule.timezone or self.team.timezone)
        self._members = {one.id: one for one in self.team.members}
        self._known: dict[tuple[str, date], int] = {}
        self._windows: dict[date, int] = {}

    def room(self, day: date) -> int:
        """The minutes from a day's midnight at which the schedule allows a drill to be, whoever is there."""
        if day not in self._windows:
            zero, plan = midnight(day, self.zone), self.schedule
            found = _of_days(plan.hours, plan.quiet, self.zone, day, zero, self._closed)
            self._windows[day] = found & ~of_stretches(self.shut, zero)
        return self._windows[day]

    def _closed(self, day: date) -> bool:
        return day in days_off(self.schedule.holidays, day.year)

    def of(self, member: str, day: date) -> int:
        """The minutes from a day's midnight, in the schedule's zone, at which a member is there."""
        key = (member, day)
        if key not in self._known:
            self._known[key] = self._of(self._members[member], day)
        return self._known[key]

    def _of(self, member: Member, day: date) -> int:
        zero = midnight(day, self.zone)
        own = self.zone if member.timezone is None else zone(member.timezone)
        hours = member.hours or (self.schedule.hours if member.timezone is not None else _ALWAYS)
        found = _of_days(hours, member.quiet, own, day, zero, lambda one: self.is_away(member.id, one))
        return found & ~of_stretches(self.busy.get(member.id, ()), zero)

    def is_away(self, who: str, day: date) -> bool:
        """Whether somebody is away on a day of their own zone."""
        return any(first <= day <= last for first, last in self.away.get(who, ()))

    def eligible(self, day: date, minutes: int) -> int:
        """The minutes of a day from which a drill of that length may be, with a quorum to its end."""
        room = starts(self.room(day), minutes)
        if not room:
            return 0
        there = {one: starts(self.of(one, day) & self.room(day), minutes) for one in self._members}
        length = midnight(day + timedelta(1), self.zone) - midnight(day, self.zone)
        return room & self._quorum(there) & filled(0, length, WIDTH)

    def _quorum(self, there: Mapping[str, int]) -> int:
        """The minutes at which enough are there. For roles by Hall's theorem: any n of them need n different people."""
        quorum = self.schedule.quorum
        people = quorum.people if quorum.people is not None else min(2, len(there))
        found = at_least(people, there.values())
        for size in range(1, len(quorum.roles) + 1):
            for roles in combinations(quorum.roles, size):
                able = [minutes for one, minutes in there.items() if self.may_take(one, roles)]
                found &= at_least(size, able)
        return found

    def may_take(self, member: str, roles: Iterable[str]) -> bool:
        """Whether a member may take one of the roles."""
        own = self._members[member].roles
        return own is None or not set(own).isdisjoint(roles)

    def there(self, day: date, start: int, minutes: int) -> list[str]:
        """Who is there from a minute of a day on for so long, in the order of the team's file."""
        wanted = filled(start, start + minutes, WIDTH)
        return [one for one in self._members if self.of(one, day) & wanted == wanted]

    def instant(self, day: date, start: int) -> int:
        """The minute since 1970 in UTC of a minute from a day's midnight."""
        return midnight(day, self.zone) + start


_ALWAYS: Open = dict.fromkeys(DAYS_OF_WEEK, (Span(0, DAY),))


def _of_days(hours: Open, quiet: Sequence[Quiet], where: ZoneInfo, day: date, zero: int, closed: Closed) -> int:
    """The minutes from `zero` on within the hours of a zone's days around one, without quiet times and closed days."""
    found = none = 0
    for one in (day + timedelta(n) for n in range(-2, 4)):
        name = DAYS_OF_WEEK[one.weekday()]
        if closed(one):
            none |= _filled(one, Span(0, DAY), where, zero)
        for span in hours.get(name, ()):
            found |= _filled(one, span, where, zero)
        for pause in quiet:
            if pause.since is not None and pause.to is not None:
                if pause.since <= one <= pause.to:
                    none |= _filled(one, Span(0, DAY), where, zero)
            elif pause.every is not None and name in pause.every:
                for span in pause.at or ():
                    none |= _filled(one, span, where, zero)
    return found & ~none


def _filled(day: date, span: Span, where: ZoneInfo, zero: int) -> int:
    return filled(minute(day, span.start, where) - zero, minute(day, span.end, where) - zero, WIDTH)


def of_stretches(stretches: Iterable[Stretch], zero: int) -> int:
    """The minutes from `zero` on that lie in one of some stretches."""
    found = 0
    for start, end in stretches:
        found |= filled(start - zero, end - zero, WIDTH)
    return found
