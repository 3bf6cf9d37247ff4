"""What a calibration says of its scenario, worked out from its counts."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt

import msgspec

from scenarios.scenario import Scenario
from scoring.calibration.counts import PROFILES, SIZES, STEPS, Cell, Counts
from scoring.scale import figure_of
from simulator.plan import Profile

__all__ = ["ABLE", "Findings", "ProfileFinding", "difficulty_of", "findings"]

ABLE: tuple[Profile, ...] = PROFILES[:-1]
"""Teams that do something. How hard a scenario is, is the mean over these: teams that are absent fail at any."""
_TENTHS = 10.0
_HUNDREDTHS = 100.0
_EVERYBODY, _NOBODY = 0.99, 0.01
_DEAREST = 5
_SMALL = 0.5


class Lost(msgspec.Struct, frozen=True):
    """Where points are lost."""

    obligation: str
    """The obligation's id; `order` for acts in the wrong order."""
    points: float
    """Of 100, in the mean of all drills of the profile."""


class ProfileFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What the teams of a profile made of it."""

    profile: Profile
    drills: int
    """How many they played."""
    score: float
    """Their mean total."""
    luck: float
    """Standard deviation of the total between teams that are equally good and equally many."""
    won: float
    """Share that came to a good end in time."""
    losses: list[Lost]
    """The dearest first."""


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What a calibration says. Shares are from 0 to 1; lists of shares have one for each profile, the best first."""

    drills: int
    """How many drills were played."""
    difficulty: float
    """Mean of ln(101 - total without caps) over profiles and sizes, without the absent: the higher, the harder."""
    error: float
    """Standard error of that."""
    middling: float
    """The total without caps that belongs to it."""
    separates: dict[str, float]
    """How often a drill of a better team has the higher total, by the two profiles; 0.5 is a coin."""
    luck: float
    """Standard deviation on the scale between teams that are equally good and equally many, without the absent."""
    luck_points: float
    """The same in points of the total."""
    sizes: dict[str, float]
    """The mean total by how many people the team has, without the absent."""
    profiles: list[ProfileFinding]
    """From the best to the worst."""
    injects: dict[str, list[float]]
    """In what share of drills each inject came."""
    looks: dict[str, list[float]]
    """In what share each action was finished during the response."""
    ended: dict[str, list[float]]
    """What share each action ended."""
    met: dict[str, list[float | None]]
    """In what share each obligation was met, of the drills in which it could be judged; None if in none."""
    capped: dict[str, list[float]]
    """In what share each cap held the total down."""
    everybody: list[str]
    """Obligations that all but a hundredth of teams meet, without the absent: they tell nobody from anybody."""
    nobody: list[str]
    """Obligations that hardly a team of experts meets."""
    never_come: list[str]
    """Injects that came in no drill."""
    never_found: list[str]
    """Clues that no team looked at."""
    never_end: list[str]
    """Cures that ended no drill."""
    warnings: list[str]
    """What is wrong with it, a sentence each: it cannot be won, or not be lost."""


def findings(counts: Counts, scenario: Scenario) -> Findings:
    """What the counts say of the scenario, whose ids they use."""
    drills = [counts.of(profile).drills for profile in PROFILES]
    able = [counts.cell(profile, size) for profile in ABLE for size in SIZES]
    difficulty, error = difficulty_of(counts)
    met = {
        name: [_share(of, judged) for of, judged in zip(counts.met.get(name, [0] * len(PROFILES)), all_of, strict=True)]
        for name, all_of in sorted(counts.judged.items())
    }
    cures = [action.id for action in scenario.actions if action.effect == "fixes"]
    return Findings(
        drills=counts.drills,
        difficulty=round(difficulty, 4),
        error=round(error, 4),
        middling=round(figure_of(difficulty), 1),
        separates={
            f"{better}-{worse}": round(_higher(counts, better, worse), 3)
            for better, worse in [*pairwise(ABLE), ("good", "poor")]
        },
        luck=round(_spread([_squares(cell.judged, cell.y, cell.y_squares) for cell in able]) / STEPS, 3),
        luck_points=round(
            _spread([_squares(cell.judged, cell.score, cell.score_squares) for cell in able]) / _TENTHS, 1
        ),
        sizes={str(size): _score([counts.cell(profile, size) for profile in ABLE]) for size in SIZES},
        profiles=[_profile(counts, place) for place in range(len(PROFILES))],
        injects=_shares(counts.injects, [one.id for one in scenario.injects], drills),
        looks=_shares(counts.looks, [one.id for one in scenario.actions], drills),
        ended=_shares(counts.ended, [one.id for one in scenario.actions if one.id in counts.ended], drills),
        met=met,
        capped=_shares(counts.capped, sorted(counts.capped), drills),
        everybody=[
            name for name in met if _of_able(counts.met, name) >= _EVERYBODY * _of_able(counts.judged, name) > 0
        ],
        nobody=[name for name, shares in met.items() if shares[0] is not None and shares[0] <= _NOBODY],
        never_come=[one.id for one in scenario.injects if one.id not in counts.injects],
        never_found=[one.id for one in scenario.actions if one.clue and one.id not in counts.looks],
        never_end=[name for name in cures if name not in counts.ended and not _needs_others(scenario, name)],
        warnings=_warnings(counts, drills),
    )


