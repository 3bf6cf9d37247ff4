"""YAML text as plain data with the place of every node, in one pass that trusts nobody.

The pass reads the parser's events and refuses what authored files have no use for before anything is built from it:
tags, anchors, aliases, merge keys, deep nesting, doubled keys, huge numbers, more than one document. What `no`, `on`,
`1:30` and `.inf` mean is decided here and not by YAML 1.1: they are text.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Protocol, cast

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from scenarios.decode import RefusedError, Spot, blank_until, content_of, spot, text_of
from scenarios.problem import LoadError, Problem, quoted

try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # a PyYAML built without libyaml: slower, and otherwise the same
    from yaml import Loader as _Parser  # type: ignore[assignment] # only its events are used, and those are alike

__all__ = ["MOST_LEVELS", "MOST_NODES", "Path", "Plain", "Source", "parse", "read"]

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
"""What a YAML file can hold here. Keys are always text."""

Path = tuple[str | int, ...]
"""The way from the top of a file to a node: keys and places in lists."""

MOST_LEVELS = 50
"""How deep lists and mappings may be nested."""
MOST_NODES = 10_000
"""Keys and values together; so many are built well within the tenth of a second that a refusal may take."""
MOST_DIGITS = 18
"""Of a number; more than any figure in a drill has."""

_SUCH_AS = "such as `scenario: login-outage`"
_AT_MOST = f"at most {MOST_NODES:,} keys and values"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_CUT = re.compile(r"[ \t]#\w")
"""A comment, as YAML has it, that an author may have meant as text."""
_QUOTES = ("'", '"', "|", ">")
"""What begins a text in which a `#` is just that."""
_SPECIAL = frozenset("-0123456789tfn~")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class _Event(Protocol):
    """A parser's event. Which of these it has depends on its class."""

    anchor: str | None
    tag: str | None
    value: str
    implicit: tuple[bool, bool]
    start_mark: Spot
    end_mark: Spot


