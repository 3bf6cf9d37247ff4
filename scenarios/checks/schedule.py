"""Checks of schedules and absences: everybody and everything that they name is there, and drills fit their hours."""

from collections.abc import Collection, Iterator, Sequence

from scenarios.absences import Absences
from scenarios.checks.base import finding, unknown
from scenarios.civil import DAY, DAYS_OF_WEEK, Span, Weekday, weekday_words
from scenarios.days_off import check_place
from scenarios.problem import Problem
from scenarios.schedule import Entry, Schedule, Turn
from scenarios.source import Path, Source
from scenarios.team import Team, is_zone

__all__ = ["check_absences", "check_schedule"]


def check_schedule(
    schedule: Schedule,
    source: Source,
    team: Team | None,
    *,
    teams: Sequence[str],
    scenarios: Sequence[str],
    protocols: Sequence[str],
    roles: Sequence[str],
) -> Iterator[Problem]:
    """The problems of a schedule; `team` is its team if there is one, the others are the names that there are."""
    if schedule.team not in teams:
        yield unknown(source, ("team",), "team", schedule.team, teams)
    if schedule.timezone is not None and not is_zone(schedule.timezone):
        message = f"there is no time zone {schedule.timezone!r}"
        yield finding(source, ("timezone",), message, "write it like Europe/Berlin or UTC")
    for place, name in enumerate(schedule.holidays):
        try:
            check_place(name)
        except ValueError as error:
            yield finding(source, ("holidays", place), str(error), "")
    if team is not None:
        yield from _check_quorum(schedule, source, team, roles)
    for place, entry in enumerate(schedule.drills):
        path: Path = ("drills", place)
        yield from _check_hours(schedule, entry, source, path)
        if isinstance(entry.scenario, str) and entry.scenario not in ("random", *scenarios):
            yield unknown(source, (*path, "scenario"), "scenario", entry.scenario, ["random", *scenarios])
        if entry.protocol is not None and entry.protocol not in protocols:
            yield unknown(source, (*path, "protocol"), "protocol", entry.protocol, protocols)
        if team is not None:
            yield from _check_people(entry, source, path, team, roles)


def _check_quorum(schedule: Schedule, source: Source, team: Team, roles: Sequence[str]) -> Iterator[Problem]:
    quorum, members = schedule.quorum, team.members
    if quorum.people is not None and quorum.people > len(members):
        message = f"the team has {len(members)} members, so {quorum.people} are never there"
        yield finding(source, ("quorum", "people"), message, "ask for fewer people")
    for place, role in enumerate(quorum.roles):
        if role not in roles:
            yield unknown(source, ("quorum", "roles", place), "role", role, roles)
        elif not any(one.roles is None or role in one.roles for one in members):
            message = f"no member may take the role {role!r}, so no time is eligible"
            yield finding(source, ("quorum", "roles", place), message, "add it to the `roles` of a member")


def _check_hours(schedule: Schedule, entry: Entry, source: Source, path: Path) -> Iterator[Problem]:
    """Whether there is any day on which a drill fits the hours, and whether some of its days never do."""
    days = entry.on or DAYS_OF_WEEK
    if entry.once is not None:
        days = (DAYS_OF_WEEK[entry.once.weekday()],)
    minutes = -(-entry.lasts // 60_000)
    bad = [one for one in days if not _fits(schedule, entry, one, minutes)]
    if not bad or (len(bad) < len(days) and entry.on is None):
        return
    if entry.at is None:
        message = f"it lasts {minutes} minutes, longer than any stretch of the hours"
        yield finding(source, (*path, "id"), message, "let it be shorter, or the hours longer")
        return
    shown = weekday_words(tuple(bad)) if len(bad) < len(DAYS_OF_WEEK) else "any day"
    end = entry.at.hour * 60 + entry.at.minute + minutes
    day = [Span(max(0, one.start), min(DAY, one.end)) for one in _joined(schedule, bad[0])]
    hours = ", ".join(str(one) for one in day if one.start < one.end) or "none"
    message = f"{Span(entry.at.hour * 60 + entry.at.minute, end)} is outside the hours on {shown} ({hours})"
    yield finding(source, (*path, "at"), message, "a drill lies wholly inside: move it, or change `hours`")


def _fits(schedule: Schedule, entry: Entry, day: Weekday, minutes: int) -> bool:
    spans = _joined(schedule, day)
    if entry.at is None:
        return any(span.end - span.start >= minutes for span in spans)
    start = entry.at.hour * 60 + entry.at.minute
    return any(span.start <= start and start + minutes <= span.end for span in spans)


def _joined(schedule: Schedule, day: Weekday) -> list[Span]:
    """The hours of a day with what goes over from the day before and into the next one, joined where they meet."""
    number, found = DAYS_OF_WEEK.index(day), list[Span]()
    for shift in (-1, 0, 1):
        for span in schedule.hours.get(DAYS_OF_WEEK[(number + shift) % 7], ()):
            found.append(Span(span.start + shift * DAY, span.end + shift * DAY))
    made: list[Span] = []
    for span in sorted(found):
        if made and span.start <= made[-1].end:
            made[-1] = Span(made[-1].start, max(made[-1].end, span.end))
        else:
            made.append(span)
    return made


def _check_people(entry: Entry, source: Source, path: Path, team: Team, roles: Sequence[str]) -> Iterator[Problem]:
    members = [one.id for one in team.members]
    turns: list[tuple[str, Turn | None, Sequence[str], str]] = [
        ("first_responder", entry.turns.first_responder, [*members, *roles], "member or role"),
        ("suggested_commander", entry.turns.suggested_commander, [*members, *roles], "member or role"),
        ("facilitator", entry.turns.facilitator, team.facilitators, "facilitator"),
    ]
    for name, turn, known, kind in turns:
        for place, one in enumerate(turn.among if turn else ()):
            if one not in known:
                yield unknown(source, (*path, "turns", name, "among", place), kind, one, known)
    if entry.facilitator == "person" and not team.facilitators and entry.turns.facilitator is None:
        message = f"the team {team.team!r} has no facilitators"
        yield finding(source, (*path, "facilitator"), message, "name some in the team's file, or say `engine`")
    if entry.on_call is not None and entry.on_call.cover is not None and entry.on_call.cover not in members:
        yield unknown(source, (*path, "on_call", "cover"), "member", entry.on_call.cover, members)


def check_absences(absences: Absences, source: Source, people: Collection[str]) -> Iterator[Problem]:
    """Everybody who is away is in a team."""
    for place, one in enumerate(absences.absences):
        if people and one.who not in people:
            yield unknown(source, ("absences", place, "who"), "person", one.who, sorted(people))
