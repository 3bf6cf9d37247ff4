"""Whose turn it is: each time one could have led counts towards what is owed, and who is furthest behind leads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from drills.planning.calendar.slots import Assigned, Role

__all__ = ["BEFORE_LEADING", "Led", "Ledger"]

BEFORE_LEADING = 2
"""Drills that somebody plays before leading one."""
_TIMES = {0: "never", 1: "once", 2: "twice"}
_DIGITS = 9
"""Sums of shares are compared to so many, so that a third three times is one."""


@dataclass(frozen=True)
class Led:
    """That somebody led a drill."""

    minute: int
    """When, in minutes since 1970."""
    role: Role
    """As what."""
    member: str
    """Who."""
    could: tuple[str, ...]
    """Everybody whose turn it could have been."""


@dataclass
class Ledger:
    """What each member has led, and what would have been a fair share."""

    played: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Drills that each has played."""
    _served: dict[tuple[Role, str], int] = field(default_factory=lambda: defaultdict(int))
    _owed: dict[tuple[Role, str], float] = field(default_factory=lambda: defaultdict(float))
    _last: dict[tuple[Role, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, led: Iterable[Led], played: Mapping[str, int]) -> "Ledger":
        """The ledger after what has happened already."""
        made = cls()
        made.played.update(played)
        for one in sorted(led, key=lambda each: each.minute):
            made._count(one.role, one.member, one.could, one.minute)
        return made

    def lead(self, role: Role, could: Sequence[str], minute: int) -> Assigned | None:
        """Who leads of those who could, in the order of the file; None if nobody can. It is counted at once."""
        seasoned = [one for one in could if self.played[one] >= BEFORE_LEADING]
        able = seasoned or list(could)  # where everybody is new, somebody has to begin
        if not able:
            return None
        order = {one: number for number, one in enumerate(could)}
        member = min(able, key=lambda one: (self.balance(role, one), self._last.get((role, one), 0), order[one]))
        why = self._why(role, member, able)
        self._count(role, member, tuple(able), minute)
        return Assigned(member, why, tuple(able))

    def balance(self, role: Role, member: str) -> float:
        """How often somebody has led, less what would have been a fair share; the least leads next."""
        return round(self._served[role, member] - self._owed[role, member], _DIGITS)

    def _why(self, role: Role, member: str, able: Sequence[str]) -> str:
        if len(able) == 1:
            return "nobody else is available"
        served, owed = self._served[role, member], self._owed[role, member]
        times = _TIMES.get(served, f"{served} times")
        balances = [self.balance(role, one) for one in able]
        if balances.count(min(balances)) == 1:
            return f"{times} so far; a fair share would be {owed:.1f}"
        if (role, member) in self._last:
            return f"{times} so far, and longest ago"
        return "no turn so far; first in the team's file"

    def _count(self, role: Role, member: str, could: Sequence[str], minute: int) -> None:
        for one in could:
            self._owed[role, one] += 1 / len(could)
        self._served[role, member] += 1
        self._last[role, member] = minute

    def join(self, people: Iterable[str]) -> None:
        """Count a drill for everybody who plays in it."""
        for one in people:
            self.played[one] += 1
