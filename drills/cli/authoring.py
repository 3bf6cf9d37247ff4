"""`lint`, `show`, `new` and `schema`: everything for those who write scenarios."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.command import Command, OneOf
from drills.cli.outcome import FELL_SHORT, Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.problem import Problem

KINDS = ("scenario", "team", "protocol", "rubric", "runbook", "script", "names")


@click.command(
    "lint",
    cls=Command,
    examples=[
        "drillroom lint my-outage.yaml",
        "drillroom lint scenarios/ --team our-team.yaml",
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
    help="Check each scenario also for whether this team can play it.",
)
def lint_command(paths: tuple[Path, ...], shape: str, team: Path | None) -> None:
    """Check scenarios, teams and other authored files.

    PATH is a file, or a folder with all YAML files in it and below. Every problem comes at once, with its place, what
    was expected and the name that was probably meant. Exit code 1 says that there is an error; warnings alone leave it
    at 0.
    """
    from scenarios.lint import lint

    for path in (*paths, *([team] if team is not None else [])):
        if not path.exists():
            raise Impossible(f"{path}: there is no such file or folder{_in_library(str(path))}")
    problems = list(dict.fromkeys(problem for path in paths for problem in lint(path, team)))
    _print_problems(problems, shape)
    if any(problem.severity == "error" for problem in problems):
        click.get_current_context().exit(FELL_SHORT)


def _in_library(name: str) -> str:
    from scenarios.load import names

    return f"; {name} is a scenario of the library, which is checked already" if name in names("scenario") else ""


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
    "show",
    cls=Command,
    examples=[
        "drillroom show login-outage",
        "drillroom show my-outage.yaml --facilitator",
        "drillroom show my-outage.yaml --msel",
    ],
)
@click.argument("scenario")
@click.option("--facilitator", is_flag=True, help="Also show the answers: severity, solution, what each action does.")
@click.option("--msel", is_flag=True, help="Print the table of injects and nothing else.")
def show_command(scenario: str, facilitator: bool, msel: bool) -> None:
    """Show a scenario: its injects and its planned timeline.

    SCENARIO is a name from the library or a file. The injects are for those who write and run drills; whoever is going
    to play should not look.
    """
    from drills.cli.inputs import loading
    from drills.cli.scenario_view import show_injects, show_scenario
    from scenarios.load import load_protocol, load_scenario
    from scenarios.shelf import referred

    with loading():
        story = load_scenario(scenario)
        protocol = load_protocol(story.protocol, referred("scenario", scenario).path)
    if msel:
        show_injects(story, protocol)
    else:
        show_scenario(story, protocol, answers=facilitator)


@click.command(
    "new", cls=Command, examples=["drillroom new search-outage", "drillroom new search-outage --out - | less"]
)
@click.argument("name")
@click.option(
    "--out",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; - for standard output.  [default: NAME.yaml]",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
def new_command(name: str, out: Path | None, force: bool) -> None:
    """Write a commented scenario to start from.

    It is complete and can be played as it stands. Every part says in a comment what it is for.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import say, say_bytes
    from scenarios.template import new_scenario

    with loading():
        text = new_scenario(name)
    if str(out) == "-":
        say_bytes(text.encode())
        return
    from drills.cli.writing import write_new_file

    file = out if out is not None else Path(f"{name}.yaml")
    write_new_file(file, text, force=force)
    say(f"{file} is written. Change it, and look at what you have with:")
    for command in ("lint", "show", "run"):
        say(f"  drillroom {command} {file}")


@click.command(
    "schema",
    cls=Command,
    examples=["drillroom schema scenario > scenario.schema.json", "drillroom schema team"],
)
@click.argument("kind", type=OneOf(KINDS), metavar="KIND")
def schema_command(kind: str) -> None:
    """Print the JSON Schema of a kind of file.

    KIND is one of scenario, team, protocol, rubric, runbook, script and names. Editors that know the schema complete and check
    while one types.
    """
    import json
    from typing import cast

    from drills.cli.terminal import say_bytes
    from scenarios.schema import schema
    from scenarios.shelf import Kind

    said = json.dumps(schema(cast("Kind", kind)), ensure_ascii=False, indent=2)
    say_bytes(said.encode() + b"\n")
