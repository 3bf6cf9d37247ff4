"""`whatif`: a drill again, with some acts moved, dropped or added."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.help import Command, WholeNumber
from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.rubric import Rubric
    from scoring.whatif import WhatIf
    from simulator.changes import Change
    from simulator.log import DrillLog
    from simulator.plan import DrillPlan

HELD = "Everybody else did what they did, when they did it."


@click.command(
    "whatif",
    cls=Command,
    examples=[
        'drillroom whatif drills-run/login-outage-1 --move "alert to 1m"',
        'drillroom whatif drills-run/login-outage-1 --move "alert 30s sooner and all after it"',
        'drillroom whatif drills-run/login-outage-1 --drop "ben /ack" --add "2m ana /sev 1" --json',
    ],
)
@click.argument("log", type=click.Path(path_type=Path))
@click.option(
    "--move",
    "moves",
    multiple=True,
    metavar="TEXT",
    help="`ACT to TIME`, `ACT 30s sooner` or `ACT 2m later`; with `and all after it`, later acts move along.",
)
@click.option("--drop", "drops", multiple=True, metavar="ACT", help="Leave an act out.")
@click.option("--add", "adds", multiple=True, metavar="TEXT", help="`TIME WHO LINE`: somebody does something more.")
@click.option(
    "--line",
    type=WholeNumber(1, 999),
    metavar="N",
    help="The change of the ledger's line N, as `drillroom score` and the report list them.",
)
@click.option("--rubric", metavar="RUBRIC", help="The rubric, by name or file.  [default: the drill's own]")
@click.option("--json", "as_json", is_flag=True, help="Print nothing but JSON on standard output.")
def whatif_command(
    log: Path,
    moves: tuple[str, ...],
    drops: tuple[str, ...],
    adds: tuple[str, ...],
    line: int | None,
    rubric: str | None,
    as_json: bool,
) -> None:
    """Play a drill again with a change, and say what it would have scored.

    LOG is a drill's folder or the log.jsonl in it. The drill is played again from the first act that differs, with
    everybody else's acts held fixed at their times: nobody reacts to the change. Acts that name a later entry by its
    number name the same one; acts that no longer apply are left out and listed. All three options can be given more
    than once.

    ACT is a verb such as `alert`, if that is enough, or with who did it or what follows, such as `ben /ack` or
    `role solutioneer`; or its number. If several acts could be meant, they are listed with their numbers. TIME is drill
    time: 90s, 1m30s or 1:30.
    """
    if not moves + drops + adds and line is None:
        raise click.UsageError('say what would have been different, such as --move "alert to 1m"')
    from drills.cli.inputs import loading
    from drills.records.log_file import read_log
    from scenarios.load import load_rubric
    from scoring.whatif import read_changes, what_if
    from simulator.changes import ChangeError

    with loading():
        drill = read_log(log)
        by = load_rubric(rubric) if rubric is not None else None
    try:
        asked = [*([] if line is None else _of_line(drill, by, line)), *read_changes(drill, moves, drops, adds)]
        found = what_if(drill, asked, by)
    except ChangeError as error:
        raise Impossible(str(error)) from None
    if as_json:
        import msgspec

        from drills.cli.terminal import say_bytes

        say_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        return
    _show(found, drill.plan)


def _of_line(drill: "DrillLog", rubric: "Rubric | None", number: int) -> "list[Change]":
    from scoring.told import remedied

    lines = remedied(drill, rubric)
    if number > len(lines):
        raise Impossible(f"the ledger has {len(lines)} lines; there is no line {number}")
    one = lines[number - 1]
    if not one.changes:
        raise Impossible(f"line {number} ({one.line.title}) names no act that would have earned it")
    return one.changes


def _show(found: "WhatIf", plan: "DrillPlan") -> None:
    from drills.cli.terminal import columns, show, styled
    from reports.format import score_points
    from reports.story import held_down

    base = found.before.score if found.again is None else found.again
    rows = columns("", "", "", right=(1, 2))
    rows.add_row("", styled("was", "dim"), styled("would be", "dim"))
    rows.add_row(styled("Score", "bold"), score_points(base), styled(score_points(found.after.score), "bold"))
    if any(card.binding for card in (found.before, found.after)):
        rows.add_row("Without caps", score_points(found.before.uncapped), score_points(found.after.uncapped))
    for one in found.items:
        rows.add_row(styled(one.title), f"{one.before:.1f}", f"{one.after:.1f}")
    asked = [styled(one) for one in found.changes]
    show(styled(f"What if, drill {plan.drill}", "bold"), *asked, styled(HELD, "dim"), "", rows)
    if found.brings is not None:
        show("", styled(_outcome(found.brings), "bold"))
    held = held_down(found.after)
    if held is not None:
        show(styled(held, "yellow"))
    if found.again is not None:
        said = f"It scored {score_points(found.before.score)}; played again unchanged, by this version, "
        show(styled(f"{said}it scores {score_points(found.again)}.", "yellow"))
    if found.gone:
        table = columns("", "", "", "", right=(0,))
        for gone in found.gone:
            table.add_row(_at(gone.at_s), gone.who, gone.act, styled(gone.why))
        show("", styled("No longer applies, and was left out", "bold"), table)


def _outcome(brings: float) -> str:
    from reports.format import points

    if not brings:
        return "The score would be the same."
    return f"The score would be {points(abs(brings))} {'higher' if brings > 0 else 'lower'}."


def _at(seconds: float) -> str:
    from reports.format import minutes

    return minutes(seconds * 1000)
