"""What a team should train next: which obligation costs most, how sure that is, and which scenarios train it."""

from collections.abc import Mapping

import numpy as np
import pytest
from msgspec.structs import replace

from scoring.history.exercises import LATELY, Offer, exercises_for, offer_of
from scoring.history.figures import Figures, ObligationFigures
from scoring.history.training import FEWEST, RECENT, SURE, training_of
from scoring.statistics.dearest import dearest
from tests.scenarios.shipped import incident, protocol
from tests.scoring.history_drills import drill
from tests.support.extent import FULL


def owed(obligation: str, available: float, lost: float | None, **fields: object) -> ObligationFigures:
    row = ObligationFigures(
        drill="",
        head="",
        component="protocol",
        obligation=obligation,
        act=obligation,
        title=obligation,
        owner="team",
        target_s=None,
        deadline_s=None,
        actual_s=None,
        did=None,
        owing=None,
        score=None if lost is None else 100 * (1 - lost / available),
        outcome="unjudged" if lost is None else "met" if lost == 0 else "late",
        available=available,
        earned=None if lost is None else available - lost,
    )
    return replace(row, **fields)


def drills(*losses: Mapping[str, float | None], scenario: str = "one") -> list[Figures]:
    """Drills that lost these points of 10 for each obligation."""
    found = []
    for place, lost in enumerate(losses):
        one = drill(f"2026-{1 + place // 28:02}-{1 + place % 28:02}T14:00", complete=True, cut_short=False)
        one = replace(one, drill=replace(one.drill, scenario=scenario))
        found.append(replace(one, obligations=[owed(name, 10.0, points) for name, points in lost.items()]))
    return found


PLANTED = {"a": 6.0, "b": 0.0, "c": 0.5}


def test_nothing_is_named_below_four_drills() -> None:
    few = training_of(drills(*[PLANTED] * (FEWEST - 1)))
    assert (few.named, few.unnamed, few.costs, few.drills) == (None, "few", [], 3)
    enough = training_of(drills(*[PLANTED] * FEWEST))
    assert enough.named is not None
    assert enough.named.obligation == "a"
    assert enough.named.chance >= SURE


def test_drills_cut_short_or_not_played_to_their_end_say_nothing() -> None:
    sound = drills(*[PLANTED] * 3)
    for fields in ({"complete": False}, {"cut_short": True}):
        short = replace(sound[0], drill=replace(sound[0].drill, **fields))
        assert training_of([*sound, short]).unnamed == "few"


def test_only_the_last_drills_count() -> None:
    long_ago = drills(*[{"a": 0.0, "b": 9.0}] * 20, *[{"a": 9.0, "b": 0.0}] * RECENT)
    found = training_of(long_ago)
    assert found.drills == RECENT
    assert found.named is not None
    assert found.named.obligation == "a"


def test_two_that_cost_the_same_are_not_told_apart() -> None:
    even = [{"a": 8.0, "b": 0.0}, {"a": 0.0, "b": 8.0}] * 4
    found = training_of(drills(*even))
    assert found.unnamed == "unsure"
    assert found.costs[0].chance == pytest.approx(0.5, abs=0.1)


def test_what_costs_next_to_nothing_is_not_named() -> None:
    found = training_of(drills(*[{"a": 0.4, "b": 0.0}] * 12))
    assert found.unnamed == "small"


def test_what_was_not_owed_costs_nothing_and_what_was_not_judged_is_not_owed() -> None:
    seldom = training_of(drills({"a": 9.0, "b": 2.0}, *[{"a": None, "b": 2.0}] * 11))
    by_id = {one.obligation: one for one in seldom.costs}
    assert (by_id["a"].owed, by_id["b"].owed) == (1, 12)
    assert by_id["a"].points < 1.0
    assert by_id["b"].points == pytest.approx(2.0, abs=0.2)
    assert seldom.named is not None
    assert seldom.named.obligation == "b"


def test_few_drills_are_pulled_towards_what_is_expected() -> None:
    """Two imaginary drills of what this team loses of everything; with calibration four, of what others lose of it."""
    seen = drills(*[{"a": 0.0, "b": 4.0, "c": 4.0, "d": 4.0}] * 4)
    plain = {one.obligation: one.points for one in training_of(seen).costs}
    share = 12 / 40
    assert plain["a"] == pytest.approx((4 * 0 + 2 * share * 10) / 6, abs=0.15)
    others = {"a": 8.0, "b": 1.0, "c": 1.0, "d": 1.0}
    known = {one.obligation: one.points for one in training_of(seen, others).costs}
    assert known["a"] == pytest.approx((4 * 0 + 4 * min(1, 0.8 * 12 / 11) * 10) / 8, abs=0.25)
    assert known["a"] > known["b"] > plain["a"] > 0


