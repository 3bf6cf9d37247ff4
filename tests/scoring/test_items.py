"""What single items say and count: the cases that a perfect or an empty drill does not reach."""

import pytest

from scenarios.scenario import Target
from scoring.components.communication import overdue
from scoring.facts import Facts
from scoring.result import Item
from simulator import acts as do
from simulator import events as ev
from simulator.acts import Act
from simulator.events import Event
from tests.scoring.build import (
    MINUTE,
    SECOND,
    Log,
    altered,
    by_hand,
    graded,
    item,
    plan_of,
    played,
    renumbered,
    scenario_of,
    small_scenario,
    without,
)
from tests.support.perfect import Timed, kind_of, perfect_acts


def late(name: str, kind: str, delay: int) -> Log:
    """The perfect drill with one kind of act delayed."""
    plan = plan_of(name)
    return played(plan, [Timed(at + delay if kind_of(act) == kind else at, act) for at, act in perfect_acts(plan)])


def found(log: Log, name: str) -> Item:
    return item(graded(log), name)


# -- time --------------------------------------------------------------------------------------------------------------


def test_a_late_alert_says_what_happened_and_what_would_have_helped() -> None:
    one = found(
        by_hand(
            plan_of("login-outage"),
            (0, ev.IncidentReported, {"to": "ana", "via": "alert", "sender": "x", "text": "y"}),
            (96.2, ev.TeamAlerted, {"actor": "ana", "recipients": ("ana", "ben"), "severity": 1, "topic": "login"}),
        ),
        "team_alerted",
    )
    assert (one.score, one.target_s, one.deadline_s, one.actual_s) == (73.6, 60, 300, 96.2)
    assert (one.clock, one.clock_start_s, one.evidence, one.owner) == ("report", 0, [0, 1], "first_responder")
    assert one.why == "alerted 96 s after the report; target 60 s"
    assert one.better == "36 s sooner"


def test_a_time_that_misses_by_a_hair_is_not_told_as_if_it_had_not() -> None:
    one = found(late("login-outage", "alert", 35_300), "team_alerted")
    assert one.why == "alerted 60.3 s after the report; target 60 s"
    assert one.better == "1 s sooner"


def test_long_times_are_told_in_minutes() -> None:
    plan = plan_of("login-outage")
    one = found(played(plan, [Timed(200 * SECOND, do.AlertTeam(who="ana"))], answers=False), "team_alerted")
    assert one.why == "alerted 3 min 20 s after the report; target 60 s"


def test_what_never_happened_is_0_and_says_so() -> None:
    one = found(played(plan_of("login-outage"), [], answers=False), "team_alerted")
    assert (one.score, one.actual_s) == (0, None)
    assert one.why == "the team was not alerted; target 60 s"
    assert one.better == "within 60 s"


def test_after_its_deadline_an_act_is_still_worth_a_tenth() -> None:
    assert found(late("login-outage", "alert", 10 * MINUTE), "team_alerted").score == 10


def test_after_the_response_it_is_worth_nothing() -> None:
    plan = plan_of("login-outage")
    acts = [*without(plan, "publish"), Timed(25 * MINUTE, do.Publish(who="ana", text="It is over.", next_in=0))]
    card = graded(played(plan, acts, answers=False))
    assert card.measures.time_to_resolve_s is not None
    assert card.measures.time_to_resolve_s < 25 * 60
    assert item(card, "first_external_message").score == 0


def test_a_scenario_may_set_other_targets() -> None:
    scenario = altered(
        scenario_of("login-outage"),
        targets={"team_alerted": Target.model_validate({"target": "10s", "deadline": "40s"})},
    )
    one = found(played(plan_of(scenario)), "team_alerted")
    assert (one.target_s, one.deadline_s) == (10, 40)
    assert one.score == pytest.approx(40.5, abs=0.1)


