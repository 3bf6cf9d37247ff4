"""The drill as swim lanes: what came at the team, who did what and what customers saw, on one axis of time."""

from dataclasses import dataclass

from reports.charts.arrivals import arrivals_of, draw_injects, rows_of
from reports.charts.layout import HEAD, Frame, Size, TimeAxis, heading, pack, shade_phases
from reports.charts.marks import Mark, Milestone, marks_of, milestones
from reports.charts.palette import (
    DEEP,
    FAINT,
    GREEN,
    INK,
    MARKS,
    ON_LIGHT,
    ORANGE,
    PALE_BLUE,
    PALE_GREEN,
    PALE_RED,
    RED,
    ROLES,
    SHADE,
    SOFT,
)  # fmt: skip
from reports.charts.panel import CUSTOMERS_TOLD, draw_key, draw_signal, key_height, signal_height
from reports.charts.sheet import Sheet, fitted, width_of
from reports.format import minutes
from reports.story import Doing, Holding, Span, Story
from simulator import events as ev

__all__ = ["draw", "time_axis"]

ROLE, ACTION, MARK = 16.0, 15.0, 12.0


@dataclass(frozen=True)
class Lane:
    """A member's lane, laid out before anything is drawn."""

    who: str
    holdings: list[Holding]
    holding_rows: list[int]
    doings: list[Doing]
    doing_rows: list[int]
    marks: list[tuple[float, Mark]]
    mark_rows: list[int]
    above: float
    """Space for the name if it is above the lane."""

    @property
    def height(self) -> float:
        """The height of the lane, including its margin."""
        rows = (_rows(self.holding_rows) * ROLE, _rows(self.doing_rows) * ACTION, _rows(self.mark_rows) * MARK)
        return max(sum(rows) + 9, 30) + self.above


def time_axis(frame: Frame, story: Story) -> TimeAxis:
    """From STARTEX to the last thing anybody did before ENDEX; a talk that left nothing in the log takes no space."""
    last = max((event.at for event in story.events[:-1] if not isinstance(event, ev.PhaseBegan)), default=0)
    last = max(last, story.facts.response_end, *(at for at, _ in story.turns), 60_000)
    return TimeAxis(frame.left, frame.right, 0, min(max(story.endex, 60_000), int(last * 1.03)))


def draw(story: Story, size: Size, title: str) -> Sheet:
    """The chart, wide or narrow."""
    frame = Frame.of(size, [*(story.name(who) for who in story.members), CUSTOMERS_TOLD])
    axis = time_axis(frame, story)
    letters = _letters(story)
    marks = marks_of(story)
    lanes = [_lane(story, who, frame, axis, letters, marks.get(who, [])) for who in story.members]
    stones = milestones(story)
    stone_rows = pack([_stone_extent(stone, axis) for stone in stones], 8)
    injects = story.all(ev.InjectDelivered)
    arrivals = arrivals_of(injects, axis)
    inject_rows = rows_of(arrivals, axis)
    lanes_top = HEAD + 22 + _rows(stone_rows) * 14 + 6 + (_rows(inject_rows) * 17 + (20 if not frame.wide else 6))
    lanes_end = lanes_top + sum(lane.height for lane in lanes)
    signal_end = lanes_end + signal_height(story)
    key = [f"{letter}  {_action_words(story, action)}" for action, letter in letters.items()]
    told = [f"{inject.number}  {inject.sender}: {inject.text}" for inject in injects]
    sheet = Sheet(frame.width, signal_end + (42 if frame.wide else 55) + key_height(frame, key, told))
    heading(sheet, frame, title, f"{story.filled(story.plan.scenario.title)}, drill {story.plan.drill}")
    if not frame.wide:
        sheet.box(0, HEAD, axis.left, signal_end - HEAD, SHADE)
    top = shade_phases(sheet, axis, _visible(story.phases, axis), HEAD, signal_end)
    axis.grid(sheet, top + 2, signal_end)
    _draw_stones(sheet, axis, stones, stone_rows, top, signal_end, story.facts.response_end)
    draw_injects(sheet, frame, axis, arrivals, inject_rows, top + _rows(stone_rows) * 14 + 8)
    y: float = lanes_top
    for lane in lanes:
        sheet.cuts.append(y)
        _draw_lane(sheet, story, frame, axis, lane, y, letters)
        y += lane.height
    sheet.cuts.append(lanes_end)
    draw_signal(sheet, story, frame, axis, lanes_end)
    bottom = axis.label(sheet, signal_end)
    if axis.end < story.endex:
        rest = f"nothing in the log from here to ENDEX at {minutes(story.endex)}"
        y = bottom - 4 if frame.wide else bottom + 8
        sheet.text(frame.right, y, rest, size=10, colour=SOFT, align="right")
        bottom += 0 if frame.wide else 13
    draw_key(sheet, story, frame, bottom + 6, key, told)
    return sheet


