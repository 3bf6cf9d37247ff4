"""A scenario: the authored template of an incident, its systems, its clues, its injects and its end."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from scenarios.attachments import Attached, Attachment
from scenarios.base import Duration, Effect, Id, Level, Line, Model, Name, Percent, Prose, Tool, Via
from scenarios.expects import Expectation, Option, Target, listed
from scenarios.guide import Account, Customers, Guide
from scenarios.inject import Condition, Inject, Repeat
from scenarios.made_up import FakeValue
from scenarios.protocol import Like
from scenarios.story_time import Begins

__all__ = [
    "Action",
    "Condition",
    "Effect",
    "Ends",
    "Expectation",
    "Impact",
    "Inject",
    "Level",
    "Name",
    "Option",
    "Outsider",
    "Point",
    "Repeat",
    "Report",
    "Scenario",
    "SeveritySpan",
    "Signal",
    "Target",
    "Variable",
    "Via",
]


Scalar = str | int | float
Answers = Annotated[
    list[Prose],
    BeforeValidator(listed, json_schema_input_type=Prose | list[Prose]),
    Field(min_length=1, max_length=10),
]


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
    felt: bool | None = None
    """Whether customers feel it: then the impact is over for them, and for the score, when it has come back."""

    @property
    def moves(self) -> bool:
        """Whether the incident moves it by more than its noise; what does not move is there to rule something out.

        A level that is drawn is another than one that is not.
        """
        return any(self._apart(level) for level in (self.incident, *(point.level for point in self.rises or ())))

    def _apart(self, level: float | str) -> bool:
        if isinstance(level, str) or isinstance(self.normal, str):
            return level != self.normal
        return abs(level - self.normal) > self.noise * max(abs(level), abs(self.normal))

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


class Outsider(Model):
    """Somebody outside the team whom it can contact: a lawyer, a regulator, the press, a supplier."""

    id: Id
    """A word to contact them by; an inject comes from them if its `from` is this word."""
    name: Line
    """Who they are, as people read it."""
    knows: Prose | None = None
    """What they know and how they behave, for the person who plays them. Never shown to players."""
    says: Answers | None = None
    """What they answer: the first time, the second time and so on. After that, and if there is nothing here, the person
    who facilitates answers for them."""
    takes: Duration = 60_000
    """How long such an answer takes."""


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
    protocol: Id | Like = "officeluv"
    """The protocol that the team follows: its name, or what is changed in another: `{like: officeluv, drop: […]}`."""
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
    down: Annotated[list[Tool], Field(min_length=1)] | None = None
    """What responders use themselves that is down from the start: `dashboard`, `status_page`, `chat`."""
    actions: list[Action] = Field(default=[], max_length=200)
    """What responders can do."""
    injects: list[Inject] = Field(default=[], max_length=500)
    """What happens to them."""
    outsiders: list[Outsider] | None = Field(default=None, max_length=20)
    """People outside the team whom it can contact, and who may write or call."""
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

    def felt_until(self, fixed: int) -> int:
        """When customers stop feeling what was fixed at a drill time (milliseconds).

        That is when the signals marked `felt` have come back; without any, with the fix.
        """
        back = (
            signal.falls[-1].after if signal.falls else signal.recovery
            for signal in self._felt
            if fixed >= signal.starts
        )
        return fixed + max(back, default=0)

    @property
    def _felt(self) -> list[Signal]:
        return [signal for signal in self.signals.values() if signal.felt]

    def action(self, name: str) -> Action | None:
        """The action of that id, if there is one."""
        return self._actions_by_id.get(name)

    def inject(self, name: str) -> Inject | None:
        """The inject of that id, if there is one."""
        return self._injects_by_id.get(name)

    def outsider(self, name: str | None) -> Outsider | None:
        """The person outside the team of that id, if there is one."""
        return next((one for one in self.outsiders or () if one.id == name), None)

    def option(self, name: str) -> Option | None:
        """The option of that id, of any decision, if there is one."""
        return self._options_by_id.get(name)

    def sender(self, inject: Inject) -> str:
        """Who or what an inject comes from, as people read it."""
        outsider = self.outsider(inject.sender)
        return inject.sender if outsider is None else outsider.name

    def objective(self, inject: Inject) -> str | None:
        """What an inject is meant to teach, in words; None if it does not say."""
        place, taught = inject.objective, self.teaches
        if isinstance(place, int):
            return taught[place - 1] if place <= len(taught) else None
        return place

    def mover(self, name: str) -> Action | Option | None:
        """What moved the impact and the signals, by its id: an action, or an option that was chosen."""
        return self.action(name) or self.option(name)

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each inject."""
        return {inject.id: place for place, inject in enumerate(self.injects)}

    @property
    def written_for(self) -> str:
        """The protocol for whose roles and severities it is written, itself or in its changes."""
        return self.protocol if isinstance(self.protocol, str) else self.protocol.like

    @property
    def protocol_id(self) -> str:
        """The id of the protocol under which it is played unless another is named."""
        if isinstance(self.protocol, str):
            return self.protocol
        own = (self.protocol.model_extra or {}).get("protocol")
        return str(own) if own is not None else f"{self.scenario[:55].rstrip('-_')}-protocol"

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
    def _options_by_id(self) -> dict[str, Option]:
        decisions = (inject.decision for inject in self.injects)
        return {option.id: option for decision in decisions if decision is not None for option in decision.options}

    @cached_property
    def _injects_by_id(self) -> dict[str, Inject]:
        return {inject.id: inject for inject in self.injects}
