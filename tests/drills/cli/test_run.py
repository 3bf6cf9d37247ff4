"""`drillroom run`: what it writes, what it says, and every way to ask it for the impossible."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drills.planning.materials import gather
from scenarios.lookup import names
from simulator.log import DrillLog, verify
from tests.drills.command_line import call, refused

ACTS = """\
acts:
  - {at: 20s, who: ana, do: declare_severity, severity: 1}
  - {at: 25s, who: ana, say: "/alert 1 login"}
  - {at: 40s, who: ben, do: acknowledge}
  - {at: 50s, who: ben, do: release_role, role: solutioneer}
"""


def test_a_run_writes_the_folder_and_says_where(here: Path) -> None:
    result = call("run", "login-outage", "--players", "average", "--seed", "3")
    assert result.exit_code == 0
    folder = here / "drills-run" / "login-outage-3"
    assert {path.name for path in folder.iterdir()} == {
        "log.jsonl", "texts.json", "people.json", "scorecard.json", "situation-report.md", "post-mortem.md",
        "report.html", "events.csv", "charts",
    }  # fmt: skip
    assert result.stdout.rstrip().endswith("Report: drills-run/login-outage-3/report.html")
    card = json.loads((folder / "scorecard.json").read_bytes())
    lines = result.stdout.splitlines()
    assert lines[0] == "Customers cannot log in"
    score = next(line for line in lines if line.startswith("Score "))
    assert score.split(maxsplit=2)[1:] == [str(int(card["score"] + 0.5)), f"{card['says']} ({card['rating']})"]
    for name, value in (("Response time", card["response_time"]), ("Role coverage", card["role_coverage"])):
        assert next(line.split()[2] for line in lines if line.startswith(name)) == str(int(value + 0.5))
    dear = card["ledger"][0]
    assert f"{dear['points']:.1f}" in result.stdout
    assert dear["better"].split(":")[0][:30] in result.stdout


def test_a_call_finds_simulated_players_where_it_is_said(here: Path) -> None:
    (here / "night.yaml").write_text(
        "team: night\ntitle: Night\nmembers:\n"
        "  - {id: ana, name: Ana, on_call: asleep}\n  - {id: ben, name: Ben, on_call: meeting}\n"
        "  - {id: cy, name: Cy}\n",
        encoding="utf-8",
    )
    found = []
    for asked in ([], ["--on-call", "desk"], ["--on-call", "asleep"]):
        result = call("run", "login-outage", "--team", "night.yaml", *asked, "--out", "out", "--force")
        assert result.exit_code == 0, result.output
        plan = DrillLog.read((here / "out/log.jsonl").read_bytes()).plan
        found.append([player.on_call for player in plan.players])
    assert found == [["asleep", "meeting", None], ["desk"] * 3, ["asleep"] * 3]


@pytest.mark.usefixtures("here")
def test_the_files_agree_and_the_same_seed_repeats_them() -> None:
    for out in ("a", "b"):
        assert call("run", "billing-outage", "--players", "poor", "--out", out).exit_code == 0
    files = [path.relative_to("a") for path in Path("a").rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [file for file in files if Path("a", file).read_bytes() != Path("b", file).read_bytes()] == []
    assert verify(Path("a/log.jsonl").read_bytes()).right
    assert call("score", "a", "--json").stdout_bytes == Path("a/scorecard.json").read_bytes()


def test_a_run_is_set_beside_those_before_it_of_the_same_players(here: Path) -> None:
    first = call("run", "login-outage", "--players", "average", "--seed", "11")
    assert "Beside earlier drills" not in first.stdout
    assert "Beside earlier drills" not in (here / "drills-run/login-outage-11/report.html").read_text()
    call("run", "login-outage", "--players", "poor", "--seed", "3")
    (here / "drills-run" / "broken").mkdir()
    (here / "drills-run" / "broken" / "log.jsonl").write_bytes(b'{"format":"drillroom-log"')
    second = call("run", "billing-outage", "--players", "average", "--seed", "12")
    said = " ".join(second.stdout.split())
    assert "Compared with the last one (login-outage-11), " in said
    assert "Left out: 1 earlier drill (1 by poor players)." in said
    assert re.search("In these 2 drills, not yet in command: [A-Z]", said)
    page = (here / "drills-run/billing-outage-12/report.html").read_text()
    assert '<h2 id="h-earlier">Beside earlier drills</h2>' in page
    assert "Customers cannot log in" in page
    assert "Beside earlier drills" not in call("run", "login-outage", "--players", "average", "--seed", "11").stdout
    assert call("report", "drills-run/billing-outage-12").exit_code == 0
    assert (here / "drills-run/billing-outage-12/report.html").read_text() == page


def test_no_folder_is_overwritten_without_force(here: Path) -> None:
    out = here / "mine"
    out.mkdir()
    (out / "log.jsonl").write_text("precious")
    line = refused("run", "login-outage", "--out", "mine")
    assert line == "mine was left as it is: it is there already; choose another folder or add --force"
    assert (out / "log.jsonl").read_text() == "precious"
    assert call("run", "login-outage", "--out", "mine", "--force").exit_code == 0
    assert (out / "report.html").is_file()


def test_json_is_all_there_is_and_a_folder_only_if_named(here: Path) -> None:
    result = call("run", "login-outage", "--json", "--people")
    assert result.exit_code == 0
    assert result.stderr == ""
    said = json.loads(result.stdout_bytes)
    assert set(said) == {"scorecard", "folder", "refused"}
    assert said["folder"] is None
    assert set(said["scorecard"]["people"]) == {"ana", "ben", "chloe", "dev", "elif", "finn"}
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_points_are_nobodys_unless_asked_for() -> None:
    assert "Ana Ruiz" not in call("run", "login-outage", "--players", "poor", "--out", "a").stdout
    assert "Ana Ruiz" in call("run", "login-outage", "--players", "poor", "--out", "b", "--people").stdout


@pytest.mark.usefixtures("here")
def test_a_score_that_falls_short_exits_with_1() -> None:
    line = refused("run", "login-outage", "--players", "absent", "--json", "--fail-under", "50", code=1)
    assert line.startswith("login-outage-1: the score is ")
    assert line.endswith(", and 50 was asked for")
    assert call("run", "login-outage", "--players", "expert", "--json", "--fail-under", "50").exit_code == 0


def test_a_drill_that_was_cut_short_has_no_score_to_compare(here: Path) -> None:
    (here / "team.yaml").write_text(
        "team: we\ntitle: We\nfirst_responder: ana\nfacilitators: [fay]\nmembers: [{id: ana, name: Ana}]\n"
    )
    (here / "acts.yaml").write_text("acts:\n  - {at: 4s, who: fay, do: end}\n")
    line = refused(
        "run", "login-outage", "--team", "team.yaml", "--acts", "acts.yaml", "--json", "--fail-under", "50", code=2
    )
    assert line.startswith("login-outage-1: cut short after 4 s: ")
    assert line.endswith(" items could be judged, so there is no score to compare")


def test_a_script_is_played_and_what_is_refused_is_listed(here: Path) -> None:
    (here / "acts.yaml").write_text(ACTS)
    result = call("run", "login-outage", "--acts", "acts.yaml", "--out", "a")
    assert result.exit_code == 1
    line, end = result.stderr.splitlines()
    assert line.startswith("acts.yaml:5:5: refused: ben, release_role: ")
    assert end == "login-outage-1: 1 act was refused"
    assert (here / "a" / "report.html").is_file()
    said = json.loads(call("run", "login-outage", "--acts", "acts.yaml", "--json").stdout_bytes)
    (act,) = said["refused"]
    assert (act["place"], act["at_s"], act["who"], act["act"]) == ("acts.yaml:5:5", 50.0, "ben", "release_role")
    assert said["scorecard"]["conditions"]["seats"] == {"person": 0, "simulated": 0, "script": 6}


EXPECTS = """\
plays: login-outage
expects: {WANTED}
acts:
  - {at: 30s, who: ana, do: declare_severity, severity: 1}
