"""Response time: how soon each thing happened that somebody was waiting for."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from scenarios.protocol import FALSE_ALARM, Duty
from scoring.curves import timeliness
from scoring.labels import sooner, spell, spell_late
from scoring.obligations import (
    DUE_AFTER,
    NOT_DUE,
    ONCE_FIXED,
    Drill,
    Finding,
    Judge,
    Owed,
    due,
    missed,
    not_done,
    rest,
    time_for,
    timed,
)
from scoring.role_holders import shares_over
from simulator import events as ev
from simulator.events import Event

__all__ = ["JUDGES"]


def severity_declared(owed: Owed, drill: Drill) -> Finding:
    """The first judgement of how grave it is, whichever act said it; closing a false alarm is one."""
    facts = drill.facts
    found: list[Event] = [event for _, _, event in facts.said[:1]]
    if facts.severity == FALSE_ALARM:
        found += facts.closed[:1]
    return timed(owed, drill, min(found, key=lambda event: event.when, default=None))


def first_of(kind: type[Event]) -> Judge:
    """A judge of when the first event of a kind came."""
    return lambda owed, drill: timed(owed, drill, next(iter(drill.facts.during(kind)), None))


def closed(owed: Owed, drill: Drill) -> Finding:
    """The incident was closed, with a reason that says something."""
    if drill.facts.closed or drill.facts.closing is None:
        return timed(owed, drill, next(iter(drill.facts.closed), None))
    return not_done(owed, drill, "closed before anybody had looked, or without a reason", "a look, and then a reason")


def workaround_used(owed: Owed, drill: Drill) -> Finding:
    """Operations were told how to go on, if the scenario has a way."""
    if drill.facts.scenario.workaround is None:
        return rest("this scenario has no workaround", owed)
    return first_of(ev.WorkaroundAnnounced)(owed, drill)


def impact_ended(owed: Owed, drill: Drill) -> Finding:
    """The impact was ended and stayed so. A minute in which somebody had made it worse counts twice."""
    facts = drill.facts
    if not facts.mendable:
        return rest("nothing in this scenario ends the impact", owed)
    if not facts.over and facts.response_over and not facts.cut_short:
        return _ended_too_late(owed, drill)
    if facts.fixed is None or facts.relieved is None or not facts.over:
        return not_done(owed, drill)
    felt = facts.relieved > facts.fixed.when
    ended = msgspec.structs.replace(facts.fixed, at=facts.relieved, said=None) if felt else facts.fixed
    found, worse = timed(owed, drill, ended), facts.worse_for
    if not worse or found.actual is None or owed.target is None or owed.deadline is None:
        return found
    counted = found.actual + worse
    return msgspec.structs.replace(
        found,
        score=timeliness(counted, owed.target, owed.deadline),
        why=f"{found.why}; {spell(worse)} of it had been made worse, which counts twice",
        remedy=sooner(counted - owed.target),
    )


def _ended_too_late(owed: Owed, drill: Drill) -> Finding:
    """There is no later, whatever its deadline was. Who declared it over too soon answers for that."""
    facts, hold = drill.facts, drill.facts.took_hold
    closing, over = facts.closing, facts.response_end
    if hold is None or closing is None or not facts.walked_away:
        why = "declared over while it was still broken" if facts.walked_away else None
        if hold is not None and closing is None:
            why = f"the fix took hold {spell(hold - over)} after the response was over"
        return missed(owed, over, why)
    what = "the fix took hold" if facts.fixed is None else "customers stopped feeling it"
    return msgspec.structs.replace(
        missed(owed, over, f"declared over {spell(hold - over)} before {what}"),
        remedy=ONCE_FIXED,
        evidence=(closing.seq,),
        owner=facts.protocol.commander,
        at_fault={} if closing.actor is None else {closing.actor: 1.0},
        lost_over=((over, max(over + 1, hold)),),
    )


def role_in_place(owed: Owed, drill: Drill) -> Finding:
    """Somebody who may hold the role held it."""
    tenure = drill.roles.first(owed.duty.role or "")
    if tenure is None or tenure.since > drill.facts.response_end:
        return not_done(owed, drill)
    taken = next(event for kind in _TAKING for event in drill.facts.all(kind) if event.seq == tenure.seq)
    return timed(owed, drill, taken)


_TAKING: tuple[type[Event], ...] = (ev.RoleTaken, ev.RoleHandedOver)


# -- what every member owes --------------------------------------------------------------------------------------------


def acknowledged(owed: Owed, drill: Drill) -> Finding:
    """The mean over the members who had to answer the alert: everybody but the one who sent it.

    To come is an answer, too.
    """
    facts = drill.facts
    caller = facts.plan.first_responder if facts.alert is None else facts.alert.actor
    return _of_members(owed, drill, facts.answered, caller)


def joined(owed: Owed, drill: Drill) -> Finding:
    """The mean over all members."""
    return _of_members(owed, drill, drill.facts.joined, None)


def _of_members(owed: Owed, drill: Drill, done: Mapping[str, Event], caller: str | None) -> Finding:
    facts = drill.facts
    owing = [player.id for player in facts.plan.players if player.id != caller]
    if not owing:
        return rest("there is nobody else in the team", owed)
    judged = {member: found for member in owing if (found := of_member(member, owed, drill, done)).score is not None}
    if not judged:
        return rest(_reasons([of_member(member, owed, drill, done).why for member in owing]), owed)
    losses = {member: 100.0 - (found.score or 0.0) for member, found in judged.items()}
    lost = sum(losses.values())
    alert_due = _callable_from(owed, drill)
    answer_due = facts.response_end if owed.deadline is None else alert_due + owed.deadline
    watch = ((alert_due, answer_due if facts.alert is None else min(answer_due, facts.alert.when)),)
    took = [found.actual for found in judged.values() if found.actual is not None]
    starts = [found.start for found in judged.values()]
    return Finding(
        score=100.0 - lost / len(judged),
        why=_together(owed, drill, len(judged), took, called_at_once=_same(starts) is not None),
        remedy=f"all within {spell(owed.target)}" if owed.target is not None else "everybody",
        evidence=tuple(sorted({seq for found in judged.values() for seq in found.evidence})),
        actual=sum(took) / len(took) if took else None,
        start=_same(starts),
        # If nobody was alerted, nobody could answer: that counts for the one who did not alert.
        owner="first_responder" if facts.alert is None else None,
        lost_over=watch,
        at_fault=None if facts.alert is None else _at_fault(owed, drill, judged, watch[0]),
    )


def _at_fault(owed: Owed, drill: Drill, judged: Mapping[str, Finding], watch: tuple[int, int]) -> dict[str, float]:
    """Each member's share of the loss.

    Who was called so late that the deadline lies beyond the end could not answer in time any more: that loss counts for
    those who had the report and did not call.
    """
    facts, shares = drill.facts, dict[str, float]()
    callers = shares_over(drill.roles.watch, [watch])
    lost = sum(100.0 - (found.score or 0.0) for found in judged.values())
    for member, found in judged.items():
        loss = (100.0 - (found.score or 0.0)) / lost if lost else 0.0
        too_late = found.actual is None and (found.start or 0) + (owed.deadline or 0) > facts.limit
        for name, part in (callers if too_late else {member: 1.0}).items():
            shares[name] = shares.get(name, 0.0) + part * loss
    return {member: share for member, share in shares.items() if share > 0}


def of_member(member: str, owed: Owed, drill: Drill, done: Mapping[str, Event]) -> Finding:
    """One member's own time: from the alert that reached them, so that a slow alert costs only the one who owed it."""
    facts, act = drill.facts, done.get(member)
    alert = facts.called(owed.first, member) or facts.alert
    if facts.let_off(member, act if alert is not None else None):
        return rest("excused" if member in facts.excused else "not on duty yet", owed)
    if alert is None:
        return _never_alerted(owed, drill)
    start, target, deadline = time_for(owed.duty, facts, alert.when if owed.duty.clock == "reached" else None)
    if isinstance(alert, ev.ShiftBegan) and start + (deadline or 0) > owed.until and act is None:
        return rest(DUE_AFTER, owed)
    if act is None:
        return _missing(owed, drill, start, alert.seq)
    took = max(0, act.when - start)
    if target is None or deadline is None:
        return Finding(100.0, owed.words.done, evidence=(alert.seq, act.seq), actual=took, start=start)
    if took > target and _out_of_reach(owed, drill):
        return rest(DUE_AFTER, owed)
    when = f"{spell_late(took, target)} after the alert" if act.when >= start else "before it was due"
    return Finding(
        score=timeliness(took, target, deadline),
        why=f"{owed.words.done} {when}; target {spell(target)}",
        evidence=(alert.seq, act.seq),
        actual=took,
        start=start,
    )


