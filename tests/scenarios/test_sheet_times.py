"""When the rows of a sheet come: every form of time that real sheets have, and what can be meant in several ways."""

import pytest

from scenarios.base import format_duration
from scenarios.sheets.corrections import Corrections
from scenarios.sheets.understanding import Understanding, understand


def sheet(said: list[str], head: str = "Time,Message", **corrected: object) -> Understanding:
    rows = "".join("".join(f'"{cell}",' for cell in one.split("|")) + "x\n" for one in said)
    return understand(f"{head}\n{rows}".encode(), "sheet.csv", Corrections(**corrected))  # type: ignore[arg-type]


def at(said: str, head: str = "Time,Message", **corrected: object) -> list[str]:
    found = sheet(said.split(" / "), head, **corrected)
    assert found.times.choices == ()
    assert not [line for line in found.lines if line.missing]
    return [line.inject["at"] for line in found.lines]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("0900 / 0905 / 0930 / 1000", "0s 5m 30m 1h"),
        ("900 / 905 / 930 / 1000", "0s 5m 30m 1h"),
        ("0900Z / 0930 hrs", "0s 30m"),
        ("02:00 / 02:30 / 06:30 / 08:00", "0s 30m 4h30m 6h"),
        ("02:00 / 02:05 / 02:30", "0s 5m 30m"),
        ("09:30 / 09:00 / 09:05", "30m 0s 5m"),
        ("22:10 / 23:25 / 00:35", "0s 1h15m 2h25m"),
        ("11:50 pm / 12:05 am", "0s 15m"),
        ("9am / 9:30am / 1 p.m.", "0s 30m 4h"),
        ("14:05 / 14:10 / 15:00", "0s 5m 55m"),
        ("8:00 / 8:45 / 9:00 / 10:05", "0s 45m 1h 2h5m"),
        ("9h05 / 9h30 / 10h00", "0s 25m 55m"),
        ("09.05 / 09.30 / 10.15", "0s 25m 1h10m"),
        ("2026-03-31 09:05 / 2026-03-31 09:35", "0s 30m"),
        ("Fri, Oct 7, 2016 07:18 / Fri, Oct 7, 2016 08:12", "0s 54m"),
        ("31.03.2026 9:05 / 31.03.2026 9:20", "0s 15m"),
        ("3/31/2026 9:05 AM / 3/31/2026 1:05 PM", "0s 4h"),
        ("0.375 / 0.3784722222", "0s 5m"),
        ("0 / 5 / 12.5 / 1h10m", "0s 5m 12m30s 1h10m"),
        ("0 / 5 / 30 / 90 / 120", "0s 5m 30m 1h30m 2h"),
        ("T+0 / T+5 / +12 / 15 min", "0s 5m 12m 15m"),
        ("StartEx+5 min / StartEx + 1 h", "5m 1h"),
        ("Start / after 5 minutes / 1 hour and 10 minutes", "0s 5m 1h10m"),
        ("0:00 / 0:05 / 1:10", "0s 5m 1h10m"),
        ("0:30 / 8:00 / 41:15", "30s 8m 41m15s"),
        ("00:00:30 / 00:08:00", "30s 8m"),
        ("90s / 2m", "1m30s 2m"),
    ],
)
def test_times_are_read_as_people_write_them(said: str, read: str) -> None:
    assert at(said) == read.split()


@pytest.mark.parametrize(
    ("said", "choices"),
    [
        ("1:30 / 3:45 / 5:00", ("mm:ss", "hh:mm", "clock")),
        ("0:00 / 0:30 / 1:45 / 4:00 / 7:30", ("mm:ss", "hh:mm")),
        ("T+1:30 / T+3:45 / T+5:00", ("mm:ss", "hh:mm")),
        ("03:00:00 / 05:00:00 / 09:00:00 / 14:00:00", ("mm:ss", "clock")),
        ("05:00 / 10:00 / 15:00 / 20:00", ("mm:ss", "clock")),
    ],
)
def test_what_can_be_meant_in_several_ways_is_asked_and_the_answer_counts(said: str, choices: tuple[str, ...]) -> None:
    assert sheet(said.split(" / ")).times.choices == choices
    for choice in choices:
        assert sheet(said.split(" / "), times=choice).times.choices == ()


