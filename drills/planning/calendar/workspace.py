"""The schedules of a workspace, with the teams and absences that they name, and what all of them come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from drills.planning.calendar.choice import Incident
from drills.planning.calendar.plan import Past, begins, plan
from drills.planning.calendar.presence import Presence, Stretch
from drills.planning.calendar.slots import Slot
from scenarios.absences import Absences
from scenarios.lint import lint
from scenarios.load import LoadError, load_protocol, load_team, read_as
from scenarios.lookup import named, names
from scenarios.problem import Problem
from scenarios.schedule import Choice, Schedule
from scenarios.source import read
from scenarios.workspace import ABSENCES_FILE, FOLDERS, SCHEDULE_FILE, nearby, workspace

__all__ = ["Planned", "all_slots", "incidents_for", "open_schedule", "open_schedules", "schedule_files"]

_PROTOCOL = "officeluv"


@dataclass(frozen=True)
class Planned:
    """A schedule that can be planned."""

    file: Path
    """Its file."""
    presence: Presence
    """Its team under it."""
    commander: str
    """The role that commands under the protocol of its team's drills."""
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    """The scenarios among which its entries choose."""

    @property
    def name(self) -> str:
        """The schedule's name."""
        return self.presence.schedule.schedule

    def since(self, today: date) -> date:
        """The first day of the plan: the one the file names, or else the first of this year."""
        return begins(self.presence) or date(today.year, 1, 1)


def schedule_files(root: Path) -> list[Path]:
    """The schedules of a workspace: `schedule.yaml`, and those in `schedules/`."""
    alone, folder = root / SCHEDULE_FILE, root / FOLDERS["schedule"]
    found = [alone] if alone.is_file() else []
    return [*found, *sorted(path for path in folder.glob("*.y*ml") if path.is_file())]


def open_schedules(root: Path | None = None) -> list[Planned]:
    """All schedules of a workspace, by their names. Raises LoadError with everything that is wrong in any of them."""
    here = root or workspace() or Path()
    problems: list[Problem] = []
    found: dict[str, Planned] = {}
    for file in schedule_files(here):
        try:
            made = open_schedule(nearby(file))
        except LoadError as error:
            problems += error.problems
            continue
        if made.name in found:
            message = f"a schedule of that name is in {found[made.name].file}"
            problems.append(Problem(str(made.file), 1, 1, message, "give each a name of its own"))
        found[made.name] = made
    if problems:
        raise LoadError(problems)
    return [found[name] for name in sorted(found)]


def open_schedule(file: Path) -> Planned:
    """A schedule with its team and who is away. Raises LoadError with every error that `lint` would find."""
    problems = [one for one in lint(file) if one.severity == "error"]
    if problems:
        raise LoadError(problems)
    schedule = read_as(Schedule, "schedule", read(file)).model
    with_team = named("team", schedule.team, file)
    team = load_team(with_team.path or schedule.team)
    protocol = next((one.protocol for one in schedule.drills if one.protocol), _PROTOCOL)
    presence = Presence(schedule, team, away=_away(schedule, file))
    return Planned(file, presence, load_protocol(protocol, file).commander, incidents_for(schedule, file))


def _away(schedule: Schedule, file: Path) -> dict[str, list[tuple[date, date]]]:
    """Who is away by the files that a schedule names, or else by the workspace's."""
    root = workspace(file.absolute().parent) or file.absolute().parent
    said = {entry.away.file for entry in schedule.drills if entry.away.file} or {ABSENCES_FILE}
    found: dict[str, list[tuple[date, date]]] = {}
    for name in sorted(said):
        path = next((one for one in (file.absolute().parent / name, root / name) if one.is_file()), None)
        if path is not None:
            for one in read_as(Absences, "absences", read(nearby(path))).model.absences:
                found.setdefault(one.who, []).append((one.since, one.to or one.since))
    return found


def incidents_for(schedule: Schedule, file: Path) -> dict[str, Incident]:
    """What the choices of a schedule need to know of scenarios; nothing if it has none."""
    choices = [entry.scenario for entry in schedule.drills if isinstance(entry.scenario, Choice)]
    if not any(one.severity or one.tags for one in choices):  # then their names are enough
        return dict.fromkeys(names("scenario", file), Incident((), ())) if choices else {}
    found: dict[str, Incident] = {}
    for name in names("scenario", file):
        try:
            data = named("scenario", name, file).data
        except LoadError:
            continue  # lint says what is wrong with it
        found[name] = Incident(_levels(data.get("severity")), _tags(data.get("tags")))
    return found


def _levels(said: object) -> tuple[int, ...]:
    spans = said if isinstance(said, list) else [{"is": said}]
    levels = [one.get("is") for one in spans if isinstance(one, dict)]
    return tuple(one for one in levels if isinstance(one, int))


def _tags(said: object) -> tuple[str, ...]:
    return tuple(map(str, said)) if isinstance(said, list) else ()


def all_slots(
    planned: Sequence[Planned], first: date, last: date, today: date, past: Mapping[str, Past], key: bytes | None = None
) -> Iterator[Slot]:
    """The slots of all schedules between two days; nobody is in two drills at once, the schedules in order.

    `past` is what has happened, by schedule; without it a plan begins with the schedule.
    """
    busy: dict[str, list[Stretch]] = {}
    for one in planned:
        presence = Presence(one.presence.schedule, one.presence.team, one.presence.away, _also(one, busy), ())
        before = past.get(one.name) or Past(one.since(today))
        slots = plan(presence, before.since, last, before, key=key, incidents=one.incidents, commander=one.commander)
        for slot in slots:
            if slot.start is not None and slot.end is not None:
                for person in slot.people:
                    busy.setdefault(person, []).append((slot.start, slot.end))
        yield from (slot for slot in slots if slot.day >= first)


def _also(one: Planned, busy: Mapping[str, Sequence[Stretch]]) -> dict[str, list[Stretch]]:
    people = {*one.presence.busy, *busy}
    return {who: [*one.presence.busy.get(who, ()), *busy.get(who, ())] for who in people}