def test_a_scenario_s_target_for_the_first_message_holds_for_the_cadence_too() -> None:
    """At 8 min by the scenario, not at the protocol's 5: a message at 8 min let nobody wait until it was 20 min old."""
    later = {"first_external_message": {"target": "8m", "deadline": "25m"}}
    plan = plan_of(small_scenario(1, injects=[], targets=later))
    log = played(plan, [Timed(8 * MINUTE, do.Publish(who="ana", text="We know."))], answers=False)
    card = graded(log)
    assert item(card, "first_external_message").score == 100
    assert item(card, "cadence_kept").score == pytest.approx(100 * (28 - 8) / (60 - 8), abs=0.1)
    assert item(card, "cadence_kept").why == "customers waited 32 min for a message that was due"
    assert overdue(Facts(log.plan, log.events)) == [(28 * MINUTE, 60 * MINUTE)]
    assert overdue(Facts(plan, played(plan, [], answers=False).events)) == [(8 * MINUTE, 60 * MINUTE)]


def test_a_scenario_s_target_for_the_alert_holds_for_the_silence_too() -> None:
    later = {"team_alerted": {"target": "10m", "deadline": "20m"}}
    acts = [Timed(30 * SECOND, do.Join(who="ana")), Timed(25 * MINUTE, do.LogEntry(who="ana", text="Still at it."))]
    for targets, silent in ((later, 15), ({}, 24)):
        plan = plan_of(small_scenario(1, injects=[], targets=targets, ends={"after": "35m"}))
        card = graded(played(plan, acts, answers=False))
        assert card.measures.longest_silence_s == silent * 60
        assert item(card, "not_silent").clock_start_s == (10 if targets else 1) * 60


def test_a_scenario_s_target_for_the_alert_says_whether_answering_it_was_in_reach() -> None:
    for target, score in (("52m", 0), ("56m", None)):
        targets = {"team_alerted": {"target": target, "deadline": "59m"}}
        plan = plan_of(small_scenario(1, injects=[], targets=targets))
        assert found(played(plan, [], answers=False), "acknowledged").score == score


def test_what_could_not_be_due_in_time_is_not_judged() -> None:
    scenario = altered(
        scenario_of("login-outage"),
        targets={"first_external_message": Target.model_validate({"target": "30m", "deadline": "50m"})},
    )
    one = found(played(plan_of(scenario), [], answers=False), "first_external_message")
    assert (one.score, one.earned, one.available) == (None, None, 0)
    assert one.why == "its deadline is after the end of the response"


def test_what_was_said_aloud_counts_from_then_and_is_marked() -> None:
    alert = ev.TeamAlerted(
        seq=1, at=110_000, wall=plan_of("login-outage").start, said=50_000, actor="ana", recipients=("ana", "ben")
    )
    log = by_hand(
        plan_of("login-outage"), (0, ev.IncidentReported, {"to": "ana", "via": "alert", "sender": "x", "text": "y"})
    )
    card = graded(Log(log.plan, [*log.events, alert]))
    assert item(card, "team_alerted").score == 100
    assert "said aloud" in item(card, "team_alerted").why
    assert card.conditions.spoken == 1


# -- members -----------------------------------------------------------------------------------------------------------


def test_who_never_acknowledged_counts_in_the_mean() -> None:
    plan = plan_of("login-outage", "small")
    acts = [
        timed
        for timed in perfect_acts(plan)
        if not (kind_of(timed.act) in ("acknowledge", "join", "take_role") and timed.act.who == "ben")
    ]
    one = found(played(plan, acts), "acknowledged")
    assert one.score == 50
    assert one.why == "1 of 2 acknowledged, on average 7 s after the alert; target 60 s"


def test_where_nobody_was_alerted_nobody_else_is_to_blame() -> None:
    """Who was never called could not answer: the loss is the first responder's, also in the members' own ledgers."""
    plan = plan_of("login-outage", "small")
    acts = without(plan, "alert", "acknowledge", "join", "restate", "take_role")
    card = graded(played(plan, acts, answers=False), people=True)
    assert [item(card, name).owner for name in ("acknowledged", "joined")] == ["first_responder"] * 2
    assert card.people is not None
    for member in plan.players:
        lost = {line.item: line.points for line in card.people[member.id].lost}
        first = member.id == plan.first_responder
        assert [name in lost for name in ("acknowledged", "joined")] == [first, first]
    assert item(card, "acknowledged").score == 0


