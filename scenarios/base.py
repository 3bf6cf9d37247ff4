"""The basis of every authored model: one strict base class and the few scalar types that authors write."""

import re
from collections.abc import Generator, Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from scenarios.visible_text import CONTROL

__all__ = [
    "Chance",
    "Duration",
    "Effect",
    "Id",
    "Level",
    "Line",
    "Model",
    "Name",
    "Percent",
    "Prose",
    "Tool",
    "Via",
    "format_duration",
    "harmless",
    "parse_duration",
]

SECOND = 1_000
_DURATION = re.compile(r"(?=\d)(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)%", re.ASCII)


class Model(BaseModel):
    """Base of everything authored: immutable, and a key that nobody declared is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema, in which each key says what it means."""
        from scenarios.descriptions import descriptions

        made = handler(core_schema)
        properties = handler.resolve_ref_schema(made).get("properties", {})
        for name, meaning in descriptions(cls).items():
            field = cls.model_fields[name]
            for key in {name, field.alias} & properties.keys():
                properties[key]["description"] = meaning
        return made

    @cached_property
    def as_json(self) -> str:
        """It as JSON, with the keys that authors write and without what is not set. Written once."""
        return self.model_dump_json(by_alias=True, exclude_none=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with some fields changed. What was worked out of the old fields is worked out again."""
        copied = super().model_copy(update=update, deep=deep)
        for name in [name for name in vars(copied) if isinstance(getattr(type(self), name, None), cached_property)]:
            del vars(copied)[name]
        return copied

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        """Its fields by name, without what was worked out of them: `dict(model)` is what a model is made of."""
        return ((name, value) for name, value in super().__iter__() if name in type(self).model_fields)


def parse_duration(text: str) -> int:
    """Read `90s`, `5m` or `1h30m` as milliseconds; anything else, a bare number included, is a ValueError."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError("a duration is written like 90s, 5m or 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * SECOND


@lru_cache(maxsize=1024)
def format_duration(milliseconds: int) -> str:
    """Write milliseconds the way authors do, to the second: 90000 is `1m30s`, 0 is `0s`."""
    seconds = milliseconds // SECOND
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{value}{unit}" for value, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if value]
    return "".join(parts) or "0s"


def _duration(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("a duration is written like 90s, 5m or 1h30m")  # noqa: TRY004 - pydantic reports ValueError with its place
    return parse_duration(value)


def _percent(value: object) -> float:
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("a percentage is written like 8%")
    return float(found[1]) / 100


def _share(value: object) -> object:
    return _percent(value) if isinstance(value, str) else value


def harmless(value: str) -> str:
    """Text as it is; a ValueError if anything in it cannot be seen, or turns the text around."""
    if CONTROL.search(value):
        raise ValueError("control characters and text-direction overrides are not allowed")
    return value


Duration = Annotated[
    int,
    BeforeValidator(_duration),
    PlainSerializer(format_duration),
    WithJsonSchema({"type": "string", "pattern": r"^(?=\d)(\d+h)?(\d+m)?(\d+s)?$", "examples": ["90s", "5m", "1h30m"]}),
]
"""Milliseconds, written as `90s`, `5m` or `1h30m`."""

Percent = Annotated[
    float,
    BeforeValidator(_percent),
    PlainSerializer(lambda share: f"{share * 100:g}%"),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?%$", "examples": ["8%"]}),
]
"""A share between 0 and 9.99, written as `8%`."""

Chance = Annotated[
    float,
    Field(gt=0, le=1),
    BeforeValidator(_share),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\d+(\.\d+)?%$"},
            ],
            "examples": [0.8, "80%"],
        }
    ),
]
"""A chance of more than none, up to certainty, written as `80%` or 0.8."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", max_length=64)]
"""A name that other places refer to: lower-case words joined by - or _."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\r\n]+$"), AfterValidator(harmless)]
"""One line of text, without control characters."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(harmless)]
"""Text of any number of lines, without control characters."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
"""A name that stands in braces or calls a signal."""

Level = Annotated[float | Line, BeforeValidator(lambda value: float(value) if isinstance(value, int) else value)]
"""A number, or text such as `"{error_rate}"` that becomes one when it is filled."""

Via = Literal["alert", "call", "email", "chat", "customer", "in_person"]
"""The ways in which something reaches people."""

Tool = Literal["dashboard", "status_page", "chat"]
"""What responders use themselves, which may be down too."""

Effect = Literal["fixes", "eases", "worsens", "nothing"]
"""What something does to the impact."""
