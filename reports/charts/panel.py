"""What is under the lanes: the signal that matters on the same axis of time, and the key to letters and numbers."""

from collections.abc import Sequence

from reports.charts.layout import Frame, TimeAxis
from reports.charts.marks import KINDS
from reports.charts.palette import GREEN, INK, MARKS, PALE_RED, RED, SHADE, SOFT
from reports.charts.sheet import Sheet, fitted, width_of
from reports.story import Story
from simulator import events as ev
from simulator.signals import level_of

__all__ = ["CUSTOMERS_TOLD", "draw_key", "draw_signal", "key_height", "signal_height"]

CUSTOMERS_TOLD = "customers told"
"""Beside the stars on a wide sheet, in its gutter."""
HEIGHT = 128.0
LINE = 15.0


def signal_height(story: Story) -> float:
    """The space that the signal takes; none if the scenario has no signal."""
    return HEIGHT if story.plan.scenario.signals and story.values_known else 8


def draw_signal(sheet: Sheet, story: Story, frame: Frame, axis: TimeAxis, top: float) -> None:
    """The scenario's first signal, its usual level, and the moments at which customers were told something."""
    sheet.rules([[(0, top), (frame.right, top)]], INK, width=1.1)
    if signal_height(story) < HEIGHT:
        return
    name, signal = next(iter(story.plan.scenario.signals.items()))
    reading = story.reading(name)
    step = max((axis.end - axis.start) // (260 if frame.wide else 130), 5_000)
    readings = [(at, reading(at)) for at in range(axis.start, axis.end + 1, step)]
    usual = level_of(signal.normal, story.values)
    ceiling = _ceiling(max([usual, *(value for _, value in readings)]))
    base, height = top + HEIGHT - 6, HEIGHT - 52

    def y(value: float) -> float:
        return base - height * max(value, 0) / ceiling

    line = [(axis.x(at), y(value)) for at, value in readings]
    hurt = _hurting(line, y(usual), low=level_of(signal.incident, story.values) < usual)
    sheet.area([(line[0][0], y(usual)), *hurt, (line[-1][0], y(usual))], PALE_RED)
    sheet.curve(line, RED, 1.7)
    sheet.rules([[(axis.left, y(usual)), (frame.right, y(usual))]], GREEN, width=1.2, dash="dashed")
    sheet.rules([[(axis.left, base), (frame.right, base)]], SOFT, width=0.9)
    title = story.filled(signal.title or name.replace("_", " ").capitalize())
    unit = f", {signal.unit}" if signal.unit else ""
    words = f"{title}{unit} (usual: {usual:g}, the dashed line)"
    sheet.text(axis.left + 4, top + 15, fitted(words, frame.right - axis.left - 8, 11, bold=True), size=11, bold=True,
               ground=SHADE)  # fmt: skip
    for value in (0, ceiling / 2, ceiling):
        sheet.text(axis.left - 4, y(value) + 3.5, f"{value:g}", size=10, colour=SOFT, align="right")
    told = [axis.x(message.when) for message in story.all(ev.MessagePublished) if message.when <= axis.end]
    if told:
        sheet.rules([[(x, top + 26), (x, base)] for x in told], RED, width=0.8, dash="dotted")
        sheet.marks([(x, top + 26) for x in told], *MARKS["told"], size=12)
        if frame.wide:
            sheet.text(frame.gutter - 8, top + 30, CUSTOMERS_TOLD, size=10, colour=SOFT, align="right")


def _hurting(line: Sequence[tuple[float, float]], usual: float, *, low: bool) -> list[tuple[float, float]]:
    """The course where it is on the side on which the incident moves it, in units that grow downwards, else `usual`."""
    return [(x, max(y, usual) if low else min(y, usual)) for x, y in line]


def _ceiling(value: float) -> float:
    """The next round number at or above, so that the axis ends on one."""
    if value <= 0:
        return 1.0
    scale = 1.0
    while scale * 10 <= value:
        scale *= 10
    while scale > value:
        scale /= 10
    return next(scale * step for step in (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10) if scale * step >= value)


def _columns(frame: Frame) -> int:
    return 2 if frame.wide else 1


def _blocks(frame: Frame, *lists: Sequence[str]) -> float:
    per = _columns(frame)
    return sum(-(-len(lines) // per) + 1.4 for lines in lists if lines) * LINE


def _mark_lines(frame: Frame) -> int:
    return 1 if frame.wide else 3


def key_height(frame: Frame, actions: Sequence[str], injects: Sequence[str]) -> float:
    """The height of the key."""
    return 4 + _mark_lines(frame) * LINE + _blocks(frame, actions, injects)


def draw_key(
    sheet: Sheet, story: Story, frame: Frame, top: float, actions: Sequence[str], injects: Sequence[str]
) -> None:
    """What the marks mean, what was done under each letter, and what each inject said."""
    x, y = 6.0, top + 8
    for kind, (shape, colour) in MARKS.items():
        words = KINDS[kind].replace("the channel", story.plan.protocol.channel)
        if x + 20 + width_of(words, 10) > frame.width:
            x, y = 6.0, y + LINE
        sheet.marks([(x + 6, y - 3.5)], shape, colour, size=11 if shape in "*p" else 8)
        sheet.text(x + 16, y, words, size=10, colour=SOFT)
        x += 34 + width_of(words, 10)
    y = top + 8 + _mark_lines(frame) * LINE + 4
    for title, lines in (("What was done", actions), ("What came at the team (injects)", injects)):
        if lines:
            y = _draw_list(sheet, frame, y, title, lines)


def _draw_list(sheet: Sheet, frame: Frame, top: float, title: str, lines: Sequence[str]) -> float:
    per = -(-len(lines) // _columns(frame))
    sheet.cuts += [top - 6, *(top + 12 + place * LINE for place in range(1, per))]
    width = (frame.width - 12) / _columns(frame)
    sheet.text(6, top + 8, title, size=10.5, bold=True)
    for place, line in enumerate(lines):
        x, y = 6 + place // per * width, top + 8 + (place % per + 1) * LINE
        mark, words = line.split("  ", 1)
        sheet.text(x, y, mark, size=10, bold=True)
        indent = max(20.0, width_of(mark, 10, bold=True) + 6)
        sheet.text(x + indent, y, fitted(" ".join(words.split()), width - indent - 10, 10), size=10, colour=SOFT)
    return top + (per + 1.4) * LINE
