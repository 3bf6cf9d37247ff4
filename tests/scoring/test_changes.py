"""What is said to have changed, and how seldom that is said of teams that do not change."""

from collections.abc import Mapping

import numpy as np
import pytest
from msgspec.structs import replace

from reports.changes import changes_told
from scoring.history.changes import FALSE_ALARM, JUDGED, changes_of, halves, headline_limits, time_changes
from scoring.history.figures import DrillFigures, Figures
from scoring.history.readiness import HARDNESS, LUCK, PRIOR, figure_of
from scoring.statistics.limits import FEWEST
from tests.scoring.history_drills import drill
from tests.support.extent import FULL

BASE = drill(complete=True, cut_short=False, provisional=False, caps=[])
ROWS = {row.act: row for row in BASE.obligations}


def one(place: int, times: Mapping[str, float | None] | None = None, **fields: object) -> Figures:
    """A drill with these times, of ten minutes at most, and these figures."""
    named = {"uncapped": 90.0, "response_time": 90.0, "role_coverage": 90.0, "scenario": f"s{place}", **fields}
    rows = [
        replace(
            ROWS["severity_declared"],
            obligation=act,
            act=act,
            title=act,
            actual_s=took,
            deadline_s=600.0,
            outcome="met",
        )
        for act, took in (times or {}).items()
    ]
    return replace(BASE, drill=replace(BASE.drill, head=str(place), **named), obligations=rows)


def headline(*values: float) -> list[DrillFigures]:
    return [one(place, response_time=value).drill for place, value in enumerate(values)]


def test_limits_come_from_twelve_drills_and_judge_those_after_them() -> None:
    assert headline_limits(headline(*[90.0] * 11), "response_time") is None
    made = headline_limits(headline(*[98.0, 96.0] * 6), "response_time")
    assert made is not None
    assert (made.judged, made.outside, made.first) == ((), (), 0)
    assert 0 < made.low < 96 < made.mid < 98 < made.high <= 100
    later = headline_limits(headline(*[98.0, 96.0] * 6, 95.0, 0.0, 97.0), "response_time")
    assert later is not None
    assert later.judged == (95.0, 0.0, 97.0)
    assert later.outside == (1,)
    assert (later.low, later.high) == (made.low, made.high)


def test_the_last_eight_are_judged_by_the_twelve_before_them() -> None:
    values = [5.0] * 10 + [90.0, 80.0] * 6 + [85.0] * JUDGED
    found = headline_limits(headline(*values), "response_time")
    assert found is not None
    assert (found.first, len(found.judged), found.outside) == (10, JUDGED, ())


def test_what_was_cut_short_or_lacks_the_headline_is_passed_over() -> None:
    drills = headline(*[90.0, 80.0] * 6)
    odd = [
        replace(drills[0], cut_short=True),
        replace(drills[0], complete=False),
        replace(drills[0], response_time=None),
    ]
    assert headline_limits([*drills, *odd], "response_time") == headline_limits(drills, "response_time")


def test_two_periods_are_compared_from_six_against_six() -> None:
    slow, quick = {"published": 500.0, "team_alerted": 30.0}, {"published": 100.0, "team_alerted": 30.0}
    drills = [one(place, slow if place < 6 else quick) for place in range(12)]
    found = time_changes(*halves(drills))
    assert [(row.obligation, row.differs) for row in found] == [("team_alerted", False), ("published", True)]
    assert (found[1].difference.before, found[1].difference.after) == (500.0, 100.0)
    assert found[1].difference.p == pytest.approx(2 / 924)
    assert time_changes(*halves(drills[:11])) == []


def test_a_time_that_never_came_counts_as_its_deadline_and_what_is_seldom_owed_is_left_out() -> None:
    drills = [one(place, {"published": None if place < 6 else 10.0}) for place in range(12)]
    drills[0] = one(0, {"published": 900.0, "impact_ended": 5.0})
    (found,) = time_changes(*halves(drills))
    assert (found.difference.before, found.difference.after) == (600.0, 10.0)


