"""Many drills put in order, and told apart where they only look alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from scoring.history.figures import Figures
from scoring.history.outline import Numbers, Outlines, Truths, moment_of, outlines_of
from scoring.history.selection import Filters, History
from scoring.labels import spell
from simulator.plan import Kind

__all__ = ["LIVE", "Placed", "among", "history_of", "placed", "set_in"]

LIVE: tuple[Kind, ...] = ("drill", "practice", "rehearsal", "real")
"""Kinds that take place at an hour of the day. A simulated drill only has an hour in its story."""
_NAMED = 5
"""So many teams of one name are written out."""
_BACK = 1.0
"""Seconds by which a clock may go back unnoticed: computers set theirs right all the time."""


class Placed(NamedTuple):
    """Outlines, and where each drill belongs. The columns are in the order of the outlines."""

    outlines: Outlines
    order: Numbers
    """The places of the drills, in the order in which they began."""
    group: Numbers
    """Which of the teams of its name had it: 1, or more where they have nobody in common."""
    repeat: Numbers
    """How often that team had played its scenario before."""
    notes: list[str]
    """A sentence for each thing that a reader of the figures should know."""


def placed(drills: Outlines, now: datetime | None = None) -> Placed:
    """Where each drill belongs. `now` is the present, if a future is to be noticed.

    Give it all drills there are, also those that are filtered out later: what a team played before is read from them.
    """
    order = np.asarray(np.argsort(drills.began, kind="stable"))
    team = _teams(drills)
    group = _groups(drills, order, team)
    groups, sorts = 1 + int(group.max(initial=0)), 1 + len(drills.sorts)
    repeat = _earlier(order, (team * groups + group) * sorts + drills.numbered(lambda one: one.scenario))
    notes = [*_namesakes(drills, order, team, group), *_renamed(drills, order), *_clocks(drills, order, group, now)]
    return Placed(drills, order, group, repeat, notes)


def history_of(found: Iterable[Figures], now: datetime | None = None) -> History:
    """Drills as a history: in order, with their groups and repeats. `now` is the present, if a future is to be noticed.

    Give it all drills there are, also those that are filtered out later: what a team played before is read from them.
    """
    drills = sorted(found, key=lambda one: (one.drill.start, one.drill.head))
    where = placed(outlines_of(drills), now)
    return History([set_in(drills[place], where, place) for place in where.order.tolist()], where.notes)


def among(drills: Outlines, wanted: Filters) -> Truths:
    """For each drill whether it is among those that are wanted."""
    first, last = wanted.days()
    return drills.where(wanted.fits) & (first <= drills.day) & (drills.day <= last)


def set_in(one: Figures, where: Placed, place: int) -> Figures:
    """The figures of the drill at a place among the outlines, with its group and repeat."""
    group, repeat = int(where.group[place]), int(where.repeat[place])
    return replace(one, drill=replace(one.drill, group=group, repeat=repeat))


# -- teams of one name -------------------------------------------------------------------------------------------------


def _teams(drills: Outlines) -> Numbers:
    """For each drill a number of its team. Simulated people link nothing that people played: they share ids."""
    return drills.numbered(lambda one: (one.team, one.persons))


def _groups(drills: Outlines, order: Numbers, team: Numbers) -> Numbers:
    """Two drills are of one team if somebody was in both, or if others link them."""
    presents = max(1, len(drills.presents))
    crews, first, back = np.unique((team * presents + drills.present)[order], return_index=True, return_inverse=True)
    earliest = np.argsort(first, kind="stable").tolist()
    teams, present = (crews // presents).tolist(), (crews % presents).tolist()
    parent = list(range(len(crews)))

    def root(crew: int) -> int:
        while parent[crew] != crew:
            parent[crew] = crew = parent[parent[crew]]
        return crew

    crew_of: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for crew in earliest:
        known, people = crew_of[teams[crew]], drills.presents[present[crew]]
        others = set(map(known.get, people))
        for other in others:
            if other is not None:
                parent[root(crew)] = root(other)
        if None in others:
            known |= dict.fromkeys((one for one in people if one not in known), crew)
    number: dict[int, int] = {}
    count: defaultdict[int, int] = defaultdict(int)
    for crew in earliest:
        if root(crew) not in number:
            count[teams[crew]] += 1
            number[root(crew)] = count[teams[crew]]
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.array([number[root(crew)] for crew in range(len(crews))], dtype=np.int64)[back.reshape(-1)]
    return group


def _namesakes(drills: Outlines, order: Numbers, team: Numbers, group: Numbers) -> Iterator[str]:
    teams, first = np.unique(team[order], return_index=True)
    for mine in teams[np.argsort(first)].tolist():
        of_it = np.flatnonzero(team == mine)
        groups = int(group[of_it].max())
        if groups > 1:
            name = drills.sorts[int(drills.sort[of_it[0]])].team
            names = [f"{name} ({number})" for number in range(1, groups + 1)]
            said = ", ".join(names) if groups <= _NAMED else f"{names[0]} to {names[-1]}"
            yield f"{groups} teams are called {name!r} and have nobody in common; they are told apart as {said}"


# -- scenarios and clocks ----------------------------------------------------------------------------------------------


def _earlier(order: Numbers, alike: Numbers) -> Numbers:
    """For each drill how many like it came before it."""
    sorted_ = order[np.argsort(alike[order], kind="stable")]
    starts = np.flatnonzero(np.diff(alike[sorted_], prepend=-1))
    lengths = np.diff(starts, append=len(order))
    found = np.empty(len(order), dtype=np.int64)
    found[sorted_] = np.arange(len(order)) - np.repeat(starts, lengths)
    return found


def _renamed(drills: Outlines, order: Numbers) -> Iterator[str]:
    names: defaultdict[str, dict[str, None]] = defaultdict(dict)
    sorts, first = np.unique(drills.sort[order], return_index=True)
    for place in sorts[np.argsort(first)].tolist():
        names[drills.sorts[place].title][drills.sorts[place].scenario] = None
    for title, ids in names.items():
        if len(ids) > 1:
            yield (
                f"{' and '.join(map(repr, ids))} have one title ({title}): if a scenario was renamed, its drills count "
                "as those of two"
            )


def _clocks(drills: Outlines, order: Numbers, group: Numbers, now: datetime | None) -> Iterator[str]:
    live = drills.where(lambda one: one.kind in LIVE)
    back = live & (drills.back_s > _BACK)
    coming = live & (drills.began > moment_of(now)) if now is not None else np.zeros_like(live)
    for place in order[(back | coming)[order]].tolist():
        name = drills.drills[place]
        if back[place]:
            yield f"{name}: its clock was set back by {spell(float(drills.back_s[place]) * 1000)} while it ran"
        if coming[place]:
            year, day = divmod(int(drills.day[place]), 10_000)
            began = f"{year:04}-{day // 100:02}-{day % 100:02}"
            yield f"{name}: it says that it began on {began}, which is still to come"
    yield from _at_once(drills, order, group)


def _at_once(drills: Outlines, order: Numbers, group: Numbers) -> Iterator[str]:
    """Drills of one team that began while the one before them still ran."""
    played = order[drills.where(lambda one: one.kind == "drill")[order]]
    team = (drills.numbered(lambda one: one.team) * (1 + int(group.max(initial=0))) + group)[played]
    names, first = np.unique(team, return_index=True)
    of_team = first[np.searchsorted(names, team)]  # teams in the order in which they first played
    mine = played[np.argsort(of_team, kind="stable")]
    of_team = np.sort(of_team, kind="stable")
    overlap = (of_team[1:] == of_team[:-1]) & (drills.began[mine[1:]] < drills.over[mine[:-1]])
    for place in np.flatnonzero(overlap).tolist():
        earlier, later = (drills.drills[mine[place + step]] for step in (0, 1))
        yield (
            f"{later} began while {earlier} still ran, by their clocks: one of them was wrong, or the team was in two "
            "drills; which came first is not certain"
        )
