"""Checks of what is not a scenario: scripts, runbooks, teams, rubrics, protocols, names."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from scenarios.base import format_duration
from scenarios.checks.base import expected, finding, unknown
from scenarios.names import Names
from scenarios.problem import Problem
from scenarios.protocol import Protocol, Reading
from scenarios.rubric import Rubric
from scenarios.runbook import Runbook
from scenarios.script import Script
from scenarios.source import Path, Source
from scenarios.team import Team

__all__ = [
    "cannot_play",
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


def check_team_for(
    team: Team, source: Source, protocol: Protocol, severities: list[int], ends: int
) -> Iterator[Problem]:
    """A team has the protocol's roles, and somebody for each role that an incident of these severities demands.

    Who comes on duty when the response is over, at `ends` milliseconds, is nobody to count on.
    """
    known = [role.id for role in protocol.roles]
    for place, member in enumerate(team.members):
        for number, role in enumerate(member.roles or []):
            if role not in known:
                yield unknown(source, ("members", place, "roles", number), "role", role, known)
        if member.prefers is not None and member.prefers not in known:
            yield unknown(source, ("members", place, "prefers"), "role", member.prefers, known)
    demanded = [role for level in severities if (table := protocol.table(level)) for role in table.roles]
    for role in dict.fromkeys(demanded):
        able = [member for member in team.members if member.roles is None or role in member.roles]
        if not able:
            message = f"no member may take the role {role!r}, which the scenario's severity demands"
            yield finding(source, ("members",), message, "add it to the `roles` of a member", key=True)
        elif all(member.since is not None and member.since >= ends for member in able):
            first = able[0].id
            message = f"{first!r} may take the role {role!r}, but comes on duty when the response is over"
            hint = f"let {first!r} begin sooner, or somebody else take the role"
            yield finding(source, ("members", team.members.index(able[0]), "from"), message, hint)


def cannot_play(source: Source, path: Path, team: str, problems: Sequence[Problem]) -> Iterator[Problem]:
    """That a team does not fit what a file plays, once, at a place of that file; `problems` say why.

    `team` says in words which team it is, and under which protocol if that is known.
    """
    if problems:
        first, more = problems[0], len(problems) - 1
        rest = f"; and {more} more" if more else ""
        said = f"{first.file}:{first.line}:{first.column}: {first.message}{rest}"
        message = f"{team} cannot play it: {said}"
        yield finding(source, path, message, first.hint)


def check_rubric(rubric: Rubric, source: Source, protocol: Protocol) -> Iterator[Problem]:
    """A rubric weighs items that the protocol has."""
    known = [owed.id for table in protocol.tables for owed in table.obligations]
    for name in rubric.items:
        if name not in known:
            yield unknown(source, ("items", name), "obligation", name, known, key=True)


def check_protocol(protocol: Protocol, source: Source, read: Mapping[str, Protocol]) -> Iterator[Problem]:
    """Each level of the scale says what is owed: nobody can write a scenario of one that does not.

    `read` are the other protocols that it says how to read, as far as they can be loaded.
    """
    for name, reading in (protocol.reads or {}).items():
        if name in read:
            yield from _check_reading(name, reading, source, read[name])
        else:
            message = f"there is no protocol {name!r} whose scenarios could be read"
            hint = "write its name as its file has it, or take it out"
            yield finding(source, ("reads", name), message, hint, key=True, severity="warning")
    tables = sorted(table.severity for table in protocol.tables)
    for place, severity in enumerate(protocol.severities):
        if severity.level not in tables:
            message = f"nothing says what is owed for severity {severity.level}, so no scenario can have it"
            hint = f"add a table `severity: {severity.level}` to `tables`, which has {', '.join(map(str, tables))}"
            yield finding(source, ("severities", place, "level"), message, hint, severity="warning")


def _check_reading(name: str, reading: Reading, source: Source, other: Protocol) -> Iterator[Problem]:
    """A reading names roles and levels that the other protocol has, and all of its roles."""
    roles = [role.id for role in other.roles]
    levels = [severity.level for severity in other.severities]
    for role in (role for role in reading.roles if role not in roles):
        message, hint = f"{name!r} has no role {role!r} that could be read", expected(role, roles)
        yield finding(source, ("reads", name, "roles", role), message, hint, key=True)
    for level in (level for level in reading.severities if level not in levels):
        message = f"{name!r} has no severity {level} that could be read"
        hint = expected(str(level), map(str, levels))
        yield finding(source, ("reads", name, "severities", str(level)), message, hint, key=True)
    missing = [role for role in roles if role not in reading.roles]
    if missing:
        message = f"it does not say what is meant by the role {' or '.join(map(repr, missing))} of {name!r}"
        hint = f"add a line such as `{missing[0]}: ROLE`, or `{missing[0]}: []` where nobody does its work"
        yield finding(source, ("reads", name, "roles"), message, hint, key=True, severity="warning")


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
