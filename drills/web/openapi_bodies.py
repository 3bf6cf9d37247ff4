"""What the API takes, and how its answers are described: by name, so that their models are made only on demand."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.responses import Response

__all__ = [
    "CHANGING",
    "READING",
    "WEEK",
    "ActBody",
    "ActionBody",
    "AdviceBody",
    "CloseBody",
    "Day",
    "DrillBody",
    "EvidenceBody",
    "GuessBody",
    "MemberBody",
    "MergeBody",
    "NameBody",
    "Screen",
    "ScreenBody",
    "TeamBody",
    "TokenBody",
    "described",
]

WEEK = 7 * 24 * 3_600_000
DAY = 24 * 3_600_000
Text = Annotated[str, Field(max_length=8_000)]
Screen = Literal["guess", "reveal", "score"]
"""The screens of the hot wash, in order."""

_SAID = {
    400: "The body cannot be read.",
    401: "There is no session and no valid token; the answer says which.",
    403: "The session or the token may not do that, or the request did not come from a page of the drill room.",
    404: "There is no such drill, or it is not yours.",
    409: "Refused as things stand; the answer says why.",
    413: "It is too large.",
    415: "It is neither JSON nor empty.",
    422: "Something in the request is not valid.",
    429: "It was too fast.",
    503: "It could not be stored, so it has not happened.",
}

READING = (401, 404, 409, 422)
"""What every route about a drill may also answer."""
CHANGING = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
"""What every route that changes something may also answer."""


def described(answer: str, *codes: int, summary: str, tag: str, **others: str) -> dict[str, Any]:
    """How a route is described: the model of its answer, and what else it may answer, by status code."""
    plain = "/" in answer  # a media type instead of a model
    shapes = {**({} if plain else {"200": answer}), **{str(code): others.get(f"_{code}", "Refused") for code in codes}}
    said = {"200": "Done, or found.", **{str(code): _SAID[code] for code in codes}}
    responses = {
        code: {
            "description": said[code],
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}},
        }
        for code, shape in shapes.items()
    }
    if plain:
        content = {answer: {"schema": {"type": "string"}}}
        responses = {"200": {"description": said["200"], "content": content}, **responses}
    found = {"summary": summary, "tags": [tag], "openapi_extra": {"responses": responses}, "response_model": None}
    return found | ({"response_class": Response} if plain else {})


# -- bodies ------------------------------------------------------------------------------------------------------------


class Strict(BaseModel):
    """A body without undeclared keys."""

    model_config = ConfigDict(extra="forbid")


class ActBody(Strict):
    """An act: what somebody typed, or the act itself."""

    id: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[ -~]+$")]
    """An id from the client; acts with the same id are applied once."""
    say: Text | None = None
    """What somebody would type, such as `/sev 1`; plain text is a message."""
    act: dict[str, Any] | None = None
    """The act by its `do`, such as `{"do": "acknowledge"}`. The session says who acts."""


class MemberBody(Strict):
    """One of the players."""

    member: Annotated[str, Field(max_length=64)]


class AdviceBody(Strict):
    """A message to customers, not sent yet."""

    text: Text
    next_in: Annotated[int, Field(ge=0, le=WEEK)] | None = None
    """Milliseconds until the next message that it promises."""


class GuessBody(Strict):
    """What somebody guesses before any number is shown. Times are drill time in milliseconds."""

    surprise: Text = ""
    heard: Annotated[int, Field(ge=0, le=DAY)] | None = None
    command: Annotated[int, Field(ge=0, le=DAY)] | None = None


class ScreenBody(Strict):
    """The screen of the hot wash that every browser moves to."""

    screen: Screen


_PLAIN = r"^[^\x00-\x1f\x7f-\x9f]*$"
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=_PLAIN)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class NameBody(Strict):
    """Somebody's name."""

    name: Name


class MergeBody(Strict):
    """A person who is the same as another."""

    gone: Id


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"}), AfterValidator(_day)]
"""A day of the calendar, as 2026-03-31."""


class EvidenceBody(Strict):
    """The period of which evidence is wanted, and the evidence before it."""

    since: Day
    """The first day, in each team's own zone."""
    until: Day
    """The last day."""
    team: Id | None = None
    """Only the drills of this team."""
    seal: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = "0" * 64
    """The last seal of the evidence before; zeros if there is none."""
    heads: Annotated[dict[Id, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]], Field(max_length=5_000)] = {}
    """The last hash of each log in the evidence before, by the drill's id."""


class TeamMemberBody(Strict):
    """Somebody in a team, as its file names them."""

    id: Id
    name: Name
    email: Annotated[str, Field(max_length=200, pattern=_PLAIN)] = ""


class TeamBody(Strict):
    """A team, as its file says it."""

    team: Id
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=_PLAIN)]
    members: Annotated[list[TeamMemberBody], Field(min_length=1, max_length=500)]


class PlayerBody(Strict):
    """Somebody who is to play."""

    name: Name
    email: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f,]*$")] = ""


class DrillBody(Strict):
    """A drill to make. What is left out is as in the form of the page."""

    scenario: Annotated[str, Field(min_length=1, max_length=200)]
    """The name of a scenario, or `random`."""
    people: Annotated[list[PlayerBody], Field(max_length=500)] = []
    """Who plays; without any, the people of the team."""
    team: Annotated[str, Field(max_length=64)] = ""
    """The id of a team, as `GET /api/teams` lists them."""
    protocol: Annotated[str, Field(max_length=64)] = ""
    """The name of the protocol to play under; without one, the scenario's own."""
    rubric: Annotated[str, Field(max_length=64)] = ""
    """The name of the rubric to grade by; without one, the standard one."""
    simulated: Annotated[int, Field(ge=0, le=40)] = 0
    """How many simulated teammates play as well."""
    on_call: Literal["", "desk", "meeting", "asleep"] = ""
    """Where a call finds those who are simulated; nothing means as their team's file says, or at their desks."""
    first_responder: Annotated[str, Field(max_length=60)] = ""
    """The name of the player who hears of it first; without one, the first in the list."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    severity: Annotated[int, Field(ge=0, le=9)] | None = None
    """For a random scenario."""
    minutes: Literal[25, 60] = 60
    mode: Literal["assessed", "training"] = "assessed"
    voice: Literal["none", "call", "room"] = "none"
    kind: Literal["drill", "rehearsal"] = "drill"
    timezone: Annotated[str, Field(max_length=64)] = "UTC"

    def form(self) -> dict[str, str]:
        """The same as the page's form sends it."""
        said = self.model_dump(exclude={"people"}, exclude_none=True)
        people = "\n".join(f"{one.name}, {one.email}" if one.email else one.name for one in self.people)
        return {**{key: str(value) for key, value in said.items()}, "people": people}


class ActionBody(Strict):
    """What changes in a corrective action."""

    owner: Annotated[str, Field(max_length=64)] | None = None
    """The id of a person."""
    due_on: Annotated[str, Field(max_length=10)] | None = None
    """A day, as YYYY-MM-DD."""
    obligation: Annotated[str, Field(max_length=64)] | None = None
    """The id of the obligation that shows whether it helped."""


class CloseBody(Strict):
    """How somebody saw that a corrective action is done."""

    how: Literal["observation", "document"]
    text: Annotated[str, Field(max_length=500)] = ""
    """What they saw, or where the document is."""
    on: Annotated[str, Field(max_length=10)] = ""
    """The day, as YYYY-MM-DD; without one, today."""


class TokenBody(Strict):
    """A token to make."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    scopes: Annotated[list[str], Field(min_length=1, max_length=9)]
    days: Annotated[int, Field(ge=1, le=366)] = 90
