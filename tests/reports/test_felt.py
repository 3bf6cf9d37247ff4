"""Papers of a drill whose customers felt it for longer than the fix took."""

import pytest

from reports.page import Page
from reports.postmortem import PostMortem
from reports.situation import SituationReport
from reports.story import Story
from scoring.scorecard import grade
from simulator import acts as do
from simulator.log import DrillLog
from tests.scoring.build import plan_of, played
from tests.scoring.test_boundaries import at
from tests.scoring.test_felt import mended, queue


@pytest.mark.parametrize(
    ("resolved", "by_then"), [(900, "before it was declared over"), (350, "after it was declared over")]
)
def test_papers_say_when_the_fix_was_in_and_when_customers_stopped_feeling_it(resolved: float, by_then: str) -> None:
    """The fix is in at 4:40, the queue empty at 14:40."""
    plan = plan_of(queue(), "small")
    log = DrillLog.reproducible(plan, played(plan, mended(at(resolved, do.Resolve(who="ana"))), answers=False).events)
    story = Story(log, {})
    told = PostMortem.of(story, grade(log))
    assert "The fix was in 4 min 40 s after the report; customers felt it until 14 min 40 s after it." in told.summary
    assert told.impact.endswith("It lasted 14 min 40 s from the report.")
    lines = [line for answer in SituationReport.of(story).answers for line in answer.lines]
    assert f"Customers stopped feeling it 10 min later, {by_then}." in lines
    facts = {fact.label: fact.value for fact in Page(story, grade(log), [], ("", "")).facts}
    assert (facts["Fixed after"], facts["Customers stopped feeling it after"]) == ("4 min 40 s", "14 min 40 s")
    assert "Impact ended after" not in facts
