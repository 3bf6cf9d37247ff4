"""Days, times of day and stretches of them, as people write them in a calendar. None of them knows a zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from scenarios.base import SECOND, Line, Model, format_duration, parse_duration

__all__ = [
    "DAY",
    "DAYS_OF_WEEK",
    "Clock",
    "Day",
    "Every",
    "Frequency",
    "Hours",
    "Length",
    "Quiet",
    "Span",
    "Spans",
    "Weekday",
    "Weekdays",
    "day",
    "spans",
    "weekday_words",
]

DAY = 24 * 60
"""Minutes."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS_OF_WEEK: tuple[Weekday, ...] = get_args(Weekday)
"""In the order of `date.weekday()`."""
_IN_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LENGTH = re.compile(r"(?:(\d{1,4}) ?)?(d|days?|w|weeks?)", re.ASCII)
_EVERY = re.compile(r"(?:(\d{1,3}) )?(day|week)s?", re.ASCII)


class Span(NamedTuple):
    """A stretch of a day in minutes from midnight; one that goes on after midnight ends behind 24 hours."""

    start: int
    end: int

    def __str__(self) -> str:
        """As authors write it."""
        return f"{_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True)
class Every:
    """How often something comes."""

    count: int
    unit: Literal["day", "week"]

    def __str__(self) -> str:
        """As authors write it."""
        return self.unit if self.count == 1 else f"{self.count} {self.unit}s"


