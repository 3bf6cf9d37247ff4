"""The same benchmarks in this checkout and in another one, in turns, in one run.

`python -m tests.benchmarks --against FOLDER acts room` asks the other checkout's own environment (FOLDER/.venv) for its
figures, between two runs of ours, so that a machine that grows busy meets both. It prints the median of each side's
figures and their ratio.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median

__all__ = ["LINE", "compare"]

LINE = "{name:8} {label:58} {ratio:6.2f}  {bound:10}  {detail}"
"""How a figure is printed, and how the other checkout's are read."""
_LABEL = slice(9, 67)
ROUNDS = 3
Figures = dict[str, list[float]]


def compare(other: Path, names: list[str]) -> None:
    """Print, for each figure that both have, ours against theirs."""
    python = other.resolve() / ".venv" / "bin" / "python"
    if not python.exists():
        sys.exit(f"{other} has no environment of its own; run `make .venv/.ready` there")
    here = Path(__file__).parents[2]
    for name in names:
        ours: Figures = {}
        theirs: Figures = {}
        for _ in range(ROUNDS):
            _ask(theirs, python, other, name)
            _ask(ours, Path(sys.executable), here, name)
        for label in ours:
            if label in theirs:
                mine, before = median(ours[label]), median(theirs[label])
                ratio = mine / before if before else float("nan")
                spread = ", ".join(f"{one:.2f}" for one in sorted(ours[label]))
                print(f"{name:8} {label:58} {mine:8.2f} against {before:8.2f}: {ratio:5.2f}  ({spread})", flush=True)


def _ask(found: Figures, python: Path, folder: Path, name: str) -> None:
    asked = [str(python), "-m", "tests.benchmarks", name]
    answer = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True)
    for line in answer.stdout.splitlines():
        label, rest = line[_LABEL].strip(), line[_LABEL.stop :].split()
        found.setdefault(label, []).append(float(rest[0]))