def test_who_is_excused_leaves_the_mean() -> None:
    plan = plan_of("login-outage", "small")
    acts = [timed for timed in perfect_acts(plan) if timed.act.who != "ben"]
    excuse = Timed(26 * SECOND, do.Excuse(who="fay", member="ben", reason="A call."))
    card = graded(played(plan, [*acts, excuse]))
    assert item(card, "acknowledged").score == 100
    assert card.conditions.interventions == 1


def test_the_means_clock_starts_at_the_alert() -> None:
    one = found(played(plan_of("login-outage")), "acknowledged")
    assert (one.clock, one.clock_start_s) == ("reached", 25)


# -- an incident that grows --------------------------------------------------------------------------------------------


def grown(at: int) -> Log:
    scenario = small_scenario([{"from": "0s", "is": 2}, {"from": f"{at}m", "is": 1}])
    plan = plan_of(scenario)
    return played(plan, [Timed(max(t, 0), act) for t, act in perfect_acts(plan)])


def test_what_only_the_graver_table_asks_for_runs_from_the_growth() -> None:
    one = found(grown(3), "first_external_message")
    assert one.clock_start_s == 180
    assert one.target_s == 300


def test_what_was_not_urgent_then_is_not_late_now() -> None:
    """At severity 2 the alert has three minutes; that it grew at twelve does not make two minutes late."""
    plan = plan_of(small_scenario([{"from": "0s", "is": 2}, {"from": "12m", "is": 1}]))
    acts = [Timed(2 * MINUTE, do.AlertTeam(who="ana", severity=2, topic="rooms"))]
    one = found(played(plan, acts, answers=False), "team_alerted")
    assert (one.score, one.target_s) == (100, 180)


def test_the_first_message_is_due_from_the_growth_in_the_cadence_as_well() -> None:
    """Until it grew nobody owed customers anything: five minutes after that, they wait."""
    plan = plan_of(small_scenario([{"from": "0s", "is": 2}, {"from": "12m", "is": 1}], injects=[]))
    log = played(plan, [Timed(17 * MINUTE, do.Publish(who="ana", text="We know."))], answers=False)
    assert overdue(Facts(log.plan, log.events)) == [(37 * MINUTE, 60 * MINUTE)]
    assert found(log, "first_external_message").score == 100


def test_one_that_was_mended_before_it_grew_is_judged_by_what_it_was() -> None:
    plan = plan_of(small_scenario([{"from": "0s", "is": 2}, {"from": "40m", "is": 1}]))
    assert graded(played(plan)).severity == 2


def test_one_that_was_declared_over_unmended_goes_on_growing() -> None:
    plan = plan_of(small_scenario([{"from": "0s", "is": 2}, {"from": "40m", "is": 1}]))
    card = graded(played(plan, [Timed(5 * MINUTE, do.Resolve(who="ana"))]))
    assert card.severity == 1
    assert item(card, "resolved_by_commander").why == "declared resolved before the impact had ended"


# -- protocol ----------------------------------------------------------------------------------------------------------


def test_acts_in_the_wrong_order_cost_a_line_of_the_ledger() -> None:
    """Restated only after the roles and the first messages: one of eight acts is out of order."""
    card = graded(late("login-outage", "restate", 3 * MINUTE))
    part = card.components["protocol"]
    assert part.why == "7 of 8 acts came in the protocol's order; out of order: Severity and topic restated"
    assert part.factor == pytest.approx(1 - 0.3 / 8, abs=0.001)
    line = next(line for line in card.ledger if line.item == "order")
    assert line.points == pytest.approx(10 * 0.3 / 8, abs=0.01)
    assert (line.owner, line.better) == ("team", "all in order")


