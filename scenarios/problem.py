"""What is wrong with an authored file, where, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["LoadError", "Problem", "closest", "nearest", "quoted"]

Gravity = Literal["error", "warning"]
CLOSE = 60
"""How alike, from 0 to 100, a misspelt word must be to one we know for us to suggest it (assumed)."""

_SHORTEST_PART = 3
"""Shorter words are the beginning of too many others."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at one place."""

    file: str
    """The file as the user named it, or the name that was looked up."""
    line: int
    """From 1; 0 if the whole file is meant."""
    column: int
    """From 1, in characters; 0 if the whole file is meant, or the whole line."""
    message: str
    """What is wrong, as a sentence without its full stop."""
    hint: str = ""
    """What was expected, or the way out; may be empty."""
    severity: Gravity = "error"
    """An error keeps a file from being used; a warning does not."""

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        warning = "warning: " if self.severity == "warning" else ""
        return _harmless(f"{place}: {warning}{self.message}" + (f" ({self.hint})" if self.hint else ""))


class LoadError(Exception):
    """A file cannot be used. Its text is one line for each problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
        """Everything that is wrong, in the order of its place in the file; never empty."""

    def __reduce__(self) -> tuple[type["LoadError"], tuple[list[Problem]]]:
        return type(self), (list(self.problems),)  # so that it comes whole out of a process of its own


def closest(word: str, known: Sequence[str]) -> str | None:
    """The known word that was probably meant, if any is alike enough.

    That is the one that differs in case, hyphens or spaces alone; else the only one that begins with the word or has it
    among its parts; else the one that is most like it.
    """
    plain = _plain(word)
    same = [one for one in known if _plain(one) == plain]
    parts = [one for one in known if _plain(one).startswith(plain) or plain in _plain(one).split("-")]
    if same or (len(plain) >= _SHORTEST_PART and len(parts) == 1):
        return (same or parts)[0]
    from rapidfuzz import fuzz, process  # slow to import, and most words are right

    close = process.extractOne(word.lower()[:100], known, scorer=fuzz.ratio, score_cutoff=CLOSE)
    return None if close is None else str(close[0])


def _plain(word: str) -> str:
    return "-".join(word[:100].lower().replace("_", " ").replace("-", " ").split())


def nearest(word: str, known: Sequence[str]) -> str:
    """The hint `did you mean …?` for a misspelt word, or nothing if no known word is close."""
    close = closest(word, known)
    return f"did you mean {close}?" if close else ""


def quoted(value: str, most: int = 60) -> str:
    """A word of an author's as an error shows it: in quotes, on one line, cut short, nothing invisible in it."""
    shown = value if len(value) <= most else value[: most - 1] + "…"
    return f"'{_harmless(shown)}'"


def _harmless(text: str) -> str:
    """A text without anything that a terminal would obey."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
