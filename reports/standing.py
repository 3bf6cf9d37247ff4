"""Where a team stands by its drills so far, in words: its level, its next drill, what changed, and if it is ready."""

from collections.abc import Sequence

from scoring.history.changes import SURE
from scoring.history.figures import DrillFigures
from scoring.history.readiness import COMING, LEAST, NOTHING_MORE, READY, Band, Circumstances, Readiness, played_of
from scoring.history.selection import comparable, countable
from scoring.labels import counted

__all__ = ["FEWEST", "comparable", "countable", "readiness_of", "standing"]

FEWEST = 4
"""From how many drills on bands are shown; before that they are too wide to say anything."""


def standing(drills: Sequence[DrillFigures], known: Circumstances = NOTHING_MORE, ready_at: float = READY) -> list[str]:
    """Sentences about the drills of one team, kind, mode and protocol, in their order; none below FEWEST of them.

    Bands hold in nine cases of ten. Of a trend, and of being ready, nothing is said below LEAST drills. A team is ready
    from a level of `ready_at` on.
    """
    counted_in = countable(drills)
    if len(counted_in) < FEWEST:
        return []
    team = readiness_of(counted_in, known)
    said = [f"Level: {_range(team.level)} of 100. Next drill: {_range(team.coming)}. Each holds nine times out of ten."]
    if len(counted_in) >= LEAST:
        said += [_changed(team, len(counted_in)), _ready(team, ready_at)]
    others = sum(one.rubric != drills[-1].rubric for one in drills)
    if others:
        said.append(f"Left out of this: {counted(others, 'drill', 'drills')} scored by another rubric than the last.")
    return said


def readiness_of(drills: Sequence[DrillFigures], known: Circumstances = NOTHING_MORE) -> Readiness:
    """What the drills that count say of a team."""
    return Readiness(played_of(countable(drills), known))


def _range(band: Band) -> str:
    return f"{round(band.low)} to {round(band.high)}"


def _changed(team: Readiness, drills: int) -> str:
    better = team.better(since=1)
    if SURE >= better >= 1 - SURE:
        return f"No change over these {drills} drills that luck alone can't explain."
    word, likely = ("higher", better) if better > 0.5 else ("lower", 1 - better)
    return f"The level is {word} than at the first of these {drills} drills (probability {_chance(likely)})."


def _ready(team: Readiness, ready_at: float) -> str:
    chance = team.ready(ready_at)
    what = f"a level of at least {ready_at:g}, and at most one of the next {COMING} drills held down by a cap"
    return f"Ready with probability {_chance(chance or 0.0)}: {what}. {_held_down(team)}"


def _held_down(team: Readiness) -> str:
    many = {0: "none was", 1: "one was"}.get(team.failed, f"{team.failed} were")
    return f"Of these {len(team.drills)} drills, {many}."


def _chance(share: float) -> str:
    """A probability that promises neither certainty."""
    return f"{min(max(share, 0.01), 0.99):.2f}"
