"""Protocol: whether the acts that it lists were done, by the right people, and in its order."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from scenarios.protocol import Duty
from scenarios.visible_text import says_something
from scoring.labels import counted, spell
from scoring.obligations import ONCE_FIXED, Drill, Finding, Judge, Owed, due, not_done, rest, share, timed
from scoring.role_holders import may_hold
from simulator import events as ev
from simulator.events import Event
from simulator.plan import Player

__all__ = ["JUDGES", "Order", "order_of"]

_HALF = 50.0
_MINUTE = 60_000
"""Within a minute of the fix no signal shows that it worked (assumed); sooner if the scenario's signals are quicker."""


def _stated(severity: int | None, topic: str | None) -> tuple[bool, bool]:
    return severity is not None, topic is not None and says_something(topic)


def _both(where: str, said: tuple[bool, bool], by: Sequence[Event]) -> Finding:
    """Severity and topic, half each."""
    missing = [word for word, there in zip(("severity", "topic"), said, strict=True) if not there]
    return Finding(
        score=_HALF * sum(said),
        why=f"{where} left out the {' and the '.join(missing)}" if missing else f"{where} stated severity and topic",
        remedy=f"the {' and the '.join(missing)} stated" if missing else "",
        evidence=tuple(event.seq for event in by),
        done_at=by[0].when if any(said) else None,
    )


def alert_complete(owed: Owed, drill: Drill) -> Finding:
    """The first alert said how grave it is and what it is about."""
    alert = drill.facts.alert
    if alert is None:
        missing = not_done(owed, drill, remedy="an alert that states severity and topic")
        late = due("team_alerted", drill.facts)
        return msgspec.structs.replace(missing, lost_over=((late, late + 1),))
    found = _both("the alert", _stated(alert.severity, alert.topic), [alert])
    return msgspec.structs.replace(found, at_fault=_equal([alert.actor]))


def restated(owed: Owed, drill: Drill) -> Finding:
    """Severity and topic were said again where everybody works."""
    found = drill.facts.during(ev.Restated)
    if not found:
        return not_done(owed, drill, remedy="severity and topic restated in the channel")
    stated = [_stated(event.severity, event.topic) for event in found]
    said = (any(severity for severity, _ in stated), any(topic for _, topic in stated))
    return share(owed, drill, _both("what was said in the channel", said, found[:1]))


def roles_stated(owed: Owed, drill: Drill) -> Finding:
    """How many of those who came into the channel said which role they hold."""
    facts, over = drill.facts, drill.facts.response_end
    able = {player.id for player in facts.plan.players if _can_always_state(player, drill) or _took_any(player, drill)}
    stated = {
        m: role
        for m, event in facts.joined.items()
        if m in able and (role := drill.roles.stated(m, event.when)) and role.since <= over
    }
    came = [m for m in facts.joined if m in stated or (m in able and not facts.let_off(m, None))]
    if facts.joined and not came:
        return rest("nobody who joined owed a role", owed)
    if not came:
        return not_done(owed, drill, remedy="each states a role after joining")
    silent = [member for member in came if member not in stated]
    return share(
        owed,
        drill,
        Finding(
            score=100.0 * len(stated) / len(came),
            why=f"{len(stated)} of {len(came)} who joined stated a role",
            remedy="each states a role after joining",
            evidence=tuple(sorted(role.seq for role in stated.values())),
            done_at=min((role.since for role in stated.values()), default=None),
            at_fault={member: 1 / len(silent) for member in silent},
        ),
    )


def _can_always_state(player: Player, drill: Drill) -> bool:
    """Whether there is always room for the member: a role that any number may hold."""
    return any(role.most is None and may_hold(player, role.id) for role in drill.facts.protocol.roles)


def _took_any(player: Player, drill: Drill) -> bool:
    return drill.roles.stated(player.id, 0) is not None


def messages_agreed(owed: Owed, drill: Drill) -> Finding:
    """How many of the messages to customers the commander had agreed to."""
    messages = drill.facts.messages
    if not messages:
        return not_done(owed, drill, remedy=f"messages that the {drill.facts.protocol.commander_title} agreed to")
    agreed = [message for message in messages if message.agreed]
    alone = [message for message in messages if not message.agreed]
    of_all = f"{len(agreed)} of {counted(len(messages), 'message', 'messages')}"
    finding = Finding(
        score=100.0 * len(agreed) / len(messages),
        why=f"{of_all} agreed with the {drill.facts.protocol.commander_title}",
        remedy="a draft approved before each message",
        evidence=tuple(message.seq for message in alone or agreed),
        done_at=agreed[0].when if agreed else None,
        at_fault=_equal([message.actor for message in alone]),
    )
    return share(owed, drill, finding)