@dataclass(frozen=True)
class Source:
    """A file's data, and the place of everything in it. Places are lines and columns from 1, columns in characters."""

    file: str
    """The file as the user named it."""
    text: str = field(repr=False)
    """Its text."""
    data: dict[str, Plain]
    """What it holds."""
    _marks: list[Spot] = field(repr=False)
    """The start of every key and value, in the order of the text."""
    path: FilePath | None = None
    """Where it was read from; nothing if it came from memory or from the library."""
    models: dict[type, object] = field(default_factory=dict, repr=False, compare=False)
    """The models that were made of it, by their class, so that each is made once."""

    def has(self, path: Path) -> bool:
        """Whether there is such a key or list item."""
        return path in self._index

    def value_at(self, path: Path) -> tuple[int, int]:
        """Where the value starts. The path must exist."""
        return _place(self._marks[self._index[path][1]])

    def key_at(self, path: Path) -> tuple[int, int]:
        """Where the value's key starts; the value itself if it stands in a list. The path must exist."""
        return _place(self._marks[self._index[path][0]])

    def text_at(self, path: Path, needle: str) -> tuple[int, int]:
        """Where a piece of a text value starts; the value if the piece is not there word for word."""
        number = self._index[path][1]
        start = self._marks[number]
        end = self._marks[number + 1].index if number + 1 < len(self._marks) else len(self.text)
        before, found, _ = self.text[start.index : end].partition(needle)
        if not found:
            return self.value_at(path)
        below = spot(before, len(before))
        return start.line + below.line + 1, below.column + 1 + (0 if below.line else start.column)

    def cut_texts(self) -> Iterator[tuple[Path, str, str, tuple[int, int]]]:
        """Every unquoted text that a `#` ends or replaces: its path, what is left, what is cut off, where that begins.

        With a space behind the `#` it is plainly a comment.
        """
        cuts = [found.start() for found in _CUT.finditer(self.text)]
        if not cuts:
            return
        leaves = [(self._marks[self._index[path][1]].index, path, value) for path, value in _leaves(self.data, ())]
        starts = sorted(start for start, _, _ in leaves)
        before = {starts[max(0, bisect_right(starts, cut) - 1)] for cut in cuts} if starts else set()
        for start, path, value in leaves:
            if start not in before or not isinstance(value, str | None) or self.text[start : start + 1] in _QUOTES:
                continue  # only the last value before a cut can be the one that it ends
            left = r"\s+".join(map(re.escape, (value or "").split()))
            found = re.compile(rf"{left}[ \t]+(#\w.*?)(?:[ \t]+#\s|[ \t\r]*$)", re.MULTILINE).match(self.text, start)
            if found is not None:
                yield path, value or "", found[1], _place(spot(self.text, found.start(1)))

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every value that is text, with its path, in the order of the file."""
        return ((path, value) for path, value in _leaves(self.data, ()) if isinstance(value, str))

    @cached_property
    def _index(self) -> dict[Path, tuple[int, int]]:
        """For each path the numbers of its key's mark and its value's. Made when the first place is asked for."""
        return dict(_numbered(self.data, (), iter(range(len(self._marks)))))


def read(path: FilePath) -> Source:
    """Read a YAML file. Raises LoadError with one problem if it cannot be read or is not accepted."""
    return replace(parse(content_of(path), str(path)), path=path)


def parse(content: bytes, name: str) -> Source:
    """Read YAML from memory; `name` is what problems call it. Raises LoadError with one problem."""
    try:
        text = text_of(content, name)
        data, marks = _Pass(text).run()
    except RefusedError as refused:
        line, column = _place(refused.place)
        raise LoadError([Problem(name, line, column, refused.message, refused.hint)]) from None
    return Source(name, text, data, marks)


def _place(mark: Spot) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


class _Pass:
    """The one pass over a text's events."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.marks: list[Spot] = []

    def run(self) -> tuple[dict[str, Plain], list[Spot]]:
        """Data and marks. Raises RefusedError at the first thing that is not accepted."""
        parser = _Parser(self.text)
        try:
            next_event = cast("Callable[[], _Event]", parser.get_event)
            next_event()  # the stream begins
            if not isinstance(next_event(), DocumentStartEvent):
                raise RefusedError(Spot(0, 0, 0), "there is nothing in this file", "expected keys and values")
            data = self._node(next_event)
            self._check_end(next_event())
        except yaml.MarkedYAMLError as error:
            raise _not_yaml(error, self.text) from None
        if not isinstance(data, dict):
            raise RefusedError(self.marks[0], "the file should hold keys and values", _SUCH_AS)
        return data, self.marks

    def _node(self, next_event: Callable[[], _Event]) -> Plain:
        """The next node with all that is in it. One loop: an author must not be able to exhaust the stack."""
        marks = self.marks
        whole: list[Plain] = []
        here: list[Plain] | dict[str, Plain] = whole
        outer: list[list[Plain] | dict[str, Plain]] = []
        key: str | None = None
        while outer or not whole:
            event = next_event()
            kind: type = type(event)
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                here = outer.pop()
                continue
            if len(marks) >= MOST_NODES:
                raise RefusedError(event.start_mark, "there is too much in this file", _AT_MOST)
            value: Plain
            if kind is ScalarEvent and event.anchor is None and event.tag is None:
                marks.append(event.start_mark)
                value = event.value
                if key is None and isinstance(here, dict):
                    key = _new_key(event, here)
                    continue
                if event.implicit[0] and (value == "" or value[0] in _SPECIAL):
                    value = _resolved(value, event.start_mark)
            else:
                value = self._opened(event, len(outer), key is None and isinstance(here, dict))
            if isinstance(here, dict):
                here[key or ""] = value
                key = None
            else:
                here.append(value)
            if isinstance(value, dict | list):
                outer.append(here)
                here = value
        return whole[0]

    def _opened(self, event: _Event, level: int, as_key: bool) -> Plain:
        """An empty mapping or list for an event that begins one; whatever else it is, is refused."""
        mark = event.start_mark
        kind: type = type(event)
        if kind is AliasEvent:
            raise RefusedError(
                mark, f"aliases such as {quoted(f'*{event.anchor}')} are not accepted", "write the value out"
            )
        if event.anchor is not None:
            raise RefusedError(
                mark, f"anchors such as {quoted(f'&{event.anchor}')} are not accepted", "write the value out"
            )
        if event.tag is not None:
            raise RefusedError(mark, f"tags such as {quoted(event.tag)} are not accepted", "remove it")
        if as_key:
            raise RefusedError(mark, "a key cannot be a list or a mapping", "quote text that begins with { or [")
        if level >= MOST_LEVELS:
            raise RefusedError(mark, "this is nested too deeply", f"at most {MOST_LEVELS} levels")
        self.marks.append(mark)
        return {} if kind is MappingStartEvent else []

    def _check_end(self, event: _Event) -> None:
        """Refuse a second document without having it parsed."""
        rest = event.end_mark.index
        if blank_until(self.text, rest) < len(self.text):
            line = self.text.find("\n", rest) if self.text[rest : rest + 1] in "\r\n" else rest
            raise RefusedError(spot(self.text, max(line, rest)), "a second document begins here", "one file holds one")


