"""`absences.yaml`: who is away when. It asks for no reason, and a server's pages can say more of it."""

from typing import Self

from pydantic import Field, model_validator

from scenarios.base import Id, Model
from scenarios.civil import Day

__all__ = ["Absence", "Absences"]


class Absence(Model):
    """Days on which somebody is away."""

    who: Id
    """The member, by the id in the team."""
    since: Day = Field(alias="from")
    """The first day."""
    to: Day | None = None
    """The last day; nothing means the first."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to is not None and self.to < self.since:
            raise ValueError(f"it ends on {self.to}, before it begins")
        return self


class Absences(Model):
    """Who is away."""

    absences: list[Absence] = Field(max_length=5_000)
    """One after the other."""
