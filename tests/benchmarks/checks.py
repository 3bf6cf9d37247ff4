"""Lint of a hundred scenarios, and `drillroom test` of the library against a plain loop in two processes.

The peer plays and grades the same drills of the same scenarios, half of them in each of two processes, and does nothing
else. The processes begin as copies of one in which everything is loaded, on both sides. Their turns alternate.
"""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drills.planning.regression import Job, Settings, jobs_in, play_all, play_job
from scenarios.generate import random_scenario
from scenarios.generate.write import written
from scenarios.lint import lint
from scenarios.lookup import names
from scenarios.template import new_workspace

SCENARIOS = 100
LINT_WITHIN = 3.0
"""Seconds."""
SEEDS = (1, 2, 3, 4)
PROCESSES = 2
ROUNDS = 3


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _plain(jobs: list[Job]) -> None:
    for job in jobs:
        play_job(job)


def _in_two_processes(jobs: list[Job]) -> None:
    context = multiprocessing.get_context("fork")
    halves = [context.Process(target=_plain, args=(jobs[place::PROCESSES],)) for place in range(PROCESSES)]
    for half in halves:
        half.start()
    for half in halves:
        half.join()


def _linting() -> tuple[str, float, float | None, str]:
    with tempfile.TemporaryDirectory() as folder:
        files = {f"scenarios/random-{seed}.yaml": written(random_scenario(seed)) for seed in range(1, SCENARIOS + 1)}
        for name, text in {**new_workspace(), **files}.items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        took = statistics.median(_processor_seconds(lambda: lint(Path(folder))) for _ in range(ROUNDS))
    return (
        f"lint of {SCENARIOS} scenarios in a workspace",
        took / LINT_WITHIN,
        1.0,
        f"{took:.2f} s of {LINT_WITHIN:g} s",
    )


def _testing() -> tuple[str, float, float | None, str]:
    jobs = jobs_in([], names("scenario"), Settings(SEEDS))
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    for _ in range(ROUNDS):
        times["ours"].append(_seconds(lambda: list(play_all(jobs, PROCESSES))))
        times["plain"].append(_seconds(lambda: _in_two_processes(jobs)))
    ours, plain = statistics.median(times["ours"]), statistics.median(times["plain"])
    return (
        "playing the library against two plain processes",
        plain / ours,
        0.9,
        f"at least; {ours:.1f} s, {plain:.1f} s",
    )


def run() -> list[tuple[str, float, float | None, str]]:
    """Ratios of medians, the peers interleaved in one run: (label, ratio, limit, detail)."""
    return [_linting(), _testing()]
