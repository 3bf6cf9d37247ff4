"""A team's incident-response protocol as data: severities, roles, what is owed by when, questions, post-mortem."""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from scenarios.base import Duration, Id, Line, Model, Prose
from scenarios.problem import closest

__all__ = [
    "FALSE_ALARM",
    "Component",
    "Duty",
    "Like",
    "Obligation",
    "Protocol",
    "Question",
    "Reading",
    "Role",
    "Severity",
    "Table",
]

FALSE_ALARM = 0
"""The true severity of an alarm behind which there is no incident."""

Component = Literal["response_time", "role_coverage", "protocol", "communication", "judgement", "learning"]

Duty = Literal[
    "severity_declared",
    "team_alerted",
    "acknowledged",
    "joined",
    "role_in_place",
    "logged",
    "updated",
    "published",
    "workaround_used",
    "bug_filed",
    "closed",
    "impact_ended",
    "roles_covered",
    "alert_complete",
    "restated",
    "roles_stated",
    "messages_agreed",
    "resolved_by_commander",
    "not_alerted",
    "situation_report",
    "emailed",
    "attached",
    "not_silent",
    "cadence_kept",
    "next_named",
    "told_over",
    "injects_answered",
    "severity_judged",
    "way_to_fix",
    "no_harm",
    "answers",
    "follow_up",
]
"""What can be owed. Each has one measure in `scoring`; a protocol chooses which of them it demands, of whom and when.

`not_alerted` forbids: it is owed where calling all hands is a mistake."""


class Severity(Model):
    """One level of the protocol's scale."""

    level: int = Field(ge=1, le=9)
    """The number people say; 1 is the gravest."""
    name: Line
    """The word that goes with the number, such as Critical."""
    means: Prose
    """What is true of an incident of this severity."""
    response: Line
    """What the team does about it in three or four words, such as All hands on deck."""
    examples: list[Line] = Field(min_length=1)
    """Incidents that have this severity, to judge others by."""
    demands: list[Line] = Field(min_length=1)
    """What an incident of this severity demands of the team."""


class Role(Model):
    """A part that somebody plays in an incident."""

    id: Id
    """The name that acts, scenarios and tables use."""
    title: Line
    """The name that people read."""
    responsible_for: list[Line] = Field(min_length=1)
    """What the holder answers for, a line each."""
    most: int | None = Field(default=None, ge=1)
    """How many may hold the role at once; nothing means any number."""


class Obligation(Model):
    """An act that the protocol requires, by a time and of somebody."""

    id: Id
    """The item's name in a scorecard; a scenario's `targets` and a rubric's `items` use it too."""
    act: Duty
    """What is owed."""
    role: Id | None = None
    """For `role_in_place`: the role that must be held."""
    owner: Id
    """Who owes it: a role's id, `first_responder`, `everyone` or `team`."""
    clock: Literal["report", "reached"] = "report"
    """From when the time runs: the report, or the moment the alert (or the inject) reached the one who owes the act."""
    target: Duration | None = None
    """Done by then, it is worth everything. Nothing means that the act is owed, but not by a time."""
    deadline: Duration | None = None
    """Done after this, it is worth a tenth. Later than the target."""
    component: Component
    """The part of the score to which it counts."""
    weight: float = Field(default=1.0, gt=0, le=100)
    """Its share within the component, relative to the other obligations."""
    because: Line | None = None
    """Where the target comes from: a source, or the word assumed."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if (self.target is None) != (self.deadline is None):
            raise ValueError("a target needs a deadline, and a deadline a target")
        if self.target is not None and self.deadline is not None and not 0 < self.target < self.deadline:
            raise ValueError("the target must be more than 0s and the deadline later than the target")
        if (self.act == "role_in_place") != (self.role is not None):
            raise ValueError("`role` belongs to `role_in_place`, and to nothing else")
        return self


class Table(Model):
    """All that is owed in an incident of one true severity."""

    severity: int = Field(ge=0, le=9)
    """The true severity; 0 is a false alarm."""
    roles: list[Id] = []
    """The roles that must be held."""
    obligations: list[Obligation] = Field(min_length=1)
    """What is owed. Those of the `protocol` component stand in the order in which the protocol wants them done."""

    @cached_property
    def acts(self) -> frozenset[Duty]:
        """Every kind of act that is owed."""
        return frozenset(owed.act for owed in self.obligations)

    def get(self, obligation: str) -> Obligation | None:
        """The obligation of that id, if it lists one."""
        return self._by_id.get(obligation)

    @cached_property
    def _by_id(self) -> dict[str, Obligation]:
        return {owed.id: owed for owed in reversed(self.obligations)}


class Question(Model):
    """One question of the situation report."""

    id: Literal[
        "incident", "reported_at", "closed_at", "response_time", "people", "solution", "who_impacted", "how_impacted"
    ]
    """What is asked for."""
    asks: Line
    """The question as people read it."""
    answered_by: Literal["log", "people"]
    """Whether the log knows the answer or only people do."""


class Rhythm(NamedTuple):
    """How often to speak at one moment of an incident, in milliseconds."""

    external: int | None
    """The longest time from one message to customers to the next; None is as promised."""
    internal: int
    """The longest time without an entry or an update in the incident channel."""


class Later(Model):
    """How often people are given an update in an incident that has lasted for some time."""

    after: Duration
    """Time since the report from which this holds."""
    external: Duration | None = None
    """As in the cadence; nothing means as promised: whatever a message said of the next."""
    internal: Duration
    """As in the cadence."""


class Cadence(Model):
    """How often people are given an update."""

    external: Duration
    """The longest time from one message to customers to the next."""
    internal: Duration
    """The longest time without an entry or an update in the incident channel."""
    later: list[Later] = []
    """What holds from some time after the report, in order: the longer it lasts, the less there is to say each time."""
    because: Line
    """Where the figures come from."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [0, *(one.after for one in self.later)]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("what holds later stands in the order of `after`, each later than the one before")
        return self

    def at(self, since_report: int) -> Rhythm:
        """How often to speak so long after the report. What counts is when the next word would be due otherwise.

        That is one cadence later, by what holds at first: to customers the external one, inside the internal one.
        """
        external: int | None = self.external
        internal = self.internal
        for one in self.later:
            if one.after <= since_report + self.external:
                external = one.external
            if one.after <= since_report + self.internal:
                internal = one.internal
        return Rhythm(external, internal)

    def covers(self, since_report: int, promised: int | None) -> int:
        """For how long a message to customers that went out so long after the report is enough."""
        longest = self.at(since_report).external
        if longest is None:
            return promised or next((one.external for one in reversed(self.later) if one.external), self.external)
        return min(promised, longest) if promised else longest


