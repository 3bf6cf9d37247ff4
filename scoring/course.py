"""How grave the incident was when: what is fixed does not grow, and what was grave once is judged as that."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from simulator import events as ev

__all__ = ["Course", "Span"]


class Span(NamedTuple):
    """A true severity and the drill time from which it held."""

    since: int
    level: int


class Course:
    """The true severities that an incident goes through, in order."""

    def __init__(self, scenario: Scenario, protocol: Protocol, changes: Sequence[ev.ImpactChanged]) -> None:
        self._protocol = protocol
        self._changes = changes
        found: dict[int, Span] = {}
        for place, span in enumerate(scenario.severity):
            since = self._broken_from(span.since) if place else span.since
            if since is not None:
                found[since] = Span(since, span.level)
        self._spans = list(found.values())

    def _broken_from(self, at: int) -> int | None:
        """The first instant from one on at which the impact had not ended; None if there was none."""
        fixed = False
        for change in self._changes:
            if change.when > at and not fixed:
                break
            fixed = change.impact == "ended"
            at = at if fixed else max(at, change.when)
        return None if fixed else at

    @cached_property
    def gravest(self) -> list[Span]:
        """The course without what is less grave than what was before."""
        found: list[Span] = []
        for span in self._spans:
            if not found or self._protocol.graver(span.level, found[-1].level):
                found.append(span)
        return found

    def gravest_by(self, at: int) -> int:
        """The gravest that the incident had been by an instant."""
        return next(span.level for span in reversed(self.gravest) if span.since <= at)

    def right_at(self, at: int) -> set[int]:
        """The severities that it was right to declare at an instant: the gravest so far, or what it has fallen to."""
        return {self.gravest_by(at), next(span.level for span in reversed(self._spans) if span.since <= at)}

    @property
    def turns(self) -> list[int]:
        """When the true severity changed."""
        return [span.since for span in self._spans]
