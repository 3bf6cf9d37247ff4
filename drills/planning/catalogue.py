"""What can be played as the files are now: the workspace's scenarios and the library's. Files may change meanwhile."""

import time
from functools import lru_cache

from scenarios.lint import lint
from scenarios.load import load_scenario
from scenarios.lookup import own_files
from scenarios.problem import LoadError, Problem
from scenarios.scenario import Scenario
from scenarios.workspace import FOLDERS, NAMES_FILE, workspace

__all__ = ["Stamp", "problems", "scenario", "stamp"]

Stamp = tuple[tuple[str, int, int], ...]
"""Which files a workspace has, each with when it was written, in nanoseconds, and its size in bytes."""
_LOOK_AGAIN = 1.0
"""Seconds after which we look again for what has changed."""


def stamp() -> Stamp:
    """What the workspace's files are now, as of a second ago at most. Nothing where there is no workspace."""
    return _stamp(int(time.monotonic() / _LOOK_AGAIN))


@lru_cache(maxsize=1)
def _stamp(_: int) -> Stamp:
    root = workspace()
    if root is None:
        return ()
    found = [
        root / NAMES_FILE,
        *(file for folder in FOLDERS.values() for file in sorted((root / folder).glob("*.yaml"))),
    ]
    return tuple(
        (str(file), said.st_mtime_ns, said.st_size) for file in found if file.is_file() and (said := file.stat())
    )


def scenario(name: str) -> Scenario | None:
    """The scenario of that name; None while it does not load."""
    return _scenario(name, stamp())


@lru_cache(maxsize=512)
def _scenario(name: str, _: Stamp) -> Scenario | None:
    try:
        return load_scenario(name)
    except LoadError:
        return None


def problems() -> list[Problem]:
    """The errors in the workspace's files, by which something cannot be played."""
    return _problems(stamp())


@lru_cache(maxsize=1)
def _problems(_: Stamp) -> list[Problem]:
    own = [path for kind in FOLDERS for path in own_files(kind).values()]  # type: ignore[arg-type]  # its keys are kinds
    return [problem for path in own for problem in lint(path) if problem.severity == "error"]
