"""What rules a time out, in words for everybody: of people it says how many are available, and never why not."""

from collections.abc import Iterator
from datetime import date, timedelta

from drills.planning.calendar.bits import filled
from drills.planning.calendar.hours import WIDTH
from drills.planning.calendar.presence import Presence, of_stretches
from drills.planning.calendar.zones import midnight
from scenarios.civil import DAYS_OF_WEEK, weekday_words
from scenarios.days_off import days_off

__all__ = ["obstacle"]


def obstacle(presence: Presence, day: date, at: int, minutes: int) -> str:
    """The first thing that rules out a drill from a minute of a day on; nothing if nothing does."""
    return next(_obstacles(presence, day, at, minutes), "")


def _obstacles(presence: Presence, day: date, at: int, minutes: int) -> Iterator[str]:
    plan, wanted = presence.schedule, filled(at, at + minutes, WIDTH)
    found = days_off(plan.holidays, day.year).get(day)
    if found is not None:
        yield f"a holiday: {found}"
    for pause in plan.quiet:
        if pause.since is not None and pause.to is not None and pause.since <= day <= pause.to:
            yield f"quiet from {pause.since} to {pause.to}" + (f": {pause.why}" if pause.why else "")
    if of_stretches(presence.shut, midnight(day, presence.zone)) & wanted:
        yield "a real incident, or the rest after it"
    if presence.room(day) & wanted != wanted:
        name = DAYS_OF_WEEK[day.weekday()]
        hours = ", ".join(map(str, plan.hours.get(name, ())))
        said = f"{weekday_words((name,))} {hours}" if hours else f"none on a {weekday_words((name,))}"
        yield f"outside the hours or in a quiet time ({said})"
    there = presence.there(day, at, minutes)
    quorum = plan.quorum
    people = quorum.people if quorum.people is not None else min(2, len(presence.team.members))
    if len(there) < people:
        yield f"{len(there)} of {people} people are available"
    for role in quorum.roles:
        if not any(presence.may_take(one, [role]) for one in there):
            yield f"nobody who is available may take the role {role}"
    if quorum.roles:
        yield f"the roles {', '.join(quorum.roles)} need as many different people"
    length = midnight(day + timedelta(1), presence.zone) - midnight(day, presence.zone)
    if not 0 <= at < length:
        yield "it is not on that day"
