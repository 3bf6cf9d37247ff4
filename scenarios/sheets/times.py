"""When each row of a sheet comes: how its times are meant, from which moment they count, and what lies days apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from scenarios.base import format_duration
from scenarios.sheets.moments import DAY, HOUR, MINUTE, Moment

__all__ = ["MEANT", "READINGS", "Reading", "Slot", "Stamp", "Times", "candidates", "clock_of", "planned", "times_of"]

Reading = Literal["mm:ss", "hh:mm", "clock"]
READINGS: tuple[Reading, ...] = get_args(Reading)
MEANT: Mapping[Reading, str] = {
    "mm:ss": "minutes and seconds from the start",
    "hh:mm": "hours and minutes from the start",
    "clock": "times of day",
}
"""Each way, in words."""
GUESSED = 3 * MINUTE
"""After the one before, where a sheet does not say when an inject comes."""
_SAME_DAY = 5 * MINUTE
"""From one inject to the next, where a sheet says the day alone, and behind a jump."""
_NIGHT = 6 * HOUR
"""A time of day that is so much earlier than the one before it is of the next day; less, and the rows are unsorted."""
_JUMPED = 8 * HOUR
"""Nobody plays through a gap as long as this: the story's clock jumps over it."""


class Stamp(NamedTuple):
    """A row's time as it was read."""

    line: int
    """The row."""
    moment: Moment | None
    """What it says; None if it says nothing that is a time."""
    starts: bool = False
    """Whether the row is the start of the exercise."""


class Slot(NamedTuple):
    """When a row comes."""

    story: int
    """Milliseconds in the story since the exercise's start; below 0 for what comes before it."""
    guessed: bool
    """Whether the sheet does not say it."""
    at: int = 0
    """Drill time in milliseconds."""
    skips: int = 0
    """How far the story's clock jumps ahead when it comes, in milliseconds."""


@dataclass(frozen=True)
class Times:
    """The times of a sheet, understood."""

    slots: tuple[Slot, ...]
    """One a row."""
    meant: str
    """How the times were read, in words."""
    begins: int | None = None
    """The time of day at the start in milliseconds, where the sheet says one."""
    notes: tuple[str, ...] = ()
    """What was noticed, a sentence each."""
    choices: tuple[Reading, ...] = ()
    """Where times may be meant in several ways: the ways, the one taken first. Somebody has to say which."""


def times_of(stamps: Sequence[Stamp], wanted: Reading | None, unit: str = "", *, jumps: bool = True) -> Times:
    """When each row comes. `wanted` says how times with colons are meant, `unit` what the heading says of it."""
    moments = [stamp.moment for stamp in stamps if stamp.moment is not None]
    likely = [wanted] if wanted else candidates(moments, unit)
    reading = likely[0] if likely else None
    absolute, notes = _absolute(stamps, reading, unit)
    known = [value for value in absolute if value is not None]
    of_day = reading == "clock" and any(moment.form for moment in moments)
    start = _start(stamps, absolute, of_day=of_day, days=any(moment.day is not None for moment in moments))
    story = [None if value is None else value - start for value in absolute]
    named = [(stamp.line, value) for stamp, value in zip(stamps, story, strict=True) if value is not None]
    late = [line for (_, before), (line, value) in pairwise(named) if value < before]
    if late:
        rows = f"row {late[0]} is" if len(late) == 1 else f"rows {', '.join(map(str, late[:5]))} are"
        notes.append(f"the rows are not in the order of their times: {rows} earlier than the row before")
    days_alone = bool(known) and not any(moment.form or moment.offset is not None for moment in moments)
    slots, said = planned(story, days_alone=days_alone, jumps=jumps)
    if days_alone:
        notes.append(f"the sheet says days and no times: injects of one day come {_minutes(_SAME_DAY)} apart")
    meant = _meant(moments, reading, start if of_day else None, days_alone=days_alone)
    begins = start % DAY if of_day else None
    return Times(tuple(slots), meant, begins, (*notes, *said), tuple(likely) if len(likely) > 1 else ())


