"""A scenario and a team under another protocol than the one they were written for, as that protocol says to read them.

A protocol's `reads` gives for each level and each role of another protocol what it is here. Texts stay as they are: an
author who names a role or a number in a sentence has written it for one protocol.
"""

from collections.abc import Iterator, Mapping

from scenarios.base import format_duration
from scenarios.inject import FACILITATOR, GROUPS
from scenarios.problem import LoadError, Problem, nearest
from scenarios.protocol import FALSE_ALARM, Protocol, Reading
from scenarios.scenario import Condition, Scenario
from scenarios.source import Plain
from scenarios.team import Member, Team

__all__ = ["as_read", "in_any_role", "team_under", "under", "unknown_roles"]


def under(scenario: Scenario, protocol: Protocol) -> Scenario:
    """The scenario as it is played under a protocol; itself where it was written for it.

    Severities and roles become those of the protocol. Of its targets it keeps those for what the protocol owes at its
    severities. Raises LoadError where the protocol does not say how something is read.
    """
    if scenario.protocol_id == protocol.protocol:
        own = isinstance(scenario.protocol, str)
        return scenario if own else scenario.model_copy(update={"protocol": protocol.protocol})
    reading = _reading(scenario, protocol)
    spans = _spans(scenario, reading)
    tables = [protocol.table(level) for _, level in spans]
    owed = {duty.id for table in tables if table is not None for duty in table.obligations}
    data: dict[str, Plain] = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    injects, targets = data.get("injects"), data.get("targets")
    data["protocol"] = protocol.protocol
    data["severity"] = [{"from": format_duration(since), "is": level} for since, level in spans]
    if isinstance(injects, list):
        data["injects"] = [_inject(inject, reading) if isinstance(inject, dict) else inject for inject in injects]
    if isinstance(targets, dict):
        data["targets"] = {name: target for name, target in targets.items() if name in owed}
    return Scenario.model_validate(data)


def team_under(team: Team, protocol: Protocol) -> Team:
    """The team with the protocol's roles; itself where it names no others.

    A member who may take a role of the team's own protocol may take each role here that does its work, and prefers
    the first of them. Raises LoadError where the protocol does not say which those are.
    """
    named = _named(team)
    own = {role.id for role in protocol.roles}
    if named <= own:
        return team
    reading = next((one for one in (protocol.reads or {}).values() if named <= set(one.roles)), None)
    if reading is None:
        raise LoadError(_unknown_roles(team.team, sorted(named - own), protocol))
    members = [_member(member, reading) for member in team.members]
    return team.model_copy(update={"members": members})


def as_read(team: Team, protocol: Protocol) -> Team:
    """The team with the protocol's roles where the protocol says how to read all of its own; otherwise as it is."""
    try:
        return team_under(team, protocol)
    except LoadError:
        return team


def in_any_role(team: Team) -> Team:
    """The same people, who may take any role and prefer none."""
    free = [member.model_copy(update={"roles": None, "prefers": None}) for member in team.members]
    return team.model_copy(update={"members": free})


def unknown_roles(team: Team, protocol: Protocol) -> list[str]:
    """The roles that a team names and a protocol does not have, sorted."""
    return sorted(_named(team) - {role.id for role in protocol.roles})


# -- scenarios ---------------------------------------------------------------------------------------------------------


def _reading(scenario: Scenario, protocol: Protocol) -> Reading:
    """How the protocol reads this scenario, if it reads all of it; raises LoadError."""
    reading = (protocol.reads or {}).get(scenario.written_for)
    if reading is None:
        other = scenario.written_for
        message = f"the protocol {protocol.protocol!r} does not say how a scenario written for {other!r} is read"
        raise LoadError([Problem(scenario.scenario, 0, 0, message, f"add {other} to its `reads`")])
    problems = list(_unread(scenario, protocol.protocol, reading))
    if problems:
        raise LoadError(problems)
    roles = {role: does or [protocol.commander] for role, does in reading.roles.items()}
    return reading.model_copy(update={"roles": roles})


