"""What a sheet was understood to say: a value to look at and to correct before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, get_args

from scenarios.base import format_duration
from scenarios.problem import LoadError, Problem, nearest, quoted
from scenarios.scenario import Via
from scenarios.sheets import own
from scenarios.sheets.casts import STANDARD, RoleNames, role_names
from scenarios.sheets.columns import FIELDS, Headings, find_headings, known_headings
from scenarios.sheets.corrections import END, NOTHING, START, Corrections, check
from scenarios.sheets.csv_table import read_delimited
from scenarios.sheets.expectations import ACTS, expected
from scenarios.sheets.grid import MOST_BYTES, Grid, Row, refuse
from scenarios.sheets.moments import Habit, habit_of, moment_of
from scenarios.sheets.roles import CONTROLLERS, is_for_controllers, plain, recipients, way
from scenarios.sheets.starts import ends_exercise, starts_exercise
from scenarios.sheets.times import Slot, Stamp, Times, times_of
from scenarios.sheets.workbook import is_workbook, read_workbook

__all__ = ["Bound", "Line", "Understanding", "Unknown", "understand"]

MOST_INJECTS, LONGEST_TEXT, LONGEST_LINE = 500, 4_000, 300
"""So many injects a scenario may have, and so many characters a text and any other cell."""
_TARGET, _DEADLINE = "4m", "10m"
"""What an expectation allows where a sheet does not say it (assumed)."""


class Bound(NamedTuple):
    """A row that is no inject but where the exercise starts or ends."""

    line: int
    """The row in the sheet."""
    what: str
    """`start` or `end`."""
    text: str
    """Its text."""


class Unknown(NamedTuple):
    """Words that mean nothing here yet."""

    kind: str
    """`time`, `to`, `via` or `expected`."""
    said: str
    """The words as they stand in the sheet."""
    lines: tuple[int, ...]
    """The rows in which they stand."""


@dataclass(frozen=True)
class Line:
    """A row that becomes an inject."""

    line: int
    """The row in the sheet."""
    said: Mapping[str, str]
    """What its cells say, by what they are."""
    inject: Mapping[str, Any]
    """The inject, as its author would write it."""
    story: int = 0
    """Milliseconds in the story since the start."""
    missing: tuple[str, ...] = ()
    """What the author has to say, a sentence each."""
    remark: str = ""
    """What else is worth knowing of it, for a comment."""


@dataclass(frozen=True)
class Understanding:
    """What a sheet was understood to say."""

    grid: Grid
    """The sheet."""
    headings: Headings
    """Its columns."""
    times: Times
    """How its times were read."""
    lines: tuple[Line, ...]
    """Its injects, in the order of the sheet."""
    passed: tuple[tuple[int, str], ...]
    """Rows that become no inject, and why."""
    unknown: tuple[Unknown, ...]
    """Words that nobody has explained yet."""
    end: int | None = None
    """Drill time of the exercise's end in milliseconds, where the sheet says it."""
    bounds: tuple[Bound, ...] = ()
    """The rows at which the exercise starts and ends."""
    report: Mapping[str, Any] | None = None
    """The report, where the sheet is our own table and has it, with what injects refer to beside it."""
    own: bool = False
    """Whether the sheet is our own table."""
    roles: RoleNames = field(default_factory=RoleNames)
    """The protocol that it is written for, and its roles."""

    @property
    def notes(self) -> list[str]:
        """What somebody should know who looks at it, a sentence each."""
        return [*self.grid.notes, *self.times.notes]


def understand(content: bytes, file: str, corrected: Corrections | None = None) -> Understanding:
    """What a sheet says. Raises LoadError with all that is wrong with it."""
    corrected = corrected or Corrections()
    grid = _grid(content, file, corrected.sheet, corrected.encoding)
    headings = find_headings(grid, corrected.columns, corrected.headings_row)
    if own.is_own(headings.row) and not corrected.columns:
        if corrected.rows:
            raise refuse(file, "this is Drillroom's own table, which says whom each inject goes to", "change its cells")
        return replace(_own(grid, headings), roles=RoleNames(corrected.protocol or STANDARD))
    cells = [row.cell(headings.places.get("to")) for row in grid.rows if row.line > headings.row.line]
    roles = role_names(corrected.protocol, [*cells, *corrected.means.values()])
    check(corrected, roles, file)
    rows, passed = _rows(grid, headings)
    _check_rows(grid.file, rows)
    grid = replace(grid, notes=(*grid.notes, *_unheard(grid, corrected)))
    return _Reading(grid, headings, corrected, roles).of(rows, passed)


