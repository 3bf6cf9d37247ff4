"""A drill declared over while the fix was running: every reader is told the same, and the line that names the cause."""

import re
from functools import cache

import pytest

from drills.guidance.hotwash import Worth, read, wash_data, worth
from reports.charts.captions import alternative
from reports.charts.titles import titles
from reports.page import Page
from reports.postmortem import PostMortem
from reports.situation import SituationReport
from reports.story import Story, held_down
from scoring.result import Scorecard
from scoring.scorecard import grade
from scoring.told import graded
from simulator.log import DrillLog
from tests.scoring.build import played
from tests.scoring.court.builder import Drill, Line, careful
from tests.scoring.court.drills import unmended

EARLY = 667
"""Resolved at 11:07, and the fix is in at 11:35."""


def logged(drill: Drill) -> DrillLog:
    plan = drill.crew.plan
    return DrillLog.reproducible(plan, played(plan, drill.timed, answers=drill.answers).events)


@cache
def declared(*dropped: str) -> DrillLog:
    drill = careful(6).moved("resolve", EARLY).without(*dropped)
    return logged(drill.unanswered() if dropped else drill)  # an answer would be a log entry or a message, too


def everything(log: DrillLog, card: Scorecard) -> str:
    """All that a reader is told in words."""
    story = Story(log, {})
    page = Page(story, card, [], ("", ""))
    told = PostMortem.of(story, card)
    facts = [f"{fact.label} {fact.value}" for fact in page.facts]
    lines = [line for answer in SituationReport.of(story).answers for line in answer.lines]
    items = [item.why for part in card.components.values() for item in part.items]
    losses = [f"{line.title}: {line.why} {line.better}" for line in card.ledger]
    charts = [*titles(story, card).values(), *alternative(story, card).values()]
    return "\n".join([told.summary, told.impact, *facts, *lines, *items, *losses, *charts])


def test_one_line_names_the_cause_and_what_waiting_for_the_fix_would_have_brought() -> None:
    log = declared()
    first, *others = graded(log).ledger
    assert (first.item, first.owner) == ("impact_ended", "incident_commander")
    assert first.why == "declared over 28 s before the fix took hold; target 22 min"
    assert first.better.startswith("declared over once the fix has taken hold (also: ")
    assert "Roles covered" in first.also
    waited = grade(logged(careful(6))).score or 0
    assert first.brings == pytest.approx(waited - (grade(log).score or 0), abs=2)
    assert first.brings is not None
    assert first.brings > 5 * sum(line.points for line in others)


def test_who_declared_it_over_answers_for_that_and_not_who_was_fixing_it() -> None:
    people = grade(declared(), people=True).people or {}
    assert {who for who, own in people.items() for line in own.lost if line.item == "impact_ended"} == {"ana"}


@pytest.mark.parametrize("dropped", [(), ("log", "update"), ("publish", "draft", "approve"), ("declare_severity",)])
def test_nobody_reads_of_a_time_longer_than_the_drill(dropped: tuple[str, ...]) -> None:
    log = declared(*dropped)
    said = everything(log, graded(log))
    said = re.sub(r"next in \d+ min|(target|deadline|at most|every|within) \d+ min", "", said)
    said = re.sub(r"held \w[\w ]* from [\d:]+ to [\d:]+", "", said)  # until ENDEX: the papers are theirs, too
    longest = max(int(minutes) for minutes in re.findall(r"(?:lasted|for|waited|silent for|after) (\d+) min", said))
    assert longest <= 12, said


