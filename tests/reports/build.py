"""Drills for the tests of the papers: real ones, played by simulated teams or by scripted acts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec

import scenarios
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.scenario import Scenario
from scenarios.script import Script
from scenarios.source import read
from scenarios.team import Team
from scoring.result import Scorecard
from scoring.scorecard import grade
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event, InjectNotTaken
from simulator.log import DrillLog
from simulator.plan import DrillPlan, Player, Profile, Seat
from simulator.players.cast import Cast
from simulator.players.scripted_team import ScriptedTeam

LIBRARY = Path(scenarios.__file__).parent / "library"
START = datetime(2026, 3, 12, 19, 0, tzinfo=UTC)


def team(name: str) -> Team:
    """A team of the library."""
    return Team.model_validate(read(LIBRARY / "teams" / f"{name}.yaml").data)


def plan(
    scenario: str = "login-outage",
    *,
    members: str = "officeluv",
    profile: Profile | None = "good",
    seed: int = 7,
    authored: Scenario | None = None,
) -> DrillPlan:
    """A plan; without a profile the seats wait for a script."""
    found = team(members)
    seat = Seat(kind="script") if profile is None else Seat(kind="simulated", profile=profile)
    return DrillPlan(
        drill=f"{scenario}-{seed}",
        scenario=authored or Scenario.model_validate(read(LIBRARY / "incidents" / f"{scenario}.yaml").data),
        protocol=Protocol.model_validate(read(LIBRARY / "protocols" / "officeluv.yaml").data),
        runbooks=[Runbook.model_validate(read(path).data) for path in sorted((LIBRARY / "runbooks").glob("*.yaml"))],
        rubric=Rubric.model_validate(read(LIBRARY / "rubrics" / "standard.yaml").data),
        team=found.team,
        timezone=found.timezone,
        players=[Player(id=member.id, roles=member.roles, prefers=member.prefers) for member in found.members],
        facilitators=["boss"],
        seats={member.id: seat for member in found.members},
        first_responder=found.first_responder or found.members[0].id,
        seed=seed,
        start=START,
        versions={"drillroom": "0.1.0"},
    )


def names(members: str = "officeluv") -> dict[str, str]:
    """The names of a team's members by id."""
    return {member.id: member.name for member in team(members).members}


@cache
def played(
    scenario: str = "login-outage", members: str = "officeluv", profile: Profile = "good", seed: int = 7
) -> DrillLog:
    """A drill played by a simulated team."""
    planned = plan(scenario, members=members, profile=profile, seed=seed)
    driver = Driver.start(planned, [Cast(planned)], VirtualClock(planned.start))
    driver.run()
    return DrillLog.reproducible(planned, driver.events)


def acted(acts: Sequence[dict[str, object]], scenario: str = "login-outage", members: str = "officeluv") -> DrillLog:
    """A drill of scripted acts; a refused one is a mistake of the test."""
    planned = plan(scenario, members=members, profile=None)
    script = Script.model_validate({"acts": list(acts)})
    driver = Driver.start(planned, [ScriptedTeam(planned, script)], VirtualClock(planned.start))
    driver.run()
    if driver.refused:
        raise AssertionError(f"refused: {driver.refused[0]}")
    return DrillLog.reproducible(planned, driver.events)


