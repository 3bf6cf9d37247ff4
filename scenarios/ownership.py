"""Which files in a folder are ours to check: a folder in which people work holds YAML of other tools as well."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scenarios.decode import first_key
from scenarios.load import KINDS_BY_KEY
from scenarios.workspace import ABSENCES_FILE, ACTIONS_FILE, EXAMPLE, FOLDERS, MARK, NAMES_FILE, SCHEDULE_FILE

__all__ = ["Found", "files_in"]

_ENDINGS: Final = (".yaml", ".yml")
_NEVER_ENTERED: Final = {"node_modules", "__pycache__", "drills-run", "venv"}
"""Folders of other tools; so is every one whose name begins with a dot, and every Python environment."""
_ENVIRONMENT: Final = "pyvenv.cfg"
"""The file that marks a folder as an environment of Python's, whatever its name."""


@dataclass(frozen=True)
class Found:
    """The YAML files of a folder and those below it, each in the order of the paths."""

    ours: list[Path]
    """Those whose first key is one of ours, and all in the folders that a workspace keeps for them."""
    others: list[Path]
    """All the others: they belong to somebody else."""


def files_in(folder: Path) -> Found:
    """The YAML files of a folder and below. Folders of git, of environments and of packages are not entered."""
    ours: list[Path] = []
    others: list[Path] = []
    for path in sorted(_yaml_below(folder)):
        if path.name == EXAMPLE and (path.absolute().parent / MARK).is_file():
            continue  # `init` wrote it, for somebody else to read
        (ours if _kept_for_us(path) or _says_so(path) else others).append(path)
    return Found(ours, others)


def _yaml_below(folder: Path) -> Iterator[Path]:
    for above, folders, files in os.walk(folder):
        here = Path(above)
        folders[:] = [name for name in folders if _entered(here / name)]
        yield from (here / name for name in files if name.endswith(_ENDINGS))


def _entered(folder: Path) -> bool:
    name = folder.name
    return not name.startswith(".") and name not in _NEVER_ENTERED and not (folder / _ENVIRONMENT).exists()


def _kept_for_us(path: Path) -> bool:
    """Whether it lies where a workspace keeps its files: there, one without our key is a mistake and not a stranger."""
    folder = path.absolute().parent
    if path.name in (NAMES_FILE, SCHEDULE_FILE, ABSENCES_FILE, ACTIONS_FILE):
        return (folder / MARK).is_file()
    return folder.name in FOLDERS.values() and (folder.parent / MARK).is_file()


def _says_so(path: Path) -> bool:
    """Whether the first key is one of ours."""
    try:
        return first_key(path) in KINDS_BY_KEY
    except OSError:
        return True  # whose it is cannot be seen; that it cannot be read is said where it is checked
