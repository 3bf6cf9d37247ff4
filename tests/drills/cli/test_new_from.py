"""`new --from`: a sheet at the terminal, with questions where somebody is there to answer, and options where not."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from drills.planning.materials import gather
from tests.drills.command_line import PROGRAM, ROOT, call, refused

ASKS = (
    "Time,From,To,Method,Message\n1:30,Ops,ED,Tannoy,Disk is full\n3:45,Press,PIO,phone,What is it?\n5:00,x,IC,call,?\n"
)


def sheet(here: Path, text: str = ASKS) -> str:
    (here / "injects.csv").write_text(text, encoding="utf-8")
    return "injects.csv"


def answered(here: Path, answers: str, *args: str) -> tuple[int, str]:
    """The exit code and everything on the screen, of a terminal at which somebody types these answers."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "TERM": "dumb"}
    process = subprocess.Popen([*PROGRAM, *args], stdin=theirs, stdout=theirs, stderr=theirs, cwd=here, env=environment)
    os.close(theirs)
    os.write(ours, answers.encode())
    seen = b""
    try:
        while part := os.read(ours, 4096):
            seen += part
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(ours)
    return process.wait(timeout=60), seen.decode().replace("\r\n", "\n")


def test_at_a_terminal_it_asks_what_it_cannot_know_and_shows_what_it_understood(here: Path) -> None:
    sheet(here)
    code, seen = answered(here, "2\nsolutionear\nsolutioneer\n\ny\n", "new", "mine", "--from", "injects.csv")
    assert code == 0, seen
    assert "  1  minutes and seconds from the start: 1:30 is 1m30s, 5:00 is 5m\n" in seen
    assert "  2  hours and minutes from the start: 1:30 is 1h30m, 5:00 is 5h\n" in seen
    assert "Who is 'ED' (row 2)? " in seen
    assert "'solutionear' is none of them; did you mean solutioneer?" in seen
    assert "How does it come: 'Tannoy' (row 2)? " in seen
    assert "times: hours and minutes from the start\n" in seen
    assert "? is not in the sheet, or not known: 1 of 3 injects; the draft marks each." in seen
    [first, second, _] = gather(here / "mine.yaml").scenario.injects
    assert (first.at, first.to, first.via, second.at) == (5_400_000, ["solutioneer"], "chat", 13_500_000)


def test_at_a_terminal_a_no_writes_nothing(here: Path) -> None:
    sheet(here, "Time,Message\n5,x\n")
    code, seen = answered(here, "n\n", "new", "mine", "--from", "injects.csv")
    assert code == 2
    assert "nothing was written; --times, --means, --to and --column correct what was understood" in seen
    assert not (here / "mine.yaml").exists()


def test_where_nobody_can_be_asked_the_option_is_named_and_answers(here: Path) -> None:
    assert refused("new", "mine", "--from", sheet(here)) == (
        "injects.csv: times such as 1:30 can be meant in 3 ways; say which: --times mm:ss for minutes and seconds from "
        "the start; --times hh:mm for hours and minutes from the start; --times clock for times of day"
    )
    for said, first in (("mm:ss", "1m30s"), ("hh:mm", "1h30m"), ("clock", "0s")):
        written = call("new", "mine", "--from", "injects.csv", "--times", said, "--out", "-")
        assert f"  - id: inject-1\n    at: {first}\n" in written.stdout


