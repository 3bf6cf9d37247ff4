"""Words of the stock made into sentences: `<<thing>>` is looked up, of `<<bank|accountant>>` one is drawn, and
`<<thing:12>>` is filled up with blanks to twelve signs, for tables.

Names in single braces, such as `{customer}`, are left alone: they are filled when the drill is played.
"""

import re
from collections.abc import Mapping

from scenarios.generate.draws import Dice

__all__ = ["Phrases", "Words"]

Words = dict[str, str]
"""What each name in double angle brackets stands for."""

_SLOT = re.compile(r"<<([^<>]+)>>")
_DEEPEST = 5


class Phrases:
    """Fills the stock's texts, always in the same way for the same seed."""

    def __init__(self, dice: Dice, words: Mapping[str, str | int | float]) -> None:
        self.dice = dice
        self.words: Words = {}
        self.learn(words)

    def learn(self, words: Mapping[str, str | int | float]) -> None:
        """Know these words as well; later ones win."""
        self.words.update({name: str(value) for name, value in words.items()})

    def say(self, text: str, key: str) -> str:
        """The text with all its slots filled; `key` names the text among all that draw. Raises KeyError for a word
        that nobody has said.
        """
        for depth in range(_DEEPEST):
            if "<<" not in text:
                break
            counted = iter(range(text.count("<<")))
            level = depth
            text = _SLOT.sub(lambda slot: self._filled(slot[1], f"{key}/{level}/{next(counted)}"), text)  # noqa: B023 - used at once
        return text

    def _filled(self, slot: str, key: str) -> str:
        if "|" in slot:
            return self.dice.pick(f"word {key}", slot.split("|"))
        slot, _, width = slot.partition(":")
        return self._word(slot).ljust(int(width or 0))

    def _word(self, slot: str) -> str:
        if slot in self.words:
            return self.words[slot]
        plain = slot[:1].lower() + slot[1:]
        if plain in self.words:
            value = self.words[plain]
            return value[:1].upper() + value[1:]
        if slot.startswith(("a ", "A ")):
            value = self.words[slot[2:]]
            return f"{slot[0]}{'n' if value[0] in 'aeiou' else ''} {value}"
        raise KeyError(f"nobody says what <<{slot}>> is")
