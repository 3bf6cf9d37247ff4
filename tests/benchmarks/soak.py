"""Hundreds of participants for minutes on end, who listen, act, go and come back: what goes wrong, and what grows.

`python -m tests.benchmarks.soak --minutes 10 --people 500`. Not part of the checks of a change. At the end the streams
of some are compared, event by event, with what the server lets them read.
"""

import argparse
import json
import random
import re
import time
from array import array
from collections import Counter, deque
from dataclasses import dataclass, field
from heapq import heappop, heappush

from tests.benchmarks.lateness import last_event, lateness
from tests.support.browsers import Caller, Loop, connected, get, percentile, post, stream_request
from tests.support.serving import Served, a_room

ACTS_EVERY, STAYS, AWAY = 25.0, 180.0, (0.5, 6.0)
"""Seconds from one act of somebody to their next, for which they stay, and for which they are gone; the first two on
average."""
INJECTS_EVERY = 500
"""Milliseconds."""
COMPARED, CONNECTIONS = 25, 64
SAYS = (
    "the error rate is still falling, now at 12 %",
    "who looks at the token store?",
    "I have the logs of the session service open; nothing since 14:02 but time-outs",
    "/log restarted the second instance",
    "/log deployed v411 to the canary",
    "/update we know the cause and are rolling back",
    "/ask is the database slow?",
    "/do read the logs of the login service",
    "/draft We are looking into problems with signing in. next 20m",
    "/role solutioneer",
    "/release",
)
MAIL = ("InjectDelivered", "CustomerWrote")
_PLACE = re.compile(rb"^id: (\d+)$", re.MULTILINE)


@dataclass
class Found:
    """What went wrong, and how long things took."""

    errors: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)
    """Milliseconds from an act to its answer."""
    pages: list[float] = field(default_factory=list)
    returns: int = 0


class Participant:
    """Somebody at a browser."""

    def __init__(self, served: Served, loop: Loop, who: str, found: Found) -> None:
        self.who = who
        self.got = array("I")
        """The places of all events that came."""
        self.here = False
        self._served, self._loop, self._found = served, loop, found
        self._tail = b""

    @property
    def last(self) -> int:
        """The last event that came."""
        return self.got[-1] if self.got else -1

    def come(self, after: int | None = None) -> None:
        """Open the stream, behind what one has."""
        self.sock = connected(self._served.port)
        header = self._served.header(self.who)
        self.sock.send(stream_request(self._served.drill, header, self.last if after is None else after))
        self._loop.add(self)
        self._tail = b""
        self.here = True

    def go(self) -> None:
        """Be gone, as a browser whose laptop is shut."""
        self.here = False
        self._loop.drop(self)

    def came(self, data: bytes, _: int) -> None:
        """Note which events came; each must lie behind the one before."""
        if not data:
            if self.here:
                self._found.errors["a stream ended"] += 1
                self.here = False
            return
        whole, split, rest = (self._tail + data).rpartition(b"\n\n")
        self._tail = rest if split else self._tail + data
        for place in _PLACE.findall(whole):
            seq = int(place)
            if self.got and seq <= self.got[-1]:
                self._found.errors["an event came twice or out of order"] += 1
            self.got.append(seq)


