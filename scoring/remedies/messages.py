"""Saying and writing: log entries, updates, messages to customers, answers."""

from itertools import pairwise

from scenarios.expects import Decision, Expectation
from scenarios.protocol import Duty
from scoring.components.communication import overdue
from scoring.hands import SECOND, Hands, down, every, up
from scoring.ledger import Judged
from scoring.remedies.common import AFTER, MESSAGE, Remedy, due_time, message_at, message_line
from simulator import events as ev
from simulator.changes import Change, drop, insert
from simulator.events import Event

__all__ = ["BY_WORDS", "file_bug"]


def _first(kind: type[Event], line: str, role: str, *, in_channel: bool = True) -> Remedy:
    """The first act of a kind in time. `role` is the protocol's field for whoever usually does it."""

    def found(one: Judged, hands: Hands) -> list[Change]:
        facts, due = hands.facts, due_time(one, AFTER)
        event = next((event for event in facts.during(kind)), None)
        said = line.format(workaround=" ".join((facts.scenario.workaround or "").split()))
        if event is not None:
            return hands.sooner(event, due, said, in_channel=in_channel)
        return hands.added(min(due, hands.over - SECOND), said, getattr(facts.protocol, role), in_channel=in_channel)

    return found


def _published(one: Judged, hands: Hands) -> list[Change]:
    due, messages = due_time(one, AFTER), hands.facts.messages
    if not messages:
        return _kept(one, hands)
    if messages[0].agreed or not hands.works(messages[0].by, due):
        return message_at(hands, due)
    return hands.sooner(messages[0], due, message_line(hands, due, f"{MESSAGE} next 10m"), in_channel=False)


def _kept(one: Judged, hands: Hands) -> list[Change]:
    """A message whenever customers would have waited for one."""
    facts = hands.facts
    step = min(10 * AFTER, facts.protocol.cadence.external)
    waits = [(start, min(stop, hands.over)) for start, stop in overdue(facts)]
    if not facts.messages and one.owed.duty.act == "published":
        waits.append((due_time(one, AFTER), hands.over))
    times = {down(at) for start, stop in waits for at in every(down(start), stop, step) if at < hands.over}
    return [change for at in sorted(times) for change in message_at(hands, max(at, up(facts.report) + 3 * SECOND))]


def _named(one: Judged, hands: Hands) -> list[Change]:
    if not hands.facts.messages:
        return _kept(one, hands)
    silent = [event for event in hands.facts.messages if event.next_in is None or event.next_in == 0]
    end = hands.facts.fixed.when if hands.facts.fixed is not None else hands.over
    later = {event.seq: then.when - event.when for event, then in pairwise(hands.facts.messages)}
    return [
        change
        for event in silent
        if event.when <= hands.over and (event.next_in is None or event.when < end)
        for change in (drop(event.seq), *message_at(hands, event.when, up(later.get(event.seq, 0))))
    ]


def _agreed(one: Judged, hands: Hands) -> list[Change]:
    if not hands.facts.messages:
        return _kept(one, hands)
    found = []
    for event in hands.facts.messages:
        if not event.agreed:
            hand = hands.leader(event.when)
            next_in = "" if event.next_in is None else f" next {event.next_in // SECOND}s"
            line = message_line(hands, hand.at, f"{MESSAGE}{next_in}", event.by)
            found += [drop(event.seq), *hand.before, insert(hand.at, hand.who, line)]
    return found


def _spoken(one: Judged, hands: Hands) -> list[Change]:
    """An update before any silence grows too long."""
    facts = hands.facts
    step = one.owed.target or 5 * AFTER
    marks = sorted({up(facts.report) + SECOND, *(at for at in facts.posts if at < hands.over), hands.over})
    found: list[Change] = []
    for since, until in pairwise(marks):
        if until - since > step:
            for at in every(since + step - SECOND, until, step - SECOND):
                found += hands.added(at, "/update This is how it stands", hands.commander)
    return found


def _answered(one: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    found: list[Change] = []
    for event in facts.during(ev.InjectDelivered):
        inject = facts.scenario.inject(event.inject or "")
        for asked in inject.expects or () if inject is not None else ():
            if isinstance(asked, Expectation | Decision) and event.seq in one.finding.evidence:
                found += _reply(event, asked, hands)
    return found


def _reply(event: ev.InjectDelivered, asked: Expectation | Decision, hands: Hands) -> list[Change]:
    at = down(event.when + asked.target)
    at = max(up(event.when) + SECOND, min(at, hands.over - SECOND))
    who = next((member for member in event.recipients if hands.could(member, at, in_channel=False)), None)
    if who is None:
        return []
    if isinstance(asked, Decision):
        return [insert(at, who, f"/choose {asked.options[0].id}")]
    lines = {
        "reply": f"/reply {event.number} We are on it",
        "declare_severity": f"/sev {hands.facts.scenario.severity_at(event.when)}",
    }
    if asked.act in lines:
        return [insert(at, who, lines[asked.act])]
    if asked.act == "publish":
        return message_at(hands, at)
    if asked.act in ("update", "log"):
        return hands.added(at, f"/{asked.act} This is how it stands", hands.commander)
    return []


file_bug = _first(ev.BugFiled, "/bug It is not as it should be", "commander", in_channel=False)
"""A bug filed by whoever commands, in time."""

BY_WORDS: dict[Duty, Remedy] = {
    "bug_filed": file_bug,
    "logged": _first(ev.EntryLogged, "/log We have begun to look", "solver"),
    "updated": _first(ev.UpdatePosted, "/update We are looking into it", "commander"),
    "published": _published,
    "messages_agreed": _agreed,
    "cadence_kept": _kept,
    "next_named": _named,
    "not_silent": _spoken,
    "injects_answered": _answered,
    "workaround_used": _first(ev.WorkaroundAnnounced, "/workaround {workaround}", "commander", in_channel=False),
}
