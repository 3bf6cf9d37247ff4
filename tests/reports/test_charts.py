import re
from datetime import UTC, datetime
from functools import cache
from itertools import combinations, product
from xml.etree import ElementTree

import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba, to_rgba_array
from matplotlib.patches import Polygon
from matplotlib.text import Text

from reports.charts.arrivals import arrivals_of
from reports.charts.gallery import PAGE, Chart, draw_all, pieces, sheet_of
from reports.charts.layout import Size, TimeAxis, pack
from reports.charts.palette import DRILL, GREEN, INK, SHARED, TONES, themed
from reports.charts.sheet import Sheet, drawing, fitted, width_of
from reports.charts.titles import titles
from reports.story import Story
from scoring.scorecard import grade
from simulator import events as ev
from simulator.log import DrillLog
from tests.drills.command_line import ROOT
from tests.reports import build
from tests.support import library_plan, play
from tests.support.extent import sampled

CHARTS = ("timeline", "response-times", "role-coverage", "communication", "score")
SIZES: tuple[Size, ...] = ("wide", "narrow")


@cache
def cases() -> dict[str, tuple[DrillLog, dict[str, str]]]:
    """Few people and many, a busy drill and an empty one, long names, hostile ones."""
    large = build.played(members="large", profile="average")
    return {
        "three": (build.played(members="small"), build.names("small")),
        "short names": (build.played(members="small"), dict.fromkeys(build.names("small"), "Al")),
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
        "a day": (build.long_drill(datetime(2026, 6, 1, 23, tzinfo=UTC)), build.names()),
        "forty": (build.long_drill(datetime(2026, 6, 1, 23, tzinfo=UTC), 3, "UTC", 34), build.names()),
    }


CASES = (
    *("three", "short names", "six", "twelve", "long names", "nobody acts"),
    *("severity 2", "hostile", "busy", "a day", "forty"),
)


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


@pytest.mark.parametrize(("name", "size", "case"), sampled(list(product(CHARTS, SIZES, CASES)), 3))
def test_no_label_lies_on_another_or_leaves_the_sheet(name: str, size: Size, case: str) -> None:
    log, names = cases()[case]
    with drawing():
        story, card = Story(log, names), build.graded(log)
        sheet = sheet_of(name, story, card, size, titles(story, card)[name])
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
        assert f"var(--ink, {INK})" in themed(chart.wide)


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


@pytest.mark.parametrize(
    ("minutes", "unit", "labels"),
    [
        (10, "minutes", ["0", "1", "2"]),
        (170, "minutes", ["0", "15", "30"]),
        (26 * 60, "hours", ["0", "2", "4"]),
        (5 * 24 * 60, "days", ["0", "0.5", "1"]),
    ],
)
def test_the_axis_counts_in_what_people_count_in(minutes: int, unit: str, labels: list[str]) -> None:
    axis = TimeAxis(0, 1000, 0, minutes * 60_000)
    sheet = Sheet(1000, 60)
    axis.label(sheet, 20)
    said = [text.get_text() for text in sheet.figure.findobj(Text) if text.get_text()]
    assert said[-1] == f"{unit} since the drill began"
    assert said[:3] == labels
    assert len(said) <= 18


def test_a_signal_is_shaded_on_the_side_that_hurts() -> None:
    """Where more is better, the shade hangs from the usual level down to the reading."""
    log = build.played("alarm-at-noon", profile="average", seed=3)
    sheet = sheet_of("timeline", Story(log, build.names()), build.graded(log), "wide", "A title")
    shade = next(iter(sheet.figure.findobj(Polygon)))
    heights = [round(float(y)) for _, y in shade.get_xy()]
    green = [
        one
        for one in sheet.figure.findobj(LineCollection)
        if to_rgba(GREEN) in map(tuple, to_rgba_array(one.get_edgecolor()))
    ]
    usual = round(green[-1].get_segments()[0][0][1])
    assert min(heights) == usual
    assert max(heights) > usual + 50


def test_a_message_after_the_resolution_is_in_the_chart() -> None:
    acts: list[dict[str, object]] = [
        {"at": "20s", "who": "ana", "say": "/alert 1 login"},
        {"at": "40s", "who": "ana", "say": "/join"},
        {"at": "50s", "who": "ana", "say": "/role incident_commander"},
        {"at": "5m", "who": "ana", "say": "/resolve over"},
        {"at": "6m", "who": "ana", "say": "/publish All is well again."},
    ]
    log = build.acted(acts)
    chart = next(
        chart for chart in draw_all(Story(log, build.names()), build.graded(log)) if chart.name == "communication"
    )
    assert "All is well again." in chart.wide
    assert "All is well again." in chart.narrow


