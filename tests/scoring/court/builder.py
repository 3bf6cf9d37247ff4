"""Builds whole drills as scripts: a careful team of any size, and what a case changes in how it plays."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache

import msgspec

from scenarios.scenario import Scenario
from scenarios.script import Script
from scoring.result import Scorecard
from scoring.scorecard import grade
from simulator.plan import DrillPlan, Player
from simulator.players.scripted_team import read_act
from tests.scoring.build import plan_of, played, scenario_of
from tests.support.perfect import Cast, Timed, cast_of, perfect_acts

__all__ = ["Crew", "Drill", "Line", "Pace", "careful", "line", "message", "papers", "perfect"]

LIBRARY_TEAMS = {3: "small", 6: "officeluv", 12: "large"}
SEED = 7


@dataclass(frozen=True)
class Line:
    """One line of a script: who does what, after how many seconds."""

    at: float
    who: str
    do: str
    fields: dict[str, object] = field(default_factory=dict)

    def written(self) -> dict[str, object]:
        """As it stands in a script file."""
        return {"at": f"{round(self.at)}s", "who": self.who, "do": self.do, **self.fields}


def line(at: float, who: str, do: str, **fields: object) -> Line:
    """A line of a script."""
    return Line(at, who, do, fields)


@dataclass(frozen=True)
class Crew:
    """A team and who does what in it."""

    plan: DrillPlan
    cast: Cast

    @property
    def others(self) -> list[str]:
        """Everybody but the first responder."""
        return [player.id for player in self.plan.players if player.id != self.plan.first_responder]

    @property
    def helper(self) -> str:
        """Who looks at a second thing while the solver looks at the first."""
        solvers = [member for member, role in self.cast.stated if role == self.plan.protocol.solver]
        return next((member for member in solvers if member != self.cast.solver), self.cast.commander)


@dataclass(frozen=True)
class Drill:
    """A whole drill: the incident, the team, and the script that it plays."""

    crew: Crew
    lines: tuple[Line, ...]
    answers: bool = True
    """Whether somebody does what injects ask for, ten seconds after they came."""

    def without(self, *kinds: str) -> "Drill":
        """The same without some kinds of act."""
        return replace(self, lines=tuple(one for one in self.lines if one.do not in kinds))

    def but(self, keep: Callable[[Line], bool]) -> "Drill":
        """The same with only the lines that are kept."""
        return replace(self, lines=tuple(filter(keep, self.lines)))

    def plus(self, *lines: Line) -> "Drill":
        """The same and something more."""
        return replace(self, lines=(*self.lines, *lines))

    def changed(self, change: Callable[[Line], Line]) -> "Drill":
        """The same with each line changed."""
        return replace(self, lines=tuple(map(change, self.lines)))

    def moved(self, kind: str, at: float) -> "Drill":
        """The same with all acts of a kind at another time."""
        return self.changed(lambda one: replace(one, at=at) if one.do == kind else one)

    def with_fields(self, kind: str, **fields: object) -> "Drill":
        """The same with fields of all acts of a kind changed."""
        return self.changed(lambda one: replace(one, fields={**one.fields, **fields}) if one.do == kind else one)

    def unanswered(self) -> "Drill":
        """The same, and nobody does what injects ask for."""
        return replace(self, answers=False)

    @property
    def script(self) -> Script:
        """What is played, in the form of a script file."""
        ordered = sorted(self.lines, key=lambda one: one.at)
        return Script.model_validate({"acts": [one.written() for one in ordered]})

    @property
    def timed(self) -> list[Timed]:
        """Its acts and their times."""
        return [Timed(one.at, read_act(one, place)) for place, one in enumerate(self.script.acts)]

    def card(self) -> Scorecard:
        """Its scorecard."""
        return grade(played(self.crew.plan, self.timed, answers=self.answers))


@cache
def crew_of(scenario: str, size: int) -> Crew:
    """A team of the library, or of people who may take any role."""
    return _crew(scenario_of(scenario), size)


def _crew(scenario: Scenario, size: int) -> Crew:
    everybody = None if size in LIBRARY_TEAMS else [Player(id=f"m{place}") for place in range(1, size + 1)]
    plan = plan_of(scenario, LIBRARY_TEAMS.get(size, "officeluv"), players=everybody, seed=SEED)
    table = plan.protocol.table(scenario.severity[-1].level)
    return Crew(plan, cast_of(plan, table.roles if table is not None else []))


@dataclass(frozen=True)
class Pace:
    """When a team does what, in seconds from the start of the exercise."""

    declares: float | None = 20
    alerts: float = 30
    answers: float = 50
    joins: float = 70
    roles: float = 80
    looks: float | None = 150
    mends: float | None = 395
    """When the fix is begun; None: never."""
    watches: float = 65
    """From the fix until it is declared over."""
    tells: float = 120
    """When the first message to customers is drafted."""
    logs_every: float = 300
    updates_every: float = 600
    tells_every: float = 1020
    promises: float = 1200


def careful(
    size: int,
    pace: Pace = Pace(),
    *,
    scenario: str | Scenario = "login-outage",
    looks: Iterable[str] = ("check-session-store", "read-release"),
    fix: str = "roll-back",
    severity: int = 1,
) -> Drill:
    """A team that does everything its protocol demands, at a certain pace; by default the fix is in at 11:35."""
    crew = crew_of(scenario, size) if isinstance(scenario, str) else _crew(scenario, size)
    story = crew.plan.scenario
    action = story.action(fix)
    assert action is not None
    mended = None if pace.mends is None else pace.mends + action.takes / 1000
    limit = story.ends.after / 1000
    over = limit if mended is None or mended + pace.watches > limit else mended + pace.watches
    lines = [
        *_gathering(crew, pace, severity),
        *_working(crew, pace, tuple(looks), fix),
        *_talking(crew, pace, min(mended or limit, over), over),
    ]
    if mended is not None and mended <= limit:
        lines += message(crew, mended + 10, "It works again.", 0)
        lines.append(line(mended + 30, crew.cast.commander, "update", text="It is fixed; we are watching it."))
        lines.append(line(mended + pace.watches, crew.cast.commander, "resolve", text="Resolved."))
    return Drill(crew, tuple(lines)).plus(*papers(crew, over + 60))


def _gathering(crew: Crew, pace: Pace, severity: int) -> list[Line]:
    first, topic = crew.plan.first_responder, crew.plan.scenario.topic
    lines = [line(pace.alerts, first, "alert", severity=severity, topic=topic), line(pace.alerts + 5, first, "join")]
    if pace.declares is not None:
        lines.append(line(pace.declares, first, "declare_severity", severity=severity))
    lines += [line(pace.answers, who, "acknowledge") for who in crew.others]
    lines += [line(pace.joins, who, "join") for who in crew.others]
    lines.append(line(pace.joins + 5, crew.cast.commander, "restate", severity=severity, topic=topic))
    lines += [line(pace.roles, who, "take_role", role=role) for who, role in crew.cast.stated]
    return lines


def _working(crew: Crew, pace: Pace, looks: tuple[str, ...], fix: str) -> list[Line]:
    lines = []
    if pace.looks is not None:
        hands = [crew.cast.solver, crew.helper]
        lines += [line(pace.looks, hand, "start_action", action=look) for hand, look in zip(hands, looks, strict=False)]
    if pace.mends is not None:
        lines.append(line(pace.mends, crew.cast.solver, "start_action", action=fix))
    return lines


def _talking(crew: Crew, pace: Pace, mended: float, over: float) -> list[Line]:
    cast, lines = crew.cast, []
    lines += [
        line(at, cast.solver, "log", text="What was done.") for at in _every(pace.roles + 10, pace.logs_every, over)
    ]
    lines += [
        line(at, cast.commander, "update", text="How it stands.")
        for at in _every(pace.tells + 180, pace.updates_every, mended)
    ]
    for at in _every(pace.tells, pace.tells_every, mended):
        lines += message(crew, at, "We are working on it.", pace.promises)
    return lines


def _every(start: float, step: float, until: float) -> list[float]:
    count = max(0, int((until - start - 1) // step) + 1)
    return [start + place * step for place in range(count)]


def message(crew: Crew, at: float, text: str, next_in: float) -> list[Line]:
    """A message to customers: drafted, approved, published."""
    cast = crew.cast
    return [
        line(at, cast.speaker, "draft", text=text),
        line(at + 3, cast.commander, "approve"),
        line(at + 6, cast.speaker, "publish", text=text, next_in=round(next_in * 1000)),
    ]


def papers(crew: Crew, at: float) -> list[Line]:
    """Everything that is written afterwards."""
    who = crew.cast.commander
    answers = {"solution": "Rolled back.", "who_impacted": "Customers.", "how_impacted": "Errors."}
    return [
        line(at, who, "file_situation_report", **answers),
        line(at + 5, who, "email"),
        line(at + 10, who, "attach", paper="situation_report"),
        line(at + 20, who, "file_post_mortem", learnings="Look at the store first."),
        line(at + 30, who, "corrective_action", text="Watch it.", owner=crew.cast.solver, due_on="2026-12-31"),
    ]


def perfect(scenario: str, size: int) -> Drill:
    """The drill in which everything goes as the scenario and its protocol want it."""
    crew = crew_of(scenario, size)
    lines = [_as_line(timed) for timed in perfect_acts(crew.plan)]
    return Drill(crew, tuple(lines))


def _as_line(timed: Timed) -> Line:
    fields = msgspec.to_builtins(timed.act)
    who, do = fields.pop("who"), fields.pop("do")
    fields.pop("id", None)
    return Line(timed.at / 1000, who, do, fields)
