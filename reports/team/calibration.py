"""Chart 6: how hard calibration says that each drill's scenario is, against what the team got."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from reports.format import score_points
from reports.team.chart import Cell, Chart, Shown, Table
from scoring.history.figures import DrillFigures

__all__ = ["expected_chart"]

_TITLE = "Expected by calibration, and got"
_WHY = (
    "A hard scenario lowers everybody's total; calibration plays it with simulated teams and says by how much.",
    "Simulated teams know the scenario as it was written, so what they say of how hard it is goes in a circle.",
    "So it stands beside what people got: of two drills, the one said to be harder should have the lower total.",
)
_FEWEST = 10
"""So many pairs of drills say something of how well the two agree."""


def expected_chart(shown: Shown, difficulties: Mapping[str, tuple[float, float]]) -> Chart:
    """The numbers, without a picture. `difficulties` has how much harder than the mean a scenario is, by id."""
    places = [
        place for place, one in enumerate(shown.drills) if one.scenario in difficulties and one.uncapped is not None
    ]
    if not places:
        return Chart("expected", _TITLE, "Nothing is expected: none of these scenarios is calibrated.", _WHY)
    rows = []
    for place in places:
        one = shown.drills[place]
        harder, error = difficulties[one.scenario]
        rows.append((shown.cell(place), Cell(f"{harder:+.2f} ± {error:.2f}"), Cell(score_points(one.uncapped))))
    head = ("Drill", "Harder than the mean (logarithm of points lost)", "Total before caps")
    says = _says([shown.drills[place] for place in places], difficulties, len(shown))
    return Chart("expected", _TITLE, says, _WHY, table=Table(tuple(map(Cell, head)), tuple(rows)))


def _says(drills: Sequence[DrillFigures], difficulties: Mapping[str, tuple[float, float]], whole: int) -> str:
    known = [(difficulties[one.scenario][0], one.uncapped or 0.0) for one in drills]
    pairs = [(one, other) for one, other in combinations(known, 2) if one[0] != other[0] and one[1] != other[1]]
    told = f"{len(drills)} of {whole} drills are of calibrated scenarios."
    if len(pairs) < _FEWEST:
        return f"{told} Too few to say whether calibration and your totals agree."
    agree = sum((one[0] > other[0]) == (one[1] < other[1]) for one, other in pairs)
    share = round(100 * agree / len(pairs))
    return f"{told} Of two of them, the harder one had the lower total {share} times in 100; chance alone makes it 50."
