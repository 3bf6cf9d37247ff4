"""A slot: one drill that is to be, or that was left out with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from scenarios.schedule import Entry

__all__ = ["Assigned", "Role", "Slot", "slot_name"]

Role = Literal["first_responder", "suggested_commander", "facilitator"]
"""What can be somebody's turn."""


@dataclass(frozen=True)
class Assigned:
    """Whose turn something is."""

    member: str
    """The member's id."""
    why: str
    """The reason, in words for everybody."""
    could: tuple[str, ...]
    """All whose turn it could have been."""


@dataclass(frozen=True)
class Slot:
    """One drill of a schedule."""

    schedule: str
    """The schedule's name."""
    entry: Entry
    """The entry that it comes from."""
    day: date
    """Its nominal day: the first of the window, for a surprise."""
    last: date
    """The last day of its window; for all others its day once more."""
    start: int | None = None
    """The minute since 1970 in UTC at which it starts; None if it was left out, or is not known here."""
    skipped: str = ""
    """Why there is none, in words; nothing if there is one."""
    people: tuple[str, ...] = ()
    """Who is there from its start to its end."""
    leads: Mapping[Role, Assigned] = field(default_factory=dict)
    """Whose turn it is."""
    scenario: str | None = None
    """The incident, or `random`; None if it is not decided here."""
    scenario_why: str = ""
    """Why it is this one, in words."""

    @property
    def name(self) -> str:
        """What identifies it: its entry and its nominal day, never a number."""
        return slot_name(self.schedule, self.entry.id, self.day)

    @property
    def minutes(self) -> int:
        """How long it takes, in whole minutes."""
        return -(-self.entry.lasts // 60_000)

    @property
    def end(self) -> int | None:
        """The minute behind its last."""
        return None if self.start is None else self.start + self.minutes

    @property
    def starts_at(self) -> datetime | None:
        """When it starts, in UTC."""
        return None if self.start is None else datetime.fromtimestamp(self.start * 60, UTC)

    @property
    def is_surprise(self) -> bool:
        """Whether its time is drawn."""
        return self.entry.surprise is not None


def slot_name(schedule: str, entry: str, day: date) -> str:
    """What identifies a slot."""
    return f"{schedule}/{entry}/{day.isoformat()}"