def test_the_times_agree() -> None:
    log = declared()
    card, story = graded(log), Story(log, {})
    told = PostMortem.of(story, card)
    assert "declared over 11 min 7 s after the report, 28 s before the impact ended." in told.summary
    assert told.impact.endswith("It lasted 11 min 35 s from the report.")
    facts = {fact.label: fact.value for fact in Page(story, card, [], ("", "")).facts}
    assert (facts["Impact ended after"], facts["Declared over after"]) == ("11 min 35 s", "11 min 7 s")
    assert facts["Longest silence"] == "4 min 37 s"
    lines = " ".join(line for answer in SituationReport.of(story).answers for line in answer.lines)
    assert "The impact had not ended by then. It ended 28 s later, at " in lines
    assert "11 min 35 s until the impact ended; 11 min 7 s until it was declared over" in lines
    named = titles(story, card)
    assert named["timeline"] == "The drill: declared over after 11 min, fixed 28 s later"
    assert named["role-coverage"] == "Every role was held until it was declared over, too soon; none counts after that"
    assert all(stop <= EARLY * 1000 for gaps in story.gaps(card).values() for _, stop in gaps)


def test_a_gap_before_it_was_declared_over_is_told_as_long_as_people_saw_it() -> None:
    def late(one: Line) -> Line:
        return one if one.do != "take_role" or one.fields["role"] != "incident_commander" else Line(
            340, one.who, one.do, one.fields
        )  # fmt: skip

    log = logged(careful(6).moved("resolve", EARLY).without("draft", "approve", "publish").changed(late))
    item = next(item for item in grade(log).components["role_coverage"].items if item.id == "roles_covered")
    assert item.why == "Incident Commander open for 40 s; every role counts as open after it was declared over too soon"


def test_what_was_never_being_fixed_is_said_to_be_still_broken() -> None:
    log = logged(unmended(6).plus(Line(EARLY, "ana", "resolve", {"text": "Over."})))
    line = next(line for line in grade(log).ledger if line.item == "impact_ended")
    assert line.why == "declared over while it was still broken; target 22 min"
    assert (line.owner, line.better) == ("solutioneer", "within 22 min")
    assert "It still lasted after 11 min 7 s." in PostMortem.of(Story(log, {}), grade(log)).impact


# -- a limit that applies and does not bind ----------------------------------------------------------------------------


def places(log: DrillLog, card: Scorecard) -> dict[str, str]:
    """Where people read of a limit."""
    story = Story(log, {})
    wash = wash_data(read(log), "score", {}, None, (), Worth(card, worth(log).most))
    return {
        "report": " ".join(Page(story, card, [], ("", "")).notes),
        "post-mortem": PostMortem.of(story, card).summary,
        "hot wash": wash["score"]["held_down"] or "",
    }


def test_a_limit_that_does_not_hold_the_score_down_is_said_nowhere_to() -> None:
    log = declared("take_role", "log", "update")
    card = grade(log, people=True)
    assert ([cap.id for cap in card.caps], card.score) == (["impact_not_ended"], card.uncapped)
    assert held_down(card) is None
    assert not [where for where, said in places(log, card).items() if re.search("at most|limit", said, re.I)]


def test_a_limit_that_holds_it_down_is_said_alike_everywhere() -> None:
    log = logged(unmended(6))
    card = grade(log, people=True)
    said = held_down(card)
    assert card.binding is not None
    assert said == (
        f"Held down from {card.uncapped:.1f} to {card.score:.1f}: the impact was not ended, so that at most 59 was "
        "possible."
    )
    assert all(said in there for there in places(log, card).values())


# -- two causes in one line --------------------------------------------------------------------------------------------


def test_one_person_in_several_roles_and_a_gap_have_the_remedy_for_both() -> None:
    def alone(one: Line) -> Line:
        return one if one.do != "take_role" else Line(
            320, "chloe" if one.fields["role"] == "communications" else "ana", one.do, one.fields
        )  # fmt: skip

    roles = {one.fields["role"]: alone(one) for one in careful(6).lines if one.do == "take_role"}
    log = logged(careful(6).without("take_role").plus(*roles.values()))
    item = next(item for item in grade(log).components["role_coverage"].items if item.id == "roles_covered")
    assert "Incident Commander open for 20 s" in item.why
    assert "one person in several roles for " in item.why
    assert item.better == "a person for each role throughout"
