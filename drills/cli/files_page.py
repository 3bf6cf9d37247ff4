"""docs/reference/files.md, made from the models of the files themselves: `python -m drills.cli.files_page`."""

import json
import re
from typing import cast

from scenarios.load import MODELS
from scenarios.lookup import Kind
from scenarios.schema import Json, schema

__all__ = ["files_page"]

_Node = dict[str, Json]
_HEAD = """\
# Files

Every key of every kind of file that a team writes, with its meaning, what it takes and what holds without it. This page
is generated from the program by `make docs`; `drillroom schema KIND` prints the same for editors.

*required* stands where a key may not be left out, *nothing* where leaving it out means that there is none. Durations
are written like `90s`, `5m` or `1h30m`. A *name* is of small letters and digits, with `-` or `_` in between.
"""
_INTRODUCED = {
    "scenario": "An incident to rehearse: [how to write one](../how-to/writing-scenarios.md).",
    "team": "The people who rehearse together.",
    "protocol": "Roles, severities, and what is owed when.",
    "rubric": "How a log is graded.",
    "runbook": "Procedures to follow, which an action can name.",
    "names": "What your company calls its services, products and teams.",
    "script": "A team on paper: who does what when.",
    "schedule": "When a team's drills come: [how to plan them](../how-to/schedule.md).",
    "absences": "Who is away. It asks for no reason.",
    "actions": "What was changed by hand in corrective actions, where no server keeps it.",
}
_CHANGING = ("like", "call", "drop")
_CHANGES = """\
A small file that says `like` changes another protocol. It takes these keys, and any of those above, none of which is
required then: a mapping changes the keys that it names, and an item of a list changes the one that has the same `id`,
`level` or `severity`, or is added."""
_NAME = re.compile(r"^\^\[a-z\]\[a-z0-9\]\*")
_DURATION = "(?=\\d)(\\d+h)?"


def files_page() -> str:
    """The page, in Markdown."""
    parts = [_HEAD]
    for kind in MODELS:
        whole = schema(kind)
        full, changed = cast("_Node", whole.get("else", whole)), cast("_Node", whole.get("then", {}))
        parts.append(f"## {kind.capitalize()}\n\n{_introduction(kind, full)}\n")
        parts.append(_table(kind, full))
        if changed:
            own = {key: each for key, each in cast("_Node", changed["properties"]).items() if key in _CHANGING}
            parts.append(f"### {kind.capitalize()}: changes in another\n\n{_CHANGES}\n")
            parts.append(_table(kind, {**changed, "properties": own}))
        for name, part in cast("dict[str, _Node]", whole.get("$defs", {})).items():
            if "properties" in part:
                parts.append(f"### {kind.capitalize()}: {name}\n\n{_text(part)}\n")
                parts.append(_table(kind, part))
    return "\n".join(parts)


def _introduction(kind: Kind, node: _Node) -> str:
    """What a kind of file is for, and what the model says besides."""
    intro, text = _INTRODUCED[kind], _text(node)
    return text if text.startswith(intro) else f"{intro} {text}".strip()


def _table(kind: Kind, node: _Node) -> str:
    required = cast("list[str]", node.get("required", []))
    rows = ["| Key | Meaning | Takes | Without it |", "| --- | --- | --- | --- |"]
    for key, each in cast("dict[str, _Node]", node.get("properties", {})).items():
        without = "*required*" if key in required else _default(each)
        cells = (f"`{key}`", _text(each), _takes(kind, each), without)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _text(node: _Node) -> str:
    return " ".join(str(node.get("description", "")).split())


def _default(node: _Node) -> str:
    value = node.get("default")
    return "*nothing*" if value in (None, [], {}, "") else f"`{json.dumps(value, ensure_ascii=False)}`"


def _takes(kind: Kind, node: _Node) -> str:
    """What a key takes, in words: the kinds of value, or a link to the table of a part."""
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        return f"[{name}](#{kind}-{name.lower()})"
    either = node.get("anyOf", node.get("oneOf"))
    if either is not None:
        ways = [_takes(kind, way) for way in cast("list[_Node]", either) if way.get("type") != "null"]
        return " or ".join(dict.fromkeys(ways))
    if "enum" in node:
        return ", ".join(map(_literal, cast("list[Json]", node["enum"])))
    if "const" in node:
        return _literal(node["const"])
    if node.get("type") == "array":
        return f"list of {_takes(kind, cast('_Node', node.get('items', {})))}"
    if node.get("type") == "object":
        return _map(kind, node)
    return _single(node)


def _literal(value: Json) -> str:
    return "an empty text" if value == "" else f"`{value}`"


def _map(kind: Kind, node: _Node) -> str:
    inner = [*cast("_Node", node.get("patternProperties", {})).values(), node.get("additionalProperties")]
    values = [_takes(kind, one) for one in inner if isinstance(one, dict)]
    return f"names, each with {' or '.join(values)}" if values else "names, each with a value"


def _single(node: _Node) -> str:
    pattern = str(node.get("pattern", ""))
    if _DURATION in pattern:
        return "duration"
    if _NAME.match(pattern):
        return "name"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`"}
    word = words.get(str(node.get("type")), "any value")
    low, high = node.get("minimum", node.get("exclusiveMinimum")), node.get("maximum", node.get("exclusiveMaximum"))
    if low is not None and high is not None:
        return f"{word}, {low} to {high}"
    if low is not None:
        return f"{word}, {'from' if 'minimum' in node else 'above'} {low}"
    return word


if __name__ == "__main__":
    import sys

    sys.stdout.write(files_page())
