"""The feed: read by three parsers that did not write it, and silent about what is drawn."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import ics  # type: ignore[import-untyped]
import pytest
import vobject  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from drills.planning.calendar.feed import Feed, Reader, feed
from drills.planning.calendar.slots import Slot
from drills.planning.calendar.zones import clock_changes, zone
from tests.drills.planning.calendar.schedules import ZONES, planned, schedule, team

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what the parsers use
STAMP = datetime(2026, 12, 1, 8, tzinfo=UTC)
ALL = {"hours": {"day": "00:00-24:00"}}


def made(slots: list[Slot], where: str = "America/Chicago", reader: Reader = "players", title: str = "Payments") -> str:
    return feed(slots, Feed(title, zone(where), STAMP), reader).decode()


def by_icalendar(text: str) -> set[tuple[str, datetime]]:
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {(str(one["UID"]), one.decoded("DTSTART").astimezone(UTC)) for one in found}


def by_vobject(text: str) -> set[tuple[str, datetime]]:
    found = vobject.readOne(text)
    return {(one.uid.value, one.dtstart.value.astimezone(UTC)) for one in found.vevent_list}


def by_ics(text: str) -> set[tuple[str, datetime]]:
    return {(str(one.uid), one.begin.datetime.astimezone(UTC)) for one in ics.Calendar(text).events}


PARSERS = [by_icalendar, by_vobject, by_ics]


@pytest.mark.parametrize("read", PARSERS)
@pytest.mark.parametrize("where", ZONES)
def test_three_parsers_read_the_same_instants(read: Callable[[str], set[tuple[str, datetime]]], where: str) -> None:
    hourly = [
        {"id": f"at-{hour}", "every": "week", "on": "sun", "at": f"{hour:02}:30", "lasts": "30m"} for hour in range(24)
    ]
    slots = planned(schedule(*hourly, **ALL), team(zone=where), "2027-01-01", "2027-12-31")
    held = {(f"{one.name}@drillroom", one.starts_at) for one in slots if one.starts_at is not None}
    assert len(held) > 1200
    if read is by_ics:  # it has its own idea of an hour that the clocks show twice or skip
        changes = {one.at.astimezone(ZoneInfo(where)).date() for one in clock_changes(zone(where), *YEAR)}
        held = {(name, at) for name, at in held if at.astimezone(ZoneInfo(where)).date() not in changes}
        assert held <= read(made(slots, where))
    else:
        assert read(made(slots, where)) == held


YEAR = (datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        ("America/Chicago", ["2027-03-14T08:00:00+00:00 CDT", "2027-11-07T07:00:00+00:00 CST"]),
        ("Europe/Berlin", ["2027-03-28T01:00:00+00:00 CEST", "2027-10-31T01:00:00+00:00 CET"]),
        ("Australia/Lord_Howe", ["2027-04-03T15:00:00+00:00 +1030", "2027-10-02T15:30:00+00:00 +11"]),
        ("Asia/Kolkata", []),
    ],
)
def test_clock_changes_are_found_to_the_second(where: str, changes: list[str]) -> None:
    assert [f"{one.at.isoformat()} {one.name}" for one in clock_changes(zone(where), *YEAR)] == changes


def test_summer_time_begins_at_what_the_clocks_showed_until_then() -> None:
    text = made(planned(schedule({"every": "week", "on": "tue", "at": "14:00"}), last="2027-12-31"))
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20270314T020000\r\nTZOFFSETFROM:-0600\r\nTZOFFSETTO:-0500\r\n" in text
    assert "BEGIN:STANDARD\r\nDTSTART:20271107T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0600\r\n" in text


def test_nothing_in_a_feed_gives_a_surprise_or_an_incident_away() -> None:
    surprise = {"id": "hidden", "surprise": {"once_in": "2 weeks", "from": "2027-01-04"}, "scenario": "login-outage"}
    fixed = {"id": "known", "every": "week", "on": "tue", "at": "14:00", "scenario": "billing-outage"}
    slots = planned(schedule(surprise, fixed), last="2027-01-17")
    hidden = next(one for one in slots if one.entry.id == "hidden")
    assert hidden.starts_at is not None
    for reader in ("players", "facilitators"):
        text = made(slots, reader=reader)
        drawn = hidden.starts_at.astimezone(ZoneInfo("America/Chicago"))
        words = (
            "login",
            "billing",
            "outage",
            "ana",
            "ben",
            "cai",
            "dee",
            f"{drawn:%Y%m%dT%H%M}",
            f"{hidden.starts_at:%Y%m%dT%H%M}",
        )
        assert [word for word in words if re.search(rf"\b{word}", text)] == []
        assert ("hidden" in text) == (reader == "facilitators")
    window = [
        one
        for one in icalendar.Calendar.from_ical(made(slots, reader="facilitators")).walk("VEVENT")
        if "hidden" in str(one["UID"])
    ]
    assert [(one.decoded("DTSTART"), one.decoded("DTEND"), str(one["TRANSP"])) for one in window] == [
        (date(2027, 1, 4), date(2027, 1, 18), "TRANSPARENT")
    ]


def test_a_slot_that_went_is_cancelled_and_one_that_changed_has_another_number() -> None:
    one = planned(schedule({"once": "2027-01-18", "at": "14:00"}, holidays=["2027-01-18"]))
    name = one[0].name
    said = Feed("Payments", zone("America/Chicago"), STAMP, {name: 3}, frozenset([name]), reminder=15)
    (event,) = icalendar.Calendar.from_ical(feed(one, said, "players")).walk("VEVENT")
    assert (str(event["STATUS"]), event.decoded("SEQUENCE"), event.walk("VALARM")) == ("CANCELLED", 3, [])
    assert b"BEGIN:VEVENT" not in feed(one, said._replace(cancelled=frozenset()), "players")
    kept = planned(schedule({"once": "2027-01-18", "at": "14:00"}))
    (event,) = icalendar.Calendar.from_ical(feed(kept, said._replace(cancelled=frozenset()), "players")).walk("VEVENT")
    assert (str(event["STATUS"]), len(event.walk("VALARM"))) == ("CONFIRMED", 1)


@given(st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore").decode()))
def test_any_title_is_read_as_it_is_but_for_what_cannot_be_seen(title: str) -> None:
    slots = planned(schedule({"once": "2027-01-18", "at": "14:00"}))
    data = feed(slots, Feed(title, zone("UTC"), STAMP), "players")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    seen = re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", title.replace("\r\n", "\n").replace("\r", "\n")
    )
    assert str(event["SUMMARY"]) == f"Drill: {seen}"
