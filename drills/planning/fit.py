"""Whether a scenario, a protocol and a team fit together, in the words of somebody who is about to make a drill."""

from scenarios.problem import LoadError
from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from scenarios.team import Team
from scenarios.translate import as_read, under, unknown_roles

__all__ = ["why_not"]


def why_not(written: Scenario, protocol: Protocol, team: Team) -> dict[str, str]:
    """Why these cannot be played together, by the field of the form that says so; nothing if they can."""
    try:
        story = under(written, protocol)
    except LoadError as error:
        why = error.problems[0]
        return {"protocol": f"{_title(protocol)} does not fit this scenario: {why.message}. {_way_out(why.hint)}"}
    people = as_read(team, protocol)
    unknown = unknown_roles(people, protocol)
    if unknown:
        has = ", ".join(role.id for role in protocol.roles)
        return {
            "team": f"{team.title} does not fit {_title(protocol)}, which has no role {' or '.join(unknown)}. "
            f"Choose another team or protocol, or change the roles in the team's file to some of {has}."
        }
    severities = sorted({span.level for span in story.severity})
    needed = [role for level in severities if (table := protocol.table(level)) for role in table.roles]
    for role in dict.fromkeys(needed):
        if not any(member.roles is None or role in member.roles for member in people.members):
            known = protocol.role(role)
            title = role if known is None else known.title
            return {
                "team": f"nobody in {team.title} may be {title}, and the incident needs one. "
                f"Add somebody to the list, who may then take any role, or add {role} to a member's roles in the file."
            }
    return {}


def _title(protocol: Protocol) -> str:
    return f"the protocol {protocol.title!r}"


def _way_out(hint: str) -> str:
    return "Choose another protocol or leave it to the scenario" + (f", or {hint} in its file." if hint else ".")
