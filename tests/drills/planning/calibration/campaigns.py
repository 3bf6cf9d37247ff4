"""A small calibration, workers that are meddled with, and what comes of them as bytes."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from drills.planning.calibration.campaign import calibrate
from drills.planning.calibration.chunks import CHUNK, Brief, brief_of
from drills.planning.calibration.results import to_json
from drills.planning.calibration.workers import Here, Played, Workers

__all__ = ["After", "alone", "kill_a_child", "made", "short"]


@cache
def short() -> Brief:
    """Three chunks, the last of which is short."""
    return brief_of("slow-report", 2 * CHUNK + 10)


class After:
    """Workers to which something happens once some chunks have come."""

    def __init__(self, workers: Workers, chunks: int, happens: Callable[[], None]) -> None:
        self._workers, self._chunks, self._happens = workers, chunks, happens
        self.asked: list[int] = []
        self.came: list[int] = []

    def play(self, brief: Brief, chunks: Iterable[int]) -> Iterator[Played]:
        """The chunks, and in between whatever happens."""
        self.asked = list(chunks)
        for chunk, counts in self._workers.play(brief, self.asked):
            self.came.append(chunk)
            if len(self.came) == self._chunks:
                self._happens()
            yield chunk, counts


def kill_a_child() -> None:
    """Kill one of the processes that this one has started."""
    child = multiprocessing.active_children()[0]
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()


def made(workers: Workers, begun: Path) -> bytes:
    """The result, as it is kept."""
    return to_json(calibrate(short(), workers, begun, "a command"))


@cache
def alone() -> bytes:
    """What one process makes of it without a break."""
    with TemporaryDirectory() as folder:
        return made(Here(), Path(folder) / "begun")
