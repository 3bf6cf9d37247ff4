import re
from collections.abc import Callable
from functools import cache
from itertools import combinations
from xml.etree import ElementTree

import pytest
from matplotlib.text import Text

from reports.charts import coverage, lanes, points, silence, times
from reports.charts.gallery import Chart, draw_all
from reports.charts.layout import Size, pack
from reports.charts.palette import TONES, themed
from reports.charts.sheet import Sheet, drawing, fitted, width_of
from reports.story import Story
from scoring.result import Scorecard
from scoring.scorecard import grade
from simulator.log import DrillLog
from tests.reports import build
from tests.support import library_plan, play

DRAWS: dict[str, Callable[[Story, Scorecard, Size], Sheet]] = {
    "timeline": lambda story, _, size: lanes.draw(story, size),
    "response-times": times.draw,
    "role-coverage": coverage.draw,
    "communication": lambda story, _, size: silence.draw(story, size),
    "score": points.draw,
}
SIZES: tuple[Size, ...] = ("wide", "narrow")


@cache
def cases() -> dict[str, tuple[DrillLog, dict[str, str]]]:
    """Few people and many, a busy drill and an empty one, long names, hostile ones."""
    large = build.played(members="large", profile="average")
    return {
        "three": (build.played(members="small"), build.names("small")),
        "six": (build.played(profile="poor"), build.names()),
        "twelve": (large, build.names("large")),
        "long names": (
            large,
            {who: f"{name} {'van der Westhuizen ' * 3}" for who, name in build.names("large").items()},
        ),
        "nobody acts": (build.acted([]), build.names()),
        "severity 2": (build.played("shift-planning-down"), build.names()),
        "hostile": (build.hostile(large), build.hostile_names(large)),
        "busy": (build.busy(), build.names()),
    }


CASES = ("three", "six", "twelve", "long names", "nobody acts", "severity 2", "hostile", "busy")


def boxes(sheet: Sheet) -> list[tuple[str, float, float, float, float]]:
    """Every text with its left, right, top and bottom in units."""
    found = []
    for text in sheet.figure.findobj(Text):
        x, y = text.get_position()
        width = width_of(text.get_text(), float(text.get_fontsize()), bold=text.get_fontweight() == "bold")
        left = float(x) * sheet.width - {"left": 0, "center": width / 2, "right": width}[text.get_horizontalalignment()]
        base = (1 - float(y)) * sheet.height
        size = float(text.get_fontsize())
        found.append((text.get_text(), left, left + width, base - 0.74 * size, base + 0.2 * size))
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", DRAWS)
def test_no_label_lies_on_another_or_leaves_the_sheet(name: str, size: Size, case: str) -> None:
    log, names = cases()[case]
    with drawing():
        sheet = DRAWS[name](Story(log, names), build.graded(log), size)
    placed = boxes(sheet)
    assert placed
    for text, left, right, top, bottom in placed:
        assert left >= -1, text
        assert right <= sheet.width + 1, text
        assert top >= -1, text
        assert bottom <= sheet.height + 1, text
    for one, other in combinations(placed, 2):
        wide = min(one[2], other[2]) - max(one[1], other[1])
        high = min(one[4], other[4]) - max(one[3], other[3])
        assert wide <= 0.5 or high <= 0.5, (one[0], other[0])


@cache
def gallery(case: str) -> list[Chart]:
    log, names = cases()[case]
    return draw_all(Story(log, names), build.graded(log))


@pytest.mark.parametrize("case", ["six", "hostile", "nobody acts"])
def test_every_picture_is_well_formed_with_text_as_text(case: str) -> None:
    for chart in gallery(case):
        for svg in (chart.wide, chart.narrow, chart.inline("wide"), chart.inline("narrow")):
            root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture, and that it parses is what is tested
            tags = {element.tag.rpartition("}")[2] for element in root.iter()}
            assert "text" in tags
            assert tags <= {"svg", "g", "path", "text", "defs", "use", "pattern", "rect"}
            assert not [key for element in root.iter() for key in element.attrib if key.lower().startswith("on")]


def test_the_same_drill_draws_the_same_bytes() -> None:
    log, names = cases()["six"]
    again = draw_all(Story(log, names), build.graded(log))
    assert [(chart.wide, chart.narrow) for chart in again] == [(c.wide, c.narrow) for c in gallery("six")]
    assert not re.search(r"\d{4}-\d\d-\d\dT", again[0].wide)


def test_pictures_in_one_page_share_no_ids() -> None:
    """Ids that pictures refer to would be taken from the wrong picture."""
    ids = [found for c in gallery("six") for size in SIZES for found in re.findall(r' id="([^"]+)"', c.inline(size))]
    assert ids
    assert len(ids) == len(set(ids))


def test_every_tint_has_a_tone_for_the_dark_and_says_drill() -> None:
    for chart in gallery("six"):
        assert set(re.findall("#[0-9a-f]{6}", chart.wide)) <= set(TONES)
        assert "THIS IS A DRILL" in chart.wide
        assert "var(--ink, #1b2027)" in themed(chart.wide)


def test_what_a_chart_shows_is_there_in_words_too() -> None:
    words = {chart.name: chart.alternative for chart in gallery("six")}
    assert "Ana Ruiz held Incident Commander from" in words["timeline"]
    assert "Team alerted: alerted" in words["response-times"]
    assert words["score"].startswith("Response time ")


def test_text_is_fitted_into_its_room() -> None:
    assert fitted("short", 100, 10) == "short"
    assert fitted("x" * 100, 60, 10).endswith("…")
    assert width_of(fitted("x" * 100, 60, 10), 10) <= 60
    assert fitted("anything", 5, 10) == ""


def test_rows_hold_nothing_that_touches() -> None:
    extents = [(0.0, 10.0), (5.0, 15.0), (12.0, 20.0), (14.0, 30.0)]
    assert pack(extents, 1) == [0, 1, 0, 2]


def test_where_customers_wait_the_chart_says_how_many_and_when() -> None:
    log = play(library_plan("orders-gone", seed=4, profile="average"))
    chart = next(one for one in draw_all(Story(log, {}), grade(log)) if one.name == "communication")
    assert "Customers waiting" in chart.wide
    shown = re.search(r"at most ([\d,]+), at (\d+:\d\d)", chart.wide)
    assert shown is not None
    assert f"At most {shown[1]} customers waited" in chart.alternative
    quiet = play(library_plan("shift-planning-down", seed=4, profile="average"))
    other = next(one for one in draw_all(Story(quiet, {}), grade(quiet)) if one.name == "communication")
    assert "Customers waiting" not in other.wide
