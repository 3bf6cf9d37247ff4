"""Where everything stands in the picture of a scenario's plan: a lane for each recipient, over the minutes."""

from typing import Any, NamedTuple

from reports.msel import asks_by_when, place, receivers, words_of
from reports.planned_timeline import PlannedStory, Step, recipient, steps
from scenarios.base import format_duration
from scenarios.expects import Target
from scenarios.protocol import Protocol
from scenarios.scenario import Inject, Scenario
from scenarios.story_time import time_of_day

__all__ = ["picture"]

WIDTH, GUTTER, WAITING = 1000, 150, 90
"""The picture's width, that of the lanes' names, and that of the place for what depends on the team."""
TOP, ABOVE, ROW, RADIUS = 42, 12, 26, 10
LINE, SIGN = 15, 6.5
"""The height of a line of small text and the width of a sign in it, both at most."""
_ABREAST = 3
"""So many marks that depend on the team stand beside each other."""
_MINUTE = 60_000
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440)
_MOST_TICKS = 14
_FIRST = "first_responder"


class _Axis(NamedTuple):
    """Drill time as places from left to right."""

    end: int
    """Milliseconds; the end of the response."""

    def at(self, time: int) -> float:
        """The place of a drill time; what comes after the end stands at the end."""
        wide = WIDTH - GUTTER - WAITING
        return round(GUTTER + min(time, self.end) / self.end * wide, 1)

    def ticks(self, story: PlannedStory) -> list[dict[str, Any]]:
        """The minutes that are written, and the time of day in the story at each, if it has one."""
        minutes = self.end / _MINUTE
        step = next((step for step in _STEPS if minutes / step <= _MOST_TICKS), _STEPS[-1])
        times = [(at, story.time(at * _MINUTE)) for at in range(0, int(minutes) + 1, step)]
        return [
            {"x": self.at(at * _MINUTE), "says": str(at), "story": "" if time is None else time_of_day(time)}
            for at, time in times
        ]


def picture(scenario: Scenario, protocol: Protocol) -> dict[str, Any]:
    """The picture's parts with their places, and every inject in words."""
    axis, plan, story = _Axis(scenario.ends.after), steps(scenario), PlannedStory(scenario)
    lanes: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    begins = story.says(story.time(0))
    below = TOP + LINE * bool(begins)
    jumps, lines = _jumps(plan, story, axis, below)
    top = first = below + lines * LINE + ABOVE
    for to in _lanes(scenario, protocol):
        mine, rows = _packed([step for step in plan if to in step.inject.to], axis)
        shown = [_mark(step, row, top, axis) for step, row in mine]
        for number, mark in enumerate(mark for mark in shown if mark["x"] is None):
            mark["x"] = WIDTH - WAITING + 2 * RADIUS + number % _ABREAST * (2 * RADIUS + 4)
        if to == _FIRST:
            shown.insert(0, {**_NOTHING, "number": "0", "x": axis.at(0), "y": top + ROW / 2, "certain": True})
        marks += shown
        height = rows * ROW
        lanes.append({"title": recipient(protocol, to), "y": top, "height": height, "middle": top + ROW / 2})
        top += height + 6
    ends = scenario.ends
    return {
        "width": WIDTH,
        "height": top + 26,
        "left": GUTTER,
        "right": WIDTH - WAITING,
        "bottom": top,
        "top": first,
        "above": first - ABOVE,
        "radius": RADIUS,
        "lanes": lanes,
        "marks": marks,
        "ticks": axis.ticks(story),
        "begins": begins,
        "jumps": jumps,
        "spans": _spans(scenario, protocol, axis),
        "waiting": any(step.at is None for step in plan),
        "end": place(ends.after),
        "after": f"papers {format_duration(ends.papers)}, talk {format_duration(ends.hot_wash)}",
        "report": {
            "story": begins,
            "via": scenario.report.via,
            "from": story.told(scenario.report.sender, story.time(0), {}),
            "text": story.told(scenario.report.text, story.time(0), {}),
            "takes_out": scenario.report.takes_out,
        },
        "steps": [_said(step, protocol, scenario, story) for step in plan],
    }


def _lanes(scenario: Scenario, protocol: Protocol) -> list[str]:
    """The recipients in the order of the protocol, those who hear of it first on top."""
    wanted = {to for inject in scenario.injects for to in inject.to}
    ordered = [_FIRST, *(role.id for role in protocol.roles), "everyone", "channel"]
    return [to for to in ordered if to in wanted or to == _FIRST] + sorted(wanted - set(ordered))


