"""Which row of a sheet has the headings, and what each column is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from scenarios.problem import LoadError, Problem, nearest, quoted
from scenarios.sheets.grid import Grid, Row

__all__ = ["FIELDS", "ColumnsError", "Field", "Headings", "find_headings", "known_headings"]

Field = Literal["time", "date", "sender", "to", "via", "text", "expected", "within", "latest", "controller", "number"]
FIELDS: tuple[Field, ...] = get_args(Field)
_SEARCHED = 40
"""Headings are among so many first rows."""

_WIDE = 0.6
"""A row of headings has so many of the cells that the widest row has (assumed)."""
_LIKELY = 6
"""So many first names of a column are suggested for a misspelt one."""
_NAMES: dict[Field, tuple[str, ...]] = {
    "time": ("time", "at", "when", "minute", "minutes", "start", "start time", "scheduled time", "inject time",
             "event time", "t+", "planned time", "time of day", "clock", "hour", "timing", "offset", "elapsed"),
    "date": ("date", "day", "event date", "inject date", "scheduled date", "exercise day"),
    "sender": ("from", "sender", "source", "origin", "by", "simulated by", "sent by", "from who", "from whom", "caller",
               "initiator", "injected by"),
    "to": ("to", "recipient", "recipients", "recipient player", "recipient players", "role", "roles", "player",
           "players", "audience", "target", "target audience", "to whom", "receiver", "participant", "participants",
           "addressee"),
    "via": ("via", "method", "mode", "mode of delivery", "method of delivery", "delivery method", "delivery mode",
            "channel", "means", "medium", "delivery", "means of delivery", "inject method", "how"),
    "text": ("text", "message", "inject text", "event description", "inject description", "description", "content",
             "scenario event", "inject message", "event", "inject", "what", "situation", "details"),
    "expected": ("expected action", "expected actions", "expected", "expects", "expected outcome", "expected outcomes",
                 "expected outcome of player action", "expected player action", "expected player actions",
                 "expected response", "expected responses", "anticipated response", "anticipated action", "response",
                 "outcome", "action", "desired outcome"),
    "within": ("within", "target time", "respond within"),
    "latest": ("at the latest", "deadline", "due"),
    "controller": ("responsible controller", "controller", "controllers", "responsible", "inject owner", "facilitator"),
    "number": ("number", "no", "nr", "event number", "inject number", "event no", "inject no", "id", "event id",
               "inject id", "msel", "msel number", "serial", "event", "item"),
}  # fmt: skip
"""What the columns may be called; the first that fits is taken."""
_PARTS: dict[Field, str] = {
    "expected": r"\b(?:expected|anticipated|desired)\b",
    "date": r"\bdate\b",
    "time": r"^(?!.*\b(?:zone|end|ended|actual|finish|stop|due|created|updated)\b).*\btime\b",
    "to": r"\b(?:recipients?|audience|receivers?|addressees?)\b",
    "via": r"\b(?:mode|method|channel|medium|means)\b",
    "sender": r"\b(?:from|sender|source)\b",
    "text": r"\b(?:description|message|text|narrative)\b",
}
"""What tells a column by a part of its heading, where no known heading is there."""


@dataclass(frozen=True)
class Headings:
    """What the columns of a sheet are."""

    row: Row
    """The row of the headings."""
    places: Mapping[Field, int]
    """Where each column is that is used. There is a time or a date, and a text."""
    unit: str
    """What the heading of the times says of their form, such as `hh:mm` or `min`; may be empty."""

    def title(self, field: Field) -> str:
        """A column's heading as it stands in the sheet; nothing if there is no such column."""
        return " ".join(self.row.cell(self.places.get(field)).split())

    @property
    def unused(self) -> list[str]:
        """The headings of columns that are not used."""
        used = set(self.places.values())
        return [" ".join(cell.split()) for place, cell in enumerate(self.row.cells) if cell and place not in used]


def known_headings(cells: tuple[str, ...]) -> int:
    """How many columns of this row are known, as far as it can be the row of the headings."""
    return len(_places(cells, {})) if sum(map(bool, cells)) > 1 else 0


class ColumnsError(LoadError):
    """The columns that are needed are not all known. `headings` is what was found of them in `grid`."""

    def __init__(self, problems: list[Problem], grid: Grid, headings: Headings, missing: Sequence[Field]) -> None:
        super().__init__(problems)
        self.grid, self.headings = grid, headings
        self.missing = tuple(missing)
        """What no column is."""


