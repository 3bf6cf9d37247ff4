"""The state of a drill: nothing but a fold of its events."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from scenarios.expects import Decision
from scenarios.story_time import begin_of, fill_told
from simulator import events as ev
from simulator.dispatch import kinds_taken
from simulator.events import Event
from simulator.harm import Later, effect_of, impact_after, later_after
from simulator.plan import DrillPlan, Player

__all__ = ["DrillState"]

RESPOND, PAPERS, HOT_WASH, FOLLOW_UP = "respond", "papers", "hot_wash", "follow_up"


class DrillState:
    """What is true at a moment of a drill. Times are drill time in milliseconds; None means not yet."""

    def __init__(self, plan: DrillPlan) -> None:
        self.plan = plan
        self.players = {player.id: place for place, player in enumerate(plan.players)}
        """The place of each member."""
        self.seq = 0
        """The number of events so far, which is the next event's place."""
        self.at = 0
        """When the last event happened."""
        self.values: dict[str, str | int | float] = {}
        """The scenario's variables as drawn."""
        self.acts: set[tuple[str | None, str]] = set()
        """The act ids that have been applied, each with its actor."""
        # The exercise
        self.phase: ev.Phase = "respond"
        self.phase_since = 0
        self.response_over: int | None = None
        """When the incident was resolved or closed."""
        self.ended_at: int | None = None
        self.finished = False
        """The follow-up is closed; nothing happens any more."""
        self.paused_wall: datetime | None = None
        """Since which instant the clock is paused, while it is."""
        self.stood = 0
        """Milliseconds for which drill time was paused while instants ran on, minus those that were skipped."""
        self.stopped = False
        """Somebody said that something real has happened."""
        self.excused: set[str] = set()
        # Who knows, who came
        self.reported: dict[str, int] = {}
        """Whom the report has reached, and when, in that order."""
        self.taken_up = False
        """Somebody whom the report reached has done something."""
        self.alerted_at: int | None = None
        self.alerted_by: str | None = None
        """Who alerted the team first."""
        self.alerted: dict[str, int] = {}
        self.acknowledged: dict[str, int] = {}
        self.joined: dict[str, int] = {}
        self.restated = False
        self.severity: int | None = None
        """As declared last."""
        self.severity_since = 0
        self.roles: dict[str, dict[str, int]] = {role.id: {} for role in plan.protocol.roles}
        """Who holds each role since when."""
        self.role_changed: dict[str, int] = {}
        """When each role was last taken by a first or given up by the last holder."""
        self.offers: dict[str, tuple[str, str]] = {}
        """Roles offered: by whom to whom."""
        # What was said
        self.spoke_at: int | None = None
        """The last log entry or update."""
        self.published: list[int] = []
        self.drafts: list[ev.MessageDrafted] = []
        self.drafted_at: int | None = None
        """The last draft."""
        self.approved: list[int] = []
        """The drafts that were approved and are not yet published, the latest approved at the end."""
        self.spoken: dict[int, ev.SpokenReported] = {}
        self.spoken_count = 0
        # What was done
        self.running: dict[str, ev.ActionStarted] = {}
        self.runs = 0
        self.done: dict[str, int] = {}
        """Actions finished, and when for the first time."""
        self.effect: tuple[str, ev.Impact, int] | None = None
        """The action whose effect is about to show, what the impact will be then, and the action's run."""
        self.later: Later | None = None
        """What becomes of the impact by itself, unless something else changes it before."""
        self.impact: ev.Impact = "full"
        self.impact_since = 0
        self.tasks: dict[int, ev.TaskDelegated] = {}
        """Delegated tasks that are not done."""
        self.task_count = 0
        self.questions: dict[int, ev.QuestionAsked] = {}
        """Questions without an answer."""
        self.question_count = 0
        # Injects
        self.injects: list[ev.Arrived] = []
        """All messages from outside, injects and customers', in order; the number of one is its place from 1."""
        self.delivered: dict[str, int] = {}
        """The next occurrence of each inject that has come at least once."""
        self.settled: set[str] = set()
        """Injects that will not come (again)."""
        self.held: set[str] = set()
        self.down: set[str] = set()
        """What responders use themselves that is down."""
        self.switches: list[tuple[str, bool]] = []
        """What of that is about to change, and whether it works then."""
        self.switched = 0
        """How often something of that has changed."""
        self.jumped: set[str] = set()
        """Injects whose jump of the story's clock has happened."""
        self.jumped_by = 0
        """How far the story's clock is ahead of drill time, beyond where it began."""
        self.chosen: dict[str, int] = {}
        """Options of decisions that were chosen, and when."""
        self.contacted: dict[str, int] = {}
        """When each person outside the team was first contacted."""
        self.asked: dict[int, tuple[str, int]] = {}
        """For each question to such a person who it was, and how often they had been asked before."""
        self.bug_filed = False
        # Papers
        self.reported_situation = False
        self.emailed = False
        self.attached: set[str] = set()
        self.post_mortem = False

    def apply(self, event: Event) -> None:
        """Take in an event. Events come in the order of their places."""
        self.seq = event.seq + 1
        self.at = event.at
        if event.act is not None:
            self.acts.add((event.actor, event.act))
        fold = _FOLDS.get(type(event))
        if fold is not None:
            fold(self, event)
        if not self.taken_up and event.actor in self.reported:
            self.taken_up = True

    def story_time(self, at: int) -> int | None:
        """The story's time at a drill time from now on; None if the scenario does not say when it begins."""
        begins = self.plan.scenario.begins
        return None if begins is None else begin_of(begins) + at + self.jumped_by

    def told(self, text: str, at: int, ahead: int = 0) -> str:
        """A text of the scenario as people hear it at a drill time; `ahead` is how far the story jumps with it."""
        time = self.story_time(at)
        return fill_told(text, self.values, None if time is None else time + ahead)

    def player(self, name: str) -> Player | None:
        """The member of that id, if there is one."""
        place = self.players.get(name)
        return None if place is None else self.plan.players[place]

    def knows(self, member: str) -> bool:
        """Whether the incident has reached the member at all."""
        return member in self.alerted or member in self.reported

    def holds(self, member: str, role: str) -> bool:
        """Whether the member holds the role now."""
        return member in self.roles[role]

    @property
    def commander(self) -> str | None:
        """Who commands now."""
        return next(iter(self.roles[self.plan.protocol.commander]), None)

    @property
    def halted(self) -> bool:
        """Whether the clock is paused."""
        return self.paused_wall is not None

    def recipients(self, *receivers: str) -> tuple[str, ...]:
        """Whom something meant for roles, groups or members reaches now, each once.

        What is meant for a role that nobody holds reaches the commander, or else the first responder.
        """
        return tuple(dict.fromkeys(member for to in receivers for member in self._reached(to)))

    def decision(self, message: ev.Arrived) -> Decision | None:
        """The decision that a message asks for, if it does."""
        name = message.inject if isinstance(message, ev.InjectDelivered) else None
        inject = self.plan.scenario.inject(name or "")
        return None if inject is None else inject.decision

    def reaches(self, member: str, message: ev.Arrived) -> bool:
        """Whether a message from outside has reached a member, or is for a role that they hold by now."""
        held = (to for to in message.receivers if to in self.roles and self.holds(member, to))
        return member in message.recipients or any(held)

    def _reached(self, to: str) -> tuple[str, ...]:
        if to in self.roles:
            holders = tuple(self.roles[to])
            if holders:
                return holders
            commander = self.commander
            return (commander,) if commander is not None else self._first()
        if to == "channel":
            return tuple(self.joined) or self._first()
        if to == "everyone":
            return tuple(self.alerted) or self._first()
        if to == "first_responder":
            return self._first()
        return (to,)

    def struck(self, event: ev.InjectDelivered) -> tuple[str, ...]:
        """Whom an inject takes out: the holders of the role that it went to, if any; or the first responder."""
        if event.to in self.roles:
            return tuple(self.roles[event.to])
        return event.recipients

    def can_leave(self, member: str) -> bool:
        """Whether a member is still in, and not the last one who is."""
        return member not in self.excused and len(self.excused) + 1 < len(self.players)

    def _first(self) -> tuple[str, ...]:
        """The one who has the report: the last whom it reached, among those still in if there are any."""
        still_in = (member for member in reversed(self.reported) if member not in self.excused)
        return (next(still_in, next(reversed(self.reported), self.plan.first_responder)),)


