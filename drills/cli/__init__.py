"""The command line. Everything here is at the edge: domain errors come in, one line and an exit code go out."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the program named `drillroom` and leave with its exit code."""
    try:
        from drills.cli.commands import program  # within the try, so that Ctrl-C while it loads is as quiet as later

        program.main(prog_name="drillroom")
    except KeyboardInterrupt:
        sys.exit(130)
