"""Where a score changes, and what it is on either side: a sentence of docs/explanation/score.md each, both sides.

Each was written against a change of the code that moved the boundary and that no other test saw.
"""

from collections.abc import Iterable

import pytest

from scenarios.scenario import Scenario
from scoring.components.protocol import order_of
from scoring.obligations import Finding
from scoring.result import Scorecard
from simulator import acts as do
from simulator.acts import Act
from tests.scoring.build import MINUTE, SECOND, graded, item, plan_of, played, saying, small_scenario
from tests.support.perfect import Timed, kind_of, perfect_acts

ROLES = (("ana", "incident_commander"), ("ben", "solutioneer"), ("chloe", "communications"))


def at(seconds: float, act: Act) -> Timed:
    return Timed(int(seconds * SECOND), act)


def gathered(roles: Iterable[tuple[str, str]] = ROLES) -> list[Timed]:
    """Alerted and in the channel before a minute is over, each in a role at 65 s."""
    return [
        at(20, do.DeclareSeverity(who="ana", severity=1)),
        at(25, do.AlertTeam(who="ana", severity=1, topic="rooms")),
        *(at(30, do.Acknowledge(who=who)) for who in ("ben", "chloe")),
        *(at(45, do.Join(who=who)) for who in ("ana", "ben", "chloe")),
        *(at(65, do.TakeRole(who=who, role=role)) for who, role in roles),
    ]


def scored(acts: Iterable[Timed], scenario: Scenario | None = None, people: bool = False) -> Scorecard:
    """A drill of the team of three: severity 1 for an hour with nothing that asks, unless a scenario is given."""
    plan = plan_of(scenario or small_scenario(1, injects=[]), "small")
    return graded(played(plan, acts, answers=False), people=people)


def score(card: Scorecard, name: str) -> float | None:
    return item(card, name).score


def caps(card: Scorecard) -> list[tuple[str, float]]:
    return [(cap.id, cap.at_most) for cap in card.caps]


# -- role coverage -----------------------------------------------------------------------------------------------------


def test_who_walks_away_holds_no_role_any_more() -> None:
    """Roles are owed from 5 min until the scenario's end, and held no longer than the response lasted."""
    stayed = scored(gathered())
    left = scored([*gathered(), at(600, do.Resolve(who="ana"))])
    assert stayed.role_coverage == 100
    assert left.role_coverage == pytest.approx(100 * (10 - 5) / (60 - 5), abs=0.05)
    for role in left.roles.values():
        assert (role.required_s, role.held_s, role.gaps) == (55 * 60, 5 * 60, [(600, 3600)])


# -- what covers customers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("promised", "covered"), [(1, 1), (19, 19), (20, 20), (21, 20), (55, 20), (None, 20)])
def test_a_message_covers_what_it_promised_and_the_cadence_at_most(promised: int | None, covered: int) -> None:
    """One message at 5 min, when it is due, and none after it: the rest of the hour customers wait."""
    next_in = None if promised is None else promised * MINUTE
    card = scored([*gathered(), at(300, do.Publish(who="chloe", text="We know of it.", next_in=next_in))])
    assert score(card, "cadence_kept") == pytest.approx(100 * covered / 55, abs=0.05)


# -- caps --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ends", "capped"), [("299s", []), ("300s", [("critical_never_declared", 59)])])
def test_severity_1_can_be_declared_until_its_deadline(ends: str, capped: list[object]) -> None:
    """A cap comes not before that can no longer be met. The last deadline of what it rests on counts."""
    card = scored(saying(gathered(), None), small_scenario(1, injects=[], ends={"after": ends}))
    assert [cap for cap in caps(card) if cap[0] == "critical_never_declared"] == capped


@pytest.mark.parametrize(("ends", "capped"), [("479s", []), ("480s", [("critical_never_declared", 59)])])
def test_what_grew_to_severity_1_can_be_declared_so_for_as_long_from_then(ends: str, capped: list[object]) -> None:
    grows = [{"from": "0s", "is": 2}, {"from": "180s", "is": 1}]
    card = scored(saying(gathered(), 2), small_scenario(grows, injects=[], ends={"after": ends}))
    assert [cap for cap in caps(card) if cap[0] == "critical_never_declared"] == capped


@pytest.mark.parametrize(("ends", "capped"), [("359s", []), ("360s", [("nobody_acknowledged", 39)])])
def test_an_alert_can_be_answered_until_its_deadline(ends: str, capped: list[object]) -> None:
    """It is due after a minute, and an answer five minutes after that: the cap comes when the item has a figure."""
    alone = [timed for timed in gathered() if kind_of(timed.act) not in ("acknowledge", "join", "take_role")]
    card = scored(alone, small_scenario(1, injects=[], ends={"after": ends}))
    assert [cap for cap in caps(card) if cap[0] == "nobody_acknowledged"] == capped


# -- learning ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("texts", "worth"), [(("We look first.", ""), 0), (("", "We look first."), 50)])
def test_of_two_post_mortems_the_last_counts(texts: tuple[str, str], worth: float) -> None:
    """Half for a post-mortem with a learning: the one that stands is the one filed last."""
    papers = [
        at(700 + place, do.FilePostMortem(who="ana", summary="It was the release.", learnings=text))
        for place, text in enumerate(texts)
    ]
    card = scored([*gathered(), at(600, do.Resolve(who="ana")), *papers])
    assert score(card, "follow_up") == worth


# -- who answers for a loss --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("solvers", [("ben",), ("ben", "chloe"), ("ana", "ben", "chloe")])
def test_those_who_hold_a_role_together_bear_its_loss_together(solvers: tuple[str, ...]) -> None:
    """Nobody fixes it, which the solutioneer owes: the shares add up to what was lost and are the same for each."""
    card = scored(gathered((who, "solutioneer") for who in solvers), people=True)
    assert card.people is not None
    lost = next(line.points for line in card.ledger if line.item == "impact_ended")
    shares = {
        name: line.points for name, own in card.people.items() for line in own.lost if line.item == "impact_ended"
    }
    assert shares.keys() == set(solvers)
    assert all(share == pytest.approx(lost / len(solvers), abs=0.006) for share in shares.values())


# -- the protocol's order ----------------------------------------------------------------------------------------------


def done(at: int) -> Finding:
    return Finding(100.0, "done", done_at=at)


def test_what_was_done_at_the_same_instant_is_in_order() -> None:
    """The component is multiplied by 1 - 0.3 · (1 - longest run in order / number done)."""
    assert order_of([done(1), done(2), done(2), done(3)]).factor(0.3) == 1
    assert order_of([done(1), done(2), done(1), done(3)]).factor(0.3) == pytest.approx(1 - 0.3 / 4)


def test_who_restates_and_takes_a_role_in_one_millisecond_is_in_order() -> None:
    """Restating comes before stating roles: at the same instant it does, a millisecond later it does not."""
    perfect = perfect_acts(plan_of(small_scenario(1, injects=[]), "small"))
    first_role = min(timed.at for timed in perfect if kind_of(timed.act) == "take_role")
    for late, why in ((0, None), (1, "7 of 8 acts came in the protocol's order; WHICH")):
        acts = [Timed(first_role + late if kind_of(act) == "restate" else when, act) for when, act in perfect]
        said = scored(acts).components["protocol"].why
        assert said == (why and why.replace("WHICH", "out of order: Severity and topic restated"))
