"""Where authored things are found by name: in the workspace, then in the library."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from scenarios.problem import LoadError, Problem, nearest, quoted
from scenarios.source import Source, parse, read
from scenarios.workspace import FOLDERS as OWN
from scenarios.workspace import NAMES_FILE, folders_for, leads_out, nearby

__all__ = [
    "FOLDERS",
    "Kind",
    "called",
    "is_name",
    "named",
    "names",
    "names_file",
    "own_files",
    "own_source",
    "referred",
    "standing_in",
]

Kind = Literal[
    "scenario", "protocol", "team", "runbook", "rubric", "script", "names", "schedule", "absences", "actions"
]

FOLDERS: dict[Kind, str] = {
    "scenario": "incidents",
    "protocol": "protocols",
    "team": "teams",
    "runbook": "runbooks",
    "rubric": "rubrics",
    "names": "names",
}
"""The library's folder for each kind of which it has some. Scripts are always given as files."""

_STAND_INS: ContextVar[Mapping[Path, Source]] = ContextVar("stand_ins")
_FEW = 12
"""So many names are listed where one is wrong."""
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*", re.ASCII)


def is_name(reference: str) -> bool:
    """Whether this can be a name; anything else is the path of a file."""
    return len(reference) <= 64 and _NAME.fullmatch(reference) is not None


def called(kind: Kind) -> str:
    """What a file of a kind is called."""
    return {"names": "names file", "absences": "file of absences", "actions": "file of actions"}.get(kind, kind)


def own_files(kind: Kind, near: Path | None = None) -> dict[str, Path]:
    """The files of a kind that are found before the library's, by name: around the file `near`, in our workspace."""
    found: dict[str, Path] = {}
    for folder in folders_for(near) if kind in OWN else ():
        inside = folder / OWN[kind]
        shown = nearby(inside)
        for path in sorted([*inside.glob("*.yaml"), *inside.glob("*.yml")]):
            if is_name(path.stem) and path.is_file():
                found.setdefault(path.stem, shown / path.name)
    return found


def _own_file(kind: Kind, name: str, near: Path | None) -> Path | None:
    """Our file of that name, without a look at all the others."""
    for folder in folders_for(near) if kind in OWN else ():
        for path in (folder / OWN[kind] / f"{name}.yaml", folder / OWN[kind] / f"{name}.yml"):
            if path.is_file():
                return nearby(path)
    return None


def _is_there(kind: Kind, name: str, near: Path | None) -> bool:
    known = is_name(name) and kind in FOLDERS
    return known and (_own_file(kind, name, near) is not None or shipped(kind, name) is not None)


def names(kind: Kind, near: Path | None = None) -> list[str]:
    """The names that there are of a kind, sorted: around the file `near`, in our workspace and in the library."""
    return sorted({*shipped_names(kind), *own_files(kind, near)})


@cache
def shipped_names(kind: Kind) -> frozenset[str]:
    """The names that the library has of a kind."""
    if kind not in FOLDERS:
        return frozenset()
    found = (entry.name for entry in _library(kind).iterdir())
    return frozenset(name.removesuffix(".yaml") for name in found if name.endswith(".yaml"))


def referred(kind: Kind, reference: str | Path, near: Path | None = None) -> Source:
    """What a user means: a name, or the path of a file. A name that there is comes before a file that is called so.

    Raises LoadError if there is nothing of the sort, or it cannot be read.
    """
    if isinstance(reference, Path):
        return read(reference)
    if is_name(reference) and kind in FOLDERS and (_is_there(kind, reference, near) or not Path(reference).is_file()):
        return named(kind, reference, near)
    meant = _name_in(reference)
    if not reference or (_is_there(kind, meant, near) and not Path(reference).exists()):
        hint = f"did you mean the {called(kind)} {meant}?" if meant else f"name a {called(kind)}, or a file"
        raise LoadError([Problem(quoted(reference), 0, 0, "there is no such file", hint)])
    return read(Path(reference))


def _name_in(reference: str) -> str:
    """The name that somebody may have meant who wrote a file's name, or in capitals."""
    return reference.strip().lower().removesuffix(".yaml").removesuffix(".yml").replace(" ", "-")


def named(kind: Kind, name: str, near: Path | None = None) -> Source:
    """The file of that name. Raises LoadError with a suggestion if there is none, or it leads out of its folder."""
    if is_name(name):
        own = _own_file(kind, name, near)
        if own is not None:
            return _inside(own)
        found = shipped(kind, name)
        if found is not None:
            return found
    known = names(kind, near)
    here = is_name(name) and Path(f"{name}.yaml").is_file()
    hint = f"the file {name}.yaml is here: write its name with the ending" if here else nearest(name, known)
    hint = hint or (f"there are {', '.join(known)}" if len(known) <= _FEW else "`drillroom show` lists them all")
    raise LoadError([Problem(quoted(name), 0, 0, f"there is no {called(kind)} by that name", hint)])


@cache
def shipped(kind: Kind, name: str) -> Source | None:
    """The library's file of that name, if there is one; it is the same as long as the program runs."""
    file = _library(kind) / f"{name}.yaml"
    return parse(file.read_bytes(), f"library/{FOLDERS[kind]}/{name}.yaml") if file.is_file() else None


@contextmanager
def standing_in(sources: Mapping[Path, Source]) -> Iterator[None]:
    """Inside it, these sources are found by name in the place of the files with these absolute paths."""
    token = _STAND_INS.set(sources)
    try:
        yield
    finally:
        _STAND_INS.reset(token)


def own_source(path: Path) -> Source:
    """What one of our own files says, or what stands in for it. Raises LoadError."""
    return _STAND_INS.get({}).get(path.absolute()) or read(path)


def _inside(path: Path) -> Source:
    """A file that was found by name, which must be where it was found. Raises LoadError."""
    if path.absolute() in _STAND_INS.get({}):
        return own_source(path)
    if leads_out(path, path.absolute().parent.parent):
        raise LoadError([Problem(str(path), 0, 0, "the link leads out of its folder", "put the file itself there")])
    return read(path)


def names_file(near: Path | None) -> Path | None:
    """The names file for the file `near`, or for our workspace; without either, the one in the current folder."""
    for folder in (*folders_for(near), *((Path(),) if near is None else ())):
        if (folder / NAMES_FILE).is_file():
            return nearby(folder / NAMES_FILE)
    return None


def _library(kind: Kind) -> Traversable:
    return files("scenarios") / "library" / FOLDERS[kind]
