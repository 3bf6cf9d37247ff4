"""A scenario as YAML in the house's style: the file that somebody would have written by hand.

What is written reads back as the same scenario: every scalar is quoted unless the reader takes it as the text or
number that it is.
"""

import re
import textwrap
from collections.abc import Iterator

from scenarios.generate.draft import Node
from scenarios.scenario import Scenario

__all__ = ["written"]

WIDTH = 120
_ORDER = ("id", "at", "after", "delay", "when", "repeat", "unless", "chance", "to", "via", "from", "text", "expects")
_ACTION = (
    "id",
    "label",
    "also",
    "runbook",
    "needs",
    "takes",
    "clue",
    "herring",
    "effect",
    "together",
    "shows",
    "signals",
)
_FLAT = {"vary", "signals"}
"""Maps whose entries go on one line each if they fit."""
_MINUTE_AND_SECONDS = re.compile(r"1m([1-9][0-9]?)s")
_PLAIN_START = re.compile(r"[A-Za-z0-9/($+£€]")
_LOOKS_OTHERWISE = re.compile(r"-?[0-9.]+|true|false|null|~|", re.ASCII)
_SENDERS = {
    "incident_commander": "to whoever commands",
    "solutioneer": "to those who look for the cause",
    "communications": "to whoever speaks to customers",
    "first_responder": "to the one who hears of it first",
}


def written(scenario: Scenario, note: str = "") -> str:
    """The scenario's file; `note` goes above it as a comment."""
    data: dict[str, Node] = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    if len(scenario.severity) == 1:
        data["severity"] = scenario.severity[0].level
    data = {key: _short(value) for key, value in data.items()}
    if scenario.length is not None:
        data["length"] = f"{scenario.length // 60_000}m"
    lines = list(_comment(note))
    for key, value in data.items():
        if key in ("vary", "report", "signals", "actions", "injects", "solution", "guide", "teaches"):
            lines.append("")
        if key == "actions":
            lines += [f"{key}:", *_entries(value, _ACTION)]
        elif key == "injects":
            lines += [f"{key}:", *_injects(value)]
        elif key in _FLAT and isinstance(value, dict):
            lines.append(f"{key}:")
            for name, inner in value.items():
                lines += _entry(name, inner, 2)
        else:
            lines += _entry(key, value, 0)
    return "\n".join(lines) + "\n"


def _short(node: Node) -> Node:
    """Durations under two minutes as people write them: 90s and not 1m30s. No text looks like one."""
    if isinstance(node, str):
        found = _MINUTE_AND_SECONDS.fullmatch(node)
        return f"{60 + int(found[1])}s" if found else node
    if isinstance(node, dict):
        return {key: _short(inner) for key, inner in node.items()}
    return [_short(inner) for inner in node] if isinstance(node, list) else node


def _comment(note: str) -> Iterator[str]:
    for paragraph in note.split("\n") if note else []:
        yield from (f"# {line}" for line in textwrap.wrap(paragraph, WIDTH - 2)) if paragraph else ["#"]


def _entries(items: Node, order: tuple[str, ...]) -> Iterator[str]:
    assert isinstance(items, list)  # noqa: S101 - the model says so
    for item in items:
        assert isinstance(item, dict)  # noqa: S101 - the model says so
        ordered = {key: item[key] for key in (*order, *item) if key in item}
        for place, (key, value) in enumerate(ordered.items()):
            lines = _entry(key, value, 4)
            if place == 0:
                lines[0] = f"  - {lines[0].lstrip()}"
            yield from lines


def _injects(items: Node) -> Iterator[str]:
    """Those at fixed times by whom they reach, then those that depend on the team."""
    assert isinstance(items, list)  # noqa: S101 - the model says so
    heading = ""
    for item in items:
        assert isinstance(item, dict)  # noqa: S101 - the model says so
        here = _SENDERS.get(str(item.get("to")), "") if "at" in item else "what depends on the team"
        if here and here != heading:
            yield f"  # -- {here}"
            heading = here
        spoken = {"to": "everyone", "via": "chat", **item}
        expects = spoken.get("expects")
        if isinstance(expects, dict):
            spoken["expects"] = _kind_first(expects)
        elif isinstance(expects, list):
            spoken["expects"] = [_kind_first(one) if isinstance(one, dict) else one for one in expects]
        yield from _entries([spoken], _ORDER)


def _kind_first(expects: dict[str, Node]) -> dict[str, Node]:
    """What an inject expects, with the key that says what kind it is before its times."""
    return {key: expects[key] for key in ("act", "decision", *expects) if key in expects}


def _entry(key: str, value: Node, indent: int) -> list[str]:
    """A key with its value, on one line or on several."""
    pad = " " * indent
    if isinstance(value, str):
        return _text(key, value, indent)
    flat = f"{pad}{key}: {_flow(value)}"
    nested = isinstance(value, dict | list) and any("\n" in text or len(text) > 90 for text in _strings(value))
    if (
        not nested
        and len(flat) <= WIDTH
        and not (isinstance(value, list) and key in ("teaches", "watch", "mistakes", "hot_wash"))
    ):
        return [flat]
    if isinstance(value, dict):
        if not nested and len(flat) - len(key) - 1 <= WIDTH:
            return [f"{pad}{key}:", f"{pad}  {_flow(value)}"]
        return [f"{pad}{key}:", *(line for name, inner in value.items() for line in _entry(name, inner, indent + 2))]
    if isinstance(value, list):
        found = [f"{pad}{key}:"]
        for inner in value:
            lines = _text("-", inner, indent + 2) if isinstance(inner, str) else [f"{pad}  - {_flow(inner)}"]
            found += lines
        return found
    return [flat]


def _strings(node: Node) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for inner in node.values():
            yield from _strings(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _strings(inner)


def _text(key: str, value: str, indent: int) -> list[str]:
    """A text: on its line if it fits, else folded; with its own lines kept if it has any."""
    pad, head = " " * indent, f"{key} " if key == "-" else f"{key}: "
    inner = pad + "  "
    if "\n" in value:
        return [f"{pad}{head}|-", *(f"{inner}{line}".rstrip() for line in value.split("\n"))]
    line = f"{pad}{head}{_scalar(value)}"
    if len(line) <= WIDTH:
        return [line]
    wrapped = textwrap.wrap(
        value, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    if " ".join(wrapped) != value:  # a double space, or one at an end, would be lost in folding
        return [line]
    return [f"{pad}{head}>-", *(f"{inner}{part}" for part in wrapped)]


def _flow(value: Node) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str):
        return _scalar(value, inside=True)
    return str(value)


def _scalar(value: str, *, inside: bool = False) -> str:
    """A text as it may stand: plain where it is taken for itself, else in quotes."""
    safe = (
        _PLAIN_START.match(value)
        and not _LOOKS_OTHERWISE.fullmatch(value)
        and ": " not in value
        and " #" not in value
        and not value.endswith((":", " "))
        and not (inside and set(value) & set(",[]{}"))
    )
    if safe:
        return value
    if '"' in value and "'" not in value and "\\" not in value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
