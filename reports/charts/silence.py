"""When the channel spoke and when it was silent, together with what customers were told and when they waited."""

from itertools import pairwise

from reports.charts.layout import HEAD, Frame, Size, TimeAxis, heading, wrapped
from reports.charts.palette import FAINT, GREEN, INK, MARKS, PALE_BLUE, PALE_GREEN, PALE_RED, PAPER, RED, SHADE, SOFT
from reports.charts.sheet import Sheet, fitted, width_of
from reports.format import minutes, spell
from reports.story import Story
from scoring.components.communication import longest_silence
from scoring.obligations import due
from simulator import events as ev
from simulator.customers import WAITING

__all__ = ["draw"]

BAND = 66.0
LINE = 15.0


def draw(story: Story, size: Size, title: str) -> Sheet:
    """The chart, wide or narrow."""
    channel = f"In {story.plan.protocol.channel}"
    frame = Frame.of(size, [channel, "To customers", "Customers waiting"])
    messages = story.facts.messages  # what was said once it was over too
    end = max(story.facts.response_end, 60_000, *(message.when for message in messages))
    axis = TimeAxis(frame.left, frame.right, 0, int(end * 1.02))
    texts = [wrapped(_told(message), frame.width - 40, 10.5, 2 if frame.wide else 3) for message in messages]
    texts = texts or [["Nothing was published."]]
    band = BAND if frame.wide else BAND + 18
    waiting = story.plan.scenario.customers is not None and story.values_known
    bands = 3 if waiting else 2
    bottom = HEAD + 22 + bands * band
    key = sum(len(lines) for lines in texts) * LINE + 4 * len(texts) + 24
    sheet = Sheet(frame.width, bottom + 40 + key + (8 if frame.wide else 22))
    heading(sheet, frame, title, f"{story.filled(story.plan.scenario.title)}, drill {story.plan.drill}")
    top = _legend(sheet, frame, HEAD + 12)
    edge = axis.left if frame.wide else 0
    sheet.box(edge, top, axis.right - edge, bands * band, SHADE)
    axis.grid(sheet, top, top + bands * band)
    _draw_channel(sheet, story, frame, axis, channel, top)
    _draw_customers(sheet, story, frame, axis, messages, top + band)
    if waiting:
        _draw_waiting(sheet, story, frame, axis, top + 2 * band)
    y = axis.label(sheet, top + bands * band) + 18
    sheet.text(6, y, "What customers were told", size=11, bold=True)
    for number, lines in enumerate(texts, 1):
        sheet.cuts.append(y + 3)
        if messages:
            sheet.text(6, y + LINE, str(number), size=10.5, bold=True)
        for line in lines:
            y += LINE
            sheet.text(26 if messages else 6, y, line, size=10.5, colour=SOFT)
        y += 4
    return sheet


def _told(message: ev.MessagePublished) -> str:
    says = {None: "no word of a next one", 0: "the last one"}.get(message.next_in)
    says = says or f"the next in {spell(message.next_in or 0)}"
    return f"{minutes(message.when)}  {message.text} ({says})"


def _legend(sheet: Sheet, frame: Frame, y: float) -> float:
    x = 12.0
    entries = (("s", GREEN, "log entry"), ("^", GREEN, "update"), ("|", SOFT, "talk, which breaks no silence"),
               ("*", RED, "told customers"))  # fmt: skip
    for shape, colour, words in entries:
        if x + 16 + width_of(words, 10) > frame.width:
            x, y = 12.0, y + LINE
        if shape == "|":
            sheet.rules([[(x, y - 7), (x, y)]], colour, width=1.2)
        else:
            sheet.marks([(x, y - 3.5)], shape, colour, size=11 if shape == "*" else 8)
        sheet.text(x + 9, y, words, size=10, colour=SOFT)
        x += 26 + width_of(words, 10)
    return y + 8


def _title(sheet: Sheet, frame: Frame, title: str, top: float) -> float:
    """The band's name; gives back where its drawing begins."""
    sheet.rules([[(0, top), (frame.right, top)]], FAINT, width=0.9)
    if frame.wide:
        sheet.text(frame.gutter - 8, top + 22, title, size=11.5, bold=True, align="right")
        return top
    sheet.text(6, top + 14, title, size=11, bold=True, ground=SHADE)
    return top + 18


