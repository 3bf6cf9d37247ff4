"""`test`: whether scenarios still play as they should, reported as a test runner does."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.cli.completion import known
from drills.cli.help import Command, WholeNumber
from drills.cli.outcome import FELL_SHORT, Impossible

if TYPE_CHECKING:  # for the types alone: a command imports what it needs when it runs, so that help comes at once
    from drills.planning.regression import Job, Result

_MOST_SEEDS = 1000
_MOST_JOBS = 256


@click.command(
    "test",
    cls=Command,
    examples=[
        "drillroom test",
        "drillroom test our-outage -k expert --seeds 20",
        "drillroom test . --junit drills.xml",
        "drillroom test --library",
    ],
)
@click.argument("paths", nargs=-1, metavar="[PATH…]", shell_complete=known("scenario"))
@click.option("--library", is_flag=True, help="Play the library's scenarios.")
@click.option(
    "-k", "wanted", multiple=True, metavar="TEXT", help="Only cases with this in their name; may be repeated."
)
@click.option(
    "--seeds",
    type=WholeNumber(1, _MOST_SEEDS),
    default=4,
    show_default=True,
    metavar="N",
    help="How many drills each profile plays of each scenario.",
)
@click.option(
    "--team",
    metavar="TEAM",
    shell_complete=known("team"),
    help="The team, by name or file.  [default: one that can play the scenario]",
)
@click.option("--rubric", default="standard", show_default=True, metavar="RUBRIC", help="The rubric, by name or file.")
@click.option(
    "--jobs",
    "-j",
    type=WholeNumber(1, _MOST_JOBS),
    metavar="N",
    help="How many processes play at once.  [default: as many as there are processors]",
)
@click.option("--json", "as_json", is_flag=True, help="Print nothing but JSON on standard output.")
@click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Also write the results as JUnit XML.")
def test_command(
    paths: tuple[str, ...],
    library: bool,
    wanted: tuple[str, ...],
    seeds: int,
    team: str | None,
    rubric: str,
    jobs: int | None,
    as_json: bool,
    junit: Path | None,
) -> None:
    """Play scenarios with simulated teams and scripts, and say what fails.

    PATH is a folder, a file, or a scenario's name; without one, the workspace. Every scenario is played with teams of
    each profile, and every script that says what it `plays` is compared with what it `expects`. There is a line for
    each case, then a summary, then what failed and the command that shows it again.

    A scenario fails if it cannot be loaded, if an inject comes to no team at all, if experts never fix it, if nobody
    can lose it, or if worse teams score more than better ones. Exit code 1 means that a case failed, 2 that nothing
    could be played.
    """
    from drills.cli.inputs import loading
    from drills.cli.terminal import progress, say
    from drills.planning.regression import PROFILES, Settings, jobs_in, play_all
    from scenarios.load import load_rubric
    from scenarios.lookup import names, referred

    with loading():  # a team or a rubric that is not there fails no scenario: nothing can be played
        if team is not None:
            referred("team", team)
        load_rubric(rubric)
    folders, named = _places(paths, library)
    settings = Settings(tuple(range(1, seeds + 1)), team, rubric)
    work = jobs_in(folders, [*named, *(names("scenario") if library else [])], settings)
    if not work:
        raise Impossible(f"{', '.join(map(str, folders))}: there is no scenario here; `drillroom new NAME` writes one")
    cases = (*PROFILES, "injects", "order", "loads")
    work = [job for job in work if any(_matches(job.name, case, wanted) for case in _cases(job, cases))]
    if not work:
        raise Impossible(f"no case has {' or '.join(map(repr, wanted))} in its name")
    begun = time.perf_counter()
    results: list[Result] = []
    with progress(quiet=as_json) as tell:
        for number, played in enumerate(play_all(work, jobs or _processors()), start=1):
            mine = [one for one in played if _matches(one.group, one.case, wanted) or one.case == "loads"]
            results += mine
            tell(f"Played {number} of {len(work)}: {work[number - 1].name}")
            if not as_json:
                say("\n".join(map(_line, mine)))
    took = time.perf_counter() - begun
    if junit is not None:
        _write_junit(junit, results)
    if as_json:
        _print_json(results, took)
    else:
        _print_summary(results, took)
    if any(one.failures for one in results):
        click.get_current_context().exit(FELL_SHORT)


def _places(given: Sequence[str], library: bool) -> tuple[list[Path], list[str]]:
    """The paths that are meant, and the names of scenarios of the library. Raises Impossible for what is neither."""
    from drills.cli.inputs import loading
    from scenarios.lookup import referred
    from scenarios.workspace import nearby, workspace

    if not given:
        here = workspace()
        return ([] if library else [Path() if here is None else nearby(here)]), []
    paths: list[Path] = []
    names: list[str] = []
    for one in given:
        if Path(one).exists():
            paths.append(Path(one))
            continue
        with loading():
            found = referred("scenario", one).path
        paths += [] if found is None else [found]
        names += [one] if found is None else []
    return paths, names


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cases(job: "Job", cases: Sequence[str]) -> Sequence[str]:
    return ("script",) if job.is_script else cases


def _matches(group: str, case: str, wanted: Sequence[str]) -> bool:
    return not wanted or any(one.lower() in f"{group}: {case}".lower() for one in wanted)


def _line(result: "Result") -> str:
    return f"{'FAIL' if result.failures else 'ok':4}  {result.group}: {result.case}: {result.says}"


def _print_summary(results: Sequence["Result"], took: float) -> None:
    from drills.cli.terminal import say

    failed = [one for one in results if one.failures]
    say()
    say(f"{len(results) - len(failed)} passed, {len(failed)} failed in {took:.1f} s")
    for one in failed:
        say()
        say(f"{one.group}: {one.case}")
        for failure in one.failures:
            say(f"  {failure}")
        say(f"  again: {one.again}")


def _print_json(results: Sequence["Result"], took: float) -> None:
    import msgspec

    from drills.cli.terminal import say_bytes

    failed = sum(bool(one.failures) for one in results)
    shown = {"passed": len(results) - failed, "failed": failed, "seconds": round(took, 3), "cases": results}
    say_bytes(msgspec.json.format(msgspec.json.encode(shown), indent=2) + b"\n")


def _write_junit(file: Path, results: Sequence["Result"]) -> None:
    from drills.cli.files import write_new_file
    from drills.cli.junit import Case, junit

    def cases() -> Iterator[Case]:
        for one in results:
            failures = [*one.failures, f"again: {one.again}"] if one.failures else []
            yield Case(f"drillroom.{one.group}", one.case, failures, [one.says, *one.notes], one.seconds, one.file)

    write_new_file(file, junit("drillroom test", cases()).decode(), force=True)
