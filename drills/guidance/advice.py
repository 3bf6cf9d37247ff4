"""What to think of before a message goes out to customers.

It reads the words that somebody is typing. It judges nothing and affects no points.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scenarios.base import format_duration
from scenarios.placeholders import fill
from simulator import events as ev
from simulator.events import Event
from simulator.matching import claims_over, what_it_says
from simulator.plan import DrillPlan
from simulator.state import DrillState

__all__ = ["Advice", "advice"]

_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d+\s*(?:min|mins|minutes?|hours?|h)\b", re.IGNORECASE)
_CAUSE = re.compile(
    r"\b(?:because|due to|caused by|the cause|reason (?:is|was)|root cause|as a result of)\b", re.IGNORECASE
)
_WHO = re.compile(
    r"\b(?:some|all|every|most|many|customers?|clients?|users?|people|those|everyone|everybody|anybody|anyone|who|you|your)\b"
)
_SEEN = re.compile(
    r"\b(?:can(?:no|['’])t|cannot|unable|errors?|fail\w*|slow\w*|not|see|wait\w*|wrong|twice|lost|late|problems?|"
    r"trouble|missing|down|unavailable|works? again|restored|resolved|able to)\b"
)
_BLAME = re.compile(r"\b(?:human error|somebody'?s mistake|our (?:engineer|developer|intern)s?|fault of)\b")
_JARGON = re.compile(
    r"\b(?:rolled? ?back|deploy(?:ed|ment)?|hotfix|failover|replica(?:tion)?|cache|latency|timeouts?|stack trace|"
    r"http ?\d{3}|\d{3} errors?|cpu|node|pod|cluster|dns|load balancer|migration|rollback)\b"
)
_SEVERITY = re.compile(r"\bsev(?:erity)?[ -]?\d\b")
_IDENTIFIER = re.compile(
    r"\b(?:db|redis|pg|postgres|mysql|kafka|k8s)-[a-z0-9-]+|\b[a-z]+(?:[_-][a-z0-9]+)*[_-]\d[a-z0-9]*\b|"
    r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\bv\d+(?:\.\d+)*\b"
)
LONG_MESSAGE = 90
"""Words. A status page is read on a phone, by somebody in a hurry."""


class Advice(NamedTuple):
    """Something to think of before a message goes out."""

    id: str
    text: str


def advice(plan: DrillPlan, state: DrillState, events: Iterable[Event], text: str, next_in: int | None) -> list[Advice]:
    """What to think of before this goes out."""
    said = text.lower()
    happened = list(events)
    over = next_in == 0 or claims_over(text)
    return [
        *_of_readers(said, over),
        *_of_next(plan, state, next_in, over),
        *_of_leaks(plan, state, said),
        *_of_knowledge(state, happened, text, next_in, over),
        *_of_tone(said, happened, text),
        *_of_agreement(plan, state, text),
    ]


def _of_readers(said: str, over: bool) -> Iterator[Advice]:
    if not _WHO.search(said):
        yield Advice("who_affected", "Say who is affected.")
    if not _SEEN.search(said) and not over:
        yield Advice("what_they_see", "Say what they see, in their words.")


def _of_next(plan: DrillPlan, state: DrillState, next_in: int | None, over: bool) -> Iterator[Advice]:
    longest = plan.protocol.cadence.external
    if next_in is None and not over:
        yield Advice("next_message", "Say when they hear from you next.")
    elif next_in is not None and next_in > longest:
        yield Advice("next_too_late", f"Under the protocol customers hear from us every {format_duration(longest)}.")
    if state.published and over and next_in not in (0, None):
        yield Advice("last_one", "You say that it is over and promise another message. Is this the last one?")


def _of_leaks(plan: DrillPlan, state: DrillState, said: str) -> Iterator[Advice]:
    leaked = _internal(plan, state, said)
    if leaked:
        yield Advice("internal_name", f"“{leaked}” is a name that only we use.")
    else:
        jargon = _JARGON.search(said)
        if jargon is not None:
            yield Advice("jargon", f"“{jargon[0]}” says little to a customer. Say what it means for them.")


def _of_knowledge(
    state: DrillState, events: Sequence[Event], text: str, next_in: int | None, over: bool
) -> Iterator[Advice]:
    known = " ".join(event.text.lower() for event in events if isinstance(event, ev.EntryLogged | ev.UpdatePosted))
    if _CAUSE.search(text) and not _CAUSE.search(known) and not state.done:
        yield Advice("cause_unknown", "You name a cause, but the log does not have one yet.")
    told = _TIME.search(text)
    if told and next_in is None and told[0].lower() not in known:
        yield Advice("time_unknown", f"“{told[0]}”: the log has no such time.")
    if over and state.impact != "ended":
        yield Advice("not_over", "You say that it is over. Look at the signals again.")


def _of_tone(said: str, events: Sequence[Event], text: str) -> Iterator[Advice]:
    if _BLAME.search(said):
        yield Advice("blame", "Leave out whose fault it was. Say what you do about it.")
    words = len(text.split())
    if words > LONG_MESSAGE:
        yield Advice("too_long", f"{words} words is long for a status page. Put the main thing first.")
    if len(text) > 20 and text.upper() == text:
        yield Advice("shouting", "In capitals it reads as shouting.")
    last = next((event for event in reversed(events) if isinstance(event, ev.MessagePublished)), None)
    if last is not None and " ".join(last.text.lower().split()) == " ".join(said.split()):
        yield Advice("said_before", "This is word for word what you said before. What is new?")


def _of_agreement(plan: DrillPlan, state: DrillState, text: str) -> Iterator[Advice]:
    """Where there is a commander, what goes out is agreed with them."""
    table = plan.protocol.table(state.severity) if state.severity is not None else None
    owed = table is not None and any(one.act == "messages_agreed" for one in table.obligations)
    if owed and state.commander is not None and what_it_says(text, state).draft not in state.approved:
        title = plan.protocol.commander_title
        yield Advice("not_agreed", f"The {title} has not approved this yet; the {title} can publish anything.")


def _internal(plan: DrillPlan, state: DrillState, said: str) -> str:
    """A word that outsiders do not know, if the message has one."""
    words = [name for name in plan.scenario.signals if "_" in name]
    words += [str(value).lower() for name, value in state.values.items() if name in ("release", "change", "build")]
    words += [role.title.lower() for role in plan.protocol.roles if " " in role.title] + ["solutioneer"]
    words += [plan.protocol.channel.lower()]
    words += re.findall(r"\b[a-z]+-[a-z]+-?[a-z0-9]*\b(?=:)", fill(plan.scenario.report.text, state.values).lower())
    known = next((word for word in words if word and word in said), "")
    if known:
        return known
    found = _SEVERITY.search(said) or _IDENTIFIER.search(said)
    return found[0] if found is not None else ""
