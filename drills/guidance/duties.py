"""What is owed while a drill runs, and by when.

None of it affects the score. What is owed is read from the scorecard of the drill so far. Staff see what the true
severity demands; players see what their declared severity demands, so that the list gives no judgement away.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from scenarios.protocol import Obligation, Table
from scenarios.scenario import SeveritySpan, Target
from scoring.facts import Facts
from scoring.obligations import DUE_AFTER, NOT_DUE, calls_to
from scoring.result import Item
from scoring.scorecard import GradedLog, grade
from simulator import events as ev
from simulator.events import Event
from simulator.folds import apply
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.state import PAPERS, RESPOND, DrillState

__all__ = ["Duty", "as_declared", "duties", "hint_for", "state_of"]

Standing = Literal["open", "overdue", "late", "done", "void"]


class Duty(NamedTuple):
    """Something that is owed, and its status."""

    id: str
    title: str
    owner: str
    owner_title: str
    target_at: int | None
    """Drill time in milliseconds."""
    deadline_at: int | None
    state: Standing
    act: str
    hint: str


class _Log(NamedTuple):
    """What grading needs, where nobody asks for the hash."""

    plan: DrillPlan
    events: Sequence[Event]
    head: str = ""


def state_of(log: GradedLog) -> DrillState:
    """The state after a log's events."""
    state = DrillState(log.plan)
    for event in log.events:
        apply(state, event)
    return state


def as_declared(log: DrillLog, state: DrillState) -> GradedLog | None:
    """The log as if the incident had the severity that the team said it has; None before that."""
    level = state.severity
    table = None if level is None else log.plan.protocol.table(level)
    if table is None:
        return None
    spans = [SeveritySpan.model_validate({"from": "0s", "is": level})]
    timed = {owed.id for owed in table.obligations if owed.target is not None}
    # A time that the scenario alone sets would tell what it is about.
    targets = {name: target for name, target in log.plan.scenario.targets.items() if name in timed}
    scenario = log.plan.scenario.model_copy(update={"severity": spans, "targets": targets})
    return _Log(log.plan.model_copy(update={"scenario": scenario}), log.events)


# -- what is owed ------------------------------------------------------------------------------------------------------


class _Now(NamedTuple):
    """A drill so far, under the table that is applied."""

    plan: DrillPlan
    table: Table
    events: Sequence[Event]
    state: DrillState
    at: int

    def owner(self, owner: str) -> str:
        """Who owes something, in words."""
        role = self.plan.protocol.role(owner)
        if role is not None:
            return role.title
        return {"first_responder": "First responder", "everyone": "Everyone"}.get(owner, "The team")

    def standing(self, target: int | None, *, done: bool = False, late: bool = False) -> Standing:
        """The status of something in the response that is done, or due at a time."""
        if done:
            return "late" if late else "done"
        if self.state.phase != RESPOND:
            return "void"
        return "overdue" if target is not None and self.at > target else "open"


def duties(log: DrillLog, at: int, *, declared: bool = False) -> list[Duty]:
    """What is owed by when, in order of time; `at` is drill time now.

    With `declared`, what the team's declared severity demands; before that, only that it be declared.
    """
    state = state_of(log)
    judged: GradedLog | None = as_declared(log, state) if declared else log
    if judged is None:
        return list(_undeclared(log, state, at))
    card = grade(judged)
    table = judged.plan.protocol.table(card.severity)
    if table is None:
        return []
    now = _Now(judged.plan, table, judged.events, state, at)
    items = {item.id: item for part in card.components.values() for item in part.items}
    found = [
        _duty(items[owed.id], owed, now)
        for owed in table.obligations
        if owed.id in items and items[owed.id].target_s is not None
    ]
    found += [*_next_message(now), *_replies(now), *_papers(now)]
    return sorted(found, key=lambda duty: (duty.target_at is None, duty.target_at or 0, duty.id))


