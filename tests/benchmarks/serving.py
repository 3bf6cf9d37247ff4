"""How soon `drillroom serve` answers requests, against an interpreter that merely imports what it is built on."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.room import Row

ROUNDS = 9
PEER = "import fastapi, sqlalchemy, uvicorn"


def run() -> list[Row]:
    """The ratio of medians of whole processes, interleaved, with bytecode cached: (label, ratio, limit, detail)."""
    with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
        for _ in range(2):
            _ready(folder), _imported()
        times = [(_ready(folder), _imported()) for _ in range(ROUNDS)]
    ours, peer = (median(column) for column in zip(*times, strict=True))
    detail = f"at most; {ours * 1000:.0f} ms against {peer * 1000:.0f} ms"
    return [("drillroom serve until it answers / importing its parts", ours / peer, 1.5, detail)]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _ready(folder: str) -> float:
    command = [str(Path(sys.executable).with_name("drillroom")), "serve", "--port", "0", "--database", "serve.sqlite"]
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        if b"open" not in process.stdout.readline():
            raise RuntimeError("drillroom serve did not start")
        taken = time.perf_counter() - start
        process.kill()
    return taken


def _imported() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", PEER], check=True, env=_environment())
    return time.perf_counter() - start


if __name__ == "__main__":
    for row in run():
        print(*row)
