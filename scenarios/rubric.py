"""A rubric: what a drill's components and items weigh, where the caps lie and what the ratings mean."""

from functools import cached_property
from hashlib import sha256
from typing import Self

import msgspec
from pydantic import Field, model_validator

from scenarios.base import Id, Line, Model
from scenarios.protocol import Component

__all__ = ["Caps", "Rating", "Rubric"]


class Caps(Model):
    """The highest total that a drill can reach in which something went gravely wrong. 100 lifts a cap."""

    nobody_acknowledged: float = Field(default=39, ge=0, le=100)
    """Nobody answered the alert."""
    critical_never_declared: float = Field(default=59, ge=0, le=100)
    """An incident of severity 1 was never declared to be one."""
    impact_not_ended: float = Field(default=59, ge=0, le=100)
    """The impact was not ended, or the incident was declared resolved before it was."""
    harm_done: float = Field(default=79, ge=0, le=100)
    """Something the team did made it worse."""


class Rating(Model):
    """A band of the total and the sentence that people read."""

    letter: Line
    """The letter in the scorecard, as in HSEEP: P, S, M or U."""
    at_least: float = Field(ge=0, le=100)
    """The lowest total in the band."""
    says: Line
    """The sentence that people read."""


class Rubric(Model):
    """How a log is graded. Two logs compare only under the same rubric."""

    rubric: Id
    """Its name."""
    title: Line
    """Its name as people read it."""
    version: int = Field(default=1, ge=1)
    """Which version of it this is; raise it with any change to what a drill is worth."""
    components: dict[Component, float]
    """What each component weighs, relative to the others. A component that is not listed does not count."""
    items: dict[Id, float] = {}
    """Weights of single obligations by their id, where the protocol's own should not hold; 0 takes one out."""
    order_penalty: float = Field(default=0.3, ge=0, le=1)
    """The share of the protocol component that is lost when its acts come in the wrong order."""
    caps: Caps = Caps()
    """The caps."""
    cap_presses_from: float = Field(default=1, gt=0, le=1)
    """The share of a cap up to which a total stays as it is. What lies above is pressed together between there and the
    cap, and keeps its order. 1 makes all totals above a cap equal."""
    ratings: list[Rating] = Field(min_length=1)
    """The bands, the highest first; the last one starts at 0."""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if any(weight < 0 for weight in [*self.components.values(), *self.items.values()]):
            raise ValueError("a weight cannot be negative")
        if not sum(self.components.values()) > 0:
            raise ValueError("at least one component must weigh more than 0")
        bands = [rating.at_least for rating in self.ratings]
        if bands != sorted(bands, reverse=True) or bands[-1] != 0:
            raise ValueError("the ratings go from the highest to one that starts at 0")
        return self

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its content, however its file was laid out."""
        content = self.model_dump(mode="json", by_alias=True)
        for name in _SINCE_VERSION_2:
            if content[name] == 1:
                del content[name]  # a rubric that says nothing of them has the hash that it always had
        return sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


_SINCE_VERSION_2 = ("version", "cap_presses_from")
