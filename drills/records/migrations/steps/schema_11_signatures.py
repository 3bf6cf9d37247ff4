"""Who signed a drill's record."""

import sqlalchemy as sa
from alembic import op

revision = "11"
down_revision = "10"

_ID = sa.String(64)


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "signatures",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("person", _ID, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("head", _ID, nullable=False),
        sa.Column("own", sa.Boolean, nullable=False),
    )
