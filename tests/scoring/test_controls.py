"""The ways in which scores of drills are known to lie, and that this one does not."""

from itertools import pairwise

import pytest

from scenarios.generate import DIFFICULTIES, Difficulty
from scenarios.generate.build import draft_of, put_together
from scenarios.generate.draws import Dice
from scenarios.generate.faults import FAULTS
from scenarios.scenario import Scenario
from scoring.result import Scorecard
from simulator import acts as do
from simulator import events as ev
from simulator.plan import DrillPlan, Player
from tests.scenarios.shipped import incident, names
from tests.scoring.build import (
    INCIDENTS,
    MINUTE,
    SECOND,
    Log,
    graded,
    item,
    plan_of,
    played,
    saying,
    total,
    without,
)  # fmt: skip
from tests.support.perfect import Timed, kind_of, perfect_acts, way_to_fix, with_needs

MENDABLE = ("login-outage", "checkout-outage", "billing-outage", "shift-planning-down", "grows")
every_incident = pytest.mark.parametrize("name", INCIDENTS)
every_mendable = pytest.mark.parametrize("name", MENDABLE)
every_team = pytest.mark.parametrize("team", ["small", "officeluv", "large"])


def applicable(card: Scorecard) -> set[str]:
    return {name for name, part in card.components.items() if part.score is not None}


# -- both ends of the scale --------------------------------------------------------------------------------------------


@every_incident
@every_team
def test_a_perfect_drill_scores_100(name: str, team: str) -> None:
    log = played(plan_of(name, team))
    card = graded(log)
    assert (card.score, card.uncapped, card.caps, card.ledger) == (100, 100, [], [])
    assert (card.rating, card.provisional) == ("P", False)


@every_incident
@every_team
def test_an_empty_drill_scores_next_to_nothing(name: str, team: str) -> None:
    card = graded(played(plan_of(name, team), [], answers=False))
    assert total(card) <= 5
    assert card.uncapped is not None
    assert card.uncapped <= 5


@pytest.mark.parametrize("name", ["low", "nothing"])
def test_what_is_not_grave_scores_100_without_an_alert(name: str) -> None:
    plan = plan_of(name)
    assert not any(kind_of(timed.act) == "alert" for timed in perfect_acts(plan))
    assert graded(played(plan)).score == 100


# -- the outcome counts ------------------------------------------------------------------------------------------------


def talk_only(plan: DrillPlan) -> list[Timed]:
    """Everything except fixing it."""
    return without(plan, "start_action")


@every_mendable
def test_a_team_that_does_everything_but_mend_it_does_not_pass(name: str) -> None:
    """It taps every button, writes nicely and even declares it resolved."""
    card = graded(played(plan_of(name), talk_only(plan_of(name))))
    assert "impact_not_ended" in {cap.id for cap in card.caps}
    assert total(card) <= 59


@every_mendable
def test_neither_does_one_that_never_declares_it_over(name: str) -> None:
    plan = plan_of(name)
    acts = [timed for timed in talk_only(plan) if kind_of(timed.act) != "resolve"]
    assert total(graded(played(plan, acts))) <= 59


@every_mendable
def test_declaring_it_over_before_it_is_over_never_pays(name: str) -> None:
    plan = plan_of(name)
    commander = next(timed.act.who for timed in perfect_acts(plan) if kind_of(timed.act) == "resolve")
    hasty = [Timed(3 * MINUTE, do.Resolve(who=commander)), *without(plan, "resolve")]
    card = graded(played(plan, hasty))
    assert total(card) <= 59
    assert item(card, "resolved_by_commander").score == 0
    assert applicable(card) == applicable(graded(played(plan)))


@every_mendable
def test_walking_away_early_is_worth_no_more_than_staying_to_the_end(name: str) -> None:
    """Silence, cadence, roles and severity are owed until the scenario ends, whatever was declared."""
    plan = plan_of(name)
    commander = next(timed.act.who for timed in perfect_acts(plan) if kind_of(timed.act) == "resolve")
    stays = [timed for timed in talk_only(plan) if kind_of(timed.act) != "resolve"]
    leaves = [*stays, Timed(3 * MINUTE, do.Resolve(who=commander))]
    stayed, left = graded(played(plan, stays, answers=False)), graded(played(plan, leaves, answers=False))
    for name_of in ("not_silent", "roles_covered"):
        assert (item(left, name_of).score or 0) <= (item(stayed, name_of).score or 0)


