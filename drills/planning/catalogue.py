"""What can be played as the files are now: the workspace's scenarios and the library's. Files may change meanwhile."""

import time
from contextlib import suppress
from functools import lru_cache

from scenarios.lint import lint
from scenarios.load import load_names, load_protocol, load_scenario
from scenarios.problem import LoadError, Problem
from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from scenarios.workspace import FOLDERS, NAMES_FILE, nearby, workspace

__all__ = ["Stamp", "company", "problems", "protocol", "scenario", "stamp", "stamp_now"]

Stamp = tuple[tuple[str, int, int], ...]
"""Which files a workspace has, each with when it was written, in nanoseconds, and its size in bytes."""
_LOOK_AGAIN = 1.0
"""Seconds after which we look again for what has changed."""


def stamp() -> Stamp:
    """What the workspace's files are now, as of a second ago at most. Nothing where there is no workspace."""
    return _stamp(int(time.monotonic() / _LOOK_AGAIN))


@lru_cache(maxsize=1)
def _stamp(_: int) -> Stamp:
    return stamp_now()


def stamp_now() -> Stamp:
    """What the workspace's files are at this moment. It asks the disk about each."""
    root = workspace()
    if root is None:
        return ()
    found = [root / NAMES_FILE, *(file for folder in FOLDERS.values() for file in sorted((root / folder).glob("*")))]
    stamps = []
    for file in found:
        with suppress(OSError):  # it went away meanwhile, or was never there
            said = file.stat()
            stamps.append((str(file), said.st_mtime_ns, said.st_size))
    return tuple(stamps)


def scenario(name: str) -> Scenario | None:
    """The scenario of that name; None while it does not load."""
    return _scenario(name, stamp())


@lru_cache(maxsize=512)
def _scenario(name: str, _: Stamp) -> Scenario | None:
    try:
        return load_scenario(name)
    except LoadError:
        return None


def protocol(name: str) -> Protocol | None:
    """The protocol of that name; None while it does not load."""
    return _protocol(name, stamp())


@lru_cache(maxsize=64)
def _protocol(name: str, _: Stamp) -> Protocol | None:
    try:
        return load_protocol(name)
    except LoadError:
        return None


def company() -> str:
    """The name of the company that the drills are about; empty while the file that says it does not load."""
    return _company(stamp())


@lru_cache(maxsize=1)
def _company(_: Stamp) -> str:
    try:
        return load_names().company or ""
    except LoadError:
        return ""


def problems() -> list[Problem]:
    """The errors in the workspace's files, for which something is not offered or not found."""
    return _problems(stamp())


@lru_cache(maxsize=1)
def _problems(_: Stamp) -> list[Problem]:
    root = workspace()
    if root is None:
        return []
    own = [root / NAMES_FILE, *(root / folder for folder in FOLDERS.values() if any((root / folder).glob("*.y*ml")))]
    found = (problem for path in own if path.exists() for problem in lint(nearby(path)))
    return [problem for problem in found if problem.severity == "error"]
