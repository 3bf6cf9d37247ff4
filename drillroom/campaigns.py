"""Many drills at once, played by processes of their own."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from drillroom.frames import Cell, row, table
from drillroom.headless import run
from drills.planning.materials import RUBRIC, TEAM
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.scenario import Scenario
from scenarios.team import Team
from simulator.log import DrillLog
from simulator.plan import Profile

if TYPE_CHECKING:
    from drillroom.frames import Frame

__all__ = ["campaign", "serve_jobs"]

_SEEDS = 25
"""So many drills make a job: few enough to share the work out evenly."""
_WORTH_IT = 20
"""For fewer drills than this another process is not started: loading the program takes as long as playing them."""


class _Job(NamedTuple):
    """The drills of one scenario by players of one kind."""

    scenario: str | Path | Scenario
    players: Profile
    seeds: tuple[int, ...]
    team: str | Path | Team
    protocol: str | Path | Protocol | None
    rubric: str | Path | Rubric


_Played = list[dict[str, Cell]] | Exception


def campaign(
    scenarios: str | Path | Scenario | Iterable[str | Path | Scenario],
    *,
    players: Profile | Sequence[Profile] = "good",
    seeds: Iterable[int] = range(1, 11),
    team: str | Path | Team = TEAM,
    protocol: str | Path | Protocol | None = None,
    rubric: str | Path | Rubric = RUBRIC,
    processes: int | None = None,
) -> "Frame":
    """Play each scenario with each kind of players and each seed; a DataFrame as `frame` gives, in that order.

    The arguments mean what they mean to `run`. The drills are shared out among `processes`, by default one for each
    core if there are enough of them; the result is the same for any number. Raises what `run` and `frame` raise, and
    RuntimeError if a process ends before its work is done.
    """
    table([])  # no drill is played for nothing
    every = [scenarios] if isinstance(scenarios, str | Path | Scenario) else list(scenarios)
    kinds = [players] if isinstance(players, str) else list(players)
    numbers = tuple(seeds)
    parts = [numbers[begin : begin + _SEEDS] for begin in range(0, len(numbers), _SEEDS)]
    jobs = [_Job(one, kind, part, team, protocol, rubric) for one in every for kind in kinds for part in parts]
    enough = len(every) * len(kinds) * len(numbers) // _WORTH_IT
    count = max(1, min(processes or min(_cores(), enough), len(jobs)))
    played = [_play(job) for job in jobs] if count == 1 else _shared_out(jobs, count)
    rows: list[dict[str, Cell]] = []
    for found in played:
        if isinstance(found, Exception):
            raise found
        rows += found
    return table(rows)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _play(job: _Job) -> _Played:
    try:
        return [row(_drill(job, seed)) for seed in job.seeds]
    except Exception as error:  # noqa: BLE001 - it goes to whoever asked for the drills
        return error


def _drill(job: _Job, seed: int) -> DrillLog:
    return run(job.scenario, team=job.team, protocol=job.protocol, rubric=job.rubric, players=job.players, seed=seed)


def _shared_out(jobs: Sequence[_Job], count: int) -> list[_Played]:
    """The jobs' results in their order. A process takes the next job as soon as it is free.

    The processes are started anew and not forked, and do not load the caller's own program: notebooks have threads, and
    scripts need no guard around their calls.
    """
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)
    found: dict[int, _Played] = {}
    workers = [_started() for _ in range(count)]
    try:
        with ThreadPoolExecutor(count) as threads:
            for done in [threads.submit(_work_through, jobs, waiting, found, worker) for worker in workers]:
                done.result()
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    return [found[number] for number in range(len(jobs))]


def _started() -> "subprocess.Popen[bytes]":
    code = f"import sys; sys.path[:] = {sys.path!r}; from drillroom.campaigns import serve_jobs; serve_jobs()"
    command = [sys.executable, "-c", code]  # our own interpreter, and code of ours
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603


def _work_through(
    jobs: Sequence[_Job], waiting: "SimpleQueue[int]", found: dict[int, _Played], worker: "subprocess.Popen[bytes]"
) -> None:
    """Let one process do jobs until none is left."""
    if worker.stdin is None or worker.stdout is None:
        raise AssertionError("started with both")
    while True:
        try:
            number = waiting.get_nowait()
        except Empty:
            return
        try:
            pickle.dump(jobs[number], worker.stdin)
            worker.stdin.flush()
            found[number] = pickle.load(worker.stdout)  # noqa: S301 - our own process wrote it
        except (EOFError, OSError, pickle.UnpicklingError):
            raise RuntimeError(
                "a process that plays drills ended before its work was done; play with processes=1 to see why"
            ) from None


def serve_jobs() -> None:
    """Do the jobs that come on standard input, one after another; results go to standard output."""
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # whatever else is printed is no result
    while True:
        try:
            job = pickle.load(sys.stdin.buffer)  # noqa: S301 - the process that started us wrote it
        except (EOFError, KeyboardInterrupt):
            return
        pickle.dump(_play(job), results)
        results.flush()
