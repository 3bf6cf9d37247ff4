"""The cases: two drills each, and why an experienced incident commander ranks them so."""

from tests.scoring.court import drills as of
from tests.scoring.court import outcome, people, telling
from tests.scoring.court.case import CutShort

__all__ = ["CASES", "CUT_SHORT"]

CASES = [*outcome.CASES, *telling.CASES, *people.CASES]

CUT_SHORT = [
    CutShort("after 4 s", lambda n: of.cut_short(n, 4), "Nothing was due yet"),
    CutShort("after 61 s", lambda n: of.cut_short(n, 61), "A silence cannot be long in a minute"),
    CutShort("after 300.5 s", lambda n: of.cut_short(n, 300.5), "Some was due and most was not"),
    CutShort("after 20 min", lambda n: of.cut_short(n, 1200), "The rest of the drill cannot be known"),
]