@every_mendable
def test_what_walking_away_costs_is_the_same_in_the_talk_and_at_the_end(name: str) -> None:
    """The score is shown before the exercise is closed: what is owed until the scenario ends is known by then."""
    plan = plan_of(name)
    commander = next(timed.act.who for timed in perfect_acts(plan) if kind_of(timed.act) == "resolve")
    whole = played(plan, [*without(plan, "start_action", "resolve"), Timed(3 * MINUTE, do.Resolve(who=commander))])
    over = next(event.seq for event in whole.events if isinstance(event, ev.IncidentResolved))
    papers = Log(plan, whole.events[: over + 2])
    assert isinstance(papers.events[-1], ev.PhaseBegan)
    then, at_last = graded(papers), graded(whole)
    assert then.roles == at_last.roles
    for name_of in ("not_silent", "roles_covered"):
        assert item(then, name_of).score == item(at_last, name_of).score
        assert " 0 s" not in item(then, name_of).why


@every_mendable
@pytest.mark.parametrize("late", [False, True], ids=["before the fix", "after the fix"])
def test_a_destructive_act_is_not_credited(name: str, late: bool) -> None:
    """Before the fix it costs the cap on harm; after it, the fix itself is gone."""
    plan = plan_of(name)
    acts = without(plan, "resolve") if late else perfect_acts(plan)
    who = next(player.id for player in reversed(plan.players))
    worst = next(action for action in plan.scenario.actions if action.effect == "worsens")
    fixed = max(timed.at for timed in acts if kind_of(timed.act) == "start_action") + 5 * MINUTE
    card = graded(played(plan, [*acts, Timed(fixed if late else 2 * MINUTE, do.StartAction(who=who, action=worst.id))]))
    assert item(card, "no_harm").score == 0
    assert "harm_done" in {cap.id for cap in card.caps}
    assert total(card) <= (59 if late else 79)
    if late:
        assert item(card, "impact_ended").score == 0


@every_mendable
def test_only_making_it_worse_is_worth_less_than_doing_nothing_about_it(name: str) -> None:
    plan = plan_of(name)
    worst = next(action for action in plan.scenario.actions if action.effect == "worsens")
    harm = [Timed(2 * MINUTE, do.StartAction(who=plan.players[-1].id, action=worst.id)), *talk_only(plan)]
    idle, harmed = graded(played(plan, talk_only(plan))), graded(played(plan, harm))
    assert item(harmed, "impact_ended").score == 0
    assert (harmed.uncapped or 0) <= (idle.uncapped or 0)


def test_a_risky_act_before_its_look_costs_judgement() -> None:
    plan = plan_of("grows")
    blind = [timed for timed in perfect_acts(plan) if not _starts(timed, "look")]
    card = graded(played(plan, blind))
    assert item(card, "way_to_fix").score == 50
    assert item(card, "way_to_fix").why == "fixed, but 1 risky action was started before the look it needs"


@pytest.mark.parametrize("name", [name for name in names("incidents") if way_to_fix(incident(name))])
def test_the_way_that_a_scenario_advises_is_no_risk(name: str) -> None:
    """Its fix after what it `needs`, and what goes together with it, one after the other."""
    plan = plan_of(incident(name), "large")
    scenario, at, who = plan.scenario, 2 * MINUTE, plan.players[-1].id
    way = way_to_fix(scenario)
    beside = [action for one in way[-1].together if (action := scenario.action(one)) is not None]
    way += [one for action in beside for one in with_needs(scenario, action, []) if one not in way]
    acts = without(plan, "start_action", "resolve")
    for action in way:
        acts.append(Timed(at, do.StartAction(who=who, action=action.id)))
        at += action.takes + SECOND
    card = graded(played(plan, acts))
    assert item(card, "way_to_fix").why == "fixed, with a look before everything risky"


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
def test_a_release_that_the_guide_wants_rolled_back_early_can_be_without_a_risk(difficulty: Difficulty) -> None:
    """A random incident with a guide that calls it good practice, by a team that has read what was released."""
    kind = next(kind for kind in FAULTS if kind.name == "release-crash")
    draft = draft_of(Dice(16, ""), difficulty, kind, "desk")
    scenario = Scenario.model_validate(put_together("random-16", draft)[0])
    assert "rolled back early" in draft.fault.watch[1]
    assert [action.id for action in way_to_fix(scenario)] == ["release", "roll-back"]
    card = graded(played(plan_of(scenario)))
    assert item(card, "way_to_fix").why == "fixed, with a look before everything risky"


