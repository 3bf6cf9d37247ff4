"""Whose loss it is, and what a running drill already says: the shares, and what is not due yet."""

import pytest

from scenarios.rubric import Rubric
from scoring.components.protocol import Order, order_of
from scoring.facts import Facts
from scoring.obligations import Finding
from scoring.result import Scorecard
from scoring.role_holders import Roles
from simulator import acts as do
from simulator import events as ev
from tests.scoring.build import SECOND, by_hand, graded, item, plan_of, played, rubric, saying, small_scenario
from tests.scoring.test_boundaries import at, caps, gathered, score, scored
from tests.scoring.test_edges import WAY, amended, asking, but, so_far, within


def shares(card: Scorecard, name: str) -> dict[str, float]:
    """What each member's own ledger has of an item's loss, as a share of it."""
    assert card.people is not None
    lost = next(line.points for line in card.ledger if line.item == name)
    own = {member: sum(line.points for line in held.lost if line.item == name) for member, held in card.people.items()}
    return {member: round(points / lost, 2) for member, points in own.items() if points}


def test_those_who_stated_no_role_share_that_loss() -> None:
    card = scored(gathered([("ana", "incident_commander")]), people=True)
    assert shares(card, "roles_stated") == pytest.approx({"ben": 0.5, "chloe": 0.5}, abs=0.02)


def test_those_whom_an_unanswered_inject_had_reached_share_that_loss() -> None:
    for to, owing in (("channel", ("ana", "ben", "chloe")), ("communications", ("chloe",))):
        card = scored(gathered(), asking("reply", to=to), people=True)
        assert shares(card, "injects_answered") == pytest.approx(dict.fromkeys(owing, 1 / len(owing)), abs=0.02)


@pytest.mark.parametrize(("taken", "worth"), [(100, 100), (101, 0)])
def test_a_role_stated_after_the_response_was_stated_too_late(taken: float, worth: float) -> None:
    """No engine lets anybody; a log made otherwise may say so."""
    log = by_hand(
        plan_of(within("60m"), "small"),
        (20, ev.Joined, {"actor": "ana"}),
        (100, ev.IncidentResolved, {"actor": "ana"}),
        (taken, ev.RoleTaken, {"actor": "ana", "role": "incident_commander"}),
        (3600, ev.PhaseBegan, {"phase": "papers"}),
    )
    assert score(graded(log), "roles_stated") == worth


# -- a drill that still runs -------------------------------------------------------------------------------------------


def test_a_share_that_is_whole_counts_at_once_and_another_when_the_response_is_over() -> None:
    plan = plan_of(within("60m"), "small")
    whole, part = (
        played(plan, gathered(roles), answers=False)
        for roles in ([("ana", "incident_commander"), ("ben", "solutioneer"), ("chloe", "communications")], [])
    )
    assert score(graded(so_far(whole, 120)), "roles_stated") == 100
    assert item(graded(so_far(part, 120)), "roles_stated").why == "not due yet"
    assert score(graded(part), "roles_stated") == 0


def test_customers_wait_from_when_the_first_message_is_due() -> None:
    log = played(plan_of(within("60m"), "small"), gathered(), answers=False)
    assert score(graded(so_far(log, 300)), "cadence_kept") is None
    assert score(graded(so_far(log, 300.001)), "cadence_kept") == 0


def test_no_cap_applies_while_the_response_lasts() -> None:
    log = played(plan_of(within("60m"), "small"), saying(but("acknowledge", "join", "take_role"), None), answers=False)
    assert caps(graded(so_far(log, 1800))) == []
    assert {name for name, _ in caps(graded(log))} == {
        "nobody_acknowledged",
        "critical_never_declared",
        "impact_not_ended",
    }


def test_what_was_closed_before_it_had_to_be_judged_is_judged_as_soon_as_it_is_closed() -> None:
    """A false alarm may be judged for eight minutes; closed after two, nothing more can come."""
    acts = [
        at(20, do.StartAction(who="ana", action="look")),
        at(120, do.CloseIncident(who="ana", reason="Nothing is.")),
    ]
    log = played(plan_of(small_scenario(0, injects=[]), "small"), acts, answers=False)
    assert item(graded(so_far(log, 119)), "severity_judged").why == "not due yet"
    assert score(graded(so_far(log, 121)), "severity_judged") == 100


def test_papers_are_not_due_while_there_is_time_for_them() -> None:
    """They have twenty minutes from 60 min on, unless a facilitator ends them."""
    plan = plan_of(within("60m"), "small")
    log = played(plan, gathered(), answers=False)
    assert item(graded(so_far(log, 3700)), "situation_report").why == "not due yet"
    assert score(graded(log), "situation_report") == 0
    cut = played(plan, [*gathered(), at(3700, do.EndDrill(who="fay"))], answers=False)
    assert item(graded(cut), "situation_report").why == "the papers were ended before their time was up"


