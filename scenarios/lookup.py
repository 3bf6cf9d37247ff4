"""Where authored things are found by name: beside the scenario that refers to them, then in the library."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from scenarios.problem import LoadError, Problem, nearest, quoted
from scenarios.source import Source, parse, read

__all__ = ["FOLDERS", "Kind", "is_name", "named", "names", "names_file", "referred"]

Kind = Literal["scenario", "protocol", "team", "runbook", "rubric", "script", "names"]

FOLDERS: dict[Kind, str] = {
    "scenario": "incidents",
    "protocol": "protocols",
    "team": "teams",
    "runbook": "runbooks",
    "rubric": "rubrics",
    "names": "names",
}
"""The folder for each kind that has names. Scripts are always given as files."""

NAMES_FILE = "names.yaml"
"""The file of a workspace in which a company says what its things are called."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", re.ASCII)


def is_name(reference: str) -> bool:
    """Whether this can be a name; anything else is the path of a file."""
    return len(reference) <= 64 and _NAME.fullmatch(reference) is not None


def names(kind: Kind, near: Path | None = None) -> list[str]:
    """The names that there are of a kind, sorted: in the library, and beside the file `near`."""
    found = {entry.name for entry in _library(kind).iterdir()} if kind in FOLDERS else set()
    if near is not None:
        found |= {path.name for path in _workspace(near).joinpath(FOLDERS[kind]).glob("*.yaml")}
    return sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))


def referred(kind: Kind, reference: str | Path, near: Path | None = None) -> Source:
    """What a user means: a name, or the path of a file. A name that there is comes before a file that is called so.

    Raises LoadError if there is nothing of the sort, or it cannot be read.
    """
    if isinstance(reference, Path):
        return read(reference)
    if is_name(reference) and kind in FOLDERS and (reference in names(kind, near) or not Path(reference).is_file()):
        return named(kind, reference, near)
    return read(Path(reference))


def named(kind: Kind, name: str, near: Path | None = None) -> Source:
    """The file of that name. Raises LoadError with a suggestion if there is none, or it leads out of its folder."""
    if is_name(name):
        beside = _workspace(near) / FOLDERS[kind] / f"{name}.yaml" if near is not None else None
        if beside is not None and beside.is_file():
            if not beside.resolve().is_relative_to(_workspace(beside).resolve()):
                raise LoadError(
                    [Problem(str(beside), 0, 0, "the link leads out of its folder", "put the file itself there")]
                )
            return read(beside)
        shipped = _library(kind) / f"{name}.yaml"
        if shipped.is_file():
            return parse(shipped.read_bytes(), f"library/{FOLDERS[kind]}/{name}.yaml")
    known = names(kind, near)
    here = is_name(name) and Path(f"{name}.yaml").is_file()
    hint = f"the file {name}.yaml is here: write its name with the ending" if here else nearest(name, known)
    hint = hint or f"there are {', '.join(known)}"
    raise LoadError([Problem(quoted(name), 0, 0, f"there is no {kind} by that name", hint)])


def names_file(near: Path | None) -> Path | None:
    """The names file of a workspace: the one beside the file `near`, or above it; without a file, in this folder."""
    file = (_workspace(near) if near is not None else Path()) / NAMES_FILE
    return file if file.is_file() else None


def _library(kind: Kind) -> Traversable:
    return files("scenarios") / "library" / FOLDERS[kind]


def _workspace(file: Path) -> Path:
    """The folder in which a file's references are looked up: its own, or the one above if it stands in one of ours."""
    folder = file.absolute().parent
    return folder.parent if folder.name in (*FOLDERS.values(), "scenarios") else folder
