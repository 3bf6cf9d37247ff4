"""Every clock runs from when something was first owed, and every table judges its own time.

An incident of severity 2 that grows to 1 at half past, and what both tables ask for; one that is mended before; one
that falls.
"""

import pytest

from scenarios.protocol import Protocol
from scenarios.scenario import Scenario
from simulator import acts as do
from simulator.plan import Player
from tests.scenarios.shipped import protocol
from tests.scoring.build import graded, item, plan_of, played, small_scenario
from tests.scoring.test_boundaries import at, caps, gathered, score, scored
from tests.scoring.test_edges import WAY, but, within
from tests.support.perfect import Timed

GROWTH = 1800
MODERATE = [
    at(20, do.DeclareSeverity(who="ana", severity=2)),
    at(25, do.AlertTeam(who="ana", severity=2, topic="rooms")),
]


def grows(when: float = GROWTH, **changes: object) -> Scenario:
    """Severity 2, which grows to 1."""
    return small_scenario([{"from": "0s", "is": 2}, {"from": f"{when:g}s", "is": 1}], injects=[], **changes)


def called_at_growth(late: float = 10) -> list[Timed]:
    """Looked at by two at severity 2; when it grows, declared and alerted anew."""
    return [
        *MODERATE,
        *(at(45, do.Join(who=who)) for who in ("ana", "ben")),
        at(65, do.TakeRole(who="ana", role="incident_commander")),
        at(65, do.TakeRole(who="ben", role="solutioneer")),
        at(GROWTH + late, do.DeclareSeverity(who="ana", severity=1)),
        at(GROWTH + late, do.AlertTeam(who="ana", severity=1, topic="rooms")),
    ]


# -- what began later --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("called", [10, 240])
def test_an_alert_of_the_graver_severity_is_answered_from_when_it_came(called: float) -> None:
    """Severity 2 asks nobody to answer its alert. Chloe answers the graver one in half a minute; Ben is there."""
    acts = [
        *called_at_growth(called),
        *(at(GROWTH + called + 30, do.Acknowledge(who=who)) for who in ("ben", "chloe")),
        at(GROWTH + called + 40, do.Join(who="chloe")),
    ]
    card = scored(acts, grows())
    assert (score(card, "acknowledged"), score(card, "joined")) == (100, 100)
    assert item(card, "acknowledged").actual_s == (0 + 30) / 2
    assert card.measures.time_to_acknowledge_s == [30, 30]
    assert item(card, "acknowledged").clock_start_s == GROWTH + called


def test_what_the_first_alert_had_done_is_done_when_the_second_comes() -> None:
    acts = [*called_at_growth(), *(at(60, do.Acknowledge(who=who)) for who in ("ben", "chloe"))]
    card = scored([*acts, at(70, do.Join(who="chloe"))], grows())
    assert (score(card, "acknowledged"), score(card, "joined")) == (100, 100)


def test_who_was_alerted_before_it_grew_and_not_again_owes_an_answer_from_the_growth() -> None:
    """Ben is in the channel. Chloe's answer two minutes and a half after the growth is worth about half."""
    acts = [timed for timed in called_at_growth() if timed.at < GROWTH * 1000]
    card = scored([*acts, *(at(GROWTH + 150, do.Acknowledge(who=who)) for who in ("ben", "chloe"))], grows())
    assert item(card, "acknowledged").actual_s == (0 + 150) / 2
    assert score(card, "acknowledged") == pytest.approx((100 + 48.8) / 2, abs=0.1)


@pytest.mark.parametrize(("taken", "open_for"), [(60, 0), (270, 0), (300, 0), (330, 30)])
def test_a_role_that_only_the_graver_table_asks_for_is_due_from_the_growth(taken: float, open_for: float) -> None:
    """Severity 1 gives five minutes for its roles; Communications is not asked for at severity 2."""
    acts = [*called_at_growth(), at(GROWTH + 40, do.Join(who="chloe"))]
    card = scored([*acts, at(GROWTH + taken, do.TakeRole(who="chloe", role="communications"))], grows())
    held = card.roles["communications"]
    assert (held.required_s, held.held_s) == (3600 - GROWTH - 300, 3600 - GROWTH - 300 - open_for)
    # Two roles from 8 min on; all three for the last 25 of the 52 min for which any is owed.
    assert card.roles["solutioneer"].required_s == 3600 - 480
    assert card.role_coverage == pytest.approx(100 * (1 - open_for / (3600 - 480) / 3), abs=0.06)


