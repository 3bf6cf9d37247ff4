"""Whether scenarios still play as they should: with simulated teams of every profile, and by their own scripts."""

import multiprocessing
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple, get_args

from drills.planning.crew import gather_with_crew
from drills.planning.materials import RUBRIC, Materials, plan_drill
from drills.planning.playability import ends, quiet, unseen
from drills.planning.rehearsal import read_script, rehearse_script, shortfalls
from drills.planning.scripts import materials_for, scenario_of
from scenarios.load import kind_of
from scenarios.lookup import referred
from scenarios.ownership import files_in
from scenarios.problem import LoadError
from scenarios.source import read
from scoring.scorecard import grade
from simulator.events import Event
from simulator.plan import DrillPlan, Profile
from simulator.playtest import playtest

__all__ = ["PROFILES", "Job", "Result", "Settings", "jobs_in", "play_all", "play_job", "upside_down"]

PROFILES: tuple[Profile, ...] = get_args(Profile)
"""The simulated teams, the best first."""
_UPSIDE_DOWN = 3.0
"""So many points more, in the mean, may a worse profile have than a better one."""
_SURE = 2.0
"""And so many standard errors of the mean: chance alone exceeds them once in forty comparisons."""


@dataclass(frozen=True)
class Settings:
    """How everything is played."""

    seeds: tuple[int, ...] = (1, 2, 3, 4)
    """The seeds that each profile plays."""
    team: str | None = None
    """The team, by name or file; None means for each scenario one that can play it."""
    rubric: str = RUBRIC
    """The rubric, by name or file."""


@dataclass(frozen=True)
class Job:
    """What one process plays: a scenario with every profile, or a script."""

    reference: str
    """The file, or the scenario's name in the library."""
    name: str
    """What its results are called: the scenario's name, or the name of the script's file."""
    settings: Settings
    is_script: bool = False


@dataclass(frozen=True)
class Result:
    """How one case went."""

    group: str
    """The scenario or the script."""
    case: str
    """What was tried: a profile, `injects`, `order`, `loads` or `script`."""
    file: str
    says: str
    """What came of it, in a few words."""
    failures: tuple[str, ...] = ()
    """Why it failed; nothing if it passed."""
    notes: tuple[str, ...] = ()
    """What its author should know, and what fails nothing."""
    again: str = ""
    """The command that shows it again."""
    seconds: float = 0.0
    scores: tuple[float | None, ...] = ()
    """The score of each drill."""


class _Played(NamedTuple):
    """A drill as grading needs it; what a hash would prove, nobody asks here."""

    plan: DrillPlan
    events: Sequence[Event]
    head: str = ""


def jobs_in(paths: Sequence[Path], names: Sequence[str], settings: Settings) -> list[Job]:
    """What there is to play: the scenarios and the scripts at these paths, and scenarios of the library by name.

    A script without `plays` is nobody's, and left out. Files that cannot be read are jobs like others; they fail.
    """
    files = [file for path in paths for file in (files_in(path).ours if path.is_dir() else [path])]
    kinds = {file: _kind(file) for file in dict.fromkeys(files)}
    scenarios = [file for file, kind in kinds.items() if kind in ("scenario", None)]
    jobs = [Job(str(file), file.stem, settings) for file in scenarios]
    jobs += [Job(name, name, settings) for name in names]
    scripts = [file for file, kind in kinds.items() if kind == "script" and "plays" in read(file).data]
    return [*jobs, *(Job(str(file), file.stem, settings, is_script=True) for file in scripts)]


def play_all(jobs: Sequence[Job], processes: int) -> Iterator[list[Result]]:
    """The results of each job, in the jobs' order, played by so many processes at once."""
    if processes == 1 or len(jobs) == 1:
        yield from map(play_job, jobs)
        return
    # On Linux a worker begins as a copy of this process, with everything loaded; elsewhere that is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(min(processes, len(jobs)), context, _let_the_parent_be_interrupted) as pool:
        yield from pool.map(play_job, jobs)


def _let_the_parent_be_interrupted() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def play_job(job: Job) -> list[Result]:
    """Play a job, here."""
    begun = time.perf_counter()
    try:
        results = [_script_result(job)] if job.is_script else list(_scenario_results(job))
    except LoadError as error:
        says = "cannot be used"
        problems = tuple(map(str, error.problems))
        results = [Result(job.name, "loads", job.reference, says, problems, again=f"drillroom lint {job.reference}")]
    share = (time.perf_counter() - begun) / len(results)
    return [replace(result, seconds=share) for result in results]


