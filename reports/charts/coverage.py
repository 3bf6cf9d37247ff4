"""Which roles were held by whom over time, and where nobody held one."""

from itertools import pairwise

from reports.charts.layout import HEAD, Frame, Size, TimeAxis, heading, pack
from reports.charts.palette import BLUE, FAINT, INK, PALE_BLUE, PALE_RED, PAPER, RED, ROLES, SHADE, SOFT
from reports.charts.sheet import Sheet, fitted, width_of
from reports.format import minutes
from reports.story import Holding, Story
from scoring.result import Scorecard

__all__ = ["draw"]

ROW = 19.0
PANEL = 92.0


def draw(story: Story, card: Scorecard, size: Size, title: str) -> Sheet:
    """The chart, wide or narrow."""
    roles = _roles(story)
    frame = Frame.of(size, [story.role(role) for role in roles])
    end = max(story.facts.response_end, 60_000)
    axis = TimeAxis(frame.left, frame.right, 0, int(end * 1.02))
    held = {role: _clipped(story, role, axis.end) for role in roles}
    rows = {role: pack([(axis.x(one.start), axis.x(one.end)) for one in held[role]], -0.5) for role in roles}
    heights = {role: max(max(rows[role], default=0) + 1, 1) * ROW + (12 if frame.wide else 28) for role in roles}
    required = story.table.roles if story.table else []
    panel = PANEL if required else 34
    sheet = Sheet(frame.width, HEAD + 20 + sum(heights.values()) + panel + 40)
    heading(sheet, frame, title, f"{story.filled(story.plan.scenario.title)}, drill {story.plan.drill}")
    top = HEAD + 18
    bottom = top + sum(heights.values())
    edge = axis.left if frame.wide else 0
    sheet.box(edge, HEAD + 4, axis.right - edge, bottom - HEAD - 4 + (panel if required else 0), SHADE)
    axis.grid(sheet, HEAD + 4, bottom + (panel if required else 0))
    since = _counts_from(story)
    if required and since is not None:
        _count_mark(sheet, axis, since, bottom + panel)
    y: float = top
    open_from = story.gaps(card)
    for role in roles:
        _draw_role(sheet, story, frame, axis, role, held[role], rows[role], y)
        gaps = open_from.get(role, [])
        _draw_gaps(sheet, axis, gaps, y + (4 if frame.wide else 20))
        if not held[role] and not gaps:
            sheet.text(axis.left + 4, y + (16 if frame.wide else 31), "nobody held it", size=10.5, colour=SOFT)
        y += heights[role]
    if required:
        _draw_share(sheet, story, frame, axis, required, bottom, panel)
    else:
        incident = story.plan.protocol.incident_of(story.severity)
        words = f"{incident[:1].upper()}{incident[1:]} asks for no roles, so nothing is owed here."
        sheet.text(axis.left, bottom + 20, fitted(words, axis.right - axis.left, 11), size=11, colour=SOFT)
    axis.label(sheet, bottom + panel)
    return sheet


def _roles(story: Story) -> list[str]:
    required = story.table.roles if story.table else []
    return [role.id for role in story.plan.protocol.roles if role.id in required or story.roles.tenures.get(role.id)]


def _clipped(story: Story, role: str, end: int) -> list[Holding]:
    over = min(story.facts.response_end, end)
    return [
        Holding(one.who, role, one.start, min(one.end, over))
        for one in story.holdings
        if one.role == role and one.start < over
    ]


def _counts_from(story: Story) -> int | None:
    owed = story.facts.listed("roles_covered")
    if owed is None:
        return None
    target = story.plan.scenario.targets.get(owed.id)
    return story.facts.report + ((target.target if target else owed.target) or 0)


def _count_mark(sheet: Sheet, axis: TimeAxis, since: int, bottom: float) -> None:
    x = axis.x(since)
    sheet.rules([[(x, HEAD + 4), (x, bottom)]], INK, width=1.2, dash="dotted")
    words = f"due by {minutes(since)}; counts from here"
    sheet.text(x + 4 if x + width_of(words, 10) + 8 < axis.right else x - 4, HEAD + 15, words, size=10,
               align="left" if x + width_of(words, 10) + 8 < axis.right else "right", ground=SHADE)  # fmt: skip


def _draw_role(
    sheet: Sheet,
    story: Story,
    frame: Frame,
    axis: TimeAxis,
    role: str,
    held: list[Holding],
    rows: list[int],
    top: float,
) -> None:
    title = story.role(role)
    sheet.rules([[(0, top), (frame.right, top)]], FAINT, width=0.9)
    if frame.wide:
        sheet.text(frame.gutter - 8, top + 18, fitted(title, frame.gutter - 12, 11.5, bold=True), size=11.5, bold=True,
                   align="right")  # fmt: skip
    else:
        sheet.text(6, top + 14, title, size=11, bold=True, ground=SHADE)
    order = [known.id for known in story.plan.protocol.roles]
    fill, ink = ROLES[order.index(role) % len(ROLES)]
    for one, row in zip(held, rows, strict=True):
        left, right = axis.x(one.start), axis.x(one.end)
        y = top + (5 if frame.wide else 20) + row * ROW
        sheet.box(left, y, right - left, ROW - 3, fill, edge=PAPER, line=0.8)
        sheet.text(left + 5, y + 12, fitted(story.name(one.who), right - left - 8, 10.5, bold=True), size=10.5,
                   colour=ink, bold=True)  # fmt: skip


def _draw_gaps(sheet: Sheet, axis: TimeAxis, gaps: list[tuple[int, int]], top: float) -> None:
    """The stretches (milliseconds of drill time) that counted and in which nobody held the role."""
    for start, stop in gaps:
        left, right = axis.x(start), axis.x(stop)
        sheet.box(left, top + 1, right - left, ROW - 3, PALE_RED, edge=RED, hatch="////", line=1)
        words = f"open {minutes(stop - start)}"
        if width_of(words, 10.5, bold=True) + 8 <= right - left:
            sheet.text(left + 5, top + 12.5, words, size=10.5, colour=RED, bold=True, ground=PALE_RED)


def _draw_share(
    sheet: Sheet, story: Story, frame: Frame, axis: TimeAxis, required: list[str], top: float, height: float
) -> None:
    """The share of what the team could cover, step by step."""
    sheet.rules([[(0, top), (frame.right, top)]], INK, width=1.1)
    words = "Coverage, % of what this team could reach"
    if frame.wide:
        sheet.text(axis.left + 4, top + 14, words, size=11, bold=True, ground=SHADE)
    else:
        sheet.text(6, top + 14, words, size=11, bold=True, ground=SHADE)
    end = story.facts.response_end
    turns = [at for one in story.holdings for at in (one.start, one.end)]
    edges = sorted({0, end, *(at for at in turns if 0 < at < end)})
    base, full = top + height - 4, height - 32
    points: list[tuple[float, float]] = []
    for start, stop in pairwise(edges):
        share = story.roles.coverage(required, start, stop).reached
        points += [(axis.x(start), base - full * share), (axis.x(stop), base - full * share)]
    for share in (0, 0.5, 1):
        sheet.text(axis.left - 4, base - full * share + 3.5, f"{share * 100:.0f}", size=10, colour=SOFT, align="right")
    sheet.rules([[(axis.left, base), (axis.right, base)]], SOFT, width=0.9)
    if points:
        sheet.area([(points[0][0], base), *points, (points[-1][0], base)], PALE_BLUE)
        sheet.curve(points, BLUE, 1.8)
