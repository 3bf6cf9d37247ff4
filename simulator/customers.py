"""Customers who wait and write: how many wait at a moment, how they are, and when the next one writes.

A fold of events, like the state. How many wait is a course of exponentials, one for each mood; the times of messages
are a Poisson process whose rate follows the mood, made of keyed draws by stretching time, so that it is the same after
any resume. The figures of `_MOODS` are assumed.
"""

from collections.abc import Callable
from datetime import timedelta
from math import exp, log
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from scenarios.guide import Customers
from scenarios.placeholders import fill
from simulator import events as ev
from simulator.customer_messages import PROMISED, written
from simulator.draws import uniform
from simulator.events import Event, Mood
from simulator.plan import DrillPlan
from simulator.rules_common import Due
from simulator.state import DrillState

__all__ = ["WAITING", "Crowd", "affected"]

WAITING = "customers_waiting"
"""The name of the signal that says how many customers wait."""

MINUTE = 60_000
PATIENCE = 15 * MINUTE
"""How long a message without a time keeps customers calm, in milliseconds."""
LONGEST_PROMISE = 60 * MINUTE
"""However late the next message is promised, customers stay calm no longer than this."""
EASED = 0.5
"""The share of customers who still feel an impact that is eased."""
THANKS = 5 * MINUTE
"""For how long customers write that it works again."""
_SOONEST, _SPREAD = 12_000, 33_000
"""A message to customers is answered after this long, plus at most so much more: always within a minute."""
_SHORTEST, _LONGEST = 0.2, 2.5
"""The bounds of the gap to the next message, in mean gaps: no bursts and no long silence."""


class _Figures(NamedTuple):
    share: float
    """The share of those affected who wait in the long run."""
    pace: int
    """How long it takes until the difference has shrunk to a third (exactly 1/e), in milliseconds."""
    rate: float
    """How often they write, as a multiple of the scenario's."""


_MOODS: dict[Mood, _Figures] = {
    "waiting": _Figures(1.0, 10 * MINUTE, 1.0),
    "told": _Figures(0.7, 6 * MINUTE, 0.6),
    "reassured": _Figures(0.35, 4 * MINUTE, 0.3),
    "let_down": _Figures(1.0, 3 * MINUTE, 1.5),
    "misled": _Figures(1.0, 2 * MINUTE, 2.0),
    "mended": _Figures(0.0, 5 * MINUTE, 0.8),
}


class _Stretch(NamedTuple):
    """A time in which customers are in one mood."""

    since: int
    mood: Mood
    start: float
    """How many wait at its beginning."""
    share: float
    """How much of the impact is felt."""
    until: int | None = None
    """When the mood turns by itself: a promise runs out."""


def affected(customers: Customers, values: dict[str, str | int | float]) -> float:
    """How many customers feel it; raises ValueError if the scenario's value is not a number."""
    told = customers.affected
    return float(fill(told, values)) if isinstance(told, str) else float(told)


