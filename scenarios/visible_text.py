"""What text is: decided here for everything that is authored, typed, scored and printed."""

import re
import unicodedata

__all__ = ["CONTROL", "cleaned", "says_something"]

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no text may contain: control characters, overrides of the direction, and surrogates, which no file can hold."""
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"))
"""Unicode's categories of what shows nothing by itself: controls, formats, spaces, and marks on another character."""
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""What Unicode counts as letters or symbols and what is empty: Hangul fillers, and Braille without a dot."""


def says_something(text: str) -> bool:
    """Whether there is anything to see in a text; without that, it is none."""
    if text[:1].isascii() and text[:1].isalnum():  # most texts; the long way says the same
        return True
    return any(sign not in _BLANK and unicodedata.category(sign) not in _UNSEEN for sign in text)


def cleaned(text: str) -> str:
    """What somebody typed, without control characters and the space around it; nothing if there is nothing to see."""
    text = (text if text.isprintable() else CONTROL.sub("", text)).strip()
    return text if says_something(text) else ""
