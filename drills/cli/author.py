"""`lint`, `new` and `schema`: everything for those who write scenarios."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.help import Command, OneOf
from drills.cli.outcome import FELL_SHORT, Impossible, suggestion

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.lookup import Kind
    from scenarios.problem import Problem

KINDS = ("scenario", "team", "protocol", "rubric", "runbook", "script", "names")


@click.command(
    "lint",
    cls=Command,
    examples=[
        "drillroom lint my-outage.yaml",
        "drillroom lint scenarios/ --team our-team.yaml",
        "drillroom lint my-outage.yaml --play",
        "drillroom lint . --format github",
    ],
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "shape",
    type=OneOf(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Lines for people, JSON, or annotations for GitHub Actions.",
)
@click.option(
    "--team",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also check whether this team can play each scenario.",
)
@click.option("--play", is_flag=True, help="Also play each scenario, and warn about what only shows in play.")
def lint_command(paths: tuple[Path, ...], shape: str, team: Path | None, play: bool) -> None:
    """Check scenarios, teams and other authored files.

    PATH is a file, or a folder whose YAML files are checked, subfolders included. All problems are listed at once, each
    with its place, what was expected and the name that was probably meant. Exit code 1 means that there is an error;
    warnings alone leave it at 0.

    With --play, simulated teams play each scenario to find an inject that no team ever sees, a role with nothing to do
    for five minutes, a scenario that cannot be won or cannot be lost. That takes about a second per scenario.
    """
    from scenarios.lint import lint

    for path in (*paths, *([team] if team is not None else [])):
        if not path.exists():
            raise Impossible(f"{path}: there is no such file or folder{_in_library(str(path))}")
    problems = list(dict.fromkeys(problem for path in paths for problem in lint(path, team)))
    if play:
        problems += _found_by_playing(paths)
    _print_problems(problems, shape)
    if any(problem.severity == "error" for problem in problems):
        click.get_current_context().exit(FELL_SHORT)


def _found_by_playing(paths: tuple[Path, ...]) -> "list[Problem]":
    from drills.cli.terminal import busy
    from drills.planning.playability import scenario_files, warnings_of

    found = []
    for file in dict.fromkeys(file for path in paths for file in scenario_files(path)):
        with busy(f"Playing {file.name}"):
            found += warnings_of(file)
    return found


def _in_library(name: str) -> str:
    from scenarios.load import names

    return f"; {name} is a library scenario, which is already checked" if name in names("scenario") else ""


def _print_problems(problems: "list[Problem]", shape: str) -> None:
    import json

    from drills.cli.terminal import say, say_bytes
    from scenarios.lint import to_github, to_json

    if shape == "json":
        found = json.dumps([to_json(problem) for problem in problems], ensure_ascii=False, indent=2)
        say_bytes(found.encode() + b"\n")
        return
    for problem in problems:
        say(to_github(problem) if shape == "github" else str(problem))
    if shape == "text":
        errors = sum(problem.severity == "error" for problem in problems)
        warnings = len(problems) - errors
        say(f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}" if problems else "no problems")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


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
@click.option("--like", metavar="NAME", help="Copy this one, of the workspace or the library.")
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
