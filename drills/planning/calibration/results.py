"""What is kept of calibrations: a file beside each scenario, and beside it what was begun.

A result is a JSON file named as the scenario, `login-outage.calibration.json`. It counts as long as its identity is
that of the scenario as it is now.
"""

from pathlib import Path

import msgspec

from drills.planning.calibration.chunks import CHUNK, Brief, chunks_of, digest_of, encoded
from scenarios.workspace import FOLDERS, nearby, workspace
from scoring.calibration.counts import Counts

__all__ = ["ENDING", "Calibration", "Progress", "place_of", "read", "read_progress", "to_json"]

ENDING = ".calibration.json"
_FORMAT = 1


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of a scenario."""

    format: int = _FORMAT
    """The version of this form."""
    scenario: str
    """The scenario's id."""
    identity: str
    """The hash of what players and score read of it, of its protocol, its rubric and of the simulated teams."""
    drills: int
    """How many drills were played."""
    command: str
    """The command that makes it again, to the byte."""
    first: str
    """A hash of what was counted in the first chunk alone: whether it can be made again shows in a second."""
    counts: Counts
    """What was counted."""


class Progress(msgspec.Struct, kw_only=True):
    """A calibration that was begun."""

    identity: str
    """To what it belongs."""
    drills: int
    """How many drills it will have."""
    chunk: int = CHUNK
    """How many drills make a chunk."""
    done: list[int] = []
    """The chunks that were played."""
    first: str = ""
    """The hash of the first chunk, once it was played."""
    counts: Counts = msgspec.field(default_factory=Counts)
    """What was counted in them."""

    @classmethod
    def of(cls, brief: Brief) -> "Progress":
        """One of which nothing was played yet."""
        return cls(identity=brief.identity, drills=brief.drills)

    def belongs_to(self, brief: Brief) -> bool:
        """Whether it is of the same scenario, as it is now, and as long."""
        return (self.identity, self.drills, self.chunk) == (brief.identity, brief.drills, CHUNK)

    def add(self, chunk: int, counts: Counts) -> None:
        """Take in a chunk, in any order, but each once."""
        if chunk == 0:
            self.first = digest_of(counts)
        self.done.append(chunk)
        self.counts.add(counts)

    def left(self, brief: Brief) -> list[int]:
        """The chunks that are still to be played."""
        done = set(self.done)
        return [chunk for chunk in chunks_of(brief) if chunk not in done]


def place_of(scenario: str, file: Path | None, into: Path | None = None) -> Path:
    """Where a scenario's result goes: into a folder, else beside its file, else among the workspace's scenarios."""
    if into is not None:
        folder = into
    elif file is not None:
        folder = file.parent
    else:
        here = workspace()
        folder = Path() if here is None else nearby(here / FOLDERS["scenario"])
    return folder / f"{file.stem if file is not None else scenario}{ENDING}"


def to_json(found: Calibration) -> bytes:
    """The file's content: a line for each thing that is counted, the same bytes for the same counts."""
    head = {name: getattr(found, name) for name in Calibration.__struct_fields__ if name != "counts"}
    lines = [f"{_text(name)}: {_text(value)}" for name, value in head.items()]
    counted = msgspec.json.decode(encoded(found.counts), type=dict[str, msgspec.Raw])
    rows = ",\n".join(f"{_text(name)}: {bytes(value).decode()}" for name, value in counted.items())
    body = ",\n".join([*lines, f'"counts": {{\n{rows}\n}}'])
    return f"{{\n{body}\n}}\n".encode()


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def read(data: bytes) -> Calibration | None:
    """A result; None if it is none, or of another version of this form."""
    try:
        found = msgspec.json.decode(data, type=Calibration)
    except msgspec.MsgspecError:
        return None
    return found if found.format == _FORMAT else None


def read_progress(file: Path) -> Progress | None:
    """What was begun; None if nothing was, or if it cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Progress)
    except (OSError, msgspec.MsgspecError):
        return None
