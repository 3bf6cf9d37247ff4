"""What is asked and promised: a late answer is worth no less than none, and the latest promise counts."""

import pytest
from msgspec import structs

from scenarios.scenario import Scenario
from simulator import acts as do
from tests.scoring.build import MINUTE, item, small_scenario
from tests.scoring.test_boundaries import at, gathered, score, scored
from tests.scoring.test_edges import WAY, asking
from tests.support.perfect import Timed


def two_asked() -> Scenario:
    """At 10 and at 20 min somebody asks, each for an answer within one minute, or four at most."""
    expects = {"act": "reply", "target": "1m", "deadline": "4m"}
    injects = [{"id": f"asks-{at}", "at": f"{at}m", "text": "Well?", "expects": expects} for at in (10, 20)]
    return small_scenario(1, injects=injects)


@pytest.mark.parametrize(("answered", "worth"), [(None, 100), (30, 100), (60, 100), (61, 100), (239, 100), (280, 100)])
def test_an_answer_that_had_time_beyond_the_end_is_never_worth_less_than_none(
    answered: float | None, worth: float
) -> None:
    """The second inject comes at 20 min and the incident is resolved at 21: it could go without an answer."""
    acts = [
        *gathered(),
        *WAY,
        at(630, do.Reply(who="ana", number=1, text="We are on it.")),
        at(1260, do.Resolve(who="ana")),
    ]
    late = [] if answered is None else [at(1200 + answered, do.Reply(who="ana", number=2, text="It is over."))]
    assert score(scored([*acts, *late], two_asked()), "injects_answered") == worth


def test_a_late_answer_to_the_only_question_is_worth_what_none_is() -> None:
    acts = [*gathered(), *WAY, at(1860, do.Resolve(who="ana"))]
    late = at(2080, do.Reply(who="ana", number=1, text="It is over."))
    for answers in ([], [late]):
        one = item(scored([*acts, *answers], asking("reply")), "injects_answered")
        assert (one.score, one.why) == (100, "done before an answer was due")


def test_what_brought_the_question_about_is_no_answer_to_it() -> None:
    """Severity 3 is declared, somebody asks whether they are sure in that very instant, and nothing follows."""
    asks = {
        "id": "sure",
        "when": {"severity_declared": 3},
        "text": "Are you sure?",
        "expects": {"act": "declare_severity", "target": "1m", "deadline": "4m"},
    }
    unsaid = [
        one._replace(act=structs.replace(one.act, severity=None))
        if isinstance(one.act, do.AlertTeam | do.Restate)
        else one
        for one in gathered()[1:]
    ]
    wrong = [at(20, do.DeclareSeverity(who="ana", severity=3)), *unsaid]
    scenario = small_scenario(1, injects=[asks])
    assert score(scored(wrong, scenario), "injects_answered") == 0
    for right in (do.DeclareSeverity(who="ana", severity=1), do.AlertTeam(who="ana", severity=1, topic="orders")):
        assert score(scored([*wrong, at(80, right)], scenario), "injects_answered") == 100, "whichever act says it"


# -- promises ----------------------------------------------------------------------------------------------------------


def told(*words: tuple[float, int | None]) -> list[Timed]:
    """Messages at so many minutes, each with the minutes in which it promises the next."""
    return [
        at(
            60 * when,
            do.Publish(who="chloe", text=f"Word at {when}.", next_in=None if next_in is None else next_in * MINUTE),
        )
        for when, next_in in words
    ]


@pytest.mark.parametrize(
    ("words", "waited"),
    [
        # The first message is due at 5 min, the hour ends at 60. The latest promise counts, be it shorter or longer.
        ([(5, 20), (10, 5)], 45),
        ([(5, 5), (7, 20)], 33),
        ([(5, 20), (10, 5), (20, 20), (40, 20)], 5),
        ([(5, 5), (8, None), (28, 20), (48, 20)], 0),
    ],
)
def test_the_latest_promise_counts(words: list[tuple[float, int | None]], waited: float) -> None:
    card = scored([*gathered(), *told(*words)])
    assert score(card, "cadence_kept") == pytest.approx(100 * (1 - waited / 55), abs=0.06)


@pytest.mark.parametrize(("after", "waited"), [((20, None), 0), ((20, 5), 35)])
def test_a_word_after_the_last_one_takes_it_back_only_if_it_promises_another(
    after: tuple[float, int | None], waited: float
) -> None:
    unmendable = small_scenario(1, injects=[], actions=[{"id": "look", "label": "Look", "takes": "1m"}])
    card = scored([*gathered(), *told((5, 0), after)], unmendable)
    assert score(card, "cadence_kept") == pytest.approx(100 * (1 - waited / 55), abs=0.06)


@pytest.mark.parametrize(("last", "waited"), [(None, 0), (0, 13)])
def test_a_false_last_word_covers_nothing_however_far_the_promise_before_it_reached(
    last: int | None, waited: float
) -> None:
    """It is broken for the whole hour, and the message at 45 min promised the next beyond its end."""
    card = scored([*gathered(), *told((5, 20), (25, 20), (45, 20), (47, last))])
    assert score(card, "cadence_kept") == pytest.approx(100 * (1 - waited / 55), abs=0.06)
