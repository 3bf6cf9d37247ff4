"""A log on the disk, and what lies beside it: the texts that people typed, and their names."""

from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from scenarios.problem import LoadError, Problem
from simulator.log import DrillLog, LogError, SealedText
from simulator.plan import DrillPlan
from simulator.texts import TextsError, read_texts

__all__ = ["LOG", "log_bytes", "log_file", "names_beside", "read_log", "texts_beside"]

LOG = "log.jsonl"
_MOST_BYTES = 256 * 2**20
"""The limit for a log; a long drill of a large team has less than one megabyte."""


class _People(msgspec.Struct):
    format: Literal[1]
    names: dict[str, str]


def log_file(path: Path) -> Path:
    """The log that the user means: the file, or the one in a drill's folder."""
    return path / LOG if path.is_dir() else path


def log_bytes(path: Path) -> bytes:
    """A log's bytes. Raises LoadError, with the reason, if it cannot be read; OSError where the system refuses."""
    file = log_file(path)
    try:
        if file.exists() and not file.is_file():
            raise _unreadable(file, "this is not a file; name a log, or a drill's folder")
        if file.stat().st_size > _MOST_BYTES:
            raise _unreadable(file, "this is too large for a drill's log")
        return file.read_bytes()
    except FileNotFoundError:
        why = "there is no such file; `drillroom run` writes a drill's folder with its log"
        if path.is_dir():
            why = f"there is no {LOG} in this folder; name a drill's folder, or a log"
        raise _unreadable(path, why) from None


def read_log(path: Path) -> DrillLog:
    """A drill's log, with the texts and files beside it. Raises LoadError if it is altered, cut short or not a log."""
    data, texts = log_bytes(path), texts_beside(path)
    try:
        log = DrillLog.read(data, texts)
    except LogError as error:
        raise _unreadable(log_file(path), error.why, _advice(data, error.why), error.line) from None
    return replace(log, plan=log.plan.with_contents(_files_beside(log.plan, log_file(path).parent)))


def _files_beside(plan: DrillPlan, folder: Path) -> dict[str, bytes]:
    """What the scenario handed to people, from the `files` beside a log: each that is still as it was."""
    found: dict[str, bytes] = {}
    for one in plan.files or []:
        path = folder / "files" / f"{one.sha256[:12]}-{Path(one.name).name}"
        with suppress(OSError):
            data = path.read_bytes() if path.is_file() and path.stat().st_size == one.size else b""
            if sha256(data).hexdigest() == one.sha256:
                found[one.sha256] = data
    return found


def _advice(data: bytes, why: str) -> str:
    if not data.startswith(b'{"format":"drillroom-log"'):
        return "name a drill's folder, or the log.jsonl in it"
    return "" if "upgrade" in why else "restore it from a copy"


def texts_beside(path: Path) -> tuple[SealedText, ...] | None:
    """The texts in the texts.json beside a log; None if there is no such file. Raises LoadError if it is broken."""
    file = log_file(path).with_name("texts.json")
    if not file.is_file():
        return None
    try:
        return read_texts(file.read_bytes())
    except TextsError as error:
        hint = "restore it, or remove it: the papers then say that the texts are not here"
        raise _unreadable(file, f"the texts cannot be read: {error}", hint) from None


def names_beside(path: Path) -> dict[str, str]:
    """The names in the people.json beside a log; none if there is no such file. Raises LoadError if it is broken."""
    file = log_file(path).with_name("people.json")
    if not file.is_file():
        return {}
    try:
        return msgspec.json.decode(file.read_bytes(), type=_People).names
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "restore it, or remove it: the papers then print ids"
        raise _unreadable(file, f"the names cannot be read: {error}", hint) from None


def _unreadable(file: Path, why: str, hint: str = "", line: int = 0) -> LoadError:
    return LoadError([Problem(str(file), line, 0, why, hint)])
