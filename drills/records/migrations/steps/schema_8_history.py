"""What a history keeps of each closed drill. It is made anew from the logs, in the background."""

import sqlalchemy as sa
from alembic import op

revision = "8"
down_revision = "7"

_ID = sa.String(64)


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "history",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("head", _ID, nullable=False),
        sa.Column("rubric", _ID, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("obligations", sa.Text, nullable=False),
    )
