"""A table of injects, as teams keep them in spreadsheets, as the draft of a scenario with what is missing marked."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scenarios.base import SECOND, format_duration
from scenarios.lookup import is_name
from scenarios.problem import LoadError, Problem, nearest, quoted

__all__ = ["Draft", "draft_of"]

MINUTE = 60 * SECOND
MOST_ROWS, LONGEST = 500, 4_000
"""So many injects a scenario may have, and so long a cell may be."""
_SHORTEST, _AFTER_LAST = 20, 15
"""Minutes: the least for a response, and what is left of it after the last inject."""

_COLUMNS = {
    "time": ("time", "at", "when", "minute", "minutes", "start", "scheduled time", "inject time", "event time", "t+"),
    "sender": ("from", "sender", "source", "origin", "by", "simulated by"),
    "to": ("to", "recipient", "recipients", "role", "player", "players", "audience", "target", "recipient player"),
    "via": ("via", "method", "channel", "means", "medium", "delivery", "mode"),
    "text": ("text", "message", "description", "content", "inject text", "event description", "what", "inject"),
    "expected": (
        "expected action", "expected", "expects", "expected outcome", "expected response", "expected player action",
        "response", "outcome", "action",
    ),
}  # fmt: skip
"""What the columns may be called; the first that fits is taken."""

_ROLES = {
    "incident_commander": (
        "incident commander", "commander", "ic", "lead", "incident lead", "manager", "incident manager",
    ),
    "solutioneer": (
        "solutioneer", "solutioneers", "engineer", "engineers", "engineering", "technical", "tech", "developers", "dev",
        "operations", "ops", "sre", "it", "on call", "responder", "responders", "resolver",
    ),
    "communications": (
        "communications", "communication", "comms", "pr", "press", "marketing", "customer liaison", "support",
        "spokesperson", "public relations", "comms lead", "communications lead",
    ),
    "first_responder": ("first responder", "first on call", "on duty"),
    "everyone": ("everyone", "all", "team", "everybody", "all players", "whole team", "all hands"),
    "channel": ("channel", "sitrep", "#sitrep", "room", "incident channel"),
}  # fmt: skip
_WAYS = {
    "alert": ("alert", "page", "pager", "monitoring", "alarm", "notification", "siem", "ticket"),
    "call": ("call", "phone", "telephone", "phone call", "voice", "radio", "verbal"),
    "in_person": ("in person", "face to face", "walk in", "in the room", "actor"),
    "email": ("email", "e mail", "mail", "letter"),
    "chat": ("chat", "slack", "teams", "im", "message", "text", "sms", "instant message"),
    "customer": ("customer", "social media", "social", "twitter", "post", "tweet", "public", "news", "press", "web"),
}
_ACTS = {
    "publish": r"publish|status page|statement|(?:tell|inform|notify) customers|customer message|press release|post\b",
    "hand_over": r"hand ?over|hands? over|transfer command",
    "take_role": r"take (?:the )?role|assign (?:a )?commander|names? (?:a )?commander|takes? command",
    "declare_severity": r"severity|classif|escalat|declare",
    "delegate": r"delegat|assign|task",
    "update": r"updat|brief|inform (?:the )?(?:management|executives|leadership|stakeholders)|situation report|sitrep",
    "log": r"\blog|record|document|note\b|write down",
    "reply": r"repl|answer|respon|acknowledg|call back|confirm",
}
"""Words by which an expected action is told; the first kind that fits."""


class _Row(NamedTuple):
    line: int
    time: str
    sender: str
    to: str
    via: str
    text: str
    expected: str


@dataclass
class Draft:
    """The draft of a scenario."""

    text: str = ""
    """The YAML, with `MISSING` in a comment wherever somebody has to write something."""
    missing: list[str] = field(default_factory=list)
    """What is missing, a sentence each."""


def draft_of(name: str, content: bytes, file: str) -> Draft:
    """The draft that a table becomes. Raises LoadError, at `file` and the table's line, for what cannot be read."""
    if not is_name(name):
        hint = "lower-case words joined by - or _, such as search-outage"
        raise LoadError([Problem(quoted(name), 0, 0, "this cannot be the name of a scenario", hint)])
    rows = _rows(content, file)
    times, reading = _times(rows)
    draft = Draft()
    injects = [_inject(number, row, time, draft) for number, (row, time) in enumerate(zip(rows, times, strict=True), 1)]
    end = max(_SHORTEST * MINUTE, max(time.at for time in times) + _AFTER_LAST * MINUTE)
    draft.missing[:0] = _ALWAYS_MISSING
    title = name.replace("-", " ").replace("_", " ").capitalize()
    draft.text = (
        _HEAD.format(name=name, title=title, reading=reading)
        + "".join(injects)
        + _TAIL.format(end=format_duration(end))
    )
    return draft


