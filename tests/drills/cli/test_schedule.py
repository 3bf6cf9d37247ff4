"""`schedule`: what it prints of a workspace's calendar, and what it says if it cannot."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.drills.command_line import call, refused

SCHEDULE = """\
schedule: ours
team: our-team
holidays: [2027-01-19]
drills:
  - {id: tuesday, every: week, on: tuesday, from: 2027-01-05, at: 14:00, scenario: login-outage}
  - {id: any-day, surprise: {once_in: 2 weeks, from: 2027-01-04}}
"""
RANGE = ("--from", "2027-01-01", "--to", "2027-01-20")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    assert call("init", ".").exit_code == 0
    Path("schedule.yaml").write_text(SCHEDULE)
    return tmp_path


def data(*args: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    result = call("schedule", *args, "--json")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_what_comes_is_listed_in_the_order_of_time() -> None:
    lines = call("schedule", "list", *RANGE).stdout.splitlines()
    assert lines[0].split("  ")[0] == "When (Etc/UTC)"
    assert [line.split("  ")[0] for line in lines[1:] if line[0] != " "] == [
        "Mon 4 Jan to Sun 17 Jan 2027",
        "Tue 5 Jan 2027, 14:00",
        "Tue 12 Jan 2027, 14:00",
        "Mon 18 Jan to Sun 31 Jan 2027",
        "Tue 19 Jan 2027",
    ]
    assert "a surprise" in lines[1]
    assert lines[2].split()[5:] == ["tuesday", "login-outage", "Ana", "Ruiz", "Ben", "Okafor"]
    assert lines[5].split() == ["Tue", "19", "Jan", "2027", "tuesday", "none:", "a", "holiday:", "a", "day", "without"]


def test_the_same_as_data() -> None:
    slots = data("list", *RANGE)["slots"]
    assert [one["slot"] for one in slots] == [
        "ours/any-day/2027-01-04",
        "ours/tuesday/2027-01-05",
        "ours/tuesday/2027-01-12",
        "ours/any-day/2027-01-18",
        "ours/tuesday/2027-01-19",
    ]
    assert (slots[1]["starts"], slots[1]["turns"]["first_responder"]["who"]) == ("2027-01-05T14:00:00+00:00", "ana")
    assert (slots[0]["starts"], slots[0]["people"], slots[0]["window_ends"]) == (None, [], "2027-01-17")
    assert slots[4]["left_out"] == "a holiday: a day without drills"


def test_a_narrow_screen_still_says_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    shown = call("schedule", "list", *RANGE).stdout
    assert max(map(len, shown.splitlines())) <= 40
    assert {"login-outage", "Ana", "surprise"} <= set(shown.split())


def test_why_a_slot_is_as_it_is() -> None:
    Path("absences.yaml").write_text("absences:\n  - {who: ana, from: 2027-01-12}\n")
    found = data("why", "tuesday/2027-01-12")
    assert found["reasons"]["people"] == [
        {"who": "ana", "available": False, "turns": []},
        {"who": "ben", "available": True, "turns": ["First responder"]},
        {"who": "chloe", "available": True, "turns": ["Commander"]},
    ]
    shown = call("schedule", "why", "ours/any-day/2027-01-18").stdout
    assert "Tue 19 Jan 2027  a holiday: a day without drills" in shown
    assert "Wed 20 Jan 2027  nothing; 85 times to start" in shown
    assert "left out: a holiday" in call("schedule", "why", "tuesday/2027-01-19").stdout


def test_the_next_drill_and_its_reasons() -> None:
    Path("schedule.yaml").write_text(SCHEDULE.replace("2027", "2099").replace("2099-01-05", "2099-01-06"))
    assert call("schedule", "next").stdout == "No drill comes within a year.\n"
    every = "schedule: ours\nteam: our-team\ndrills: [{id: daily, every: day, at: 12:00, scenario: random}]\n"
    Path("schedule.yaml").write_text(every + "hours: {day: 00:00-24:00}\n")
    lines = call("schedule", "next").stdout.splitlines()
    assert lines[0].startswith("daily: ")
    assert lines[0].endswith(("(1h, Etc/UTC), within a day", "(1h, Etc/UTC), in 1 day"))
    assert lines[-1] == "Every day at 12:00, UTC time; 1h; a random incident."


def test_what_is_doubtful_is_said_and_what_can_never_be_is_an_error() -> None:
    found = data("check", *RANGE)["problems"]
    assert found == [
        {
            "schedule": "ours",
            "severity": "warning",
            "where": "ours/tuesday/2027-01-19",
            "message": "left out: a holiday: a day without drills",
        }
    ]
    Path("absences.yaml").write_text(
        "absences:\n" + "".join(f"  - {{who: {one}, from: 2027-01-01, to: 2027-12-31}}\n" for one in ("ana", "ben"))
    )
    found = data("check", *RANGE, code=1)["problems"]
    assert {"schedule": "ours", "severity": "error", "where": "tuesday",
            "message": "none of its 3 can be: 1 of 2 people are available"} in found  # fmt: skip


def test_days_on_which_the_clocks_change_are_named() -> None:
    team = Path("teams/our-team.yaml")
    team.write_text(team.read_text().replace("Etc/UTC ", "Europe/Berlin "))
    night = "hours: {day: 00:00-24:00}\ndrills:\n  - {id: night, every: week, on: sun, from: 2027-03-28, at: 02:30}\n"
    Path("schedule.yaml").write_text(f"schedule: ours\nteam: our-team\n{night}")
    found = data("check", "--from", "2027-03-01", "--to", "2027-10-31")["problems"]
    assert [(one["where"], one["message"]) for one in found] == [
        ("ours/night/2027-03-28", "the clocks skip 02:30 that day; it starts at 03:30"),
        ("ours/night/2027-10-31", "the clocks show 02:30 twice that day; it starts at the first"),
    ]


def test_what_a_change_moves() -> None:
    Path("new.yaml").write_text(SCHEDULE.replace("14:00", "15:00").replace("2027-01-19", "2027-01-12"))
    found = data("diff", "new.yaml", *RANGE, code=1)["changes"]
    assert [(one["change"], (one["after"] or one["before"])["slot"]) for one in found] == [
        ("moves", "ours/tuesday/2027-01-05"),
        ("goes", "ours/tuesday/2027-01-12"),
        ("comes", "ours/tuesday/2027-01-19"),
    ]
    Path("new.yaml").write_text(SCHEDULE)
    assert call("schedule", "diff", "new.yaml", *RANGE).stdout == "It moves nothing from 2027-01-01 to 2027-01-20.\n"


def test_several_teams_and_nobody_in_two_drills_at_once() -> None:
    Path("schedule.yaml").unlink()
    Path("schedules").mkdir()
    drill = "{id: tuesday, every: week, on: tuesday, from: 2027-01-05, at: 14:00, scenario: random}"
    for name in ("first", "second"):
        Path(f"schedules/{name}.yaml").write_text(f"schedule: {name}\nteam: our-team\ndrills: [{drill}]\n")
    slots = data("list", *RANGE)["slots"]
    held = {one["slot"]: one["left_out"] for one in slots if one["day"] == "2027-01-05"}
    assert held == {"first/tuesday/2027-01-05": None, "second/tuesday/2027-01-05": "0 of 2 people are available"}
    assert [one["schedule"] for one in data("list", *RANGE, "--schedule", "second")["slots"]] == ["second"] * 3


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("list", "--from", "1.2.2027"), "--from: '1.2.2027' is not a day; write it like 2027-03-16"),
        (("list", "--from", "2027-02-01", "--to", "2027-01-01"), "--to 2027-01-01 comes before --from 2027-02-01"),
        (("list", "--from", "2027-01-01", "--to", "2047-01-01"), "that is more than ten years; ask for less"),
        (("list", "--schedule", "theirs"), "there is no schedule 'theirs'; there is ours"),
        (("why", "tuesday/2027-01-06"), "there is no slot tuesday/2027-01-06; `drillroom schedule list` lists them"),
        (("why", "tuseday/2027-01-05"), "there is no slot tuseday/2027-01-05; on that day there is tuesday/2027-01-05"),
        (("why", "tuesday"), "SLOT: 'tuesday' is not a day; write it like 2027-03-16"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(args: tuple[str, ...], message: str) -> None:
    assert message in refused("schedule", *args)


def test_a_schedule_that_is_wrong_or_missing_is_said() -> None:
    Path("schedule.yaml").write_text(SCHEDULE.replace("our-team", "our-teem"))
    assert "schedule.yaml:2:7: there is no team 'our-teem' (did you mean our-team?)" in refused("schedule", "list")
    Path("schedule.yaml").unlink()
    assert refused("schedule", "list").endswith("`drillroom new schedule NAME` writes one")


def test_a_new_schedule_lints_and_shows() -> None:
    Path("schedule.yaml").unlink()
    said = call("new", "schedule", "second").stdout
    assert said.splitlines()[1:] == ["  drillroom lint schedules/second.yaml", "  drillroom schedule list"]
    assert call("lint", ".").exit_code == 0
    assert "fortnight" in call("schedule", "list", *RANGE).stdout


def test_an_absence_is_added_at_the_end_of_the_file() -> None:
    said = call("schedule", "away", "ana", "2027-01-12")
    assert said.stdout == "ana is away on 2027-01-12, says absences.yaml.\n"
    assert Path("absences.yaml").read_text() == "absences:\n  - {who: ana, from: 2027-01-12}\n"
    Path("absences.yaml").write_text("# ours\nabsences:  # who\n  - who: ben\n    from: 2027-02-01  # a week\n")
    assert call("schedule", "away", "ana", "2027-01-12", "2027-01-15").exit_code == 0
    assert Path("absences.yaml").read_text() == (
        "# ours\nabsences:  # who\n  - who: ben\n    from: 2027-02-01  # a week\n"
        "  - {who: ana, from: 2027-01-12, to: 2027-01-15}\n"
    )
    assert call("lint", "absences.yaml").exit_code == 0
    people = data("why", "tuesday/2027-01-12")["reasons"]["people"]
    assert people[0] == {"who": "ana", "available": False, "turns": []}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("anna", "2027-01-12"), "there is nobody 'anna' in a scheduled team; did you mean 'ana'?"),
        (("ana", "tomorrow"), "DAY: 'tomorrow' is not a day; write it like 2027-03-16"),
        (("ana", "2027-01-12", "2027-01-11"), "2027-01-11 comes before 2027-01-12"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(args: tuple[str, ...], message: str) -> None:
    assert message in refused("schedule", "away", *args)
    assert not Path("absences.yaml").exists()


def test_a_file_that_cannot_be_added_to_is_left_as_it_is() -> None:
    Path("absences.yaml").write_text("absences: [{who: ben, from: 2027-02-01}]\n")
    assert "add it by hand: - {who: ana, from: 2027-01-12}" in refused("schedule", "away", "ana", "2027-01-12")
    assert Path("absences.yaml").read_text() == "absences: [{who: ben, from: 2027-02-01}]\n"


def test_the_calendar_as_a_file_for_other_calendars() -> None:
    text = call("schedule", "ics", *RANGE).stdout
    assert text.count("BEGIN:VEVENT") == 2
    assert "any-day" not in text
    assert call("schedule", "ics", *RANGE, "--for", "facilitators").stdout.count("BEGIN:VEVENT") == 4
    assert call("schedule", "ics", *RANGE, "--out", "drills.ics").stdout == "Wrote drills.ics\n"
    assert "already exists" in refused("schedule", "ics", "--out", "drills.ics")
    Path("schedules").mkdir()
    Path("schedules/second.yaml").write_text(SCHEDULE.replace("schedule: ours", "schedule: second"))
    assert refused("schedule", "ics").endswith("name one with --schedule: ours, second")


def test_a_schedule_is_shown_as_sentences() -> None:
    lines = [" ".join(line.split()) for line in call("show", "schedule.yaml").stdout.splitlines()]
    assert lines[:2] == ["ours", "for the team our-team, in the team's time zone"]
    assert "Monday 09:00-17:00" in lines
    assert "tuesday Every Tuesday at 14:00; 1h; the incident login-outage." in lines
    assert "any-day By surprise, once in 2 weeks; 1h; a random incident." in lines
    assert "is a schedule; --facilitator and --msel need a scenario" in refused("show", "schedule.yaml", "--msel")


def test_the_group_alone_is_a_call_for_help_and_a_wrong_word_is_named() -> None:
    alone = call("schedule")
    assert (alone.exit_code, alone.stdout) == (0, call("schedule", "--help").stdout)
    assert "schedule has no command 'lst'; did you mean 'list'?" in refused("schedule", "lst")
