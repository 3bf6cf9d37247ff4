"""A scenario: the authored template of an incident, its systems, its clues, its injects and its end."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from scenarios.attachments import Attached, Attachment
from scenarios.base import Chance, Duration, Id, Line, Model, Percent, Prose
from scenarios.guide import Account, Customers, Guide
from scenarios.story_time import Begins

__all__ = [
    "Action",
    "Condition",
    "Ends",
    "Expectation",
    "FakeValue",
    "Impact",
    "Inject",
    "Point",
    "Repeat",
    "Report",
    "Scenario",
    "SeveritySpan",
    "Signal",
    "Target",
    "Variable",
]

Via = Literal["alert", "call", "email", "chat", "customer", "in_person"]
Effect = Literal["fixes", "eases", "worsens", "nothing"]
Felt = Literal["full", "eased", "worse", "ended"]
FakeValue = Literal["company", "first_name", "last_name", "name", "city", "job", "color_name", "word"]
"""Faker's providers that are short, harmless and do not depend on today's date."""

Scalar = str | int | float
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Level = Annotated[float | Line, BeforeValidator(lambda value: float(value) if isinstance(value, int) else value)]
"""A number, or text such as `"{error_rate}"` that becomes one when it is filled."""


class SeveritySpan(Model):
    """From when on the incident has a severity."""

    since: Duration = Field(alias="from")
    """Drill time since the start."""
    level: int = Field(alias="is", ge=0, le=9)
    """The true severity from then on; 0 is a false alarm."""


class Variable(Model):
    """Something that is drawn once a drill. Exactly one of the three."""

    between: Annotated[list[int | float], Field(min_length=2, max_length=2)] | None = None
    """The lowest and the highest number; whole if both are whole."""
    choose: Annotated[list[Scalar], Field(min_length=1, max_length=100)] | None = None
    """The values to choose from."""
    fake: FakeValue | None = None
    """A made-up value of this kind."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(value is not None for value in (self.between, self.choose, self.fake)) != 1:
            raise ValueError("a variable has exactly one of `between`, `choose` and `fake`")
        if self.between is not None and self.between[0] > self.between[1]:
            raise ValueError("`between` goes from the lower number to the higher")
        return self


class Report(Model):
    """How the first responder hears of it."""

    via: Via
    """The way it comes."""
    sender: Line = Field(alias="from")
    """Who or what reports."""
    text: Prose
    """What the report says."""
    attach: Annotated[list[Attached], Field(min_length=1, max_length=10)] | None = None
    """Files that come with it."""
    takes_out: Line | None = None
    """Why the first responder, whom it is sent to, is out of the drill; nothing means they are in."""


class Impact(Model):
    """What is true of the harm; the answer key of the situation report."""

    who: Line
    """Who is affected."""
    how: Prose
    """What they see and cannot do."""
    lost: Prose | None = None
    """What does not come back with the fix, such as data or money, where something is lost for good."""


class Point(Model):
    """A point of a signal's course."""

    after: Duration
    """Time since it began to move."""
    level: Level = Field(alias="is")
    """Its level then."""


class Signal(Model):
    """A figure that the simulated systems show, live."""

    title: Line | None = None
    """What a chart calls it; nothing means the signal's name."""
    unit: Line | Literal[""] = ""
    """Its unit, such as % or orders/min."""
    normal: Level
    """Its level when all is well."""
    incident: Level
    """Its level while the incident lasts."""
    noise: Percent = 0.0
    """How far a reading strays from the level, as a share of it."""
    onset: Duration = 0
    """How long it takes to reach the incident's level, or any worse one."""
    recovery: Duration = 0
    """How long it takes to come back."""
    starts: Duration = 0
    """Drill time at which it begins to leave its normal level."""
    rises: Annotated[list[Point], Field(min_length=1, max_length=20)] | None = None
    """How it leaves its normal level, instead of `onset`: where it is after which time, on straight lines between."""
    falls: Annotated[list[Point], Field(min_length=1, max_length=20)] | None = None
    """How it goes on when the impact has ended, instead of `recovery`; it stays at the last level, normal or not."""

    @model_validator(mode="after")
    def _courses(self) -> Self:
        for instead, key, points in (("onset", "rises", self.rises), ("recovery", "falls", self.falls)):
            if points is None:
                continue
            if getattr(self, instead):
                raise ValueError(f"a signal has either `{instead}` or `{key}`")
            times = [point.after for point in points]
            if times != sorted(set(times)):
                raise ValueError(f"each point of `{key}` comes after the one before it")
        return self


