"""Run every benchmark and print a line for each figure: what, ratio, limit, detail.

`python -m tests.benchmarks` runs all, `python -m tests.benchmarks loader` those named. A figure is a ratio measured
side by side in one run, so it says the same on a slow machine as on a fast one. Nothing here fails: read it.
"""

import sys
from importlib import import_module
from importlib.util import find_spec

MODULES = ("loader", "engine", "score", "charts", "startup", "serving", "room", "lateness", "acts", "opening")


def main(wanted: list[str]) -> None:
    """Print the figures of these benchmarks, or of all."""
    unknown = sorted(set(wanted) - set(MODULES))
    if unknown:
        sys.exit(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(MODULES)}")
    for name in wanted or MODULES:
        if find_spec(f"tests.benchmarks.{name}") is None:
            continue
        for label, ratio, limit, detail in import_module(f"tests.benchmarks.{name}").run():
            bound = "" if limit is None else f"limit {limit:.2f}"
            print(f"{name:8} {label:58} {ratio:6.2f}  {bound:10}  {detail}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
