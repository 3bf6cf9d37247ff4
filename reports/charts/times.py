"""How long each thing took, against its target and its deadline."""

from math import log

from reports.charts.layout import HEAD, Frame, Size, heading
from reports.charts.palette import FAINT, GREEN, INK, ORANGE, PALE_AMBER, PALE_GREEN, RED, SOFT
from reports.charts.sheet import Sheet, fitted, width_of
from reports.format import minutes, score_points, spell
from reports.story import Story
from scoring.obligations import call_to
from scoring.result import Item, Scorecard

__all__ = ["draw"]

TICKS = (5, 10, 30, 60, 120, 300, 600, 1200, 3600, 7200, 14_400, 43_200, 86_400, 172_800, 604_800)
"""Seconds."""


class Scale:
    """Seconds from left to right on a logarithmic scale: a minute matters more early than late."""

    def __init__(self, left: float, right: float, lowest: float, highest: float) -> None:
        self.left, self.right, self.lowest, self.highest = left, right, lowest, highest

    def x(self, seconds: float) -> float:
        """The place of a time; what is outside goes to the edge."""
        share = log(max(seconds, self.lowest) / self.lowest) / log(self.highest / self.lowest)
        return self.left + (self.right - self.left) * min(share, 1)


def draw(story: Story, card: Scorecard, size: Size, title: str) -> Sheet:
    """The chart, wide or narrow."""
    component = card.components.get("response_time")
    items = [item for item in component.items if item.target_s is not None] if component else []
    frame = Frame.of(size, [item.title for item in items], most=230)
    row = 40 if frame.wide else 50
    sheet = Sheet(frame.width, HEAD + 30 + max(len(items), 1) * row + 44)
    heading(sheet, frame, title, f"{story.filled(story.plan.scenario.title)}, drill {story.plan.drill}")
    if not items:
        sheet.text(frame.left, HEAD + 40, "Nothing in this drill had to be done by a time.", size=11.5, colour=SOFT)
        return sheet
    members = {item.id: _each(story, item) for item in items}
    scale = _scale(frame, items, members)
    _legend(sheet, frame, HEAD + 12)
    top = HEAD + 26
    ticks = [tick for tick in TICKS if scale.lowest <= tick <= scale.highest]
    bottom = top + len(items) * row
    sheet.rules([[(scale.x(tick), top), (scale.x(tick), bottom)] for tick in ticks], FAINT, width=0.7)
    for place, item in enumerate(items):
        _row(sheet, frame, scale, item, members[item.id], top + place * row)
    last = -99.0
    for tick in ticks:
        if scale.x(tick) - last > 40:
            last = scale.x(tick)
            sheet.text(last, bottom + 14, spell(tick * 1000), size=10.5, colour=SOFT, align="center")
    words = "a logarithmic axis"
    if frame.wide:
        words = "from when each was asked for; a logarithmic axis: the same step is the same factor"
    sheet.text(scale.left, bottom + 30, fitted(words, frame.right - scale.left, 10.5), size=10.5, colour=SOFT)
    return sheet


def _each(story: Story, item: Item) -> list[float]:
    """Each member's own time in seconds, if several owed the same."""
    owed = next((owed for owed in (story.table.obligations if story.table else []) if owed.id == item.id), None)
    facts = story.facts
    done = {"acknowledged": facts.answered, "joined": facts.joined}.get(owed.act if owed else "")
    if owed is None or done is None:
        return []
    calls = [(event, call_to(owed.act, facts, who), who) for who, event in done.items()]
    return [
        max(0, event.when - call.when) / 1000
        for event, call, who in calls
        if call is not None and not (owed.act == "acknowledged" and call.actor == who)
    ]


def _scale(frame: Frame, items: list[Item], members: dict[str, list[float]]) -> Scale:
    times = [item.actual_s for item in items if item.actual_s] + [item.target_s for item in items if item.target_s]
    times += [seconds for each in members.values() for seconds in each if seconds > 0]
    lowest = max(min([*times, 20.0]) / 1.5, 1.0)
    highest = max([*times, *(item.deadline_s or 0 for item in items)]) * 1.3
    return Scale(frame.left + 4, frame.right - 76, lowest, highest)


def _row(sheet: Sheet, frame: Frame, scale: Scale, item: Item, members: list[float], top: float) -> None:
    target, deadline = item.target_s or 0, item.deadline_s or 0
    if frame.wide:
        room = frame.gutter - 12
        sheet.text(frame.gutter - 6, top + 17, fitted(item.title, room, 11.5, bold=True), size=11.5, bold=True,
                   align="right")  # fmt: skip
        bar, words = top + 4, top + 33
    else:
        sheet.text(6, top + 12, fitted(item.title, frame.width - 70, 11, bold=True), size=11, bold=True)
        bar, words = top + 17, top + 45
    sheet.box(scale.left, bar, scale.x(target) - scale.left, 17, PALE_GREEN)
    sheet.box(scale.x(target), bar, scale.x(deadline) - scale.x(target), 17, PALE_AMBER)
    sheet.rules([[(scale.x(target), bar - 1), (scale.x(target), bar + 18)]], GREEN, width=2)
    sheet.rules([[(scale.x(deadline), bar - 1), (scale.x(deadline), bar + 18)]], RED, width=1.4, dash="dashed")
    sheet.marks([(scale.x(seconds), bar + 8.5) for seconds in members], "o", SOFT, size=5)
    shape, colour = _verdict(item)
    place = (scale.x(item.actual_s) if item.actual_s is not None else scale.right, bar + 8.5)
    sheet.marks([place], shape, colour, size=11)
    if item.score is not None:
        sheet.text(frame.right, bar + 13, score_points(item.score), size=13, bold=True, align="right")
        sheet.text(frame.right - 36, bar + 13, _took(item), size=10.5, colour=INK, align="right")
    else:
        sheet.text(frame.right, bar + 13, "not judged", size=10.5, colour=SOFT, align="right")
    left = scale.left if frame.wide else 6
    sheet.text(left, words, fitted(item.why, frame.right - left, 10), size=10, colour=SOFT)


def _took(item: Item) -> str:
    return "" if item.actual_s is None else minutes(item.actual_s * 1000)


def _verdict(item: Item) -> tuple[str, str]:
    """The mark's shape and colour: in time, late, or never."""
    if item.score is None:
        return "o", FAINT
    if item.actual_s is None or item.score == 0:
        return "x", RED
    return ("o", GREEN) if item.score >= 100 else ("D", ORANGE)


_LEGEND = (
    ("o", GREEN, 10, "in time"),
    ("D", ORANGE, 10, "late, or not by all"),
    ("x", RED, 10, "never"),
    ("o", SOFT, 5, "each member"),
)


def _legend(sheet: Sheet, frame: Frame, y: float) -> None:
    x = frame.left + 4 if frame.wide else 12
    for shape, colour, across, words in _LEGEND:
        sheet.marks([(x, y - 3.5)], shape, colour, size=across)
        sheet.text(x + 10, y, words, size=10, colour=SOFT)
        x += 24 + width_of(words, 10)
    if frame.wide:
        sheet.text(x, y, "solid line: target; dashed line: deadline; at the right the time and the score of 100",
                   size=10, colour=SOFT)  # fmt: skip
