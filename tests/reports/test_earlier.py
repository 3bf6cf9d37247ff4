"""A drill beside earlier ones, in words."""

from msgspec.structs import replace

from reports.earlier import Earlier, earlier_of
from scoring.history.earlier import beside_earlier
from scoring.history.figures import Figures
from tests.scoring.history_drills import drill, with_outcomes

NAMES = {"ana": "Ana Ruiz", "ben": "Ben Okafor"}


def earlier(now: Figures, *before: Figures) -> Earlier:
    found = beside_earlier(now, before)
    assert found is not None
    return earlier_of(found, lambda who: NAMES.get(who, who))


def days(number: int) -> list[Figures]:
    return [drill(f"2026-0{month}-01T10:00") for month in range(1, number + 1)]


def test_each_cell_says_the_time_and_whether_it_was_in_time() -> None:
    first, last, now = days(3)
    owed = now.obligations[0].obligation
    changes = {"target_s": 60.0, "owing": None}
    first = with_outcomes(first, **{owed: {**changes, "actual_s": 125.0, "outcome": "late"}})
    last = with_outcomes(last, **{owed: {**changes, "actual_s": None, "outcome": "missed"}})
    now = with_outcomes(now, **{owed: {**changes, "actual_s": 42.0, "outcome": "met"}})
    row = earlier(now, first, last).rows[0]
    assert [cell.says for cell in row.cells] == ["2 min 5 s, late", "missed", "42 s, met"]
    assert (row.target, row.comparable) == ("1 min", "yes")
    other = with_outcomes(first, **{owed: {"target_s": 300.0}})
    row = earlier(now, other, last).rows[0]
    assert row.cells[0].says == "2 min 5 s, late (target 5 min)"
    assert row.comparable == "not all: different target"


def test_what_each_owes_is_how_many_did_it_and_never_the_mean_of_those_who_did() -> None:
    last, now = days(2)
    owed = now.obligations[0].obligation
    last = with_outcomes(last, **{owed: {"did": 3, "owing": 5, "actual_s": 9.0, "outcome": "late"}})
    now = with_outcomes(now, **{owed: {"did": 5, "owing": 5, "actual_s": 200.0, "outcome": "late"}})
    assert [cell.says for cell in earlier(now, last).rows[0].cells] == ["3 of 5, not met", "5 of 5, late"]


def test_what_changed_is_said_in_a_sentence_with_what_chance_does() -> None:
    last, now = days(2)
    assert earlier(now, last).changed == "Compared with the last one (2026-01-01), the same obligations are met."
    rows = now.obligations
    last = with_outcomes(last, **{row.obligation: {"outcome": "missed"} for row in rows[:7]})
    said = earlier(now, last).changed
    assert said.startswith(f"Compared with the last one (2026-01-01), now met: {rows[0].title}, {rows[1].title}, ")
    assert said.endswith(f"{rows[4].title} and 2 more. Chance alone can do that from one drill to the next.")
    assert "trend" not in said


def test_who_has_not_led_and_what_is_not_here_are_said() -> None:
    last, now = days(2)
    now = replace(now, crew=replace(now.crew, led=["ben"]))
    said = earlier(now, last, drill("2026-01-15T10:00", mode="training"))
    assert said.never_led == "In these 2 drills, not yet in command: Ana Ruiz."
    assert said.left_out == "Left out: 1 earlier drill (1 in training mode)."
    both = replace(now, crew=replace(now.crew, led=["ana", "ben"]))
    assert earlier(both, last).never_led == ("In these 2 drills, everybody who was in this one and may lead has led.")


def test_a_simulated_drill_is_called_by_its_id_and_not_by_the_day_in_its_story() -> None:
    last, now = (replace(one, drill=replace(one.drill, kind="simulated")) for one in days(2))
    assert [day for day, _ in earlier(now, last).headings] == [last.drill.drill, now.drill.drill]


def test_what_was_done_each_time_takes_one_line() -> None:
    last, now = days(2)
    changes = {row.obligation: {"target_s": None, "outcome": "met"} for row in now.obligations}
    said = earlier(with_outcomes(now, **changes), with_outcomes(last, **changes))
    assert said.telling == []
    assert said.each_time == ", ".join(row.title for row in now.obligations)


def scored(one: Figures, total: float, *, provisional: bool = False) -> Figures:
    return replace(one, drill=replace(one.drill, uncapped=total, provisional=provisional, complete=True))


def test_dots_and_bands_come_from_four_drills_on() -> None:
    three = [scored(one, 70.0) for one in days(3)]
    assert earlier(three[-1], *three[:-1]).dots is None
    totals = (60.0, 72.0, 66.0, 81.0)
    four = [scored(one, total) for one, total in zip(days(4), totals, strict=True)]
    dots = earlier(four[-1], *four[:-1]).dots
    assert dots is not None
    assert dots.svg.count('class="dot"') == 4
    assert dots.svg.count('class="band"') == 2
    assert [total for _, total in dots.rows] == ["60", "72", "66", "81"]
    assert dots.alternative == "The totals before caps of 4 drills, oldest first: 60, 72, 66, 81."
    assert dots.says.startswith("Level: ")
    assert "Ready" not in dots.says


def test_a_drill_whose_follow_up_is_open_is_drawn_and_counts_in_no_band() -> None:
    five = [scored(one, 70.0) for one in days(5)]
    now = scored(five[-1], 10.0, provisional=True)
    dots, without = earlier(now, *five[:-1]).dots, earlier(five[-2], *five[:-2]).dots
    assert dots is not None
    assert without is not None
    assert (dots.svg.count('class="dot"'), dots.svg.count('class="open"')) == (4, 1)
    assert dots.says == without.says
    assert dots.rows[-1][1] == "10, provisional"
