"""The drills of a calibration, in chunks that any process can play by itself.

Drill number i is played with seed i, so every draw is independent of every other drill's. Its team's profile and size
follow from i too: all of them take turns, so that each chunk but the last holds each of them equally often.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import NamedTuple

import msgspec

from drills.planning.crew import made_up
from drills.planning.materials import Incident, Materials, gather, incident, plan_drill
from scenarios.load import protocol_for
from scoring.calibration.counts import PROFILES, SIZES, Counts, count
from scoring.calibration.identity import identity
from scoring.scorecard import grade
from simulator.clock import VirtualClock
from simulator.driver import Driver
from simulator.events import Event
from simulator.plan import DrillPlan, Seat
from simulator.players.cast import Cast

__all__ = ["CHUNK", "Brief", "brief_of", "chunks_of", "digest_of", "encoded", "play_chunk", "prepared"]

_TEAMS = tuple(product(PROFILES, SIZES))
CHUNK = 5 * len(_TEAMS)
"""So many drills are played at a time: five of each profile and size."""


class Brief(NamedTuple):
    """What one calibration plays."""

    scenario: str
    """The scenario's id."""
    identity: str
    """The hash of what players and score read of it."""
    plan: str
    """The plan as JSON, with the largest team; smaller ones are its first members."""
    drills: int
    """How many drills it has."""


class _Played(NamedTuple):
    """A drill as grading needs it."""

    plan: DrillPlan
    events: Sequence[Event]
    head: str = ""


def brief_of(scenario: str | Path | Incident, drills: int) -> Brief:
    """What there is to play of a scenario. Raises LoadError."""
    plan = plan_of(gathered(scenario))
    return Brief(plan.scenario.scenario, identity(plan), plan.to_json(), drills)


def gathered(scenario: str | Path | Incident) -> Materials:
    """A scenario with the largest of the teams that calibrate it. Raises LoadError."""
    wanted = scenario if isinstance(scenario, Incident) else Incident(scenario)
    story, near = incident(wanted)
    crew = made_up(protocol_for(story, near), max(SIZES))
    return gather(Incident(story, names=wanted.names, near=near), crew)


def plan_of(materials: Materials) -> DrillPlan:
    """The plan from which every drill of a calibration is made."""
    return plan_drill(materials, 0)


def chunks_of(brief: Brief) -> range:
    """The numbers of a brief's chunks."""
    return range(-(-brief.drills // CHUNK))


@lru_cache(maxsize=1)
def prepared(plan: str) -> DrillPlan:
    """A plan that came as JSON. A process that plays chunk after chunk of it reads it once."""
    return DrillPlan.model_validate_json(plan)


def play_chunk(plan: DrillPlan, drills: int, chunk: int) -> Counts:
    """Play and count one chunk of a calibration of so many drills."""
    found = Counts()
    for number in range(chunk * CHUNK, min(drills, (chunk + 1) * CHUNK)):
        profile, size = _TEAMS[number % len(_TEAMS)]
        players = plan.players[:size]
        seat = Seat(kind="simulated", profile=profile)
        chosen = plan.model_copy(
            update={"seed": number, "players": players, "seats": {player.id: seat for player in players}}
        )
        driver = Driver.start(chosen, [Cast(chosen)], VirtualClock(chosen.start))
        driver.run()
        count(found, chosen, driver.events, grade(_Played(chosen, driver.events)), profile)
    return found


def encoded(counts: Counts) -> bytes:
    """Counts as JSON: the same bytes for the same numbers, in whichever order they were added."""
    return msgspec.json.encode(counts, order="deterministic")


def digest_of(counts: Counts) -> str:
    """A hash of counts, short enough to be kept beside others."""
    return sha256(encoded(counts)).hexdigest()[:16]
