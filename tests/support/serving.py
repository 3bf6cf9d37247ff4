"""A server in a process of its own, with a drill that has begun: for tests and benchmarks that load it from outside.

`Served.start(Wanted(...))` starts `python -m tests.support.serving` and waits until requests are answered.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, ClassVar, Self

import msgspec

from drills.live.drill import LiveDrill
from drills.live.rooms import Room
from drills.planning.setup import EVALUATOR, FACILITATOR, Person, Setup, plan_of
from drills.records.store import StoreError
from drills.settings import Settings
from drills.web.names import named
from drills.web.process import serve
from drills.web.server import Server
from drills.web.sessions import COOKIE, EVERY_DRILL
from scenarios.scenario import Inject
from simulator import acts as do
from simulator.acts import Act
from simulator.events import Event
from simulator.plan import DrillPlan
from tests.drills.forked import Forked
from tests.support.databases import database_at
from tests.support.known_people import know

__all__ = ["Served", "Wanted", "a_room", "run"]

ROOT = Path(__file__).parent.parent.parent
_WORDS = (
    "login is slow again for everybody in the Rotterdam office, and the error page now shows up after thirty seconds",
    "I have the logs of the session service open; nothing since 14:02 but time-outs against the token store",
    "deployed v411 to the canary, watching",
    "who talks to the people at checkout?",
)


class Wanted(msgspec.Struct):
    """What the server is to be like when it answers."""

    database: str
    people: int = 12
    knowing: bool = True
    """Whether everybody has been alerted and has come into the channel."""
    events: int = 0
    """How many events the drill has at least."""
    injects: int = 0
    """How many injects come by themselves, beside those of the scenario."""
    first: int = 5_000
    every: int = 100
    """Drill time (milliseconds) of the first of them, and between two."""
    scenario: str = "login-outage"
    port: int = 0
    kept: bool = False
    """Whether the database is there already: then nothing is made, and its drills go on."""


@dataclass
class Served:
    """The server, seen from outside."""

    process: "subprocess.Popen[bytes]"
    wanted: Wanted
    port: int
    drill: str
    cookies: dict[str, str]
    """The cookie of each member, and of `facilitator`, `evaluator`, `observer` and `owner`."""
    _answers: IO[bytes] = field(repr=False)

    @classmethod
    def start(
        cls,
        wanted: Wanted,
        cookies: dict[str, str] | None = None,
        environ: dict[str, str] | None = None,
        *,
        forked: bool = False,
    ) -> Self:
        """Start it. Those who go on with a database say which `cookies` there are.

        What is `forked` has all modules already: it starts at once, and neither its imports nor its memory are its own.
        """
        asked = msgspec.json.encode(wanted).decode()
        how: dict[str, Any] = {"cwd": ROOT, "env": {**os.environ, **(environ or {})}}
        how |= {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process: subprocess.Popen[bytes] = (
            Forked([], first=f"from tests.support import serving\nserving.run({asked!r})\nraise SystemExit", **how)
            if forked
            else subprocess.Popen([sys.executable, "-m", "tests.support.serving", asked], **how)
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the server did not start")
        said = json.loads(line)
        return cls(process, wanted, said["port"], said["drill"], said["cookies"] or cookies or {}, process.stdout)

    def ask(self, what: str) -> Any:  # noqa: ANN401 - what is asked for
        """Ask the process something: see `_answer`."""
        assert self.process.stdin is not None
        self.process.stdin.write(what.encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self._answers.readline())

    def header(self, who: str) -> str:
        """The cookie header by which somebody is known."""
        return f"{COOKIE}={self.cookies[who]}"

    @property
    def resident(self) -> int:
        """How many bytes of memory the process holds."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def worked(self) -> float:
        """Seconds of the processor that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self._end()

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self) -> int:
        code = self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()


@contextmanager
def a_room(*, forked: bool = False, **wanted: Any) -> Iterator[Served]:  # noqa: ANN401 - see Wanted
    """A server with a database of its own, which goes with it."""
    with (
        tempfile.TemporaryDirectory(prefix="drillroom-") as folder,
        Served.start(Wanted(database_at(Path(folder) / "room.sqlite"), **wanted), forked=forked) as served,
    ):
        yield served


# -- inside the process ------------------------------------------------------------------------------------------------


class _Imported:
    """Notes which thread imports something heavy first."""

    heavy = frozenset({"matplotlib", "numpy", "pandas", "scipy", "weasyprint"})
    where: ClassVar[dict[str, str]] = {}

    def find_spec(self, name: str, _path: object, _target: object = None) -> None:
        """Find nothing: somebody else will."""
        if name in self.heavy:
            self.where.setdefault(name, threading.current_thread().name)


class _Told:
    """When listeners were told of events: by their place, on the machine's steady clock, in nanoseconds."""

    def __init__(self) -> None:
        self.moments: dict[int, int] = {}

    def __call__(self, events: Sequence[Event]) -> None:
        now = time.monotonic_ns()
        for event in events:
            self.moments[event.seq] = now


def run(asked: str) -> None:
    """Be the server that is asked for, as JSON, until told to end."""
    try:
        _main(msgspec.json.decode(asked, type=Wanted))
    except StoreError as error:
        sys.exit(str(error))