def _starts(timed: Timed, action: str) -> bool:
    return isinstance(timed.act, do.StartAction) and timed.act.action == action


# -- the alert ---------------------------------------------------------------------------------------------------------


def alert_after(plan: DrillPlan, delay: int, *, others_wait: bool) -> list[Timed]:
    """The perfect drill with a late alert; the others either react to it as before, or were not waiting for it."""
    acts = perfect_acts(plan)
    alert = next(timed.at for timed in acts if kind_of(timed.act) == "alert")
    if others_wait:
        return [Timed(at + delay if at >= alert else at, act) for at, act in acts]
    return [
        Timed(at + delay if kind_of(act) == "alert" else max(at, alert + delay + 1) if at > alert else at, act)
        for at, act in acts
    ]


@pytest.mark.parametrize("name", ["login-outage", "checkout-outage", "billing-outage", "shift-planning-down", "grows"])
@pytest.mark.parametrize("others_wait", [True, False])
def test_alerting_late_never_pays(name: str, others_wait: bool) -> None:
    plan = plan_of(name)
    delays = [0, 20 * SECOND, MINUTE, 3 * MINUTE, 6 * MINUTE, 12 * MINUTE, 30 * MINUTE]
    scores = [total(graded(played(plan, alert_after(plan, delay, others_wait=others_wait)))) for delay in delays]
    assert all(sooner >= later for sooner, later in pairwise(scores)), scores
    assert scores[-1] < scores[0]


def test_an_alert_in_the_last_second_does_not_excuse_the_acknowledgements() -> None:
    plan = plan_of("login-outage")
    last = Timed(plan.scenario.ends.after - SECOND, do.AlertTeam(who="ana", severity=1, topic="login"))
    card = graded(played(plan, [last], answers=False))
    assert item(card, "acknowledged").score == 0
    assert item(card, "joined").score == 0
    assert "nobody_acknowledged" in {cap.id for cap in card.caps}


@pytest.mark.parametrize("delay", [MINUTE, 4 * MINUTE, 10 * MINUTE])
def test_a_slow_first_responder_does_not_spend_the_others_points(delay: int) -> None:
    plan = plan_of("login-outage")
    card = graded(played(plan, alert_after(plan, delay, others_wait=True)))
    assert (item(card, "acknowledged").score, item(card, "joined").score) == (100, 100)
    assert item(card, "team_alerted").score != 100


# -- severity ----------------------------------------------------------------------------------------------------------


def called(plan: DrillPlan, severity: int) -> list[Timed]:
    """The perfect drill with another severity said throughout."""
    return saying(perfect_acts(plan), severity)


@pytest.mark.parametrize("name", ["low", "nothing", "shift-planning-down"])
def test_calling_it_critical_when_it_is_not_costs(name: str) -> None:
    """Unless it is put right before the time for judging it is up, and nobody was called."""
    plan = plan_of(name)
    stands = [Timed(at + 15 * MINUTE if kind_of(act) == "close" else at, act) for at, act in called(plan, 1)]
    wrong = graded(played(plan, stands))
    assert total(wrong) < total(graded(played(plan, _as_late(plan))))
    assert (item(wrong, "severity_judged").score or 0) < 60


def _as_late(plan: DrillPlan) -> list[Timed]:
    return [Timed(at + 15 * MINUTE if kind_of(act) == "close" else at, act) for at, act in perfect_acts(plan)]


@pytest.mark.parametrize("name", ["low", "nothing"])
def test_calling_all_hands_for_it_costs_more(name: str) -> None:
    plan = plan_of(name)
    alarmed = [*called(plan, 1), Timed(30 * SECOND, do.AlertTeam(who="ana", severity=1, topic="rooms"))]
    card = graded(played(plan, alarmed))
    assert item(card, "not_alerted").score == 0
    assert total(card) < total(graded(played(plan, called(plan, 1))))


def test_a_level_under_costs_twice_a_level_over() -> None:
    plan = plan_of("shift-planning-down")
    cards = [graded(played(plan, called(plan, level), answers=False)) for level in (1, 3)]
    over, under = (item(card, "severity_judged").score for card in cards)
    assert (over, under) == (50, 0)


