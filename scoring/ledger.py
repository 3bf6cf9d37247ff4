"""From findings to points: the components' means, what each item could earn and did, and a line for each loss."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from scenarios.protocol import Component, Duty
from scenarios.rubric import Rubric
from scoring.components import JUDGES
from scoring.components.protocol import Order, order_of
from scoring.obligations import CUT_SHORT, Drill, Finding, Owed, owed_in, rest
from scoring.result import ComponentScore, Item, Lost

__all__ = ["Judged", "Part", "judge", "ledger_of", "parts_of", "total_of"]

_FULL = 100.0
_SECOND = 1000


class Judged(msgspec.Struct, gc=False):
    """One obligation, what was found about it, and its points of the uncapped total."""

    owed: Owed
    finding: Finding
    available: float = 0.0

    @property
    def lost(self) -> float:
        """Points lost, before rounding."""
        score = self.finding.score
        return 0.0 if score is None else self.available * (_FULL - score) / _FULL

    def item(self) -> Item:
        """The row of the scorecard."""
        owed, finding, lost = self.owed, self.finding, self.lost
        score = finding.score
        return Item(
            id=owed.duty.id,
            title=owed.title,
            score=None if score is None else round(score, 1),
            weight=owed.weight,
            clock=owed.duty.clock if owed.target is not None else None,
            clock_start_s=seconds(finding.start),
            target_s=seconds(owed.target),
            deadline_s=seconds(owed.deadline),
            actual_s=seconds(finding.actual),
            evidence=list(finding.evidence),
            why=finding.why,
            owner=finding.owner or owed.duty.owner,
            better=finding.remedy if lost else None,
            available=round(self.available, 2),
            earned=None if score is None else round(self.available - lost, 2) + 0.0,  # never -0.0
        )

    def line(self, component: str) -> Lost | None:
        """The line of the ledger; None if no visible points were lost."""
        unrounded = self.lost
        if not unrounded:
            return None
        lost = round(round(self.available, 2) - round(self.available - unrounded, 2), 2)
        if lost <= 0:
            return None
        return Lost(
            component=component,
            item=self.owed.duty.id,
            title=self.owed.title,
            owner=self.finding.owner or self.owed.duty.owner,
            points=lost,
            clock_start_s=seconds(self.finding.start),
            evidence=list(self.finding.evidence),
            why=self.finding.why,
            better=self.finding.remedy,
        )


@dataclass(slots=True)
class Part:
    """One component: its items and what they come to."""

    name: Component
    weight: float
    judged: list[Judged]
    order: Order | None
    factor: float
    mean: float | None
    """The items' weighted mean before the factor; None if none of them could be judged."""
    cut_short: bool
    """Whether a facilitator ended the response before its time: what was judged says nothing of the rest."""
    available: float = 0.0
    """Points of the uncapped total."""

    @property
    def score(self) -> float | None:
        """0 to 100."""
        return None if self.mean is None or self.cut_short else self.mean * self.factor

    @property
    def out_of_order(self) -> float:
        """Points lost because acts came in the wrong order."""
        return 0.0 if self.mean is None else self.available * self.mean / _FULL * (1.0 - self.factor)

    def result(self) -> ComponentScore:
        """The component as the scorecard has it."""
        return ComponentScore(
            score=None if self.score is None else round(self.score, 1),
            weight=self.weight,
            items=[one.item() for one in self.judged],
            factor=round(self.factor, 3),
            why=self._why(),
        )

    def _why(self) -> str | None:
        if not self.judged:
            return "nothing of this is owed at this severity"
        if self.mean is None:
            return "nothing of this could be judged"
        if self.cut_short:
            return CUT_SHORT
        return self._in_order() if self.factor < 1 else None

    def _in_order(self) -> str:
        run, done = (self.order.run, self.order.done) if self.order is not None else (0, 0)
        late = self.order.late if self.order is not None else ()
        named = [self.judged[place].owed.title for place in late]
        return f"{run} of {done} acts came in the protocol's order; out of order: {', '.join(named)}"

    def order_line(self) -> Lost | None:
        """The ledger's line for acts in the wrong order."""
        lost = round(self.out_of_order, 2)
        if lost <= 0:
            return None
        return Lost(
            component=self.name,
            item="order",
            title="Acts in the protocol's order",
            owner="team",
            points=lost,
            clock_start_s=None,
            evidence=sorted(
                {seq for one in self.judged if one.finding.done_at is not None for seq in one.finding.evidence}
            ),
            why=self._in_order(),
            better="all in order",
        )


def judge(drill: Drill, rubric: Rubric) -> list[Judged]:
    """Everything that was owed, judged; also what the rubric gives no weight."""
    return [Judged(owed, _found(owed, drill)) for owed in owed_in(drill.facts, rubric)]


def parts_of(judged: Sequence[Judged], rubric: Rubric, *, cut_short: bool = False) -> list[Part]:
    """Every component of the rubric, with the points that each item could earn; none if the response was cut short."""
    found: dict[str, list[Judged]] = {name: [] for name in rubric.components}
    for one in judged:
        if one.owed.duty.component in found and one.owed.weight > 0:
            found[one.owed.duty.component].append(one)
    parts = [
        _part(name, weight, found[name], rubric, cut_short=cut_short) for name, weight in rubric.components.items()
    ]
    whole = sum(part.weight for part in parts if part.mean is not None)
    for part in parts:
        if part.mean is None or whole <= 0 or part.cut_short:
            continue
        part.available = _FULL * part.weight / whole
        counted = [one for one in part.judged if one.finding.score is not None]
        weights = sum(one.owed.weight for one in counted)
        for one in counted:
            one.available = part.available * one.owed.weight / weights
    return parts


_OVER_TIME: tuple[Duty, ...] = ("not_silent", "cadence_kept", "next_named", "roles_covered", "severity_judged")
"""What is measured over the whole response."""


def _found(owed: Owed, drill: Drill) -> Finding:
    """What a judge found; nothing if a response that was cut short could still have changed it."""
    finding = JUDGES[owed.duty.act](owed, drill)
    spotless = owed.duty.act in ("no_harm", "way_to_fix") and finding.score
    if drill.facts.cut_short and finding.score is not None and (owed.duty.act in _OVER_TIME or spotless):
        return rest(CUT_SHORT, owed)
    return finding


def _part(name: Component, weight: float, judged: list[Judged], rubric: Rubric, *, cut_short: bool) -> Part:
    order = order_of([one.finding for one in judged]) if name == "protocol" else None
    factor = order.factor(rubric.order_penalty) if order is not None else 1.0
    return Part(name, weight, judged, order, factor, _mean(judged), cut_short)


def _mean(judged: Sequence[Judged]) -> float | None:
    weights = worth = 0.0
    for one in judged:
        if one.finding.score is not None:
            weights += one.owed.weight
            worth += one.finding.score * one.owed.weight
    return worth / weights if weights else None


def total_of(parts: Sequence[Part]) -> float | None:
    """The total before caps; None if nothing could be judged."""
    scores = [(part.score, part.available) for part in parts if part.score is not None and part.available > 0]
    return sum(score * available for score, available in scores) / _FULL if scores else None


def ledger_of(parts: Sequence[Part]) -> list[Lost]:
    """All losses, most costly first; equal ones in the protocol's order."""
    lines = [line for part in parts for line in (*(one.line(part.name) for one in part.judged), part.order_line())]
    return sorted((line for line in lines if line is not None), key=lambda line: -line.points)


def seconds(milliseconds: float | None) -> float | None:
    """Milliseconds as seconds to one decimal, or None."""
    return None if milliseconds is None else round(milliseconds / _SECOND, 1)
