"""Files that a scenario hands to people: pictures, logs, pages. They come from beside the scenario and nowhere else."""

import os
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BeforeValidator, model_validator

from scenarios.base import Line, Model

__all__ = [
    "MOST_BYTES",
    "MOST_IN_ALL",
    "Attached",
    "Attachment",
    "Content",
    "FileType",
    "UnusableError",
    "is_picture",
    "read_file",
]

MOST_BYTES = 2_000_000
"""Of one file."""
MOST_IN_ALL = 10_000_000
"""Of all files of a scenario."""

FileType = Literal["image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv", "text/html"]

_SUFFIXES: dict[str, FileType] = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".csv": "text/csv",
    ".tsv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    **dict.fromkeys((".txt", ".log", ".md", ".json", ".eml", ".conf", ".yaml", ".yml", ".xml"), "text/plain"),
}
_ACCEPTED = "a picture (png, jpg, gif, webp), a text (txt, log, csv, md, json, eml, conf, xml), or a page (html)"
_NOT_SHOWN = frozenset("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f")
_TEXT = "text"


class Attachment(Model):
    """A file that somebody receives."""

    file: Line
    """Where it is, from the scenario's own folder: `files/app.log`."""
    alt: Line | None = None
    """What a picture shows, for those who do not see it; every picture needs it."""

    @model_validator(mode="after")
    def _below(self) -> Self:
        path = PurePosixPath(self.file)
        if (
            path.is_absolute()
            or ".." in path.parts
            or "\\" in self.file
            or ":" in self.file
            or self.file.startswith("~")
        ):
            raise ValueError("an attachment lies beside its scenario: write its way from there, such as files/app.log")
        kind = _SUFFIXES.get(path.suffix.lower())
        if kind is None:
            raise ValueError(f"an attachment is {_ACCEPTED}")
        if is_picture(kind) and self.alt is None:
            raise ValueError(
                f"a picture needs words for those who do not see it: {{file: {self.file}, alt: what it shows}}"
            )
        return self


def _written(value: object) -> object:
    return {"file": value} if isinstance(value, str) else value


Attached = Annotated[Attachment, BeforeValidator(_written, json_schema_input_type=str | Attachment)]
"""A file's way, or the file with what it shows."""


class Content(NamedTuple):
    """A file as it was read."""

    file: str
    """Where the scenario says it is."""
    type: FileType
    sha256: str
    """64 hexadecimal digits."""
    data: bytes

    @property
    def name(self) -> str:
        """Its name without its folders."""
        return PurePosixPath(self.file).name


class UnusableError(Exception):
    """A file cannot be attached: what is wrong, and the way out."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def is_picture(kind: FileType) -> bool:
    """Whether it is shown as a picture; all else is shown as text."""
    return kind.startswith("image/")


def read_file(wanted: str, scenario: Path | None, root: Path | None = None) -> Content:
    """Read an attachment of the scenario in a file, or of one of the library's. Raises UnusableError.

    It may be a link, but only to somewhere in `root`: the scenario's workspace, or else its own folder.
    """
    data = _of_library(wanted) if scenario is None else _of_disk(wanted, scenario, root or scenario.absolute().parent)
    kind = _SUFFIXES[PurePosixPath(wanted).suffix.lower()]
    holds = _sniffed(data)
    if holds != kind and not (holds == _TEXT and not is_picture(kind)):
        what = {"": "neither a picture nor text in UTF-8", _TEXT: "text"}.get(holds, f"a picture ({holds})")
        raise UnusableError(
            f"{wanted} is not what its name says: it holds {what}", "attach the file itself, or rename it"
        )
    return Content(wanted, kind, sha256(data).hexdigest(), data)


def _of_library(wanted: str) -> bytes:
    place: Traversable = files("scenarios") / "library" / "incidents"
    for part in PurePosixPath(wanted).parts:
        place /= part
    if not place.is_file():
        raise UnusableError(
            f"there is no file {wanted} beside the scenario", "write its way from the scenario's folder"
        )
    return place.read_bytes()


def _of_disk(wanted: str, scenario: Path, root: Path) -> bytes:
    path = scenario.absolute().parent / wanted
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise UnusableError(f"{wanted} is a link that leads out of {root.name}", "put the file itself there")
    try:
        if not path.is_file():  # a folder, a pipe or a device is never opened
            hint = "write its way from the scenario's folder"
            raise UnusableError(f"there is no file {wanted} beside the scenario", hint)
        with path.open("rb") as opened:
            size = os.fstat(opened.fileno()).st_size
            data = opened.read(MOST_BYTES + 1) if size <= MOST_BYTES else b""
    except OSError as error:
        raise UnusableError(f"{wanted} cannot be read: {error.strerror}", "ask for access, or attach another") from None
    if size > MOST_BYTES or len(data) > MOST_BYTES:
        raise UnusableError(
            f"{wanted} has {max(size, len(data)) / 1e6:.1f} MB, and an attachment has at most {MOST_BYTES / 1e6:g} MB",
            "attach the part that matters, or a smaller picture",
        )
    return data


def _sniffed(data: bytes) -> str:
    """What a content is: a type of picture, text, or nothing that is accepted."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if _NOT_SHOWN & set(text) else _TEXT
