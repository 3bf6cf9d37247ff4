"""Writing to a terminal: results on standard output, progress on standard error, and no control sequences in texts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from drills.cli.narrow import fitted
from drills.cli.outcome import OutputLost
from reports.format import clean

if TYPE_CHECKING:  # rich is slow to import; only printing a table waits for it
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

__all__ = ["busy", "columns", "note", "progress", "say", "say_bytes", "show", "styled", "width"]

_PIPED_WIDTH = 100
"""Columns if no screen says how many there are."""


def say(text: str = "") -> None:
    """Print one or more lines on standard output, without unprintable characters."""
    _write(clean(text, lines=True) + "\n")


def say_bytes(data: bytes) -> None:
    """Bytes on standard output as they are: what another program reads is UTF-8, whatever the terminal is."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise OutputLost(error) from None


def note(text: str) -> None:
    """Print a line on standard error, for people who watch."""
    import click

    click.echo(clean(text), err=True)


_UNBROKEN = 1000
"""More columns than any of our lines has."""


def show(*parts: "RenderableType", whole_lines: bool = False) -> None:
    """Tables and coloured text on standard output, in its width, and in colour only where it supports that.

    With `whole_lines`, lines are not broken if a program reads them.
    """
    console = _console()
    if whole_lines and not console.is_terminal:
        console.width = _UNBROKEN
    # Rendered first and written by us, so that a closed pipe or a full disk ends like everywhere else.
    with console.capture() as captured:
        for part in parts:
            console.print(fitted(part, console))
    _write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def styled(text: str, style: str = "") -> "Text":
    """Text for a table, cleaned, with nothing in it read as markup."""
    from rich.text import Text

    return Text(clean(text, lines=True), style=style, overflow="fold")


def columns(*headings: str, right: tuple[int, ...] = ()) -> "Table":
    """An empty table without rules: a heading for each column, those in `right` aligned to the right."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(headings), header_style="dim")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place in right else "left", overflow="fold")
    return table


@contextmanager
def busy(what: str, *, quiet: bool = False) -> Iterator[None]:
    """Show on standard error what is taking time, while it does; only on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …", spinner="line" if _ascii(sys.stderr.encoding) else "dots"):
        yield


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """A line on standard error that says how far something is, as the caller changes it; only on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("", spinner="line" if _ascii(sys.stderr.encoding) else "dots") as status:
        yield lambda text: status.update(clean(text))


def _console() -> "Console":
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal and not _columns_given():
        console.width = _PIPED_WIDTH
    return console


def _columns_given() -> bool:
    import os

    return os.environ.get("COLUMNS", "").isdigit()


def _ascii(encoding: str | None) -> bool:
    return not (encoding or "").lower().replace("-", "").startswith("utf")


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
    except OSError as error:
        raise OutputLost(error) from None


def width() -> int:
    """The columns of the screen, or a default."""
    return _console().width
