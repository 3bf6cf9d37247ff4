"""What an independent reader of the score's document found unjust: each with its right value on both sides."""

import pytest

from scenarios.scenario import Scenario
from simulator import acts as do
from tests.scoring.build import item, small_scenario
from tests.scoring.test_boundaries import at, gathered, score, scored
from tests.scoring.test_edges import WAY
from tests.scoring.test_excused import excused
from tests.scoring.test_felt import mended, queue

LONG = {"ends": {"after": "8h"}}


# -- watching the signals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signal", "watch"),
    [
        ({"normal": 97, "incident": 97}, 60),
        ({"normal": 100, "incident": 95, "noise": "5%"}, 60),
        ({"normal": 100, "incident": 94, "noise": "5%"}, 0),
        ({"normal": 3, "incident": 90, "recovery": "20s"}, 20),
        ({"normal": 3, "incident": 90, "recovery": "10m"}, 60),
        ({"normal": 3, "incident": 90, "falls": [{"after": "30s", "is": 40}, {"after": "5m", "is": 3}]}, 30),
        ({"normal": 3, "incident": 3, "rises": [{"after": "1m", "is": 90}], "recovery": "20s"}, 20),
    ],
)
def test_only_a_signal_that_the_incident_moves_can_show_that_the_fix_worked(
    signal: dict[str, object], watch: int
) -> None:
    """The fix is in at 280 s. What never moves is there to rule something out, and shortens nothing."""
    scenario = small_scenario(1, injects=[], signals={"one": signal})
    for when, worth in ((280 + watch, 100), *([(280 + watch - 0.001, 50)] if watch else [])):
        assert score(scored(mended(at(when, do.Resolve(who="ana"))), scenario), "resolved_by_commander") == worth


# -- injects -----------------------------------------------------------------------------------------------------------


def asked(act: str, when: str, **changes: object) -> Scenario:
    expects = {"act": act, "target": "1m", "deadline": "4m"}
    asks = {"id": "asks", "at": when, "to": "incident_commander", "text": "Well?", "expects": expects}
    return small_scenario(1, **{"injects": [asks], **changes})


@pytest.mark.parametrize(
    ("act", "hour", "minutes", "worth"),
    [
        ("publish", 1, 20, 100),
        ("publish", 1, 21, 0),
        ("publish", 3, 60, 100),
        ("publish", 3, 61, 0),
        ("update", 3, 60, 100),
        ("update", 7, 120, 100),
        ("update", 7, 121, 0),
    ],
)
def test_a_word_that_is_fresh_by_the_cadence_of_the_hour_has_answered(
    act: str, hour: int, minutes: int, worth: float
) -> None:
    """Every 20 minutes at first, hourly from the second hour; inside two-hourly from the sixth."""
    when = 3600 * hour + 3000
    said = do.Publish(who="chloe", text="Still at it.") if act == "publish" else do.PostUpdate(who="ana", text="On it.")
    card = scored([*gathered(), at(when - 60 * minutes, said)], asked(act, f"{hour}h50m", **LONG))
    assert score(card, "injects_answered") == worth


def test_a_promise_is_fresh_for_as_long_as_it_said_where_customers_hear_as_promised() -> None:
    """A word of the seventh hour promised the next in three hours; nobody asks in vain until then."""
    for minutes, worth in ((179, 100), (181, 0)):
        told = at(6.5 * 3600, do.Publish(who="chloe", text="Next in three hours.", next_in=180 * 60_000))
        scenario = asked("publish", f"{6 * 60 + 30 + minutes}m", ends={"after": "12h"})
        assert score(scored([*gathered(), told], scenario), "injects_answered") == worth


@pytest.mark.parametrize(("when", "worth"), [(839.999, None), (840, None), (840.001, 0)])
def test_who_is_taken_out_before_the_deadline_owes_no_answer(when: float, worth: float | None) -> None:
    """Asked at ten minutes, to be answered within four."""
    card = scored([*gathered(), *excused(when, "ana")], asked("reply", "10m"))
    assert score(card, "injects_answered") == worth


def test_offering_a_handover_answers_and_getting_one_does_not() -> None:
    scenario = asked("hand_over", "2m")
    away = [at(130, do.HandOver(who="ana", role="incident_commander", to="ben"))]
    other = [
        at(130, do.HandOver(who="ben", role="solutioneer", to="ana")),
        at(140, do.AcceptRole(who="ana")),
    ]
    assert score(scored([*gathered(), *away], scenario), "injects_answered") == 100
    assert score(scored([*gathered(), *other], scenario), "injects_answered") == 0


