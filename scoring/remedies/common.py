"""What the remedies share: when something was due, the alert that brings everybody, a message to customers."""

from collections.abc import Callable

from scoring.hands import SECOND, Hands, down, up
from scoring.ledger import Judged
from simulator.changes import Change, insert, move

__all__ = ["AFTER", "MESSAGE", "Remedy", "alert_in_time", "calling_words", "due_time", "message_at"]

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
    if facts.alert is not None:
        return [move(facts.alert.seq, due, rest=True)] if facts.alert.when > due else []
    first = facts.plan.first_responder
    others = [player.id for player in facts.plan.players if player.id != first and player.id not in facts.excused]
    came = [member for member in (first, *others) if member not in facts.joined]
    return [
        insert(due, first, calling_words(hands, due)),
        *(insert(due + 10 * SECOND, member, "/ack") for member in others if member not in facts.acknowledged),
        *(insert(due + 20 * SECOND, member, "/join") for member in came),
    ]


def calling_words(hands: Hands, at: int, verb: str = "alert") -> str:
    """An act that states severity and topic rightly."""
    return f"/{verb} {hands.facts.course.gravest_by(at)} {hands.facts.scenario.topic}"


def message_at(hands: Hands, at: int) -> list[Change]:
    """A message to customers, by whoever commands, so that it is agreed."""
    hand = hands.leader(at)
    return [*hand.before, insert(hand.at, hand.who, f"/publish {MESSAGE} next 10m")]
