"""Teams, protocols, rubrics and names on screen."""

from drills.cli.terminal import columns, show, styled
from scenarios.base import format_duration
from scenarios.civil import weekday_words
from scenarios.names import Names
from scenarios.protocol import Obligation, Protocol
from scenarios.rubric import Rubric
from scenarios.schedule import Schedule
from scenarios.team import Team

__all__ = ["show_names", "show_protocol", "show_rubric", "show_schedule", "show_team"]


def show_team(team: Team) -> None:
    """Print a team: its members in the order in which an unanswered report goes to them."""
    first = team.first_responder or team.members[0].id
    show(styled(team.title, "bold"), styled(f"{team.team}, {team.timezone}", "dim"), "")
    table = columns("Id", "Name", "Can be", "")
    for member in team.members:
        roles = ", ".join(member.roles) if member.roles else "any role"
        later = f"on duty from {format_duration(member.since)}" if member.since is not None else ""
        table.add_row(member.id, member.name, roles, "gets the report" if member.id == first else later)
    show(table)
    for title, people in (("Facilitators", team.facilitators), ("Evaluators", team.evaluators)):
        if people:
            show("", styled(f"{title}: {', '.join(people)}"))
    if team.stakeholders:
        show("", styled(f"The situation report goes to: {', '.join(team.stakeholders)}"))


def show_protocol(protocol: Protocol) -> None:
    """Print a protocol: its severities and roles, and who owes what by when."""
    show(styled(protocol.title, "bold"), styled(f"{protocol.protocol}, in {protocol.channel}", "dim"), "")
    severities = columns("Severity", "Means", "Response")
    for one in protocol.severities:
        severities.add_row(f"{one.level} {one.name}", one.means, one.response)
    roles = columns("Role", "Id", "Responsible for")
    for role in protocol.roles:
        roles.add_row(role.title, role.id, "\n".join(role.responsible_for))
    show(severities, "", roles)
    for table in protocol.tables:
        owed = columns("Owed", "By", "Within", "At the latest", "Counts to")
        for duty in table.obligations:
            owed.add_row(*_owed(duty))
        title = "For a false alarm" if table.severity == 0 else f"At severity {table.severity}"
        show("", styled(title, "bold"), owed)


def _owed(duty: Obligation) -> tuple[str, str, str, str, str]:
    target, deadline = (format_duration(one) if one is not None else "" for one in (duty.target, duty.deadline))
    return duty.id, duty.owner, target, deadline, duty.component


def show_rubric(rubric: Rubric) -> None:
    """Print a rubric: what each component weighs, what limits the total, and what a total is called."""
    whole = sum(rubric.components.values())
    show(styled(rubric.title, "bold"), styled(rubric.rubric, "dim"), "")
    table = columns("Component", "Points of 100", right=(1,))
    for name, weight in rubric.components.items():
        table.add_row(name, f"{100 * weight / whole:g}")
    caps = columns("At most", "If", right=(0,))
    for cap, most in rubric.caps.model_dump().items():
        if most is not None:
            caps.add_row(f"{most:g}", cap.replace("_", " "))
    ratings = columns("From", "Letter", "Says", right=(0,))
    for one in rubric.ratings:
        ratings.add_row(f"{one.at_least:g}", one.letter, one.says)
    show(table, "", caps, "", ratings)


def show_schedule(schedule: Schedule) -> None:
    """Print a schedule: what comes when, as sentences; `drillroom schedule` works out the days."""
    from drills.planning.calendar.sentences import entry_words

    zone = schedule.timezone or "the team's time zone"
    show(styled(schedule.schedule, "bold"), styled(f"for the team {schedule.team}, in {zone}", "dim"), "")
    hours = columns("Hours", "")
    for name, spans in schedule.hours.items():
        hours.add_row(weekday_words((name,)), ", ".join(map(str, spans)))
    drills = columns("Drill", "When, how long, what")
    for entry in schedule.drills:
        drills.add_row(entry.id, entry_words(entry, schedule.timezone or ""))
    show(hours, "", drills)


def show_names(names: Names) -> None:
    """Print everything that a company can name, as it is called, with the placeholder that stands for it in texts."""
    table = columns("In texts", "Is called")
    for name, called in names.values().items():
        table.add_row(f"{{{name}}}", called)
    show(styled(names.names, "bold"), "", table)