def clock_of(milliseconds: int) -> str:
    """A time of day as 14:05."""
    return f"{milliseconds // HOUR % 24:02}:{milliseconds // MINUTE % 60:02}"


def _minutes(milliseconds: int) -> str:
    return f"{milliseconds // MINUTE} minutes"


def _meant(moments: Sequence[Moment], reading: Reading | None, start: int | None, *, days_alone: bool) -> str:
    if days_alone:
        return "days, counted from the first"
    if start is not None:
        dated = " with their dates" if any(moment.day is not None for moment in moments) else ""
        return f"times of day{dated}, from {clock_of(start)} on"
    if reading is not None and any(moment.form for moment in moments):
        return MEANT[reading]
    return "minutes from the start"


# -- how they are meant ------------------------------------------------------------------------------------------------


def candidates(moments: Sequence[Moment], unit: str = "") -> list[Reading]:
    """The ways in which times with colons may be meant, the likeliest first; none where there are no such times."""
    timed = [moment for moment in moments if moment.form]
    if not timed:
        return []
    if any(moment.form == "clock" for moment in timed) or any(moment.day is not None for moment in timed):
        return ["clock"]
    if "m:ss" in unit:
        return ["mm:ss"]
    if "h:mm" in unit:
        return ["clock" if _as_clock(timed) and not _as_hours(timed) else "hh:mm"]
    found: list[Reading] = [reading for reading in READINGS if _PLAUSIBLE[reading](timed)]
    if len(found) > 1 and _surely_of_day(timed):
        return ["clock"]
    return found or ["clock" if max(_firsts(timed)) <= 24 else "mm:ss"]


def _firsts(timed: Sequence[Moment]) -> list[int]:
    return [moment.parts[0] for moment in timed]


def _as_minutes(timed: Sequence[Moment]) -> bool:
    """Whether 8:00 can be eight minutes: injects do not come every few seconds, nor the first one late."""
    if any(moment.form == "triple" and moment.parts[2] for moment in timed):
        return False
    values = [moment.parts[0] * 60 + moment.parts[1] for moment in timed]
    gaps = [later - before for before, later in pairwise(values) if later != before]
    if any(gap < 0 for gap in gaps) or values[-1] < 120:
        return False
    return not gaps or (min(gaps) >= 15 and values[0] <= values[-1] / 2)


def _as_hours(timed: Sequence[Moment]) -> bool:
    """Whether 8:00 can be eight hours from the start: an exercise begins early and is over within half a day."""
    values = [moment.parts[0] * 60 + moment.parts[1] for moment in timed]
    if values != sorted(values) or values[-1] > 12 * 60:
        return False
    padded = all(moment.padded for moment in timed) and values[0] >= 60 and not any(one.since for one in timed)
    return not padded and (values[0] < 60 or (len(values) > 1 and values[0] <= values[-1] / 2) or len(values) == 1)


def _as_clock(timed: Sequence[Moment]) -> bool:
    """Whether 8:00 can be eight o'clock."""
    return max(_firsts(timed)) <= 24 and _firsts(timed)[0] > 0 and not any(moment.since for moment in timed)


_PLAUSIBLE = {"mm:ss": _as_minutes, "hh:mm": _as_hours, "clock": _as_clock}


def _surely_of_day(timed: Sequence[Moment]) -> bool:
    """Whether times are written as those of a day are, 02:00 to 08:00, and do not span more than a working day."""
    if not _as_clock(timed) or not all(moment.padded for moment in timed):
        return False
    first, last = timed[0].parts, timed[-1].parts
    return (last[0] - first[0]) * 60 + last[1] - first[1] <= 8 * 60


# -- from which moment they count --------------------------------------------------------------------------------------