def long_drill(start: datetime, hours: int = 26, zone: str = "America/Chicago", people: int = 0) -> DrillLog:
    """A drill that lasts over a day, in which the command is handed over each six hours; `people` more play."""
    short = plan(profile=None)
    ends = short.scenario.ends.model_copy(update={"after": (hours + 1) * 3_600_000})
    more = [Player(id=f"guest-{number}") for number in range(people)]
    planned = short.model_copy(
        update={
            "scenario": short.scenario.model_copy(update={"ends": ends}),
            "players": [*short.players, *more],
            "seats": {**short.seats, **{one.id: Seat(kind="script") for one in more}},
            "start": start,
            "timezone": zone,
        }
    )
    acts: list[dict[str, object]] = [
        {"at": "20s", "who": "ana", "say": "/sev 1"},
        {"at": "30s", "who": "ana", "say": "/alert 1 login"},
    ]
    acts += [{"at": f"{60 + place}s", "who": one.id, "say": "/join"} for place, one in enumerate(planned.players)]
    acts.append({"at": "2m", "who": "ana", "say": "/role incident_commander"})
    holder = "ana"
    for hour in range(1, hours):
        acts.append({"at": f"{hour}h", "who": holder, "say": f"/publish Hour {hour}: we are still on it. next 1h"})
        if hour % 6 == 0:
            other = "ben" if holder == "ana" else "ana"
            acts += [
                {"at": f"{hour}h5m", "who": holder, "say": f"/handover incident_commander {other}"},
                {"at": f"{hour}h6m", "who": other, "say": "/accept"},
            ]
            holder = other
    acts += [
        {"at": f"{hours - 1}h30m", "who": "boss", "do": "pause", "reason": "a fire alarm"},
        {"at": f"{hours - 1}h31m", "who": "boss", "do": "resume"},
        {"at": f"{hours}h", "who": holder, "say": "/resolve over"},
        {"at": f"{hours}h1m", "who": holder, "say": "/publish All is well again. next none"},
    ]
    driver = Driver.start(
        planned, [ScriptedTeam(planned, Script.model_validate({"acts": acts}))], VirtualClock(planned.start)
    )
    driver.run()
    if driver.refused:
        raise AssertionError(f"refused: {driver.refused[0]}")
    return DrillLog.reproducible(planned, driver.events)


def later(event: Event, milliseconds: int) -> Event:
    """The same event, later on the wall's clock."""
    return msgspec.structs.replace(event, wall=event.wall + timedelta(milliseconds=milliseconds))


def graded(log: DrillLog) -> Scorecard:
    """Its scorecard."""
    return grade(log)


def busy() -> DrillLog:
    """Six people who write, post and publish every few seconds, and change roles all the time."""
    acts: list[dict[str, object]] = [
        {"at": "5s", "who": "ana", "say": "/sev 1"},
        {"at": "6s", "who": "ana", "say": "/alert 1 login"},
    ]
    for place, who in enumerate(list(names())[1:]):
        acts.append({"at": f"{8 + place}s", "who": who, "say": "/ack"})
    for place, who in enumerate(names()):
        acts.append({"at": f"{20 + place}s", "who": who, "say": "/join"})
    acts.append({"at": "30s", "who": "ana", "say": "/role incident_commander"})
    for minute in range(1, 30):
        for place, who in enumerate(names()):
            acts.append({"at": f"{minute}m{5 * place}s", "who": who, "say": f"/log entry {minute} of {who}"})
        acts.append({"at": f"{minute}m40s", "who": "ana", "say": f"/publish message {minute} next 5m"})
        verb = "role" if minute % 2 else "release"
        acts.append({"at": f"{minute}m50s", "who": "ben", "say": f"/{verb} solutioneer"})
    return acted(acts)


HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "# heading\n\n```\nfence\n```\n<svg onload=alert(1)>",
    '=HYPERLINK("http://evil.example")',
    "+1-1 @SUM(A1) $x^2$ {{ 7*7 }} {% raw %}",
    "\u202eevil\u202c \x1b[31mred\x1b[0m \x00 \ud800 🔥 漢字 العربية",
    "a|b * _c_ ~~d~~ & &lt; https://evil.example www.evil.example x@evil.example",
    "Wort" * 200,
)
"""What somebody might type, or be called."""


def hostile(log: DrillLog) -> DrillLog:
    """The same drill, in which everybody typed what they should not."""
    texts = {"text", "topic", "sender", "shows", "reason", "solution", "who_impacted", "how_impacted", "summary"}
    texts |= {"went_well", "went_badly", "learnings"}
    events = []
    for event in log.events:
        closed = isinstance(event, InjectNotTaken)  # its reason is one of four words
        typed = (
            [] if closed else [field for field in event.__struct_fields__ if field in texts and getattr(event, field)]
        )
        changes = {field: HOSTILE[(event.seq + place) % len(HOSTILE)] for place, field in enumerate(typed)}
        events.append(msgspec.structs.replace(event, **changes))
    return DrillLog(log.plan, tuple(events), log.data, log.head)


def hostile_names(log: DrillLog) -> dict[str, str]:
    """Members who are called what nobody should be."""
    return {player.id: HOSTILE[place % len(HOSTILE)] for place, player in enumerate(log.plan.players)}
