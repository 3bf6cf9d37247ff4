"""`show`, `new`, `lint` and `schema`: for those who write scenarios."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from drills.cli.command import Command
from drills.cli.outcome import FellShort, Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from rich.table import Table

    from scenarios.problem import Problem
    from scenarios.scenario import Scenario

KINDS = ("scenario", "team", "protocol", "rubric", "runbook", "script")


@click.command(
    "lint",
    cls=Command,
    examples=["drillroom lint my-outage.yaml", "drillroom lint scenarios/ --format github"],
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How problems are printed; github makes annotations of them.",
)
@click.option("--team", type=click.Path(path_type=Path), metavar="FILE", help="Also check that this team can play.")
def lint_command(paths: tuple[Path, ...], form: str, team: Path | None) -> None:
    """Check scenarios, teams, protocols, runbooks, rubrics and scripts.

    Each PATH is a file or a folder of them. All problems come at once, as file:line:column. Warnings alone are no
    failure.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import say, say_bytes
    from scenarios.lint import lint, to_github, to_json

    with loading():
        problems = [problem for path in paths for problem in lint(path, team)]
    errors = sum(problem.severity == "error" for problem in problems)
    if form == "json":
        import msgspec

        say_bytes(
            msgspec.json.format(msgspec.json.encode([to_json(problem) for problem in problems]), indent=2) + b"\n"
        )
    else:
        for problem in problems:
            say(to_github(problem) if form == "github" else str(problem))
    if errors:
        raise FellShort(_counted(problems))
    if form == "text":
        say(_counted(problems))


def _counted(problems: "list[Problem]") -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return "nothing wrong"
    parts = [
        f"{count} {word}{'s' if count > 1 else ''}"
        for count, word in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    return " and ".join(parts)


@click.command(
    "schema", cls=Command, examples=["drillroom schema scenario > scenario.schema.json", "drillroom schema team"]
)
@click.argument("kind", type=click.Choice(KINDS))
def schema_command(kind: str) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    import msgspec

    from drills.cli.terminal import say_bytes
    from scenarios.schema import schema
    from scenarios.shelf import Kind

    known: Kind = next(one for one in get_args(Kind) if one == kind)
    say_bytes(msgspec.json.format(msgspec.json.encode(schema(known)), indent=2) + b"\n")


@click.command(
    "new", cls=Command, examples=["drillroom new search-outage", "drillroom new search-outage --out drills/"]
)
@click.argument("name")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path(), metavar="DIR", help="The folder.  [default: here]"
)
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
def new_command(name: str, out: Path, force: bool) -> None:
    """Write a commented scenario to start from.

    NAME is words in lower case joined by hyphens, such as search-outage; the file is called after it.
    """
    from drills.cli.terminal import say
    from scenarios.shelf import is_name
    from scenarios.template import new_scenario

    plain = name.removesuffix(".yaml")
    if not is_name(plain):
        raise Impossible(f"{name!r} is no name; write words in lower case joined by hyphens, like search-outage")
    file = out / f"{plain}.yaml"
    text = new_scenario(plain)
    try:
        with file.open("w" if force else "x", encoding="utf-8") as written:
            written.write(text)
    except FileExistsError:
        raise Impossible(f"{file} was left as it is: it is there already; choose another name or add --force") from None
    say(f"{file}\n\nNext: drillroom lint {file}\n      drillroom show {file}\n      drillroom run {file}")