def test_what_was_seen_of_it_is_counted() -> None:
    times = [("late", 700.0), ("late", 840.0), ("met", 200.0), ("missed", None), ("late", 900.0), ("late", 800.0)]
    found = []
    for base, (outcome, took) in zip(drills(*[{"b": 0.0}] * 6), times, strict=True):
        lost = 0.0 if outcome == "met" else 6.0
        row = owed("x", 10.0, lost, act="published", outcome=outcome, actual_s=took, target_s=600.0, deadline_s=1200.0)
        found.append(replace(base, obligations=[*base.obligations, row]))
    named = training_of(found).named
    assert named is not None
    assert (named.owed, named.short, named.never, named.typical_s, named.target_s) == (6, 5, 1, 840.0, 600.0)


def test_the_same_drills_say_the_same_whatever_is_drawn_elsewhere() -> None:
    mixed = drills(*[{"a": float(place % 4), "b": float(place % 3)} for place in range(9)])
    first = training_of(mixed)
    np.random.default_rng(1).random(10)
    assert training_of(mixed) == first
    assert sum(one.chance for one in first.costs) == pytest.approx(1.0)


def test_costs_are_those_of_whole_drills_weighed_anew() -> None:
    """Without imaginary drills the mean is that of the drills, and its spread that of a Bayesian bootstrap."""
    lost = [[float(place), None if place % 2 else 1.0] for place in range(10)]
    first, second = dearest(lost, [10.0, 10.0], [0.5, 0.5], 0)
    assert first.mean == pytest.approx(4.5, abs=0.1)
    assert second == (0.5, 0.5, 0.5, second.chance), "it never varied, and was at stake in half of them"
    sd = float(np.std(range(10)) / np.sqrt(11))
    assert (first.low, first.high) == pytest.approx((4.5 - 1.645 * sd, 4.5 + 1.645 * sd), abs=0.15)
    assert dearest([], [], [], 2) == []


def test_of_those_who_are_named_nine_in_ten_cost_most() -> None:
    """Teams whose obligations lose unlike shares, in drills that are good or bad as a whole."""
    rng, teams = np.random.default_rng(4), 400 if FULL else 60
    right, named, claimed = 0, 0, 0.0
    for _ in range(teams):
        worth = rng.choice([2.0, 4.0, 7.0, 20.0], 12)
        rates = np.minimum(1.0, rng.gamma(1.0, 0.17, 12))
        day = rng.choice([0.4, 1.6], 8)
        lost = rng.random((8, 12)) < np.minimum(1.0, rates * day[:, None])
        shown = [{str(place): float(10 * one) for place, one in enumerate(row)} for row in lost]
        found = [
            replace(
                one,
                obligations=[
                    owed(row.obligation, worth[int(row.obligation)], worth[int(row.obligation)] * (row.earned == 0))
                    for row in one.obligations
                ],
            )
            for one in drills(*shown)
        ]
        best = training_of(found).named
        if best is not None:
            named += 1
            claimed += best.chance
            right += best.obligation == str(int(np.argmax(rates * worth)))
    assert named >= teams / 8
    assert right / named >= claimed / named - 2 * np.sqrt(0.1 / named)


# -- scenarios ---------------------------------------------------------------------------------------------------------


def offer(scenario: str, length: float = 3600.0, hard: str | None = "medium") -> Offer:
    return Offer(scenario, scenario, frozenset({"a"}), length, hard)


def ids(offers: list[Offer], played: list[str], **more: object) -> list[str]:
    earlier = [replace(drill().drill, scenario=name) for name in played]
    return [one.scenario for one in exercises_for("a", earlier, offers, **more)]  # type: ignore[arg-type]


def test_what_was_never_played_comes_first_and_what_was_played_lately_last() -> None:
    offers = [offer("new"), offer("last"), offer("long-ago"), offer("lately")]
    played = ["long-ago", *["other"] * LATELY, "lately", "last"]
    assert ids(offers, played, most=4) == ["new", "long-ago", "lately", "last"]
    assert len(ids(offers, played)) == 3


def test_what_is_about_as_long_as_usual_comes_first_and_then_what_is_of_middling_difficulty() -> None:
    offers = [offer("usual", 3600), offer("long", 4 * 3600), offer("short", 900), offer("hard", 3700, "hard")]
    assert ids(offers, ["usual"] * 2, most=4)[0] == "hard"
    assert ids([*offers, offer("easy", 3600, "easy"), offer("fair", 3700)], ["usual"])[0] == "fair"
    known = {"fair": (0.6, 0.05), "hard": (0.05, 0.05)}
    assert ids([offer("hard", 3700, "hard"), offer("fair")], [], difficulties=known) == ["hard", "fair"]


def test_what_does_not_owe_it_trains_nothing() -> None:
    assert exercises_for("b", [], [offer("one")]) == []


def test_a_scenario_owes_what_the_tables_of_its_severities_say() -> None:
    login, slow = (offer_of(incident(name), protocol()) for name in ("login-outage", "slow-report"))
    assert {"first_external_message", "injects_answered"} <= login.owes
    assert "bug_filed" in slow.owes
    assert "first_external_message" not in slow.owes
    silent = incident("login-outage").model_copy(update={"injects": []})
    assert "injects_answered" not in offer_of(silent, protocol()).owes
    assert login.length_s == (incident("login-outage").length or 0) / 1000
