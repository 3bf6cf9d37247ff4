"""What was understood of a sheet, written as the draft of a scenario with what is missing marked."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scenarios.base import format_duration, parse_duration
from scenarios.lookup import is_name
from scenarios.placeholders import BUILT_IN_NAMES, names_in
from scenarios.problem import LoadError, Problem, quoted
from scenarios.sheets.casts import STANDARD
from scenarios.sheets.moments import MINUTE
from scenarios.sheets.own import BESIDE
from scenarios.sheets.summary import read_as
from scenarios.sheets.times import clock_of
from scenarios.sheets.understanding import Line, Understanding
from scenarios.visible_text import CONTROL

__all__ = ["Draft", "draft_of"]

_SHORTEST, _AFTER_LAST = 20 * MINUTE, 15 * MINUTE
"""The least for a response, and what is left of it after the last inject."""
_LONGEST_TITLE = 120
_ORDER = ("id", "at", "skips", "after", "delay", "when", "unless", "to", "via", "from", "text", "expects")
_BARE = re.compile(r"[a-z][a-z0-9_-]*|\d+[hms](?:\d+[ms])*", re.ASCII)
_NAMED_SO = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", re.ASCII)
_NO_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


@dataclass
class Draft:
    """The draft of a scenario."""

    text: str = ""
    """The YAML, with `MISSING` in a comment wherever somebody has to write something."""
    missing: list[str] = field(default_factory=list)
    """What is missing, a sentence each."""


def draft_of(name: str, understood: Understanding) -> Draft:
    """The draft of a scenario of that name. Raises LoadError if this cannot be a name."""
    if not is_name(name):
        hint = "lower-case words joined by - or _, such as search-outage"
        raise LoadError([Problem(quoted(name), 0, 0, "this cannot be the name of a scenario", hint)])
    referred = _referred(understood) if understood.own else _Referred()
    protocol, stated = understood.roles.protocol, (understood.report or {}).get("protocol")
    report = {**understood.report} if understood.report else None
    if report is not None and protocol != STANDARD:
        report.pop("protocol", None)
        stated = None
    stand_ins = {one: {"choose": [one]} for one in referred.names}
    if report is not None and report.get("vary") and stand_ins:  # what stands for others is said in one place
        report["vary"], stand_ins = {**report["vary"], **stand_ins}, {}
    injects = "".join(_inject(line, own=understood.own) for line in understood.lines)
    head = _HEAD.format(
        name=name,
        title=_title(name, understood),
        protocol="" if protocol in (STANDARD, stated) else f"protocol: {protocol}\n",
        read="".join(f"#   {_comment(line)}\n" for line in read_as(understood)),
        begins=_begins(understood),
        vary="".join(f"  {one}: {{choose: [{one}]}}\n" for one in stand_ins).join(
            ("vary:                           # MISSING: what these stand for\n", "") if stand_ins else ("", "")
        ),
        report=_report(report) if report else _REPORT,
        signals=_signals(referred.signals),
        actions="".join(_ACTION.format(id=one, label=json.dumps(one.replace("-", " ").capitalize())) for one in
                        referred.actions),
    )  # fmt: skip
    gaps = [f"{line.inject['id']}: {note}" for line in understood.lines for note in line.missing]
    return Draft(head + injects + _TAIL.format(end=format_duration(_end(understood))), [*_ALWAYS_MISSING, *gaps])


def _title(name: str, understood: Understanding) -> str:
    """What stands alone in the first row above the headings, or else the name."""
    beside = "it must not give the cause away"
    for row in understood.grid.rows:
        said = [cell for cell in row.cells if cell]
        if row.line >= understood.headings.row.line or len(said) != 1 or understood.own:
            break
        text = " ".join(said[0].split())
        if re.search(r"\w", text) and len(text) <= _LONGEST_TITLE:
            return f"{_quoted(_without_braces(text))}    # as the sheet is called; {beside}"
    title = name.replace("-", " ").replace("_", " ").capitalize()
    return f"{title}                  # MISSING: what people read; {beside}"


def _end(understood: Understanding) -> int:
    if understood.end is not None:
        return max(_SHORTEST, understood.end)
    planned = [parse_duration(line.inject["at"]) for line in understood.lines if "at" in line.inject]
    return max(_SHORTEST, max(planned, default=0) + _AFTER_LAST)


def _begins(understood: Understanding) -> str:
    at = understood.times.begins
    return "" if at is None else f'begins: "{clock_of(at)}"                 # the time of day in the sheet\n'


# -- injects -----------------------------------------------------------------------------------------------------------


def _inject(line: Line, *, own: bool) -> str:
    """An inject with what is missing above it. In somebody's sheet, braces are braces; in our own they are names."""
    written = [f"  # MISSING: {_comment(note)}" for note in line.missing]
    if line.remark:
        written.append(f"  # {_comment(line.remark)}")
    keys = sorted(line.inject, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))
    for place, key in enumerate(keys):
        value = line.inject[key] if own else _without_braces(line.inject[key])
        said = _text(value) if key == "text" else _value(value)
        behind = f"    # {_comment(line.said['expected'])}" if key == "expects" and not own else ""
        written.append(f"  {'-' if place == 0 else ' '} {key}: {said}{behind}")
    return "\n".join(written) + "\n"


