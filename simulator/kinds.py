"""All kinds of events, and how one is read from JSON."""

from collections.abc import Iterator
from functools import reduce
from operator import or_

import msgspec

from simulator.events import Event

__all__ = ["DECODER", "EVENTS"]


def _kinds(base: type[Event]) -> Iterator[type[Event]]:
    """The kinds of event derived from one, or itself if there are none."""
    made = base.__subclasses__()
    if not made:
        yield base
    for kind in made:
        yield from _kinds(kind)


EVENTS: tuple[type[Event], ...] = tuple(_kinds(Event))
"""Everything that a log can hold, told apart by `kind`, the class's name; in order of definition."""
DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(reduce(or_, EVENTS))
"""Reads an event from JSON."""
