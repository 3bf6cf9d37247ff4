"""Calling the program in tests: within this process for most, as a process of its own if that is the point."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from drills.cli.commands import program

PROGRAM = [sys.executable, "-c", "from drills.cli import main; main()"]
ROOT = Path(__file__).parents[2]


def call(*args: str | Path) -> Result:
    """Call the program; what it prints and its exit code come back."""
    result = CliRunner().invoke(program, [str(arg) for arg in args], prog_name="drillroom")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*args: str | Path, code: int = 2) -> str:
    """Call the program, which must not manage: the one line that it says on standard error."""
    result = call(*args)
    assert result.exit_code == code, result.output
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert "Traceback" not in lines[0]
    return lines[0]


def start(*args: str | Path, **environment: str) -> "subprocess.Popen[bytes]":
    """Start the program as a process of its own."""
    return subprocess.Popen(
        [*PROGRAM, *map(str, args)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def ran(*args: str | Path, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a process of its own."""
    process = start(*args, **environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()
