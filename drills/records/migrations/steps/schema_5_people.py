"""People and teams in tables of their own, and members' ids that do not show their names.

Until now a member's id was made from a name, and each drill made its own. Members with the same name in two drills
become one person. The log of each drill is sealed again under the new ids; `sealed_before` in its plan keeps the hash
that it ended in before, and the `ids` of a drill that cannot be read stay as they are.
"""

import json
import logging
import secrets
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from drills.records.stored_log import head_of
from simulator.kinds import DECODER
from simulator.plan import DrillPlan
from simulator.seal import Sealer
from simulator.upgrade import renamed

revision = "5"
down_revision = "4"

_ID, _INSTANT = sa.String(64), sa.String(40)
_DRILLS = sa.table("drills", *map(sa.column, ("id", "kind", "made", "setup", "plan", "header")))
_EVENTS = sa.table("events", *map(sa.column, ("drill", "seq", "data")))
_TEAM = "room"
_log = logging.getLogger("drillroom.drills")


def upgrade() -> None:
    """Take the step."""
    connection = op.get_bind()
    op.add_column("seats", sa.Column("identified", sa.String(8), nullable=False, server_default=""))
    people, members, attendance = _people(), _teams(), _attendance()
    _aliases()
    _downloads()
    known: dict[str, dict[str, Any]] = {}
    drills = connection.execute(sa.select(_DRILLS.c.id).order_by(_DRILLS.c.made)).scalars().all()
    for drill in drills:
        try:
            _bring(connection, drill, known)
        except (ValidationError, msgspec.DecodeError, ValueError, KeyError, TypeError) as error:
            _log.error("drill left as it was", extra={"fields": {"drill": drill, "why": type(error).__name__}})
    _attend(connection, attendance)
    if known:
        connection.execute(people.insert(), list(known.values()))
        connection.execute(members.insert(), [{"team": _TEAM, "person": one["id"]} for one in known.values()])


def _bring(connection: sa.Connection, drill: str, known: dict[str, dict[str, Any]]) -> None:
    """Give those who play in a drill their new ids, wherever the drill names them."""
    row = connection.execute(sa.select(_DRILLS).where(_DRILLS.c.id == drill)).one()
    setup = json.loads(row.setup)
    if row.kind != "drill":
        return  # practice and rehearsals are deleted soon, and simulated people act in them
    ids: dict[str, str] = {}
    for one in setup["people"]:
        if not one.get("simulated"):
            ids[one["id"]] = _row(known, one, row.made, ids)["id"]
            one["id"] = ids[one["id"]]
    first = setup.get("first_responder", "")
    setup["first_responder"] = ids.get(first, first)
    change: dict[str, Any] = {"setup": json.dumps(setup, ensure_ascii=False, separators=(",", ":"))}
    if row.plan is not None:
        plan, _ = renamed(DrillPlan.model_validate_json(row.plan), [], ids)
        change["plan"] = plan.model_dump_json(by_alias=True, exclude_none=True)
    elif row.header is not None:
        change["header"] = _sealed_again(connection, drill, bytes(row.header), ids)
    connection.execute(_DRILLS.update().where(_DRILLS.c.id == drill).values(**change))
    _rename_rows(connection, drill, ids)


def _row(known: dict[str, dict[str, Any]], one: dict[str, Any], made: str, taken: dict[str, str]) -> dict[str, Any]:
    """The person of that name; two with the same name in one drill are two people."""
    name = " ".join(str(one["name"]).casefold().split())
    number = 1
    while (found := known.get(f"{name} {number}")) is not None and found["id"] in taken.values():
        number += 1
    if found is None:
        found = {"id": f"p-{secrets.token_hex(8)}", "name": one["name"], "email": one.get("email", ""), "made": made}
        known[f"{name} {number}"] = found
    found["email"] = found["email"] or one.get("email", "")
    return found


