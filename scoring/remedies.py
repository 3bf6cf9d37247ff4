"""What would have earned an obligation: the acts to move, drop or add. Each duty that an act can mend has its remedy.

A remedy takes people as they were: who was there, and from when. It is a change to what was done and no promise; what
it brings, only playing the drill again says.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from scenarios.expects import Decision, Expectation
from scenarios.protocol import FALSE_ALARM, Duty
from scoring.components.communication import overdue
from scoring.hands import SECOND, Hands, down, every, up
from scoring.ledger import Judged
from scoring.obligations import call_to
from simulator import events as ev
from simulator.changes import Change, drop, insert, move
from simulator.events import Event

__all__ = ["remedy"]

Remedy = Callable[[Judged, Hands], list[Change]]
_MESSAGE = "A word to everybody whom this keeps from their work"
"""Like nobody's own words, so that it is taken for none of their drafts, whether those are here or erased."""
_AFTER = 60 * SECOND
"""How long after a fix it is declared over."""


def remedy(one: Judged, hands: Hands) -> list[Change]:
    """The changes that would have earned an obligation, as far as acts could; none if nobody knows."""
    found = _REMEDIES.get(one.owed.duty.act)
    if found is None or not one.lost:
        return []
    changes: dict[object, Change] = {}
    for change in sorted(found(one, hands), key=lambda change: change.at):
        changes.setdefault(change if change.how == "add" else change.seq, change)  # an act is changed once
    return list(changes.values())


def _due(one: Judged, otherwise: int = 0) -> int:
    """When it was due; a while after its clock began if it has no target."""
    owed = one.owed
    return down(owed.start + (owed.target if owed.target is not None else otherwise))


# -- being called and coming -------------------------------------------------------------------------------------------


def _alert(one: Judged, hands: Hands) -> list[Change]:
    """The alert in time, and all that followed as soon after it; if there was none, an alert that all answer."""
    facts = hands.facts
    due = max(_due(one, 30 * SECOND), up(facts.report) + SECOND)
    if facts.alert is not None:
        return [move(facts.alert.seq, due, rest=True)] if facts.alert.when > due else []
    first = facts.plan.first_responder
    others = [player.id for player in facts.plan.players if player.id != first and player.id not in facts.excused]
    came = [member for member in (first, *others) if member not in facts.joined]
    return [
        insert(due, first, _call(hands, due)),
        *(insert(due + 10 * SECOND, member, "/ack") for member in others if member not in facts.acknowledged),
        *(insert(due + 20 * SECOND, member, "/join") for member in came),
    ]


def _call(hands: Hands, at: int, verb: str = "alert") -> str:
    return f"/{verb} {hands.facts.course.gravest_by(at)} {hands.facts.scenario.topic}"


def _answer(line: str, done: str) -> Remedy:
    def each(one: Judged, hands: Hands) -> list[Change]:
        facts = hands.facts
        if facts.alert is None:
            return _alert(one, hands)
        acts: Mapping[str, Event] = getattr(facts, done)
        found: list[Change] = []
        for player in facts.plan.players:
            called, act = call_to(one.owed.duty.act, facts, player.id) or facts.alert, acts.get(player.id)
            due = down(max(called.when, one.owed.first) + (one.owed.target or 30 * SECOND))
            if player.id in facts.excused or (done == "acknowledged" and player.id == facts.alert.actor):
                continue
            if act is None:
                found.append(insert(due, player.id, line))
            elif act.when > due:
                found.append(move(act.seq, due))
        return found

    return each


def _alert_complete(one: Judged, hands: Hands) -> list[Change]:
    alert = hands.facts.alert
    if alert is None or alert.actor is None:
        return _alert(one, hands)
    return [drop(alert.seq), insert(alert.when, alert.actor, _call(hands, alert.when))]


