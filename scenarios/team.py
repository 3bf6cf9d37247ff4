"""A team: who may be called, which roles each may take, and whose clock the papers use."""

from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, model_validator

from scenarios.base import Duration, Id, Line, Model
from scenarios.civil import Hours, Quiet

__all__ = ["Member", "OnCall", "Team", "is_zone"]

OnCall = Literal["desk", "meeting", "asleep"]
"""Where a call finds somebody."""


class Member(Model):
    """Somebody in the team."""

    id: Id
    """The short name that acts and logs use."""
    name: Line
    """The name that papers print. It is kept beside a log, never in it."""
    roles: list[Id] | None = None
    """The roles this member may take; nothing means any."""
    prefers: Id | None = None
    """The role this member takes when it is open."""
    on_call: OnCall | None = None
    """Where a call finds this member if simulated: at the `desk` (the default), in a `meeting`, or `asleep`."""
    since: Duration | None = Field(default=None, alias="from", gt=0)
    """Drill time at which this member comes on duty, such as `8h` for a second shift: before that nobody can call them
    and they owe nothing; then an alert that went out reaches them. Nothing means from the start."""
    timezone: Line | None = None
    """The zone in which this member lives, if not the team's."""
    hours: Hours | None = None
    """When this member works, in their own zone. Nothing means the hours of the schedule: in their own zone if they
    have one."""
    quiet: list[Quiet] = Field(default=[], max_length=50)
    """When this member is never asked to a drill, in their own zone."""
    email: Line | None = None
    """Where the situation report and alerts would go. It is kept beside a log, never in it."""


class Team(Model):
    """The people who rehearse together."""

    team: Id
    """Its name."""
    title: Line
    """Its name as people read it."""
    timezone: Line = "UTC"
    """The zone whose times of day the papers print, such as America/Chicago."""
    first_responder: Id | None = None
    """Who hears of an incident first; nothing means the first member."""
    members: list[Member] = Field(min_length=1, max_length=500)
    """The members. An unanswered report goes down this list."""
    ready: float = Field(default=80.0, ge=1, le=100)
    """The level, in points of a total before caps, from which this team counts as ready."""
    facilitators: list[Id] = []
    """Ids of those who run the drill and do not play."""
    evaluators: list[Id] = []
    """Ids of those who rate what no log can."""
    stakeholders: list[Line] = []
    """Who is sent the situation report, by title, such as Head of Operations."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        ids = [member.id for member in self.members] + self.facilitators + self.evaluators
        doubled = sorted({name for name in ids if ids.count(name) > 1})
        if doubled:
            raise ValueError(f"an id is used twice: {', '.join(doubled)}")
        first = next((one for one in self.members if self.first_responder in (None, one.id)), None)
        if first is None:
            raise ValueError(f"the first responder {self.first_responder!r} is not a member")
        if first.since is not None:
            raise ValueError(f"the first responder {first.id!r} must be on duty from the start; take their `from` out")
        for zone in (self.timezone, *(member.timezone for member in self.members)):
            if zone is not None and not is_zone(zone):
                raise ValueError(f"there is no time zone {zone!r}; write it like Europe/Berlin or UTC")
        return self


_NO_PLACE = {"Factory", "localtime", "posixrules"}
"""Entries of the zone database that are not the time of any place, or that of whatever machine it is."""
_OTHER_CLOCKS = ("posix/", "right/")
"""Copies of all zones, the second with leap seconds."""


def is_zone(name: str) -> bool:
    """Whether there is a time zone of that name, which means the same on every machine."""
    if name in _NO_PLACE or name.startswith(_OTHER_CLOCKS):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for the name of a region, and for one too long
        return False
    return True
