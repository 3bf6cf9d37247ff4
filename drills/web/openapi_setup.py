"""What the API answers around drills and about tokens, for its description."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["SETUP_ANSWERS"]

Instant = str
"""A UTC instant in ISO 8601."""


class ScenarioLine(BaseModel):
    """A scenario that can be played."""

    name: str
    title: str
    length: str
    difficulty: str
    teaches: list[str]
    own: bool
    """Whether it is of the server's workspace, and not of the library."""


class Scenarios(BaseModel):
    """What can be played, our own first."""

    scenarios: list[ScenarioLine]


class TeamLine(BaseModel):
    """A team that is known."""

    id: str
    title: str
    people: Annotated[int, Field(ge=0)]


class Teams(BaseModel):
    """The teams that can be chosen."""

    teams: list[TeamLine]


class Made(BaseModel):
    """A drill that was made, and its page."""

    drill: str
    url: str


class Wrong(BaseModel):
    """Why a drill was not made."""

    error: str
    fields: dict[str, str] = {}
    """What is wrong with each field."""


class ScorecardJson(BaseModel):
    """A scorecard of format 2; the page about the score explains its fields."""

    model_config = ConfigDict(extra="allow")

    format: Literal[2]
    drill: str
    scenario: str
    score: float | None
    rating: str | None
    provisional: bool
    components: dict[str, Any]
    ledger: list[dict[str, Any]]


class HistoryJson(BaseModel):
    """Closed drills together; the page about the history explains each column."""

    drills: list[dict[str, Any]]
    """A row for each drill, in the order in which they began."""
    obligations: list[dict[str, Any]]
    """A row for each obligation of each drill."""
    notes: list[str]
    """What is doubtful about them, a sentence each."""


class ProgrammeJson(BaseModel):
    """What several teams did, without a score beside another team's."""

    teams: list[dict[str, Any]]
    """For each team what it did, by name."""
    course: dict[str, float] | None
    """Whether drills went better over time: the slope, how often luck alone looks so, and of how many drills."""


class HistoryAnew(BaseModel):
    """What the history says is made anew from the logs."""

    left: int
    """How many drills are still to be made; they are made in the background."""


class EvidenceJson(BaseModel):
    """The evidence of a period; the page about evidence explains it."""

    since: str
    until: str
    made: Instant
    by: str
    """The version of the program."""
    kept: list[dict[str, Any]]
    """For each drill its record, and its sealed log in base64."""
    others: list[dict[str, str]]
    """Drills without a log in it, each with its state."""
    notes: list[str]
    changed: list[str]
    """What became of the drills in the evidence before."""
    after: str
    """The last seal of the evidence before."""


class TokenLine(BaseModel):
    """A token, without what would let anybody use it."""

    id: str
    name: str
    scopes: list[str]
    made: Instant
    made_by: str
    """The name of who made it; empty for a command on the server."""
    expires: Instant
    used: Instant | None
    """When it was last used, to the minute."""
    state: Literal["valid", "expired", "revoked"]


class TokenList(BaseModel):
    """All tokens, the newest first."""

    tokens: list[TokenLine]


class TokenMade(BaseModel):
    """A new token. Nobody can read it again."""

    token: str
    made: TokenLine


class TokenRevoked(BaseModel):
    """It opens nothing any more."""

    revoked: TokenLine


SETUP_ANSWERS: tuple[type[BaseModel], ...] = (
    *(Scenarios, Teams, Made, Wrong, ScorecardJson, HistoryJson, HistoryAnew, ProgrammeJson, EvidenceJson),
    *(TokenList, TokenMade, TokenRevoked),
)
"""Every model that a route around drills, or about tokens, names."""