def test_the_severity_is_judged_by_the_time_that_its_own_table_gives() -> None:
    """Severity 2 may be declared for two minutes, and severity 1 for one from when it grew."""
    acts = [
        at(110, do.DeclareSeverity(who="ana", severity=2)),
        at(GROWTH + 50, do.DeclareSeverity(who="ana", severity=1)),
    ]
    card = scored(acts, grows())
    assert (score(card, "severity_declared"), score(card, "severity_judged")) == (100, 100)


def test_what_came_before_it_was_owed_is_said_to_have_come_before() -> None:
    acts = [*called_at_growth(), at(600, do.Publish(who="ana", text="We look into it."))]
    card = scored(acts, grows())
    assert item(card, "first_external_message").why == "first message before the incident grew; target 5 min"


def test_what_the_milder_table_alone_wanted_is_judged_for_its_time() -> None:
    """Severity 2 wants an update within 25 minutes, severity 1 does not; by the growth at 30 it was missed."""
    missed = scored(called_at_growth(), grows())
    assert score(missed, "first_update") == 0
    told = [*called_at_growth(), at(300, do.PostUpdate(who="ana", text="So it stands."))]
    assert score(scored(told, grows()), "first_update") == 100
    early = scored([*MODERATE], grows(when=1200))
    assert (score(early, "first_update"), item(early, "first_update").why) == (
        None,
        "the incident grew before its deadline",
    )


# -- what is mended does not grow --------------------------------------------------------------------------------------


@pytest.mark.parametrize("growth", [280, 300])
@pytest.mark.parametrize("resolved", [299.999, 300, 400])
def test_what_is_mended_does_not_grow(growth: float, resolved: float) -> None:
    """The fix is in at 280 s: from then on nothing of severity 1 is owed, whenever it is declared over."""
    acts = [*MODERATE, *gathered()[2:], *WAY, at(resolved, do.Resolve(who="ana"))]
    card = scored(acts, grows(growth))
    assert (card.severity, caps(card)) == (2, [])
    assert score(card, "severity_judged") == 100


def test_what_is_broken_again_has_grown_when_it_breaks() -> None:
    """Mended from 280 s, it would grow at 300; broken again at 460, it is severity 1 from then on."""
    acts = [*MODERATE, *gathered()[2:], *WAY, at(400, do.StartAction(who="chloe", action="smash"))]
    card = scored(acts, grows(300))
    assert card.severity == 1
    assert item(card, "first_external_message").clock_start_s == 460


# -- what falls --------------------------------------------------------------------------------------------------------

FALLS = small_scenario([{"from": "0s", "is": 1}, {"from": "20m", "is": 2}], injects=[])


def test_what_was_grave_once_is_judged_as_that() -> None:
    """Customers were told nothing for an hour: that it became milder after twenty minutes undoes nothing."""
    card = scored(but("publish"), FALLS)
    assert card.severity == 1
    assert (score(card, "first_external_message"), score(card, "cadence_kept")) == (0, 0)


@pytest.mark.parametrize("again", [None, 1210])
def test_what_has_fallen_may_be_declared_as_what_it_is_or_was(again: float | None) -> None:
    acts = gathered() if again is None else [*gathered(), at(again, do.DeclareSeverity(who="ana", severity=2))]
    assert score(scored(acts, FALLS), "severity_judged") == 100


def test_papers_are_waited_for_that_the_gravest_severity_asked_for() -> None:
    """A severity without papers holds when it is resolved, and the one before it wants them."""
    falls = small_scenario([{"from": "0s", "is": 1}, {"from": "4m", "is": 3}], injects=[])
    card = scored(
        [*gathered(), *WAY, at(300, do.Resolve(who="ana")), at(600, do.FileSituationReport(who="ana", solution="s"))],
        falls,
    )
    assert score(card, "situation_report") == 100


