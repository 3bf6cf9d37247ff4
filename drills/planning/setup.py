"""What was asked for when a drill was made, and the plan that follows from it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Literal

import msgspec

from drills.planning.catalogue import as_offered
from drills.planning.fit import why_not
from drills.planning.materials import RUBRIC, Incident, Materials, found_at, gather, incident, plan_drill
from scenarios.load import load_protocol, load_rubric, load_runbook, names, protocol_for
from scenarios.problem import LoadError
from scenarios.runbook import Runbook
from scenarios.scenario import Ends, Scenario
from scenarios.team import Member, OnCall, Team
from simulator.plan import DrillPlan, Seat

__all__ = ["EVALUATOR", "FACILITATOR", "Person", "Setup", "SetupError", "check_fit", "people_of", "plan_of"]

FACILITATOR = "facilitator"
"""The id under which the facilitator of a drill acts."""
EVALUATOR = "evaluator"
MOST_PEOPLE = 500
_TEAMMATES = ("Ada", "Bruno", "Celia", "Dmitri", "Esther", "Farid", "Gwen", "Hugo", "Imani", "Jonas", "Kira", "Luca")
_SHORT = 25
_SHORT_ENDS = Ends.model_validate({"after": "16m", "papers": "4m", "hot_wash": "5m"})


class SetupError(Exception):
    """A drill cannot be made from what was asked for: what is wrong, field by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class Person(msgspec.Struct):
    """Somebody who is to play."""

    id: str
    """The id of their row in the database; for a simulated player, the id from which their acts are drawn."""
    name: str
    email: str = ""
    simulated: bool = False
    roles: list[str] | None = None
    """The roles that their team's file lets them take; nothing means any."""
    prefers: str = ""
    """The role that their team's file says they prefer."""
    on_call: OnCall | None = None
    """Where their team's file says that a call finds them, if they are simulated."""
    since: int | None = None
    """Drill time in milliseconds at which their team's file says that they come on duty; nothing means at the start."""
    file_id: str = ""
    """The id by which their team's file knows them."""


class Setup(msgspec.Struct):
    """What was asked for when a drill was made."""

    scenario: str
    people: list[Person]
    seed: int
    minutes: int = 60
    severity: int | None = None
    """For a random scenario."""
    first_responder: str = ""
    mode: Literal["assessed", "training"] = "assessed"
    voice: Literal["none", "call", "room"] = "none"
    play_too: bool = False
    """Whether the person who made it plays too, so that nobody runs it and nobody sees the answers."""
    kind: Literal["drill", "practice", "rehearsal"] = "drill"
    pace: float = 1.0
    role: str = ""
    """In practice: the role that the person wants to hold."""
    timezone: str = "UTC"
    """The zone whose times of day people see."""
    team: str = "room"
    """The id of their team, and the name by which its log knows it."""
    team_name: str = "room"
    team_title: str = "Those in the room"
    """What the team is called where somebody is told that it does not fit."""
    protocol: str = ""
    """The protocol to play under; nothing means the one that the scenario is written for."""
    rubric: str = ""
    """The rubric to grade by; nothing means the standard one."""
    on_call: OnCall | None = None
    """Where a call finds those who are simulated; None means as their team's file says, or at their desks."""


def people_of(text: str, simulated: int) -> list[Person]:
    """The people in a text, one per line as `name, e-mail`, plus simulated teammates. Raises SetupError.

    People get random ids, since events name them by id alone. How simulated teammates act is drawn from their ids, so
    theirs are the same each time; they name nobody.
    """
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) + simulated > MOST_PEOPLE:
        raise SetupError({"people": f"there are {len(lines) + simulated} people; at most {MOST_PEOPLE} can play"})
    people: list[Person] = []
    for line in lines:
        name, _, email = (part.strip() for part in line.partition(","))
        if not name or len(name) > 60 or not name.isprintable():
            raise SetupError(
                {"people": f"{line[:40]!r} is not a name; write one per line, with an e-mail after a comma"}
            )
        people.append(Person(f"p-{secrets.token_hex(8)}", name, email))
    for number in range(simulated):
        turn, place = divmod(number, len(_TEAMMATES))
        name = _TEAMMATES[place] + (f" {turn + 1}" if turn else "")
        people.append(Person(name.lower().replace(" ", "-"), f"{name} (simulated)", simulated=True))
    if not people:
        raise SetupError({"people": "name at least one person, or somebody simulated"})
    return people