class Action(Model):
    """Something a responder can do, what it shows and what it changes."""

    id: Id
    """Its name, unique among actions and injects."""
    label: Line
    """What the action is called on screen."""
    also: list[Line] = []
    """Other words people use for it."""
    takes: Duration
    """How long it keeps the one who does it busy."""
    takes_again: Duration | None = None
    """How long it takes once somebody has finished it; nothing means as long as the first time."""
    shows: Prose | None = None
    """What the one who did it sees when it is done."""
    attach: Annotated[list[Attached], Field(min_length=1, max_length=10)] | None = None
    """Files that the one who did it sees when it is done."""
    runbook: Line | None = None
    """The procedure it follows, as `runbook/procedure`."""
    needs: list[Id] = []
    """Actions that somebody should have finished before; done before them, this one is a risk that costs points for
    judgement."""
    effect: Effect = "nothing"
    """What it does to the impact. After `fixes`, a `worsens` breaks it again."""
    settles: Annotated[Duration, Field(ge=1_000)] | None = None
    """For `fixes`: how long after it is done the impact goes on, eased, before it ends."""
    lasts: Annotated[Duration, Field(ge=1_000)] | None = None
    """For `eases`: how long it helps; then the impact is back in full, unless it was fixed."""
    together: list[Id] = []
    """For `fixes`: other actions that must have finished too before the impact ends; until then this one eases it."""
    clue: bool = False
    """Whether what it shows leads towards the cause. Never shown to players."""
    herring: bool = False
    """Whether it looks promising and leads nowhere. Never shown to players."""
    signals: dict[Name, Level] = {}
    """Levels that signals move to when it is done, where the effect alone does not say it."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.settles is not None and self.effect != "fixes":
            raise ValueError("`settles` belongs to `effect: fixes`")
        if self.settles is not None and self.together:
            raise ValueError("a fix that goes `together` with others does not `settles`; give it a longer `takes`")
        if self.lasts is not None and self.effect != "eases":
            raise ValueError("`lasts` belongs to `effect: eases`")
        return self


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


class Target(Model):
    """By when something is to be done; in `targets`, instead of what the protocol says of an obligation."""

    target: Duration
    """Done by then, it is worth everything."""
    deadline: Duration
    """Done after this, it is worth a tenth."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 < self.target < self.deadline:
            raise ValueError("the target must be more than 0s and the deadline later than the target")
        return self


class Expectation(Target):
    """What an inject asks of the one it reaches; the time runs from when it reached the role."""

    act: Literal["publish", "reply", "update", "log", "declare_severity", "take_role", "hand_over", "delegate"]
    """The act that answers it. A `publish` or `update` sent within the cadence before also counts."""


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
    to: Id = "everyone"
    """A role's id, `first_responder`, `everyone`, or `channel` for what appears in the incident channel."""
    via: Via = "chat"
    """The way it comes."""
    sender: Line = Field(default="The system", alias="from")
    """Who or what it comes from."""
    text: Prose
    """What it says."""
    attach: Annotated[list[Attached], Field(min_length=1, max_length=10)] | None = None
    """Files that come with it."""
    expects: Expectation | None = None
    """What it asks for."""
    signals: dict[Name, Level] = {}
    """Levels that signals move to when it comes."""
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
        if self.takes_out is not None and self.to in ("everyone", "channel"):
            raise ValueError("`takes_out` belongs to an inject for a role or for `first_responder`")
        return self


class Ends(Model):
    """When the phases end by themselves."""

    after: Duration = Field(ge=60_000)
    """Drill time at which the response is over, resolved or not."""
    papers: Duration = 20 * 60_000
    """How long the team has for the situation report, its e-mail and its attachment."""
    hot_wash: Duration = 15 * 60_000
    """How long the talk right after lasts at most."""


def _spans(value: object) -> object:
    """A single number is a severity that never changes."""
    return [{"from": "0s", "is": value}] if isinstance(value, int) and not isinstance(value, bool) else value


