"""`score`, `report`, `replay` and `verify`: what is made of a log."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.command import Command
from drills.cli.outcome import FellShort, Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from scenarios.rubric import Rubric

_LOG = click.argument("log", type=click.Path(path_type=Path))
_RUBRIC = click.option("--rubric", metavar="RUBRIC", help="Another rubric than the drill's own, by name or file.")


@click.command(
    "score",
    cls=Command,
    examples=["drillroom score drills-run/login-outage-1", "drillroom score log.jsonl --rubric standard --json"],
)
@_LOG
@_RUBRIC
@click.option("--people", is_flag=True, help="Also show what each member's own acts cost and earned.")
@click.option("--json", "as_json", is_flag=True, help="Print nothing but JSON on standard output.")
def score_command(log: Path, rubric: str | None, people: bool, as_json: bool) -> None:
    """Score a drill from its log.

    LOG is a log, or a drill's folder. The same log and rubric give the same score, byte for byte.
    """
    from drills.cli.inputs import names_beside, read_log
    from scoring.scorecard import grade, to_json

    played = read_log(log)
    card = grade(played, _rubric(rubric), people=people)
    if as_json:
        from drills.cli.terminal import say_bytes

        say_bytes(to_json(card))
        return
    from drills.cli.score_view import show_people, show_score

    show_score(played, card)
    if people:
        show_people(played, card, names_beside(log))


@click.command(
    "report",
    cls=Command,
    examples=["drillroom report log.jsonl --out friday", "drillroom report drills-run/login-outage-1 --pdf --force"],
)
@_LOG
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="The folder to write.  [default: where the log is]"
)
@_RUBRIC
@click.option("--pdf", is_flag=True, help="Also write report.pdf; needs `pip install 'drillroom[pdf]'` and Pango.")
@click.option("--force", is_flag=True, help="Replace the folder if it is there already.")
def report_command(log: Path, out: Path | None, rubric: str | None, pdf: bool, force: bool) -> None:
    """Write a drill's folder anew from its log: charts, papers, scorecard.

    LOG is a log, or a drill's folder. Names come from the people.json beside it; without one, the papers print ids.
    """
    from drills.cli.inputs import log_file, names_beside, read_log
    from drills.cli.terminal import busy, say
    from drills.cli.writing import refuse_existing, write_drill
    from scoring.scorecard import grade

    played, names = read_log(log), names_beside(log)
    folder = out if out is not None else log_file(log).parent
    refuse_existing(folder, force=force)
    card = grade(played, _rubric(rubric))
    with busy("Drawing the charts and writing the papers"):
        write_drill(played, card, names, folder, force=force, pdf=pdf)
    say(f"Report: {folder / 'report.html'}")


@click.command(
    "replay", cls=Command, examples=["drillroom replay drills-run/login-outage-1", "drillroom replay log.jsonl"]
)
@_LOG
def replay_command(log: Path) -> None:
    """Show a drill as a timeline: drill time, who, and what happened.

    LOG is a log, or a drill's folder.
    """
    from drills.cli.inputs import names_beside, read_log
    from drills.cli.terminal import columns, say, show, styled
    from reports.story import Story
    from reports.wording import sentence
    from simulator.log import replay

    played = read_log(log)
    story = Story(played, names_beside(log))
    say(f"This is a drill: {played.plan.scenario.title} ({played.plan.drill})\n")
    table = columns("time", "who", "what happened", right=(0,))
    for event, _ in replay(played):
        who = story.name(event.actor) if event.actor is not None else ""
        table.add_row(styled(_clock(event.when), "dim"), styled(who), styled(sentence(story, event)))
    show(table)
    if not played.complete:
        say("\nThe log ends before the drill does.")


@click.command(
    "verify",
    cls=Command,
    examples=["drillroom verify drills-run/login-outage-1", "drillroom verify log.jsonl --head 3f5c..."],
)
@_LOG
@click.option("--head", metavar="HASH", help="The hash that the situation report prints; the log must end in it.")
def verify_command(log: Path, head: str | None) -> None:
    """Check that a log is as it was written.

    LOG is a log, or a drill's folder. Whoever holds a whole log can make its chain anew; only --head, with the hash
    from the situation report, shows that it is the same log.
    """
    from drills.cli.inputs import log_file, read_bytes
    from drills.cli.terminal import say
    from simulator.log import verify

    if head is not None and not _is_hash(head):
        raise Impossible("--head: a hash has 64 digits from 0 to f; the situation report prints it")
    verdict = verify(read_bytes(log), head)
    place = log_file(log)
    if not verdict.right:
        where = f"{place}:{verdict.line}" if verdict.line else str(place)
        raise FellShort(f"{where}: {verdict.why}")
    say(f"{place}: as it was written; {verdict.why}\nhead {verdict.head}")


def _rubric(reference: str | None) -> "Rubric | None":
    if reference is None:
        return None
    from drills.cli.inputs import loading
    from scenarios.load import load_rubric

    with loading():
        return load_rubric(reference)


def _is_hash(text: str) -> bool:
    digits = text.strip().lower()
    return len(digits) == 64 and all(digit in "0123456789abcdef" for digit in digits)


def _clock(milliseconds: int) -> str:
    """Drill time as minutes and seconds, with days where the follow-up runs."""
    seconds = milliseconds // 1000
    days, rest = divmod(seconds, 86_400)
    if days:
        return f"{days} d {rest // 3600:02}:{rest // 60 % 60:02}"
    return f"{rest // 60}:{rest % 60:02}"
