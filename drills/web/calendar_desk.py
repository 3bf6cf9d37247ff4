"""The calendar's page: what the workspace's schedules come to, read anew when one of its files has changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from scenarios.workspace import ABSENCES_FILE, FOLDERS, workspace

if TYPE_CHECKING:  # dates and zones are only read once somebody asks for the page
    from drills.planning.calendar.memory import Held
    from drills.planning.calendar.slots import Slot
    from drills.planning.calendar.workspace import Planned
    from scoring.history.figures import Figures

__all__ = ["CalendarDesk", "held_of"]

_AHEAD = timedelta(90)
_DOUBTS = 12
"""So many of what is doubtful are shown."""
Stamp = tuple[tuple[str, int, int], ...]


class CalendarDesk:
    """Keeps the schedules as they were last sound: a file that was broken meanwhile changes nothing."""

    def __init__(self, secret: str) -> None:
        """`secret` is the database's: what is drawn follows from it, and nobody without it can know it before."""
        self._secret = secret
        self._good: list[Planned] = []
        self._problems: list[str] = []
        self._stamp: Stamp | None = None

    def page(self, today: date, held: "Sequence[Held]", *, owner: bool) -> dict[str, Any]:
        """What the template reads; it takes a moment, so ask in a thread. Players see what comes on time alone.

        `held` are the drills that were held, of which turns and incidents depend.
        """
        from drills.planning.calendar.draw import master_key
        from drills.planning.calendar.memory import past_of
        from drills.planning.calendar.workspace import all_slots

        self._read()
        last, key = today + _AHEAD, master_key(self._secret)
        past = {one.name: past_of(one, held, today) for one in self._good}
        slots = [one for one in all_slots(self._good, today, last, today, past, key) if owner or _for_players(one)]
        undrawn = list(all_slots(self._good, today, last, today, past)) if owner else []
        return {
            "schedules": [_said(one, undrawn, today, last, owner=owner) for one in self._good],
            "problems": self._problems if owner else [],
            "months": list(_months(self._good, slots, owner=owner)),
            "until": last,
        }

    def _read(self) -> None:
        from drills.planning.calendar.workspace import open_schedules
        from scenarios.load import LoadError

        root = workspace() or Path()
        stamp = _stamp_of(root)
        if stamp == self._stamp:
            return
        self._stamp, self._problems = stamp, []
        try:
            self._good = open_schedules(root)
        except LoadError as error:
            self._problems = [f"{one}" for one in error.problems]


def _said(one: "Planned", undrawn: "Sequence[Slot]", first: date, last: date, *, owner: bool) -> dict[str, Any]:
    """What a file says, for the owner; what is doubtful says nothing of what was drawn."""
    if not owner:
        return {}
    from drills.planning.calendar.sentences import entry_words
    from drills.planning.calendar.warnings import warnings

    presence = one.presence
    mine = [slot for slot in undrawn if slot.schedule == one.name]
    doubts = list(warnings(presence, mine, first, last))[:_DOUBTS]
    return {
        "title": presence.team.title,
        "entries": [(entry.id, entry_words(entry, presence.zone.key)) for entry in presence.schedule.drills],
        "doubts": [f"{warned.where}: {warned.message}" for warned in doubts],
    }


def held_of(drills: "Sequence[Figures]", names: Mapping[str, tuple[str, str]]) -> "list[Held]":
    """What the history keeps of drills that people played, with their names; `names` has them by all of their ids."""
    from drills.planning.calendar.memory import Held

    def called(ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(names[who][1] for who in ids if who in names)

    return [
        Held(
            int(datetime.fromisoformat(one.drill.start).timestamp()) // 60,
            date.fromisoformat(one.drill.date),
            one.drill.scenario,
            called(one.crew.joined),
            called(one.crew.led),
            called(one.crew.may_lead),
        )
        for one in drills
        if one.drill.kind == "drill"
    ]


def _stamp_of(root: Path) -> Stamp:
    """What changes when a file changes that a schedule is read from."""
    from drills.planning.calendar.workspace import schedule_files

    files = [*schedule_files(root), root / ABSENCES_FILE, *sorted((root / FOLDERS["team"]).glob("*.y*ml"))]
    found = []
    for file in files:
        try:
            said = file.stat()
        except OSError:
            continue
        found.append((str(file), said.st_mtime_ns, said.st_size))
    return tuple(found)


def _for_players(slot: "Slot") -> bool:
    return not slot.is_surprise and slot.start is not None


def _months(planned: "Sequence[Planned]", slots: "Sequence[Slot]", *, owner: bool) -> Iterator[dict[str, Any]]:
    presences = {one.name: one.presence for one in planned}

    def day(slot: "Slot") -> date:
        at = slot.starts_at
        if at is None or slot.is_surprise:  # the order must not tell when a surprise is
            return slot.day
        return at.astimezone(presences[slot.schedule].zone).date()

    ordered = sorted(slots, key=lambda one: (day(one), 0 if one.is_surprise else one.start or 0, one.name))
    for (year, month), some in groupby(ordered, key=lambda one: (day(one).year, day(one).month)):
        name = f"{date(year, month, 1):%B %Y}"
        yield {"name": name, "slots": [_line(one, planned, owner=owner) for one in some]}


_TURNS = (("first_responder", "First responder"), ("suggested_commander", "Commander"), ("facilitator", "Facilitator"))


def _line(slot: "Slot", planned: "Sequence[Planned]", *, owner: bool) -> dict[str, Any]:
    from drills.planning.calendar.sentences import moment
    from scenarios.base import format_duration

    presence = next(one.presence for one in planned if one.name == slot.schedule)
    names = {one.id: one.name for one in presence.team.members}
    at = None if slot.starts_at is None else slot.starts_at.astimezone(presence.zone)
    shown = {
        "when": moment(slot, None if slot.is_surprise else at),
        "instant": "" if slot.starts_at is None or slot.is_surprise else slot.starts_at.isoformat(),
        "zone": presence.zone.key,
        "team": presence.team.title,
        "lasts": format_duration(slot.entry.lasts),
        "surprise": slot.is_surprise,
        "left_out": slot.skipped,
    }
    if not owner:
        return shown
    turns = [
        {"title": title, "name": names.get(lead.member, lead.member), "why": lead.why}
        for role, title in _TURNS
        if (lead := next((one for name, one in slot.leads.items() if name == role), None)) is not None
    ]
    known = slot.scenario not in (None, "random")
    return shown | {
        "entry": slot.entry.id,
        "drawn": moment(slot, at) if slot.is_surprise and at is not None else "",
        "turns": turns,
        "incident": slot.scenario or "",
        "incident_why": slot.scenario_why,
        "plan": f"/new?{urlencode({'scenario': slot.scenario})}" if known else "/new",
    }
