"""The hot wash: what people guessed, what was true, three moments worth talking about, and only then the score."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import accumulate, pairwise
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from drills.guidance.retests import Action, actions_of
from reports.actions import ActionRow
from reports.format import minutes
from reports.story import COMPONENTS, Story, held_down
from scenarios.expects import Discussion
from scenarios.placeholders import fill
from scoring.result import Lost, Scorecard
from scoring.scorecard import grade
from scoring.told import Remedied, foremost, remedied, with_ledger
from simulator import events as ev
from simulator.customers import WAITING
from simulator.log import DrillLog
from simulator.signals import SignalHistory

__all__ = [
    "SCREENS",
    "Guess",
    "Moment",
    "Reading",
    "Screen",
    "moments",
    "read",
    "truth",
    "unanswered",
    "wash_data",
    "worth",
]

Screen = Literal["guess", "reveal", "score"]
SCREENS: tuple[Screen, ...] = get_args(Screen)
_STEP = 15_000
_QUIET = 4 * 60_000
"""A silence of at least this length is worth talking about; milliseconds."""


_CONTENT = ("reassured", "mended")
"""Customers in these moods expect no answer."""


class Guess(msgspec.Struct):
    """What somebody wrote before any number was shown. For their eyes only, apart from the two times."""

    surprise: str = ""
    heard: int | None = None
    """When customers first heard, as they guess; drill time in milliseconds."""
    command: int | None = None
    """When somebody was in command."""


class Moment(NamedTuple):
    """A moment of the drill to look at together."""

    at: int
    title: str
    text: str


def truth(log: DrillLog) -> dict[str, int | None]:
    """When customers first heard, and when somebody was first in command, in drill time; nothing if never."""
    heard = next((event.when for event in log.events if isinstance(event, ev.MessagePublished)), None)
    commander = log.plan.protocol.commander
    taken = (event for event in log.events if isinstance(event, ev.RoleTaken | ev.RoleHandedOver))
    command = next((event.when for event in taken if event.role == commander), None)
    return {"heard": heard, "command": command}


def moments(log: DrillLog) -> list[Moment]:
    """Three moments worth talking about, in order of time; the most telling ones are picked first."""
    story = Story(log, {})
    end = max(story.facts.response_end, 60_000)
    found = [
        *_harm(story),
        *_unled(story, end),
        *_worst(story, end, unanswered(log)),
        *_silence(story, end),
        *_turn(story),
        *_first(story),
    ]
    chosen: list[Moment] = []
    for moment in found:
        if all(abs(moment.at - other.at) >= _STEP for other in chosen):
            chosen.append(moment)
        if len(chosen) == 3:
            break
    return sorted(chosen)


def unanswered(log: DrillLog) -> list[tuple[int, int]]:
    """How many messages from outside were unanswered, from each instant at which that changed.

    A message is answered by a reply, or by the act of its role that tells everybody at once. An alert expects no
    answer, nor does a customer who says thanks.
    """
    protocol = log.plan.protocol
    tells = {
        protocol.solver: ev.EntryLogged,
        protocol.commander: ev.UpdatePosted,
        protocol.spokesperson: ev.MessagePublished,
    }
    changes = {0: 0}
    for event in log.events:
        if not isinstance(event, ev.Arrived) or event.via == "alert" or getattr(event, "mood", None) in _CONTENT:
            continue
        tells_all = tells.get(event.to)  # a role that the protocol does not have is None, and nothing is sent to it
        later = (
            other.at
            for other in log.events[event.seq :]
            if (isinstance(other, ev.InjectAnswered) and other.number == event.number)
            or (tells_all is not None and isinstance(other, tells_all))
        )
        changes[event.at] = changes.get(event.at, 0) + 1
        until = next(later, None)
        if until is not None:
            changes[until] = changes.get(until, 0) - 1
    times = sorted(changes)
    return list(zip(times, accumulate(changes[at] for at in times), strict=True))


def _harm(story: Story) -> list[Moment]:
    worse = [change for change in story.all(ev.ImpactChanged) if change.impact == "worse"]
    return [Moment(worse[0].at, "It got worse", f"{story.mover(worse[0].cause)} made it worse.")] if worse else []


def _unled(story: Story, end: int) -> list[Moment]:
    """The middle of the longest time in which nobody commanded."""
    commander = story.plan.protocol.commander
    held = sorted((one.start, one.end) for one in story.holdings if one.role == commander)
    edges = [(0, 0), *held, (end, end)]
    gaps = [
        (later[0] - earlier[1], earlier[1], later[0]) for earlier, later in pairwise(edges) if later[0] > earlier[1]
    ]
    if not gaps or max(gaps)[0] < 60_000:
        return []
    length, since, until = max(gaps)
    return [
        Moment(
            (since + until) // 2,
            "Nobody in command",
            f"Nobody was in command for {minutes(length)}, from {minutes(since)} on.",
        )
    ]


def _worst(story: Story, end: int, lying: list[tuple[int, int]]) -> list[Moment]:
    """When most customers waited, and how many messages went unanswered."""
    if story.plan.scenario.customers is None:
        return []
    history = SignalHistory(story.plan, story.events)
    at = max(range(0, end + 1, _STEP), key=lambda moment: history.value(WAITING, moment))
    count = next(count for since, count in reversed(lying) if since <= at)
    messages = "1 message" if count == 1 else f"{count or 'no'} messages"
    text = f"{history.value(WAITING, at):.0f} customers waited; {messages} went unanswered."
    return [Moment(at, "Most customers waited", text)]


def _silence(story: Story, end: int) -> list[Moment]:
    posts = [0, *[at for at in story.facts.posts if at <= end], end]
    length, since = max(((later - earlier, earlier) for earlier, later in pairwise(posts)), default=(0, 0))
    if length < _QUIET:
        return []
    return [Moment(since + length // 2, "The channel was silent", f"For {minutes(length)} nobody logged anything.")]


def _turn(story: Story) -> list[Moment]:
    fixed = story.facts.fixed
    return [] if fixed is None else [Moment(fixed.at, "It was fixed", f"{story.mover(fixed.cause)} ended it.")]


def _first(story: Story) -> list[Moment]:
    found = story.all(ev.TeamAlerted)
    last = story.facts.response_end
    return [
        *(Moment(event.at, "It began", "The team was called.") for event in found[:1]),
        Moment(last, "The end", "The response was over."),
    ]


class Asked(NamedTuple):
    """A question that came with a message, to talk about."""

    number: int
    """Of the message."""
    sender: str
    text: str


class Reading(NamedTuple):
    """What the talk needs from a log: read once, for all screens and readers."""

    questions: list[str]
    asked: list[Asked]
    actions: list[Action]
    truth: dict[str, int | None]
    moments: list[Moment]
    unanswered: list[tuple[int, int]]
    card: Scorecard
    """With everybody's own ledger."""
    story: Story


