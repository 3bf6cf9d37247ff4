"""What random incidents are made of, as people write it in the folder `material`.

A text may hold slots in double angle brackets, which `phrases` fills when an incident is made, and names in single
braces, which stay for the drill.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from scenarios.base import Duration, Id, Line, Model, Percent, Prose
from scenarios.generate.company import Hit
from scenarios.guide import Hints
from scenarios.scenario import Name, Variable, Via

__all__ = [
    "Act",
    "Alarm",
    "Alarms",
    "Clue",
    "Course",
    "Fault",
    "Gauge",
    "Harm",
    "Innocent",
    "Look",
    "Looks",
    "Manner",
    "Opening",
    "Outsiders",
    "Peek",
    "Reflex",
    "Reflexes",
    "Role",
    "Talk",
    "Try",
    "Voice",
]

Role = Literal["incident_commander", "solutioneer", "communications", "first_responder"]
Ask = Literal["reply", "update", "publish", "log", "delegate", "take_role", "declare_severity"]
Figure = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value)]
"""A figure as texts write it; numbers may be written as such."""
Figures = dict[Name, Figure]


class Gauge(Model):
    """A signal before it is drawn."""

    title: Line
    unit: Line | Literal[""] = ""
    normal: float | int | list[float | int]
    """Its level when all is well, or the lowest and the highest that it may be drawn from."""
    incident: float | int | list[float | int] | Literal["rate", "rest", "same"]
    """Its level while the incident lasts: a number, a range, the share of attempts that fail, the share of the normal
    level that is left beside those, or the normal level."""
    noise: Percent = 0.0
    onset: Duration = 0
    recovery: Duration = 0
    starts: Duration = 0


class Voice(Model):
    """Something that somebody says to the team."""

    id: Id
    sender: Line = Field(alias="from")
    via: Via = "chat"
    text: Prose
    asks: Ask | None = None
    """What it asks of the one whom it reaches."""
    phase: Literal["first", "early", "middle", "late", "last", "any"] = "any"
    """Where in the incident it fits; what is `last` is said again and again."""
    broken: bool = False
    """Whether it makes sense only until the impact has ended."""
    theme: Id | None = None
    """What it is about; an incident has no two of one theme. Without one, its id."""
    alone: bool = False
    """Whether it is true only where nothing but the one service is unwell."""
    manners: list[Id] = []
    """The only manners of harm it fits; nothing means any."""
    watch: Prose | None = None
    """What the facilitator should watch for when it comes, after its time of day."""
    delay: Duration = 0
    """For what follows on an action: how long after it."""
    chance: float = Field(default=1.0, gt=0, le=1)
    """For what follows on an action: how likely it comes."""
    to: Role | Literal["everyone", "channel"] | None = None
    """For what follows on an action: whom it reaches."""


class Clue(Model):
    """What a look shows where it leads to the cause."""

    look: Id
    """Which look."""
    log: Prose | None = None
    """Lines of a log or a table, kept as they are, before what else it shows."""
    shows: list[Prose] = Field(min_length=1)
    plain: Prose | None = None
    """Said besides where the incident is meant to be easy."""


class Act(Model):
    """Something that changes the impact."""

    id: Id
    label: list[Line] = Field(min_length=1)
    also: list[Line] = Field(min_length=3)
    takes: Duration
    needs: list[Id] = []
    """Looks that should have been finished before."""
    log: Prose | None = None
    shows: list[Prose] = Field(min_length=1)
    runbook: Line | None = None
    felt: float = 0.3
    """How much of the harm there is afterwards: 1 is as before, more is worse."""
    signals: dict[Name, float | int] = {}
    """Levels of signals that do not follow `felt`."""
    follow: list[Voice] = []
    """Who notices, one of them."""


class Fault(Model):
    """A kind of fault: what broke, where it shows, what fixes it and what makes it worse."""

    fault: Id
    about: Prose
    """For the facilitator: what it is, what looks guilty, what the tempting mistake is."""
    tags: list[Id] = []
    words: dict[Name, list[Figure]] = {}
    """Words of which one is drawn, the same in all texts."""
    sets: list[Figures] = []
    """Figures that belong together; one set is drawn."""
    cases: dict[Id, list[Figures]] = {}
    """What it means for each harm; one of the harm's cases is drawn."""
    vary: dict[Name, Variable] = {}
    brief: list[Prose] = []
    """What the team may know of it beforehand without suspecting it, if anything."""
    tries: list[Prose] = []
    """What somebody notices besides who tries it as a customer would."""
    instead: list[Prose] = []
    """What somebody sees who tries it, where what is usually seen would not be true."""
    some: list[Prose] = []
    """Who is hit, where it is not everybody."""
    clues: list[Clue] = Field(min_length=3)
    """The looks that lead to the cause, the most telling first."""
    signals: dict[Name, Gauge] = {}
    """What tells the cause to people who look at it."""
    eases: Act
    worsens: list[Act] = Field(min_length=1)
    fixes: Act
    relapse: Voice | None = None
    """What comes some time after it was eased and not fixed."""
    voices: list[Voice] = []
    """What solutioneers hear."""
    solution: Prose
    teaches: list[Line] = Field(min_length=2)
    suits: list[Line] = Field(min_length=1)
    watch: list[Prose] = Field(min_length=2)
    mistakes: list[Prose] = Field(min_length=2)
    hints: Hints
    hot_wash: list[Prose] = Field(min_length=2)
    without: list[Id] = []
    """Looks and reflexes that would contradict it."""


