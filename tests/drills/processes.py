"""Servers as processes of their own: started by the command, entered by the link that they print, ended by a signal."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drills.forked import started
from tests.drills.server import Browser

__all__ = ["SLOW", "base_of", "ends", "entered", "gone", "greeting", "link_of", "program", "until"]

SLOW = 60.0
"""Seconds within which any of this happens many times over."""


@contextmanager
def program(folder: Path, *args: str, **env: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of the program in a folder of its own."""
    process = started(*args, text=True, cwd=folder, env={"TMPDIR": str(folder), **env})
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=SLOW)


def greeting(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """The address that it prints, once it answers; and all that it prints then."""
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    found = re.search(r"http\S+", said)
    assert found is not None, said
    return found[0], said


def link_of(process: "subprocess.Popen[str]") -> str:
    return greeting(process)[0]


def base_of(link: str) -> str:
    """An address without its path."""
    return "/".join(link.split("/")[:3])


def entered(link: str) -> Browser:
    browser = Browser(base_of(link))
    assert browser.get(link).status_code == 303
    assert browser.post("/me/name", data={"name": "Olga Sørensen"}).status_code == 303
    return browser


def ends(process: "subprocess.Popen[str]", by: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(by)
    out, err = process.communicate(timeout=SLOW)
    return process.returncode, out, err


def gone(pid: int) -> bool:
    """Whether a process has ended and nobody need wait for it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that other processes do by themselves."""
    end = time.monotonic() + SLOW
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
