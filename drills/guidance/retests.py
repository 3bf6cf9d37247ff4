"""It held: what a team wanted to change after one drill, measured again in a later one.

A corrective action is tested again by one of the scorecard's times: what it was then, beside what it is now.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from reports.format import spell
from scenarios.protocol import Duty, Protocol
from scoring.result import Measures, Scorecard
from simulator import events as ev
from simulator.events import Event

__all__ = [
    "MEASURES",
    "Action",
    "Retest",
    "actions_of",
    "held",
    "kept",
    "key_of",
    "likely",
    "measured",
    "shown_by",
    "then_of",
]


class Measure(NamedTuple):
    """A time of the scorecard by which an action can be tested again. Less is better."""

    title: str
    """What it is the time of."""
    says: str
    """How one of its times is told."""
    never: str
    """How we say that it never happened."""
    words: str
    """A pattern of words that point to it in an action's text."""


MEASURES: dict[str, Measure] = {
    "time_to_commander_s": Measure(
        "somebody in command", "after {}", "nobody ever was", r"command|lead|in charge|hand(?:ed)? ?over|decide|role"
    ),
    "time_to_first_message_s": Measure(
        "customers hear from us",
        "after {}",
        "they never did",
        r"customer|status page|publish|external|first message|tell (?:them|people)|draft|template|press",
    ),
    "time_to_fix_s": Measure(
        "the impact ends",
        "after {}",
        "it never did",
        r"fix|mend|roll(?:ed)? ?back|restore|deploy|restart|runbook|release|database|logs?\b|monitor|dashboard|backup",
    ),
    "longest_silence_s": Measure(
        "the longest silence in the channel",
        "{}",
        "not measured",
        r"silen|update|running log|scribe|log (?:it|what|every)|post(?:ed)? in|write down|every \w+ minutes",
    ),
    "time_to_alert_s": Measure(
        "the team is alerted",
        "after {}",
        "it never was",
        r"alert|page[rd]?\b|paging|on.?call|call (?:the team|everybody|everyone)|severity|escalat",
    ),
}
"""The times by which an action can be tested again, by their names in the scorecard."""


class Retest(msgspec.Struct):
    """A corrective action that a drill should test again, as noted when the drill was made."""

    drill: str
    """The drill in which it was entered."""
    seq: int
    """Its event there."""
    text: str
    measure: str
    then: float | None
    """Seconds that it took in that drill; None if it never happened."""


class Action(NamedTuple):
    """A corrective action of a drill."""

    seq: int
    text: str
    owner: str
    due_on: str


_SHOWN_BY: dict[str, Duty] = {
    "time_to_alert_s": "team_alerted",
    "time_to_commander_s": "role_in_place",
    "time_to_first_message_s": "published",
    "time_to_fix_s": "impact_ended",
    "longest_silence_s": "not_silent",
}
"""The act that is owed by the same time as each measure tells."""


def shown_by(measure: str, protocol: Protocol) -> str | None:
    """The id of the obligation that a measure is the time of; None if the protocol has none."""
    act = _SHOWN_BY.get(measure)
    owed = (duty for table in protocol.tables for duty in table.obligations if duty.act == act)
    return next((duty.id for duty in owed if duty.role in (None, protocol.commander)), None)


def actions_of(events: Iterable[Event]) -> list[Action]:
    """What a team wants to change; a runbook step that somebody found wrong is to be fixed too."""
    found = []
    for event in events:
        if isinstance(event, ev.CorrectiveActionAdded):
            found.append(Action(event.seq, event.text, event.owner, event.due_on))
        elif isinstance(event, ev.StepFlagged):
            found.append(Action(event.seq, f"Fix step {event.step} of {event.procedure}: {event.text}", "", ""))
    return found


def likely(text: str) -> str:
    """The measure that an action's words point to most; if none do, the end of the impact."""
    said = text.lower()
    counts = {name: len(re.findall(measure.words, said)) for name, measure in MEASURES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "time_to_fix_s"


def key_of(drill: str, seq: int) -> str:
    """The key of a drill's action in forms and notes."""
    return f"{drill}.{seq}"


def measured(measures: Measures, name: str) -> float | None:
    """A time of the scorecard in seconds, if it could be measured."""
    found = getattr(measures, name) if name in MEASURES else None
    return found if isinstance(found, float | int) else None


def then_of(name: str, seconds: float | None) -> str:
    """A time as it is told, such as `after 4 min 5 s`."""
    measure = MEASURES[name]
    return measure.never if seconds is None else measure.says.format(spell(seconds * 1000))


def held(retests: Sequence[Retest], card: Scorecard) -> list[dict[str, Any]]:
    """How each retested action did: it held if its measure took less time than before."""
    found = []
    for one in retests:
        if one.measure not in MEASURES:
            continue
        now = measured(card.measures, one.measure)
        better = now is not None and (one.then is None or now < one.then)
        found.append(
            {
                "text": f"{one.text.rstrip('.')}. Measured by: {MEASURES[one.measure].title}.",
                "then": then_of(one.measure, one.then),
                "now": then_of(one.measure, now),
                "held": better,
            }
        )
    return found


def kept(notes: Mapping[str, str]) -> list[Retest]:
    """The retests of a drill as they were noted, in order of their keys."""
    return [msgspec.json.decode(data, type=Retest) for _, data in sorted(notes.items())]