def _sealed_again(connection: sa.Connection, drill: str, header: bytes, ids: dict[str, str]) -> bytes:
    """Seal a log under other ids. The texts beside it stay as they are: the lines hold their digests."""
    asked = sa.select(_EVENTS.c.data).where(_EVENTS.c.drill == drill).order_by(_EVENTS.c.seq)
    lines = [bytes(data) for data in connection.execute(asked).scalars()]
    plan = DrillPlan.model_validate_json(bytes(msgspec.json.decode(header, type=dict[str, msgspec.Raw])["plan"]))
    events = [DECODER.decode(line) for line in lines]
    if [event.seq for event in events] != list(range(len(events))):
        raise ValueError("its events are not all there")
    before = head_of((lines or [header])[-1])
    plan, events = renamed(plan, events, ids)
    plan = plan.model_copy(update={"versions": {"sealed_before": before, **plan.versions}})
    sealer = Sealer(lambda _, __: b"")
    found = sealer.header(plan).data
    rows = [{"drill": drill, "seq": event.seq, "data": sealer.again(event).data} for event in events]
    connection.execute(_EVENTS.delete().where(_EVENTS.c.drill == drill))
    connection.execute(_EVENTS.insert(), rows)
    return found


def _rename_rows(connection: sa.Connection, drill: str, ids: dict[str, str]) -> None:
    """The rows beside a log that name its members. No new id is an old one, so the order does not matter."""
    for old, new in ids.items():
        for table, column in (("links", "member"), ("seats", "member"), ("guesses", "member"), ("actions", "owner")):
            there = sa.table(table, sa.column("drill"), sa.column(column))
            same = (there.c.drill == drill) & (there.c[column] == old)
            connection.execute(there.update().where(same).values({column: new}))
    results = sa.table("results", sa.column("drill"))
    connection.execute(results.delete().where(results.c.drill == drill))  # made again from the newly sealed log


def _attend(connection: sa.Connection, attendance: sa.Table) -> None:
    """Who was in it, as far as valid sessions show."""
    seats = sa.table("seats", *map(sa.column, ("session", "drill", "link", "role", "member", "admitted", "identified")))
    links = sa.table("links", sa.column("id"), sa.column("member"))
    named = seats.c.member.is_not(None)
    personal = sa.select(links.c.id).where(links.c.member.is_not(None))
    connection.execute(seats.update().where(named).values(identified="list"))
    connection.execute(seats.update().where(named & seats.c.link.in_(personal)).values(identified="link"))
    drills = sa.select(_DRILLS.c.id).where(_DRILLS.c.kind == "drill")
    asked = sa.select(seats.c.drill, seats.c.member, seats.c.identified)
    came = connection.execute(asked.where(named, seats.c.admitted, seats.c.role == "player", seats.c.drill.in_(drills)))
    found = {(drill, member): how for drill, member, how in came}
    rows = [
        {"drill": drill, "person": member, "seat": "player", "identified": how, "at": None}
        for (drill, member), how in found.items()
    ]
    if rows:
        connection.execute(attendance.insert(), rows)


def _people() -> sa.Table:
    return op.create_table(
        "people",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("made", _INSTANT, nullable=False),
    )


def _aliases() -> None:
    op.create_table(
        "aliases",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("team", _ID, primary_key=True),
        sa.Column("alias", sa.String(200), primary_key=True),
        sa.Column("person", _ID, nullable=False),
    )
    op.create_index("aliases_by_person", "aliases", ["person"])


def _teams() -> sa.Table:
    op.create_table(
        "teams",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("title", sa.Text, nullable=False),
    )
    table = op.create_table(
        "team_members",
        sa.Column("team", _ID, primary_key=True),
        sa.Column("person", _ID, primary_key=True),
    )
    op.create_index("team_members_by_person", "team_members", ["person"])
    return table


def _attendance() -> sa.Table:
    table = op.create_table(
        "attendance",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("person", _ID, primary_key=True),
        sa.Column("seat", sa.String(12), primary_key=True),
        sa.Column("identified", sa.String(8), nullable=False),
        sa.Column("at", _INSTANT),
    )
    op.create_index("attendance_by_person", "attendance", ["person"])
    return table


def _downloads() -> None:
    op.create_table(
        "downloads",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("drill", _ID, nullable=False),
        sa.Column("person", _ID, nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
    op.create_index("downloads_by_drill", "downloads", ["drill"])
    op.create_table(
        "forgotten",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False, server_default=sa.false()),
    )
