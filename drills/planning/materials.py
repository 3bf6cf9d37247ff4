"""From what people authored to a drill's plan: what is loaded, who plays, and what follows from scenario and seed.

A plan made twice from the same things is the same to the byte: its id and its start are drawn from the seed, not taken
from a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from scenarios.attachments import UnusableError, read_file
from scenarios.checks.others import check_team, check_team_for
from scenarios.generate import NAME as RANDOM
from scenarios.generate import random_scenario
from scenarios.load import load_names, load_protocol, load_rubric, load_runbooks, load_scenario, protocol_for, read_as
from scenarios.lookup import referred
from scenarios.problem import LoadError, Problem
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.scenario import Scenario
from scenarios.team import OnCall, Team
from scenarios.translate import as_read, in_any_role, under, unknown_roles
from scenarios.workspace import workspace
from simulator.draws import choose
from simulator.plan import DRAWN, DRAWS, DrillPlan, PlanFile, Player, Profile, Seat

__all__ = [
    "RANDOM",
    "RUBRIC",
    "TEAM",
    "Incident",
    "Materials",
    "default_start",
    "drill_id",
    "gather",
    "incident",
    "names_of",
    "plan_drill",
    "start_at",
    "version",
]

TEAM = "officeluv"
"""The team that plays unless another is named."""
RUBRIC = "standard"
"""The rubric that grades unless another is named."""

_YEAR = 2026
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_SATURDAY = 5
_EARLIEST, _LATEST, _STEP = 13 * 60 + 30, 15 * 60, 5
"""Minutes of the day between which a drill starts by default: the library's stories are set in the afternoon, and a
whole drill with its papers and its talk is over before people go home."""
_LONGEST_ID = 64


@dataclass(frozen=True)
class Materials:
    """All that was authored for a drill, loaded and checked to fit together."""

    scenario: Scenario
    protocol: Protocol
    runbooks: list[Runbook]
    rubric: Rubric
    team: Team
    name: str
    """What its drills are called: the scenario's name, and the protocol's if that is not the scenario's own."""
    files: tuple[PlanFile, ...] = ()
    """What the scenario hands to people, with the contents."""


@dataclass(frozen=True)
class Incident:
    """Which incident is meant: a scenario by name or path, or one made up."""

    scenario: str | Path | Scenario
    """`random` for one made up from the seed. One that is loaded is taken as it is."""
    seed: int = 0
    severity: int | None = None
    """For a made-up one; None leaves it to the seed."""
    names: str | Path | None = None
    """A names file; None means the workspace's, if it has one."""
    near: Path | None = None
    """The file of one that is loaded, if it has one."""


def incident(wanted: Incident) -> tuple[Scenario, Path | None]:
    """The incident in its company's names, and its file if it has one. Raises LoadError."""
    if isinstance(wanted.scenario, Scenario):
        return wanted.scenario, wanted.near
    if wanted.scenario == RANDOM:
        own = load_names(wanted.names)
        return random_scenario(wanted.seed, wanted.severity, names=own), None
    near = referred("scenario", wanted.scenario).path
    return load_scenario(wanted.scenario, load_names(wanted.names, near)), near


def gather(
    scenario: str | Path | Incident,
    team: str | Path | Team | None = None,
    rubric: str | Path | Rubric = RUBRIC,
    protocol: str | Path | Protocol | None = None,
) -> Materials:
    """Load a drill's materials, each by name or path, or as it was loaded before. Under a `protocol` other than its own
    a scenario is translated, and a team with it.

    Without a team, those of the library's play, and take any role where the protocol has others than theirs. Raises
    LoadError if anything is wrong with one of them, or if the team has nobody for a role that the scenario demands.
    """
    wanted = scenario if isinstance(scenario, Incident) else Incident(scenario)
    written, near = incident(wanted)
    rules = protocol if isinstance(protocol, Protocol) else _rules(protocol, written, near)
    story = under(written, rules)
    return Materials(
        scenario=story,
        protocol=rules,
        runbooks=load_runbooks(story, near, load_names(wanted.names, near)),
        rubric=rubric if isinstance(rubric, Rubric) else load_rubric(rubric, near),
        team=_team_for(team, near, rules, story),
        name=story.scenario if written.protocol_id == story.protocol else f"{story.scenario}-{story.protocol}",
        files=tuple(_files(story, near)),
    )


def _rules(protocol: str | Path | None, scenario: Scenario, near: Path | None) -> Protocol:
    """The protocol that is meant; without one, the scenario's own. Raises LoadError."""
    return protocol_for(scenario, near) if protocol is None else load_protocol(protocol, near)


def _files(scenario: Scenario, near: Path | None) -> Iterator[PlanFile]:
    """The scenario's attachments, each once. Raises LoadError if one cannot be used, though it could when checked."""
    root = None if near is None else workspace(near.absolute().parent)
    wanted = dict.fromkeys(one.file for _, one in scenario.attachments)
    for name in wanted:
        try:
            found = read_file(name, near, root)
        except UnusableError as error:
            raise LoadError([Problem(scenario.scenario, 0, 0, error.message, error.hint)]) from None
        size = len(found.data)
        yield PlanFile(file=name, name=found.name, type=found.type, size=size, sha256=found.sha256, content=found.data)


