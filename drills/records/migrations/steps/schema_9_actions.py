"""Corrective actions are read from the history; what is changed by hand stands beside it.

Until now a drill kept by which time of the scorecard it was to test an action again, and whether that was better than
before. Now the action names an obligation: the one that the time was of.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "9"
down_revision = "8"

_ID = sa.String(64)
_ACTS = {
    "time_to_alert_s": "team_alerted",
    "time_to_commander_s": "role_in_place",
    "time_to_first_message_s": "published",
    "time_to_fix_s": "impact_ended",
    "longest_silence_s": "not_silent",
}
"""What was owed by the time of each."""


def upgrade() -> None:
    """Take the step."""
    handled = op.create_table(
        "handled",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("owner", _ID),
        sa.Column("due_on", sa.String(10)),
        sa.Column("obligation", sa.String(64)),
        sa.Column("closed_on", sa.String(10)),
        sa.Column("closed_how", sa.String(12)),
        sa.Column("closed_by", _ID),
        sa.Column("closed_text", sa.Text),
    )
    connection = op.get_bind()
    rows = _named(connection)
    if rows:
        connection.execute(handled.insert(), rows)
    for column in ("text", "measure", "then", "held"):
        op.drop_column("retests", column)
    op.drop_table("actions")


def _named(connection: sa.Connection) -> list[dict[str, Any]]:
    """The obligation of each action that a drill was to test again; of several, what was chosen last."""
    retests, drills = sa.table("retests", *map(sa.column, _RETESTS)), sa.table("drills", *map(sa.column, _DRILLS))
    asked = sa.select(retests.c.earlier, retests.c.seq, retests.c.measure, drills.c.header)
    asked = asked.join(drills, drills.c.id == retests.c.earlier).order_by(retests.c.drill)
    found: dict[tuple[str, int], str] = {}
    for earlier, seq, measure, header in connection.execute(asked):
        obligation = _obligation(measure, header)
        if obligation:
            found[earlier, seq] = obligation
    return [{"drill": drill, "seq": seq, "obligation": obligation} for (drill, seq), obligation in found.items()]


_RETESTS = ("drill", "earlier", "seq", "measure")
_DRILLS = ("id", "header")


def _obligation(measure: str, header: bytes | None) -> str:
    """The obligation of the protocol in a log's first line that a time was of; nothing if there is none."""
    try:
        protocol = json.loads(header or b"{}")["plan"]["protocol"]
        owed = [one for table in protocol["tables"] for one in table["obligations"]]
        commander = protocol["roles"][0]["id"]
        mine = (one["id"] for one in owed if one["act"] == _ACTS.get(measure) and one.get("role") in (None, commander))
        return str(next(mine, ""))
    except (ValueError, KeyError, TypeError, IndexError):
        return ""  # another version wrote it