@pytest.mark.parametrize(
    ("severity", "topic", "score", "why"),
    [
        (1, "login", 100, "the alert stated severity and topic"),
        (1, " ", 50, "the alert left out the topic"),
        (None, "login", 50, "the alert left out the severity"),
        (None, None, 0, "the alert left out the severity and the topic"),
    ],
)
def test_the_alert_says_half_by_each(severity: int | None, topic: str | None, score: float, why: str) -> None:
    plan = plan_of("login-outage")
    alert = do.AlertTeam(who="ana", severity=severity, topic=topic)
    acts = [Timed(at, alert if kind_of(act) == "alert" else act) for at, act in perfect_acts(plan)]
    one = found(played(plan, acts), "alert_complete")
    assert (one.score, one.why) == (score, why)


def test_another_hand_than_the_commanders_is_worth_half() -> None:
    plan = plan_of("login-outage")
    others: dict[str, Act] = {"resolve": do.Resolve(who="dev"), "email": do.EmailReport(who="dev")}
    acts = [Timed(at, others.get(kind_of(act), act)) for at, act in perfect_acts(plan)]
    card = graded(played(plan, acts))
    assert item(card, "resolved_by_commander").score == 50
    assert item(card, "emailed").score == 50
    assert item(card, "emailed").why == "e-mailed by somebody other than the Incident Commander"


def test_messages_that_nobody_agreed_to_cost_their_share() -> None:
    plan = plan_of("login-outage")
    commander = next(timed.act.who for timed in perfect_acts(plan) if kind_of(timed.act) == "approve")
    acts = [*without(plan, "approve")]
    card = graded(played(plan, acts, answers=False))
    assert item(card, "messages_agreed").score == 0
    assert commander not in item(card, "messages_agreed").why


# -- communication -----------------------------------------------------------------------------------------------------


def test_a_promise_that_was_not_kept_leaves_customers_waiting() -> None:
    """Published at 2 min with the next promised for 4 min later and nothing after it: overdue from 6 min on."""
    plan = plan_of(small_scenario(1, injects=[]))
    alone = [Timed(2 * MINUTE, do.Publish(who="ana", text="We know.", next_in=4 * MINUTE))]
    card = graded(played(plan, alone))
    share = 100 * (6 - 5) / (60 - 5)
    assert item(card, "cadence_kept").score == pytest.approx(share, abs=0.1)
    assert item(card, "cadence_kept").why == "customers waited 54 min for a message that was due"
    assert item(card, "next_named").score == 100


def test_a_last_word_before_the_fix_is_not_believed() -> None:
    plan = plan_of(small_scenario(1, injects=[]))
    card = graded(played(plan, [Timed(2 * MINUTE, do.Publish(who="ana", text="All is well.", next_in=0))]))
    assert item(card, "cadence_kept").score == 0
    assert item(card, "next_named").score == 0


def test_the_longest_silence_is_measured_to_the_end() -> None:
    plan = plan_of(small_scenario(1, injects=[]))
    acts = [Timed(30 * SECOND, do.Join(who="ana")), Timed(40 * MINUTE, do.LogEntry(who="ana", text="Still at it."))]
    card = graded(played(plan, acts))
    assert item(card, "not_silent").why == "the longest silence lasted 39 min; at most 20 min"
    assert item(card, "not_silent").score == 10
    assert card.measures.longest_silence_s == 39 * 60


def test_an_inject_that_the_facilitator_held_back_asks_for_nothing() -> None:
    plan = plan_of("grows")
    hold = Timed(30 * SECOND, do.HoldInject(who="fay", inject="asks"))
    one = found(played(plan, [*perfect_acts(plan), hold], answers=False), "injects_answered")
    assert (one.score, one.why) == (None, "nothing asked")


def test_an_unanswered_inject_is_0() -> None:
    plan = plan_of("grows")
    one = found(played(plan, answers=False), "injects_answered")
    assert (one.score, one.why) == (0, "0 of 1 inject that asked for something answered in time")


