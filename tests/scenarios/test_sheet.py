"""A spreadsheet's table of injects becomes a draft that lints and can be played, with what is missing marked."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.planning.materials import gather, plan_drill
from reports.msel import msel_csv
from scenarios.base import format_duration
from scenarios.lint import lint
from scenarios.load import load_protocol, load_scenario
from scenarios.problem import LoadError
from scenarios.scenario import Scenario
from scenarios.sheet import Draft, draft_of
from scenarios.source import parse
from simulator.events import FollowUpClosed
from tests.support import play

HEAD = "Time,From,To,Method,Message,Expected action\n"


def made(rows: str, head: str = HEAD) -> tuple[Scenario, Draft]:
    draft = draft_of("mine", (head + rows).encode(), "sheet.csv")
    return Scenario.model_validate(parse(draft.text.encode(), "mine.yaml").data), draft


def refusal(content: bytes) -> str:
    with pytest.raises(LoadError) as caught:
        draft_of("mine", content, "sheet.csv")
    [problem] = caught.value.problems
    return str(problem)


def times(rows: list[str]) -> list[str]:
    scenario, _ = made("".join(f"{row},a,b,chat,x,\n" for row in rows))
    return [format_duration(inject.at or 0) for inject in scenario.injects]


def test_a_usual_table_becomes_a_scenario_that_lints_and_plays(tmp_path: Path) -> None:
    rows = (
        "09:00,Operations,Incident Commander,Phone,Orders have stopped. How bad is it?,Briefs the leadership\n"
        '09:04,A customer,Comms,E-mail,"I paid, and nothing came.",Publish a first statement\n'
        "09:09,Monitoring,Engineers,Pager,Queue 4 is full,Log it\n"
    )
    scenario, draft = made(rows)
    first, second, third = scenario.injects
    assert (first.at, first.to, first.via, first.sender) == (0, ["incident_commander"], "call", "Operations")
    assert [one.act for one in first.acts] == ["update"]
    assert (second.at, second.to, second.via, second.text) == (
        240_000,
        ["communications"],
        "email",
        "I paid, and nothing came.",
    )
    assert [one.act for one in second.acts] == ["publish"]
    assert (third.at, third.to, third.via) == (540_000, ["solutioneer"], "alert")
    assert len(draft.missing) == 5
    assert "read as times of day" in draft.text
    file = tmp_path / "mine.yaml"
    file.write_text(draft.text, encoding="utf-8")
    assert [str(problem) for problem in lint(file)] == []
    assert isinstance(play(plan_drill(gather(file), 1)).events[-1], FollowUpClosed)


def test_what_the_table_does_not_say_is_marked_where_it_is_missing() -> None:
    _, draft = made("5,Ops,Facilities,Pigeon,Hello,Dance\n,,,,And then?,\nsoon,,,,And now?,\n")
    marks = [line.strip() for line in draft.text.splitlines() if line.strip().startswith("# MISSING: w")]
    marks += [line.strip() for line in draft.text.splitlines() if line.strip().startswith("# MISSING: how it")]
    assert marks == [
        "# MISSING: who it goes to; the table says 'Facilities', and until you say who, it goes to everyone",
        "# MISSING: what it expects; the table says 'Dance', which is not one of the acts",
        "# MISSING: when it comes; the table does not say",
        "# MISSING: when it comes; the table says 'soon', which is no time",
        "# MISSING: how it comes; the table says 'Pigeon', which is none of alert, call, in_person, email, chat, customer",  # noqa: E501 - as it stands
    ]
    assert len(draft.missing) == 5 + len(marks)
    assert draft.text.count("at: 5m") + draft.text.count("at: 8m") + draft.text.count("at: 11m") == 3


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        (["0", "5", "12.5", "1h10m"], ["0s", "5m", "12m30s", "1h10m"]),
        (["T+0", "T+5", "+12", "15 min"], ["0s", "5m", "12m", "15m"]),
        (["0:00", "0:05", "1:10"], ["0s", "5m", "1h10m"]),
        (["0:30", "8:00", "41:15"], ["30s", "8m", "41m15s"]),
        (["00:00:30", "00:08:00"], ["30s", "8m"]),
        (["14:05", "14:10", "15:00"], ["0s", "5m", "55m"]),
        (["11:50 pm", "12:05 am"], ["0s", "15m"]),
        (["90s", "2m"], ["1m30s", "2m"]),
    ],
)
def test_times_are_read_as_people_write_them(rows: list[str], read: list[str]) -> None:
    assert times(rows) == read


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator_any_order_and_other_names_of_columns(separator: str) -> None:
    head = separator.join(["#", "Description", "Recipient", "Scheduled time", "Source"])
    row = separator.join(["1", "It burns", "all", "3", "Neighbour"])
    scenario, _ = made(f"{row}\n", f"﻿{head}\n")
    [inject] = scenario.injects
    assert (inject.text, inject.to, inject.at, inject.sender) == ("It burns", ["everyone"], 180_000, "Neighbour")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "sheet.csv:1:1: there is no row below the headings (a row for each inject)"),
        (HEAD.encode(), "sheet.csv:1:1: there is no row below the headings (a row for each inject)"),
        (b"Tyme,Text\n1,x\n", "sheet.csv:1:1: no column is the inject's time (did you mean time?)"),
        (
            b"Time,Colour\n1,x\n",
            "sheet.csv:1:1: no column is the inject's text (call it text or message or description)",
        ),
        (b"Time,Text\n1,\n", "sheet.csv:2:1: this inject says nothing (write its text, or take the row out)"),
        (b"Time,Text\n1,\xff\n", "sheet.csv: this is not UTF-8 text (save it as CSV in UTF-8)"),
        (
            b'Time,Text\n1,"x\n',
            "sheet.csv: this is not a CSV file: unexpected end of data (export it from the spreadsheet again)",
        ),
        (b"Time,Text\n" + b"1,x\n" * 501, "sheet.csv: there are 501 rows (at most 500 are read)"),
        (b"Time,Text\n1," + b"x" * 4001 + b"\n", "sheet.csv:2:1: the text has 4,001 characters (at most 4,000)"),
    ],
)
def test_what_is_no_table_of_injects_is_refused_with_its_place(content: bytes, says: str) -> None:
    assert refusal(content) == says


def test_the_name_must_be_one() -> None:
    with pytest.raises(LoadError, match="this cannot be the name of a scenario"):
        draft_of("My Drill", (HEAD + "1,a,b,c,d,\n").encode(), "sheet.csv")


def test_our_own_table_of_injects_comes_back_with_the_same_texts() -> None:
    scenario, protocol = load_scenario("login-outage"), load_protocol("officeluv")
    draft = draft_of("again", msel_csv(scenario, protocol), "msel.csv")
    back = Scenario.model_validate(parse(draft.text.encode(), "again.yaml").data)
    said = {" ".join(inject.text.split()).replace("{", "(").replace("}", ")") for inject in scenario.injects}
    assert said <= {inject.text for inject in back.injects}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]), max_size=30)] * 6),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_stands_in_the_cells_the_draft_is_a_scenario_or_it_is_refused(cells: list[tuple[str, ...]]) -> None:
    """Nothing that somebody typed into a cell becomes YAML, a name to fill or a line of its own."""
    written = io.StringIO()
    csv.writer(written).writerows([HEAD.strip().split(","), *cells])
    try:
        draft = draft_of("mine", written.getvalue().encode(), "sheet.csv")
    except LoadError:
        return
    scenario = Scenario.model_validate(parse(draft.text.encode(), "mine.yaml").data)
    assert [inject.id for inject in scenario.injects] == [
        f"inject-{place + 1}" for place in range(len(scenario.injects))
    ]
    assert [action.id for action in scenario.actions] == ["look-for-the-cause", "fix-it"]
    assert not any(set(inject.text) & set("{}") for inject in scenario.injects)
