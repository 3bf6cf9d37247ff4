"""Acts at a steady rate from many members, whether the server keeps up or not."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.browsers import Caller, Loop, post
from tests.support.serving import Served

__all__ = ["Acts", "act_at"]


@dataclass
class Acts:
    """What became of them."""

    late: list[float] = field(default_factory=list)
    """Milliseconds from the moment an act was meant for until its answer came."""
    answers: dict[int, int] = field(default_factory=dict)
    """How many answers there were of each status; 0 is a connection that broke."""


def act_at(
    served: Served,
    loop: Loop,
    rate: float,
    seconds: float,
    connections: int = 64,
    members: int = 200,
    tick: Callable[[], None] | None = None,
) -> Acts:
    """Let members act, so many times a second for so long. Nobody waits for anybody else's answer."""
    callers = [Caller(served.port) for _ in range(connections)]
    for caller in callers:
        loop.add(caller)
    free, done = list(callers), Acts()
    headers = [served.header(f"p{number}") for number in range(min(members, served.wanted.people))]
    path = f"/api/drills/{served.drill}/acts"
    total, number, start = int(rate * seconds), 0, time.monotonic_ns()
    run = f"{start:x}"

    def ask(caller: Caller, number: int, meant: int) -> None:
        def answered(status: int, _: bytes, __: int) -> None:
            done.late.append((time.monotonic_ns() - meant) / 1e6)
            done.answers[status] = done.answers.get(status, 0) + 1
            free.append(caller)

        body = {"id": f"{run}-{number}", "say": f"act {number}: the error rate is still falling, now at 12 %"}
        caller.ask(post(path, headers[number % len(headers)], body), answered)

    while len(done.late) < total and time.monotonic_ns() - start < (seconds + 20) * 1e9:
        now = time.monotonic_ns()
        while number < total and free:
            meant = start + int(number * 1e9 / rate)
            if meant > now:
                break
            ask(free.pop(), number, meant)
            number += 1
        ahead = (start + number * 1e9 / rate - time.monotonic_ns()) / 1e9 if number < total and free else 0.02
        loop.turn(max(0.0, min(ahead, 0.02)))
        if tick is not None:
            tick()
    for caller in callers:
        loop.drop(caller)
    return done
