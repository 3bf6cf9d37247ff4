"""Being called and coming, the severity, the roles."""

from collections.abc import Mapping, Sequence

from scenarios.protocol import Duty
from scoring.hands import SECOND, Hands, down, up
from scoring.ledger import Judged
from scoring.obligations import call_to
from scoring.remedies.common import Remedy, alert_in_time, calling_words, due_time
from simulator import events as ev
from simulator.changes import Change, drop, insert, move
from simulator.events import Event

__all__ = ["BY_PEOPLE"]


def _answer(line: str, done: str) -> Remedy:
    def each(one: Judged, hands: Hands) -> list[Change]:
        facts = hands.facts
        if facts.alert is None:
            return alert_in_time(one, hands)
        acts: Mapping[str, Event] = getattr(facts, done)
        found: list[Change] = []
        for player in facts.plan.players:
            called, act = call_to(one.owed.duty.act, facts, player.id) or facts.alert, acts.get(player.id)
            due = down(max(called.when, one.owed.first) + (one.owed.target or 30 * SECOND))
            if (
                facts.on_duty_from(player.id) is None
                or player.id in facts.excused
                or (done == "acknowledged" and player.id == facts.alert.actor)
            ):
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
        return alert_in_time(one, hands)
    return [drop(alert.seq), insert(alert.when, alert.actor, calling_words(hands, alert.when))]


def _restated(_: Judged, hands: Hands) -> list[Change]:
    came = [event.when for event in hands.facts.joined.values()]
    at = up(min(came, default=hands.facts.report)) + 2 * SECOND
    return hands.added(at, calling_words(hands, at, "restate"), hands.commander)


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
        found += [
            drop(facts.alert.seq),
            insert(facts.alert.when, facts.alert.actor, calling_words(hands, facts.alert.when)),
        ]
    return found


# -- roles -------------------------------------------------------------------------------------------------------------


def _taken(one: Judged, hands: Hands) -> list[Change]:
    role, due = one.owed.duty.role or "", due_time(one)
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
    due = max(due_time(one), up(facts.report) + 2 * SECOND)
    found = alert_in_time(one, hands) if facts.alert is None and len(wanted) > 1 else []
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
    found = [] if facts.joined else alert_in_time(one, hands)
    came = {change.who: change.at for change in found if change.line == "/join"}
    came |= {member: event.when for member, event in facts.joined.items()}
    for member, at in came.items():
        role = next((role for role in roomy if member in hands.able(role)), None)
        if role is not None and hands.drill.roles.stated(member, at) is None:
            found.append(insert(min(up(at) + 30 * SECOND, hands.over - SECOND), member, f"/role {role}"))
    return found


BY_PEOPLE: dict[Duty, Remedy] = {
    "severity_declared": _severity,
    "severity_judged": _severity,
    "alert_complete": _alert_complete,
    "acknowledged": _answer("/ack", "acknowledged"),
    "joined": _answer("/join", "joined"),
    "restated": _restated,
    "role_in_place": _taken,
    "roles_covered": _covered,
    "roles_stated": _stated,
    "team_alerted": alert_in_time,
}
