"""How soon members answered the alert, as times that name nobody."""

from typing import NamedTuple

from scoring.facts import Facts
from scoring.ledger import seconds
from scoring.obligations import calls_to

__all__ = ["Answers", "answers_of"]


class Answers(NamedTuple):
    """Seconds from the alert that reached each member but the one who sent it, shortest first."""

    did: list[float]
    """Until they answered: they acknowledged it, or came."""
    never: list[float]
    """Until the response was over, for those who never did."""
    excused: list[float]
    """Until they were excused, for those who had not answered by then."""


def answers_of(facts: Facts) -> Answers:
    """Empty if nobody was alerted. Whose shift did not begin while it lasted is nobody who was waited for."""
    found = Answers([], [], [])
    members = [player.id for player in facts.plan.players]
    for member, alert in zip(members, calls_to("acknowledged", facts, members), strict=True):
        answer = facts.answered.get(member)
        if alert is None or facts.alert is None or member == facts.alert.actor:
            continue
        if not facts.let_off(member, answer):
            times, until = (found.never, facts.response_end) if answer is None else (found.did, answer.when)
            _add(times, until - alert.when)
        elif member in facts.excused:
            _add(found.excused, facts.excused[member] - alert.when)
    return Answers(*(sorted(times) for times in found))


def _add(times: list[float], took: int) -> None:
    times.append(seconds(max(0, took)) or 0.0)
