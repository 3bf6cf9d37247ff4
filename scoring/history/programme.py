"""Several teams for whoever answers for all of them: what was done, without a score beside another team's.

Only drills that people played count. One figure says whether teams got better, over all of them together.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from scoring.history.actions import CorrectiveAction
from scoring.history.figures import Figures
from scoring.history.readiness import on_scale
from scoring.history.selection import Keys, countable, keys_of
from scoring.statistics.strata import Course, course_of

__all__ = ["Programme", "TeamLine", "programme_of"]


class TeamLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a team did."""

    team: str
    group: int
    """1, or more where several teams of one name have nobody in common."""
    held: int
    """How many drills it held."""
    cut_short: int
    """How many of those were not played to the end."""
    people: int
    """How many people were in its team at least once."""
    joined: int
    """How many of them came into the channel at least once."""
    led: int
    """How many of them were in command at least once."""
    never_met: list[str]
    """Titles of what was owed in the last drill, in an earlier one too, and was never met."""
    now_met: list[str]
    """Titles of what was met in the last drill that owed it, and in none before."""
    retested: int
    """How many corrective actions a later drill tested again."""
    stuck: int
    """How many of them have held."""


class Programme(msgspec.Struct, frozen=True):
    """Several teams."""

    teams: list[TeamLine]
    """By name: there is no order of merit."""
    course: Course | None
    """Whether their drills went better over time; None if there are too few to tell."""


def programme_of(drills: Iterable[Figures], actions: Sequence[CorrectiveAction] = ()) -> Programme:
    """What teams did in some drills, in their order, and what became of corrective actions entered after those."""
    by_team: defaultdict[tuple[str, int], list[Figures]] = defaultdict(list)
    for one in drills:
        if one.drill.kind == "drill":
            by_team[one.drill.team, one.drill.group].append(one)
    lines = [_line(*key, mine, actions) for key, mine in sorted(by_team.items())]
    return Programme(lines, course_of([values for mine in by_team.values() for values in _courses(mine)]))


def _line(team: str, group: int, mine: Sequence[Figures], actions: Sequence[CorrectiveAction]) -> TeamLine:
    heads = {one.drill.head for one in mine}
    tested = [one for one in actions if one.head in heads and one.retests]
    people = {who for one in mine for who in one.crew.persons}
    never, now = _obligations(mine)
    return TeamLine(
        team=team,
        group=group,
        held=len(mine),
        cut_short=sum(one.drill.cut_short or not one.drill.complete for one in mine),
        people=len(people),
        joined=len(people & {who for one in mine for who in one.crew.joined}),
        led=len(people & {who for one in mine for who in one.crew.led}),
        never_met=never,
        now_met=now,
        retested=len(tested),
        stuck=sum(one.state == "held" for one in tested),
    )


def _obligations(mine: Sequence[Figures]) -> tuple[list[str], list[str]]:
    """Titles of what was never met, and of what was met at last; of the protocol of the last drill."""
    alike = [one for one in mine if keys_of(one.drill) == keys_of(mine[-1].drill)]
    went: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    for one in alike:
        for row in one.obligations:
            if row.outcome != "unjudged":
                went[row.obligation].append((row.title, row.outcome == "met"))
    owed = {row.obligation for row in alike[-1].obligations}
    often = {name: rows for name, rows in went.items() if len(rows) > 1 and name in owed}
    never = [rows[-1][0] for rows in often.values() if not any(met for _, met in rows)]
    now = [rows[-1][0] for rows in often.values() if rows[-1][1] and not any(met for _, met in rows[:-1])]
    return never, now


def _courses(mine: Sequence[Figures]) -> list[list[float]]:
    """How a team's drills went, in their order: apart what may not stand together. On the scale of even luck."""
    apart: defaultdict[Keys, list[Figures]] = defaultdict(list)
    for one in mine:
        apart[keys_of(one.drill)].append(one)
    whole = [[one.drill for one in drills if not one.drill.cut_short] for drills in apart.values()]
    return [[-on_scale(row.uncapped or 0.0) for row in countable(rows)] for rows in whole if rows]
