"""What a team remembers: people are known again by their names, and what was held counts, not what was planned."""

from datetime import date, timedelta
from pathlib import Path

from drills.planning.calendar.choice import Incident
from drills.planning.calendar.memory import Held, past_of
from drills.planning.calendar.plan import Past
from drills.planning.calendar.presence import Presence
from drills.planning.calendar.workspace import Planned
from tests.drills.planning.calendar.schedules import planned, schedule, team

WEEKLY = {"id": "weekly", "every": "week", "on": "tue", "from": "2027-01-05", "at": "10:00"}
TODAY = date(2027, 2, 1)


def held(day: int, scenario: str, joined: tuple[str, ...], led: tuple[str, ...] = ()) -> Held:
    at = date(2027, 1, day)
    return Held((at - date(1970, 1, 1)).days * 1440, at, scenario, joined, led, ("Ana", "Ben", "Cai", "Dee"))


def past(*drills: Held) -> Past:
    one = Planned(Path("schedule.yaml"), Presence(schedule(WEEKLY), team()), "incident_commander")
    return past_of(one, drills, TODAY)


def test_people_are_known_by_their_names_and_strangers_are_nobody() -> None:
    found = past(
        held(12, "two", ("Ana", "  BEN ", "Zoe"), ("Zoe", "Ben", "Ana")),
        held(5, "one", ("Ana", "Cai"), ("Ana",)),
        held(19, "one", ("Zoe",), ("Zoe",)),
    )
    assert (found.since, found.until) == (date(2027, 1, 5), TODAY)
    assert found.played == {"ana": 2, "ben": 1, "cai": 1}
    assert [(one.role, one.member, one.could) for one in found.led] == [
        ("suggested_commander", "ana", ("ana", "cai")),
        ("suggested_commander", "ben", ("ana", "ben")),
    ]
    assert found.seen == {"one": {"ana": date(2027, 1, 5), "cai": date(2027, 1, 5)},
                          "two": {"ana": date(2027, 1, 12), "ben": date(2027, 1, 12)}}  # fmt: skip


def test_what_was_only_planned_before_today_counts_for_nobody() -> None:
    nothing = past()
    slots = planned(schedule(WEEKLY), last="2027-02-16", past=nothing)
    assert [bool(one.leads) for one in slots] == [False] * 4 + [True] * 3
    assert slots[4].leads["first_responder"].why == "no turn so far; first in the team's file"
    busy = past(*(held(day, "one", ("Ana", "Ben", "Cai", "Dee"), ("Ana",)) for day in (5, 12, 19, 26)))
    after = planned(schedule(WEEKLY), last="2027-02-16", past=busy)
    commands = [one.leads["suggested_commander"].member for one in after if one.leads]
    assert commands[0] != "ana"
    assert {one.start for one in after} == {one.start for one in slots}, "times do not depend on it"


def test_a_surprise_stays_where_it_is_whatever_day_it_is() -> None:
    surprise = {"surprise": {"once_in": "week", "from": "2027-01-04", "apart": "6 days"}}
    times = {one.name: one.start for one in planned(schedule(surprise), last="2027-03-31")}
    for days in range(0, 60, 7):
        before = Past(date(2027, 1, 4), date(2027, 1, 4) + timedelta(days))
        assert {one.name: one.start for one in planned(schedule(surprise), last="2027-03-31", past=before)} == times


def test_what_was_seen_in_a_drill_is_not_played_again() -> None:
    choice = {**WEEKLY, "scenario": {"not_seen_for": "8 weeks"}, "if_none": "skip"}
    incidents = {"one": Incident((1,), ())}
    fresh = planned(schedule(choice), first="2027-02-02", last="2027-02-02", past=past(), incidents=incidents)
    assert [one.scenario for one in fresh] == ["one"]
    seen = past(held(26, "one", ("Ana",)))
    (left_out,) = planned(schedule(choice), first="2027-02-02", last="2027-02-02", past=seen, incidents=incidents)
    assert left_out.skipped == "no incident is left that was not seen"
