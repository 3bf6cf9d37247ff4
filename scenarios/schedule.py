"""A schedule: when a team's drills come, on time or as a surprise, who leads, what they play, and what stops them."""

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from scenarios.base import Chance, Duration, Id, Line, Model
from scenarios.civil import (
    DAYS_OF_WEEK,
    Clock,
    Day,
    Frequency,
    Hours,
    Length,
    Quiet,
    Span,
    Weekdays,
    weekday_words,
)

__all__ = [
    "MOST_ENTRIES",
    "Away",
    "Choice",
    "Entry",
    "Hold",
    "OnCallFeed",
    "Quorum",
    "Schedule",
    "Sources",
    "Surprise",
    "Tell",
    "Turn",
    "Turns",
]

MOST_ENTRIES = 200
"""In one schedule; a team that drilled twice a day would need fourteen."""
_MILLISECONDS_A_DAY = 24 * 3_600_000
_RARER_THAN_HOURS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO", "WKST")
_RULE = re.compile(r"[A-Z0-9=;,+-]+", re.ASCII)
_BEFORE = re.compile(r"(.+) before", re.ASCII)

Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]
"""The name of a setting in the environment, which keeps a secret address out of the file."""
Severity = Annotated[int, Field(ge=0, le=9)]


class Quorum(Model):
    """Who must be there, or else a time is not eligible."""

    people: int | None = Field(default=None, ge=1, le=500)
    """At least so many members; nothing means two, or the one that there is."""
    roles: list[Id] = Field(default=[], max_length=8)
    """Roles that must be taken by as many different members."""


class Surprise(Model):
    """A drill whose time is drawn, once in each window."""

    once_in: Length
    """How long a window is, in whole days, such as 2 weeks."""
    since: Day = Field(alias="from")
    """The first day of the first window."""
    apart: Length | None = None
    """At least so far from the one before."""
    maybe: Chance = 1.0
    """The chance that a window has one at all; below 100%, the last day of a window is no certainty."""

    @model_validator(mode="after")
    def _whole_days(self) -> Self:
        for name, value in (("once_in", self.once_in), ("apart", self.apart or 0)):
            if value % _MILLISECONDS_A_DAY:
                raise ValueError(f"`{name}` is in whole days, such as 2 weeks or 4 days")
        if not _MILLISECONDS_A_DAY <= self.once_in <= 366 * _MILLISECONDS_A_DAY:
            raise ValueError("`once_in` is between a day and a year")
        if (self.apart or 0) >= self.once_in:
            raise ValueError("`apart` must be shorter than `once_in`, or else a window can have no day left")
        return self

    @property
    def days(self) -> int:
        """How many days a window has."""
        return self.once_in // _MILLISECONDS_A_DAY

    @property
    def days_apart(self) -> int:
        """How many days must lie between two of them, at least."""
        return (self.apart or 0) // _MILLISECONDS_A_DAY


class Turn(Model):
    """Whose turn something can be."""

    among: list[Id] = Field(min_length=1, max_length=500)
    """Members, or roles that stand for all who may take them."""
    other_than: Literal["first_responder", "suggested_commander"] | None = Field(default=None, alias="not")
    """Whoever has this turn in the same drill cannot have this one."""


class Turns(Model):
    """Who leads, in turns. What is left out is everybody's turn who may do it."""

    first_responder: Turn | None = None
    """Who hears of the incident first."""
    suggested_commander: Turn | None = None
    """Who is asked to command it."""
    facilitator: Turn | None = None
    """Who runs the drill."""

    @model_validator(mode="after")
    def _no_circle(self) -> Self:
        first, commander = self.first_responder, self.suggested_commander
        for name, turn in (("first_responder", first), ("suggested_commander", commander)):
            if turn is not None and turn.other_than == name:
                raise ValueError(f"`{name}` cannot be `not` itself")
        if first is not None and first.other_than and commander is not None and commander.other_than:
            raise ValueError("only one of the two turns can be `not` the other")
        return self


class Away(Model):
    """Where it is written who is away; reasons are never asked for."""

    file: Line | None = Field(default=None, alias="from")
    """A file of absences, such as absences.yaml, beside this one or in the workspace."""
    also: Variable | None = None
    """The setting in the environment that holds the address of a leave calendar (ICS)."""


class Choice(Model):
    """Which incident is played: one that a team has not seen lately."""

    pick: Literal["least_recently_seen"] = "least_recently_seen"
    """How one is chosen of those that fit; a tie is drawn."""
    severity: list[Severity] | None = Field(default=None, min_length=1, max_length=10)
    """Its severity is one of these."""
    tags: list[Line] = Field(default=[], max_length=20)
    """It has at least one of these tags."""
    not_seen_for: Length | None = None
    """Nobody, or not everybody, has seen it for so long."""
    by: Literal["anybody", "everybody"] = "anybody"
    """Whose memory counts: with `anybody` one who saw it is enough, with `everybody` all must have."""


