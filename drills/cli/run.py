"""`run`: a drill from beginning to end."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from drills.cli.completion import known
from drills.cli.help import Command, Number, OneOf, WholeNumber
from drills.cli.outcome import FellShort, Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from drills.planning.materials import Materials
    from drills.planning.rehearsal import Rehearsal
    from scenarios.load import Loaded
    from scenarios.script import Script
    from scenarios.team import OnCall
    from scoring.result import Scorecard
    from simulator.plan import Profile

PROFILES = ("expert", "good", "average", "poor", "absent")
ON_CALL = ("desk", "meeting", "asleep")
_MOST_SEED = 2**63 - 1


class Wanted(NamedTuple):
    """What a run asks for besides the drill itself."""

    folder: Path | None
    force: bool
    pdf: bool
    people: bool
    as_json: bool


class Simulated(NamedTuple):
    """Who plays, if no script does."""

    seed: int
    players: "Profile"
    on_call: "OnCall | None"


@click.command(
    "run",
    cls=Command,
    examples=[
        "drillroom run login-outage",
        "drillroom run login-outage --players poor --seed 3 --out poor-day",
        "drillroom run random --seed 12 --players average",
        "drillroom run login-outage --protocol pagerduty-style --team pagerduty-style",
        "drillroom run login-outage --start now",
        "drillroom run my-scenario.yaml --acts my-team.yaml --json --fail-under 60",
    ],
)
@click.argument("scenario", shell_complete=known("scenario", "random"))
@click.option(
    "--team",
    metavar="TEAM",
    shell_complete=known("team"),
    help="The team, by name or file.  [default: officeluv]",
)
@click.option(
    "--protocol",
    metavar="PROTOCOL",
    shell_complete=known("protocol"),
    help="The protocol, by name or file.  [default: the scenario's own]",
)
@click.option(
    "--seed",
    type=WholeNumber(0, _MOST_SEED),
    default=1,
    show_default=True,
    metavar="N",
    help="The same seed gives the same drill.",
)
@click.option(
    "--players",
    type=OneOf(PROFILES),
    help="How good the simulated players are.  [default: good]",
)
@click.option(
    "--on-call",
    type=OneOf(ON_CALL),
    help="Where a call finds them.  [default: as in the team's file, else desk]",
)
@click.option(
    "--acts",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Play a script of acts instead of simulated players.",
)
@click.option(
    "--start",
    metavar="WHEN",
    help="STARTEX: `now`, or a time such as 2026-03-31T14:00, in the team's time zone unless it has an offset.  "
    "[default: an afternoon drawn from the seed]",
)
@click.option(
    "--rubric",
    default="standard",
    show_default=True,
    metavar="RUBRIC",
    shell_complete=known("rubric"),
    help="The rubric, by name or file.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The folder to write.  [default: drills-run/SCENARIO-SEED; with --json: none]",
)
@click.option("--people", is_flag=True, help="Also show what each member's own acts cost and earned.")
@click.option("--json", "as_json", is_flag=True, help="Print nothing but JSON on standard output.")
@click.option(
    "--fail-under",
    type=Number(0, 100),
    metavar="SCORE",
    help="Exit with 1 if the score is lower.",
)
@click.option("--force", is_flag=True, help="Replace the folder if it already exists.")
@click.option("--pdf", is_flag=True, help="Also write report.pdf; needs `pip install 'drillroom[pdf]'` and Pango.")
def run_command(
    scenario: str,
    team: str | None,
    protocol: str | None,
    seed: int,
    players: "Profile | None",
    on_call: "OnCall | None",
    acts: Path | None,
    start: str | None,
    rubric: str,
    out: Path | None,
    people: bool,
    as_json: bool,
    fail_under: float | None,
    force: bool,
    pdf: bool,
) -> None:
    """Run a drill with a simulated or scripted team.

    SCENARIO is a name from the library, a file, or `random` for a made-up incident. The drill takes no time: its
    clock is virtual. It is scored, and its folder is written with the log, charts, situation report and post-mortem;
    open report.html in it.

    With --acts, refused acts are listed with the reason, and the drill goes on; the exit code is then 1, as it is if
    the outcome is another than the script's `expects` says.
    """
    if players is not None and acts is not None:
        raise click.UsageError("use either --players or --acts: simulated players, or a script")
    if on_call is not None and acts is not None:
        raise click.UsageError("use either --on-call or --acts: a script says itself when people act")
    if pdf and as_json and out is None:
        raise click.UsageError("--pdf needs a folder to write to; name it with --out")
    from drills.cli.inputs import loading
    from drills.planning.materials import Incident, drill_id, gather
    from drills.planning.rehearsal import read_script

    with loading():
        script = None if acts is None else read_script(acts)
        materials = gather(Incident(scenario, seed), team, rubric, protocol)
    folder = out if out is not None or as_json else Path("drills-run") / drill_id(materials.name, seed)
    begins = None if start is None else _start(start, materials.team.timezone)
    wanted = Wanted(folder, force, pdf, people, as_json)
    if out is not None or not _is_drill(wanted.folder):
        _check_folder(wanted)
    played = _play(materials, Simulated(seed, players or "good", on_call), script, begins)
    if out is None and wanted.folder is not None and not force:
        wanted = wanted._replace(folder=_free(wanted.folder, played.log.data))
    card = _results(played, wanted, materials)
    if fail_under is not None and card.cut_short is not None:
        raise Impossible(f"{played.log.plan.drill}: {card.cut_short.says}, so there is no score to compare")
    if fail_under is not None and (card.score is None or card.score < fail_under):
        reached = "nothing could be judged" if card.score is None else f"the score is {card.score:.1f}"
        raise FellShort(f"{played.log.plan.drill}: {reached}, and {fail_under:g} was asked for")
    if script is not None:
        _judge(script.model, played, card)


def _judge(script: "Script", played: "Rehearsal", card: "Scorecard") -> None:
    """Exit with 1 if an act was refused that was not meant to be, or the outcome is another than expected.

    What is expected is of the drill that the script says it plays; of another one, only that its acts can be done.
    """
    from drills.planning.rehearsal import shortfalls
    from scenarios.script import Expected

    plan, meant = played.log.plan, script.plays
    same = meant is None or (meant.scenario, meant.seed) == (plan.scenario.scenario, plan.seed)
    expected = script.expects if same else Expected(refused=script.expects.refused)
    short = shortfalls(expected, card, len(played.refused))
    if short:
        raise FellShort(f"{plan.drill}: {'; '.join(short)}")


def _start(text: str, timezone: str) -> datetime:
    from drills.planning.materials import start_at

    try:
        return start_at(text, timezone, datetime.now(UTC))
    except ValueError as error:
        raise Impossible(f"--start: {error}") from None


def _is_drill(folder: Path | None) -> bool:
    return folder is not None and (folder / "log.jsonl").is_file()


def _free(folder: Path, log: bytes) -> Path:
    """Where a drill goes that nobody named a place for: where this very drill is already, or else beside what is there.

    So a command may be given twice, and nothing is ever lost.
    """
    number, place = 1, folder
    while place.exists() and (not _is_drill(place) or (place / "log.jsonl").read_bytes() != log):
        number += 1
        place = folder.with_name(f"{folder.name}-{number}")
    return place


def _check_folder(wanted: Wanted) -> None:
    """Complain about an existing folder before playing a drill for nothing."""
    from drills.cli.files import refuse_existing

    if wanted.folder is not None:
        refuse_existing(wanted.folder, force=wanted.force)


def _play(
    materials: "Materials",
    simulated: Simulated,
    script: "Loaded[Script] | None",
    start: datetime | None,
) -> "Rehearsal":
    """Play the drill, and list the acts of a script that were refused."""
    from drills.cli.inputs import loading
    from drills.planning.materials import found_at, plan_drill
    from drills.planning.rehearsal import rehearse, rehearse_script

    if script is not None:
        with loading():
            return rehearse_script(materials, script, simulated.seed, start)
    plan = plan_drill(materials, simulated.seed, simulated.players)
    plan = plan if simulated.on_call is None else found_at(plan, simulated.on_call)
    return rehearse(plan if start is None else plan.model_copy(update={"start": start}))


def _written(wanted: Wanted) -> float | None:
    """When the drill's own log was written, if it is there and stays."""
    log = None if wanted.folder is None or wanted.force else wanted.folder / "log.jsonl"
    return log.stat().st_mtime if log is not None and log.is_file() else None


