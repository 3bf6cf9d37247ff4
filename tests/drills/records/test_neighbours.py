"""A drill beside those of the database, with the actions that it was to test again."""

from datetime import timedelta

from drills.guidance.retests import MEASURES, Retest, shown_by
from drills.records.neighbours import earlier_kept
from scoring.history.figures import figures_of
from scoring.scorecard import grade
from tests.support import library_plan, play

NAMES = {"ana": "Ana Ruiz"}


def test_an_action_that_is_tested_again_is_shown_by_the_obligation_of_its_measure() -> None:
    plan = library_plan("login-outage", 3, "good")
    log = play(plan)
    before = plan.model_copy(update={"drill": "before", "start": plan.start - timedelta(days=30)})
    after = plan.model_copy(update={"drill": "after", "start": plan.start + timedelta(days=30)})
    kept = [figures_of(play(one)) for one in (after, plan, before)]
    retests = [
        Retest("before", 90, "Write down what is done.", "longest_silence_s", 100.0),
        Retest("elsewhere", 7, "Not of a drill that is shown.", "time_to_fix_s", None),
    ]
    found = earlier_kept(log, grade(log), NAMES, kept, retests)
    assert found is not None
    assert [name for name, _ in found.headings] == ["before", "login-outage-3"], "neither itself nor a later one"
    (action,) = found.actions
    assert (action.text, action.measured_by) == ("Write down what is done.", "No long silence")
    assert earlier_kept(log, grade(log), NAMES, kept[:2], retests) is None


def test_every_measure_is_the_time_of_an_obligation() -> None:
    protocol = library_plan().protocol
    shown = {measure: shown_by(measure, protocol) for measure in MEASURES}
    assert shown["time_to_commander_s"] == "commander_in_place"
    assert None not in shown.values()
    assert shown_by("something else", protocol) is None
