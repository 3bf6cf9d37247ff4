"""What is counted in the drills of a calibration. Whole numbers alone, so that they add up the same in any order."""

from collections.abc import Sequence
from typing import get_args

import msgspec

from scoring.result import Scorecard
from scoring.scale import on_scale
from simulator import events as ev
from simulator.events import Event
from simulator.plan import DrillPlan, Profile
from simulator.playtest import ended_well

__all__ = ["PROFILES", "SIZES", "STEPS", "Cell", "Counts", "count"]

PROFILES: tuple[Profile, ...] = get_args(Profile)
"""The simulated teams, the best first. Every list of a calibration has a number for each, in this order."""
SIZES = (3, 6, 12)
"""How many people the simulated teams have."""
STEPS = 10_000
"""Steps of the scale in one: places on it are counted as whole numbers."""
_TENTHS = 10
_HUNDREDTHS = 100
_FULL = 100.0


class Cell(msgspec.Struct, array_like=True):
    """The drills of teams of one profile and size."""

    drills: int = 0
    """How many there were."""
    judged: int = 0
    """How many of them have a total; the sums below are over these."""
    score: int = 0
    """The sum of the totals, in tenths of a point."""
    score_squares: int = 0
    """The sum of their squares."""
    y: int = 0
    """The sum of the places on the scale of the totals without caps, in STEPS."""
    y_squares: int = 0
    """The sum of their squares."""

    def add(self, other: "Cell") -> None:
        """Add what another one counted."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


Tally = dict[str, list[int]]
"""For each of some things by id, in how many drills of each profile."""


class Counts(msgspec.Struct):
    """What was counted in some drills."""

    cells: dict[str, Cell] = {}
    """By profile and size, as in `good-6`."""
    totals: Tally = {}
    """Drills by their total in whole points, as text: how they are spread."""
    won: list[int] = msgspec.field(default_factory=lambda: [0] * len(PROFILES))
    """Drills that came to a good end in time."""
    capped: Tally = {}
    """Drills by the cap that held their total down."""
    injects: Tally = {}
    """Drills in which each inject came."""
    looks: Tally = {}
    """Drills in which each action was finished during the response."""
    ended: Tally = {}
    """Drills that each action ended: the last that did, if it was still so when the response was over."""
    judged: Tally = {}
    """Drills in which each obligation could be judged."""
    met: Tally = {}
    """Drills in which it was worth everything."""
    lost: Tally = {}
    """Points that each item cost, in hundredths."""

    def add(self, other: "Counts") -> None:
        """Add what was counted in other drills."""
        for name, cell in other.cells.items():
            self.cells.setdefault(name, Cell()).add(cell)
        self.won = [one + more for one, more in zip(self.won, other.won, strict=True)]
        for name in _TALLIES:
            ours: Tally = getattr(self, name)
            for key, numbers in getattr(other, name).items():
                ours[key] = [one + more for one, more in zip(ours.get(key, _NONE), numbers, strict=True)]

    @property
    def drills(self) -> int:
        """How many drills there were."""
        return sum(cell.drills for cell in self.cells.values())

    def cell(self, profile: Profile, size: int) -> Cell:
        """The drills of one profile and size."""
        return self.cells.get(f"{profile}-{size}", Cell())

    def of(self, profile: Profile) -> Cell:
        """The drills of one profile, whatever the size."""
        found = Cell()
        for size in SIZES:
            found.add(self.cell(profile, size))
        return found


_NONE: Sequence[int] = (0,) * len(PROFILES)
_TALLIES = ("totals", "capped", "injects", "looks", "ended", "judged", "met", "lost")


def count(into: Counts, plan: DrillPlan, events: Sequence[Event], card: Scorecard, profile: Profile) -> None:
    """Add a drill of a team of one profile. Its size is the number of its players."""
    place = PROFILES.index(profile)
    cell = into.cells.setdefault(f"{profile}-{len(plan.players)}", Cell())
    cell.drills += 1
    if card.score is not None and card.uncapped is not None:
        score, y = round(card.score * _TENTHS), round(on_scale(card.uncapped) * STEPS)
        cell.add(Cell(0, 1, score, score * score, y, y * y))
        _note(into.totals, str(int(card.score)), place)
    if card.binding is not None:
        _note(into.capped, card.binding.id, place)
    into.won[place] += ended_well(plan, events)
    _note_course(into, events, place)
    _note_items(into, card, place)


def _note(tally: Tally, key: str, place: int, number: int = 1) -> None:
    tally.setdefault(key, [*_NONE])[place] += number


def _note_course(into: Counts, events: Sequence[Event], place: int) -> None:
    """What came, what was finished, and what ended it."""
    came: set[str] = set()
    done: set[str] = set()
    ended: str | None = None
    over = False
    for event in events:
        kind = type(event)
        if kind is ev.PhaseBegan:
            over = True
        elif isinstance(event, ev.InjectDelivered | ev.FacilitatorTold):
            if event.inject:
                came.add(event.inject)
        elif over:
            continue
        elif isinstance(event, ev.ActionFinished):
            done.add(event.action)
        elif isinstance(event, ev.ImpactChanged):
            ended = event.cause if event.impact == "ended" else None
    for tally, names in ((into.injects, came), (into.looks, done), (into.ended, {ended} - {None})):
        for name in names:
            if name is not None:
                _note(tally, name, place)


def _note_items(into: Counts, card: Scorecard, place: int) -> None:
    for part in card.components.values():
        for item in part.items:
            if item.score is None:
                continue
            _note(into.judged, item.id, place)
            if item.score >= _FULL:
                _note(into.met, item.id, place)
    for line in card.ledger:
        _note(into.lost, line.item, place, round(line.points * _HUNDREDTHS))