# -- layout ------------------------------------------------------------------------------------------------------------


def _rows(rows: list[int]) -> int:
    return max(rows, default=-1) + 1


def _letters(story: Story) -> dict[str, str]:
    """A letter for each action that anybody ran: A to Z, then AA and so on."""
    actions = list(dict.fromkeys(doing.action for doing in story.doings))
    return {
        action: (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)
        for place, action in enumerate(actions)
    }


def _action_words(story: Story, action: str) -> str:
    causes = {change.cause: change.impact for change in story.all(ev.ImpactChanged)}
    says = {"ended": " (ended the impact)", "worse": " (made it worse)", "eased": " (eased it)"}
    return story.action(action) + says.get(causes.get(action, ""), "")


def _lane(story: Story, who: str, frame: Frame, axis: TimeAxis, letters: dict[str, str], acts: list[Mark]) -> Lane:
    holdings = [holding for holding in story.holdings if holding.who == who and holding.start < axis.end]
    doings = [doing for doing in story.doings if doing.who == who]
    extents = [
        _doing_extent(axis.x(doing.start), axis.x(doing.end), width_of(letters[doing.action], 10.5, bold=True))
        for doing in doings
    ]
    marks = _thinned([(axis.x(mark.at), mark) for mark in acts])
    return Lane(
        who,
        holdings,
        pack([(axis.x(holding.start), axis.x(holding.end)) for holding in holdings], -0.5),
        doings,
        pack(extents, 1),
        marks,
        pack([(x - 5, x + 5) for x, _ in marks], 0),
        0 if frame.wide else 15,
    )


def _doing_extent(left: float, right: float, letter: float) -> tuple[float, float]:
    """The bar, with its letter beside it if it does not hold that."""
    return left, right if letter + 6 <= right - left else right + letter + 4


def _thinned(marks: list[tuple[float, Mark]]) -> list[tuple[float, Mark]]:
    """Marks of one kind that would overlap are drawn as one."""
    kept: list[tuple[float, Mark]] = []
    last: dict[str, float] = {}
    for x, mark in marks:
        if x - last.get(mark.kind, -99) >= 5:
            kept.append((x, mark))
            last[mark.kind] = x
    return kept


def _visible(phases: list[Span], axis: TimeAxis) -> list[Span]:
    return [phase for phase in phases if phase.start < axis.end]


# -- drawing -----------------------------------------------------------------------------------------------------------


def _stone_words(stone: Milestone) -> str:
    return f"{stone.says} {minutes(stone.at)}"


def _stone_extent(stone: Milestone, axis: TimeAxis) -> tuple[float, float]:
    x, width = axis.x(stone.at), width_of(_stone_words(stone), 10) + 6
    return (x, x + width) if x + width <= axis.right else (x - width, x)


def _draw_stones(
    sheet: Sheet, axis: TimeAxis, stones: list[Milestone], rows: list[int], top: float, bottom: float, papers_from: int
) -> None:
    tones = {"plain": INK, "good": GREEN, "bad": RED}
    for tone, dash in (("plain", "dotted"), ("good", "solid"), ("bad", "dashed")):
        lines = [
            [(axis.x(stone.at), top + 4 + row * 14), (axis.x(stone.at), bottom)]
            for stone, row in zip(stones, rows, strict=True)
            if stone.tone == tone
        ]
        sheet.rules(lines, tones[tone], width=1.3, dash=dash)
    for stone, row in zip(stones, rows, strict=True):
        left, right = _stone_extent(stone, axis)
        starts = axis.x(stone.at) == left
        sheet.text(
            left + 4 if starts else right - 4,
            top + 12 + row * 14,
            _stone_words(stone),
            size=10,
            colour=tones[stone.tone],
            align="left" if starts else "right",
            bold=stone.tone != "plain",
            ground=DEEP if left >= axis.x(papers_from) else SHADE,
        )


