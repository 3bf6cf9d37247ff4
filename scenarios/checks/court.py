"""What a rubric's weights make of the cases that the standard ones satisfy. A rubric is its author's: all is advice.

The cases themselves are whole drills (docs/explanation/score.md). Here is what they ask of the weights alone, for the
gravest severity of a protocol.
"""

from collections.abc import Iterator
from typing import NamedTuple

from scenarios.checks.base import finding
from scenarios.problem import Problem
from scenarios.protocol import Duty, Protocol
from scenarios.rubric import Rubric
from scenarios.source import Source

__all__ = ["check_court"]

_PRESSED_TO, _APART = 59.0, 10.0
_LATE, _TOLD = 16.0, 3.0
"""Points of the total that the impact must be worth so that 35 minutes are 12 points less than 11; and that telling
customers that it is over must be."""
_HEROES: tuple[Duty, ...] = (
    "role_in_place", "roles_covered", "roles_stated", "messages_agreed", "situation_report", "emailed", "attached",
    "answers", "follow_up",
)  # fmt: skip
"""What a team loses that fixes it and tells customers, and takes no roles and writes no papers."""
_RITUAL: tuple[Duty, ...] = (
    "severity_declared", "team_alerted", "acknowledged", "joined", "role_in_place", "roles_covered", "alert_complete",
    "restated", "roles_stated", "situation_report", "emailed", "attached", "severity_judged", "answers", "follow_up",
)  # fmt: skip
"""What a team earns that comes, takes every role, writes every paper, and does nothing else."""


class _Advice(NamedTuple):
    place: tuple[str | int, ...]
    says: str
    hint: str


def check_court(rubric: Rubric, source: Source, protocol: Protocol) -> Iterator[Problem]:
    """A warning for each case that the weights and caps contradict."""
    for one in _contradictions(rubric, protocol):
        yield finding(source, one.place, one.says, one.hint, severity="warning", key=True)


def _contradictions(rubric: Rubric, protocol: Protocol) -> Iterator[_Advice]:
    worth = _worth(rubric, protocol)
    ended, told = worth.get("impact_ended", 0.0), worth.get("told_over")
    if "impact_ended" in worth and ended < _LATE:
        yield _Advice(
            ("components",),
            f"the time until the impact ended is worth {ended:.1f} of 100: a fix at 35 minutes is hardly worse than "
            "one at 11",
            f"give `response_time`, or `impact_ended` under `items`, so much weight that it is worth {_LATE:g}",
        )
    if told is not None and told < _TOLD:
        yield _Advice(
            ("components",),
            f"telling customers that it is over is worth {told:.1f} of 100, so leaving it out costs next to nothing",
            "give `communication`, or `told_over` under `items`, more weight",
        )
    if rubric.caps.impact_not_ended > _PRESSED_TO:
        says = f"a team that never ends the impact can reach {rubric.caps.impact_not_ended:g}"
        yield _Advice(("caps", "impact_not_ended"), says, f"at most {_PRESSED_TO:g}")
    if rubric.cap_presses_from == 1:
        says = "all totals above a cap are equal, so a team that failed in one thing cannot see what it did well"
        yield _Advice(("rubric",), says, "add `cap_presses_from: 0.9`")
    heroes = 100.0 - sum(worth.get(act, 0.0) for act in _HEROES)
    ritual = min(sum(worth.get(act, 0.0) for act in _RITUAL), rubric.caps.impact_not_ended)
    if "impact_ended" in worth and heroes < ritual + _APART:
        yield _Advice(
            ("components",),
            f"who fixes it without roles and papers gets about {heroes:.0f}, who only takes roles and writes papers "
            f"about {ritual:.0f}",
            "give the outcome (`response_time`, `judgement`) more weight, or roles, protocol and learning less",
        )


def _worth(rubric: Rubric, protocol: Protocol) -> dict[Duty, float]:
    """Points of the total that each kind of act can earn at the gravest severity."""
    table = protocol.table(protocol.severities[0].level)
    owed = [] if table is None else [one for one in table.obligations if rubric.items.get(one.id, one.weight) > 0]
    sums: dict[str, float] = {}
    for one in owed:
        sums[one.component] = sums.get(one.component, 0.0) + rubric.items.get(one.id, one.weight)
    whole = sum(weight for name, weight in rubric.components.items() if name in sums)
    found: dict[Duty, float] = {}
    for one in owed:
        component = rubric.components.get(one.component, 0.0)
        if whole > 0 and component > 0:
            points = 100.0 * component / whole * rubric.items.get(one.id, one.weight) / sums[one.component]
            found[one.act] = found.get(one.act, 0.0) + points
    return found
