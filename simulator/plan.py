"""Everything that a drill starts from. With the log's events it is enough to resume, replay and score the drill."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from scenarios.attachments import FileType
from scenarios.base import Duration, Id, Line, Model
from scenarios.draws import UNIT, uniform
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.scenario import Action, Inject, Report, Scenario
from scenarios.team import OnCall

__all__ = ["DRAWN", "DRAWS", "DrillPlan", "Kind", "PlanFile", "Player", "Profile", "Seat"]

DRAWS = "draws"
"""Under this name `versions` says how the drill's chance is drawn; plans of version 0.1.0 do not say it."""
DRAWN = "2"
"""How it is drawn now: from the seed and the scenario."""

Kind = Literal["drill", "practice", "rehearsal", "simulated", "real", "unknown"]

Profile = Literal["expert", "good", "average", "poor", "absent"]
Mode = Literal["training", "assessed"]
Voice = Literal["none", "call", "room"]


_SHARED = ("scenario", "protocol", "runbooks", "rubric")
"""The large fields of a plan, which are the same in all drills of a scenario."""


def _written(value: Model | Sequence[Model]) -> str:
    return value.as_json if isinstance(value, Model) else f"[{','.join(one.as_json for one in value)}]"


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
    on_call: OnCall | None = None
    """Where a call finds this member if they are simulated; nothing means at the desk."""
    since: Duration | None = None
    """Drill time at which this member comes on duty; nothing means from the start."""


class Seat(Model):
    """Who acts for a member."""

    kind: Literal["person", "simulated", "script"]
    """A person, a simulated player, or the acts of a script."""
    profile: Profile | None = None
    """For a simulated player: how good they are."""


class PlanFile(Model):
    """A file that a scenario hands to people. A log has all but its content, which is kept beside the log."""

    file: Line
    """Where the scenario says it is."""
    name: Line
    """Its name without its folders."""
    type: FileType
    """What it is, by its content."""
    size: int
    """Its bytes."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """The hash of its content."""
    alt: Line | None = None
    """What a picture shows."""
    content: bytes | None = Field(default=None, exclude=True, repr=False)
    """Its content, where a plan was made; None in a plan that was read from a log."""

    @property
    def beside(self) -> str:
        """Where a drill's folder has it, beside the log."""
        return f"files/{self.sha256[:12]}-{PurePosixPath(self.name).name}"


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
    files: list[PlanFile] | None = None
    """What the scenario's injects, report and actions hand to people."""
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
    """What the drill ran on: the program's version, and how its chance is drawn."""

    def to_json(self) -> str:
        """Its JSON, as `as_json`. What the drills of a scenario share is written once for all of them."""
        parts: list[str] = []
        for shared, names in groupby(type(self).model_fields, _SHARED.__contains__):
            if shared:
                parts += [f'"{name}":{_written(getattr(self, name))}' for name in names]
            else:
                parts += [self.model_dump_json(include=set(names), by_alias=True, exclude_none=True)[1:-1]]
        return f"{{{','.join(part for part in parts if part)}}}"

    @cached_property
    def luck(self) -> int:
        """The number from which every draw of this drill follows: the seed, and which scenario is played.

        Else a seed would be a good or a bad day in every scenario alike. Only the scenario's id counts, so that editing
        a scenario does not deal its drills anew. In plans that do not say how they draw, it is the seed alone.
        """
        if self.versions.get(DRAWS) != DRAWN:
            return self.seed
        # The word is as good as any; with this one, the drills that a newcomer runs first are usual days.
        return int(uniform(self.seed, "deal", self.scenario.scenario) / UNIT)

    def player(self, name: str) -> Player | None:
        """The member of that id, if there is one."""
        return next((player for player in self.players if player.id == name), None)

    def attached(self, to: Report | Action | Inject | None) -> list[PlanFile]:
        """The files that come with something of the scenario."""
        known = {one.file: one for one in self.files or []}
        wanted = (to.attach if to is not None else None) or []
        return [known[one.file].model_copy(update={"alt": one.alt}) for one in wanted if one.file in known]

    @property
    def contents(self) -> dict[str, bytes]:
        """The contents of its files that are here, by their hashes."""
        return {one.sha256: one.content for one in self.files or [] if one.content is not None}

    def with_contents(self, contents: Mapping[str, bytes]) -> "DrillPlan":
        """The plan with the contents of its files, by their hashes."""
        if self.files is None:
            return self
        files = [one.model_copy(update={"content": contents.get(one.sha256)}) for one in self.files]
        return self.model_copy(update={"files": files})

    def without_contents(self) -> "DrillPlan":
        """The plan as a log holds it, once the contents of its files are kept elsewhere."""
        return self.with_contents({})

    def runbook(self, name: str) -> Runbook | None:
        """The runbook of that id, if there is one."""
        return next((runbook for runbook in self.runbooks if runbook.runbook == name), None)
