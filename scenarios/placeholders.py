"""Texts with names in braces: `{release}` is filled by name, and nothing else is ever evaluated."""

import re
from collections.abc import Mapping

__all__ = ["BUILT_IN_NAMES", "fill", "names_in"]

BUILT_IN_NAMES = frozenset({"weekday"})
"""Names that a text may use although the scenario does not vary them: the weekday on which the drill starts."""

_NAME = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*)\}(?!\})", re.ASCII)


def fill(text: str, values: Mapping[str, str | int | float]) -> str:
    """Put each value in the place of its name in single braces.

    A name that has no value and any other use of braces (`{{x}}`, `{x.y}`, `{x:>9}`) stay as they are. Braces inside a
    value are not filled in turn.
    """
    if "{" not in text:
        return text
    return _NAME.sub(lambda found: _written(values[found[1]]) if found[1] in values else found[0], text)


def names_in(text: str) -> list[str]:
    """The names that `fill` would look up, each once, in the order in which they first stand in the text."""
    return list(dict.fromkeys(_NAME.findall(text))) if "{" in text else []


def _written(value: str | int | float) -> str:
    """A value as people write it: 40.0 is `40`."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
