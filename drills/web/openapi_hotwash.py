"""What the API answers about the talk after a drill, for its description."""

from typing import Annotated

from pydantic import BaseModel, Field

from drills.web.openapi_bodies import Screen

__all__ = ["HOT_WASH_ANSWERS", "Millis"]

Millis = Annotated[int, Field(ge=0)]
"""Drill time in milliseconds."""


class Times(BaseModel):
    """When customers first heard, and when somebody was in command; null if never."""

    heard: int | None
    command: int | None


class Mine(Times):
    """The viewer's own guess."""

    surprise: str


class MomentLine(BaseModel):
    """A moment to look at together."""

    at: Millis
    title: str
    text: str


class ActionLine(BaseModel):
    """Something to change."""

    text: str
    owner: str
    due_on: str


class HeldLine(BaseModel):
    """A corrective action of an earlier drill that this one tested again."""

    text: str
    measured_by: str
    """The obligation that shows whether it helped."""
    then: str
    now: str
    says: str
    """Whether it held, and how often luck alone looks so."""
    held: bool


class PartLine(BaseModel):
    """A component of the score."""

    title: str
    score: float | None
    weight: float


class LostLine(BaseModel):
    """Points that were lost."""

    owner_title: str
    title: str
    why: str
    points: float
    better: str | None


class ItemLine(BaseModel):
    """Points that an item earned, and would have earned."""

    title: str
    before: float
    after: float


class WhatIfLine(BaseModel):
    """One of the few changes that would have brought most, and the drill as it was played again with that alone."""

    title: str
    why: str
    better: str
    brings: float
    score: float | None
    """What the drill would have been worth."""
    items: list[ItemLine]


class Worth(BaseModel):
    """What the drill was worth."""

    score: float | None
    says: str | None
    provisional: bool
    held_down: str | None
    """The limit that holds the score down, in a sentence."""
    response_time: float | None
    role_coverage: float | None
    parts: list[PartLine]
    most: list[WhatIfLine]
    """What would have changed most, at most three."""
    ledger: list[LostLine]
    """What would have brought most first."""
    mine: list[LostLine] | None


class AskedLine(BaseModel):
    """A question that came with a message, for everybody to talk about."""

    number: Annotated[int, Field(ge=1)]
    """Of the message."""
    sender: str
    text: str


class Wash(BaseModel):
    """The talk so far, with nothing from later screens."""

    screen: Screen
    written: Annotated[int, Field(ge=0)]
    """How many have guessed."""
    questions: list[str]
    asked: list[AskedLine]
    """What messages asked those whom they reached to talk about; from the second screen on."""
    mine: Mine | None
    guesses: list[Times]
    truth: Times
    moments: list[MomentLine]
    unanswered: list[tuple[int, int]]
    """How many messages from outside were unanswered, from each drill time at which that changed."""
    actions: list[ActionLine]
    held: list[HeldLine]
    score: Worth | None
    report: str | None
    folder: str | None
    record: str | None
    """Where its record is read and signed, once the drill is closed."""


HOT_WASH_ANSWERS: tuple[type[BaseModel], ...] = (Wash,)
"""Every model that a route names."""
