"""The engine: acts and passing time become events. It reads no clock, no disk and no source of chance.

Every act and everything that falls due becomes exactly one event, and whatever follows from an event is itself due at
once. So the state after any event tells what is still to come, and a drill resumed in the middle of an instant goes on
as if it had never stopped.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from heapq import heappop, heappush

from scenarios.placeholders import fill
from scenarios.scenario import Condition, Inject
from simulator import events as ev
from simulator.acts import Act
from simulator.conditions import WATCHED, holds
from simulator.customers import Crowd
from simulator.delivery import answer_of, delivered
from simulator.draws import uniform
from simulator.events import Event
from simulator.folds import apply
from simulator.phases import asked_until, papers_done, turn, working_days
from simulator.plan import DrillPlan
from simulator.rules import decide
from simulator.rules_common import ActTime, Due
from simulator.state import FOLLOW_UP, HOT_WASH, PAPERS, RESPOND, DrillState
from simulator.variables import drawn_values

__all__ = ["Engine", "Observer"]

Observer = Callable[[Event, DrillState], None]
"""Called with each event as soon as it has changed the state."""

# The order of things that are due at the same instant.
_REPORT, _JUMP, _TOOL, _EFFECT, _LATER, _FINISH, _ANSWER, _LEAVE, _INJECT, _CUSTOMER, _ESCALATE, _DROP, _PHASE = range(
    13
)
_SHIFT = -1
"""Who comes on duty is there for whatever else is due then."""
_PHASES = (RESPOND, PAPERS, HOT_WASH, FOLLOW_UP)
_ENDED = 1
"""The version of what leads on from ENDEX, wherever it came."""
NOTHING_UNUSUAL = "Nothing unusual."
"""The answer to a question if there is nothing to find and no facilitator."""
NOBODY_ANSWERS = "They do not answer."
"""The same from somebody outside the team, if nothing says what they answer."""
_DAY = 24 * 60 * 60_000
_Entry = tuple[int, int, int, int]
"""(drill time, kind, place, version) of what may be due; a stale entry is dropped when it comes up."""


class Engine:
    """One drill. Made by `start` or `resume`; changed by `act` and `advance` alone."""

    def __init__(self, plan: DrillPlan, observe: Observer | None = None) -> None:
        self.plan = plan
        self.state = DrillState(plan)
        self._observe = observe
        self._heap: list[_Entry] = []
        self._injects = plan.scenario.injects
        self._planned: list[int | None] = [None] * len(self._injects)
        """When each inject is to come, if nothing changes."""
        customers = plan.scenario.customers
        self._crowd = Crowd(plan, customers) if customers is not None else None
        self._due: int | None = None
        self._due_known = False
        """Whether `_due` is what `next_due` would find."""

    # -- start, resume, advance, act -----------------------------------------------------------------------------------

    @classmethod
    def start(cls, plan: DrillPlan, observe: Observer | None = None) -> tuple["Engine", list[Event]]:
        """Begin a drill: the engine and its first event."""
        engine = cls(plan, observe)
        began = ev.DrillStarted(seq=0, at=0, wall=plan.start, values=drawn_values(plan))
        engine._take(began)
        return engine, [began]

    @classmethod
    def resume(cls, plan: DrillPlan, events: Iterable[Event], observe: Observer | None = None) -> "Engine":
        """The engine as it was after these events, which begin with the drill's first."""
        engine = cls(plan, observe)
        for event in events:
            engine._take(event)
        return engine

    def next_due(self) -> int | None:
        """Drill time of the next thing that happens by itself; None while the clock is paused or once all is over."""
        if not self._due_known:
            self._due = self._look_ahead()
            self._due_known = True
        return self._due

    def _look_ahead(self) -> int | None:
        if self.state.paused_wall is not None or self.state.finished:
            return None
        heap = self._heap
        while heap:
            if self._pending(heap[0]):
                return heap[0][0]
            heappop(heap)
        return None

    def advance(self, at: int, wall: datetime) -> list[Event]:
        """Let everything due at the earliest due instant happen, if that is not later than `at`.

        One instant per call; call again until nothing comes. `at` is never earlier than the last event.
        """
        if at < self.state.at:
            raise ValueError(f"drill time cannot run backwards: {at} ms after {self.state.at} ms")
        instant = self.next_due()
        if instant is None or instant > at:
            return []
        events: list[Event] = []
        while self.next_due() == instant:
            entry = heappop(self._heap)
            event = self._happen(entry, at, wall)
            self._take(event)
            events.append(event)
        return events

    def act(self, act: Act, at: int, wall: datetime) -> list[Event]:
        """What the act brings about: one event, or none if it was applied before. Raises ActRefused.

        Everything due by `at` must have happened first.
        """
        state = self.state
        if at < state.at:
            raise ValueError(f"drill time cannot run backwards: {at} ms after {state.at} ms")
        due = self.next_due()
        if due is not None and due <= at:
            raise ValueError(f"something is due at {due} ms: advance before acting at {at} ms")
        if act.id is not None and (act.who, act.id) in state.acts:
            return []
        event = decide(state, act, ActTime(at, wall, due))
        self._take(event)
        return [event]

    def interrupt(self, at: int, since: datetime, until: datetime, reason: str) -> list[Event]:
        """Note that drill time was paused between two instants without anybody asking, unless it was anyway."""
        if self.state.paused_wall is not None or self.state.finished:
            return []
        at = max(at, self.state.at)
        stood = max(0, round((until - since).total_seconds() * 1000))
        paused = ev.DrillPaused(self.state.seq, at, since, None, reason=reason)
        self._take(paused)
        resumed = ev.DrillResumed(self.state.seq, at, until, None, paused_ms=stood)
        self._take(resumed)
        return [paused, resumed]

    # -- what follows from an event ------------------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        apply(self.state, event)
        self._due_known = False
        kind = type(event)
        follow = _FOLLOWS.get(kind)
        if follow is not None:
            follow(self, event)
        if kind in WATCHED:
            waiting = self.plan.scenario.waiting_on
            for key in WATCHED[kind]:
                for place in waiting.get(key, ()):
                    if self._in_time(place):
                        self._watch(place)
        if self._crowd is not None and self._crowd.add(event):
            next_one = self._crowd.next_message()
            if next_one is not None:
                self._push(next_one, _CUSTOMER)
        if self._observe is not None:
            self._observe(event, self.state)

    def _push(self, at: int, kind: int, place: int = 0, version: int = 0) -> None:
        heappush(self._heap, (at, kind, place, version))

    def _plan_inject(self, place: int, at: int | None) -> None:
        self._planned[place] = at
        if at is not None:
            self._push(at, _INJECT, place, self.state.delivered.get(self._injects[place].id, 0))

    def _watch(self, place: int) -> None:
        """Work out again when an inject's condition will hold."""
        inject = self._injects[place]
        if inject.when is None or inject.id in self.state.settled or inject.id in self.state.delivered:
            return
        since = holds(inject.when, self.state)
        due = None if since is None else max(since, self.state.at)
        if due != self._planned[place]:
            self._plan_inject(place, due)

    def _switch(self, at: int) -> None:
        for number in range(len(self.state.switches)):
            self._push(at, _TOOL, 0, self.state.switched + number)

    def _on_start(self, event: Event) -> None:
        self._switch(event.at)
        for place, player in enumerate(self.plan.players):
            if player.since is not None:
                self._push(player.since, _SHIFT, place)
        self._push(event.at, _REPORT)
        self._push(self.plan.scenario.ends.after, _PHASE, _PHASES.index(RESPOND))
        for place, inject in enumerate(self._injects):
            if inject.at is not None:
                self._plan_inject(place, inject.at)
            elif inject.when is not None:
                self._watch(place)

    def _on_report(self, event: Event) -> None:
        if isinstance(event, ev.IncidentReported) and self.plan.scenario.report.takes_out is not None:
            self._take_out([event.to], event.at)
        self._push(event.at + self.plan.protocol.escalate_after, _ESCALATE, 0, len(self.state.reported))

    def _on_question(self, event: Event) -> None:
        if not isinstance(event, ev.QuestionAsked):
            return
        outsider = self.plan.scenario.outsider(event.outsider)
        if outsider is not None and answer_of(self.state, event.question, event.at) is not None:
            self._push(event.at + outsider.takes, _ANSWER, 0, event.question)
        elif not self.plan.facilitators:
            self._push(event.at, _ANSWER, 0, event.question)

    def _on_action_started(self, event: Event) -> None:
        if isinstance(event, ev.ActionStarted) and event.actor is not None:
            self._push(event.ends, _FINISH, self.state.players[event.actor], event.run)

    def _on_action_finished(self, event: Event) -> None:
        if not isinstance(event, ev.ActionFinished):
            return
        if self.state.effect is not None:
            # At the instant at which the action was due: nothing that finishes later may come in between.
            self._push(event.at if event.due is None else event.due, _EFFECT, 0, event.run)
        if self.state.later is not None and self.state.later.run == event.run:
            self._push(self.state.later.at, _LATER, 0, event.run)
        self._lead_on(event.action, event.at)

    def _on_inject(self, event: Event) -> None:
        if not isinstance(event, ev.InjectDelivered | ev.FacilitatorTold) or event.inject is None:
            return
        place = self.plan.scenario.places[event.inject]
        repeat = self._injects[place].repeat
        if repeat is not None and event.inject not in self.state.settled:
            self._plan_inject(place, event.at + repeat.every)
        self._lead_on(event.inject, event.at)
        self._switch(event.at)
        if self.state.phase == PAPERS:
            self._on_paper(event)
        if self._injects[place].skips is not None:
            self._push(event.at, _JUMP, place)
        if isinstance(event, ev.InjectDelivered) and self._injects[place].takes_out is not None:
            self._take_out(self.state.struck(event), event.at, event.number)

    def _on_decision(self, event: Event) -> None:
        if isinstance(event, ev.DecisionMade):
            if self.state.effect is not None:
                self._push(event.at, _EFFECT, 0, -event.number)
            self._lead_on(event.option, event.at)

    def _take_out(self, members: Iterable[str], at: int, number: int = 0) -> None:
        """Members whom an inject (by its number), or the report (0), takes out of the drill."""
        for member in members:
            self._push(at, _LEAVE, self.state.players[member], number)

    def _lead_on(self, cause: str, at: int) -> None:
        """Plan the injects that come after something, the first time it happens."""
        for place in self.plan.scenario.followers.get(cause, ()):
            if self._planned[place] is None:
                self._plan_inject(place, at + self._injects[place].delay)

    def _on_over(self, event: Event) -> None:
        if self.state.phase == RESPOND:
            self._push(event.at, _PHASE, _PHASES.index(RESPOND))

    def _on_paper(self, event: Event) -> None:
        if self.state.phase == PAPERS and papers_done(self.state):
            self._push(max(event.at, asked_until(self.state, self._planned)), _PHASE, _PHASES.index(PAPERS))

    def _on_phase(self, event: Event) -> None:
        ends = self.plan.scenario.ends
        phase = self.state.phase
        if phase == PAPERS:
            self._drop_injects(event.at)
            self._push(event.at + ends.papers, _PHASE, _PHASES.index(PAPERS))
            self._on_paper(event)
        elif phase == HOT_WASH:
            self._drop_injects(event.at)
            self._push(event.at + ends.hot_wash, _PHASE, _PHASES.index(HOT_WASH))
        elif phase == FOLLOW_UP:
            days = working_days(event.wall, self.plan.protocol.follow_up_days)
            self._push(event.at + days * _DAY, _PHASE, _PHASES.index(FOLLOW_UP))

    def _on_end(self, event: Event) -> None:
        self._drop_injects(event.at)
        self._push(event.at, _PHASE, _PHASES.index(HOT_WASH), _ENDED)

    def _drop_injects(self, at: int) -> None:
        for place, inject in enumerate(self._injects):
            if inject.id not in self.state.settled and not self._in_time(place):
                self._push(at, _DROP, place)

    def _in_time(self, place: int) -> bool:
        """Whether an inject may still come in the phase that runs."""
        phase = self.state.phase
        if self.state.ended_at is not None:
            return False
        return phase == RESPOND or (phase == PAPERS and self._injects[place].papers is not None)

    # -- what is due ---------------------------------------------------------------------------------------------------

    def _pending(self, entry: _Entry) -> bool:
        """Whether an entry of the heap is still to happen."""
        at, kind, place, version = entry
        state = self.state
        if kind == _INJECT:
            inject = self._injects[place].id
            return (
                self._planned[place] == at
                and self._in_time(place)
                and state.ended_at is None
                and inject not in state.settled
                and inject not in state.held
                and state.delivered.get(inject, 0) == version
            )
        if kind == _CUSTOMER:
            writes = self._crowd is not None and self._crowd.next_message() == at
            return writes and state.phase == RESPOND and state.ended_at is None
        if kind == _FINISH:
            running = state.running.get(self.plan.players[place].id)
            return running is not None and running.run == version
        if kind == _PHASE:
            return self._phase_pending(_PHASES[place], version, at)
        if kind in (_JUMP, _TOOL, _LATER):
            return self._follows(kind, place, version)
        if kind == _DROP:
            return self._injects[place].id not in state.settled
        if kind == _ESCALATE:
            return (
                not state.taken_up
                and state.phase == RESPOND
                and version == len(state.reported)
                and self._next_to_tell() is not None
            )
        if kind == _ANSWER:
            return version in state.questions
        if kind == _SHIFT:
            member = self.plan.players[place].id
            return state.phase == RESPOND and member in state.off_duty and member not in state.excused
        if kind == _LEAVE:
            return state.phase == RESPOND and state.can_leave(self.plan.players[place].id)
        if kind == _EFFECT:
            return state.effect is not None and state.effect[2] == version
        return not state.reported

    def _follows(self, kind: int, place: int, version: int) -> bool:
        """Whether what follows from an inject or an action is still to happen."""
        state = self.state
        if kind == _JUMP:
            return self._injects[place].id not in state.jumped
        if kind == _TOOL:
            return bool(state.switches) and version == state.switched
        return state.later is not None and state.later.run == version

    def _phase_pending(self, phase: str, version: int, at: int) -> bool:
        state = self.state
        if phase == HOT_WASH:
            if version == _ENDED:
                return state.ended_at is not None and state.phase != FOLLOW_UP
            return state.phase == HOT_WASH and state.ended_at is None
        if phase == FOLLOW_UP:
            return state.phase == FOLLOW_UP and not state.finished
        if phase == PAPERS and state.phase == PAPERS and state.ended_at is None:
            done = papers_done(self.state) and at >= asked_until(self.state, self._planned)
            return done or at >= state.phase_since + self.plan.scenario.ends.papers
        return state.phase == phase and state.ended_at is None

    def _next_to_tell(self) -> str | None:
        state = self.state
        passed = state.reported.keys() | state.excused | state.off_duty
        return next((player.id for player in self.plan.players if player.id not in passed), None)

    def _happen(self, entry: _Entry, at: int, wall: datetime) -> Event:
        """The one event that something due becomes."""
        due, kind, place, version = entry
        state = self.state
        stamp = (state.seq, at, wall, None, due)
        if kind == _INJECT:
            return self._inject(place, version, stamp)
        if kind == _FINISH:
            return self._finish(self.plan.players[place].id, at, wall, due)
        if kind == _EFFECT and state.effect is not None:
            cause, impact, _ = state.effect
            return ev.ImpactChanged(*stamp, impact=impact, cause=cause)
        if kind in (_JUMP, _TOOL, _LATER):
            return self._following(kind, place, stamp)
        if kind == _ESCALATE:
            return ev.ReportEscalated(*stamp, to=self._next_to_tell() or self.plan.first_responder)
        if kind == _ANSWER:
            return ev.QuestionAnswered(*stamp, question=version, text=self._answer(version, at))
        if kind == _CUSTOMER and self._crowd is not None:
            return self._crowd.write(state, stamp)
        if kind == _SHIFT:
            return ev.ShiftBegan(*stamp, member=self.plan.players[place].id)
        if kind == _LEAVE:
            return ev.MemberExcused(*stamp, member=self.plan.players[place].id, reason=self._why_out(version))
        if kind == _DROP:
            inject = self._injects[place].id
            reason: ev.Untaken = "held" if inject in state.held else "never"
            occurrence = state.delivered.get(inject, 0)
            return ev.InjectNotTaken(*stamp, inject=inject, occurrence=occurrence, reason=reason)
        if kind == _PHASE:
            return turn(self.state, stamp)
        report = self.plan.scenario.report
        return ev.IncidentReported(
            *stamp,
            to=self.plan.first_responder,
            via=report.via,
            sender=state.told(report.sender, 0),
            text=state.told(report.text, 0),
        )

    def _answer(self, question: int, at: int) -> str:
        """What comes back by itself."""
        scripted = answer_of(self.state, question, at)
        if scripted is not None:
            return scripted
        return NOTHING_UNUSUAL if self.state.questions[question].outsider is None else NOBODY_ANSWERS

    def _following(self, kind: int, place: int, stamp: Due) -> Event:
        """What follows from an inject or an action."""
        if kind == _JUMP:
            jumps = self._injects[place]
            return ev.StoryJumped(*stamp, by=jumps.skips or 0, inject=jumps.id)
        if kind == _LATER and self.state.later is not None:
            return ev.ImpactChanged(*stamp, impact=self.state.later.impact, cause=self.state.later.cause)
        tool, works = self.state.switches[0]
        return ev.ToolChanged(*stamp, tool=tool, works=works)

    def _why_out(self, number: int) -> str:
        scenario = self.plan.scenario
        struck = self.state.injects[number - 1] if number else None
        inject = scenario.inject(struck.inject or "") if isinstance(struck, ev.InjectDelivered) else None
        why = scenario.report.takes_out if inject is None else inject.takes_out
        return fill(why or "", self.state.values)

    def _finish(self, who: str, at: int, wall: datetime, due: int) -> Event:
        run = self.state.running[who]
        action = self.plan.scenario.action(run.action)
        shows = self.state.told(action.shows, due) if action is not None and action.shows else ""
        return ev.ActionFinished(self.state.seq, at, wall, who, due, action=run.action, run=run.run, shows=shows)

    def _inject(self, place: int, occurrence: int, stamp: Due) -> Event:
        inject = self._injects[place]
        reason = self._prevented(inject, occurrence, stamp[1])
        if reason is not None:
            return ev.InjectNotTaken(*stamp, inject=inject.id, occurrence=occurrence, reason=reason)
        return delivered(self.state, inject, occurrence, stamp)

    def _prevented(self, inject: Inject, occurrence: int, at: int) -> ev.Untaken | None:
        """Why an inject that is due does not come, if it does not."""
        if occurrence and inject.when is not None and not _true(inject.when, self.state, at):
            return "condition"
        if inject.unless is not None and _true(inject.unless, self.state, at):
            return "condition"
        if inject.chance < 1 and uniform(self.plan.luck, "inject", inject.id, occurrence) >= inject.chance:
            return "chance"
        return None


def _true(condition: Condition, state: DrillState, at: int) -> bool:
    since = holds(condition, state)
    return since is not None and since <= at


_FOLLOWS: dict[type[Event], Callable[[Engine, Event], None]] = {
    ev.DrillStarted: Engine._on_start,
    ev.IncidentReported: Engine._on_report,
    ev.ReportEscalated: Engine._on_report,
    ev.QuestionAsked: Engine._on_question,
    ev.ActionStarted: Engine._on_action_started,
    ev.ActionFinished: Engine._on_action_finished,
    ev.InjectDelivered: Engine._on_inject,
    ev.FacilitatorTold: Engine._on_inject,
    ev.DecisionMade: Engine._on_decision,
    ev.IncidentResolved: Engine._on_over,
    ev.IncidentClosed: Engine._on_over,
    ev.SituationReportFiled: Engine._on_paper,
    ev.ReportEmailed: Engine._on_paper,
    ev.PaperAttached: Engine._on_paper,
    ev.PhaseBegan: Engine._on_phase,
    ev.DrillEnded: Engine._on_end,
}