def _form(value: object) -> str:
    return "a choice" if isinstance(value, dict | Choice) else "a name"


Played = Annotated[Annotated[Id, Tag("a name")] | Annotated[Choice, Tag("a choice")], Discriminator(_form)]
"""An incident by name, or how one is chosen: what is wrong is said of the one that was meant."""


class Tell(Model):
    """Whom a drill is announced to who does not play in it."""

    bystanders: Annotated[Duration, BeforeValidator(lambda value: _before(value))] | None = None
    """So long before it starts, such as `15m before`."""


def _before(value: object) -> object:
    found = _BEFORE.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value


class OnCallFeed(Model):
    """Who is on call, by a calendar of the paging tool."""

    address: Variable = Field(alias="from")
    """The setting in the environment that holds the address of the calendar (ICS)."""
    who: Literal["first_responder", "never"] = "never"
    """What being on call means for a drill: they hear of it first, or they are left alone."""
    cover: Id | None = None
    """Who takes real pages while they are in a drill."""

    @model_validator(mode="after")
    def _covered(self) -> Self:
        if self.who == "first_responder" and self.cover is None:
            raise ValueError("name a `cover`, who takes real pages while the person on call is in the drill")
        return self


class Sources(Model):
    """Where real incidents are learned of."""

    pagerduty: list[Line] = Field(default=[], max_length=20)
    """Priorities or urgencies of PagerDuty, such as P1."""
    alertmanager: dict[Line, Line] | None = Field(default=None, max_length=20)
    """Labels that an alert of Alertmanager has, such as `severity: critical`."""


class Hold(Model):
    """What happens to drills while there is a real incident."""

    when: Literal["incident"] = "incident"
    """What holds them."""
    sources: Sources = Field(default=Sources(), alias="from")
    """Where real incidents are learned of, beside the switch in the room and `drillroom hold`."""
    at_most: Duration = Field(default=4 * 3_600_000, gt=0)
    """After so long a facilitator is asked; it is never lifted by itself."""
    after: Duration = 3_600_000
    """Rest after a real incident."""
    then: Literal["within_window", "next_slot", "skip"] = "within_window"
    """What becomes of the drill: drawn again in what is left of its window, put to the next slot, or left out."""