class Scenario(Model):
    """The authored template of an incident."""

    model_config = ConfigDict(title="Scenario")

    scenario: Id
    """Its name."""
    title: Line
    """Its name as people read it; it must not give the cause away."""
    severity: Annotated[
        list[SeveritySpan], BeforeValidator(_spans, json_schema_input_type=int | list[SeveritySpan])
    ] = Field(min_length=1)
    """The right diagnosis, never shown to players; 0 is a false alarm. A list when it grows:
    `[{from: 0s, is: 2}, {from: 12m, is: 1}]`."""
    protocol: Id = "officeluv"
    """The protocol that the team follows."""
    topic: Line
    """What the incident is about, in a word or two, as an alert would state it."""
    tags: list[Id] = []
    """Words to find it by."""
    teaches: list[Line] = Field(default=[], max_length=8)
    """What a team can do better after it than before, an objective each."""
    length: Duration | None = None
    """How much of a team's time it takes in all, the talk afterwards included."""
    difficulty: Literal["easy", "medium", "hard"] | None = None
    """How hard it is to find and fix the cause."""
    suits: Line | None = None
    """Whom it suits."""
    source: Account | None = None
    """The published account on which it is modelled, if it is."""
    begins: Begins | None = None
    """The time of day in the story at the start, perhaps with the day: `14:35` or `Tuesday 14:35`."""
    brief: Prose
    """What the team knows before the start."""
    vary: dict[Name, Variable] = {}
    """What is drawn once a drill, from its seed, and may stand in braces in any text."""
    report: Report
    """How the first responder hears of it."""
    impact: Impact
    """The harm, as the situation report should state it."""
    customers: Customers | None = None
    """Those outside who wait and write, where there are any."""
    signals: dict[Name, Signal] = Field(default={}, max_length=20)
    """What the simulated systems show; the first one is the one that matters most."""
    actions: list[Action] = Field(default=[], max_length=200)
    """What responders can do."""
    injects: list[Inject] = Field(default=[], max_length=500)
    """What happens to them."""
    workaround: Prose | None = None
    """How operations can go on meanwhile, where there is a way."""
    solution: Prose
    """What fixes it and why it broke; the answer key."""
    targets: dict[Id, Target] = {}
    """Other targets for single obligations of the protocol, by their id."""
    guide: Guide | None = None
    """How to lead the drill."""
    ends: Ends
    """When it ends by itself."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        times = [span.since for span in self.severity]
        if times[0] != 0 or times != sorted(set(times)):
            raise ValueError("the first severity holds from 0s, and each later one from a later time")
        return self

    @cached_property
    def attachments(self) -> list[tuple[tuple[str | int, ...], Attachment]]:
        """Every file that somebody receives, each with its place in the scenario."""
        holders: list[tuple[tuple[str | int, ...], Report | Action | Inject]] = [(("report",), self.report)]
        holders += [(("actions", place), action) for place, action in enumerate(self.actions)]
        holders += [(("injects", place), inject) for place, inject in enumerate(self.injects)]
        return [((*path, "attach", place), one) for path, by in holders for place, one in enumerate(by.attach or [])]

    def severity_at(self, at: int) -> int:
        """The true severity at a drill time (milliseconds)."""
        return next(span.level for span in reversed(self.severity) if span.since <= at)

    def action(self, name: str) -> Action | None:
        """The action of that id, if there is one."""
        return self._actions_by_id.get(name)

    def inject(self, name: str) -> Inject | None:
        """The inject of that id, if there is one."""
        return self._injects_by_id.get(name)

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each inject."""
        return {inject.id: place for place, inject in enumerate(self.injects)}

    @cached_property
    def followers(self) -> dict[str, list[int]]:
        """For each action and inject the places of the injects that come after it."""
        found: dict[str, list[int]] = {}
        for place, inject in enumerate(self.injects):
            if inject.after is not None:
                found.setdefault(inject.after, []).append(place)
        return found

    @cached_property
    def waiting_on(self) -> dict[str, list[int]]:
        """For each key of a condition the places of the injects that come when something with that key holds."""
        found: dict[str, list[int]] = {}
        for place, inject in enumerate(self.injects):
            for key in dict.fromkeys(part.key for part in inject.when.parts()) if inject.when is not None else ():
                found.setdefault(key, []).append(place)
        return found

    @cached_property
    def cures(self) -> list[Action]:
        """The first action that ends the impact, and those that must be done with it."""
        first = next((action for action in self.actions if action.effect == "fixes"), None)
        others = [self.action(name) for name in first.together] if first is not None else []
        return [action for action in (first, *others) if action is not None]

    @cached_property
    def way_to_cure(self) -> list[Action]:
        """What the cures need, each behind what it needs in turn; where they need nothing, the looks that are clues."""
        order: list[Action] = []

        def reach(action: Action | None, path: tuple[str, ...]) -> None:
            if action is None or action.id in path or action in order:
                return
            for need in action.needs:
                reach(self.action(need), (*path, action.id))
            order.append(action)

        for cure in self.cures:
            reach(cure, ())
        looks = [action for action in order if action not in self.cures]
        return looks or [action for action in self.actions if action.clue and action.effect == "nothing"]

    @cached_property
    def _actions_by_id(self) -> dict[str, Action]:
        return {action.id: action for action in self.actions}

    @cached_property
    def _injects_by_id(self) -> dict[str, Inject]:
        return {inject.id: inject for inject in self.injects}
