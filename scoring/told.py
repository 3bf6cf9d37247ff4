"""The ledger as people read it: what each loss would have taken, found by playing the drill again.

A line of the plain ledger says what was lost on one item. Many losses have one cause: who is called late comes late,
takes a role late and speaks late. So here each line's change is played, one line stands for all that its change earns
back, and the lines that would have brought most come first. All papers, pages and screens show this ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import structs

from scenarios.rubric import Rubric
from scoring.facts import Facts
from scoring.hands import Hands
from scoring.labels import sooner
from scoring.ledger import judge, parts_of
from scoring.obligations import Drill
from scoring.remedies import remedy
from scoring.result import Lost, Scorecard
from scoring.role_holders import Roles
from scoring.scorecard import GradedLog, grade
from scoring.whatif import VISIBLE, Replays, WhatIf
from simulator.changes import Change

__all__ = ["Remedied", "foremost", "graded", "remedied", "with_ledger"]

MOST = 3
"""How many acts people can talk about at once."""

_ALL = 0.9
"""The share of a loss that a change has to earn back so that one line stands for both."""
_WHOLE = 99.0
"""From here on an item counts as earned."""
UNKNOWN = "nothing is known to bring it back"
"""What a line says that no change of acts would have earned."""
_NAMED = 4
"""How many of the items that also gain a line names."""


@dataclass
class Remedied:
    """A line of the ledger, the change that would have earned it, and what came of playing that."""

    line: Lost
    changes: list[Change]
    found: WhatIf | None
    """None if no act would have earned it, or nobody knows which."""
    others: list["Remedied"] = field(default_factory=list)
    """The lines that it stands for, too."""

    @property
    def key(self) -> tuple[str, str]:
        """The item."""
        return self.line.component, self.line.item

    @property
    def brings(self) -> float:
        """By how much the score would have been higher."""
        return 0.0 if self.found is None else self.found.brings or 0.0

    @property
    def uncapped(self) -> float:
        """The same without caps."""
        return 0.0 if self.found is None else self.found.uncapped or 0.0

    def gains(self, key: tuple[str, str]) -> float:
        """What its change earns on an item."""
        items = self.found.items if self.found is not None else []
        return next((one.after - one.before for one in items if (one.component, one.item) == key), 0.0)


def graded(log: GradedLog, rubric: Rubric | None = None, people: bool = False) -> Scorecard:
    """The scorecard of a drill with the ledger as people read it. It takes some twenty times as long as `grade`."""
    return with_ledger(grade(log, rubric, people), remedied(log, rubric))


def with_ledger(card: Scorecard, lines: Sequence[Remedied]) -> Scorecard:
    """A scorecard with these lines as its ledger."""
    return structs.replace(card, ledger=[_told(one) for one in lines])


def foremost(lines: Sequence[Remedied]) -> list[Remedied]:
    """The few lines that would have changed most."""
    return [one for one in lines if one.brings >= VISIBLE][:MOST]


def remedied(log: GradedLog, rubric: Rubric | None = None) -> list[Remedied]:
    """The lines of a drill's ledger, what would have brought most first. Their points add up to all that was lost."""
    rubric = rubric or log.plan.rubric
    replays = Replays(log, rubric)
    replays.unchanged()
    facts = Facts(log.plan, log.events)
    drill = Drill(facts, Roles(facts))
    hands = Hands(drill, log.events)
    found: dict[tuple[Change, ...], WhatIf] = {}
    lines: list[Remedied] = []
    for part in parts_of(judge(drill, rubric), rubric):
        for one in part.judged:
            line = one.line(part.name)
            if line is not None:
                changes = remedy(one, hands)
                key = tuple(changes)
                if changes and key not in found:
                    found[key] = replays.with_changes(changes)
                lines.append(_tried(line, changes, found.get(key)))
        line = part.order_line()
        if line is not None:
            lines.append(Remedied(line, [], None))
    return sorted(_gathered(lines), key=lambda one: (-one.brings, -one.uncapped, -one.line.points))