def _team_for(team: str | Path | Team | None, near: Path | None, protocol: Protocol, scenario: Scenario) -> Team:
    """The team as it plays this scenario. Raises LoadError if it cannot."""
    if isinstance(team, Team):
        return as_read(team, protocol)
    found = read_as(Team, "team", referred("team", TEAM if team is None else team, near))
    problems = list(check_team(found.model, found.source))
    people = found.model if problems else as_read(found.model, protocol)
    if team is None and unknown_roles(people, protocol):
        people = in_any_role(people)
    if found.source.path is None and (unknown := unknown_roles(people, protocol)):
        raise LoadError([_of_other_roles(people, unknown, protocol)])
    severities = sorted({span.level for span in scenario.severity})
    problems += check_team_for(people, found.source, protocol, severities, scenario.ends.after)
    if problems:
        raise LoadError(problems)
    return people


def _of_other_roles(team: Team, unknown: list[str], protocol: Protocol) -> Problem:
    """A team of the library, whose file nobody can change, names roles that a protocol does not have."""
    has = ", ".join(role.id for role in protocol.roles)
    message = (
        f"the team is written for roles that the protocol {protocol.protocol!r} does not have: {', '.join(unknown)}"
    )
    return Problem(team.team, 0, 0, message, f"name a team with --team whose roles are among {has}")


def plan_drill(materials: Materials, seed: int, profile: Profile | None = "good") -> DrillPlan:
    """The plan of a simulated drill. `profile` is how good the players are; without one, they follow a script."""
    team = materials.team
    seat = Seat(kind="script") if profile is None else Seat(kind="simulated", profile=profile)
    return DrillPlan(
        drill=drill_id(materials.name, seed),
        kind="simulated",
        scenario=materials.scenario,
        protocol=materials.protocol,
        runbooks=materials.runbooks,
        files=list(materials.files) or None,
        rubric=materials.rubric,
        team=team.team,
        timezone=team.timezone,
        players=[
            Player(id=member.id, roles=member.roles, prefers=member.prefers, on_call=member.on_call).model_copy(
                update={"since": member.since}
            )
            for member in team.members
        ],
        facilitators=team.facilitators,
        evaluators=team.evaluators,
        seats={member.id: seat for member in team.members},
        first_responder=team.first_responder or team.members[0].id,
        seed=seed,
        start=default_start(materials.scenario.scenario, seed, team.timezone),
        versions={"drillroom": version(), DRAWS: DRAWN},
    )


def found_at(plan: DrillPlan, where: OnCall) -> DrillPlan:
    """The same drill, with a call finding all simulated players there, whatever their team's file says."""
    simulated = {who for who, seat in plan.seats.items() if seat.kind == "simulated"}
    players = [one.model_copy(update={"on_call": where}) if one.id in simulated else one for one in plan.players]
    return plan.model_copy(update={"players": players})


def names_of(team: Team) -> dict[str, str]:
    """The name that papers print for each member's id. It is kept beside a log, never in it."""
    return {member.id: member.name for member in team.members}


def drill_id(scenario: str, seed: int) -> str:
    """The default id of a drill: the scenario's name and the seed."""
    number = str(seed)
    return f"{scenario[: _LONGEST_ID - len(number) - 1].rstrip('-_')}-{number}"


def default_start(scenario: str, seed: int, timezone: str) -> datetime:
    """When a drill starts by default: on the afternoon of a working day in 2026, in the team's zone.

    Drawn from scenario and seed; never a time of day that a clock change skips.
    """
    zone = ZoneInfo(timezone)
    first = date(_YEAR, 1, 1)
    year = [first + timedelta(days=day) for day in range(365)]
    days = [day for day in year if day.weekday() < _SATURDAY]
    minutes = range(_EARLIEST, _LATEST + 1, _STEP)
    attempt = 0
    while True:
        day = choose(days, seed, "start day", scenario, attempt)
        minute = choose(minutes, seed, "start minute", scenario, attempt)
        local = datetime.combine(day, time(minute // 60, minute % 60), zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return instant
        attempt += 1


def start_at(text: str, timezone: str, now: datetime) -> datetime:
    """The instant at which a drill starts, as somebody writes it: `now`, or an ISO 8601 instant.

    Without an offset it is a time of day in the team's zone. Raises ValueError with what was expected.
    """
    if text.strip().lower() == "now":
        return now.astimezone(UTC).replace(microsecond=0)
    try:
        written = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text!r} is not a start time; write `now`, or a time such as 2026-03-31T14:00 or 2026-03-31T14:00+02:00"
        ) from None
    if not _FIRST_YEAR <= written.year <= _LAST_YEAR:
        raise ValueError(f"a drill must start in a year from {_FIRST_YEAR} to {_LAST_YEAR}, not in {written.year}")
    if written.tzinfo is not None:
        return written.astimezone(UTC).replace(microsecond=0)
    zone = ZoneInfo(timezone)
    instant = written.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != written:
        raise ValueError(f"there is no {written:%H:%M} on {written:%Y-%m-%d} in {timezone}: the clocks go forward then")
    return instant.replace(microsecond=0)


def version() -> str:
    """The program's version, as a log's header keeps it."""
    from importlib.metadata import version as installed  # reads the disk, and only those who plan a drill need it

    return installed("drillroom")
