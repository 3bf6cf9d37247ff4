"""Schedules and absences as people write them: what is understood, and what an error says."""

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.civil import DAYS_OF_WEEK, Every, Span, day, spans
from scenarios.lint import lint
from scenarios.schedule import Entry, Schedule, needs_beginning

TEAM = """\
team: payments
title: Payments
timezone: America/Chicago
facilitators: [fay]
members:
  - {id: ana, name: Ana}
  - {id: ben, name: Ben}
  - {id: cai, name: Cai}
  - {id: dee, name: Dee}
"""
DESIGN = """\
schedule: payments
team: payments                       # teams/payments.yaml
hours: {mon-fri: 09:00-17:00}
holidays: [US-IL]
quiet:
  - {every: day, at: 12:00-13:00}
  - {from: 2026-12-18, to: 2027-01-03, why: change freeze}
quorum: {people: 3, roles: [incident_commander, communications]}
firm: 7d
grace: 15m
drills:
  - {id: tuesday, every: 2 weeks, on: tuesday, from: 2027-01-05, at: 14:00, lasts: 60m, scenario: login-outage}
  - id: fortnight
    surprise: {once_in: 2 weeks, from: 2027-01-04, apart: 4 days, maybe: 85%}
    lasts: 45m
    scenario: {tags: [bad-deploy, database]}
    tell: {bystanders: 15m before}
  - id: weekly
    every: week
    on: [wednesday]
    at: 10:00
    turns:
      first_responder: {among: [ana, ben, cai, dee]}
      suggested_commander: {among: [incident_commander], not: first_responder}
    away: {from: absences.yaml, also: leave_calendar}
    scenario: {pick: least_recently_seen, severity: [1, 2, 0], tags: [payments], not_seen_for: 26 weeks, by: anybody}
    if_none: random
  - {id: gate-review, once: 2027-03-16, at: 15:00, lasts: 90m, scenario: two-truths, protocol: pagerduty-style}
  - {id: alone, every: week, on: thursday, at: 11:00, scenario: random, facilitator: engine, fill: simulated}
  - {id: month-end, rrule: "FREQ=MONTHLY;BYDAY=-1FR", at: 15:00, scenario: random}
hold:
  when: incident
  from: {pagerduty: [P1, P2], alertmanager: {severity: critical}}
  at_most: 4h
  after: 1h
  then: within_window
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "drillroom.toml").touch()
    (tmp_path / "teams").mkdir()
    (tmp_path / "teams" / "payments.yaml").write_text(TEAM)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(text: str, name: str = "schedule.yaml") -> list[str]:
    Path(name).write_text(text)
    return [f"{one.line}:{one.column}: {one.message}" for one in lint(Path(name))]


def entry(**keys: object) -> Entry:
    return Entry.model_validate({"id": "x", **keys})


@pytest.mark.usefixtures("place")
def test_the_example_of_the_guide_has_no_problem() -> None:
    assert said(DESIGN) == []


@pytest.mark.usefixtures("place")
def test_one_line_of_a_drill_is_enough() -> None:
    assert said("schedule: s\nteam: payments\ndrills: [{id: a, every: week, on: tue, at: 10:00}]\n") == []


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("drill", "problem"),
    [
        ("every: 0 weeks, on: tue, at: 10:00", "4:20: `every`: 0 weeks is never over; leave the drill out instead"),
        ("every: 2 weeks, on: tue, at: 10:00", "`every: 2 weeks` needs `from`, which says in which one it begins"),
        ("every: 2 weeks, on: tue, from: 2027-01-06, at: 10:00", "`from` is 2027-01-06, a Wednesday, and `on`"),
        ("every: month, at: 10:00", "`every`: how often is written like day, week or 2 weeks; `rrule` says what is"),
        ("every: week, at: 10:00", "say on which days of the week with `on`, such as `on: tuesday`"),
        ("every: week, on: tuseday, at: 10:00", "`on`: 'tuseday' is not a day of the week; write it like tuesday"),
        ("every: week, on: tue", "say the time of day with `at`, such as `at: 14:00`"),
        ("every: week, on: tue, at: 24:00", "`at`: nothing begins at 24:00; write 00:00 of the next day"),
        ("every: week, on: tue, at: 9am", "`at`: '9am' is not a time of day; write it like 14:00"),
        ("every: week, on: tue, at: 16:30", "16:30-17:30 is outside the hours on Tuesday (09:00-17:00)"),
        ("every: week, on: sat, at: 10:00", "10:00-11:00 is outside the hours on Saturday (none)"),
        ("once: 2027-02-30, at: 10:00", "`once`: there is no day 2027-02-30"),
        ("once: 1999-12-31, at: 10:00", "`once`: 1999-12-31 is too far away; a calendar's days lie between 2000"),
        ("once: 2027-02-01, at: 10:00, from: 2027-01-01", "`from` stands beside `once`"),
        ("at: 10:00", "say when: `every`, `once`, `rrule` or `surprise`"),
        ("once: 2027-02-01, every: day, at: 10:00", "it has `every` and `once`; one of them"),
        ("surprise: {once_in: 36h, from: 2027-01-01}", "`once_in` is in whole days, such as 2 weeks or 4 days"),
        ("surprise: {once_in: 4 days, from: 2027-01-01, apart: 4 days}", "`apart` must be shorter"),
        ("surprise: {once_in: 2 weeks, from: 2027-01-01}, at: 10:00", "the time of a surprise is drawn"),
        ("surprise: {once_in: 2 weeks, from: 2027-01-01}, lasts: 9h", "it lasts 540 minutes, longer than any stretch"),
        ("rrule: FREQ=SECONDLY, at: 10:00", "FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("rrule: FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2, at: 10:00", "with FREQ=DAILY, only INTERVAL, BYDAY and BYMONTH"),
        ("rrule: FREQ=MONTHLY;BYDAY=XX, at: 10:00", "it is no rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR"),
        ("rrule: FREQ=MONTHLY;BYDAY=1FR;BYHOUR=3, at: 10:00", "BYHOUR has no place in a rule here"),
        ("rrule: FREQ=MONTHLY;INTERVAL=2;BYDAY=1FR, at: 10:00", "this rule needs `from`, the day with which it"),
        ("rrule: FREQ=MONTHLY, at: 10:00", "this rule needs `from`, the day with which it"),
        ("every: week, on: tue, at: 10:00, scenario: login-outtage", "there is no scenario 'login-outtage'"),
        ("every: week, on: tue, at: 10:00, scenario: {tag: [x]}", "unknown key `tag`"),
        ("every: week, on: tue, at: 10:00, scenario: {pick: newest}", "`pick` cannot be 'newest'"),
        ("every: week, on: tue, at: 10:00, scenario: Login Outage", "'Login Outage' is not an id"),
        ("every: week, on: tue, at: 10:00, protocol: ours", "there is no protocol 'ours'"),
        ("every: week, on: tue, at: 10:00, turns: {first_responder: {among: [anna]}}", "no member or role 'anna'"),
        ("every: week, on: tue, at: 10:00, turns: {facilitator: {among: [ana]}}", "there is no facilitator 'ana'"),
        ("every: week, on: tue, at: 10:00, turns: {first_responder: {among: [ana], not: first_responder}}",
         "`first_responder` cannot be `not` itself"),
        ("every: week, on: tue, at: 10:00, on_call: {from: PAGES, who: first_responder}", "name a `cover`"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_drill_is_said(drill: str, problem: str) -> None:
    found = said(f"schedule: s\nteam: payments\ndrills:\n  - {{id: a, {drill}}}\n")
    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("team: paiments", "2:7: there is no team 'paiments'"),
        ("team: payments\ntimezone: localtime", "3:11: there is no time zone 'localtime'"),
        ("team: payments\nholidays: [Germany]", "3:12: 'Germany' is no country whose holidays are known"),
        ("team: payments\nholidays: [US-XX]", "3:12: US has no region 'XX'; there are AK, "),
        ("team: payments\nquorum: {people: 5}", "3:18: the team has 4 members, so 5 are never there"),
        ("team: payments\nquorum: {roles: [commander]}", "3:18: there is no role 'commander'"),
        ("team: payments\nquiet: [{every: day}]", "3:9: item 1 of `quiet`: give `every` and `at`, or `from` and `to`"),
        ("team: payments\nquiet: [{from: 2027-02-02, to: 2027-02-01}]", "it ends on 2027-02-01, before it begins"),
        ("team: payments\nhours: {mon-fri: 09:00-17:00, tue: 09:00-12:00}", "`hours`: Tuesday is said twice"),
        ("team: payments\nhours: {mon-fri: [09:00-12:00, 11:00-17:00]}", "09:00-12:00 and 11:00-17:00 overlap"),
        ("team: payments\nfirm: 7", "`firm`: a length of time is written like 7d, 4 days, 2 weeks or 90m"),
    ],
)
def test_what_is_wrong_with_a_schedule_is_said(lines: str, problem: str) -> None:
    found = said(f"schedule: s\n{lines}\ndrills:\n  - {{id: a, every: day, on: mon-fri, at: 10:00}}\n")
    assert len(found) == 1
    assert problem in found[0]


@pytest.mark.usefixtures("place")
def test_two_drills_of_one_id_are_refused() -> None:
    two = "schedule: s\nteam: payments\ndrills:\n" + 2 * "  - {id: a, every: week, on: tue, at: 10:00}\n"
    assert said(two) == ["1:1: this file: two drills have one id: a"]


@pytest.mark.usefixtures("place")
def test_ten_thousand_drills_are_refused_at_once() -> None:
    Path("schedule.yaml").write_text(
        "schedule: s\nteam: payments\ndrills:\n" + "".join(f"  - {{id: a{n}, every: day}}\n" for n in range(10_000))
    )
    before = time.process_time()
    (found,) = lint(Path("schedule.yaml"))
    assert found.message == "there is too much in this file"
    assert time.process_time() - before < 1  # a hundred milliseconds, on a machine that others use as well


@pytest.mark.usefixtures("place")
def test_absences_name_people_of_a_team() -> None:
    assert said("absences:\n  - {who: ana, from: 2027-01-04, to: 2027-01-08}\n", "absences.yaml") == []
    wrong = "absences:\n  - {who: anna, from: 2027-01-04}\n"
    assert said(wrong, "absences.yaml") == ["2:11: there is no person 'anna'"]
    backwards = "absences:\n  - {who: ana, from: 2027-01-04, to: 2027-01-03}\n"
    assert said(backwards, "absences.yaml") == ["2:5: item 1 of `absences`: it ends on 2027-01-03, before it begins"]


def test_hours_over_midnight_go_on_into_the_next_day(place: Path) -> None:
    del place
    hours = "schedule: s\nteam: payments\nhours: {fri: 22:00-06:00}\n"
    text = f"{hours}drills:\n  - {{id: a, every: week, on: sat, at: 04:00}}\n"
    assert said(text) == []
    assert said(text.replace("04:00", "05:30"))[0] == "5:39: 05:30-06:30 is outside the hours on Saturday (00:00-06:00)"


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_stretch_is_read_as_it_is_written(start: int, end: int) -> None:
    text = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    if start == end:
        with pytest.raises(ValueError, match="no stretch of time"):
            spans(text)
    else:
        (found,) = spans(text)
        assert found == Span(start, end if end > start else end + 1440)
        assert str(found) == text.replace("-00:00", "-24:00")


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_a_day_is_read_as_it_is_written(at: date) -> None:
    assert day(at.isoformat()) == at


@pytest.mark.parametrize(
    ("on", "days"),
    [
        ("tuesday", ["tue"]), ("Tue", ["tue"]), (["wed", "monday"], ["mon", "wed"]),
        ("fri-mon", ["mon", "fri", "sat", "sun"]),
        ("day", list(DAYS_OF_WEEK)),
    ],
)  # fmt: skip
def test_days_of_the_week(on: object, days: list[str]) -> None:
    assert entry(every="week", on=on, at="10:00").on == tuple(days)


GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "schedule.md"
ENTRY = ("turns", "scenario", "if_none")


@pytest.mark.usefixtures("place")
def test_every_part_of_a_file_that_the_guide_shows_has_no_problem() -> None:
    """A part may be of an entry, of a schedule or of a team, or absences; what it leaves out is added."""
    team = TEAM.replace("dee", "chloe").replace("[fay]", "[fay, gil]").replace("title:", "timezone: UTC\ntitle:", 1)
    Path("teams/payments.yaml").write_text(team.replace("timezone: America/Chicago\n", ""))
    head, drill = "schedule: s\nteam: payments\n", "drills:\n  - id: a\n    every: week\n    on: tue\n    at: 10:00\n"
    shown = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text(), re.M | re.S)[1:]
    kinds = set()
    for text in shown:
        kind = text.split(":")[0]
        kinds.add(kind)
        if kind == "absences":
            assert said(text, "absences.yaml") == []
        elif kind == "members":
            assert said(f"team: t\ntitle: T\n{text}", "team.yaml") == []
        elif kind == "scenario":
            first, second, last = text.splitlines()
            for one in (first, second):
                assert said(f"{head}{drill}    {one}\n    {last}\n") == []
        elif kind in ENTRY:
            assert said(head + drill + "".join(f"    {line}\n" for line in text.splitlines())) == []
        else:
            assert said(head + text + ("" if kind == "drills" else drill)) == []
    assert kinds == {"drills", "hours", "members", "absences", "turns", "scenario"}


def test_how_often() -> None:
    assert entry(every="day", at="10:00").every == Every(1, "day")
    assert str(Every(2, "week")) == "2 weeks"


def test_a_schedule_says_the_same_after_it_was_written() -> None:
    from scenarios.source import parse

    made = Schedule.model_validate(parse(DESIGN.encode(), "x").data)
    assert Schedule.model_validate_json(made.as_json) == made


def test_rules_that_need_their_first_day() -> None:
    assert not needs_beginning("FREQ=MONTHLY;BYDAY=-1FR")
    assert not needs_beginning("FREQ=DAILY")
    assert needs_beginning("FREQ=WEEKLY")
    assert needs_beginning("FREQ=DAILY;INTERVAL=2")


@pytest.mark.usefixtures("place")
def test_a_file_of_actions_is_checked_and_a_scenario_that_begins_with_them_is_one() -> None:
    assert said("actions:\n  - {action: first.7, due: 2027-03-16}\n", "actions.yaml") == []
    assert said("actions:\n  - {action: first.7, due: soon}\n", "actions.yaml") == [
        "2:28: `due`: 'soon' is not a day; write it like 2027-03-16"
    ]
    scenario = Path("scenario.yaml")
    scenario.write_text("actions: []\nscenario: x\n")
    assert "`title` is missing" in [one.message for one in lint(scenario)]
    assert [one.message for one in lint(Path()) if one.file == "actions.yaml"] != []
