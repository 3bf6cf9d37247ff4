"""Caps: the most that a drill is worth if something went badly wrong.

A cap rests on what was found about an obligation and never says more than that: where the table does not list it, or
where it could not be judged, there is no cap.
"""

from collections.abc import Sequence

from scenarios.protocol import Duty, Protocol
from scenarios.rubric import Rubric
from scoring.facts import Facts
from scoring.ledger import Judged
from scoring.obligations import Finding
from scoring.result import Cap
from simulator import events as ev

__all__ = ["caps_of", "pressed"]

_NONE = 100.0
_Findings = dict[Duty, Finding]


def caps_of(facts: Facts, judged: Sequence[Judged], rubric: Rubric) -> list[Cap]:
    """The caps that apply. None does while the response lasts, but for harm that is done."""
    limits = rubric.caps
    findings: _Findings = {one.owed.duty.act: one.finding for one in judged}
    found = [_harm(facts, findings, limits.harm_done)]
    if facts.response_over:
        found = [
            _nobody_acknowledged(facts, findings, limits.nobody_acknowledged),
            _never_declared(facts, findings, limits.critical_never_declared),
            _not_ended(facts, findings, limits.impact_not_ended),
            *found,
        ]
    return [cap for cap in found if cap is not None and cap.at_most < _NONE and not facts.cut_short]


def pressed(uncapped: float, at_most: float, share: float) -> float:
    """A total under one cap.

    Up to a share of the cap it stays as it is; from there to 100 it is pressed into what is left below the cap. So two
    totals keep their order: a team that failed in one thing can still do the rest better or worse.
    """
    free = at_most * share
    if uncapped <= free:
        return uncapped
    return free + (at_most - free) * (uncapped - free) / (_NONE - free)


def _missed(findings: _Findings, act: Duty) -> bool:
    """Whether an obligation was owed, could be judged, and was not met at all."""
    finding = findings.get(act)
    return finding is not None and finding.score == 0


def _nobody_acknowledged(facts: Facts, findings: _Findings, at_most: float) -> Cap | None:
    if not _missed(findings, "acknowledged"):
        return None
    alert = facts.alert
    if alert is None:
        return Cap(id="nobody_acknowledged", at_most=at_most, why="the team was not alerted, so nobody answered")
    return Cap(id="nobody_acknowledged", at_most=at_most, why="nobody answered the alert", evidence=[alert.seq])


def _never_declared(facts: Facts, findings: _Findings, at_most: float) -> Cap | None:
    gravest = facts.protocol.severities[0].level
    declared = [event for _, _, event in facts.said]
    if facts.severity != gravest or any(level in _as_grave(facts.protocol) for _, level, _ in facts.said):
        return None
    rests_on = [findings[act].score for act in _DECLARING if act in findings]
    if not rests_on or None in rests_on or all(score == _NONE for score in rests_on) or not _was_due(facts):
        return None
    return Cap(
        id="critical_never_declared",
        at_most=at_most,
        why=f"it was {facts.protocol.severity_of(gravest)}, and never declared so",
        evidence=[event.seq for event in declared],
    )


_DECLARING: tuple[Duty, ...] = ("severity_declared", "severity_judged")


def _was_due(facts: Facts) -> bool:
    """Whether there was time to declare it, from when it became so grave."""
    duties = [duty for act in _DECLARING if (duty := facts.listed(act)) is not None]
    deadline = max(facts.bounds(duty).deadline or 0 for duty in duties)
    return max(facts.report, facts.spans[-1].since) + deadline <= facts.limit


def _as_grave(protocol: Protocol) -> set[int]:
    """The gravest severity, and those that demand as much of the team: declaring any of them calls for everything."""
    gravest = protocol.severities[0].level
    most = protocol.table(gravest)
    if most is None:
        return {gravest}
    return {
        table.severity for table in protocol.tables if table.acts >= most.acts and set(table.roles) >= set(most.roles)
    }


def _not_ended(facts: Facts, findings: _Findings, at_most: float) -> Cap | None:
    if not _missed(findings, "impact_ended"):
        return None
    if facts.closing is None:
        return Cap(id="impact_not_ended", at_most=at_most, why="the impact was not ended")
    why = "it was declared over before the impact had ended"
    return Cap(id="impact_not_ended", at_most=at_most, why=why, evidence=[facts.closing.seq])


def _harm(facts: Facts, findings: _Findings, at_most: float) -> Cap | None:
    worse = [change.seq for change in facts.all(ev.ImpactChanged) if change.impact == "worse"]
    if not worse or not _missed(findings, "no_harm"):
        return None
    return Cap(id="harm_done", at_most=at_most, why="something that was done made it worse", evidence=worse)
