"""What decides where a drill belongs in the history, in columns; and by which hash its log ended, since it was closed.

The figures are made anew from the logs, in the background.
"""

import sqlalchemy as sa
from alembic import op

revision = "10"
down_revision = "9"

_ID = sa.String(64)
_DRILLS = sa.table("drills", *map(sa.column, ("id", "kind", "state")))
_EVENTS = sa.table("events", *map(sa.column, ("drill", "seq", "data")))
_TAIL, _HEX = len('"}\n'), 64


def upgrade() -> None:
    """Take the step."""
    op.drop_table("history")
    history = op.create_table(
        "history",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("log", _ID, nullable=False),
        sa.Column("head", _ID),
        sa.Column("rubric", _ID),
        sa.Column("rules", sa.Integer),
        sa.Column("version", sa.Integer),
        sa.Column("team", sa.String(200)),
        sa.Column("sort", sa.LargeBinary),
        sa.Column("present", sa.LargeBinary),
        sa.Column("began", sa.BigInteger),
        sa.Column("over", sa.BigInteger),
        sa.Column("day", sa.Integer),
        sa.Column("back_s", sa.Float),
        sa.Column("uncapped", sa.Float),
    )
    op.create_index("history_by_team", "history", ["team"])
    op.create_table(
        "figures",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("obligations", sa.Text, nullable=False),
    )
    connection = op.get_bind()
    closed = sa.select(_DRILLS.c.id).where(_DRILLS.c.state == "closed", _DRILLS.c.kind == "drill")
    for drill in connection.execute(closed).scalars().all():
        last = sa.select(_EVENTS.c.data).where(_EVENTS.c.drill == drill).order_by(_EVENTS.c.seq.desc()).limit(1)
        data = connection.execute(last).scalar()
        if data is not None:
            log = bytes(data)[-_TAIL - _HEX : -_TAIL].decode("ascii", "replace")
            connection.execute(history.insert().values(drill=drill, log=log))