def test_each_way_reads_the_same_times_differently() -> None:
    assert at("1:30 / 3:45 / 5:00", times="mm:ss") == ["1m30s", "3m45s", "5m"]
    assert at("1:30 / 3:45 / 5:00", times="hh:mm") == ["1h30m", "3h45m", "5h"]
    assert at("1:30 / 3:45 / 5:00", times="clock") == ["0s", "2h15m", "3h30m"]
    assert at("0:00 / 1:45 / 7:30", times="hh:mm") == ["0s", "1h45m", "7h30m"]
    assert at("03:00:00 / 05:00:00", times="mm:ss") == ["3m", "5m"], "a spreadsheet took 3:00 for an hour"


def test_the_heading_may_say_how_times_are_meant() -> None:
    assert at("1:30 / 3:45", "Time (mm:ss),Message") == ["1m30s", "3m45s"]
    assert at("1:30 / 3:45", "Time [h:mm],Message") == ["1h30m", "3h45m"]
    assert at("1 / 2", "Time (hours),Message") == ["1h", "2h"]


def test_rows_that_are_not_in_order_keep_their_times_and_are_named() -> None:
    found = sheet(["09:30", "09:00", "09:05"])
    assert found.times.meant == "times of day, from 09:00 on"
    assert found.notes == ["the rows are not in the order of their times: row 3 is earlier than the row before"]


@pytest.mark.parametrize(
    ("said", "head"),
    [
        ("2026-03-31 09:00 / 2026-04-01 09:15", "Time,Message"),
        ("Day 1 09:00 / Day 2 09:15", "Time,Message"),
        ("Mon 09:00 / Tue 09:15", "Time,Message"),
        ("2026-03-31|09:00 / 2026-04-01|09:15", "Date,Time,Message"),
        ("1|09:00 / 2|09:15", "Day,Time,Message"),
        ("31/12/2026|0900 / 1/1/2027|0915", "Date,Time,Message"),
    ],
)
def test_over_days_the_story_jumps_or_the_drill_waits_as_somebody_says(said: str, head: str) -> None:
    assert at(said, head, jumps=False) == ["0s", "24h15m"]
    found = sheet(said.split(" / "), head)
    assert [(line.inject["at"], line.inject.get("skips"), line.story) for line in found.lines] == [
        ("0s", None, 0),
        ("5m", "24h10m", 87_300_000),
    ]
    assert found.times.begins == 9 * 3_600_000
    assert [note for note in found.notes if "jumps ahead once" in note and "24h15m" in note]


def test_days_without_times_become_jumps_of_whole_days() -> None:
    found = sheet(["Day 1", "Day 1", "Day 3", "Day 5"])
    assert [(line.inject["at"], line.inject.get("skips")) for line in found.lines] == [
        ("0s", None), ("5m", None), ("10m", "48h"), ("15m", "48h"),
    ]  # fmt: skip
    assert found.times.begins is None
    assert found.times.meant == "days, counted from the first"
    assert "the sheet says days and no times: injects of one day come 5 minutes apart" in found.notes


def test_over_midnight_to_the_next_evening_the_story_jumps() -> None:
    found = sheet(["22:10", "23:25", "00:35", "18:00"])
    assert [(line.inject["at"], format_duration(line.story)) for line in found.lines] == [
        ("0s", "0s"), ("1h15m", "1h15m"), ("2h25m", "2h25m"), ("2h30m", "19h50m"),
    ]  # fmt: skip
    assert "row 4 is after midnight, on the next day" in found.notes


def test_days_and_months_are_told_apart_by_the_whole_column() -> None:
    assert at("7/10/2016 09:00 / 8/10/2016 09:00", jumps=False) == ["0s", "24h"]
    assert at("10/7/2016 09:00 / 10/8/2016 09:00", jumps=False) == ["0s", "24h"]


def test_a_time_that_cannot_be_read_is_marked_and_comes_after_the_one_above() -> None:
    found = sheet(["5", "soon", "2026-02-30 09:00"])
    assert [line.inject["at"] for line in found.lines] == ["5m", "8m", "11m"]
    assert [line.missing for line in found.lines[1:]] == [
        ("when it comes; the table says 'soon', which is no time",),
        ("when it comes; the table says '2026-02-30 09:00', which is no time",),
    ]
