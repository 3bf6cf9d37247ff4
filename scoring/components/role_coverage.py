"""Role coverage: whether every required role was held, and by people who had a hand free for it."""

from collections.abc import Sequence
from itertools import pairwise

from scenarios.protocol import Duty
from scoring.labels import spell
from scoring.obligations import NOT_DUE, TOO_SOON, Drill, Finding, Judge, Owed, before_over, rest, seen
from scoring.result import RoleHeld
from scoring.role_holders import Coverage, Stretch, joined

__all__ = ["JUDGES", "covered", "roles_held"]


def _stretches(owed: Owed, drill: Drill) -> list[Stretch]:
    """Which roles had to be held from when to when: those of the table of the time, each from when it was due.

    What a graver table asks for is due from when the incident grew, and what both ask for from the sooner of the two.
    """
    facts = drill.facts
    dues: dict[str, int] = {}
    found: list[Stretch] = []
    stops = [stage.began for stage in facts.stages[1:]] + [facts.end]
    for (began, table), stop in zip(facts.stages, stops, strict=True):
        duty = table.get(owed.duty.id)
        roles = table.roles if duty is not None else []
        target = (facts.bounds(duty).target or 0) if duty is not None else 0
        for role in roles:
            dues[role] = min(dues.get(role, began + target), began + target)
        edges = sorted({began, stop, *(dues[role] for role in roles if began < dues[role] < stop)})
        for since, until in pairwise(edges):
            required = [role for role in roles if dues[role] <= since]
            if required and since < until:
                found.append((required, since, until))
    return found


def covered(owed: Owed, drill: Drill) -> Coverage | None:
    """The coverage of the required roles from when they should be filled; None if none can be judged."""
    return _over(owed, drill)[1]


def _over(owed: Owed, drill: Drill) -> tuple[list[Stretch], Coverage | None]:
    """When which roles were owed and how they were covered, computed once."""
    known = drill.roles.over.get(owed.duty.id)
    if known is None:
        found = _stretches(owed, drill)
        known = drill.roles.over[owed.duty.id] = found, _covered(owed, drill, found)
    return known


def _covered(owed: Owed, drill: Drill, found: Sequence[Stretch]) -> Coverage | None:
    facts = drill.facts
    roles = facts.table.roles if facts.table is not None else []
    since = owed.start + (owed.target or 0)
    if found:
        return joined([drill.roles.coverage(*stretch) for stretch in found])
    if not roles or since > facts.limit or not facts.response_over:
        return None
    return drill.roles.coverage(roles, since, facts.end)


def roles_covered(owed: Owed, drill: Drill) -> Finding:
    """The mean of what was covered, divided by what this team's size allowed."""
    facts = drill.facts
    found = covered(owed, drill)
    if found is None:
        if facts.table is None or not facts.table.roles:
            return rest("no role is required", owed)
        return rest(NOT_DUE if not facts.response_over else "the response ended before the roles were due", owed)
    if found.allowed == 0:
        return rest("nobody in the team may take any of the roles", owed)
    evidence = tuple(sorted(one.seq for role in found.gaps for one in drill.roles.tenures.get(role, ())))
    told = {role: seen(facts, gaps) for role, gaps in found.gaps.items()}
    before, later = ({role: times[place] for role, times in told.items()} for place in (0, 1))
    counts_on = sum(later.values()) > sum(before.values()) + found.doubled
    return Finding(
        score=100.0 * found.reached,
        why=_why(drill, before, found.doubled, counts_on=any(later.values())),
        remedy=before_over(facts) if counts_on else _remedy(drill, before, found.doubled),
        evidence=evidence,
        start=owed.start,
        counts_on=counts_on,
    )


def _title(drill: Drill, role: str) -> str:
    known = drill.facts.protocol.role(role)
    return known.title if known is not None else role


def _why(drill: Drill, gaps: dict[str, int], doubled: int, *, counts_on: bool) -> str:
    open_roles = [f"{_title(drill, role)} open for {spell(length)}" for role, length in gaps.items() if length]
    if doubled:
        open_roles.append(f"one person in several roles for {spell(doubled)}")
    if counts_on:
        open_roles.append(f"every role counts as open {TOO_SOON}")
    return "; ".join(open_roles) if open_roles else "every required role was held by somebody with a hand free for it"


def _remedy(drill: Drill, gaps: dict[str, int], doubled: int) -> str:
    missing = [_title(drill, role) for role, length in gaps.items() if length]
    if not missing or doubled:
        return "a person for each role" + (" throughout" if missing else "")
    *others, last = missing
    return f"{', '.join(others)} and {last} held throughout" if others else f"{last} held throughout"


def roles_held(owed: Owed, drill: Drill) -> dict[str, RoleHeld]:
    """How each required role was covered while it was owed."""
    over, found = _over(owed, drill)
    if found is None:
        return {}
    over = over or [([*found.required], drill.facts.end - 1, drill.facts.end)]
    table = {}
    for role, gaps in found.gaps.items():
        owing = [(since, until) for roles, since, until in over if role in roles]
        holders = {
            one.member
            for one in drill.roles.tenures.get(role, ())
            if any(one.since < until and (one.until is None or one.until > since) for since, until in owing)
        }
        open_for = sum(stop - start for start, stop in gaps)
        table[role] = RoleHeld(
            required_s=_seconds(found.required[role]),
            held_s=_seconds(found.required[role] - open_for),
            gaps=[(_seconds(start), _seconds(stop)) for start, stop in gaps],
            holders=len(holders),
        )
    return table


def _seconds(milliseconds: int) -> float:
    return round(milliseconds / 1000, 1)


JUDGES: dict[Duty, Judge] = {"roles_covered": roles_covered}
