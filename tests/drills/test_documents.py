"""What is generated from the program matches it; `make docs` generates it again."""

import re
import shlex
from statistics import median

from drills.planning.materials import gather, names_of
from reports.charts.gallery import draw_all
from reports.story import Story
from scoring.scorecard import grade
from tests.drills.command_line import ROOT
from tests.support import library_plan, play

_FIRST = re.compile(r"^drillroom run ([a-z-]+)(?: *#.*)?$", re.MULTILINE)
_TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


def test_the_readmes_picture_is_of_the_drill_that_make_drill_plays() -> None:
    """Its words and figures are compared, not its lines, which another version of the drawing library may round."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    line = next(line for line in makefile.splitlines() if "$(BIN)/drillroom run" in line and "--out" in line)
    _, _, scenario, *options = shlex.split(line)
    given = dict(zip(options[::2], options[1::2], strict=False))
    profile = given["--players"]
    assert profile == "average"
    first = re.search(r"seed=(\d+);.*\n.*drillroom run login-outage --players average --seed \$\$seed\n", makefile)
    assert first is not None
    assert first[1] == given["--seed"], "the first that `make drill` plays"
    log = play(library_plan(scenario, int(given["--seed"]), profile))
    story = Story(log, names_of(gather(scenario).team))
    picture = next(chart.wide for chart in draw_all(story, grade(log)) if chart.name == "timeline")
    shown = (ROOT / "docs" / "images" / "timeline.svg").read_text(encoding="utf-8")
    assert _TEXT.findall(shown) == _TEXT.findall(picture)
    assert len(_TEXT.findall(shown)) > 40


def test_what_a_newcomer_runs_first_is_a_usual_day() -> None:
    """Whoever types the first command of a document, or plays what it offers, should not meet a team on a bad day."""
    written = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/tutorial/first-drill.md")]
    offered = {"no-photos", *(name for text in written for name in _FIRST.findall(text))}
    assert offered == {"no-photos", "login-outage"}
    for name in sorted(offered):
        first, *others = (grade(play(library_plan(name, seed))).score or 0.0 for seed in range(1, 16))
        assert first > median(others) - 5, name
