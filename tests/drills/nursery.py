"""Servers without the wait: a process that has imported all that a server needs, and forks whenever it is asked.

Each server is still a process of its own: `drillroom serve` with its arguments, its database and its end.
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.drills.command_line import PROGRAM, ROOT

__all__ = ["Nursery", "Running"]

SOON = 60.0
"""Seconds within which any of this happens many times over."""


class Running:
    """A program that runs, as a process of its own."""

    def __init__(self, pid: int, out: Path, ends: "asyncio.Task[int]") -> None:
        self.pid = pid
        self._out = out
        self._ends = ends

    @property
    def said(self) -> str:
        """What it has said on standard output."""
        return self._out.read_text(encoding="utf-8")

    async def says(self, start: str) -> None:
        """Wait until it has said a line that begins so."""
        async with asyncio.timeout(SOON):
            while not any(line.startswith(start) and line.endswith("\n") for line in self.said.splitlines(True)):
                assert not self._ends.done(), f"it ended with {self._ends.result()}"
                await asyncio.sleep(0.005)

    def kill(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        return await asyncio.wait_for(self._ends, SOON)


class Nursery:
    """Starts programs: again, as a shell would, or from a process that has imported everything already."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asking = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._count = 0

    async def start(self, args: Sequence[str], log: Path, *, cold: bool, first: str = "") -> Running:
        """Start the program with these arguments; what it says on standard error goes to the end of `log`.

        `first` is Python that is run before it, in a process that is not cold.
        """
        self._count += 1
        out = self._folder / f"out-{self._count}.txt"
        out.touch()
        if not cold:
            asked = {"args": list(args), "out": str(out), "log": str(log), "folder": str(self._folder), "first": first}
            pid = await self._ask(asked)
            return Running(pid, out, asyncio.create_task(self._ended(pid)))
        with out.open("wb") as said, log.open("ab") as noted:
            process = await asyncio.create_subprocess_exec(
                *PROGRAM, *args, cwd=self._folder, env=_environment(),
                stdin=asyncio.subprocess.DEVNULL, stdout=said, stderr=noted,
            )  # fmt: skip
        return Running(process.pid, out, asyncio.create_task(process.wait()))

    async def _ended(self, pid: int) -> int:
        while (code := await self._ask({"ended": pid})) is None:
            await asyncio.sleep(0.005)
        return int(code)

    async def _ask(self, what: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """Ask the process. A caller that is cancelled meanwhile leaves no answer behind for the next one."""
        return await asyncio.shield(asyncio.create_task(self._asked(what)))

    async def _asked(self, what: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        async with self._asking:
            if self._process is None:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tests.drills.nursery", cwd=ROOT, env=_environment(),
                    stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                )  # fmt: skip
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            return json.loads(await asyncio.wait_for(self._process.stdout.readline(), SOON))

    async def close(self) -> None:
        """Let go of it."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await asyncio.wait_for(self._process.wait(), SOON)


def _environment() -> dict[str, str]:
    """The environment without any setting of the program's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DRILLROOM_")}
    return {**kept, "PYTHONPATH": str(ROOT)}


# -- inside the process ------------------------------------------------------------------------------------------------


def _main() -> None:
    import drills.cli.serve
    import drills.web.process  # noqa: F401 - so that forked processes have it

    for line in sys.stdin:
        asked = json.loads(line)
        if "ended" in asked:
            pid, status = os.waitpid(asked["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                _become(asked)
        print(json.dumps(answer), flush=True)  # noqa: T201 - to the parent


def _become(asked: dict[str, Any]) -> None:
    from drills.cli import main

    os.chdir(asked["folder"])
    for number, file, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, asked["out"], os.O_WRONLY),
        (2, asked["log"], os.O_WRONLY),
    ):
        opened = os.open(file, how | (os.O_APPEND if number else 0) | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    exec(asked["first"], {})  # noqa: S102 - a test's own
    sys.argv = ["drillroom", *asked["args"]]
    main()
    sys.exit(0)


if __name__ == "__main__":
    _main()
