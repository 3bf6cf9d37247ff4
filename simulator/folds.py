"""What each event changes in the state of a drill."""

from collections.abc import Callable
from typing import Any, TypeVar

from simulator import events as ev
from simulator.dispatch import kinds_taken
from simulator.events import Event
from simulator.harm import effect_of, impact_after, later_after
from simulator.said import severity_said
from simulator.state import DrillState

__all__ = ["apply"]

_FOLDS: dict[type[Event], Callable[[DrillState, Any], None]] = {}
_Fold = TypeVar("_Fold", bound=Callable[..., None])


def _folds(fold: _Fold) -> _Fold:
    """Registers a function as the fold of the kind of event that it takes."""
    _FOLDS.update(dict.fromkeys(kinds_taken(fold), fold))
    return fold


def apply(state: DrillState, event: Event) -> None:
    """Take in an event. Events come in the order of their places."""
    state.seq = event.seq + 1
    state.at = event.at
    if event.act is not None:
        state.acts.add((event.actor, event.act))
    fold = _FOLDS.get(type(event))
    if fold is not None:
        fold(state, event)
    if not state.taken_up and event.actor in state.reported:
        state.taken_up = True


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
    state.declared = event.severity
    state.severity = event.severity
    state.severity_since = event.at


def _said(state: DrillState, event: ev.TeamAlerted | ev.Restated) -> None:
    """An alert, or somebody in the channel, says how grave it is: then it need not be declared as well."""
    level = severity_said(event)
    if level is not None and level != state.severity:
        state.severity = level
        state.severity_since = event.at


@_folds
def _alerted(state: DrillState, event: ev.TeamAlerted) -> None:
    _said(state, event)
    if state.alerted_at is None:
        state.alerted_at = event.at
        state.alerted_by = event.actor
    for member in event.recipients:
        state.alerted.setdefault(member, event.at)
    if event.actor is not None:
        state.acknowledged.setdefault(event.actor, event.at)


@_folds
def _shift(state: DrillState, event: ev.ShiftBegan) -> None:
    state.off_duty.discard(event.member)
    if state.alerted_at is not None:
        state.alerted.setdefault(event.member, event.at)


@_folds
def _acknowledged(state: DrillState, event: ev.Acknowledged) -> None:
    state.acknowledged[event.actor or ""] = event.at


@_folds
def _joined(state: DrillState, event: ev.Joined) -> None:
    state.joined[event.actor or ""] = event.at


@_folds
def _restated(state: DrillState, event: ev.Restated) -> None:
    _said(state, event)
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
    if event.actor is None:
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
