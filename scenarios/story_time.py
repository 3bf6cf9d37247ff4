"""The time of day in the story. It is the exercise's own: it has nothing to do with the hour at which a team plays.

The story's clock begins at the scenario's `begins`, runs on with drill time, and jumps ahead where an inject `skips`.
Its times are milliseconds since the midnight before the story begins.
"""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from scenarios.base import parse_duration
from scenarios.placeholders import fill

__all__ = [
    "CLOCK",
    "DAYS",
    "Begins",
    "begin_of",
    "day_of",
    "day_time",
    "fill_told",
    "fill_untold",
    "time_of_day",
    "time_since",
    "weekday_of",
]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""In the order of datetime's weekdays; strftime would follow the locale."""
MINUTE = 60_000
DAY = 24 * 60 * MINUTE

CLOCK = re.compile(r"(?<!\{)\{clock(?:([+-])((?=\d)(?:\d{1,3}h)?(?:\d{1,4}m)?))?\}(?!\})", re.ASCII)
"""The story's time of day in a text: `{clock}`, `{clock+20m}` or `{clock-1h30m}`."""

_BEGINS = re.compile(r"(?:([A-Za-z]+) +)?([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_SAYS = "a time of day is written like 14:35 or Tuesday 14:35"


def _begins(text: str) -> str:
    found = _BEGINS.fullmatch(text.strip())
    if found is None or (found[1] is not None and found[1].capitalize() not in DAYS):
        raise ValueError(_SAYS)
    day = f"{found[1].capitalize()} " if found[1] else ""
    return f"{day}{int(found[2]):02}:{found[3]}"


Begins = Annotated[
    str,
    AfterValidator(_begins),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^(({'|'.join(DAYS)}) )?([01]?\d|2[0-3]):[0-5]\d$",
            "examples": ["14:35", "Tuesday 14:35"],
        }
    ),
]
"""A time of day, perhaps with a day of the week: `14:35` or `Tuesday 14:35`."""


def begin_of(begins: str) -> int:
    """The story's time at the start."""
    hours, minutes = begins.rpartition(" ")[2].split(":")
    return (int(hours) * 60 + int(minutes)) * MINUTE


def weekday_of(begins: str | None) -> str | None:
    """The day of the week on which the story begins, if the scenario says one."""
    return begins.rpartition(" ")[0] or None if begins is not None else None


def time_of_day(time: int) -> str:
    """A time of the story as `09:15`."""
    return f"{time // (60 * MINUTE) % 24:02}:{time // MINUTE % 60:02}"


def day_of(time: int, first: str) -> str:
    """The day of the week at a time of the story that begins on the day `first`."""
    return DAYS[(DAYS.index(first) + time // DAY) % len(DAYS)] if first in DAYS else f"day {time // DAY + 1}"


def day_time(time: int, first: str) -> str:
    """A time of the story as `Wednesday 09:15`."""
    return f"{day_of(time, first)} {time_of_day(time)}"


def time_since(time: int, begins: str) -> str:
    """A time of the story as people read it: `Tuesday 14:35`; without a weekday `14:35`, and later `day 2 09:25`."""
    first = weekday_of(begins)
    if first is None and time < DAY:
        return time_of_day(time)
    return day_time(time, first or "")


def fill_told(text: str, values: Mapping[str, str | int | float], time: int | None) -> str:
    """A text that is told at a time of the story: `{clock}` and what was drawn are filled.

    Without a time, `{clock}` stays as it is.
    """
    if time is None or "{clock" not in text:
        return fill(text, values)
    return fill(CLOCK.sub(lambda found: time_of_day(time + _offset(found)), text), values)


def fill_untold(text: str, values: Mapping[str, str | int | float]) -> str:
    """A text whose time nobody knows yet: words in brackets stand where `{clock}` will be filled."""
    return fill(CLOCK.sub(_untold, text), values)


def _untold(found: re.Match[str]) -> str:
    if found[2] is None:
        return "[the time then]"
    return f"[{found[2]} {'before' if found[1] == '-' else 'after'} that]"


def _offset(found: re.Match[str]) -> int:
    if found[2] is None:
        return 0
    return parse_duration(found[2]) * (-1 if found[1] == "-" else 1)