def _main(wanted: Wanted) -> None:
    settings = Settings(database=wanted.database, host="127.0.0.1", port=wanted.port)
    sys.meta_path.insert(0, _Imported())
    told = _Told()
    tasks: list[asyncio.Task[None]] = []

    def ready(server: Server, _: str) -> None:
        task = asyncio.get_running_loop().create_task(_prepare(server, wanted, told))
        task.add_done_callback(_check)
        tasks.append(task)

    serve(settings, ready, quiet=True)


def _check(task: "asyncio.Task[None]") -> None:
    """End the process if it could not be prepared."""
    if not task.cancelled() and task.exception() is not None:
        task.print_stack()
        os._exit(1)


async def _prepare(server: Server, wanted: Wanted, told: _Told) -> None:
    port = int(server.settings.port)
    if wanted.kept:
        while not server.rooms.all():  # what another held that was killed is taken up once its lease has run out
            await asyncio.sleep(0.02)
        room, cookies = server.rooms.all()[0], dict[str, str]()
    else:
        room, cookies = await _made(server, wanted, told)
    threading.Thread(target=_answer, args=(told,), daemon=True).start()
    print(json.dumps({"port": port, "drill": room.id, "cookies": cookies}), flush=True)  # noqa: T201 - to the parent


def _answer(told: _Told) -> None:
    for line in sys.stdin:
        what = line.strip()
        if what == "told":  # when events could be told, by their place; asked once, then forgotten
            said: object = {str(seq): moment for seq, moment in told.moments.items()}
            told.moments.clear()
        elif what == "imported":  # where each of some heavy libraries was first imported: the name of the thread
            said = _Imported.where
        else:
            said = None
        print(json.dumps(said), flush=True)  # noqa: T201 - to the parent
    os.kill(os.getpid(), signal.SIGTERM)  # the parent has gone


async def _made(server: Server, wanted: Wanted, told: _Told) -> tuple[Room, dict[str, str]]:
    people = [Person(f"p{number}", f"Person {number}") for number in range(wanted.people)]
    await know(server.rooms.store, {person.id: [person.name] for person in people})
    room = await server.rooms.make(Setup(wanted.scenario, people, seed=7))
    await _begin(server, room, wanted)
    live = room.running
    assert live is not None
    live.listeners.insert(0, told)
    members = [person.id for person in people]
    if wanted.knowing:
        await _gathered(live, members)
    if wanted.events:
        await _filled(live, members, wanted.events - len(live.events))
    return room, await _cookies(server, room.id, members)


async def _begin(server: Server, room: Room, wanted: Wanted) -> None:
    """As `Rooms.start` does, with more injects."""
    plan = await asyncio.to_thread(plan_of, room.setup, room.id, datetime.now(UTC))
    scenario = plan.scenario
    reading = Inject.model_validate(
        {
            "id": "more",
            "at": "1s",
            "to": "first_responder",
            "via": "chat",
            "from": "The monitor",
            "text": "The queue is still growing.",
        }
    )
    more = [
        reading.model_copy(update={"id": f"more-{number}", "at": wanted.first + number * wanted.every})
        for number in range(wanted.injects)
    ]
    scenario = scenario.model_copy(update={"injects": [*scenario.injects, *more]})
    plan = DrillPlan.model_validate({**dict(plan), "scenario": scenario})
    room.begin(await LiveDrill.start(server.store, plan, room.names, room.setup.pace))


async def _gathered(live: LiveDrill, members: list[str]) -> None:
    first, *rest = members
    for act in (do.DeclareSeverity(who=first, severity=1), do.AlertTeam(who=first, severity=1, topic="login")):
        await live.act(act)
    await _acts(live, [do.Join(who=member) for member in [first, *rest]])
    await live.act(do.TakeRole(who=first, role="incident_commander"))


async def _filled(live: LiveDrill, members: list[str], count: int) -> None:
    """So many events more, of the kinds that a busy room has."""
    kinds = (do.Say, do.LogEntry, do.Say, do.PostUpdate)
    acts: list[Act] = [
        kinds[number % len(kinds)](
            who=members[number % len(members)], id=f"filled-{number}", text=f"{_WORDS[number % len(_WORDS)]} ({number})"
        )
        for number in range(count)
    ]
    await _acts(live, acts)


async def _acts(live: LiveDrill, acts: Sequence[Act]) -> None:
    for start in range(0, len(acts), 100):
        await asyncio.gather(*(live.act(act) for act in acts[start : start + 100]))


async def _cookies(server: Server, drill: str, members: Iterable[str]) -> dict[str, str]:
    """Sessions for everybody, as links would make them."""
    wanted: list[tuple[str, str, str, str | None]] = [
        ("owner", EVERY_DRILL, "facilitator", None),
        (FACILITATOR, drill, "facilitator", None),
        (EVALUATOR, drill, "evaluator", None),
        ("observer", drill, "observer", None),
        *((member, drill, "player", member) for member in members),
    ]
    cookies = {who: server.access.new_cookie() for who, _, _, _ in wanted}
    staff = {who: await named(server.rooms.store, f"The {who}") for who, _, _, member in wanted if member is None}
    await asyncio.gather(
        *(
            server.access.allow(
                cookies[who], place, "made", role, member or staff[who], admitted=True, identified="list"
            )
            for who, place, role, member in wanted
        )
    )
    return cookies


if __name__ == "__main__":
    run(sys.argv[1])
