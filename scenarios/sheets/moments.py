"""What one cell says of a time: a span since the start, a time with colons, a time of day, a date or a day."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from scenarios.base import SECOND

__all__ = ["DAY", "HOUR", "MINUTE", "Habit", "Moment", "habit_of", "moment_of"]

MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 24 * 3600 * SECOND
Form = Literal["", "colon", "triple", "clock"]


class Moment(NamedTuple):
    """What is said of a time. Everything may be missing but not all of it."""

    offset: int | None = None
    """Milliseconds since the start, where it is said outright; below 0 before it."""
    parts: tuple[int, int, int] = (0, 0, 0)
    """The numbers of a time that is written with two or three."""
    form: Form = ""
    """`colon` for 1:30, `triple` for 1:30:00, `clock` where it can only be a time of day; empty if there is none."""
    padded: bool = False
    """Whether its first number is written with two digits."""
    since: bool = False
    """Whether it says that it counts from the start."""
    day: int | None = None
    """The day, counted from any."""
    dated: Literal["", "date", "day", "weekday"] = ""
    """How the day is said."""


class Habit(NamedTuple):
    """What the whole of a column shows of how its cells are meant."""

    military: bool = False
    """0905 is five past nine."""
    dotted: bool = False
    """09.05 is five past nine."""
    month_first: bool = False
    """10/7 is in October."""


_ZONE = r"(?:\s*(?:z|utc|gmt|hrs?\.?|hours|uhr|local|l|[ecmp][sd]?t|cest))?"
_MILITARY = re.compile(rf"([01]?\d|2[0-4])([0-5]\d){_ZONE}", re.IGNORECASE)
_DOTTED = re.compile(r"(\d{1,2})\.([0-5]\d)(?:\s*(?:h|uhr))?", re.IGNORECASE)
_COLON = re.compile(
    rf"(\d{{1,3}})\s*:\s*([0-5]\d)(?:\s*:\s*([0-5]\d)(?:[.,]\d+)?)?(?:\s*([ap])\.?\s*m\.?)?{_ZONE}", re.IGNORECASE
)
_HOUR_ONLY = re.compile(r"(1[0-2]|0?\d)\s*([ap])\.?\s*m\.?", re.IGNORECASE)
_LETTER = re.compile(r"(\d{1,2})\s*h\s*([0-5]\d)", re.IGNORECASE)
_SINCE = re.compile(r"(?:(?:t|startex|start|ex)\s*)?([+-])\s*(?=\d)", re.IGNORECASE)
_AROUND = re.compile(
    r"^(?:(?:(?:at|about|approximately|circa|around|after|in)\s+|(?:approx|ca)(?:\.\s*|\s+)|[~≈]\s*)+)|"
    r"\s*(?:(?:after|from|since|into)\s+(?:the\s+)?(?:start\w*|exercise)|in)$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?")
_SPAN = re.compile(
    r"(?=\d)(?:(\d{1,3})\s*d(?:ays?)?)?\s*(?:(\d{1,4})(?:[.,](\d))?\s*(?:h|hrs?|hours?)\.?)?\s*(?:and\s*)?"
    r"(?:(\d{1,5})(?:[.,](\d))?\s*(?:m|mins?|minutes?|['′])\.?)?\s*(?:(\d{1,6})\s*(?:s|secs?|seconds?|[\"″])\.?)?",
    re.IGNORECASE,
)
_SHARE = re.compile(r"0\.\d{3,10}")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T(?=\d))?")
_NUMERIC = re.compile(
    r"(?<![\d.:/])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?![\d.:/])|(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])"
)
_MONTHS = ("jan", "feb", "mar", "apr", "ma[iy]", "jun", "jul", "aug", "sep", "o[ck]t", "nov", "de[cz]")
_MONTH = r"(jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]*\.?"
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH},?(?:\s+(\d{{4}}))?(?!\w)", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:)(?:,?\s+(\d{{4}}))?(?!\w)", re.IGNORECASE)
_NTH_DAY = re.compile(r"\b(?:day|tag|jour|d)\s*[-+#]?\s*(\d{1,3})\b(?!\s*[:h])", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?", re.IGNORECASE)
_WEEK = ("mo", "tu", "we", "th", "fr", "sa", "su")
_ANY_YEAR = 2024
"""A leap year, for dates that name none."""


def habit_of(times: Sequence[str], dates: Sequence[str]) -> Habit:
    """What a column shows of how its cells are meant."""
    said = [text for text in times if text]
    bare = [text for text in said if re.fullmatch(rf"\d{{1,4}}{_ZONE}", text, re.IGNORECASE)]
    digits = [re.sub(r"\D", "", text) for text in bare]
    military = bool(bare) and all(len(one) > 2 and _MILITARY.fullmatch(one) for one in digits)
    points = [text for text in said if re.fullmatch(r"\d{1,3}\.\d+\D*", text)]
    dotted = (
        bool(points) and not bare and all(_DOTTED.fullmatch(text) and int(text.split(".")[0]) < 24 for text in points)
    )
    numeric = [found for text in (*dates, *said) for found in [_NUMERIC.search(text)] if found]
    pairs = [(int(one[1] or one[5]), int(one[3] or one[6])) for one in numeric if one[2] != "."]
    month_first = any(second > 12 for _, second in pairs) or (
        bool(pairs) and not any(first > 12 for first, _ in pairs) and _spread(pairs, 0) <= _spread(pairs, 1)
    )
    return Habit(military, dotted, month_first)


def _spread(pairs: Sequence[tuple[int, int]], month: int) -> int:
    """How many days lie between the first and the last date, roughly, if the month is at that place."""
    days = [pair[month] * 31 + pair[1 - month] for pair in pairs]
    return max(days) - min(days)


def moment_of(time: str, day: str, habit: Habit) -> Moment | None:
    """What a row's cells say of its time; None if nothing can be read."""
    time, day = " ".join(time.split()), " ".join(day.split())
    if not time and not day:
        return None
    number, dated, rest = _day(f"{time}", habit)
    if number is None:
        number, dated, left = _day(day, habit)
        if number is None and day.isdigit() and len(day) <= 3:
            number, dated, left = int(day), "day", ""
        if not rest and left:
            rest = left
    rest = _AROUND.sub("", rest.strip(" ,;@-–T")).strip() if number is not None else _AROUND.sub("", rest).strip()
    if not rest:
        return Moment(day=number, dated=dated) if number is not None else None
    found = _time(rest, habit)
    return found if found is None else found._replace(day=number, dated=dated)


