"""What somebody says of a sheet where it was misunderstood, or not understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from scenarios.problem import LoadError, Problem, nearest, quoted
from scenarios.scenario import Via
from scenarios.sheets.casts import RoleNames
from scenarios.sheets.expectations import ACTS
from scenarios.sheets.moments import Habit, moment_of
from scenarios.sheets.roles import plain
from scenarios.sheets.times import Reading

__all__ = ["END", "NOTHING", "START", "Corrections", "check"]

NOTHING, START, END = "nothing", "start", "end"
"""What words are said to mean that expect nothing, and those that begin or end the exercise."""


@dataclass(frozen=True)
class Corrections:
    """What somebody said of a sheet before, or after, they saw what was understood."""

    times: Reading | None = None
    """How times with colons are meant."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The heading of a column, by what it is; nothing means that there is none."""
    means: Mapping[str, str] = field(default_factory=dict)
    """What words of the sheet mean: a role by its id or title, a way, an act, or `nothing`; `start` or `end` of the
    exercise; or, for words in the place of a time, a time."""
    protocol: str | None = None
    """The protocol that it is written for; without one, the one of ours whose roles it names."""
    headings_row: int | None = None
    """The row of the headings."""
    sheet: str | None = None
    """Which sheet of a workbook it is."""
    jumps: bool = True
    """Whether the story may jump over long gaps."""
    encoding: str | None = None
    """The encoding of a text file, one of ENCODINGS; without one, it is found out or Windows-1252."""
    rows: Mapping[int, str] = field(default_factory=dict)
    """Whom the inject of a row goes to, whatever its cells say; or `start` or `end`, if that is what the row is."""


def _meanings(roles: RoleNames) -> list[str]:
    """Everything that words of a sheet can be said to mean, but for times."""
    return list(dict.fromkeys([*roles.known, *roles.stand_ins, *get_args(Via), *ACTS, NOTHING, START, END]))


def check(corrected: Corrections, roles: RoleNames, file: str) -> None:
    """Raise LoadError for words that are said to mean what nothing here means, and for rows that go to nobody."""
    whom = [*roles.known, START, END]
    nobody = [
        Problem(file, row, 1, f"an inject cannot go to {quoted(to)}", nearest(to, whom) or f"one of {', '.join(whom)}")
        for row, to in corrected.rows.items()
        if to not in whom
    ]
    if nobody:
        raise LoadError(nobody)
    known = _meanings(roles)
    wrong = [
        (words, meant)
        for words, meant in corrected.means.items()
        if meant not in known and plain(meant) not in roles.titles and moment_of(meant, "", Habit()) is None
    ]
    if wrong:
        raise LoadError(
            [
                Problem(file, 0, 0, f"{quoted(words)} cannot mean {quoted(meant)}",
                        nearest(meant, known) or f"a time such as 10m, or one of {', '.join(known)}")
                for words, meant in wrong
            ]
        )  # fmt: skip