def _restated(_: Judged, hands: Hands) -> list[Change]:
    came = [event.when for event in hands.facts.joined.values()]
    at = up(min(came, default=hands.facts.report)) + 2 * SECOND
    return hands.added(at, _call(hands, at, "restate"), hands.commander)


# -- severity ----------------------------------------------------------------------------------------------------------


def _severity(one: Judged, hands: Hands) -> list[Change]:
    """What it was, whenever it changed, in time; and nothing that it was not."""
    facts = hands.facts
    said = facts.during(ev.SeverityDeclared)
    found = [drop(event.seq) for event in said if event.severity not in facts.course.right_at(event.when)]
    kept = [event for event in said if event.severity in facts.course.right_at(event.when)]
    wrong = facts.alert is not None and facts.alert.severity not in (None, *facts.course.right_at(facts.alert.when))
    duty = facts.listed("severity_declared")
    allowed = (facts.bounds(duty).target if duty is not None else None) or one.owed.target or 30 * SECOND
    for span in facts.spans:
        due = down(max(span.since, facts.report) + allowed)
        first = next((event for event in kept if event.severity == span.level and event.when >= span.since), None)
        if first is not None and first.when <= due:
            continue
        if first is not None and hands.could(first.actor, due, in_channel=False):
            found.append(move(first.seq, due))
        else:
            found += hands.added(due, f"/sev {span.level}", hands.commander, in_channel=False)
    if wrong and facts.alert is not None and facts.alert.actor is not None:
        found += [drop(facts.alert.seq), insert(facts.alert.when, facts.alert.actor, _call(hands, facts.alert.when))]
    return found


# -- roles -------------------------------------------------------------------------------------------------------------


def _taken(one: Judged, hands: Hands) -> list[Change]:
    role, due = one.owed.duty.role or "", _due(one)
    tenure = hands.drill.roles.first(role)
    if tenure is not None and hands.could(tenure.member, due):
        return [move(tenure.seq, due)]
    there = hands.there(due)
    who = next(
        (member for member in hands.able(role) if member in there), tenure.member if tenure is not None else None
    )
    who = who or next(iter(hands.able(role)), None)
    if who is None:
        return []
    known = hands.ready(who, in_channel=False)
    at = max(due, (known or due) + SECOND)
    taken = move(tenure.seq, at) if tenure is not None and tenure.member == who else insert(at, who, f"/role {role}")
    return [*hands.coming(who, at - SECOND), taken]


def _covered(one: Judged, hands: Hands) -> list[Change]:
    """A person for each role from when it was due to the end."""
    facts, roles = hands.facts, hands.drill.roles
    wanted = facts.table.roles if facts.table is not None else []
    due = max(_due(one), up(facts.report) + 2 * SECOND)
    found = _alert(one, hands) if facts.alert is None and len(wanted) > 1 else []
    called = found[0].at if found else down(facts.report)
    given = _given(wanted, hands)
    found += _freed(wanted, given, hands)
    dropped = {change.seq for change in found if change.how == "drop"}
    for role, member in given.items():
        had = next((tenure for tenure in roles.tenures.get(role, ()) if tenure.member == member), None)
        kept = had if had is not None and had.seq not in dropped else None
        if kept is not None and kept.since <= due:
            continue
        at = due
        if not hands.could(member, due):
            at = max(due, (hands.ready(member, in_channel=False) or called + 10 * SECOND) + SECOND)
            found += hands.coming(member, at - SECOND)
        found.append(move(kept.seq, at) if kept is not None else insert(at, member, f"/role {role}"))
    return found


def _given(wanted: Sequence[str], hands: Hands) -> dict[str, str]:
    """Who should have had each role: who first had it, if they have no other, or else who came soonest."""
    given: dict[str, str] = {}
    for role in wanted:
        had = hands.drill.roles.first(role)
        if had is not None and had.member not in given.values() and had.member not in hands.facts.excused:
            given[role] = had.member
    for role in wanted:
        able = hands.able(role)
        free = [member for member in able if member not in given.values()]
        free.sort(key=lambda member: hands.ready(member) or hands.facts.limit)
        if role not in given and able:
            given[role] = (free or able)[0]
    return given


