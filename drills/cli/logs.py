"""`score`, `report`, `replay` and `verify`: everything that reads a log."""

from pathlib import Path

import click

from drills.cli.help import Command
from drills.cli.outcome import FellShort, Impossible

_LOG = click.Path(path_type=Path)


@click.command(
    "score",
    cls=Command,
    examples=[
        "drillroom score drills-run/login-outage-1",
        "drillroom score drills-run/login-outage-1/log.jsonl --rubric our-rubric.yaml --json",
        "drillroom score drills-run --rubric our-rubric.yaml",
    ],
)
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=_LOG)
@click.option("--rubric", metavar="RUBRIC", help="The rubric, by name or file.  [default: the drill's own]")
@click.option("--people", is_flag=True, help="Also show what each member's own acts cost and earned.")
@click.option("--json", "as_json", is_flag=True, help="Print scorecard.json and nothing else.")
def score_command(logs: tuple[Path, ...], rubric: str | None, people: bool, as_json: bool) -> None:
    """Score a drill from its log, or many drills beside what they scored before.

    LOG is a drill's folder or the log.jsonl in it. The same log and rubric always give the same score.

    With several, or with a folder of drills' folders, each drill's new total stands beside that of the scorecard.json
    in its folder, with what changed most. Nothing is written; `drillroom report` writes a folder anew.
    """
    if len(logs) > 1 or (logs[0].is_dir() and not (logs[0] / "log.jsonl").exists()):
        if people:
            raise click.UsageError("--people shows one drill; name one")
        _score_many(logs, rubric, as_json=as_json)
        return
    log = logs[0]
    from drills.cli.inputs import loading
    from drills.records.log_file import names_beside, read_log
    from scenarios.load import load_rubric
    from scoring.scorecard import to_json
    from scoring.told import graded

    with loading():
        drill = read_log(log)
        names = names_beside(log) if people else {}
        by = load_rubric(rubric) if rubric is not None else None
    card = graded(drill, by, people)
    if as_json:
        from drills.cli.terminal import say_bytes

        say_bytes(to_json(card))
        return
    from drills.cli.score_view import show_people, show_score

    show_score(drill, card)
    if people:
        show_people(drill, card, names)


def _score_many(logs: tuple[Path, ...], rubric: str | None, *, as_json: bool) -> None:
    from drills.cli.inputs import loading
    from drills.cli.second_scores_view import as_json as json_of
    from drills.cli.second_scores_view import show_rescored
    from drills.cli.terminal import progress, say_bytes
    from drills.records.second_scores import rescored
    from scenarios.load import load_rubric

    with loading(), progress(quiet=as_json) as say:
        by = load_rubric(rubric) if rubric is not None else None
        rows, left_out = rescored(logs, by, lambda number: say(f"{number} logs scored"))
    if not rows and not left_out and len(logs) == 1:
        from drills.records.log_file import read_log

        with loading():
            read_log(logs[0])  # says what is missing
    if as_json:
        say_bytes(json_of(rows, left_out))
    elif rows:
        show_rescored(rows, left_out)
    else:
        first = f": {left_out[0].file}: {left_out[0].why}" if left_out else "; `drillroom run` plays one"
        raise Impossible(f"there is no drill there that can be scored{first}")


@click.command(
    "report",
    cls=Command,
    examples=[
        "drillroom report drills-run/login-outage-1/log.jsonl --out papers",
        "drillroom report drills-run/login-outage-1 --out papers --pdf --force",
    ],
)
@click.argument("log", type=_LOG)
@click.option(
    "--out",
    type=_LOG,
    metavar="DIR",
    help="The folder to write.  [default: the drill's own folder; for a log: drills-run/ and the drill's id]",
)
@click.option("--pdf", is_flag=True, help="Also write report.pdf; needs `pip install 'drillroom[pdf]'` and Pango.")
@click.option("--force", is_flag=True, help="Replace the folder if it already exists.")
def report_command(log: Path, out: Path | None, pdf: bool, force: bool) -> None:
    """Rewrite a drill's folder from its log.

    LOG is a drill's folder or the log.jsonl in it. Names come from the people.json beside it; without it, the papers
    print ids.
    """
    from drills.cli.files import refuse_existing, write_drill
    from drills.cli.inputs import loading
    from drills.cli.terminal import busy, say
    from drills.records.log_file import log_file, names_beside, read_log
    from drills.records.neighbours import earlier_beside
    from scoring.told import graded

    with loading():
        drill, names = read_log(log), names_beside(log)
        file = log_file(log)
        written = file.stat().st_mtime
    own = log.is_dir() and out is None
    folder = out or (log if own else Path("drills-run") / drill.plan.drill)
    force = force or own
    refuse_existing(folder, force=force)
    with busy("Drawing the charts and writing the papers"):
        card = graded(drill)
        earlier = earlier_beside(file.parent, drill, card, names, written)
        write_drill(drill, card, names, folder, earlier=earlier, force=force, pdf=pdf)
    say(f"Report: {folder / 'report.html'}")


