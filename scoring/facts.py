"""Facts read from a drill's events in one pass: instants, intervals, who was called, what the truth was.

All times are drill time in milliseconds. Everything here is a plain statement about the log; what it is worth is said
elsewhere.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

from scenarios.protocol import FALSE_ALARM, Obligation, Table
from scenarios.scenario import Target
from scenarios.visible_text import says_something
from scoring.course import Course, Span
from simulator import events as ev
from simulator.events import Event
from simulator.plan import DrillPlan
from simulator.said import SAYS_SEVERITY, severity_said

__all__ = ["Facts", "Stage", "Time"]

E = TypeVar("E", bound=Event)


class Stage(NamedTuple):
    """A table of the protocol and the drill time from which the drill was judged by it."""

    began: int
    table: Table


class Time(NamedTuple):
    """When an obligation was first owed, and its target and deadline from then; drill time in milliseconds."""

    start: int
    target: int | None = None
    deadline: int | None = None


class Facts:
    """What a log says. Made once per grading; reads each thing from the log at most once."""

    def __init__(self, plan: DrillPlan, events: Sequence[Event]) -> None:
        self.plan = plan
        self.scenario = plan.scenario
        self.protocol = plan.protocol
        self._drill: defaultdict[type, list[Event]] = defaultdict(list)
        self._after: defaultdict[type, list[Event]] = defaultdict(list)
        self._during: dict[type, list[Event]] = {}
        self.times: dict[tuple[str, int], Time] = {}
        """When each obligation was owed, by its id and when somebody was called to it, as far as that was asked."""
        self.spoken = 0
        """How many acts were said aloud and confirmed."""
        self.follow_up_closed = False
        kept = self._drill
        for event in events:
            if self.follow_up_closed:
                break
            kind = type(event)
            kept[kind].append(event)
            if event.said is not None:
                self.spoken += 1
            if kind is ev.DrillEnded:
                kept = self._after
            elif kind is ev.FollowUpClosed:
                self.follow_up_closed = True
        self.now = events[-1].at if events else 0
        """Drill time of the last event: how far the drill has come, as far as we know."""
        if self.spoken:
            for happened in [*self._drill.values(), *self._after.values()]:
                happened.sort(key=lambda event: (event.when, event.seq))

    # -- asking for events ---------------------------------------------------------------------------------------------

    def all(self, kind: type[E]) -> list[E]:
        """Every event of a kind up to the end of the exercise, by the time that counts."""
        return cast("list[E]", self._drill.get(kind, []))

    def first(self, kind: type[E]) -> E | None:
        """The first event of a kind during the exercise."""
        found = self._drill.get(kind)
        return cast("E", found[0]) if found else None

    def during(self, kind: type[E]) -> list[E]:
        """The events of a kind until the response was over."""
        found = self._during.get(kind)
        if found is None:
            over, found = self.response_end, self._drill.get(kind, [])
            if found and found[-1].when > over:  # they are in the order of their times
                found = [event for event in found if event.when <= over]
            self._during[kind] = found
        return cast("list[E]", found)

    def with_follow_up(self, kind: type[E]) -> list[E]:
        """The events of a kind until the follow-up closed."""
        return [*self.all(kind), *cast("list[E]", self._after.get(kind, []))]

    # -- the phases ----------------------------------------------------------------------------------------------------

    @cached_property
    def reported(self) -> ev.IncidentReported | None:
        """The report, once there is one."""
        return self.first(ev.IncidentReported)

    @cached_property
    def report(self) -> int:
        """When the incident was reported."""
        return self.reported.when if self.reported is not None else 0

    @cached_property
    def closing(self) -> ev.IncidentResolved | ev.IncidentClosed | None:
        """The act by which the team declared it over."""
        found = [one for one in (self.first(ev.IncidentResolved), self.first(ev.IncidentClosed)) if one is not None]
        return min(found, key=lambda event: event.when, default=None)

    @cached_property
    def ended(self) -> int | None:
        """The end of the exercise."""
        end = self.first(ev.DrillEnded)
        return end.at if end is not None else None

    @cached_property
    def _response_over(self) -> int | None:
        turns = [event.at for event in self.all(ev.PhaseBegan)[:1]]
        found = [self.closing.when if self.closing is not None else None, self.ended, *turns]
        return min((at for at in found if at is not None), default=None)

    @property
    def response_over(self) -> bool:
        """Whether the response phase is over."""
        return self._response_over is not None

    @cached_property
    def response_end(self) -> int:
        """When the response phase ended; while it lasts, now."""
        return self._response_over if self._response_over is not None else self.now

    @cached_property
    def limit(self) -> int:
        """When the response would have ended without the team: by the scenario, or by a facilitator.

        It does not move when a team declares the incident over, so that nobody can escape what is owed by doing so.
        """
        after = self.scenario.ends.after
        return min(after, self.response_end) if self.cut_short else after

    @cached_property
    def cut_short(self) -> bool:
        """Whether a facilitator ended the response before its time."""
        return self.response_over and self.closing is None and self.response_end < self.scenario.ends.after

    @cached_property
    def papers_over(self) -> bool:
        """Whether the time for the papers has run out by itself."""
        return any(event.phase == "hot_wash" and event.actor is None for event in self.all(ev.PhaseBegan))

    def asks_late(self, event: ev.InjectDelivered) -> bool:
        """Whether an inject came while the papers were written."""
        if not self.response_end <= event.when <= self.papers_end:
            return False
        inject = self.scenario.inject(event.inject or "")
        return inject is not None and inject.papers is not None

    @cached_property
    def papers_end(self) -> int:
        """When the time for the papers was over, or where the log ends before that."""
        return next((event.at for event in self.all(ev.PhaseBegan) if event.phase == "hot_wash"), self.now)

    @cached_property
    def papers_cut_short(self) -> bool:
        """Whether a facilitator ended the papers, or the whole exercise, before their time."""
        skipped = any(event.phase == "hot_wash" for event in self.all(ev.PhaseBegan)) or self.ended is not None
        return skipped and not self.papers_over

    # -- the incident --------------------------------------------------------------------------------------------------

    @cached_property
    def mendable(self) -> bool:
        """Whether any action of the scenario ends the impact."""
        return any(action.effect == "fixes" for action in self.scenario.actions)

    @cached_property
    def fixed(self) -> ev.ImpactChanged | None:
        """The event that ended the impact, if it still held when the response was over."""
        return _kept(self.during(ev.ImpactChanged))

    @cached_property
    def fixed_at_all(self) -> ev.ImpactChanged | None:
        """The event that ended the impact for good, also if it had been declared over by then."""
        return _kept(self.all(ev.ImpactChanged))

    @cached_property
    def took_hold(self) -> int | None:
        """When customers stopped feeling it, also if it had been declared over by then; None if it was never fixed."""
        fix = self.fixed_at_all
        return None if fix is None else self.scenario.felt_until(fix.when)

    @cached_property
    def worse_for(self) -> int:
        """For how long it was worse than it need have been, because of something that was done."""
        changes = self.during(ev.ImpactChanged)
        until = [*(change.when for change in changes[1:]), self.end]
        return sum(stop - change.when for change, stop in zip(changes, until, strict=False) if change.impact == "worse")

    @cached_property
    def relieved(self) -> int | None:
        """When customers stopped feeling it, perhaps after the response; None if it was not fixed, or broke before."""
        if self.fixed is None:
            return None
        until = self.scenario.felt_until(self.fixed.when)
        changes = [one for one in self.all(ev.ImpactChanged) if self.fixed.when < one.when < until]
        return until if all(change.impact == "ended" for change in changes) else None

    @property
    def over(self) -> bool:
        """Whether customers had stopped feeling it when the response was over."""
        return self.relieved is not None and self.relieved <= self.response_end

    @cached_property
    def walked_away(self) -> bool:
        """Whether the team declared it over while something that the protocol wants fixed was still broken.

        What only grows into that afterwards was still theirs, unless they had done all that was asked for until then.
        """
        if self.closing is None or self.over or not self.mendable:
            return False
        level = self.course.gravest_by(self.response_end)
        later = [span.level for span in self.course.gravest if self.response_end < span.since <= self.limit]
        return self._must_mend(level) or (any(map(self._must_mend, later)) and not self._handled_as(level))

    def _handled_as(self, level: int) -> bool:
        """Whether all was done by the closing that a false alarm, or a minor incident, asks for."""
        if level == FALSE_ALARM:
            return bool(self._closed_as(level))
        return [severity for _, severity, _ in self.said][-1:] == [level] and bool(self.during(ev.BugFiled))

    @property
    def too_soon(self) -> bool:
        """Whether it was declared over while the fix was on its way: waiting for that would have been enough."""
        return self.walked_away and self.took_hold is not None and self.took_hold < self.limit

    def _must_mend(self, level: int) -> bool:
        table = self.protocol.table(level)
        return table is not None and any(owed.act == "impact_ended" for owed in table.obligations)

    @cached_property
    def end(self) -> int:
        """When what is owed over time in the response stops being owed.

        Declaring it over does not end that while customers feel it, and no longer than they do.
        """
        if not self.walked_away:
            return self.response_end
        return self.limit if self.took_hold is None else min(self.limit, self.took_hold)

    @property
    def troubled_until(self) -> int:
        """When people stopped waiting for word of it: when customers stopped feeling it, or else at the end."""
        return self.end if self.relieved is None else min(self.end, self.relieved)

    @cached_property
    def course(self) -> Course:
        """How grave the incident was when."""
        return Course(self.scenario, self.protocol, self.all(ev.ImpactChanged))

    @cached_property
    def spans(self) -> list[Span]:
        """The gravest that the incident had been so far, each from when on. What was grave once is judged as that."""
        return [span for span in self.course.gravest if span.since <= self.end]

    @property
    def severity(self) -> int:
        """The true severity that the drill is judged by: the gravest it reached."""
        return self.spans[-1].level

    @cached_property
    def table(self) -> Table | None:
        """What is owed at the gravest severity that the incident reached."""
        return self.protocol.table(self.severity)

    @cached_property
    def stages(self) -> list[Stage]:
        """The tables by which it was judged, each from when on, in order."""
        tables = ((max(self.report, span.since), self.protocol.table(span.level)) for span in self.spans)
        return [Stage(began, table) for began, table in tables if table is not None]

    @cached_property
    def handled(self) -> Event | None:
        """The first act by which the incident was resolved, closed or filed as a bug."""
        found: list[Event | None] = [self.closing, next(iter(self.during(ev.BugFiled)), None)]
        return min((one for one in found if one is not None), key=lambda event: event.when, default=None)

    @cached_property
    def said(self) -> list[tuple[int, int, Event]]:
        """When somebody said how grave it is, which severity, and the event: whatever act said it."""
        found = [(event, severity_said(event)) for kind in SAYS_SEVERITY for event in self.during(kind)]
        told = [(event.when, level, event) for event, level in found if level is not None]
        return sorted(told, key=lambda entry: (entry[0], entry[2].seq))

    @cached_property
    def closed(self) -> list[ev.IncidentClosed | ev.IncidentResolved]:
        """Closings that count, for what the incident was by then."""
        return self._closed_as(self.course.gravest_by(self.response_end))

    def _closed_as(self, level: int) -> list[ev.IncidentClosed | ev.IncidentResolved]:
        """Closings with a reason that says something. To resolve it is the wrong button and closes it as well; that it
        was nothing, or little, and rightly said to be so, is reason enough.

        Only somebody who looks can know that nothing is wrong: if there was something to look at, a false alarm closed
        before anybody had looked is a guess and does not count.
        """
        found: list[ev.IncidentClosed | ev.IncidentResolved] = [
            *(event for event in self.during(ev.IncidentClosed) if says_something(event.reason)),
            *(
                event
                for event in self.during(ev.IncidentResolved)
                if says_something(event.text) or self._said_by(event) == [level]
            ),
        ]
        if level != FALSE_ALARM or not self.scenario.actions:
            return found
        looked = next((event.when for event in self.during(ev.ActionFinished)), None)
        return [event for event in found if looked is not None and looked <= event.when]

    def _said_by(self, event: Event) -> list[int]:
        """The severity said last when an event came, if any was."""
        return [level for at, level, _ in self.said if at <= event.when][-1:]

    @cached_property
    def finished(self) -> bool:
        """Whether the team was right to declare it over: fixed or filed if that is owed, and judged for what it was."""
        if self.closing is None or self.walked_away:
            return False
        filed = self.listed("bug_filed") is None or bool(self.during(ev.BugFiled))
        closed_as_none = self.severity == FALSE_ALARM and bool(self.closed)
        return filed and (closed_as_none or self._said_by(self.closing) == [self.severity])

    # -- who was called and came ---------------------------------------------------------------------------------------

    @cached_property
    def alert(self) -> ev.TeamAlerted | None:
        """The first alert of the team."""
        return next(iter(self.during(ev.TeamAlerted)), None)

    def called(self, since: int = 0, member: str | None = None) -> ev.TeamAlerted | ev.ShiftBegan | None:
        """The alert that called the team, or a member whom it reached or who sent it, to what is owed since an instant.

        It is the first one from then on; without one, the first of all. Whose shift began later was called by that, if
        an alert had gone out before.
        """
        first: ev.TeamAlerted | ev.ShiftBegan | None = None
        began = self.began.get(member or "")
        if began is not None and self.alert is not None and self.alert.when <= began.when:
            if began.when >= since:
                return began
            first = began
        for one in self.during(ev.TeamAlerted):
            if member is None or member == one.actor or member in one.recipients:
                if one.when >= since:
                    return one
                first = first or one
        return first

    @cached_property
    def began(self) -> dict[str, ev.ShiftBegan]:
        """How each member came on duty who was not from the start."""
        return {event.member: event for event in self.all(ev.ShiftBegan)}

    def on_duty_from(self, member: str) -> int | None:
        """Drill time from which a member was on duty; None if their shift had not begun when the response ended."""
        if member not in self._later:
            return 0
        return self.began[member].when if member in self.began else None

    @cached_property
    def _later(self) -> set[str]:
        return {player.id for player in self.plan.players if player.since is not None}

    @cached_property
    def acknowledged(self) -> dict[str, Event]:
        """Each member's first acknowledgement."""
        return _by_actor(self.during(ev.Acknowledged))

    @cached_property
    def answered(self) -> dict[str, Event]:
        """How each member first answered the alert: they acknowledged it, or came."""
        return _by_actor(
            sorted([*self.during(ev.Acknowledged), *self.during(ev.Joined)], key=lambda event: (event.when, event.seq))
        )

    @cached_property
    def joined(self) -> dict[str, Event]:
        """When each member came into the channel."""
        return _by_actor(self.during(ev.Joined))

    @cached_property
    def excused(self) -> dict[str, int]:
        """From when on each excused member was no longer expected to act. What they did before stays done."""
        found: dict[str, int] = {}
        for event in self.all(ev.MemberExcused):
            found.setdefault(event.member, event.when)
        return found

    @cached_property
    def left(self) -> dict[str, int]:
        """From when on each member was excused in the response. Who left after it still owes what it asked for."""
        return {member: at for member, at in self.excused.items() if not self.response_over or at < self.response_end}

    def let_off(self, member: str, did: Event | None) -> bool:
        """Whether a member was excused in the response before they had done something, or never came on duty in it."""
        if self.on_duty_from(member) is None:
            return did is None
        excused = self.excused.get(member)
        return excused is not None and excused < self.response_end and (did is None or did.when > excused)

    @cached_property
    def messages(self) -> list[ev.MessagePublished]:
        """The messages to customers, each once."""
        return list({event.message: event for event in reversed(self.all(ev.MessagePublished))}.values())[::-1]

    @cached_property
    def posts(self) -> list[int]:
        """When something broke the silence in the channel: log entries and updates, not plain talk."""
        entries: list[Event] = [*self.during(ev.EntryLogged), *self.during(ev.UpdatePosted)]
        return sorted(event.when for event in entries)

    # -- what is owed by when ------------------------------------------------------------------------------------------

    def listed(self, act: str) -> Obligation | None:
        """The first obligation of the applicable table that asks for an act."""
        return None if self.table is None else next((one for one in self.table.obligations if one.act == act), None)

    def bounds(self, duty: Obligation) -> Target | Obligation:
        """The source of an obligation's target and deadline: the scenario, or else the protocol."""
        return self.scenario.targets.get(duty.id) or duty


def _kept(changes: Sequence[ev.ImpactChanged]) -> ev.ImpactChanged | None:
    """The change that ended the impact, if nothing undid that."""
    held: ev.ImpactChanged | None = None
    for change in changes:
        held = (held or change) if change.impact == "ended" else None
    return held


def _by_actor(events: Sequence[Event]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for event in events:
        if event.actor is not None:
            found.setdefault(event.actor, event)
    return found
