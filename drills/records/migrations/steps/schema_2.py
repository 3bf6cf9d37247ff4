"""Separate tables and columns for what the table `notes` held, and indices for our queries."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"

_ID = sa.String(64)


def upgrade() -> None:
    """Take the step."""
    connection = op.get_bind()
    op.add_column("drills", sa.Column("alive_at", sa.BigInteger))
    op.add_column("drills", sa.Column("alive_wall", sa.String(40)))
    op.add_column("drills", sa.Column("screen", sa.String(12), nullable=False, server_default="guess"))
    op.add_column("drills", sa.Column("revealed", sa.Boolean, nullable=False, server_default=sa.false()))
    _alive(connection)
    op.drop_column("drills", "alive")
    for name, table, columns in (
        ("drills_by_state", "drills", ["state", "made"]),
        ("links_by_drill", "links", ["drill"]),
        ("seats_by_drill", "seats", ["drill"]),
        ("seats_by_link", "seats", ["link"]),
    ):
        op.create_index(name, table, columns)
    guesses, retests = _guesses(), _retests()
    _results()
    notes: dict[str, list[tuple[str, str, Any]]] = {}
    asked = sa.text("SELECT drill, kind, key, data FROM notes")
    for drill, kind, key, data in connection.execute(asked):
        notes.setdefault(kind, []).append((drill, key, data))
    _screens(connection, notes.get("screen", []))
    _fill(connection, guesses, [_guess(*note) for note in notes.get("guess", [])])
    _fill(connection, retests, _tested(notes.get("retests", []), notes.get("held", [])))
    op.drop_table("notes")


def _alive(connection: sa.Connection) -> None:
    found = connection.execute(sa.text("SELECT id, alive FROM drills WHERE alive IS NOT NULL")).all()
    for drill, alive in found:
        at, _, wall = alive.partition(",")
        if at.isdigit():
            change = sa.text("UPDATE drills SET alive_at = :at, alive_wall = :wall WHERE id = :drill")
            connection.execute(change, {"at": int(at), "wall": wall, "drill": drill})


def _screens(connection: sa.Connection, notes: list[tuple[str, str, Any]]) -> None:
    for drill, key, data in notes:
        where = sa.text("UPDATE drills SET screen = :screen WHERE id = :drill")
        if key == "now":
            connection.execute(where, {"screen": data, "drill": drill})
        if key == "revealed":
            shown = sa.text("UPDATE drills SET revealed = :yes WHERE id = :drill")
            connection.execute(shown, {"yes": True, "drill": drill})


def _guess(drill: str, member: str, data: str) -> dict[str, Any]:
    said = json.loads(data)
    return {
        "drill": drill,
        "member": member,
        "surprise": said.get("surprise", ""),
        "heard": said.get("heard"),
        "command": said.get("command"),
    }


def _tested(notes: list[tuple[str, str, Any]], held: list[tuple[str, str, Any]]) -> list[dict[str, Any]]:
    """What drills test again, and what came of it, which used to be kept with the earlier drill."""
    rows: dict[tuple[str, str, int], dict[str, Any]] = {}
    for drill, _, data in notes:
        one = json.loads(data)
        key = (drill, one["drill"], int(one["seq"]))
        rows[key] = {
            "drill": drill,
            "earlier": one["drill"],
            "seq": int(one["seq"]),
            "text": one["text"],
            "measure": one["measure"],
            "then": one["then"],
            "held": None,
        }
    for earlier, seq, data in held:
        found = json.loads(data)
        key = (found["drill"], earlier, int(seq))
        otherwise = {
            "drill": key[0],
            "earlier": earlier,
            "seq": key[2],
            "text": found["text"],
            "measure": "",
            "then": None,
        }
        rows.setdefault(key, otherwise)["held"] = bool(found["held"])
    return list(rows.values())


def _fill(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _guesses() -> sa.Table:
    return op.create_table(
        "guesses",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("member", _ID, primary_key=True),
        sa.Column("surprise", sa.Text, nullable=False),
        sa.Column("heard", sa.BigInteger),
        sa.Column("command", sa.BigInteger),
    )


def _retests() -> sa.Table:
    table = op.create_table(
        "retests",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("earlier", _ID, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("then", sa.Float),
        sa.Column("held", sa.Boolean),
    )
    op.create_index("retests_by_earlier", "retests", ["earlier"])
    return table


def _results() -> None:
    op.create_table(
        "results",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("head", _ID, nullable=False),
        sa.Column("rubric", _ID, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("says", sa.Text),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("post_mortem", sa.Boolean, nullable=False),
        sa.Column("measures", sa.Text, nullable=False),
        sa.Column("played", sa.Text, nullable=False),
    )
    op.create_table(
        "actions",
        sa.Column("drill", _ID, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("lead", sa.Text, nullable=False),
        sa.Column("owner", _ID, nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
    )
