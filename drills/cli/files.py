"""Writing a drill's folder and other files, and the one line of error if that fails."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from drills.cli.outcome import Impossible, way_out
from drills.records.folder import FolderError, check_folder, write_folder

if TYPE_CHECKING:  # for the types alone
    from reports.earlier import Earlier
    from scoring.result import Scorecard
    from simulator.log import DrillLog

__all__ = ["refuse_existing", "write_drill", "write_new_file"]


@contextmanager
def _saying() -> Iterator[None]:
    from reports.pdf import PdfError

    try:
        yield
    except (FolderError, PdfError) as error:
        raise Impossible(str(error)) from None


def refuse_existing(folder: Path, *, force: bool) -> None:
    """Raises Impossible if a folder is in the way; checked early, before any work is wasted."""
    with _saying():
        check_folder(folder, force=force)


def write_drill(
    log: "DrillLog",
    card: "Scorecard",
    names: dict[str, str],
    folder: Path,
    *,
    earlier: "Earlier | None" = None,
    force: bool,
    pdf: bool,
) -> None:
    """Write a drill's folder, whole or not at all."""
    with _saying():
        write_folder(folder, log, card, names, earlier=earlier, force=force, pdf=pdf)


def write_new_file(path: Path, content: str | bytes, *, force: bool, folders: bool = False) -> None:
    """Write a file whole or not at all; one that is there is replaced only with `force`.

    `folders`: whether to make the folders in which it goes.
    """
    if path.is_dir():
        raise Impossible(f"{path}: this is a folder; name a file with --out")
    if not force and (path.exists() or path.is_symlink()):
        raise Impossible(f"{path} already exists and was left as it is; choose another name or add --force")
    beside = path.with_name(f".{path.name}.new")
    try:
        if folders:
            path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        beside.replace(path)
    except FileNotFoundError:
        made = "no folder can be made there" if folders else f"there is no folder {path.parent}"
        raise Impossible(f"{path} cannot be written: {made}; choose another place") from None
    except OSError as error:
        raise Impossible(f"{path} cannot be written: {way_out(error)}") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
