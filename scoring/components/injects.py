"""What injects asked for: whether those who asked were answered, and how soon. A part of communication."""

from scenarios.expects import Asked, Decision, Expectation, Judged
from scenarios.protocol import Duty
from scoring.curves import timeliness
from scoring.facts import Facts
from scoring.labels import counted
from scoring.obligations import Drill, Finding, Judge, Owed, rest
from simulator import events as ev
from simulator.events import Event
from simulator.said import SAYS_SEVERITY, severity_said

__all__ = ["JUDGES"]

_ANSWERS: dict[str, tuple[type[Event], ...]] = {
    "publish": (ev.MessagePublished,),
    "reply": (ev.InjectAnswered,),
    "update": (ev.UpdatePosted,),
    "log": (ev.EntryLogged,),
    "declare_severity": SAYS_SEVERITY,
    "take_role": (ev.RoleTaken, ev.RoleHandedOver),
    "hand_over": (ev.HandoverOffered,),
    "delegate": (ev.TaskDelegated,),
}
_TO_ANOTHER = ("hand_over", "delegate")
"""These acts need somebody else in the team."""
_MARKS: dict[ev.Mark, float] = {"done": 100.0, "partly": 50.0, "not": 0.0}
"""What a judgement is worth."""
_SEEN_BY_ALL = ("publish", "update", "log")
"""These acts answer the sender, no matter who does them."""


def injects_answered(owed: Owed, drill: Drill) -> Finding:
    """The mean over the injects that asked for something: how soon it was done, from when the inject arrived."""
    facts = drill.facts
    asked = (*facts.during(ev.InjectDelivered), *filter(drill.facts.asks_late, facts.all(ev.InjectDelivered)))
    delivered = {event.number: event for event in asked}.values()
    scores: dict[int, float] = {}
    every: list[float] = []
    late: list[ev.InjectDelivered] = []
    for event in delivered:
        found = _scores(event, drill)
        if found:
            every += found
            scores[event.seq] = sum(found) / len(found)
            if scores[event.seq] < 100:
                late.append(event)
    if not scores:
        return _nothing_due(owed, facts, asked=any(_asks(event, facts) for event in delivered))
    fine = len(scores) - len(late)
    return Finding(
        score=sum(every) / len(every),
        why=f"{fine} of {counted(len(scores), 'inject', 'injects')} that asked for something answered in time",
        remedy="each answered within its time",
        evidence=tuple(event.seq for event in late) or tuple(scores),
        at_fault=_owing(facts, late, [100 - scores[event.seq] for event in late]),
    )


def _scores(event: ev.InjectDelivered, drill: Drill) -> list[float]:
    """What each thing is worth that an inject asks for and that can be told by now."""
    inject = drill.facts.scenario.inject(event.inject or "")
    asked = inject.expects or [] if inject is not None else []
    found = [_worth(event, place, one, drill) for place, one in enumerate(asked, 1)]
    return [score for score in found if score is not None]


def _worth(event: ev.InjectDelivered, place: int, asked: Asked, drill: Drill) -> float | None:
    """What one thing is worth; None for a question, for what nobody has judged, and while there is time."""
    match asked:
        case Expectation() | Decision():
            return _answered(event, asked, drill)
        case Judged():
            marks = drill.facts.with_follow_up(ev.ExpectationJudged)
            said = [one.mark for one in marks if (one.number, one.expected) == (event.number, place)]
            return _MARKS[said[-1]] if said else None
    return None


def _unjudged(facts: Facts) -> bool:
    """Whether something came that waits for a judgement."""
    came = (facts.scenario.inject(event.inject or "") for event in facts.during(ev.InjectDelivered))
    return any(isinstance(one, Judged) for inject in came if inject is not None for one in inject.expects or ())


def _asks(event: ev.InjectDelivered, facts: Facts) -> bool:
    inject = facts.scenario.inject(event.inject or "")
    return inject is not None and (bool(inject.acts) or inject.decision is not None)


def _nothing_due(owed: Owed, facts: Facts, asked: bool) -> Finding:
    """If an inject was certain to come and ask, a team that was done before it was due loses nothing."""
    held = {event.inject for event in facts.all(ev.InjectHeld)}
    certain = [
        inject
        for inject in facts.scenario.injects
        if inject.acts or inject.decision is not None
        if inject.at is not None and inject.at <= facts.limit
        if inject.papers is None and inject.unless is None and inject.chance >= 1 and inject.id not in held
    ]
    if not certain or facts.closing is None:
        unjudged = "nobody has judged what was asked" if _unjudged(facts) else None
        return rest(unjudged or ("no answer was due before the end" if asked else "nothing asked"), owed)
    if facts.finished:
        why = "done before an answer was due" if asked else "done before anybody had to ask"
        return Finding(100.0, why, evidence=(facts.closing.seq,))
    why = "declared over before it was, so that nobody was there to answer"
    return Finding(0.0, why, "those who would have asked answered", (facts.closing.seq,))


