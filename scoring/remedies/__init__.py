"""What would have earned an obligation: the acts to move, drop or add. Each duty that an act can earn has its remedy.

A remedy takes people as they were: who was there, and from when. It is a change to what was done and no promise; what
it brings, only playing the drill again says.
"""

from scenarios.protocol import Duty
from scoring.hands import Hands
from scoring.ledger import Judged
from scoring.remedies.common import Remedy
from scoring.remedies.fix_and_papers import AT_THE_END, by_declaring
from scoring.remedies.messages import BY_WORDS
from scoring.remedies.people import BY_PEOPLE
from simulator.changes import Change

__all__ = ["REMEDIES", "remedy"]

REMEDIES: dict[Duty, Remedy] = {**BY_PEOPLE, **BY_WORDS, **AT_THE_END}
"""The remedy of each duty."""


def remedy(one: Judged, hands: Hands) -> list[Change]:
    """The changes that would have earned an obligation, as far as acts could; none if nobody knows."""
    found = by_declaring(one, hands) or REMEDIES.get(one.owed.duty.act)
    if found is None or not one.lost:
        return []
    changes: dict[object, Change] = {}
    for change in sorted(found(one, hands), key=lambda change: change.at):
        changes.setdefault(_once(change), change)
    return list(changes.values())


def _once(change: Change) -> object:
    """What there is one of: a change to an act, and somebody's coming or taking a role."""
    if change.how != "add":
        return change.seq
    return (change.who, change.line) if change.line.startswith(("/join", "/role ")) else change
