"""Schedules and teams for tests, and strategies that draw them."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from drills.planning.calendar.plan import Past, plan
from drills.planning.calendar.presence import Presence
from drills.planning.calendar.slots import Slot
from scenarios.schedule import Schedule
from scenarios.team import Team

KEY = b"k" * 32
ZONES = ("UTC", "America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns")
NAMES = ("ana", "ben", "cai", "dee", "eli", "fay")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def team(*members: dict[str, Any], zone: str = "America/Chicago", **more: object) -> Team:
    """A team of some members, or of four who may do everything."""
    people = [{"name": one["id"].title(), **one} for one in members or [{"id": name} for name in NAMES[:4]]]
    return Team.model_validate({"team": "payments", "title": "Payments", "timezone": zone, "members": people, **more})


def schedule(*entries: dict[str, Any], **more: object) -> Schedule:
    """A schedule of some entries."""
    made = [{"id": f"drill-{number}", **one} for number, one in enumerate(entries)]
    return Schedule.model_validate({"schedule": "payments", "team": "payments", "drills": made, **more})


def planned(
    what: Schedule,
    who: Team | None = None,
    first: str = "2027-01-01",
    last: str = "2027-03-31",
    *,
    key: bytes | None = KEY,
    since: str | None = None,
    **more: Any,  # noqa: ANN401 - what a plan takes
) -> list[Slot]:
    """The slots of a schedule between two days."""
    presence = Presence(
        what, who or team(), **{name: more.pop(name) for name in ("away", "busy", "shut") if name in more}
    )
    past = more.pop("past", None) or Past(date.fromisoformat(since or first))
    incidents = more.pop("incidents", {})
    return plan(
        presence, date.fromisoformat(first), date.fromisoformat(last), past, key=key, incidents=incidents, **more
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def _entries(draw: st.DrawFn, number: int) -> dict[str, Any]:
    lasts = draw(st.sampled_from(["30m", "45m", "1h", "90m"]))
    shared: dict[str, Any] = {"id": f"drill-{number}", "lasts": lasts}
    begin = date(2027, 1, 1) + timedelta(draw(st.integers(0, 20)))
    kind = draw(st.sampled_from(["week", "day", "surprise", "rule", "once"]))
    at = _clock(draw(st.integers(0, 23)) * 60 + draw(st.sampled_from([0, 30])))
    if kind == "surprise":
        length = draw(st.integers(2, 15))
        said: dict[str, Any] = {"once_in": f"{length} days", "from": begin.isoformat()}
        if length > 2:
            said["apart"] = f"{draw(st.integers(1, length - 1))} days"
        if draw(st.booleans()):
            said["maybe"] = "60%"
        return {**shared, "surprise": said}
    if kind == "once":
        return {**shared, "once": begin.isoformat(), "at": at}
    if kind == "rule":
        return {**shared, "rrule": "FREQ=MONTHLY;BYDAY=-1FR", "at": at}
    if kind == "day":
        return {**shared, "every": f"{draw(st.integers(1, 5))} days", "from": begin.isoformat(), "at": at}
    weeks = draw(st.integers(1, 3))
    return {
        **shared,
        "every": f"{weeks} weeks",
        "on": DAYS[begin.weekday()],
        "from": begin.isoformat(),
        "at": at,
    }


@st.composite
def cases(draw: st.DrawFn) -> tuple[Schedule, Team, dict[str, list[tuple[date, date]]]]:
    """A schedule, its team, and who is away when."""
    members = []
    for name in NAMES[: draw(st.integers(1, 6))]:
        one: dict[str, Any] = {"id": name}
        if draw(st.booleans()):
            one["timezone"] = draw(st.sampled_from(ZONES))
        if draw(st.booleans()):
            one["hours"] = {"mon-fri": draw(st.sampled_from(["08:00-16:00", "12:00-20:00", "22:00-06:00"]))}
        members.append(one)
    entries = [draw(_entries(number)) for number in range(draw(st.integers(1, 4)))]
    hours = draw(st.sampled_from([{"mon-fri": "09:00-17:00"}, {"sun-thu": "08:00-18:00"}, {"day": "00:00-24:00"}]))
    more: dict[str, Any] = {"hours": hours, "quorum": {"people": draw(st.integers(1, len(members)))}}
    if draw(st.booleans()):
        more["quiet"] = [{"every": "day", "at": "12:00-13:00"}, {"from": "2027-02-08", "to": "2027-02-12"}]
    if draw(st.booleans()):
        more["holidays"] = ["2027-01-18", "2027-02-15"]
    away = {
        name: [
            (
                first := date(2027, 1, 1) + timedelta(draw(st.integers(0, 80))),
                first + timedelta(draw(st.integers(0, 14))),
            )
        ]
        for name in NAMES[: len(members)]
        if draw(st.booleans())
    }
    return schedule(*entries, **more), team(*members, zone=draw(st.sampled_from(ZONES))), away