def _freed(wanted: Sequence[str], given: Mapping[str, str], hands: Hands) -> list[Change]:
    """Nobody takes a role that another should have; they say one that any number may hold."""
    roomy = [role.id for role in hands.facts.protocol.roles if role.most is None and role.id not in wanted]
    found: list[Change] = []
    for event in _role_acts(hands):
        if _breaks(event, given):
            found.append(drop(event.seq))
            if isinstance(event, ev.RoleTaken) and event.actor not in given.values() and event.actor and roomy:
                found.append(insert(event.when, event.actor, f"/role {roomy[0]}"))
    return found


def _role_acts(hands: Hands) -> list[Event]:
    facts = hands.facts
    return [
        *facts.during(ev.RoleTaken),
        *facts.during(ev.RoleReleased),
        *facts.during(ev.HandoverOffered),
        *facts.during(ev.RoleHandedOver),
    ]


def _breaks(event: Event, given: Mapping[str, str]) -> bool:
    """Whether a change of roles stands in the way of everybody keeping what they are given."""
    if isinstance(event, ev.RoleTaken):
        return event.role in given and given[event.role] != event.actor
    return isinstance(event, ev.RoleReleased | ev.HandoverOffered | ev.RoleHandedOver) and event.role in given


def _stated(one: Judged, hands: Hands) -> list[Change]:
    """Everybody who came and said no role says one that any number may hold."""
    facts = hands.facts
    roomy = [role.id for role in facts.protocol.roles if role.most is None]
    found = [] if facts.joined else _alert(one, hands)
    came = {change.who: change.at for change in found if change.line == "/join"}
    came |= {member: event.when for member, event in facts.joined.items()}
    for member, at in came.items():
        role = next((role for role in roomy if member in hands.able(role)), None)
        if role is not None and hands.drill.roles.stated(member, at) is None:
            found.append(insert(min(up(at) + 30 * SECOND, hands.over - SECOND), member, f"/role {role}"))
    return found


# -- saying and writing ------------------------------------------------------------------------------------------------


def _first(kind: type[Event], line: str, role: str, *, in_channel: bool = True) -> Remedy:
    """The first act of a kind in time. `role` is the protocol's field for whoever usually does it."""

    def found(one: Judged, hands: Hands) -> list[Change]:
        facts, due = hands.facts, _due(one, _AFTER)
        event = next((event for event in facts.during(kind)), None)
        said = line.format(workaround=" ".join((facts.scenario.workaround or "").split()))
        if event is not None:
            return hands.sooner(event, due, said, in_channel=in_channel)
        return hands.added(min(due, hands.over - SECOND), said, getattr(facts.protocol, role), in_channel=in_channel)

    return found


def _message(hands: Hands, at: int) -> list[Change]:
    """A message to customers, by whoever commands, so that it is agreed."""
    hand = hands.leader(at)
    return [*hand.before, insert(hand.at, hand.who, f"/publish {_MESSAGE} next 10m")]


def _published(one: Judged, hands: Hands) -> list[Change]:
    due, messages = _due(one, _AFTER), hands.facts.messages
    if not messages:
        return _kept(one, hands)
    if messages[0].agreed:
        return _message(hands, due)
    return hands.sooner(messages[0], due, f"/publish {_MESSAGE} next 10m", in_channel=False)


def _kept(one: Judged, hands: Hands) -> list[Change]:
    """A message whenever customers would have waited for one."""
    facts = hands.facts
    step = min(10 * _AFTER, facts.protocol.cadence.external)
    waits = [(start, min(stop, hands.over)) for start, stop in overdue(facts)]
    if not facts.messages and one.owed.duty.act == "published":
        waits.append((_due(one, _AFTER), hands.over))
    times = {down(at) for start, stop in waits for at in every(down(start), stop, step) if at < hands.over}
    return [change for at in sorted(times) for change in _message(hands, max(at, up(facts.report) + 3 * SECOND))]