class Opening(Model):
    """How the first responder hears of it."""

    via: Via
    most: bool = False
    """Whether it is true only where most attempts fail."""
    sender: Line = Field(alias="from")
    text: Prose


class Manner(Model):
    """One way in which a harm comes about: what is seen of it from outside."""

    titles: list[Line] = Field(min_length=1)
    report: list[Opening] = Field(min_length=1)
    how: list[Prose] = Field(min_length=1)
    tries: list[Prose] = Field(min_length=1)
    """What somebody sees who tries it."""
    signals: dict[Name, Gauge] = Field(min_length=2)


class Outsiders(Model):
    """The customers who wait and write."""

    affected: list[int] = Field(min_length=2, max_length=2)
    every: list[Duration] = Field(min_length=1)
    cannot: Line
    again: Line


class Try(Model):
    """How one tries what those do who are hit."""

    label: list[Line] = Field(min_length=1)
    also: list[Line] = Field(min_length=3)


class Harm(Model):
    """A harm: who cannot do what, and how they say so."""

    harm: Id
    topic: list[Line] = Field(min_length=1)
    tags: list[Id] = []
    words: Figures
    openings: list[Prose] = Field(min_length=2)
    """How the brief begins."""
    who: list[Prose] = Field(min_length=1)
    manners: dict[Id, Manner]
    try_it: Try
    count: list[Prose] = Field(min_length=1)
    """What somebody finds who counts those affected."""
    customers: Outsiders | None = None
    workaround: list[Prose] = []
    vary: dict[Name, Variable] = {}
    communications: list[Voice]
    incident_commander: list[Voice]
    solutioneer: list[Voice]
    relief: list[Voice] = Field(min_length=1)
    """What is said when it works again."""
    teaches: list[Line] = Field(min_length=1)
    watch: list[Prose] = Field(min_length=1)
    mistakes: list[Prose] = Field(min_length=1)
    hot_wash: list[Prose] = Field(min_length=1)


class Innocent(Model):
    """What a look shows that has nothing to do with the cause, and yet could."""

    log: Prose | None = None
    shows: Prose
    brief: Prose | None = None
    """What the team knows of it beforehand."""
    harms: list[Id] = []
    """The only harms it fits; nothing means any."""
    manners: list[Id] = []
    """The only manners it fits; nothing means any."""
    unless: list[Id] = []
    """Faults with which it would be a clue."""
    outside: bool = False
    """Whether it fits only where customers are hit."""
    mistake: Prose | None = None
    """How a team goes wrong over it, for the guide."""


