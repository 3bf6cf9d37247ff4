"""Communication: how long the channel was silent, and whether customers knew. `injects` has those who asked."""

from itertools import pairwise

import msgspec

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
    RunsFrom,
    before_over,
    due,
    not_done,
    rest,
    seen,
    timed,
)
from simulator import events as ev
from simulator.events import Event

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
    runs_from: RunsFrom = "fix" if since == facts.fixed.when else "relief"
    from_fix = msgspec.structs.replace(owed, start=since, start_seq=facts.fixed.seq, since=runs_from, until=until)
    told = (one for one in facts.messages if one.when >= since and (one.next_in == 0 or one.says_over))
    event = next(told, None)
    if event is None:
        undue = msgspec.structs.replace(from_fix, deadline=None)
        return not_done(undue, drill, remedy=f"told within {spell(owed.target)} of the fix" if owed.target else "told")
    return timed(from_fix, drill, event)


def _names(facts: Facts, message: ev.MessagePublished) -> bool:
    return bool(message.next_in) or _final(facts, message)


JUDGES: dict[Duty, Judge] = {
    "not_silent": not_silent,
    "cadence_kept": cadence_kept,
    "next_named": next_named,
    "told_over": told_over,
}
