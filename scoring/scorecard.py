"""Grading: a log and a rubric become a scorecard. Pure: the same log and rubric give the same bytes."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from scenarios.rubric import Rating, Rubric
from scoring.caps import caps_of, pressed
from scoring.components.role_coverage import covered, roles_held
from scoring.facts import Facts
from scoring.ledger import Part, judge, ledger_of, parts_of, total_of
from scoring.obligations import Drill
from scoring.own_ledger import people_of
from scoring.result import Cap, CutShort, RoleHeld, Scorecard
from scoring.role_holders import Roles
from scoring.summary import conditions_of, measures_of
from simulator.events import Event
from simulator.plan import DrillPlan

__all__ = ["RULES", "GradedLog", "from_json", "grade", "to_json"]

RULES = 2
"""The version of the scoring rules. Raise it with any change to what some log is worth, so that stored results are
made again."""

_FULL = 100.0


class GradedLog(Protocol):
    """What grading needs from a log."""

    @property
    def plan(self) -> DrillPlan:
        """Everything that the drill started from."""

    @property
    def events(self) -> Sequence[Event]:
        """What happened, in the log's order."""

    @property
    def head(self) -> str:
        """The log's last hash."""


def grade(log: GradedLog, rubric: Rubric | None = None, people: bool = False) -> Scorecard:
    """Score a drill.

    The default rubric is the one that the drill was started with. An incomplete log is scored as far as it goes:
    what is not due yet is left out. `people` adds each member's own ledger.
    """
    plan, rubric = log.plan, rubric or log.plan.rubric
    facts = Facts(plan, log.events)
    drill = Drill(facts, Roles(facts))
    judged = judge(drill, rubric)
    parts = parts_of(judged, rubric, cut_short=facts.cut_short)
    short = _cut_short(facts, parts)
    uncapped = total_of(parts)
    caps = [replace(cap, leaves=_under(cap, uncapped, rubric)) for cap in caps_of(facts, judged, rubric)]
    limits = [cap.leaves for cap in caps if cap.leaves is not None]
    score = None if uncapped is None else min([round(uncapped, 1), *limits])
    rating = None if score is None else _rating(score, rubric)
    scores = {part.name: part.result() for part in parts}
    return Scorecard(
        rules=RULES,
        cut_short=short,
        drill=plan.drill,
        scenario=plan.scenario.scenario,
        seed=plan.seed,
        severity=facts.severity,
        log=log.head,
        rubric=rubric.digest,
        provisional=not facts.follow_up_closed,
        score=score,
        uncapped=None if uncapped is None else round(uncapped, 1),
        caps=caps,
        reachable=_reachable(parts, drill),
        rating=None if rating is None else rating.letter,
        says=None if rating is None else rating.says,
        response_time=scores["response_time"].score if "response_time" in scores else None,
        role_coverage=scores["role_coverage"].score if "role_coverage" in scores else None,
        components={str(name): result for name, result in scores.items()},
        ledger=ledger_of(parts),
        roles=_roles(parts, drill),
        conditions=conditions_of(facts),
        measures=measures_of(facts, drill.roles),
        people=people_of(drill, parts) if people else None,
    )


def _cut_short(facts: Facts, parts: Sequence[Part]) -> CutShort | None:
    if not facts.cut_short:
        return None
    findings = [one.finding for part in parts for one in part.judged]
    judged = sum(1 for finding in findings if finding.score is not None)
    return CutShort(after_s=round(facts.response_end / 1000, 1), judged=judged, items=len(findings))


def _under(cap: Cap, uncapped: float | None, rubric: Rubric) -> float | None:
    return None if uncapped is None else round(pressed(uncapped, cap.at_most, rubric.cap_presses_from), 1)


def _rating(score: float, rubric: Rubric) -> Rating:
    return next(rating for rating in rubric.ratings if score >= rating.at_least)


def _reachable(parts: Sequence[Part], drill: Drill) -> float:
    """The total of a perfect drill if role coverage were not relative to the team: it shows what its size cost."""
    cost = 0.0
    for one in (one for part in parts for one in part.judged if one.owed.duty.act == "roles_covered"):
        found = covered(one.owed, drill) if one.finding.score is not None else None
        cost += one.available * (1 - found.allowed) if found is not None else 0.0
    return round(_FULL - cost, 1)


def _roles(parts: Sequence[Part], drill: Drill) -> dict[str, RoleHeld]:
    for part in parts:
        for one in part.judged:
            if one.owed.duty.act == "roles_covered":
                return roles_held(one.owed, drill)
    return {}


def to_json(card: Scorecard) -> bytes:
    """The scorecard as in `scorecard.json`: readable, and always the same bytes for the same scorecard."""
    return msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n"


def from_json(data: bytes) -> Scorecard:
    """Read a scorecard back; raises msgspec.ValidationError for anything else."""
    return msgspec.json.decode(data, type=Scorecard)
