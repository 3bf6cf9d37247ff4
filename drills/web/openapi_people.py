"""What the API answers about people, as its description says it."""

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
    """In how many they were, in any seat."""


class People(BaseModel):
    """Everybody who is known, by name."""

    people: list[PersonLine]


class TeamKept(BaseModel):
    """What became of a team."""

    people: Annotated[int, Field(ge=0)]
    left_out: Annotated[int, Field(ge=0)]
    """How many were forgotten before, and are not taken on again."""


class Allowed(BaseModel):
    """Whether a name had been forgotten, and may be used again."""

    allowed: bool


class Merged(BaseModel):
    """That two are one."""

    merged: Literal[True]


class Forgotten(BaseModel):
    """What was removed of somebody, and what is out of reach."""

    name: str
    drills: list[str]
    texts: Annotated[int, Field(ge=0)]
    out_of_reach: list[str]


PEOPLE_ANSWERS: tuple[type[BaseModel], ...] = (People, TeamKept, Allowed, Merged, Forgotten)
"""Every shape that a route about people names."""
