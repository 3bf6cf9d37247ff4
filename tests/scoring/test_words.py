"""What nobody can see was not said: also in the logs of a time when it was let through."""

from simulator import events as ev
from tests.scoring.build import by_hand, graded, item, plan_of, small_scenario
from tests.scoring.test_boundaries import score

NOTHING = "\u200b\u2060"


def test_a_topic_that_nobody_can_see_was_not_stated() -> None:
    log = by_hand(
        plan_of(small_scenario(1, injects=[]), "small"),
        (0, ev.IncidentReported, {"to": "ana", "via": "alert", "sender": "x", "text": "y"}),
        (20, ev.TeamAlerted, {"actor": "ana", "recipients": ("ana", "ben"), "severity": 1, "topic": NOTHING}),
        (30, ev.Restated, {"actor": "ana", "severity": 1, "topic": NOTHING}),
        (3600, ev.PhaseBegan, {"phase": "papers"}),
    )
    card = graded(log)
    assert (score(card, "alert_complete"), score(card, "restated")) == (50, 50)


def test_papers_that_nobody_can_read_answer_nothing() -> None:
    log = by_hand(
        plan_of(small_scenario(1, injects=[]), "small"),
        (0, ev.IncidentReported, {"to": "ana", "via": "alert", "sender": "x", "text": "y"}),
        (100, ev.IncidentResolved, {"actor": "ana"}),
        (100, ev.PhaseBegan, {"phase": "papers"}),
        (200, ev.SituationReportFiled, {"actor": "ana", "solution": "Rolled back.", "who_impacted": NOTHING}),
        (300, ev.PostMortemFiled, {"actor": "ana", "learnings": NOTHING}),
        (301, ev.CorrectiveActionAdded, {"actor": "ana", "text": NOTHING, "owner": "ben", "due_on": "2026-04-01"}),
        (400, ev.PhaseBegan, {"phase": "hot_wash"}),
        (500, ev.DrillEnded, {}),
        (600, ev.FollowUpClosed, {}),
    )
    card = graded(log)
    assert item(card, "answers").why == "the situation report leaves out: who was impacted, how"
    assert score(card, "follow_up") == 0


def test_a_false_alarm_is_not_closed_for_a_reason_that_nobody_can_see() -> None:
    log = by_hand(
        plan_of(small_scenario(0, injects=[], actions=[]), "small"),
        (0, ev.IncidentReported, {"to": "ana", "via": "alert", "sender": "x", "text": "y"}),
        (60, ev.IncidentClosed, {"actor": "ana", "reason": NOTHING}),
        (60, ev.PhaseBegan, {"phase": "papers"}),
    )
    assert score(graded(log), "closed") == 0
