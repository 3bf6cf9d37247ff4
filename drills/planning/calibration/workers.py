"""Who plays the chunks of a calibration: this process, a pool of processes here, or a Dask cluster. One interface."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from typing import Protocol

from drills.planning.calibration.chunks import Brief, play_chunk, prepared
from scoring.calibration.counts import Counts

__all__ = ["Here", "Played", "Pool", "Workers", "WorkersError", "processors"]

Played = tuple[int, Counts]
"""A chunk's number, and what was counted in it."""
ATTEMPTS = 5
"""So often in a row workers may be lost without a chunk played, before it is no use to go on."""


class WorkersError(Exception):
    """Chunks cannot be played, or no more of them. The message says why in a sentence."""


class Workers(Protocol):
    """Plays chunks. What is lost with a worker is played again, until it comes or there is no use in trying."""

    def play(self, brief: Brief, chunks: Iterable[int]) -> Iterator[Played]:
        """The chunks, each once, in any order. Raises WorkersError."""
        ...


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Here:
    """One process: the one that asks."""

    def play(self, brief: Brief, chunks: Iterable[int]) -> Iterator[Played]:
        """The chunks, in their order."""
        plan = prepared(brief.plan)
        for chunk in chunks:
            yield chunk, play_chunk(plan, brief.drills, chunk)


class Pool:
    """Processes of this machine. The plan goes to each of them once, when it starts.

    A pool of the standard library ends as a whole when one of its processes is killed: then there is a new one, and
    what the old one had not given back is played again.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes

    def play(self, brief: Brief, chunks: Iterable[int]) -> Iterator[Played]:
        """The chunks, in the order in which they are done."""
        left = set(chunks)
        lost = 0
        while left:
            before = len(left)
            for chunk, counts in self._play_until_broken(brief, sorted(left)):
                left.discard(chunk)
                yield chunk, counts
            lost = 0 if len(left) < before else lost + 1
            if left and lost == ATTEMPTS:
                raise WorkersError(
                    f"the processes that play ended {ATTEMPTS} times without a result; is there enough memory? "
                    "`--workers 1` plays in this process"
                )

    def _play_until_broken(self, brief: Brief, chunks: list[int]) -> Iterator[Played]:
        pool = ProcessPoolExecutor(min(self._processes, len(chunks)), _context(), _begin, (brief.plan, brief.drills))
        waiting = iter(chunks)
        running: set[Future[Played]] = set()
        try:
            while True:
                for chunk in _few(waiting, 2 * self._processes - len(running)):
                    running.add(pool.submit(_play, chunk))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        except BrokenProcessPool:
            yield from (one.result() for one in running if one.done() and one.exception() is None)
        finally:
            pool.shutdown(cancel_futures=True)


def _few(waiting: Iterator[int], most: int) -> Iterator[int]:
    for _ in range(most):
        chunk = next(waiting, None)
        if chunk is None:
            return
        yield chunk


def _context() -> BaseContext:
    # On Linux a worker begins as a copy of this process, with everything loaded; elsewhere that is not safe.
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


_brief: tuple[str, int] = ("", 0)
"""In a process of a pool: the plan as JSON, and how many drills there are."""


def _begin(plan: str, drills: int) -> None:
    """Take in, in a new process, what it is to play. Ctrl-C is for the process that started it, whose end is ours."""
    global _brief
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _brief = (plan, drills)


def _end_with_the_parent() -> None:
    """A pool's processes would otherwise wait forever for one that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _play(chunk: int) -> Played:
    plan, drills = _brief
    return chunk, play_chunk(prepared(plan), drills, chunk)
