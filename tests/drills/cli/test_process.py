"""The program as a process of its own: what terminals, pipes, signals and disks do to it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drills.command_line import PROGRAM, ROOT, call, ran
from tests.drills.forked import started

FULL = Path("/dev/full")


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    """Pressed while the charts are drawn: one line, the exit code of an interrupt, and no half of a folder."""
    code = (
        "import os, signal, drills.records.folder as folder\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's job in the background ignores it
        "whole = folder._fill\n"
        "def pressed(new, files):\n"
        "    whole(new, dict(list(files.items())[:3]))\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "folder._fill = pressed\n"
        "from drills.cli import main; main()"
    )
    process = subprocess.run(
        [sys.executable, "-c", code, "run", "login-outage", "--out", "mine"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 130
    assert process.stderr == "\nstopped; nothing was left half-written\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("args", [["replay", "LOG"], ["--help"], ["schema", "scenario"], ["score", "LOG", "--json"]])
def test_a_reader_who_leaves_is_no_error(drill: Path, args: list[str]) -> None:
    """`drillroom replay LOG | head` ends without a word, by the exit code that shells give to a closed pipe."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        process = started(*(drill if arg == "LOG" else arg for arg in args), stdout=write_end)
        _, said = process.communicate(timeout=60)
    finally:
        os.close(write_end)
    assert (process.returncode, said) == (141, b"")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("args", [["replay", "LOG"], ["--help"], ["schema", "scenario"], ["lint", "."], ["--version"]])
def test_a_full_disk_behind_standard_output_is_said(drill: Path, args: list[str]) -> None:
    with FULL.open("wb") as full:
        library = ROOT / "scenarios" / "library"
        process = started(*(drill if arg == "LOG" else arg for arg in args), cwd=library, stdout=full.fileno())
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said == b"standard output: the disk is full; make room, or choose another place\n"


@pytest.mark.parametrize(("closed", "code"), [("1", 2), ("2", 0)])
def test_closed_streams(tmp_path: Path, closed: str, code: int) -> None:
    """Without standard output nothing is done for nobody; without standard error the result still comes."""
    program = " ".join(f"'{part}'" for part in PROGRAM)
    process = subprocess.run(
        ["/bin/sh", "-c", f"{program} run login-outage --json --out mine {closed}>&-"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == code
    if closed == "1":
        said = "standard output is closed; send it somewhere, such as `drillroom … > FILE`\n"
        assert process.stderr == said
        assert list(tmp_path.iterdir()) == []
    else:
        assert process.stdout.startswith("{")
        assert (tmp_path / "mine" / "report.html").is_file()


def test_a_terminal_without_the_signs_gets_others(drill: Path) -> None:
    code, out, err = ran("score", drill, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (code, err) == (0, "")
    assert out.isascii()
    assert "####" in out
    assert "?" not in out


def test_json_is_utf_8_whatever_the_terminal_is(drill: Path) -> None:
    code, out, _ = ran("score", drill, "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert code == 0
    assert out.encode() == (drill / "scorecard.json").read_bytes()


@pytest.mark.parametrize("args", [["score", "LOG"], ["replay", "LOG"], ["show", "login-outage"], ["doctor"]])
def test_a_narrow_terminal_is_enough(drill: Path, args: list[str]) -> None:
    code, out, _ = ran(*(str(drill) if arg == "LOG" else arg for arg in args), COLUMNS="60", TERM="dumb")
    assert code == 0
    assert max(len(line) for line in out.splitlines()) <= 60


@pytest.mark.parametrize(
    "args",
    [["score", "LOG"], ["replay", "LOG"], ["show"], ["show", "login-outage"], ["show", "protocol", "officeluv"],
     ["show", "team", "officeluv"], ["show", "standard"]],
)  # fmt: skip
def test_forty_columns_break_no_word_and_no_bar(drill: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]) -> None:
    said = {}
    for width in (40, 200):
        monkeypatch.setenv("COLUMNS", str(width))
        said[width] = call(*(str(drill) if arg == "LOG" else arg for arg in args)).stdout
    assert max(len(line) for line in said[40].splitlines()) <= 40
    wide, narrow = (set(re.findall(r"\b[a-z][\w/-]{5,}", said[width])) for width in (200, 40))
    assert sorted(wide - narrow) == []
    if args[0] == "score":
        bars = re.findall("[█░]+", said[40])
        assert {len(bar) for bar in bars} == {4}
        assert len(bars) == 6


def test_colours_are_for_terminals_that_want_them(drill: Path) -> None:
    assert "\x1b" not in ran("score", drill)[1]
    assert "\x1b" not in ran("score", drill, FORCE_COLOR="1", NO_COLOR="1")[1].replace("\x1b[1m", "").replace(
        "\x1b[2m", ""
    ).replace("\x1b[0m", "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_gets_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    code, _, err = ran("run", "login-outage", "--out", tmp_path / "mine")
    assert code == 2
    assert (
        err == f"{tmp_path / 'mine'} cannot be written: permission denied; nothing was changed, name another folder\n"
    )


def test_a_path_that_is_no_text_is_shown_as_far_as_it_goes() -> None:
    process = started("score", os.fsdecode(b"caf\xe9.jsonl"))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.startswith(b"caf\\udce9.jsonl: there is no such file")
