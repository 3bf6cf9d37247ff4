"""Help while a drill runs: what is owed and by when, and what to think of before a message goes out.

None of it scores anything. What is owed is read from the scorecard of the drill as far as it has come. Staff see what
the true severity demands; players see what the severity demands that they declared, so that the list judges nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from scenarios.base import format_duration
from scenarios.placeholders import fill
from scenarios.protocol import Obligation, Table
from scenarios.scenario import SeveritySpan
from scoring.obligations import NOT_DUE
from scoring.result import Item
from scoring.scorecard import GradedLog, grade
from simulator import events as ev
from simulator.events import Event
from simulator.log import DrillLog
from simulator.matching import claims_over, what_it_says
from simulator.plan import DrillPlan
from simulator.state import PAPERS, RESPOND, DrillState

__all__ = ["Advice", "Duty", "advice", "as_data", "as_declared", "duties", "hint_for", "state_of"]

Standing = Literal["open", "overdue", "late", "done", "void"]


class Duty(NamedTuple):
    """Something that is owed, and how it stands."""

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


class Advice(NamedTuple):
    """Something to think of before a message goes out."""

    id: str
    text: str


class _Log(NamedTuple):
    """What grading needs, where nobody asks for the hash."""

    plan: DrillPlan
    events: Sequence[Event]
    head: str = ""


def state_of(log: GradedLog) -> DrillState:
    """The state after a log's events."""
    state = DrillState(log.plan)
    for event in log.events:
        state.apply(event)
    return state


def as_declared(log: DrillLog, state: DrillState) -> GradedLog | None:
    """The log as if the incident had the severity that the team declared, or stated in its alert; nothing before."""
    stated = [event.severity for event in log.events if isinstance(event, ev.TeamAlerted) and event.severity]
    level = state.severity if state.severity is not None else next(reversed(stated), None)
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
    """A drill as it stands, under the table that is applied."""

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
        """How something of the response stands that is done, or that is due at a time."""
        if done:
            return "late" if late else "done"
        if self.state.phase != RESPOND:
            return "void"
        return "overdue" if target is not None and self.at > target else "open"


def duties(log: DrillLog, at: int, *, declared: bool = False) -> list[Duty]:
    """What is owed by a time, in the order of those times; `at` is drill time now.

    With `declared`, what the severity demands that the team declared; before that, only that it is declared.
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
    """Before anybody has judged it, the protocol asks for that judgement, as soon as the gravest kind would."""
    table = min((table for table in log.plan.protocol.tables if table.severity), key=lambda table: table.severity)
    owed = next((one for one in table.obligations if one.act == "severity_declared"), None)
    if owed is None or owed.target is None or owed.deadline is None or not state.reported:
        return
    now = _Now(log.plan, table, log.events, state, at)
    since = min(state.reported.values())
    target, deadline = since + owed.target, since + owed.deadline
    title, owner, standing = "Severity declared", now.owner(owed.owner), now.standing(target)
    yield Duty(owed.id, title, owed.owner, owner, target, deadline, standing, owed.act, hint_for(owed.act))


def _duty(item: Item, owed: Obligation, now: _Now) -> Duty:
    """An obligation with a time. What everybody owes, and what lasts, is read from how it stands now."""
    start = round((item.clock_start_s or 0.0) * 1000)
    target = None if item.target_s is None else start + round(item.target_s * 1000)
    deadline = None if item.deadline_s is None else start + round(item.deadline_s * 1000)
    standing, hint = _once(item, target, now), hint_for(owed.act, _spoken(owed.role))
    if owed.clock == "reached" and not now.state.alerted:
        target = deadline = None  # its time does not run yet
        standing = now.standing(None)
    elif owed.act in ("acknowledged", "joined") and owed.owner == "everyone":
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


def _open_roles(empty: Sequence[str], now: _Now) -> str:
    titles = " and ".join(now.owner(role) for role in empty)
    return f"Open: {titles}. /role {_spoken(empty[0])}" if empty else hint_for("roles_covered")


_STILL_OPEN = (NOT_DUE, "its deadline lies beyond the end of the response")
"""Why something could not be judged that can be done all the same."""


def _once(item: Item, target: int | None, now: _Now) -> Standing:
    """How something stands that is done once."""
    done = item.actual_s is not None and item.score is not None
    if not done and item.score is None and item.why not in _STILL_OPEN:
        return "void"  # it cannot be owed in this drill
    return now.standing(target, done=done, late=done and (item.score or 0) < 100)


def _missing(act: str, state: DrillState) -> list[str]:
    """Who has not answered the alert, or not come in."""
    done = state.acknowledged if act == "acknowledged" else state.joined
    return [player.id for player in state.plan.players if player.id not in done and player.id not in state.excused]


def _next_message(now: _Now) -> Iterator[Duty]:
    """The next message to customers, by what the last one promised, and by the protocol's cadence at the latest."""
    owed = next((one for one in now.table.obligations if one.act == "cadence_kept"), None)
    last = next((event for event in reversed(now.events) if isinstance(event, ev.MessagePublished)), None)
    if owed is None or last is None or now.state.phase != RESPOND:
        return
    cadence = now.plan.protocol.cadence.external
    target = last.at + (cadence if last.next_in is None else min(last.next_in, cadence))
    title, standing = "Next message to customers", now.standing(target, done=last.next_in == 0)
    owner = now.owner(owed.owner)
    yield Duty("next_message", title, owed.owner, owner, target, None, standing, "published", hint_for("published"))


