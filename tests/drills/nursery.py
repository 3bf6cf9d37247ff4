"""Servers that a test of asyncio starts, watches and ends: `drillroom serve` with its arguments and its database.

They are forked from a process that has imported all that a server needs, or cold, as a shell would start them.
"""

import asyncio
import os
import subprocess
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from tests.drills.forked import PROGRAM, ROOT, Forked

__all__ = ["Nursery", "Running"]

SOON = 60.0
"""Seconds within which any of this happens many times over."""


class Running:
    """A program that runs, as a process of its own."""

    def __init__(self, process: "subprocess.Popen[Any]", out: Path) -> None:
        self.pid = process.pid
        self._process = process
        self._out = out

    @property
    def said(self) -> str:
        """What it has said on standard output."""
        return self._out.read_text(encoding="utf-8")

    async def says(self, start: str) -> None:
        """Wait until it has said a line that begins so."""
        async with asyncio.timeout(SOON):
            while not any(line.startswith(start) and line.endswith("\n") for line in self.said.splitlines(True)):
                code = self._process.poll()
                assert code is None, f"it ended with {code}"
                await asyncio.sleep(0.005)

    def kill(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        async with asyncio.timeout(SOON):
            while (code := self._process.poll()) is None:
                await asyncio.sleep(0.005)
        return code


class Nursery:
    """Starts programs that stand in a folder and write what they say there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DRILLROOM_")}
        self._environment = {**kept, "PYTHONPATH": str(ROOT)}

    def start(self, args: Sequence[str], log: Path, *, cold: bool, first: str = "") -> Running:
        """Start the program with these arguments; what it says on standard error goes to the end of `log`.

        `first` is Python that is run before it, in a process that is not cold.
        """
        out = self._folder / f"out-{next(self._numbers)}.txt"
        with out.open("wb") as said, log.open("ab") as noted:
            streams = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": noted}
            how: dict[str, Any] = {"cwd": self._folder, "env": self._environment, **streams}
            if cold:
                return Running(subprocess.Popen([*PROGRAM, *args], **how), out)
            return Running(Forked(args, first=first, **how), out)
