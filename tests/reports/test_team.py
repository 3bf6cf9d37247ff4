"""A team's page in words and pictures: computed sentences, marks that need no colour, and what stands when."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from reports.charts.palette import TONES
from reports.standing import readiness_of
from reports.team.actions import actions_chart
from reports.team.calibration import expected_chart
from reports.team.chart import Chart, Shown
from reports.team.page import Around, TeamPage, team_page
from reports.team.svg import MARKS, mark
from reports.team.team_file import team_html, team_parts
from scoring.history.actions import Known, actions_of
from scoring.history.figures import Figures, Meant
from scoring.history.view import MOST, Asked, view_of
from tests.scoring.test_history_charts import outcomes, played

HOSTILE = '<img src=x onerror="alert(1)">&'
TIMED = {"target_s": 60.0, "deadline_s": 300.0}


def history(number: int, **fields: object) -> list[Figures]:
    """Drills of which each third was not alerted, and in which Ben led at last."""
    made = []
    for place in range(number):
        silent = place % 3 == 2
        values: dict[str, Any] = {
            "head": f"{place:02}",
            "alerted": not silent,
            "answered_s": [] if silent else [20.0 + place, 70.0],
            "unanswered_s": [] if silent else [900.0],
            "excused_s": [],
            "time_to_commander_s": None if silent else 100.0,
            "time_to_first_message_s": 400.0,
            "time_to_fix_s": 700.0,
            "uncapped": 80.0,
            "caps": [],
            **fields,
        }
        one = played(1 + place % 28, led=("ben",) if place == 1 else (), **values)
        people = {"did": 2, "owing": 3, **TIMED, "outcome": "late", "available": 2.0, "earned": 1.0}
        missed = {"outcome": "missed", "available": 4.0, "earned": 0.0, "target_s": 180.0}
        made.append(
            outcomes(
                one,
                team_alerted={"outcome": "met", "available": 2.0, "earned": 2.0, **TIMED},
                acknowledged=people,
                joined=people,
                commander_in_place={**missed, "outcome": "missed" if silent else "met"},
                first_external_message={**missed, "outcome": "late", "target_s": 300.0},
                impact_ended={"outcome": "met", "available": 2.0, "earned": 2.0},
            )
        )
    return made


def page(drills: list[Figures], **around: Callable[[Any], str]) -> TeamPage:
    found: dict[str, Any] = dict(around)
    return team_page(view_of(drills), Around(**found))


def charts(found: TeamPage) -> dict[str, Chart]:
    return {one.name: one for one in found.charts}


def test_the_charts_stand_in_their_order_each_with_a_sentence_three_lines_and_a_table() -> None:
    found = page(history(6))
    assert list(charts(found)) == ["obligations", "answers", "times", "leads", "funnel", "expected", "actions", "level"]
    says = {name: chart.says for name, chart in charts(found).items()}
    coming = readiness_of([one.drill for one in history(6)]).coming
    assert says == {
        "obligations": (
            "What costs most: commander_in_place (met in 4 of 6), first_external_message (met in 0 of 6) and "
            "acknowledged (met in 0 of 6). 2 obligations were met every time, of 6."
        ),
        "answers": (
            "33% had answered within the target of 1 min (19 times out of 20 the true share is 13% to 63%). Half had "
            "answered after 1 min 10 s. 4 of 12 never did. 2 of 6 drills are not in it: nobody was alerted."
        ),
        "times": (
            "commander_in_place: by its target in 4 of 6 drills, never in 2. first_external_message: by its target in "
            "0 of 6 drills; the latest after 6 min 40 s."
        ),
        "leads": "In these 6 drills, not yet in command: ana.",
        "funnel": "The weakest step is “Team alerted”: 4 of 6 drills.",
        "expected": "Nothing is expected: none of these scenarios is calibrated.",
        "actions": "No corrective action was entered after any of these drills.",
        "level": f"The next drill will score {round(coming.low)} to {round(coming.high)}, nine times out of ten.",
    }
    for name in ("obligations", "answers", "times", "leads", "funnel"):
        chart = charts(found)[name]
        assert chart.table is not None
        assert {len(row) for row in chart.table.rows} == {len(chart.table.head)}
        assert all(chart.why)


def test_what_changed_is_said_from_twelve_drills_on_with_its_numbers() -> None:
    early, late = history(12)[:6], history(12)[6:]
    times = {"first_external_message": {"outcome": "late", "actual_s": 600.0}}
    found = page([*(outcomes(one, **times) for one in early), *late])
    said = " ".join(found.first)
    assert "Between the first 6 of these drills and the 6 after them" in said
    assert "Response time, of 100: limits of" in said
    assert found.periods is not None
    assert {len(row) for row in found.periods.rows} == {len(found.periods.head)} == {5}
    assert page(history(11)).periods is None


@pytest.mark.parametrize(("number", "most"), [(1, 1), (3, 3), (4, 0)])
def test_up_to_three_drills_there_is_a_table_and_no_picture_line_or_trend(number: int, most: int) -> None:
    found = page(history(number))
    words = re.sub("<[^>]*>", " ", team_parts(found))
    assert (found.few is not None, "<svg" in team_parts(found)) == (number < 4, number >= 4)
    if found.few is not None:
        assert len([head for head in found.few.head if "2026-" in head.says]) == most
        assert "Too few drills to say what to train next" in words
        assert not re.search(r"\b(level|higher|lower|probability|trend)\b", words, re.IGNORECASE)
        assert ("Comparable" in words, "yes" in words) == (number > 1, number > 1)


def test_every_mark_has_a_shape_of_its_own_and_a_tint_that_themes_know() -> None:
    assert len({re.sub("[0-9. -]", "", mark(kind, 8, 8, 5)) + str(len(mark(kind, 8, 8, 5))) for kind in MARKS}) >= 5
    assert mark("met", 8, 8, 5) != mark("unowed", 8, 8, 5)
    for chart in charts(page(history(6))).values():
        assert set(re.findall("#[0-9a-f]{6}", chart.wide + chart.narrow)) <= set(TONES)


@pytest.mark.parametrize("number", [4, 13, 40])
def test_pictures_are_sound_stay_inside_their_frame_and_open_each_drill(number: int) -> None:
    found = page(history(number), link=lambda one: f"/d/{one.head}")
    for chart in charts(found).values():
        for svg in filter(None, (chart.wide, chart.narrow)):
            root = ElementTree.fromstring(svg)  # noqa: S314 - it is ours
            width = float(root.attrib["viewBox"].split()[2])
            assert root.attrib["aria-hidden"] == "true"
            assert all(link.attrib["tabindex"] == "-1" for link in root.iter("a"))
            boxes = [one for one in root.iter("rect") if one.attrib["fill"] == "transparent"]
            assert all(0 <= float(one.attrib["x"]) <= width - float(one.attrib["width"]) + 8 for one in boxes)
        if chart.name in ("obligations", "times", "funnel", "level"):
            assert set(re.findall(r'href="/d/(\d+)"', chart.wide)) == {one.drill.head for one in history(number)}


def test_of_many_only_the_last_are_shown_and_the_page_says_so() -> None:
    found = page(history(MOST + 3))
    assert found.about[0] == f"These are the last {MOST} of {MOST + 3} drills; choose a period to see others."
    table = charts(found)["answers"].table
    assert table is not None
    assert len(table.rows) == MOST + 1, "and all together"


def test_what_is_left_out_is_said_with_its_reason() -> None:
    drills = [*history(1, cut_short=True), *history(2, provisional=True)]
    found = page(drills)
    said = "Left out: 3 drills (1 cut short and 2 with its follow-up still open)."
    assert found.first[0] == f"None of these drills can be shown. {said}"
    assert page([]).first == ("No drill fits what was asked for. A drill comes here when it is closed.",)
    assert view_of(drills, Asked(kind="real")).drills == []


def test_titles_names_and_links_are_only_ever_text() -> None:
    drills = [replace(one, drill=replace(one.drill, title=HOSTILE, team=HOSTILE)) for one in history(5)]
    found = page(drills, name=lambda _: HOSTILE, link=lambda _: f'"{HOSTILE}')
    for made in (team_html(found, HOSTILE), team_html(found, HOSTILE, paper_only=True), team_parts(found)):
        assert "<img" not in made
        assert made.count("&lt;img") > 5
    assert "var(--" not in team_html(found, "1", paper_only=True).partition("<main")[2], "paper takes no variables"
    assert "var(--green, #" in team_parts(found)


def test_actions_show_which_later_drills_tested_them_and_whether_they_held() -> None:
    drills = history(5)
    meant = Meant(seq=9, owner="ana", due_on="2026-03-20", obligation="impact_ended")
    other = Meant(seq=3, lead="Fix step 2: ", obligation="first_external_message", due_on="2026-03-02")
    drills[0] = replace(drills[0], meant=[meant, other])
    found = actions_of(drills, Known("2026-04-01"))
    shown = Shown([one.drill for one in drills])
    chart = actions_chart(found, shown, lambda one: "Page the second on call" if one.seq == 9 else "")
    assert chart.says == "Of 2 actions: 2 tested again, 1 held. 1 overdue."
    assert chart.table is not None
    rows = {row[0].says: [cell.says for cell in row[1:]] for row in chart.table.rows}
    assert rows["Page the second on call"][2:5] == ["4 times", "held", "2026-03-20"]
    assert rows["Fix step 2:"][2:5] == ["4 times", "not held, overdue", "2026-03-02"]
    assert rows["Fix step 2:"][1] == "first_external_message"
    assert "of 100 unchanged teams" in rows["Fix step 2:"][5]


def test_what_calibration_expects_stands_beside_what_was_got() -> None:
    totals = (
        ("easy", 90.0),
        ("hard", 60.0),
        ("easy", 80.0),
        ("hard", 85.0),
        ("easy", 95.0),
        ("hard", 50.0),
        ("new", 1.0),
    )
    drills = [
        replace(one.drill, scenario=scenario, uncapped=total)
        for one, (scenario, total) in zip(history(7), totals, strict=True)
    ]
    known = {"easy": (-0.3, 0.05), "hard": (0.4, 0.05)}
    few = expected_chart(Shown(drills[:6]), known)
    assert (
        few.says
        == "6 of 6 drills are of calibrated scenarios. Too few to say whether calibration and your totals agree."
    )
    more = [*drills, replace(drills[0], uncapped=99.0)]
    chart = expected_chart(Shown(more), known)
    assert chart.says.startswith(
        "7 of 8 drills are of calibrated scenarios. Of two of them, the harder one had the lower"
    )
    assert "total 92 times in 100; chance alone makes it 50." in chart.says, "11 of 12 pairs"
    assert chart.table is not None
    assert [cell.says for cell in chart.table.rows[1][1:]] == ["+0.40 ± 0.05", "60"]
