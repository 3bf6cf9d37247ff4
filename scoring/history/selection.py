"""Which drills of many belong together: put in order, told apart where they only look alike, and chosen by filters."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from scoring.history.figures import Crew, DrillFigures, Figures, ObligationFigures
from scoring.labels import spell
from simulator.plan import Kind

__all__ = [
    "LIVE",
    "Filters",
    "History",
    "Keys",
    "Told",
    "chosen",
    "comparable",
    "countable",
    "history_in",
    "history_of",
    "keys_of",
    "told",
]

LIVE: tuple[Kind, ...] = ("drill", "practice", "rehearsal", "real")
"""Kinds that take place at an hour of the day. A simulated drill only has an hour in its story."""
_BACK = 1.0
"""Seconds by which a clock may go back unnoticed: computers set theirs right all the time."""


class History(NamedTuple):
    """Drills in the order in which they began, and what is doubtful about them."""

    drills: list[Figures]
    notes: list[str]
    """A sentence for each thing that a reader of the figures should know."""


class Filters(NamedTuple):
    """Which drills are wanted; nothing means all. Days are those of the team's zone, both included."""

    team: str | None = None
    scenario: str | None = None
    tag: str | None = None
    since: str | None = None
    until: str | None = None

    def take(self, one: DrillFigures) -> bool:
        """Whether a drill is among them."""
        return (
            self.team in (None, one.team)
            and self.scenario in (None, one.scenario)
            and (self.tag is None or self.tag in one.tags)
            and (self.since is None or self.since <= one.date)
            and (self.until is None or one.date <= self.until)
        )


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


def history_of(found: Iterable[Figures], now: datetime | None = None) -> History:
    """Drills as a history: in order, with their groups and repeats. `now` is the present, if a future is to be noticed.

    Give it all drills there are, also those that are filtered out later: what a team played before is read from them.
    """
    drills = _grouped(sorted(found, key=lambda one: (one.drill.start, one.drill.head)))
    notes = [*_namesakes(drills), *_renamed(drills), *_clocks(drills, now)]
    return History(_repeats(drills), notes)


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


# -- teams of one name -------------------------------------------------------------------------------------------------


def _people(one: Figures) -> list[str]:
    return one.crew.persons or one.crew.members


def _grouped(drills: Sequence[Figures]) -> list[Figures]:
    """Two drills are of one team if somebody was in both, or if others link them."""
    group: dict[int, int] = {}
    for places in _by_team(drills).values():
        parts: list[tuple[set[str], list[int]]] = []
        for place in places:
            people, mine = set(_people(drills[place])), [place]
            for known in [part for part in parts if part[0] & people]:
                people, mine = people | known[0], known[1] + mine
                parts.remove(known)
            parts.append((people, mine))
        for number, (_, mine) in enumerate(sorted(parts, key=lambda part: min(part[1])), 1):
            group |= dict.fromkeys(mine, number)
    return [replace(one, drill=replace(one.drill, group=group[place])) for place, one in enumerate(drills)]


def _by_team(drills: Sequence[Figures]) -> dict[tuple[str, bool], list[int]]:
    """The places of each team's drills. Simulated people share their ids, so they link nothing that people played."""
    found: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, one in enumerate(drills):
        found[one.drill.team, bool(one.crew.persons)].append(place)
    return found


def _namesakes(drills: Sequence[Figures]) -> Iterator[str]:
    for (team, _), places in _by_team(drills).items():
        groups = max(drills[place].drill.group for place in places)
        if groups > 1:
            told = ", ".join(f"{team} ({number})" for number in range(1, groups + 1))
            yield f"{groups} teams are called {team!r} and have nobody in common; they are told apart as {told}"


# -- scenarios and clocks ----------------------------------------------------------------------------------------------


def _renamed(drills: Sequence[Figures]) -> Iterator[str]:
    names: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in drills:
        names[one.drill.title][one.drill.scenario] = None
    for title, ids in names.items():
        if len(ids) > 1:
            yield (
                f"{' and '.join(map(repr, ids))} have one title ({title}): if a scenario was renamed, its drills count "
                "as those of two"
            )


def _repeats(drills: Sequence[Figures]) -> list[Figures]:
    before: defaultdict[tuple[str, int, bool, str], int] = defaultdict(int)
    found = []
    for one in drills:
        key = one.drill.team, one.drill.group, bool(one.crew.persons), one.drill.scenario
        found.append(replace(one, drill=replace(one.drill, repeat=before[key])))
        before[key] += 1
    return found


def _clocks(drills: Sequence[Figures], now: datetime | None) -> Iterator[str]:
    live = [one for one in drills if one.drill.kind in LIVE]
    for one in live:
        if one.set_back_s > _BACK:
            yield f"{one.drill.drill}: its clock was set back by {spell(one.set_back_s * 1000)} while it ran"
        if now is not None and datetime.fromisoformat(one.drill.start) > now:
            yield f"{one.drill.drill}: it says that it began on {one.drill.date}, which is still to come"
    by_team: defaultdict[tuple[str, int], list[Figures]] = defaultdict(list)
    for one in live:
        if one.drill.kind == "drill":
            by_team[one.drill.team, one.drill.group].append(one)
    for mine in by_team.values():
        for earlier, later in pairwise(mine):
            if later.drill.start < earlier.responded:
                yield (
                    f"{later.drill.drill} began while {earlier.drill.drill} still ran, by their clocks: one of them "
                    "was wrong, or the team was in two drills; which came first is not certain"
                )
