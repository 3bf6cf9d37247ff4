"""Where a team stands by its drills so far, in words: its level, its next drill, what changed, and if it is ready."""

from collections.abc import Sequence

from scoring.history.figures import DrillFigures
from scoring.history.readiness import COMING, LEAST, READY, Band, Played, Readiness
from scoring.labels import counted

__all__ = ["FEWEST", "comparable", "countable", "readiness_of", "standing"]

FEWEST = 4
"""From how many drills on bands are shown; before that they are too wide to say anything."""
_SURE = 0.9
"""How likely a change has to be before a sentence says that there is one."""


def comparable(drills: Sequence[DrillFigures]) -> list[DrillFigures]:
    """The drills with a total by the rubric of the last one: other weights make other totals."""
    return [one for one in drills if one.uncapped is not None and one.rubric == drills[-1].rubric]


def countable(drills: Sequence[DrillFigures]) -> list[DrillFigures]:
    """The comparable drills that say something of a level: played to the end, and with the follow-up closed."""
    return [one for one in comparable(drills) if one.complete and not one.provisional]


def standing(drills: Sequence[DrillFigures]) -> list[str]:
    """Sentences about the drills of one team, kind, mode and protocol, in their order; none below FEWEST of them.

    Bands hold in nine cases of ten. Of a trend, and of being ready, nothing is said below LEAST drills.
    """
    counted_in = countable(drills)
    if len(counted_in) < FEWEST:
        return []
    team = readiness_of(counted_in)
    said = [f"Level: {_range(team.level)}. Next drill: {_range(team.coming)}. Each holds nine times out of ten."]
    if len(counted_in) >= LEAST:
        said += [_changed(team, len(counted_in)), _ready(team)]
    others = sum(one.rubric != drills[-1].rubric for one in drills)
    if others:
        said.append(f"Left out of this: {counted(others, 'drill', 'drills')} scored by another rubric than the last.")
    return said


def readiness_of(drills: Sequence[DrillFigures]) -> Readiness:
    """What the drills that count say of a team."""
    return Readiness([_played(one) for one in countable(drills)])


def _played(one: DrillFigures) -> Played:
    return Played(one.uncapped or 0.0, failed=bool(one.caps))


def _range(band: Band) -> str:
    return f"{round(band.low)} to {round(band.high)}"


def _changed(team: Readiness, drills: int) -> str:
    better = team.better(since=1)
    if _SURE > better > 1 - _SURE:
        return f"No change over these {drills} drills that luck alone can't explain."
    word, likely = ("higher", better) if better > 0.5 else ("lower", 1 - better)
    return f"The level is {word} than at the first of these {drills} drills (probability {_chance(likely)})."


def _ready(team: Readiness) -> str:
    chance = team.ready()
    what = f"a level of at least {READY:g}, and at most one of the next {COMING} drills held down by a cap"
    return f"Ready with probability {_chance(chance or 0.0)}: {what}. Of these {len(team.drills)}, {team.failed} were."


def _chance(share: float) -> str:
    """A probability that promises neither certainty."""
    return f"{min(max(share, 0.01), 0.99):.2f}"