def _grid(content: bytes, file: str, sheet: str | None, encoding: str | None) -> Grid:
    if len(content) > MOST_BYTES:
        raise refuse(file, f"this is larger than {MOST_BYTES // 2**20} MB", "keep the table of injects alone")
    if is_workbook(content):
        if encoding is not None:
            raise refuse(file, "this is a workbook, which says itself what its letters are", "leave out --encoding")
        return read_workbook(content, file, sheet, known_headings)
    if sheet is not None:
        raise refuse(file, "this is a text file, which has one sheet", "leave out --sheet")
    return read_delimited(content, file, known_headings, encoding)


def _rows(grid: Grid, headings: Headings) -> tuple[list[Row], list[tuple[int, str]]]:
    """The rows that say something, and the others with why they are none."""
    rows: list[Row] = []
    passed: list[tuple[int, str]] = []
    for row in grid.rows:
        if row.line < headings.row.line:
            passed.append((row.line, f"above the headings: {quoted(' '.join(' '.join(row.cells).split()))}"))
        elif row.cells == headings.row.cells:
            passed += [(row.line, "the headings again")] if row.line > headings.row.line else []
        elif not row.cell(headings.places.get("text")):
            said = " ".join(" ".join(row.cells).split())
            passed.append((row.line, f"no text of an inject: {quoted(said)}"))
        else:
            rows.append(row)
    return rows, passed


def _unheard(grid: Grid, corrected: Corrections) -> Iterator[str]:
    """Words that were said to mean something, and stand nowhere in the sheet."""
    cells = [plain(cell) for row in grid.rows for cell in row.cells if cell]
    for words in corrected.means:
        if not any(plain(words) in cell for cell in cells):
            close = nearest(plain(words), cells)
            yield f"no cell says {quoted(words)}, which was said to mean something" + (f" ({close})" if close else "")


def _check_rows(file: str, rows: Sequence[Row]) -> None:
    if not rows:
        raise LoadError([Problem(file, 1, 1, "there is no row below the headings", "a row for each inject")])
    if len(rows) > MOST_INJECTS:
        raise refuse(file, f"there are {len(rows):,} rows", f"at most {MOST_INJECTS} are read")


