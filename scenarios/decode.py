"""Bytes to text: what an authored file must be before a parser sees it."""

import re
import stat
from pathlib import Path

from scenarios.problem import LoadError, Problem

__all__ = ["MOST_BYTES", "RefusedError", "Spot", "blank_until", "content_of", "first_key", "spot", "text_of"]

_HEAD = 64 * 1024
"""The first key stands within so many bytes, after any comment."""
_BEFORE_KEYS = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\r\n]*)?\r?\n|---[ \t]*\r?\n|%[^\r\n]*\r?\n)*")
_KEY = re.compile(rb"[ \t]*[\"']?([A-Za-z_]+)[\"']?[ \t]*:(?=[ \t\r\n]|$)")

MOST_BYTES = 1024 * 1024
"""The largest file that is read."""

_NOT_TEXT = re.compile(
    "[^\t\n\r\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
_BLANKS = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?+[\r\n]++)*+[ \t]*+(?:#[^\r\n]*+)?+")


class Spot:
    """A place in a text, counted from 0, with the names that the parser's own marks use."""

    __slots__ = ("column", "index", "line")

    def __init__(self, index: int, line: int, column: int) -> None:
        self.index, self.line, self.column = index, line, column


class RefusedError(Exception):
    """Something in a text is not accepted; it becomes a problem with a place."""

    def __init__(self, place: Spot, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place, self.message, self.hint = place, message, hint


def spot(text: str, index: int) -> Spot:
    """The place of a character."""
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    breaks = text.count("\n", 0, start) + text.count("\r", 0, start) - text.count("\r\n", 0, start)
    return Spot(index, breaks, index - start)


def content_of(path: Path) -> bytes:
    """The bytes of a file; never reads more than the limit. Raises LoadError if it cannot be read."""
    name = str(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise _whole(name, "this is a folder, not a file", "give the path of a YAML file")
        if not stat.S_ISREG(found.st_mode):
            raise _whole(name, "this is not a regular file", "give the path of a YAML file")
        if found.st_size > MOST_BYTES:
            raise _whole(name, f"the file has {found.st_size:,} bytes", f"at most {MOST_BYTES:,} are read")
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise _whole(name, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path cannot be used"
        raise _whole(name, f"the file cannot be read: {reason[:1].lower()}{reason[1:]}") from None


def text_of(content: bytes, name: str) -> str:
    """The text of a file if a parser may see it. Raises LoadError or RefusedError if not."""
    if len(content) > MOST_BYTES:
        raise _whole(name, f"the file has more than {MOST_BYTES:,} bytes", "that is more than is read")
    if b"\0" in content:
        raise _whole(name, "this is a binary file or one in another encoding", "expected YAML text in UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        good = content[: error.start].decode()
        message = f"the byte 0x{content[error.start]:02x} is not UTF-8"
        raise RefusedError(spot(good, len(good)), message, "save the file as UTF-8") from None
    strange = _NOT_TEXT.search(text)
    if strange:
        message = f"the character U+{ord(strange[0]):04X} is not allowed"
        raise RefusedError(spot(text, strange.start()), message, "remove it: it cannot be seen, or it breaks lines")
    first = blank_until(text, 0)
    if first == len(text):
        raise _whole(name, "the file is empty", "`drillroom new NAME` writes one to start from")
    if text[first] == "%":
        raise RefusedError(spot(text, first), "directives such as %TAG and %YAML are not accepted", "remove it")
    return text


def blank_until(text: str, start: int) -> int:
    """Where blanks and comments that begin at `start` end."""
    found = _BLANKS.match(text, start)
    return found.end() if found else start


def _whole(name: str, message: str, hint: str = "") -> LoadError:
    return LoadError([Problem(name, 0, 0, message, hint)])


def first_key(path: Path) -> str:
    """The first key of a YAML file, or nothing. The text alone is read, so that a broken file has one too.

    Raises OSError, also for what is no file, such as a pipe that nobody writes to.
    """
    if not path.is_file():
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    before = _BEFORE_KEYS.match(head)
    key = _KEY.match(head, before.end() if before else 0)
    return key[1].decode("ascii") if key is not None else ""
