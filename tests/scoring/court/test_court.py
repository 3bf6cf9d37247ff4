"""The court: pairs of whole drills, and what the score must make of them. docs/explanation/score.md has its table."""

import pytest

from tests.scoring.court.case import SIZES, Case, CutShort
from tests.scoring.court.cases import CASES, CUT_SHORT
from tests.scoring.court.failing import FAILING
from tests.scoring.court.figures import holds, said
from tests.scoring.court.table import current


def _all() -> list[object]:
    return [
        pytest.param(case, size, id=f"{case.name}-{size}", marks=_mark(FAILING.get((case.name, size))))
        for case in CASES
        for size in case.sizes
    ]


def _mark(today: str | None) -> list[pytest.MarkDecorator]:
    """What does not hold yet must fail, or it is no longer among what does not hold."""
    return [] if today is None else [pytest.mark.xfail(strict=True, reason=today)]


@pytest.mark.parametrize(("case", "size"), _all())
def test_the_score_ranks_as_an_incident_commander_would(case: Case, size: int) -> None:
    assert holds(case, size), f"{said(case, size)}: {case.why}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CUT_SHORT, ids=lambda case: case.name)
def test_a_drill_that_was_cut_short_has_no_total(case: CutShort, size: int) -> None:
    card = case.plays(size).card()
    assert (card.score, card.uncapped, card.rating, card.caps, card.ledger) == (None, None, None, [], [])
    assert {part.score for part in card.components.values()} == {None}
    assert card.verdict == card.cut_short.says if card.cut_short is not None else False


def test_what_was_cut_short_says_how_much_of_it_could_be_judged() -> None:
    at_once = CUT_SHORT[0].plays(6).card()
    assert at_once.verdict == "cut short after 4 s: 1 of 27 items could be judged"


def test_there_are_cases_enough_and_each_says_what_it_wants() -> None:
    assert len(CASES) >= 30
    assert len({case.name for case in CASES}) == len(CASES)
    assert all(case.least is not None or case.most is not None for case in CASES)
    assert {name for name, _ in FAILING} <= {case.name for case in CASES}


def test_the_page_about_the_score_prints_the_cases_as_they_are() -> None:
    assert current(), "run `python -m tests.scoring.court --write`"