def plan_of(setup: Setup, drill: str, start: datetime) -> DrillPlan:
    """The plan that a setup means, for a drill of that id. Raises SetupError."""
    with as_offered():
        materials = _materials(setup, _team(setup, _first(setup)))
        books = _books()
    if setup.kind == "practice":
        materials = replace(materials, team=_for_practice(setup, materials))
    scenario = shortened(materials.scenario) if setup.minutes <= _SHORT else materials.scenario
    person = Seat(kind="person")
    seats = {one.id: Seat(kind="simulated", profile="good") if one.simulated else person for one in setup.people}
    plan = plan_drill(replace(materials, scenario=scenario, runbooks=books), setup.seed)
    made = plan.model_copy(
        update={
            "drill": drill,
            "kind": setup.kind,
            "seats": seats,
            "mode": setup.mode,
            "voice": setup.voice,
            "start": start,
        }
    )
    return made if setup.on_call is None else found_at(made, setup.on_call)


def _first(setup: Setup) -> str:
    """The id of who hears of it first, who must be there from the start. Raises SetupError."""
    by_id = {person.id: person for person in setup.people}
    if not setup.first_responder:
        here = [person for person in setup.people if person.since is None]
        if not here:
            raise SetupError({"people": "all of them come on duty later; somebody must be there from the start"})
        return next((person.id for person in here if not person.simulated), here[0].id)
    if setup.first_responder not in by_id:
        raise SetupError({"first_responder": "the first responder is none of those who play"})
    if by_id[setup.first_responder].since is not None:
        raise SetupError({"first_responder": "the first responder comes on duty later; choose another one"})
    return setup.first_responder


def check_fit(setup: Setup) -> None:
    """Complain if scenario, protocol, rubric and team do not load or do not fit together. Raises SetupError."""
    with as_offered():
        _check_fit(setup, _team(setup, _first(setup)))


def _check_fit(setup: Setup, team: Team) -> None:
    with _told("scenario"):
        written, near = incident(Incident(setup.scenario, setup.seed, setup.severity))
    with _told("protocol" if setup.protocol else "scenario"):
        rules = load_protocol(setup.protocol, near) if setup.protocol else protocol_for(written, near)
    with _told("rubric"):
        load_rubric(setup.rubric or RUBRIC, near)
    errors = why_not(written, rules, team)
    if errors:
        raise SetupError(errors)


def _materials(setup: Setup, team: Team) -> Materials:
    """What the drill is made of. Raises SetupError."""
    _check_fit(setup, team)
    with _told("scenario"):
        wanted = Incident(setup.scenario, setup.seed, setup.severity)
        return gather(wanted, team, setup.rubric or RUBRIC, setup.protocol or None)


@contextmanager
def _told(field: str) -> Iterator[None]:
    """What does not load becomes what is wrong with a field of the form."""
    try:
        yield
    except LoadError as error:
        raise SetupError({field: str(error.problems[0])}) from None


def _team(setup: Setup, first: str) -> Team:
    """Those who play, as the team of the drill's plan."""
    alone = setup.play_too or setup.kind == "practice"
    return Team(
        team=setup.team_name,
        title=setup.team_title,
        timezone=setup.timezone,
        first_responder=first,
        members=[
            Member(
                id=one.id,
                name=one.name,
                roles=one.roles,
                prefers=one.prefers or None,
                on_call=one.on_call if one.simulated else None,
            ).model_copy(
                update={"since": one.since},
            )
            for one in setup.people
        ],
        facilitators=[] if alone else [FACILITATOR],
        evaluators=[] if alone else [EVALUATOR],
    )


def _books() -> list[Runbook]:
    """All runbooks, for people to look things up. One that does not load is in nobody's way."""
    found = []
    for name in names("runbook"):
        with suppress(LoadError):
            found.append(load_runbook(name))
    return found


def _for_practice(setup: Setup, materials: Materials) -> Team:
    """The team around somebody who practises. Simulated teammates leave them the role that they want; if a scenario
    begins with a first responder who cannot be reached, that is somebody else.
    """
    team, roles = materials.team, [one.id for one in materials.protocol.roles]
    simulated = {person.id for person in setup.people if person.simulated}
    change: dict[str, object] = {}
    if setup.role in roles:
        others = [role for role in roles if role != setup.role]
        change["members"] = [
            one.model_copy(update={"roles": others}) if one.id in simulated else one for one in team.members
        ]
    if materials.scenario.report.takes_out is not None:
        change["first_responder"] = next(person.id for person in setup.people if person.simulated)
    return team.model_copy(update=change)


def shortened(scenario: Scenario) -> Scenario:
    """The scenario cut to 25 minutes: a longer one ends earlier, and the end of the impact is due sooner."""
    if scenario.ends.after <= _SHORT_ENDS.after:
        return scenario
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    data["ends"] = _SHORT_ENDS.model_dump(mode="json")
    targets = {**data.get("targets", {})}
    if "impact_ended" in targets:
        targets["impact_ended"] = {"target": "11m", "deadline": "15m"}
    data["targets"] = targets
    return Scenario.model_validate(data)
