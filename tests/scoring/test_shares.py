"""Whose loss it is: whoever held the duty while it was lost, each for their time."""

import pytest

from scenarios.scenario import Scenario
from scoring.result import Scorecard
from simulator import acts as do
from simulator.plan import Player
from tests.scoring.build import MINUTE, graded, item, plan_of, played, saying, small_scenario
from tests.scoring.test_boundaries import at, gathered, score, scored
from tests.scoring.test_edges import but
from tests.scoring.test_own_ledger import shares
from tests.support.perfect import Timed

QUARTERS = ["ben", "chloe", "ana"]
TEAM = [Player(id=name) for name in ("ana", "ben", "chloe")]


def drill(acts: list[Timed], scenario: Scenario) -> Scorecard:
    return graded(played(plan_of(scenario, players=TEAM), acts, answers=False), people=True)


def in_turn(role: str) -> list[Timed]:
    """A role that goes from one to the next: at 1 min, at 20 and at 40."""
    acts = [at(65, do.TakeRole(who="ben", role=role))]
    for minutes, giver, taker in ((20, "ben", "chloe"), (40, "chloe", "ana")):
        acts += [
            at(60 * minutes, do.ReleaseRole(who=giver, role=role)),
            at(60 * minutes, do.TakeRole(who=taker, role=role)),
        ]
    return acts


def test_three_who_spoke_to_customers_in_turn_share_their_waiting_by_time() -> None:
    """They were told nothing from 5 min on: 15 min, 20 and 20 of the 55. The first message was lost by 20 min."""
    card = scored([*gathered([]), *in_turn("communications")], small_scenario(1, injects=[]), people=True)
    assert shares(card, "cadence_kept") == pytest.approx({"ben": 15 / 55, "chloe": 20 / 55, "ana": 20 / 55}, abs=0.02)
    assert shares(card, "first_external_message") == {"ben": 1.0}


def test_what_was_lost_while_nobody_held_the_role_is_nobodys() -> None:
    """Chloe tells customers at 55 min, and speaks for the team for the last 10 of the 50 in which they waited."""
    acts = [
        *gathered([]),
        at(45 * 60, do.TakeRole(who="chloe", role="communications")),
        at(55 * 60, do.Publish(who="chloe", text="We know.", next_in=20 * MINUTE)),
    ]
    card = scored(acts, people=True)
    assert shares(card, "cadence_kept") == pytest.approx({"chloe": 0.2}, abs=0.02)
    assert shares(card, "first_external_message") == {}


def test_a_severity_that_was_wrong_is_shared_by_those_who_commanded_meanwhile() -> None:
    """Judged from 1 min to 60 and wrong until 30: Ben commands from 1:05 to 20, Chloe from then on."""
    acts = [
        *saying(gathered([]), 2),
        *in_turn("incident_commander"),
        at(1800, do.DeclareSeverity(who="ana", severity=1)),
    ]
    card = scored(acts, people=True)
    assert shares(card, "severity_judged") == pytest.approx({"ben": 1135 / 1740, "chloe": 600 / 1740}, abs=0.02)


# -- who has the report ------------------------------------------------------------------------------------------------


def test_who_was_out_from_the_start_pays_for_no_late_alert() -> None:
    """Ana is out at once; Ben is told after five minutes, when the deadline for it has passed, and alerts at nine."""
    report = {"via": "alert", "from": "The monitoring", "text": "Down.", "takes_out": "She is on a plane."}
    acts = [at(540, do.AlertTeam(who="ben", severity=1, topic="rooms"))]
    card = drill(acts, small_scenario(1, injects=[], report=report))
    assert score(card, "team_alerted") == 10
    assert shares(card, "team_alerted") == {}


def test_who_did_not_alert_pays_until_the_next_one_was_told() -> None:
    """At severity 2 the alert is due at 3 min, ten at most; Ana has the report until 5, then Ben, who alerts at 9."""
    card = drill([at(540, do.AlertTeam(who="ben", severity=2, topic="rooms"))], small_scenario(2, injects=[]))
    assert shares(card, "team_alerted") == pytest.approx({"ana": 2 / 6, "ben": 4 / 6}, abs=0.02)


def test_an_alert_in_the_last_seconds_is_not_the_loss_of_those_it_called() -> None:
    """Three could no longer answer in time: the team loses it, and so does Ana, who had the report."""
    acts = [*but("alert", "acknowledge", "join", "take_role"), at(3590, do.AlertTeam(who="ana", severity=1, topic="x"))]
    players = [Player(id=name) for name in ("ana", "ben", "chloe", "dev")]
    plan = plan_of(small_scenario(1, injects=[]), players=players).model_copy(
        update={"protocol": plan_of("login-outage").protocol.model_copy(update={"escalate_after": 70 * MINUTE})}
    )
    card = graded(played(plan, acts, answers=False), people=True)
    assert score(card, "acknowledged") == 0
    for name in ("acknowledged", "joined"):
        assert shares(card, name) == {"ana": 1.0}
    assert item(card, "acknowledged").owner == "everyone"


def test_an_alert_that_left_something_out_is_its_senders_loss() -> None:
    """The report was passed on to Ben, who alerts; Ana is told again five minutes later."""
    card = drill([at(310, do.AlertTeam(who="ben", severity=1))], small_scenario(1, injects=[]))
    assert score(card, "alert_complete") == 50
    assert shares(card, "alert_complete") == pytest.approx({"ben": 1.0}, abs=0.025)


def test_who_was_excused_before_somebody_asked_has_no_share_in_the_silence() -> None:
    expects = {"act": "reply", "target": "1m", "deadline": "4m"}
    asks = [{"id": "asks", "at": "30m", "text": "Well?", "expects": expects}]
    acts = [*gathered(), at(600, do.Excuse(who="fay", member="chloe", reason="A call."))]
    card = scored(acts, small_scenario(1, injects=asks), people=True)
    assert shares(card, "injects_answered") == pytest.approx({"ana": 0.5, "ben": 0.5}, abs=0.02)
