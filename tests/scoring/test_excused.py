"""People who leave: what they did before stays done, and what they no longer could is nobody's."""

import pytest

from simulator import acts as do
from tests.scoring.build import graded, item, plan_of, played, small_scenario
from tests.scoring.test_boundaries import at, caps, gathered, score, scored
from tests.scoring.test_edges import WAY, but, within
from tests.support.perfect import Timed


def excused(when: float, *members: str) -> list[Timed]:
    return [at(when, do.Excuse(who="fay", member=member, reason="A call.")) for member in members]


@pytest.mark.parametrize("when", [120, 400])
def test_what_somebody_did_before_they_were_excused_stays_done(when: float) -> None:
    """In the response or while papers are written: Ben and Chloe answered, joined and stated their roles."""
    acts = [*gathered(), *WAY, at(300, do.Resolve(who="ana"))]
    whole, less = scored(acts), scored([*acts, *excused(when, "chloe"), *excused(when + 60, "ben")])
    for name in ("acknowledged", "joined", "roles_stated"):
        assert score(less, name) == score(whole, name) == 100
    assert item(less, "roles_stated").why == "3 of 3 who joined stated a role"
    assert caps(less) == []


def test_who_leaves_when_the_response_is_over_still_owed_what_it_asked_for() -> None:
    acts = [
        *but("acknowledge", "join", "take_role"),
        at(40, do.Join(who="ana")),
        at(300, do.Resolve(who="ana")),
        *excused(400, "ben", "chloe"),
    ]
    card = scored(acts)
    assert score(card, "acknowledged") == 0
    assert ("nobody_acknowledged", 39) in caps(card)


def test_who_left_before_stating_a_role_owes_none() -> None:
    roles = [("ana", "incident_commander"), ("ben", "solutioneer")]
    assert item(scored([*gathered(roles), *excused(120, "chloe")]), "roles_stated").why == (
        "2 of 2 who joined stated a role"
    )


def test_that_nobody_could_be_judged_has_each_ones_own_reason() -> None:
    """Ana is excused; for Ben and Chloe, never alerted, it would have been due after the end."""
    acts = [*but("alert", "acknowledge", "join", "take_role"), *excused(60, "ana")]
    card = graded(played(plan_of(within("419s"), "small"), acts, answers=False))
    assert item(card, "joined").why == "1 of 3: excused; 2 of 3: its deadline is after the end of the response"
    all_gone = scored(
        [*but("acknowledge", "join", "take_role"), *excused(60, "ben", "chloe")], small_scenario(1, injects=[])
    )
    assert item(all_gone, "acknowledged").why == "excused"


def test_what_was_sent_to_nobody_but_an_excused_member_is_nobodys_miss() -> None:
    """Ana alone may command, and is called away before somebody asks her; with her there, it is not answered."""
    expects = {"act": "reply", "target": "1m", "deadline": "4m"}
    asks = {"id": "asks", "at": "10m", "to": "incident_commander", "text": "Well?", "expects": expects}
    acts = [*gathered(), *WAY, at(1500, do.Resolve(who="ben"))]
    scenario = small_scenario(1, injects=[asks])
    assert score(scored(acts, scenario), "injects_answered") == 0
    everybody = excused(500, "ana", "ben", "chloe")
    assert score(scored([*gathered(), *WAY, *everybody], scenario), "injects_answered") is None


def test_who_joined_and_left_before_any_role_was_owed_is_not_nobody() -> None:
    acts = [*but("take_role"), *excused(60, "ana", "ben", "chloe")]
    stated = item(scored(acts), "roles_stated")
    assert (stated.score, stated.why) == (None, "nobody who joined owed a role")