def test_the_title_of_a_chart_says_what_it_shows() -> None:
    log = build.long_drill(datetime(2026, 6, 1, 23, tzinfo=UTC), 3, "UTC")
    said = titles(Story(log, build.names()), build.graded(log))
    assert said["timeline"] == "The drill: still broken, declared over after 2 h 59 min"
    assert said["role-coverage"] == "Nobody held Solutioneer for 2 h 54 min"
    assert said["communication"].startswith("Customers waited up to ")
    assert said["score"].startswith("Most was lost on ")
    good = build.played(seed=3)
    said = titles(Story(good, build.names()), build.graded(good))
    assert said["timeline"].startswith("The drill: fixed after ")
    nobody = build.acted([{"at": "20s", "who": "ana", "say": "/alert 1 login"}])
    assert titles(Story(nobody, build.names()), build.graded(nobody))["communication"] == "Customers were told nothing"
    typed = ["/join", "/publish Nobody can sign in just now, and we are looking for the cause. next 20m", "/resolve"]
    late = zip(("20s", "5m20s", "12m"), typed, strict=True)
    log = build.acted([{"at": at, "who": "ana", "say": line} for at, line in late])
    title = titles(Story(log, build.names()), build.graded(log))["communication"]
    assert "silent" in title, "twenty seconds of waiting are not the one thing to see"


def test_very_many_injects_are_one_box() -> None:
    log = build.long_drill(datetime(2026, 6, 1, 23, tzinfo=UTC))
    injects = Story(log, build.names()).all(ev.InjectDelivered)
    found = arrivals_of(injects, TimeAxis(0, 880, 0, 26 * 3_600_000))
    assert len(injects) > 30
    assert len(found) < 4
    assert found[0][1] == f"{injects[0].number}–{found[0][1].split('–')[1]}"
    assert len(arrivals_of(injects, TimeAxis(0, 880, 0, 3_600_000))) == len(injects)


def test_a_chart_of_forty_people_is_cut_between_lanes_to_fit_on_pages() -> None:
    log, names = cases()["forty"]
    chart = draw_all(Story(log, names), build.graded(log))[0]
    shown = chart.inline("wide")
    boxes_of = re.findall(r'viewBox="0 ([\d.]+) 1000 ([\d.]+)"', shown)
    assert len(boxes_of) == 2
    tops, heights = ([float(box[place]) for box in boxes_of] for place in (0, 1))
    assert tops[1] == tops[0] + heights[0]
    assert max(heights) <= PAGE
    assert tops[1] in chart.cuts
    ids = re.findall(r'\bid="([^"]+)"', shown)
    assert len(ids) == len(set(ids))
    usual = draw_all(Story(build.played(), build.names()), build.graded(build.played()))[0]
    assert usual.inline("wide").count("<svg") == 1


def test_where_nothing_can_be_cut_a_chart_stays_whole() -> None:
    assert pieces(0, 5_000, ()) == [0, 5_000]
    assert pieces(0, 3_000, (100, 1_200, 1_300, 2_500)) == [0, 1_300, 2_500, 3_000]


def test_report_and_room_share_one_palette() -> None:
    """Each colour that both have is the same in the room's style sheet, in the light and in the dark."""
    css = (ROOT / "drills/web/static/css/base.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)) for part in css.split("@media", 2)[:2])
    assert {name: (light[name], dark[name]) for name in SHARED} == SHARED
    assert (light["drill"], dark["drill-ink"]) == (DRILL, TONES[DRILL][1])


def test_the_page_of_a_team_takes_its_tones_from_here() -> None:
    sheet = (ROOT / "drills" / "web" / "static" / "css" / "team.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)) for part in sheet.split("prefers-color-scheme", 1)
    )
    known = {name: (tint, night) for tint, (name, night) in TONES.items()}
    assert {name: (light[name], dark[name]) for name in light} == {name: known[name] for name in light}
    drawn = set(re.findall(r"var\(--([a-z-]+),", themed("".join(TONES))))
    assert set(light) <= drawn