def _tried(line: Lost, changes: list[Change], found: WhatIf | None) -> Remedied:
    """The line with its change, unless that would have made it worse: then no change is known."""
    worse = found is not None and max(found.brings or 0.0, found.uncapped or 0.0) <= -VISIBLE
    return Remedied(line, [], None) if worse else Remedied(line, changes, found)


def _gathered(lines: Sequence[Remedied]) -> list[Remedied]:
    """One line for each cause: the earliest change takes in every line that it earns back."""
    left = sorted(lines, key=lambda one: (_begins(one), len(one.changes)))
    kept: list[Remedied] = []
    while left:
        root = left.pop(0)
        root.others = [one for one in left if _same(root, one) or root.gains(one.key) >= _ALL * one.line.points]
        left = [one for one in left if one not in root.others]
        kept.append(root)
    return kept


def _same(root: Remedied, one: Remedied) -> bool:
    return bool(root.changes) and root.changes == one.changes


def _begins(one: Remedied) -> int:
    """When a change begins; what has none comes last."""
    return min((change.at for change in one.changes if change.how != "drop"), default=2**63)


def _told(one: Remedied) -> Lost:
    """The line with what its change would have brought, and all that it stands for."""
    line = one.line
    taken = {other.key for other in one.others}
    also = [other.line.title for other in sorted(one.others, key=lambda other: -other.line.points)]
    items = one.found.items if one.found is not None else []
    also += [
        item.title
        for item in items
        if item.after - item.before >= VISIBLE and (item.component, item.item) not in {one.key, *taken}
    ]
    return structs.replace(
        line,
        points=round(line.points + sum(other.line.points for other in one.others), 2),
        evidence=sorted({seq for each in (one, *one.others) for seq in each.line.evidence}),
        better=_better(one, also),
        brings=None if one.found is None else one.found.brings,
        also=also,
    )


def _better(one: Remedied, also: Sequence[str]) -> str:
    said = one.line.better
    if one.found is None:
        return f"{said}; {UNKNOWN}"
    if one.found.brings is None:
        return said
    if not _earned(one):
        said = f"{_as_played(one, one.found)}, as far as people were there"
    if also:
        rest = len(also) - _NAMED
        named = [*also[:_NAMED], *([f"{rest} more"] if rest > 0 else [])]
        said += f" (also: {', '.join(named)})"
    return f"{said}: {_outcome(one, one.found)}"


def _earned(one: Remedied) -> bool:
    """Whether the change earns the whole of the line's own item."""
    items = one.found.after.components[one.line.component].items if one.found is not None else []
    score = next((item.score for item in items if item.id == one.line.item), None)
    return score is None or score >= _WHOLE


def _as_played(one: Remedied, found: WhatIf) -> str:
    """What would have earned the rest; where it says how much sooner, by how much it came sooner when it was played."""
    was, came = (_actual(card, one.key) for card in (found.before, found.after))
    if not one.line.better.endswith(" sooner") or was is None or came is None or came >= was:
        return one.line.better
    return sooner((was - came) * 1000)


def _actual(card: Scorecard, key: tuple[str, str]) -> float | None:
    """How many seconds an item took."""
    return next((item.actual_s for item in card.components[key[0]].items if item.id == key[1]), None)


def _outcome(one: Remedied, found: WhatIf) -> str:
    """What the change would have brought, and what a cap swallows of it."""
    brings = "nothing" if abs(one.brings) < VISIBLE else f"{one.brings:+.1f}".replace("-", "−")
    swallowed = one.uncapped - one.brings
    if swallowed < VISIBLE:
        return brings if one.brings >= VISIBLE else f"{brings} by itself"
    held = min(found.after.caps, key=lambda cap: cap.at_most, default=None)
    why = "" if held is None else f" ({held.why})"
    return f"{brings} while the score is held down{why}, {one.uncapped:+.1f} without that"