def _answered(event: ev.InjectDelivered, expects: Expectation | Decision, drill: Drill) -> float | None:
    """What the answer to one inject is worth; None if there is none, or a late one, and its time was not up."""
    at = _answer_at(event, expects, drill)
    end = drill.facts.papers_end if drill.facts.asks_late(event) else drill.facts.end
    open_yet = event.when + expects.deadline > end
    if at is None:
        return None if open_yet or _let_off(event, expects, drill.facts) else 0.0
    took = max(0, at - event.when)
    if open_yet and drill.facts.response_over and took > expects.target:
        return None  # it could have been left out: late is never worth less than never
    return timeliness(took, expects.target, expects.deadline)


def _let_off(event: ev.InjectDelivered, expects: Expectation | Decision, facts: Facts) -> bool:
    """Whether nobody owed the answer: all whom it reached had been excused before it was overdue, or nobody could."""
    if isinstance(expects, Expectation) and expects.act in _TO_ANOTHER:
        there = [one for one in facts.plan.players if facts.left.get(one.id, event.when + 1) > event.when]
        if len(there) < 2:
            return True
    overdue = event.when + expects.deadline
    return all(facts.left.get(member, overdue + 1) <= overdue for member in event.recipients)


def _answer_at(event: ev.InjectDelivered, expects: Expectation | Decision, drill: Drill) -> int | None:
    facts = drill.facts
    if isinstance(expects, Decision):
        return next((one.when for one in facts.all(ev.DecisionMade) if one.number == event.number), None)
    if expects.act == "declare_severity" and _rightly_declared(facts, event.when):
        return event.when
    firsts: list[int] = []
    for kind in _ANSWERS[expects.act]:
        for one in facts.all(kind):
            # What was done in the same instant before the inject came, perhaps to bring it about, is no answer to it.
            after = (one.when, one.seq) >= (event.when, event.seq)
            if (after or _still_fresh(one, event.when, facts)) and _fits(one, event, expects, drill):
                firsts.append(one.when)
                break
    return min(firsts, default=None)


def _still_fresh(one: Event, at: int, facts: Facts) -> bool:
    """Whether a message or an update was so recent at an instant that, by the cadence of the time, none was due."""
    cadence, since_report = facts.protocol.cadence, one.when - facts.report
    if isinstance(one, ev.MessagePublished):
        promised = one.next_in if cadence.at(since_report).external is None else None
        return at <= one.when + cadence.covers(since_report, promised)
    return isinstance(one, ev.UpdatePosted) and at <= one.when + cadence.at(since_report).internal


def _fits(one: Event, event: ev.InjectDelivered, expects: Expectation, drill: Drill) -> bool:
    if isinstance(one, ev.InjectAnswered):
        return one.number == event.number
    if expects.act == "declare_severity" and severity_said(one) is None:
        return False
    if isinstance(one, ev.RoleTaken) and not _asked_for(one.role, event, drill):
        return False
    if expects.act in _SEEN_BY_ALL:
        return True
    held = (drill.roles.holds(one.actor, to, one.when) for to in event.receivers)
    return one.actor in event.recipients or any(held)


def _rightly_declared(facts: Facts, at: int) -> bool:
    """Whether the severity declared last was right when the inject came: then there is nothing to declare."""
    said = [level for when, level, _ in facts.said if when <= at]
    return bool(said) and said[-1] in facts.course.right_at(at)


def _asked_for(role: str, event: ev.InjectDelivered, drill: Drill) -> bool:
    """Whether an inject that came because a role was open asked for this one; any role, if it came otherwise."""
    inject = drill.facts.scenario.inject(event.inject or "")
    parts = inject.when.parts() if inject is not None and inject.when is not None else []
    wanted = {part.role_open for part in parts if part.role_open is not None}
    return not wanted or role in wanted


def _owing(facts: Facts, late: list[ev.InjectDelivered], losses: list[float]) -> dict[str, float]:
    """Whom the unanswered injects had reached and who were there, with their shares of the loss."""
    total, shares = sum(losses), dict[str, float]()
    for event, loss in zip(late, losses, strict=True):
        there = [member for member in event.recipients if facts.excused.get(member, event.when + 1) > event.when]
        for member in there:
            shares[member] = shares.get(member, 0.0) + loss / total / len(there)
    return shares


JUDGES: dict[Duty, Judge] = {"injects_answered": injects_answered}
