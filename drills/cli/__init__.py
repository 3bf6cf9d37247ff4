"""The command line. Everything here is at the edge: domain errors come in, one line and an exit code go out."""

import sys
from collections.abc import Callable

__all__ = ["main"]


def main(altered_files: Callable[[], list[str]] | None = None) -> None:
    """Run the program named `drillroom` and leave with its exit code.

    `altered_files` finds the files that are not as they were installed, with a sentence for each; `doctor` asks it.
    """
    try:
        from drills.cli.commands import program  # within the try, so that Ctrl-C while it loads is as quiet as later

        program.main(prog_name="drillroom", obj=altered_files)
    except KeyboardInterrupt:
        sys.exit(130)
