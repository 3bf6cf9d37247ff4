"""A sheet of injects, as teams keep them, becomes a draft that lints and can be played, with what is missing marked."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.planning.materials import gather, plan_drill
from scenarios.lint import lint
from scenarios.problem import LoadError
from scenarios.scenario import Scenario
from scenarios.sheets.corrections import Corrections
from scenarios.sheets.draft import Draft, draft_of
from scenarios.sheets.summary import read_as
from scenarios.sheets.understanding import Understanding, understand
from scenarios.source import parse
from simulator.events import FollowUpClosed
from tests.support import play
from tests.support.extent import examples

HEAD = "Time,From,To,Method,Message,Expected action\n"
HSEEP = (
    "Event #,Event Time,Event Description,Responsible Controller,Recipient Player(s),Mode of Delivery,"
    "Expected Outcome of Player Action\n"
)


def understood(content: str | bytes, **corrected: object) -> Understanding:
    raw = content if isinstance(content, bytes) else content.encode()
    return understand(raw, "sheet.csv", Corrections(**corrected))  # type: ignore[arg-type]  # as each test says


def made(rows: str, head: str = HEAD) -> tuple[Scenario, Draft]:
    draft = draft_of("mine", understood(head + rows))
    return Scenario.model_validate(parse(draft.text.encode(), "mine.yaml").data), draft


def refusals(content: bytes, **corrected: object) -> list[str]:
    with pytest.raises(LoadError) as caught:
        draft_of("mine", understood(content, **corrected))
    return [str(problem) for problem in caught.value.problems]


def acts(said: str, **corrected: object) -> list[str]:
    """What an expectation becomes, `?` for one that is marked for the author."""
    [line] = understood(HEAD + f'5,Press,Comms,call,Hello,"{said}"\n', **corrected).lines
    asked = line.inject.get("expects", [])
    found = [one["act"] for one in ([asked] if isinstance(asked, dict) else asked)]
    return [*found, *("?" for note in line.missing if note.startswith("what it expects"))]


def test_a_usual_table_becomes_a_scenario_that_lints_and_plays(tmp_path: Path) -> None:
    rows = (
        "5,Operations,Incident Commander,Phone,Orders have stopped. How bad is it?,Briefs the leadership\n"
        '9,A customer,Comms,E-mail,"I paid, and nothing came.",Publish a first statement\n'
        "14,Monitoring,Engineers,Pager,Queue 4 is full,Log it\n"
    )
    scenario, draft = made(rows)
    first, second, third = scenario.injects
    assert (first.at, first.to, first.via, first.sender) == (300_000, ["incident_commander"], "call", "Operations")
    assert (second.at, second.to, second.via, second.text) == (
        540_000,
        ["communications"],
        "email",
        "I paid, and nothing came.",
    )
    assert (third.at, third.to, third.via) == (840_000, ["solutioneer"], "alert")
    assert [acts("Briefs the leadership"), acts("Publish a first statement"), acts("Log it")] == [
        ["update"],
        ["publish"],
        ["log"],
    ]
    assert len(draft.missing) == 5
    file = tmp_path / "mine.yaml"
    file.write_text(draft.text, encoding="utf-8")
    found = lint(file)
    assert [str(problem) for problem in found if "this is still to be written: " not in problem.message] == []
    assert {problem.severity for problem in found} == {"warning"}
    assert isinstance(play(plan_drill(gather(file), 1)).events[-1], FollowUpClosed)


def test_what_the_table_does_not_say_is_marked_where_it_is_missing() -> None:
    _, draft = made("5,Ops,Facilities,Pigeon,Hello,Dance\n,,,,And then?,\nsoon,,,,And now?,\n")
    marks = [line.strip() for line in draft.text.splitlines() if line.strip().startswith("# MISSING: w")]
    marks += [line.strip().partition(", which is none of")[0] for line in draft.text.splitlines()
              if line.strip().startswith("# MISSING: how it comes")]  # fmt: skip
    assert marks == [
        "# MISSING: who it goes to; the table says 'Facilities', and until you say who, it goes to everyone",
        "# MISSING: what it expects; the table says 'Dance', which is not one of the acts",
        "# MISSING: when it comes; the table does not say",
        "# MISSING: when it comes; the table says 'soon', which is no time",
        "# MISSING: how it comes; the table says 'Pigeon'",
    ]
    assert len(draft.missing) == 5 + len(marks)
    assert draft.text.count("at: 5m") + draft.text.count("at: 8m") + draft.text.count("at: 11m") == 3


def test_the_draft_says_how_the_sheet_was_read_and_what_of_it_is_not_used() -> None:
    sheet = understood("Lake,,,\nId,Time,Colour,Text\n1,5,blue,It burns\n2,7,red,\n", columns={"number": ""})
    said = read_as(sheet)
    assert said == [
        "read as: text in UTF-8, separated by commas; headings in row 2",
        "columns: time = 'Time', text = 'Text'",
        "columns not used: 'Id', 'Colour'",
        "times: minutes from the start",
        "rows that are no injects: 1 (above the headings: 'Lake'), 4 (no text of an inject: '2 7 red')",
    ]
    assert all(f"#   {line}\n" in draft_of("mine", sheet).text for line in said)


def test_the_headings_of_public_exercises_are_used() -> None:
    rows = "1,0:05,The disk is full,Control cell,Solutioneer,Phone,Reply to control\n"
    sheet = understood(HSEEP + rows)
    [line] = sheet.lines
    assert line.inject == {
        "id": "inject-1", "at": "5m", "to": "solutioneer", "via": "call", "text": "The disk is full",
        "expects": {"act": "reply", "target": "4m", "deadline": "10m"},
    }  # fmt: skip
    assert line.remark == "Control cell sees to it"
    assert sheet.headings.unused == []
    delivered = understood("Event Time,Event Description,Method of Delivery,Recipient Player\n5,x,Radio,PIO\n").lines[0]
    assert (delivered.inject["via"], delivered.inject["to"]) == ("call", "communications")


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ("PIO", "communications"),
        ("Public Information Officer", "communications"),
        ("PIO (Public Information Officer)", "communications"),
        ("IR Lead", "incident_commander"),
        ("All teams", "everyone"),
        ("All", "everyone"),
        ("On-call engineer", "solutioneer"),
        ("The engineers", "solutioneer"),
        ("IC and Comms", ["incident_commander", "communications"]),
        ("Solutioneers / IR Lead", ["solutioneer", "incident_commander"]),
        ("Marketing and Communications", "communications"),
        ("SimCell", "facilitator"),
        ("Controllers only", "facilitator"),
        ("Legal", "everyone"),
        ("", "everyone"),
    ],
)
def test_whom_a_sheet_names(said: str, to: object) -> None:
    assert understood(HEAD + f'5,x,"{said}",call,Hello,\n').lines[0].inject["to"] == to


@pytest.mark.parametrize(
    ("said", "via"),
    [
        ("PagerDuty", "alert"),
        ("MARCS Radio", "call"),
        ("E-mail", "email"),
        ("Slack message", "chat"),
        ("Paper patients", "chat"),
        ("Social Media", "customer"),
    ],
)
def test_how_a_sheet_says_that_it_comes(said: str, via: str) -> None:
    assert understood(HEAD + f"5,x,IC,{said},Hello,\n").lines[0].inject["via"] == via


def test_what_is_not_known_is_named_once_for_the_whole_sheet_and_said_once() -> None:
    rows = "5,x,ED,Tannoy,Hello,Beds are found\n6,x,ED and IC,Tannoy,Hello,Beds are found\n"
    sheet = understood(HEAD + rows)
    assert [tuple(one) for one in sheet.unknown] == [
        ("to", "ED", (2, 3)), ("via", "Tannoy", (2, 3)), ("expected", "Beds are found", (2, 3)),
    ]  # fmt: skip
    told = understood(HEAD + rows, means={"ed": "solutioneer", "TANNOY": "call", "Beds are found": "log"})
    assert told.unknown == ()
    assert [line.inject["to"] for line in told.lines] == ["solutioneer", ["solutioneer", "incident_commander"]]
    assert [line.inject["expects"]["act"] for line in told.lines] == ["log", "log"]
    assert understood(HEAD + rows, means={"Beds are found": "nothing"}).lines[0].inject.get("expects") is None
    assert refusals((HEAD + rows).encode(), means={"ED": "solutionear", "IC": "boss"}) == [
        "sheet.csv: 'ED' cannot mean 'solutionear' (did you mean solutioneer?)",
        "sheet.csv: 'IC' cannot mean 'boss' (a time such as 10m, or one of incident_commander, solutioneer, "
        "communications, " + refusals((HEAD + rows).encode(), means={"IC": "boss"})[0].partition("communications, ")[2],
    ]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("No response required", []),
        ("For information only - no reply expected", []),
        ("Do not publish anything", []),
        ("Do not publish; reply to the caller", ["reply"]),
        ("Replies without publishing anything", ["reply"]),
        ("Publish a statement no later than 10:00", ["publish"]),
        ("N/A", []),
        ("Tells customers", ["publish"]),
        ("Notifies customers", ["publish"]),
        ("Post a message to the status page", ["publish"]),
        ("Updates the status page", ["publish"]),
        ("Statement released to media", ["publish"]),
        ("ED staff call a code; leadership is notified", ["update"]),
        ("Declare the severity", ["declare_severity"]),
        ("Logs the decision and replies", ["log", "reply"]),
        ("Records what was done", ["log"]),
        ("post-incident review", ["?"]),
        ("ransom note", ["?"]),
        ("records are restored", ["?"]),
        ("Responders isolate the host", ["?"]),
        ("task force", ["?"]),
        ("Escalates to legal", ["?"]),
        ("Team restores the database", ["?"]),
        ("Checks the login page", ["?"]),
        ("Installs the security update", ["?"]),
    ],
)
def test_expectations_are_whole_words_in_their_sense_or_marked_for_the_author(said: str, found: list[str]) -> None:
    assert acts(said) == found


def test_rows_for_controllers_are_the_facilitators_and_expect_nothing() -> None:
    rows = (
        ",8:00,Exercise set-up,,,,\n,8:45,Player briefing,,Players,,\n,9:00,Start of Exercise (StartEx),,,,\n"
        "1,9:05,Do not tell the players what broke,Controller,ED,,Reply\n2,9:10,Beds run short,,All,,\n"
        ",10:00,ENDEX,,,,\n"
    )
    sheet = understood(HSEEP + rows)
    assert [(line.inject["at"], line.inject["to"], line.inject.get("expects")) for line in sheet.lines] == [
        ("0s", "facilitator", None),
        ("0s", "facilitator", None),
        ("5m", "facilitator", None),
        ("10m", "everyone", None),
    ]
    assert [line.remark for line in sheet.lines[:2]] == ["1h before the start", "15m before the start"]
    assert [line for line, _ in sheet.passed] == [4, 7]
    assert sheet.end == 3_600_000
    assert sheet.unknown == ()


def test_a_mail_of_several_lines_stays_as_it_is_written() -> None:
    mail = "Dear all,\n\nrack 4 lost power at 10:02.\n\n- db-1 is off\n- db-2 is on\n\nRegards"
    scenario, draft = made(f'5,Hosting firm,IC,email,"{mail}",\n6,x,IC,email," \t{mail} ",\n')
    assert [inject.text for inject in scenario.injects] == [mail, mail]
    assert "    text: |-\n      Dear all,\n\n      rack 4 lost power" in draft.text


def test_braces_are_no_names_and_control_characters_are_gone() -> None:
    scenario, _ = made("5,x,IC,call,Give {customer} 20% \u202e\x07now,\n")
    assert scenario.injects[0].text == "Give (customer) 20%   now"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ["sheet.csv:1:1: there is no row below the headings (a row for each inject)"]),
        (HEAD.encode(), ["sheet.csv:1:1: there is no row below the headings (a row for each inject)"]),
        (b"Tyme,Text\n1,x\n", ["sheet.csv:1:1: no column is the inject's time (did you mean time?)"]),
        (
            b"Colour,Weight\n1,x\n",
            [
                "sheet.csv:1:1: no column is the inject's text (say which it is: --column text=HEADING, where HEADING "
                "is one of 'Colour', 'Weight')",
                "sheet.csv:1:1: no column is the inject's time (say which it is: --column time=HEADING, where HEADING "
                "is one of 'Colour', 'Weight')",
            ],
        ),
        (b"Time,Text\n1,\n", ["sheet.csv:1:1: there is no row below the headings (a row for each inject)"]),
        (
            b'Time,Text\n1,y\n2,"x\n',
            ["sheet.csv:3:1: this is not a CSV file: unexpected end of data (a quotation mark may be missing; export "
             "it from the spreadsheet again)"],
        ),
        (b"Time,Text\n" + b"1,x\n" * 501, ["sheet.csv: there are 501 rows (at most 500 are read)"]),
        (
            b"Time,Text\n1," + b"x" * 4001 + b"\n1" + b"2" * 300 + b",y\n",
            [
                "sheet.csv:2:1: the text has 4,001 characters (at most 4,000)",
                "sheet.csv:3:1: the time has 301 characters (at most 300)",
            ],
        ),
        (b"Time,Text\n9:00,StartEx\n", ["sheet.csv:1:1: no row is an inject (a row for each inject)"]),
    ],
)  # fmt: skip
def test_what_is_no_table_of_injects_is_refused_with_all_its_places(content: bytes, says: list[str]) -> None:
    assert sorted(refusals(content)) == sorted(says)


def test_a_column_can_be_named_and_a_wrong_name_is_answered() -> None:
    german = "Zeit,Wer,Nachricht,Message\n5,Ops,Es brennt,no\n"
    [line] = understood(german, columns={"time": "Zeit", "text": "Nachricht", "sender": "wer"}).lines
    assert (line.inject["at"], line.inject["from"], line.inject["text"]) == ("5m", "Ops", "Es brennt")
    assert refusals(german.encode(), columns={"time": "Zeiten", "tyme": "x"}) == [
        "sheet.csv: there is no column of ours called 'tyme' (did you mean time?)"
    ]
    assert refusals(german.encode(), columns={"time": "Zeiten"}) == [
        "sheet.csv:1:1: no column is called 'Zeiten' (did you mean zeit?)"
    ]


def test_the_name_must_be_one() -> None:
    with pytest.raises(LoadError, match="this cannot be the name of a scenario"):
        draft_of("My Drill", understood(HEAD + "1,a,b,c,d,\n"))


@settings(max_examples=examples(80), deadline=None)
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
        draft = draft_of("mine", understood(written.getvalue()))
    except LoadError:
        return
    scenario = Scenario.model_validate(parse(draft.text.encode(), "mine.yaml").data)
    assert [inject.id for inject in scenario.injects] == [
        f"inject-{place + 1}" for place in range(len(scenario.injects))
    ]
    assert [action.id for action in scenario.actions] == ["look-for-the-cause", "fix-it"]
    assert not any(set(inject.text) & set("{}") for inject in scenario.injects)


SMALL = """\
protocol: netz
like: officeluv
call: {incident_commander: Schichtleiter, solutioneer: Entstörer}
roles: [{id: log_keeper, title: Protokollführer, responsible_for: [Keeps the log.]}]
"""
GERMAN = (
    "Notfallübung {Stiller Osten},,\nWann,Zielperson,Wortlaut\nT+0,alle,Übungsbeginn\n"
    '5,Schichtleiter,Hallo\nafter ~ 10 min,"IC, Protokollführer",Gut?\nbeim Anruf,Entstörer,Ja\nT+60,alle,Schluss\n'
)
COLUMNS = {"time": "Wann", "to": "Zielperson", "text": "Wortlaut"}


@pytest.fixture
def our_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "protocols").mkdir()
    (tmp_path / "drillroom.toml").write_text("")
    (tmp_path / "protocols" / "netz.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "protocols" / "broken.yaml").write_text("protocol: [", encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("our_protocol")
def test_the_roles_of_the_workspaces_protocol_are_known_by_their_titles_and_what_else_a_sheet_says_can_be_said() -> (
    None
):
    found = understood(GERMAN, columns=COLUMNS)
    assert "roles: those of the protocol netz" in read_as(found)
    assert [line.inject["to"] for line in found.lines] == [
        "incident_commander", ["incident_commander", "log_keeper"], "solutioneer", "everyone"
    ]  # fmt: skip
    assert [one.said for one in found.unknown if one.kind == "time"] == ["beim Anruf"]
    means = {"beim Anruf": "T+25", "Schluss": "end", "alle": "Protokollführer"}
    said = understood(GERMAN, columns=COLUMNS, means=means)
    assert [line.inject["at"] for line in said.lines] == ["5m", "10m", "25m"]
    assert not any(line.missing for line in said.lines)
    scenario = parse(draft_of("osten", said).text.encode(), "mine.yaml").data
    assert scenario["protocol"] == "netz"
    assert scenario["title"] == "Notfallübung (Stiller Osten)"
    assert scenario["ends"] == {"after": "1h"}
    Path("osten.yaml").write_text(draft_of("osten", said).text, encoding="utf-8")
    assert [str(problem) for problem in lint(Path("osten.yaml")) if problem.severity == "error"] == []


@pytest.mark.usefixtures("our_protocol")
def test_a_protocol_that_is_named_counts_and_its_own_roles_stand_in_for_the_usual_words() -> None:
    sheet = "Time,To,Text\n5,IC,Hello\n6,PIO,Hello\n7,Deputy,Hello\n"
    assert "protocol" not in parse(draft_of("x", understood(sheet)).text.encode(), "x.yaml").data
    named = understood(sheet, protocol="pagerduty-style")
    assert [line.inject["to"] for line in named.lines] == ["incident_commander", "customer_liaison", "deputy"]
    assert parse(draft_of("x", named).text.encode(), "x.yaml").data["protocol"] == "pagerduty-style"
    assert refusals(sheet.encode(), protocol="nets") == [
        "'nets': there is no protocol by that name (did you mean netz?)"
    ]


def test_the_row_of_the_headings_can_be_said() -> None:
    sheet = "Plan,Time,Text\n\nWann,Wer,Was\n5,IC,Hello\n"
    columns = {"time": "Wann", "text": "Was"}
    found = understood(sheet, columns=columns, headings_row=3)
    assert [line.inject["text"] for line in found.lines] == ["Hello"]
    assert refusals(sheet.encode(), headings_row=2) == [
        "sheet.csv:2:1: there is nothing in this row (say which has the headings)"
    ]
