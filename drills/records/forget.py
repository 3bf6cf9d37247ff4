"""Forgetting somebody in a database that is open: found, removed, and its files cleaned; and what is out of reach."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from drills.records import leases, people, tombstones
from drills.records.database import file_of, is_sqlite
from drills.records.erasure import Gone, Traces, erase, erase_again, running_with, traces
from drills.records.schema import DOWNLOADS, DownloadRow
from drills.records.store import Store, StoreError

__all__ = ["Answer", "forget", "forget_again", "keep_tombstones"]

_WHAT = {
    "report": "opened the report of {drill}",
    "folder": "downloaded the folder of {drill}, with names and texts",
    "person": "opened the page about them",
    "backup": "saved a backup of the whole database",
    "api": "read {drill} by the API",
    "api-people": "read the list of people by the API",
}


class Answer(NamedTuple):
    """What came of a request to be forgotten."""

    refused: str
    """Why nothing was done; empty if it was."""
    name: str
    drills: list[str]
    """In which they had been."""
    texts: int
    """How many texts were erased: theirs, and others that named them."""
    touched: list[str]
    """The drills in which something was erased."""
    out_of_reach: list[str]
    """What may still hold the name, a sentence each."""


async def forget(store: Store, who: str) -> Answer:
    """Forget somebody. Raises StoreError."""
    found = await store.read(lambda connection: traces(connection, who))
    if found is None:
        return Answer("there is no such person", "", [], 0, [], [])
    left = await store.read(lambda connection: _left(connection, found))

    def work(connection: sa.Connection) -> str | Gone:
        running = running_with(connection, found)
        if running is not None:
            return (
                f"{running} is still running, and {found.person.name} is in it or is named in it; end it and close its "
                "follow-up (/follow-up-done on its console), then try again"
            )
        gone = erase(connection, found)
        leases.end(connection, gone.touched)
        return gone

    gone = await store.submit(work)
    if isinstance(gone, str):
        return Answer(gone, found.person.name, [], 0, [], [])
    await keep_tombstones(store)
    await store.clean()
    return Answer("", found.person.name, gone.drills, gone.texts, gone.touched, left + _beside(store))


async def forget_again(store: Store) -> int:
    """In a database that was put back without `restore`, forget the people forgotten since it was copied.

    Gives back how many. Raises StoreError.
    """
    if is_sqlite(store.url):
        stones = await asyncio.to_thread(_read_beside, file_of(store.url))
    else:
        stones = []
    count: int = await store.submit(lambda connection: erase_again(connection, stones))
    if count:
        await store.clean()
    return count


def _read_beside(database: Path) -> list[tombstones.Tombstone]:
    try:
        return tombstones.read_file(database)
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(
            f"{tombstones.beside(database)} cannot be read, and says who was forgotten; restore it, or remove it if "
            "nobody has to stay forgotten"
        ) from None


async def keep_tombstones(store: Store) -> None:
    """Write the digests of those who were forgotten beside an SQLite database. Raises StoreError, or OSError."""
    if is_sqlite(store.url):
        kept = await store.read(tombstones.all_of)
        await asyncio.to_thread(tombstones.write_file, file_of(store.url), kept)


def _left(connection: sa.Connection, found: Traces) -> list[str]:
    """What others opened or downloaded about somebody."""
    asked = sa.select(DOWNLOADS).where(DOWNLOADS.c.drill.in_(["", *found.drills])).order_by(DOWNLOADS.c.at)
    rows = [DownloadRow(*row) for row in connection.execute(asked)]
    theirs = [row for row in rows if row.person not in found.ids]
    return [_said(connection, row) for row in theirs if row.what != "person"]


def _said(connection: sa.Connection, row: DownloadRow) -> str:
    at = datetime.fromisoformat(row.at)
    return f"{people.who_looked(connection, row)} {_WHAT[row.what].format(drill=row.drill)} on {at.day} {at:%B %Y}"


def _beside(store: Store) -> list[str]:
    """What is always out of reach."""
    found = ["What was read on a screen, printed or copied, and folders that commands wrote (drillroom report --out)"]
    if is_sqlite(store.url):
        path = file_of(store.url)
        copies = sorted(Path(path.parent).glob(f"{path.name}.before-*"))
        found += [f"{copy} is a copy of the database from before an upgrade: delete it" for copy in copies]
        found.append(
            "Copies of the database that others made, of its disk too; `drillroom restore` applies this to a copy"
        )
    else:
        found.append(
            "PostgreSQL's write-ahead log, its replicas, and its backups; after restoring one, forget them again"
        )
    return found
