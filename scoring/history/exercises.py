"""Which scenarios train an obligation: those that owe it, what has not been played lately first."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from scoring.history.figures import DrillFigures

__all__ = ["LATELY", "Exercise", "Offer", "exercises_for", "offer_of"]

LATELY = 6
"""What was among so many last drills was played lately: people still know it."""
_HARD = {"easy": -0.25, "medium": 0.0, "hard": 0.25}
"""What an author's word for it counts as, on the scale of calibrations."""


class Offer(NamedTuple):
    """A scenario that could be played, under one protocol."""

    scenario: str
    """Its id."""
    title: str
    owes: frozenset[str]
    """The obligations that it owes, by id."""
    length_s: float
    """How long it takes at most, papers and talk included, or what its author says."""
    hard: str | None
    """How hard its author says that it is: easy, medium or hard."""


class Exercise(NamedTuple):
    """A scenario that trains an obligation, with what speaks for it."""

    scenario: str
    title: str
    length_s: float
    ago: int | None
    """How many drills ago the team last played it, 1 being the last one; None if it never did."""
    difficulty: float | None
    """How much harder than the mean it is, on the scale of readiness; None if it was never calibrated."""
    hard: str | None
    """How hard its author says that it is."""

    @property
    def known(self) -> bool:
        """Whether the team played it lately."""
        return self.ago is not None and self.ago <= LATELY


def offer_of(scenario: Scenario, protocol: Protocol) -> Offer:
    """A scenario, as it reads under a protocol, with what it owes."""
    tables = [table for span in scenario.severity if (table := protocol.table(span.level)) is not None]
    asks = any(inject.expects is not None for inject in scenario.injects)
    owed = {duty.id for table in tables for duty in table.obligations if asks or duty.act != "injects_answered"}
    whole = scenario.ends.after + scenario.ends.papers + scenario.ends.hot_wash
    length = (scenario.length or whole) / 1000
    return Offer(scenario.scenario, scenario.title, frozenset(owed), length, scenario.difficulty)


def exercises_for(
    obligation: str,
    drills: Sequence[DrillFigures],
    offers: Iterable[Offer],
    difficulties: Mapping[str, tuple[float, float]] | None = None,
    most: int = 3,
) -> list[Exercise]:
    """Scenarios that train an obligation, what fits best first; none if nothing on offer owes it.

    `drills` are the team's, in their order; `difficulties` has what calibration says of a scenario, by id, with its
    standard error. Before anything else comes what was not played lately; then what is about as long as what the team
    plays; then what is of middling difficulty.
    """
    offers = list(offers)
    ago = {one.scenario: place for place, one in reversed(list(enumerate(reversed(drills), 1)))}
    lengths = {offer.scenario: offer.length_s for offer in offers}
    usual = [lengths[one.scenario] for one in drills if one.scenario in lengths]
    wanted = median(usual) if usual else None

    def fit(one: Exercise) -> tuple[int, float, float, str]:
        off = 1.0 if wanted is None else max(one.length_s / wanted, wanted / one.length_s)
        hard = _HARD.get(one.hard or "", 0.0) if one.difficulty is None else one.difficulty
        return _fresh(one), round(off * 2), abs(hard), one.scenario

    found = [
        Exercise(
            scenario=offer.scenario,
            title=offer.title,
            length_s=offer.length_s,
            ago=ago.get(offer.scenario),
            difficulty=(difficulties or {}).get(offer.scenario, (None, None))[0],
            hard=offer.hard,
        )
        for offer in offers
        if obligation in offer.owes
    ]
    return sorted(found, key=fit)[:most]


def _fresh(one: Exercise) -> int:
    """0 for what was never played, then what was longest ago."""
    return 0 if one.ago is None else 1_000_000 - one.ago if one.known else 1