def test_nobody_is_asked_to_hand_over_when_everybody_else_is_gone() -> None:
    gone = [*gathered(), *excused(100, "ben", "chloe")]
    assert score(scored(gone, asked("hand_over", "2m")), "injects_answered") is None
    assert score(scored([*gathered(), *excused(100, "ben")], asked("hand_over", "2m")), "injects_answered") == 0
    everybody = asked("delegate", "2m").model_copy()
    asks = everybody.injects[0].model_copy(update={"to": ["everyone"]})
    all_asked = everybody.model_copy(update={"injects": [asks]})
    assert score(scored(gathered(), all_asked), "injects_answered") == 0


# -- customers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("promised", [(5, None), (None, 5), (None, None)])
def test_after_the_fix_nobody_waits_to_hear_when_the_next_word_comes(promised: tuple[int | None, ...]) -> None:
    words = [
        at(
            300 + 30 * place,
            do.Publish(who="chloe", text=f"Word {place}.", next_in=None if one is None else one * 60_000),
        )
        for place, one in enumerate(promised)
    ]
    assert score(scored([*gathered(), *WAY, *words, at(600, do.Resolve(who="ana"))]), "next_named") == 100
    assert score(scored([*gathered(), *WAY, at(600, do.Resolve(who="ana"))]), "next_named") == 0


def test_what_broke_again_before_customers_felt_the_fix_never_ended_for_them() -> None:
    """Fixed at 280 s and felt until 880; declared over at 350, while somebody deletes everything until 400."""
    broken = [at(340, do.StartAction(who="ana", action="smash")), at(350, do.Resolve(who="ben"))]
    told = at(900, do.Publish(who="chloe", text="It works again.", next_in=0))
    card = scored(mended(*broken, told), queue())
    assert score(card, "told_over") == 0
    assert score(card, "not_silent") == 0
    assert item(card, "roles_covered").score == pytest.approx(100 * 50 / (3600 - 300), abs=0.06)
    sound = scored(mended(at(350, do.Resolve(who="ben")), told), queue())
    assert score(sound, "told_over") == 100


# -- nobody left, and a guess ------------------------------------------------------------------------------------------


def test_time_in_which_nobody_is_left_for_a_role_does_not_count() -> None:
    """All roles are held from 65 s, and owed from five minutes; everybody is called away at ten."""
    everybody = ("ana", "ben", "chloe")
    assert score(scored([*gathered(), *excused(600, *everybody)]), "roles_covered") == 100
    assert score(scored([*gathered(), *excused(100, *everybody)]), "roles_covered") is None
    half = gathered(roles=[("ana", "incident_commander")])
    before, after = (score(scored([*half, *excused(when, *everybody)]), "roles_covered") for when in (600, 3000))
    assert before == after
    assert before is not None
    assert 0 < before < 100


def test_a_guess_that_grows_later_was_still_a_guess() -> None:
    growing = small_scenario([{"from": "0s", "is": 0}, {"from": "40m", "is": 1}], injects=[])
    closed = [at(300, do.CloseIncident(who="ana", reason="Nothing is broken."))]
    assert score(scored(closed, growing), "closed") == 0


@pytest.mark.parametrize(("said", "worth"), [(None, 100), (0, 100), (1, 0)])
def test_what_was_alerted_as_critical_and_resolved_was_not_called_a_false_alarm(said: int | None, worth: float) -> None:
    """Looked into from 40 s on and resolved with a reason at 110, before it had to be judged."""
    acts = [
        *([] if said is None else [at(30, do.DeclareSeverity(who="ana", severity=said))]),
        at(40, do.StartAction(who="ana", action="look")),
        at(110, do.Resolve(who="ana", text="It was a test.")),
    ]
    assert score(scored(acts, small_scenario(0, injects=[])), "severity_judged") == worth


def test_leaving_after_the_response_was_declared_over_takes_nothing_off_what_counts_on() -> None:
    """Declared over at ten minutes and left broken: an excuse while papers are written is worth nothing."""
    acts = [*gathered(), at(600, do.Resolve(who="ana"))]
    stayed, gone = scored(acts), scored([*acts, *excused(610, "ana", "ben", "chloe")])
    assert score(gone, "roles_covered") == score(stayed, "roles_covered")
    assert gone.score == stayed.score


def test_who_came_by_themselves_and_was_excused_did_not_leave_an_alert_unanswered() -> None:
    acts = [at(30, do.Join(who="ben")), *excused(60, "ben", "chloe")]
    card = scored(acts)
    assert (score(card, "acknowledged"), score(card, "joined")) == (None, 0)
