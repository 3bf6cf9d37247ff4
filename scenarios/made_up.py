"""Made-up names, places and words that a scenario may vary.

They stand in `made_up.json`, which Faker made once with the command that the file names, so that a seed means the same
drill whatever version of Faker there is.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

__all__ = ["FakeValue", "made_up"]

FakeValue = Literal["company", "first_name", "last_name", "name", "city", "job", "color_name", "word"]
"""Faker's providers that are short, harmless and do not depend on today's date."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """What the file holds."""

    made_by: str
    """The command that made it."""
    faker: str
    """The version of Faker that it was made with."""
    values: dict[FakeValue, tuple[str, ...]]


def made_up(kind: FakeValue) -> tuple[str, ...]:
    """All made-up values of a kind, always in the same order."""
    return _read().values[kind]


@cache
def _read() -> _File:
    return msgspec.json.decode(files(__package__).joinpath("made_up.json").read_bytes(), type=_File)
