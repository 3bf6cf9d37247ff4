"""What a chart of a team's page is made of, and what all of them know of the drills that they show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reports.format import clean
from scoring.history.figures import DrillFigures

__all__ = ["Cell", "Chart", "Shown", "Table"]


@dataclass(frozen=True)
class Cell:
    """A cell of a table."""

    says: str
    link: str = ""
    """The address of what it leads to; empty if that is nothing."""
    kind: str = ""
    """An outcome, which the page shows by more than its words."""


@dataclass(frozen=True)
class Table:
    """The numbers of a chart, for those who don't see it or want to know them."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """The first cell of each is its heading."""
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart: one sentence that says what it shows, why it is drawn so, the picture in two sizes, and its numbers."""

    name: str
    """Its id on the page."""
    title: str
    says: str
    why: tuple[str, str, str]
    wide: str = ""
    """SVG for desks and paper; empty if there is nothing to draw."""
    narrow: str = ""
    """SVG for telephones."""
    legend: tuple[tuple[str, str], ...] = ()
    """A mark as SVG, and what it means."""
    table: Table | None = None


class Shown:
    """The drills that a page shows, with what they are called and where they lead."""

    def __init__(
        self,
        drills: Sequence[DrillFigures],
        link: Callable[[DrillFigures], str] = lambda _: "",
        name: Callable[[str], str] = lambda who: who,
    ) -> None:
        """`link` gives a drill's address, empty if it has none; `name` the names of people for their ids."""
        self.drills = drills
        self._link, self._name = link, name

    def __len__(self) -> int:
        """How many there are."""
        return len(self.drills)

    def after(self, drills: Sequence[DrillFigures]) -> "Shown":
        """The same with other drills in front of them."""
        return Shown([*drills, *self.drills], self._link, self._name)

    def when(self, place: int) -> str:
        """The day of a drill; of a simulated one, which only has a day in its story, its number on the page."""
        one = self.drills[place]
        return f"no. {place + 1}" if one.kind == "simulated" else one.date

    def called(self, place: int) -> str:
        """The day of a drill and what it was about."""
        one = self.drills[place]
        again = ", played before" if one.repeat and one.kind != "simulated" else ""
        return f"{self.when(place)}, {clean(one.title)}{again}"

    def link(self, place: int) -> str:
        """A drill's address."""
        return self._link(self.drills[place])

    def cell(self, place: int) -> Cell:
        """A drill as a cell that leads to it."""
        return Cell(self.called(place), self.link(place))

    def name(self, who: str) -> str:
        """Somebody's name."""
        return clean(self._name(who))