class _Reading:
    """Reads the rows of somebody's sheet."""

    def __init__(self, grid: Grid, headings: Headings, corrected: Corrections, roles: RoleNames) -> None:
        self._grid, self._headings, self._corrected, self._names = grid, headings, corrected, roles
        said = {plain(words): meant for words, meant in corrected.means.items()}
        ways = get_args(Via)
        known = {**{role: role for role in roles.known}, **roles.stand_ins}
        meant_roles = {words: known.get(meant) or roles.titles.get(plain(meant)) for words, meant in said.items()}
        self._roles = {words: role for words, role in meant_roles.items() if role is not None}
        self._said = said
        self._ways = {words: meant for words, meant in said.items() if meant in ways}
        self._acts = {words: meant for words, meant in said.items() if meant in ACTS or meant == NOTHING}
        self._unknown: dict[tuple[str, str], list[int]] = {}

    def of(self, rows: Sequence[Row], passed: list[tuple[int, str]]) -> Understanding:
        cells = [self._cells(row) for row in rows]
        self._check_lengths(rows, cells)
        starts = [self._is(START, row, one["text"]) for row, one in zip(rows, cells, strict=True)]
        ends = [self._is(END, row, one["text"]) for row, one in zip(rows, cells, strict=True)]
        habit = habit_of([one["time"] for one in cells], [one["date"] for one in cells])
        stamps = [
            Stamp(row.line, moment_of(self._time(one["time"], habit), one["date"], habit), begins)
            for row, one, begins in zip(rows, cells, starts, strict=True)
        ]
        times = times_of(stamps, self._corrected.times, self._headings.unit, jumps=self._corrected.jumps)
        lines: list[Line] = []
        bounds: list[Bound] = []
        end: int | None = None
        for row, one, slot, begins, over in zip(rows, cells, times.slots, starts, ends, strict=True):
            if begins:
                passed.append((row.line, "the start of the exercise, from which times count"))
                bounds.append(Bound(row.line, START, one["text"]))
            elif over and (not slot.guessed or row.line in self._corrected.rows):
                passed.append((row.line, f"the end of the exercise{', whose time cannot be read' * slot.guessed}"))
                bounds.append(Bound(row.line, END, one["text"]))
                end = end if slot.guessed else slot.at
            else:
                lines.append(self._line(row, one, slot, len(lines) + 1))
        self._check_corrected({line.line for line in lines} | {bound.line for bound in bounds})
        if not lines:
            raise LoadError([Problem(self._grid.file, 1, 1, "no row is an inject", "a row for each inject")])
        unknown = tuple(Unknown(kind, said, tuple(found)) for (kind, said), found in self._unknown.items())
        return Understanding(self._grid, self._headings, times, tuple(lines), tuple(sorted(passed)), unknown, end,
                             tuple(bounds), roles=self._names)  # fmt: skip

    def _is(self, what: str, row: Row, text: str) -> bool:
        """Whether a row is where the exercise starts, or ends: somebody said so of it or of its text, or it says so."""
        if row.line in self._corrected.rows:
            return self._corrected.rows[row.line] == what
        found = starts_exercise(text) if what == START else ends_exercise(text)
        return found or self._said.get(plain(text)) == what

    def _time(self, said: str, habit: Habit) -> str:
        """What stands in the place of a time, or the time that somebody said it means; what can be read stands."""
        return said if not said or moment_of(said, "", habit) is not None else self._said.get(plain(said), said)

    def _cells(self, row: Row) -> dict[str, str]:
        places = self._headings.places
        return {
            name: row.cell(places.get(name)) if name == "text" else " ".join(row.cell(places.get(name)).split())
            for name in FIELDS
        }

    def _check_corrected(self, injects: set[int]) -> None:
        wrong = [row for row in self._corrected.rows if row not in injects]
        if wrong:
            hint = "the numbers of rows are those of the table that shows what was understood"
            raise LoadError([Problem(self._grid.file, row, 1, f"row {row} is no inject", hint) for row in wrong])

    def _check_lengths(self, rows: Sequence[Row], cells: Sequence[Mapping[str, str]]) -> None:
        wrong = [
            Problem(self._grid.file, row.line, 1, f"the {name} has {len(said):,} characters", f"at most {most:,}")
            for row, one in zip(rows, cells, strict=True)
            for name, said in one.items()
            if len(said) > (most := LONGEST_TEXT if name in ("text", "expected") else LONGEST_LINE)
        ]
        if wrong:
            raise LoadError(wrong)

    def _line(self, row: Row, said: Mapping[str, str], slot: Slot, number: int) -> Line:
        missing: list[str] = []
        inject: dict[str, Any] = {"id": f"inject-{number}", "at": format_duration(slot.at)}
        if slot.skips:
            inject["skips"] = format_duration(slot.skips)
        if slot.guessed:
            told = (
                f"the table says {quoted(said['time'])}, which is no time" if said["time"] else "the table does not say"
            )
            missing.append(f"when it comes; {told}")
            if said["time"]:
                self._unknown.setdefault(("time", said["time"]), []).append(row.line)
        inject["to"] = self._to(row, said, missing, early=slot.story < 0)
        inject["via"] = self._via(row, said, missing)
        if said["sender"]:
            inject["from"] = said["sender"]
        inject["text"] = said["text"]
        asked = self._expects(row, said, missing) if inject["to"] != CONTROLLERS else None
        if asked:
            inject["expects"] = asked[0] if len(asked) == 1 else asked
        return Line(row.line, said, inject, slot.story, tuple(missing), _remark(said, slot))

    def _to(self, row: Row, said: Mapping[str, str], missing: list[str], *, early: bool) -> str | list[str]:
        if row.line in self._corrected.rows:
            return self._corrected.rows[row.line]
        if early or is_for_controllers(said["text"]):
            return CONTROLLERS
        known = recipients(said["to"], self._roles, self._names.titles, self._names.stand_ins)
        for words in known.unknown:
            self._unknown.setdefault(("to", words), []).append(row.line)
        if known.unknown:
            shown = quoted(said["to"]) if len(known.unknown) == 1 and not known.found else " and ".join(
                map(quoted, known.unknown))  # fmt: skip
            until = "" if known.found else ", and until you say who, it goes to everyone"
            missing.append(f"who it goes to; the table says {shown}{until}")
        if not known.found:
            return "everyone"
        return known.found[0] if len(known.found) == 1 else list(known.found)

    def _via(self, row: Row, said: Mapping[str, str], missing: list[str]) -> str:
        found = way(said["via"], self._ways) if said["via"] else None
        if said["via"] and found is None:
            self._unknown.setdefault(("via", said["via"]), []).append(row.line)
            ways = ", ".join(get_args(Via))
            missing.append(f"how it comes; the table says {quoted(said['via'])}, which is none of {ways}")
        return found or "chat"

    def _expects(self, row: Row, said: Mapping[str, str], missing: list[str]) -> list[dict[str, str]]:
        found = expected(said["expected"], self._acts)
        if found.unclear:
            self._unknown.setdefault(("expected", said["expected"]), []).append(row.line)
            missing.append(f"what it expects; the table says {quoted(said['expected'])}, which is not one of the acts")
        limits = own.limits_of(said["within"], said["latest"]) or (_TARGET, _DEADLINE)
        return [{"act": act, "target": limits[0], "deadline": limits[1]} for act in found.acts]


