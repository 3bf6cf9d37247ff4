"""A drill's folder on the disk: written whole or not at all, and never over anything that no drill wrote."""

import re
import shutil
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from drills.records.log_file import LOG
from drills.records.sign_off import SIGNED, sign_off_beside, sign_off_json, signed_through
from reports.earlier import Earlier
from reports.export import folder
from scenarios.problem import LoadError
from scoring.result import Scorecard
from simulator.log import DrillLog
from simulator.texts import texts_json

__all__ = ["FolderError", "check_folder", "write_files", "write_folder", "write_log"]

_OURS = {
    LOG,
    "texts.json",
    SIGNED,
    "people.json",
    "scorecard.json",
    "situation-report.md",
    "post-mortem.md",
    "report.html",
    "report.pdf",
    "events.csv",
}


_ATTACHED = re.compile(r"files/[0-9a-f]{12}-[^/]+")


class FolderError(Exception):
    """A drill's folder cannot be written; the message says why in one line, and that nothing was lost."""


def write_folder(
    out: Path,
    log: DrillLog,
    card: Scorecard,
    names: Mapping[str, str],
    *,
    earlier: Earlier | None = None,
    force: bool = False,
    pdf: bool = False,
) -> Path:
    """Write a drill's folder and give back where it is; raises FolderError, and PdfError where no PDF can be made."""
    check_folder(out, force=force)
    files = folder(log, card, names, earlier=earlier, pdf=pdf)
    return write_files(out, {**files, **_still_signed(out, log)}, force=force)


def _still_signed(out: Path, log: DrillLog) -> dict[str, bytes]:
    """The sign-off that lies there, if it is of this log: papers are written anew, and who signed it signed it."""
    with suppress(LoadError):
        signature = sign_off_beside(out / LOG)
        if signature is not None and signed_through(log.data, signature.head) is not None:
            return {SIGNED: sign_off_json(signature)}
    return {}


def write_log(out: Path, log: DrillLog, *, force: bool = False) -> Path:
    """Write a log alone with what lies beside it, the texts and the scenario's files; raises FolderError."""
    beside = {one.beside: one.content for one in log.plan.files or () if one.content is not None}
    return write_files(out, {LOG: log.data, "texts.json": texts_json(log.texts), **beside}, force=force)


def check_folder(out: Path, *, force: bool = False, ours: Callable[[str], bool] | None = None) -> None:
    """Check early whether a folder can be written there; raises FolderError.

    `ours` says which files may be replaced, by their paths in it; nothing means those of a drill's folder.
    """
    try:
        if not out.exists() and not out.is_symlink():
            return
        if not out.is_dir():
            raise FolderError(f"{out} is a file and not a folder; choose another name")
        held = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir())
    except OSError as error:
        raise FolderError(f"{out} cannot be looked at: {error.strerror}") from None
    if held and not force:
        raise FolderError(f"{out} was left as it is: it is there already; choose another folder or add --force")
    foreign = [name for name in held if not (ours or _ours)(name)]
    if foreign:
        raise FolderError(
            f"{out} was left as it is: it holds what no drill wrote ({foreign[0]}); choose another folder"
        )


def write_files(
    out: Path, files: Mapping[str, bytes], *, force: bool = False, ours: Callable[[str], bool] | None = None
) -> Path:
    """Put a folder of these files in place, all at once; with `force`, replace an earlier one (see `check_folder`)."""
    check_folder(out, force=force, ours=ours)
    target = out.resolve()  # a link to a folder goes on pointing there
    beside = target.parent / f".{target.name}.{uuid.uuid4().hex[:12]}"
    new, old = beside.with_suffix(".new"), beside.with_suffix(".old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _fill(new, files)
        _put(new, target, old)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise FolderError(
            f"{out} cannot be written: {why[:1].lower()}{why[1:]}; nothing was changed, name another folder"
        ) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _ours(name: str) -> bool:
    return name in _OURS or (
        name.count("/") == 1
        and ((name.startswith("charts/") and name.endswith(".svg")) or _ATTACHED.fullmatch(name) is not None)
    )


def _fill(new: Path, files: Mapping[str, bytes]) -> None:
    new.mkdir()
    for name, content in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _put(new: Path, target: Path, old: Path) -> None:
    """Move the new folder in; the earlier one steps aside and comes back if that fails."""
    if not target.exists():
        new.rename(target)
        return
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        with suppress(OSError):
            old.rename(target)
        raise
