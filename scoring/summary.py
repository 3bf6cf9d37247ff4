"""What goes beside the score: the conditions of the drill, and its plain times."""

from scoring.components.communication import longest_silence
from scoring.facts import Facts
from scoring.ledger import seconds
from scoring.obligations import calls_to
from scoring.result import Conditions, Measures
from scoring.role_holders import Roles
from simulator import events as ev

__all__ = ["conditions_of", "measures_of"]


def conditions_of(facts: Facts) -> Conditions:
    """The conditions. They do not change points."""
    plan = facts.plan
    seats = {"person": 0, "simulated": 0, "script": 0}
    for seat in plan.seats.values():
        seats[seat.kind] += 1
    interventions = (
        len(facts.all(ev.InjectHeld))
        + len(facts.all(ev.TimeSkipped))
        + sum(1 for event in facts.all(ev.MemberExcused) if event.actor is not None)
        + sum(1 for event in facts.all(ev.InjectDelivered) if event.actor is not None)
        + sum(1 for event in facts.all(ev.ToolChanged) if event.actor is not None)
    )
    return Conditions(
        mode=plan.mode,
        hints=len(facts.all(ev.HintGiven)),
        interventions=interventions,
        paused_s=round(sum(event.paused_ms for event in facts.all(ev.DrillResumed)) / 1000, 1),
        seats=seats,
        voice=plan.voice,
        skipped_s=round(sum(max(0, event.to - event.at) for event in facts.all(ev.TimeSkipped)) / 1000, 1),
        spoken=facts.spoken,
    )


def measures_of(facts: Facts, roles: Roles) -> Measures:
    """Plain times from the report, or from the alert where stated."""
    commander = roles.first(facts.protocol.commander)
    published = facts.messages[0].when if facts.messages else None
    gap = longest_silence(facts, facts.response_end)

    def since_report(at: int | None) -> float | None:
        return None if at is None else seconds(max(0, at - facts.report))

    return Measures(
        time_to_alert_s=since_report(facts.alert.when if facts.alert is not None else None),
        time_to_acknowledge_s=_acknowledged(facts),
        time_to_commander_s=since_report(commander.since if commander is not None else None),
        time_to_first_message_s=since_report(published),
        time_to_fix_s=since_report(facts.fixed.when if facts.fixed is not None else None),
        time_to_resolve_s=since_report(facts.closing.when if facts.closing is not None else None),
        longest_silence_s=seconds(gap[1] - gap[0]) if gap is not None else None,
    )


def _acknowledged(facts: Facts) -> list[float | None]:
    """For each member who was alerted by another, in the team's order."""
    if facts.alert is None:
        return []
    times: list[float | None] = []
    members = [player.id for player in facts.plan.players]
    for member, alert in zip(members, calls_to("acknowledged", facts, members), strict=True):
        answer = facts.acknowledged.get(member)
        if alert is not None and member != facts.alert.actor:
            times.append(None if answer is None else seconds(max(0, answer.when - alert.when)))
    return times
