"""What a team remembers: who played, who led and who saw what in drills that were held, as a plan counts it.

Drills know people by ids of their own, and a team's file by others; somebody is the same where the name is.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from drills.planning.calendar.choice import Memory
from drills.planning.calendar.plan import Past
from drills.planning.calendar.turns import Led
from drills.planning.calendar.workspace import Planned

__all__ = ["Held", "past_of"]


class Held(NamedTuple):
    """A drill that was held."""

    minute: int
    """When it began, in minutes since 1970."""
    day: date
    """The day on which it began, where the team was."""
    scenario: str
    """Its scenario's id."""
    joined: tuple[str, ...]
    """The names of those who joined."""
    led: tuple[str, ...]
    """The names of those who held command, in the order in which they did."""
    could_lead: tuple[str, ...]
    """The names of those who may hold command."""


def past_of(one: Planned, held: Sequence[Held], today: date) -> Past:
    """What a schedule's plan counts of the drills that were held; those of other teams by whoever is in both."""
    ids = {_plain(member.name): member.id for member in one.presence.team.members}

    def known(names: Sequence[str]) -> list[str]:
        return [ids[name] for name in map(_plain, names) if name in ids]

    led: list[Led] = []
    played: Counter[str] = Counter()
    seen: Memory = {}
    for drill in sorted(held, key=lambda each: each.minute):
        joined = known(drill.joined)
        played.update(joined)
        seen.setdefault(drill.scenario, {}).update(dict.fromkeys(joined, drill.day))
        for member in known(drill.led)[:1]:
            could = dict.fromkeys([*(who for who in known(drill.could_lead) if who in joined), member])
            led.append(Led(drill.minute, "suggested_commander", member, tuple(could)))
    return Past(one.since(today), today, led, played, seen)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