def _remark(said: Mapping[str, str], slot: Slot) -> str:
    parts = []
    if slot.story < 0:
        parts.append(f"{format_duration(-slot.story)} before the start")
    if slot.skips:
        parts.append(f"{format_duration(slot.story)} after the start in the story")
    if said["controller"]:
        parts.append(f"{said['controller']} sees to it")
    return "; ".join(parts)


# -- our own table -----------------------------------------------------------------------------------------------------


def _own(grid: Grid, headings: Headings) -> Understanding:
    """Our own table, whose rows become the injects that they were."""
    places = {" ".join(cell.split()): place for place, cell in enumerate(headings.row.cells) if cell}
    lines: list[Line] = []
    passed: list[tuple[int, str]] = []
    problems: list[Problem] = []
    report: dict[str, Any] | None = None
    for row in grid.rows:
        if row.line <= headings.row.line:
            continue
        said = {title: row.cell(place) for title, place in places.items()}
        if said["Number"].lower() == own.NOTE.lower():
            passed.append((row.line, f"a note: {quoted(said['Message'])}"))
            continue
        try:
            inject = own.inject_of(said)
        except ValueError as error:
            problems.append(Problem(grid.file, row.line, 1, str(error), "take it from the table as it was exported"))
            continue
        if inject["id"] == "report" and said["Number"] == "0":
            report = {key: value for key, value in inject.items() if key not in ("id", "at", "to")}
            continue
        lines.append(_own_line(row, said, inject, len(lines) + 1))
    if problems:
        raise LoadError(problems)
    _check_rows(grid.file, [row for row in grid.rows if row.line > headings.row.line])
    meant = "drill times, as our own table has them"
    return Understanding(grid, headings, Times((), meant), tuple(lines), tuple(passed), (), report=report, own=True)


def _own_line(row: Row, said: Mapping[str, str], inject: dict[str, Any], number: int) -> Line:
    missing: list[str] = []
    inject["id"] = inject["id"] or f"inject-{number}"
    if not inject.keys() & {"at", "after", "when"}:
        inject["at"] = "0s"
        missing.append(f"when it comes; the table says {quoted(said['Time'])}, which is no time")
    return Line(row.line, said, inject, 0, tuple(missing))
