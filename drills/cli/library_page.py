"""docs/reference/library.md, made from the scenarios themselves: `python -m drills.cli.library_page`."""

import sys

from drills.planning.calibration.kept import library_mean, of_library
from reports.calibration import hard, luck, tells
from scenarios.base import format_duration
from scenarios.load import load_scenario, names
from scenarios.scenario import Scenario
from scoring.calibration.findings import findings

__all__ = ["library_page"]

_SHORT = 15 * 60_000
_HEAD = """# The library

All built-in scenarios, with what a team learns from each. Nothing here gives an answer away; `drillroom show NAME
--facilitator` does. Generated from the scenarios by `make docs`.

How hard each is was measured with simulated teams ([Calibration](../explanation/calibration.md)).
"""


def library_page() -> str:
    """The page as Markdown."""
    stories = [load_scenario(name) for name in names("scenario")]
    short = [story for story in stories if story.length is not None and story.length <= _SHORT]
    modelled = [story for story in stories if story.source is not None]
    others = [story for story in stories if story not in short and story not in modelled]
    parts = [_HEAD]
    for title, chosen in (
        ("For fifteen minutes", short),
        ("Modelled on published incidents", modelled),
        ("Everyday incidents", others),
    ):
        parts.append(f"## {title}\n")
        parts += [_entry(story) for story in sorted(chosen, key=lambda story: story.scenario)]
    return "\n".join(parts)


def _entry(story: Scenario) -> str:
    length = format_duration(story.length) if story.length is not None else ""
    lines = [f"### {story.title}\n", f"`{story.scenario}`, {length}, {story.difficulty}. {story.suits}\n"]
    lines += [f"- {aim}" for aim in story.teaches]
    calibration = of_library(story.scenario)
    if calibration is not None:
        found = findings(calibration.counts, story)
        lines.append(f"\n{hard(found, library_mean())} {tells(found)} {luck(found)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(library_page())
