"""`lint`, `show`, `new` and `schema`: everything for those who write scenarios."""

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from drills.cli.author import KINDS
from drills.cli.timeline_view import timeline
from scenarios.load import load_protocol, load_scenario
from scenarios.lookup import names
from scenarios.source import read
from tests.drills.command_line import ROOT, call, refused
from tests.support.extent import sampled

NO_NAME = "this cannot be the name of a scenario (lower-case words joined by - or _, such as search-outage)"
LIBRARY = ROOT / "scenarios" / "library"


def test_new_writes_what_lints_shows_and_runs(here: Path) -> None:
    result = call("new", "search-outage")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "Wrote search-outage.yaml. Edit it, then look at it with:"
    for line in result.stdout.splitlines()[1:]:
        program, *args = line.split()
        assert program == "drillroom"
        assert call(*args).exit_code == 0, line
    assert (here / "drills-run" / "search-outage-1" / "report.html").is_file()


def test_new_leaves_what_is_there(here: Path) -> None:
    (here / "mine.yaml").write_text("precious")
    assert refused("new", "mine") == (
        "mine.yaml already exists and was left as it is; choose another name or add --force"
    )
    assert (here / "mine.yaml").read_text() == "precious"
    assert call("new", "mine", "--force").exit_code == 0
    assert (here / "mine.yaml").read_text().count("\n") > 50
    assert [path.name for path in here.iterdir()] == ["mine.yaml"]