@click.command("show", cls=Command, examples=["drillroom show login-outage", "drillroom show my-outage.yaml"])
@click.argument("scenario")
def show_command(scenario: str) -> None:
    """Show a scenario: its injects and its planned timeline.

    SCENARIO is a name from the library or a file. It shows the answer too: do not show it to those who will play.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import say, show
    from scenarios.load import load_scenario

    with loading():
        story = load_scenario(scenario)
    levels = ", then ".join(
        f"{span.level}" + (f" from {_time(span.since)}" if span.since else "") for span in story.severity
    )
    say(f"{story.title}\n{story.scenario}: severity {levels}; {story.protocol}; ends after {_time(story.ends.after)}\n")
    report = story.report
    say(f"{story.brief.strip()}\n\nReported by {report.sender} ({report.via}): {report.text.strip()}\n")
    show(_actions(story))
    say()
    show(_injects(story))
    say("\nPlanned timeline, a column for each minute\n")
    say("\n".join(_timeline(story)))
    say(f"\nSolution: {story.solution.strip()}")


def _time(milliseconds: int) -> str:
    from scenarios.base import format_duration

    return format_duration(milliseconds)


def _actions(story: "Scenario") -> "Table":
    from drills.cli.terminal import columns, styled

    table = columns("action", "takes", "effect", "what it is", right=(1,))
    for action in story.actions:
        mark = "clue" if action.clue else "red herring" if action.herring else ""
        effect = "" if action.effect == "nothing" else action.effect
        needs = f" (after {', '.join(action.needs)})" if action.needs else ""
        table.add_row(
            styled(action.id), styled(_time(action.takes)), styled(effect or mark), styled(action.label + needs)
        )
    return table


def _injects(story: "Scenario") -> "Table":
    from drills.cli.terminal import columns, styled

    table = columns("when", "inject", "to", "from", "says", right=())
    for inject in story.injects:
        says = " ".join(inject.text.split())
        if inject.expects is not None:
            says += f" [expects {inject.expects.act} within {_time(inject.expects.target)}]"
        table.add_row(
            styled(_trigger(story, inject.id)),
            styled(inject.id),
            styled(inject.to.replace("_", " ")),
            styled(inject.sender),
            styled(says),
        )
    return table


def _trigger(story: "Scenario", name: str) -> str:
    inject = story.inject(name)
    if inject is None:
        return ""
    if inject.at is not None:
        text = f"at {_time(inject.at)}"
    elif inject.after is not None:
        text = f"after {inject.after}" + (f" + {_time(inject.delay)}" if inject.delay else "")
    else:
        given = inject.when.model_dump(by_alias=True, exclude_defaults=True) if inject.when is not None else {}
        text = "when " + _said(given)
    if inject.unless is not None:
        text += ", unless " + _said(inject.unless.model_dump(by_alias=True, exclude_defaults=True))
    if inject.chance < 1:
        text += f", chance {inject.chance:.0%}"
    if inject.repeat is not None:
        text += f", again every {_time(inject.repeat.every)}, {inject.repeat.times} times"
    return text


def _said(condition: object) -> str:
    """A condition as its author wrote it, without the braces."""
    if isinstance(condition, dict):
        return " ".join(f"{key} {_said(value)}" for key, value in condition.items())
    if isinstance(condition, list):
        return "(" + "; ".join(_said(one) for one in condition) + ")"
    return str(condition)


def _timeline(story: "Scenario") -> list[str]:
    """A line for each recipient, a column for each minute; a letter for each inject that has a time."""
    minute = 60_000
    length = story.ends.after // minute + 1
    lanes: dict[str, list[int]] = {}
    waiting: dict[str, int] = {}
    for inject in story.injects:
        if inject.at is None:
            waiting[inject.to] = waiting.get(inject.to, 0) + 1
            continue
        lane = lanes.setdefault(inject.to, [0] * length)
        again = range(inject.repeat.times + 1) if inject.repeat is not None else range(1)
        every = inject.repeat.every if inject.repeat is not None else 0
        for time in (inject.at + every * count for count in again):
            if time < story.ends.after:
                lane[time // minute] += 1
    names = list(dict.fromkeys([*lanes, *waiting]))
    width = max((len(name) for name in names), default=0)
    ruler = "".join(f"{mark:<5}" for mark in range(0, length, 5))[:length]
    rows = [f"{'minute':>{width}}  {ruler}"]
    for name in names:
        marks = "".join("." if not count else str(min(count, 9)) for count in lanes.get(name, [0] * length))
        later = f"  and {waiting[name]} by what the team does" if name in waiting else ""
        rows.append(f"{name.replace('_', ' '):>{width}}  {marks}{later}")
    return rows
