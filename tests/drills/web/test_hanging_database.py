"""PostgreSQL whose processes hang under a running server: people are told, drill time waits, and nothing is lost."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from drills.records import database
from drills.records.future import SILENT
from drills.records.store import StoreError
from simulator import events as ev
from simulator.syntax import parse
from tests.drills.server import Place, known_people, serving

PATIENCE = 2.0
"""Seconds, where it is 8 for people."""


class Hanging:
    """A PostgreSQL server that can be made to hang: neither old nor new connections get an answer."""

    def __init__(self, url: str) -> None:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            asked = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"
            self._postmaster = int(str(connection.exec_driver_sql(asked).scalar()))
            self._database = str(connection.exec_driver_sql("SELECT current_database()").scalar())
        self._engine = engine

    @contextmanager
    def hangs(self) -> Iterator[None]:
        """Everything in it hangs meanwhile."""
        with self._engine.connect() as connection:
            asked = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()")
            backends = [int(pid) for pid in connection.execute(asked, {"name": self._database}).scalars()]
        assert backends
        stopped = [self._postmaster, *backends]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def hanging(postgresql: str) -> Iterator[Hanging]:
    found = Hanging(postgresql)
    yield found
    found.close()


@pytest.fixture
def place(tmp_path: Path, postgresql: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(database, "SILENT_SECONDS", PATIENCE)
    monkeypatch.setattr("drills.web.server.SILENT_SECONDS", PATIENCE)
    known_people(postgresql)
    with serving(tmp_path, database=postgresql) as found:
        yield found


def test_a_database_that_hangs_stops_drill_time_and_acts_and_loses_nothing(place: Place, hanging: Hanging) -> None:
    owner = place.owner()
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "before")
    live = place.live(drill)
    with hanging.hangs():
        with pytest.raises(StoreError) as refused:  # an act that had come so far as to be stored
            place.run(live.act(parse("/note meanwhile", "facilitator", "meanwhile")))
        assert str(refused.value) == SILENT
        stood = live.at
        for text in ("one", "two"):
            answer = ana.say(drill, text)
            assert (answer.status_code, answer.json()) == (503, {"error": SILENT})
        health = owner.get("/health")
        assert (health.status_code, health.json()["fault"]) == (503, SILENT)
        assert live.at == stood
    place.until(lambda: live.fault is None)
    ana.does(drill, "after")
    events = list(live.events)
    resumed = next(event for event in events if isinstance(event, ev.DrillResumed))
    assert resumed.at == stood
    assert resumed.paused_ms >= PATIENCE * 1000
    said = [event.text for event in events if isinstance(event, ev.MessagePosted) and event.actor == "ana"]
    assert said == ["before", "after"], "what was refused has not happened"
    log = place.run(live.log())
    assert list(log.events) == events
    # The first was on its way to the database when that fell silent: it may have been taken, and never twice.
    assert sum(isinstance(event, ev.NoteTaken) for event in events) <= 1
    assert owner.get("/health").status_code == 200
