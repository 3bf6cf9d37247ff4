"""What commands read, and the one line of error if it cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone; a command imports what it needs when it runs
    from drills.settings import Settings
    from simulator.log import DrillLog, SealedText
    from simulator.plan import DrillPlan

__all__ = ["LOG", "loading", "log_file", "names_beside", "read_bytes", "read_log", "read_settings", "texts_beside"]

LOG = "log.jsonl"
_MOST_BYTES = 256 * 2**20
"""The limit for a log; a long drill of a large team has less than one megabyte."""


class _People(msgspec.Struct):
    format: Literal[1]
    names: dict[str, str]


@contextmanager
def loading() -> Iterator[None]:
    """Turn what is wrong with authored files into one line: the first problem, and how many more there are."""
    from scenarios.problem import LoadError

    try:
        yield
    except LoadError as error:
        first, more = error.problems[0], len(error.problems) - 1
        rest = f"; and {more} more, which `drillroom lint {first.file}` lists" if more else ""
        raise Impossible(f"{first}{rest}") from None


def log_file(path: Path) -> Path:
    """The log that the user means: the file, or the one in a drill's folder."""
    return path / LOG if path.is_dir() else path


def read_bytes(path: Path) -> bytes:
    """A log's bytes. Raises Impossible, with the reason, if it cannot be read."""
    file = log_file(path)
    try:
        if file.exists() and not file.is_file():
            raise Impossible(f"{file}: this is not a file; name a log, or a drill's folder")
        if file.stat().st_size > _MOST_BYTES:
            raise Impossible(f"{file}: this is too large for a drill's log")
        return file.read_bytes()
    except FileNotFoundError:
        if path.is_dir():
            raise Impossible(f"{path}: there is no {LOG} in this folder; name a drill's folder, or a log") from None
        raise Impossible(
            f"{path}: there is no such file; `drillroom run` writes a drill's folder with its log"
        ) from None


def read_log(path: Path) -> "DrillLog":
    """A drill's log, with the texts beside it. Raises Impossible if it is altered, cut short or not a log."""
    from simulator.log import DrillLog, LogError

    data, texts = read_bytes(path), texts_beside(path)
    try:
        log = DrillLog.read(data, texts)
    except LogError as error:
        place = f"{log_file(path)}:{error.line}" if error.line else str(log_file(path))
        raise Impossible(f"{place}: {error.why}{_advice(data, error.why)}") from None
    return replace(log, plan=log.plan.with_contents(_files_beside(log.plan, log_file(path).parent)))


def _files_beside(plan: "DrillPlan", folder: Path) -> dict[str, bytes]:
    """What the scenario handed to people, from the `files` beside a log: each that is still as it was."""
    found: dict[str, bytes] = {}
    for one in plan.files or []:
        path = folder / "files" / f"{one.sha256[:12]}-{one.name}"
        with suppress(OSError):
            data = path.read_bytes() if path.is_file() and path.stat().st_size == one.size else b""
            if sha256(data).hexdigest() == one.sha256:
                found[one.sha256] = data
    return found


def _advice(data: bytes, why: str) -> str:
    if not data.startswith(b'{"format":"drillroom-log"'):
        return " (name a drill's folder, or the log.jsonl in it)"
    return "" if "upgrade" in why else " (restore it from a copy)"


def texts_beside(path: Path) -> "tuple[SealedText, ...] | None":
    """The texts in the texts.json beside a log; None if there is no such file. Raises Impossible if it is broken."""
    from simulator.texts import TextsError, read_texts

    file = log_file(path).with_name("texts.json")
    if not file.is_file():
        return None
    try:
        return read_texts(file.read_bytes())
    except TextsError as error:
        hint = "restore it, or remove it: the papers then say that the texts are not here"
        raise Impossible(f"{file}: the texts cannot be read: {error} ({hint})") from None


def names_beside(path: Path) -> dict[str, str]:
    """The names in the people.json beside a log; none if there is no such file. Raises Impossible if it is broken."""
    file = log_file(path).with_name("people.json")
    if not file.is_file():
        return {}
    try:
        return msgspec.json.decode(file.read_bytes(), type=_People).names
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "restore it, or remove it: the papers then print ids"
        raise Impossible(f"{file}: the names cannot be read: {error} ({hint})") from None


def read_settings(**given: object) -> "Settings":
    """The settings: what is given, else what the environment and drillroom.toml say."""
    from drills.settings import SettingsError, load_settings

    try:
        return load_settings(**given)
    except SettingsError as error:
        raise Impossible(str(error)) from None