def _day(text: str, habit: Habit) -> tuple[int | None, Literal["", "date", "day", "weekday"], str]:
    """The day that a text names, how, and what is left of the text."""
    found = _date(text, habit)
    if found is not None:
        number, start, end = found
        return number, "date", _WEEKDAY.sub(" ", f"{text[:start]} {text[end:]}")
    nth = _NTH_DAY.search(text)
    if nth:
        return int(nth[1]), "day", f"{text[: nth.start()]} {text[nth.end() :]}"
    weekday = _WEEKDAY.search(text)
    if weekday:
        place = _WEEK.index(weekday[1][:2].lower())
        return place, "weekday", f"{text[: weekday.start()]} {text[weekday.end() :]}"
    return None, "", text


def _date(text: str, habit: Habit) -> tuple[int, int, int] | None:
    iso, by_day, by_month = _ISO.search(text), _DAY_MONTH.search(text), _MONTH_DAY.search(text)
    numeric = _NUMERIC.search(text)
    if iso:
        year, month, day, found = int(iso[1]), int(iso[2]), int(iso[3]), iso
    elif by_day:
        year, month, day, found = int(by_day[3] or _ANY_YEAR), _month(by_day[2]), int(by_day[1]), by_day
    elif by_month:
        year, month, day, found = int(by_month[3] or _ANY_YEAR), _month(by_month[1]), int(by_month[2]), by_month
    elif numeric:
        one, two = int(numeric[1] or numeric[5]), int(numeric[3] or numeric[6])
        month, day = (one, two) if habit.month_first and numeric[2] != "." else (two, one)
        year, found = int(numeric[4] or _ANY_YEAR), numeric
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, day).toordinal(), found.start(), found.end()
    except ValueError:
        return None


def _month(name: str) -> int:
    plain = name.lower().replace("ä", "a")
    return next(number for number, month in enumerate(_MONTHS, 1) if re.match(month, plain))


def _time(text: str, habit: Habit) -> Moment | None:
    since = _SINCE.match(text)
    if since:
        found = _time(text[since.end() :], Habit())
        if found is None or found.form == "clock":
            return None
        before = since[1] == "-"
        return found._replace(since=True, offset=-found.offset if before and found.offset is not None else found.offset)
    if re.fullmatch(r"start\w*|t", text, re.IGNORECASE):
        return Moment(offset=0)
    return _with_colon(text) or _clock(text, habit) or _span(text)


def _with_colon(text: str) -> Moment | None:
    colon = _COLON.fullmatch(text)
    if not colon:
        return None
    first, second, third = int(colon[1]), int(colon[2]), int(colon[3] or 0)
    padded = len(colon[1]) == 2
    if colon[4]:
        return Moment(parts=(_of_half(first, colon[4]), second, third), form="clock")
    named = re.search(r"[a-z]", text, re.IGNORECASE) is not None
    form: Form = "clock" if named else "triple" if colon[3] else "colon"
    return Moment(parts=(first, second, third), form=form, padded=padded)


def _clock(text: str, habit: Habit) -> Moment | None:
    """A time that can only be one of the day, as it is written or as its column shows."""
    hour, letter = _HOUR_ONLY.fullmatch(text), _LETTER.fullmatch(text)
    zoned = re.match(r"\d{4}\s*[a-z]", text, re.IGNORECASE) is not None
    military = _MILITARY.fullmatch(text) if habit.military or zoned else None
    dotted = _DOTTED.fullmatch(text) if habit.dotted else None
    if hour:
        return Moment(parts=(_of_half(int(hour[1]), hour[2]), 0, 0), form="clock")
    found = letter or military or dotted
    if found:
        return Moment(parts=(int(found[1]), int(found[2]), 0), form="clock")
    if _SHARE.fullmatch(text):
        seconds = round(float(text) * 86_400)
        return Moment(parts=(seconds // 3600, seconds // 60 % 60, seconds % 60), form="triple")
    return None


def _of_half(hour: int, half: str) -> int:
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _span(text: str) -> Moment | None:
    number = _NUMBER.fullmatch(text)
    if number:
        return Moment(offset=round(float(f"{number[1]}.{number[2] or 0}") * MINUTE))
    span = _SPAN.fullmatch(text)
    if not span:
        return None
    days, hours, tenths, minutes, sixths, seconds = (int(part or 0) for part in span.groups())
    hour_part = hours * HOUR + tenths * HOUR // 10
    return Moment(offset=days * DAY + hour_part + minutes * MINUTE + sixths * MINUTE // 10 + seconds * SECOND)
