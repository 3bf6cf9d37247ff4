"""What the API answers about corrective actions, for its description."""

from typing import Literal

from pydantic import BaseModel

__all__ = ["ACTION_ANSWERS"]


class ActionClosed(BaseModel):
    """That somebody saw that it is done."""

    on: str
    how: Literal["observation", "document"]
    text: str


class ActionLine(BaseModel):
    """A corrective action, and what became of it."""

    id: str
    """Its drill, a dot, and its event there."""
    drill: str
    date: str
    """The day of that drill."""
    team: str
    text: str
    owner: str
    """The id of whoever is to do it; empty if it is the lead's."""
    owner_name: str
    mine: bool
    """Whether that is the viewer."""
    left: bool
    """Whether its owner has left, so that it is the lead's."""
    due_on: str
    overdue: bool
    obligation: str
    """The obligation that shows whether it helped; empty if none does."""
    shown_by: str
    """What that is called, or how the action is closed without one."""
    then: str
    """How that went in the drill of the action."""
    now: str
    """How it went in the last retest."""
    state: Literal["open", "retested", "held", "not_held", "closed"]
    says: str
    """The same in a sentence, with how often luck alone looks so."""
    luck: float | None
    """How often a team that does not change would meet the obligation in two drills running."""
    retests: list[str]
    """The drills that retested it, the last few, oldest first."""
    planned: list[str]
    """The drills that are to retest it; for the owner alone."""
    closed: ActionClosed | None


class ActionList(BaseModel):
    """Corrective actions, overdue ones first."""

    actions: list[ActionLine]


ACTION_ANSWERS: tuple[type[BaseModel], ...] = (ActionLine, ActionList)
"""Every model that a route about corrective actions names."""
