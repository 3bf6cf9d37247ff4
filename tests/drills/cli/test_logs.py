"""`score`, `report`, `replay` and `verify`: everything that reads a log."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from reports.format import minutes
from scoring.scorecard import from_json
from simulator import events as ev
from simulator.log import DrillLog
from simulator.texts import texts_json
from tests.drills.command_line import call, refused
from tests.support import library_plan, play


def written(folder: Path, log: DrillLog) -> Path:
    """A log with its texts beside it."""
    file = folder / "log.jsonl"
    file.write_bytes(log.data)
    (folder / "texts.json").write_bytes(texts_json(log.texts))
    return file


def test_score_takes_the_folder_or_the_log_in_it(drill: Path) -> None:
    by_folder, by_log = call("score", drill), call("score", drill / "log.jsonl")
    assert by_folder.exit_code == by_log.exit_code == 0
    assert by_folder.stdout == by_log.stdout
    assert by_folder.stdout.startswith("Customers cannot log in\ndrill login-outage-3, seed 3, 2026-")


def test_score_prints_the_scorecard_byte_for_byte(drill: Path) -> None:
    result = call("score", drill, "--json")
    assert result.stderr == ""
    assert result.stdout_bytes == (drill / "scorecard.json").read_bytes()
    assert from_json(call("score", drill, "--json", "--people").stdout_bytes).people is not None


def test_a_members_own_ledger_has_the_members_name(drill: Path) -> None:
    assert "Chloe Lindqvist" not in call("score", drill).stdout
    assert "Chloe Lindqvist" in call("score", drill, "--people").stdout


def test_a_limit_above_the_score_is_not_said_to_hold_it(tmp_path: Path) -> None:
    plan = library_plan("login-outage", 1, "absent")
    result = call("score", written(tmp_path, play(plan)))
    assert "the impact was not ended" in result.stdout
    assert "at most 59" not in result.stdout, "it lost all that by itself"


def test_the_five_costliest_lines_have_owners_and_what_would_have_earned_them(drill: Path) -> None:
    card = from_json((drill / "scorecard.json").read_bytes())
    said = " ".join(call("score", drill).stdout.split())
    shown = card.ledger[:5]
    for line in shown:
        assert line.title in said
        assert " ".join(line.better.split()) in said or line.better[:40] in said
    assert said.index(shown[0].title) < said.index(shown[-1].title)


def test_report_writes_the_same_folder_again(here: Path, drill: Path) -> None:
    result = call("report", drill / "log.jsonl", "--out", "again")
    assert result.exit_code == 0
    assert result.stdout == "Report: again/report.html\n"
    again = here / "again"
    files = [path.relative_to(drill) for path in drill.rglob("*") if path.is_file()]
    assert [file for file in files if (again / file).read_bytes() != (drill / file).read_bytes()] == []


def test_report_rewrites_a_drills_own_folder(here: Path, drill: Path) -> None:
    shutil.copytree(drill, here / "mine")
    before = (here / "mine" / "report.html").read_bytes()
    (here / "mine" / "report.html").write_text("Spilt coffee.")
    result = call("report", "mine")
    assert (result.exit_code, result.stdout) == (0, "Report: mine/report.html\n")
    assert (here / "mine" / "report.html").read_bytes() == before


def test_report_does_without_names(here: Path, drill: Path) -> None:
    shutil.copy(drill / "log.jsonl", here)
    assert call("report", "log.jsonl", "--out", "papers").exit_code == 0
    assert "Ana Ruiz" not in (here / "papers" / "situation-report.md").read_text()
    assert refused("report", "log.jsonl", "--out", "papers") == (
        "papers was left as it is: it is there already; choose another folder or add --force"
    )


def test_broken_names_are_said_and_nothing_is_written(here: Path, drill: Path) -> None:
    shutil.copy(drill / "log.jsonl", here)
    (here / "people.json").write_text("[1, 2")
    line = refused("report", "log.jsonl", "--out", "papers")
    assert line.startswith("people.json: the names cannot be read: ")
    assert line.endswith("(restore it, or remove it: the papers then print ids)")
    assert not (here / "papers").exists()


def test_replay_tells_every_event_by_id(drill: Path) -> None:
    log = DrillLog.read((drill / "log.jsonl").read_bytes())
    said = call("replay", drill).stdout
    assert "Ana Ruiz" not in said
    lines = said.splitlines()
    for event in log.events:
        if isinstance(event, ev.RoleTaken):
            start = f"{minutes(event.when)}  {event.actor}"
            assert any(line.strip().startswith(start) and "took the role" in line for line in lines)
    times = [line.split()[0] for line in lines[2:] if line[:9].strip()]
    assert len(times) == len(log.events)


def test_replay_says_where_a_drill_breaks_off(tmp_path: Path) -> None:
    log = play(library_plan())
    torn = written(tmp_path, DrillLog.reproducible(log.plan, log.events[:30]))
    assert call("replay", torn).stdout.endswith("The log ends here; the drill was not played to its end.\n")


def test_nothing_typed_in_a_drill_commands_the_terminal(tmp_path: Path) -> None:
    """Escape sequences and direction overrides in a log are stripped where it is shown."""
    log = play(library_plan())
    evil = "\x1b]0;owned\x07\x1b[2J\u202eover\u2066 [red]plain[/red] :smile:"
    place = next(n for n, event in enumerate(log.events) if isinstance(event, ev.EntryLogged))
    events = list(log.events)
    events[place] = msgspec.structs.replace(events[place], text=evil)
    said = call("replay", written(tmp_path, DrillLog.reproducible(log.plan, events))).stdout
    assert "logged: over [red]plain[/red] :smile:" in said
    assert [sign for sign in said if not sign.isprintable() and sign != "\n"] == []


def test_verify_says_what_it_was_checked_against(drill: Path) -> None:
    head = json.loads((drill / "scorecard.json").read_bytes())["log"]
    result = call("verify", drill)
    assert result.exit_code == 0
    assert (
        f"head {head}\nchecked against itself; give --head to check it against the hash that was mailed\n"
        in result.stdout
    )
    against = call("verify", drill, "--head", head.upper())
    assert against.exit_code == 0
    assert against.stdout.endswith("checked against the head that was given\n")


def test_verify_counts_the_texts_and_finds_one_that_was_changed(here: Path, drill: Path) -> None:
    folder = here / "copy"
    shutil.copytree(drill, folder)
    beside = json.loads((folder / "texts.json").read_bytes())
    count, key = len(beside["texts"]), next(iter(beside["texts"]))
    assert f"events, complete; {count} texts are as they were typed, none erased\n" in call("verify", folder).stdout
    text = beside["texts"].pop(key)
    (folder / "texts.json").write_text(json.dumps(beside))
    assert f"; {count - 1} texts are as they were typed, 1 erased\n" in call("verify", folder).stdout
    seq, field = key.split(".")
    beside["texts"][key] = text | {"text": "something else"}
    (folder / "texts.json").write_text(json.dumps(beside))
    wrong = f"copy/log.jsonl:{int(seq) + 2}: the {field} beside the log is not the one that was sealed"
    assert refused("verify", "copy", code=1) == wrong
    (folder / "texts.json").write_text("[]")
    says = "copy/texts.json: the texts cannot be read: Expected `object`, got `array`"
    assert refused("verify", "copy").startswith(says)
    (folder / "texts.json").unlink()
    assert f"events, complete; its {count} texts are not here\n" in call("verify", folder).stdout


def test_a_drill_is_reported_and_scored_without_its_texts(here: Path, drill: Path) -> None:
    """The papers say where a text is gone."""
    folder = here / "bare"
    shutil.copytree(drill, folder)
    (folder / "texts.json").write_text('{"format": 1, "texts": {}}')
    assert call("score", folder, "--json").stdout_bytes == (drill / "scorecard.json").read_bytes()
    assert call("report", folder, "--out", here / "papers").exit_code == 0
    assert "\\[erased\\]" in (here / "papers/situation-report.md").read_text()
    assert "logged: [erased]" in call("replay", folder).stdout


def test_verify_names_the_first_line_that_is_wrong(here: Path, drill: Path) -> None:
    data = (drill / "log.jsonl").read_bytes()
    lines = data.splitlines(keepends=True)
    lines[6] = lines[6].replace(b'"at":', b'"at":1', 1)
    (here / "altered.jsonl").write_bytes(b"".join(lines))
    assert refused("verify", "altered.jsonl", code=1) == (
        "altered.jsonl:7: the line, or one before it, was altered after it was written"
    )
    (here / "cut.jsonl").write_bytes(data[: len(data) - 10])
    assert refused("verify", "cut.jsonl", code=1) == f"cut.jsonl:{len(lines)}: the line was cut short"
    head = json.loads((drill / "scorecard.json").read_bytes())["log"]
    assert refused("verify", drill, "--head", "0" * 64, code=1) == (
        f"{drill}/log.jsonl:{len(lines)}: the log ends in a different hash from the one given: {head}"
    )


@pytest.mark.parametrize("command", ["score", "report", "replay", "verify"])
@pytest.mark.parametrize(
    ("log", "says"),
    [
        ("nosuch", "nosuch: there is no such file; `drillroom run` writes a drill's folder with its log"),
        (".", ".: there is no log.jsonl in this folder; name a drill's folder, or a log"),
        ("/dev/null", "/dev/null: this is not a file; name a log, or a drill's folder"),
    ],
)
@pytest.mark.usefixtures("here")
def test_a_log_that_is_not_there_gets_one_line(command: str, log: str, says: str) -> None:
    assert refused(command, log) == says


@pytest.mark.parametrize("command", ["score", "report", "replay"])
def test_a_log_that_cannot_be_read_gets_one_line(here: Path, drill: Path, command: str) -> None:
    data = (drill / "log.jsonl").read_bytes()
    expected = " (name a drill's folder, or the log.jsonl in it)"
    for name, content, says in (
        ("empty", b"", f"empty: the log is empty{expected}"),
        ("binary", bytes(range(256)) * 100, f"binary:1: this is not a drill's log{expected}"),
        ("yaml", b"scenario: x\n", f"yaml:1: this is not a drill's log{expected}"),
        ("cut", data[:-10], f"cut:{data.count(10)}: the line was cut short (restore it from a copy)"),
        (
            "newer",
            data.replace(b'"version":2,', b'"version":3,', 1),
            "newer:1: the log is of format 3, and this program reads up to 2; upgrade it",
        ),
    ):
        (here / name).write_bytes(content)
        assert refused(command, name) == says
    assert not (here / "drills-run").exists()


def test_a_head_must_be_a_hash(drill: Path) -> None:
    assert refused("verify", drill, "--head", "9f2c") == (
        "--head takes the whole hash, 64 hexadecimal digits, as the situation report prints it"
    )
