"""The plan of a scenario as times: when each inject comes, as far as that is known before anybody has played it.

Here alone is worked out where the story's clock stands at a moment that is still to come.
"""

from collections.abc import Container, Mapping
from typing import NamedTuple

from scenarios.placeholders import fill
from scenarios.protocol import Protocol
from scenarios.scenario import Inject, Scenario
from scenarios.story_time import begin_of, fill_told, fill_untold, time_since

__all__ = ["PlannedStory", "Step", "in_order", "recipient", "repeats", "steps"]

_LATER = 2**60


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


class PlannedStory:
    """The story's clock at moments that are still to come, as if every inject with a planned time comes at it."""

    def __init__(
        self, scenario: Scenario, ahead: int = 0, came: Mapping[str, int] | None = None, out: Container[str] = ()
    ) -> None:
        """In a drill that runs, some injects `came` at drill times (milliseconds) and others are `out`.

        The clock is then already `ahead` by some milliseconds.
        """
        came = came or {}
        self._begins = scenario.begins
        self._ahead = ahead
        self._times = {name: at for name, (at, _) in _known(scenario, came, out).items()}
        self._jumps = [
            (self._times[one.id], one.skips)
            for one in scenario.injects
            if one.skips is not None and one.id in self._times and one.id not in came
        ]

    def time(self, at: int | None) -> int | None:
        """The story's time at a drill time, after what comes then; None if there is none or nobody knows it yet."""
        if self._begins is None or at is None:
            return None
        return begin_of(self._begins) + at + self._ahead + sum(by for since, by in self._jumps if since <= at)

    def of(self, inject: Inject) -> int | None:
        """The story's time when an inject comes, after its own jump."""
        return self.time(self._times.get(inject.id))

    def says(self, time: int | None) -> str:
        """A time of the story as people read it, such as `Tuesday 14:35`; nothing for None."""
        return "" if time is None or self._begins is None else time_since(time, self._begins)

    def told(self, text: str, time: int | None, values: Mapping[str, str | int | float]) -> str:
        """A text as it will be told at a time of the story; if that is not known yet, words stand for `{clock}`."""
        if self._begins is None:
            return fill(text, values)
        return fill_untold(text, values) if time is None else fill_told(text, values, time)


def in_order(scenario: Scenario) -> list[Inject]:
    """The injects by planned time; those that depend on the team come last, in the author's order."""
    return sorted(scenario.injects, key=lambda inject: _LATER if inject.at is None else inject.at)


def steps(scenario: Scenario) -> list[Step]:
    """Every inject by its planned time; those whose time depends on the team come last, in the author's order."""
    known = _known(scenario, {}, ())
    found = [_step(number, inject, known) for number, inject in enumerate(in_order(scenario), 1)]
    return sorted(found, key=lambda step: (step.at is None, step.at or 0))


def _known(scenario: Scenario, came: Mapping[str, int], out: Container[str]) -> dict[str, tuple[int, bool]]:
    """The time of each inject that has one, by its own or after others, and whether it comes for certain."""
    known = {name: (at, True) for name, at in came.items()}
    waiting = [one for one in scenario.injects if one.id not in known and one.id not in out]
    for _ in waiting:  # one may come after another that comes after a third
        before = len(known)
        for inject in waiting:
            _note(inject, known)
        if len(known) == before:
            break
    return known


def _note(inject: Inject, known: dict[str, tuple[int, bool]]) -> None:
    sure = inject.unless is None and inject.chance == 1
    if inject.at is not None:
        known[inject.id] = (inject.at, sure)
    elif inject.after in known:
        at, certain = known[inject.after]
        known[inject.id] = (at + inject.delay, sure and certain)


def _step(number: int, inject: Inject, known: dict[str, tuple[int, bool]]) -> Step:
    if inject.id not in known:
        return Step(number, inject, None, certain=False, again=[])
    at, certain = known[inject.id]
    return Step(number, inject, at, certain, repeats(inject, at))


def repeats(inject: Inject, first: int) -> list[int]:
    """When an inject that comes first at that time comes again."""
    again = inject.repeat
    return [first + (count + 1) * again.every for count in range(again.times)] if again is not None else []


def recipient(protocol: Protocol, to: str) -> str:
    """Whom an inject reaches, as people read it."""
    role = protocol.role(to)
    return role.title if role is not None else to.replace("_", " ").capitalize()
