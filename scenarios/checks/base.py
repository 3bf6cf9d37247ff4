"""What every check is given, and how it says what it found."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from scenarios.expects import Asked, Decision
from scenarios.problem import Gravity, Problem, nearest
from scenarios.protocol import FALSE_ALARM, Protocol, Table
from scenarios.runbook import Runbook
from scenarios.scenario import Action, Condition, Inject, Option, Scenario
from scenarios.source import Path, Source

__all__ = ["Check", "Subject", "conditions", "expectations", "expected", "finding", "unknown"]


@dataclass(frozen=True)
class Subject:
    """A scenario to be checked, with what it refers to."""

    scenario: Scenario
    """The scenario."""
    source: Source
    """Its file, for the places."""
    protocol: Protocol | None = None
    """Its protocol; None if there is none of that name, or it cannot be read."""
    runbooks: Mapping[str, Runbook] = field(default_factory=dict)
    """The runbooks that could be found, by name."""
    known_runbooks: tuple[str, ...] = field(default=(), compare=False)
    """The names of all runbooks that there are, for a hint where one is not among `runbooks`."""
    known_protocols: tuple[str, ...] = field(default=(), compare=False)
    """The names of all protocols that there are, for a hint where `protocol` is None."""
    words: tuple[str, ...] = ()
    """What texts may name of the company, such as `service_login`."""

    @property
    def roles(self) -> list[str]:
        """The ids of the protocol's roles."""
        return [role.id for role in self.protocol.roles] if self.protocol else []

    @property
    def levels(self) -> list[int]:
        """The severities that can be declared."""
        return [FALSE_ALARM, *(severity.level for severity in self.protocol.severities)] if self.protocol else []

    @property
    def tables(self) -> list[Table]:
        """The tables of the protocol that hold in this scenario."""
        levels = sorted({span.level for span in self.scenario.severity})
        found = [self.protocol.table(level) for level in levels] if self.protocol else []
        return [table for table in found if table]

    @property
    def events(self) -> list[str]:
        """The ids that `after` may name."""
        return [entry.id for _, entry in self.entries]

    @property
    def entries(self) -> list[tuple[Path, Action | Inject | Option]]:
        """The actions, the injects and the options of their decisions, each with its path."""
        found: list[tuple[Path, Action | Inject | Option]] = [
            (("actions", place), action) for place, action in enumerate(self.scenario.actions)
        ]
        found += [(("injects", place), inject) for place, inject in enumerate(self.scenario.injects)]
        for path, one in expectations(self):
            if isinstance(one, Decision):
                found += [((*path, "options", place), option) for place, option in enumerate(one.options)]
        return found


Check = Callable[[Subject], Iterator[Problem]]
"""A check yields what it finds."""


def finding(
    source: Source, path: Path, message: str, hint: str = "", *, key: bool = False, severity: Gravity = "error"
) -> Problem:
    """A problem at a value, or at its key; at the nearest parent if the file leaves it to a default."""
    while not source.has(path):
        path, key = path[:-1], True
    line, column = source.key_at(path) if key else source.value_at(path)
    return Problem(source.file, line, column, message, hint, severity)


def expected(word: str, known: Iterable[str]) -> str:
    """The hint for a word that is not among those known."""
    words = list(dict.fromkeys(known))
    if not words:
        return "there are none"
    shown = ", ".join(words[:12]) + (", …" if len(words) > 12 else "")
    return nearest(word, words) or f"there {'is' if len(words) == 1 else 'are'} {shown}"


def unknown(source: Source, path: Path, kind: str, word: str, known: Iterable[str], *, key: bool = False) -> Problem:
    """A reference to something that does not exist."""
    return finding(source, path, f"there is no {kind} {word!r}", expected(word, known), key=key)


def conditions(subject: Subject) -> Iterator[tuple[Path, Condition]]:
    """Every condition of every inject with its path, the inner ones after those around them."""
    for place, inject in enumerate(subject.scenario.injects):
        for key, condition in (("when", inject.when), ("unless", inject.unless)):
            if condition is not None:
                yield from _with_parts(("injects", place, key), condition)


def expectations(subject: Subject) -> Iterator[tuple[Path, Asked]]:
    """Everything that an inject asks for, with its path: a single one stands without a list."""
    for place, inject in enumerate(subject.scenario.injects):
        for number, one in enumerate(inject.expects or ()):
            path: Path = ("injects", place, "expects")
            yield ((*path, number) if subject.source.has((*path, number)) else path), one


def _with_parts(path: Path, condition: Condition) -> Iterator[tuple[Path, Condition]]:
    yield path, condition
    for key, parts in (("all", condition.every), ("any", condition.some)):
        for place, part in enumerate(parts or []):
            yield from _with_parts((*path, key, place), part)
    if condition.negated is not None:
        yield from _with_parts((*path, "not"), condition.negated)