class Entry(Model):
    """Drills that come again and again, or once."""

    id: Id
    """Its name; a drill's identity is this and its day, so a new name means new drills."""
    every: Frequency | None = None
    """How often, such as `week` or `2 weeks`."""
    on: Weekdays | None = None
    """The days of the week."""
    since: Day | None = Field(default=None, alias="from")
    """The first day; with `2 weeks` it says which weeks."""
    until: Day | None = None
    """The last day."""
    once: Day | None = None
    """The one day on which it comes."""
    rrule: Annotated[str, StringConstraints(max_length=200)] | None = None
    """A rule of RFC 5545 for what is rarer, such as FREQ=MONTHLY;BYDAY=-1FR."""
    surprise: Surprise | None = None
    """Its time is drawn."""
    at: Clock | None = None
    """The time of day at which it starts, in the schedule's zone."""
    lasts: Duration = Field(default=3_600_000, ge=5 * 60_000, le=12 * 3_600_000)
    """How long it takes with report, papers and hot wash."""
    scenario: Played = "random"
    """The incident: a name, `random`, or how one is chosen."""
    if_none: Literal["random", "repeat", "skip"] = "random"
    """What is played where none is left that was not seen: a random one, the one seen longest ago, or nothing."""
    protocol: Id | None = None
    """The protocol, if not the scenario's own."""
    turns: Turns = Turns()
    """Who leads."""
    away: Away = Away()
    """Where it is written who is away."""
    on_call: OnCallFeed | None = None
    """Who is on call."""
    facilitator: Literal["person", "engine"] | None = None
    """Who runs it: a facilitator of the team, or nobody. Nothing means a person where the team has facilitators."""
    fill: Literal["simulated"] | None = None
    """Whether simulated teammates play for whoever is missing."""
    retests: bool = False
    """Whether it retests a corrective action that is due, with a scenario that shows it."""
    tell: Tell = Tell()
    """Who else is told."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [name for name in ("every", "once", "rrule", "surprise") if getattr(self, name) is not None]
        if len(kinds) != 1:
            said = " and ".join(f"`{name}`" for name in kinds)
            raise ValueError(
                f"it has {said}; one of them" if kinds else "say when: `every`, `once`, `rrule` or `surprise`"
            )
        (kind,) = kinds
        self._check_fields(kind)
        self._check_start()
        if self.rrule is not None and needs_beginning(self.rrule) and self.since is None:
            raise ValueError("this rule needs `from`, the day with which it begins")
        return self

    def _check_fields(self, kind: str) -> None:
        if kind == "surprise" and self.at is not None:
            raise ValueError("the time of a surprise is drawn; leave `at` out")
        if kind != "surprise" and self.at is None:
            raise ValueError("say the time of day with `at`, such as `at: 14:00`")
        if self.on is not None and kind != "every":
            raise ValueError("`on` goes with `every`")
        if self.since is not None and kind in ("once", "surprise"):
            raise ValueError(f"`from` stands beside `{kind}`" + (", and belongs in it" if kind == "surprise" else ""))
        if self.until is not None and kind == "once":
            raise ValueError("`until` stands beside `once`")

    def _check_start(self) -> None:
        if self.every is None:
            return
        if self.every.unit == "week" and self.on is None:
            raise ValueError("say on which days of the week with `on`, such as `on: tuesday`")
        if self.every.unit == "day" and self.on is not None and self.every.count > 1:
            raise ValueError("`on` goes with weeks; `every: day` with `on` means each of those days")
        if self.every.count > 1 and self.since is None:
            raise ValueError(f"`every: {self.every}` needs `from`, which says in which one it begins")
        if self.since is not None and self.on is not None and DAYS_OF_WEEK[self.since.weekday()] not in self.on:
            shown = weekday_words((DAYS_OF_WEEK[self.since.weekday()],))
            raise ValueError(f"`from` is {self.since}, a {shown}, and `on` says {weekday_words(self.on)}")


def needs_beginning(rule: str) -> bool:
    """Whether a rule says which days it means only together with its first. Raises ValueError if it cannot be used."""
    parts = [part.partition("=")[::2] for part in rule.split(";")]
    said = dict(parts)
    if not _RULE.fullmatch(rule) or len(said) != len(parts):
        raise ValueError("a rule is written like FREQ=MONTHLY;BYDAY=-1FR, each part once")
    if said.get("FREQ") not in _RARER_THAN_HOURS:
        raise ValueError(f"FREQ is one of {', '.join(_RARER_THAN_HOURS)}")
    for name in said:
        if name not in _PARTS:
            raise ValueError(f"{name} has no place in a rule here; `at`, `from` and `until` say time and days")
    if said["FREQ"] == "DAILY" and said.keys() - {"FREQ", "INTERVAL", "BYDAY", "BYMONTH"}:
        raise ValueError("with FREQ=DAILY, only INTERVAL, BYDAY and BYMONTH; MONTHLY and YEARLY know days of the month")
    interval = said.get("INTERVAL", "1")
    if not re.fullmatch(r"[1-9]\d{0,2}", interval):
        raise ValueError("INTERVAL is a whole number from 1 to 999")
    from dateutil.rrule import rrulestr

    try:
        rrulestr(rule)
    except (ValueError, TypeError, KeyError, IndexError):
        raise ValueError("it is no rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR") from None
    named = said["FREQ"] == "DAILY" or bool(said.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"})
    return interval != "1" or not named


class Schedule(Model):
    """When a team's drills come."""

    schedule: Id
    """Its name."""
    team: Id
    """The team."""
    timezone: Line | None = None
    """The zone of all its times, if not the team's."""
    hours: Hours = dict.fromkeys(DAYS_OF_WEEK[:5], (Span(9 * 60, 17 * 60),))
    """When drills may be; a drill lies wholly inside. Nothing means Monday to Friday, 09:00 to 17:00."""
    holidays: list[Line] = Field(default=[], max_length=400)
    """Days without drills: those of a country or a part of it, such as DE or US-IL, and plain days."""
    quiet: list[Quiet] = Field(default=[], max_length=200)
    """Other times without drills."""
    quorum: Quorum = Quorum()
    """Who must be there."""
    firm: Length = 7 * _MILLISECONDS_A_DAY
    """So long before, time, people and incident are fixed."""
    grace: Duration = 15 * 60_000
    """What starts later than this is missed."""
    drills: list[Entry] = Field(min_length=1, max_length=MOST_ENTRIES)
    """What comes."""
    hold: Hold = Hold()
    """What stops them."""

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        ids = [entry.id for entry in self.drills]
        doubled = sorted({name for name in ids if ids.count(name) > 1})
        if doubled:
            raise ValueError(f"two drills have one id: {', '.join(doubled)}")
        return self
