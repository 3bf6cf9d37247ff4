"""Several teams: what each did, and whether they got better, each compared with itself alone."""

import numpy as np
from msgspec.structs import replace

from reports.programme import cells_of, course_in_words
from scoring.history.figures import Figures
from scoring.history.order import history_of
from scoring.history.programme import Programme, programme_of
from scoring.statistics.strata import course_of
from tests.scoring.history_drills import drill, with_outcomes

OWED = drill().obligations[0]
MET, MISSED = {"outcome": "met"}, {"outcome": "missed"}


def team(name: str, *alerted: dict[str, str], people: tuple[str, ...] = ("ana", "ben")) -> list[Figures]:
    """A team's drills, and how the first of what was owed went in each."""
    return [
        with_outcomes(drill(f"2026-0{month}-01T10:00", people, team=name), **{OWED.obligation: how})
        for month, how in enumerate(alerted, 1)
    ]


def told(drills: list[Figures]) -> Programme:
    return programme_of(history_of(drills).drills)


def test_what_a_team_did_is_counted_once_for_each_person() -> None:
    first, second = team("day", MISSED, MET)
    first = replace(first, crew=replace(first.crew, joined=["ana", "bot"], led=["ana"]))
    second = replace(second, crew=replace(second.crew, joined=["ana"], led=["bot"]))
    second = replace(second, drill=replace(second.drill, cut_short=True))
    (line,) = told([first, second]).teams
    assert (line.held, line.cut_short, line.people, line.joined, line.led) == (2, 1, 2, 1, 1)


def test_never_met_and_now_met_are_told_apart() -> None:
    def alert(*how: dict[str, str]) -> tuple[bool, bool]:
        (line,) = told(team("day", *how)).teams
        return OWED.title in line.never_met, OWED.title in line.now_met

    assert alert(MISSED, MISSED) == (True, False)
    assert alert(MISSED, {"outcome": "late"}, MET) == (False, True)
    assert alert(MISSED, MET, MET) == alert(MET, MISSED) == (False, False)
    assert alert(MISSED) == alert(MET) == (False, False), "one drill says neither"
    assert alert(MISSED, {"outcome": "unjudged"}) == (False, False)


def test_only_what_people_played_counts_and_namesakes_are_told_apart() -> None:
    simulated = [replace(one, drill=replace(one.drill, kind="simulated")) for one in team("day", MET)]
    assert told(simulated).teams == []
    found = told([*team("night", MET), *team("day", MET), *team("day", MET, people=("xan",)), *simulated])
    assert [cells[0] for cells in cells_of(found.teams)] == ["day (1)", "day (2)", "night"]
    assert course_in_words(found) == "Too few drills to tell whether teams got better."


def test_teams_that_do_not_change_rarely_seem_to_and_teams_that_learn_do() -> None:
    """400 programmes of four teams with six drills each; teams differ much, which is no change."""
    chance = np.random.default_rng(1)
    levels = chance.normal(0, 2, size=(400, 4, 1))
    luck = chance.normal(0, 0.84, size=(400, 4, 6))
    flat = [course_of(list(one)) for one in levels + luck]
    learning = [course_of(list(one)) for one in levels + luck + np.linspace(0, 1.5, 6)]
    alarms = np.mean([one is not None and one.p <= 0.05 for one in flat])
    assert 0.02 < alarms < 0.08
    assert np.mean([one is not None and one.p <= 0.05 and one.gain > 0 for one in learning]) > 0.6


def test_a_better_team_that_comes_later_is_no_change() -> None:
    poor, good = [1.0, 1.2, 0.9, 1.1, 1.05, 0.95], [5.0, 5.2, 4.9, 5.1, 5.05, 4.95]
    found = course_of([poor, good])
    assert found is not None
    assert (found.p > 0.3, found.drills) == (True, 12)
    assert course_of([poor + good]).p < 0.01, "as one team it would be"  # type: ignore[union-attr]


def test_the_slope_is_that_of_all_teams_together_and_too_few_say_nothing() -> None:
    found = course_of([[1, 2, 3, 4, 5], [11, 12, 13, 14, 15], [7]])
    assert found is not None
    assert abs(found.gain - 4) < 1e-9
    assert found.p < 0.01
    assert found == course_of([[1, 2, 3, 4, 5], [11, 12, 13, 14, 15]])
    assert course_of([]) is course_of([[1, 2, 3]]) is course_of([[1], [2], [3], [4], [5], [6]]) is None