# -- reading the table -------------------------------------------------------------------------------------------------


def _rows(content: bytes, file: str) -> list[_Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        hint = "save it as CSV in UTF-8"
        raise LoadError([Problem(file, 0, 0, "this is not UTF-8 text", hint)]) from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        table = [(reader.line_num, [" ".join(cell.split()) for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise LoadError(
            [Problem(file, 0, 0, f"this is not a CSV file: {error}", "export it from the spreadsheet again")]
        ) from None
    table = [(line, cells) for line, cells in table if any(cells)]
    if len(table) < 2:
        raise LoadError([Problem(file, 1, 1, "there is no row below the headings", "a row for each inject")])
    if len(table) - 1 > MOST_ROWS:
        raise LoadError([Problem(file, 0, 0, f"there are {len(table) - 1:,} rows", f"at most {MOST_ROWS} are read")])
    place = _places(table[0][1], file)
    return [_row(line, cells, place, file) for line, cells in table[1:]]


def _places(headings: Sequence[str], file: str) -> dict[str, int]:
    """Which column is which. Time and text must be there."""
    plain = [re.sub(r"[^a-z+ ]", "", heading.lower().replace("-", " ")).strip() for heading in headings]
    found: dict[str, int] = {}
    for column, known in _COLUMNS.items():
        fits = (plain.index(word) for word in known if word in plain and plain.index(word) not in found.values())
        place = next(fits, None)
        if place is not None:
            found[column] = place
    for column in ("time", "text"):
        if column not in found:
            close = next((hint for heading in plain if (hint := nearest(heading, _COLUMNS[column]))), "")
            hint = close or f"call it {' or '.join(_COLUMNS[column][:3])}"
            raise LoadError([Problem(file, 1, 1, f"no column is the inject's {column}", hint)])
    return found


def _row(line: int, cells: Sequence[str], place: dict[str, int], file: str) -> _Row:
    def cell(column: str) -> str:
        at = place.get(column)
        return cells[at] if at is not None and at < len(cells) else ""

    long = next((column for column in place if len(cell(column)) > LONGEST), None)
    if long is not None:
        raise LoadError(
            [Problem(file, line, 1, f"the {long} has {len(cell(long)):,} characters", f"at most {LONGEST:,}")]
        )
    if not cell("text"):
        raise LoadError([Problem(file, line, 1, "this inject says nothing", "write its text, or take the row out")])
    return _Row(line, cell("time"), cell("sender"), cell("to"), cell("via"), cell("text"), cell("expected"))


# -- times -------------------------------------------------------------------------------------------------------------

_CLOCK = re.compile(r"(?:t\s*)?\+?(\d{1,3}):(\d\d)(?::(\d\d))?(?:\s*([ap])\.?m\.?)?", re.IGNORECASE)
_PLAIN = re.compile(r"(?:t\s*)?\+?\s*(\d{1,4})(?:[.,](\d))?\s*(?:m|min|mins|minutes?|')?", re.IGNORECASE)
_DURATION = re.compile(r"(?:t\s*)?\+?(?=\d)(?:(\d{1,2})h)?\s*(?:(\d{1,3})m)?\s*(?:(\d{1,4})s)?", re.IGNORECASE)
_MORNING = 6
"""From this hour on, a table's first time is a time of day."""


_GUESSED = 3 * MINUTE
"""After the one before, where a table does not say when an inject comes."""


class _Time(NamedTuple):
    at: int
    guessed: bool


def _times(rows: Sequence[_Row]) -> tuple[list[_Time], str]:
    """Each row's drill time in milliseconds, and how the times were read."""
    clocks = [clock for row in rows if (clock := _CLOCK.fullmatch(row.time))]
    reader, reading = _clock_reader(clocks) if clocks else (None, "minutes from the start")
    times: list[_Time] = []
    for row in rows:
        clock = _CLOCK.fullmatch(row.time)
        at = reader(clock) if clock and reader else _plain_time(row.time)
        times.append(_Time(times[-1].at + _GUESSED if times else 0, True) if at is None else _Time(at, False))
    return times, reading


def _clock_reader(clocks: Sequence[re.Match[str]]) -> tuple[Callable[[re.Match[str]], int], str]:
    """How times with colons are meant: as times of day, as hours and minutes, or as minutes and seconds."""
    firsts = [int(clock[1]) for clock in clocks]
    if any(clock[4] for clock in clocks) or firsts[0] >= _MORNING:
        start = _of_day(clocks[0])
        return lambda clock: (_of_day(clock) - start) % (24 * 60 * MINUTE), "times of day, from the first one on"
    if any(clock[3] for clock in clocks) or max(firsts) < _MORNING:
        return _of_day, "hours and minutes from the start"
    return lambda clock: int(clock[1]) * MINUTE + int(clock[2]) * SECOND, "minutes and seconds from the start"


def _of_day(clock: re.Match[str]) -> int:
    hour = int(clock[1]) % 12 + (12 if clock[4].lower() == "p" else 0) if clock[4] else int(clock[1])
    return (hour * 60 + int(clock[2])) * MINUTE + int(clock[3] or 0) * SECOND


def _plain_time(said: str) -> int | None:
    plain = _PLAIN.fullmatch(said)
    if plain:
        return int(plain[1]) * MINUTE + int(plain[2] or 0) * 6 * SECOND
    written = _DURATION.fullmatch(said)
    if not written:
        return None
    hours, minutes, seconds = (int(part or 0) for part in written.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * SECOND


# -- writing the draft -------------------------------------------------------------------------------------------------


def _inject(number: int, row: _Row, time: _Time, draft: Draft) -> str:
    notes: list[str] = []
    if time.guessed:
        said = f"the table says {quoted(row.time)}, which is no time" if row.time else "the table does not say"
        notes.append(f"when it comes; {said}")
    to = _known(row.to, _ROLES) or "everyone"
    if row.to and not _known(row.to, _ROLES):
        notes.append(f"who it goes to; the table says {quoted(row.to)}, and until you say who, it goes to everyone")
    via = _known(row.via, _WAYS) or "chat"
    if row.via and not _known(row.via, _WAYS):
        notes.append(f"how it comes; the table says {quoted(row.via)}, which is none of {', '.join(_WAYS)}")
    expects = next((act for act, words in _ACTS.items() if re.search(words, row.expected.lower())), None)
    if row.expected and expects is None:
        notes.append(f"what it expects; the table says {quoted(row.expected)}, which is not one of the acts")
    lines = [f"  # MISSING: {note}" for note in notes]
    lines += [f"  - id: inject-{number}", f"    at: {format_duration(time.at)}", f"    to: {to}", f"    via: {via}"]
    lines += [f"    from: {_text(row.sender)}"] if row.sender else []
    lines += [f"    text: {_text(row.text)}"]
    if expects is not None:
        lines.append(f"    expects: {{act: {expects}, target: 4m, deadline: 10m}}    # {_comment(row.expected)}")
    draft.missing += [f"inject-{number}: {note}" for note in notes]
    return "\n".join(lines) + "\n"


def _known(said: str, words: Mapping[str, Sequence[str]]) -> str | None:
    plain = re.sub(r"[^a-z# ]", " ", said.lower())
    parts = {" ".join(plain.split()), *(" ".join(part.split()) for part in re.split(r"\b(?:and|or)\b|/", plain))}
    return next((meant for meant, known in words.items() if meant in parts or parts & set(known)), None)


def _text(said: str) -> str:
    """A text in quotes; braces, which would be filled, become parentheses."""
    return json.dumps("".join(_visible(said)).replace("{", "(").replace("}", ")"), ensure_ascii=False)


def _visible(said: str) -> Iterator[str]:
    return (sign if sign.isprintable() else " " for sign in said)


def _comment(said: str) -> str:
    return "".join(_visible(said))[:100]


_ALWAYS_MISSING = [
    "the right severity, and what the report says",
    "what is broken, and who is harmed and how",
    "the signals that systems show",
    "what responders can do: the looks that lead to the cause, what looks promising, and what fixes it",
    "the guide for the facilitator",
]
_HEAD = """\
# A draft made of a table of injects. It can be played; what somebody still has to write is marked with MISSING.
# The times of the table were read as {reading}.
scenario: {name}
title: {title}                  # MISSING: what people read; it must not give the cause away
severity: 1                     # MISSING: the right diagnosis: 1, 2, 3, or 0 for a false alarm
topic: to be named              # MISSING: what it is about in a word or two
brief: To be written.           # MISSING: what the team knows before the start
report:                         # MISSING: how the first responder hears of it
  via: call
  from: Head of Operations
  text: Something is wrong, and customers notice it.
impact:                         # MISSING: the answers of the situation report
  who: Customers, to be said which
  how: To be written.
# MISSING: signals that systems show, such as
# signals:
#   errors: {{title: Failed requests, unit: "%", normal: 0.4, incident: 60, noise: 8%, onset: 30s, recovery: 2m}}
actions:                        # MISSING: looks that are clues, looks that lead nowhere, one that makes it worse
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
injects:
"""
_TAIL = """\
solution: To be written.        # MISSING: what fixes it and why it broke
# MISSING: a guide for the facilitator: watch, mistakes, hints, hot_wash
ends: {{after: {end}}}
"""
