"""`show`: a scenario with its plan, its injects, and for facilitators its answers and guide; or another file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.completion import known
from drills.cli.help import Command

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.lookup import Kind
    from scenarios.runbook import Runbook
    from scenarios.scenario import Scenario
    from scenarios.source import Source


@click.command(
    "show",
    cls=Command,
    examples=[
        "drillroom show",
        "drillroom show login-outage",
        "drillroom show my-outage.yaml --facilitator",
        "drillroom show login-outage --msel --csv > login-outage.csv",
        "drillroom show login-outage --msel --xlsx > login-outage.xlsx",
        "drillroom show deployment",
        "drillroom show deployment --markdown > deployment.md",
        "drillroom show protocol officeluv",
    ],
)
@click.argument("what", nargs=-1, metavar="[KIND] [NAME]", shell_complete=known("scenario"))
@click.option("--facilitator", is_flag=True, help="Also show the answers, the guide and where the story comes from.")
@click.option("--msel", is_flag=True, help="Print the table of injects and nothing else.")
@click.option("--csv", "as_csv", is_flag=True, help="With --msel: as CSV, for a spreadsheet.")
@click.option("--xlsx", "as_xlsx", is_flag=True, help="With --msel: as a workbook; send it to a file.")
@click.option("--markdown", is_flag=True, help="A runbook as Markdown.")
@click.option("--names", metavar="FILE", help="Your company's names.  [default: the workspace's names.yaml]")
def show_command(
    what: tuple[str, ...],
    facilitator: bool,
    msel: bool,
    as_csv: bool,
    as_xlsx: bool,
    markdown: bool,
    names: str | None,
) -> None:
    """Show a scenario, a runbook, a team, or another file.

    A scenario with its injects and its planned timeline; a runbook with its procedures, step by step; a protocol with
    who owes what by when. NAME is a name from the workspace or the library, or a file; without one, everything is
    listed. KIND says which is meant where several files have one name. Injects are for people who write and
    run drills; if you are going to play, do not look.
    """
    if (as_csv or as_xlsx) and not msel:
        raise click.UsageError(f"{'--csv' if as_csv else '--xlsx'} needs --msel: the table of injects")
    if as_xlsx and sys.stdout.isatty():
        raise click.UsageError("a workbook is no text; send it to a file: --msel --xlsx > table.xlsx")
    if not what:
        if facilitator or msel or markdown:
            raise click.UsageError("name a scenario or a runbook; `drillroom show` lists them")
        _show_everything()
        return
    from drills.cli.inputs import loading
    from drills.cli.terminal import note
    from scenarios.load import kind_of

    shape = "csv" if as_csv else "xlsx" if as_xlsx else ""
    with loading():
        name, source = _found(what)
        kind = kind_of(source)
        if kind != "scenario" and (facilitator or msel):
            raise click.UsageError(f"{name} is {_A[kind]}; --facilitator and --msel need a scenario")
        if kind != "runbook" and markdown:
            raise click.UsageError(f"{name} is not a runbook; --markdown needs one")
        if kind == "runbook":
            _show_runbook(_runbook(name, source, names), markdown=markdown)
        elif kind in ("team", "protocol", "rubric", "names", "schedule"):
            _show_file(kind, source)
        else:
            _show_scenario(source.path or name, names, facilitator=facilitator, msel=msel, shape=shape)
    if not (shape or markdown):
        note(f"from {source.file}")


_A: "dict[Kind | None, str]" = {
    "runbook": "a runbook",
    "team": "a team",
    "protocol": "a protocol",
    "rubric": "a rubric",
    "names": "a names file",
    "schedule": "a schedule",
    "absences": "a file of absences",
    "actions": "a file of actions",
    "script": "a script",
    None: "none of our files",
}
_SHOWN: "tuple[Kind, ...]" = ("scenario", "runbook", "protocol", "team", "rubric", "names")


def _show_everything() -> None:
    """Every file that has a name, without giving any answer away; what is in the workspace says so."""
    from drills.cli.terminal import columns, note, say, show
    from scenarios.lookup import names, own_files

    broken: list[str] = []
    for kind in _SHOWN:
        if kind == "names":
            continue
        own = own_files(kind)
        heads = (
            (kind.capitalize(), "Takes", "Difficulty", "What happens")
            if kind == "scenario"
            else (kind.capitalize(), "What it is")
        )
        table = columns(*heads, *(["From"] if own else []))
        for name in names(kind):
            where = ["workspace" if name in own else "library"] if own else []
            table.add_row(name, *_line(kind, name, broken), *where)
        show(table)
        say()
    for problem in broken:
        note(problem)


def _line(kind: "Kind", name: str, broken: list[str]) -> list[str]:
    """What a list says of a file. One that does not load stops nothing; `broken` takes the reason."""
    from scenarios.base import format_duration
    from scenarios.load import MODELS, LoadError, load_scenario, read_as
    from scenarios.lookup import named

    try:
        if kind == "scenario":
            story = load_scenario(name)
            length = format_duration(story.length) if story.length is not None else ""
            return [length, story.difficulty or "", story.title]
        return [str(getattr(read_as(MODELS[kind], kind, named(kind, name)).model, "title", ""))]
    except LoadError as error:
        broken.append(str(error.problems[0]))
        return ["", "", "does not load"] if kind == "scenario" else ["does not load"]


def _found(what: tuple[str, ...]) -> "tuple[str, Source]":
    """The file that is meant, with its name. Raises LoadError, with names of scenarios, if there is none."""
    from scenarios.lookup import is_name, names, referred
    from scenarios.problem import LoadError, Problem, nearest, quoted

    if len(what) > 1:
        kind = next((kind for kind in _SHOWN if kind == what[0]), None)
        if kind is None or len(what) > 2:
            raise click.UsageError(f"write [KIND] NAME, where KIND is one of {', '.join(_SHOWN)}")
        return what[1], referred(kind, what[1])
    name = what[0]
    kinds = [kind for kind in _SHOWN if is_name(name) and name in names(kind)]
    if len(kinds) > 1 and "scenario" not in kinds and "runbook" not in kinds:
        several = " and ".join(_A[kind] for kind in kinds)
        raise click.UsageError(f"{name} is {several}; say which: drillroom show {kinds[0]} {name}")
    try:
        return name, referred(kinds[0] if kinds else "scenario", name)
    except LoadError as error:
        if (
            kinds
            or not is_name(name)
            or "did you mean" in error.problems[0].hint
            or "is here" in error.problems[0].hint
        ):
            raise
        every = list(dict.fromkeys(each for kind in _SHOWN for each in names(kind)))
        hint = nearest(name, every) or "`drillroom show` lists them; your own are found from within their workspace"
        message = "there is no scenario, runbook, protocol, team or rubric by that name"
        raise LoadError([Problem(quoted(name), 0, 0, message, hint)]) from None


def _show_file(kind: "Kind", source: "Source") -> None:
    from drills.cli import file_view
    from scenarios.load import load_names, read_as
    from scenarios.protocol import Protocol
    from scenarios.rubric import Rubric
    from scenarios.schedule import Schedule
    from scenarios.team import Team

    if kind == "team":
        file_view.show_team(read_as(Team, kind, source).model)
    elif kind == "protocol":
        file_view.show_protocol(read_as(Protocol, kind, source).model)
    elif kind == "rubric":
        file_view.show_rubric(read_as(Rubric, kind, source).model)
    elif kind == "schedule":
        file_view.show_schedule(read_as(Schedule, kind, source).model)
    else:
        file_view.show_names(load_names(source.path) if source.path is not None else load_names())


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


def _show_calibration(story: "Scenario", near: Path | None, *, facilitator: bool) -> None:
    """What thousands of simulated drills say of it, if it was calibrated as it is."""
    from drills.cli.calibration_view import show_known
    from drills.planning.calibration.chunks import gathered, plan_of
    from drills.planning.calibration.kept import known_for
    from drills.planning.materials import Incident

    plan = plan_of(gathered(Incident(story, near=near)))
    known = known_for(story.scenario, plan, near)
    if known is not None:
        show_known(known, plan, answers=facilitator)


def _show_scenario(name: "str | Path", own: str | None, *, facilitator: bool, msel: bool, shape: str) -> None:
    from drills.cli.scenario_view import show_injects, show_scenario
    from drills.cli.terminal import say_bytes
    from reports.msel import msel_csv, msel_xlsx
    from scenarios.load import load_names, load_scenario, protocol_for

    near = name if isinstance(name, Path) else None
    story = load_scenario(name, load_names(own, near))
    protocol = protocol_for(story, near)
    if shape:
        say_bytes((msel_csv if shape == "csv" else msel_xlsx)(story, protocol))
    elif msel:
        show_injects(story, protocol)
    else:
        show_scenario(story, protocol, answers=facilitator)
        _show_calibration(story, near, facilitator=facilitator)
