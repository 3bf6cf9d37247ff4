"""Several teams in words: what each did, and one sentence about all of them."""

from collections.abc import Sequence

from reports.format import joined
from scoring.history.programme import Programme, TeamLine
from scoring.labels import counted
from scoring.statistics.strata import Course

__all__ = ["COLUMNS", "NOTE", "cells_of", "course_in_words", "named"]

COLUMNS = ("Team", "Held", "Joined", "Led", "Never met", "Now met", "Retested")
NOTE = (
    "Joined and led: people who did so at least once, of all who were in a drill. Never met: owed in several drills, "
    "met in none. Now met: met in the last drill, in none before. Retested: corrective actions that a later drill "
    "tested, and how many held. Teams stand by name; their scores do not stand side by side."
)
_SURE = 0.05


def named(team: TeamLine, apart: bool) -> str:
    """A team's name, with its number where others have the same."""
    return f"{team.team} ({team.group})" if apart else team.team


def cells_of(lines: Sequence[TeamLine]) -> list[tuple[str, ...]]:
    """A row of words for each team, for COLUMNS."""
    many = {one.team for one in lines if one.group > 1}
    return [
        (
            named(one, one.team in many),
            f"{one.held}, {one.cut_short} not to the end" if one.cut_short else str(one.held),
            f"{one.joined} of {one.people}",
            f"{one.led} of {one.people}",
            joined(one.never_met) or "none",
            joined(one.now_met) or "none",
            f"{one.retested}, {one.stuck} held" if one.retested else "0",
        )
        for one in lines
    ]


def course_in_words(found: Programme) -> str:
    """Whether teams got better, in a sentence."""
    course = found.course
    if course is None:
        return "Too few drills to tell whether teams got better."
    what = f"{counted(course.drills, 'drill', 'drills')} of these teams"
    if course.p > _SURE:
        show = "doesn't show" if course.drills == 1 else "don't show"
        return f"{what} {show} whether teams got better: luck alone often looks like this ({_chance(course)})."
    word = "better" if course.gain > 0 else "worse"
    return f"Over {what}, drills went {word} towards the end, by more than luck alone explains ({_chance(course)})."


def _chance(course: Course) -> str:
    """How often luck alone looks so; never that it can't."""
    return f"p {'< 0.001' if course.p < 0.001 else f'= {course.p:.2g}'}; each team is compared with itself alone"
