"""Headless plays beside a server: in processes of their own, one at a time, and none that outlives what it is for."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from drills.live.headless_player import HeadlessPlayer, Play
from drills.planning import headless_play
from simulator.plan import DrillPlan
from tests.drills.processes import SLOW, gone, until
from tests.support import library_plan

ENDLESS = [sys.executable, "-c", "import sys, time; sys.stdin.readline(); time.sleep(600)"]


@pytest.fixture
def plan() -> DrillPlan:
    return library_plan("no-photos", 1, "good")


def process_of(play: Play) -> "subprocess.Popen[bytes]":
    until(lambda: play.process is not None)
    assert play.process is not None
    return play.process


@pytest.fixture
def endless() -> Iterator[HeadlessPlayer]:
    with closing(HeadlessPlayer(command=ENDLESS)) as player:
        yield player


def test_a_play_is_made_once_for_each_content_at_the_lowest_priority(plan: DrillPlan) -> None:
    told = Event()
    with closing(HeadlessPlayer(told.set)) as player:
        play = player.ask("no-photos", plan)
        process = process_of(play)
        until(lambda: play.over or os.getpriority(os.PRIO_PROCESS, process.pid) == headless_play.LEAST_URGENT)
        until(lambda: play.over)
        assert play.failed == ""
        assert play.findings is not None
        assert play.findings == headless_play.headless(plan), "it plays what it was given, as anybody would here"
        assert told.is_set()
        assert player.ask("no-photos", plan) is play
        assert player.ask("a-copy", plan) is play


def test_newer_content_ends_the_play_of_the_older_and_others_wait_for_their_turn(
    plan: DrillPlan, endless: HeadlessPlayer
) -> None:
    first = endless.ask("one", plan)
    process = process_of(first)
    other = endless.ask("other", plan.model_copy(update={"seed": 2}))
    assert not other.begun, "one at a time"
    newer = endless.ask("one", plan.model_copy(update={"seed": 3}))
    assert process.wait(SLOW) == -signal.SIGKILL
    until(lambda: other.begun)
    assert not newer.begun
    again = endless.ask("one", plan)
    assert again is not first, "what was ended is played again if its content comes back"


def test_no_process_outlives_the_player(plan: DrillPlan, endless: HeadlessPlayer) -> None:
    process = process_of(endless.ask("one", plan))
    endless.close()
    assert process.wait(SLOW) == -signal.SIGKILL
    assert endless.ask("two", plan.model_copy(update={"seed": 2})).failed == "The server is ending."


def test_no_process_outlives_a_server_that_is_killed(plan: DrillPlan, tmp_path: Path) -> None:
    """Whoever plays for a long time ends when its standard input does, which it does however a server ends."""
    (tmp_path / "plan.json").write_text(plan.model_dump_json(by_alias=True, exclude_none=True))
    server = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-P', '-c', {_SLOW!r}], stdin=subprocess.PIPE)\n"
        f"child.stdin.write(open({str(tmp_path / 'plan.json')!r}, 'rb').read() + b'\\n')\n"
        "child.stdin.flush()\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", server], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert not gone(child)
        process.kill()
        until(lambda: gone(child))


_SLOW = """
import time
from drills.planning import headless_play
headless_play.headless = lambda plan: time.sleep(600)
headless_play._main()
"""


def test_a_play_that_goes_on_for_ever_is_stopped_and_says_so(plan: DrillPlan) -> None:
    forever = (
        "from drills.planning import headless_play\n"
        "headless_play.MOST_SECONDS = 1\n"
        "def spin(plan):\n    while True: pass\n"
        "headless_play.headless = spin\n"
        "headless_play._main()\n"
    )
    with closing(HeadlessPlayer(command=[sys.executable, "-P", "-c", forever])) as player:
        play = player.ask("forever", plan)
        until(lambda: play.over)
        assert "it plays too long, or forever" in play.failed


def test_a_process_that_breaks_is_named_and_stops_nobody_else(plan: DrillPlan) -> None:
    with closing(HeadlessPlayer(command=[sys.executable, "-c", "raise SystemExit(3)"])) as player:
        play = player.ask("broken", plan)
        until(lambda: play.over)
        assert play.failed == "The process that played it ended with 3 and found nothing."
    with closing(HeadlessPlayer(command=["/nowhere/at/all"])) as player:
        play = player.ask("broken", plan)
        until(lambda: play.over)
        assert play.failed == "It could not be played: no such file or directory."
