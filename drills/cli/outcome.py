"""How the program ends: its exit code, and at most one line on standard error about what went wrong.

0 means done, 1 that a check failed, 2 that it could not be done. Every error that a user can cause ends here as a
sentence; a traceback is a bug.
"""

import codecs
import contextlib
import errno
import io
import os
import sys
from collections.abc import Callable, Iterable

import click

__all__ = [
    "DONE",
    "FELL_SHORT",
    "IMPOSSIBLE",
    "INTERRUPTED",
    "FellShort",
    "Impossible",
    "OutputLost",
    "of",
    "suggestion",
    "way_out",
]

DONE, FELL_SHORT, IMPOSSIBLE = 0, 1, 2
INTERRUPTED, _PIPE_CLOSED = 130, 141
"""128 and the number of the signal, as shells count."""

_ASCII = {
    "–": "-", "—": "-", "−": "-", "…": "...", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "·": ".", "•": "*",
    "→": "->", "←": "<-", "×": "x", "█": "#", "░": ".", "▏": "|", "─": "-", "│": "|", "●": "o", "✓": "ok", "≥": ">=",
    "≤": "<=", "\u00a0": " ", "\u202f": " ",
}  # fmt: skip
"""Replacements for characters that a terminal lacks."""

_WAYS_OUT = {
    errno.ENOSPC: "the disk is full; make room, or choose another place",
    errno.EDQUOT: "your disk quota is used up; make room, or choose another place",
    errno.EACCES: "permission denied; choose another place, or ask for access",
    errno.EPERM: "permission denied; choose another place, or ask for access",
    errno.EROFS: "this place is read-only; choose another one",
    errno.ENOTDIR: "part of the path is a file, not a folder",
    errno.EISDIR: "this is a folder; name a file",
    errno.ENOENT: "nothing has that name",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EMFILE: "too many files are open; close some programs",
}


class Impossible(click.ClickException):
    """It could not be done. The message says what and what to do, on one line."""

    exit_code = IMPOSSIBLE


class FellShort(click.ClickException):
    """It was done, and a check failed. The message says so on one line."""

    exit_code = FELL_SHORT


class OutputLost(Exception):  # noqa: N818 - it names what happened, as its siblings do
    """Standard output was closed, or is full."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.cause = error


def of(call: Callable[[], object]) -> int:
    """Call the program and say how it ended. Nothing that a user can cause leaves this function as an exception."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - lives as long as the process
    if sys.stdout is None:
        return _complain("standard output is closed; send it somewhere, such as `drillroom … > FILE`", IMPOSSIBLE)
    _be_plain()
    try:
        result = call()
        _flush()
    except click.ClickException as error:
        return _complain(_sentence(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _abandon_output()
        return _complain("stopped; nothing was left half-written", INTERRUPTED)
    except OutputLost as error:
        return _lost(error.cause)
    except SystemExit:  # the only way click exits by itself: the reader of a help text has gone
        return _lost(BrokenPipeError(errno.EPIPE, ""))
    except OSError as error:
        # One that names no file is about what click itself prints, such as a help text.
        return _complain(_reason(error), IMPOSSIBLE) if error.filename is not None else _lost(error)
    return result if isinstance(result, int) else DONE


def _flush() -> None:
    """Flush standard output, so that a full disk is noticed while we can still say so."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise OutputLost(error) from None


def _lost(error: OSError) -> int:
    """Standard output was closed or is full: end quietly if the reader has gone (`| head`), else say why."""
    _abandon_output()
    if error.errno == errno.EPIPE:
        return _PIPE_CLOSED
    return _complain(f"standard output: {way_out(error)}", IMPOSSIBLE)


def _abandon_output() -> None:
    """Let nothing more be written to standard output, not even when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError, io.UnsupportedOperation):
        here = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, here)
        os.close(nowhere)


def _complain(line: str, code: int) -> int:
    """One line on standard error; if even that cannot be written, the exit code must do."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(_printable(line), err=True)
    return code


def _sentence(error: click.ClickException) -> str:
    """What click found wrong, on one line with the command and how to get its help."""
    message = " ".join(error.format_message().split()).rstrip(".")
    if not isinstance(error, click.UsageError):
        return message
    path = error.ctx.command_path if error.ctx is not None else "drillroom"
    lowered = message[:1].lower() + message[1:]
    return f"{path}: {lowered} (see `{path} --help`)"


def _reason(error: OSError) -> str:
    named = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(error.filename)
    return f"{named}: {way_out(error)}"


def way_out(error: OSError) -> str:
    """What the system refused, and what to do."""
    return _WAYS_OUT.get(error.errno or 0) or (error.strerror or type(error).__name__).lower()


def _printable(line: str) -> str:
    """A line without terminal control: characters that cannot be printed are shown by their codes."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in line)


def _be_plain() -> None:
    """Let any text be written to any terminal: characters that its encoding lacks become something close."""
    codecs.register_error("drillroom-plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="drillroom-plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_ASCII.get(sign, "?") for sign in lacking), error.end


def suggestion(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` for a misspelt word, or nothing."""
    from scenarios.problem import closest  # only misspelt words need it

    close = closest(word, list(known))
    return f"did you mean {close!r}?" if close else ""
