"""Settings for the whole suite: Hypothesis tries the same examples every time, unless it is asked to look further.

With `--database=postgresql` the tests of tests/drills/records, live and web run on PostgreSQL.
"""

import gc
import os
import sys

import pytest
from hypothesis import settings

from tests.support.extent import examples

# Where the surroundings forbid it, every process that a test starts would compile all modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=examples(100))
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database=postgresql` runs the tests of the database on a PostgreSQL server that it starts."""
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="What drills are kept in.")


def pytest_configure(config: pytest.Config) -> None:
    """Know the marker of tests that are about SQLite."""
    config.addinivalue_line("markers", "sqlite_only(reason): about SQLite alone; left out with --database=postgresql")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: the collector need not walk through them again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite's files where tests run on PostgreSQL. Nothing else may be left out there."""
    if config.getoption("--database") != "postgresql":
        return
    out = [item for item in items if item.get_closest_marker("sqlite_only")]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]