def _undeclared(log: DrillLog, state: DrillState, at: int) -> Iterator[Duty]:
    """Until somebody has judged it, the protocol asks for that judgement, as soon as the gravest severity would."""
    table = min((table for table in log.plan.protocol.tables if table.severity), key=lambda table: table.severity)
    owed = next((one for one in table.obligations if one.act == "severity_declared"), None)
    if owed is None or owed.target is None or owed.deadline is None or not state.reported:
        return
    now = _Now(log.plan, table, log.events, state, at)
    since = min(state.reported.values())
    target, deadline = since + owed.target, since + owed.deadline
    title, owner, standing = "Severity declared", now.owner(owed.owner), now.standing(target)
    yield Duty(owed.id, title, owed.owner, owner, target, deadline, standing, owed.act, hint_for(owed.act))


_EVERYBODYS = ("acknowledged", "joined")
"""What each member owes from when they were called."""


def _duty(item: Item, owed: Obligation, now: _Now) -> Duty:
    """An obligation with a time. What everybody owes, and what lasts, is read from the current state."""
    start = _began(item, owed, now)
    target = None if item.target_s is None else start + round(item.target_s * 1000)
    deadline = None if item.deadline_s is None else start + round(item.deadline_s * 1000)
    standing, hint = (
        _once(item, target, now),
        hint_for(owed.act, now.plan.protocol.title_of(owed.role) if owed.role else ""),
    )
    if owed.clock == "reached" and not now.state.alerted:
        target = deadline = None  # its time does not run yet
        standing = now.standing(None)
    elif owed.act in _EVERYBODYS and owed.owner == "everyone":
        standing = now.standing(target, done=not _missing(owed.act, now.state), late=standing == "late")
    elif owed.act == "roles_covered":
        empty = [role for role in now.table.roles if not now.state.roles.get(role)]
        standing = now.standing(target, done=not empty)
        hint = _open_roles(empty, now)
    elif owed.act == "not_silent" and now.state.spoke_at is not None:
        moved = now.state.spoke_at - start
        target, deadline = (None if one is None else one + moved for one in (target, deadline))
        standing = now.standing(target)
    return Duty(owed.id, item.title, owed.owner, now.owner(owed.owner), target, deadline, standing, owed.act, hint)


def _began(item: Item, owed: Obligation, now: _Now) -> int:
    """When the time of an obligation began to run; where members were called apart, for those who are missing."""
    missing = _missing(owed.act, now.state) if owed.act in _EVERYBODYS and now.state.alerted else []
    calls = calls_to(owed.act, Facts(now.plan, now.events), missing) if missing else []
    called = [call.when for call in calls if call is not None]
    return min(called) if called else round((item.clock_start_s or 0.0) * 1000)


def _open_roles(empty: Sequence[str], now: _Now) -> str:
    titles = " and ".join(now.owner(role) for role in empty)
    return f"Open: {titles}. /role {now.owner(empty[0])}" if empty else hint_for("roles_covered")


_STILL_OPEN = (NOT_DUE, DUE_AFTER)
"""Why something could not be judged although it can still be done."""


def _once(item: Item, target: int | None, now: _Now) -> Standing:
    """The status of something that is done once."""
    done = item.actual_s is not None and item.score is not None
    if not done and item.score is None and item.why not in _STILL_OPEN:
        return "void"  # it cannot be owed in this drill
    return now.standing(target, done=done, late=done and (item.score or 0) < 100)


def _missing(act: str, state: DrillState) -> list[str]:
    """Who has not answered the alert, or not come in."""
    done = {*state.acknowledged, *state.joined} if act == "acknowledged" else {*state.joined}  # to come is an answer
    away = done | state.excused | state.off_duty
    return [player.id for player in state.plan.players if player.id not in away]


def _next_message(now: _Now) -> Iterator[Duty]:
    """The next message to customers: due when the last one promised, and at the latest by the protocol's cadence."""
    owed = next((one for one in now.table.obligations if one.act == "cadence_kept"), None)
    last = next((event for event in reversed(now.events) if isinstance(event, ev.MessagePublished)), None)
    if owed is None or last is None or now.state.phase != RESPOND:
        return
    reported = min(now.state.reported.values(), default=0)
    target = last.at + now.plan.protocol.cadence.covers(last.at - reported, last.next_in)
    title, standing = "Next message to customers", now.standing(target, done=last.next_in == 0)
    owner = now.owner(owed.owner)
    yield Duty("next_message", title, owed.owner, owner, target, None, standing, "published", hint_for("published"))


