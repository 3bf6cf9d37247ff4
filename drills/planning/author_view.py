"""A scenario as its author sees it: what is wrong at which line, and the plan that follows if it can be played."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from drills.planning import catalogue
from drills.planning.crew import gather_with_crew
from drills.planning.materials import Incident, plan_drill
from scenarios.lookup import named, shipped_names
from scenarios.problem import LoadError, Problem
from scenarios.scenario import Scenario
from scenarios.source import Source
from simulator.plan import DrillPlan

__all__ = ["Draft", "Marked", "draft", "marked"]

_WIDEST = 160
"""Signs of a line that are shown around the place of a problem."""
_LARGEST = 1 << 20
"""Bytes of a file whose lines are shown beside its problems."""


class Marked(NamedTuple):
    """A problem with the text of its line."""

    problem: Problem
    before: str
    """The line up to the place that is meant."""
    there: str
    """The word that begins there; empty if the whole file is meant."""
    rest: str


@dataclass(frozen=True)
class Draft:
    """A scenario as its files are now."""

    name: str
    file: str
    """Where it is written."""
    own: bool
    """Whether it is a file of the workspace, which its author can change."""
    source: Source | None
    """The file's text and places; None while it cannot be read."""
    plan: DrillPlan | None
    """The plan of a simulated drill of it; None while it has errors."""
    problems: list[Problem] = field(default_factory=list)
    """In the order of their places, errors and warnings alike."""


def draft(name: str) -> Draft | None:
    """The scenario of that name, as the last look at the files found it; None if there is no file of that name."""
    own = catalogue.own_file("scenario", name)
    if own is None and name not in shipped_names("scenario"):
        return None
    source = own.source if own is not None else named("scenario", name)
    problems = [*own.problems, *_of_others(source)] if own is not None else []
    plan: DrillPlan | None = None
    if not any(problem.severity == "error" for problem in problems):
        story = catalogue.scenario(name)
        wanted = Incident(name) if story is None else Incident(story, near=own.path if own is not None else None)
        try:
            with catalogue.as_offered():
                plan = plan_drill(gather_with_crew(wanted), 0)
        except LoadError as error:
            problems += error.problems
    shown = str(own.path) if own is not None else source.file if source is not None else name
    return Draft(name, shown, own is not None, source, plan, list(dict.fromkeys(problems)))


def _of_others(source: Source | None) -> Iterator[Problem]:
    """What is wrong with our files on which a scenario rests, while it is offered with an earlier version of them."""
    story = source.models.get(Scenario) if source is not None else None
    if not isinstance(story, Scenario):
        return
    runbooks = {action.runbook.partition("/")[0] for action in story.actions if action.runbook}
    used = {("protocol", story.written_for), *(("runbook", name) for name in runbooks)}
    for file in catalogue.own_files():
        if file.kind == "names" or (file.kind, file.name) in used:
            yield from file.errors


def marked(problems: list[Problem], source: Source | None) -> list[Marked]:
    """The problems, each with the text of its line."""
    texts: dict[str, list[str]] = {source.file: source.text.splitlines()} if source is not None else {}
    return [_marked(problem, texts) for problem in problems]


def _marked(problem: Problem, texts: dict[str, list[str]]) -> Marked:
    if problem.file not in texts:
        texts[problem.file] = _lines(Path(problem.file))
    lines = texts[problem.file]
    if not 0 < problem.line <= len(lines):
        return Marked(problem, "", "", "")
    line, place = lines[problem.line - 1], max(problem.column - 1, 0)
    start = max(0, place - _WIDEST // 2)
    before, after = line[start:place], line[place : start + _WIDEST]
    word = re.match(r"[\w-]+|\S*", after)
    there = word[0] if word is not None else ""
    return Marked(problem, ("…" if start else "") + before, there, after[len(there) :])


def _lines(file: Path) -> list[str]:
    """The lines of a file beside which problems are shown; none of one that cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(_LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:  # it is the library's, or it is gone by now
        return []
