"""What the API takes, and how its answers are described: by name, so that their models are made only on demand."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "CHANGING",
    "READING",
    "WEEK",
    "ActBody",
    "AdviceBody",
    "GuessBody",
    "MemberBody",
    "MergeBody",
    "NameBody",
    "Screen",
    "ScreenBody",
    "TeamBody",
    "described",
]

WEEK = 7 * 24 * 3_600_000
DAY = 24 * 3_600_000
Text = Annotated[str, Field(max_length=8_000)]
Screen = Literal["guess", "reveal", "score"]
"""The screens of the hot wash, in order."""

_SAID = {
    400: "The body cannot be read.",
    401: "There is no session; open a link first.",
    403: "The session may not do that, or the request did not come from a page of the drill room.",
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
    shapes = {"200": answer, **{str(code): others.get(f"_{code}", "Refused") for code in codes}}
    said = {"200": "Done, or found.", **{str(code): _SAID[code] for code in codes}}
    responses = {
        code: {
            "description": said[code],
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape}"}}},
        }
        for code, shape in shapes.items()
    }
    return {"summary": summary, "tags": [tag], "openapi_extra": {"responses": responses}, "response_model": None}


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