def test_a_message_within_the_cadence_before_answers_who_asks() -> None:
    asks = {
        "id": "asks",
        "at": "4m",
        "text": "Are you down?",
        "expects": {"act": "publish", "target": "1m", "deadline": "4m"},
    }
    plan = plan_of(small_scenario(1, injects=[asks]))
    told = Timed(2 * MINUTE, do.Publish(who="ana", text="We know.", next_in=10 * MINUTE))
    assert found(played(plan, [told], answers=False), "injects_answered").score == 100
    assert found(played(plan, [], answers=False), "injects_answered").score == 0


def test_one_who_takes_another_role_has_not_answered_who_leads() -> None:
    asks = {
        "id": "who-leads",
        "when": {"role_open": "incident_commander", "for": "2m"},
        "text": "Who runs this?",
        "expects": {"act": "take_role", "target": "1m", "deadline": "4m"},
    }
    plan = plan_of(small_scenario(1, injects=[asks]))
    start = [Timed(20 * SECOND, do.AlertTeam(who="ana")), Timed(30 * SECOND, do.Join(who="ana"))]
    for role, worth in (("solutioneer", 0), ("incident_commander", 100)):
        acts = [*start, Timed(150 * SECOND, do.TakeRole(who="ana", role=role))]
        assert found(played(plan, acts, answers=False), "injects_answered").score == worth


# -- learning ----------------------------------------------------------------------------------------------------------


def test_each_answer_is_a_third() -> None:
    plan = plan_of("login-outage")
    report = do.FileSituationReport(who="ana", solution="Rolled back.", who_impacted="  ", how_impacted="")
    acts = [Timed(at, report if kind_of(act) == "file_situation_report" else act) for at, act in perfect_acts(plan)]
    one = found(played(plan, acts), "answers")
    assert one.score == pytest.approx(33.3)
    assert one.why == "the situation report leaves out: who was impacted, how"


@pytest.mark.parametrize(("owner", "due"), [("", "2026-03-31"), ("ben", ""), ("", "")])
def test_a_corrective_action_without_an_owner_and_a_day_is_none(owner: str, due: str) -> None:
    plan = plan_of("login-outage")
    loose = do.AddCorrectiveAction(who="ana", text="Watch it.", owner=owner, due_on=due)
    acts = [Timed(at, loose if kind_of(act) == "corrective_action" else act) for at, act in perfect_acts(plan)]
    assert found(played(plan, acts), "follow_up").score == 50


@pytest.mark.parametrize("due", ["2026-02-30", "soon", "20260331", "2026-W10-1", "31.3.2026"])
def test_a_day_that_is_none_is_not_counted(due: str) -> None:
    log = played(plan_of("login-outage"))
    action = next(event for event in log.events if isinstance(event, ev.CorrectiveActionAdded))
    fake = ev.CorrectiveActionAdded(
        seq=action.seq, at=action.at, wall=action.wall, actor="ana", text="Watch it.", owner="ben", due_on=due
    )
    events = [fake if event is action else event for event in log.events]
    assert found(Log(log.plan, events), "follow_up").score == 50


def test_until_the_follow_up_closes_it_is_open() -> None:
    log = played(plan_of("login-outage"), without(plan_of("login-outage"), "file_post_mortem"))
    before = [event for event in log.events if not isinstance(event, ev.FollowUpClosed)]
    still, closed = graded(Log(log.plan, before)), graded(log)
    assert (still.provisional, item(still, "follow_up").score) == (True, None)
    assert (closed.provisional, item(closed, "follow_up").score) == (False, 50)


# -- facilitators ------------------------------------------------------------------------------------------------------


def test_ending_a_drill_early_is_nobodys_fault() -> None:
    """A facilitator who has to stop after two minutes has not made the team miss what was due later."""
    plan = plan_of("login-outage")
    ended = [Timed(at, act) for at, act in perfect_acts(plan) if at < 2 * MINUTE]
    stop = [Timed(2 * MINUTE + place, do.EndDrill(who="fay")) for place in range(3)]
    card = graded(played(plan, [*ended, *stop]))
    assert card.caps == []
    assert item(card, "impact_ended").score is None
    assert item(card, "impact_ended").why == "the response was ended before its time was up"
    assert item(card, "situation_report").score is None
    assert item(card, "follow_up").score is None
    assert card.ledger == []