def test_periods_may_be_chosen() -> None:
    drills = [one(place, {"published": 500.0 if place < 8 else 100.0}) for place in range(16)]
    chosen = changes_of(drills, before=lambda row: row.scenario in {f"s{place}" for place in range(6)})
    assert chosen.times[0].difference.drills == chosen.periods == (6, 10)
    assert changes_of(drills).times[0].difference.drills == (8, 8)


def unchanged(rng: np.random.Generator, drills: int) -> tuple[list[Figures], dict[str, tuple[float, float]]]:
    """A team that does not change, on scenarios of unlike difficulty."""
    level = rng.normal(*PRIOR)
    hardness = rng.normal(0, HARDNESS, drills)
    y = np.clip(level + hardness + rng.normal(0, LUCK, drills), 0, np.log(101))
    pace = rng.normal(0, 1)
    found = []
    for place in range(drills):
        day = rng.normal(0, 0.4) + pace
        took = {
            act: float(np.exp(5 + day + rng.normal(0, 0.6))) for act in ("team_alerted", "published", "impact_ended")
        }
        times = {act: None if rng.random() < 0.1 else value for act, value in took.items()}
        figure = figure_of(float(y[place]))
        shares = {
            name: figure_of(float(np.clip(y[place] * 0.6 + rng.normal(0, 1.1), 0, np.log(101))))
            for name in ("response_time", "role_coverage")
        }
        found.append(one(place, times, uncapped=figure, **shares))
    return found, {f"s{place}": (float(hardness[place]), 0.05) for place in range(drills)}


@pytest.mark.parametrize("calibrated", [False, True])
def test_at_most_one_page_in_ten_says_that_something_changed_where_nothing_did(calibrated: bool) -> None:
    """All sentences together, at twelve drills, over teams that do not change."""
    rng, teams = np.random.default_rng(12 + calibrated), 1000 if FULL else 200
    said = 0
    for _ in range(teams):
        drills, difficulties = unchanged(rng, FEWEST)
        changes = changes_of(drills, difficulties=difficulties if calibrated else None)
        assert changes.better is not None
        assert 2 <= len(changes.times) <= 3
        said += changes_told(changes).anything
    assert said / teams <= (0.1 if FULL else 0.1 + 2 * np.sqrt(0.09 / teams))


def test_of_teams_that_learn_from_poor_to_good_most_are_told_so() -> None:
    rng, teams, told = np.random.default_rng(3), 100 if FULL else 20, 0
    for _ in range(teams):
        y = np.linspace(4.2, 1.6, 16) + rng.normal(0, LUCK, 16)
        figures = [figure_of(float(value)) for value in np.clip(y, 0, np.log(101))]
        found = [
            one(place, {"published": float(600 * np.exp(-place / 8) * np.exp(rng.normal(0, 0.5)))}, uncapped=figure)
            for place, figure in enumerate(figures)
        ]
        told += changes_of(found).anything
    assert told / teams >= 0.75


def test_the_rate_of_false_alarms_stands_beside_limits() -> None:
    drills = [one(place, response_time=value) for place, value in enumerate([90.0, 80.0] * 6)]
    told = changes_told(changes_of(drills))
    assert told.limits[0] == (
        "Response time varies too much for limits: they would be 0 to 100, and nothing could lie outside."
    )
    assert not told.anything
    again = changes_told(changes_of([*drills, *drills[:3]]))
    assert again.limits == told.limits
    alike = changes_told(changes_of([one(place, response_time=97.0 + place % 2) for place in range(15)]))
    assert "the 3 drills since are inside. In a team that doesn't change" in alike.limits[0]
    assert "one of the next 8 drills is outside in 11 of 100 cases" in alike.limits[0]
    assert set(FALSE_ALARM) == {"response_time", "role_coverage"}
