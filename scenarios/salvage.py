"""What is wrong behind what keeps a scenario from being read, so that its author is told everything at once.

What its model refuses is replaced by something harmless; the checks then look at all the rest. They say nothing of
what was replaced, and only errors, for advice about half a scenario is none.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scenarios.checks import placeholders, references, timing
from scenarios.checks.base import Check
from scenarios.explain import inside, within
from scenarios.load import Loaded, subject_of
from scenarios.problem import LoadError, Problem
from scenarios.scenario import Scenario
from scenarios.source import Path, Plain, Source

__all__ = ["problems_behind"]

_ROUNDS = 8
"""So often something is replaced, for one replacement may show the next."""
_TRIGGERS = ("at", "after", "delay", "when", "takes_out")
_HINTS: dict[str, Plain] = {"gentle": "x", "plain": "x", "strong": "x"}
_HARMLESS: dict[str, Plain] = {
    **dict.fromkeys(
        ("title", "topic", "brief", "solution", "text", "label", "from", "who", "how", "cannot", "again", "changed"),
        "x",
    ),
    **_HINTS,
    "scenario": "x",
    "severity": 1,
    "via": "alert",
    "act": "reply",
    "target": "1m",
    "deadline": "2m",
    "takes": "1m",
    "every": "1m",
    "times": 1,
    "normal": 0,
    "incident": 1,
    "affected": 1,
    "is": 1,
    "after": "99h",
    "facts": ["x"],
    "watch": ["x"],
    "mistakes": ["x"],
    "hot_wash": ["x"],
    "link": "https://example.com/",
    "report": {"via": "alert", "from": "x", "text": "x"},
    "impact": {"who": "x", "how": "x"},
    "ends": {"after": "99h"},
    "hints": _HINTS,
}
"""For each key that a scenario must have, a value that no check objects to."""


def problems_behind(source: Source) -> list[Problem]:
    """The errors that checks find in a scenario that its model refuses, besides what the model says itself."""
    found = _salvaged(source)
    if found is None:
        return []
    scenario, replaced = found
    try:
        subject = subject_of(Loaded(scenario, source))
    except LoadError as error:
        return list(error.problems)
    places = {source.value_at(path) for path in replaced if source.has(path)} | {source.value_at(())}
    places |= {source.key_at(path) for path in replaced if source.has(path)}
    return [
        problem
        for check in _checks(replaced)
        for problem in check(subject)
        if problem.severity == "error" and (problem.line, problem.column) not in places
    ]


def _checks(replaced: set[Path]) -> Iterator[Check]:
    """The checks to which it makes no difference what was replaced."""
    sections = {path[0] for path in replaced if path}
    yield from references.CHECKS
    if "ends" not in sections:
        yield from timing.CHECKS
    if not {"vary", "signals"} & sections:
        yield from placeholders.CHECKS


def _salvaged(source: Source) -> tuple[Scenario, set[Path]] | None:
    """The scenario with something harmless wherever its model refuses it, and those places; None if that fails."""
    data = deepcopy(source.data)
    replaced: set[Path] = set()
    for _ in range(_ROUNDS):
        try:
            return Scenario.model_validate(data), replaced
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                replaced.add(_replace(data, detail))
    return None


def _replace(data: dict[str, Plain], detail: ErrorDetails) -> Path:
    """Put something harmless where the model refuses something; its path."""
    path = within(data, detail["loc"])
    if detail["type"] == "missing":
        return _add(data, path, str(detail["loc"][-1]))
    if len(path) == 2 and path[0] in ("injects", "actions"):
        return _stub(data, path)
    while path and isinstance(path[-1], int):
        path = path[:-1]  # a list loses its meaning with an item; its places must not change
    if not path:
        return ()
    above = cast("dict[str, Plain]", inside(data, path[:-1]))
    above.pop(str(path[-1]), None)
    return path


def _add(data: dict[str, Plain], path: Path, key: str) -> Path:
    above = inside(data, path)
    if not isinstance(above, dict):
        return path
    if key == "id":
        above[key] = f"missing-{'-'.join(map(str, path))}"
    elif key == "from" and path[:1] == ("severity",):
        above[key] = "0s"
    else:
        above[key] = deepcopy(_HARMLESS.get(key))
    return (*path, key)


def _stub(data: dict[str, Plain], path: Path) -> Path:
    """An inject or action that the model refuses as a whole: its id is kept, since others may refer to it."""
    entries = cast("list[Plain]", data[str(path[0])])
    place = int(path[1])
    old = entries[place]
    kept = dict(old) if isinstance(old, dict) else {}
    if path[0] == "injects":
        kept = {key: value for key, value in kept.items() if key not in _TRIGGERS} | {"at": "1m"}
    entries[place] = kept
    return (*path, "at") if path[0] == "injects" else path
