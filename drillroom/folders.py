"""Logs and drills' folders on the disk."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from drills.records.folder import FolderError, write_folder, write_log
from drills.records.log_file import read_log
from scenarios.team import Team
from scoring.told import graded
from simulator.log import DrillLog

__all__ = ["FolderError", "read", "report", "write"]


def read(path: str | Path) -> DrillLog:
    """Read a drill's log: a folder, or the log.jsonl in it, with the texts beside it.

    Raises LoadError at the first line that is not as it was written, and OSError where the system refuses.
    """
    return read_log(Path(path))


def write(log: DrillLog, folder: str | Path, *, force: bool = False) -> Path:
    """Write a log into a folder of its own, and give back where it is.

    Beside it lie the texts that people typed and the files that the scenario hands out, as far as the log has them.

    With `force` an earlier drill's folder is replaced. Raises FolderError if something is in the way or the folder
    cannot be written; everything is then as it was.
    """
    with _in_python():
        return write_log(Path(folder), log, force=force)


def report(
    log: DrillLog,
    folder: str | Path,
    *,
    team: Team | None = None,
    names: Mapping[str, str] | None = None,
    force: bool = False,
) -> Path:
    """Write a drill's whole folder: log, scorecard, charts, situation report, post-mortem, report.html.

    Files of the scenario that reached somebody come with it, as far as the log has them. The papers call people by
    `names`, from id to name, or by the names in `team`; without either, by their ids.
    Raises FolderError as `write` does.
    """
    called = {member.id: member.name for member in team.members} if team is not None else {}
    with _in_python():
        return write_folder(Path(folder), log, graded(log), {**called, **(names or {})}, force=force)


@contextmanager
def _in_python() -> Iterator[None]:
    """Name the way out as it is called here."""
    try:
        yield
    except FolderError as error:
        raise FolderError(str(error).replace("add --force", "say force=True")) from None
