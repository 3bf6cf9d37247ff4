"""Removing all traces of deleted rows: databases keep them in their files until something overwrites them."""

import contextlib
import sqlite3
import time

import sqlalchemy as sa
from sqlalchemy.engine import URL

from drills.records.database import BUSY_SECONDS, StoreError, is_sqlite
from drills.records.schema import tables

__all__ = ["vacuum"]

_EVERY = 0.05


def vacuum(engine: sa.Engine, url: URL) -> None:
    """Rewrite the database's files without what was deleted. Raises StoreError, or what the database raises."""
    connection = engine.raw_connection()
    try:
        if is_sqlite(url):
            assert isinstance(connection.driver_connection, sqlite3.Connection)  # noqa: S101 - its URL says so
            _sqlite(connection.driver_connection)
        else:
            _postgresql(connection)
    finally:
        connection.close()


def _sqlite(connection: sqlite3.Connection) -> None:
    """A reader that is under way keeps the write-ahead log for a moment."""
    connection.execute("VACUUM")
    end = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] != 0:
        if time.monotonic() > end:
            raise StoreError("its write-ahead log is read all the time, and still holds what was deleted; try again")
        time.sleep(_EVERY)


def _postgresql(connection: sa.PoolProxiedConnection) -> None:
    driver = connection.driver_connection
    assert driver is not None  # noqa: S101 - a connection of the pool has one
    driver.autocommit = True
    try:
        with contextlib.closing(driver.cursor()) as cursor:
            cursor.execute("SET statement_timeout = 0")
            for table in tables.sorted_tables:
                cursor.execute(f"VACUUM (FULL) {table.name}")
            cursor.execute("RESET statement_timeout")
    finally:
        driver.autocommit = False