class Look(Model):
    """A place where an engineer looks."""

    look: Id
    of: Id | None = None
    """The part of the company that it looks at; nothing means that it fits anywhere."""
    label: list[Line] = Field(min_length=1)
    also: list[Line] = Field(min_length=3)
    takes: list[Duration] = Field(min_length=1)
    innocent: list[Innocent] = []


class Looks(Model):
    """All of them."""

    looks: list[Look]


class Reflex(Model):
    """What people do at once, and which changes nothing."""

    reflex: Id
    of: Id | None = None
    label: list[Line] = Field(min_length=1)
    also: list[Line] = Field(min_length=3)
    takes: list[Duration] = Field(min_length=1)
    runbook: Line | None = None
    needs: list[Id] = []
    """Looks that should come first, where the incident has them."""
    shows: list[Prose] = Field(min_length=1)
    harms: list[Id] = []
    manners: list[Id] = []
    unless: list[Id] = []
    outside: bool = False
    mistake: Prose | None = None
    follow: list[Voice] = []


class Reflexes(Model):
    """All of them."""

    reflexes: list[Reflex]


class Talk(Model):
    """What people say in any incident, by whom they say it to, and what the guide asks after any."""

    talk: Id
    incident_commander: list[Voice]
    solutioneer: list[Voice]
    communications: list[Voice]
    no_commander: list[Voice]
    quiet_channel: list[Voice]
    no_word: list[Voice] = []
    not_all_there: list[Voice] = []
    too_grave: list[Voice] = []
    too_light: list[Voice] = []
    recovers: list[Voice]
    teaches: list[Line]
    watch: list[Prose]
    mistakes: list[Prose]
    hot_wash: list[Prose]


class Course(Model):
    """What the one on call hears in an incident for which nobody is called together."""

    id: Id
    at: Duration
    sender: Line = Field(alias="from")
    via: Via = "chat"
    text: Prose
    asks: Ask | None = None


class Alarm(Model):
    """An incident for which nobody is called together: a bug for the sprint, or nothing at all."""

    alarm: Id
    hit: Hit
    titles: list[Line] = Field(min_length=1)
    topic: Line
    about: Prose
    tags: list[Id] = []
    words: dict[Name, list[Figure]] = {}
    sets: list[Figures] = []
    vary: dict[Name, Variable] = {}
    brief: list[Prose] = Field(min_length=1)
    report: list[Opening] = Field(min_length=1)
    who: Prose
    how: Prose
    workaround: Prose | None = None
    signals: dict[Name, Gauge] = Field(min_length=2)
    looks: list["Peek"] = Field(min_length=5)
    worsens: Act
    voices: list[Course] = Field(min_length=3)
    solution: Prose
    teaches: list[Line] = Field(min_length=2)
    suits: list[Line] = Field(min_length=1)
    watch: list[Prose] = Field(min_length=3)
    mistakes: list[Prose] = Field(min_length=3)
    hints: Hints
    hot_wash: list[Prose] = Field(min_length=4)


class Peek(Model):
    """A look or an act of such an incident."""

    id: Id
    label: Line
    also: list[Line] = Field(min_length=3)
    takes: Duration
    clue: bool = False
    log: Prose | None = None
    shows: list[Prose] = Field(min_length=1)
    plain: Prose | None = None


class Alarms(Model):
    """Several of them, with what people say in any."""

    alarms: list[Alarm]
    teaches: list[Line]
    watch: list[Prose]
    mistakes: list[Prose]
    hot_wash: list[Prose]
    called: list[Voice]
    """What is said when the team was called."""
    too_grave: list[Voice]
    too_light: list[Voice] = []