def _draw_lane(
    sheet: Sheet, story: Story, frame: Frame, axis: TimeAxis, lane: Lane, top: float, letters: dict[str, str]
) -> None:
    sheet.rules([[(0, top), (frame.right, top)]], FAINT, width=0.9)
    name = story.name(lane.who)
    if frame.wide:
        room = frame.gutter - 14
        sheet.text(frame.gutter - 8, top + 16, fitted(name, room, 11.5, bold=True), size=11.5, align="right", bold=True)
    else:
        sheet.text(9, top + 12, fitted(name, frame.width - 20, 11, bold=True), size=11, bold=True, ground=SHADE)
    y = top + lane.above + 4
    if not (lane.holdings or lane.doings or lane.marks):
        sheet.text(axis.left + 4, y + 13, "no act in the log", size=10.5, colour=SOFT, ground=SHADE)
        return
    _draw_holdings(sheet, story, axis, lane, y)
    y += _rows(lane.holding_rows) * ROLE
    _draw_doings(sheet, story, axis, lane, y, letters)
    y += _rows(lane.doing_rows) * ACTION
    for kind, (shape, colour) in MARKS.items():
        places = [
            (x, y + 7 + row * MARK)
            for (x, mark), row in zip(lane.marks, lane.mark_rows, strict=True)
            if mark.kind == kind
        ]
        sheet.marks(places, shape, colour, size=11 if shape in "*p" else 7.5 if shape == "D" else 8.5)


def _draw_holdings(sheet: Sheet, story: Story, axis: TimeAxis, lane: Lane, top: float) -> None:
    order = [role.id for role in story.plan.protocol.roles]
    for holding, row in zip(lane.holdings, lane.holding_rows, strict=True):
        fill, ink = ROLES[order.index(holding.role) % len(ROLES)] if holding.role in order else (ORANGE, ON_LIGHT)
        left, right = axis.x(holding.start), axis.x(holding.end)
        sheet.box(left, top + row * ROLE, right - left, ROLE - 2, fill)
        title = story.role(holding.role)
        initials = "".join(word[0] for word in title.split()) if " " in title else title[:4]
        words = title if width_of(title, 10.5, bold=True) <= right - left - 8 else initials
        if width_of(words, 10.5, bold=True) <= right - left - 4:
            sheet.text(left + 4, top + row * ROLE + 11, words, size=10.5, colour=ink, bold=True)


def _draw_doings(sheet: Sheet, story: Story, axis: TimeAxis, lane: Lane, top: float, letters: dict[str, str]) -> None:
    causes = {change.cause: change.impact for change in story.all(ev.ImpactChanged)}
    tones = {"ended": (PALE_GREEN, GREEN), "eased": (PALE_GREEN, GREEN), "worse": (PALE_RED, RED)}
    for doing, row in zip(lane.doings, lane.doing_rows, strict=True):
        left, right, y = axis.x(doing.start), axis.x(doing.end), top + row * ACTION
        fill, edge = tones.get(causes.get(doing.action, ""), (PALE_BLUE, SOFT))
        sheet.box(
            left, y, right - left, ACTION - 2.5, fill, edge=edge, line=0.9, hatch=None if doing.finished else "...."
        )
        letter = letters[doing.action]
        across = width_of(letter, 10.5, bold=True)
        inside = across + 6 <= right - left
        sheet.text(left + 3 if inside else right + 2, y + 9.8, letter, size=10.5, bold=True)
        room = right - left - across - 10
        if room > 46:
            sheet.text(left + 6 + across, y + 9.8, fitted(story.action(doing.action), room, 10), size=10, colour=INK)
