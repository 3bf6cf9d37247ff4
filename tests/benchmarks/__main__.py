"""Run every benchmark and print a line for each figure: what, ratio, limit, detail.

`python -m tests.benchmarks` runs all, `python -m tests.benchmarks loader` those named. A figure is a ratio measured
side by side in one run, so it says the same on a slow machine as on a fast one. Nothing here fails: read it.
`--against FOLDER` runs them in another checkout too, in turns; see `against`.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.against import LINE, compare

MODULES = (
    "loader",
    "checks",
    "engine",
    "score",
    "calibration",
    "charts",
    "startup",
    "serving",
    "room",
    "lateness",
    "acts",
    "author",
    "opening",
    "home",
    "history",
    "team",
    "survival",
    "schedule",
    "servers",
)


def main(wanted: list[str]) -> None:
    """Print the figures of these benchmarks, or of all."""
    other = None
    if wanted[:1] == ["--against"]:
        other, wanted = Path(wanted[1]), wanted[2:]
    unknown = sorted(set(wanted) - set(MODULES))
    if unknown:
        sys.exit(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(MODULES)}")
    if other is not None:
        compare(other, wanted or list(MODULES))
        return
    for name in wanted or MODULES:
        if find_spec(f"tests.benchmarks.{name}") is None:
            continue
        for label, ratio, limit, detail in import_module(f"tests.benchmarks.{name}").run():
            bound = "" if limit is None else f"limit {limit:.2f}"
            print(LINE.format(name=name, label=label, ratio=ratio, bound=bound, detail=detail), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
