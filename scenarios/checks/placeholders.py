"""Names in braces: each one is known, is in a text that gets filled, and gives a number where one is expected."""

import re
from collections.abc import Iterator

from scenarios.checks.base import Subject, expected, finding
from scenarios.placeholders import BUILT_IN_NAMES
from scenarios.problem import Problem, quoted
from scenarios.scenario import Level, Scalar, Variable
from scenarios.source import Path
from scenarios.story_time import CLOCK

__all__ = ["CHECKS"]

_MEANT = re.compile(r"\{\{.*?\}\}|\{\s*[A-Za-z_][A-Za-z0-9_]*\s*(?:[.!:\[\-+|][^{}\s]*)?\}")
"""What looks as if it should be filled. `{ "code": 500 }` does not."""

_PLAIN = re.compile(r"\{[a-z][a-z0-9_]*\}")

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")

_TOLD = {("report", "from"), ("report", "text"), ("injects", "from"), ("injects", "text"), ("actions", "shows")}
"""Where `{clock}` is filled: what is told at a moment of the story."""

_NEVER_FILLED = {"title", "topic", "label", "also", "tags", "unit"}


def _braces(subject: Subject) -> Iterator[Problem]:
    known = {*subject.scenario.vary, *BUILT_IN_NAMES}
    words = set(subject.words) - known
    for path, text in subject.source.texts():
        if "{" not in text or path[0] == "vary":
            continue
        filled = not _NEVER_FILLED & {part for part in path if isinstance(part, str)}
        for found in dict.fromkeys(_MEANT.findall(text)):
            if found[1:-1] in words:
                continue  # a company's names are filled everywhere, before anything else
            if CLOCK.fullmatch(found) and "clock" not in known:
                yield from _clock(subject, path, found)
                continue
            problem = _brace(subject, path, found, known | words, filled)
            if problem:
                yield problem


def _clock(subject: Subject, path: Path, found: str) -> Iterator[Problem]:
    line, column = subject.source.text_at(path, found)
    if (path[0], path[-1]) not in _TOLD:
        message, hint = f"{found} is not filled here", "it is in what is told at a moment: a report, an inject, `shows`"
        yield Problem(subject.source.file, line, column, message, hint)
    elif subject.scenario.begins is None:
        message, hint = f"{found} needs the story's time of day", 'write when it begins, such as begins: "14:35"'
        yield Problem(subject.source.file, line, column, message, hint)


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
        for key, points in (("rises", signal.rises), ("falls", signal.falls)):
            levels += [(("signals", name, key, place, "is"), point.level) for place, point in enumerate(points or [])]
    for above, entry in subject.entries:
        levels += [((*above, "signals", name), level) for name, level in entry.signals.items()]
    if scenario.customers is not None:
        levels.append((("customers", "affected"), scenario.customers.affected))
    wrong = {name: _no_number(variable) for name, variable in scenario.vary.items()}
    for path, level in levels:
        if isinstance(level, str) and (why := _not_a_level(level, wrong)) is not None:
            message = f"the level {quoted(level)} is not a number{why}"
            hint = 'expected a number, or one name such as "{error_rate}"'
            yield finding(subject.source, path, message, hint)


def _not_a_level(level: str, wrong: dict[str, Scalar | None]) -> str | None:
    """Why a text is not a level, as the end of a sentence; None if it is. Another check finds undeclared names."""
    if not _PLAIN.fullmatch(level):
        return None if _is_number(level) else ""
    name = level[1:-1]
    if name not in wrong:
        return f" when {name} is a weekday" if name in BUILT_IN_NAMES else None
    return None if wrong[name] is None else f" when {name} is {quoted(str(wrong[name]))}"


def _no_number(variable: Variable) -> Scalar | None:
    """A value of the variable that is not a number; None if all are."""
    if variable.fake is not None:
        return f"a made-up {variable.fake}"
    return next((value for value in variable.choose or [] if not _is_number(str(value))), None)


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


CHECKS = (_braces, _levels)
