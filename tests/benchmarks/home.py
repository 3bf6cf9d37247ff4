"""The home page with a thousand closed drills against one with ten, and the memory that a thousand take at a start."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Self

import httpx
import msgspec

from drills.planning.rehearsal import rehearse
from drills.planning.setup import Setup, people_of, plan_of
from drills.records import history, results
from drills.records.store import DrillRow, Store
from scoring.history.figures import figures_of
from scoring.scorecard import RULES
from tests.benchmarks.room import Row

FEW, MANY = 10, 1_000
ROUNDS = 60


def run() -> list[Row]:
    """Pages of two servers asked in turns; memory of a server with a thousand against an empty one."""
    with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
        paths = {count: Path(folder) / f"{count}.sqlite" for count in (0, FEW, MANY)}
        for count, path in paths.items():
            _fill(path, count)
        with _Server(paths[0]) as empty, _Server(paths[MANY]) as many:
            more = (many.resident - empty.resident) / 2**20
        with _Server(paths[FEW]) as few, _Server(paths[MANY]) as many:
            times = [(many.home(), few.home()) for _ in range(ROUNDS)][ROUNDS // 6 :]
    ours, peer = (median(column) for column in zip(*times, strict=True))
    said = f"at most; {ours * 1000:.1f} ms against {peer * 1000:.1f} ms"
    return [
        (f"home with {MANY:,} closed drills / with {FEW}", ours / peer, 1.5, said),
        (f"memory after a start with {MANY:,} closed drills / 10 MB", more / 10, 1.0, f"at most; {more:.1f} MB more"),
    ]


class _Server:
    def __init__(self, path: Path) -> None:
        program = str(Path(sys.executable).with_name("drillroom"))
        command = [program, "serve", "--port", "0", "--database", str(path)]
        self._process = subprocess.Popen(command, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        link = self._process.stdout.readline().decode().strip()
        self._browser = httpx.Client(follow_redirects=True, headers={"X-Drillroom": "1"})
        self._start = link.partition("/join/")[0]
        self._browser.get(link).raise_for_status()
        time.sleep(1.0)  # what is looked at after a start has been looked at

    def home(self) -> float:
        """Seconds for the home page."""
        began = time.perf_counter()
        self._browser.get(self._start).raise_for_status()
        return time.perf_counter() - began

    @property
    def resident(self) -> int:
        """Bytes of memory."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._process.terminate()
        self._process.wait()


def _fill(path: Path, count: int) -> None:
    """A database with so many closed drills, each with its plan, its log and its result."""
    store = Store(path)
    setup = Setup("login-outage", people_of("", 6), 7)
    start = datetime(2026, 3, 3, 15, tzinfo=UTC)
    plan = plan_of(setup, "drill-0", start)
    events = rehearse(plan).log.events
    asked = msgspec.json.encode(setup).decode()
    for number in range(count):
        drill = f"drill-{number}"
        made = (start + timedelta(hours=number)).isoformat()
        store.add_drill(DrillRow(drill, "drill", "lobby", made, asked, screen="score", revealed=True))
        store.begin(plan.model_copy(update={"drill": drill}), events)
        store.change_drill(drill, state="closed").result()
    if count:
        log = store.log("drill-0").result()
        assert log is not None
        found = results.summarize(log)
        for number in range(count):
            one = store.log(f"drill-{number}").result()
            assert one is not None
            kept = msgspec.structs.replace(found, head=one.head)
            store.submit(partial(results.put, log=one, found=kept, rules=RULES)).result()
            store.submit(partial(history.put, found=figures_of(one))).result()
    store.close()


if __name__ == "__main__":
    for row in run():
        print(*row)
