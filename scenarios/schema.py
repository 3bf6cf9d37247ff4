"""JSON Schemas of what people author, for editors that complete and check while one types."""

from typing import cast

from scenarios.base import format_duration
from scenarios.load import MODELS
from scenarios.lookup import Kind
from scenarios.protocol import Like

__all__ = ["DIALECT", "Json", "schema"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
"""What JSON can hold."""


def schema(kind: Kind) -> dict[str, Json]:
    """The JSON Schema of one kind of file: keys as authors write them, each with what it means."""
    made = cast("dict[str, Json]", MODELS[kind].model_json_schema(by_alias=True, mode="validation"))
    tidy = _tidied(made)
    return {"$schema": DIALECT, **(_whole_or_small(tidy) if kind == "protocol" else tidy)}


def _whole_or_small(whole: dict[str, Json]) -> dict[str, Json]:
    """A protocol's schema, for whole ones and for those that change another: these need say nothing but `like`."""
    small = cast("dict[str, Json]", _optional(whole))
    changes = _tidied(cast("dict[str, Json]", Like.model_json_schema(by_alias=True, mode="validation")))
    small["properties"] = {
        **cast("dict[str, Json]", changes["properties"]),
        **cast("dict[str, Json]", small["properties"]),
    }
    inner, parts = cast("dict[str, Json]", small.pop("$defs")), cast("dict[str, Json]", whole.pop("$defs"))
    return {
        "$defs": {**parts, **{f"{name}Change": definition for name, definition in inner.items()}},
        "if": {"required": ["like"]},
        "then": {**small, "required": ["like"]},
        "else": whole,
    }


def _optional(node: Json) -> Json:
    """The schema of a change to something: it names what it changes, and nothing else is required."""
    if isinstance(node, list):
        return [_optional(one) for one in node]
    if not isinstance(node, dict):
        return f"{node}Change" if isinstance(node, str) and node.startswith("#/$defs/") else node
    made = {key: _optional(value) for key, value in node.items() if key not in ("required", "minItems")}
    names = [name for name in cast("list[Json]", node.get("required", [])) if name in ("id", "level", "severity")]
    return {**made, "required": cast("Json", names[:1])} if names else made


def _tidied(node: dict[str, Json]) -> dict[str, Json]:
    """The schema without what only says the same again, and as strict about the names of keys as the models are."""
    tidy: dict[str, Json] = {}
    for key, value in node.items():
        if key in ("properties", "$defs", "patternProperties") and isinstance(value, dict):
            tidy[key] = {name: _without_title(key, inner) for name, inner in value.items()}
        elif isinstance(value, dict) and key not in ("default", "const"):
            tidy[key] = _tidied(value)
        elif isinstance(value, list):
            tidy[key] = [_tidied(item) if isinstance(item, dict) else item for item in value]
        elif not (key == "default" and value is None):
            tidy[key] = value
    default = tidy.get("default")
    if tidy.get("type") == "string" and isinstance(default, int | float):  # a duration or a share, as authors write it
        tidy["default"] = format_duration(default) if isinstance(default, int) else f"{default * 100:g}%"
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy


def _without_title(within: str, node: Json) -> Json:
    """A property's title is its name once more; a definition's is worth keeping."""
    if not isinstance(node, dict):
        return node
    tidy = _tidied(node)
    if within == "properties":
        tidy.pop("title", None)
    return tidy
