"""An inject: something that happens to the team, when it comes, whom it reaches and what it asks for."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from scenarios.attachments import Attached
from scenarios.base import Chance, Duration, Id, Level, Line, Model, Name, Prose, Tool, Via
from scenarios.expects import Decision, Expectation, Expected, listed

__all__ = ["FACILITATOR", "GROUPS", "Condition", "Inject", "Repeat"]

GROUPS = ("everyone", "channel", "first_responder")
"""Whom an inject can be for besides a role, under every protocol."""
FACILITATOR = "facilitator"
"""Whom a note is for that players never see."""

Felt = Literal["full", "eased", "worse", "ended"]
Place = Annotated[int, Field(ge=1)]


def _as_written(value: list[str]) -> list[str] | str:
    return value[0] if len(value) == 1 else value


Receivers = Annotated[
    list[Id],
    BeforeValidator(listed, json_schema_input_type=Id | list[Id]),
    PlainSerializer(_as_written),
    Field(min_length=1, max_length=10),
]
"""A role or a group, or a list of them."""


class Condition(Model):
    """Something that is true or not at a moment of the drill. Exactly one of the keys, and perhaps `for`."""

    acknowledged: Literal["anyone", "everyone"] | None = None
    """Somebody, or everybody who was alerted, has acknowledged."""
    severity_declared: int | None = Field(default=None, ge=0, le=9)
    """The severity declared last is this one."""
    role_held: Id | None = None
    """Somebody holds this role."""
    role_open: Id | None = None
    """Nobody holds this role; counted from the alert."""
    action_done: Id | None = None
    """Somebody has finished this action."""
    published: int | None = Field(default=None, ge=1)
    """At least so many messages have gone out to customers."""
    silent: Literal["sitrep", "customers"] | None = None
    """Nothing has been logged or updated in the channel, or published to customers; counted from the alert."""
    resolved: bool | None = None
    """The incident has been declared resolved (or closed)."""
    impact: Felt | None = None
    """The impact is like this now."""
    every: list["Condition"] | None = Field(default=None, alias="all", min_length=1)
    """All of these hold."""
    some: list["Condition"] | None = Field(default=None, alias="any", min_length=1)
    """At least one of these holds."""
    negated: "Condition | None" = Field(default=None, alias="not")
    """This does not hold. It takes no `for` inside."""
    chosen: Id | None = None
    """This option of a decision was chosen."""
    contacted: Id | None = None
    """Somebody has contacted this person outside the team."""
    lasting: Duration = Field(default=0, alias="for")
    """How long it must have been so without a break."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self._given()) != 1:
            raise ValueError("a condition has exactly one key beside `for`; join several with `all` or `any`")
        if self.resolved is False:
            raise ValueError("write `not: {resolved: true}`")
        if self.negated is not None and any(part.lasting for part in self.negated.parts()):
            raise ValueError("`for` stands beside `not`, never inside it")
        return self

    def _given(self) -> list[str]:
        return [name for name in type(self).model_fields if name != "lasting" and getattr(self, name) is not None]

    @cached_property
    def key(self) -> str:
        """Which of the keys it has."""
        return self._given()[0]

    def parts(self) -> list["Condition"]:
        """The condition and all those inside it."""
        inner = [*(self.every or []), *(self.some or []), *([self.negated] if self.negated else [])]
        return [self, *(part for condition in inner for part in condition.parts())]


class Repeat(Model):
    """An inject that comes again."""

    every: Duration = Field(ge=10_000)
    """Time from one to the next; at least 10s."""
    times: int = Field(ge=1, le=50)
    """How often it comes again after the first time."""


class Inject(Model):
    """Something that happens to the team. Exactly one of `at`, `after` and `when`."""

    id: Id
    """Its name, unique among actions and injects."""
    at: Duration | None = None
    """Drill time since the start."""
    after: Id | None = None
    """The action that was finished, or the inject that was delivered, before it."""
    delay: Duration = 0
    """Time after that."""
    when: Condition | None = None
    """It comes as soon as this holds."""
    unless: Condition | None = None
    """It does not come if this holds at its moment."""
    chance: Chance = 1.0
    """How likely it comes, such as 80% or 0.8."""
    repeat: Repeat | None = None
    """Whether it comes again."""
    to: Receivers = ["everyone"]
    """A role's id, or a list of them; `first_responder`, `everyone`, or `channel` for what appears in the incident
    channel; or `facilitator` for a note to those who run the drill, which players never see."""
    via: Via = "chat"
    """The way it comes."""
    sender: Line = Field(default="The system", alias="from")
    """Who or what it comes from."""
    text: Prose
    """What it says."""
    attach: Annotated[list[Attached], Field(min_length=1, max_length=10)] | None = None
    """Files that come with it."""
    expects: Expected | None = None
    """What it asks for: one thing, or a list."""
    objective: Place | Line | None = None
    """Which of what the scenario `teaches` it is for: its place in that list from 1, or its words. Never shown to
    players."""
    signals: dict[Name, Level] = {}
    """Levels that signals move to when it comes."""
    down: Annotated[list[Tool], Field(min_length=1)] | None = None
    """What responders use themselves that goes down when it comes: `dashboard`, `status_page`, `chat`."""
    up: Annotated[list[Tool], Field(min_length=1)] | None = None
    """What of that works again when it comes."""
    papers: Literal[True] | None = None
    """It may also come after the response, while the papers are written; nothing means in the response alone."""
    skips: Annotated[Duration, Field(ge=60_000)] | None = None
    """How far the story's clock jumps ahead when it comes; drill time, and with it every score, runs on as it was."""
    takes_out: Line | None = None
    """Why those who hold the role it goes to are out of the drill from then on; nothing means that they stay."""

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        if sum(value is not None for value in (self.at, self.after, self.when)) != 1:
            raise ValueError("an inject has exactly one of `at`, `after` and `when`")
        if self.delay and self.after is None:
            raise ValueError("`delay` belongs to `after`")
        if self.skips is not None and self.repeat is not None:
            raise ValueError("an inject that `skips` comes once; take `repeat` out")
        if self.takes_out is not None and (len(self.to) > 1 or self.to[0] in ("everyone", "channel", FACILITATOR)):
            raise ValueError("`takes_out` belongs to an inject for a role or for `first_responder`")
        return self

    @model_validator(mode="after")
    def _receivers(self) -> Self:
        if len(set(self.to)) < len(self.to):
            raise ValueError("`to` names somebody twice")
        if self.for_staff and len(self.to) > 1:
            raise ValueError("a note for the facilitator goes to nobody else; write a second inject for the others")
        if self.for_staff and self.expects is not None:
            raise ValueError("a note for the facilitator asks nothing of players; take `expects` out")
        if self.decision is not None and self.repeat is not None:
            raise ValueError("a decision is made once; take `repeat` out")
        if sum(isinstance(one, Decision) for one in self.expects or ()) > 1:
            raise ValueError("an inject asks for one decision at most; write a second inject")
        return self

    @property
    def for_staff(self) -> bool:
        """Whether it is a note for those who run the drill, which never reaches players."""
        return FACILITATOR in self.to

    @property
    def acts(self) -> list[Expectation]:
        """The acts that it asks for."""
        return [one for one in self.expects or () if isinstance(one, Expectation)]

    @property
    def decision(self) -> Decision | None:
        """The decision that it asks for, if it does."""
        return next((one for one in self.expects or () if isinstance(one, Decision)), None)
