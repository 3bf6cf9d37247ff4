"""What happened in a drill, as the papers and charts tell it: one reading of the log, nothing judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from reports.format import clean, points, spell, to_the_second
from scenarios.placeholders import fill
from scenarios.protocol import Table
from scenarios.story_time import begin_of, day_time
from scoring.components.communication import overdue
from scoring.facts import Facts
from scoring.result import Scorecard
from scoring.role_holders import Roles
from simulator import events as ev
from simulator.events import Event
from simulator.log import DrillLog
from simulator.people import handles
from simulator.plan import DrillPlan
from simulator.signals import SignalHistory

__all__ = ["COMPONENTS", "Doing", "Holding", "Span", "Story", "held_down"]

Kind = TypeVar("Kind", bound=Event)

COMPONENTS = {
    "response_time": "Response time",
    "role_coverage": "Role coverage",
    "protocol": "Protocol",
    "communication": "Communication",
    "judgement": "Judgement",
    "learning": "Learning",
}
"""The titles of the score's components."""


def held_down(card: Scorecard) -> str | None:
    """The limit that holds the score down, as it is said everywhere; None if none does, also if one applies."""
    cap = card.binding
    if cap is None or card.score is None or card.uncapped is None:
        return None
    below = f"from {points(card.uncapped)} to {points(card.score)}"
    return f"Held down {below}: {cap.why}, so that at most {cap.at_most:g} was possible."


