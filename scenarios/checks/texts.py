"""Names in braces: each is one that gets filled, stands where texts are filled, and makes a number where one is due."""

import math
import re
from collections.abc import Iterator

from scenarios.checks.base import Subject, expected, finding
from scenarios.problem import Problem, quoted
from scenarios.scenario import Level, Variable
from scenarios.source import Path
from scenarios.text import BUILT_IN_NAMES, fill, names_in

__all__ = ["CHECKS"]

_MEANT = re.compile(r"\{\{.*?\}\}|\{\s*[A-Za-z_][A-Za-z0-9_]*\s*(?:[.!:\[\-|][^{}\s]*)?\}")
"""What looks as if it should be filled. `{ "code": 500 }` does not."""

_PLAIN = re.compile(r"\{[a-z][a-z0-9_]*\}")

_NEVER_FILLED = {"title", "topic", "label", "also", "tags", "unit"}


def _braces(subject: Subject) -> Iterator[Problem]:
    known = {*subject.scenario.vary, *BUILT_IN_NAMES}
    for path, text in subject.source.texts():
        if "{" not in text or path[0] == "vary":
            continue
        filled = not _NEVER_FILLED & {part for part in path if isinstance(part, str)}
        for found in dict.fromkeys(_MEANT.findall(text)):
            problem = _brace(subject, path, found, known, filled)
            if problem:
                yield problem


def _brace(subject: Subject, path: Path, found: str, known: set[str], filled: bool) -> Problem | None:
    """What is wrong with one use of braces, if something is."""
    line, column = subject.source.text_at(path, found)
    name = found[1:-1]
    if name != name.strip() and name.strip() not in known:
        return None  # as in `if (x) { return }`: braces of something else
    if not _PLAIN.fullmatch(found):
        message, hint = f"{quoted(found)} is not filled", "only a plain name in single braces is, such as {release}"
    elif not filled:
        message, hint = (
            f"{found} is not filled here",
            f"`{path[-1] if isinstance(path[-1], str) else path[-2]}` is used as it stands",
        )
    elif name not in known:
        message, hint = (
            f"there is no variable {name!r} to fill {found}",
            f"{expected(name, sorted(known))}; `vary` declares them",
        )
    else:
        return None
    return Problem(subject.source.file, line, column, message, hint)


def _levels(subject: Subject) -> Iterator[Problem]:
    scenario = subject.scenario
    levels: list[tuple[Path, Level]] = []
    for name, signal in scenario.signals.items():
        levels += [(("signals", name, "normal"), signal.normal), (("signals", name, "incident"), signal.incident)]
    for above, entry in subject.entries:
        levels += [((*above, "signals", name), level) for name, level in entry.signals.items()]
    for path, level in levels:
        wrong = _not_a_number(level, scenario.vary) if isinstance(level, str) else None
        if wrong is not None:
            message = f"the level {quoted(str(level))} is no number{wrong}"
            yield finding(
                subject.source, path, message, 'expected a number, or text such as "{error_rate}" that becomes one'
            )


def _not_a_number(level: str, variables: dict[str, Variable]) -> str | None:
    """When a level does not become a number, as the end of a sentence; None if it always does.

    A name that nobody declared is another check's.
    """
    names = names_in(level)
    usual = {name: _samples(variables[name])[0] for name in names if name in variables}
    if len(usual) < len(names):
        return None if set(names) - set(variables) - BUILT_IN_NAMES else " when it is filled"
    for name in names:
        for value in _samples(variables[name]):
            if not _is_number(fill(level, {**usual, name: value})):
                return f" when {name} is {value}"
    return None if names or _is_number(level) else ""


def _samples(variable: Variable) -> list[str | int | float]:
    if variable.fake is not None:
        return ["made up"]
    return list(variable.choose or variable.between or [0])


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


CHECKS = (_braces, _levels)
