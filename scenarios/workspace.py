"""A workspace: the folder in which a team keeps its own files, marked by `drillroom.toml` and found from within."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = [
    "ABSENCES_FILE",
    "ACTIONS_FILE",
    "EXAMPLE",
    "FOLDERS",
    "MARK",
    "NAMES_FILE",
    "SCHEDULE_FILE",
    "folders_for",
    "holding",
    "leads_out",
    "nearby",
    "place_for",
    "workspace",
]

MARK: Final = "drillroom.toml"
"""The file that makes a folder a workspace; it holds the server's settings."""
NAMES_FILE: Final = "names.yaml"
"""The file in which a company says what its things are called."""
SCHEDULE_FILE: Final = "schedule.yaml"
"""The file in which a team's drills are planned; several teams have one each, in a folder of their own."""
ABSENCES_FILE: Final = "absences.yaml"
"""The file that says who is away."""
ACTIONS_FILE: Final = "actions.yaml"
"""The file that keeps what was changed by hand in corrective actions, in a workspace or beside the drills."""
EXAMPLE: Final = "ci-example.yaml"
"""The example for a CI server that `init` writes: in form a file of another tool, and ours."""
FOLDERS: Final = {
    "scenario": "scenarios",
    "protocol": "protocols",
    "team": "teams",
    "runbook": "runbooks",
    "rubric": "rubrics",
    "schedule": "schedules",
}
"""The folder of a workspace for each kind of file that is found by name."""
_ALONE = {"names": NAMES_FILE, "absences": ABSENCES_FILE, "actions": ACTIONS_FILE}
"""Kinds of which a workspace has one file."""
_BESIDE = {*FOLDERS.values(), "incidents", "names", "scripts"}


def workspace(start: Path | None = None) -> Path | None:
    """The workspace that a folder is in, the innermost if there are several; None if it is in none.

    Without a folder, the one of the current folder.
    """
    try:
        folder = Path.cwd() if start is None else start.absolute()
    except FileNotFoundError:  # somebody removed the folder that we are in
        return None
    return next((each for each in (folder, *folder.parents) if _has_mark(each)), None)


def _has_mark(folder: Path) -> bool:
    try:
        return (folder / MARK).is_file()
    except OSError:  # a folder above ours, into which we may not look
        return False


def holding(file: Path) -> Path:
    """The folder in which a file's references are looked up.

    That is its workspace. A file in none has its neighbours: its own folder, or the one above if it is in a folder
    called as one of a workspace.
    """
    folder = file.absolute().parent
    return workspace(folder) or (folder.parent if folder.name in _BESIDE else folder)


def leads_out(path: Path, folder: Path) -> bool:
    """Whether a file that is found in a folder is a link to somewhere else; one that leads nowhere does not."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def nearby(path: Path) -> Path:
    """A path as people in the current folder would write it: relative, if both are in one workspace."""
    ours = workspace()
    return path if ours is None or not path.is_relative_to(ours) else Path(os.path.relpath(path))


def place_for(kind: str, name: str) -> Path:
    """Where a new file goes: into the folder of its kind in the workspace, or else the current folder."""
    here = workspace()
    alone = _ALONE.get(kind)
    if here is None:
        return Path(alone or f"{name}.yaml")
    return nearby(here / alone if alone is not None else here / FOLDERS[kind] / f"{name}.yaml")


def folders_for(near: Path | None) -> Iterator[Path]:
    """Where a name is looked up before the library, in this order: around the file `near`, in the current workspace."""
    around = None if near is None else holding(near)
    if around is not None:
        yield around
    here = workspace()
    if here is not None and here != around:
        yield here