# -- a deadline beyond the end -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("told", "worth"), [(300, 100), (301, None), (900, None), (None, None)])
def test_late_is_never_worth_less_than_never(told: float | None, worth: float | None) -> None:
    """The first message has twenty minutes and the response eighteen: neither late nor never has a figure."""
    words = [] if told is None else [at(told, do.Publish(who="chloe", text="We know."))]
    assert score(scored([*gathered(), *words], within("18m")), "first_external_message") == worth


@pytest.mark.parametrize(("answered", "worth"), [(None, None), (40, 100), (90, None)])
def test_a_late_answer_to_the_alert_is_worth_no_less_than_none(answered: float | None, worth: float | None) -> None:
    """It grows two minutes before the end, which leaves no time for the five minutes that an answer may take."""
    acts = [
        *MODERATE,
        at(GROWTH + 10, do.AlertTeam(who="ana", severity=1, topic="rooms")),
        *(at(GROWTH + 10 + (answered or 0), do.Acknowledge(who=who)) for who in ("ben", "chloe") if answered),
    ]
    assert score(scored(acts, grows(ends={"after": f"{GROWTH + 120}s"})), "acknowledged") == worth


@pytest.mark.parametrize("leaves", [[], [at(300, do.Resolve(who="ana"))]])
def test_what_is_still_broken_at_the_end_was_not_mended(leaves: list[Timed]) -> None:
    """Whatever its deadline: there is no later. So the cap says what its item says."""
    card = scored([*gathered(), *leaves], within("30m"))
    assert score(card, "impact_ended") == 0
    assert [name for name, _ in caps(card)] == ["impact_not_ended"]
    cut = scored([*gathered(), at(900, do.EndDrill(who="fay"))], within("30m"))
    assert (score(cut, "impact_ended"), caps(cut)) == (None, [])


# -- caps rest on items ------------------------------------------------------------------------------------------------


def test_who_has_answered_what_came_before_the_alert_has_answered() -> None:
    """A team of two: the report is passed on to Ben, who acknowledges it, and cannot again when Ana alerts him."""
    plan = plan_of(within("60m"), players=[Player(id="ana"), Player(id="ben")])
    acts = [at(310, do.Acknowledge(who="ben")), at(340, do.AlertTeam(who="ana", severity=1, topic="rooms"))]
    card = graded(played(plan, acts, answers=False))
    assert (score(card, "acknowledged"), item(card, "acknowledged").actual_s) == (100, 0)
    assert "nobody_acknowledged" not in {name for name, _ in caps(card)}


def test_a_cap_whose_item_has_no_figure_does_not_apply() -> None:
    """Ended by the facilitator after the deadlines that run from the report, before those that run from the alert."""
    card = scored([*but("acknowledge", "join", "take_role", "declare_severity"), at(300.5, do.EndDrill(who="fay"))])
    assert score(card, "acknowledged") is None
    assert "nobody_acknowledged" not in {name for name, _ in caps(card)}


def test_a_severity_judged_rightly_is_not_capped_as_never_declared() -> None:
    """It grows when the team is about to close it, which nobody can mend: the time for judging it anew is not over."""
    unmendable = grows(GROWTH, actions=[{"id": "look", "label": "Look", "takes": "1m"}])
    card = scored([*MODERATE, *gathered()[2:], at(GROWTH + 30, do.Resolve(who="ana"))], unmendable)
    assert (card.severity, score(card, "severity_judged")) == (1, 100)
    assert "critical_never_declared" not in {name for name, _ in caps(card)}


def test_a_rubric_that_gives_an_item_no_weight_keeps_its_cap() -> None:
    plan = plan_of(within("60m"), "small")
    weightless = plan.rubric.model_copy(update={"items": {"acknowledged": 0}})
    card = graded(played(plan, but("acknowledge", "join", "take_role"), answers=False), weightless)
    assert ("nobody_acknowledged", 39) in caps(card)


def test_a_protocol_ranks_its_severities_with_a_false_alarm_last() -> None:
    rules: Protocol = protocol()
    assert rules.graver(1, 2)
    assert not rules.graver(2, 2)
    assert rules.graver(3, 0)
    assert rules.gravest([3, 1, 0, 2]) == 1
