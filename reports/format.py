"""Text for papers: cleaned of what could fool a reader or a program, escaped for Markdown; times as people say them."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

__all__ = [
    "block",
    "by_way",
    "clean",
    "cut",
    "escape",
    "joined",
    "minutes",
    "points",
    "score_points",
    "spell",
    "to_the_second",
]

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tab and line feed
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # direction, and invisible characters
    "\ud800-\udfff\ufffe\uffff\ufff9-\ufffb]"  # noncharacters, and what XML forbids
)
_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$@])")
_LINE_START = re.compile(r"^([#+\-=:]|\d{1,9}(?=[.)]))")
_LINK = re.compile(r"(?i)(?<=[a-z])(:(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):)")


def clean(text: str, *, lines: bool = False) -> str:
    """Without escape sequences, control characters and direction overrides; on one line unless `lines`."""
    text = _UNWANTED.sub("", _ESCAPE_SEQUENCE.sub("", _LINE_END.sub("\n", text))).replace("\t", " ")
    return text.strip("\n") if lines else " ".join(text.split())


def escape(text: str) -> str:
    """One line that Markdown shows as it was typed: it never becomes markup, HTML, a link or a mention."""
    line = _SPECIAL.sub(r"\\\1", clean(text))
    line = _LINK.sub(r"\\\1", line)
    found = _LINE_START.match(line)
    if not found:
        return line
    return f"\\{line}" if not found[1].isdigit() else f"{found[1]}\\{line[found.end() :]}"


def block(text: str) -> str:
    """Text of several lines for Markdown, which keeps its lines and paragraphs and reads nothing else into it."""
    written: list[str] = []
    lines = [escape(line) for line in clean(text, lines=True).split("\n")]
    for line, following in pairwise([*lines, ""]):
        written.append(f"{line}\\" if line and following else line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written))


def cut(text: str, most: int) -> str:
    """At most so many characters, on one line, with an ellipsis if it is cut."""
    line = clean(text)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def minutes(milliseconds: float) -> str:
    """A span as `4:05` (minutes and seconds) or `1:02:10`."""
    seconds = round(milliseconds / 1000)
    hours, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def spell(milliseconds: float) -> str:
    """A span in words: `45 s`, `4 min 5 s`, `1 h 2 min`."""
    seconds = round(milliseconds / 1000)
    hours, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours} h {minute} min" if minute else f"{hours} h"
    if minute:
        return f"{minute} min {second} s" if second else f"{minute} min"
    return f"{second} s"


def to_the_second(instant: datetime) -> datetime:
    """The nearest second: whatever prints an instant without its milliseconds rounds it here, as spans are rounded."""
    # In UTC, since arithmetic in a zone forgets which of two equal times of day is meant when clocks go back.
    return (instant.astimezone(UTC) + timedelta(milliseconds=500)).replace(microsecond=0).astimezone(instant.tzinfo)


def by_way(via: str) -> str:
    """How something came, at the end of a phrase: `by call`, `in person`."""
    return "in person" if via == "in_person" else f"by {via}"


def points(value: float) -> str:
    """Points of the total with one decimal, a true minus sign and no negative zero."""
    rounded = round(value, 1) + 0.0
    return f"{rounded:.1f}".replace("-", "−")


def score_points(value: float | None) -> str:
    """A score as people read it: a whole number, or a dash if there is none."""
    return "–" if value is None else str(int(value + 0.5))


def joined(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
