"""Calibrating with two processes against what two cores give a plain loop, in turns; memory; Dask against the pool."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from distributed import LocalCluster

from drills.planning.calibration.campaign import calibrate
from drills.planning.calibration.chunks import CHUNK, brief_of
from drills.planning.calibration.cluster import Cluster
from drills.planning.calibration.workers import Pool, Workers

SCENARIO = "login-outage"
DRILLS = 20 * CHUNK
ROUNDS = 3
_LOOP = """
import resource, sys
from drills.planning.calibration.chunks import brief_of, chunks_of, play_chunk, prepared
brief = brief_of(sys.argv[1], int(sys.argv[2]))
plan = prepared(brief.plan)
play_chunk(plan, 15, 0)
sys.stdin.readline()
for chunk in chunks_of(brief):
    play_chunk(plan, brief.drills, chunk)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, flush=True)
"""


def _loops(count: int) -> float:
    """Seconds in which so many plain loops at once, each in a process of its own, play their share of the drills."""
    command = [sys.executable, "-c", _LOOP, SCENARIO, str(DRILLS // count)]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(count)]
    time.sleep(3 * count)  # until they have loaded
    begun = time.perf_counter()
    for one in started:
        if one.stdin is not None:
            one.stdin.write(b"\n")
            one.stdin.flush()
    for one in started:
        one.communicate()
    return time.perf_counter() - begun


def _seconds(workers: Workers) -> float:
    brief = brief_of(SCENARIO, DRILLS)
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        calibrate(brief, workers, Path(folder) / "begun", "")
    return time.perf_counter() - begun


def _memory(drills: int) -> float:
    """The most megabytes that the process or one of its two workers has used for so many drills of the shortest.

    Of the process itself by what the kernel says of its address space: a process starts with the peak of the one that
    started it, which here has Dask in it.
    """
    code = f"""
import resource, tempfile
from pathlib import Path
from drills.planning.calibration.campaign import calibrate
from drills.planning.calibration.chunks import brief_of
from drills.planning.calibration.workers import Pool
calibrate(brief_of("slow-report", {drills}), Pool(2), Path(tempfile.mkdtemp()) / "begun", "")
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024)
"""
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)


def run() -> list[tuple[str, float, float | None, str]]:
    """Ratios of medians, in turns: (label, ratio, limit, detail). Below 1 is better than what it is compared with."""
    times: dict[str, list[float]] = {"one": [], "two": [], "pool": [], "dask": []}
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:  # type: ignore[no-untyped-call]  # Dask has no types
        address = cluster.scheduler_address
        ways: dict[str, Callable[[], float]] = {
            "one": lambda: _loops(1),
            "two": lambda: _loops(2),
            "pool": lambda: _seconds(Pool(2)),
            "dask": lambda: _seconds(Cluster(address)),
        }
        for _ in range(ROUNDS):
            for name, way in ways.items():
                times[name].append(way())
    median = {name: statistics.median(values) for name, values in times.items()}
    memory = _memory(10_000)
    rate = f"{DRILLS / median['pool']:.0f} drills a second"
    return [
        ("two processes against two plain loops", median["pool"] / median["two"], 1 / 0.9, rate),
        ("two processes against one plain loop", median["pool"] / median["one"], 1 / 1.8, rate),
        ("a Dask cluster of two against two processes", median["dask"] / median["pool"], 1 / 0.85, ""),
        ("memory of a process for 10,000 drills, of 60 MB", memory / 60, 1.0, f"{memory:.0f} MB"),
    ]
