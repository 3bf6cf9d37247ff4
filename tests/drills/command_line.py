"""Calling the program in tests: within this process for most, as a process of its own if that is the point."""

from pathlib import Path

from click.testing import CliRunner, Result

from drills.cli.commands import program
from tests.drills.forked import PROGRAM, ROOT, started

__all__ = ["PROGRAM", "ROOT", "call", "ran", "refused"]


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


def ran(*args: str | Path, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a process of its own."""
    process = started(*args, env=environment)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()