def _new_key(event: _Event, mapping: dict[str, Plain]) -> str:
    """The key, if a mapping may have it."""
    key: str = event.value
    if key in mapping:
        raise RefusedError(event.start_mark, f"the key {quoted(key)} is here twice", "keep one of them")
    if event.implicit[0]:
        if key == "<<":
            raise RefusedError(event.start_mark, "merge keys (<<) are not accepted", "write the keys out")
        if not key:
            raise RefusedError(event.start_mark, "there is a value without a key", "expected `key: value`")
    return key


def _resolved(text: str, mark: Spot) -> Plain:
    """What an unquoted value means: a number, true, false, nothing, or just text."""
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if not number:
        return text
    if len(text) > MOST_DIGITS + 2 or len(text.lstrip("-").replace(".", "")) > MOST_DIGITS:
        raise RefusedError(mark, f"a number with more than {MOST_DIGITS} digits", "put it in quotes if it is a text")
    return float(text) if number[1] else int(text)


def _numbered(node: Plain, path: Path, marks: Iterator[int]) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Every node below this one with the numbers of its key's mark and its value's, in the order of the pass."""
    if not path:
        number = next(marks)
        yield path, (number, number)
    if isinstance(node, dict):
        for key, inner in node.items():
            below, found = (*path, key), (next(marks), next(marks))
            yield below, found
            yield from _numbered(inner, below, marks)
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            number = next(marks)
            yield (*path, place), (number, number)
            yield from _numbered(inner, (*path, place), marks)


def _leaves(node: Plain, path: Path) -> Iterator[tuple[Path, Plain]]:
    """Every value that holds no others, with its path, in the order of the file."""
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            yield from _leaves(inner, (*path, place))
    else:
        yield path, node


_ADVICE: dict[str, tuple[str, str]] = {
    "mapping values are not allowed": (
        "there is a `: ` where no value can begin",
        "put text with a colon in quotes, and check the indentation of this line and the one above",
    ),
    "could not find expected ':'": ("a key without its colon", "expected `key: value`"),
    "did not find expected key": (
        "this does not fit what stands before it",
        "check the indentation; a value that begins with a quote, { or [ ends with its counterpart",
    ),
    "did not find expected '-' indicator": ("this is not an item of the list above", "check the indentation"),
    "did not find expected ',' or ']'": ("the list in [ ] is not closed or lacks a comma", "expected , or ]"),
    "did not find expected ',' or '}'": ("the mapping in { } is not closed or lacks a comma", "expected , or }"),
    "found unexpected end of stream": ("the quoted text is not closed", "expected a closing quote"),
    "found unknown escape character": (
        "an unknown \\ sequence in a text in double quotes",
        "write \\\\ for a backslash",
    ),
    "found character that cannot start any token": (
        "a value cannot begin with this character",
        "put the text in quotes; indent with spaces and not with tabs",
    ),
    "found a tab character": ("a tab is used where spaces must indent", "indent with spaces and not with tabs"),
    "did not find expected node content": ("a value is missing or begins with a closing bracket", "expected a value"),
    # The parser's own limit, in versions that read ahead of our guard; without it the guard finds the place.
    "exceeded maximum nesting depth": ("this is nested too deeply", f"at most {MOST_LEVELS} levels"),
    "found undefined tag handle": ("tags are not accepted", "put text that begins with ! in quotes"),
}
"""What the parser's messages mean to somebody who writes a scenario."""


def _not_yaml(error: yaml.MarkedYAMLError, text: str) -> RefusedError:
    """The parser's complaint in plain words."""
    problem = str(error.problem or error.context or "this is not YAML")
    message, hint = next((advice for start, advice in _ADVICE.items() if problem.startswith(start)), (problem, ""))
    place = cast("Spot | None", error.problem_mark)
    opening = cast("Spot | None", error.context_mark)
    if opening and problem == "found unexpected end of stream":
        place = opening
    elif opening and str(error.context).startswith("while parsing a flow"):
        hint = f"{hint}; it opens in line {opening.line + 1}" if hint else f"it opens in line {opening.line + 1}"
    place = place or opening or spot(text, len(text))
    first = max(0, min(opening.line if opening else place.line, place.line - 1))
    for number, line in enumerate(text.splitlines()[first : place.line + 1], start=first + 1):
        cut = _CUT.search(line)
        if cut and line.count('"', 0, cut.start()) % 2 == 0:
            hint = f"{hint}; in line {number} a # begins a comment: put a text that has one in quotes".removeprefix(
                "; "
            )
            break
    return RefusedError(place, message, hint)
