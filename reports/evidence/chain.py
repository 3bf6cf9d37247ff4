"""The chain over a period's drills: each log's head and record, sealed together with everything before.

`chain.txt` has a line for each drill:

    NUMBER-DRILL HEAD RECORD SEAL

HEAD is the log's last hash, RECORD the SHA-256 of the file with the drill's record, and SEAL the SHA-256 of the seal
before, a space and the line without its seal. The first seal is that of the evidence of the period before, or zeros.
The last line seals what is said of the period itself. So whoever has seen the last seal has seen all of it.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from simulator.log import verify

__all__ = ["ALL", "CHAIN", "FIRST", "ChainError", "Checked", "Entry", "checked", "last_seal", "written"]

CHAIN = "chain.txt"
ALL = "evidence.json"
FIRST = "0" * 64
"""What comes before the first evidence of all."""
_HEADER = "drillroom-evidence 1 after "
_SEAL = 64


class Entry(NamedTuple):
    """A drill of the period."""

    name: str
    """Its number in the period and its id, by which its files are called."""
    head: str
    record: bytes

    @property
    def log_file(self) -> str:
        """Where its log is."""
        return f"logs/{self.name}/log.jsonl"

    @property
    def record_file(self) -> str:
        """Where its record is."""
        return record_file(self.name)


def record_file(name: str) -> str:
    """Where the record of a drill is, by its name in the chain."""
    return f"records/{name}.json"


class ChainError(ValueError):
    """A chain cannot be read; the message says why."""


class Checked(NamedTuple):
    """What checking a folder of evidence showed."""

    drills: int
    seal: str
    """The last seal of the chain as it stands there."""
    wrong: list[str]
    """What does not hold, each in a sentence that names the file."""


def written(entries: Sequence[Entry], whole: bytes, after: str = FIRST) -> bytes:
    """The chain as a file; `whole` is the content of evidence.json, `after` the last seal of the evidence before."""
    bodies = [f"{one.name} {one.head} {_digest(one.record)}" for one in entries]
    lines, seal = [f"{_HEADER}{after}"], after
    for body in [*bodies, f"{ALL} {_digest(whole)}"]:
        seal = _sealed(seal, body)
        lines.append(f"{body} {seal}")
    return ("\n".join(lines) + "\n").encode()


def last_seal(chain: bytes) -> str:
    """The last seal of a chain, which stands for all of it. Raises ChainError."""
    return _lines(chain)[-1].rpartition(" ")[2]


def checked(read: Callable[[str], bytes | None]) -> Checked:
    """Check a folder of evidence; `read` gives a file's content by its path, None if it is not there.

    Raises ChainError if there is no chain.
    """
    chain = read(CHAIN)
    if chain is None:
        raise ChainError(f"there is no {CHAIN}")
    lines = _lines(chain)
    wrong = [*_seals(lines), *(said for line in lines[1:-1] for said in _drill(line, read))]
    wrong += _whole(lines[-1], read)
    return Checked(len(lines) - 2, last_seal(chain), wrong)


def _lines(chain: bytes) -> list[str]:
    lines = chain.decode(errors="replace").split("\n")
    header = lines[0]
    if not header.startswith(_HEADER) or len(header) != len(_HEADER) + _SEAL or len(lines) < 3 or lines[-1]:
        raise ChainError(f"{CHAIN} is not a chain of evidence, or was cut short")
    return lines[:-1]


def _seals(lines: Sequence[str]) -> Iterator[str]:
    for number, (before, line) in enumerate(pairwise(lines), 2):
        body, _, seal = line.rpartition(" ")
        if seal != _sealed(before.rpartition(" ")[2], body):
            yield f"{CHAIN}:{number}: the line, or one before it, was altered after it was written"


def _drill(line: str, read: Callable[[str], bytes | None]) -> Iterator[str]:
    parts = line.split(" ")
    if len(parts) != 4:
        yield f"{CHAIN}: a line is not one of a drill: {line[:80]}"
        return
    entry = Entry(parts[0], parts[1], b"")
    log, record = read(entry.log_file), read(entry.record_file)
    if log is None:
        yield f"{entry.log_file} is not there"
    else:
        found = verify(log, entry.head)
        if not found.right:
            yield f"{entry.log_file}{f':{found.line}' if found.line else ''}: {found.why}"
    yield from _same(entry.record_file, record, parts[2])


def _whole(line: str, read: Callable[[str], bytes | None]) -> Iterator[str]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != ALL:
        yield f"{CHAIN}: the last line does not seal {ALL}"
        return
    yield from _same(ALL, read(ALL), parts[1])


def _same(file: str, content: bytes | None, digest: str) -> Iterator[str]:
    if content is None:
        yield f"{file} is not there"
    elif _digest(content) != digest:
        yield f"{file} was altered after it was written"


def _sealed(before: str, body: str) -> str:
    return sha256(f"{before} {body}".encode()).hexdigest()


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