@click.command(
    "replay",
    cls=Command,
    examples=["drillroom replay drills-run/login-outage-1", "drillroom replay drills-run/login-outage-1 | grep ana"],
)
@click.argument("log", type=_LOG)
def replay_command(log: Path) -> None:
    """Show a drill as a timeline.

    LOG is a drill's folder or the log.jsonl in it. Each line is an event: the drill time in minutes and seconds, who
    (by id), and what.
    """
    from drills.cli.inputs import loading
    from drills.cli.replay_view import show_replay
    from drills.records.log_file import read_log

    with loading():
        drill = read_log(log)
    show_replay(drill)


@click.command(
    "verify",
    cls=Command,
    examples=[
        "drillroom verify drills-run/login-outage-1",
        "drillroom verify log.jsonl --head 9f2c41d0…",
        "drillroom verify evidence-2026-07-01",
    ],
)
@click.argument("log", type=_LOG)
@click.option("--head", metavar="HASH", help="The log's last hash, as the situation report prints it.")
def verify_command(log: Path, head: str | None) -> None:
    """Check that a log, or a folder of evidence, has not been altered.

    LOG is a drill's folder, the log.jsonl in it, or a folder that `drillroom evidence` wrote: then each log and record
    and the chain over them are checked, and --head is the last seal. The texts in the texts.json beside a log are
    checked as well; erased ones are counted, and the log is valid without them. Anyone who has a whole log can rebuild
    its chain of hashes; only --head, with the hash that was printed and mailed with the situation report, proves that
    it is the original.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import say
    from drills.records.log_file import log_bytes, log_file, texts_beside
    from reports.evidence.chain import CHAIN
    from simulator.log import verify

    if head is not None and not _is_hash(head):
        raise Impossible("--head takes the whole hash, 64 hexadecimal digits, as the situation report prints it")
    if (log / CHAIN).is_file():
        _verify_evidence(log, head)
        return
    with loading():
        data, texts = log_bytes(log), texts_beside(log)
    verdict = verify(data, head, texts)
    file = log_file(log)
    if not verdict.right:
        place = f"{file}:{verdict.line}" if verdict.line else str(file)
        raise FellShort(f"{place}: {verdict.why}")
    against = (
        "the head that was given"
        if head is not None
        else "itself; give --head to check it against the hash that was mailed"
    )
    say(f"{file}: {verdict.why}\nhead {verdict.head}\nchecked against {against}")


def _verify_evidence(folder: Path, seal: str | None) -> None:
    from drills.cli.terminal import say
    from drills.records.evidence import check_evidence
    from reports.evidence.chain import ChainError
    from scoring.labels import counted

    try:
        found = check_evidence(folder)
    except ChainError as error:
        raise FellShort(f"{folder}: {error}") from None
    if found.wrong:
        rest = f"; and {len(found.wrong) - 1} more" if len(found.wrong) > 1 else ""
        raise FellShort(f"{folder}: {found.wrong[0]}{rest}")
    if seal is not None and seal.strip().lower() != found.seal:
        raise FellShort(f"{folder}: its last seal is another than the one given: {found.seal}")
    against = (
        "the seal that was given" if seal is not None else "itself; give --head to check it against a seal you got"
    )
    drills = counted(found.drills, "drill", "drills")
    say(f"{folder}: {drills}, each log and record and the chain over them as written")
    say(f"last seal {found.seal}\nchecked against {against}")


def _is_hash(text: str) -> bool:
    digits = text.strip().lower()
    return len(digits) == 64 and all(digit in "0123456789abcdef" for digit in digits)