def day(text: str) -> date:
    """A day written like 2027-03-16; anything else is a ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a day; write it like 2027-03-16")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no day {text}") from None
    if not 2000 <= found.year <= 2199:
        raise ValueError(f"{text} is too far away; a calendar's days lie between 2000 and 2199")
    return found


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("a day is written like 2027-03-16")  # noqa: TRY004 - pydantic reports ValueError with its place
    return day(value)


def minute_of(text: str) -> int:
    """A time of day written like 14:00, in minutes; 24:00 is the end of the day. Anything else is a ValueError."""
    found = _CLOCK.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minutes > DAY:
        raise ValueError(f"{text!r} is not a time of day; write it like 14:00")
    return minutes


def _clock(minutes: int) -> str:
    shown = minutes if minutes <= DAY else minutes - DAY
    return f"{shown // 60:02}:{shown % 60:02}"


def _time(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str):
        raise ValueError("a time of day is written like 14:00")  # noqa: TRY004
    minutes = minute_of(value)
    if minutes == DAY:
        raise ValueError("nothing begins at 24:00; write 00:00 of the next day")
    return time(minutes // 60, minutes % 60)


def _span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ValueError("a stretch of the day is written like 09:00-17:00")
    first, last = minute_of(start.strip()), minute_of(end.strip())
    if first in (last, DAY):
        raise ValueError(f"{value} is no stretch of time; a whole day is 00:00-24:00")
    return Span(first, last if last > first else last + DAY)


def spans(value: object) -> tuple[Span, ...]:
    """One stretch of a day, or a list of them that do not overlap."""
    listed = value if isinstance(value, list | tuple) and not isinstance(value, Span) else [value]
    made = tuple(sorted(_span(one) for one in listed))
    if not made:
        raise ValueError("there is no stretch of time in it; leave the days out on which there is none")
    for before, after in pairwise(made):
        if after.start < before.end:
            raise ValueError(f"{before} and {after} overlap")
    return made


def weekday(text: str) -> Weekday:
    """A day of the week, in full or by its first three letters; anything else is a ValueError."""
    word = text.strip().lower()
    for short, full in zip(DAYS_OF_WEEK, _IN_FULL, strict=True):
        if word in (short, full):
            return short
    raise ValueError(f"{text!r} is not a day of the week; write it like tuesday or tue")


def _weekdays(value: object) -> tuple[Weekday, ...]:
    """Days of the week, in their order: one, a list, a stretch such as mon-fri, or `day` for all."""
    words = value if isinstance(value, list | tuple) else [value]
    found: set[Weekday] = set()
    for word in words:
        if not isinstance(word, str):
            raise ValueError("days of the week are written like tuesday, [mon, wed] or mon-fri")  # noqa: TRY004
        first, dash, last = word.partition("-")
        if word == "day":
            found.update(DAYS_OF_WEEK)
        elif dash:
            begin, end = DAYS_OF_WEEK.index(weekday(first)), DAYS_OF_WEEK.index(weekday(last))
            found.update(DAYS_OF_WEEK[(begin + n) % 7] for n in range((end - begin) % 7 + 1))
        else:
            found.add(weekday(word))
    if not found:
        raise ValueError("no day is named")
    return tuple(one for one in DAYS_OF_WEEK if one in found)


def weekday_words(days: tuple[Weekday, ...]) -> str:
    """Days of the week as a sentence has them."""
    if len(days) == len(DAYS_OF_WEEK):
        return "every day"
    names = [_IN_FULL[DAYS_OF_WEEK.index(one)].capitalize() for one in days]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _hours(value: object) -> dict[Weekday, tuple[Span, ...]]:
    if not isinstance(value, Mapping) or not value:
        raise ValueError("hours are written like {mon-fri: 09:00-17:00}")
    made: dict[Weekday, tuple[Span, ...]] = {}
    for days, stretch in value.items():
        for one in _weekdays(days):
            if one in made:
                raise ValueError(f"{weekday_words((one,))} is said twice")
            made[one] = spans(stretch)
    return {one: made[one] for one in DAYS_OF_WEEK if one in made}


def _length(value: object) -> int:
    if isinstance(value, str):
        found = _LENGTH.fullmatch(value)
        if found:
            return int(found[1] or 1) * (7 if found[2].startswith("w") else 1) * DAY * 60 * SECOND
        try:
            return parse_duration(value)
        except ValueError:
            pass
    raise ValueError("a length of time is written like 7d, 4 days, 2 weeks or 90m")


def _shown_length(milliseconds: int) -> str:
    days, rest = divmod(milliseconds, DAY * 60 * SECOND)
    return format_duration(milliseconds) if rest or not days else f"{days}d"


def _every(value: object) -> Every:
    if isinstance(value, Every):
        return value
    found = _EVERY.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("how often is written like day, week or 2 weeks; `rrule` says what is rarer")
    count = int(found[1] or 1)
    if not count:
        raise ValueError(f"{value} is never over; leave the drill out instead")
    return Every(count, "day" if found[2] == "day" else "week")


def _text(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


_SPAN_SCHEMA = {"type": "string", "pattern": r"^\d{1,2}:\d{2}-\d{1,2}:\d{2}$"}
_SPANS_SCHEMA = {"anyOf": [_SPAN_SCHEMA, {"type": "array", "items": _SPAN_SCHEMA, "minItems": 1}]}

Day = Annotated[
    date, BeforeValidator(_day), PlainSerializer(date.isoformat), _text(r"^\d{4}-\d{2}-\d{2}$", "2027-03-16")
]
"""A day of the calendar, written like 2027-03-16."""

Clock = Annotated[
    time,
    BeforeValidator(_time),
    PlainSerializer(lambda value: value.strftime("%H:%M")),
    _text(r"^\d{1,2}:\d{2}$", "14:00"),
]
"""A time of day, written like 14:00."""

Spans = Annotated[
    tuple[Span, ...],
    BeforeValidator(spans),
    PlainSerializer(lambda value: [str(one) for one in value]),
    WithJsonSchema({**_SPANS_SCHEMA, "examples": ["12:00-13:00"]}),
]
"""Stretches of a day; one that ends earlier than it begins goes on after midnight."""

Weekdays = Annotated[
    tuple[Weekday, ...],
    BeforeValidator(_weekdays),
    PlainSerializer(list),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
            "examples": ["tuesday", "mon-fri"],
        }
    ),
]
"""Days of the week."""

Hours = Annotated[
    dict[Weekday, tuple[Span, ...]],
    BeforeValidator(_hours),
    PlainSerializer(lambda value: {name: [str(one) for one in said] for name, said in value.items()}),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": _SPANS_SCHEMA,
            "minProperties": 1,
            "examples": [{"mon-fri": "09:00-17:00"}],
        }
    ),
]
"""Stretches of time on each day of the week."""

Length = Annotated[
    int,
    BeforeValidator(_length),
    PlainSerializer(_shown_length),
    _text(r"^((\d+ ?)?(d|days?|w|weeks?)|(?=\d)(\d+h)?(\d+m)?(\d+s)?)$", "7d", "2 weeks", "90m"),
]
"""Milliseconds, written as `7d`, `4 days`, `2 weeks` or `90m`; a day has 24 hours."""

Frequency = Annotated[
    Every, BeforeValidator(_every), PlainSerializer(str), _text(r"^(\d+ )?(day|week)s?$", "week", "2 weeks")
]
"""How often something comes, written as `day`, `week` or `2 weeks`."""


class Quiet(Model):
    """Time in which no drill may lie: a stretch of some days of the week, or days of the calendar."""

    every: Weekdays | None = None
    """The days of the week on which it comes; `day` means all."""
    at: Spans | None = None
    """The stretch of those days, such as 12:00-13:00."""
    since: Day | None = Field(default=None, alias="from")
    """The first of some days of the calendar."""
    to: Day | None = None
    """The last of them."""
    why: Line | None = None
    """What people read of it."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        weekly, dated = {self.every is not None, self.at is not None}, {self.since is not None, self.to is not None}
        if (weekly, dated) not in (({True}, {False}), ({False}, {True})):
            raise ValueError("give `every` and `at`, or `from` and `to`")
        if self.since is not None and self.to is not None and self.to < self.since:
            raise ValueError(f"it ends on {self.to}, before it begins")
        return self
