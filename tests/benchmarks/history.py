"""A history of a hundred thousand drills from a database against NumPy over SQLite, and what a page of one team takes.

The peer reads eight numbers a drill from a table of nothing else, and makes columns of them. It knows no team, tells
nobody apart and checks no hash. Processor time, because both sides only compute.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec
import numpy as np
import sqlalchemy as sa
from msgspec.structs import replace

from drills.planning.rehearsal import rehearse
from drills.planning.setup import Setup, people_of, plan_of
from drills.records import history
from drills.records.schema import DRILLS, FIGURES, HISTORY
from drills.records.store import Store
from scoring.history import VERSION
from scoring.history.figures import Figures, figures_of
from scoring.history.order import placed
from scoring.history.outline import outline_of
from scoring.history.selection import Filters
from scoring.scorecard import RULES
from simulator.log import DrillLog

Row = tuple[str, float, float | None, str]
MANY, TEAMS, ROUNDS = 100_000, 200, 5
WITHIN = 0.3
"""Seconds for a hundred thousand drills."""
_EPOCH = datetime(2016, 1, 1, tzinfo=UTC)


def run() -> list[Row]:
    """Medians of several rounds, the peers in turns."""
    log = a_log()
    with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
        store, peer = Store(Path(folder) / "drills.sqlite"), Path(folder) / "peer.sqlite"
        fill(store, figures_of(log))
        _fill_peer(peer)
        ours, theirs = _turns(
            lambda: store.read(
                lambda connection: placed(history.outlines(connection, RULES), datetime.now(UTC))
            ).result(),
            lambda: _peer(peer),
        )
        rows: list[Row] = [
            (
                f"a history of {MANY:,} drills, in order and told apart",
                ours / WITHIN,
                1.0,
                f"at most; {ours:.2f} s of {WITHIN} s; {ours / theirs:.1f} times NumPy over SQLite ({theirs:.2f} s)",
            )
        ]
        (one,) = _turns(lambda: store.read(lambda c: history.read(c, RULES, Filters(team="team-0"))).result())
        rows.append((f"figures of the {MANY // TEAMS} drills of a team among them", one / WITHIN, 1.0, f"{one:.2f} s"))
        store.close()
    return rows


def a_log() -> DrillLog:
    """A whole drill."""
    plan = plan_of(Setup("login-outage", people_of("", 6), 7), "drill-0", datetime(2026, 3, 3, 15, tzinfo=UTC))
    return rehearse(plan).log


def fill(store: Store, of: Figures, many: int = MANY, teams: int = TEAMS) -> None:
    """A database whose history has so many drills, each of six of the ten people in its team."""
    chance = random.Random(1)  # noqa: S311 - it only has to be the same each time
    rows, figures = [], []
    shown = msgspec.json.encode(replace(of, obligations=[])).decode()
    owed = msgspec.json.encode(of.obligations).decode()
    for number in range(many):
        team = number % teams
        people = sorted(chance.sample(range(10), 6))
        start = datetime.fromtimestamp(_EPOCH.timestamp() + chance.randrange(3 * 10**8), UTC)
        row = replace(of.drill, drill=f"{number:032x}", head=f"{number:064x}", team=f"team-{team}", kind="drill")
        row = replace(row, start=start.isoformat(), date=start.date().isoformat(), scenario=f"scenario-{number % 7}")
        crew = replace(of.crew, persons=[f"{team:016x}{one:016x}" for one in people])
        over = datetime.fromtimestamp(start.timestamp() + 1800, UTC).isoformat()
        outline = outline_of(replace(of, drill=row, crew=crew, responded=over))
        made = {
            "log": row.head,
            "head": row.head,
            "rubric": row.rubric,
            "rules": RULES,
            "version": VERSION,
            "team": row.team,
        }
        rows.append({**outline._asdict(), **made})
        if not team:  # the figures of the others are never read
            figures.append({"drill": row.drill, "figures": shown, "obligations": owed})

    def work(connection: sa.Connection) -> None:
        connection.execute(HISTORY.insert(), rows)
        connection.execute(FIGURES.insert(), figures)
        connection.execute(
            DRILLS.insert(),
            [{"id": one["drill"], "kind": "drill", "state": "closed", "made": "", "setup": ""} for one in rows],
        )

    store.submit(work).result()


def _fill_peer(path: Path) -> None:
    chance = random.Random(1)  # noqa: S311
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE drills (a, b, c, d, e, f, g, h)")
        rows = [[chance.random() for _ in range(8)] for _ in range(MANY)]
        connection.executemany("INSERT INTO drills VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _peer(path: Path) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return [np.array(column) for column in zip(*connection.execute("SELECT * FROM drills").fetchall(), strict=True)]


def _turns(*sides: Callable[[], object]) -> list[float]:
    """The median processor seconds of each, in turns."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(ROUNDS):
        for side, mine in zip(sides, times, strict=True):
            began = time.process_time()
            side()
            mine.append(time.process_time() - began)
    return [median(mine) for mine in times]


if __name__ == "__main__":
    for row in run():
        print(*row)
