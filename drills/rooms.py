"""All drills of a server: made, waiting in their lobby, running, done; and who is in which."""

import contextlib
import json
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from drills.live import LiveDrill
from drills.planning import Incident, gather, plan_drill
from drills.seen import Frame, Frames
from drills.store import DrillRow, Store
from scenarios.load import load_protocol, load_runbook, names
from scenarios.problem import LoadError
from scenarios.scenario import Ends, Scenario
from scenarios.team import Member, Team
from simulator.events import Event
from simulator.plan import DrillPlan, Seat
from simulator.signals import SignalHistory

__all__ = ["FACILITATOR", "Room", "Rooms", "Setup", "SetupError"]

FACILITATOR = "facilitator"
"""The id by which whoever runs a drill acts."""
EVALUATOR = "evaluator"
ALIVE_EVERY = 2.0
"""Seconds between two notes that the server runs."""
MOST_PEOPLE = 500
_TEAMMATES = ("Ada", "Bruno", "Celia", "Dmitri", "Esther", "Farid", "Gwen", "Hugo", "Imani", "Jonas", "Kira", "Luca")
_SHORT = 25
_SHORT_ENDS = Ends.model_validate({"after": "16m", "papers": "4m", "hot_wash": "5m"})


class SetupError(Exception):
    """A drill cannot be made of what was asked for: field by field, in words."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class Person(msgspec.Struct):
    """Somebody who is to play."""

    id: str
    name: str
    email: str = ""
    simulated: bool = False


class Setup(msgspec.Struct):
    """What was asked for when a drill was made."""

    scenario: str
    people: list[Person]
    seed: int
    minutes: int = 60
    severity: int | None = None
    """For a random scenario."""
    first_responder: str = ""
    mode: Literal["assessed", "training"] = "assessed"
    voice: Literal["none", "call", "room"] = "none"
    play_too: bool = False
    """Whether whoever made it plays, so that nobody runs it and nobody sees the answers."""
    kind: Literal["drill", "practice", "rehearsal"] = "drill"
    pace: float = 1.0
    role: str = ""
    """In practice: the role one wants to hold."""


class Room:
    """A drill with those who are connected to it."""

    def __init__(self, row: DrillRow, setup: Setup) -> None:
        self.id = row.id
        self.kind = row.kind
        self.made = row.made
        self.setup = setup
        self.live: LiveDrill | None = None
        self.frames: list[Frame] = []
        self.history: SignalHistory | None = None
        """The course of the signals so far."""
        self._making: Frames | None = None
        self.here: Counter[str] = Counter()
        """How many streams each member, or staff id, has open."""
        self.watchers: list[Callable[[list[Frame]], None]] = []
        """Are told of the frames of new events."""
        self.callers: list[Callable[[str, bytes], None]] = []
        """Are told of everything else, by kind."""

    def begin(self, live: LiveDrill) -> None:
        """The drill runs."""
        self.live = live
        self._making = Frames(live.plan)
        self.frames = [self._making.frame(event) for event in live.events]
        self.history = SignalHistory(live.plan, live.events)
        live.listeners.append(self._told)

    def _told(self, events: Sequence[Event]) -> None:
        making, history = self._making, self.history
        if making is None or history is None:
            return
        for event in events:
            history.add(event)
        fresh = [making.frame(event) for event in events]
        self.frames += fresh
        for watch in list(self.watchers):
            watch(fresh)

    def call(self, kind: str, data: object) -> None:
        """Tell every browser something that is no event."""
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        for caller in list(self.callers):
            caller(kind, body)

    @property
    def phase(self) -> str:
        """Where the drill stands: in the lobby, in a phase, or closed."""
        if self.live is None:
            return "lobby"
        return "closed" if self.live.finished else self.live.state.phase

    @property
    def names(self) -> dict[str, str]:
        """What each id is called."""
        return {person.id: person.name for person in self.setup.people} | {FACILITATOR: "The facilitator"}


class Rooms:
    """Every drill that a server knows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rooms: dict[str, Room] = {}

    # -- finding -------------------------------------------------------------------------------------------------------

    def __getitem__(self, drill: str) -> Room:
        return self._rooms[drill]

    def get(self, drill: str) -> Room | None:
        """The room of a drill, if there is one."""
        return self._rooms.get(drill)

    def all(self) -> list[Room]:
        """All rooms, the newest first."""
        return sorted(self._rooms.values(), key=lambda room: room.made, reverse=True)

    # -- beginning of the server and its end ---------------------------------------------------------------------------

    async def resume(self) -> int:
        """Take up every drill where it stood; how many run."""
        running = 0
        for row in self.store.drills():
            setup = msgspec.json.decode(row.setup, type=Setup)
            room = self._rooms[row.id] = Room(row, setup)
            if row.plan is None:
                continue
            plan = DrillPlan.model_validate_json(row.plan)
            live = await LiveDrill.resume(self.store, plan, room.names, _alive(row.alive), setup.pace)
            room.begin(live)
            running += not live.finished
        return running

    def note_alive(self) -> None:
        """Note for every running drill how far it has come, for the case that the server is killed."""
        now = datetime.now(UTC).isoformat()
        for room in self._rooms.values():
            if room.live is not None and not room.live.finished and room.live.fault is None:
                self.store.change_drill(room.id, alive=f"{room.live.at},{now}")

    async def close(self) -> None:
        """Stop driving; everything can be resumed."""
        self.note_alive()
        for room in self._rooms.values():
            if room.live is not None:
                await room.live.close()

    # -- making and starting -------------------------------------------------------------------------------------------

    async def make(self, setup: Setup) -> Room:
        """Make a drill that waits in its lobby. Raises SetupError, or StoreError."""
        import asyncio

        planned = plan_of(setup, "check", datetime.now(UTC))  # raises what keeps it from being started
        drill = _id(planned.scenario.scenario if setup.scenario != "random" else "random")
        row = DrillRow(
            drill, setup.kind, "lobby", datetime.now(UTC).isoformat(), msgspec.json.encode(setup).decode(), None, None
        )
        await asyncio.wrap_future(self.store.add_drill(row))
        room = self._rooms[drill] = Room(row, setup)
        return room

    async def start(self, room: Room) -> LiveDrill:
        """Begin a drill now. Raises StoreError."""
        import asyncio

        plan = plan_of(room.setup, room.id, datetime.now(UTC))
        await asyncio.wrap_future(
            self.store.change_drill(
                room.id, plan=plan.model_dump_json(by_alias=True, exclude_none=True), state="running"
            )
        )
        live = await LiveDrill.start(self.store, plan, room.names, room.setup.pace)
        room.begin(live)
        room.call("started", {})
        return live