def _draw_channel(sheet: Sheet, story: Story, frame: Frame, axis: TimeAxis, title: str, top: float) -> None:
    y = _title(sheet, frame, title, top)
    facts = story.facts
    until = min(facts.troubled_until, facts.response_end)  # after that nobody waits for word
    since = min(due("team_alerted", facts), until)
    marks = [since, *(at for at in facts.posts if since < at < until), until]
    gaps = [(start, stop) for start, stop in pairwise(marks) if stop > start]
    longest = longest_silence(facts)
    for start, stop in gaps:
        left, right = axis.x(start), axis.x(stop)
        late = stop - start > _limit(story, start)
        rim = PAPER if right - left > 6 else None  # between short ones only the rims would be visible
        sheet.box(left, y + 30, right - left, 15, PALE_RED if late else PALE_GREEN, edge=RED if late else rim,
                  hatch="////" if late else None)  # fmt: skip
        most, lasted = (start, stop) == longest, minutes(stop - start)
        said = [f"{lasted} silent", lasted] if most else [lasted]  # as much of it as there is room for
        words = next((words for words in said if width_of(words, 10, bold=most) + 6 <= right - left), None)
        if words is not None:
            sheet.text((left + right) / 2, y + 41.5, words, size=10, align="center", bold=most,
                       ground=PALE_RED if late else None)  # fmt: skip
    note = fitted(_expected(story, until), axis.right - axis.left, 10)
    sheet.text(axis.left, y + 58, note, size=10, colour=SOFT, ground=SHADE)
    talk = [axis.x(message.when) for message in story.all(ev.MessagePosted) if message.when <= axis.end]
    sheet.rules([[(x, y + 4), (x, y + 10)] for x in talk], SOFT, width=1.2)
    for shape, kind in (("s", ev.EntryLogged), ("^", ev.UpdatePosted)):
        posts = [post for post in story.all(kind) if post.when <= axis.end]
        sheet.marks([(axis.x(post.when), y + 20) for post in posts], shape, GREEN, size=8.5)


def _limit(story: Story, at: int) -> int:
    """How long the channel may be silent from a drill time on; the longer the incident lasts, the longer."""
    return story.plan.protocol.cadence.at(at - story.facts.report).internal


def _expected(story: Story, until: int) -> str:
    cadence = story.plan.protocol.cadence
    later = [one for one in cadence.later if story.facts.report + one.after < until]
    times = [f"every {spell(one.internal)} after {spell(one.after)}" for one in later]
    return ", ".join([f"expected at least every {spell(cadence.internal)}", *times])


def _draw_customers(
    sheet: Sheet, story: Story, frame: Frame, axis: TimeAxis, messages: list[ev.MessagePublished], top: float
) -> None:
    y = _title(sheet, frame, "To customers", top)
    if story.facts.listed("published") is not None or messages:
        covered = _covered(messages[0].when, story.facts.response_end, story.waits) if messages else []
        for start, stop in covered:
            sheet.box(axis.x(start), y + 30, axis.x(stop) - axis.x(start), 15, PALE_BLUE)
        for start, stop in story.waits:
            left, right = axis.x(start), axis.x(stop)
            sheet.box(left, y + 30, right - left, 15, PALE_RED, edge=RED, hatch="////")
            words = f"waited {minutes(stop - start)}"
            if width_of(words, 10, bold=True) + 6 <= right - left:
                sheet.text((left + right) / 2, y + 41.5, words, size=10, bold=True, colour=RED, align="center",
                           ground=PALE_RED)  # fmt: skip
        note = "plain: told; hatched: waiting for a message that was due"
        sheet.text(axis.left, y + 58, fitted(note, axis.right - axis.left, 10), size=10, colour=SOFT, ground=SHADE)
    else:
        sheet.text(axis.left + 4, y + 40, "Nothing is owed to customers at this severity.", size=10.5, colour=SOFT)
    shape, colour = MARKS["told"]
    sheet.marks([(axis.x(message.when), y + 20) for message in messages], shape, colour, size=13)
    free = -99.0
    for number, message in enumerate(messages, 1):
        x = axis.x(message.when)
        half = width_of(str(number), 10, bold=True) / 2
        if x - half >= free + 2:
            sheet.text(x, y + 11, str(number), size=10, bold=True, align="center", colour=INK)
            free = x + half


def _draw_waiting(sheet: Sheet, story: Story, frame: Frame, axis: TimeAxis, top: float) -> None:
    """How many customers waited, from none to the most; that number is shown at its moment."""
    y = _title(sheet, frame, "Customers waiting", top)
    reading = story.reading(WAITING)
    step = max(axis.end // (260 if frame.wide else 130), 5_000)
    course = [(at, reading(at)) for at in range(0, axis.end + 1, step)]
    most_at, most = max(course, key=lambda point: point[1])
    base, height = y + 56, 34.0
    line = [(axis.x(at), base - height * value / max(most, 1)) for at, value in course]
    sheet.area([(line[0][0], base), *line, (line[-1][0], base)], PALE_RED)
    sheet.curve(line, RED, 1.5)
    sheet.rules([[(axis.left, base), (frame.right, base)]], SOFT, width=0.9)
    words = f"at most {most:,.0f}, at {minutes(most_at)}" if most else "nobody waited"
    x = axis.x(most_at)
    left = x + width_of(words, 10) + 8 <= axis.right
    sheet.text(x + 4 if left else x - 4, base - height - 4, words, size=10, align="left" if left else "right",
               colour=INK, ground=SHADE)  # fmt: skip


def _covered(since: int, until: int, waits: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches from `since` to `until` outside the waits."""
    spans, at = [], since
    for start, stop in waits:
        if start > at:
            spans.append((at, start))
        at = max(at, stop)
    return [*spans, (at, until)] if until > at else spans
