"""`calibrate`: what thousands of simulated drills say of scenarios, played on all cores or on a Dask cluster."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.completion import known
from drills.cli.help import Command, WholeNumber
from drills.cli.outcome import FELL_SHORT, INTERRUPTED, Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from drills.planning.calibration.campaign import Far
    from drills.planning.calibration.chunks import Brief
    from drills.planning.calibration.results import Calibration
    from drills.planning.calibration.workers import Workers
    from scoring.calibration.findings import Findings
    from simulator.plan import DrillPlan

_LEAST, _MOST = 100, 1_000_000
_MOST_WORKERS = 256


class Stopped(Impossible):
    """Somebody stopped it; what is done is kept."""

    exit_code = INTERRUPTED


@click.command(
    "calibrate",
    cls=Command,
    examples=[
        "drillroom calibrate our-outage",
        "drillroom calibrate login-outage -n 2000 --json",
        "drillroom calibrate our-outage --dask tcp://10.0.0.5:8786",
    ],
)
@click.argument("scenarios", nargs=-1, metavar="SCENARIO…", shell_complete=known("scenario"))
@click.option("--library", is_flag=True, help="All scenarios of the library.")
@click.option(
    "-n",
    "drills",
    type=WholeNumber(_LEAST, _MOST),
    default=10_000,
    show_default=True,
    metavar="DRILLS",
    help="How many drills each scenario is played.",
)
@click.option(
    "--workers",
    "-j",
    type=WholeNumber(1, _MOST_WORKERS),
    metavar="N",
    help="How many processes play at once.  [default: as many as there are processors]",
)
@click.option("--dask", metavar="ADDRESS", help="Play on the cluster of this Dask scheduler, such as tcp://HOST:8786.")
@click.option("--anew", is_flag=True, help="Play also what has a result that fits already.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Where the results go.  [default: beside each scenario; the library's go to yours]",
)
@click.option("--json", "as_json", is_flag=True, help="Print nothing but JSON on standard output.")
def calibrate_command(
    scenarios: tuple[str, ...],
    library: bool,
    drills: int,
    workers: int | None,
    dask: str | None,
    anew: bool,
    into: Path | None,
    as_json: bool,
) -> None:
    """Measure how hard scenarios are, with simulated teams.

    Teams of each profile, of 3, 6 and 12 people, play each SCENARIO, and a file beside it keeps what came of that: how
    hard it is, how well it tells good teams from poor ones, how much luck decides, what comes and what is never found.
    `show`, the library and a team's readiness use it for as long as it belongs to the scenario. A change of words does
    not change that.

    The result is the same to the byte whoever plays it, in whichever order. Ctrl-C keeps what is done; the same command
    goes on from there. Exit code 1 means that a scenario cannot be won or not be lost, 2 that nothing could be played.
    """
    if bool(scenarios) == library:
        raise click.UsageError("name scenarios, or choose --library")
    if dask is not None and workers is not None:
        raise click.UsageError("use either --workers or --dask")
    from drills.cli.calibration_view import show_calibration
    from scenarios.lookup import shipped_names

    team = _workers(workers, dask)
    found = []
    for name in [*scenarios, *(sorted(shipped_names("scenario")) if library else [])]:
        brief, place = _asked(name, drills, into)
        made = None if anew else _fitting(place, brief)
        made = made if made is not None else _made(brief, place, team, quiet=as_json)
        found.append((made, brief))
        if not as_json:
            show_calibration(made, _plan(brief), place, in_full=len(scenarios) == 1)
    if as_json:
        _print_json(found)
    if any(_findings(made, brief).warnings for made, brief in found):
        click.get_current_context().exit(FELL_SHORT)


def _workers(workers: int | None, dask: str | None) -> "Workers":
    from drills.planning.calibration.workers import Here, Pool, processors

    if dask is None:
        count = workers or processors()
        return Here() if count == 1 else Pool(count)
    try:
        from drills.planning.calibration.cluster import Cluster
    except ModuleNotFoundError:
        raise Impossible("--dask needs Dask, which is not installed: pip install 'drillroom[dask]'") from None
    return Cluster(dask)


def _asked(name: str, drills: int, into: Path | None) -> "tuple[Brief, Path]":
    """What there is to play of a scenario, and where its result goes."""
    from drills.cli.inputs import loading
    from drills.planning.calibration.chunks import brief_of
    from drills.planning.calibration.results import place_of
    from scenarios.lookup import referred

    with loading():
        file = referred("scenario", name).path
        brief = brief_of(file or name, drills)
    return brief, place_of(brief.scenario, file, into)


def _fitting(place: Path, brief: "Brief") -> "Calibration | None":
    """The result that is there, if it is the one that would come of it."""
    from drills.planning.calibration.results import read

    try:
        found = read(place.read_bytes())
    except OSError:
        return None
    fits = found is not None and (found.identity, found.drills) == (brief.identity, brief.drills)
    return found if fits else None


def _made(brief: "Brief", place: Path, team: "Workers", *, quiet: bool) -> "Calibration":
    """Play it, and keep the result. Raises Impossible, and Stopped for Ctrl-C."""
    from drills.cli.files import write_new_file
    from drills.cli.terminal import progress
    from drills.planning.calibration.campaign import calibrate
    from drills.planning.calibration.results import to_json
    from drills.planning.calibration.workers import WorkersError

    begun = place.with_suffix(".part")
    write_new_file(begun.with_suffix(".try"), b"", force=True)  # before any work is wasted
    begun.with_suffix(".try").unlink()
    done = 0

    with progress(quiet=quiet) as line:

        def tell(far: "Far") -> None:
            nonlocal done
            done = far.done
            line(_says(brief.scenario, far))

        try:
            command = f"drillroom calibrate {brief.scenario} -n {brief.drills}"
            made = calibrate(brief, team, begun, command, tell)
        except KeyboardInterrupt:
            raise Stopped(f"stopped; {_kept(brief, done, begun)}") from None
        except WorkersError as error:
            raise Impossible(f"{error}; {_kept(brief, done, begun)}") from None
    write_new_file(place, to_json(made), force=True)
    begun.unlink(missing_ok=True)
    return made


def _kept(brief: "Brief", done: int, begun: Path) -> str:
    if not done:
        return "nothing was played yet"
    return (
        f"{done:,} of {brief.drills:,} drills of {brief.scenario} are in {begun}; the same command goes on from there"
    )


def _says(scenario: str, far: "Far") -> str:
    from scoring.labels import spell

    left = "" if far.left_s is None else f", {spell(far.left_s * 1000)} left"
    return f"{scenario}: {far.done:,} of {far.drills:,} drills{left}"


def _plan(brief: "Brief") -> "DrillPlan":
    from drills.planning.calibration.chunks import prepared

    return prepared(brief.plan)


def _findings(made: "Calibration", brief: "Brief") -> "Findings":
    from scoring.calibration.findings import findings

    return findings(made.counts, _plan(brief).scenario)


def _print_json(found: "list[tuple[Calibration, Brief]]") -> None:
    import msgspec

    from drills.cli.terminal import say_bytes

    shown = [
        {"scenario": made.scenario, "identity": made.identity, "command": made.command, "findings": _findings(made, of)}
        for made, of in found
    ]
    say_bytes(msgspec.json.format(msgspec.json.encode(shown), indent=2) + b"\n")
