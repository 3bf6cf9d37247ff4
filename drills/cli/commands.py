"""The program: its commands by name, each loaded when it is called, and how errors are reported.

`drillroom --help` must feel instant. So no command is imported before it is called, not even to list it: the table
below holds each one's summary, and a test keeps the table true. For the same reason the command modules import what is
heavy (pydantic, rich, matplotlib and everything built on them) inside the functions that need it.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import click

from drills.cli import outcome
from drills.cli.help import Exemplary

__all__ = ["COMMANDS", "program"]


_ASKED = "_DRILLROOM_COMPLETE"
"""The environment variable with which a shell asks for completions."""


class Entry(NamedTuple):
    """Where a command is, under which heading the help lists it, and what it says there."""

    module: str
    heading: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "run": Entry("run", "Drills", "Run a drill with a simulated or scripted team."),
    "serve": Entry("serve", "Drills", "Serve the drill room for a team."),
    "play": Entry("serve", "Drills", "Play alone, in the browser, with simulated teammates."),
    "drills": Entry("drills", "Drills", "List the drills of a database, the newest first."),
    "schedule": Entry("schedule", "Drills", "Show what a team's calendar comes to."),
    "people": Entry("people", "Drills", "Show, add, merge and forget people."),
    "tokens": Entry("tokens", "Drills", "Make, list and revoke tokens for the API."),
    "backup": Entry("backup", "Drills", "Save a copy of the database while it is in use."),
    "restore": Entry("backup", "Drills", "Put a copy of the database back, while no server uses it."),
    "score": Entry("logs", "Results", "Score a drill from its log, or many drills beside what they scored before."),
    "report": Entry("logs", "Results", "Rewrite a drill's folder from its log."),
    "replay": Entry("logs", "Results", "Show a drill as a timeline."),
    "whatif": Entry("whatif", "Results", "Play a drill again with a change, and say what it would have scored."),
    "history": Entry("history", "Results", "Show earlier drills together, and export them."),
    "actions": Entry("actions", "Results", "List and close corrective actions."),
    "verify": Entry("logs", "Results", "Check that a log, or a folder of evidence, has not been altered."),
    "sign-off": Entry("evidence", "Results", "Sign a drill's record: somebody read it and stands by it."),
    "evidence": Entry("evidence", "Results", "Put together the evidence of a period for an auditor."),
    "show": Entry("show", "Scenarios", "Show a scenario, a runbook, a team, or another file."),
    "runsheet": Entry(
        "run_sheet", "Scenarios", "Write a scenario's run sheet: one page for the person who leads the drill."
    ),
    "init": Entry("init", "Scenarios", "Make a folder a workspace for your own files."),
    "new": Entry("author", "Scenarios", "Write a commented scenario to start from, or another file."),
    "random": Entry("random_incident", "Scenarios", "Write a made-up incident."),
    "lint": Entry("lint", "Scenarios", "Check scenarios, teams and other authored files."),
    "test": Entry("test", "Scenarios", "Play scenarios with simulated teams and scripts, and say what fails."),
    "calibrate": Entry("calibrate", "Scenarios", "Measure how hard scenarios are, with simulated teams."),
    "schema": Entry("author", "Scenarios", "Print the JSON Schema of a kind of file."),
    "completion": Entry("completion", "This installation", "Print what makes your shell complete commands and names."),
    "doctor": Entry("doctor", "This installation", "Check that everything needed is installed."),
}


class Program(Exemplary, click.Group):
    """A group that knows its commands by name and loads them when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of all commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, loaded."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        from importlib import import_module  # only for a command that is called

        command: click.Command = getattr(
            import_module(f"drills.cli.{entry.module}"), f"{cmd_name.replace('-', '_')}_command"
        )
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or a suggestion."""
        name = args[0]
        if not name.startswith("-") and name not in COMMANDS:
            close = outcome.suggestion(name, list(COMMANDS))
            ctx.fail(f"there is no command {name!r}" + (f"; {close}" if close else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the commands under their headings without loading any."""
        for heading in dict.fromkeys(entry.heading for entry in COMMANDS.values()):
            with formatter.section(heading):
                formatter.write_dl(
                    [(name, entry.summary) for name, entry in COMMANDS.items() if entry.heading == heading]
                )

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> Any:  # noqa: ANN401 - click's signature
        """Run the program; standalone, it exits with a code and at most one line about what went wrong."""
        given = list(sys.argv[1:] if args is None else args) or ["--help"]
        if given[0] == "help":  # as many programs know it
            given = [*given[1:], "--help"]
        if not standalone_mode:
            return super().main(given, prog_name, complete_var, standalone_mode=False, **extra)

        def call() -> object:
            try:
                return super(Program, self).main(given, prog_name, complete_var, standalone_mode=False, **extra)
            except SystemExit as ended:
                if _ASKED in os.environ:  # a shell asked for completions, and has them
                    return outcome.DONE if ended.code in (0, 1) else outcome.IMPOSSIBLE
                raise

        sys.exit(outcome.of(call))


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:  # noqa: ARG001 - click's signature
    if wanted and not ctx.resilient_parsing:
        from drills.planning.materials import version  # loads what --help must not

        click.echo(f"drillroom {version()}")
        ctx.exit()


@click.group(
    cls=Program,
    examples=["drillroom run login-outage --players good --seed 7", "drillroom new search-outage"],
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version.",
)
def program() -> None:
    """Rehearse your incident-response protocol.

    Run drills, score them on response time and role coverage, and read the charts and reports.
    `drillroom COMMAND --help` explains a command, with examples.
    """
