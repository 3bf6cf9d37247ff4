"""All drills of a server: made, waiting in their lobby, running, done; and who is in which."""

import asyncio
import contextlib
import json
import logging
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

import msgspec
from pydantic import ValidationError

from drills.guidance.visibility import Frame, Frames
from drills.live.drill import LiveDrill
from drills.planning.materials import Incident, Materials, gather, plan_drill
from drills.records.store import DrillRow, Store, StoreError
from scenarios.load import load_protocol, load_runbook, names
from scenarios.problem import LoadError
from scenarios.scenario import Ends, Scenario
from scenarios.team import Member, Team
from simulator.events import Event
from simulator.plan import DrillPlan, Seat
from simulator.signals import SignalHistory
from simulator.state import FOLLOW_UP

__all__ = ["FACILITATOR", "Room", "Rooms", "Setup", "SetupError"]

FACILITATOR = "facilitator"
"""The id by which whoever runs a drill acts."""
EVALUATOR = "evaluator"
ALIVE_EVERY = 2.0
"""Seconds between two notes that the server runs."""
SELDOM = 30
"""So many times less often that is noted for drills in their follow-up, which takes days."""
REVEALED = "revealed"
"""The note that the talk has shown what happened."""
MOST_PEOPLE = 500
_TEAMMATES = ("Ada", "Bruno", "Celia", "Dmitri", "Esther", "Farid", "Gwen", "Hugo", "Imani", "Jonas", "Kira", "Luca")
_SHORT = 25
_GROUPS = frozenset({FACILITATOR, EVALUATOR, "everyone", "team", "channel", "first-responder"})
"""Ids that no member may have: events use them for others."""
_SHORT_ENDS = Ends.model_validate({"after": "16m", "papers": "4m", "hot_wash": "5m"})
_log = logging.getLogger("drillroom.drills")


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
    timezone: str = "UTC"
    """The zone whose times of day people see."""


class Room:
    """A drill with those who are connected to it."""

    def __init__(self, row: DrillRow, setup: Setup, recall: Callable[[], LiveDrill] | None = None) -> None:
        self.id = row.id
        self.kind = row.kind
        self.made = row.made
        self.setup = setup
        self.starting = asyncio.Lock()
        self.revealed = False
        """Whether the talk has shown what happened, so that nobody guesses any more."""
        self._live: LiveDrill | None = None
        self._recall = recall
        """Reads a drill that is closed, when somebody asks for it."""
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

    @property
    def live(self) -> LiveDrill | None:
        """The drill, once it has begun. Raises StoreError if one that is closed cannot be read."""
        if self._live is None and self._recall is not None:
            self.begin(self._recall())
        return self._live

    @property
    def running(self) -> LiveDrill | None:
        """The drill, if it runs: what is closed is not read for that."""
        return self._live if self._live is not None and not self._live.finished else None

    def begin(self, live: LiveDrill) -> None:
        """The drill runs."""
        self._making = Frames(live.plan)
        self.frames = [self._making.frame(event) for event in live.events]
        self.history = SignalHistory(live.plan, live.events)
        live.listeners.append(self._told)
        self._live = live

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
        if self._live is None:
            return "lobby" if self._recall is None else "closed"
        return "closed" if self._live.finished else self._live.state.phase

    @cached_property
    def names(self) -> dict[str, str]:
        """What each id is called. Who plays is settled when a drill is made."""
        return {person.id: person.name for person in self.setup.people} | {
            FACILITATOR: "The facilitator",
            EVALUATOR: "The evaluator",
        }


