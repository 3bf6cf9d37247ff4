"""Plays scenarios headless beside a server, one at a time, each in a process of its own, and remembers the findings."""

import os
import signal
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock, Timer

import msgspec

import drills
from drills.planning.headless_play import MOST_SECONDS, Findings
from drills.planning.materials import version
from scoring.scorecard import RULES
from simulator.plan import DrillPlan

__all__ = ["HeadlessPlayer", "Play"]

MOST_WALL_SECONDS = 300
"""After so long we give up on a process, even if the machine is so busy that it could not use its own time."""
REMEMBERED = 64
"""So many plays are kept in memory, some kilobytes each."""
_MODULE = "drills.planning.headless_play"
_OURS = str(Path(drills.__file__).parents[1])


@dataclass
class Play:
    """A scenario that is to be played, is played, or was played."""

    key: str
    """Which content was played, under which rules."""
    plan: bytes
    begun: bool = False
    findings: Findings | None = None
    failed: str = ""
    """Why nothing was found, in a sentence."""
    dropped: bool = False
    """Whether nobody wants it any more, since its file has changed or the server ends."""
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.findings is not None or bool(self.failed)


class HeadlessPlayer:
    """Plays what is asked for, in the order in which it is asked for. Of each scenario only the newest content."""

    def __init__(self, tell: Callable[[], None] = lambda: None, command: list[str] | None = None) -> None:
        self._tell = tell
        """Called, in a thread of ours, whenever a play begins or ends."""
        self._command = command or [sys.executable, "-P", "-m", _MODULE]  # not from a folder of the current one
        self._wanted: dict[str, Play] = {}
        """The newest play of each scenario, by its name."""
        self._known: OrderedDict[str, Play] = OrderedDict()
        self._lock = Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._closed = False

    def ask(self, name: str, plan: DrillPlan) -> Play:
        """The play of a scenario as it is now: begun if nobody has asked for this content, in place of its last one."""
        told = plan.to_json().encode()
        key = sha256(f"{version()} {RULES} ".encode() + told).hexdigest()
        with self._lock:
            before = self._wanted.get(name)
            if before is not None and before.key != key:
                self._drop(before)
            play = self._known.get(key)
            if play is None or play.dropped:
                play = self._known[key] = Play(key, told)
                self._begin(play)
            self._known.move_to_end(key)
            self._wanted[name] = play
            while len(self._known) > REMEMBERED:
                self._drop(self._known.popitem(last=False)[1])
        return play

    def close(self) -> None:
        """End what is being played, and play nothing more."""
        with self._lock:
            self._closed = True
            for play in self._known.values():
                self._drop(play)
        if self._thread is not None:
            self._thread.shutdown()

    def _begin(self, play: Play) -> None:
        if self._closed:
            play.failed = "The server is ending."
            return
        self._thread = self._thread or ThreadPoolExecutor(1, "drillroom-headless")  # one at a time
        self._thread.submit(self._run, play)

    def _drop(self, play: Play) -> None:
        play.dropped = not play.over
        if play.process is not None:
            play.process.kill()

    def _run(self, play: Play) -> None:
        with self._lock:
            if play.dropped:
                return
            play.begun = True
            try:
                play.process = self._started()
            except OSError as error:
                play.failed = f"It could not be played: {(error.strerror or str(error)).lower()}."
        self._tell()
        if play.process is not None:
            self._wait(play, play.process)
            self._tell()

    def _started(self) -> "subprocess.Popen[bytes]":
        # Not in a session of its own: Linux then weighs it as a group against the whole of ours, whatever its priority.
        path = os.pathsep.join(filter(None, (_OURS, os.environ.get("PYTHONPATH"))))
        return subprocess.Popen(  # noqa: S603 - ourselves
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    def _wait(self, play: Play, process: "subprocess.Popen[bytes]") -> None:
        late = Timer(MOST_WALL_SECONDS, process.kill)
        late.start()
        found = _answer(process, play.plan)
        code = process.wait()
        in_time = late.is_alive() and code != -signal.SIGXCPU
        late.cancel()
        with self._lock:
            play.process = None
        try:
            play.findings = msgspec.json.decode(found, type=Findings)
        except msgspec.DecodeError:
            play.failed = f"The process that played it ended with {code} and found nothing." if in_time else _TOO_LONG


def _answer(process: "subprocess.Popen[bytes]", plan: bytes) -> bytes:
    """What it writes. Its standard input stays open until then: it ends when that ends."""
    if process.stdin is None or process.stdout is None:
        return b""
    with process.stdin as to, process.stdout as back, suppress(OSError):  # it may have ended already
        to.write(plan + b"\n")
        to.flush()
        return back.read()
    return b""


_TOO_LONG = f"It was stopped after {MOST_SECONDS} seconds of work: it plays too long, or forever."
