"""`actions.yaml`: what was changed by hand in corrective actions, where no server keeps it.

An action may stand in it several times; what is said later counts. So a line can always be added at its end.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from scenarios.base import Id, Line, Model
from scenarios.civil import day
from scenarios.explain import explain
from scenarios.problem import LoadError, Problem
from scenarios.source import parse, read
from scenarios.workspace import ACTIONS_FILE

__all__ = ["ActionsFile", "Closing", "Noted", "added", "load_actions"]

Day = Annotated[str, AfterValidator(lambda text: day(text).isoformat())]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\.[0-9]{1,7}$")]


class Closing(Model):
    """That somebody saw that an action is done."""

    on: Day
    """The day."""
    observation: Line | None = None
    """What somebody saw."""
    document: Line | None = None
    """Where the document is that shows it."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.observation is None) == (self.document is None):
            raise ValueError("give an `observation` or a `document`, one of them")
        return self


class Noted(Model):
    """What is said of an action."""

    action: Key
    """Its drill, a dot, and its event, as `drillroom actions list` prints it."""
    owner: Id | None = None
    """Who is to do it now, by the id in the team."""
    due: Day | None = None
    """The day by which."""
    obligation: Id | None = None
    """The id of the obligation that shows whether it helped."""
    closed: Closing | None = None
    """That it is done."""


class ActionsFile(Model):
    """What was changed by hand in corrective actions."""

    actions: list[Noted] = Field(max_length=5_000)
    """One after the other."""


def load_actions(file: Path) -> list[Noted]:
    """What a file says; nothing if there is no such file. Raises LoadError."""
    if not file.exists():
        return []
    source = read(file)
    try:
        return ActionsFile.model_validate(source.data).actions
    except ValidationError as error:
        raise LoadError(explain(error, source, ActionsFile)) from None


def added(file: Path, action: str, said: Mapping[str, str | Mapping[str, str]]) -> str:
    """The file's text with something more said of an action. Raises LoadError where it has to be added by hand."""
    before = load_actions(file)
    text = file.read_text(encoding="utf-8") if file.exists() else "actions:\n"
    lines = [f"  - action: {action}"]
    for key, value in said.items():
        shown = _quoted(value) if isinstance(value, str) else _flow(value)
        lines.append(f"    {key}: {shown}")
    made = "\n".join([text.rstrip("\n"), *lines, ""])
    if _read_again(made) != [*before, Noted.model_validate({"action": action, **said})]:
        said_by_hand = "; ".join(line.strip() for line in lines)
        raise LoadError(
            [Problem(str(file), 1, 1, "nothing can be added at its end", f"add it by hand: {said_by_hand}")]
        )
    return made


def _read_again(text: str) -> list[Noted]:
    try:
        return ActionsFile.model_validate(parse(text.encode(), ACTIONS_FILE).data).actions
    except (LoadError, ValidationError):
        return []


def _quoted(text: str) -> str:
    """A text as YAML and JSON write it alike."""
    return json.dumps(text, ensure_ascii=False)


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_quoted(value)}" for key, value in values.items()) + "}"
