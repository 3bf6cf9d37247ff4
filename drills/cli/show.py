"""`show`: a scenario with its plan, its table of injects, and for facilitators its answers and guide; or a runbook."""

from typing import TYPE_CHECKING

import click

from drills.cli.help import Command

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.runbook import Runbook
    from scenarios.source import Source


@click.command(
    "show",
    cls=Command,
    examples=[
        "drillroom show",
        "drillroom show login-outage",
        "drillroom show my-outage.yaml --facilitator",
        "drillroom show login-outage --msel --csv > login-outage.csv",
        "drillroom show deployment",
        "drillroom show deployment --markdown > deployment.md",
    ],
)
@click.argument("name", required=False)
@click.option("--facilitator", is_flag=True, help="Also show the answers, the guide and where the story comes from.")
@click.option("--msel", is_flag=True, help="Print the table of injects and nothing else.")
@click.option("--csv", "as_csv", is_flag=True, help="With --msel: as CSV, for a spreadsheet.")
@click.option("--markdown", is_flag=True, help="A runbook as Markdown.")
@click.option("--names", metavar="FILE", help="Your company's names.  [default: names.yaml, if it is there]")
def show_command(
    name: str | None, facilitator: bool, msel: bool, as_csv: bool, markdown: bool, names: str | None
) -> None:
    """Show a scenario, or a runbook.

    A scenario with its injects and its planned timeline; a runbook with its procedures, step by step. NAME is a name
    from the library or a file; without one, the whole library is listed. The injects are for people who write and
    run drills; if you are going to play, do not look.
    """
    if as_csv and not msel:
        raise click.UsageError("--csv needs --msel: the table of injects")
    if name is None:
        if facilitator or msel or markdown:
            raise click.UsageError("name a scenario or a runbook; `drillroom show` lists them")
        _show_library()
        return
    from drills.cli.inputs import loading
    from scenarios.load import kind_of

    with loading():
        source = _found(name)
        if kind_of(source) == "runbook":
            if facilitator or msel:
                raise click.UsageError(f"{name} is a runbook; --facilitator and --msel need a scenario")
            _show_runbook(_runbook(name, source, names), markdown=markdown)
            return
    if markdown:
        raise click.UsageError(f"{name} is not a runbook; --markdown needs one")
    _show_scenario(name, names, facilitator=facilitator, msel=msel, as_csv=as_csv)


def _show_library() -> None:
    """Every built-in scenario and runbook, without giving any answer away."""
    from drills.cli.terminal import columns, say, show
    from scenarios.base import format_duration
    from scenarios.load import load_runbook, load_scenario, names

    stories = columns("Scenario", "Takes", "Difficulty", "What happens")
    for name in names("scenario"):
        story = load_scenario(name)
        length = format_duration(story.length) if story.length is not None else ""
        stories.add_row(name, length, story.difficulty or "", story.title)
    books = columns("Runbook", "What it is")
    for name in names("runbook"):
        books.add_row(name, load_runbook(name).title)
    show(stories)
    say()
    show(books)


def _found(name: str) -> "Source":
    """The file of a scenario or a runbook. Raises LoadError, with names of scenarios, if there is neither."""
    from scenarios.load import names
    from scenarios.lookup import is_name, referred

    runbook = is_name(name) and name not in names("scenario") and name in names("runbook")
    return referred("runbook" if runbook else "scenario", name)


def _runbook(name: str, source: "Source", own: str | None) -> "Runbook":
    from scenarios.load import load_names, load_runbook
    from scenarios.rename import linked

    return linked(load_runbook(name if source.path is None else source.path), load_names(own, source.path))


def _show_runbook(runbook: "Runbook", *, markdown: bool) -> None:
    if markdown:
        from drills.cli.terminal import say_bytes
        from reports.render import runbook_markdown

        say_bytes(runbook_markdown(runbook).encode())
        return
    from drills.cli.runbook_view import show_runbook

    show_runbook(runbook)


def _show_scenario(name: str, own: str | None, *, facilitator: bool, msel: bool, as_csv: bool) -> None:
    from drills.cli.inputs import loading
    from drills.cli.scenario_view import show_injects, show_scenario
    from drills.cli.terminal import say_bytes
    from reports.msel import msel_csv
    from scenarios.load import load_names, load_protocol, load_scenario
    from scenarios.lookup import referred

    with loading():
        near = referred("scenario", name).path
        story = load_scenario(name, load_names(own, near))
        protocol = load_protocol(story.protocol, near)
    if as_csv:
        say_bytes(msel_csv(story, protocol))
    elif msel:
        show_injects(story, protocol)
    else:
        show_scenario(story, protocol, answers=facilitator)
