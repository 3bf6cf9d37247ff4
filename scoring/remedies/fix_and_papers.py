"""The fix, the end and the papers."""

from scenarios.protocol import FALSE_ALARM, Duty
from scoring.hands import SECOND, Hands, down, up
from scoring.ledger import Judged
from scoring.remedies.common import AFTER, Remedy, message_line
from scoring.remedies.messages import file_bug
from simulator import events as ev
from simulator.acts import PlayerAct
from simulator.changes import Change, drop, insert, move
from simulator.reenactment import Done, course_of

__all__ = ["AT_THE_END", "by_declaring"]


def _fixed(one: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    if facts.fixed is not None:
        return _fixed_sooner(one, hands)
    way = [*facts.scenario.way_to_cure, *facts.scenario.cures]
    length = sum(action.takes + 2 * SECOND for action in way) + max((one.settles or 0 for one in way), default=0)
    duty = facts.listed("impact_ended")
    target = facts.bounds(duty).target if duty is not None else None
    due = min(facts.report + (target or 15 * AFTER), facts.limit - 2 * SECOND)
    starts = max(down(due) - length, up(facts.report) + 3 * SECOND)
    hand = hands.somebody(starts, facts.protocol.solver, in_channel=False)
    found, at = list(hand.before), hand.at
    for running in facts.during(ev.ActionStarted):
        if running.ends > at and running.actor == hand.who and running.when < at + length:
            found.append(drop(running.seq))
    for action in way:
        found.append(insert(at, hand.who, f"/do {action.id}"))
        at += up(action.takes) + 2 * SECOND
    if facts.closing is None:
        lead = hands.leader(min(down(at) + AFTER, facts.limit - SECOND))
        found += [*lead.before, insert(lead.at, lead.who, "/resolve")]
    elif facts.closing.when < at + AFTER:
        found.append(move(facts.closing.seq, at + AFTER, rest=True))
    return found


def _fixed_sooner(one: Judged, hands: Hands) -> list[Change]:
    """Everything that led to the fix, as much sooner as it was late, as far as those who did it were there.

    What followed from the fix comes as much sooner: it is declared over, customers hear of it, the papers are written.
    """
    facts, fixed = hands.facts, hands.facts.fixed
    took, target = one.finding.actual, one.owed.target
    if fixed is None or took is None or target is None:
        return []
    by = up(int(took - target))
    found, free, latest, gained = list[Change](), dict[str, int](), 0, 0
    way = (*facts.scenario.way_to_cure, *facts.scenario.cures)
    needed = {action.id for action in way if action.id != fixed.cause}
    for event in facts.during(ev.ActionStarted):
        if event.when > fixed.when or event.actor is None:
            continue
        ready = hands.ready(event.actor, in_channel=False) or event.when
        at = max(up(event.when) - by, ready, free.get(event.actor, 0), latest if event.action == fixed.cause else 0)
        at = min(at, event.when)
        free[event.actor] = up(at + event.ends - event.when) + SECOND
        if event.action in needed:
            latest = max(latest, free[event.actor])
        if at < event.when:
            found.append(move(event.seq, at))
            gained = event.when - at if event.action == fixed.cause else gained
    moved = {change.seq for change in found}
    then = next((done.event for done in course_of(hands.events) if _follows(done, fixed.when, moved)), None)
    return [*found, move(then.seq, then.when - gained, rest=True)] if then is not None and gained else found


def _follows(done: Done, fixed: int, moved: set[int]) -> bool:
    """Whether an act is one of those that came after the fix."""
    return (
        done.event is not None
        and isinstance(done.act, PlayerAct)
        and done.event.when > fixed
        and done.event.seq not in moved
    )


def _looked(one: Judged, hands: Hands) -> list[Change]:
    """A look before each risky action, by somebody else meanwhile; or else first, and all after it waits for that."""
    facts = hands.facts
    if facts.fixed is None:
        return _fixed(one, hands)
    found: list[Change] = []
    for event in facts.during(ev.ActionStarted):
        risky = facts.scenario.action(event.action)
        if event.seq not in one.finding.evidence or event.actor is None or risky is None:
            continue
        done = {act.action for act in facts.during(ev.ActionFinished) if act.when <= event.when}
        needs = [need for need in map(facts.scenario.action, risky.needs) if need is not None and need.id not in done]
        took = sum(up(need.takes) + SECOND for need in needs)
        idle = next(iter(_idle(hands, event.when - took, event.when, event.actor)), None)
        at = event.when - took if idle is not None else event.when
        for need in needs:
            found.append(insert(at, idle or event.actor, f"/do {need.id}"))
            at += up(need.takes) + SECOND
        if idle is None:
            found.append(move(event.seq, at, rest=True))
    return found


def _idle(hands: Hands, since: int, until: int, actor: str) -> list[str]:
    """Who else was there and did nothing that takes time, between two times."""
    busy = {
        event.actor for event in hands.facts.during(ev.ActionStarted) if event.when <= until and event.ends >= since
    }
    there = hands.there(since, in_channel=False) if since > hands.facts.report else []
    return [member for member in there if member not in busy and member != actor]


def _harmless(_: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    worse = {change.cause for change in facts.all(ev.ImpactChanged) if change.impact == "worse"}
    if worse:
        return [drop(event.seq) for event in facts.during(ev.ActionStarted) if event.action in worse]
    look = next((action for action in facts.scenario.actions if action.effect == "nothing" and not action.needs), None)
    at = up(facts.report) + AFTER
    return [] if look is None else hands.added(at, f"/do {look.id}", facts.protocol.solver, in_channel=False)


# -- the end and the papers --------------------------------------------------------------------------------------------


_BY_DECLARING: frozenset[Duty] = frozenset(("impact_ended", "way_to_fix", "resolved_by_commander"))
"""What is lost whenever it is declared over before the fix has taken hold."""


def by_declaring(one: Judged, hands: Hands) -> Remedy | None:
    """What would have earned a loss that comes of declaring it over too soon; None if it does not."""
    facts = hands.facts
    if facts.too_soon:
        return _declared_later if one.finding.counts_on or one.owed.duty.act in _BY_DECLARING else None
    return _fixed if one.finding.counts_on and facts.fixed_at_all is None else None


def _declared_later(_: Judged, hands: Hands) -> list[Change]:
    """Declared over once the fix had taken hold and been watched; all that followed comes as much later."""
    facts = hands.facts
    if facts.closing is None or facts.took_hold is None:
        return []
    at = max(up(facts.took_hold) + SECOND, min(up(facts.took_hold) + AFTER, facts.limit - SECOND))
    return [move(facts.closing.seq, at, rest=True)]


def _resolved(one: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    event = facts.first(ev.IncidentResolved)
    if facts.fixed is None and facts.mendable and facts.closing is None:
        return _fixed(one, hands)
    since = facts.fixed.when if facts.fixed is not None else facts.report
    watched = min(up(since) + AFTER, facts.limit - SECOND)
    if event is not None and event.when < watched and event.actor in hands.holders(hands.commander, event.when):
        return [move(event.seq, watched, rest=True)]
    at = min(watched, hands.over - SECOND) if event is None else max(event.when, watched)
    hand = hands.leader(at)
    return [*([] if event is None else [drop(event.seq)]), *hand.before, insert(hand.at, hand.who, "/resolve")]


def _told_over(one: Judged, hands: Hands) -> list[Change]:
    """Customers hear that it is over, once it is."""
    facts = hands.facts
    found = _fixed(one, hands) if facts.fixed is None else []
    done = max((change.at for change in found if change.how == "add"), default=0)
    since = facts.relieved if facts.relieved is not None else done + 10 * AFTER
    at = up(since) + 10 * SECOND if found else min(up(since) + 10 * SECOND, hands.over - SECOND)
    hand = hands.leader(at)
    line = message_line(hands, hand.at, "All of it works again for everybody next 0s")
    return [*found, *hand.before, insert(hand.at, hand.who, line)]


def _closed(_: Judged, hands: Hands) -> list[Change]:
    """Somebody looks, and then closes it with what they saw."""
    facts = hands.facts
    look = next((action for action in facts.scenario.actions if action.effect == "nothing" and not action.needs), None)
    at = up(facts.report) + 30 * SECOND
    hand = hands.somebody(at, hands.commander, in_channel=False)
    found = [drop(event.seq) for event in (*facts.during(ev.IncidentClosed), *facts.during(ev.IncidentResolved))]
    if look is not None and not facts.during(ev.ActionFinished):
        found.append(insert(hand.at, hand.who, f"/do {look.id}"))
        at = hand.at + up(look.takes) + SECOND
    return [*found, insert(at, hand.who, "/close There is nothing that is broken")]


def _quietly(one: Judged, hands: Hands) -> list[Change]:
    found = [drop(event.seq) for event in hands.facts.during(ev.TeamAlerted)]
    return found or (_closed(one, hands) if hands.facts.severity == FALSE_ALARM else file_bug(one, hands))


_SITREP = "/sitrep solution=What was done who=Those who were hit how=What they could not do"


def _papers(_: Judged, hands: Hands) -> list[Change]:
    """The situation report with all answers, sent by the commander and attached: what of that was not done."""
    facts, filed = hands.facts, hands.facts.all(ev.SituationReportFiled)
    sent, attached = facts.first(ev.ReportEmailed), facts.all(ev.PaperAttached)
    turn = next(iter(facts.all(ev.PhaseBegan)), None)
    at = up(turn.when if turn is not None else hands.over) + 20 * SECOND
    lead = hands.leader(down(hands.over) - 2 * SECOND)
    who = lead.who
    answered = bool(filed) and all((filed[-1].solution, filed[-1].who_impacted, filed[-1].how_impacted))
    by = hands.holders(hands.commander, sent.when) if sent is not None else []
    found = [] if answered else [*(drop(event.seq) for event in filed), insert(at, who, _SITREP)]
    if sent is None:
        found += [*lead.before, insert(at + 10 * SECOND, who, "/email")]
    elif sent.actor not in by:
        found += [*(() if by else lead.before), drop(sent.seq), insert(sent.when, (by or [who])[0], "/email")]
    if not any(event.paper == "situation_report" for event in attached):
        found.append(insert(at + 15 * SECOND, who, "/attach situation_report"))
    return found


def _followed_up(_: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    at = up(hands.over) + 25 * SECOND
    who = hands.somebody(hands.over, hands.commander, in_channel=False).who
    day = f"{facts.plan.start:%Y-%m-%d}"
    found = (
        []
        if any(one.learnings.strip() for one in facts.with_follow_up(ev.PostMortemFiled)[-1:])
        else [insert(at, who, "/postmortem learnings=What we learned")]
    )
    return [*found, insert(at + SECOND, who, f"/action owner={who} due={day} what=What we change")]


AT_THE_END: dict[Duty, Remedy] = {
    "closed": _closed,
    "impact_ended": _fixed,
    "way_to_fix": _looked,
    "no_harm": _harmless,
    "resolved_by_commander": _resolved,
    "told_over": _told_over,
    "not_alerted": _quietly,
    "situation_report": _papers,
    "emailed": _papers,
    "attached": _papers,
    "answers": _papers,
    "follow_up": _followed_up,
}