def _scenario_results(job: Job) -> Iterator[Result]:
    materials = gather_with_crew(_named(job.reference), job.settings.team, job.settings.rubric)
    source = referred("scenario", _named(job.reference))
    scores: dict[Profile, list[float | None]] = {profile: [] for profile in PROFILES}

    def note_score(profile: Profile, plan: DrillPlan, events: list[Event]) -> None:
        scores[profile].append(grade(_Played(plan, events)).score)

    seeds = job.settings.seeds
    seen = playtest(plan_drill(materials, seeds[0]), seeds, profiles=PROFILES, watch=note_score)
    ending = [str(problem) for problem in ends(source, seen)]
    for profile in PROFILES:
        failures = [one for one in ending if ("cannot be won" in one) == (profile == "expert")]
        says = f"{_range(scores[profile])}, {seen.won[profile]} of {seen.drills} fixed in time"
        yield Result(
            *(job.name, profile, job.reference, says),
            failures=tuple(failures) if profile in ("expert", "absent") else (),
            again=f"drillroom run {job.reference} --players {profile} --seed {seeds[0]}{_with_team(job, materials)}",
            scores=tuple(scores[profile]),
        )
    never = tuple(str(problem) for problem in unseen(source, seen))
    notes = tuple(str(problem) for problem in quiet(source, seen))
    says = f"{len(never)} never came" if never else "all came"
    yield Result(job.name, "injects", job.reference, says, never, notes, again=f"drillroom lint {job.reference} --play")
    wrong = tuple(upside_down(scores))
    says = "a worse team does better" if wrong else "better teams do better"
    yield Result(job.name, "order", job.reference, says, wrong, again=f"drillroom show {job.reference} --facilitator")


def upside_down(scores: Mapping[Profile, Sequence[float | None]]) -> Iterator[str]:
    """Profiles that do better than better ones, by more than the chance of so few drills explains.

    Two profiles are compared seed by seed, for a seed may make a day hard for all of them.
    """
    for place, better in enumerate(PROFILES):
        for worse in PROFILES[place + 1 :]:
            pairs = zip(scores[better], scores[worse], strict=True)
            lead = [theirs - ours for ours, theirs in pairs if ours is not None and theirs is not None]
            if len(lead) > 1 and fmean(lead) > _UPSIDE_DOWN + _SURE * stdev(lead) / sqrt(len(lead)):
                yield (
                    f"{worse} teams score {fmean(lead):.1f} points more than {better} ones: the scenario rewards the "
                    "wrong thing"
                )


def _script_result(job: Job) -> Result:
    path = Path(job.reference)
    script = read_script(path)
    plays, named = script.model.plays, job.settings.team
    materials = materials_for(script, None if named is None else _named(named), job.settings.rubric)
    played = rehearse_script(materials, script, plays.seed if plays is not None else 1)
    card = grade(played.log)
    short = shortfalls(script.model.expects, card, len(played.refused))
    refused = tuple(f"{one.place}: refused: {one.who}, {one.act}: {one.why}" for one in played.refused)
    says = f"{'no score' if card.score is None else f'score {card.score:.1f}'} in {materials.scenario.scenario}"
    seed = f" --seed {played.log.plan.seed}"
    return Result(
        *(job.name, "script", job.reference, says),
        failures=(*short, *(refused if short else ())),
        notes=() if short else refused,
        again=f"drillroom run {scenario_of(script)} --acts {job.reference}{seed}{_with_team(job, materials)}",
        scores=(card.score,),
    )


def _with_team(job: Job, materials: Materials) -> str:
    team = job.settings.team or materials.team.team
    return f" --team {team}"


def _named(reference: str) -> str | Path:
    """A file as a path, and a name as a name: what is neither is said to be no name."""
    return Path(reference) if Path(reference).is_file() else reference


def _kind(file: Path) -> str | None:
    try:
        return kind_of(read(file))
    except LoadError:
        return None


def _range(scores: Sequence[float | None]) -> str:
    judged = [score for score in scores if score is not None]
    if not judged:
        return "no score"
    low, high = min(judged), max(judged)
    return f"scores {low:.0f} to {high:.0f}" if round(low) != round(high) else f"score {low:.0f}"