def test_after_endex_only_the_follow_up_counts() -> None:
    """What is done after the end of the exercise is in the log and scores nothing, but for the post-mortem."""
    plan = plan_of("login-outage")
    log = played(plan, without(plan, "file_situation_report", "email", "attach", "file_post_mortem"))
    ended = next(place for place, event in enumerate(log.events) if isinstance(event, ev.DrillEnded))
    at, wall = log.events[ended].at, log.events[ended].wall
    late: list[Event] = [
        ev.SituationReportFiled(seq=0, at=at, wall=wall, actor="ana", solution="a", who_impacted="b", how_impacted="c"),
        ev.ReportEmailed(seq=0, at=at, wall=wall, actor="ana"),
        ev.PaperAttached(seq=0, at=at, wall=wall, actor="ana", paper="situation_report"),
        ev.PostMortemFiled(seq=0, at=at, wall=wall, actor="ana", learnings="Look at the store first."),
    ]
    events = renumbered([*log.events[: ended + 1], *late, *log.events[ended + 1 :]])
    card = graded(Log(plan, events))
    assert [item(card, name).score for name in ("situation_report", "emailed", "attached", "answers")] == [0, 0, 0, 0]
    assert item(card, "follow_up").score == 100


ASKED: list[dict[str, object]] = [
    {"act": "update", "target": "1m", "deadline": "4m"},
    {"judged": "Names who decides"},
    {"question": "Who decides?"},
    {
        "decision": "Stop?",
        "options": [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}],
        "target": "2m",
        "deadline": "5m",
    },
]


def test_each_thing_that_an_inject_expects_counts_and_what_is_judged_only_when_it_is() -> None:
    ask = {"id": "asks", "at": "4m", "to": "incident_commander", "text": "Well?", "expects": ASKED}
    plan = plan_of(small_scenario(1, injects=[ask]))
    update = Timed(5 * MINUTE, do.PostUpdate(who="ana", text="It goes on."))
    choice = Timed(6 * MINUTE, do.Choose(who="ana", option="no"))
    start = [Timed(20 * SECOND, do.AlertTeam(who="ana")), Timed(30 * SECOND, do.Join(who="ana"))]

    def worth(*acts: Timed) -> float | None:
        return found(played(plan, [*start, *acts], answers=False), "injects_answered").score

    def judged(at: int, mark: ev.Mark) -> Timed:
        return Timed(at * MINUTE, do.Judge(who="fay", number=1, mark=mark))

    assert worth(update, choice) == 100
    assert worth(update) == 50
    assert worth(update, choice, judged(7, "not")) == pytest.approx(200 / 3, abs=0.1)
    assert worth(update, choice, judged(7, "not"), judged(8, "partly")) == pytest.approx(250 / 3, abs=0.1)
    assert worth(update, choice, judged(50, "done")) == 100, "in the talk as well"


def test_what_nobody_has_judged_could_not_be_measured() -> None:
    ask = {"id": "asks", "at": "4m", "text": "Well?", "expects": {"judged": "Calm"}}
    one = found(played(plan_of(small_scenario(1, injects=[ask])), [], answers=False), "injects_answered")
    assert (one.score, one.why) == (None, "nobody has judged what was asked")


def test_a_decision_that_makes_it_worse_is_harm() -> None:
    option = {"id": "no", "label": "No", "effect": "worsens"}
    decision = {**ASKED[3], "options": [{"id": "yes", "label": "Yes"}, option]}
    ask = {"id": "asks", "at": "1m", "to": "incident_commander", "text": "Well?", "expects": decision}
    plan = plan_of(small_scenario(1, injects=[ask]))
    log = played(plan, [Timed(90 * SECOND, do.Choose(who="ana", option="no"))], answers=False)
    one = found(log, "no_harm")
    assert (one.score, one.why) == (0, "1 action made it worse")