# -- roles, judgement, injects -----------------------------------------------------------------------------------------


def test_where_no_time_is_set_roles_are_owed_from_the_report_on() -> None:
    plan = plan_of(within("60m"), "small", by=amended(1, roles_covered=None))
    card = graded(played(plan, gathered(), answers=False))
    assert card.roles["solutioneer"].gaps == [(0, 65)]
    assert card.role_coverage == pytest.approx(100 * (3600 - 65) / 3600, abs=0.06)


def test_a_protocol_that_wants_no_role_has_none_to_cover() -> None:
    plan = plan_of(within("60m"), "small", by=amended(1, roles=[]))
    one = item(graded(played(plan, gathered(), answers=False)), "roles_covered")
    assert (one.score, one.why) == (None, "no role is required")


@pytest.mark.parametrize(("released", "held"), [(99_999, 0.0), (100_000, 1.0)])
def test_over_an_empty_stretch_the_last_millisecond_counts(released: int, held: float) -> None:
    log = by_hand(
        plan_of(within("60m"), "small"),
        (0, ev.RoleTaken, {"actor": "ana", "role": "solutioneer"}),
        (released / SECOND, ev.RoleReleased, {"actor": "ana", "role": "solutioneer"}),
        (200, ev.RoleTaken, {"actor": "ben", "role": "communications"}),
    )
    roles = Roles(Facts(log.plan, log.events))
    assert roles.coverage(["solutioneer"], 100_000, 100_000).reached == held


def test_after_it_grew_the_severity_before_counts_for_as_long_as_judging_is_given() -> None:
    """Judged from 2 min to 60; severity 2 grows to 1 at 3 min, is right until 4, and is declared only at 10."""
    grows = [{"from": "0s", "is": 2}, {"from": "3m", "is": 1}]
    card = scored(
        [*saying(gathered(), 2), at(600, do.DeclareSeverity(who="ana", severity=1))], small_scenario(grows, injects=[])
    )
    assert score(card, "severity_judged") == pytest.approx(100 * (58 - 6) / 58, abs=0.06)
    assert item(card, "severity_judged").why.endswith("wrong or undeclared for 6 min")


def test_a_response_that_ends_when_it_should_be_judged_is_judged_by_its_last_word() -> None:
    assert score(scored(gathered(), within("60s")), "severity_judged") == 100
    assert score(scored(saying(gathered(), None), within("60s")), "severity_judged") == 0


@pytest.mark.parametrize("fixed", [True, False])
def test_a_team_that_was_done_is_spared_who_would_have_asked_and_one_that_walked_away_is_not(fixed: bool) -> None:
    acts = [*gathered(), *(WAY if fixed else []), at(300, do.Resolve(who="ana"))]
    assert score(scored(acts, asking("reply")), "injects_answered") == (100 if fixed else 0)


def test_what_was_handled_without_an_alert_shows_the_first_act_that_did() -> None:
    acts = [
        at(20, do.DeclareSeverity(who="ana", severity=3)),
        at(60, do.FileBug(who="ana", text="It is slow.")),
        at(300, do.CloseIncident(who="ana", reason="It waits for the sprint.")),
    ]
    log = played(plan_of(small_scenario(3, injects=[]), "small"), acts, answers=False)
    filed = next(event.seq for event in log.events if isinstance(event, ev.BugFiled))
    one = item(graded(log), "not_alerted")
    assert (one.score, one.evidence) == (100, [filed])


def test_the_longest_silence_rests_on_what_was_written_around_it() -> None:
    acts = [
        at(600, do.PostUpdate(who="ana", text="So it stands.")),
        at(500, do.LogEntry(who="ben", text="Looked.")),
        at(3000, do.LogEntry(who="ben", text="Still at it.")),
    ]
    log = played(plan_of(within("60m"), "small"), [*gathered(), *acts], answers=False)
    around = [one.seq for one in log.events if isinstance(one, ev.UpdatePosted | ev.EntryLogged) and one.at >= 600_000]
    assert item(graded(log), "not_silent").evidence == around


# -- figures -----------------------------------------------------------------------------------------------------------


def test_what_is_worth_nothing_is_not_among_what_was_done_in_order() -> None:
    done = [
        Finding(100.0, "done", done_at=1),
        Finding(0.0, "half-hearted", done_at=9),
        Finding(50.0, "done", done_at=2),
    ]
    assert order_of(done) == Order(2, 2)


def test_where_all_that_weighs_something_could_not_be_judged_there_is_no_score() -> None:
    """A severity without roles under a rubric that looks at nothing but roles."""
    log = played(plan_of(small_scenario(3, injects=[]), "small"), [], answers=False)
    card = graded(
        log, Rubric.model_validate({**rubric().model_dump(), "components": {"response_time": 0, "role_coverage": 1}})
    )
    assert (card.score, card.role_coverage, card.response_time) == (None, None, 0)
