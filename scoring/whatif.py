"""What a drill would have scored if people had done something else, and everybody else what they did.

The drill is played again from the first act that differs. Nobody reacts to the change, so what it brings is what it
brings by itself.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from scenarios.rubric import Rubric
from scoring.result import Scorecard
from scoring.scorecard import GradedLog, grade
from simulator.acts import kind_of
from simulator.changes import Change, changed, read_change
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.reenactment import Gone, course_of, reenact

__all__ = ["GoneAct", "ItemChange", "Replays", "WhatIf", "read_changes", "what_if"]

VISIBLE = 0.05
"""Points that round to less are not shown."""


class ItemChange(msgspec.Struct, frozen=True, kw_only=True):
    """An item that would have earned something else."""

    component: str
    """The part of the score that it belongs to."""
    item: str
    """The obligation's id; `order` for acts in the protocol's order."""
    title: str
    """What it is, in a few words."""
    before: float
    """Points of the (uncapped) total that it earned."""
    after: float
    """Points that it would have earned."""


class GoneAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act that no longer applies once the others have changed, and was left out."""

    seq: int | None
    """The place of its event in the log; None for an act that was added."""
    at_s: float
    """Drill time in seconds."""
    who: str
    """The id of the person."""
    act: str
    """The kind of act."""
    why: str
    """The reason, in one sentence."""


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """What a change to a drill would have brought, with all else held as it was."""

    changes: list[str]
    """The changes: `move`, `drop` or `add`, and behind it what that option of `drillroom whatif` reads."""
    before: Scorecard
    """The drill as it was."""
    after: Scorecard
    """The drill as it would have been. It has no log of its own, and so no hash."""
    brings: float | None
    """By how much the score would have been higher; None if either has none."""
    uncapped: float | None
    """The same without caps."""
    items: list[ItemChange]
    """What would have earned more or less, the largest gain first."""
    gone: list[GoneAct]
    """Acts of others that no longer apply."""
    again: float | None = None
    """What the drill scores when it is played again unchanged, if that is not what it scored: its log is of another
    version. Then the figures compare with this."""


class _Log(msgspec.Struct):
    plan: DrillPlan
    events: Sequence[Event]
    head: str = ""


class Replays:
    """A drill to play again, as often as somebody asks."""

    def __init__(self, log: GradedLog, rubric: Rubric | None = None) -> None:
        self.plan = log.plan
        self.course = course_of(log.events)
        """What people did."""
        self.before = grade(log, rubric)
        """The drill as it was."""
        self._events = log.events
        self._rubric = rubric
        self._played: tuple[int, Scorecard] | None = None

    def unchanged(self, since: int = 0) -> Scorecard:
        """The drill played again as it was from a drill time on: the same, unless its log is of another version."""
        if self._played is None or since < self._played[0]:
            events = reenact(self.plan, self._events, self.course, since).events
            same = events == tuple(self._events)
            self._played = since, self.before if same else grade(_Log(self.plan, events), self._rubric)
        return self._played[1]

    def with_changes(self, changes: Sequence[Change]) -> WhatIf:
        """What the changes would have brought; raises ChangeError if they contradict each other."""
        course, since = changed(self.course, changes)
        events, gone = self._events, tuple[Gone, ...]()
        if since is not None:
            events, gone = reenact(self.plan, self._events, course, since)
        after, base = grade(_Log(self.plan, events), self._rubric), self.unchanged(since or 0)
        return WhatIf(
            changes=[f"{change.how} {change}" for change in changes],
            before=self.before,
            after=after,
            brings=_more(base.score, after.score),
            uncapped=_more(base.uncapped, after.uncapped),
            items=_items(base, after),
            gone=[_told(one) for one in gone],
            again=None if (base.score, base.uncapped) == (self.before.score, self.before.uncapped) else base.score,
        )


def what_if(log: GradedLog, changes: Sequence[Change], rubric: Rubric | None = None) -> WhatIf:
    """What changes to a drill would have brought. Raises ChangeError if they contradict each other."""
    return Replays(log, rubric).with_changes(changes)


def read_changes(
    log: GradedLog, moves: Iterable[str] = (), drops: Iterable[str] = (), adds: Iterable[str] = ()
) -> list[Change]:
    """The changes that these texts mean in a drill; raises ChangeError, which lists the acts that could be meant."""
    course = course_of(log.events)
    given: list[tuple[Literal["move", "drop", "add"], Iterable[str]]]
    given = [("move", moves), ("drop", drops), ("add", adds)]
    return [read_change(how, text, log.plan, course) for how, texts in given for text in texts]


def _more(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else round(after - before, 1)


def _told(gone: Gone) -> GoneAct:
    act, event = gone.done.act, gone.done.event
    return GoneAct(
        seq=None if event is None else event.seq,
        at_s=gone.done.at / 1000,
        who="" if act is None else act.who,
        act="" if act is None else kind_of(type(act)),
        why=gone.why,
    )


_Earned = dict[tuple[str, str], tuple[str, float]]


def _earned(card: Scorecard) -> _Earned:
    """The title and the points of each item, and what acts in the wrong order cost."""
    found: _Earned = {}
    for name, part in card.components.items():
        found |= {(name, item.id): (item.title, item.earned or 0.0) for item in part.items}
    for line in card.ledger:
        if line.item == "order":
            found[line.component, line.item] = (line.title, -line.points)
    return found


def _items(before: Scorecard, after: Scorecard) -> list[ItemChange]:
    had, has = _earned(before), _earned(after)
    changes = [
        ItemChange(
            component=key[0],
            item=key[1],
            title=(has.get(key) or had[key])[0],
            before=had.get(key, ("", 0.0))[1],
            after=has.get(key, ("", 0.0))[1],
        )
        for key in {**had, **has}
    ]
    kept = [one for one in changes if abs(one.after - one.before) >= VISIBLE]
    return sorted(kept, key=lambda one: one.before - one.after)
