"""Who was forgotten: digests of names and ids, so that no team file and no restored copy brings them back.

A digest is keyed with the database's secret. Nobody can read a name from it; with the database and its secret one can
only try a name and see whether it was forgotten. The digests are also kept in a small file beside an SQLite database,
in case the database itself is lost.
"""

import contextlib
import hmac
import json
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from drills.records.schema import FORGOTTEN, META

__all__ = ["Tombstone", "all_of", "allow", "beside", "digests", "forgotten", "plain", "put", "read_file", "write_file"]


class Tombstone(NamedTuple):
    """A record that somebody was forgotten."""

    digest: str
    at: str
    """When, as a UTC instant."""
    allowed: bool
    """Whether the name may be used again: somebody else has it, or they asked to come back."""


def plain(name: str) -> str:
    """A name in the form in which names are compared, without regard to case and spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def digests(connection: sa.Connection, texts: Iterable[str]) -> list[str]:
    """The digests of names, or ids, of people who were forgotten."""
    secret = str(connection.execute(sa.select(META.c.value).where(META.c.key == "secret")).scalar()).encode()
    return [hmac.new(secret, plain(text).encode(), "sha256").hexdigest() for text in texts]


def put(connection: sa.Connection, texts: Iterable[str], at: str) -> None:
    """Record that somebody with these names and ids was forgotten at an instant."""
    found = sorted(set(digests(connection, texts)))
    connection.execute(FORGOTTEN.delete().where(FORGOTTEN.c.digest.in_(found)))
    connection.execute(FORGOTTEN.insert(), [{"digest": one, "at": at, "allowed": False} for one in found])


def forgotten(connection: sa.Connection, names: Iterable[str]) -> list[str]:
    """The names, or ids, among these that were forgotten and may not be used again."""
    wanted = list(names)
    there = set(connection.execute(sa.select(FORGOTTEN.c.digest).where(~FORGOTTEN.c.allowed)).scalars())
    return [name for name, digest in zip(wanted, digests(connection, wanted), strict=True) if digest in there]


def allow(connection: sa.Connection, name: str) -> bool:
    """Let a name be used again; whether it had been forgotten. What was forgotten stays forgotten."""
    same = FORGOTTEN.c.digest.in_(digests(connection, [name]))
    return connection.execute(FORGOTTEN.update().where(same).values(allowed=True)).rowcount > 0


def all_of(connection: sa.Connection) -> list[Tombstone]:
    """Every one that is kept, the oldest first."""
    return [Tombstone(*row) for row in connection.execute(sa.select(FORGOTTEN).order_by(FORGOTTEN.c.at))]


# -- beside an SQLite database -----------------------------------------------------------------------------------------


def beside(database: Path) -> Path:
    """The file of the digests beside a database's file."""
    return Path(f"{database}.forgotten")


def write_file(database: Path, found: Iterable[Tombstone]) -> None:
    """Write them beside a database, whole or not at all. Raises OSError."""
    path = beside(database)
    part = Path(f"{path}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        for one in found:
            file.write(json.dumps(one._asdict()) + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def read_file(database: Path) -> list[Tombstone]:
    """Those beside a database; none if there is no such file. Raises ValueError if it is damaged."""
    found = []
    with contextlib.suppress(FileNotFoundError):
        for line in beside(database).read_text("utf-8").splitlines():
            one = json.loads(line)
            found.append(Tombstone(str(one["digest"]), str(one["at"]), bool(one["allowed"])))
    return found