def _named(one: Judged, hands: Hands) -> list[Change]:
    if not hands.facts.messages:
        return _kept(one, hands)
    silent = [event for event in hands.facts.messages if event.next_in is None or event.next_in == 0]
    end = hands.facts.fixed.when if hands.facts.fixed is not None else hands.over
    return [
        change
        for event in silent
        if event.when <= hands.over and (event.next_in is None or event.when < end)
        for change in (drop(event.seq), *_message(hands, event.when))
    ]


def _agreed(one: Judged, hands: Hands) -> list[Change]:
    if not hands.facts.messages:
        return _kept(one, hands)
    found = []
    for event in hands.facts.messages:
        if not event.agreed:
            hand = hands.leader(event.when)
            next_in = "" if event.next_in is None else f" next {event.next_in // SECOND}s"
            found += [drop(event.seq), *hand.before, insert(hand.at, hand.who, f"/publish {_MESSAGE}{next_in}")]
    return found


def _spoken(one: Judged, hands: Hands) -> list[Change]:
    """An update before any silence grows too long."""
    facts = hands.facts
    step = one.owed.target or 5 * _AFTER
    marks = sorted({up(facts.report) + SECOND, *(at for at in facts.posts if at < hands.over), hands.over})
    found: list[Change] = []
    for since, until in pairwise(marks):
        if until - since > step:
            for at in every(since + step - SECOND, until, step - SECOND):
                found += hands.added(at, "/update This is how it stands", hands.commander)
    return found


