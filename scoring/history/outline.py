"""What of each drill decides where it belongs, as columns: a hundred thousand drills are put in order in one go."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from scoring.history.figures import Figures
from scoring.history.selection import day_of
from simulator.plan import Kind

__all__ = [
    "Numbers",
    "Outline",
    "Outlines",
    "Sort",
    "Truths",
    "coded",
    "moment_of",
    "outline_of",
    "outlines_of",
    "together",
]

Numbers = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
Value = TypeVar("Value")


class Sort(msgspec.Struct, frozen=True, array_like=True):
    """What many drills have in common: kept once for all of them. The fields are those of a drill's row."""

    team: str
    kind: Kind
    mode: str
    protocol: str
    players: str
    scenario: str
    title: str
    tags: tuple[str, ...]
    rubric: str
    persons: bool
    """Whether a person was in them."""


class Outline(NamedTuple):
    """The same of one drill, as it is kept."""

    drill: str
    """Its id."""
    sort: bytes
    """A `Sort`, as JSON."""
    present: bytes
    """The ids of the people in it, as a JSON list; of the simulated members if there was nobody else."""
    began: int
    """When it began, in milliseconds since 1970, UTC."""
    over: int
    """When its response was over."""
    day: int
    """The day on which it began, in the team's zone, such as 20260331."""
    back_s: float
    """By how many seconds its clock was set back while it ran."""
    uncapped: float | None
    """The total before caps, if it counts: played to the end, not cut short, and its follow-up closed."""


class Outlines(NamedTuple):
    """Many outlines as columns, in any order."""

    drills: Sequence[str]
    sorts: list[Sort]
    """Each once."""
    sort: Numbers
    """For each drill, the place of its sort."""
    presents: list[tuple[str, ...]]
    """The ids of people who were in a drill together; each crew once."""
    present: Numbers
    """For each drill, the place of who was there."""
    began: Numbers
    over: Numbers
    day: Numbers
    back_s: npt.NDArray[np.float64]
    uncapped: npt.NDArray[np.float64]
    """Not a number where there is none that counts."""

    def numbered(self, what: Callable[[Sort], object]) -> Numbers:
        """For each drill a number that is the same where this is the same of their sorts."""
        return coded([what(one) for one in self.sorts])[1][self.sort]

    def where(self, what: Callable[[Sort], bool]) -> Truths:
        """For each drill whether this holds of its sort."""
        return np.array([what(one) for one in self.sorts], dtype=np.bool_)[self.sort]


def moment_of(instant: datetime) -> int:
    """An instant in milliseconds since 1970, UTC."""
    return (instant - _EPOCH) // _MILLISECOND


def outline_of(one: Figures) -> Outline:
    """A drill's outline."""
    row, crew = one.drill, one.crew
    sort = Sort(
        *(row.team, row.kind, row.mode, row.protocol, row.players, row.scenario, row.title, tuple(row.tags)),
        *(row.rubric, bool(crew.persons)),
    )
    return Outline(
        drill=row.drill,
        sort=msgspec.json.encode(sort),
        present=msgspec.json.encode(crew.persons or crew.members),
        began=moment_of(datetime.fromisoformat(row.start)),
        over=moment_of(datetime.fromisoformat(one.responded)),
        day=day_of(row.date),
        back_s=one.set_back_s,
        uncapped=row.uncapped if row.complete and not (row.cut_short or row.provisional) else None,
    )


def outlines_of(drills: Iterable[Figures]) -> Outlines:
    """The outlines of some drills, in their order."""
    return together([outline_of(one) for one in drills])


def together(rows: Sequence[Sequence[object]]) -> Outlines:
    """Outlines as columns; each row has the fields of an `Outline`, in its order."""
    names, sort, present, *numbers = (list(map(itemgetter(place), rows)) for place in range(len(Outline._fields)))
    (sorts, of_sort), (presents, of_present) = coded(sort), coded(present)
    began, over, day = (np.array(column, dtype=np.int64) for column in numbers[:3])
    back, uncapped = (np.array(column, dtype=np.float64) for column in numbers[3:])
    return Outlines(
        drills=names,
        sorts=msgspec.json.decode(b"[" + b",".join(sorts) + b"]", type=list[Sort]),
        sort=of_sort,
        presents=msgspec.json.decode(b"[" + b",".join(presents) + b"]", type=list[tuple[str, ...]]),
        present=of_present,
        began=began,
        over=over,
        day=day,
        back_s=back,
        uncapped=uncapped,
    )


def coded(values: Sequence[Value]) -> tuple[list[Value], Numbers]:
    """Different values in the order in which they first come, and for each value the place of its like among them."""
    known = {one: place for place, one in enumerate(dict.fromkeys(values))}
    return list(known), np.fromiter(map(known.__getitem__, values), dtype=np.int64, count=len(values))
