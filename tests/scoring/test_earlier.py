"""A drill beside the last few: which may stand there, what changed, and who has never led."""

from msgspec.structs import replace

from scoring.history.earlier import Beside, beside_earlier
from scoring.history.figures import Figures
from tests.scoring.history_drills import drill, with_outcomes


def beside(now: Figures, *earlier: Figures) -> Beside:
    found = beside_earlier(now, earlier)
    assert found is not None
    return found


def test_the_last_three_that_may_stand_beside_it_do_oldest_first() -> None:
    earlier = [drill(f"2026-0{month}-01T10:00") for month in range(1, 6)]
    found = beside(drill("2026-06-01T10:00"), *earlier)
    assert [one.date for one in found.earlier] == ["2026-03-01", "2026-04-01", "2026-05-01"]
    assert found.drills == 6
    assert all(len(row.earlier) == 3 for row in found.rows)


def test_what_may_not_stand_beside_it_is_counted_by_its_reason() -> None:
    now, may = drill("2026-06-01T10:00"), drill("2026-01-01T10:00")
    others = [
        drill("2026-02-01T10:00", mode="training"),
        drill("2026-02-02T10:00", protocol="other"),
        drill("2026-02-03T10:00", cut_short=True),
        drill("2026-02-04T10:00", complete=False),
        drill("2026-02-05T10:00", complete=False),
    ]
    elsewhere = [drill("2026-03-01T10:00", kind="practice"), drill("2026-03-01T10:00", group=2)]
    found = beside(now, may, *others, *elsewhere)
    assert [one.date for one in found.earlier] == ["2026-01-01"]
    assert found.left_out == {
        "in training mode": 1,
        "by the protocol other": 1,
        "cut short": 1,
        "not played to its end": 2,
    }
    assert beside_earlier(now, [*others, *elsewhere]) is None
    assert beside_earlier(drill("2026-06-01T10:00", cut_short=True), [may]) is None


def test_simulated_teams_stand_beside_their_likes() -> None:
    now, good = (drill(f"2026-0{month}-01T10:00", kind="simulated", players="good") for month in (6, 1))
    poor = drill("2026-02-01T10:00", kind="simulated", players="poor")
    assert beside(now, good, poor).left_out == {"by poor players": 1}


def test_what_changed_is_what_was_met_in_one_of_the_last_two_alone() -> None:
    first, last, now = (drill(f"2026-0{month}-01T10:00") for month in (1, 2, 3))
    owed = [row.obligation for row in now.obligations]
    gains, loses, other, again = owed[:4]
    then: dict[str, dict[str, object]]
    then = {gains: {"outcome": "late"}, other: {"outcome": "late", "target_s": 7.0}}
    last = with_outcomes(last, **then)
    now = with_outcomes(now, **{loses: {"outcome": "missed"}, again: {"outcome": "unjudged"}})
    titles = {row.obligation: row.title for row in now.obligations}
    found = beside(now, with_outcomes(first, **{again: {"outcome": "late"}}), last)
    assert (found.gained, found.lost) == ([titles[gains]], [titles[loses]])
    cell = found.rows[2].earlier[-1]
    assert cell is not None
    assert not cell.comparable, "its target was another"


def test_what_was_not_owed_then_has_no_cell() -> None:
    now, last = drill("2026-02-01T10:00"), drill("2026-01-01T10:00")
    found = beside(now, replace(last, obligations=last.obligations[1:]))
    assert [row.earlier[0] is None for row in found.rows][:2] == [True, False]


def test_who_never_led_is_said_of_people_who_were_there_and_may() -> None:
    people = ("ana", "ben", "chloe", "dev")
    now, last = (drill(f"2026-0{month}-01T10:00", people) for month in (2, 1))
    last = replace(last, crew=replace(last.crew, led=["ana"]))
    now = replace(now, crew=replace(now.crew, led=["ben"], may_lead=["ana", "ben", "chloe", "bot"]))
    assert beside(now, last).never_led == ["chloe"]
