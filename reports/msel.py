"""The table of injects in the field's form, the MSEL: what comes when, from whom, at whom, and what is expected."""

from typing import NamedTuple

from reports.spreadsheet import csv_of
from scenarios.base import format_duration
from scenarios.expects import Asked, Decision, Discussion, Judged, Target
from scenarios.protocol import Protocol
from scenarios.scenario import Condition, Inject, Report, Scenario
from scenarios.story_time import begin_of, day_of, time_of_day, weekday_of

__all__ = ["Row", "asks_by_when", "in_order", "msel", "msel_csv", "place", "receivers", "story_time", "words_of"]

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
_LATER = 2**60
_TITLES = (
    "Number",
    "Time",
    "Inject",
    "From",
    "To",
    "Method",
    "Message",
    "Expected action",
    "Within",
    "At the latest",
    "Who it takes out",
    "Objective",
    "Story time",
    "Skips",
    "Attached",
)


class Row(NamedTuple):
    """A line of the table, each column in words."""

    number: str
    when: str
    inject: str
    sender: str
    to: str
    via: str
    text: str
    expected: str
    target: str
    deadline: str
    takes_out: str
    objective: str
    story_time: str
    """The time of day in the story, if the scenario says when it begins and the inject comes at a fixed time."""
    skips: str
    """How far the story's clock jumps ahead with it."""
    attached: str
    """The files that come with it."""


def msel(scenario: Scenario, protocol: Protocol) -> list[Row]:
    """The table: the report first, then every inject in the order in which they are planned."""
    report = scenario.report
    first = Row("0", place(0), "report", report.sender, "first responder", report.via, report.text, "", "", "",
                report.takes_out or "", "", story_time(scenario, 0), "", _files(report))  # fmt: skip
    return [first, *(_row(number, inject, scenario, protocol) for number, inject in enumerate(in_order(scenario), 1))]


def msel_csv(scenario: Scenario, protocol: Protocol) -> bytes:
    """The table for a spreadsheet, with no cell that would be read as a formula."""
    return csv_of([_TITLES, *msel(scenario, protocol)])


def _row(number: int, inject: Inject, scenario: Scenario, protocol: Protocol) -> Row:
    asked = inject.expects or []
    limits = [one for one in asked if isinstance(one, Target)]
    return Row(
        number=str(number),
        when=words_of(inject),
        inject=inject.id,
        sender=scenario.sender(inject),
        to=receivers(inject, protocol),
        via=inject.via,
        text=inject.text,
        expected="\n".join(asks(one) for one in asked),
        target="\n".join(format_duration(one.target) for one in limits),
        deadline="\n".join(format_duration(one.deadline) for one in limits),
        takes_out=inject.takes_out or "",
        objective=scenario.objective(inject) or "",
        story_time=story_time(scenario, inject.at) if inject.at is not None else "",
        skips=format_duration(inject.skips) if inject.skips is not None else "",
        attached=_files(inject),
    )


def _files(holder: Inject | Report) -> str:
    return ", ".join(one.file for one in holder.attach or [])


def receivers(inject: Inject, protocol: Protocol) -> str:
    """Whom an inject is for, in words."""
    roles = ((to, protocol.role(to)) for to in inject.to)
    return ", ".join(to.replace("_", " ") if role is None else role.title for to, role in roles)


def asks(one: Asked) -> str:
    """What an inject asks for, in words without its times."""
    match one:
        case Judged():
            return f"judged: {one.judged}"
        case Discussion():
            return f"question: {one.question}"
        case Decision():
            return f"decision: {one.decision} ({' / '.join(option.label for option in one.options)})"
    return one.act.replace("_", " ")


def asks_by_when(one: Asked) -> str:
    """The same with its times."""
    if not isinstance(one, Target):
        return asks(one)
    return f"{asks(one)} within {format_duration(one.target)}, at the latest {format_duration(one.deadline)}"


def in_order(scenario: Scenario) -> list[Inject]:
    """The injects by planned time; those that depend on the team come last, in the author's order."""
    return sorted(scenario.injects, key=lambda inject: _LATER if inject.at is None else inject.at)


def place(at: int) -> str:
    """A drill time in milliseconds as minutes and seconds."""
    return f"{at // MINUTE}:{at // 1000 % 60:02}"


def story_time(scenario: Scenario, at: int) -> str:
    """The story's planned time at a drill time, such as `Tuesday 14:35`; nothing if the scenario has none.

    It counts the jumps of injects that come at a fixed time, up to this one.
    """
    if scenario.begins is None:
        return ""
    jumps = sum(one.skips or 0 for one in scenario.injects if one.at is not None and one.at <= at)
    time = begin_of(scenario.begins) + at + jumps
    first = weekday_of(scenario.begins)
    if first is not None:
        return f"{day_of(time, first)} {time_of_day(time)}"
    return time_of_day(time) if time < DAY else f"{day_of(time, '')} {time_of_day(time)}"


def words_of(inject: Inject) -> str:
    """When an inject comes, in words."""
    if inject.at is not None:
        said = place(inject.at)
    elif inject.after is not None:
        said = f"{format_duration(inject.delay)} after {inject.after}" if inject.delay else f"after {inject.after}"
    else:
        said = f"when {_condition(inject.when)}" if inject.when is not None else ""
    if inject.unless is not None:
        said += f", unless {_condition(inject.unless)}"
    if inject.repeat is not None:
        said += f", and every {format_duration(inject.repeat.every)}, {inject.repeat.times} more"
    for tools, what in ((inject.down, "goes down"), (inject.up, "works again")):
        said += "".join(f"; the {tool.replace('_', ' ')} {what}" for tool in tools or [])
    if inject.papers is not None:
        said += ", also while the papers are written"
    if inject.skips is not None:
        said += f"; the story moves on by {format_duration(inject.skips)}"
    if inject.chance < 1:
        said += f" ({inject.chance:.0%} likely)"
    return said


def _condition(condition: Condition) -> str:
    said = _fact(condition)
    return f"{said} for {format_duration(condition.lasting)}" if condition.lasting else said


def _fact(condition: Condition) -> str:
    value: object = getattr(condition, condition.key)
    match condition.key:
        case "every":
            return " and ".join(_condition(part) for part in condition.every or [])
        case "some":
            return " or ".join(_condition(part) for part in condition.some or [])
        case "negated":
            return f"not ({_condition(condition.negated)})" if condition.negated is not None else ""
        case "resolved":
            return "resolved"
        case "published":
            return f"{value} messages published" if value != 1 else "a message is published"
        case "silent":
            return "silent in the channel" if value == "sitrep" else "silent towards customers"
    words = {
        "acknowledged": "{} has acknowledged",
        "severity_declared": "severity {} is declared",
        "role_held": "{} is held",
        "role_open": "{} is open",
        "action_done": "{} is done",
        "chosen": "{} is chosen",
        "contacted": "{} was contacted",
        "impact": "the impact is {}",
    }
    return words[condition.key].format(str(value))