def test_options_explain_words_and_columns_of_the_sheet(here: Path) -> None:
    sheet(here, "Zeit,Wer,Kanal,Message\n5,ED,Tannoy,Hello\n90,IR Lead,phone,Hello\n")
    result = call(
        "new", "mine", "--from", "injects.csv", "--column", "time=Zeit", "--column", "to=Wer", "--column", "via=Kanal",
        "--means", "ED=solutioneer", "--means", "Tannoy=call", "--to", "3=channel",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    [first, second] = gather(here / "mine.yaml").scenario.injects
    assert (first.to, first.via, second.to, second.at) == (["solutioneer"], "call", ["channel"], 5_400_000)


def test_all_problems_of_a_sheet_come_at_once(here: Path) -> None:
    sheet(here, f"Time,Message\n{'1' * 301},x\n5,{'x' * 4001}\n")
    result = call("new", "mine", "--from", "injects.csv")
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "injects.csv:2:1: the time has 301 characters (at most 300)",
        "injects.csv:3:1: the text has 4,001 characters (at most 4,000)",
        "injects.csv: 2 problems; nothing was written",
    ]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--from", "injects.csv", "--means", "ED"], "--means 'ED': write it as \"IR Lead=incident_commander\""),
        (["--from", "injects.csv", "--column", "=x"], "--column '=x': write it as \"time=Start of inject\""),
        (
            ["--from", "injects.csv", "--to", "ED=channel"],
            "--to 'ED': write it as 12=communications, with the number of",
        ),
        (["--from", "injects.csv", "--to", "2"], "--to '2': write it as 12=communications"),
        (["--from", "injects.csv", "--to", "2=chanel"], "an inject cannot go to 'chanel' (did you mean channel?)"),
        (["--from", "injects.csv", "--times", "mm:ss", "--to", "99=channel"], "injects.csv:99:1: row 99 is no inject"),
        (["--to", "2=channel"], "--to goes with --from"),
        (["--from", "injects.csv", "--times", "minutes"], "invalid value for '--times'"),
        (["--times", "mm:ss"], "--times goes with --from"),
        (["--means", "a=b"], "--means goes with --from"),
        (["--column", "a=b"], "--column goes with --from"),
        (["--sheet", "a"], "--sheet goes with --from"),
        (["--no-jumps"], "--no-jumps goes with --from"),
        (["--yes"], "--yes goes with --from"),
        (["--from", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (["--from", "."], ".: this is a folder, not a file (give the path of a CSV, TSV or XLSX file)"),
    ],
)
def test_what_cannot_be_meant_gets_one_line(here: Path, args: list[str], says: str) -> None:
    sheet(here)
    assert says in refused("new", "mine", *args)


def test_our_own_table_comes_back_as_a_workbook_and_as_text(here: Path) -> None:
    for shape in ("csv", "xlsx"):
        result = call("show", "login-outage", "--msel", f"--{shape}")
        (here / f"msel.{shape}").write_bytes(result.stdout_bytes)
        assert call("new", f"again-{shape}", "--from", f"msel.{shape}").exit_code == 0
        again = gather(here / f"again-{shape}.yaml").scenario
        assert {one.id: one.at for one in again.injects} == {
            one.id: one.at for one in gather("login-outage").scenario.injects
        }


def test_a_time_that_cannot_be_read_is_asked_for_at_a_terminal(here: Path) -> None:
    sheet(here, "Time,To,Message\n5,IC,Hello\nwhen they call,PIO,Again\n")
    code, seen = answered(here, "soon\n25m\ny\n", "new", "mine", "--from", "injects.csv")
    assert code == 0, seen
    assert "When is 'when they call' (row 3)? a time such as 10m; Enter leaves it open" in seen
    assert "'soon' is no time; write one such as 10m, or press Enter" in seen
    assert "    at: 25m\n" in (here / "mine.yaml").read_text(encoding="utf-8")


def test_the_protocol_of_a_sheet_can_be_said(here: Path) -> None:
    sheet(here, "Time,To,Message\n5,Deputy,Hello\n")
    made = call("new", "mine", "--from", "injects.csv", "--yes", "--protocol", "pagerduty-style")
    assert "roles: those of the protocol pagerduty-style\n" in made.stdout
    draft = (here / "mine.yaml").read_text(encoding="utf-8")
    assert "\nprotocol: pagerduty-style\n" in draft
    assert "    to: deputy\n" in draft
    assert "--protocol goes with --from" in refused("new", "mine", "--protocol", "officeluv")
