"""Corrective actions of many drills in one list: what became of each, and whether it held.

An action names the obligation that would show that it helped. Every later drill that may stand beside the one it comes
from, and owed that obligation, is a retest. It has held once the last two met it. What names none is closed by hand.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from scoring.history.figures import DrillFigures, Figures, Meant, ObligationFigures
from scoring.history.selection import Keys, keys_of

__all__ = [
    "HOW",
    "KEPT",
    "RUNNING",
    "Closed",
    "CorrectiveAction",
    "Handled",
    "How",
    "Known",
    "Retest",
    "State",
    "Tally",
    "actions_of",
    "key_of",
    "luck_of",
    "shown_in",
    "tally",
]

RUNNING = 2
"""So many retests running have to meet the obligation."""
KEPT = 12
"""So many retests of an action are listed, the last."""
How = Literal["observation", "document"]
"""How somebody saw that an action is done: they looked, or it is written down somewhere."""
HOW: tuple[How, ...] = ("observation", "document")
State = Literal["open", "retested", "held", "not_held", "closed"]
"""`open`: no retest yet, and not closed. `retested`: the last retest met it, the one before did not. `held`: the last
two met it. `not_held`: the last retest did not meet it. `closed`: somebody saw that it is done, and no later retest
says otherwise."""
_DONE: tuple[State, ...] = ("held", "closed")


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody saw that an action is done."""

    on: str
    """The day, as YYYY-MM-DD."""
    how: How
    text: str = ""
    """What they saw, or where the document is. Somebody typed it."""
    by: str = ""
    """Their id, if it is known."""


