"""How soon the program answers: `drillroom --help` against an interpreter that merely imports click."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 25


def _seconds(command: list[str]) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def run() -> list[tuple[str, float, float | None, str]]:
    """The ratio of medians of whole processes, interleaved, with bytecode cached: (label, ratio, limit, detail)."""
    ours = [str(Path(sys.executable).with_name("drillroom")), "--help"]
    peer = [sys.executable, "-c", "import click"]
    for command in (ours, peer):
        _seconds(command)
    times = [(_seconds(ours), _seconds(peer)) for _ in range(ROUNDS)]
    help_s, click_s = (statistics.median(column) for column in zip(*times, strict=True))
    detail = f"at most; {help_s * 1000:.0f} ms against {click_s * 1000:.0f} ms"
    return [("drillroom --help against importing click", help_s / click_s, 1.3, detail)]