def _replies(now: _Now) -> Iterator[Duty]:
    """Messages that ask for an answer."""
    answered = {event.number for event in now.events if isinstance(event, ev.InjectAnswered)}
    for event in now.state.injects:
        inject = now.plan.scenario.inject(event.inject or "") if isinstance(event, ev.InjectDelivered) else None
        if inject is None or inject.expects is None or inject.expects.act != "reply" or inject.id in now.state.held:
            continue
        yield Duty(
            id=f"reply-{event.number}",
            title=f"An answer to {event.sender}",
            owner=event.to,
            owner_title=now.owner(event.to),
            target_at=event.at + inject.expects.target,
            deadline_at=event.at + inject.expects.deadline,
            state=now.standing(event.at + inject.expects.target, done=event.number in answered),
            act="reply",
            hint=f"Answer {event.sender}. /reply {event.number} …",
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


def _spoken(role: str | None) -> str:
    """A role as one types it."""
    return (role or "").replace("_", " ")


_DOING = {
    "severity_declared": "Say how grave it is. /sev 1",
    "team_alerted": "Call the team, with severity and topic. /alert 1 topic",
    "acknowledged": "Answer the alert. /ack",
    "joined": "Come into the channel. /join",
    "role_in_place": "Somebody takes the role. /role {}",
    "roles_covered": "Every role is held. /role {}",
    "logged": "Begin the running log: what has been done, when it is done. /log …",
    "updated": "Tell the organization how it stands. /update …",
    "published": "Tell customers what you know, and when they hear more. /publish … next 20m",
    "workaround_used": "Tell operations how to go on meanwhile. /workaround …",
    "bug_filed": "File it as a bug for the sprint. /bug …",
    "closed": "Close it, and say why. /close …",
    "impact_ended": "Look for the cause, then mend it by the runbook. /do …",
    "not_silent": "Say in the channel how it stands. /log …",
    "situation_report": "File the situation report: solution, who was hit, how. /sitrep solution=…",
    "emailed": "Send the situation report to the stakeholders. /email",
    "attached": "Attach the report to the topic. /attach",
}
"""What to do for each kind of duty, and how one types it."""


def hint_for(act: str, role: str = "") -> str:
    """What to do for a kind of duty; behind the slash, how one types it."""
    return _DOING.get(act, f"{act.replace('_', ' ').capitalize()}.").format(role or "…")


# -- before a message goes out -----------------------------------------------------------------------------------------

_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d+\s*(?:min|mins|minutes?|hours?|h)\b", re.IGNORECASE)
_CAUSE = re.compile(
    r"\b(?:because|due to|caused by|the cause|reason (?:is|was)|root cause|as a result of)\b", re.IGNORECASE
)
_WHO = re.compile(
    r"\b(?:some|all|every|most|many|customers?|clients?|users?|people|those|everyone|everybody|anybody|anyone|who|you|your)\b"
)
_SEEN = re.compile(
    r"\b(?:can(?:no|['’])t|cannot|unable|errors?|fail\w*|slow\w*|not|see|wait\w*|wrong|twice|lost|late|problems?|"
    r"trouble|missing|down|unavailable|works? again|restored|resolved|able to)\b"
)
_BLAME = re.compile(r"\b(?:human error|somebody'?s mistake|our (?:engineer|developer|intern)s?|fault of)\b")
_JARGON = re.compile(
    r"\b(?:rolled? ?back|deploy(?:ed|ment)?|hotfix|failover|replica(?:tion)?|cache|latency|timeouts?|stack trace|"
    r"http ?\d{3}|\d{3} errors?|cpu|node|pod|cluster|dns|load balancer|migration|rollback)\b"
)
_SEVERITY = re.compile(r"\bsev(?:erity)?[ -]?\d\b")
_IDENTIFIER = re.compile(
    r"\b(?:db|redis|pg|postgres|mysql|kafka|k8s)-[a-z0-9-]+|\b[a-z]+(?:[_-][a-z0-9]+)*[_-]\d[a-z0-9]*\b|"
    r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\bv\d+(?:\.\d+)*\b"
)
LONG_MESSAGE = 90
"""Words. A status page is read on a phone, by somebody in a hurry."""


def advice(plan: DrillPlan, state: DrillState, events: Iterable[Event], text: str, next_in: int | None) -> list[Advice]:
    """What to think of before this goes out to customers. It judges nothing, and no point depends on it."""
    said = text.lower()
    happened = list(events)
    over = next_in == 0 or claims_over(text)
    return [
        *_of_readers(said, over),
        *_of_next(plan, state, next_in, over),
        *_of_leaks(plan, state, said),
        *_of_knowledge(state, happened, text, next_in, over),
        *_of_tone(said, happened, text),
        *_of_agreement(plan, state, text),
    ]


def _of_readers(said: str, over: bool) -> Iterator[Advice]:
    if not _WHO.search(said):
        yield Advice("who_affected", "Say who is affected.")
    if not _SEEN.search(said) and not over:
        yield Advice("what_they_see", "Say what they see, in their words.")


def _of_next(plan: DrillPlan, state: DrillState, next_in: int | None, over: bool) -> Iterator[Advice]:
    longest = plan.protocol.cadence.external
    if next_in is None and not over:
        yield Advice("next_message", "Say when they hear from you next.")
    elif next_in is not None and next_in > longest:
        yield Advice("next_too_late", f"The protocol has customers hear from us every {format_duration(longest)}.")
    if state.published and over and next_in not in (0, None):
        yield Advice("last_one", "You say that it is over and promise another message. Is this the last one?")


def _of_leaks(plan: DrillPlan, state: DrillState, said: str) -> Iterator[Advice]:
    leaked = _internal(plan, state, said)
    if leaked:
        yield Advice("internal_name", f"“{leaked}” is a name that only we use.")
    else:
        jargon = _JARGON.search(said)
        if jargon is not None:
            yield Advice("jargon", f"“{jargon[0]}” says little to a customer. Say what it means for them.")


def _of_knowledge(
    state: DrillState, events: Sequence[Event], text: str, next_in: int | None, over: bool
) -> Iterator[Advice]:
    known = " ".join(event.text.lower() for event in events if isinstance(event, ev.EntryLogged | ev.UpdatePosted))
    if _CAUSE.search(text) and not _CAUSE.search(known) and not state.done:
        yield Advice("cause_unknown", "You name a cause, and the log does not know one yet.")
    told = _TIME.search(text)
    if told and next_in is None and told[0].lower() not in known:
        yield Advice("time_unknown", f"“{told[0]}”: the log knows no such time.")
    if over and state.impact != "ended":
        yield Advice("not_over", "You say that it is over. Look at the signals again.")


def _of_tone(said: str, events: Sequence[Event], text: str) -> Iterator[Advice]:
    if _BLAME.search(said):
        yield Advice("blame", "Leave out whose fault it was. Say what you do about it.")
    words = len(text.split())
    if words > LONG_MESSAGE:
        yield Advice("too_long", f"{words} words are long for a status page. Say the first thing first.")
    if len(text) > 20 and text.upper() == text:
        yield Advice("shouting", "In capitals it reads as shouting.")
    last = next((event for event in reversed(events) if isinstance(event, ev.MessagePublished)), None)
    if last is not None and " ".join(last.text.lower().split()) == " ".join(said.split()):
        yield Advice("said_before", "This is word for word what you said before. What is new?")


def _of_agreement(plan: DrillPlan, state: DrillState, text: str) -> Iterator[Advice]:
    """Where there is a commander, what goes out is agreed with them."""
    table = plan.protocol.table(state.severity) if state.severity is not None else None
    owed = table is not None and any(one.act == "messages_agreed" for one in table.obligations)
    if owed and state.commander is not None and what_it_says(text, state).draft not in state.approved:
        yield Advice("not_agreed", "The commander has not agreed to these words yet; whoever commands may publish.")


def _internal(plan: DrillPlan, state: DrillState, said: str) -> str:
    """A word that outsiders do not know, if the message has one."""
    words = [name for name in plan.scenario.signals if "_" in name]
    words += [str(value).lower() for name, value in state.values.items() if name in ("release", "change", "build")]
    words += [role.title.lower() for role in plan.protocol.roles if " " in role.title] + ["solutioneer"]
    words += [plan.protocol.channel.lower()]
    words += re.findall(r"\b[a-z]+-[a-z]+-?[a-z0-9]*\b(?=:)", fill(plan.scenario.report.text, state.values).lower())
    known = next((word for word in words if word and word in said), "")
    if known:
        return known
    found = _SEVERITY.search(said) or _IDENTIFIER.search(said)
    return found[0] if found is not None else ""


def as_data(found: "Sequence[Duty] | Sequence[Advice]") -> list[dict[str, Any]]:
    """Duties or advice as plain data."""
    return [one._asdict() for one in found]
