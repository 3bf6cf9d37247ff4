"""The score by component: what was earned, what was lost, and for what."""

from reports.charts.layout import HEAD, Frame, Size, heading, wrapped
from reports.charts.palette import BLUE, FAINT, ON_DARK, PALE_RED, RED, SOFT, TRACK
from reports.charts.sheet import Sheet, fitted, width_of
from reports.format import points, score_points
from reports.story import COMPONENTS, Story
from scoring.result import ComponentScore, Scorecard

__all__ = ["draw"]

_UNJUDGED = 40.0
"""The width of the bar of a part that could not be judged."""


def draw(story: Story, card: Scorecard, size: Size, title: str) -> Sheet:
    """The chart, wide or narrow."""
    names = [COMPONENTS.get(name, name) for name in card.components]
    frame = Frame.of(size, [*names, "Communication"])
    left, right = (frame.left, frame.right - 130) if frame.wide else (6.0, frame.right)
    lost = {name: _lost(card, name) for name in card.components}
    lines = {
        name: wrapped(words, (right if frame.wide else frame.right) - left, 10.5, 3) for name, words in lost.items()
    }
    head = 6 if frame.wide else 20
    heights = {name: head + 24 + 15 * len(lines[name]) + 10 for name in card.components}
    sheet = Sheet(frame.width, HEAD + 34 + sum(heights.values()) + 16)
    heading(sheet, frame, title,
            f"{story.filled(story.plan.scenario.title)}, drill {story.plan.drill}")  # fmt: skip
    _total(sheet, frame, card, HEAD + 18)
    available = {name: sum(item.available for item in part.items) for name, part in card.components.items()}
    most = max([*available.values(), 1e-9])
    y = HEAD + 34
    for name, part in card.components.items():
        sheet.rules([[(0, y), (frame.right, y)]], FAINT, width=0.9)
        width = (right - left) * available[name] / most if part.score is not None else _UNJUDGED
        _row(sheet, frame, COMPONENTS.get(name, name), part, available[name], (left, y + head, width))
        for place, line in enumerate(lines[name], 1):
            sheet.text(left, y + head + 22 + place * 15, line, size=10.5, colour=SOFT)
        y += heights[name]
    return sheet


def _earned(part: ComponentScore) -> float:
    return sum(item.earned or 0 for item in part.items) * part.factor


def _lost(card: Scorecard, name: str) -> str:
    part = card.components[name]
    if part.score is None:
        return part.why or "could not be judged"
    lost = [(item.available - (item.earned or 0.0), item.title) for item in part.items if item.score is not None]
    lost.append((part.out_of_order, "Acts in the protocol's order"))
    entries = sorted((entry for entry in lost if entry[0] >= 0.05), key=lambda entry: -entry[0])
    if not entries:
        return "nothing lost"
    return "lost: " + "; ".join(f"{title} {points(-value)}" for value, title in entries)


def _row(
    sheet: Sheet, frame: Frame, title: str, part: ComponentScore, available: float, bar: tuple[float, float, float]
) -> None:
    left, top, width = bar
    earned = width * (part.score or 0) / 100
    says = "not judged" if part.score is None else f"{points(available * part.score / 100)} of {points(available)}"
    if frame.wide:
        sheet.text(frame.gutter - 8, top + 15, fitted(title, frame.gutter - 12, 11.5, bold=True), size=11.5, bold=True,
                   align="right")  # fmt: skip
        sheet.text(left + width + 10, top + 15, says, size=11)
    else:
        sheet.text(left, top - 6, title, size=11, bold=True)
        sheet.text(frame.right, top - 6, says, size=10.5, align="right")
    if part.score is None:
        sheet.box(left, top, width, 21, TRACK, edge=SOFT, line=0.8)
        return
    if earned < width:
        sheet.box(left + earned, top, width - earned, 21, PALE_RED, edge=RED, hatch="////")
    sheet.box(left, top, earned, 21, BLUE)
    words = score_points(part.score)
    if earned > width_of(words, 12, bold=True) + 10:
        sheet.text(left + 6, top + 15, words, size=12, bold=True, colour=ON_DARK)


def _total(sheet: Sheet, frame: Frame, card: Scorecard, y: float) -> None:
    if card.score is None:
        sheet.text(6, y, f"No score: {card.verdict}.", size=12, bold=True)
        return
    total = f"{score_points(card.score)} of 100"
    sheet.text(6, y, total, size=14, bold=True)
    says = card.says or ""
    cap = card.binding
    if cap is not None:
        says = f"held down from {points(card.uncapped or 0)}; at most {cap.at_most:g} was possible"
    elif frame.wide:
        says += "; bars are as long as their points, hatched is what was lost"
    x = 6 + width_of(total, 14, bold=True) + 10
    sheet.text(x, y, fitted(says, frame.right - x, 10.5), size=10.5, colour=RED if cap else SOFT)