def find_headings(grid: Grid, corrected: Mapping[str, str], line: int | None = None) -> Headings:
    """The row of headings and what each column is. Raises LoadError with all that is wrong.

    `corrected` says for a column what its heading is, or with nothing that there is no such column; `line` is the row
    of the headings, if somebody said so.
    """
    wrong = [*_unknown_fields(grid, corrected)]
    if wrong:
        raise LoadError(wrong)
    best = _row_of_headings(grid, corrected, line)
    places = _places(best.cells, corrected)
    unit = re.search(r"[(\[]([^)\]]*)[)\]]", best.cell(places.get("time")))
    found = Headings(best, places, "".join(unit[1].lower().split()) if unit else "")
    problems = list(_missing(grid, best, places, corrected))
    if problems:
        raise ColumnsError(problems, grid, found, _not_found(places, corrected))
    return found


def _row_of_headings(grid: Grid, corrected: Mapping[str, str], line: int | None) -> Row:
    """The row with most known headings; where no row has more than another, the first that is about as wide as any."""
    if line is not None:
        named = next((row for row in grid.rows if row.line == line), None)
        if named is None:
            raise LoadError([Problem(grid.file, line, 1, "there is nothing in this row", "say which has the headings")])
        return named
    rows = [row for row in grid.rows[:_SEARCHED] if sum(map(bool, row.cells)) > 1] or list(grid.rows[:1])
    if not rows:
        raise LoadError([Problem(grid.file, 1, 1, "there is no row below the headings", "a row for each inject")])
    widest = max(sum(map(bool, row.cells)) for row in rows)

    def rank(row: Row) -> tuple[int, bool, int]:
        wide = sum(map(bool, row.cells)) >= _WIDE * widest
        return len(_places(row.cells, corrected)), wide, -row.line

    return max(rows, key=rank)


def _places(cells: Sequence[str], corrected: Mapping[str, str]) -> dict[Field, int]:
    plain = [_plain(cell) for cell in cells]
    found: dict[Field, int] = {}
    for field in FIELDS:
        wanted = corrected.get(field)
        if wanted and _plain(wanted) in plain:
            found[field] = plain.index(_plain(wanted))
    open_fields = [field for field in FIELDS if field not in corrected]
    for field in open_fields:
        fits = (plain.index(word) for word in _NAMES[field] if word in plain)
        _put(found, field, (place for place in fits if place not in found.values()))
    for field, words in _PARTS.items():
        if field in open_fields and field not in found:
            fits = (place for place, heading in enumerate(plain) if re.search(words, heading))
            _put(found, field, (place for place in fits if place not in found.values()))
    return found


def _put(found: dict[Field, int], field: Field, fits: Iterable[int]) -> None:
    place = next(iter(fits), None)
    if place is not None:
        found[field] = place


def _plain(heading: str) -> str:
    """A heading in lower case and without signs; what stands in brackets is left out, but for a plural."""
    text = re.sub(r"\(s\)", "s", heading.lower())
    text = re.sub(r"[(\[][^)\]]*[)\]]", " ", text)
    text = re.sub(r"[^\w+ ]", " ", text.replace("_", " "))
    return " ".join(text.split())


def _unknown_fields(grid: Grid, corrected: Mapping[str, str]) -> Iterable[Problem]:
    for field in corrected:
        if field not in FIELDS:
            hint = nearest(field, FIELDS) or f"one of {', '.join(FIELDS)}"
            yield Problem(grid.file, 0, 0, f"there is no column of ours called {quoted(field)}", hint)


def _missing(grid: Grid, row: Row, places: Mapping[Field, int], corrected: Mapping[str, str]) -> Iterable[Problem]:
    headings = [_plain(cell) for cell in row.cells]
    for field, heading in corrected.items():
        if heading and field not in places:
            hint = (
                nearest(_plain(heading), headings) or f"there are {', '.join(quoted(one) for one in row.cells if one)}"
            )
            yield Problem(grid.file, row.line, 1, f"no column is called {quoted(heading)}", hint)
    if row is grid.rows[-1] and places:
        yield Problem(grid.file, row.line, 1, "there is no row below the headings", "a row for each inject")
        return
    for field in _not_found(places, corrected):
        words = _NAMES[field]
        close = next((hint for heading in headings if heading and (hint := nearest(heading, words[:_LIKELY]))), "")
        shown = ", ".join(quoted(cell) for cell in row.cells if cell)
        hint = close or f"say which it is: --column {field}=HEADING, where HEADING is one of {shown}"
        yield Problem(grid.file, row.line, 1, f"no column is the inject's {field}", hint)


def _not_found(places: Mapping[Field, int], corrected: Mapping[str, str]) -> Sequence[Field]:
    """The first of each columns of which one is needed, where there is none."""
    needed: tuple[tuple[Field, ...], ...] = (("time", "date"), ("text",))
    return [
        fields[0]
        for fields in needed
        if not any(field in places for field in fields) and not any(corrected.get(field) for field in fields)
    ]
