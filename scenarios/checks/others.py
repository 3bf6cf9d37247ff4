"""Checks of what is not a scenario: scripts, runbooks, teams, rubrics, protocols, names."""

from collections.abc import Collection, Iterator

from scenarios.base import format_duration
from scenarios.checks.base import expected, finding, unknown
from scenarios.names import Names
from scenarios.problem import Problem
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.script import Script
from scenarios.source import Source
from scenarios.team import Team

__all__ = [
    "check_names",
    "check_protocol",
    "check_rubric",
    "check_runbook",
    "check_script",
    "check_team",
    "check_team_for",
]


def check_script(script: Script, source: Source) -> Iterator[Problem]:
    """Each act says what is done or said, and none is earlier than the one above it."""
    before = 0
    for place, act in enumerate(script.acts):
        if (act.do is None) == (act.say is None):
            message = "an act has either `do` or `say`" if act.do is None else "an act has `do` or `say`, not both"
            yield finding(source, ("acts", place), message, "such as do: acknowledge, or say: /ack")
        elif act.say is not None and act.fields:
            name = next(iter(act.fields))
            message = f"`{name}` stands beside `say`, which takes no fields"
            yield finding(source, ("acts", place, name), message, "write it in the text, or use `do`", key=True)
        if act.at < before:
            message = f"{format_duration(act.at)} comes before the act above, which is at {format_duration(before)}"
            yield finding(source, ("acts", place, "at"), message, "write the acts in the order of their times")
        before = max(before, act.at)


def check_runbook(runbook: Runbook, source: Source) -> Iterator[Problem]:
    """No two procedures have one id."""
    seen: set[str] = set()
    for place, procedure in enumerate(runbook.procedures):
        if procedure.id in seen:
            message = f"the id {procedure.id!r} is used twice"
            yield finding(source, ("procedures", place, "id"), message, "rename one of the procedures")
        seen.add(procedure.id)


def check_team(team: Team, source: Source) -> Iterator[Problem]:
    """Nobody prefers a role that they may not take."""
    for place, member in enumerate(team.members):
        if member.prefers is not None and member.roles is not None and member.prefers not in member.roles:
            message = f"{member.id!r} prefers {member.prefers!r}, which is not among their `roles`"
            yield finding(source, ("members", place, "prefers"), message, "add it to `roles`, or prefer another")


def check_team_for(team: Team, source: Source, protocol: Protocol, severities: list[int]) -> Iterator[Problem]:
    """A team has the protocol's roles, and somebody for each role that an incident of these severities demands."""
    known = [role.id for role in protocol.roles]
    for place, member in enumerate(team.members):
        for number, role in enumerate(member.roles or []):
            if role not in known:
                yield unknown(source, ("members", place, "roles", number), "role", role, known)
        if member.prefers is not None and member.prefers not in known:
            yield unknown(source, ("members", place, "prefers"), "role", member.prefers, known)
    demanded = [role for level in severities if (table := protocol.table(level)) for role in table.roles]
    for role in dict.fromkeys(demanded):
        if not any(member.roles is None or role in member.roles for member in team.members):
            message = f"no member may take the role {role!r}, which the scenario's severity demands"
            yield finding(source, ("members",), message, "add it to the `roles` of a member", key=True)


def check_rubric(rubric: Rubric, source: Source, protocol: Protocol) -> Iterator[Problem]:
    """A rubric weighs items that the protocol has."""
    known = [owed.id for table in protocol.tables for owed in table.obligations]
    for name in rubric.items:
        if name not in known:
            yield unknown(source, ("items", name), "obligation", name, known, key=True)


def check_protocol(protocol: Protocol, source: Source) -> Iterator[Problem]:
    """Each level of the scale says what is owed: nobody can write a scenario of one that does not."""
    tables = sorted(table.severity for table in protocol.tables)
    for place, severity in enumerate(protocol.severities):
        if severity.level not in tables:
            message = f"nothing says what is owed for severity {severity.level}, so no scenario can have it"
            hint = f"add a table `severity: {severity.level}` to `tables`, which has {', '.join(map(str, tables))}"
            yield finding(source, ("severities", place, "level"), message, hint, severity="warning")


def check_names(own: Names, source: Source, words: Collection[str], procedures: Collection[str]) -> Iterator[Problem]:
    """Each name is one that some text uses; `words` are what texts say in braces, such as `service_login`."""
    kinds = {"services": ("service", own.services), "teams": ("team", own.teams)}
    kinds["dashboards"] = ("dashboard", {name: one.title for name, one in own.dashboards.items()})
    for key, (kind, named) in kinds.items():
        known = sorted(word.removeprefix(f"{kind}_") for word in words if word.startswith(f"{kind}_"))
        for name in (name for name in named if name not in known):
            message = f"no scenario names the {kind} {name!r}: no text has {{{kind}_{name}}}"
            yield finding(source, (key, name), message, expected(name, known), key=True, severity="warning")
    for name in (name for name in own.runbooks if name not in procedures):
        message, hint = f"there is no procedure {name!r}", expected(name, sorted(procedures))
        yield finding(source, ("runbooks", name), message, hint, key=True, severity="warning")
