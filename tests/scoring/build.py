"""Plans, played drills and hand-made logs for the tests of the score."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec

from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.scenario import Scenario
from scenarios.team import Team as People
from scoring.result import Item, Scorecard
from scoring.scorecard import grade
from simulator import acts as do
from simulator.acts import Act
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event
from simulator.plan import DrillPlan, Player, Seat
from tests.scenarios.shipped import incident, protocol, take
from tests.support.perfect import Team, Timed, kind_of, perfect_acts

START = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
SECOND, MINUTE = 1_000, 60_000


class Log:
    """What grading needs of a log."""

    def __init__(self, plan: DrillPlan, events: Sequence[Event], head: str = "0" * 64) -> None:
        self.plan = plan
        self.events = events
        self.head = head

    def __repr__(self) -> str:
        """Short, because Hypothesis prints it."""
        return f"Log({self.plan.scenario.scenario}, {len(self.events)} events)"


@cache
def rubric() -> Rubric:
    return take("rubrics", "standard", Rubric)


# -- scenarios ---------------------------------------------------------------------------------------------------------


def small_scenario(severity: object, **changes: object) -> Scenario:
    """A small scenario of any severity, with one way out and one way to make it worse."""
    fields: dict[str, object] = {
        "scenario": "small",
        "title": "Something is odd",
        "severity": severity,
        "topic": "rooms",
        "brief": "A quiet afternoon.",
        "report": {"via": "call", "from": "Operations", "text": "Something is odd."},
        "impact": {"who": "Some", "how": "They wait."},
        "workaround": "By hand.",
        "actions": [
            {"id": "look", "label": "Look", "takes": "1m", "shows": "It is the release."},
            {"id": "mend", "label": "Roll back", "takes": "2m", "needs": ["look"], "effect": "fixes"},
            {"id": "smash", "label": "Delete everything", "takes": "1m", "effect": "worsens"},
            {"id": "ease", "label": "Add servers", "takes": "1m", "effect": "eases"},
        ],
        "injects": [
            {
                "id": "asks",
                "at": "1m30s",
                "to": "first_responder",
                "text": "What is it?",
                "expects": {"act": "reply", "target": "1m", "deadline": "4m"},
            }
        ],
        "solution": "Roll back.",
        "ends": {"after": "60m"},
    }
    return Scenario.model_validate({**fields, **changes})


INCIDENTS = ("login-outage", "checkout-outage", "billing-outage", "shift-planning-down", "low", "nothing", "grows")


@cache
def scenario_of(name: str) -> Scenario:
    """One of the library's scenarios, or a small one of the severities that the library leaves out."""
    if name == "low":
        return small_scenario(3)
    if name == "nothing":
        return small_scenario(0)
    if name == "grows":
        return small_scenario([{"from": "0s", "is": 2}, {"from": "3m", "is": 1}])
    return incident(name)


def altered(scenario: Scenario, **changes: object) -> Scenario:
    """The scenario with some fields exchanged, and nothing remembered of the old ones."""
    return Scenario.model_construct(**{**{name: getattr(scenario, name) for name in Scenario.model_fields}, **changes})


# -- plans and drills --------------------------------------------------------------------------------------------------


def plan_of(
    scenario: Scenario | str,
    team: str = "officeluv",
    *,
    players: Sequence[Player] | None = None,
    by: Protocol | None = None,
    seed: int = 7,
) -> DrillPlan:
    """A plan for a scenario, by its name or as it is."""
    people = take("teams", team, People)
    members = players or [Player(id=m.id, roles=m.roles, prefers=m.prefers) for m in people.members]
    return DrillPlan(
        drill="drill",
        scenario=scenario_of(scenario) if isinstance(scenario, str) else scenario,
        protocol=by or protocol(),
        rubric=rubric(),
        team=team,
        players=list(members),
        facilitators=["fay"],
        seats={player.id: Seat(kind="script") for player in members},
        first_responder=members[0].id,
        seed=seed,
        start=START,
    )


def played(plan: DrillPlan, acts: Iterable[Timed] | None = None, *, answers: bool = True) -> Log:
    """The drill that a timetable makes of a plan; the perfect one unless another is given."""
    team = Team(plan, list(perfect_acts(plan) if acts is None else acts), answers=answers)
    driver = Driver.start(plan, [team], VirtualClock(plan.start))
    driver.run()
    return Log(plan, driver.events)


def without(plan: DrillPlan, *kinds: str) -> list[Timed]:
    """The perfect timetable without some kinds of act."""
    return [timed for timed in perfect_acts(plan) if kind_of(timed.act) not in kinds]


def by_hand(plan: DrillPlan, *calls: tuple[float, Callable[..., Event], Mapping[str, object]]) -> Log:
    """A log from short calls: seconds, kind of event, its fields."""
    events = [
        kind(seq=seq, at=int(at * SECOND), wall=START + timedelta(seconds=at), **fields)
        for seq, (at, kind, fields) in enumerate(calls)
    ]
    return Log(plan, events)


def saying(acts: Iterable[Timed], severity: int | None) -> list[Timed]:
    """The acts with another severity said, whichever act says it; None if none says any."""
    kept = [one for one in acts if severity is not None or not isinstance(one.act, do.DeclareSeverity)]
    return [Timed(one.at, _saying(one.act, severity)) for one in kept]


def _saying(act: Act, severity: int | None) -> Act:
    says = isinstance(act, do.DeclareSeverity | do.AlertTeam | do.Restate)
    return msgspec.structs.replace(act, severity=severity) if says else act


# -- looking at results ------------------------------------------------------------------------------------------------


def graded(log: Log, by: Rubric | None = None, *, people: bool = False) -> Scorecard:
    return grade(log, by, people)


def item(card: Scorecard, name: str) -> Item:
    """The item of a scorecard by its id."""
    return next(one for part in card.components.values() for one in part.items if one.id == name)


def total(card: Scorecard) -> float:
    assert card.score is not None
    return card.score


def renumbered(events: Iterable[Event]) -> list[Event]:
    """The events with places that follow each other."""
    return [msgspec.structs.replace(event, seq=seq) for seq, event in enumerate(events)]