def _alive(noted: str | None) -> tuple[int, datetime] | None:
    if noted is None:
        return None
    at, _, instant = noted.partition(",")
    with contextlib.suppress(ValueError):
        return int(at), datetime.fromisoformat(instant)
    return None


def _id(scenario: str) -> str:
    return f"{scenario[:48].rstrip('-_')}-{secrets.token_hex(4)}"


def member_id(name: str, taken: set[str]) -> str:
    """An id for a name that is no other's: lower-case letters, as events use it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    base = base if base[:1].isalpha() else f"p-{base}".rstrip("-")
    base = base[:40].rstrip("-")
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def people_of(text: str, simulated: int) -> list[Person]:
    """The people in a text, one a line as `name, e-mail`, and simulated teammates besides. Raises SetupError."""
    people: list[Person] = []
    taken = {FACILITATOR, EVALUATOR, "everyone", "team", "first-responder"}
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) + simulated > MOST_PEOPLE:
        raise SetupError({"people": f"there are {len(lines) + simulated} people; at most {MOST_PEOPLE} can play"})
    for line in lines:
        name, _, email = (part.strip() for part in line.partition(","))
        if not name or len(name) > 60 or not name.isprintable():
            raise SetupError({"people": f"{line[:40]!r} is no name; write one a line, and an e-mail behind a comma"})
        who = member_id(name, taken)
        taken.add(who)
        people.append(Person(who, name, email))
    for number in range(simulated):
        name = _TEAMMATES[number % len(_TEAMMATES)] + (
            f" {number // len(_TEAMMATES) + 1}" if number >= len(_TEAMMATES) else ""
        )
        who = member_id(name, taken)
        taken.add(who)
        people.append(Person(who, f"{name} (simulated)", simulated=True))
    if not people:
        raise SetupError({"people": "name at least one person, or somebody simulated"})
    return people


def plan_of(setup: Setup, drill: str, start: datetime) -> DrillPlan:
    """The plan that a setup means. Raises SetupError."""
    first = setup.first_responder or next(
        (person.id for person in setup.people if not person.simulated), setup.people[0].id
    )
    if first not in {person.id for person in setup.people}:
        raise SetupError({"first_responder": "the first responder is none of those who play"})
    team = Team(
        team="room",
        title="Those in the room",
        first_responder=first,
        members=[
            Member(id=person.id, name=person.name, roles=_left(setup.role) if person.simulated else None)
            for person in setup.people
        ],
        facilitators=[] if setup.play_too or setup.kind == "practice" else [FACILITATOR],
        evaluators=[] if setup.play_too or setup.kind == "practice" else [EVALUATOR],
    )
    try:
        materials = gather(Incident(setup.scenario, setup.seed, setup.severity), team)
    except LoadError as error:
        raise SetupError({"scenario": error.problems[0].message}) from None
    scenario = shortened(materials.scenario) if setup.minutes <= _SHORT else materials.scenario
    plan = plan_drill(materials, setup.seed, "good")
    person = Seat(kind="person")
    seats = {one.id: Seat(kind="simulated", profile="good") if one.simulated else person for one in setup.people}
    return DrillPlan.model_validate(
        {
            **dict(plan),
            "drill": drill,
            "scenario": scenario,
            "runbooks": [load_runbook(name) for name in names("runbook")],
            "seats": seats,
            "mode": setup.mode,
            "voice": setup.voice,
            "start": start,
        }
    )


def _left(role: str) -> list[str] | None:
    """The roles that simulated teammates may take where somebody who practises wants one; nothing means any."""
    known = [one.id for one in load_protocol("officeluv").roles]
    return [other for other in known if other != role] if role in known else None


def shortened(scenario: Scenario) -> Scenario:
    """The scenario for 25 minutes: one that is longer ends earlier, and the end of the impact is due sooner."""
    if scenario.ends.after <= _SHORT_ENDS.after:
        return scenario
    data = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    data["ends"] = _SHORT_ENDS.model_dump(mode="json")
    targets = {**data.get("targets", {})}
    if "impact_ended" in targets:
        targets["impact_ended"] = {"target": "11m", "deadline": "15m"}
    data["targets"] = targets
    return Scenario.model_validate(data)