def test_a_critical_incident_never_declared_so_is_capped() -> None:
    plan = plan_of("login-outage")
    card = graded(played(plan, called(plan, 2)))
    assert [(cap.id, cap.at_most) for cap in card.caps] == [("critical_never_declared", 59)]
    assert 58 < total(card) <= 59
    assert (card.uncapped or 0) > 90


def test_waving_a_false_alarm_through_unseen_is_a_guess() -> None:
    """It happens to be right, and nobody looked."""
    plan = plan_of("nothing")
    card = graded(played(plan, without(plan, "start_action")))
    assert item(card, "closed").why == "closed before anybody had looked, or without a reason; target 12 min"
    assert total(card) < 70


# -- talk is cheap -----------------------------------------------------------------------------------------------------


@every_incident
@pytest.mark.parametrize("kinds", [("say",), ("log", "update"), ("publish",), ("restate", "declare_severity")])
def test_more_posting_never_scores_by_itself(name: str, kinds: tuple[str, ...]) -> None:
    """Saying everything three times earns nothing, in a perfect drill and in a poor one."""
    plan = plan_of(name)
    for acts in (perfect_acts(plan), without(plan, "acknowledge", "take_role", "start_action")):
        once = [*acts, Timed(5 * MINUTE, do.Say(who=plan.first_responder, text="Hm."))]
        thrice = [timed for timed in once for _ in range(3 if kind_of(timed.act) in kinds else 1)]
        assert total(graded(played(plan, thrice))) <= total(graded(played(plan, once)))


@every_incident
def test_chatting_alone_is_worth_nothing(name: str) -> None:
    plan = plan_of(name)
    chat = [Timed(at, do.Say(who="ana", text="Hm.")) for at in range(30 * SECOND, 40 * MINUTE, 20 * SECOND)]
    assert total(graded(played(plan, [Timed(SECOND, do.Join(who="ana")), *chat], answers=False))) <= 5


def test_nothing_posted_is_nothing_and_not_no_gap() -> None:
    plan = plan_of("login-outage")
    card = graded(played(plan, without(plan, "log", "update", "draft", "publish"), answers=False))
    assert item(card, "not_silent").score == 0
    assert item(card, "cadence_kept").score == 0
    assert item(card, "next_named").score == 0


# -- who does what -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["login-outage", "shift-planning-down"])
def test_the_order_in_which_roles_were_taken_does_not_matter(name: str) -> None:
    plan = plan_of(name)
    acts = perfect_acts(plan)
    roles = [timed for timed in acts if kind_of(timed.act) == "take_role"]
    swapped = dict(zip((timed.act.id for timed in roles), (timed.at for timed in reversed(roles)), strict=True))
    card = graded(played(plan, [Timed(swapped.get(act.id, at), act) for at, act in acts]))
    assert card.score == 100


@pytest.mark.parametrize("size", [1, 2])
def test_a_team_too_small_for_the_roles_can_still_lose_nothing(size: int) -> None:
    """What its size cost is told by `reachable`, and costs no point."""
    plan = plan_of("login-outage", players=[Player(id=name) for name in ("ana", "ben")[:size]])
    card = graded(played(plan))
    assert card.score == 100
    assert card.reachable == round(100 - 20 * (1 - (3 + size) / 6), 1)


# -- nothing can be escaped --------------------------------------------------------------------------------------------


@every_incident
@pytest.mark.parametrize("kind", ["resolve", "close", "alert", "publish", "start_action", "file_situation_report"])
def test_leaving_an_act_out_makes_no_component_inapplicable(name: str, kind: str) -> None:
    plan = plan_of(name)
    assert applicable(graded(played(plan, without(plan, kind)))) == applicable(graded(played(plan)))


@every_incident
@pytest.mark.parametrize("at", [SECOND, MINUTE, 5 * MINUTE])
@pytest.mark.parametrize("act", [do.Resolve(who="ana"), do.CloseIncident(who="ana", reason="It went away.")])
def test_ending_it_at_once_makes_no_component_inapplicable(name: str, at: int, act: do.Resolve) -> None:
    plan = plan_of(name)
    card = graded(played(plan, [Timed(at, act)]))
    assert applicable(card) == applicable(graded(played(plan)))
    assert total(card) <= 59
