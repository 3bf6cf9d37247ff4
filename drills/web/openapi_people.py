"""What the API answers about people, for its description."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

__all__ = ["PEOPLE_ANSWERS"]


class PersonLine(BaseModel):
    """Somebody who is known."""

    id: str
    name: str
    email: str
    teams: list[str]
    drills: Annotated[int, Field(ge=0)]
    """How many drills they were in, in any seat."""


class People(BaseModel):
    """Everybody who is known, by name."""

    people: list[PersonLine]


class TeamKept(BaseModel):
    """What came of adding a team."""

    people: Annotated[int, Field(ge=0)]
    left_out: Annotated[int, Field(ge=0)]
    """How many were left out because they were forgotten."""


class Allowed(BaseModel):
    """Whether a name had been forgotten, and may be used again."""

    allowed: bool


class Merged(BaseModel):
    """Two rows are one person now."""

    merged: Literal[True]


class Forgotten(BaseModel):
    """What was removed about somebody, and what is out of reach."""

    name: str
    drills: list[str]
    texts: Annotated[int, Field(ge=0)]
    out_of_reach: list[str]


PEOPLE_ANSWERS: tuple[type[BaseModel], ...] = (People, TeamKept, Allowed, Merged, Forgotten)
"""Every model that a route about people names."""
