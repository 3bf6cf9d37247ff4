"""Drills that a team brings along: those of another team, by people of whom at least half are in this one.

A team that was split, or given another name, is not the team that played them. They are shown, and count for nothing.
"""

from collections.abc import Iterable, Sequence

from scoring.history.figures import Figures
from scoring.history.selection import Keys, keys_of

__all__ = ["MOST", "inherited"]

MOST = 12
"""So many are shown, the last."""


def inherited(own: Sequence[Figures], others: Iterable[Figures]) -> list[Figures]:
    """Of the drills of other teams, those before a team's first in which at least half of its first crew played.

    They are like its own in all but the team: of one kind, mode and protocol. Only people count, and only drills that
    would count for their own team.
    """
    if not own or not own[0].crew.persons:
        return []
    first, people = own[0], set(own[0].crew.persons)
    alike = _alike(keys_of(first.drill))
    found = [
        one
        for one in others
        if one.drill.team != first.drill.team
        and one.drill.start < first.drill.start
        and _alike(keys_of(one.drill)) == alike
        and one.drill.uncapped is not None
        and one.drill.complete
        and not (one.drill.cut_short or one.drill.provisional)
        and 2 * len(people.intersection(one.crew.persons)) >= len(people)
    ]
    return sorted(found, key=lambda one: (one.drill.start, one.drill.head))[-MOST:]


def _alike(keys: Keys) -> Keys:
    return keys._replace(team="", group=1)
