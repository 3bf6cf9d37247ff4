"""`new --from`: what a sheet was understood to say, shown and corrected at the terminal before it becomes a draft."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from drills.cli.outcome import Impossible
from scenarios.decode import content_of
from scenarios.problem import LoadError, nearest, quoted
from scenarios.scenario import Via
from scenarios.sheets.corrections import Corrections
from scenarios.sheets.csv_table import ENCODINGS
from scenarios.sheets.draft import Draft, draft_of
from scenarios.sheets.grid import MOST_BYTES
from scenarios.sheets.moments import Habit, moment_of
from scenarios.sheets.summary import ENTRIES, entry, meant_as, read_as
from scenarios.sheets.understanding import Understanding, understand

if TYPE_CHECKING:
    from scenarios.sheets.times import Reading

__all__ = ["corrections", "drafted"]

_FEW = 12
"""So many rows of a word are named."""


def corrections(
    times: "Reading | None",
    means: Sequence[str],
    to: Sequence[str],
    columns: Sequence[str],
    tab: str | None,
    protocol: str | None,
    headings: int | None,
    encoding: str | None,
    *,
    jumps: bool,
) -> Corrections:
    """What the options say of a sheet. Raises UsageError."""
    said = _pairs("--means", means)
    rows = {_row(row): who for row, who in _pairs("--to", to).items()}
    if encoding is not None and encoding not in ENCODINGS:
        close = nearest(encoding, [*ENCODINGS])
        raise click.UsageError(
            f"--encoding {quoted(encoding)} is not known{f' ({close})' if close else ''}; it is one of "
            + ", ".join(ENCODINGS)
        )
    return Corrections(
        times,
        _pairs("--column", columns),
        said,
        protocol,
        headings,
        tab,
        jumps=jumps,
        encoding=encoding,
        rows=rows,
    )


def drafted(name: str, sheet: Path, corrected: Corrections, *, yes: bool, quiet: bool) -> Draft:
    """The draft of a sheet. With `yes` nobody is asked; with `quiet` standard output is left alone.

    Raises Impossible if it cannot be read, or somebody has to say how it is meant.
    """
    asking = not yes and sys.stdin.isatty() and sys.stderr.isatty()
    with _all_said(sheet):
        content = content_of(sheet, MOST_BYTES, "a CSV, TSV or XLSX file")
        understood = understand(content, str(sheet), corrected)
        if understood.times.choices:
            times = _ask_times(content, sheet, corrected, understood) if asking else _refuse_times(sheet, understood)
            corrected = replace(corrected, times=times)
        if asking:
            corrected = replace(corrected, means={**corrected.means, **_ask_words(understood)})
        understood = understand(content, str(sheet), corrected)
        draft = draft_of(name, understood)
    _show(understood, quiet=quiet)
    if asking and not click.confirm("Write it so?", default=True, err=True):
        raise Impossible("nothing was written; --times, --means, --to and --column correct what was understood")
    return draft


def _row(said: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,6}", said, re.ASCII):
        raise click.UsageError(f"--to {quoted(said)}: write it as {_FORMS['--to']}, with the number of a row")
    return int(said)


def _pairs(option: str, said: Sequence[str]) -> dict[str, str]:
    """What stands on both sides of each `=`."""
    found: dict[str, str] = {}
    for one in said:
        left, mark, right = one.rpartition("=") if option == "--means" else one.partition("=")
        if not mark or not left.strip():
            raise click.UsageError(f"{option} {quoted(one)}: write it as {_FORMS[option]}")
        found[left.strip()] = right.strip()
    return found


_FORMS = {"--means": '"IR Lead=incident_commander"', "--column": '"time=Start of inject"', "--to": "12=communications"}


@contextmanager
def _all_said(sheet: Path) -> Iterator[None]:
    """All that is wrong with a sheet, a line each."""
    try:
        yield
    except LoadError as error:
        if len(error.problems) == 1:
            raise Impossible(str(error.problems[0])) from None
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise Impossible(f"{sheet}: {len(error.problems)} problems; nothing was written") from None


def _refuse_times(sheet: Path, understood: Understanding) -> "Reading":
    choices = understood.times.choices
    shown = next(line.said["time"] for line in understood.lines if line.said["time"])
    ways = "; ".join(f"--times {reading} for {meant_as(reading)}" for reading in choices)
    raise Impossible(f"{sheet}: times such as {shown} can be meant in {len(choices)} ways; say which: {ways}")


def _ask_times(content: bytes, sheet: Path, corrected: Corrections, understood: Understanding) -> "Reading":
    """How times are meant, with what each way would make of the first and the last."""
    choices = understood.times.choices
    click.echo("The times of this sheet can be meant in several ways:", err=True)
    for number, reading in enumerate(choices, 1):
        lines = understand(content, str(sheet), replace(corrected, times=reading)).lines
        first, last = lines[0], lines[-1]
        example = f"{first.said['time']} is {first.inject['at']}, {last.said['time']} is {last.inject['at']}"
        click.echo(f"  {number}  {meant_as(reading)}: {example}", err=True)
    numbers = [str(number) for number in range(1, len(choices) + 1)]
    chosen = click.prompt("Which", type=click.Choice(numbers), err=True)
    return choices[int(chosen) - 1]


def _ask_words(understood: Understanding) -> Mapping[str, str]:
    """What each unknown time, recipient and way means, asked once for the sheet; nothing leaves it to the author."""
    found: dict[str, str] = {}
    for one in understood.unknown:
        if one.kind == "expected":
            continue
        known = {"time": [], "to": understood.roles.known, "via": list(get_args(Via))}[one.kind]
        rows = ", ".join(map(str, one.lines[:_FEW])) + (" and more" if len(one.lines) > _FEW else "")
        what, ways = _ASKED[one.kind], ", ".join(known) or "a time such as 10m"
        click.echo(f"{what} {quoted(one.said)} (row {rows})? {ways}; Enter leaves it open", err=True)
        said = _answer(known)
        if said:
            found[one.said] = said
    return found


def _answer(known: Sequence[str]) -> str:
    """One of these, or without any a time; nothing if somebody only pressed Enter."""
    while True:
        said = click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True).strip()
        meant = said.lower().replace(" ", "_")
        if not said or (known and meant in known) or (not known and moment_of(said, "", Habit()) is not None):
            return meant if known else said
        if known:
            way_out = nearest(said, known) or "choose one, or press Enter"
            click.echo(f"{quoted(said)} is none of them; {way_out}", err=True)
        else:
            click.echo(f"{quoted(said)} is no time; write one such as 10m, or press Enter", err=True)


_ASKED = {"time": "When is", "to": "Who is", "via": "How does it come:"}


def _show(understood: Understanding, *, quiet: bool) -> None:
    """What was understood: on standard output, or its lines alone on standard error where that is for the draft."""
    from drills.cli.terminal import columns, note, say, show, styled

    lines = read_as(understood)
    if quiet:
        for line in lines:
            note(line)
        return
    for line in lines:
        say(line)
    table = columns(*ENTRIES)
    for one in understood.lines:
        table.add_row(*(styled(_cut(cell)) for cell in entry(one)))
    show(table)
    doubtful = sum(bool(line.missing) for line in understood.lines)
    if doubtful:
        say(
            f"? is not in the sheet, or not known: {doubtful} of {len(understood.lines)} injects; the draft marks each."
        )


_LONGEST = 60


def _cut(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…"
