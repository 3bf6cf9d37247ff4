"""A workspace's own files while they change: what is wrong with each, and its last version that had no errors."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

from scenarios.lint import read_and_lint
from scenarios.lookup import Kind, is_name, standing_in
from scenarios.problem import Problem
from scenarios.source import Source
from scenarios.workspace import FOLDERS, NAMES_FILE, nearby

__all__ = ["Kept", "OwnFile", "Shelf", "Snapshot"]

Stamp = tuple[int, int]
"""When a file was written, in nanoseconds, and its size in bytes."""
_REFERRED: tuple[Kind, ...] = ("names", "runbook", "protocol")
"""Kinds that a scenario depends on."""
_ORDER: tuple[Kind, ...] = ("names", "runbook", "rubric", "team", "protocol", "scenario")
"""Kinds are looked at in this order: none refers to one behind it."""


_WATCHED = 50
"""So many attachments of a scenario are looked at as often as its file."""


@dataclass(frozen=True)
class Kept:
    """A version of a file that had no errors."""

    source: Source
    written: datetime
    """When it was saved."""


@dataclass(frozen=True, eq=False)
class OwnFile:
    """One of our own files, as it was when we last looked."""

    kind: Kind
    name: str
    """The name by which it is found; empty if none finds it."""
    path: Path
    """The file, as somebody in the current folder would write it."""
    source: Source | None
    """What it says; nothing while it is no YAML."""
    problems: tuple[Problem, ...]
    """What lint says of it."""
    good: Kept | None
    """Its last version without errors that we saw."""
    key: tuple[Stamp, int, tuple[Stamp, ...]]
    """What this was decided by: the file's stamp, the number of the state of what it refers to, and the stamps of what
    it hands to people."""
    attached: tuple[Path, ...] = ()
    """What it hands to people, as far as we look whether that changes."""

    @property
    def errors(self) -> list[Problem]:
        """Why it cannot be used as it is."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def stands_in(self) -> Kept | None:
        """The earlier version that is used while the file has errors."""
        return self.good if self.errors else None


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All own files as of one look."""

    files: Mapping[Path, OwnFile] = field(default_factory=dict)
    """By absolute path, in the order of kinds and names."""
    others: tuple[Path | None, int] = (None, 0)
    """The workspace, and how often we saw anything in it change that scenarios depend on."""

    @cached_property
    def stand_ins(self) -> dict[Path, Source]:
        """What is read in the place of each file: its version without errors that this look found, or an earlier one.

        So everything that is loaded is as of this look, whatever has been saved since.
        """
        return {path: file.good.source for path, file in self.files.items() if file.good is not None}

    def named(self, kind: Kind) -> dict[str, OwnFile]:
        """The own files of a kind that a name finds."""
        found: dict[str, OwnFile] = {}
        for file in self.files.values():
            if file.kind == kind and file.name:
                found.setdefault(file.name, file)
        return found


class Shelf:
    """The own files of one workspace. Looking at them reads and lints only what has changed since."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._looking = threading.Lock()
        self._stamps: dict[Path, Stamp] | None = None
        self._others: dict[Path, Stamp] = {}
        self.now = Snapshot(others=(root, 0))
        """What the last look found."""
        self.looked = False
        """Whether anybody has looked yet."""

    def look(self) -> Snapshot:
        """Look at all files again. This reads the disk, and takes a while after many of them have changed."""
        with self._looking:
            kinds = dict(self._files())
            stamps = dict(_stamps(kinds))
            if stamps == self._stamps and all(file.key[2] == _seen(file.attached) for file in self.now.files.values()):
                return self.now
            others = self._counted({path: stamp for path, stamp in stamps.items() if kinds[path] in _REFERRED})
            files: dict[Path, OwnFile] = {}
            for path, stamp in stamps.items():
                # Those behind it in the order need what stands in for those before it.
                depends = others[1] if kinds[path] in ("scenario", "protocol") else 0
                files[path] = self._file(kinds[path], path, stamp, depends, Snapshot(files).stand_ins)
            settled = dict(_stamps(kinds)) == stamps
            self.now, self._stamps = Snapshot(files, others), stamps if settled else None
            self.looked = True
            return self.now

    def _counted(self, stamps: dict[Path, Stamp]) -> tuple[Path | None, int]:
        """The number of the state in which everything but scenarios is."""
        root, number = self.now.others
        if stamps != self._others:
            self._others, number = stamps, number + 1
        return root, number

    def _files(self) -> Iterator[tuple[Path, Kind]]:
        if self._root is None:
            return
        for kind in _ORDER:
            if kind == "names":
                yield self._root / NAMES_FILE, kind
                continue
            folder = self._root / FOLDERS[kind]
            with suppress(OSError):  # a folder into which we may not look
                yield from ((path, kind) for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]))

    def _file(self, kind: Kind, path: Path, stamp: Stamp, depends: int, stand_ins: Mapping[Path, Source]) -> OwnFile:
        before = self.now.files.get(path)
        if before is not None and before.key == (stamp, depends, _seen(before.attached)):
            return before
        shown = nearby(path)
        with standing_in(stand_ins):
            source, problems = read_and_lint(shown)
        attached = () if source is None or kind != "scenario" else tuple(islice(_attached(path, source), _WATCHED))
        good = before.good if before is not None else None
        if source is not None and not any(problem.severity == "error" for problem in problems):
            good = Kept(source, datetime.fromtimestamp(stamp[0] / 1e9, UTC))
        name = path.stem if is_name(path.stem) else ""
        key = (stamp, depends, _seen(attached))
        return OwnFile(kind, name, shown, source, tuple(problems), good, key, attached)


def _attached(path: Path, source: Source) -> Iterator[Path]:
    """The files that a scenario names as attachments, whatever else is wrong with it."""
    for place, text in source.texts():
        if "attach" in place and place[-1] != "alt":
            yield path.parent / text


def _seen(files: Sequence[Path]) -> tuple[Stamp, ...]:
    """The stamps of files of which any may be missing."""
    found = []
    for file in files:
        try:
            said = file.stat()
        except (OSError, ValueError):  # the second for a name that no file can have
            found.append((0, 0))
        else:
            found.append((said.st_mtime_ns, said.st_size))
    return tuple(found)


def _stamps(paths: Mapping[Path, Kind]) -> Iterator[tuple[Path, Stamp]]:
    for path in paths:
        try:
            said = path.stat()
        except FileNotFoundError:
            if path.is_symlink():  # one that leads nowhere
                yield path, (0, 0)
        except OSError:
            yield path, (0, 0)
        else:
            yield path, (said.st_mtime_ns, said.st_size)