def _results(played: "Rehearsal", wanted: Wanted, materials: "Materials") -> "Scorecard":
    """Score the drill, write its folder and say how it went."""
    from drills.cli.files import write_drill
    from drills.cli.terminal import busy, note, say_bytes
    from drills.planning.materials import names_of
    from drills.records.neighbours import earlier_beside
    from scoring.told import graded

    names = names_of(materials.team)
    card = graded(played.log, people=wanted.people)
    earlier = None
    if wanted.folder is not None:
        earlier = earlier_beside(wanted.folder, played.log, card, names, _written(wanted))
    if wanted.folder is not None and (wanted.force or wanted.pdf or not _is_drill(wanted.folder)):
        with busy("Drawing the charts and writing the papers", quiet=wanted.as_json):
            write_drill(played.log, card, names, wanted.folder, earlier=earlier, force=wanted.force, pdf=wanted.pdf)
    if wanted.as_json:
        import msgspec

        shown = {
            "scorecard": card,
            "folder": None if wanted.folder is None else str(wanted.folder),
            "refused": played.refused,
        }
        say_bytes(msgspec.json.format(msgspec.json.encode(shown), indent=2) + b"\n")
        return card
    from drills.cli.score_view import show_people, show_score
    from drills.cli.terminal import say

    for one in played.refused:
        note(f"{one.place}: refused: {one.who}, {one.act}: {one.why}")
    show_score(played.log, card)
    if wanted.people:
        show_people(played.log, card, names)
    if earlier is not None:
        from drills.cli.earlier_view import show_earlier

        show_earlier(earlier)
    if wanted.folder is not None:
        say()
        say(f"Report: {wanted.folder / 'report.html'}")
    return card