def _needs_others(scenario: Scenario, name: str) -> bool:
    """Whether a cure works only together with others: the last of them ends it, whichever that is."""
    return any(action.together and name in (action.id, *action.together) for action in scenario.actions)


def _warnings(counts: Counts, drills: Sequence[int]) -> list[str]:
    found = []
    if not counts.won[0]:
        found.append(f"it cannot be won: none of {drills[0]} teams of experts brought it to a good end in time")
    if counts.won[-2:] == list(drills[-2:]):
        found.append(f"it cannot be lost: each of {sum(drills[-2:])} poor and absent teams brought it to a good end")
    return found


def _profile(counts: Counts, place: int) -> ProfileFinding:
    profile = PROFILES[place]
    cells = [counts.cell(profile, size) for size in SIZES]
    drills = sum(cell.drills for cell in cells)
    lost = [
        Lost(name, round(numbers[place] / _HUNDREDTHS / drills, 1)) for name, numbers in counts.lost.items() if drills
    ]
    lost.sort(key=lambda one: (-one.points, one.obligation))
    return ProfileFinding(
        profile=profile,
        drills=drills,
        score=_score(cells),
        luck=round(_spread([_squares(cell.judged, cell.score, cell.score_squares) for cell in cells]) / _TENTHS, 1),
        won=_share(counts.won[place], drills) or 0.0,
        losses=[one for one in lost[:_DEAREST] if one.points >= _SMALL],
    )


def _score(cells: Sequence[Cell]) -> float:
    judged = sum(cell.judged for cell in cells)
    return round(sum(cell.score for cell in cells) / judged / _TENTHS, 1) if judged else 0.0


def _squares(number: int, total: int, squares: int) -> tuple[int, float]:
    """Degrees of freedom of some values, and the sum of their squared distances from their mean."""
    return (number - 1, squares - total * total / number) if number else (0, 0.0)


def _spread(parts: Sequence[tuple[int, float]]) -> float:
    """The standard deviation within groups, pooled."""
    freedom = sum(part[0] for part in parts if part[0] > 0)
    return sqrt(sum(part[1] for part in parts if part[0] > 0) / freedom) if freedom > 0 else 0.0


def difficulty_of(counts: Counts) -> tuple[float, float]:
    """How hard a scenario is, on the scale, and the standard error of that. Each profile and size counts the same."""
    used = [cell for profile in ABLE for size in SIZES if (cell := counts.cell(profile, size)).judged > 1]
    if not used:
        return 0.0, 0.0
    mean = sum(cell.y / cell.judged for cell in used) / len(used) / STEPS
    errors = [squares / freedom / cell.judged for cell in used for freedom, squares in (_squares(*_ys(cell)),)]
    return mean, sqrt(sum(errors)) / len(used) / STEPS


def _ys(cell: Cell) -> tuple[int, int, int]:
    return cell.judged, cell.y, cell.y_squares


def _higher(counts: Counts, better: Profile, worse: Profile) -> float:
    """How often a drill of one profile has a higher total than one of another; equal ones count half each."""
    ours, theirs = PROFILES.index(better), PROFILES.index(worse)
    rows = sorted((int(total), numbers[ours], numbers[theirs]) for total, numbers in counts.totals.items())
    all_ours, all_theirs = (sum(row[place] for row in rows) for place in (1, 2))
    below, found = 0, 0.0
    for _, mine, others in rows:
        found += mine * (below + others / 2)
        below += others
    return found / (all_ours * all_theirs) if all_ours and all_theirs else 0.5


def _of_able(tally: Mapping[str, Sequence[int]], name: str) -> int:
    return sum(tally.get(name, ())[: len(ABLE)])


def _share(number: int, of: int) -> float | None:
    return round(number / of, 4) if of else None


def _shares(tally: Mapping[str, Sequence[int]], names: Sequence[str], drills: Sequence[int]) -> dict[str, list[float]]:
    none = [0] * len(PROFILES)
    return {
        name: [_share(number, of) or 0.0 for number, of in zip(tally.get(name, none), drills, strict=True)]
        for name in names
    }