"""


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("score: ..40, rating: U, refused: 0", ""),
        ("score: 80..", "the score is SCORE, and at least 80 was expected"),
        ("score: ..1", "the score is SCORE, and at most 1 was expected"),
        ("score: 50..60", "the score is SCORE, and 50 to 60 was expected"),
        ("rating: [P, S]", "the rating is U, and P or S was expected"),
        ("caps: [x]", "the score is limited by CAPS, and x was expected"),
        ("refused: 2", "no acts were refused, and 2 should have been"),
    ],
)
def test_what_a_script_expects_decides_the_exit_code(here: Path, wanted: str, says: str) -> None:
    (here / "acts.yaml").write_text(EXPECTS.replace("WANTED", wanted))
    run = ("run", "login-outage", "--acts", "acts.yaml", "--json")
    result = call(*run)
    card = json.loads(result.stdout_bytes)["scorecard"]
    says = says.replace("SCORE", f"{card['score']:.1f}")
    says = says.replace("CAPS", ", ".join(sorted(cap["id"] for cap in card["caps"])) or "nothing")
    assert result.stderr == (f"login-outage-1: {says}\n" if says else "")
    assert result.exit_code == (1 if says else 0)
    other = call(*run, "--seed", "2")
    assert other.exit_code == ("refused" in says), "the rest is expected of the drill that the script plays alone"


def test_nothing_in_a_script_waits_for_a_facilitator_who_is_not_there(here: Path) -> None:
    team = call("new", "team", "ours", "--like", "officeluv", "--out", "-").stdout
    (here / "ours.yaml").write_text(team + "facilitators: [fay]\n")
    act = "acts:\n  - {at: 30s, who: ana, say: /do read the tea leaves}\n"
    (here / "alone.yaml").write_text(act)
    (here / "led.yaml").write_text(act + "  - {at: 50s, who: fay, do: answer, question: 1, text: They say nothing.}\n")
    run = ("run", "login-outage", "--team", "ours.yaml", "--json", "--acts")
    alone = call(*run, "alone.yaml")
    assert alone.exit_code == 1
    (refused_act,) = json.loads(alone.stdout_bytes)["refused"]
    assert refused_act["place"] == "alone.yaml:2:5"
    assert refused_act["why"].startswith("no action of the scenario is like that, so nothing came of it")
    led = call(*run, "led.yaml")
    assert (led.exit_code, json.loads(led.stdout_bytes)["refused"]) == (0, [])


def test_a_command_given_twice_leaves_what_it_wrote(here: Path) -> None:
    first = call("run", "login-outage")
    report = here / "drills-run" / "login-outage-1" / "report.html"
    report.write_text("With notes of ours.")
    again = call("run", "login-outage")
    assert (again.exit_code, again.stdout) == (0, first.stdout)
    assert report.read_text() == "With notes of ours."
    other = call("run", "login-outage", "--players", "poor")
    assert other.exit_code == 0
    assert other.stdout.splitlines()[-1] == "Report: drills-run/login-outage-1-2/report.html"
    assert call("run", "login-outage", "--players", "poor").stdout == other.stdout
    assert call("run", "login-outage", "--force").exit_code == 0
    assert report.read_text() != "With notes of ours."
    assert sorted(path.name for path in (here / "drills-run").iterdir()) == ["login-outage-1", "login-outage-1-2"]


@pytest.mark.parametrize("name", names("team"))
def test_every_team_of_the_library_can_play(name: str) -> None:
    protocol = name if name in names("protocol") else "officeluv"
    assert call("run", "shift-planning-down", "--team", name, "--protocol", protocol, "--json").exit_code == 0


def test_one_person_alone_can_play_and_is_told_what_that_means(here: Path) -> None:
    (here / "me.yaml").write_text("team: me\ntitle: Alone\nmembers: [{id: ana, name: Ana Ruiz}]\n")
    result = call("run", "login-outage", "--team", "me.yaml", "--out", "a")
    assert result.exit_code == 0
    assert "it can cover the roles only in part" in " ".join(result.stdout.split())


def test_a_rubric_of_ones_own(here: Path) -> None:
    rubric = "rubric: ours\ntitle: Ours\ncomponents: {judgement: 1}\nratings: [{letter: U, at_least: 0, says: so so}]\n"
    (here / "ours.yaml").write_text(rubric)
    said = json.loads(call("run", "login-outage", "--rubric", "ours.yaml", "--json").stdout_bytes)
    assert list(said["scorecard"]["components"]) == ["judgement"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["login-outgae"], "'login-outgae': there is no scenario by that name (did you mean login-outage?)"),
        (["nosuch.yaml"], "nosuch.yaml: there is no such file"),
        (["empty.yaml"], "empty.yaml: the file is empty (`drillroom new NAME` writes one to start from)"),
        (["binary.yaml"],
         "binary.yaml: this is a binary file or one in another encoding (expected YAML text in UTF-8)"),
        (["acts.yaml"], "acts.yaml:1:1: this is a script, not a scenario (a scenario begins with `scenario:`)"),
        (["login-outage", "--team", "offceluv"], "'offceluv': there is no team by that name (did you mean officeluv?)"),
        (["login-outage", "--rubric", "x.yaml"], "x.yaml: there is no such file"),
        (["login-outage", "--acts", "x.yaml"], "x.yaml: there is no such file"),
        (["login-outage", "--acts", "nobody.yaml"],
         "nobody.yaml:2:20: 'anna' is not in the team officeluv (did you mean ana?)"),
        (["login-outage", "--acts", "unknown.yaml"],
         "unknown.yaml:2:5: there is no act 'acknowlege'; did you mean 'acknowledge'?"),
        (["login-outage", "--acts", "backwards.yaml"],
         "backwards.yaml:3:10: 10s comes before the act above, which is at 20s "
         "(write the acts in the order of their times)"),
        (["login-outage", "--team", "pair.yaml"],
         "pair.yaml:3:1: no member may take the role 'communications', which the scenario's severity demands "
         "(add it to the `roles` of a member)"),
        (["login-outage", "--out", "acts.yaml"], "acts.yaml is a file and not a folder; choose another name"),
        (["login-outage", "--players", "god"],
         "RUN: invalid value for '--players': 'god' is not known here; did you mean 'good'? HELP"),
        (["login-outage", "--players", "good", "--acts", "acts.yaml"],
         "RUN: use either --players or --acts: simulated players, or a script HELP"),
        (["login-outage", "--on-call", "asleep", "--acts", "acts.yaml"],
         "RUN: use either --on-call or --acts: a script says itself when people act HELP"),
        (["login-outage", "--json", "--pdf"],
         "RUN: --pdf needs a folder to write to; name it with --out HELP"),
        (["login-outage", "--seed", "-1"],
         "RUN: invalid value for '--seed': '-1' is not a whole number from 0 to 9223372036854775807 HELP"),
        (["login-outage", "--seed", "abc"],
         "RUN: invalid value for '--seed': 'abc' is not a whole number from 0 to 9223372036854775807 HELP"),
        (["login-outage", "--fail-under", "high"],
         "RUN: invalid value for '--fail-under': 'high' is not a number from 0 to 100 HELP"),
        (["login-outage", "--out"], "RUN: option '--out' requires an argument HELP"),
        (["login"], "'login': there is no scenario by that name (did you mean login-outage?)"),
        (["LOGIN-OUTAGE"], "'LOGIN-OUTAGE': there is no such file (did you mean the scenario login-outage?)"),
        (["login-outage.yaml"], "'login-outage.yaml': there is no such file (did you mean the scenario login-outage?)"),
        (["Login Outage"], "'Login Outage': there is no such file (did you mean the scenario login-outage?)"),
        ([""], "'': there is no such file (name a scenario, or a file)"),
        (["zzz"], "'zzz': there is no scenario by that name (`drillroom show` lists them all)"),
        ([], "RUN: missing argument 'SCENARIO' HELP"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_gets_one_line(here: Path, args: list[str], says: str) -> None:
    (here / "empty.yaml").touch()
    (here / "binary.yaml").write_bytes(bytes(range(256)))
    (here / "acts.yaml").write_text(ACTS)
    (here / "nobody.yaml").write_text("acts:\n  - {at: 20s, who: anna, do: acknowledge}\n")
    (here / "unknown.yaml").write_text("acts:\n  - {at: 20s, who: ana, do: acknowlege}\n")
    (here / "backwards.yaml").write_text(
        "acts:\n  - {at: 20s, who: ana, do: join}\n  - {at: 10s, who: ana, do: acknowledge}\n"
    )
    (here / "pair.yaml").write_text(
        "team: pair\ntitle: Two\nmembers:\n  - {id: ana, name: Ana, roles: [incident_commander]}\n"
        "  - {id: ben, name: Ben, roles: [solutioneer]}\n"
    )
    assert refused("run", *args) == says.replace("RUN", "drillroom run").replace("HELP", "(see `drillroom run --help`)")
    assert not (here / "drills-run").exists()


def test_many_problems_are_one_line_that_says_how_to_see_them_all(here: Path) -> None:
    (here / "bad.yaml").write_text("scenario: bad\ntitle: Bad\nnonsense: 1\n")
    line = refused("run", "bad.yaml")
    assert line.startswith("bad.yaml:")
    assert line.endswith(" more, which `drillroom lint bad.yaml` lists")


def test_a_pdf_that_cannot_be_made_leaves_nothing_behind(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    line = refused("run", "login-outage", "--pdf")
    assert line == "a PDF needs WeasyPrint; install it with: pip install 'drillroom[pdf]'"
    assert list(here.iterdir()) == []


def test_what_a_terminal_would_obey_is_taken_out(here: Path) -> None:
    """A name may come from anybody; on screen it must not move the cursor or turn text around."""
    team = gather("login-outage").team
    names = {member.id: "\\e]0;owned\\a\\u202eevil" for member in team.members}
    lines = [f'  - {{id: {member}, name: "{name}"}}' for member, name in names.items()]
    (here / "team.yaml").write_text("team: t\ntitle: T\nmembers:\n" + "\n".join(lines) + "\n")
    line = refused("run", "login-outage", "--team", "team.yaml")
    assert "\x1b" not in line
    assert "\u202e" not in line


def test_a_drill_starts_when_somebody_says(here: Path) -> None:
    def start(*written: str) -> datetime:
        assert call("run", "billing-outage", "--out", "out", "--force", *written).exit_code == 0
        log = DrillLog.read((here / "out/log.jsonl").read_bytes())
        assert log.plan.kind == "simulated"
        assert log.events[0].wall == log.plan.start
        return log.plan.start

    assert start() == start(), "the default repeats"
    assert start("--start", "2026-03-31T14:00+02:00") == datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
    assert start("--start", "2026-03-31T14:00") == datetime(2026, 3, 31, 19, 0, tzinfo=UTC), "the team is in Chicago"
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= start("--start", "now") <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (
            "tomorrow",
            "'tomorrow' is not a start time; write `now`, or a time such as 2026-03-31T14:00 or 2026-03-31T14:00+02:00",
        ),
        ("2026-02-30T10:00", "'2026-02-30T10:00' is not a start time; write `now`, or a time such as "
         "2026-03-31T14:00 or 2026-03-31T14:00+02:00"),
        ("0001-01-01T00:00+14:00", "a drill must start in a year from 1970 to 2999, not in 1"),
        ("2026-03-08T02:30", "there is no 02:30 on 2026-03-08 in America/Chicago: the clocks go forward then"),
    ],
)  # fmt: skip
def test_a_start_that_means_nothing_is_refused(here: Path, written: str, says: str) -> None:
    assert refused("run", "billing-outage", "--start", written) == f"--start: {says}"
    assert not (here / "drills-run").exists()


def test_words_may_be_capitalised(here: Path) -> None:
    assert here.is_dir()
    plan = json.loads(call("run", "no-photos", "--players", "GOOD", "--json").stdout_bytes)
    assert plan["scorecard"]["conditions"]["seats"]["simulated"] > 0