class Rooms:
    """Every drill that a server knows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._rooms: dict[str, Room] = {}
        self._notes = 0

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
        """Take up every drill where it stood; how many run. One that cannot be read keeps no other from going on."""
        for row in self.store.drills():
            try:
                await self._take_up(row)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is this drill's alone
                said = {"drill": row.id, "why": type(error).__name__}
                _log.exception("drill not taken up", extra={"fields": said})
        return len(self.running)

    async def _take_up(self, row: DrillRow) -> None:
        room = Room(row, msgspec.json.decode(row.setup, type=Setup))
        if row.state == "closed":
            room = Room(row, room.setup, lambda: self._recalled(row, room))
        elif row.plan is not None:
            plan = DrillPlan.model_validate_json(row.plan)
            room.begin(await LiveDrill.resume(self.store, plan, room.names, _alive(row.alive), room.setup.pace))
        room.revealed = REVEALED in self.store.notes(row.id, "screen")
        self._rooms[row.id] = room

    async def reveal(self, room: Room) -> None:
        """From now on the whole log is for everybody to see. Raises StoreError."""
        await asyncio.wrap_future(self.store.put_note(room.id, "screen", REVEALED, "yes"))
        room.revealed = True

    def _recalled(self, row: DrillRow, room: Room) -> LiveDrill:
        try:
            plan = DrillPlan.model_validate_json(row.plan or "")
        except ValidationError:
            raise StoreError(f"{row.id} was written by another version, and this one cannot read it") from None
        return LiveDrill.recall(self.store, plan, room.names, room.setup.pace)

    @property
    def running(self) -> list[LiveDrill]:
        """Every drill that runs."""
        return [live for room in self._rooms.values() if (live := room.running) is not None]

    def note_alive(self, *, all_of_them: bool = False) -> None:
        """Note for running drills how far they have come, for the case that the server is killed."""
        self._notes += 1
        seldom = all_of_them or self._notes % SELDOM == 0
        often = [live for live in self.running if seldom or live.state.phase != FOLLOW_UP]
        noted = [(live.id, alive) for live in often if not live.state.halted and (alive := live.alive) is not None]
        if noted:
            self.store.note_alive(noted)

    async def close(self) -> None:
        """Stop driving; everything can be resumed."""
        for live in self.running:
            await live.close()
        self.note_alive(all_of_them=True)

    # -- making and starting -------------------------------------------------------------------------------------------

    async def make(self, setup: Setup) -> Room:
        """Make a drill that waits in its lobby. Raises SetupError, or StoreError."""
        await asyncio.to_thread(plan_of, setup, "check", datetime.now(UTC))  # raises what keeps it from being started
        drill = f"{setup.kind}-{secrets.token_hex(4)}"  # people see it: it must not say which scenario it is
        row = DrillRow(
            drill, setup.kind, "lobby", datetime.now(UTC).isoformat(), msgspec.json.encode(setup).decode(), None, None
        )
        await asyncio.wrap_future(self.store.add_drill(row))
        room = self._rooms[drill] = Room(row, setup)
        return room

    async def start(self, room: Room) -> LiveDrill:
        """Begin a drill now; one that runs already goes on. Raises SetupError, or StoreError."""
        async with room.starting:
            if room.live is not None:
                return room.live
            plan = await asyncio.to_thread(plan_of, room.setup, room.id, datetime.now(UTC))
            live = await LiveDrill.start(self.store, plan, room.names, room.setup.pace)
            room.begin(live)
            room.call("started", {})
        return live

    async def forget(self, room: Room) -> None:
        """Forget a drill and all that is kept of it. Raises StoreError."""
        if room.running is not None:
            await room.running.close()
        self._rooms.pop(room.id, None)
        await asyncio.wrap_future(self.store.forget(room.id))


def _alive(noted: str | None) -> tuple[int, datetime] | None:
    if noted is None:
        return None
    at, _, instant = noted.partition(",")
    with contextlib.suppress(ValueError):
        return int(at), datetime.fromisoformat(instant)
    return None


def member_id(name: str, taken: set[str]) -> str:
    """An id for a name that is no other's: lower-case letters, as events use it."""
    base = _plain(name)
    base = base if base[:1].isalpha() else f"p-{base}".rstrip("-")
    base = base[:40].rstrip("-")
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def people_of(text: str, simulated: int) -> list[Person]:
    """The people in a text, one a line as `name, e-mail`, and simulated teammates besides. Raises SetupError.

    Who is the only one of a first name is called by it: that is quickly typed, and a log, which outlives the list of
    names, says no more of anybody than it must.
    """
    people: list[Person] = []
    taken = {*_GROUPS, *(role.id for name in names("protocol") for role in load_protocol(name).roles)}
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) + simulated > MOST_PEOPLE:
        raise SetupError({"people": f"there are {len(lines) + simulated} people; at most {MOST_PEOPLE} can play"})
    first_names = Counter(_plain(line.partition(",")[0].split(" ")[0]) for line in lines)
    for line in lines:
        name, _, email = (part.strip() for part in line.partition(","))
        if not name or len(name) > 60 or not name.isprintable():
            raise SetupError({"people": f"{line[:40]!r} is no name; write one a line, and an e-mail behind a comma"})
        first_name = name.split(" ")[0]
        who = member_id(first_name if first_names[_plain(first_name)] == 1 else name, taken)
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
        timezone=setup.timezone,
        first_responder=first,
        members=[Member(id=person.id, name=person.name) for person in setup.people],
        facilitators=[] if setup.play_too or setup.kind == "practice" else [FACILITATOR],
        evaluators=[] if setup.play_too or setup.kind == "practice" else [EVALUATOR],
    )
    try:
        materials = gather(Incident(setup.scenario, setup.seed, setup.severity), team)
    except LoadError as error:
        raise SetupError({"scenario": error.problems[0].message}) from None
    if setup.kind == "practice":
        materials = replace(materials, team=_for_practice(setup, materials))
    scenario = shortened(materials.scenario) if setup.minutes <= _SHORT else materials.scenario
    plan = plan_drill(materials, setup.seed, "good")
    person = Seat(kind="person")
    seats = {one.id: Seat(kind="simulated", profile="good") if one.simulated else person for one in setup.people}
    return DrillPlan.model_validate(
        {
            **dict(plan),
            "drill": drill,
            "kind": setup.kind,
            "scenario": scenario,
            "runbooks": [load_runbook(name) for name in names("runbook")],
            "seats": seats,
            "mode": setup.mode,
            "voice": setup.voice,
            "start": start,
        }
    )


def _for_practice(setup: Setup, materials: Materials) -> Team:
    """The team around somebody who practises. Simulated teammates leave them the role that they want; and a scenario
    that begins with a first responder who cannot be reached does not begin with them.
    """
    team, roles = materials.team, [one.id for one in materials.protocol.roles]
    simulated = {person.id for person in setup.people if person.simulated}
    change: dict[str, object] = {}
    if setup.role in roles:
        others = [role for role in roles if role != setup.role]
        change["members"] = [
            one.model_copy(update={"roles": others}) if one.id in simulated else one for one in team.members
        ]
    if materials.scenario.report.takes_out is not None:
        change["first_responder"] = next(person.id for person in setup.people if person.simulated)
    return team.model_copy(update=change)


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