def _number(value: object) -> object:
    """A level that stands as a key, which in a file is always text."""
    return int(value) if isinstance(value, str) and len(value) == 1 and value in "123456789" else value


Level = Annotated[int, Field(ge=1, le=9)]
"""A level of a protocol's scale."""
LevelKey = Annotated[Level, BeforeValidator(_number)]


def _several(value: object) -> object:
    """A single role is a list of one."""
    return [value] if isinstance(value, str) else value


class Reading(Model):
    """How what was written for another protocol is read under this one."""

    severities: dict[LevelKey, Level] = Field(min_length=1)
    """For each level of the other protocol the level here that means the same. A false alarm is one everywhere."""
    roles: dict[Id, Annotated[list[Id], BeforeValidator(_several, json_schema_input_type=Id | list[Id])]] = Field(
        min_length=1
    )
    """For each role of the other protocol the role here that does its work. Of several, a scenario means the first;
    a member of a team who may take the other protocol's role may take all of them. `[]` says that nobody does: what
    a scenario has for it goes to the commander."""


class Like(Model):
    """What a small protocol changes in another one. Any other key of a protocol may stand beside these."""

    model_config = ConfigDict(extra="allow")

    like: Id
    """The protocol that it starts from."""
    call: dict[str, Line] = {}
    """Other titles for roles, by their ids, and other names for severities, by their levels."""
    drop: Annotated[list[Id | Level], BeforeValidator(lambda value: value if isinstance(value, list) else [value])] = []
    """Roles, severities and obligations that it goes without."""


