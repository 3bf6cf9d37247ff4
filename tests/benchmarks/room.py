"""One act to all browsers of a room, against a raw TCP broadcast of the same bytes to the same number of connections.

Real HTTP through uvicorn in a process of its own; the browsers are held by this one, and so are the peer's connections.
A round is one act and one broadcast: the time until 99 of 100 have each, and then the median of all rounds.
"""

import subprocess
import sys
import time
from statistics import median
from typing import NamedTuple

from tests.support.browsers import Browser, Caller, Loop, percentile, post, stream_request
from tests.support.serving import ROOT, Served, a_room

__all__ = ["Row", "browsers_of", "run", "settle"]

Row = tuple[str, float, float | None, str]
ROUNDS, WARM = 41, 5
NOWHERE = 10**6
"""A place behind every log: nothing was missed."""


class Times(NamedTuple):
    """Of each round, when 99 of 100 had it, in milliseconds."""

    asked: list[float]
    """From asking for it."""
    told: list[float]
    """From the moment at which it was stored and could be told."""


def run() -> list[Row]:
    """(label, figure, limit, detail)."""
    return [*one_act(500), *one_act(2000)]


def one_act(count: int) -> list[Row]:
    """The figures for so many browsers."""
    with a_room(people=min(count, 500)) as served:
        loop = Loop()
        before = served.resident
        browsers = browsers_of(served, loop, count)
        held = (served.resident - before) / count / 1000
        ours, theirs, size = _side_by_side(served, loop, browsers)
        loop.close()
    told, asked, raw = median(ours.told), median(ours.asked), median(theirs.asked)
    return [
        (
            f"one act to {count} browsers / raw TCP, from the commit",
            told / raw,
            1.4,
            f"p99 {told:.1f} ms against {raw:.1f} ms, {size} bytes each",
        ),
        (
            f"one act to {count} browsers / raw TCP, from the request",
            asked / raw,
            None,
            f"p99 {asked:.1f} ms: request, engine and commit are part of it",
        ),
        (f"memory of one of {count} connections, kB", held, 16.0, "resident, in the server"),
    ]


def browsers_of(served: Served, loop: Loop, count: int) -> list[Browser]:
    """So many browsers of the members, each with its stream."""
    members = [who for who in served.cookies if who.startswith("p")]
    browsers = []
    for number in range(count):
        cookie = served.header(members[number % len(members)])
        browser = Browser(served.port, stream_request(served.drill, cookie, NOWHERE))
        loop.add(browser)
        browsers.append(browser)
        if number % 50 == 0:
            loop.turn(0)
    loop.run(lambda: all(browser.last for browser in browsers), 60)
    settle(loop, browsers)
    return browsers


def settle(loop: Loop, browsers: list[Browser]) -> None:
    """Wait until it is told who is here, and nothing has come to most of them for a while."""
    loop.run(lambda: time.monotonic_ns() - median(browser.last for browser in browsers) > 1e9, 30)


def _side_by_side(served: Served, loop: Loop, browsers: list[Browser]) -> tuple[Times, Times, int]:
    raw = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.broadcast"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with raw:
        assert raw.stdout is not None
        port = int(raw.stdout.readline())
        listeners = [Browser(port, b"") for _ in browsers]
        for listener in listeners:
            loop.add(listener)
        caller = Caller(served.port)
        loop.add(caller)
        time.sleep(0.2)
        ours, theirs, size = Times([], []), Times([], []), 0
        for number in range(WARM + ROUNDS):
            size = _act(loop, served, caller, browsers, number, ours)
            _broadcast(loop, listeners, number, size, theirs)
        raw.kill()
    return Times(ours.asked[WARM:], ours.told[WARM:]), Times(theirs.asked[WARM:], []), size


def _act(loop: Loop, served: Served, caller: Caller, browsers: list[Browser], number: int, into: Times) -> int:
    """One act; how many bytes it sent to each."""
    word = f"word-{number:04}-"
    for browser in browsers:
        browser.look_for(word.encode())
    before = browsers[0].bytes
    answers: list[int] = []
    request = post(
        f"/api/drills/{served.drill}/acts",
        served.header(f"p{number % 50}"),
        {"id": word, "say": word.ljust(80, "x")},
    )
    asked = time.monotonic_ns()
    caller.ask(request, lambda status, _, __: answers.append(status))
    if not loop.run(lambda: bool(answers) and all(browser.found for browser in browsers), 20):
        missing = sum(not browser.found for browser in browsers)
        raise RuntimeError(f"an act did not reach {missing} browsers; it was answered {answers}")
    told = max(served.ask("told").values())
    into.asked.append(percentile([(browser.found - asked) / 1e6 for browser in browsers], 0.99))
    into.told.append(percentile([(browser.found - told) / 1e6 for browser in browsers], 0.99))
    return browsers[0].bytes - before


def _broadcast(loop: Loop, listeners: list[Browser], number: int, size: int, into: Times) -> None:
    word = f"word-{number:04}-".encode()
    for listener in listeners:
        listener.look_for(word)
    asked = time.monotonic_ns()
    listeners[0].sock.send(b"%d %s" % (size, word))
    loop.run(lambda: all(listener.found for listener in listeners), 20)
    into.asked.append(percentile([(listener.found - asked) / 1e6 for listener in listeners], 0.99))


if __name__ == "__main__":
    for row in one_act(int(sys.argv[1])):
        print(*row)
