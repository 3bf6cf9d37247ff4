"""`new` and `schema`: what those who write scenarios start from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.completion import known
from drills.cli.help import Command, OneOf
from drills.cli.outcome import suggestion

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.lookup import Kind

KINDS = ("scenario", "team", "protocol", "rubric", "runbook", "script", "names")


@click.command(
    "new",
    cls=Command,
    examples=[
        "drillroom new search-outage",
        "drillroom new search-outage --out - | less",
        "drillroom new search-outage --from our-injects.csv",
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
    metavar="SHEET.csv",
    help="A table of injects to turn into a draft: time, from, to, via, text, expected action.",
)
@click.option(
    "--like", metavar="NAME", shell_complete=known("scenario"), help="Copy this one, of the workspace or the library."
)
@click.option("--force", is_flag=True, help="Replace the file if it already exists.")
def new_command(what: tuple[str, ...], out: Path | None, sheet: Path | None, like: str | None, force: bool) -> None:
    """Write a commented scenario to start from, or another file.

    The scenario is complete and can be played as it stands. A comment explains every part. KIND is scenario, team,
    protocol, rubric, runbook or names; without one, it is a scenario. Anything but a scenario is a copy of what the
    library has.

    With --from, it is a draft made from a team's spreadsheet of injects, saved as CSV. The columns may have other names
    (sender, recipient, method, message and so on) and come in any order; only a time and a text are required. What the
    table does not say is marked MISSING.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import note, say, say_bytes
    from scenarios.decode import content_of
    from scenarios.sheet import Draft, draft_of
    from scenarios.template import STARTERS, new_file
    from scenarios.workspace import place_for

    kind, name = _kind_and_name(what, ("scenario", *STARTERS))
    if sheet is not None and (kind != "scenario" or like is not None):
        raise click.UsageError("--from makes a scenario of a table; it goes with no other kind, and not with --like")
    with loading():
        draft = Draft(new_file(kind, name, like)) if sheet is None else draft_of(name, content_of(sheet), str(sheet))
    text = draft.text
    if str(out) == "-":
        say_bytes(text.encode())
        return
    from drills.cli.files import write_new_file

    file = out if out is not None else place_for(kind, name)
    write_new_file(file, text, force=force, folders=out is None)
    for gap in draft.missing:
        note(f"missing: {gap}")
    say(f"Wrote {file}. Edit it, then look at it with:")
    for command in ("lint", "show", "run") if kind == "scenario" else ("lint", f"show {kind}"):
        say(f"  drillroom {command} {file}")


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