def _missing(owed: Owed, drill: Drill, start: int, alert: int) -> Finding:
    """Alerted, but not done. Whether it was still possible depends on when the alert was due, never on when it came."""
    facts = drill.facts
    if not facts.response_over and (owed.deadline is None or start + owed.deadline > facts.now):
        return rest(NOT_DUE, owed)
    if _out_of_reach(owed, drill):
        return rest(DUE_AFTER, owed)
    limit = f"; target {spell(owed.target)}" if owed.target is not None else ""
    return Finding(0.0, owed.words.undone + limit, evidence=(alert,), start=start)


def _never_alerted(owed: Owed, drill: Drill) -> Finding:
    facts = drill.facts
    if not facts.response_over and (owed.deadline is None or _callable_from(owed, drill) + owed.deadline > facts.now):
        return rest(NOT_DUE, owed)
    if _out_of_reach(owed, drill):
        return rest(DUE_AFTER, owed)
    return Finding(0.0, "nobody was alerted")


def _out_of_reach(owed: Owed, drill: Drill) -> bool:
    return _callable_from(owed, drill) + (owed.deadline or 0) > owed.until


def _callable_from(owed: Owed, drill: Drill) -> int:
    """When the alert was due, or when what it calls to was first owed if that was later."""
    return max(due("team_alerted", drill.facts), owed.first)


