"""Shares over time of a hundred thousand people against lifelines, which has an environment of its own.

`LIFELINES` in the environment names a Python that has it; without it, one is made, which takes a minute.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from scoring.statistics.survival import Seen, cumulative_incidence, done_by

Row = tuple[str, float, float | None, str]
MANY, ROUNDS, UNTIL = 100_000, 5, 3_600
_THEIRS = """
import json, sys, time, warnings
import numpy as np
from lifelines import AalenJohansenFitter, KaplanMeierFitter
warnings.simplefilter("ignore")  # it moves ties apart by chance, and says so
asked = json.load(open(sys.argv[1]))
seconds, how = np.array(asked["seconds"]), np.array(asked["how"])
took = {"Kaplan-Meier": [], "Aalen-Johansen": []}
for _ in range(int(sys.argv[2])):
    before = time.process_time()
    KaplanMeierFitter().fit(seconds, how == 1)
    between = time.process_time()
    AalenJohansenFitter(calculate_variance=False, seed=1).fit(seconds, how, event_of_interest=1)
    took["Kaplan-Meier"].append(between - before)
    took["Aalen-Johansen"].append(time.process_time() - between)
json.dump(took, sys.stdout)
"""


def run() -> list[Row]:
    """Processor time of each estimate, without imports; medians of several rounds."""
    random = np.random.default_rng(1)
    seconds = np.ceil(random.lognormal(4.5, 0.8, MANY)).astype(np.int64)
    seen = Seen(seconds, random.integers(0, 3, MANY).astype(np.int8))
    with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
        python = os.environ.get("LIFELINES") or _made(Path(folder) / "lifelines")
        data = Path(folder) / "data.json"
        data.write_text(json.dumps({"seconds": seen.seconds.tolist(), "how": seen.how.tolist()}))
        asked = [python, "-c", _THEIRS, str(data), str(ROUNDS)]
        took = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    ours: dict[str, Callable[[Seen, int], object]] = {
        "Kaplan-Meier": done_by,
        "Aalen-Johansen": cumulative_incidence,
    }
    rows: list[Row] = []
    for name, estimate in ours.items():
        mine, theirs = _took(estimate, seen), median(took[name])
        detail = f"at least; {mine * 1e3:.2f} ms, lifelines {theirs * 1e3:.0f} ms"
        rows.append((f"{name} of {MANY:,} against lifelines", theirs / mine, 100.0, detail))
    return rows


def _took(estimate: Callable[[Seen, int], object], seen: Seen) -> float:
    found = []
    for _ in range(20 * ROUNDS):
        before = time.process_time()
        estimate(seen, UNTIL)
        found.append(time.process_time() - before)
    return median(found)


def _made(place: Path) -> str:
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, place], check=True)
    python = str(place / "bin" / "python")
    subprocess.run([*uv, "pip", "install", "-q", "--python", python, "lifelines>=0.30"], check=True)
    return python
