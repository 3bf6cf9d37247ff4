"""A sheet that somebody uploaded, understood in a process of its own, which may take too long without harm to anybody.

`python -m drills.planning.sheet_reader` reads a question as one line of JSON and then the file from its standard input,
and writes an answer as JSON.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TypedDict

import msgspec

from scenarios.problem import LoadError
from scenarios.sheets.columns import FIELDS, ColumnsError, Headings
from scenarios.sheets.corrections import Corrections
from scenarios.sheets.draft import draft_of
from scenarios.sheets.grid import Grid
from scenarios.sheets.roles import CONTROLLERS
from scenarios.sheets.summary import ENTRIES, entry, read_as
from scenarios.sheets.times import Reading
from scenarios.sheets.understanding import Understanding, understand
from scenarios.sheets.workbook import is_workbook

__all__ = ["MOST_SECONDS", "Answer", "Question", "Word", "answered"]

MOST_SECONDS, _MOST_MEMORY, _LEAST_URGENT = 10, 1 << 30, 19
"""Processor time and bytes that a sheet may take."""
_EXAMPLE = 40
"""So many characters of a cell are shown beside its column."""
_MARKED = 80
"""So many characters of a row that starts or ends the exercise are shown."""
_MOST_WORDS = 150
"""So many words of a sheet can be corrected on the page."""


class Question(msgspec.Struct):
    """What is asked of a sheet."""

    file: str
    """What the file is called."""
    name: str
    """What the scenario is to be called; nothing asks for no draft."""
    times: Reading | None = None
    """How times with colons are meant, if somebody said so; the other fields are those of Corrections."""
    columns: dict[str, str] = {}
    means: dict[str, str] = {}
    protocol: str | None = None
    headings_row: int | None = None
    sheet: str | None = None
    jumps: bool = True
    encoding: str | None = None
    rows: dict[int, str] = {}


class Word(msgspec.Struct):
    """Words of a sheet, and what they were taken to mean."""

    kind: str
    """`time`, `to`, `via` or `expected`."""
    said: str
    """As they stand in the sheet."""
    taken: str
    """What they were taken to mean, in words; nothing if they are not known."""


class Mark(msgspec.Struct):
    """A row that was taken for the start or the end of the exercise."""

    row: str
    what: str
    """`start` or `end`."""
    text: str


class Answer(msgspec.Struct):
    """What a sheet was understood to say."""

    problems: list[str] = []
    """What keeps it from being read; then the rest is empty."""
    read_as: list[str] = []
    """How it was read, a line for each thing."""
    titles: list[str] = []
    """The headings of the table of injects, and below its rows."""
    rows: list[list[str]] = []
    marks: list[Mark] = []
    """The rows at which the exercise starts and ends, which are none of them."""
    headings: list[str] = []
    """The sheet's own headings."""
    examples: dict[str, str] = {}
    """What stands first below each of them."""
    row: int = 0
    """The row in which they stand; 0 if none is known."""
    columns: dict[str, str] = {}
    """Which of them is which column of ours."""
    roles: list[str] = []
    """Whom its injects can go to under its protocol."""
    protocol: str = ""
    """The protocol that it was taken to be written for."""
    choices: list[Reading] = []
    """The ways in which its times may be meant, if there are several."""
    words: list[Word] = []
    """The words that can be corrected, each once."""
    draft: str = ""
    """The draft, if one was asked for."""
    workbook: bool = False
    """Whether it is a workbook, which says itself what its letters are."""
    own: bool = False
    """Whether it is our own table, in which there is nothing to correct."""


def answered(question: Question, content: bytes) -> Answer:
    """What a sheet was understood to say."""
    workbook = is_workbook(content)
    corrected = Corrections(
        question.times,
        question.columns,
        question.means,
        question.protocol,
        question.headings_row,
        question.sheet,
        jumps=question.jumps,
        encoding=None if workbook else question.encoding,
        rows=question.rows,
    )
    try:
        found = understand(content, question.file, corrected)
        draft = draft_of(question.name, found).text if question.name and not found.times.choices else ""
    except ColumnsError as error:
        open_ones = [f"no column is the inject's {field}: choose it below" for field in error.missing]
        return Answer(
            workbook=workbook,
            problems=open_ones or [str(one) for one in error.problems],
            **_columns(error.headings, error.grid),
        )
    except LoadError as error:
        return Answer(workbook=workbook, problems=[str(problem) for problem in error.problems])
    return Answer(
        read_as=read_as(found),
        titles=list(ENTRIES),
        rows=[list(entry(line)) for line in found.lines],
        marks=[Mark(str(one.line), one.what, " ".join(one.text.split())[:_MARKED]) for one in found.bounds],
        choices=list(found.times.choices),
        words=list(_words(found)),
        draft=draft,
        workbook=workbook,
        own=found.own,
        roles=found.roles.known,
        protocol=found.roles.protocol,
        **_columns(found.headings, found.grid),
    )


class _Columns(TypedDict):
    headings: list[str]
    examples: dict[str, str]
    row: int
    columns: dict[str, str]


def _columns(headings: Headings, grid: Grid) -> _Columns:
    """What a sheet's columns are called, what stands in them, and what they were taken to be."""
    below = [row for row in grid.rows if row.line > headings.row.line]
    named = {" ".join(cell.split()): place for place, cell in enumerate(headings.row.cells) if cell.strip()}
    first = {name: next((row.cell(place) for row in below if row.cell(place)), "") for name, place in named.items()}
    return {
        "headings": list(named),
        "examples": {name: " ".join(said.split())[:_EXAMPLE] for name, said in first.items()},
        "row": headings.row.line,
        "columns": {field: headings.title(field) for field in FIELDS if field in headings.places},
    }


def _words(found: Understanding) -> Iterator[Word]:
    """Every recipient, way and expectation of the sheet, those that are not known first."""
    unknown = {(one.kind, one.said) for one in found.unknown}
    taken: dict[tuple[str, str], str] = {}
    for line in found.lines if not found.own else ():
        asked = line.inject.get("expects", [])
        meant = {
            "to": line.inject.get("to", ""),
            "via": line.inject.get("via", ""),
            "expected": [one["act"] for one in ([asked] if isinstance(asked, dict) else asked)] or "nothing",
        }
        for kind, value in meant.items():
            said = line.said.get(kind, "")
            if said and (kind == "via" or line.inject.get("to") != CONTROLLERS):
                shown = ", ".join(value) if isinstance(value, list) else str(value)
                taken.setdefault((kind, said), shown.replace("_", " "))
    parts = dict.fromkeys(unknown, "")
    ordered = {**parts, **{key: value for key, value in taken.items() if key not in parts}}
    for (kind, said), value in sorted(ordered.items(), key=lambda one: (one[1] != "", one[0]))[:_MOST_WORDS]:
        yield Word(kind, said, value)


def _main() -> None:
    _stand_back()
    question = msgspec.json.decode(sys.stdin.buffer.readline(), type=Question)
    sys.stdout.buffer.write(msgspec.json.encode(answered(question, sys.stdin.buffer.read())))


def _stand_back() -> None:
    """Let everything else on the machine go first, and do not go on forever."""
    import resource  # only where a server runs, which is not on Windows

    with suppress(OSError):
        os.nice(_LEAST_URGENT)
    limits = ((resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_AS, _MOST_MEMORY))
    for what, most in limits:
        with suppress(OSError, ValueError):  # some systems do not limit memory, or limit us more closely already
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    _main()
