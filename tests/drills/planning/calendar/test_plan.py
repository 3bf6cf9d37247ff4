"""The plan of a schedule: properties that hold for any, and what particular ones come to."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.planning.calendar.choice import Incident
from drills.planning.calendar.plan import Past
from drills.planning.calendar.slots import Slot
from scenarios.civil import DAYS_OF_WEEK, Hours, Span
from scenarios.schedule import Schedule
from scenarios.team import Member, Team
from tests.drills.planning.calendar.schedules import KEY, cases, planned, schedule, team

Case = tuple[Schedule, Team, dict[str, list[tuple[date, date]]]]


def within(hours: Hours, where: ZoneInfo, minute: int) -> bool:
    """Whether a minute lies in the hours of a zone, asked of the clock on the wall."""
    shown = datetime.fromtimestamp(minute * 60, UTC).astimezone(where)
    at, today = shown.hour * 60 + shown.minute, shown.weekday()
    spans: list[Span] = list(hours.get(DAYS_OF_WEEK[today], ()))
    over = [Span(one.start - 1440, one.end - 1440) for one in hours.get(DAYS_OF_WEEK[today - 1], ())]
    return any(one.start <= at < one.end for one in (*spans, *over))


def there(member: Member, what: Schedule, who: Team, away: list[tuple[date, date]], minute: int) -> bool:
    where = ZoneInfo(member.timezone or who.timezone)
    shown = datetime.fromtimestamp(minute * 60, UTC).astimezone(where)
    hours = member.hours or (what.hours if member.timezone else None)
    works = hours is None or within(hours, where, minute)
    return works and not any(first <= shown.date() <= last for first, last in away)


@given(cases())
def test_every_minute_of_a_drill_lies_inside_hours_with_a_quorum(case: Case) -> None:
    what, who, away = case
    where = ZoneInfo(who.timezone)
    for slot in planned(what, who, away=away):
        if slot.start is None or slot.end is None:
            assert slot.skipped
            continue
        for minute in range(slot.start, slot.end, 5):
            shown = datetime.fromtimestamp(minute * 60, UTC).astimezone(where)
            assert within(what.hours, where, minute)
            assert shown.date().isoformat() not in what.holidays
            for pause in what.quiet:
                assert not (pause.at and 720 <= shown.hour * 60 + shown.minute < 780)
                assert not (pause.since and pause.to and pause.since <= shown.date() <= pause.to)
            present = [one.id for one in who.members if there(one, what, who, away.get(one.id, []), minute)]
            assert len(present) >= (what.quorum.people or 0)
            assert set(slot.people) <= set(present)


@given(cases())
def test_one_slot_for_each_occurrence_or_window_or_a_reason(case: Case) -> None:
    what, who, away = case
    slots = planned(what, who, away=away)
    assert len({one.name for one in slots}) == len(slots)
    for slot in slots:
        assert (slot.start is None) == bool(slot.skipped)
        if slot.is_surprise and slot.starts_at is not None:
            assert slot.day <= slot.starts_at.astimezone(ZoneInfo(who.timezone)).date() <= slot.last
    held = sorted((one.start, one.end) for one in slots if one.start is not None and one.end is not None)
    assert all(before[1] <= after[0] for before, after in pairwise(held))


@given(cases())
def test_wall_time_is_what_the_file_says_but_in_gaps(case: Case) -> None:
    what, who, away = case
    where = ZoneInfo(who.timezone)
    for slot in planned(what, who, away=away):
        if slot.entry.at is None or slot.starts_at is None:
            continue
        shown = slot.starts_at.astimezone(where)
        said = datetime.combine(slot.day, slot.entry.at, where)
        exists = said.astimezone(UTC).astimezone(where).replace(tzinfo=None) == said.replace(tzinfo=None)
        assert (shown.date(), shown.time()) == (slot.day, slot.entry.at) or not exists
        assert not shown.fold


@given(cases(), st.integers(1, 80))
def test_a_plan_in_two_parts_is_the_plan(case: Case, cut: int) -> None:
    what, who, away = case
    middle = date(2027, 1, 1) + timedelta(cut)
    whole = planned(what, who, away=away)
    first = planned(what, who, last=middle.isoformat(), away=away)
    second = planned(what, who, (middle + timedelta(1)).isoformat(), since="2027-01-01", away=away)
    assert [*first, *second] == whole


@given(cases(), st.data())
def test_the_order_of_entries_changes_nothing(case: Case, data: st.DataObject) -> None:
    what, who, away = case
    entries = data.draw(st.permutations(what.drills))
    assert planned(what.model_copy(update={"drills": entries}), who, away=away) == planned(what, who, away=away)


@given(cases(), st.data())
def test_taking_away_a_day_that_was_not_drawn_moves_nothing(case: Case, data: st.DataObject) -> None:
    what, who, away = case
    only = what.model_copy(update={"drills": [one for one in what.drills if one.surprise] or what.drills[:1]})
    slots = planned(only, who, away=away)
    where = ZoneInfo(who.timezone)
    used = {one.starts_at.astimezone(where).date() for one in slots if one.starts_at is not None}
    free = [day for n in range(90) if (day := date(2027, 1, 1) + timedelta(n)) not in used]
    gone = data.draw(st.sampled_from(free)).isoformat()
    without = planned(only.model_copy(update={"holidays": [*only.holidays, gone]}), who, away=away)
    times = {one.name: one.start for one in without}
    assert all(times[one.name] == one.start for one in slots if one.start is not None)


@given(cases())
def test_who_leads_is_there_and_nobody_is_far_ahead_of_their_share(case: Case) -> None:
    what, who, away = case
    served: dict[tuple[str, str], float] = {}
    for slot in sorted(planned(what, who, away=away), key=lambda one: one.start or 0):
        for role, lead in slot.leads.items():
            assert lead.member in lead.could
            assert set(lead.could) <= set(slot.people)
            for one in lead.could:
                served[role, one] = served.get((role, one), 0) - 1 / len(lead.could)
            served[role, lead.member] += 1
            assert all(abs(value) < 1.5 for value in served.values())


def test_without_a_key_a_surprise_is_its_window() -> None:
    (slot,) = planned(schedule({"surprise": {"once_in": "2 weeks", "from": "2027-01-04"}}), last="2027-01-10", key=None)
    assert (slot.start, slot.skipped, slot.day, slot.last) == (None, "", date(2027, 1, 4), date(2027, 1, 17))
    assert not slot.leads


def starts(slots: list[Slot]) -> list[str]:
    return [one.starts_at.isoformat() if one.starts_at else one.skipped for one in slots]


def test_every_second_tuesday_through_the_change_of_clocks() -> None:
    every = {"every": "2 weeks", "on": "tuesday", "from": "2027-03-02", "at": "14:00"}
    assert starts(planned(schedule(every), last="2027-03-31")) == [
        "2027-03-02T20:00:00+00:00",
        "2027-03-16T19:00:00+00:00",  # Chicago put its clocks forward on the 14th
        "2027-03-30T19:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        ("2027-03-14", "02:30", "2027-03-14T08:30:00+00:00"),  # skipped: it is 03:30 then
        ("2027-03-14", "03:00", "2027-03-14T08:00:00+00:00"),
        ("2027-11-07", "01:30", "2027-11-07T06:30:00+00:00"),  # shown twice: the first
        ("2027-11-07", "02:00", "2027-11-07T08:00:00+00:00"),
    ],
)
def test_gaps_and_overlaps_of_the_clock(day: str, at: str, instant: str) -> None:
    one = schedule({"once": day, "at": at, "lasts": "30m"}, hours={"day": "00:00-24:00"})
    assert starts(planned(one, last="2027-12-31")) == [instant]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"holidays": ["US-IL"]}, "a holiday: Martin Luther King Jr. Day"),
        ({"holidays": ["2027-01-18"]}, "a holiday: a day without drills"),
        ({"quiet": [{"from": "2027-01-11", "to": "2027-01-18", "why": "change freeze"}]},
         "quiet from 2027-01-11 to 2027-01-18: change freeze"),
        ({"quiet": [{"every": "mon", "at": "14:30-15:00"}]},
         "outside the hours or in a quiet time (Monday 09:00-17:00)"),
        ({"hours": {"tue-fri": "09:00-17:00"}}, "outside the hours or in a quiet time (none on a Monday)"),
        ({"quorum": {"people": 4}}, "3 of 4 people are available"),
        ({"quorum": {"people": 1, "roles": ["communications"]}},
         "nobody who is available may take the role communications"),
        ({"quorum": {"people": 1, "roles": ["incident_commander", "solutioneer"]}},
         "the roles incident_commander, solutioneer need as many different people"),
    ],
)  # fmt: skip
def test_what_rules_a_slot_out_is_said(more: dict[str, object], why: str) -> None:
    members = [
        {"id": "ana", "roles": ["incident_commander", "solutioneer"]},
        {"id": "ben", "roles": ["other"]},
        {"id": "cai", "roles": ["other"]},
        {"id": "dee", "roles": ["communications", "solutioneer"]},
    ]
    away = {"dee": [(date(2027, 1, 18), date(2027, 1, 18))]}
    one = schedule({"once": "2027-01-18", "at": "14:00"}, **more)
    assert starts(planned(one, team(*members), away=away)) == [why]


def test_a_drill_that_ends_with_the_hours_is_inside_and_a_minute_later_is_not() -> None:
    for at, inside in (("16:00", True), ("16:01", False), ("09:00", True), ("08:59", False)):
        one = schedule({"once": "2027-01-18", "at": at, "lasts": "1h"})
        assert [slot.skipped == "" for slot in planned(one)] == [inside]


def test_of_two_at_once_the_later_is_left_out() -> None:
    early = {"id": "z", "once": "2027-01-18", "at": "14:00", "lasts": "1h"}
    late = {"id": "a", "once": "2027-01-18", "at": "14:59", "lasts": "1h"}
    after = {"id": "b", "once": "2027-01-18", "at": "15:00", "lasts": "1h"}
    slots = {one.entry.id: one.skipped for one in planned(schedule(early, late, after))}
    assert slots == {"z": "", "a": "z is at that time", "b": ""}


def test_a_surprise_is_kept_off_what_comes_on_time_and_apart_from_the_one_before() -> None:
    often = {"id": "often", "every": "day", "at": "09:00", "lasts": "7h"}
    rare = {"id": "rare", "surprise": {"once_in": "3 days", "from": "2027-01-04", "apart": "2 days"}, "lasts": "1h"}
    slots = planned(schedule(often, rare))
    times = [one for one in slots if one.entry.id == "rare" and one.starts_at is not None]
    assert {one.starts_at.astimezone(ZoneInfo("America/Chicago")).time() for one in times if one.starts_at} == {
        time(16)
    }
    days = [one.starts_at.date() for one in times if one.starts_at]
    assert min(after - before for before, after in pairwise(days)) >= timedelta(2)


def test_a_chance_leaves_windows_out_about_as_often_as_it_says() -> None:
    maybe = {"surprise": {"once_in": "week", "from": "2020-01-06", "maybe": "60%"}}
    slots = planned(schedule(maybe), first="2020-01-06", last="2029-12-31")
    none = sum(one.skipped == "this window has none: it was drawn so" for one in slots)
    assert len(slots) == 522
    assert 0.34 < none / len(slots) < 0.46  # four in ten; three standard errors are 6 %


def test_every_minute_of_a_window_is_drawn_about_as_often() -> None:
    one = schedule(
        {"surprise": {"once_in": "week", "from": "2000-01-03"}, "lasts": "7h"},
        hours={"mon": "09:00-17:00", "fri": "09:00-16:30"},
    )
    found = {"Mon": 0, "Fri": 0}
    for slot in planned(one, first="2000-01-03", last="2039-12-31"):
        assert slot.starts_at is not None
        found[f"{slot.starts_at:%a}"] += 1
    share = found["Mon"] / sum(found.values())  # 13 times to start on Mondays, 7 on Fridays
    assert abs(share - 13 / 20) < 0.04


def test_who_gave_a_turn_waits_longest_and_reasons_are_said() -> None:
    weekly = {
        "every": "week",
        "on": "tue",
        "at": "10:00",
        "turns": {"first_responder": {"among": ["ana", "ben", "cai"]}},
    }
    slots = planned(schedule(weekly), last="2027-02-09")
    leads = [one.leads["first_responder"] for one in slots]
    assert [one.member for one in leads] == ["ana", "ben", "cai", "ana", "ben", "cai"]
    assert leads[3].why == "once so far, and longest ago"


def test_who_is_new_plays_two_drills_before_leading() -> None:
    weekly = {"every": "week", "on": "tue", "at": "10:00"}
    past = Past(date(2027, 1, 1), played={"ana": 2, "ben": 2, "cai": 1})
    slots = planned(schedule(weekly), team({"id": "ana"}, {"id": "ben"}, {"id": "cai"}), last="2027-01-20", past=past)
    could = [one.leads["first_responder"].could for one in slots]
    assert could == [("ana", "ben"), ("ana", "ben", "cai"), ("ana", "ben", "cai")]


def test_the_commander_is_somebody_else_unless_nobody_is() -> None:
    weekly = {"every": "week", "on": "tue", "at": "10:00"}
    commands = [{"id": "ana", "roles": ["incident_commander"]}, {"id": "ben", "roles": ["solutioneer"]}]
    for one in planned(schedule(weekly), team(*commands)):
        assert one.leads["suggested_commander"].member == "ana"
    alone = planned(schedule(weekly, quorum={"people": 1}), team({"id": "ana"}))
    assert {one.leads["suggested_commander"].member for one in alone} == {"ana"}
    apart = {**weekly, "turns": {"suggested_commander": {"among": ["incident_commander"], "not": "first_responder"}}}
    strict = planned(schedule(apart, quorum={"people": 1}), team({"id": "ana"}))
    assert all("suggested_commander" not in one.leads for one in strict)


def test_what_nobody_has_seen_comes_first_and_nothing_comes_again_too_soon() -> None:
    choice = {"every": "week", "on": "tue", "at": "10:00", "scenario": {"not_seen_for": "3 weeks"}, "if_none": "skip"}
    incidents = {name: Incident((1,), ()) for name in ("one", "two")}
    slots = planned(schedule(choice), last="2027-02-09", incidents=incidents)
    assert {slots[0].scenario, slots[1].scenario} == {"one", "two"}
    assert slots[2].skipped == "no incident is left that was not seen"
    assert slots[3].scenario == slots[0].scenario
    repeat = schedule({**choice, "if_none": "repeat"})
    third = planned(repeat, last="2027-02-09", incidents=incidents)[2]
    assert (third.scenario, third.scenario_why.partition(";")[0]) == (
        slots[0].scenario,
        "a repeat: none is left that was not seen",
    )
    randomly = schedule({**choice, "if_none": "random"})
    assert planned(randomly, last="2027-02-09", incidents=incidents)[2].scenario == "random"


def test_another_key_draws_otherwise_and_the_same_key_alike() -> None:
    one = schedule({"surprise": {"once_in": "2 weeks", "from": "2027-01-04"}})
    assert planned(one) == planned(one, key=KEY)
    assert planned(one) != planned(one, key=b"l" * 32)


def test_nothing_comes_after_the_last_day() -> None:
    weekly = {"id": "weekly", "every": "week", "on": "tue", "at": "10:00", "until": "2027-01-19"}
    any_day = {"id": "any", "surprise": {"once_in": "2 weeks", "from": "2027-01-04"}, "until": "2027-01-20"}
    slots = planned(schedule(weekly, any_day))
    assert [one.day.day for one in slots if one.entry.id == "weekly"] == [5, 12, 19]
    assert [(one.day.day, one.last.day) for one in slots if one.entry.id == "any"] == [(4, 17), (18, 20)]
    for key in (bytes([number]) * 32 for number in range(20)):
        for one in planned(schedule(any_day), key=key):
            assert one.starts_at is not None
            assert one.starts_at.date() <= date(2027, 1, 20)
