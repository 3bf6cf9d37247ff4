"""Ten years of two hundred teams' calendars against dateutil alone; a feed; `schedule next` against `lint`."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from dateutil.rrule import TU, WEEKLY, rrule

from drills.planning.calendar.dates import days
from drills.planning.calendar.feed import Feed, feed
from drills.planning.calendar.plan import Past, plan
from drills.planning.calendar.presence import Presence
from drills.planning.calendar.zones import instant, zone
from scenarios.schedule import Entry, Schedule
from scenarios.team import Team

Row = tuple[str, float, float | None, str]
TEAMS, ROUNDS = 200, 5
FIRST, LAST = date(2027, 1, 5), date(2036, 12, 31)


def run() -> list[Row]:
    """Processor time; of what has a peer, medians in turns."""
    ours, theirs = _turns(_fixed, _peer)
    surprises = _seconds(_surprises)
    made = _feed()
    following, lint = _commands()
    return [
        ("fixed slots of 200 teams over ten years against dateutil's rrule", ours / theirs, 1.0, f"{ours:.2f} s"),
        ("surprises of them with a quorum over three zones, of 30 s", surprises / 30, 1.0, f"{surprises:.1f} s"),
        ("a feed of a year, of 50 ms", made / 0.05, 1.0, f"{made * 1e3:.1f} ms"),
        ("schedule next against lint schedule.yaml", following / lint, 1.3, f"{following:.2f} s"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _turns(*works: Callable[[], object]) -> list[float]:
    took: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for place, work in enumerate(works):
            took[place].append(_seconds(work))
    return [statistics.median(one) for one in took]


_EVERY = {"id": "tuesday", "every": "2 weeks", "on": "tuesday", "from": FIRST.isoformat(), "at": "09:00"}


def _fixed() -> None:
    """The instants of every second Tuesday, by our own rule."""
    entry = Entry.model_validate(_EVERY)
    where = zone("America/Chicago")
    assert entry.at is not None
    for _ in range(TEAMS):
        for day in days(entry, FIRST, LAST):
            instant(day, entry.at, where)


def _peer() -> None:
    """The same, by dateutil and the standard library."""
    where = zone("America/Chicago")
    start, end = datetime(2027, 1, 5, 9), datetime(2036, 12, 31)  # noqa: DTZ001 - wall time
    for _ in range(TEAMS):
        for at in rrule(WEEKLY, interval=2, byweekday=TU, dtstart=start, until=end):
            at.replace(tzinfo=where).astimezone(UTC)


def _team() -> Team:
    zones = ("America/Chicago", "Europe/Berlin", "Asia/Kolkata")
    hours = {"mon-fri": "07:00-19:00"}
    members = [{"id": f"m{n}", "name": f"M {n}", "timezone": zones[n % 3], "hours": hours} for n in range(6)]
    return Team.model_validate({"team": "ours", "title": "Ours", "timezone": zones[0], "members": members})


def _schedule(name: str, entry: Mapping[str, object]) -> Schedule:
    return Schedule.model_validate({"schedule": name, "team": "ours", "quorum": {"people": 3}, "drills": [entry]})


def _surprises() -> None:
    surprise = {"id": "any", "surprise": {"once_in": "2 weeks", "from": "2027-01-04", "apart": "4 days"}}
    for number in range(TEAMS):
        presence = Presence(_schedule(f"team-{number}", surprise), _team())
        plan(presence, FIRST, LAST, Past(FIRST), key=b"k" * 32, incidents={})


def _feed() -> float:
    """Seconds for the feed alone, once its slots are known."""
    presence = Presence(_schedule("ours", {**_EVERY, "every": "week"}), _team())
    slots = plan(presence, FIRST, date(2027, 12, 31), Past(FIRST), key=None, incidents={})
    return _seconds(lambda: feed(slots, Feed("Ours", presence.zone, datetime(2027, 1, 1, tzinfo=UTC)), "players"))


def _commands() -> list[float]:
    with tempfile.TemporaryDirectory(prefix="drillroom-") as folder:
        program = [sys.executable, "-m", "drillroom"]
        subprocess.run([*program, "init", folder], check=True, capture_output=True)

        def asked(*args: str) -> float:
            before = time.perf_counter()
            subprocess.run([*program, *args], cwd=Path(folder), check=True, capture_output=True)
            return time.perf_counter() - before

        took = [(asked("schedule", "next"), asked("lint", "schedule.yaml")) for _ in range(ROUNDS)]
    return [statistics.median(one) for one in zip(*took, strict=True)]
