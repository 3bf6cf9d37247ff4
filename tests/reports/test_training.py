"""What to train next, as people read it."""

from typing import Any, get_args

import pytest

from reports import training
from reports.training import advice_of
from scenarios.protocol import Duty
from scoring.history.exercises import Exercise
from scoring.history.training import ObligationCost, Training

MESSAGE = ObligationCost(
    obligation="first_external_message",
    act="published",
    title="First message to customers",
    points=6.04,
    low=3.0,
    high=9.1,
    chance=0.93,
    owed=6,
    short=5,
    never=0,
    typical_s=840.0,
    target_s=600.0,
)
OTHER = MESSAGE._replace(obligation="way", act="way_to_fix", title="The way to the fix", points=0.98, chance=0.06)


def test_the_obligation_is_named_with_what_was_seen_of_it() -> None:
    exercises = [
        Exercise("login-outage", "Customers cannot log in", 3600, None, None, "medium"),
        Exercise("orders-gone", "Orders <gone>", 3660, 9, 0.3, "easy"),
        Exercise("two-truths", "Two truths", 900, 1, 0.02, None),
    ]
    said = advice_of(Training(6, [MESSAGE, OTHER], None), exercises)
    assert said.headline == "Train next: the first message to customers."
    assert said.reason == (
        "Customers first heard from you late in 5 of 6 drills, typically after 14 min; target 10 min. It costs 6 "
        "points a drill: with probability 0.93, more than anything else."
    )
    assert said.obligation == "first_external_message"
    assert said.rows[0] == ("First message to customers", "6.0", "3.0 to 9.1", "0.93")
    assert [one.why for one in said.suggestions] == [
        "never played; takes about 1 h; medium, its author says.",
        "last played 9 drills ago; takes about 1 h 1 min; harder than most.",
        "you played it last time; takes about 15 min; of middling difficulty.",
    ]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            {"never": 2, "typical_s": None},
            "Customers first heard from you late or never in 5 of 6 drills (never in 2); target 10 min.",
        ),
        (
            {"never": 5, "short": 5, "typical_s": None},
            "Customers first heard from you late or never in 5 of 6 drills (never in 5); target 10 min.",
        ),
        (
            {"act": "role_in_place", "title": "Incident Commander in place", "short": 1, "owed": 1},
            "The Incident Commander was in place late in 1 of 1 drill, typically after 14 min; target 10 min.",
        ),
        (
            {"act": "way_to_fix", "title": "The way to the fix", "target_s": None},
            "“The way to the fix” fell short in 5 of 6 drills.",
        ),
        ({"act": "acknowledged", "title": "Alert acknowledged"}, "“Alert acknowledged” fell short in 5 of 6 drills."),
    ],
)
def test_what_was_seen_is_said_as_it_was(fields: dict[str, Any], reason: str) -> None:
    named = MESSAGE._replace(**fields)
    assert advice_of(Training(6, [named], None)).reason.startswith(f"{reason} It costs 6 points")


def test_why_nothing_is_named_is_said() -> None:
    few = advice_of(Training(3, [], "few"))
    assert few.headline == "Too few drills to say what to train next: 3 drills so far, and it takes 4."
    unsure = advice_of(Training(8, [MESSAGE, OTHER], "unsure"))
    assert unsure.headline == "These 8 drills do not tell which obligation costs most, so none is named to train next."
    assert unsure.reason == (
        "It is most likely one of these: First message to customers (6 points a drill), The way to the fix (1 point a "
        "drill)."
    )
    assert unsure.obligation is None
    small = advice_of(Training(8, [OTHER], "small"))
    assert small.headline == "Nothing stands out to train next: no obligation costs as much as 1 point a drill."
    assert small.reason == ""


def test_each_duty_has_words_for_what_is_trained() -> None:
    assert set(training._SKILLS) == set(get_args(Duty))
    assert set(training._HAPPENED) < set(get_args(Duty))
