"""Rows that begin or end an exercise rather than being part of it."""

import re

__all__ = ["ends_exercise", "starts_exercise"]

_STARTS = re.compile(
    r"\bstart\s?ex\b|^(?:the )?(?:start of (?:the )?exercise|exercise (?:starts|begins|start))\b|"
    r"^(?:beginn der übung|übungs(?:beginn|start|anfang))\b",
    re.I,
)
_ENDS = re.compile(
    r"\bend\s?ex\b|^(?:the )?(?:end of (?:the )?exercise|exercise (?:ends|end))\b|"
    r"^(?:ende der übung|übungsende)\b",
    re.I,
)
_LONGEST = 80
"""Longer texts say something besides."""


def starts_exercise(text: str) -> bool:
    """Whether a row is the start of the exercise."""
    return len(text) <= _LONGEST and _STARTS.search(text) is not None


def ends_exercise(text: str) -> bool:
    """Whether a row is the end of the exercise."""
    return len(text) <= _LONGEST and _ENDS.search(text) is not None
