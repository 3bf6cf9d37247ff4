"""The table of injects in the field's form, the MSEL: what comes when, from whom, at whom, and what is expected."""

from typing import NamedTuple

from reports.spreadsheet import csv_of
from scenarios.base import format_duration
from scenarios.protocol import Protocol
from scenarios.scenario import Condition, Inject, Scenario

__all__ = ["Row", "in_order", "msel", "msel_csv", "place", "words_of"]

MINUTE = 60_000
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


def msel(scenario: Scenario, protocol: Protocol) -> list[Row]:
    """The table: the report first, then every inject in the order in which they are planned."""
    report = scenario.report
    first = Row("0", place(0), "report", report.sender, "first responder", report.via, report.text, "", "", "",
                report.takes_out or "")  # fmt: skip
    return [first, *(_row(number, inject, protocol) for number, inject in enumerate(in_order(scenario), 1))]


def msel_csv(scenario: Scenario, protocol: Protocol) -> bytes:
    """The table for a spreadsheet, with no cell that would be read as a formula."""
    return csv_of([_TITLES, *msel(scenario, protocol)])


def _row(number: int, inject: Inject, protocol: Protocol) -> Row:
    role, asks = protocol.role(inject.to), inject.expects
    return Row(
        number=str(number),
        when=words_of(inject),
        inject=inject.id,
        sender=inject.sender,
        to=role.title if role is not None else inject.to.replace("_", " "),
        via=inject.via,
        text=inject.text,
        expected=asks.act.replace("_", " ") if asks is not None else "",
        target=format_duration(asks.target) if asks is not None else "",
        deadline=format_duration(asks.deadline) if asks is not None else "",
        takes_out=inject.takes_out or "",
    )


def in_order(scenario: Scenario) -> list[Inject]:
    """The injects by planned time; those that depend on the team come last, in the author's order."""
    return sorted(scenario.injects, key=lambda inject: _LATER if inject.at is None else inject.at)


def place(at: int) -> str:
    """A drill time in milliseconds as minutes and seconds."""
    return f"{at // MINUTE}:{at // 1000 % 60:02}"


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
        "impact": "the impact is {}",
    }
    return words[condition.key].format(str(value))
