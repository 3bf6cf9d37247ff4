"""Corrective actions on screen: one table, overdue ones first."""

from collections.abc import Sequence
from typing import Any

from drills.cli.terminal import columns, show, styled

__all__ = ["show_actions"]


def show_actions(rows: Sequence[dict[str, Any]]) -> None:
    """Print actions as their data has them."""
    table = columns("Due", "Action", "Owner", "Shown by", "How it stands")
    for one in rows:
        due = styled(one["due_on"] or "no day", "bold red" if one["overdue"] else "")
        what = styled(f"{one['text']}\n{one['id']}")
        table.add_row(due, what, *map(styled, (_owner(one), _shown_by(one), _stands(one))))
    show(table)


def _owner(one: dict[str, Any]) -> str:
    return f"{one['owner_name'] or 'the lead'}{' (the owner has left)' if one['left'] else ''}"


def _shown_by(one: dict[str, Any]) -> str:
    return str(one["shown_by"]) if one["obligation"] else ""


def _stands(one: dict[str, Any]) -> str:
    overdue = "overdue; " if one["overdue"] else ""
    return f"{overdue}{one['says']}"
