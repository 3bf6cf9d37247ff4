"""Entries as sentences, and a team's two years as people would have circled them in a calendar."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from drills.planning.calendar.sentences import entry_words
from scenarios.schedule import Entry
from tests.drills.planning.calendar.schedules import planned, schedule, team


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"every": "2 weeks", "on": "tuesday", "from": "2027-01-05", "at": "14:00", "scenario": "login-outage"},
         "Every second Tuesday at 14:00, Chicago time; 1h; the incident login-outage."),
        ({"every": "week", "on": ["wed", "mon"], "at": "10:00", "lasts": "90m"},
         "Every Monday and Wednesday at 10:00, Chicago time; 1h30m; a random incident."),
        ({"every": "day", "at": "10:00"}, "Every day at 10:00, Chicago time; 1h; a random incident."),
        ({"every": "5 days", "from": "2027-01-05", "at": "10:00"},
         "Every 5th day at 10:00, Chicago time; 1h; a random incident."),
        ({"once": "2027-03-16", "at": "15:00"},
         "On Tuesday, 16 March 2027 at 15:00, Chicago time; 1h; a random incident."),
        ({"rrule": "FREQ=MONTHLY;BYDAY=-1FR", "at": "15:00"},
         "By the rule FREQ=MONTHLY;BYDAY=-1FR at 15:00, Chicago time; 1h; a random incident."),
        ({"surprise": {"once_in": "2 weeks", "from": "2027-01-04", "apart": "4 days", "maybe": "85%"}},
         "By surprise, once in 2 weeks, 85% of the time, at least 4 days apart, Chicago time; 1h; a random incident."),
        ({"every": "week", "on": "tue", "at": "10:00", "scenario": {"severity": [1, 2, 0], "tags": ["payments"]}},
         "Every Tuesday at 10:00, Chicago time; 1h; an incident of severity 1, 2 or 0 about payments that was seen "
         "longest ago."),
    ],
)  # fmt: skip
def test_an_entry_is_a_sentence(entry: dict[str, Any], words: str) -> None:
    assert entry_words(Entry.model_validate({"id": "x", **entry}), "America/Chicago") == words


def test_two_years_are_as_somebody_would_circle_them_by_hand() -> None:
    """The last Friday of each month at 16:00 in Berlin, for people in Berlin, Lisbon, Chicago and Kolkata.

    Written from a printed calendar: Germany, Portugal and India rest on their holidays, Chicago is there from nine,
    Kolkata until half past eight in the evening, and three of the four must come. Berlin and Chicago change their
    clocks on different Sundays.
    """
    members = [
        {"id": "ada", "hours": {"mon-fri": "09:00-17:30"}},
        {"id": "bea", "timezone": "Europe/Lisbon", "hours": {"mon-fri": "09:00-17:00"}},
        {"id": "cal", "timezone": "America/Chicago", "hours": {"mon-fri": "09:00-17:00"}},
        {"id": "dev", "timezone": "Asia/Kolkata", "hours": {"mon-fri": "12:00-20:30"}},
    ]
    what = schedule(
        {"id": "last-friday", "rrule": "FREQ=MONTHLY;BYDAY=-1FR", "at": "16:00", "lasts": "60m"},
        hours={"mon-fri": "09:00-18:00"},
        holidays=["DE", "PT", "IN"],
        quorum={"people": 3},
    )
    away = {"bea": [(date(2027, 8, 16), date(2027, 8, 31))], "dev": [(date(2028, 4, 24), date(2028, 4, 28))]}
    slots = planned(what, team(*members, zone="Europe/Berlin"), "2027-01-01", "2028-12-31", away=away)
    chicago = ZoneInfo("America/Chicago")
    found = {
        one.day.isoformat(): f"{one.starts_at.astimezone(chicago):%H:%M} {' '.join(one.people)}"
        if one.starts_at is not None
        else one.skipped
        for one in slots
    }
    assert found == {
        "2027-01-29": "09:00 ada bea cal",  # 16:00 in Berlin is 20:30 in Kolkata: too late for dev
        "2027-02-26": "09:00 ada bea cal",
        "2027-03-26": "a holiday: Good Friday",
        "2027-04-30": "09:00 ada bea cal dev",  # now it is 19:30 there
        "2027-05-28": "09:00 ada bea cal dev",
        "2027-06-25": "09:00 ada bea cal dev",
        "2027-07-30": "09:00 ada bea cal dev",
        "2027-08-27": "09:00 ada cal dev",  # bea is away
        "2027-09-24": "09:00 ada bea cal dev",
        "2027-10-29": "a holiday: Diwali",
        "2027-11-26": "09:00 ada bea cal",
        "2027-12-31": "09:00 ada bea cal",
        "2028-01-28": "09:00 ada bea cal",
        "2028-02-25": "09:00 ada bea cal",
        "2028-03-31": "09:00 ada bea cal dev",
        "2028-04-28": "09:00 ada bea cal",  # dev is away
        "2028-05-26": "09:00 ada bea cal dev",
        "2028-06-30": "09:00 ada bea cal dev",
        "2028-07-28": "09:00 ada bea cal dev",
        "2028-08-25": "09:00 ada bea cal dev",
        "2028-09-29": "09:00 ada bea cal dev",
        "2028-10-27": "09:00 ada bea cal dev",
        "2028-11-24": "09:00 ada bea cal",
        "2028-12-29": "09:00 ada bea cal",
    }