_FOLDS: dict[type[Event], Callable[[DrillState, Any], None]] = {}
_Fold = TypeVar("_Fold", bound=Callable[..., None])


def _folds(fold: _Fold) -> _Fold:
    """Registers a function as the fold of the kind of event that it takes."""
    _FOLDS.update(dict.fromkeys(kinds_taken(fold), fold))
    return fold


def _take_role(state: DrillState, role: str, member: str, at: int) -> None:
    if not state.roles[role]:
        state.role_changed[role] = at
    state.roles[role].setdefault(member, at)  # a role that they already hold by then stays


def _lose_role(state: DrillState, role: str, member: str, at: int) -> None:
    state.roles[role].pop(member, None)
    if not state.roles[role]:
        state.role_changed[role] = at
    if role in state.offers and state.offers[role][0] == member:
        del state.offers[role]


@_folds
def _started(state: DrillState, event: ev.DrillStarted) -> None:
    state.values = event.values
    state.switches += [(tool, False) for tool in state.plan.scenario.down or []]


@_folds
def _reported(state: DrillState, event: ev.IncidentReported | ev.ReportEscalated) -> None:
    state.reported[event.to] = event.at


@_folds
def _over(state: DrillState, event: ev.IncidentResolved | ev.IncidentClosed) -> None:
    state.response_over = event.at


