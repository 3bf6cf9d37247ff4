"""What pydantic found, in words for the author: where it is, what was expected, what may have been meant."""

import re
from collections.abc import Iterator, Sequence
from typing import cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from scenarios.base import format_duration
from scenarios.model_keys import keys_at, meaning_of
from scenarios.problem import Problem, closest, nearest, quoted
from scenarios.source import Path, Plain, Source

__all__ = ["explain", "inside", "within"]

MOST_PROBLEMS = 100
"""How many are shown; in a file with more, they have a common cause."""

_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
}
"""What was expected, by pydantic's type of error."""

_BOUNDS = {
    "greater_than_equal": ("must be at least", "ge"),
    "greater_than": ("must be more than", "gt"),
    "less_than_equal": ("must be at most", "le"),
    "less_than": ("must be less than", "lt"),
}

_PATTERNS = {
    r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$": ("is not an id", "expected lower-case words joined by - or _"),
    r"^[a-z][a-z0-9_]*$": ("is not a name", "expected lower-case letters, digits and _"),
    r"^[^\r\n]+$": ("must be one line", "write it in one line; `>-` folds several into one"),
}

_NOTHING = object()
_UNIT = re.compile(r"a duration is written")
_ALLOWED = re.compile(r"'((?:[^'\\]|\\.)*)'")


class _Case:
    """One error, at its place in the document."""

    def __init__(self, error: ErrorDetails, source: Source, path: Path, roles: Sequence[str]) -> None:
        self.roles = roles
        self.kind = error["type"]
        self.context = error.get("ctx", {})
        self.said = error["msg"]
        self.path = path
        self.key = bool(error["loc"]) and error["loc"][-1] == "[key]"
        self.last = error["loc"][-1] if error["loc"] else ""
        self.value = inside(source.data, path)

    @property
    def subject(self) -> str:
        """The thing that is wrong, as the beginning of a sentence."""
        if not self.path:
            return "this file"
        last = self.path[-1]
        if isinstance(last, str):
            return f"`{last}`"
        if isinstance(self.value, dict) and isinstance(self.value.get("id"), str):
            return quoted(str(self.value["id"]))
        above = next((part for part in reversed(self.path) if isinstance(part, str)), "the list")
        return f"item {last + 1} of `{above}`"


def explain(error: ValidationError, source: Source, model: type[BaseModel], roles: Sequence[str] = ()) -> list[Problem]:
    """Every error as a problem at its place, in the order of the file; `roles` are the ids that it can name."""
    groups: dict[tuple[object, ...], list[_Case]] = {}
    details = error.errors(include_url=False, include_input=False)
    for detail in details[: 3 * MOST_PROBLEMS]:
        case = _Case(detail, source, within(source.data, detail["loc"]), roles)
        own = (case.last,) if case.kind == "missing" else (case.key,)
        groups.setdefault((case.path, *own), []).append(case)
    problems = [_problem(cases, source, model) for cases in _without_misspelt(list(groups.values()), model)]
    problems.sort(key=lambda problem: (problem.line, problem.column))
    if len(problems) > MOST_PROBLEMS or len(details) > 3 * MOST_PROBLEMS:
        del problems[MOST_PROBLEMS:]
        problems.append(Problem(source.file, 0, 0, f"there are more problems than these {len(problems)}"))
    return problems


def inside(data: Plain, path: Path) -> Plain:
    """The node at a path, which must exist."""
    for part in path:
        if isinstance(data, dict):
            data = data[str(part)]
        elif isinstance(data, list):
            data = data[int(part)]
    return data


def within(data: Plain, loc: tuple[int | str, ...]) -> Path:
    """The parts of a loc that are in the document: pydantic also names union members, validators and missing keys."""
    path: list[int | str] = []
    for part in loc:
        below = _child(data, part)
        if below is not _NOTHING:
            path.append(part)
            data = cast("Plain", below)
    return tuple(path)


def _child(data: Plain, part: int | str) -> object:
    """The value at a key or list index, or _NOTHING."""
    if isinstance(data, dict):
        return data.get(part, _NOTHING) if isinstance(part, str) else _NOTHING
    return data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else _NOTHING


def _without_misspelt(groups: list[list[_Case]], model: type[BaseModel]) -> Iterator[list[_Case]]:
    """All groups but the missing keys that an unknown key beside them was meant to be."""
    meant = {
        (case.path[:-1], name)
        for cases in groups
        for case in cases
        if case.kind == "extra_forbidden" and (name := _meant(case, model))
    }
    for cases in groups:
        if cases[0].kind != "missing" or (cases[0].path, cases[0].last) not in meant:
            yield cases


def _problem(cases: list[_Case], source: Source, model: type[BaseModel]) -> Problem:
    """One problem for everything that pydantic says about one place."""
    case = cases[0]
    on_key = case.key or case.kind == "extra_forbidden" or isinstance(case.value, dict)
    line, column = source.key_at(case.path) if on_key else source.value_at(case.path)
    message, hint = _said(cases, source, model)
    return Problem(source.file, line, column, message, hint)


def _after_comma(case: _Case, source: Source) -> bool:
    """Whether an unknown key is the rest of a text in braces that an unquoted comma has cut."""
    if case.value is not None and " " not in str(case.last):
        return False
    line, column = source.key_at(case.path)
    lines = source.text.splitlines()
    before = "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]])
    return before.rstrip().endswith(",")


