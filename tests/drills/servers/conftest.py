"""Two servers on one PostgreSQL database."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.drills.server import Place, known_people, serving
from tests.support import databases


@pytest.fixture(scope="module")
def two(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Place]]:
    """Two servers that all tests of a module share."""
    database, folder = databases.create(postgresql_server), tmp_path_factory.mktemp("servers")
    known_people(database)
    with ExitStack() as servers:
        first, second = (servers.enter_context(serving(folder, database=database)) for _ in range(2))
        yield first, second
