"""Logs of format 2: a row holds a sealed line, and what people typed is kept beside it.

The hash that the log ended in before is kept in the plan. A drill that cannot be read is left as it is, and closed.
"""

import logging
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from drills.records.stored_log import new_salt
from simulator.kinds import DECODER
from simulator.plan import DrillPlan
from simulator.seal import FORMAT, SealedLine, Sealer, seal_of
from simulator.upgrade import upgraded

revision = "3"
down_revision = "2"

_ID = sa.String(64)
_DRILLS = sa.table("drills", *map(sa.column, ("id", "plan", "header", "state")))
_EVENTS = sa.table("events", *map(sa.column, ("drill", "seq", "data")))
_log = logging.getLogger("drillroom.drills")


def upgrade() -> None:
    """Take the step."""
    connection = op.get_bind()
    op.add_column("drills", sa.Column("header", sa.LargeBinary))
    texts = op.create_table(
        "texts",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(40), primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    drills = connection.execute(sa.select(_DRILLS.c.id).where(_DRILLS.c.state != "lobby")).scalars().all()
    for drill in drills:
        try:
            header, lines = _converted(connection, drill)
        except (ValidationError, msgspec.DecodeError, ValueError) as error:
            _log.error("drill left as it was", extra={"fields": {"drill": drill, "why": type(error).__name__}})
            continue
        _write(connection, texts, drill, header, lines)


def _converted(connection: sa.Connection, drill: str) -> tuple[bytes, list[SealedLine]]:
    stored: str | None = connection.execute(sa.select(_DRILLS.c.plan).where(_DRILLS.c.id == drill)).scalar()
    if stored is None:
        raise ValueError("it has no plan")
    asked = sa.select(_EVENTS.c.data).where(_EVENTS.c.drill == drill).order_by(_EVENTS.c.seq)
    rows = [bytes(data) for data in connection.execute(asked).scalars()]
    events = [DECODER.decode(data) for data in rows]
    if not events or [event.seq for event in events] != list(range(len(events))):
        raise ValueError("its events are not all there")
    plan = DrillPlan.model_validate_json(stored)
    plan = plan.model_copy(update={"versions": plan.versions | {"sealed_before": _head(stored, rows)}})
    sealer = Sealer(new_salt)
    header = sealer.header(plan).data
    return header, [sealer.event(event) for event in upgraded(plan, events)]


def _head(plan: str, rows: list[bytes]) -> str:
    """The hash that the log of format 1 ended in."""
    head = seal_of(f'{{"format":"{FORMAT}","version":1,"plan":{plan}'.encode(), "")
    for row in rows:
        head = seal_of(row[:-1], head)
    return head


def _write(connection: sa.Connection, texts: sa.Table, drill: str, header: bytes, lines: list[SealedLine]) -> None:
    connection.execute(_DRILLS.update().where(_DRILLS.c.id == drill).values(header=header, plan=None))
    connection.execute(_EVENTS.delete().where(_EVENTS.c.drill == drill))
    new = [{"drill": drill, "seq": seq, "data": line.data} for seq, line in enumerate(lines)]
    connection.execute(_EVENTS.insert(), new)
    beside: list[dict[str, Any]] = [
        {"drill": drill, "seq": one.seq, "field": one.field, "salt": one.salt, "text": one.text}
        for line in lines
        for one in line.texts
    ]
    if beside:
        connection.execute(texts.insert(), beside)
