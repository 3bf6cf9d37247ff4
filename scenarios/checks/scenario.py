"""All checks of a scenario."""

from collections.abc import Iterator

from scenarios.checks import references, texts, timing
from scenarios.checks.base import Check, Subject, finding
from scenarios.problem import Problem

__all__ = ["check_scenario"]


def _winnable(subject: Subject) -> Iterator[Problem]:
    """Where the protocol asks for an end of the impact, some action must be able to bring it about."""
    owed = any(duty.act == "impact_ended" for table in subject.tables for duty in table.obligations)
    if owed and not any(action.effect == "fixes" for action in subject.scenario.actions):
        message = "no action can fix it, and the protocol asks for an end of the impact"
        yield finding(subject.source, ("actions",), message, "give the right action `effect: fixes`", key=True)


CHECKS: tuple[Check, ...] = (*references.CHECKS, *timing.CHECKS, *texts.CHECKS, _winnable)


def check_scenario(subject: Subject) -> list[Problem]:
    """Everything that is wrong with a scenario, in the order of its file."""
    found = {problem for check in CHECKS for problem in check(subject)}
    return sorted(found, key=lambda problem: (problem.line, problem.column, problem.message))