def _packed(lane: list[Step], axis: _Axis) -> tuple[list[tuple[Step, int]], int]:
    """Each step with a row in which it covers no other, and how many rows that takes."""
    free: list[float] = []
    found: list[tuple[Step, int]] = []
    waiting = 0
    if lane and _FIRST in lane[0].inject.to:
        free = [axis.at(0) + 2 * RADIUS]
    for step in lane:
        if step.at is None:
            found.append((step, waiting // _ABREAST))
            waiting += 1
            continue
        left = axis.at(step.at) - RADIUS
        row = next((row for row, until in enumerate(free) if until <= left), len(free))
        free[row : row + 1] = [_reach(step, axis)]
        found.append((step, row))
    return found, max(len(free), -(-waiting // _ABREAST), 1)


def _reach(step: Step, axis: _Axis) -> float:
    """Where a step ends, with what it asks for and its repetitions."""
    at = step.at or 0
    times = [axis.at(at) + RADIUS, *(axis.at(again) + RADIUS / 2 for again in step.again)]
    return max([*times, *(axis.at(at + one.deadline) + 2 for one in _limits(step.inject))]) + 3


def _limits(inject: Inject) -> list[Target]:
    """What an inject asks for within a time, the most urgent first."""
    return sorted((one for one in inject.expects or () if isinstance(one, Target)), key=lambda one: one.target)


_NOTHING: dict[str, Any] = {"target": None, "deadline": None, "again": []}


def _mark(step: Step, row: int, top: float, axis: _Axis) -> dict[str, Any]:
    at, asks = step.at, _limits(step.inject)
    found = {**_NOTHING, "number": str(step.number), "y": top + row * ROW + ROW / 2, "certain": step.certain}
    if at is None:
        return found | {"x": None}
    found |= {"x": axis.at(at), "again": [axis.at(again) for again in step.again if again <= axis.end]}
    if asks:
        last = max(one.deadline for one in asks)
        found |= {"target": axis.at(at + asks[0].target), "deadline": axis.at(at + last)}
    return found


def _spans(scenario: Scenario, protocol: Protocol, axis: _Axis) -> list[dict[str, Any]]:
    """The true severity over time."""
    starts = [(span.since, span.level) for span in scenario.severity if span.since < axis.end]
    ends = [*(since for since, _ in starts[1:]), axis.end]
    return [
        {
            "x": axis.at(since),
            "width": round(axis.at(until) - axis.at(since), 1),
            "level": level,
            "says": _as_title(protocol.severity_of(level).removeprefix("a ")),
        }
        for (since, level), until in zip(starts, ends, strict=True)
    ]


def _as_title(said: str) -> str:
    return said[:1].upper() + said[1:]


def _jumps(plan: list[Step], story: PlannedStory, axis: _Axis, below: int) -> tuple[list[dict[str, Any]], int]:
    """Where the story jumps and to when, no words on others, and how many lines of words that takes."""
    found: list[dict[str, Any]] = []
    free: list[float] = []
    for step in plan:
        if step.at is None or step.inject.skips is None or step.at > axis.end:
            continue
        to = story.says(story.of(step.inject))
        says = f"+{format_duration(step.inject.skips)}" + (f": {to}" if to else "")
        wide = len(says) * SIGN
        x = axis.at(step.at)
        left = min(x, WIDTH - wide)
        row = next((row for row, until in enumerate(free) if until <= left), len(free))
        free[row : row + 1] = [left + wide]
        found.append({"x": x, "left": left, "y": below + row * LINE, "says": says})
    return found, len(free)


def _said(step: Step, protocol: Protocol, scenario: Scenario, story: PlannedStory) -> dict[str, Any]:
    inject, time = step.inject, story.of(step.inject)
    return {
        "id": inject.id,
        "number": step.number,
        "when": words_of(inject, protocol),
        "about": place(step.at) if step.at is not None and inject.at is None else "",
        "late": step.at is not None and step.at > scenario.ends.after,
        "certain": step.certain,
        "to": receivers(inject, protocol),
        "via": inject.via.replace("_", " "),
        "files": [one.file for one in inject.attach or ()],
        "objective": scenario.objective(inject),
        "story": story.says(time),
        "from": story.told(scenario.sender(inject), time, {}),
        "text": story.told(inject.text, time, {}),
        "asks": "; ".join(asks_by_when(one) for one in inject.expects or ()),
        "takes_out": inject.takes_out,
    }