def _without_braces(value: Any) -> Any:  # noqa: ANN401 - anything that YAML can hold
    return value.replace("{", "(").replace("}", ")") if isinstance(value, str) else value


def _value(value: Any) -> str:  # noqa: ANN401 - anything that YAML can hold
    match value:
        case str() if _BARE.fullmatch(value) and value not in _NO_WORDS:
            return value
        case str():
            return _quoted(value)
        case Mapping():
            return "{" + ", ".join(f"{key}: {_value(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _text(said: str) -> str:
    """A text: on its own line in quotes, or with its lines below as they are."""
    lines = said.split("\n")
    shown = all(line.isprintable() and line == line.rstrip() for line in lines)
    plain = len(lines) > 1 and shown and said == said.strip()
    if not plain:
        return _quoted(said)
    return "|-\n" + "\n".join(f"      {line}" if line else "" for line in lines)


def _quoted(said: str) -> str:
    """A text in quotes, with what cannot be seen written by its number; control characters become blanks."""
    signs = json.dumps(CONTROL.sub(" ", said), ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in signs)


def _comment(said: str) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    return line if len(line) <= 300 else line[:299] + "…"


# -- what our own table refers to and does not hold --------------------------------------------------------------------


@dataclass
class _Referred:
    """What injects name that stands elsewhere in their scenario."""

    actions: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def _referred(understood: Understanding) -> _Referred:
    injects = [line.inject for line in understood.lines]
    ids = {inject["id"] for inject in injects} | {"look-for-the-cause", "fix-it"}
    whole: list[Any] = [*injects, understood.report or {}]
    actions = [*_under(whole, "action_done"), *(inject["after"] for inject in injects if "after" in inject)]
    signals = [name for inject in injects for name in inject.get("signals", {})]
    known = {*BUILT_IN_NAMES, *(understood.report or {}).get("vary", {})}
    names = [name for text in _strings(whole) for name in names_in(text) if name not in known]
    return _Referred(
        [one for one in dict.fromkeys(actions) if one not in ids and _NAMED_SO.fullmatch(str(one))],
        list(dict.fromkeys(signals)),
        list(dict.fromkeys(names)),
    )


def _under(value: Any, key: str) -> Iterator[Any]:  # noqa: ANN401 - anything that YAML can hold
    """Every value that stands under a key."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from _under(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _under(inner, key)


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - anything that YAML can hold
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _strings(inner)


def _report(report: Mapping[str, Any]) -> str:
    beside = "".join(f"{key}: {_value(report[key])}\n" for key in BESIDE if key in report)
    said = "".join(
        f"  {key}: {_text(value) if key == 'text' else _value(value)}\n"
        for key, value in report.items()
        if key not in BESIDE
    )
    return f"{beside}report:\n{said}"


def _signals(names: list[str]) -> str:
    if not names:
        return _NO_SIGNALS
    return "signals:                        # MISSING: their levels\n" + "".join(
        f"  {name}: {{normal: 0, incident: 100}}\n" for name in names
    )


_ALWAYS_MISSING = (
    "the right severity, and what the report says",
    "what is broken, and who is harmed and how",
    "the signals that systems show",
    "what responders can do: the looks that lead to the cause, what looks promising, and what fixes it",
    "the guide for the facilitator",
)
_REPORT = """\
report:                         # MISSING: how the first responder hears of it
  via: call
  from: Head of Operations
  text: Something is wrong, and customers notice it.
"""
_NO_SIGNALS = """\
# MISSING: signals that systems show, such as
# signals:
#   errors: {title: Failed requests, unit: "%", normal: 0.4, incident: 60, noise: 8%, onset: 30s, recovery: 2m}
"""
_ACTION = """\
  - id: {id}
    label: {label}
    takes: 4m
    shows: To be written.
"""
_HEAD = """\
# A draft made of a table of injects. It can be played; `drillroom lint` lists what somebody still has to write.
# What the table was understood to say:
{read}scenario: {name}
title: {title}
{protocol}severity: 1                     # MISSING: the right diagnosis: 1, 2, 3, or 0 for a false alarm
topic: to be named              # MISSING: what it is about in a word or two
{begins}brief: To be written.           # MISSING: what the team knows before the start
{vary}{report}impact:                         # MISSING: the answers of the situation report
  who: Customers, to be said which
  how: To be written.
{signals}actions:                    # MISSING: looks that are clues, looks that lead nowhere, one that makes it worse
  - id: look-for-the-cause
    label: Look for the cause
    takes: 4m
    clue: true
    shows: To be written. This is where the cause shows.
  - id: fix-it
    label: Fix it
    takes: 5m
    needs: [look-for-the-cause]
    effect: fixes
    shows: It works again.
{actions}injects:
"""
_TAIL = """\
solution: To be written.        # MISSING: what fixes it and why it broke
# MISSING: a guide for the facilitator: watch, mistakes, hints, hot_wash
ends: {{after: {end}}}
"""
