"""A scenario on screen: what the team hears, what reaches whom and when, and, for facilitators, the answers."""

from typing import TYPE_CHECKING

from drills.cli.terminal import columns, show, styled, width
from drills.cli.timeline_view import timeline
from reports.format import by_way
from reports.msel import asks_by_when, place, receivers, words_of
from reports.planned_timeline import PlannedStory, in_order
from scenarios.base import format_duration
from scenarios.protocol import Protocol
from scenarios.scenario import Action, Inject, Scenario

if TYPE_CHECKING:  # rich is slow to import and comes with the first table
    from rich.table import Table

__all__ = ["show_guide", "show_injects", "show_scenario"]


_WIDE = 80
"""From this many columns on, the recipients have a column of their own."""
_WHEN_WIDE, _WHEN = 24, 18


def show_scenario(scenario: Scenario, protocol: Protocol, *, answers: bool) -> None:
    """Print a scenario; with the answers only for people who do not play it."""
    show(styled(scenario.title, "bold"), styled(_what_kind(scenario), "dim"), "")
    for said in (*_for_whom(scenario), scenario.brief):
        show(styled(said), "")
    report, story = scenario.report, PlannedStory(scenario)
    sender, text = (story.told(said, story.time(0), {}) for said in (report.sender, report.text))
    show(styled(f"The report, {by_way(report.via)}, from {sender}:", "bold"), styled(text), "")
    show(styled("Planned timeline", "bold"), styled(timeline(scenario, protocol, width())), "")
    show(styled("Injects", "bold"))
    show_injects(scenario, protocol)
    show("", styled("What responders can do", "bold"), _actions(scenario.actions, answers=answers))
    if answers:
        show("", _answers(scenario, protocol))
        show_guide(scenario)
    else:
        show("", styled("--facilitator shows the answers too.", "dim"))


def _what_kind(scenario: Scenario) -> str:
    parts = [scenario.scenario, f"topic {scenario.topic}"]
    parts += [f"{format_duration(scenario.length)} in all"] if scenario.length is not None else []
    parts += [scenario.difficulty] if scenario.difficulty is not None else []
    parts += [f"the story begins at {scenario.begins}"] if scenario.begins is not None else []
    return ", ".join(parts)


def _for_whom(scenario: Scenario) -> list[str]:
    """What people read when they look for a scenario to play."""
    found = [f"Suits: {scenario.suits}"] if scenario.suits is not None else []
    if scenario.teaches:
        found.append("Teaches:\n" + "\n".join(f"  - {aim}" for aim in scenario.teaches))
    return found


def show_guide(scenario: Scenario) -> None:
    """Print the facilitator's guide, and the account that the scenario is modelled on."""
    guide, source = scenario.guide, scenario.source
    if guide is not None:
        for title, lines in (
            ("What to watch for", guide.watch),
            ("Where teams go wrong", guide.mistakes),
            ("Hints, from gentle to strong", [guide.hints.gentle, guide.hints.plain, guide.hints.strong]),
            ("Questions for the hot wash", guide.hot_wash),
        ):
            show("", styled(title, "bold"), _listed(lines))
    if source is not None:
        show("", styled("Modelled on", "bold"), styled(f"{source.title}\n{source.link}"), _listed(source.facts))
        show(styled(f"What is different here: {source.changed}"))


def _listed(lines: list[str]) -> "Table":
    table = columns("", "", right=(0,))
    for number, line in enumerate(lines, 1):
        table.add_row(styled(str(number), "dim"), styled(line))
    return table


def show_injects(scenario: Scenario, protocol: Protocol) -> None:
    """Print the table of injects, in planned order."""
    wide = width() >= _WIDE
    table = columns("#", "When", "To", "What", right=(0,)) if wide else columns("#", "When", "What", right=(0,))
    table.columns[1].width = _WHEN_WIDE if wide else _WHEN
    if wide:
        table.columns[2].no_wrap = True
    story = PlannedStory(scenario)
    for number, inject in enumerate(in_order(scenario), 1):
        to, what = receivers(inject, protocol), _what(inject, scenario, story)
        first = [styled(str(number), "dim"), styled(_when(inject, protocol, story))]
        if wide:
            table.add_row(*first, styled(to), styled(what))
        else:
            table.add_row(*first, styled(f"To {to}.\n{what}"))
    show(table if scenario.injects else styled("none"))


def _when(inject: Inject, protocol: Protocol, story: PlannedStory) -> str:
    told = story.says(story.of(inject))
    return words_of(inject, protocol) + (f"\n(story: {told})" if told else "")


def _what(inject: Inject, scenario: Scenario, story: PlannedStory) -> str:
    said = story.told(f"{scenario.sender(inject)} ({by_way(inject.via)}): {inject.text}", story.of(inject), {})
    lines = [said]
    lines += [f"[with: {', '.join(one.file for one in inject.attach)}]"] if inject.attach else []
    lines += [f"[asks for: {asks_by_when(one)}]" for one in inject.expects or ()]
    objective = scenario.objective(inject)
    return "\n".join([*lines, f"[objective: {objective}]"] if objective else lines)


def _actions(actions: list[Action], *, answers: bool) -> "Table":
    table = columns("", "Takes", "What it does" if answers else "", right=(1,))
    for action in actions:
        said = styled(action.label)
        if answers:
            said.append(f"\n{action.id}", style="dim")
        table.add_row(said, styled(format_duration(action.takes)), styled(_effects(action) if answers else ""))
    return table


def _effects(action: Action) -> str:
    kinds = ["clue"] if action.clue else []
    kinds += ["red herring"] if action.herring else []
    kinds += [action.effect] if action.effect != "nothing" else []
    kinds += [f"the impact ends {format_duration(action.settles)} later"] if action.settles is not None else []
    kinds += [f"helps for {format_duration(action.lasts)}"] if action.lasts is not None else []
    again = action.takes_again
    kinds += [f"takes {format_duration(again)} another time"] if again is not None else []
    kinds += [f"only together with {', '.join(action.together)}"] if action.together else []
    kinds += [f"shows {one.file}" for one in action.attach or []]
    kinds += [f"risky before {', '.join(action.needs)}"] if action.needs else []
    return "\n".join(part for part in ("; ".join(kinds), action.shows or "") if part)


def _customers(scenario: Scenario) -> str:
    crowd = scenario.customers
    if crowd is None:
        return "nobody outside notices"
    since = f" from {place(crowd.starts)} on" if crowd.starts else ""
    return (
        f"{crowd.affected} are affected; one writes every {format_duration(crowd.every)} while they hear nothing{since}"
    )


def _answers(scenario: Scenario, protocol: Protocol) -> "Table":
    table = columns("", "")
    levels = "; ".join(
        protocol.severity_of(span.level) + (f", from {place(span.since)}" if span.since else "")
        for span in scenario.severity
    )
    for label, text in (
        ("Severity", levels.removeprefix("severity ")),
        ("Who is hit", scenario.impact.who),
        ("How", scenario.impact.how),
        *([("Lost for good", scenario.impact.lost)] if scenario.impact.lost is not None else []),
        ("Customers", _customers(scenario)),
        ("Workaround", scenario.workaround or "none"),
        ("Solution", scenario.solution),
        (
            "Ends",
            f"{format_duration(scenario.ends.after)} at the latest; papers {format_duration(scenario.ends.papers)}",
        ),
        ("Drawn", ", ".join(scenario.vary) or "nothing"),
    ):
        table.add_row(styled(label, "bold"), styled(text))
    return table