def _said(cases: list[_Case], source: Source, model: type[BaseModel]) -> tuple[str, str]:
    """The sentence and the hint."""
    expected = [_TYPES[case.kind] for case in cases if case.kind in _TYPES]
    case = next((case for case in cases if case.kind not in _TYPES), cases[0])
    if case.kind in _TYPES:
        return _wrong_type(case, expected)
    if case.kind == "missing":
        return f"`{case.last}` is missing", meaning_of(model, case.path, str(case.last))
    if case.kind == "extra_forbidden":
        if _after_comma(case, source):
            return (
                f"a comma ends a text in {{ }}: what follows, {case.subject}, is read as a key",
                "put the whole text before it in quotes",
            )
        name, known = _meant(case, model), keys_at(model, case.path[:-1])
        return f"unknown key {case.subject}", f"did you mean {name}?" if name else f"known: {', '.join(known)}"
    if case.kind in _BOUNDS:
        words, limit = _BOUNDS[case.kind]
        bound = case.context[limit]
        return f"{case.subject} {words} {_bound(case.value, bound)}, not {_shown(case.value)}", ""
    if case.kind in ("literal_error", "enum"):
        allowed = _ALLOWED.findall(str(case.context["expected"]))
        word = case.path[-1] if case.key else case.value
        name = nearest(word, allowed) if isinstance(word, str) else ""
        shown = case.subject if case.key else f"{case.subject} cannot be {_shown(case.value)}"
        return shown + (" is not known here" if case.key else ""), _joined(f"expected {' or '.join(allowed)}", name)
    if case.kind == "string_pattern_mismatch":
        return _wrong_form(case)
    if case.kind == "value_error":
        return _refused(case)
    return _wrong_length(case)


def _bound(value: Plain, bound: float) -> str:
    """A limit, written as the value is: a duration, a percentage or a number."""
    if not isinstance(value, str):
        return f"{bound:g}"
    return f"{bound:.0%}" if value.endswith("%") else format_duration(int(bound))


def _wrong_type(case: _Case, expected: list[str]) -> tuple[str, str]:
    wanted = [kind for kind in dict.fromkeys(expected) if kind != "a whole number" or "a number" not in expected]
    if case.path == ("severity",):
        wanted = ["a whole number or a list such as [{from: 0s, is: 2}, {from: 12m, is: 1}]"]
    message = f"{case.subject} should be {' or '.join(sorted(wanted, reverse=True))}, not {_shown(case.value)}"
    value = case.value
    if value is None:
        return message, "write it after the colon, or take the key out"
    if "text" in wanted and isinstance(value, dict) and len(value) == 1 and list(value.values()) == [None]:
        return message, f'put it in quotes: "{{{next(iter(value))}}}"'
    if "text" in wanted and isinstance(value, int | float):
        return message, "put it in quotes"
    if wanted == ["a list"] and isinstance(value, str | int | float):
        return message, f"write [{_bare(value)}]"
    return message, ""


def _wrong_form(case: _Case) -> tuple[str, str]:
    """A text that does not match its pattern."""
    text = str(case.path[-1]) if case.key else str(case.value)
    message, hint = _PATTERNS.get(str(case.context["pattern"]), ("is not written as it should be", ""))
    role = closest(text, case.roles) if _means_role(case) else None
    joint = "_" if message == "is not a name" else "-"
    better = role or re.sub(r"[^a-z0-9]+", joint, text.lower()).strip(joint)[:40]
    if message != "must be one line" and better[:1].isalpha():
        hint = _joined(hint, f"did you mean {better}?")
    if message == "must be one line":
        return f"{case.subject} {message}", hint
    return f"{quoted(text)} {message}", hint


_ROLE_KEYS = {"to", "role_held", "role_open", "roles", "prefers", "owner", "role", "spokesperson", "solver"}


def _means_role(case: _Case) -> bool:
    """Whether the text should be a role's id."""
    return bool(_ROLE_KEYS & {part for part in case.path[-2:] if isinstance(part, str)})


def _refused(case: _Case) -> tuple[str, str]:
    """What a validator of ours said."""
    said = str(case.context.get("error", case.said))
    if _UNIT.match(said):
        number = isinstance(case.value, int) and not isinstance(case.value, bool) and case.value >= 0
        hint = f"did you mean {case.value}s or {case.value}m?" if number else ""
        return f"{case.subject} cannot be {_shown(case.value)}", _joined(said, hint)
    if said.startswith("a percentage"):
        number = isinstance(case.value, int | float) and not isinstance(case.value, bool)
        return f"{case.subject} cannot be {_shown(case.value)}", _joined(
            said, f"did you mean {case.value}%?" if number else ""
        )
    return f"{case.subject}: {said}", ""


def _wrong_length(case: _Case) -> tuple[str, str]:
    """Too little or too much of it; and whatever else pydantic may say, in its own words."""
    context = case.context
    if case.kind in ("string_too_short", "too_short"):
        least = context["min_length"]
        return (
            f"{case.subject} is empty" if least == 1 else f"{case.subject} needs at least {least} items",
            "fill it in",
        )
    if case.kind == "string_too_long":
        return f"{case.subject} is longer than {context['max_length']:,} characters", "shorten it"
    if case.kind == "too_long":
        return f"{case.subject} has more than {context['max_length']:,} items", "split it or take some out"
    return f"{case.subject}: {case.said[:1].lower()}{case.said[1:]}", ""


def _shown(value: Plain) -> str:
    """A value as an error names it."""
    if value is None:
        return "nothing"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "keys and values"
    return quoted(value) if isinstance(value, str) else _bare(value)


def _bare(value: str | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)[:40]


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _meant(case: _Case, model: type[BaseModel]) -> str:
    """The key that an unknown one was probably meant to be, or None."""
    found = nearest(str(case.last), keys_at(model, case.path[:-1]))
    return found.removeprefix("did you mean ").removesuffix("?")