@dataclass(frozen=True)
class Span:
    """A named stretch of drill time in milliseconds."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Holding:
    """A member held a role from `start` to `end` (drill time in milliseconds)."""

    who: str
    role: str
    start: int
    end: int


@dataclass(frozen=True)
class Doing:
    """A member ran an action. `end` is when it was done, or ENDEX if it never was."""

    who: str
    action: str
    start: int
    end: int
    finished: bool


class Story:
    """A drill up to ENDEX, with names for ids and text that is safe to show."""

    def __init__(self, log: DrillLog, names: Mapping[str, str]) -> None:
        self.plan: DrillPlan = log.plan
        self.head: str = log.head
        """The log's last hash."""
        self.everything: list[Event] = list(log.events)
        """All events, those after ENDEX too."""
        self.facts = Facts(log.plan, log.events)
        """What the log says about instants and intervals, as the score reads it."""
        self.roles = Roles(self.facts)
        """Who held which role."""
        self.zone = ZoneInfo(self.plan.timezone)
        self._names = names

    def all(self, kind: type[Kind]) -> list[Kind]:
        """The events of a kind up to ENDEX, in order."""
        return self.facts.all(kind)

    def first(self, kind: type[Kind]) -> Kind | None:
        """The first event of a kind up to ENDEX, if there is one."""
        return self.facts.first(kind)

    @cached_property
    def events(self) -> list[Event]:
        """The events up to ENDEX."""
        ends = [place for place, event in enumerate(self.everything) if isinstance(event, ev.DrillEnded)]
        return self.everything[: ends[0] + 1] if ends else self.everything

    @property
    def severity(self) -> int:
        """The true severity by which the drill is judged."""
        return self.facts.severity

    @property
    def table(self) -> Table | None:
        """What the protocol owed in this incident."""
        return self.facts.table

    # -- people and words ----------------------------------------------------------------------------------------------

    def name(self, who: str | None) -> str:
        """The member's name, or their id if no name is known."""
        return clean(self._names.get(who, who)) or who if who else ""

    @cached_property
    def handles(self) -> dict[str, str]:
        """The handle by which people name each person when they type."""
        return handles(self._names)

    def role(self, role: str) -> str:
        """The role's title, or its id if the protocol has no such role."""
        return self.plan.protocol.title_of(role)

    def severity_of(self, level: int) -> str:
        """A severity in a sentence, with the protocol's name for it."""
        return clean(self.plan.protocol.severity_of(level))

    def owner(self, owner: str) -> str:
        """Who owed something, in words."""
        words = {"first_responder": "First responder", "everyone": "Everyone", "team": "The team"}
        return words.get(owner) or self.role(owner)

    def action(self, action: str) -> str:
        """The label of an action."""
        found = self.plan.scenario.action(action)
        return self.filled(found.label) if found else action

    def option(self, option: str) -> str:
        """The label of an option of a decision."""
        found = self.plan.scenario.option(option)
        return self.filled(found.label) if found else option

    def mover(self, cause: str) -> str:
        """The label of what moved the impact: an action, or an option that was chosen."""
        return self.option(cause) if self.plan.scenario.option(cause) else self.action(cause)

    def outsider(self, name: str) -> str:
        """Somebody outside the team as people read it."""
        found = self.plan.scenario.outsider(name)
        return self.filled(found.name) if found else name

    def filled(self, text: str) -> str:
        """A text of the scenario with what was drawn for this drill."""
        return clean(fill(text, self.values), lines=True)

    @cached_property
    def values(self) -> dict[str, str | int | float]:
        """The scenario's variables as drawn."""
        started = self.first(ev.DrillStarted)
        return started.values if started else {}

    @property
    def values_known(self) -> bool:
        """Whether the log has the beginning of the drill; without it no signal can be drawn."""
        return self.first(ev.DrillStarted) is not None

    # -- times ---------------------------------------------------------------------------------------------------------

    def local(self, instant: datetime) -> datetime:
        """An instant in the team's zone."""
        return instant.astimezone(self.zone)

    def said_at(self, event: Event) -> datetime:
        """The local time that counts: when it was said, if that was before it was recorded."""
        return self.local(event.wall - timedelta(milliseconds=event.at - event.when))

    def at(self, at: int) -> datetime:
        """The local time of a drill time in milliseconds, reckoned from the last event before it."""
        found = max((event for event in self.events if event.at <= at), key=lambda event: event.at, default=None)
        instant, since = (self.plan.start, 0) if found is None else (found.wall, found.at)
        return self.local(instant + timedelta(milliseconds=at - since))

    def clock(self, instant: datetime) -> str:
        """A time of day in the team's zone, as all papers print it.

        After the drill's first day it has its date, and where the clocks change during the drill, what they then show.
        """
        day = self.day(instant)
        return self.time_of_day(instant) if day == self.day(self.plan.start) else f"{day} {self.time_of_day(instant)}"

    def time_of_day(self, instant: datetime) -> str:
        """A time of day without its date, where that stands above."""
        local = self.local(to_the_second(instant))
        return f"{local:%H:%M:%S} {local:%Z}" if self.clocks_change else f"{local:%H:%M:%S}"

    def day(self, instant: datetime) -> str:
        """A date in the team's zone."""
        return f"{self.local(to_the_second(instant)):%Y-%m-%d}"

    @cached_property
    def clocks_change(self) -> bool:
        """Whether the clocks of the team's zone go forward or back while the drill lasts."""
        last = max((event.wall for event in self.everything), default=self.plan.start)
        return self.local(last).utcoffset() != self.local(self.plan.start).utcoffset()

    def story_time(self, event: Event) -> str:
        """When an event happened in the story, as `Wednesday 09:15`; nothing if the scenario has no time of its own."""
        begins = self.plan.scenario.begins
        if begins is None:
            return ""
        jumps = sum(one.by for one in self.everything[: event.seq + 1] if isinstance(one, ev.StoryJumped))
        return day_time(begin_of(begins) + event.when + jumps, str(self.values.get("weekday", "")))

    @cached_property
    def endex(self) -> int:
        """Drill time of ENDEX, or of the last event of a log cut short."""
        return self.facts.now if self.facts.ended is None else self.facts.ended

    @cached_property
    def phases(self) -> list[Span]:
        """The phases up to ENDEX."""
        starts = [("respond", 0), *((phase.phase, phase.at) for phase in self.all(ev.PhaseBegan))]
        ends = [*(at for _, at in starts[1:]), self.endex]
        return [Span(name, start, end) for (name, start), end in zip(starts, ends, strict=True) if end > start]

    @cached_property
    def turns(self) -> list[tuple[int, str]]:
        """Turns of the incident that no event stands for: drill times in milliseconds, and what happened then."""
        found = [(span.since, f"it grew to {self.severity_of(span.level)}") for span in self.facts.spans[1:]]
        if self.felt_on is not None and self.felt_on <= self.endex:
            found.append((self.felt_on, "customers stopped feeling it"))
        return found

    @property
    def felt_on(self) -> int | None:
        """When customers stopped feeling it, if that was later than the fix."""
        fixed, felt = self.facts.fixed, self.facts.relieved
        return felt if fixed is not None and felt is not None and felt > fixed.when else None

    # -- who did what --------------------------------------------------------------------------------------------------

    @cached_property
    def holdings(self) -> list[Holding]:
        """Who held which role from when to when, in the order in which they took them."""
        spans = [
            Holding(one.member, role, one.since, self.endex if one.until is None else one.until)
            for role, tenures in self.roles.tenures.items()
            for one in tenures
        ]
        return sorted((span for span in spans if span.end > span.start), key=lambda span: (span.start, span.role))

    @cached_property
    def doings(self) -> list[Doing]:
        """The actions people ran, in the order in which they began."""
        done = {finished.run: finished.at for finished in self.all(ev.ActionFinished)}
        return [
            Doing(run.actor or "", run.action, run.when, done.get(run.run, self.endex), run.run in done)
            for run in self.all(ev.ActionStarted)
        ]

    def gaps(self, card: Scorecard) -> dict[str, list[tuple[int, int]]]:
        """When nobody held each required role, in the response as people saw it: drill time in milliseconds.

        What is owed on after it was declared over too soon is no part of it.
        """
        found = {
            role: [(round(1000 * start), round(1000 * stop)) for start, stop in held.gaps]
            for role, held in card.roles.items()
        }
        return {role: self._seen(gaps) for role, gaps in found.items()}

    @cached_property
    def waits(self) -> list[tuple[int, int]]:
        """When customers waited for a message that was due, in the response: drill time in milliseconds."""
        return self._seen(overdue(self.facts)) if self.facts.listed("published") is not None else []

    def _seen(self, stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
        over = self.facts.response_end
        return [(start, min(stop, over)) for start, stop in stretches if start < over]

    @cached_property
    def fixed_too_late(self) -> str | None:
        """How long after it was over the impact ended, in words; None if it ended in the response, or never."""
        fix = self.facts.fixed_at_all
        return None if fix is None or self.facts.fixed is not None else spell(fix.when - self.facts.response_end)

    @cached_property
    def members(self) -> list[str]:
        """The ids of those who play, in the team's order."""
        return [player.id for player in self.plan.players]

    def reading(self, signal: str) -> Callable[[int], float]:
        """The reading of a signal at a drill time."""
        history = SignalHistory(self.plan, self.events)
        return lambda at: history.value(signal, at)
