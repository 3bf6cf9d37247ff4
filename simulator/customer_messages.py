"""What customers write, in their words: banks of sentences per mood, from which keyed draws take one after another.

A message is a body and often an ending. Bodies come in a drawn order, and none comes again before all have come; from
then on a lead goes before it, so that no message is written twice in a drill. `{cannot}` and `{again}` are the
scenario's, `{until}` is the time of day that was promised, `{minutes}` how long the customer has waited.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from scenarios.placeholders import fill
from simulator.customer_message_bank import BODIES, ENDINGS, FIRMS, LEADS, PEOPLE, POSTS
from simulator.draws import in_order, uniform
from simulator.events import Mood

__all__ = ["PROMISED", "Written", "written"]


PROMISED = frozenset(mood for mood in BODIES if "{until}" in " ".join(BODIES[mood] + ENDINGS[mood]))
"""The moods in whose messages the time of day that was promised may come."""


class Written(NamedTuple):
    """A customer's message."""

    via: str
    sender: str
    text: str


def written(seed: int, mood: Mood, count: int, earlier: int, values: dict[str, str]) -> Written:
    """The message of a customer: the drill's `count`th, with `earlier` ones in the same mood before it."""
    bodies, endings = BODIES[mood], ENDINGS[mood]
    in_public = uniform(seed, "customer way", count=count) < _IN_PUBLIC[mood]
    body = bodies[_order(len(bodies), seed, f"body {mood}")[earlier % len(bodies)]]
    ending = endings[_order(len(endings), seed, f"ending {mood}")[earlier % len(endings)]]
    lead = LEADS[min(earlier // len(bodies), len(LEADS) - 1)]
    if in_public or ("hank" in body and "hank" in ending):  # nobody signs a post, or says thanks twice
        ending = ""
    text = fill(f"{lead} {body} {ending}".strip(), values)
    text = text[:1].upper() + text[1:]
    if in_public:
        return Written("customer", _picked(POSTS, seed, "post", count), text)
    person = _picked(PEOPLE, seed, "person", count)
    return Written("email", f"{person}, {_picked(FIRMS, seed, 'firm', count)}", text)


_IN_PUBLIC: dict[Mood, float] = {
    "waiting": 0.2,
    "told": 0.15,
    "reassured": 0.1,
    "let_down": 0.35,
    "misled": 0.4,
    "mended": 0.15,
}
"""The share of messages that are written in public (assumed)."""


_order = lru_cache(maxsize=256)(in_order)


def _picked(options: Sequence[str], seed: int, what: str, count: int) -> str:
    """One after another in a drawn order, so that names repeat as late as possible."""
    return options[_order(len(options), seed, what)[count % len(options)]]
