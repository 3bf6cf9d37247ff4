"""Each member's own ledger. Made only on request, and for the member's own eyes.

A loss is a member's own if it was theirs to prevent: their own acknowledgement, what they did, what the role they held
at that moment owed. What nobody in particular owed, or a simulated teammate missed, is in nobody else's ledger.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from scoring.components.response_time import of_member
from scoring.ledger import Judged, Part, seconds
from scoring.obligations import Drill, call_to
from scoring.result import Lost, PersonLedger
from scoring.role_holders import shares_over
from simulator import events as ev

__all__ = ["people_of"]


def people_of(drill: Drill, parts: Sequence[Part]) -> dict[str, PersonLedger]:
    """A ledger for each member, by id."""
    facts = drill.facts
    found = {}
    for player in facts.plan.players:
        lines = [line for part in parts for one in part.judged if (line := _own(player.id, part.name, one, drill))]
        found[player.id] = PersonLedger(
            lost=sorted(lines, key=lambda line: -line.points),
            acknowledged_s=_since_alert(player.id, "acknowledged", drill),
            joined_s=_since_alert(player.id, "joined", drill),
            roles=_held(player.id, drill),
            actions=[event.action for event in facts.all(ev.ActionFinished) if event.actor == player.id],
        )
    return found


def _own(member: str, component: str, one: Judged, drill: Drill) -> Lost | None:
    """The member's share of a loss, if any."""
    part = shares_of(one, drill).get(member, 0.0)
    lost = round(one.lost * part, 2)
    line = one.line(component)
    if line is None or lost <= 0:
        return None
    return Lost(
        component=line.component,
        item=line.item,
        title=line.title,
        owner=line.owner,
        points=lost,
        clock_start_s=line.clock_start_s,
        evidence=line.evidence,
        why=_why(member, one, drill),
        better=one.finding.remedy,
    )


def shares_of(one: Judged, drill: Drill) -> Mapping[str, float]:
    """Who answers for a loss in person, with their shares of it, which add up to at most 1.

    Where the judge does not know it better, these are the ones who held the owner's role, or had the report, while it
    was lost, each for their time.
    """
    finding = one.finding
    owner = finding.owner or one.owed.duty.owner
    if finding.at_fault is not None:
        return finding.at_fault
    held = drill.roles.watch if owner == "first_responder" else drill.roles.tenures.get(owner, [])
    return shares_over(held, finding.lost_over)


def _why(member: str, one: Judged, drill: Drill) -> str:
    done = {"acknowledged": drill.facts.answered, "joined": drill.facts.joined}.get(one.owed.duty.act)
    own = of_member(member, one.owed, drill, done) if done is not None and one.finding.owner is None else None
    return one.finding.why if own is None or own.score in (None, 100.0) else own.why


def _since_alert(member: str, act: Literal["acknowledged", "joined"], drill: Drill) -> float | None:
    facts = drill.facts
    event = (facts.acknowledged if act == "acknowledged" else facts.joined).get(member)
    alert = call_to(act, facts, member)
    return None if alert is None or event is None else seconds(max(0, event.when - alert.when))


def _held(member: str, drill: Drill) -> dict[str, float]:
    """Seconds in each role until the response was over."""
    over = drill.facts.response_end
    times: dict[str, float] = {}
    for role, tenures in drill.roles.tenures.items():
        own = [one for one in tenures if one.member == member and one.since < over]
        if own:
            held = sum(min(over, over if one.until is None else one.until) - one.since for one in own)
            times[role] = round(held / 1000, 1)
    return times
