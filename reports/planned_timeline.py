"""The plan of a scenario as times: when each inject comes, as far as that is known before anybody has played it."""

from typing import NamedTuple

from reports.msel import in_order
from scenarios.protocol import Protocol
from scenarios.scenario import Inject, Scenario

__all__ = ["Step", "recipient", "repeats", "steps"]

_NOWHERE = -1


class Step(NamedTuple):
    """An inject in its place of the plan."""

    number: int
    """Its number in the table of injects, from 1."""
    inject: Inject
    at: int | None
    """Drill time in milliseconds; None if it depends on what the team does."""
    certain: bool
    """Whether it comes whatever the team does, and every time."""
    again: list[int]
    """When it comes again, in milliseconds of drill time."""


def steps(scenario: Scenario) -> list[Step]:
    """Every inject by its planned time; those whose time depends on the team come last, in the author's order."""
    ordered = in_order(scenario)
    known: dict[str, tuple[int, bool]] = {}
    for _ in ordered:  # one may come after another that comes after a third
        before = len(known)
        for inject in ordered:
            _note(inject, known)
        if len(known) == before:
            break
    found = [_step(number, inject, known) for number, inject in enumerate(ordered, 1)]
    return sorted(found, key=lambda step: (step.at is None, step.at or 0))


def _note(inject: Inject, known: dict[str, tuple[int, bool]]) -> None:
    sure = inject.unless is None and inject.chance == 1
    if inject.at is not None:
        known[inject.id] = (inject.at, sure)
    elif inject.after in known:
        at, certain = known[inject.after]
        known[inject.id] = (at + inject.delay, sure and certain)


def _step(number: int, inject: Inject, known: dict[str, tuple[int, bool]]) -> Step:
    at, certain = known.get(inject.id, (_NOWHERE, False))
    return Step(number, inject, None if at == _NOWHERE else at, certain, [] if at == _NOWHERE else repeats(inject, at))


def repeats(inject: Inject, first: int) -> list[int]:
    """When an inject that comes first at that time comes again."""
    again = inject.repeat
    return [first + (count + 1) * again.every for count in range(again.times)] if again is not None else []


def recipient(protocol: Protocol, to: str) -> str:
    """Whom an inject reaches, as people read it."""
    role = protocol.role(to)
    return role.title if role is not None else to.replace("_", " ").capitalize()
