"""What the server sends and takes, as TypeScript for the browser's checker: made from the Python models.

`python -m tests.support.typescript` prints drills/web/server.d.ts.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from pydantic.json_schema import models_json_schema

from drills.guidance.visibility import ADDED, ASKS, KEPT_BACK, WITH_FILES
from drills.web.openapi_answers import ANSWERS
from simulator.acts import ACTS
from simulator.kinds import EVENTS

__all__ = ["declarations", "event_schemas"]

Schema = dict[str, Any]
_HEAD = """\
// What the server sends and takes. Made by `make docs`; a test says when it is to be made again.

declare namespace Server {
"""

_WORDS = {"type": "string"}
_FILES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": _WORDS, "type": _WORDS, "size": {"type": "integer"}, "sha256": _WORDS, "alt": _WORDS},
        "required": ["name", "type", "size", "sha256"],
        "additionalProperties": False,
    },
}
"""What comes with an event, where something does."""


def event_schemas() -> dict[str, Schema]:
    """Each event as it is sent: what is kept back from some may be missing, and what is added is there."""
    _, found = msgspec.json.schema_components(EVENTS, ref_template="#/$defs/{name}")
    for kind in EVENTS:
        schema = found[kind.__name__]
        schema["required"] = [name for name in schema["required"] if name not in KEPT_BACK]
        schema["properties"] |= {name: {"type": "string"} for name in ADDED.get(kind, ())}
        schema["required"] += ADDED.get(kind, ())
        if kind in WITH_FILES:
            schema["properties"]["files"] = _FILES
        schema["additionalProperties"] = False
    found["InjectDelivered"]["properties"][ASKS] = {"type": "object"}
    return found


def declarations() -> str:
    """The whole file."""
    _, acts = msgspec.json.schema_components(ACTS, ref_template="#/$defs/{name}")
    for schema in acts.values():
        schema["properties"] = {name: one for name, one in schema["properties"].items() if name not in ("who", "id")}
    wanted = [(answer, "serialization") for answer in ANSWERS]
    answers = models_json_schema(wanted, ref_template="#/$defs/{model}")[1]["$defs"]  # type: ignore[arg-type]  # a literal
    for name in ("Events", "Acted", "Page"):
        answers[name]["properties"]["events"] = {"type": "array", "items": {"$ref": "Event"}}
    events = event_schemas()
    parts = [
        *(_interface(name, schema) for name, schema in events.items()),
        _union("Event", events),
        '  /** The event of a kind. */\n  type Of<Kind extends Event["kind"]> = Extract<Event, { kind: Kind }>;\n',
        *(_interface(f"Act{name}", schema) for name, schema in acts.items()),
        _union("Act", [f"Act{name}" for name in acts]),
        *(_interface(name, schema) for name, schema in sorted(answers.items()) if name not in ("Event", "Act")),
    ]
    return _HEAD + "\n".join(parts) + "}\n"


def _interface(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    lines = [*_comment(schema, 2), f"  interface {name} {{"]
    for field, one in schema["properties"].items():
        lines += [*_comment(one, 4), f"    {field}{'' if field in required else '?'}: {_type(one)};"]
    return "\n".join([*lines, "  }", ""])


def _comment(schema: Schema, indent: int) -> list[str]:
    said = " ".join(str(schema.get("description", "")).split())
    return [f"{' ' * indent}/** {said} */"] if said else []


def _union(name: str, kinds: Iterable[str]) -> str:
    return f"  type {name} =\n" + "\n".join(f"    | {kind}" for kind in kinds) + ";\n"


def _type(schema: Schema) -> str:
    """The type of what a JSON Schema describes."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join(msgspec.json.encode(value).decode() for value in values)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    kind = schema.get("type")
    if kind == "array":
        places = schema.get("prefixItems")
        if isinstance(places, list):
            return f"[{', '.join(_type(one) for one in places)}]"
        inner = _type(schema["items"])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"Record<string, {_type(dict(values)) if isinstance(values, Mapping) and values else 'any'}>"
    return {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}.get(
        str(kind), "any"
    )


if __name__ == "__main__":
    print(declarations(), end="")  # noqa: T201 - this is what it is for
