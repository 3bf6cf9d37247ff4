"""How late an inject comes, with 1,000 browsers and 50 acts a second: `at` less `due`, as the log has them.

A process that only sleeps and wakes up, on the same machine at the same time, says how late the machine itself is.
"""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from statistics import median

from tests.benchmarks.room import Row, browsers_of
from tests.support.browsers import Loop, percentile
from tests.support.load import act_at
from tests.support.serving import a_room

__all__ = ["lateness", "run"]

BROWSERS, RATE, SECONDS = 1_000, 50, 12.0
INJECTS, EVERY = 2_000, 53
SLEEPER = """
import time
late = []
end = time.monotonic() + {seconds}
while time.monotonic() < end:
    due = time.monotonic() + 0.053
    time.sleep(0.053)
    late.append((time.monotonic() - due) * 1000)
print(sorted(late)[int(len(late) * 0.99)])
"""


def run() -> list[Row]:
    """(label, figure, limit, detail)."""
    with a_room(people=500, injects=INJECTS, every=EVERY, first=1_000) as served:
        loop = Loop()
        browsers_of(served, loop, BROWSERS)
        before = last_event(served.wanted.database)
        sleeper = [sys.executable, "-c", SLEEPER.format(seconds=SECONDS)]
        with subprocess.Popen(sleeper, stdout=subprocess.PIPE) as machine:
            acts = act_at(served, loop, RATE, SECONDS)
            assert machine.stdout is not None
            floor = float(machine.stdout.read())
        loop.close()
        late = lateness(served.wanted.database, before)
    worst = percentile(late, 0.99)
    return [
        (
            f"an inject's lateness, {BROWSERS:,} browsers, {RATE} acts/s, ms",
            worst,
            5.0,
            f"p99 of {len(late)}, median {median(late):.0f}; a bare sleeper beside it p99 {floor:.1f}; "
            f"acts p99 {percentile(acts.late, 0.99):.0f} ms, answered {acts.answers}",
        )
    ]


def last_event(database: str) -> int:
    """The place of the last event that is stored."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT max(seq) FROM events").fetchone()[0])


def lateness(database: str, after: int) -> list[int]:
    """How late each inject behind a place came, in milliseconds."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT data FROM events WHERE seq > ? ORDER BY seq", (after,)).fetchall()
    events = [json.loads(data) for (data,) in found]
    return [event["at"] - event["due"] for event in events if event["kind"] == "InjectDelivered"]


if __name__ == "__main__":
    for row in run():
        print(*row)
