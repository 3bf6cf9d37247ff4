"""Communication: how long the channel was silent, whether customers knew, and whether those who asked were answered."""

from itertools import pairwise

import msgspec

from scenarios.expects import Asked, Decision, Expectation, Judged
from scenarios.protocol import Duty
from scoring.curves import timeliness
from scoring.facts import Facts
from scoring.labels import counted, spell, spell_late
from scoring.obligations import (
    NOT_DUE,
    ONCE_FIXED,
    TOO_SOON,
    Drill,
    Finding,
    Judge,
    Owed,
    before_over,
    due,
    not_done,
    rest,
    seen,
    timed,
)
from simulator import events as ev
from simulator.events import Event
from simulator.said import SAYS_SEVERITY, severity_said

__all__ = ["JUDGES", "longest_silence", "overdue"]


# -- silence -----------------------------------------------------------------------------------------------------------


def longest_silence(facts: Facts, until: int | None = None) -> tuple[int, int] | None:
    """The longest stretch without a log entry or an update, from when the team should have been alerted to the fix.

    It begins when the alert was due and not when it came, so that alerting late shortens nothing. None if the time
    in which somebody should have spoken was over before it began. `until` is an end that comes sooner.
    """
    return max(_silences(facts, until), key=lambda gap: gap[1] - gap[0], default=None)


def _worst_silence(facts: Facts) -> tuple[int, int] | None:
    """The silence that was longest for what the protocol's cadence then allowed."""
    return max(_silences(facts, None), key=lambda gap: (gap[1] - gap[0]) / _loosened(facts, gap[0]), default=None)


def _silences(facts: Facts, until: int | None) -> list[tuple[int, int]]:
    """Every stretch without a log entry or an update."""
    since = due("team_alerted", facts)
    until = facts.troubled_until if until is None else min(until, facts.troubled_until)
    if since >= until:
        return []
    return list(pairwise([since, *(at for at in facts.posts if since < at < until), until]))


def _loosened(facts: Facts, at: int) -> float:
    """How many times as long a silence may last then as at first, by the protocol's cadence."""
    cadence = facts.protocol.cadence
    return cadence.at(at - facts.report).internal / cadence.internal if cadence.later else 1.0


def not_silent(owed: Owed, drill: Drill) -> Finding:
    """The longest silence, worth what a time of that length would be worth."""
    facts = drill.facts
    gap = _worst_silence(facts)
    if not facts.posts:
        if not facts.response_over and facts.now < facts.report + (owed.deadline or 0):
            return rest(NOT_DUE, owed)
        whole = ((facts.report, facts.response_end),)
        return Finding(0.0, owed.words.undone, "log entries and updates as it happens", lost_over=whole)
    length = gap[1] - gap[0] if gap is not None else 0
    if owed.target is None or owed.deadline is None:
        return Finding(100.0, f"the longest silence lasted {spell(length)}", actual=length)
    times = _loosened(facts, gap[0]) if gap is not None else 1.0
    target, deadline = owed.target * times, owed.deadline * times
    before, later = seen(facts, [gap] if gap is not None else [])
    which = "the longest silence" if gap == longest_silence(facts) else "a silence"
    said = f"{which} lasted {spell_late(before, target)}"
    if later:
        said = f"{said}, and counts on {TOO_SOON}" if before > target else f"the channel counts as silent {TOO_SOON}"
    return Finding(
        score=timeliness(length, target, deadline),
        why=f"{said}; at most {spell(target)}{'' if which == 'the longest silence' else ' at that time'}",
        remedy=before_over(facts) if later > before else f"an entry or update at least every {spell(target)}",
        counts_on=later > before,
        actual=length,
        start=gap[0] if gap is not None else None,
        evidence=_posts_around(facts, gap),
        lost_over=((gap[0] + round(target), gap[1]),) if gap is not None else (),
    )


def _posts_around(facts: Facts, gap: tuple[int, int] | None) -> tuple[int, ...]:
    if gap is None:
        return ()
    posts: list[Event] = [*facts.during(ev.EntryLogged), *facts.during(ev.UpdatePosted)]
    return tuple(sorted(event.seq for event in posts if event.when in gap))


# -- customers ---------------------------------------------------------------------------------------------------------


def _final(facts: Facts, message: ev.MessagePublished) -> bool:
    """Whether it was right to say that nothing more would come: nothing was broken any more."""
    over = facts.relieved is not None and message.when >= facts.relieved
    return message.next_in == 0 and (over or not facts.mendable)


def _covers(facts: Facts, message: ev.MessagePublished, *, over: bool) -> int:
    """Until when customers were not overdue by this message; `over` says that a rightful last one covers the rest.

    The latest promise counts, also against a longer one before.
    """
    if over:
        return max(facts.end, message.when)
    if message.next_in == 0:
        return message.when  # that it was over was not so: customers know less than before
    return message.when + facts.protocol.cadence.covers(message.when - facts.report, message.next_in)


def _sent(facts: Facts) -> list[ev.MessagePublished]:
    return [message for message in facts.messages if message.when <= facts.response_end]


