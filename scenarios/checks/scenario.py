"""All checks of a scenario."""

from collections.abc import Iterator
from itertools import islice

from scenarios.checks import attachments, guide, placeholders, quality, references, timing
from scenarios.checks.base import Check, Subject, finding
from scenarios.problem import Problem

__all__ = ["check_scenario"]


def _winnable(subject: Subject) -> Iterator[Problem]:
    """If the protocol asks for an end of the impact, some action must be able to achieve it."""
    owed = any(duty.act == "impact_ended" for table in subject.tables for duty in table.obligations)
    if owed and not any(action.effect == "fixes" for action in subject.scenario.actions):
        message = "no action can fix it, and the protocol asks for an end of the impact"
        yield finding(subject.source, ("actions",), message, "give the right action `effect: fixes`", key=True)


MOST_PROBLEMS = 50
"""How many of one kind are shown."""

CHECKS: tuple[Check, ...] = (
    *references.CHECKS,
    *timing.CHECKS,
    *placeholders.CHECKS,
    *attachments.CHECKS,
    _winnable,
    *quality.CHECKS,
    *guide.CHECKS,
)


def check_scenario(subject: Subject) -> list[Problem]:
    """Everything that is wrong with a scenario, in the order of its file."""
    found: set[Problem] = set()
    more = False
    for check in CHECKS:
        problems = list(islice(check(subject), MOST_PROBLEMS + 1))
        more |= len(problems) > MOST_PROBLEMS
        found.update(problems[:MOST_PROBLEMS])
    ordered = sorted(found, key=lambda problem: (problem.line, problem.column, problem.message))
    if more:
        ordered.append(Problem(subject.source.file, 0, 0, f"there are more problems than these {len(ordered)}"))
    return ordered
