"""How soon members answered the alert, as times that name nobody."""

from typing import NamedTuple

from scoring.facts import Facts
from scoring.ledger import seconds
from scoring.obligations import call_to

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
    """Empty if nobody was alerted."""
    found = Answers([], [], [])
    for player in facts.plan.players:
        alert, answer = call_to("acknowledged", facts, player.id), facts.answered.get(player.id)
        if alert is None or facts.alert is None or player.id == facts.alert.actor:
            continue
        if facts.let_off(player.id, answer):
            _add(found.excused, facts.excused[player.id] - alert.when)
        elif answer is not None:
            _add(found.did, answer.when - alert.when)
        else:
            _add(found.never, facts.response_end - alert.when)
    return Answers(*(sorted(times) for times in found))


def _add(times: list[float], took: int) -> None:
    times.append(seconds(max(0, took)) or 0.0)
