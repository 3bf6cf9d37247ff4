"""`new` and `schema`: what those who write scenarios start from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.completion import known
from drills.cli.help import Command, OneOf, WholeNumber
from drills.cli.outcome import suggestion

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.lookup import Kind
    from scenarios.sheets.times import Reading

READINGS = ("mm:ss", "hh:mm", "clock")
KINDS = ("scenario", "team", "protocol", "rubric", "runbook", "script", "names", "schedule", "absences", "actions")


@click.command(
    "new",
    cls=Command,
    examples=[
        "drillroom new search-outage",
        "drillroom new search-outage --out - | less",
        "drillroom new search-outage --from our-injects.xlsx",
        'drillroom new search-outage --from our-injects.csv --times hh:mm --means "IR Lead=incident_commander"',
        "drillroom new search-outage --like login-outage",
        "drillroom new team night-shift",
        "drillroom new protocol ours --like pagerduty-style",
    ],
)
@click.argument("what", nargs=-1, required=True, metavar="[KIND] NAME")
@click.option(
    "--out",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; - for standard output.  [default: NAME.yaml, in its folder of the workspace]",
)
@click.option(
    "--from",
    "sheet",
    type=click.Path(path_type=Path),
    metavar="SHEET",
    help="A table of injects to turn into a draft: CSV, TSV or XLSX.",
)
@click.option("--times", type=OneOf(READINGS), help="With --from: how times such as 1:30 are meant.")
@click.option(
    "--means",
    multiple=True,
    metavar="WORDS=MEANING",
    help="With --from: what words of the sheet mean: a role, a way, an act, nothing, a time such as 10m, start or end "
    "(of the exercise). May be given several times.",
)
@click.option(
    "--to",
    multiple=True,
    metavar="ROW=WHO",
    help="With --from: whom the inject of a row goes to, whatever the sheet says; or start or end, if that is what the "
    "row is. May be given several times.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="COLUMN=HEADING",
    help="With --from: what a column is called: time, date, sender, to, via, text, expected, within, latest.",
)
@click.option(
    "--headings",
    type=WholeNumber(1, 5000),
    metavar="ROW",
    help="With --from: the row of the headings, if another is taken.",
)
@click.option(
    "--protocol",
    metavar="NAME",
    shell_complete=known("protocol"),
    help="With --from: the protocol whose roles the sheet names.  [default: the one of yours whose roles it names]",
)
@click.option("--sheet", "tab", metavar="NAME", help="With --from: the sheet of the workbook.")
@click.option("--encoding", metavar="NAME", help="With --from: the encoding of a text file, such as windows-1250.")
@click.option("--no-jumps", is_flag=True, help="With --from: keep gaps of many hours; nothing jumps over them.")
@click.option("--yes", is_flag=True, help="With --from: ask nothing, and write the draft.")
@click.option(
    "--like", metavar="NAME", shell_complete=known("scenario"), help="Copy this one, of the workspace or the library."
)
@click.option("--force", is_flag=True, help="Replace the file if it already exists.")
def new_command(
    what: tuple[str, ...],
    out: Path | None,
    sheet: Path | None,
    like: str | None,
    times: "Reading | None",
    means: tuple[str, ...],
    to: tuple[str, ...],
    columns: tuple[str, ...],
    headings: int | None,
    protocol: str | None,
    tab: str | None,
    encoding: str | None,
    force: bool,
    no_jumps: bool,
    yes: bool,
) -> None:
    """Write a commented scenario to start from, or another file.

    The scenario is complete and can be played as it stands. A comment explains every part. KIND is scenario, team,
    protocol, rubric, runbook, names or schedule; without one, it is a scenario. All but these two are copies of what
    the library has.

    With --from, it is a draft made from a team's spreadsheet of injects as it is: titles above the headings, columns in
    any order and by other names, times of day or from the start, dates, several recipients. What it was understood to
    say is shown before anything is written. On a terminal you are asked what cannot be known; elsewhere an error says
    which option answers it. What the table does not say is marked MISSING.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import note, say, say_bytes
    from scenarios.template import STARTERS, new_file
    from scenarios.workspace import place_for

    kind, name = _kind_and_name(what, ("scenario", "schedule", *STARTERS))
    if sheet is not None and (kind != "scenario" or like is not None):
        raise click.UsageError("--from makes a scenario of a table; it goes with no other kind, and not with --like")
    given = {"times": times, "means": means, "to": to, "column": columns, "headings": headings, "protocol": protocol}
    _check_options(sheet, **given, sheet=tab, encoding=encoding, no_jumps=no_jumps, yes=yes)
    missing: list[str] = []
    if sheet is not None:
        from drills.cli.sheet_draft import corrections, drafted

        corrected = corrections(times, means, to, columns, tab, protocol, headings, encoding, jumps=not no_jumps)
        draft = drafted(name, sheet, corrected, yes=yes, quiet=str(out) == "-")
        text, missing = draft.text, draft.missing
    else:
        with loading():
            text = new_file(kind, name, like)
    if str(out) == "-":
        say_bytes(text.encode())
        return
    from drills.cli.files import write_new_file

    file = out if out is not None else place_for(kind, name)
    write_new_file(file, text, force=force, folders=out is None)
    for gap in missing:
        note(f"missing: {gap}")
    say(f"Wrote {file}. Edit it, then look at it with:")
    for command in _THEN.get(kind, ("lint FILE", f"show {kind} FILE")):
        say(f"  drillroom {command.replace('FILE', str(file))}")


_THEN: "dict[Kind, tuple[str, ...]]" = {
    "scenario": ("lint FILE", "show FILE", "run FILE"),
    "schedule": ("lint FILE", "schedule list"),
}
"""What to look at a new file with."""


def _check_options(table: Path | None, **given: object) -> None:
    option = next((name for name, value in given.items() if value), None)
    if table is None and option is not None:
        raise click.UsageError(f"--{option.replace('_', '-')} goes with --from")


def _kind_and_name(what: tuple[str, ...], kinds: "tuple[Kind, ...]") -> "tuple[Kind, str]":
    """What `[KIND] NAME` says; a scenario if it names no kind."""
    if len(what) == 1:
        return "scenario", what[0]
    kind = next((kind for kind in kinds if kind == what[0]), None)
    if kind is None or len(what) > 2:
        close = suggestion(what[0], kinds)
        raise click.UsageError(
            f"write [KIND] NAME, where KIND is one of {', '.join(kinds)}" + (f"; {close}" if close else "")
        )
    return kind, what[1]


@click.command(
    "schema",
    cls=Command,
    examples=["drillroom schema scenario > scenario.schema.json", "drillroom schema team"],
)
@click.argument("kind", type=OneOf(KINDS), metavar="KIND")
def schema_command(kind: str) -> None:
    """Print the JSON Schema of a kind of file.

    KIND is one of scenario, team, protocol, rubric, runbook, script and names. Editors that know the schema complete
    and check as you type.
    """
    import json
    from typing import cast

    from drills.cli.terminal import say_bytes
    from scenarios.schema import schema

    said = json.dumps(schema(cast("Kind", kind)), ensure_ascii=False, indent=2)
    say_bytes(said.encode() + b"\n")
