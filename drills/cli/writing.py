"""A drill's folder on the disk, and the one line that is said when it cannot be written."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from drills.cli.outcome import Impossible

if TYPE_CHECKING:  # for the types alone; a command imports what it needs when it runs
    from scoring.result import Scorecard
    from simulator.log import DrillLog

__all__ = ["refuse_existing", "write_drill"]


def refuse_existing(out: Path, *, force: bool) -> None:
    """Say early what would keep a drill's folder from being written there."""
    from drills.folder import FolderError, check_folder

    try:
        check_folder(out, force=force)
    except FolderError as error:
        raise Impossible(str(error)) from None


def write_drill(
    log: "DrillLog", card: "Scorecard", names: Mapping[str, str], out: Path, *, force: bool, pdf: bool
) -> None:
    """Write a drill's folder, whole or not at all."""
    from drills.folder import FolderError, write_folder
    from reports.pdf import PdfError

    try:
        write_folder(out, log, card, names, force=force, pdf=pdf)
    except (FolderError, PdfError) as error:
        raise Impossible(str(error)) from None
