"""Names that refer to something, and things that nothing refers to."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from scenarios.checks.base import Subject, conditions, expected, finding, unknown
from scenarios.inject import FACILITATOR, GROUPS
from scenarios.lookup import is_name
from scenarios.placeholders import BUILT_IN_NAMES, names_in
from scenarios.problem import Problem, nearest, quoted
from scenarios.runbook import Runbook
from scenarios.scenario import Option
from scenarios.source import Path
from scenarios.workspace import FOLDERS

__all__ = ["CHECKS"]


def _ids(subject: Subject) -> Iterator[Problem]:
    """Actions, injects and options share their names, because `after` can mean any."""
    seen: dict[str, str] = {}
    for path, entry in subject.entries:
        if entry.id in seen:
            message = f"the id {entry.id!r} is used twice, first by an {seen[entry.id]}"
            hint = "actions, injects and options share their ids; rename one"
            yield finding(subject.source, (*path, "id"), message, hint)
        seen.setdefault(entry.id, type(entry).__name__.lower())


def _after_and_needs(subject: Subject) -> Iterator[Problem]:
    actions = {action.id: action for action in subject.scenario.actions}
    events = dict.fromkeys(subject.events)
    for place, action in enumerate(subject.scenario.actions):
        for number, name in enumerate(action.needs):
            if name not in actions:
                yield unknown(subject.source, ("actions", place, "needs", number), "action", name, actions)
        for number, name in enumerate(action.together):
            where = ("actions", place, "together", number)
            if name not in actions:
                yield unknown(subject.source, where, "action", name, actions)
            elif action.effect != "fixes" or actions[name].effect != "fixes":
                message = f"{action.id!r} goes together with {name!r}, and one of them is not a fix"
                yield finding(subject.source, where, message, "give both `effect: fixes`")
    for place, inject in enumerate(subject.scenario.injects):
        if inject.after is not None and inject.after not in events:
            path = ("injects", place, "after")
            yield unknown(subject.source, path, "action, inject or option", inject.after, events)


def _outsiders(subject: Subject) -> Iterator[Problem]:
    known: dict[str, str] = {}
    for place, one in enumerate(subject.scenario.outsiders or ()):
        if one.id in known:
            message = f"the id {one.id!r} is used twice, first by {known[one.id]}"
            yield finding(subject.source, ("outsiders", place, "id"), message, "rename one")
        known.setdefault(one.id, one.name)
    for path, condition in conditions(subject):
        if condition.contacted is not None and condition.contacted not in known:
            yield unknown(subject.source, (*path, "contacted"), "outsider", condition.contacted, known)


def _objectives(subject: Subject) -> Iterator[Problem]:
    """What injects are meant to teach is among what the scenario teaches."""
    taught = subject.scenario.teaches
    for place, inject in enumerate(subject.scenario.injects):
        objective, path = inject.objective, ("injects", place, "objective")
        if isinstance(objective, int) and objective > len(taught):
            message = f"there is no objective {objective}"
            yield finding(subject.source, path, message, f"`teaches` has {len(taught)}")
        elif isinstance(objective, str) and objective not in taught:
            message = f"`teaches` does not have {quoted(objective)}"
            hint = nearest(objective, taught) or "add it there, or give its number"
            yield finding(subject.source, path, message, hint)


def _conditions(subject: Subject) -> Iterator[Problem]:
    actions = {action.id: action for action in subject.scenario.actions}
    for path, condition in conditions(subject):
        if condition.action_done is not None and condition.action_done not in actions:
            yield unknown(subject.source, (*path, "action_done"), "action", condition.action_done, actions)
        if condition.chosen is not None and subject.scenario.option(condition.chosen) is None:
            options = [entry.id for _, entry in subject.entries if isinstance(entry, Option)]
            yield unknown(subject.source, (*path, "chosen"), "option", condition.chosen, options)
        if subject.protocol is None:
            continue
        for key, role in (("role_held", condition.role_held), ("role_open", condition.role_open)):
            if role is not None and role not in subject.roles:
                yield unknown(subject.source, (*path, key), "role", role, subject.roles)
        level = condition.severity_declared
        if level is not None and level not in subject.levels:
            message = f"nobody can declare severity {level}"
            hint = f"the protocol has {', '.join(str(known) for known in subject.levels)}"
            yield finding(subject.source, (*path, "severity_declared"), message, hint)


def _recipients(subject: Subject) -> Iterator[Problem]:
    """Whom injects are for, and those outside the team whom they come from."""
    known = [*subject.roles, *GROUPS, FACILITATOR]
    for place, inject in enumerate(subject.scenario.injects):
        for number, to in enumerate(inject.to):
            if subject.protocol is not None and to not in known:
                path = ("injects", place, "to", number)
                where = path if subject.source.has(path) else path[:-1]
                yield unknown(subject.source, where, "role or group", to, known)
        if "everyone" in inject.to and len(inject.to) > 1:
            message = "`everyone` is everybody; the others in `to` add nobody"
            yield finding(subject.source, ("injects", place, "to"), message, "leave one of the two", severity="warning")


def _signals(subject: Subject) -> Iterator[Problem]:
    known = list(subject.scenario.signals)
    moved: set[str] = set()
    for path, entry in subject.entries:
        moved.update(entry.signals)
        for name in entry.signals:
            if name not in known:
                yield unknown(subject.source, (*path, "signals", name), "signal", name, known, key=True)
    for name, signal in subject.scenario.signals.items():
        led = (signal.incident, *(point.level for point in signal.rises or ()))
        if all(level == signal.normal for level in led) and not signal.noise and name not in moved:
            message = f"the signal {name!r} is a flat line: nothing ever moves it"
            hint = "give it another level for the incident, or some noise"
            yield finding(subject.source, ("signals", name), message, hint, key=True, severity="warning")


def _variables(subject: Subject) -> Iterator[Problem]:
    used: set[str] = set()
    for path, text in subject.source.texts():
        if path[0] != "vary":
            used.update(names_in(text))
    for name in subject.scenario.vary:
        if name not in used and name not in BUILT_IN_NAMES:
            message = f"the variable {name!r} is never used"
            yield finding(
                subject.source,
                ("vary", name),
                message,
                f"write {{{name}}} in a text, or take it out",
                key=True,
                severity="warning",
            )


def _unfound(
    subject: Subject, path: Path, kind: Literal["protocol", "runbook"], name: str, known: Iterable[str]
) -> Problem:
    """A file that no name finds; it may lie beside the scenario, where none is looked for."""
    problem, file = unknown(subject.source, path, kind, name, known), f"{name}.yaml"
    if is_name(name) and subject.source.path is not None and (subject.source.path.parent / file).is_file():
        return replace(problem, hint=f"{file} is here, but it is looked for in {FOLDERS[kind]}/: move it there")
    return problem


def _runbooks(subject: Subject) -> Iterator[Problem]:
    for place, action in enumerate(subject.scenario.actions):
        if action.runbook is None:
            continue
        path = ("actions", place, "runbook")
        name, _, procedure = action.runbook.partition("/")
        runbook: Runbook | None = subject.runbooks.get(name)
        if not procedure:
            yield finding(
                subject.source, path, f"{action.runbook!r} names no procedure", "write it as runbook/procedure"
            )
        elif name not in subject.known_runbooks:
            yield _unfound(subject, path, "runbook", name, subject.known_runbooks)
        elif runbook is not None and runbook.procedure(procedure) is None:
            known = [f"{name}/{each.id}" for each in runbook.procedures]
            yield unknown(subject.source, path, "procedure", action.runbook, known)


def _protocol(subject: Subject) -> Iterator[Problem]:
    scenario = subject.scenario
    if scenario.written_for not in subject.known_protocols:
        where = ("protocol",) if isinstance(scenario.protocol, str) else ("protocol", "like")
        yield _unfound(subject, where, "protocol", scenario.written_for, subject.known_protocols)
    if subject.protocol is None:
        return
    tables = [table.severity for table in subject.protocol.tables]
    for place, span in enumerate(scenario.severity):
        if span.level not in tables:
            path = ("severity", place, "is") if subject.source.has(("severity", place, "is")) else ("severity",)
            message = f"the protocol {scenario.protocol_id!r} does not say what is owed for severity {span.level}"
            hint = f"it has tables for {', '.join(str(table) for table in sorted(tables))}"
            yield finding(subject.source, path, message, hint)


def _targets(subject: Subject) -> Iterator[Problem]:
    if subject.protocol is None:
        return
    everywhere = [owed.id for table in subject.protocol.tables for owed in table.obligations]
    here = {owed.id for table in subject.tables for owed in table.obligations}
    for name in subject.scenario.targets:
        if name not in everywhere:
            yield unknown(subject.source, ("targets", name), "obligation", name, everywhere, key=True)
        elif name not in here:
            message = f"{name!r} is not owed at this scenario's severity, so its target changes nothing"
            hint = expected(name, sorted(here))
            yield finding(subject.source, ("targets", name), message, hint, key=True, severity="warning")


CHECKS = (
    _ids,
    _after_and_needs,
    _conditions,
    _recipients,
    _outsiders,
    _objectives,
    _signals,
    _variables,
    _runbooks,
    _protocol,
    _targets,
)
