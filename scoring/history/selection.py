"""Which drills of many belong together, and which of them are wanted."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from scoring.history.figures import Crew, DrillFigures, Figures, ObligationFigures
from simulator.plan import Kind

__all__ = [
    "Common",
    "Filters",
    "History",
    "Keys",
    "Told",
    "chosen",
    "comparable",
    "countable",
    "day_of",
    "history_in",
    "keys_of",
    "newcomers_of",
    "told",
]


class History(NamedTuple):
    """Drills in the order in which they began, and what is doubtful about them."""

    drills: list[Figures]
    notes: list[str]
    """A sentence for each thing that a reader of the figures should know."""


def day_of(text: str) -> int:
    """A day such as 2026-03-31 as a number that sorts like it: 20260331."""
    return int(text.replace("-", ""))


class Common(Protocol):
    """What many drills have in common."""

    @property
    def team(self) -> str:
        """The team's id."""

    @property
    def scenario(self) -> str:
        """The scenario's id."""

    @property
    def tags(self) -> Sequence[str]:
        """The scenario's tags."""


class Filters(NamedTuple):
    """Which drills are wanted; nothing means all. Days are those of the team's zone, both included."""

    team: str | None = None
    scenario: str | None = None
    tag: str | None = None
    since: str | None = None
    until: str | None = None

    def take(self, one: DrillFigures) -> bool:
        """Whether a drill is among them."""
        first, last = self.days()
        return self.fits(one) and first <= day_of(one.date) <= last

    def fits(self, one: Common) -> bool:
        """Whether it is among them, whatever its day."""
        return (
            self.team in (None, one.team)
            and self.scenario in (None, one.scenario)
            and (self.tag is None or self.tag in one.tags)
        )

    def days(self) -> tuple[int, int]:
        """The first and the last day that are wanted."""
        first = 0 if self.since is None else day_of(self.since)
        return first, _NEVER if self.until is None else day_of(self.until)


_NEVER = 99999999


class Keys(NamedTuple):
    """What has to be the same in drills that share a figure."""

    team: str
    group: int
    kind: Kind
    mode: str
    protocol: str
    players: str
    """How good simulated players were, if nobody else played."""


def keys_of(one: DrillFigures) -> Keys:
    """With what a drill may be put together."""
    players = one.players if one.kind == "simulated" else ""
    return Keys(one.team, one.group, one.kind, one.mode, one.protocol, players)


def chosen(history: History, filters: Filters) -> History:
    """The drills that pass the filters; what was noted of the whole stays."""
    return History([one for one in history.drills if filters.take(one.drill)], history.notes)


class Told(msgspec.Struct, frozen=True):
    """A history as other programs read it: nobody is in it."""

    drills: list[DrillFigures]
    obligations: list[ObligationFigures]
    notes: list[str]


def told(history: History) -> Told:
    """A history for other programs."""
    drills = history.drills
    return Told([one.drill for one in drills], [row for one in drills for row in one.obligations], history.notes)


def history_in(data: object) -> History:
    """The history that another program told, from its JSON as Python reads it. Nobody is in it."""
    found = msgspec.convert(data, Told)
    owed: defaultdict[str, list[ObligationFigures]] = defaultdict(list)
    for row in found.obligations:
        owed[row.head].append(row)
    nobody = Crew(members=[], persons=[], joined=[], may_lead=[], led=[])
    drills = [Figures(drill=one, obligations=owed[one.head], crew=nobody, responded="") for one in found.drills]
    return History(drills, found.notes)


def comparable(drills: Sequence[DrillFigures]) -> list[DrillFigures]:
    """The drills with a total by the rubric of the last one: other weights make other totals."""
    return [one for one in drills if one.uncapped is not None and one.rubric == drills[-1].rubric]


def countable(drills: Sequence[DrillFigures]) -> list[DrillFigures]:
    """The comparable drills that say something of a level: played to the end, and with the follow-up closed."""
    return [one for one in comparable(drills) if one.complete and not one.provisional]


def newcomers_of(drills: Sequence[Figures]) -> dict[str, float]:
    """For each drill of a team, in their order, by the last hash of its log, the share of people who were new to it."""
    known: set[str] = set()
    found = {}
    for one in drills:
        people = set(one.crew.persons or one.crew.members)
        found[one.drill.head] = len(people - known) / len(people) if known and people else 0.0
        known |= people
    return found
