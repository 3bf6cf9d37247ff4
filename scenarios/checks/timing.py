"""Injects that can never come, and things that wait for each other."""

from collections.abc import Iterator, Mapping, Sequence

from scenarios.base import format_duration
from scenarios.checks.base import Subject, finding
from scenarios.problem import Problem
from scenarios.scenario import Condition, Inject, Scenario

__all__ = ["CHECKS", "earliest_times"]


def earliest_times(scenario: Scenario) -> dict[str, int | None]:
    """The earliest drill time (milliseconds) at which each inject can come; None if it waits for itself."""
    injects = {inject.id: inject for inject in scenario.injects}
    actions = {action.id: action.takes for action in scenario.actions}
    times: dict[str, int | None] = {}
    for inject in scenario.injects:
        chain: list[Inject] = []
        link: Inject | None = inject
        while link is not None and link.id not in times:
            times[link.id] = None
            chain.append(link)
            link = injects.get(link.after or "")
        for link in reversed(chain):
            if link.after in injects:
                before = times[link.after]
                times[link.id] = None if before is None else before + link.delay
            elif link.after is not None:
                times[link.id] = actions.get(link.after, 0) + link.delay
            else:
                times[link.id] = link.at if link.when is None else _lasting(link.when, actions)
    return times


def _lasting(condition: Condition, actions: Mapping[str, int]) -> int:
    """The earliest drill time at which a condition can hold; `actions` says how long each takes."""
    inner = 0
    if condition.every:
        inner = max(_lasting(part, actions) for part in condition.every)
    elif condition.some:
        inner = min(_lasting(part, actions) for part in condition.some)
    elif condition.action_done is not None:
        inner = actions.get(condition.action_done, 0)
    return inner + condition.lasting


def _never_due(subject: Subject) -> Iterator[Problem]:
    scenario, end = subject.scenario, subject.scenario.ends.after
    times = earliest_times(scenario)
    for place, inject in enumerate(scenario.injects):
        key = "at" if inject.at is not None else "after" if inject.after is not None else "when"
        first = times[inject.id]
        over = end if inject.papers is None else end + scenario.ends.papers
        if first is not None and first >= over:
            what = "the response has" if inject.papers is None else "the papers have"
            message = f"{inject.id!r} can never come: not before {format_duration(first)}, when {what} ended"
            hint = f"`ends` says {format_duration(over)}; bring it forward"
            if inject.papers is None and first < end + scenario.ends.papers:
                hint += ", or let it come while papers are written (`papers: true`)"
            yield finding(subject.source, ("injects", place, key), message, hint)
        if inject.when is not None and inject.papers is None and _after_the_end(inject.when):
            message = f"{inject.id!r} can never come: once the incident is resolved, the response has ended"
            yield finding(subject.source, ("injects", place, "when"), message, "let it come later: `papers: true`")
    for place, action in enumerate(scenario.actions):
        if action.takes >= end:
            message = f"{action.id!r} takes until after the response has ended"
            yield finding(subject.source, ("actions", place, "takes"), message, f"the end is at {format_duration(end)}")
    for place, span in enumerate(scenario.severity):
        if span.since >= end:
            message = f"severity {span.level} never holds: the response ends at {format_duration(end)}"
            yield finding(subject.source, ("severity", place, "from"), message, "let it begin before")
    for name, signal in scenario.signals.items():
        if signal.starts >= end:
            message = f"the signal {name!r} starts to move after the response has ended"
            yield finding(
                subject.source, ("signals", name, "starts"), message, "let it start before", severity="warning"
            )


def _after_the_end(condition: Condition) -> bool:
    """Whether a condition holds only some time after the incident was resolved."""
    facts = _facts(condition)
    later = condition.lasting > 0 or any(fact.lasting > 0 for fact in facts if fact.resolved)
    return later and any(fact.resolved for fact in facts)


def _circles(subject: Subject) -> Iterator[Problem]:
    """Injects that wait for each other never come; actions that need each other cannot be done in order."""
    injects = {inject.id: [inject.after] for inject in subject.scenario.injects if inject.after is not None}
    for circle in _circles_in(injects):
        place = next(place for place, inject in enumerate(subject.scenario.injects) if inject.id == circle[0])
        message = f"these wait for each other, so none of them can ever come: {_drawn(circle)}"
        hint = "give one of them `at` or `when`"
        yield finding(subject.source, ("injects", place, "after"), message, hint)
    actions = {action.id: action.needs for action in subject.scenario.actions}
    for circle in _circles_in(actions):
        place = next(place for place, action in enumerate(subject.scenario.actions) if action.id == circle[0])
        message = f"these need each other, so each of them is always a risk: {_drawn(circle)}"
        yield finding(subject.source, ("actions", place, "needs"), message, "take one `needs` out")


def _circles_in(edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Cycles, each once, from where the file first enters them. Without recursion: chains can be long."""
    circles: list[list[str]] = []
    done: set[str] = set()
    for root in edges:
        path: list[str] = []
        on_path: set[str] = set()
        waiting: list[tuple[str, int]] = [(root, 0)]
        while waiting:
            node, depth = waiting.pop()
            for left in path[depth:]:
                on_path.discard(left)
                done.add(left)
            del path[depth:]
            if node in on_path:
                circles.append(path[path.index(node) :])
            elif node not in done:
                path.append(node)
                on_path.add(node)
                waiting.extend((below, depth + 1) for below in edges.get(node, ()))
        done.update(path)
    return circles


def _drawn(circle: list[str]) -> str:
    return " → ".join([*circle, circle[0]])


def _contradictions(subject: Subject) -> Iterator[Problem]:
    for place, inject in enumerate(subject.scenario.injects):
        if inject.when is None:
            continue
        facts = _facts(inject.when)
        clash = _clash(facts)
        if clash:
            message = f"{inject.id!r} can never come: {clash}"
            yield finding(subject.source, ("injects", place, "when"), message, "use `any`, or take one of them out")
        elif inject.unless is not None and any(_implies(fact, inject.unless) for fact in [*facts, inject.when]):
            message = f"{inject.id!r} can never come: `unless` holds whenever `when` does"
            yield finding(subject.source, ("injects", place, "unless"), message, "take `unless` out, or change it")


def _facts(condition: Condition) -> list[Condition]:
    """What must all be true at once for a condition to hold."""
    if condition.every is None:
        return [condition]
    return [fact for part in condition.every for fact in _facts(part)]


def _clash(facts: list[Condition]) -> str:
    """Why these cannot all be true, or None."""
    declared = sorted({fact.severity_declared for fact in facts if fact.severity_declared is not None})
    if len(declared) > 1:
        return f"severities {' and '.join(map(str, declared))} cannot be the last declared at once"
    both = {fact.role_held for fact in facts if fact.role_held} & {fact.role_open for fact in facts if fact.role_open}
    if both:
        return f"{min(both)!r} cannot be held and open at once"
    for fact in facts:
        if fact.negated is not None and any(_same(other, fact.negated) for other in facts):
            return "one of its conditions is the opposite of another"
    return ""


def _implies(one: Condition, other: Condition) -> bool:
    """Whether they say the same, and the other has to last no longer."""
    return _same(one, other) and other.lasting <= one.lasting


def _same(one: Condition, other: Condition) -> bool:
    """Whether two conditions say the same, however long."""
    return one.model_copy(update={"lasting": 0}) == other.model_copy(update={"lasting": 0})


CHECKS = (_never_due, _circles, _contradictions)
