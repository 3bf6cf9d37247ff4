"""Leases, and the servers that hold them; and the phase of a drill, so that lists need not read its log."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"

_ID = sa.String(64)


def upgrade() -> None:
    """Take the step."""
    op.add_column("drills", sa.Column("phase", sa.String(12)))
    op.create_table(
        "leases",
        sa.Column("name", _ID, primary_key=True),
        sa.Column("holder", _ID, nullable=False),
        sa.Column("token", _ID, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "servers",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("internal_url", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