def cadence_kept(owed: Owed, drill: Drill) -> Finding:
    """The share of the time in which customers were not waiting for a message that was due."""
    facts = drill.facts
    since, until = _first_due(facts), facts.troubled_until
    messages = _sent(facts)
    if not messages:
        if not facts.response_over and facts.now <= since:
            return rest(NOT_DUE, owed)
        return not_done_over_time(owed, drill, since)
    waits = _overdue(facts, messages, since, until)
    before, later = seen(facts, waits)
    said = f"customers waited {spell(before)} for a message that was due" if before else "customers were never overdue"
    if later:
        said = f"{said}, and count as waiting {TOO_SOON}" if before else f"customers count as waiting {TOO_SOON}"
    return Finding(
        score=100.0 * (1 - (before + later) / (until - since)) if until > since else 100.0,
        why=said,
        remedy=before_over(facts) if later > before else "each message when the last one promised it",
        counts_on=later > before,
        evidence=tuple(message.seq for message in messages),
        lost_over=waits,
    )


def overdue(facts: Facts) -> list[tuple[int, int]]:
    """The stretches of the response in which customers waited for a message that was due, the first one included."""
    return _overdue(facts, _sent(facts), _first_due(facts), facts.troubled_until)


def _first_due(facts: Facts) -> int:
    """When the first message was due."""
    return due("published", facts, facts.protocol.cadence.external)


def _overdue(facts: Facts, messages: list[ev.MessagePublished], since: int, until: int) -> list[tuple[int, int]]:
    """The stretches in which no message covered customers."""
    gaps, covered, over = [], since, False
    for message in messages:
        if message.when > covered:
            gaps.append((covered, min(message.when, until)))
        # A word after the last one takes nothing back unless it promises another.
        over = _final(facts, message) or (over and not message.next_in)
        covered = max(since, _covers(facts, message, over=over))
    gaps.append((covered, until))
    return [(start, stop) for start, stop in gaps if start < stop]


def not_done_over_time(owed: Owed, drill: Drill, since: int) -> Finding:
    """Nothing was published at all: 0 from when the first message was due."""
    facts = drill.facts
    if since > facts.limit:
        return rest("it would have been due after the end of the response", owed)
    until = max(facts.end, since + 1)
    return Finding(
        0.0, owed.words.undone, "a first message, then one whenever it was promised", lost_over=((since, until),)
    )


def next_named(owed: Owed, drill: Drill) -> Finding:
    """The share of the time since the first message in which the latest one had said when the next would come."""
    facts = drill.facts
    messages = _sent(facts)
    if not messages:
        if not facts.response_over:
            return rest(NOT_DUE, owed)
        return not_done(owed, drill, remedy="messages that say when the next one comes")
    last = next((message for message in messages if _final(facts, message)), None)
    until = min(last.when if last is not None else facts.end, facts.troubled_until)
    named, silent = 0, [message for message in messages if not _names(facts, message)]
    open_end: list[tuple[int, int]] = []
    for message, following in zip(messages, [*(one.when for one in messages[1:]), until], strict=True):
        lasted = max(0, min(following, until) - message.when)
        if _names(facts, message):
            named += lasted
        elif lasted:
            open_end.append((message.when, message.when + lasted))
    length = until - messages[0].when
    score = named / length if length > 0 else 1.0  # nobody waited any more
    before, later = seen(facts, open_end)
    return Finding(
        score=100.0 * score,
        counts_on=later > before,
        why=f"{len(messages) - len(silent)} of {counted(len(messages), 'message', 'messages')} named the next",
        remedy="the time of the next in each message",
        evidence=tuple(message.seq for message in silent or messages),
        lost_over=open_end or [(one.when, one.when + 1) for one in silent],
    )


def told_over(owed: Owed, drill: Drill) -> Finding:
    """Customers were told that it is over: a last message, or one that says so in words, once it was fixed."""
    facts = drill.facts
    if not facts.mendable:
        return rest("nothing in this scenario ends the impact", owed)
    if facts.fixed is None or facts.relieved is None:
        counts_on = facts.too_soon and any(one.when >= facts.response_end for one in facts.messages)
        better = ONCE_FIXED if counts_on else "fixed, and customers told so"
        return msgspec.structs.replace(not_done(owed, drill, remedy=better), counts_on=counts_on)
    since = facts.relieved
    until = since + (owed.deadline or 0)  # it can be told after the response as well
    from_fix = msgspec.structs.replace(owed, start=since, start_seq=facts.fixed.seq, since="fix", until=until)
    told = (one for one in facts.messages if one.when >= since and (one.next_in == 0 or one.says_over))
    event = next(told, None)
    if event is None:
        undue = msgspec.structs.replace(from_fix, deadline=None)
        return not_done(undue, drill, remedy=f"told within {spell(owed.target)} of the fix" if owed.target else "told")
    return timed(from_fix, drill, event)


def _names(facts: Facts, message: ev.MessagePublished) -> bool:
    return bool(message.next_in) or _final(facts, message)


# -- injects -----------------------------------------------------------------------------------------------------------

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


JUDGES: dict[Duty, Judge] = {
    "not_silent": not_silent,
    "cadence_kept": cadence_kept,
    "next_named": next_named,
    "told_over": told_over,
    "injects_answered": injects_answered,
}
