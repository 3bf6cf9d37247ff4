"""Judgement: whether the incident was judged for what it was, and fixed without making it worse."""

from collections.abc import Mapping
from itertools import pairwise

from scenarios.protocol import FALSE_ALARM, Duty, Protocol
from scenarios.scenario import Action
from scoring.facts import Facts
from scoring.labels import counted, spell
from scoring.obligations import NOT_DUE, ONCE_FIXED, TOO_SOON, Drill, Finding, Judge, Owed, not_done, rest, seen
from simulator import events as ev
from simulator.events import Event

__all__ = ["JUDGES", "credit"]

_OVER, _UNDER = 0.5, 1.0
"""What a level too high costs, and a level too low: calling too many people is the cheaper mistake."""
_RISK = 50.0
"""What a risky act costs if it came before the look it needs."""
_Allowed = list[tuple[int, int]]
"""From when each severity held, and the time allowed for judging it."""


# -- severity ----------------------------------------------------------------------------------------------------------


def credit(protocol: Protocol, declared: int | None, true: int) -> float:
    """0 to 1: what a declared severity is worth against the true one. A false alarm is the lowest level."""
    scale = [severity.level for severity in protocol.severities] + [FALSE_ALARM]
    if declared not in scale or true not in scale:
        return 0.0
    over = scale.index(true) - scale.index(declared)
    return max(0.0, 1.0 - _OVER * over if over >= 0 else 1.0 + _UNDER * over)


def _declarations(drill: Drill) -> list[tuple[int, int, Event]]:
    """What was said from when on; closing a false alarm says that it is one.

    To resolve it does, too, unless it had been said to be something else: then that is what they resolved.
    """
    facts = drill.facts
    found = [*facts.said]
    if facts.severity == FALSE_ALARM:
        first = min((at for at, _, _ in facts.said), default=facts.response_end + 1)
        closings = (one for one in facts.closed if isinstance(one, ev.IncidentClosed) or one.when < first)
        found += [(one.when, FALSE_ALARM, one) for one in closings]
    return sorted(found, key=lambda entry: (entry[0], entry[2].seq))


def severity_judged(owed: Owed, drill: Drill) -> Finding:
    """The mean, over the time from when it should have been judged, of what the severity then declared was worth."""
    facts, allowed = drill.facts, _allowed(owed, drill)
    since, until = min(began + time for began, time in allowed), facts.end
    said = _declarations(drill)
    if not facts.response_over and since >= facts.now:
        return rest(NOT_DUE, owed)
    if facts.closing is None and since > facts.limit:
        return rest("it would have been due after the end of the response", owed)
    wrong: list[tuple[int, int]] = []
    if since >= until:
        value = _worth(facts, allowed, said[-1][1] if said else None, until)
    else:
        edges = _edges(facts, allowed, since, until, [at for at, _, _ in said])
        total = 0.0
        for start, stop in pairwise(edges):
            declared = next((level for at, level, _ in reversed(said) if at <= start), None)
            worth = _worth(facts, allowed, declared, start)
            total += worth * (stop - start)
            wrong += [(start, stop)] if worth < 1 else []
        value = total / (until - since)
    return Finding(
        score=100.0 * value,
        why=_verdict(drill, [level for _, level, _ in said], wrong, value),
        remedy=_right(drill),
        evidence=tuple(event.seq for _, _, event in said),
        start=facts.report,
        lost_over=wrong or ((until - 1, until),),
    )


def _allowed(owed: Owed, drill: Drill) -> _Allowed:
    """From when each severity held, and the time that its table allows for judging it.

    That is the duty's own, or else that for declaring it.
    """
    facts, allowed = drill.facts, _Allowed()
    for began, table in facts.stages:
        duties = [
            table.get(owed.duty.id),
            next((one for one in table.obligations if one.act == "severity_declared"), None),
        ]
        targets = [target for duty in duties if duty is not None and (target := facts.bounds(duty).target) is not None]
        allowed.append((began, targets[0] if targets else 0))
    return allowed


def _edges(facts: Facts, allowed: _Allowed, since: int, until: int, said: list[int]) -> list[int]:
    grown = [at for began, time in allowed for at in (began, began + time)]
    return sorted({since, until, *(at for at in [*said, *grown, *facts.course.turns] if since < at < until)})


