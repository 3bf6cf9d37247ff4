"""Small plans, an engine that is driven by hand, and played drills for the tests of the simulator."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeVar

import pytest

from scenarios.base import Model
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.scenario import Scenario
from scenarios.script import Script
from scenarios.team import Team
from simulator import acts as do
from simulator.acts import Act, ActRefused
from simulator.clock import VirtualClock
from simulator.driver import Driver, Participants
from simulator.engine import Engine
from simulator.events import Event
from simulator.plan import DrillPlan, Player, Profile, Seat
from simulator.players.cast import Cast
from simulator.players.scripted_team import ScriptedTeam
from simulator.state import DrillState
from simulator.syntax import parse
from tests.scenarios.shipped import incident, protocol, take

START = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
"""A Tuesday."""
SECOND, MINUTE = 1_000, 60_000
LIBRARY = ("login-outage", "checkout-outage", "billing-outage", "shift-planning-down")

Happening = TypeVar("Happening", bound=Event)
Authored = TypeVar("Authored", bound=Model)


# -- scenarios and plans -----------------------------------------------------------------------------------------------


def small_scenario(**changes: object) -> Scenario:
    """An incident of severity 1 with a look, a cure, a relief and a harm, and nothing else that happens."""
    fields: dict[str, object] = {
        "scenario": "small",
        "title": "Something is odd",
        "severity": 1,
        "topic": "login",
        "brief": "A quiet afternoon.",
        "report": {"via": "alert", "from": "Heroku", "text": "It fails."},
        "impact": {"who": "Some", "how": "They wait."},
        "actions": [
            {"id": "look", "label": "Read the log", "takes": "1m", "shows": "It is the release.", "clue": True},
            {"id": "mend", "label": "Roll back", "takes": "2m", "needs": ["look"], "effect": "fixes"},
            {"id": "ease", "label": "Add servers", "takes": "1m", "effect": "eases"},
            {"id": "smash", "label": "Delete everything", "takes": "1m", "effect": "worsens"},
        ],
        "solution": "Roll back.",
        "ends": {"after": "30m"},
    }
    return Scenario.model_validate({**fields, **changes})


def small_plan(
    scenario: Scenario | None = None,
    *,
    members: Sequence[str | Player] = ("ana", "ben", "chloe"),
    facilitators: Sequence[str] = ("fay",),
    seed: int = 7,
    start: datetime = START,
    timezone: str = "UTC",
    **changes: object,
) -> DrillPlan:
    """A drill of three people with a facilitator and an evaluator; `changes` go into the scenario."""
    players = [member if isinstance(member, Player) else Player(id=member) for member in members]
    return DrillPlan(
        drill="small-7",
        scenario=scenario or small_scenario(**changes),
        protocol=protocol(),
        runbooks=[runbook()],
        rubric=rubric(),
        team="small",
        timezone=timezone,
        players=players,
        facilitators=list(facilitators),
        evaluators=["eve"],
        seats={player.id: Seat(kind="script") for player in players},
        first_responder=players[0].id,
        seed=seed,
        start=start,
    )


@cache
def rubric() -> Rubric:
    return take("rubrics", "standard", Rubric)


@cache
def runbook() -> Runbook:
    return take("runbooks", "deployment", Runbook)


@cache
def people(name: str) -> Team:
    return take("teams", name, Team)


def library_plan(
    name: str,
    *,
    seed: int = 7,
    profiles: Sequence[Profile] = ("good",),
    team: str = "officeluv",
    scripted: Sequence[str] = (),
    facilitators: Sequence[str] = (),
) -> DrillPlan:
    """A scenario and a team of the library; the profiles take turns, and `scripted` members follow a script."""
    members = people(team).members
    seats = {
        member.id: Seat(kind="simulated", profile=profiles[place % len(profiles)])
        for place, member in enumerate(members)
    }
    return DrillPlan(
        drill=f"{name}-{seed}",
        scenario=incident(name),
        protocol=protocol(),
        runbooks=[runbook()],
        rubric=rubric(),
        team=team,
        timezone=people(team).timezone,
        players=[Player(id=member.id, roles=member.roles, prefers=member.prefers) for member in members],
        facilitators=list(facilitators),
        seats={**seats, **{member: Seat(kind="script") for member in scripted}},
        first_responder=members[0].id,
        seed=seed,
        start=START,
    )


# -- playing -----------------------------------------------------------------------------------------------------------


def script_of(*lines: tuple[str, str, str]) -> Script:
    """A script from (time, who, what they type)."""
    return Script.model_validate({"acts": [{"at": at, "who": who, "say": say} for at, who, say in lines]})


def players_of(plan: DrillPlan, script: Script | None) -> list[Participants]:
    """The script, if there is one, and the simulated players, if there are any."""
    found: list[Participants] = [] if script is None else [ScriptedTeam(plan, script)]
    if any(seat.kind == "simulated" for seat in plan.seats.values()):
        found.append(Cast(plan))
    return found


def played(plan: DrillPlan, script: Script | None = None) -> Driver:
    """A drill from its start to its end."""
    driver = Driver.start(plan, players_of(plan, script), VirtualClock(plan.start))
    driver.run()
    return driver


def resumed(plan: DrillPlan, events: Sequence[Event], script: Script | None = None) -> Driver:
    """The same drill, taken up after these events and played to its end."""
    driver = Driver.resume(plan, events, players_of(plan, script), VirtualClock(plan.start))
    driver.run()
    return driver


class Table:
    """An engine driven by hand: people type, and drill time moves when the test says so."""

    def __init__(self, plan: DrillPlan) -> None:
        self.plan = plan
        self.engine, events = Engine.start(plan)
        self.events: list[Event] = list(events)
        self.at = 0
        self.stood = 0
        """How long the wall has run on while drill time stood."""
        self.until(0)

    @property
    def state(self) -> DrillState:
        return self.engine.state

    def wall(self, at: int) -> datetime:
        return self.plan.start + timedelta(milliseconds=at + self.stood)

    def until(self, at: int) -> list[Event]:
        """Let everything happen that is due by then, on time; what happened."""
        found: list[Event] = []
        while (due := self.engine.next_due()) is not None and due <= at:
            now = max(due, self.state.at)
            found += self.engine.advance(now, self.wall(now))
        self.at = max(at, self.state.at)
        self.events += found
        return found

    def says(self, who: str, text: str, act: str | None = None) -> Event:
        """The event that a typed line becomes."""
        [event] = self.does(parse(text, who, act, protocol=self.plan.protocol))
        return event

    def does(self, act: Act) -> list[Event]:
        """What an act becomes, and what follows from it at once."""
        events = self.engine.act(act, self.at, self.wall(self.at))
        self.events += events
        self.until(self.at)
        return events

    def refusal(self, who: str, text: str) -> str:
        """Why a typed line is refused; that it changes nothing is checked as well."""
        return self.refused(parse(text, who, protocol=self.plan.protocol))

    def refused(self, act: Act) -> str:
        """Why an act is refused; that it changes nothing is checked as well."""
        before = snapshot(self.state)
        with pytest.raises(ActRefused) as found:
            self.engine.act(act, self.at, self.wall(self.at))
        assert snapshot(self.state) == before
        return str(found.value)

    def of(self, kind: type[Happening]) -> list[Happening]:
        """The events of a kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def alerted(self, severity: int = 1) -> "Table":
        """With the team alerted."""
        self.does(do.AlertTeam(who=self.plan.first_responder, severity=severity, topic="login"))
        return self

    def gathered(self) -> "Table":
        """With everybody in the channel, and each of the three roles held, in the team's order."""
        self.alerted()
        for player in self.plan.players:
            self.does(do.Join(who=player.id))
        for player, role in zip(self.plan.players, self.plan.protocol.roles, strict=False):
            self.does(do.TakeRole(who=player.id, role=role.id))
        return self

    def resolved(self) -> "Table":
        """With everybody gathered and the incident declared resolved."""
        self.gathered()
        self.does(do.Resolve(who=self.plan.first_responder))
        return self

    def ended(self) -> "Table":
        """In the follow-up."""
        self.resolved()
        for _ in range(2):
            self.does(do.EndDrill(who="fay"))
        return self


def snapshot(state: DrillState) -> dict[str, object]:
    """All that a state holds, to be compared; sets and lists are copied."""
    names = getattr(type(state), "__slots__", None) or vars(state)
    return {name: _copied(getattr(state, name)) for name in names if name != "plan"}


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, list | set):
        return value.copy()
    return value
