"""A team's page at the server, with 500 and with 5,000 drills: the first time it is asked for, and after that.

There is no peer; processor time, so that others on the machine count little.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

from drills.records.store import Store
from drills.web.team_desk import Query, TeamDesk
from scoring.history.figures import figures_of
from tests.benchmarks.history import a_log, fill

Row = tuple[str, float, float | None, str]
COLD, WARM = {500: 2.0}, {500: 0.1, 5_000: 0.3}
"""Seconds, by the number of drills."""


def run() -> list[Row]:
    """The page as it is asked for first, and the median of further ones."""
    rows: list[Row] = []
    figures = figures_of(a_log())
    for many in WARM:
        with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
            store = Store(Path(folder) / "drills.sqlite")
            fill(store, figures, many=many, teams=1)
            cold, *warm = asyncio.run(_pages(store))
            store.close()
        if many in COLD:
            rows.append((f"a team's page of {many:,} drills, made", cold / COLD[many], 1.0, f"at most; {cold:.2f} s"))
        again = median(warm)
        rows.append((f"a team's page of {many:,} drills, again", again / WARM[many], 1.0, f"{again * 1e3:.0f} ms"))
    return rows


async def _pages(store: Store) -> list[float]:
    desk, found = TeamDesk(store), []
    for _ in range(6):
        before = time.process_time()
        await desk.page(Query(), None)
        found.append(time.process_time() - before)
    return found