def _worth(facts: Facts, allowed: _Allowed, declared: int | None, at: int) -> float:
    """Against the truth of the moment; just after the incident grew, the previous severity still counts as right."""
    right = facts.course.right_at(at)
    for began, time in allowed:
        if began <= at < began + time and began > facts.report:
            right |= facts.course.right_at(began - 1)
    return max(credit(facts.protocol, declared, level) for level in right)


def _verdict(drill: Drill, said: list[int], wrong: list[tuple[int, int]], value: float) -> str:
    if not said:
        return "no severity was declared"
    if value >= 1:
        return "judged rightly and in time"
    named = map(drill.facts.protocol.severity_of, said)
    before, later = seen(drill.facts, wrong)
    held = f", wrong or undeclared for {spell(before)}" if before else ""
    held += f", and counts as wrong {TOO_SOON}" if later else ""
    return f"declared {', then '.join(named)}; it was {drill.facts.protocol.severity_of(drill.facts.severity)}{held}"


def _right(drill: Drill) -> str:
    levels = ", then ".join(drill.facts.protocol.severity_of(span.level) for span in drill.facts.spans)
    return f"declared in time: {levels}"


# -- the way to the fix ------------------------------------------------------------------------------------------------


def way_to_fix(owed: Owed, drill: Drill) -> Finding:
    """Fixed, and nothing risky done before somebody had looked."""
    facts = drill.facts
    if not facts.mendable:
        return rest("nothing in this scenario ends the impact", owed)
    if facts.fixed is None:
        return not_done(owed, drill, remedy=ONCE_FIXED if facts.too_soon else "the impact ended")
    finished: dict[str, int] = {}
    for event in facts.all(ev.ActionFinished):
        finished.setdefault(event.action, event.when)
    risky: dict[str, ev.ActionStarted] = {}
    for start in facts.during(ev.ActionStarted):
        action = facts.scenario.action(start.action)
        if action is not None and _blind(action, finished, start.when):
            risky.setdefault(start.action, start)
    return Finding(
        score=max(0.0, 100.0 - _RISK * len(risky)),
        why=_risks(len(risky)),
        remedy="a look before each risky action",
        evidence=tuple(event.seq for event in risky.values()) or (facts.fixed.seq,),
        at_fault=_starters(risky),
    )


def _blind(action: Action, finished: Mapping[str, int], at: int) -> bool:
    """Whether an action was started before the looks that it needs.

    What makes things worse needs a look at something, whether or not the author says at what.
    """
    if not action.needs and action.effect == "worsens":
        return not any(when <= at for name, when in finished.items() if name != action.id)
    return any(finished.get(need, at + 1) > at for need in action.needs)


def _risks(risky: int) -> str:
    if not risky:
        return "fixed, with a look before everything risky"
    return f"fixed, but {counted(risky, 'risky action was', 'risky actions were')} started before the look it needs"


def _starters(risky: dict[str, ev.ActionStarted]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for event in risky.values():
        if event.actor is not None:
            shares[event.actor] = shares.get(event.actor, 0.0) + 1 / len(risky)
    return shares


def no_harm(owed: Owed, drill: Drill) -> Finding:
    """Something was done, and nothing made it worse. What wants a bug report and no fix is done with that."""
    facts = drill.facts
    if not facts.scenario.actions:
        return rest("this scenario has no actions", owed)
    worse = [change for change in facts.all(ev.ImpactChanged) if change.impact == "worse"]
    if worse:
        culprits = {change.cause: change for change in worse}
        doers = [one.actor for one in facts.all(ev.ActionFinished) if one.action in culprits and one.actor is not None]
        doers += [one.actor for one in facts.all(ev.DecisionMade) if one.option in culprits and one.actor is not None]
        return Finding(
            score=0.0,
            why=f"{counted(len(culprits), 'action', 'actions')} made it worse",
            remedy="nothing done that makes it worse",
            evidence=tuple(change.seq for change in worse),
            at_fault={member: 1 / len(set(doers)) for member in set(doers)},
        )
    done: list[Event] = [*facts.during(ev.ActionFinished)]
    if facts.listed("impact_ended") is None and facts.listed("bug_filed") is not None:
        done += facts.during(ev.BugFiled)
    if not done:
        return not_done(owed, drill, remedy="at least a look")
    if not facts.response_over:
        return rest(NOT_DUE, owed)
    return Finding(100.0, "nothing made it worse", evidence=(done[0].seq,))


JUDGES: dict[Duty, Judge] = {
    "severity_judged": severity_judged,
    "way_to_fix": way_to_fix,
    "no_harm": no_harm,
}
