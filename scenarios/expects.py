"""What an inject asks of those whom it reaches: an act in time, something to judge, to discuss, or to decide."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, PlainSerializer, Tag, model_validator

from scenarios.base import Duration, Id, Level, Line, Model, Name, Prose

__all__ = ["Asked", "Decision", "Discussion", "Expectation", "Expected", "Judged", "Option", "Target"]


class Target(Model):
    """By when something is to be done; in `targets`, instead of what the protocol says of an obligation."""

    target: Duration
    """Done by then, it is worth everything."""
    deadline: Duration
    """Done after this, it is worth a tenth."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 < self.target < self.deadline:
            raise ValueError("the target must be more than 0s and the deadline later than the target")
        return self


class Expectation(Target):
    """What an inject asks of the one it reaches; the time runs from when it reached the role."""

    act: Literal["publish", "reply", "update", "log", "declare_severity", "take_role", "hand_over", "delegate"]
    """The act that answers it. A `publish` or `update` sent within the cadence before also counts."""


class Judged(Model):
    """Something that only a person can tell: an evaluator or a facilitator says whether the team did it."""

    judged: Line
    """What the team should do, in words; such as `Names who decides`. It never reaches players before the talk."""


class Discussion(Model):
    """A question to talk about; nothing is scored."""

    question: Line
    """What those whom it reaches should talk about."""


class Option(Model):
    """One way in which a decision can go, and what follows from it."""

    id: Id
    """Its name, unique among actions, injects and options; an inject can come `after` it."""
    label: Line
    """What those who decide read."""
    says: Prose | None = None
    """What they hear as soon as they have chosen it."""
    effect: Literal["eases", "worsens", "nothing"] = "nothing"
    """What it does to the impact; only an action ends it."""
    signals: dict[Name, Level] = {}
    """Levels that signals move to when it is chosen."""


class Decision(Target):
    """A choice between options, which one of those whom it reaches makes once; the time runs from when it came."""

    decision: Line
    """What is to be decided, as a question."""
    options: list[Option] = Field(min_length=2, max_length=6)
    """What can be chosen."""


def _tag(value: object) -> str:
    """Which kind of expectation something is: its own key says so."""
    if isinstance(value, Mapping):
        kind = next((key for key in ("judged", "question", "decision") if key in value), "act")
    else:
        kinds = ((Judged, "judged"), (Discussion, "question"), (Decision, "decision"))
        kind = next((key for model, key in kinds if isinstance(value, model)), "act")
    return f"{kind}-expected"  # unlike any key, so that it is not taken for a place in the file


Asked = Expectation | Judged | Discussion | Decision
"""What an inject can ask for."""
_One = Annotated[
    Annotated[Expectation, Tag("act-expected")]
    | Annotated[Judged, Tag("judged-expected")]
    | Annotated[Discussion, Tag("question-expected")]
    | Annotated[Decision, Tag("decision-expected")],
    Discriminator(_tag),
]


def listed(value: object) -> object:
    """A single thing as a list of it."""
    return value if isinstance(value, list) else [value]


def _as_written(value: list[Asked]) -> list[Asked] | Asked:
    return value[0] if len(value) == 1 else value


Expected = Annotated[
    list[_One],
    BeforeValidator(listed, json_schema_input_type=_One | list[_One]),
    PlainSerializer(_as_written),
    Field(min_length=1, max_length=10),
]
"""One thing that an inject asks for, or a list of them."""