class Protocol(Model):
    """A whole incident-response protocol."""

    protocol: Id
    """Its name."""
    title: Line
    """Its name as people read it."""
    source: Prose
    """Where it comes from."""
    channel: Line
    """The channel in which an incident is handled, such as #SitRep."""
    severities: list[Severity] = Field(min_length=1)
    """The scale, the gravest first."""
    roles: list[Role] = Field(min_length=1)
    """The roles. The first one commands: it hands over, approves and declares the end."""
    spokesperson: Id | None = None
    """The role that speaks to customers."""
    solver: Id | None = None
    """The role that finds and fixes the cause."""
    escalate_after: Duration
    """A report that nobody has taken up for so long goes to the next member of the team."""
    cadence: Cadence
    """How often to speak."""
    process: list[Prose] = Field(min_length=1)
    """The process in order, a step each, as the team reads it."""
    tables: list[Table] = Field(min_length=1)
    """What is owed, a table for each true severity."""
    questions: list[Question] = Field(min_length=1)
    """What the situation report answers."""
    post_mortem: list[Line] = Field(min_length=1)
    """The parts of the post-mortem."""
    papers: list[Prose] = Field(min_length=1)
    """What happens to the papers: who sends them, to whom, where they are attached."""
    follow_up_days: int = Field(default=5, ge=1, le=60)
    """Working days after the drill in which the post-mortem and its corrective actions are due."""
    reads: dict[Id, Reading] | None = None
    """By their names, other protocols whose scenarios and teams can be used with this one, and how they are read."""

    @cached_property
    def commander(self) -> str:
        """The id of the role that commands."""
        return self.roles[0].id

    @cached_property
    def commander_title(self) -> str:
        """What that role is called."""
        return self.roles[0].title

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        roles = {role.id for role in self.roles}
        levels = {severity.level for severity in self.severities} | {FALSE_ALARM}
        owners = roles | {"first_responder", "everyone", "team"}
        for name in (self.spokesperson, self.solver):
            if name is not None and name not in roles:
                raise ValueError(f"{name!r} is not one of the roles: {', '.join(sorted(roles))}")
        for table in self.tables:
            if table.severity not in levels:
                raise ValueError(f"there is a table for severity {table.severity}, which is not on the scale")
            seen: set[str] = set()
            for owed in table.obligations:
                if owed.id in seen:
                    raise ValueError(f"severity {table.severity} lists the obligation {owed.id!r} twice")
                seen.add(owed.id)
                if owed.owner not in owners:
                    raise ValueError(
                        f"{owed.id!r} is owed by {owed.owner!r}, who is none of {', '.join(sorted(owners))}"
                    )
            for name in [*table.roles, *(owed.role for owed in table.obligations if owed.role)]:
                if name not in roles:
                    raise ValueError(
                        f"severity {table.severity} asks for the role {name!r}, which the protocol does not have"
                    )
        if len({table.severity for table in self.tables}) != len(self.tables):
            raise ValueError("there are two tables for one severity")
        return self

    @model_validator(mode="after")
    def _readable(self) -> Self:
        roles = {role.id for role in self.roles}
        for other, reading in (self.reads or {}).items():
            for level in reading.severities.values():
                if level not in self._tables:
                    raise ValueError(f"{other!r} is read as severity {level}, for which there is no table")
            for name in (name for names in reading.roles.values() for name in names):
                if name not in roles:
                    raise ValueError(f"{other!r} is read with the role {name!r}, which the protocol does not have")
        return self

    def table(self, severity: int) -> Table | None:
        """What is owed in an incident of this true severity, if the protocol says."""
        return self._tables.get(severity)

    def graver(self, one: int, other: int) -> bool:
        """Whether a severity is graver than another. A false alarm is the least."""
        return self._gravity.get(one, 0) > self._gravity.get(other, 0)

    @cached_property
    def _gravity(self) -> dict[int, int]:
        return {known.level: len(self.severities) - place for place, known in enumerate(self.severities)}

    def gravest(self, levels: Iterable[int]) -> int:
        """The gravest of some severities."""
        return max(levels, key=lambda level: self._gravity.get(level, 0))

    @cached_property
    def _tables(self) -> dict[int, Table]:
        return {table.severity: table for table in self.tables}

    def role(self, name: str) -> Role | None:
        """The role of that id, if there is one."""
        return next((role for role in self.roles if role.id == name), None)

    def title_of(self, role: str) -> str:
        """A role's title; its id in words if there is no such role."""
        known = self.role(role)
        return known.title if known is not None else role.replace("_", " ")

    def role_called(self, said: str) -> str | None:
        """The id of the role that somebody means by its title or its id, however spelled, if there is one."""
        for spelled in (lambda word: word, _spelled):
            for role in self.roles:
                if spelled(said.strip()) in (spelled(role.id), spelled(role.title)):
                    return role.id
        return None

    def roles_like(self, said: str) -> str:
        """The end of a sentence about a role that there is not: the one that was meant, or all of them."""
        by_spelling = {_spelled(word): role.title for role in self.roles for word in (role.id, role.title)}
        close = closest(_spelled(said), list(by_spelling))
        titles = ", ".join(role.title for role in self.roles)
        return f"did you mean {by_spelling[close]!r}?" if close else f"it is one of {titles}"

    def severity_of(self, level: int) -> str:
        """A severity in a sentence, with its own name: severity 1, Critical."""
        if level == FALSE_ALARM:
            return "a false alarm"
        name = self.levels.get(level)
        return f"severity {level}" + (f", {name}" if name else "")

    def incident_of(self, level: int) -> str:
        """An incident of a severity in a sentence: an incident of severity 1, Critical."""
        return self.severity_of(level) if level == FALSE_ALARM else f"an incident of {self.severity_of(level)}"

    @cached_property
    def levels(self) -> dict[int, str]:
        """The names of the severities by their levels, gravest first, and of a false alarm."""
        return {one.level: one.name for one in self.severities} | {FALSE_ALARM: "False alarm"}


def _spelled(name: str) -> str:
    """A name as it is compared: however it is spelled, with spaces, dashes or underscores."""
    return " ".join(re.split(r"[\s_-]+", name.casefold()))
