"""Processes of the program without the wait for its imports: forked from one process that has them all.

Each is a process of its own and a child of the test's, with its arguments, folder, environment and streams. Only what
Python reads as it starts (PYTHONUTF8, LC_ALL) comes too late for it; such a test wants `subprocess.Popen`.

A process that others ask to fork would have the children itself. So each is forked twice: when the one in between ends,
Linux gives the orphan to the test's process, which has asked for it. Other systems do not, and all starts there are
cold.
"""

import atexit
import ctypes
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, AnyStr, Generic

__all__ = ["PROGRAM", "ROOT", "Forked", "started"]

PROGRAM = [sys.executable, "-c", "from drills.cli import main; main()"]
ROOT = Path(__file__).parents[2]
_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
_MOST = 1 << 18
"""Bytes of arguments and an environment."""


class Forked(subprocess.Popen[AnyStr], Generic[AnyStr]):
    """A process of the program. Its `args` are those after `drillroom`; `first` is Python that it runs before."""

    def __init__(self, args: Sequence[str], *, first: str = "", **how: Any) -> None:  # noqa: ANN401 - as Popen has it
        self._first = first
        super().__init__(args, **how)

    def _execute_child(self, args: Sequence[str], *how: object) -> None:
        """Instead of what Popen does here: fork and exec, with these streams or -1 for its own."""
        if sys.platform != "linux":
            cold = [sys.executable, "-c", f"{self._first}\n{PROGRAM[-1]}", *args]
            super()._execute_child(cold, *how)  # type: ignore[misc] # typeshed has no inner parts
            return
        cwd, env, streams = how[4], how[5], [end for end in how[9:15] if isinstance(end, int)]
        try:
            asked = {"args": args, "first": self._first, "cwd": str(cwd or Path.cwd()), "env": env or dict(os.environ)}
            theirs = zip((0, 1, 2), (streams[0], streams[3], streams[5]), strict=True)
            self.pid = _mother().child(asked, [own if end == -1 else end for own, end in theirs])
            self._child_created = True
        finally:
            self._close_pipe_fds(*streams)  # type: ignore[attr-defined] # typeshed has no inner parts


def started(
    *args: str | Path,
    cwd: Path | None = None,
    stdout: int = subprocess.PIPE,
    text: bool = False,
    env: Mapping[str, str] = MappingProxyType({}),
) -> "subprocess.Popen[Any]":
    """A process of the program that has begun: forked, unless something in `env`, which is added to this process's
    own, asks for a cold start.
    """
    cold = any(name.startswith(("PYTHON", "LC_")) for name in env)
    whole = [*(PROGRAM if cold else ()), *map(str, args)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    kind: type[subprocess.Popen[Any]] = subprocess.Popen if cold else Forked
    return kind(
        whole,
        cwd=cwd,
        env=environment,
        text=text,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


class _Mother:
    """The process that has imported everything, as its children's future parent sees it."""

    def __init__(self) -> None:
        self._ask, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.drills.forked", str(theirs.fileno())],
                cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self._libc = ctypes.CDLL(None, use_errno=True)
        atexit.register(self._end)

    def child(self, asked: Mapping[str, object], streams: Sequence[int]) -> int:
        """The id of a new process, which is a child of this one."""
        self._inherit(True)
        try:
            socket.send_fds(self._ask, [json.dumps(asked).encode()], list(streams))
            pid = int(self._ask.recv(_MOST))
            assert self._ask.recv(_MOST) == b"an orphan"
        finally:
            self._inherit(False)  # what a server leaves behind is not ours to wait for
        return pid

    def _inherit(self, wanted: bool) -> None:
        assert self._libc.prctl(_PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0) == 0

    def _end(self) -> None:
        self._ask.close()
        self._process.wait()


_mother = cache(_Mother)


# -- inside the process ------------------------------------------------------------------------------------------------


def _main() -> None:
    import gc

    # Whatever a command imports when it is called.
    import drills.cli.run
    import drills.cli.serve
    import drills.cli.terminal
    import drills.web.process  # noqa: F401
    import reports.charts.gallery  # noqa: F401

    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as asking:
        while True:
            asked, streams, *_ = socket.recv_fds(asking, _MOST, 3)
            if not asked:
                return
            between = os.fork()
            if between == 0:
                pid = os.fork()
                if pid == 0:
                    asking.close()
                    break
                asking.send(str(pid).encode())
                os._exit(0)
            os.waitpid(between, 0)
            for end in streams:
                os.close(end)
            asking.send(b"an orphan")
    _become(json.loads(asked), streams)


def _become(asked: dict[str, object], streams: Sequence[int]) -> None:
    import tempfile
    import time

    from drills.cli import main

    for number, end in enumerate(streams):
        os.dup2(end, number)
        os.close(end)
    for number, name in enumerate(("stdin", "stdout", "stderr")):  # anew: what they know is of other files
        old = getattr(sys, name)
        mode = "w" if number else "r"
        new = open(number, mode, encoding=old.encoding, errors=old.errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)
    sys.stderr.reconfigure(line_buffering=True)  # type: ignore[union-attr] # it is a text file
    os.chdir(str(asked["cwd"]))
    os.environ.clear()
    os.environ.update(asked["env"])  # type: ignore[call-overload] # names and texts
    time.tzset()
    tempfile.tempdir = None
    sys.argv = ["drillroom", *asked["args"]]  # type: ignore[misc] # texts
    exec(str(asked["first"]), {})  # noqa: S102 - a test's own
    main()


if __name__ == "__main__":
    _main()
