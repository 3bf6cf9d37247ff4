"""A fix, and customers who feel it for longer: where the scenario says so, it is over when they no longer do."""

import pytest

from scenarios.scenario import Scenario
from simulator import acts as do
from tests.scoring.build import graded, item, plan_of, played, small_scenario
from tests.scoring.test_boundaries import at, caps, gathered, score, scored
from tests.scoring.test_edges import WAY
from tests.support.perfect import Timed


def queue(felt: bool = True, **changes: object) -> Scenario:
    """The fix is in at 280 s; the queue is empty ten minutes later, at 880."""
    signals = {
        "waiting": {"normal": 0, "incident": 500, "recovery": "10m", **({"felt": True} if felt else {})},
        "errors": {"normal": 0, "incident": 90, "recovery": "1h"},
    }
    return small_scenario(1, **{"injects": [], "signals": signals, **changes})


def mended(*more: Timed) -> list[Timed]:
    return [*gathered(), *WAY, *more]


@pytest.mark.parametrize(("felt", "took"), [(False, 280), (True, 880)])
def test_the_impact_ends_when_the_signals_that_customers_feel_are_back(felt: bool, took: float) -> None:
    card = scored(mended(at(900, do.Resolve(who="ana"))), queue(felt))
    assert (item(card, "impact_ended").actual_s, score(card, "impact_ended")) == (took, 100)
    assert caps(card) == []
    assert card.measures.time_to_fix_s == 280


@pytest.mark.parametrize(("resolved", "worth"), [(879.999, 0), (880, 100)])
def test_resolved_while_customers_still_feel_it_is_resolved_before_it_was_over(resolved: float, worth: float) -> None:
    card = scored(mended(at(resolved, do.Resolve(who="ana"))), queue())
    assert score(card, "impact_ended") == score(card, "resolved_by_commander") == worth
    assert (("impact_not_ended", 59) in caps(card)) == (worth == 0)


def test_what_was_left_too_early_is_owed_until_customers_no_longer_feel_it() -> None:
    """Roles are owed from 5 min; the team leaves at 5:50 and the queue is empty at 14:40."""
    card = scored(mended(at(350, do.Resolve(who="ana"))), queue())
    assert card.roles["solutioneer"].gaps == [(350, 880)]


@pytest.mark.parametrize(("told", "worth"), [(879, 0), (880, 100)])
def test_a_last_word_is_believed_from_when_customers_no_longer_feel_it(told: float, worth: float) -> None:
    acts = mended(at(told, do.Publish(who="chloe", text="It works again.", next_in=0)))
    assert score(scored(acts, queue()), "told_over") == worth


def test_how_late_the_last_word_came_is_counted_from_when_customers_no_longer_felt_it() -> None:
    late = at(1000, do.Publish(who="chloe", text="It works again.", next_in=0))
    felt, gone = item(scored(mended(late), queue()), "told_over"), item(scored(mended(late)), "told_over")
    assert "after customers stopped feeling it" in felt.why
    assert "after the fix" in gone.why


def test_a_fix_before_the_signal_had_moved_is_felt_at_once() -> None:
    signals = {"waiting": {"normal": 0, "incident": 500, "recovery": "10m", "starts": "5m", "felt": True}}
    card = scored(mended(at(300, do.Resolve(who="ana"))), queue(signals=signals))
    assert item(card, "impact_ended").actual_s == 280


def test_a_course_of_its_own_ends_at_its_last_point() -> None:
    falls = [{"after": "1m", "is": 200}, {"after": "4m", "is": 0}]
    signals = {"waiting": {"normal": 0, "incident": 500, "falls": falls, "felt": True}}
    card = scored(mended(at(600, do.Resolve(who="ana"))), queue(signals=signals))
    assert item(card, "impact_ended").actual_s == 280 + 240


@pytest.mark.parametrize("team", ["small", "officeluv"])
def test_a_perfect_team_that_waits_for_it_scores_100(team: str) -> None:
    assert graded(played(plan_of(queue(), team))).score == 100
