"""Files that a scenario hands to people, kept with each drill."""

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"

_ID = sa.String(64)


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "files",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("sha256", _ID, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
