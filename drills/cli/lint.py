"""`lint`: whether what somebody wrote can be used, and is worth playing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.help import Command, OneOf
from drills.cli.outcome import FELL_SHORT, Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from collections.abc import Sequence

    from scenarios.problem import Problem


@click.command(
    "lint",
    cls=Command,
    examples=[
        "drillroom lint my-outage.yaml",
        "drillroom lint scenarios/ --team our-team.yaml",
        "drillroom lint my-outage.yaml --play",
        "drillroom lint . --strict --format github",
        "drillroom lint . --format junit > lint.xml",
    ],
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "shape",
    type=OneOf(["text", "json", "github", "junit"]),
    default="text",
    show_default=True,
    help="Lines for people, JSON, annotations for GitHub Actions, or JUnit XML.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for a warning as well.")
@click.option(
    "--team",
    metavar="TEAM",
    help="Also check whether this team, by name or file, can play each scenario.",
)
@click.option("--play", is_flag=True, help="Also play each scenario, and warn about what only shows in play.")
def lint_command(paths: tuple[Path, ...], shape: str, strict: bool, team: str | None, play: bool) -> None:
    """Check scenarios, teams and other authored files.

    PATH is a file, or a folder whose YAML files are checked, subfolders included. In a folder, files of other tools are
    passed over: ours are those whose first key is one of ours, and all that lie in the folders of a workspace. A file
    that is named is always checked. All problems are listed at once, each with its place, what was expected and the
    name that was probably meant. Exit code 1 means that there is an error; warnings alone leave it at 0, unless you
    say --strict.

    With --play, simulated teams play each scenario to find an inject that no team ever sees, a role with nothing to do
    for five minutes, a scenario that cannot be won or cannot be lost. That takes about a second per scenario.
    """
    from drills.cli.inputs import loading
    from scenarios.lint import files_of, lint
    from scenarios.lookup import referred

    for path in paths:
        if not path.exists():
            raise Impossible(f"{path}: there is no such file or folder{_in_library(str(path))}")
    if team is not None:
        with loading():
            referred("team", team, paths[0])
    problems = list(dict.fromkeys(problem for path in paths for problem in lint(path, team)))
    found = [files_of(path) for path in paths]
    files = list(dict.fromkeys(file for one in found for file in one.ours))
    problems = _with_those_of_scripts(problems, files, team)
    if play:
        broken = {problem.file for problem in problems if problem.severity == "error"}
        problems += _found_by_playing([file for file in files if str(file) not in broken], team)
    if shape == "junit":
        _print_junit(problems, files, strict)
    else:
        _print_problems(problems, shape)
    _say_passed_over([file for one in found for file in one.others])
    if any(problem.severity == "error" or strict for problem in problems):
        click.get_current_context().exit(FELL_SHORT)


def _with_those_of_scripts(problems: "list[Problem]", files: list[Path], team: str | None) -> "list[Problem]":
    """All problems, those of scripts among them in the order of the files: what an act means, only a drill says."""
    from drills.planning.scripts import is_script, problems_in

    found = {str(file): problems_in(file, team) for file in files if is_script(file)}
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    names = dict.fromkeys([*(name for name in map(str, files) if name in by_file or name in found), *by_file])
    every = {name: dict.fromkeys([*by_file.get(name, []), *found.get(name, [])]) for name in names}
    return [
        problem
        for name in names
        for problem in sorted(every[name], key=lambda one: (one.line == 0, one.line, one.column))
    ]


def _found_by_playing(files: list[Path], team: str | None) -> "list[Problem]":
    from drills.cli.terminal import busy
    from drills.planning.playability import is_scenario, warnings_of

    found = []
    for file in files:
        if is_scenario(file):
            with busy(f"Playing {file.name}"):
                found += warnings_of(file, team)
    return found


def _in_library(name: str) -> str:
    from scenarios.load import names

    return f"; {name} is a library scenario, which is already checked" if name in names("scenario") else ""


def _say_passed_over(others: list[Path]) -> None:
    """Say which files were taken for somebody else's, so that none of ours is missed without a word."""
    from drills.cli.terminal import note

    if others:
        files = "a YAML file" if len(others) == 1 else f"{len(others)} YAML files"
        such = "" if len(others) == 1 else "such as "
        note(f"passed over {files} of other tools, {such}{others[0]}: the first key is none of ours")


def _print_problems(problems: "Sequence[Problem]", shape: str) -> None:
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


def _print_junit(problems: "Sequence[Problem]", files: list[Path], strict: bool) -> None:
    """One case for each file: errors fail it, and warnings too if they count; else these stand in its output."""
    from drills.cli.junit import Case, junit
    from drills.cli.terminal import say_bytes

    cases = []
    for name in dict.fromkeys([*map(str, files), *(problem.file for problem in problems)]):
        mine = [problem for problem in problems if problem.file == name]
        failures = [str(problem) for problem in mine if strict or problem.severity == "error"]
        notes = [] if strict else [str(problem) for problem in mine if problem.severity == "warning"]
        cases.append(Case("drillroom lint", name, failures, notes, file=name))
    say_bytes(junit("drillroom lint", cases))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
