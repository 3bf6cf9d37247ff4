"""Who has led, and who has not: never how fast, and never how well."""

from collections.abc import Sequence
from typing import NamedTuple

from scoring.history.figures import Crew, Figures

__all__ = ["RECENT", "Lead", "leads_of"]

RECENT = 3
"""Whoever was in none of so many last drills is no longer listed."""


class Lead(NamedTuple):
    """Somebody who may lead."""

    who: str
    """Their id."""
    last: int | None
    """The place of the last drill in which they led; None if that was in none of these."""


def leads_of(drills: Sequence[Figures]) -> list[Lead]:
    """Those who may lead and were in one of the last drills: who never led first, then who led longest ago."""
    there: dict[str, None] = {}
    for one in drills[-RECENT:]:
        there |= dict.fromkeys(who for who in _people(one.crew) if who in one.crew.may_lead)
    last = {who: place for place, one in enumerate(drills) for who in one.crew.led}
    return sorted((Lead(who, last.get(who)) for who in there), key=lambda one: -1 if one.last is None else one.last)


def _people(crew: Crew) -> list[str]:
    return crew.persons or crew.members