def _absolute(stamps: Sequence[Stamp], reading: Reading | None, unit: str) -> tuple[list[int | None], list[str]]:
    """Each row's time in milliseconds on one line, and what was noticed."""
    found: list[int | None] = []
    notes: list[str] = []
    day, before = 0, None
    dated = any(stamp.moment is not None and stamp.moment.day is not None for stamp in stamps)
    weeks, weekday = 0, None
    for stamp in stamps:
        moment = stamp.moment
        if moment is None:
            found.append(None)
            continue
        if moment.day is not None:
            if moment.dated == "weekday":
                weeks += 7 if weekday is not None and moment.day < weekday else 0
                weekday = moment.day
            day = moment.day + (weeks if moment.dated == "weekday" else 0)
        value = _in_day(moment, reading, unit)
        if reading == "clock" and moment.form and not dated and before is not None and before - value >= _NIGHT:
            day += 1
            notes.append(f"row {stamp.line} is after midnight, on the next day")
        if moment.form:
            before = value
        found.append(value + day * DAY if moment.form or moment.day is not None else value)
    return found, notes


def _in_day(moment: Moment, reading: Reading | None, unit: str) -> int:
    if not moment.form:
        return _scaled(moment.offset or 0, unit)
    first, second, third = moment.parts
    if reading == "mm:ss":
        # A spreadsheet that takes 3:00 for an hour keeps 03:00:00; nobody writes seconds behind minutes and seconds.
        return first * MINUTE + second * 1000
    return first * HOUR + second * MINUTE + third * 1000


def _scaled(offset: int, unit: str) -> int:
    """A plain number of a column whose heading says that it counts hours or seconds."""
    if unit in ("h", "hr", "hrs", "hour", "hours"):
        return offset * 60
    return offset // 60 if unit in ("s", "sec", "secs", "second", "seconds") else offset


def _start(stamps: Sequence[Stamp], absolute: Sequence[int | None], *, of_day: bool, days: bool) -> int:
    """The moment from which the exercise's time counts."""
    said = [value for stamp, value in zip(stamps, absolute, strict=True) if stamp.starts and value is not None]
    if said:
        return said[0]
    timed = [
        value
        for stamp, value in zip(stamps, absolute, strict=True)
        if value is not None and stamp.moment is not None and (stamp.moment.form or stamp.moment.day is not None)
    ]
    return min(timed) if timed and (of_day or days) else 0


# -- from the story's time to the drill's ------------------------------------------------------------------------------


def planned(story: Sequence[int | None], *, days_alone: bool, jumps: bool) -> tuple[list[Slot], list[str]]:
    """When each row comes in the drill, and what to say of it.

    A row without a time comes a little after the one above it. Over a gap that nobody plays through the story jumps.
    """
    filled: list[tuple[int, bool]] = []
    for value in story:
        filled.append(((filled[-1][0] + GUESSED if filled else 0), True) if value is None else (value, False))
    order = sorted(range(len(filled)), key=lambda place: filled[place][0])
    at, before, jumped = 0, 0, 0
    slots: dict[int, Slot] = {}
    for rank, place in enumerate(order):
        value, guessed = filled[place]
        gap, skips = max(0, value - max(before, 0)), 0
        if jumps and gap > _JUMPED and rank:
            skips = gap if days_alone else gap - _SAME_DAY
            at += _SAME_DAY
            jumped += 1
        elif days_alone and rank and not gap:
            at += _SAME_DAY
        else:
            at += gap
        slots[place] = Slot(value, guessed, at, skips)
        before = value
    last = max((value for value, _ in filled), default=0)
    notes = []
    if jumped:
        times = "once" if jumped == 1 else f"{jumped} times"
        notes.append(
            f"in the story the last inject comes after {format_duration(last)}; the drill jumps ahead {times} "
            f"({_minutes(_SAME_DAY)} after the inject before, with `skips`) instead of waiting so long"
        )
    return [slots[place] for place in range(len(filled))], notes