@_folds
def _phase(state: DrillState, event: ev.PhaseBegan) -> None:
    state.phase = event.phase
    state.phase_since = event.at


@_folds
def _ended(state: DrillState, event: ev.DrillEnded) -> None:
    state.ended_at = event.at
    if state.paused_wall is not None:
        state.stood += max(0, round((event.wall - state.paused_wall).total_seconds() * 1000))
        state.paused_wall = None
        state.stopped = False


@_folds
def _finished(state: DrillState, _: ev.FollowUpClosed) -> None:
    state.finished = True


@_folds
def _severity(state: DrillState, event: ev.SeverityDeclared) -> None:
    state.severity = event.severity
    state.severity_since = event.at


@_folds
def _alerted(state: DrillState, event: ev.TeamAlerted) -> None:
    if state.alerted_at is None:
        state.alerted_at = event.at
        state.alerted_by = event.actor
    for member in event.recipients:
        state.alerted.setdefault(member, event.at)
    if event.actor is not None:
        state.acknowledged.setdefault(event.actor, event.at)


@_folds
def _acknowledged(state: DrillState, event: ev.Acknowledged) -> None:
    state.acknowledged[event.actor or ""] = event.at


@_folds
def _joined(state: DrillState, event: ev.Joined) -> None:
    state.joined[event.actor or ""] = event.at


@_folds
def _restated(state: DrillState, _: ev.Restated) -> None:
    state.restated = True


@_folds
def _role_taken(state: DrillState, event: ev.RoleTaken) -> None:
    _take_role(state, event.role, event.actor or "", event.at)


@_folds
def _role_released(state: DrillState, event: ev.RoleReleased) -> None:
    _lose_role(state, event.role, event.actor or "", event.at)


@_folds
def _offered(state: DrillState, event: ev.HandoverOffered) -> None:
    state.offers[event.role] = (event.actor or "", event.to)


@_folds
def _handed_over(state: DrillState, event: ev.RoleHandedOver) -> None:
    changed = state.role_changed.get(event.role, event.at)
    _lose_role(state, event.role, event.giver, event.at)
    state.offers.pop(event.role, None)
    _take_role(state, event.role, event.actor or "", event.at)
    state.role_changed[event.role] = changed  # the role was never open in between


@_folds
def _excused(state: DrillState, event: ev.MemberExcused) -> None:
    state.excused.add(event.member)
    for role, holders in state.roles.items():
        if event.member in holders:
            _lose_role(state, role, event.member, event.at)


@_folds
def _spoke(state: DrillState, event: ev.EntryLogged | ev.UpdatePosted) -> None:
    state.spoke_at = event.at


@_folds
def _drafted(state: DrillState, event: ev.MessageDrafted) -> None:
    state.drafts.append(event)
    state.drafted_at = event.at


@_folds
def _approved(state: DrillState, event: ev.DraftApproved) -> None:
    if event.draft in state.approved:
        state.approved.remove(event.draft)
    state.approved.append(event.draft)


@_folds
def _published(state: DrillState, event: ev.MessagePublished) -> None:
    state.published.append(event.at)
    if event.draft in state.approved:
        state.approved.remove(event.draft)


@_folds
def _heard(state: DrillState, event: ev.SpokenReported) -> None:
    state.spoken[event.report] = event
    state.spoken_count = event.report


@_folds
def _action_started(state: DrillState, event: ev.ActionStarted) -> None:
    state.running[event.actor or ""] = event
    state.runs = event.run