def _answered(one: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    found: list[Change] = []
    for event in facts.during(ev.InjectDelivered):
        inject = facts.scenario.inject(event.inject or "")
        for asked in inject.expects or () if inject is not None else ():
            if isinstance(asked, Expectation | Decision) and event.seq in one.finding.evidence:
                found += _reply(event, asked, hands)
    return found


def _reply(event: ev.InjectDelivered, asked: Expectation | Decision, hands: Hands) -> list[Change]:
    at = down(event.when + asked.target)
    at = max(up(event.when) + SECOND, min(at, hands.over - SECOND))
    who = next((member for member in event.recipients if hands.could(member, at, in_channel=False)), None)
    if who is None:
        return []
    if isinstance(asked, Decision):
        return [insert(at, who, f"/choose {asked.options[0].id}")]
    lines = {
        "reply": f"/reply {event.number} We are on it",
        "declare_severity": f"/sev {hands.facts.scenario.severity_at(event.when)}",
    }
    if asked.act in lines:
        return [insert(at, who, lines[asked.act])]
    if asked.act == "publish":
        return _message(hands, at)
    if asked.act in ("update", "log"):
        return hands.added(at, f"/{asked.act} This is how it stands", hands.commander)
    return []


# -- the fix -----------------------------------------------------------------------------------------------------------


def _mended(one: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    if facts.fixed is not None:
        return _mended_sooner(one, hands)
    way = [*facts.scenario.way_to_cure, *facts.scenario.cures]
    length = sum(action.takes + 2 * SECOND for action in way) + max((one.settles or 0 for one in way), default=0)
    duty = facts.listed("impact_ended")
    target = facts.bounds(duty).target if duty is not None else None
    due = min(facts.report + (target or 15 * _AFTER), facts.limit - 2 * SECOND)
    starts = max(down(due) - length, up(facts.report) + 3 * SECOND)
    hand = hands.somebody(starts, facts.protocol.solver, in_channel=False)
    found, at = list(hand.before), hand.at
    for running in facts.during(ev.ActionStarted):
        if running.ends > at and running.actor == hand.who and running.when < at + length:
            found.append(drop(running.seq))
    for action in way:
        found.append(insert(at, hand.who, f"/do {action.id}"))
        at += up(action.takes) + 2 * SECOND
    if facts.closing is not None and facts.closing.when < at + _AFTER:
        found.append(move(facts.closing.seq, at + _AFTER, rest=True))
    return found


def _mended_sooner(one: Judged, hands: Hands) -> list[Change]:
    """Everything that led to the fix, as much sooner as it was late, as far as those who did it were there."""
    facts, fixed = hands.facts, hands.facts.fixed
    took, target = one.finding.actual, one.owed.target
    if fixed is None or took is None or target is None:
        return []
    by = up(int(took - target))
    found, free, latest = list[Change](), dict[str, int](), 0
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
    return found


def _looked(one: Judged, hands: Hands) -> list[Change]:
    """A look before each risky action, by somebody else meanwhile; or else first, and all after it waits for that."""
    facts = hands.facts
    if facts.fixed is None:
        return _mended(one, hands)
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
    at = up(facts.report) + _AFTER
    return [] if look is None else hands.added(at, f"/do {look.id}", facts.protocol.solver, in_channel=False)


# -- the end and the papers --------------------------------------------------------------------------------------------


def _resolved(one: Judged, hands: Hands) -> list[Change]:
    facts = hands.facts
    event = facts.first(ev.IncidentResolved)
    if facts.fixed is None and facts.mendable:
        found = _mended(one, hands)
        done = max((change.at for change in found if change.how == "add"), default=0)
        hand = hands.leader(min(down(done) + 10 * _AFTER, facts.limit - SECOND))
        return [
            *found,
            *([] if event is None else [drop(event.seq)]),
            *hand.before,
            insert(hand.at, hand.who, "/resolve"),
        ]
    since = facts.fixed.when if facts.fixed is not None else facts.report
    at = min(up(since) + _AFTER, hands.over - SECOND) if event is None else event.when
    hand = hands.leader(at)
    return [*([] if event is None else [drop(event.seq)]), *hand.before, insert(hand.at, hand.who, "/resolve")]


def _told_over(one: Judged, hands: Hands) -> list[Change]:
    """Customers hear that it is over, once it is."""
    facts = hands.facts
    found = _mended(one, hands) if facts.fixed is None else []
    done = max((change.at for change in found if change.how == "add"), default=0)
    since = facts.relieved if facts.relieved is not None else done + 10 * _AFTER
    at = up(since) + 10 * SECOND if found else min(up(since) + 10 * SECOND, hands.over - SECOND)
    hand = hands.leader(at)
    return [*found, *hand.before, insert(hand.at, hand.who, "/publish All of it works again for everybody next 0s")]


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
    return found or (_closed(one, hands) if hands.facts.severity == FALSE_ALARM else _bug(one, hands))


_bug = _first(ev.BugFiled, "/bug It is not as it should be", "commander", in_channel=False)
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


_REMEDIES: dict[Duty, Remedy] = {
    "severity_declared": _severity,
    "severity_judged": _severity,
    "team_alerted": _alert,
    "alert_complete": _alert_complete,
    "acknowledged": _answer("/ack", "acknowledged"),
    "joined": _answer("/join", "joined"),
    "restated": _restated,
    "role_in_place": _taken,
    "roles_covered": _covered,
    "roles_stated": _stated,
    "logged": _first(ev.EntryLogged, "/log We have begun to look", "solver"),
    "updated": _first(ev.UpdatePosted, "/update We are looking into it", "commander"),
    "published": _published,
    "messages_agreed": _agreed,
    "cadence_kept": _kept,
    "next_named": _named,
    "not_silent": _spoken,
    "injects_answered": _answered,
    "workaround_used": _first(ev.WorkaroundAnnounced, "/workaround {workaround}", "commander", in_channel=False),
    "bug_filed": _bug,
    "closed": _closed,
    "impact_ended": _mended,
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
