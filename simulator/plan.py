"""Everything that a drill starts from. With the log's events it is enough to resume, replay and score the drill."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from scenarios.base import Id, Line, Model
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.scenario import Scenario

__all__ = ["DrillPlan", "Kind", "Player", "Profile", "Seat"]

Kind = Literal["drill", "practice", "rehearsal", "simulated", "real", "unknown"]

Profile = Literal["expert", "good", "average", "poor", "absent"]
Mode = Literal["training", "assessed"]
Voice = Literal["none", "call", "room"]


def _instant(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(lambda at: at.isoformat().replace("+00:00", "Z"), return_type=str),
]


class Player(Model):
    """A member as the engine knows them: an id and what they may do, no name."""

    id: Id
    """The id that events use."""
    roles: list[Id] | None = None
    """The roles this member may take; nothing means any."""
    prefers: Id | None = None
    """The role this member takes when it is open."""


class Seat(Model):
    """Who acts for a member."""

    kind: Literal["person", "simulated", "script"]
    """A person, a simulated player, or the acts of a script."""
    profile: Profile | None = None
    """For a simulated player: how good they are."""


class DrillPlan(Model):
    """Everything that shapes a drill, as its log's header keeps it."""

    drill: Id
    """The drill's id."""
    kind: Kind = "unknown"
    """What it was: a team's drill, somebody's practice, a rehearsal of a scenario, simulated, or a real incident.

    Older logs do not say.
    """
    scenario: Scenario
    """The scenario as resolved."""
    protocol: Protocol
    """The protocol the team follows."""
    runbooks: list[Runbook] = []
    """The runbooks that the scenario's actions refer to."""
    rubric: Rubric
    """The rubric that was meant at the start; a log can be scored under any."""
    team: Id
    """The team's id."""
    timezone: Line = "UTC"
    """The zone whose times of day the papers print."""
    players: list[Player] = Field(min_length=1)
    """The members in the team's order."""
    facilitators: list[Id] = []
    """Ids that may run the drill."""
    evaluators: list[Id] = []
    """Ids that may rate."""
    seats: dict[Id, Seat]
    """Who acts for each member."""
    first_responder: Id
    """The member who hears of it first."""
    mode: Mode = "assessed"
    """Whether the room helps (training) or not."""
    voice: Voice = "none"
    """Whether the team also talks: not at all, on a call, or in one room."""
    seed: int = Field(ge=0, lt=2**63)
    """Determines every draw."""
    start: Instant
    """STARTEX as a UTC instant."""
    versions: dict[str, str] = {}
    """What the drill ran on: the program's version."""

    def player(self, name: str) -> Player | None:
        """The member of that id, if there is one."""
        return next((player for player in self.players if player.id == name), None)

    def runbook(self, name: str) -> Runbook | None:
        """The runbook of that id, if there is one."""
        return next((runbook for runbook in self.runbooks if runbook.runbook == name), None)
