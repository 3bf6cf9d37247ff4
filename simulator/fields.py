"""What the fields of an event hold, if that matters: words that somebody typed, or the id of a person.

Both are plain strings; their types say which they are, and sealing and renaming rely on these types alone.
"""

from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

__all__ = ["ERASED", "NOT_HERE", "Person", "Typed", "fields_of", "is_gone", "people_of", "typed_in"]

_TYPED, _PERSON = "typed", "person"
Typed = Annotated[str, _TYPED]
"""Words that somebody typed. A log keeps them beside its lines, so that they can be erased."""
Person = Annotated[str, _PERSON]
"""The id of a member, a facilitator or an evaluator."""

ERASED = "[erased]"
"""Replaces a text that was erased."""
NOT_HERE = "[text not here]"
"""Replaces the texts of a log that was read without them."""


def is_gone(text: str) -> bool:
    """Whether a text is the mark of one that is erased or not here."""
    return text in (ERASED, NOT_HERE)


@cache
def typed_in(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of an event that hold what somebody typed, in order."""
    return fields_of(kind, _TYPED)


@cache
def people_of(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of an event that hold the id of a person, or several, in order."""
    return fields_of(kind, _PERSON)


def fields_of(kind: type[msgspec.Struct], mark: str | None) -> tuple[str, ...]:
    """The text fields whose type has the mark; without a mark, those that have none."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(name for name in kind.__struct_fields__ if mark in _marks(hints[name]))


def _marks(hint: Any) -> set[str | None]:  # noqa: ANN401 - a type is anything
    """The marks of the texts that a type holds; None for one without a mark."""
    if get_origin(hint) is Annotated:
        return {str(hint.__metadata__[0])}
    if hint is str:
        return {None}
    return {mark for part in get_args(hint) for mark in _marks(part)}