@_folds
def _action_finished(state: DrillState, event: ev.ActionFinished) -> None:
    state.running.pop(event.actor or "", None)
    state.done.setdefault(event.action, event.at)
    action = state.plan.scenario.action(event.action)
    if action is not None:
        impact = impact_after(effect_of(action, state.done), state.impact)
        state.effect = None if impact is None else (event.action, impact, event.run)
        due = event.at if event.due is None else event.due
        state.later = later_after(action, due, event.run, state.impact, state.later)


@_folds
def _impact(state: DrillState, event: ev.ImpactChanged) -> None:
    state.impact = event.impact
    state.impact_since = event.at
    state.effect = None
    if state.later is not None and (event.impact == "ended" or (event.due or event.at) >= state.later.at):
        state.later = None


@_folds
def _delegated(state: DrillState, event: ev.TaskDelegated) -> None:
    state.tasks[event.task] = event
    state.task_count = event.task


@_folds
def _task_done(state: DrillState, event: ev.TaskDone) -> None:
    state.tasks.pop(event.task, None)


@_folds
def _asked(state: DrillState, event: ev.QuestionAsked) -> None:
    state.questions[event.question] = event
    state.question_count = event.question
    if event.outsider is not None:
        state.contacted.setdefault(event.outsider, event.at)
        before = sum(name == event.outsider for name, _ in state.asked.values())
        state.asked[event.question] = (event.outsider, before)


@_folds
def _answered(state: DrillState, event: ev.QuestionAnswered) -> None:
    state.questions.pop(event.question, None)


@_folds
def _chosen(state: DrillState, event: ev.DecisionMade) -> None:
    state.chosen[event.option] = event.at
    option = state.plan.scenario.option(event.option)
    impact = None if option is None else impact_after(option.effect, state.impact)
    state.effect = None if impact is None else (event.option, impact, -event.number)
    if option is not None and option.effect == "worsens":
        state.later = None


@_folds
def _delivered(state: DrillState, event: ev.InjectDelivered) -> None:
    state.injects.append(event)
    if event.inject is not None:
        _came(state, event.inject, event.occurrence)


@_folds
def _told(state: DrillState, event: ev.FacilitatorTold) -> None:
    _came(state, event.inject, event.occurrence)


def _came(state: DrillState, name: str, occurrence: int) -> None:
    """An inject of the scenario has come once more."""
    state.delivered[name] = occurrence + 1
    inject = state.plan.scenario.inject(name)
    if inject is not None:
        state.switches += [(tool, False) for tool in inject.down or [] if tool not in state.down]
        state.switches += [(tool, True) for tool in inject.up or [] if tool in state.down]
    if inject is None or inject.repeat is None or occurrence >= inject.repeat.times:
        state.settled.add(name)


@_folds
def _tool(state: DrillState, event: ev.ToolChanged) -> None:
    state.switches = state.switches[1:]
    state.switched += 1
    if event.works:
        state.down.discard(event.tool)
    else:
        state.down.add(event.tool)


@_folds
def _jumped(state: DrillState, event: ev.StoryJumped) -> None:
    state.jumped.add(event.inject)
    state.jumped_by += event.by


@_folds
def _customer(state: DrillState, event: ev.CustomerWrote) -> None:
    state.injects.append(event)


@_folds
def _not_taken(state: DrillState, event: ev.InjectNotTaken) -> None:
    state.settled.add(event.inject)


@_folds
def _held_back(state: DrillState, event: ev.InjectHeld) -> None:
    state.held.add(event.inject)


@_folds
def _bug(state: DrillState, _: ev.BugFiled) -> None:
    state.bug_filed = True


@_folds
def _situation(state: DrillState, _: ev.SituationReportFiled) -> None:
    state.reported_situation = True


@_folds
def _emailed(state: DrillState, _: ev.ReportEmailed) -> None:
    state.emailed = True


@_folds
def _attached(state: DrillState, event: ev.PaperAttached) -> None:
    state.attached.add(event.paper)


@_folds
def _post_mortem(state: DrillState, _: ev.PostMortemFiled) -> None:
    state.post_mortem = True


@_folds
def _stopped(state: DrillState, event: ev.DrillStopped) -> None:
    state.stopped = True
    state.paused_wall = state.paused_wall or event.wall


@_folds
def _paused(state: DrillState, event: ev.DrillPaused) -> None:
    state.paused_wall = event.wall


@_folds
def _resumed(state: DrillState, event: ev.DrillResumed) -> None:
    state.stood += event.paused_ms
    state.paused_wall = None
    state.stopped = False


@_folds
def _skipped(state: DrillState, event: ev.TimeSkipped) -> None:
    state.stood -= event.to - event.at
    state.at = event.to