def test_new_writes_to_standard_output_too(here: Path) -> None:
    result = call("new", "mine", "--out", "-")
    assert any(line.split("#")[0].strip() == "scenario: mine" for line in result.stdout.splitlines())
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["new", "Bad Name"], f"'Bad Name': {NO_NAME}"),
        (["new", "../up"], f"'../up': {NO_NAME}"),
        (["new", "mine", "--out", "."], ".: this is a folder; name a file with --out"),
        (["new", "mine", "--out", "no/such/mine.yaml"],
         "no/such/mine.yaml cannot be written: there is no folder no/such; choose another place"),
        (["init", "/proc/foo"],
         "/proc/foo/drillroom.toml cannot be written: no folder can be made there; choose another place"),
        (["show", "netz"], "'netz': there is no scenario, runbook, protocol, team or rubric by that name (`drillroom "
         "show` lists them; your own are found from within their workspace)"),
        (["show", "oficeluv"],
         "'oficeluv': there is no scenario, runbook, protocol, team or rubric by that name "
         "(did you mean officeluv?)"),
        (["show", "logn-outage"], "'logn-outage': there is no scenario by that name (did you mean login-outage?)"),
        (["lint", "nosuch"], "nosuch: there is no such file or folder"),
        (["lint", "login-outage"],
         "login-outage: there is no such file or folder; "
         "login-outage is a library scenario, which is already checked"),
        (["lint"], "drillroom lint: missing argument 'PATH…' (see `drillroom lint --help`)"),
        (["schema", "scenrio"],
         "drillroom schema: invalid value for 'KIND': 'scenrio' is not known here; "
         "did you mean 'scenario'? (see `drillroom schema --help`)"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_what_cannot_be_done_gets_one_line(args: list[str], says: str) -> None:
    assert refused(*args) == says


BAD = "scenario: bad\ntitle: Bad\ntopc: x\n"


def test_lint_prints_every_problem_with_its_place(here: Path) -> None:
    (here / "bad.yaml").write_text(BAD)
    result = call("lint", "bad.yaml")
    assert result.exit_code == 1
    *problems, count = result.stdout.splitlines()
    assert len(problems) > 3
    assert all(line.startswith("bad.yaml:") for line in problems)
    assert any(line.startswith("bad.yaml:3:1: ") and "topic" in line for line in problems)
    assert count == f"{len(problems)} errors, 0 warnings"


def test_lint_as_json_and_for_github_say_the_same(here: Path) -> None:
    (here / "bad.yaml").write_text(BAD)
    found = json.loads(call("lint", ".", "--format", "json").stdout_bytes)
    lines = call("lint", ".", "--format", "github").stdout.splitlines()
    assert len(found) == len(lines) > 3
    assert set(found[0]) == {"file", "line", "column", "severity", "message", "hint"}
    for problem, line in zip(found, lines, strict=True):
        assert line.startswith(f"::error file={problem['file']},line={problem['line']},col={problem['column']}::")


WARNED = "  spare: {fake: word}\n"


def test_strict_takes_warnings_for_errors(here: Path) -> None:
    text = call("new", "mine", "--out", "-").stdout.replace("vary:\n", "vary:\n" + WARNED)
    (here / "mine.yaml").write_text(text)
    assert call("lint", "mine.yaml").exit_code == 0
    result = call("lint", "mine.yaml", "--strict")
    assert result.exit_code == 1
    assert "warning: the variable 'spare' is never used" in result.stdout


def test_lint_as_junit_has_a_case_for_each_file(here: Path) -> None:
    (here / "bad.yaml").write_text(BAD + "suits: 👍 & <them>\n")
    text = call("new", "mine", "--out", "-").stdout.replace("vary:\n", "vary:\n" + WARNED)
    (here / "mine.yaml").write_text(text)
    for strict, failures in (((), "1"), (("--strict",), "2")):
        written = call("lint", ".", "--format", "junit", *strict).stdout_bytes
        suite = ElementTree.fromstring(written).find("testsuite")  # noqa: S314 - our own output
        assert suite is not None
        assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("drillroom lint", "2", failures)
        bad, mine = suite.findall("testcase")
        assert (bad.get("name"), mine.get("name")) == ("bad.yaml", "mine.yaml")
        failure, said = bad.find("failure"), mine.find("failure" if strict else "system-out")
        assert failure is not None
        assert (failure.text or "").startswith("bad.yaml:1:1: ")
        assert said is not None
        assert "the variable 'spare' is never used" in (said.text or "")


def test_lint_says_what_it_passes_over(here: Path) -> None:
    call("new", "mine")
    (here / "compose.yaml").write_text("services: {}\n")
    result = call("lint", ".")
    assert (result.exit_code, result.stdout) == (0, "no problems\n")
    assert result.stderr == "passed over a YAML file of other tools, compose.yaml: the first key is none of ours\n"


def test_lint_takes_folders_and_says_when_nothing_is_wrong() -> None:
    result = call("lint", LIBRARY, LIBRARY / "teams")
    assert (result.exit_code, result.stdout) == (0, "no problems\n")


def test_lint_knows_whether_a_team_can_play(here: Path) -> None:
    (here / "pair.yaml").write_text(
        "team: pair\ntitle: Two\nmembers:\n  - {id: ana, name: Ana, roles: [solutioneer, incident_commander]}\n"
    )
    result = call("lint", LIBRARY / "incidents" / "login-outage.yaml", "--team", "pair.yaml")
    assert result.exit_code == 1
    assert "no member may take the role 'communications'" in result.stdout


@pytest.mark.parametrize("name", sampled(names("scenario"), 7))
def test_show_has_every_inject_and_keeps_the_answers(name: str) -> None:
    """Players may look over somebody's shoulder; what solves it is printed for facilitators alone."""
    scenario = load_scenario(name)
    plain = " ".join(call("show", name).stdout.split())
    answers = " ".join(call("show", name, "--facilitator").stdout.split())
    table = " ".join(call("show", name, "--msel").stdout.split())
    solution = " ".join(scenario.solution.split()[-4:])
    for text in (plain, answers, table):
        assert text.count("asks for:") == sum(len(inject.expects or ()) for inject in scenario.injects)
    assert solution in answers
    assert solution not in plain
    assert "red herring" not in plain
    assert all(action.label in plain for action in scenario.actions if len(action.label) < 30)
    assert scenario.title in plain
    assert scenario.title not in table


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_the_timeline_fits_and_has_a_mark_for_every_planned_inject(width: int) -> None:
    scenario = load_scenario("login-outage")
    drawn = timeline(scenario, load_protocol("officeluv"), width)
    assert max(len(line) for line in drawn.splitlines()[:-1]) <= width
    rows = drawn.splitlines()[1:-1]
    marks = sum(1 if sign == "●" else int(sign) for row in rows for sign in row if sign == "●" or sign.isdigit())
    planned = [inject for inject in scenario.injects if inject.at is not None]
    times = [
        (inject.at or 0) + count * (inject.repeat.every if inject.repeat else 0)
        for inject in planned
        for count in range(1 + (inject.repeat.times if inject.repeat else 0))
    ]
    assert marks == sum(at <= scenario.ends.after for at in times)
    assert drawn.splitlines()[-1].startswith(
        f"{len(scenario.injects) - len(planned)} more depend on what the team does"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_one_and_knows_what_ships(kind: str) -> None:
    result = call("schema", kind)
    schema = json.loads(result.stdout_bytes)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    folder = {
        "scenario": "incidents",
        "protocol": "protocols",
        "team": "teams",
        "rubric": "rubrics",
        "runbook": "runbooks",
    }
    for path in sampled(sorted((LIBRARY / folder[kind]).glob("*.yaml")), 4) if kind in folder else []:
        validator.validate(read(path).data)


def test_lint_play_warns_of_what_only_playing_shows(here: Path) -> None:
    text = call("new", "mine", "--out", "-").stdout
    text = text.replace("when: {silent: customers, for: 15m}", "when: {published: 40}")
    text = text.replace("    at: 5m\n    to: solutioneer", "    at: 5m\n    to: communications")
    (here / "mine.yaml").write_text(text, encoding="utf-8")
    assert call("lint", "mine.yaml").stdout == "no problems\n"
    result = call("lint", "mine.yaml", "--play")
    assert result.exit_code == 0
    *found, count = result.stdout.splitlines()
    place = next(number for number, line in enumerate(text.splitlines(), 1) if "id: silence" in line)
    unseen = f"mine.yaml:{place}:9: warning: no team ever sees 'silence': it came in none of the 60 drills"
    assert any(line.startswith(unseen) for line in found)
    assert any(
        "solutioneer has nothing to do from 0s to 10m (add an inject `to: solutioneer`" in line for line in found
    )
    assert count == f"0 errors, {len(found)} warnings"


def test_lint_play_says_what_cannot_be_won_or_lost(here: Path) -> None:
    hopeless = call("new", "hopeless", "--out", "-").stdout.replace(
        "    takes: 4m\n    shows: Change {change} is undone", "    takes: 44m\n    shows: Change {change} is undone"
    )
    (here / "hopeless.yaml").write_text(hopeless, encoding="utf-8")
    assert "it cannot be won: none of 12 teams of experts fixed it" in call("lint", "hopeless.yaml", "--play").stdout


@pytest.mark.parametrize("name", sampled(names("scenario"), 13))
def test_playing_finds_nothing_weak_in_the_library(name: str) -> None:
    assert call("lint", LIBRARY / "incidents" / f"{name}.yaml", "--play").stdout == "no problems\n"


def test_playing_finds_nothing_weak_in_what_authors_begin_with(here: Path) -> None:
    """The file that `new` writes, and the first example of the guide."""
    guide = (ROOT / "docs" / "how-to" / "writing-scenarios.md").read_text(encoding="utf-8")
    whole = guide.partition("```yaml\n")[2].partition("```")[0]
    (here / "guide.yaml").write_text(whole, encoding="utf-8")
    assert call("new", "mine").exit_code == 0
    for file in ("guide.yaml", "mine.yaml"):
        assert call("lint", file, "--play", "--strict").stdout == "no problems\n"


def test_new_makes_a_draft_of_a_table_and_says_what_is_missing(here: Path) -> None:
    (here / "injects.csv").write_text("Time,To,Message\n5,comms,Are you there?\n9,Facilities,Hello\n", encoding="utf-8")
    result = call("new", "mine", "--from", "injects.csv")
    assert result.exit_code == 0
    assert "missing: the guide for the facilitator" in result.stderr.splitlines()
    assert any(
        line.startswith("missing: inject-2: who it goes to; the table says 'Facilities'")
        for line in result.stderr.splitlines()
    )
    assert result.stdout.startswith("read as: text in UTF-8, separated by commas; headings in row 1\ncolumns: time = ")
    assert "\nWrote mine.yaml. Edit it" in result.stdout
    assert "\n0 errors, " in call("lint", "mine.yaml").stdout
    assert refused("new", "other", "--from", "nowhere.csv") == "nowhere.csv: there is no such file"