class Crowd:
    """The customers of a drill. Times are drill time in milliseconds."""

    def __init__(self, plan: DrillPlan, customers: Customers) -> None:
        self._plan = plan
        self._seed = plan.luck
        self._zone = ZoneInfo(plan.timezone)
        self._customers = customers
        self._all = 0.0
        self._stretches: list[_Stretch] = []
        self._impact: ev.Impact = "full"
        self.count = 0
        """How many messages customers have written."""
        self.in_mood: dict[Mood, int] = {}
        """How many of them in each mood."""
        self._clock = customers.starts
        """When the gap to the next message starts."""
        self._passed = 0.0
        """How much of that gap has passed until then, in mean gaps."""
        self._answer: int | None = None
        """When somebody answers the latest message."""
        self._next: int | None = None
        """When the next one writes, as far as what has happened tells."""

    def add(self, event: Event) -> bool:
        """Take in the next event, and say whether it moved anybody."""
        react = _REACTIONS.get(type(event))
        if react is None:
            return False
        react(self, event)
        self._next = self._work_out_next()
        return True

    def waiting(self, at: int) -> int:
        """How many customers wait."""
        return round(self._level(self._at(at), at))

    def mood(self, at: int) -> Mood:
        """How they are."""
        return self._at(at).mood

    def next_message(self) -> int | None:
        """When the next one writes, if nothing changes; None if nobody will."""
        return self._next

    def _work_out_next(self) -> int | None:
        if self._answer is not None:
            return self._answer
        if not self._stretches:
            return None
        left = self._gap() - self._passed
        at = self._clock
        stretch = self._at(at)
        for end in (stretch.until, None):
            rate = _MOODS[stretch.mood].rate / self._customers.every
            due = at + max(1, round(left / rate))
            if stretch.mood == "mended":
                return due if due <= stretch.since + THANKS else None
            if end is None or due <= end:
                return due
            left -= (end - at) * rate
            at, stretch = end, self._soured(stretch)
        return None

    def write(self, state: DrillState, stamped: Due) -> ev.CustomerWrote:
        """The message that is due now, to the person who speaks to customers; `stamped` says when."""
        _, at, wall, _, due = stamped
        now = self._at(due)
        protocol = self._plan.protocol
        to = protocol.spokesperson or protocol.commander
        said = {
            "cannot": self._customers.cannot,
            "again": self._customers.again,
            "minutes": str(max(2, (due - self._customers.starts) // MINUTE)),
        }
        if now.mood in PROMISED:
            turn = now.until if now.mood == "reassured" and now.until is not None else now.since
            said["until"] = f"{(wall + timedelta(milliseconds=turn - at)).astimezone(self._zone):%H:%M}"
        text = written(self._seed, now.mood, self.count, self.in_mood.get(now.mood, 0), said)
        return ev.CustomerWrote(
            *stamped,
            number=len(state.injects) + 1,
            recipients=state.recipients(to),
            via=text.via,
            sender=text.sender,
            text=text.text,
            to=to,
            mood=now.mood,
        )

    # -- the course ----------------------------------------------------------------------------------------------------

    def _at(self, at: int) -> _Stretch:
        stretch = next((one for one in reversed(self._stretches) if one.since <= at), self._stretches[0])
        return self._soured(stretch) if stretch.until is not None and at >= stretch.until else stretch

    def _soured(self, stretch: _Stretch) -> _Stretch:
        """What happens when a promise runs out in silence."""
        until = stretch.until if stretch.until is not None else stretch.since
        worse: Mood = "let_down" if stretch.mood == "reassured" else "waiting"
        return _Stretch(until, worse, self._level(stretch, until), stretch.share)

    def _level(self, stretch: _Stretch, at: int) -> float:
        if at <= stretch.since:
            return stretch.start
        figures = _MOODS[stretch.mood]
        goal = self._all * figures.share * stretch.share
        return goal + (stretch.start - goal) * exp((stretch.since - at) / figures.pace)

    def _gap(self) -> float:
        """The gap to the next message, in mean gaps."""
        share = uniform(self._seed, "customer gap", count=self.count)
        return min(_LONGEST, max(_SHORTEST, -log(1 - share)))

    def _turn(self, at: int, mood: Mood, until: int | None = None) -> None:
        """From one mood to the next; how much of the gap has passed is kept."""
        start = max(at, self._customers.starts)
        before = self._at(start)
        self._passed += self._exposure(start)
        self._clock = max(start, self._clock)
        share = EASED if self._impact == "eased" else 1.0
        self._stretches.append(_Stretch(start, mood, self._level(before, start), share, until))

    def _exposure(self, at: int) -> float:
        """How many mean gaps pass from the last update until then."""
        passed, clock, stretch = 0.0, self._clock, self._at(self._clock)
        if stretch.until is not None and clock < stretch.until < at:
            passed += (stretch.until - clock) * _MOODS[stretch.mood].rate
            clock, stretch = stretch.until, self._soured(stretch)
        return (passed + max(0, at - clock) * _MOODS[stretch.mood].rate) / self._customers.every

    # -- what moves them -----------------------------------------------------------------------------------------------

    def _on_start(self, event: ev.DrillStarted) -> None:
        self._all = affected(self._customers, event.values)
        self._stretches.append(_Stretch(self._customers.starts, "waiting", 0.0, 1.0))

    def _on_published(self, event: ev.MessagePublished) -> None:
        if event.at < self._customers.starts:
            return
        self._turn(event.at, *self._taken_as(event))
        if self._answer is None:
            wait = _SOONEST + round(_SPREAD * uniform(self._seed, "customer answers", count=event.message))
            self._answer = event.at + wait

    def _taken_as(self, event: ev.MessagePublished) -> tuple[Mood, int | None]:
        """How customers take a message, and until when."""
        if self._impact == "ended":
            return "mended", None
        if event.next_in == 0 or event.says_over:
            return "misled", None
        if event.next_in is not None and not event.terse:
            return "reassured", event.at + min(event.next_in, LONGEST_PROMISE)
        return "told", event.at + PATIENCE

    def _on_impact(self, event: ev.ImpactChanged) -> None:
        before, self._impact = self._impact, event.impact
        now = self._at(max(event.at, self._customers.starts))
        if event.impact == "ended":
            self._turn(event.at, "mended")
        elif before == "ended":
            self._turn(event.at, "let_down")
        else:
            self._turn(event.at, now.mood, now.until)

    def _on_wrote(self, event: ev.CustomerWrote) -> None:
        self.count += 1
        self.in_mood[event.mood] = self.in_mood.get(event.mood, 0) + 1
        self._clock, self._passed = event.at, 0.0
        self._answer = None


# Each reaction takes its own kind of event, which the table's key guarantees and the type system cannot say.
_REACTIONS: dict[type[Event], Callable[[Crowd, Any], None]] = {
    ev.DrillStarted: Crowd._on_start,
    ev.MessagePublished: Crowd._on_published,
    ev.ImpactChanged: Crowd._on_impact,
    ev.CustomerWrote: Crowd._on_wrote,
}
