"""A drill on one page, for whoever leads it: what to say, what comes when, what to do when it goes wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from reports.format import spell
from reports.msel import asks, place, receivers, words_of
from reports.planned_timeline import PlannedStory, Step, steps
from reports.render import TEMPLATES
from scenarios.base import format_duration
from scenarios.expects import Asked, Target
from scenarios.story_time import time_of_day
from simulator.plan import DrillPlan
from simulator.variables import drawn_values

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["Details", "Line", "run_sheet"]

MOST_ROWS = 40
"""So many injects fit the page; the console has the rest."""
_SHORTEST, _LONGEST = 44, 120
"""Signs of an inject's text, if there are many and if there are few."""
_ROOM = 1900
"""Signs of all texts together."""
_MOST_PEOPLE = 14
_WAYS = {
    "alert": "alert",
    "call": "call",
    "email": "mail",
    "chat": "chat",
    "customer": "customer",
    "in_person": "in person",
}


class Line(NamedTuple):
    """An inject as a line of the page."""

    number: str
    when: str
    story: str
    """The time of day in the story then, if the scenario has one."""
    to: str
    what: str
    asks: str
    certain: bool


@dataclass(frozen=True)
class Details:
    """What is known once a drill has been made; nothing of it for a scenario alone."""

    names: Mapping[str, str] = field(default_factory=dict)
    """The name of each player, by id."""
    link: str = ""
    """The one link for everybody who plays."""
    qr: str = ""
    """That link as a QR code, as SVG."""
    links: Sequence[tuple[str, str]] = ()
    """Who else comes in by which link."""
    around: Sequence[tuple[str, str]] = ()
    """Where to go from the page, on a screen."""


def run_sheet(plan: DrillPlan, details: Details | None = None) -> str:
    """The page as one HTML file, which prints on one sheet of A4."""
    known, scenario, values = details or Details(), plan.scenario, drawn_values(plan)
    found, story = steps(scenario), PlannedStory(scenario)
    guide, ends = scenario.guide, scenario.ends
    later = {player.id: f" (from {place(player.since)})" for player in plan.players if player.since is not None}
    people = [name + later.get(who, "") for who, name in known.names.items()]
    sender = story.told(scenario.report.sender, story.time(0), values)
    length = ends.after + ends.papers + ends.hot_wash

    def said(text: str | None) -> str:
        return story.told(text, None, values) if text else ""

    page: dict[str, Any] = {
        "title": scenario.title,
        "drill": plan.drill if known.link else "",
        "severity": plan.protocol.severity_of(scenario.severity_at(0)),
        "length": spell(length),
        "first": known.names.get(plan.first_responder, ""),
        "people": ", ".join(people[:_MOST_PEOPLE])
        + (f" and {len(people) - _MOST_PEOPLE} more" * (len(people) > _MOST_PEOPLE)),
        "report": f"{sender} ({_WAYS.get(scenario.report.via, scenario.report.via)})",
        "begins": scenario.begins or "",
        "starts": time_of_day(story.time(0) or 0),
        "lines": [_line(step, plan, values, story, _width(len(found))) for step in found[:MOST_ROWS]],
        "left_out": max(0, len(found) - MOST_ROWS),
        "end": place(ends.after),
        "papers": spell(ends.papers),
        "talk": spell(ends.hot_wash),
        "over": place(length),
        "channel": plan.protocol.channel,
        "solution": _short(said(scenario.solution), 260),
        "fixes": [said(action.label) for action in scenario.cures],
        "hints": [_short(said(one), 110) for one in (guide.hints.gentle, guide.hints.plain, guide.hints.strong)]
        if guide
        else [],
        "question": _short(said(guide.hot_wash[0]), 130) if guide is not None and guide.hot_wash else "",
        "known": known,
    }
    return _template().render(page=page)


def _line(
    step: Step, plan: DrillPlan, values: Mapping[str, str | int | float], story: PlannedStory, width: int
) -> Line:
    inject, time = step.inject, story.of(step.inject)
    what = f"{plan.scenario.sender(inject)} ({_WAYS.get(inject.via, inject.via)}): {inject.text}"
    what = story.told(what, time, values)
    if step.at is None:
        what = f"{words_of(inject, plan.protocol).replace('_', ' ')}. {what}"
    elif inject.skips is not None:
        what = f"Story +{format_duration(inject.skips)}{_to(story.says(time))}. {what}"
    return Line(
        number=str(step.number),
        when=place(step.at) if step.at is not None else "it depends",
        story=time_of_day(time) if time is not None else "",
        to=receivers(inject, plan.protocol),
        what=_short(" ".join(what.split()), width),
        asks=_short("; ".join(_asked(one) for one in inject.expects or ()), _LONGEST),
        certain=step.certain or step.at is None,
    )


def _to(when: str) -> str:
    return f": {when}" if when else ""


def _asked(one: Asked) -> str:
    """What an inject asks for, with its target if it has one."""
    return f"{asks(one)} in {spell(one.target)}" if isinstance(one, Target) else asks(one)


def _width(lines: int) -> int:
    """How many signs of each text there are, so that all of them fit the page."""
    return max(_SHORTEST, min(_LONGEST, _ROOM // max(1, min(lines, MOST_ROWS))))


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("run-sheet.html")