def _replies(now: _Now) -> Iterator[Duty]:
    """Messages that ask for an answer, or for a decision."""
    answered = {event.number for event in now.events if isinstance(event, ev.InjectAnswered)}
    decided = {event.number for event in now.events if isinstance(event, ev.DecisionMade)}
    for event in now.state.injects:
        inject = now.plan.scenario.inject(event.inject or "") if isinstance(event, ev.InjectDelivered) else None
        if inject is None or inject.id in now.state.held:
            continue
        reply = next((one for one in inject.acts if one.act == "reply"), None)
        if reply is not None:
            title, hint = f"An answer to {event.sender}", f"Answer {event.sender}. /reply {event.number} …"
            yield _message_duty("reply", event, reply, title, hint, now, done=event.number in answered)
        if inject.decision is not None:
            ways = " or ".join(f"/choose {option.id}" for option in inject.decision.options)
            title, hint = f"A decision for {event.sender}", f"Decide what {event.sender} asks. {ways}"
            yield _message_duty("choose", event, inject.decision, title, hint, now, done=event.number in decided)


def _message_duty(act: str, event: ev.Arrived, asked: Target, title: str, hint: str, now: _Now, *, done: bool) -> Duty:
    target = event.at + asked.target
    return Duty(
        id=f"{act}-{event.number}",
        title=title,
        owner=event.to,
        owner_title=" and ".join(now.owner(to) for to in event.receivers),
        target_at=target,
        deadline_at=event.at + asked.deadline,
        state=now.standing(target, done=done),
        act=act,
        hint=hint,
    )


_PAPERS: dict[str, tuple[str, Callable[[DrillState], bool]]] = {
    "situation_report": ("Situation report", lambda state: state.reported_situation),
    "emailed": ("Report e-mailed", lambda state: state.emailed),
    "attached": ("Report attached", lambda state: "situation_report" in state.attached),
}


def _papers(now: _Now) -> Iterator[Duty]:
    """The papers, while there is time for them."""
    if now.state.phase != PAPERS:
        return
    until = now.state.phase_since + now.plan.scenario.ends.papers
    for owed in now.table.obligations:
        if owed.act in _PAPERS:
            title, done = _PAPERS[owed.act]
            standing: Standing = "done" if done(now.state) else "open"
            owner = now.owner(owed.owner)
            yield Duty(owed.id, title, owed.owner, owner, None, until, standing, owed.act, hint_for(owed.act))


_DOING = {
    "severity_declared": "Say how severe it is. /sev 1",
    "team_alerted": "Call the team, with severity and topic. /alert 1 topic",
    "acknowledged": "Answer the alert. /ack",
    "joined": "Come into the channel. /join",
    "role_in_place": "Somebody takes the role. /role {}",
    "roles_covered": "Every role is held. /role {}",
    "logged": "Start the running log: what has been done, when it is done. /log …",
    "updated": "Give the organization an update. /update …",
    "published": "Tell customers what you know, and when they hear more. /publish … next 20m",
    "workaround_used": "Tell operations how to keep working in the meantime. /workaround …",
    "bug_filed": "File it as a bug for the sprint. /bug …",
    "closed": "Close it, and say why. /close …",
    "impact_ended": "Look for the cause, then fix it by the runbook. /do …",
    "not_silent": "Log the current status in the channel. /log …",
    "situation_report": "File the situation report: solution, who was hit, how. /sitrep solution=…",
    "emailed": "Send the situation report to the stakeholders. /email",
    "attached": "Attach the report to the topic. /attach",
}
"""What to do for each kind of duty, and how to type it."""


def hint_for(act: str, role: str = "") -> str:
    """What to do for a kind of duty; after the slash, how to type it."""
    return _DOING.get(act, f"{act.replace('_', ' ').capitalize()}.").format(role or "…")
