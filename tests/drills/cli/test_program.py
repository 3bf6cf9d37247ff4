"""The program as a whole: its help, its commands, and what it says about mistyped or missing words."""

import errno
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from drills.cli import doctor, outcome
from drills.cli.commands import COMMANDS, program
from drills.cli.commands_page import commands_page
from drills.cli.help import Exemplary
from scenarios.problem import closest
from tests.drills.command_line import ROOT, call, ran, refused

HEAVY = ("pandas", "matplotlib", "pydantic", "yaml", "rich", "msgspec", "numpy", "scenarios")


def loaded_by(*args: str) -> set[str]:
    """The modules that are loaded once a command has run."""
    code = (
        f"import sys\ntry:\n    from drills.cli import main; sys.argv = {['drillroom', *args]!r}; main()\n"
        "except SystemExit: pass\nprint('loaded:', *sorted(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    return set(out.split("loaded:")[1].split())


def test_help_loads_nothing_of_any_command() -> None:
    """It must feel instant, and each of these takes longer to load than all of help."""
    loaded = loaded_by("--help")
    assert "click" in loaded
    assert sorted(name for name in loaded if name.split(".")[0] in HEAVY) == []


def test_a_drill_without_a_database_loads_none(tmp_path: Path) -> None:
    loaded = loaded_by("run", "slow-report", "--out", str(tmp_path / "drill"))
    assert "matplotlib" in loaded
    assert {"sqlalchemy", "pandas", "fastapi", "holidays"} & loaded == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """The list must not load the commands, so it holds their summaries; they must not drift apart."""
    result = call(name, "--help")
    assert result.exit_code == 0
    command = program.get_command(program.make_context("drillroom", [name], resilient_parsing=True), name)
    assert isinstance(command, Exemplary)
    assert (command.help or "").split("\n")[0] == COMMANDS[name].summary
    assert command.examples
    assert re.findall(r"\b[A-Z]+\.[A-Z]{3,}\b", result.stdout) == [], "files are named as they are called"
    assert [option.opts for option in command.params if isinstance(option, click.Option) and not option.help] == []


def test_every_example_is_a_command_line_that_is_understood() -> None:
    """Each is parsed with the command's own options; `--help` behind it keeps it from being carried out."""
    for name in COMMANDS:
        command = program.get_command(program.make_context("drillroom", [name], resilient_parsing=True), name)
        assert isinstance(command, Exemplary)
        for example in command.examples:
            first, *args = re.split(r" [|>] ", example)[0].split()
            assert first == "drillroom"
            assert call(*args, "--help").exit_code == 0
            _check_understood(command, name, args[1:])


def _check_understood(command: click.Command, name: str, args: list[str]) -> None:
    """That a command takes all of its arguments, or one of those in its group does."""
    context = command.make_context(name, args, resilient_parsing=True)
    if isinstance(command, click.Group):
        part = command.get_command(context, args[0])
        assert part is not None
        _check_understood(part, args[0], args[1:])
    else:
        assert command.parse_args(context, args) == []


def test_nothing_at_all_is_a_call_for_help() -> None:
    assert call().stdout == call("--help").stdout
    for asked in ("--version", "-V"):
        assert call(asked).stdout == f"drillroom {importlib.metadata.version('drillroom')}\n"
    code, out, _ = ran("help", "run")
    assert (code, out) == (0, ran("run", "--help")[1])


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["rum"], "drillroom: there is no command 'rum'; did you mean 'run'? (see `drillroom --help`)"),
        (["xyzzy"], "drillroom: there is no command 'xyzzy' (see `drillroom --help`)"),
        (["--versoin"], "drillroom: no such option"),
        (["run", "login-outage", "--sede", "3"], "drillroom run: no such option"),
        (["\x1b[31mred"], "drillroom: there is no command '\\x1b[31mred' (see `drillroom --help`)"),
    ],
)
def test_what_is_mistyped_gets_one_line_and_a_suggestion(args: list[str], says: str) -> None:
    line = refused(*args)
    assert line.startswith(says)
    if args[-1] == "3":
        assert "id you mean" in line
        assert "--seed" in line


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("login", ["login-outage", "orders-gone"], "login-outage"),
        ("gone", ["login-outage", "orders-gone"], "orders-gone"),
        ("gone", ["gone-from-the-map", "orders-gone"], None),
        ("Incident Commander", ["incident-commander-2", "incident_commander"], "incident_commander"),
        ("ROLL_BACK", ["roll-back-all", "roll-back"], "roll-back"),
        ("lo", ["login-outage"], None),
        ("logn-outage", ["login-outage"], "login-outage"),
        ("", ["login-outage"], None),
        ("x" * 500, ["login-outage"], None),
    ],
)
def test_which_word_was_probably_meant(word: str, known: list[str], meant: str | None) -> None:
    assert closest(word, known) == meant


def test_what_the_system_refuses_has_a_way_out() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert outcome.way_out(full) == "the disk is full; make room, or choose another place"
    readonly = OSError(errno.EROFS, os.strerror(errno.EROFS))
    assert outcome.way_out(readonly) == "this place is read-only; choose another one"
    assert outcome.way_out(OSError(errno.EIO, "Input/output error")) == "input/output error"


def test_doctor_finds_everything_here_and_knows_what_is_needed() -> None:
    result = call("doctor")
    assert result.exit_code == 0
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[<>=~! ]", requirement)[0] for requirement in project["dependencies"]}
    assert set(doctor.MODULES) == needed
    lines = result.stdout.splitlines()
    assert [name for name in needed if not any(line.split()[:2] == [name, "ok"] for line in lines)] == []
    assert project["requires-python"] == ">=" + ".".join(map(str, doctor.OLDEST))


@pytest.mark.parametrize(
    ("files", "state", "says"),
    [
        ({"names.yaml": "names: acme\ncompany: Acme\n"}, "ok", "names.yaml is read"),
        ({"names.yaml": "- a list of somebody\n"}, "optional", "names.yaml is of another tool, and passed over"),
        ({"names.yaml": "names: acme\ncompny: Acme\n"}, "missing",
         "names.yaml:2:1: unknown key `compny` (did you mean company?)"),
        ({"names.yaml": "people: []\n", "drillroom.toml": ""}, "missing", "names.yaml:1:1: `names` is missing"),
    ],
)  # fmt: skip
def test_doctor_names_a_names_file_that_is_of_somebody_else(
    here: Path, files: dict[str, str], state: str, says: str
) -> None:
    for name, text in files.items():
        (here / name).write_text(text)
    [found, *_] = doctor._names()
    assert found.state == state
    assert found.says.startswith(says)
    assert call("show", "login-outage").exit_code == (2 if state == "missing" else 0)


def test_doctor_says_what_to_do_about_what_is_missing(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setitem(sys.modules, "nh3", None)
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    here.rmdir()
    result = call("doctor")
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert "pip install 'nh3'" in said
    assert "PDF optional only run --pdf and report --pdf need it a PDF needs WeasyPrint" in said
    assert "go to a folder you can write to, or name one with --out" in said


def test_the_reference_says_the_same_whoever_asked_for_help_before() -> None:
    before = commands_page()
    assert "  -h, --help" in before
    for name in COMMANDS:
        command = program.get_command(click.Context(program), name)
        assert command is not None
        assert "-h, --help" in command.get_help(command.make_context(name, [], resilient_parsing=True))
    assert commands_page() == before
