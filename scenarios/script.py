"""A scripted team: acts with their times, for a drill without people, and what should come of them."""

import re
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator

from scenarios.base import Duration, Id, Line, Model, Prose

__all__ = ["Expected", "Plays", "Script", "ScriptedAct"]

_RANGE = re.compile(r"(\d{1,3}(?:\.\d)?)?\.\.(\d{1,3}(?:\.\d)?)?", re.ASCII)
_BEST = 100.0


def _scores(value: object) -> tuple[float, float]:
    found = _RANGE.fullmatch(value.replace(" ", "")) if isinstance(value, str) else None
    if found is None or found[0] == "..":
        raise ValueError("scores are written 80.. (at least), ..40 (at most) or 80..95")
    least, most = float(found[1] or 0), float(found[2] or _BEST)
    if not least <= most <= _BEST:
        raise ValueError("scores go from the lower to the higher, and from 0 to 100")
    return least, most


Scores = Annotated[
    tuple[float, float],
    BeforeValidator(_scores),
    PlainSerializer(lambda scores: f"{scores[0]:g}..{scores[1]:g}"),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d*(\.\d)?\.\.\d*(\.\d)?$", "examples": ["80..", "..40", "80..95"]}
    ),
]
"""The lowest and the highest score, written as `80..`, `..40` or `80..95`."""


class ScriptedAct(Model):
    """One act of the script: either `do` with its fields, or `say` with the text somebody would type."""

    model_config = ConfigDict(extra="allow")

    at: Duration
    """Drill time since the start of the exercise."""
    who: Id
    """The id of a member of the team, or of a facilitator or evaluator."""
    do: Line | None = None
    """The kind of act, such as `declare_severity`; its fields stand beside it."""
    say: Prose | None = None
    """What somebody would type, such as `/alert 1 login`."""

    @property
    def fields(self) -> dict[str, object]:
        """The fields that belong to the kind of act named by `do`."""
        return dict(self.model_extra or {})


class Plays(Model):
    """The drill that a script was written for."""

    scenario: Id
    """The scenario, by name."""
    team: Id | None = None
    """The team, by name; nothing means the first that has everybody in the script and can play the scenario."""
    seed: int = Field(default=1, ge=0)
    """The seed that the drill is drawn from."""


class Expected(Model):
    """What should come of a script; `drillroom test` checks it."""

    score: Scores | None = None
    """The score: `80..` for at least 80, `..40` for at most 40, `80..95` for anything between."""
    rating: list[Line] | None = Field(default=None, min_length=1)
    """The ratings that will do, by their letters."""
    caps: list[Id] | None = None
    """The ids of all limits on the score that apply; `[]` for none."""
    refused: int = Field(default=0, ge=0)
    """How many acts are meant to be refused."""

    @model_validator(mode="before")
    @classmethod
    def _one_rating(cls, value: object) -> object:
        """A single rating may stand without a list."""
        if isinstance(value, dict) and isinstance(value.get("rating"), str):
            return {**value, "rating": [value["rating"]]}
        return value


class Script(Model):
    """What a scripted team does."""

    plays: Annotated[Plays, BeforeValidator(lambda value: {"scenario": value} if isinstance(value, str) else value)] | (
        None
    ) = None
    """The scenario it was written for, by name, or `{scenario: NAME, team: NAME, seed: N}`."""
    expects: Expected = Expected()
    """What should come of it."""
    acts: list[ScriptedAct] = Field(max_length=100_000)
    """The acts in the order of their times. An act that is refused is listed and the drill goes on."""
