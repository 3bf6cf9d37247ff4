"""The table of injects in the field's form, the MSEL: what comes when, from whom, at whom, and what is expected."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from reports.planned_timeline import PlannedStory, in_order
from reports.spreadsheet import cell_of, csv_of, xlsx_of
from scenarios.base import format_duration
from scenarios.expects import Asked, Decision, Discussion, Judged, Target
from scenarios.protocol import Protocol
from scenarios.scenario import Condition, Inject, Report, Scenario
from scenarios.sheets.grid import tidy
from scenarios.sheets.own import ALSO, BESIDE, NOTE, also_of

__all__ = [
    "Row",
    "asks_by_when",
    "msel",
    "msel_csv",
    "msel_xlsx",
    "place",
    "receivers",
    "words_of",
]

MINUTE = 60_000
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
    ALSO,
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
    """The planned time of day in the story, if the scenario says when it begins and the plan knows when this comes."""
    skips: str
    """How far the story's clock jumps ahead with it."""
    attached: str
    """The files that come with it."""
    also: str
    """What the other columns cannot hold, as JSON, so that the table becomes the same injects again."""


def msel(scenario: Scenario, protocol: Protocol) -> list[Row]:
    """The table: the report first, then every inject in the order in which they are planned."""
    story, ordered = PlannedStory(scenario), enumerate(in_order(scenario), 1)
    rows = (_row(number, inject, scenario, protocol, story) for number, inject in ordered)
    return [_report(scenario, story), *rows]


def msel_csv(scenario: Scenario, protocol: Protocol) -> bytes:
    """The table for a spreadsheet, with no cell that would be read as a formula; its last rows say what it lacks."""
    return csv_of([_TITLES, *msel(scenario, protocol), *_notes(scenario)], lines=True)


def msel_xlsx(scenario: Scenario, protocol: Protocol) -> bytes:
    """The same table as a workbook."""
    return xlsx_of("MSEL", [_TITLES, *msel(scenario, protocol), *_notes(scenario)])


def _report(scenario: Scenario, story: PlannedStory) -> Row:
    report = scenario.report
    row = Row("0", format_duration(0), "report", report.sender, "first responder", report.via, report.text, "", "", "",
              report.takes_out or "", "", story.says(story.time(0)), "", _files(report), "")  # fmt: skip
    wanted = report.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    wanted |= {"id": "report", "at": format_duration(0), "to": "first_responder"}
    wanted |= scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=set(BESIDE))
    return row._replace(also=also_of(_cells(row), wanted))


def _row(number: int, inject: Inject, scenario: Scenario, protocol: Protocol, story: PlannedStory) -> Row:
    asked = inject.expects or []
    limits = [one for one in asked if isinstance(one, Target)]
    row = Row(
        number=str(number),
        when=words_of(inject, protocol, format_duration),
        inject=inject.id,
        sender=scenario.sender(inject),
        to=receivers(inject, protocol),
        via=inject.via.replace("_", " "),
        text=inject.text,
        expected="\n".join(asks(one) for one in asked),
        target="\n".join(format_duration(one.target) for one in limits),
        deadline="\n".join(format_duration(one.deadline) for one in limits),
        takes_out=inject.takes_out or "",
        objective=scenario.objective(inject) or "",
        story_time=story.says(story.of(inject)),
        skips=format_duration(inject.skips) if inject.skips is not None else "",
        attached=_files(inject),
        also="",
    )
    wanted = inject.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    wanted |= inject.model_dump(mode="json", by_alias=True, include={"to", "via", "sender"})
    return row._replace(also=also_of(_cells(row), wanted))


def _cells(row: Row) -> dict[str, str]:
    """A row's cells as they are read from the file again."""
    return {title: tidy(cell_of(text, lines=True)) for title, text in zip(_TITLES, row, strict=True)}


def _notes(scenario: Scenario) -> list[tuple[str, ...]]:
    """The last rows: what a table of injects cannot hold."""
    parts = [
        "the title, the severity, the topic, the brief, the impact, the solution, when it ends",
        *(f"the {name.replace('_', ' ')}" for name in _ABSENT if getattr(scenario, name)),
        _named("signals", scenario.signals),
        _named("actions", [one.id for one in scenario.actions]),
    ]
    said = [f"Not in this table: {part}" for part in parts if part]
    blank = ("",) * (len(_TITLES) - 7)
    return [(NOTE, "", "", "", "", "", text, *blank) for text in said]


def _named(what: str, names: Iterable[str]) -> str:
    found = list(names)
    return f"{len(found)} {what} ({', '.join(found)})" if found else ""


_ABSENT = ("guide", "customers", "workaround", "targets", "tags", "source")


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


def place(at: int) -> str:
    """A drill time in milliseconds as minutes and seconds."""
    return f"{at // MINUTE}:{at // 1000 % 60:02}"


def words_of(inject: Inject, protocol: Protocol, written: Callable[[int], str] = place) -> str:
    """When an inject comes, in words; `written` writes a drill time."""
    if inject.at is not None:
        said = written(inject.at)
    elif inject.after is not None:
        said = f"{format_duration(inject.delay)} after {inject.after}" if inject.delay else f"after {inject.after}"
    else:
        said = f"when {_condition(inject.when, protocol)}" if inject.when is not None else ""
    if inject.unless is not None:
        said += f", unless {_condition(inject.unless, protocol)}"
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


def _condition(condition: Condition, protocol: Protocol) -> str:
    said = _fact(condition, protocol)
    return f"{said} for {format_duration(condition.lasting)}" if condition.lasting else said


def _fact(condition: Condition, protocol: Protocol) -> str:
    value: object = getattr(condition, condition.key)
    match condition.key:
        case "every":
            return " and ".join(_condition(part, protocol) for part in condition.every or [])
        case "some":
            return " or ".join(_condition(part, protocol) for part in condition.some or [])
        case "negated":
            return f"not ({_condition(condition.negated, protocol)})" if condition.negated is not None else ""
        case "resolved":
            return "resolved"
        case "published":
            return f"{value} messages published" if value != 1 else "a message is published"
        case "silent":
            return "silent in the channel" if value == "sitrep" else "silent towards customers"
    words = {
        "acknowledged": "{} has acknowledged",
        "severity_declared": "{} is declared",
        "role_held": "{} is held",
        "role_open": "{} is open",
        "action_done": "{} is done",
        "chosen": "{} is chosen",
        "contacted": "{} was contacted",
        "impact": "the impact is {}",
    }
    if condition.key in ("role_held", "role_open"):
        value = protocol.title_of(str(value))
    elif isinstance(value, int) and condition.key == "severity_declared":
        value = protocol.severity_of(value)
    return words[condition.key].format(str(value))