class Soak:
    """The whole crowd."""

    def __init__(self, served: Served, loop: Loop, people: int) -> None:
        self.served, self.loop = served, loop
        self.found = Found()
        self.chance = random.Random(1)  # noqa: S311 - a load, no secret
        self.people = [Participant(served, loop, f"p{number}", self.found) for number in range(people)]
        self.free: deque[Caller] = deque()
        for _ in range(CONNECTIONS):
            self.free.append(self._connected())
        self.agenda: list[tuple[float, int, str, Participant]] = []
        self.count = 0

    def run(self, minutes: float) -> None:
        """Let them all come, and go on for so long."""
        start = last_event(self.served.wanted.database)
        for person in self.people:
            person.come(start)
            self.loop.turn(0)
        self.loop.run(lambda: all(person.here for person in self.people), 30)
        now = time.monotonic()
        for person in self.people:
            self._later(person, "act", now, ACTS_EVERY)
            self._later(person, "go", now, STAYS)
        end, report = now + minutes * 60, now + 30
        print(f"{len(self.people)} are here; the server holds {self.served.resident / 1e6:.0f} MB", flush=True)
        begin_memory = self.served.resident
        while (now := time.monotonic()) < end:
            while self.agenda and self.agenda[0][0] <= now and self.free:
                self._do(*heappop(self.agenda)[2:])
            self.loop.turn(0.01)
            if now >= report:
                report += 30
                self._say(end - now)
        self._finish(start, begin_memory)

    def _connected(self) -> Caller:
        caller = Caller(self.served.port)
        self.loop.add(caller)
        return caller

    def _caller(self) -> Caller:
        """A connection that is free; the one that was idle for longest."""
        caller = self.free.popleft()
        return self._connected() if caller.gone else caller

    def _later(self, person: Participant, what: str, now: float, mean: float) -> None:
        self.count += 1
        heappush(self.agenda, (now + self.chance.expovariate(1 / mean), self.count, what, person))

    def _do(self, what: str, person: Participant) -> None:
        now = time.monotonic()
        if what == "act":
            self._act(person)
            self._later(person, "act", now, ACTS_EVERY)
        elif what == "go" and person.here:
            person.go()
            self.count += 1
            heappush(self.agenda, (now + self.chance.uniform(*AWAY), self.count, "come", person))
        elif what in ("come", "go"):
            self.found.returns += 1
            person.come()
            if self.chance.random() < 0.25:
                self._open_page(person)
            self._later(person, "go", now, STAYS)

    def _act(self, person: Participant) -> None:
        caller = self._caller()
        self.count += 1
        body = {"id": f"soak-{self.count}", "say": self.chance.choice(SAYS)}

        def answered(status: int, _: bytes, taken: int) -> None:
            self.found.late.append(taken / 1e6)
            self.found.answers[status] += 1
            if status not in (200, 409):
                self.found.errors[f"an act was answered {status}"] += 1
            self.free.append(caller)

        path = f"/api/drills/{self.served.drill}/acts"
        caller.ask(post(path, self.served.header(person.who), body), answered)

    def _open_page(self, person: Participant) -> None:
        if not self.free:
            return
        caller = self._caller()

        def answered(status: int, _: bytes, taken: int) -> None:
            self.found.pages.append(taken / 1e6)
            if status != 200:
                self.found.errors[f"a page was answered {status}"] += 1
            self.free.append(caller)

        caller.ask(get(f"/d/{self.served.drill}", self.served.header(person.who)), answered)

    def _say(self, left: float) -> None:
        found = self.found
        here = sum(person.here for person in self.people)
        print(
            f"{left / 60:4.1f} min left, {here} here, {sum(found.answers.values())} acts, "
            f"p99 {percentile(found.late[-600:] or [0], 0.99):.0f} ms of the last 600, {found.returns} came back, "
            f"{self.served.resident / 1e6:.0f} MB, errors {dict(found.errors)}",
            flush=True,
        )

    def _finish(self, start: int, begin_memory: int) -> None:
        self.loop.run(lambda: len(self.free) == CONNECTIONS, 30)
        for person in self.people:
            if not person.here:
                person.come()
        last = last_event(self.served.wanted.database)
        self.loop.run(lambda: all(person.last >= last - 20 for person in self.people), 30)
        self.loop.run(lambda: False, 2)
        for person in self.chance.sample(self.people, min(COMPARED, len(self.people))):
            path = f"/api/drills/{self.served.drill}/events?after={start}"
            _, body, _ = self._connected().asked_for(self.loop, get(path, self.served.header(person.who)))
            read = json.loads(body)["events"]
            # Mail for a role is read again by later holders of the role; no stream had sent it to them.
            again = {event["seq"] for event in read if event["kind"] in MAIL and person.who not in event["recipients"]}
            allowed = [event["seq"] for event in read if event["seq"] not in again]
            got = [seq for seq in person.got if seq not in again]
            if allowed[: len(got)] != got or len(allowed) - len(got) > 20:
                self.found.errors["a stream was not what may be read"] += 1
        events = last - start
        grown = self.served.resident - begin_memory
        late = lateness(self.served.wanted.database, start)
        found = self.found
        print(f"errors:         {dict(found.errors) or 'none'}")
        print(f"acts:           {sum(found.answers.values())}, answered {dict(found.answers)}")
        print(f"act latency:    p50 {percentile(found.late, 0.5):.0f} ms, p99 {percentile(found.late, 0.99):.0f} ms")
        print(f"pages:          {len(found.pages)}, p99 {percentile(found.pages or [0], 0.99):.0f} ms")
        print(f"came back:      {found.returns}")
        print(
            f"inject lateness: p50 {percentile(late, 0.5):.0f} ms, p99 {percentile(late, 0.99):.0f} ms of {len(late)}"
        )
        each = grown / max(1, events)
        print(f"memory:         grew by {grown / 1e6:.1f} MB over {events} events, {each:,.0f} bytes each")
        print(f"processor:      {self.served.worked:.0f} s in all")


def main() -> None:
    """Read what is wanted, and let them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description="Many people, for a while.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=500)
    asked = parser.parse_args()
    injects = int((asked.minutes + 5) * 60_000 / INJECTS_EVERY)
    with a_room(people=asked.people, injects=injects, every=INJECTS_EVERY, first=1_000) as served, Loop() as loop:
        Soak(served, loop, asked.people).run(asked.minutes)


if __name__ == "__main__":
    main()