def read(log: DrillLog) -> Reading:
    """Read a log for the talk."""
    guide = log.plan.scenario.guide
    story = Story(log, {})
    return Reading(
        questions=[fill(question, story.values) for question in guide.hot_wash] if guide is not None else [],
        asked=_asked(story),
        actions=actions_of(log.events),
        truth=truth(log),
        moments=moments(log),
        unanswered=unanswered(log),
        card=grade(log, people=True),
        story=story,
    )


class Worth(NamedTuple):
    """What a drill was worth, for the last screen: reading it plays the drill again for each line of its ledger."""

    card: Scorecard
    """With everybody's own ledger."""
    most: list[Remedied]
    """What would have changed most."""


def worth(log: DrillLog) -> Worth:
    """Read what a drill was worth."""
    lines = remedied(log)
    return Worth(with_ledger(grade(log, people=True), lines), foremost(lines))


def _asked(story: Story) -> list[Asked]:
    """What messages asked those whom they reached to talk about, each question once."""
    found: dict[tuple[str, str], Asked] = {}
    for event in story.all(ev.InjectDelivered):
        inject = story.plan.scenario.inject(event.inject or "")
        for one in inject.expects or () if inject is not None and event.recipients else ():
            if isinstance(one, Discussion):
                asked = Asked(event.number, event.sender, fill(one.question, story.values))
                found.setdefault((event.inject or "", asked.text), asked)
    return list(found.values())


def wash_data(
    reading: Reading,
    screen: Screen,
    guesses: Mapping[str, Guess],
    member: str | None,
    held: Sequence[ActionRow] = (),
    found: Worth | None = None,
) -> dict[str, Any]:
    """What a browser shows of the talk, with nothing from later screens. The last one needs what it was worth."""
    mine = guesses.get(member or "")
    reveal, score = SCREENS.index(screen) >= 1, screen == "score"
    return {
        "screen": screen,
        "written": len(guesses),
        "questions": reading.questions,
        "asked": [one._asdict() for one in reading.asked] if reveal else [],
        "mine": msgspec.to_builtins(mine) if mine is not None else None,
        "guesses": _dots(guesses.values()) if reveal else [],
        "truth": reading.truth if reveal else {"heard": None, "command": None},
        "moments": [moment._asdict() for moment in reading.moments] if reveal else [],
        "unanswered": reading.unanswered if reveal else [],
        "actions": [{"text": one.text, "owner": one.owner, "due_on": one.due_on} for one in reading.actions],
        "held": [asdict(one) for one in held] if score else [],
        "score": _score(reading.story, found, member) if score and found is not None else None,
    }


def _dots(guesses: Iterable[Guess]) -> list[dict[str, int | None]]:
    """The guessed times without names; their order does not show whose they are."""
    pairs = sorted(((one.heard, one.command) for one in guesses), key=lambda pair: [(at is None, at) for at in pair])
    return [{"heard": heard, "command": command} for heard, command in pairs]


def _score(story: Story, found: Worth, member: str | None) -> dict[str, Any]:
    card = found.card
    own = card.people.get(member) if card.people is not None and member is not None else None
    return {
        "score": card.score,
        "says": card.verdict,
        "provisional": card.provisional,
        "held_down": held_down(card),
        "response_time": card.response_time,
        "role_coverage": card.role_coverage,
        "parts": _parts(card),
        "most": [_what_if(one, line, card.score) for one, line in zip(found.most, card.ledger, strict=False)],
        "ledger": [_line(line, story) for line in card.ledger if line.points >= 0.05],
        "mine": None if own is None else [_line(line, story) for line in own.lost if line.points >= 0.05],
    }


def _what_if(one: Remedied, line: Lost, score: float | None) -> dict[str, Any]:
    """What a drill would have been worth with one line's change, by items and without names."""
    items = one.found.items if one.found is not None else []
    return {
        "title": line.title,
        "why": line.why,
        "better": line.better,
        "brings": one.brings,
        "score": None if score is None else round(score + one.brings, 1),
        "items": [{"title": item.title, "before": item.before, "after": item.after} for item in items],
    }


def _parts(card: Scorecard) -> list[dict[str, Any]]:
    return [
        {"title": COMPONENTS.get(name, name), "score": part.score, "weight": part.weight}
        for name, part in card.components.items()
    ]


def _line(line: Lost, story: Story) -> dict[str, Any]:
    return {
        "owner_title": story.owner(line.owner),
        "title": line.title,
        "why": line.why,
        "points": line.points,
        "better": line.better,
    }
