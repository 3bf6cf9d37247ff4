"""Our own table of injects comes back: each inject is the one that it was, and the file says what it cannot hold."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports.msel import msel_csv, msel_xlsx, words_of
from scenarios.base import Model
from scenarios.load import load_protocol, load_scenario, protocol_for, read_as
from scenarios.lookup import names
from scenarios.scenario import Inject, Scenario
from scenarios.sheets.draft import draft_of
from scenarios.sheets.understanding import understand
from scenarios.source import parse
from tests.support.extent import examples, sampled

OFFICELUV = load_protocol("officeluv")


def again(table: bytes) -> Scenario:
    draft = draft_of("again", understand(table, "msel.csv"))
    return read_as(Scenario, "scenario", parse(draft.text.encode(), "again.yaml")).model


def plain(model: Model) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True)


def test_a_condition_names_roles_and_severities_as_the_protocol_does() -> None:
    asked = {"id": "x", "to": "everyone", "text": "What now?"}
    open_ten = Inject.model_validate({**asked, "when": {"role_open": "incident_commander", "for": "5m"}})
    declared = Inject.model_validate({**asked, "when": {"severity_declared": 1}, "unless": {"severity_declared": 0}})
    assert words_of(open_ten, OFFICELUV) == "when Incident Commander is open for 5m"
    assert words_of(declared, OFFICELUV) == "when severity 1, Critical is declared, unless a false alarm is declared"


@pytest.mark.parametrize("name", sampled(names("scenario"), 9))
def test_every_inject_of_the_library_comes_back_as_it_was(name: str) -> None:
    scenario = load_scenario(name)
    protocol = protocol_for(scenario)
    for table in (msel_csv(scenario, protocol), msel_xlsx(scenario, protocol)):
        back = again(table)
        assert {one.id: plain(one) for one in back.injects} == {one.id: plain(one) for one in scenario.injects}
        assert [plain(back.report), back.vary, back.begins, back.teaches] == [
            plain(scenario.report),
            scenario.vary,
            scenario.begins,
            scenario.teaches,
        ]
        assert (
            msel_csv(back, protocol).splitlines()[: len(back.injects)]
            == (msel_csv(scenario, protocol).splitlines()[: len(back.injects)])
        )


def test_the_last_rows_name_what_the_table_cannot_hold() -> None:
    scenario = load_scenario("login-outage")
    rows = list(csv.DictReader(io.StringIO(msel_csv(scenario, OFFICELUV).decode("utf-8-sig"))))
    notes = [row["Message"] for row in rows if row["Number"] == "Note"]
    assert notes[0] == (
        "Not in this table: the title, the severity, the topic, the brief, the impact, the solution, when it ends"
    )
    assert f"Not in this table: {len(scenario.actions)} actions (" in notes[-1]
    assert all(action.id in notes[-1] for action in scenario.actions)


def test_the_table_opens_well_in_a_spreadsheet() -> None:
    """With the mark that Excel needs, with times that it does not take for hours, with no formula."""
    scenario = load_scenario("login-outage")
    written = msel_csv(scenario, OFFICELUV)
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert rows[2][1] == "3m"
    book = load_workbook(io.BytesIO(msel_xlsx(scenario, OFFICELUV)))
    cells = [cell for row in book["MSEL"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    printed = book["MSEL"].oddHeader
    assert printed is not None
    assert book.properties.subject == printed.center.text == "This is a drill"
    assert len(cells) > 100


def test_what_a_spreadsheet_or_a_person_changed_counts() -> None:
    """Times that Excel saved as hours, another separator and encoding, a time and a text that somebody wrote anew."""
    scenario = load_scenario("login-outage")
    rows = list(csv.reader(io.StringIO(msel_csv(scenario, OFFICELUV).decode("utf-8-sig"))))
    first, second = (row for row in rows if row[0] in ("2", "3"))
    first[1], second[1], second[6] = "03:30:00", "12m", "Is it you?\nOr us?"
    saved = io.StringIO()
    csv.writer(saved, delimiter=";").writerows(rows)
    back = again(saved.getvalue().encode("cp1252", "replace"))
    one, other = back.inject(first[2]), back.inject(second[2])
    assert one is not None
    assert other is not None
    assert (one.at, other.at, other.text) == (210_000, 720_000, "Is it you?\nOr us?")


_TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), st.sampled_from("=+-@'\"{}\n\t;,\u200b")),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() != "")
_LINES = _TEXTS.map(lambda text: " ".join(text.split()) or "x").filter(lambda text: "\u2028" not in text)
_SPANS = st.integers(1, 40_000).map(lambda seconds: f"{seconds}s")
_CONDITIONS = st.sampled_from(
    [
        {"role_open": "incident_commander", "for": "6m"},
        {"any": [{"silent": "customers"}, {"all": [{"published": 2}, {"severity_declared": 1}]}]},
        {"not": {"resolved": True}, "for": "90s"},
        {"action_done": "look-at-it"},
    ]
)


@st.composite
def injects(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {"id": f"made-{draw(st.integers(0, 10**6))}", "text": draw(_TEXTS)}
    made |= draw(st.sampled_from([{"at": draw(_SPANS)}, {"when": draw(_CONDITIONS)}, {"after": "act", "delay": "2m"}]))
    made["to"] = draw(st.sampled_from(["everyone", "solutioneer", "first_responder", "channel", "incident_commander"]))
    made["via"] = draw(st.sampled_from(["alert", "call", "email", "chat", "customer", "in_person"]))
    if draw(st.booleans()):
        made |= {"from": draw(_LINES), "expects": {"act": draw(st.sampled_from(["reply", "log", "publish"])),
                                                   "target": "90s", "deadline": "6m"}}  # fmt: skip
    if draw(st.booleans()):
        made |= {"unless": draw(_CONDITIONS), "chance": 0.8, "signals": {"errors": 12.5}}
    return made


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(injects(), min_size=1, max_size=5, unique_by=lambda one: one["id"]))
def test_whatever_injects_say_they_come_back(made: list[dict[str, Any]]) -> None:
    scenario = load_scenario("login-outage").model_copy(
        update={"injects": [Inject.model_validate(one) for one in made]}
    )
    back = again(msel_csv(scenario, OFFICELUV))
    assert {one.id: plain(one) for one in back.injects} == {one.id: plain(one) for one in scenario.injects}


def test_a_column_that_is_no_json_is_refused_with_its_row() -> None:
    table = b"Number,Time,Inject,From,To,Method,Message,Within,At the latest,Also\n1,3m,a,b,all,chat,c,,,{nonsense\n"
    with pytest.raises(
        Exception, match=r"msel.csv:2:1: the column Also is not JSON, or not of the form \{key: value\}"
    ):
        understand(table, "msel.csv")


def test_what_a_new_text_names_stands_beside_what_is_drawn_already() -> None:
    scenario = load_scenario("login-outage")
    assert scenario.vary
    made = Inject.model_validate({"id": "new", "at": "1m", "to": "everyone", "text": "The {gadget} is hot."})
    back = again(msel_csv(scenario.model_copy(update={"injects": [made]}), OFFICELUV))
    assert list(back.vary) == [*scenario.vary, "gadget"]
    assert [plain(one) for one in back.injects] == [plain(made)]