def _reasons(said: Sequence[str]) -> str:
    """Why none of several members could be judged: one reason, or each with how many it holds for."""
    found = Counter(said)
    return said[0] if len(found) == 1 else "; ".join(f"{number} of {len(said)}: {why}" for why, number in found.items())


def _together(owed: Owed, drill: Drill, judged: int, took: list[float], *, called_at_once: bool) -> str:
    if drill.facts.alert is None:
        return "nobody was alerted"
    limit = f"; target {spell(owed.target)}" if owed.target is not None else ""
    if not took:
        return f"none of {judged} {owed.words.done}{limit}"
    alert = "the alert" if called_at_once else "each was called"
    done = f"{len(took)} of {judged} {owed.words.done}"
    in_time = sum(one <= (owed.target or 0) for one in took)
    if in_time and owed.deadline is not None and max(took) > owed.deadline:  # one who came hours later is no average
        return f"{done}, {in_time} of them in time, the last {spell(max(took))} after {alert}{limit}"
    mean = spell(sum(took) / len(took))
    return f"{done}, {mean if judged == 1 else f'on average {mean}'} after {alert}{limit}"


def _same(starts: list[int | None]) -> int | None:
    return starts[0] if len(set(starts)) == 1 else None


JUDGES: dict[Duty, Judge] = {
    "severity_declared": severity_declared,
    "team_alerted": first_of(ev.TeamAlerted),
    "acknowledged": acknowledged,
    "joined": joined,
    "role_in_place": role_in_place,
    "logged": first_of(ev.EntryLogged),
    "updated": first_of(ev.UpdatePosted),
    "published": first_of(ev.MessagePublished),
    "workaround_used": workaround_used,
    "bug_filed": first_of(ev.BugFiled),
    "closed": closed,
    "impact_ended": impact_ended,
}
