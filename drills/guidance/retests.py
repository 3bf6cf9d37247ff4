"""What a team wants to change after a drill, and which obligation would show that it helped."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scenarios.protocol import Duty, Protocol
from scoring.labels import title_of
from simulator import events as ev
from simulator.events import Event

__all__ = ["WORDS", "Action", "Shown", "actions_of", "likely", "shown_by", "with_words"]

WORDS: Mapping[Duty, str] = {
    "role_in_place": r"command|lead|in charge|hand(?:ed)? ?over|decide|role",
    "published": r"customer|status page|publish|external|first message|tell (?:them|people)|draft|template|press",
    "impact_ended": (
        r"fix|mend|roll(?:ed)? ?back|restore|deploy|restart|runbook|release|database|logs?\b|monitor|dashboard|backup"
    ),
    "not_silent": r"silen|update|running log|scribe|log (?:it|what|every)|post(?:ed)? in|write down|every \w+ minutes",
    "team_alerted": r"alert|page[rd]?\b|paging|on.?call|call (?:the team|everybody|everyone)|severity|escalat",
}
"""Patterns of words that point to what is owed, for a suggestion in a form; whoever enters the action decides. Of those
that match as often, the first counts."""


class Action(NamedTuple):
    """A corrective action of a drill."""

    seq: int
    text: str
    owner: str
    due_on: str


class Shown(NamedTuple):
    """An obligation that can show that an action helped."""

    id: str
    title: str
    words: str
    """A pattern of words that point to it; empty if none do."""


def actions_of(events: Iterable[Event]) -> list[Action]:
    """What a team wants to change; a runbook step that somebody found wrong is to be fixed too."""
    found = []
    for event in events:
        if isinstance(event, ev.CorrectiveActionAdded):
            found.append(Action(event.seq, event.text, event.owner, event.due_on))
        elif isinstance(event, ev.StepFlagged):
            found.append(Action(event.seq, f"Fix step {event.step} of {event.procedure}: {event.text}", "", ""))
    return found


def shown_by(protocol: Protocol) -> list[Shown]:
    """The obligations of a protocol, each once, in the order in which it lists them."""
    owed = {one.id: one for table in protocol.tables for one in table.obligations}
    return with_words((one.id, one.act, title_of(one, protocol)) for one in owed.values())


def with_words(owed: Iterable[tuple[str, str, str]]) -> list[Shown]:
    """Obligations by id, act and title, with the words that point to them: of those of one act, to the first."""
    found: list[Shown] = []
    left = {str(act): words for act, words in WORDS.items()}
    for name, act, title in owed:
        found.append(Shown(name, title, left.pop(act, "")))
    return found


def likely(text: str, shown: Iterable[Shown]) -> str:
    """The id of the obligation that an action's words point to most; empty if they point to none."""
    said, ids = text.lower(), {one.words: one.id for one in shown}
    counts = {ids[words]: len(re.findall(words, said)) for words in WORDS.values() if words in ids}
    best = max(counts, key=lambda name: counts[name], default="")
    return best if counts.get(best) else ""
