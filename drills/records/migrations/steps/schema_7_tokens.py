"""Tokens, by which programs use the API."""

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"

_ID, _INSTANT = sa.String(64), sa.String(40)


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "tokens",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(64), nullable=False),
        sa.Column("made", _INSTANT, nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("expires", _INSTANT, nullable=False),
        sa.Column("used", _INSTANT),
        sa.Column("revoked", _INSTANT),
    )
