"""The draws of one incident: each has a name, so that none shifts another."""

from collections.abc import Iterator, Sequence
from typing import Literal, TypeVar

from scenarios.draws import choose, uniform

__all__ = ["Dice", "Difficulty"]

T = TypeVar("T")
Difficulty = Literal["easy", "medium", "hard"]

ROUND = 30
"""So many seeds in a row look at what came before them, so that what happens is not the same twice."""


class Dice:
    """Keyed draws from a seed, and from what was asked of the incident."""

    def __init__(self, seed: int, wishes: str) -> None:
        self.seed = seed
        self._asked = wishes
        self.wishes = f"random {wishes}"

    def share(self, what: str) -> float:
        """A number in [0, 1)."""
        return uniform(self.seed, self.wishes, what)

    def pick(self, what: str, options: Sequence[T]) -> T:
        """One of the options, each as likely; there must be at least one."""
        return choose(options, self.seed, self.wishes, what)

    def whole(self, what: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.share(what) * (high - low + 1))

    def shuffled(self, what: str, things: Sequence[T]) -> list[T]:
        """The things in a drawn order."""
        order = sorted(range(len(things)), key=lambda place: uniform(self.seed, self.wishes, what, place))
        return [things[place] for place in order]

    def deck(self, what: str, things: Sequence[T], hand: int = 1) -> list[T]:
        """The things in an order in which neighbouring seeds begin elsewhere, `hand` things further each.

        They are dealt like cards: as many seeds in a row as there are hands in the deck get other ones, then it is
        shuffled again. Somebody who looks at ten seeds in a row sees ten different things, if there are as many.
        """
        shuffle, turn = divmod(self.seed, max(1, len(things) // hand))
        cards, place = self._stacked(shuffle, f"deck {what}", things), turn * hand
        return cards[place:] + cards[:place]

    def for_the_round(self, what: str, things: Sequence[T]) -> list[T]:
        """The things in an order that all seeds of a round share."""
        return self._stacked(self.seed // ROUND, f"round {what}", things)

    def earlier(self) -> "Iterator[Dice]":
        """The draws of the seeds before this one in its round, from the first."""
        yield from (Dice(seed, self._asked) for seed in range(self.seed - self.seed % ROUND, self.seed))

    def _stacked(self, shuffle: int, what: str, things: Sequence[T]) -> list[T]:
        order = sorted(range(len(things)), key=lambda card: uniform(shuffle, self.wishes, what, card))
        return [things[card] for card in order]

    def dealt(self, what: str, options: Sequence[T]) -> T:
        """One of the options, another one for each of as many seeds in a row; there must be at least one."""
        return self.deck(what, options)[0]