def _unread(scenario: Scenario, protocol: str, reading: Reading) -> Iterator[Problem]:
    """What a scenario names and a reading leaves out."""
    known = {*reading.severities, FALSE_ALARM}
    for level in sorted(set(_levels(scenario)) - known):
        message = f"the protocol {protocol!r} does not say how severity {level} of {scenario.written_for!r} is read"
        yield Problem(
            scenario.scenario, 0, 0, message, f"add it to `severities` under `reads: {scenario.written_for}:`"
        )
    for role in dict.fromkeys(role for role in _roles(scenario) if role not in reading.roles):
        message = f"the protocol {protocol!r} does not say how the role {role!r} of {scenario.written_for!r} is read"
        yield Problem(scenario.scenario, 0, 0, message, f"add it to `roles` under `reads: {scenario.written_for}:`")


def _conditions(scenario: Scenario) -> Iterator[Condition]:
    for inject in scenario.injects:
        for condition in (inject.when, inject.unless):
            yield from condition.parts() if condition is not None else ()


def _levels(scenario: Scenario) -> Iterator[int]:
    yield from (span.level for span in scenario.severity)
    yield from (part.severity_declared for part in _conditions(scenario) if part.severity_declared is not None)


def _roles(scenario: Scenario) -> Iterator[str]:
    everywhere = (*GROUPS, FACILITATOR)
    yield from (to for inject in scenario.injects for to in inject.to if to not in everywhere)
    yield from (role for part in _conditions(scenario) for role in (part.role_held, part.role_open) if role is not None)


def _spans(scenario: Scenario, reading: Reading) -> list[tuple[int, int]]:
    """The severities with their beginnings; two that are one here become one."""
    spans: list[tuple[int, int]] = []
    for span in scenario.severity:
        level = _level(span.level, reading)
        if not spans or spans[-1][1] != level:
            spans.append((span.since, level))
    return spans


def _level(level: int, reading: Reading) -> int:
    return reading.severities.get(level, FALSE_ALARM)


def _inject(inject: Mapping[str, Plain], reading: Reading) -> dict[str, Plain]:
    parts: dict[str, Plain] = {
        key: _condition(value, reading) for key, value in inject.items() if key in ("when", "unless")
    }
    to = inject.get("to")
    if isinstance(to, list):  # two roles may be one here
        parts["to"] = list(dict.fromkeys(str(_role(one, reading)) for one in to))
    elif to is not None:
        parts["to"] = _role(to, reading)
    return {**inject, **parts}


def _condition(node: Plain, reading: Reading) -> Plain:
    """A condition, or a list of them, with the roles and levels that it names."""
    if isinstance(node, list):
        return [_condition(part, reading) for part in node]
    if not isinstance(node, dict):
        return node
    made = {key: _condition(value, reading) for key, value in node.items()}
    for key in ("role_held", "role_open"):
        if key in made:
            made[key] = _role(made[key], reading)
    level = made.get("severity_declared")
    return made if not isinstance(level, int) else {**made, "severity_declared": _level(level, reading)}


def _role(role: Plain, reading: Reading) -> Plain:
    """The role here; a group stays what it is."""
    return reading.roles[role][0] if isinstance(role, str) and role in reading.roles else role


# -- teams -------------------------------------------------------------------------------------------------------------


def _named(team: Team) -> set[str]:
    return {role for member in team.members for role in (*(member.roles or []), member.prefers) if role is not None}


def _member(member: Member, reading: Reading) -> Member:
    changed: dict[str, object] = {}
    if member.roles is not None:
        changed["roles"] = list(dict.fromkeys(role for old in member.roles for role in reading.roles[old]))
    if member.prefers is not None:
        changed["prefers"] = next(iter(reading.roles[member.prefers]), None)
    return member.model_copy(update=changed)


def _unknown_roles(team: str, roles: list[str], protocol: Protocol) -> list[Problem]:
    read = {role for reading in (protocol.reads or {}).values() for role in reading.roles}
    unread = [role for role in roles if role not in read] or roles
    known = [*(role.id for role in protocol.roles), *sorted(read)]
    return [
        Problem(
            team,
            0,
            0,
            f"the protocol {protocol.protocol!r} has no role {role!r}, and does not say how it is read",
            nearest(role, known) or "add it to `reads` under the protocol that has it",
        )
        for role in unread
    ]
