"""Opening the room in the middle of a drill of 5,000 events, and all 500 at once."""

import time
from statistics import median

from tests.benchmarks.room import Row
from tests.support.browsers import Caller, Loop, get
from tests.support.serving import Served, a_room

EVENTS, ROUNDS, PEOPLE = 5_000, 15, 500


def run() -> list[Row]:
    """(label, figure, limit, detail)."""
    with a_room(people=PEOPLE, events=EVENTS) as served:
        pages = [
            ("the room, as a player", "p3", f"/d/{served.drill}"),
            ("the console, as the facilitator", "facilitator", f"/d/{served.drill}"),
            ("the same as data", "p3", f"/api/drills/{served.drill}"),
        ]
        return [_opened(served, *page) for page in pages]


def _opened(served: Served, label: str, who: str, path: str) -> Row:
    loop, caller = Loop(), Caller(served.port)
    loop.add(caller)
    times: list[float] = []
    size = 0
    for _ in range(ROUNDS):
        status, body, taken = caller.asked_for(loop, get(path, served.header(who)))
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}")
        times.append(taken / 1e6)
        size = len(body)
        time.sleep(0.05)
    loop.close()
    detail = f"median of {ROUNDS}, first {times[0]:.0f}, worst {max(times):.0f} ms, {size / 1000:,.0f} kB"
    return (f"opening {label}, {EVENTS:,} events, ms", median(times), 150.0, detail)


if __name__ == "__main__":
    for row in run():
        print(*row)