def resolved_by_commander(owed: Owed, drill: Drill) -> Finding:
    """The commander declared it resolved, and only once the impact had ended."""
    facts = drill.facts
    event = facts.first(ev.IncidentResolved)
    if event is None:
        return not_done(
            owed, drill, remedy=f"declared resolved by the {drill.facts.protocol.commander_title} after the fix"
        )
    if facts.walked_away:
        why = "declared resolved before the impact had ended"
        return Finding(0.0, why, ONCE_FIXED, (event.seq,), at_fault=_equal([event.actor]))
    finding = _by_commander(drill, event, "declared resolved")
    if facts.fixed is None or event.when - facts.fixed.when >= _watch(drill):
        return finding
    score = (finding.score or 0.0) / 2
    return msgspec.structs.replace(
        finding,
        score=score,
        why=f"{finding.why}, {spell(event.when - facts.fixed.when)} after the fix: before any signal could show it",
        remedy=f"the signals watched for {spell(_watch(drill))} first",
    )


def _watch(drill: Drill) -> int:
    """For how long one has to watch the signals after the fix before one can know that it worked.

    What the incident does not move shows nothing.
    """
    signals = [signal for signal in drill.facts.scenario.signals.values() if signal.moves]
    return min([_MINUTE, *(signal.falls[0].after if signal.falls else signal.recovery for signal in signals)])


def emailed(owed: Owed, drill: Drill) -> Finding:
    """The commander sent the situation report to the stakeholders."""
    event = drill.facts.first(ev.ReportEmailed)
    if event is None:
        return not_done(
            owed, drill, remedy=f"the situation report e-mailed by the {drill.facts.protocol.commander_title}"
        )
    return _by_commander(drill, event, "e-mailed")


def _by_commander(drill: Drill, event: Event, done: str) -> Finding:
    """Full points if the commander did it, half if somebody else did; anybody may if the severity demands no roles."""
    facts = drill.facts
    demanded = facts.table is not None and facts.protocol.commander in facts.table.roles
    right = not demanded or drill.roles.holds(event.actor, facts.protocol.commander, event.when)
    title = facts.protocol.commander_title
    whose = f"by the {title}" if demanded and right else f"by somebody other than the {title}" if demanded else ""
    return Finding(
        score=100.0 if right else _HALF,
        why=f"{done} {whose}".strip(),
        remedy=f"{done} by the {title}",
        evidence=(event.seq,),
        done_at=event.when,
        lost_over=((event.when, event.when + 1),),
    )


def filed(owed: Owed, drill: Drill) -> Finding:
    """The situation report was filed."""
    event = drill.facts.first(ev.SituationReportFiled)
    return not_done(owed, drill, remedy="the report filed") if event is None else timed(owed, drill, event)


def attached(owed: Owed, drill: Drill) -> Finding:
    """The situation report was attached to the topic in the channel."""
    papers = drill.facts.all(ev.PaperAttached)
    event = next((event for event in papers if event.paper == "situation_report"), None)
    return not_done(owed, drill, remedy="the report attached") if event is None else timed(owed, drill, event)


def not_alerted(owed: Owed, drill: Drill) -> Finding:
    """It was dealt with, and nobody was called away from their work for it."""
    facts = drill.facts
    if facts.alert is not None:
        why = f"all hands were called for {_kind(drill)}"
        return Finding(0.0, why, "nobody called", (facts.alert.seq,), at_fault=_equal([facts.alert.actor]))
    if facts.handled is None:
        return not_done(owed, drill, "it was neither filed nor closed", "filed or closed without an alert")
    return Finding(100.0, "handled without calling all hands", evidence=(facts.handled.seq,))


def _kind(drill: Drill) -> str:
    return drill.facts.protocol.incident_of(drill.facts.severity)


def _equal(members: Sequence[str | None]) -> dict[str, float]:
    """Equal shares of a loss for those who caused it."""
    known = [member for member in members if member is not None]
    shares: dict[str, float] = {}
    for member in known:
        shares[member] = shares.get(member, 0.0) + 1 / len(known)
    return shares


# -- the order ---------------------------------------------------------------------------------------------------------


class Order(NamedTuple):
    """How far acts came in the protocol's order."""

    run: int
    """The length of the longest run in order."""
    done: int
    """How many were done at all."""
    late: tuple[int, ...] = ()
    """The places, among what was asked, of the acts outside that run."""

    def factor(self, penalty: float) -> float:
        """What the component is multiplied by."""
        return 1.0 if self.done == 0 else 1.0 - penalty * (1.0 - self.run / self.done)


def order_of(findings: Sequence[Finding]) -> Order:
    """The longest run in order among what was done. The findings stand in the protocol's order; ties are in order."""
    done = [(finding.done_at, n) for n, finding in enumerate(findings) if finding.score and finding.done_at is not None]
    tails: list[int] = []
    runs: list[list[int]] = []
    for at, number in done:
        place = bisect_right(tails, at)
        tails[place : place + 1] = [at]
        runs[place : place + 1] = [[*(runs[place - 1] if place else ()), number]]
    run = set(runs[-1]) if runs else set()
    return Order(len(tails), len(done), tuple(number for _, number in done if number not in run))


JUDGES: dict[Duty, Judge] = {
    "alert_complete": alert_complete,
    "restated": restated,
    "roles_stated": roles_stated,
    "messages_agreed": messages_agreed,
    "resolved_by_commander": resolved_by_commander,
    "not_alerted": not_alerted,
    "situation_report": filed,
    "emailed": emailed,
    "attached": attached,
}
