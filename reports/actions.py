"""Corrective actions in words: what became of each, and how often luck alone looks so."""

from dataclasses import dataclass
from typing import Any

from reports.format import clean, spell
from scoring.history.actions import RUNNING, CorrectiveAction
from scoring.history.figures import ObligationFigures
from scoring.labels import counted

__all__ = ["ActionRow", "action_row", "as_data", "told", "verdict", "went"]

_ASSUMED = "assumed, as there is no other drill to go by"
_CLOSED = {"observation": "somebody saw that it is done", "document": "a document shows it"}


@dataclass(frozen=True)
class ActionRow:
    """Something that the team meant to change, and whether it held."""

    text: str
    measured_by: str
    """The obligation that shows it; how it is closed if none does."""
    then: str
    """How that went in the drill that it comes from."""
    now: str
    """How it went in the last retest."""
    says: str
    """Whether it held, in a sentence or two."""
    held: bool


def action_row(action: CorrectiveAction, text: str) -> ActionRow:
    """An action as a table shows it. `text` is what somebody typed."""
    last = action.retests[-1] if action.retests else None
    return ActionRow(
        text=told(action, text),
        measured_by=action.title or action.obligation or "no drill shows it: somebody closes it by hand",
        then="" if action.then is None else went(action.then),
        now="" if last is None else _went(last.met, last.actual_s, last.target_s),
        says=verdict(action),
        held=action.state == "held",
    )


def as_data(action: CorrectiveAction, text: str, owner_name: str) -> dict[str, Any]:
    """An action as other programs read it."""
    row, closed = action_row(action, text), action.closed
    return {
        "id": action.key,
        "drill": action.drill,
        "date": action.date,
        "team": action.team,
        "text": row.text,
        "owner": action.owner,
        "owner_name": owner_name,
        "left": action.left,
        "due_on": action.due_on,
        "overdue": action.overdue,
        "obligation": action.obligation,
        "shown_by": row.measured_by,
        "then": row.then,
        "now": row.now,
        "state": action.state,
        "says": row.says,
        "luck": action.luck,
        "retests": [each.drill for each in action.retests],
        "closed": None if closed is None else {"on": closed.on, "how": closed.how, "text": closed.text},
    }


def told(action: CorrectiveAction, text: str) -> str:
    """What is to be changed, in one line."""
    return clean(f"{action.lead}{text}")


def verdict(action: CorrectiveAction) -> str:
    """Whether it held, and how often luck alone looks so."""
    closed = action.closed
    if action.state == "held":
        return f"held: met in {action.running} retests running. {_luck(action)}"
    if action.state == "closed" and closed is not None:
        return f"closed on {closed.on}: {_CLOSED[closed.how]}"
    if action.state == "retested":
        return f"met once; it has held once {RUNNING} retests running meet it"
    if action.state == "not_held":
        return "not held: the last retest did not meet it"
    return "no retest yet" if action.obligation else "open: no drill shows it, somebody closes it by hand"


def _luck(action: CorrectiveAction) -> str:
    share = round(100 * (action.luck or 0.0))
    known = f"by {counted(action.luck_drills, 'other drill', 'other drills')}" if action.luck_drills else _ASSUMED
    return f"A team that changes nothing looks so in {share} of 100 cases ({known})."


def went(owed: ObligationFigures) -> str:
    """How an obligation went in a drill, such as `5 min 10 s, late`."""
    if owed.outcome == "unjudged":
        return "not judged"
    if owed.owing is not None:
        return f"{owed.did} of {owed.owing}, {owed.outcome if owed.did == owed.owing else 'not met'}"
    if owed.actual_s is None or owed.target_s is None:
        return owed.outcome
    return f"{spell(owed.actual_s * 1000)}, {owed.outcome}"


def _went(met: bool, actual_s: float | None, target_s: float | None) -> str:
    said = "met" if met else "not met"
    return said if actual_s is None or target_s is None else f"{spell(actual_s * 1000)}, {said}"
