"""What the remedies share: when something was due, the alert that brings everybody, a message to customers."""

from collections.abc import Callable

from scoring.hands import SECOND, Hands, down, up
from scoring.ledger import Judged
from simulator import events as ev
from simulator.changes import Change, insert, move

__all__ = ["AFTER", "MESSAGE", "Remedy", "alert_in_time", "calling_words", "due_time", "message_at", "message_line"]

Remedy = Callable[[Judged, Hands], list[Change]]
MESSAGE = "A word to everybody whom this keeps from their work"
"""Like nobody's own words, so that it is taken for none of their drafts, whether those are here or erased."""
AFTER = 60 * SECOND
"""How long after a fix it is declared over."""


def due_time(one: Judged, otherwise: int = 0) -> int:
    """When it was due; a while after its clock began if it has no target."""
    owed = one.owed
    return down(owed.start + (owed.target if owed.target is not None else otherwise))


def alert_in_time(one: Judged, hands: Hands) -> list[Change]:
    """The alert in time, and all that followed as soon after it; if there was none, an alert that all answer."""
    facts = hands.facts
    due = max(due_time(one, 30 * SECOND), up(facts.report) + SECOND)
    first = facts.plan.first_responder
    if facts.alert is not None:
        return _sooner(facts.alert, due, hands) if facts.alert.when > due else []
    on_duty = [
        one.id for one in facts.plan.players if (since := facts.on_duty_from(one.id)) is not None and since <= due
    ]
    others = [member for member in on_duty if member != first and member not in facts.excused]
    came = [member for member in (first, *others) if member not in facts.joined]
    return [
        insert(due, first, calling_words(hands, due)),
        *(insert(due + 10 * SECOND, member, "/ack") for member in others if member not in facts.acknowledged),
        *(insert(due + 20 * SECOND, member, "/join") for member in came),
    ]


def _sooner(alert: ev.TeamAlerted, due: int, hands: Hands) -> list[Change]:
    """The alert in time; by the first responder, if whoever sent it knew of nothing yet."""
    first, knew = hands.facts.plan.first_responder, hands.ready(alert.actor or "", in_channel=False) or alert.when
    if knew <= due:
        return [move(alert.seq, due, rest=True)]
    if hands.facts.excused.get(first, due + 1) > due:
        return [insert(due, first, calling_words(hands, due)), move(alert.seq, due + SECOND, rest=True)]
    return [move(alert.seq, knew, rest=True)] if knew < alert.when else []


def calling_words(hands: Hands, at: int, verb: str = "alert") -> str:
    """An act that states severity and topic rightly."""
    return f"/{verb} {hands.facts.course.gravest_by(at)} {hands.facts.scenario.topic}"


def message_at(hands: Hands, at: int, promise: int = 0) -> list[Change]:
    """A message to customers, by whoever commands, so that it is agreed; the next in ten minutes unless promised."""
    hand, then = hands.leader(at), (promise or 10 * AFTER) // SECOND
    return [*hand.before, insert(hand.at, hand.who, message_line(hands, hand.at, f"{MESSAGE} next {then}s"))]


def message_line(hands: Hands, at: int, text: str, by: str = "status_page") -> str:
    """What one would type to tell customers something: another way if that one was down then."""
    way = "email" if not hands.works(by, at) else by
    return f"/publish {text}" if way == "status_page" else f"/publish by {way.replace('_', ' ')} {text}"
