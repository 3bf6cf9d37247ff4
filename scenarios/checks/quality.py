"""Whether a scenario is worth playing, as far as reading it shows: clues, severity and impact, answers given away.

All of it is advice: a warning does not keep a scenario from being used.
"""

import re
from collections.abc import Iterator

from scenarios.base import format_duration
from scenarios.checks.base import Subject, finding
from scenarios.problem import Problem, quoted
from scenarios.scenario import Action, Scenario
from scenarios.source import Path

__all__ = ["CHECKS", "people_in"]

FREE = 30_000
"""A look that takes no longer than this costs nothing, in milliseconds."""
GIVEN_AWAY = 7
"""This many of the solution's words in a row, said before the drill, give the answer away."""
TOLD = 10
"""This many of a clue's words in a row, said before the drill, leave nothing to find."""

_FIRST = "name in `needs` the looks that must come first; for a roll-back, to read what the release changed is enough"
"""Whoever acts before them takes a risk, and the score says so: no more of them than the guide asks for."""

_PERSON = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")
_GIVEN = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_PEOPLE = {"author", "person", "name", "developer", "colleague", "engineer", "admin", "lead", "contact", "leaver"}
"""Names of variables that hold people."""
_TITLES = {
    "Head", "Chief", "Executive", "Desk", "Team", "Support", "Customer", "Data", "Office", "Shop", "Bank", "Monitor",
    "Monitoring", "Service", "Store", "Manager", "Director", "Officer", "Press", "Status", "Deployment", "Database",
}  # fmt: skip
"""Words of titles and of systems, which are nobody's name."""


def _no_clue(subject: Subject) -> Iterator[Problem]:
    scenario = subject.scenario
    for place, action in enumerate(scenario.actions):
        if action.effect != "fixes" or any(_leads(scenario.action(name)) for name in action.needs):
            continue
        if not any(one.clue for one in scenario.actions):
            message = f"no clue leads to {action.id!r}: no action is a `clue`"
            hint = (
                "mark the looks that show the cause with `clue: true`, and name in the fix's `needs` those that must "
                "come first"
            )
        elif not action.needs:
            message, hint = (
                f"{action.id!r} needs no clue, so guessing it costs nothing",
                _FIRST,
            )
        else:
            message, hint = (
                f"nothing that {action.id!r} needs is a clue",
                _FIRST,
            )
        yield finding(subject.source, ("actions", place, "id"), message, hint, severity="warning")


def _leads(action: Action | None) -> bool:
    return action is not None and (action.clue or action.effect == "fixes")


def _free_clues(subject: Subject) -> Iterator[Problem]:
    scenario = subject.scenario
    opening = _words(f"{scenario.brief} {scenario.report.text}")
    for place, action in enumerate(scenario.actions):
        if not action.clue:
            continue
        if action.takes < FREE:
            message = f"the clue {action.id!r} is free: it takes {format_duration(action.takes)}"
            hint = "looking costs somebody's time; give it half a minute at least"
            yield finding(subject.source, ("actions", place, "takes"), message, hint, severity="warning")
        elif action.shows and (shared := _in_common(_words(action.shows), opening, TOLD)):
            message = f"the clue {action.id!r} is free: the opening already says {quoted(shared)}"
            hint = "leave it out of `brief` or `report`"
            yield finding(subject.source, ("actions", place, "shows"), message, hint, severity="warning")


def _given_away(subject: Subject) -> Iterator[Problem]:
    """What players read before they know anything must not name the fix."""
    scenario = subject.scenario
    fixes = [action for action in scenario.actions if action.effect == "fixes"]
    ways = [
        words for fix in fixes for words in (fix.label, fix.id.replace("-", " "), *fix.also) if " " in words.strip()
    ]
    solution = _words(scenario.solution)
    for path, text in (
        (("title",), scenario.title),
        (("topic",), scenario.topic),
        (("brief",), scenario.brief),
        (("report", "text"), scenario.report.text),
    ):
        said = _words(text)
        way = next((way for way in ways if _within(_words(way), said)), None)
        shared = way if way is not None else _in_common(solution, said, GIVEN_AWAY)
        if shared:
            message = f"this gives the answer away: {quoted(shared)}"
            yield finding(
                subject.source, path, message, "say what is seen, and not what is behind it", severity="warning"
            )


def _severity_and_impact(subject: Subject) -> Iterator[Problem]:
    scenario, protocol = subject.scenario, subject.protocol
    if protocol is None:
        return
    gravest = protocol.severities[0]
    levels = {span.level for span in scenario.severity}
    if gravest.level in levels and not _outside_heard(subject):
        message = f"at severity {gravest.level} customers are told what is wrong, and nobody outside is heard here"
        hint = (
            "add `customers`, or an inject `via: customer` or with `expects: {act: publish, …}`; or lower the severity"
        )
        yield finding(subject.source, ("impact",), message, hint, key=True, severity="warning")
    low = [level for level in levels if (table := protocol.table(level)) is not None and "not_alerted" in table.acts]
    if low and scenario.customers is not None:
        message = f"customers wait and write, and at severity {low[0]} nobody is called"
        yield finding(
            subject.source, ("customers",), message, "raise the severity, or leave `customers` out", key=True,
            severity="warning",
        )  # fmt: skip
    if any("workaround_used" in table.acts for table in subject.tables) and scenario.workaround is None:
        message = "the protocol asks to use the workaround, and the scenario has none"
        hint = "write `workaround`: how operations can go on meanwhile"
        yield finding(subject.source, ("severity",), message, hint, severity="warning")


def _outside_heard(subject: Subject) -> bool:
    """Whether anybody outside is heard, or is to be told. That is in the scenario's shape, in whatever language."""
    scenario = subject.scenario
    speaker = None if subject.protocol is None else subject.protocol.spokesperson
    return (
        scenario.customers is not None
        or scenario.report.via == "customer"
        or any(inject.via == "customer" or speaker in inject.to for inject in scenario.injects)
        or any(wanted.act == "publish" for inject in scenario.injects for wanted in inject.acts)
    )


def people_in(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """The people that a scenario names in full, or as one of a variable's values, each with the place."""
    for place, inject in enumerate(scenario.injects):
        for name in _PERSON.findall(inject.sender):
            if not _TITLES & set(name.split()):
                yield ("injects", place, "from"), name
    for key, variable in scenario.vary.items():
        if _PEOPLE & set(key.split("_")):
            yield from ((("vary", key), str(value)) for value in variable.choose or [] if _GIVEN.fullmatch(str(value)))


def _words(text: str) -> list[str]:
    return re.findall(r"\{\w+\}|[a-z0-9]+", text.lower())


def _within(part: list[str], whole: list[str]) -> bool:
    size = len(part)
    return any(whole[place : place + size] == part for place in range(len(whole) - size + 1))


def _in_common(one: list[str], other: list[str], many: int) -> str:
    """The first run of so many words that both have, if there is one."""
    runs = {tuple(other[place : place + many]) for place in range(len(other) - many + 1)}
    found = (tuple(one[place : place + many]) for place in range(len(one) - many + 1))
    return next((" ".join(run) for run in found if run in runs), "")


CHECKS = (_no_clue, _free_clues, _given_away, _severity_and_impact)
