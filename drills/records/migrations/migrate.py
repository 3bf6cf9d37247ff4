"""From one schema to the next, step by step, with Alembic. All steps are taken in one transaction, or none is.

So after a failure half-way the database is as it was, and the next start takes all the steps again.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory

from drills.records.schema import META, STEP

__all__ = ["upgrade"]

_FOLDER = Path(__file__).parent


def upgrade(connection: sa.Connection, since: int) -> None:
    """Take every step from a schema to ours, in the connection's transaction."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(_FOLDER / "steps").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    script = ScriptDirectory.from_config(config)
    if not sa.inspect(connection).has_table(STEP.name):  # version 0.1.0 had no steps
        STEP.create(connection)
        connection.execute(STEP.insert().values(version_num=str(since)))

    def steps(revision: Any, _: Any) -> Any:  # noqa: ANN401 - as Alembic hands them on
        return script._upgrade_revs("head", revision)  # as Alembic's own commands ask for them

    with EnvironmentContext(config, script, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, transactional_ddl=True, on_version_apply=_taken)
        environment.run_migrations()


def _taken(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:  # noqa: ARG001 - as Alembic calls it
    """Record the new schema in META, where version 0.1.0 looks."""
    assert ctx.connection is not None  # noqa: S101 - nothing is taken without one
    ctx.connection.execute(META.update().where(META.c.key == "schema").values(value=step.up_revision_id))
