"""Who is there, and when a drill may be: hours, quiet times, holidays, absences and quorum, by the minute of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from drills.planning.calendar.bits import at_least, filled, starts
from drills.planning.calendar.hours import ALWAYS, WIDTH, Week, closed_days, open_minutes, week_of
from drills.planning.calendar.zones import midnight, zone
from scenarios.civil import DAY, DAYS_OF_WEEK, Quiet, Span, Weekday
from scenarios.days_off import days_off
from scenarios.schedule import Schedule
from scenarios.team import Member, Team

__all__ = ["Presence", "Stretch", "of_stretches"]

Stretch = tuple[int, int]
"""Minutes since 1970 in UTC: the first, and the one behind the last."""
_ALL_HOURS: Mapping[Weekday, tuple[Span, ...]] = dict.fromkeys(DAYS_OF_WEEK, (Span(0, DAY),))


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
        self._week = week_of(self.schedule.hours, self.schedule.quiet)
        self._weeks = {one.id: self._week_of(one) for one in self.team.members}
        self._alike = self._told_apart()
        self._known: dict[tuple[str, date], int] = {}
        self._rooms: dict[date, int] = {}
        self._holidays: dict[int, Mapping[date, str]] = {}

    def _week_of(self, member: Member) -> Week:
        """When a member works: their own hours, or the schedule's in a zone of their own, or else at any time."""
        hours = member.hours or (self.schedule.hours if member.timezone is not None else None)
        return ALWAYS if hours is None and not member.quiet else week_of(hours or _ALL_HOURS, member.quiet)

    def _told_apart(self) -> dict[str, str]:
        """For each member the first of those who are always there at the same times: what is known of one is of all."""
        first: dict[object, str] = {}
        found = {}
        for one in self.team.members:
            alone = one.quiet or one.id in self.away or one.id in self.busy
            key = one.id if alone else (self._weeks[one.id], one.timezone)
            found[one.id] = first.setdefault(key, one.id)
        return found

    def room(self, day: date) -> int:
        """The minutes from a day's midnight at which the schedule allows a drill to be, whoever is there."""
        if day not in self._rooms:
            zero = midnight(day, self.zone)
            found = open_minutes(self._week, self.zone, zero, day)
            if found and (self.schedule.holidays or self.schedule.quiet):
                found &= ~closed_days(self._closed, self.zone, zero, day)
            self._rooms[day] = found & ~of_stretches(self.shut, zero)
        return self._rooms[day]

    def _closed(self, day: date) -> bool:
        if day.year not in self._holidays:
            self._holidays[day.year] = days_off(self.schedule.holidays, day.year)
        return day in self._holidays[day.year] or _in_quiet(self.schedule.quiet, day)

    def of(self, member: str, day: date) -> int:
        """The minutes from a day's midnight, in the schedule's zone, at which a member is there."""
        key = (self._alike[member], day)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._of(self._members[member], day)
        return found

    def _of(self, member: Member, day: date) -> int:
        zero = midnight(day, self.zone)
        own = self.zone if member.timezone is None else zone(member.timezone)
        found = open_minutes(self._weeks[member.id], own, zero, day)
        if member.quiet or member.id in self.away:
            found &= ~closed_days(lambda one: self._out(member, one), own, zero, day)
        return found & ~of_stretches(self.busy.get(member.id, ()), zero)

    def _out(self, member: Member, day: date) -> bool:
        return self.is_away(member.id, day) or _in_quiet(member.quiet, day)

    def is_away(self, who: str, day: date) -> bool:
        """Whether somebody is away on a day of their own zone."""
        return any(first <= day <= last for first, last in self.away.get(who, ()))

    def eligible(self, day: date, minutes: int) -> int:
        """The minutes of a day from which a drill of that length may be, with a quorum to its end."""
        whole = self.room(day)
        room = starts(whole, minutes)
        if not room:
            return 0
        each = {one: starts(self.of(one, day) & whole, minutes) for one in set(self._alike.values())}
        there = {one: each[alike] for one, alike in self._alike.items()}
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


def _in_quiet(quiet: Sequence[Quiet], day: date) -> bool:
    """Whether a day lies in one of the quiet times that are days of the calendar."""
    return any(one.since <= day <= one.to for one in quiet if one.since is not None and one.to is not None)


def of_stretches(stretches: Iterable[Stretch], zero: int) -> int:
    """The minutes from `zero` on that lie in one of some stretches."""
    found = 0
    for start, end in stretches:
        found |= filled(start - zero, end - zero, WIDTH)
    return found
