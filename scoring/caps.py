"""Caps: the most that a drill is worth if something went badly wrong.

A cap applies only if the table lists the obligation it depends on, and only once that can no longer be met.
"""

from collections.abc import Sequence

from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scoring.facts import Facts
from scoring.result import Cap
from simulator import events as ev

__all__ = ["caps_of"]

_NONE = 100.0


def caps_of(facts: Facts, rubric: Rubric) -> list[Cap]:
    """The caps that apply."""
    limits = rubric.caps
    found = [
        _nobody_acknowledged(facts, limits.nobody_acknowledged),
        _never_declared(facts, limits.critical_never_declared),
        _not_ended(facts, limits.impact_not_ended),
        _harm(facts, limits.harm_done),
    ]
    return [cap for cap in found if cap is not None and cap.at_most < _NONE]


def _due(facts: Facts, acts: Sequence[str], after: int = 0) -> bool:
    """Whether the response is over and left the time that the table's obligations for these acts allow."""
    duties = [duty for act in acts if (duty := facts.listed(act)) is not None]
    deadlines = [facts.bounds(duty).deadline or 0 for duty in duties]
    return facts.response_over and bool(duties) and after + max(deadlines) <= facts.limit


def _nobody_acknowledged(facts: Facts, at_most: float) -> Cap | None:
    alert = facts.alert
    caller = facts.plan.first_responder if alert is None else alert.actor
    asked = [p.id for p in facts.plan.players if p.id != caller and p.id not in facts.excused]
    if not asked or not _due(facts, ["acknowledged"], facts.report):
        return None
    if alert is None:
        return Cap(id="nobody_acknowledged", at_most=at_most, why="the team was not alerted, so nobody answered")
    came = [facts.acknowledged.get(member) for member in asked]
    if any(answer is not None and answer.when >= alert.when for answer in came):
        return None
    return Cap(id="nobody_acknowledged", at_most=at_most, why="nobody answered the alert", evidence=[alert.seq])


def _never_declared(facts: Facts, at_most: float) -> Cap | None:
    gravest = facts.protocol.severities[0].level
    if facts.severity != gravest:
        return None
    declared = facts.during(ev.SeverityDeclared)
    began = max(facts.report, facts.spans[-1].since)
    if any(event.severity in _as_grave(facts.protocol) for event in declared):
        return None
    if not _due(facts, ["severity_declared", "severity_judged"], began):
        return None
    return Cap(
        id="critical_never_declared",
        at_most=at_most,
        why=f"it was severity {gravest} and never declared so",
        evidence=[event.seq for event in declared],
    )


def _as_grave(protocol: Protocol) -> set[int]:
    """The gravest severity, and those that demand as much of the team: declaring any of them calls for everything."""
    gravest = protocol.severities[0].level
    most = protocol.table(gravest)
    if most is None:
        return {gravest}
    return {
        table.severity for table in protocol.tables if table.acts >= most.acts and set(table.roles) >= set(most.roles)
    }


def _not_ended(facts: Facts, at_most: float) -> Cap | None:
    owed = facts.listed("impact_ended") is not None and facts.mendable
    if not owed or not facts.response_over or facts.cut_short or facts.fixed is not None:
        return None
    if facts.closing is None:
        return Cap(id="impact_not_ended", at_most=at_most, why="the impact was not ended")
    why = "it was declared over before the impact had ended"
    return Cap(id="impact_not_ended", at_most=at_most, why=why, evidence=[facts.closing.seq])


def _harm(facts: Facts, at_most: float) -> Cap | None:
    worse = [change.seq for change in facts.all(ev.ImpactChanged) if change.impact == "worse"]
    if not worse or facts.listed("no_harm") is None:
        return None
    return Cap(id="harm_done", at_most=at_most, why="something that was done made it worse", evidence=worse)
