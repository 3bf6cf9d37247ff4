"""Which drills a team brings along from another, and what of that its page shows."""

import pytest

from reports.team.page import Around, team_page
from reports.team.svg import MARKS
from scoring.history.figures import Figures
from scoring.history.inheritance import MOST, inherited
from scoring.history.view import view_of
from tests.scoring.test_history_charts import played

CREW = ("ana", "ben", "cai", "dee")


def own() -> list[Figures]:
    return [played(20 + n, CREW, team="checkout") for n in range(4)]


@pytest.mark.parametrize(
    ("people", "taken"),
    [(CREW, True), (("ana", "ben"), True), (("ana", "eli"), False), (("ana", "ben", "eli", "fay"), True), ((), False)],
)
def test_half_of_the_first_crew_brings_a_drill_along(people: tuple[str, ...], taken: bool) -> None:
    assert bool(inherited(own(), [played(1, people, team="payments"), *own()])) is taken


@pytest.mark.parametrize(
    "other",
    [
        {"team": "checkout"},
        {"team": "payments", "mode": "training"},
        {"team": "payments", "protocol": "other"},
        {"team": "payments", "cut_short": True},
        {"team": "payments", "provisional": True},
        {"team": "payments", "complete": False},
        {"team": "payments", "uncapped": None},
    ],
)
def test_what_may_not_stand_beside_a_drill_is_not_brought_along(other: dict[str, object]) -> None:
    assert inherited(own(), [played(1, CREW, (), **other)]) == []


def test_only_what_was_before_and_only_the_last() -> None:
    before = [played(1 + n, CREW, team="payments") for n in range(MOST + 3)]
    after = [played(28, CREW, team="payments")]
    assert inherited(own(), [*after, *before]) == before[-MOST:]
    assert inherited([], before) == []


def test_brought_along_drills_are_rings_with_a_word_and_count_for_nothing() -> None:
    before = [played(1 + n, CREW, team="payments", uncapped=20.0 + n) for n in range(3)]
    ours = [played(20 + n, CREW, team="checkout", uncapped=80.0 + n) for n in range(6)]
    with_them = team_page(view_of(ours, every=[*before, *ours]), Around(team=str.capitalize))
    alone = team_page(view_of(ours))
    level, plain = (one.charts[-1] for one in (with_them, alone))
    assert level.says == plain.says
    assert with_them.first == alone.first
    assert "3 drills of Payments, in which at least half of this team's first crew played, are shown in grey." in (
        with_them.about
    )
    assert level.table is not None
    assert [row[1].says for row in level.table.rows[:4]] == [
        "20 (as Payments)",
        "21 (as Payments)",
        "22 (as Payments)",
        "80",
    ]
    for picture in (level.wide, level.narrow):
        assert f'stroke="{MARKS["unjudged"]}"' in picture
    assert level.legend[0][1] == "as Payments, where at least half of these people played; they count for nothing"
    assert plain.legend == ()


def test_a_team_says_from_which_level_on_it_is_ready() -> None:
    drills = [played(1 + n, CREW, uncapped=70.0 + n % 3, caps=[]) for n in range(10)]

    def said(level: float) -> str:
        page = team_page(view_of(drills), Around(ready=lambda _: level))
        return next(one for one in page.first if "at least" in one)

    assert "a level of at least 60," in said(60)
    assert "a level of at least 80," in said(80)
    assert said(60).replace("60", "80") != said(80)