class Handled(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody changed in an action by hand, after its drill. None leaves a thing as the drill's log says."""

    owner: str | None = None
    due_on: str | None = None
    obligation: str | None = None
    closed: Closed | None = None


class Retest(NamedTuple):
    """A later drill that shows whether an action helped."""

    drill: str
    head: str
    date: str
    met: bool
    actual_s: float | None
    """Seconds it took, where it has a time."""
    target_s: float | None


class CorrectiveAction(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a team meant to change, and what became of it."""

    drill: str
    """The drill after which it was entered."""
    head: str
    """The last hash of that drill's log."""
    seq: int
    """Its event there."""
    team: str
    date: str
    """The day of that drill."""
    lead: str
    """What stands before the words that somebody typed: `Fix step 2 of failover: `, or nothing. The words are not here,
    since they can be erased: look them up by drill and event."""
    owner: str
    """The member who is to do it; empty if nobody is, then it is the lead's."""
    left: bool
    """Whether it had an owner who has left the team: it is the lead's since."""
    due_on: str
    overdue: bool
    """Whether it is open, and its day has passed."""
    obligation: str
    """The id of the obligation that would show that it helped; empty if nothing does."""
    title: str
    """What that obligation is called."""
    then: ObligationFigures | None
    """How it went in the drill that the action comes from; None if it was not owed there."""
    retests: list[Retest]
    """The last few, oldest first."""
    tested: int
    """How many there were in all."""
    planned: list[str]
    """Drills that are to retest it and have not shown anything yet."""
    closed: Closed | None
    state: State
    luck: float | None
    """How often a team that does not change would meet the obligation in both of two drills; None if nothing shows the
    action. See `luck_of`."""
    luck_drills: int
    """From so many drills of its own that is known."""

    @property
    def key(self) -> str:
        """Its name in commands, forms and files."""
        return key_of(self.drill, self.seq)

    @property
    def open(self) -> bool:
        """Whether there is still something to do."""
        return self.state not in _DONE

    @property
    def running(self) -> int:
        """How many of the listed retests have met it without a break, up to the last."""
        met = [one.met for one in reversed(self.retests)]
        return met.index(False) if False in met else len(met)


def key_of(drill: str, seq: int) -> str:
    """The name of a drill's action."""
    return f"{drill}.{seq}"


def luck_of(met: int, drills: int, usual: float | None = None) -> float:
    """How often a team that does not change would meet an obligation in both of two drills, having met it in so many.

    The expected square of its rate, which has a beta distribution: Jeffreys' prior (half a drill met, half not), or one
    drill's worth of the `usual` rate where a calibration knows that.
    """
    prior = 0.5 if usual is None else min(max(usual, 0.0), 1.0)
    hits, whole = met + prior, drills + 1.0
    return hits * (hits + 1) / (whole * (whole + 1))


class Known(NamedTuple):
    """What is known of actions besides the drills' logs."""

    today: str
    """As YYYY-MM-DD, in the zone of whoever reads the list."""
    handled: Mapping[str, Handled] = {}
    """What was changed by hand, by the key of the action."""
    planned: Mapping[str, Sequence[str]] = {}
    """The drills that are to retest an action, by its key."""
    gone: Mapping[str, Collection[str]] = {}
    """The members who have left, by team."""
    usual: Mapping[str, float] = {}
    """The rate at which teams meet an obligation, by its id, from a calibration."""


def actions_of(drills: Sequence[Figures], known: Known) -> list[CorrectiveAction]:
    """Every corrective action of a history: overdue ones first, then by due date; those that are done come last.

    The drills as `history_of` puts them in order.
    """
    series = _series(drills)
    listed = [_action(one, meant, place, series, known) for place, one in enumerate(drills) for meant in one.meant]
    listed.sort(key=lambda one: (one.date, one.key), reverse=True)
    return sorted(listed, key=lambda one: (not one.open, not one.overdue, one.due_on or "9"))


class _Seen(NamedTuple):
    """How an obligation went in a drill."""

    place: int
    drill: DrillFigures
    owed: ObligationFigures


class _Series(NamedTuple):
    """How an obligation went in drills that may stand beside each other, in their order."""

    seen: list[_Seen]
    met: list[int]
    """In how many of the first so many it was met."""


def _series(drills: Sequence[Figures]) -> dict[tuple[Keys, str], _Series]:
    found: defaultdict[tuple[Keys, str], _Series] = defaultdict(lambda: _Series([], [0]))
    for place, one in enumerate(drills):
        row = one.drill
        for owed in one.obligations:
            nobody = owed.owner == "first_responder" and row.first_responder_simulated and row.kind != "simulated"
            if row.complete and not row.cut_short and owed.outcome != "unjudged" and not nobody:
                seen, met = found[keys_of(row), owed.obligation]
                seen.append(_Seen(place, row, owed))
                met.append(met[-1] + (owed.outcome == "met"))
    return found


def _action(
    one: Figures, meant: Meant, place: int, series: Mapping[tuple[Keys, str], _Series], known: Known
) -> CorrectiveAction:
    row = one.drill
    key = key_of(row.drill, meant.seq)
    by_hand = known.handled.get(key, Handled())
    owner = meant.owner if by_hand.owner is None else by_hand.owner
    left = owner in known.gone.get(row.team, ())
    due_on = meant.due_on if by_hand.due_on is None else by_hand.due_on
    obligation = meant.obligation if by_hand.obligation is None else by_hand.obligation
    seen, met = series.get((keys_of(row), obligation), _Series([], [0]))
    first = bisect_right(seen, place, key=lambda each: each.place)
    retests = [_retest(each) for each in seen[max(first, len(seen) - KEPT) :]]
    there = first > 0 and seen[first - 1].place == place
    then = next((owed for owed in one.obligations if obligation and owed.obligation == obligation), None)
    state = _state(retests, by_hand.closed)
    hits, drills = _others(met, first - there, first, len(seen))
    return CorrectiveAction(
        drill=row.drill,
        head=row.head,
        seq=meant.seq,
        team=row.team,
        date=row.date,
        lead=meant.lead,
        owner="" if left else owner,
        left=left,
        due_on=due_on,
        overdue=state not in _DONE and bool(due_on) and due_on < known.today,
        obligation=obligation,
        title=seen[-1].owed.title if seen else "" if then is None else then.title,
        then=then,
        retests=retests,
        tested=len(seen) - first,
        planned=list(known.planned.get(key, ())),
        closed=by_hand.closed,
        state=state,
        luck=luck_of(hits, drills, known.usual.get(obligation)) if obligation else None,
        luck_drills=drills,
    )


def _retest(one: _Seen) -> Retest:
    row, owed = one.drill, one.owed
    return Retest(row.drill, row.head, row.date, owed.outcome == "met", owed.actual_s, owed.target_s)


def _others(met: Sequence[int], own: int, first: int, end: int) -> tuple[int, int]:
    """In how many drills it was met, of how many, leaving out the action's own and the retests that make it held.

    The own one is why there is an action: counting it would make luck look small. `own` to `first` is its place, if it
    was owed there.
    """
    last = max(first, end - RUNNING)
    return met[own] + met[last] - met[first], own + last - first


def _state(retests: Sequence[Retest], closed: Closed | None) -> State:
    """What has become of an action, from its last retests and what was said of it."""
    last = [one.met for one in retests[-RUNNING:]]
    if len(last) == RUNNING and all(last):
        return "held"
    if closed is not None and not (retests and not retests[-1].met and retests[-1].date > closed.on):
        return "closed"
    if not retests:
        return "open"
    return "retested" if retests[-1].met else "not_held"


def shown_in(actions: Iterable[CorrectiveAction], head: str) -> list[CorrectiveAction]:
    """The actions of which a drill, by the last hash of its log, shows something as their last retest."""
    return [one for one in actions if one.retests and one.retests[-1].head == head]


class Tally(NamedTuple):
    """How many actions there are, and how many of them came so far."""

    opened: int
    retested: int
    """That at least one later drill has shown anything of."""
    held: int
    closed: int
    """Closed by hand, and not held."""
    overdue: int


def tally(actions: Iterable[CorrectiveAction]) -> Tally:
    """Count actions."""
    found = list(actions)
    states = Counter(one.state for one in found)
    return Tally(
        opened=len(found),
        retested=sum(1 for one in found if one.tested),
        held=states["held"],
        closed=states["closed"],
        overdue=sum(1 for one in found if one.overdue),
    )
