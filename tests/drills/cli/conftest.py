"""Charts that are drawn once for all commands."""

from collections.abc import Iterator

import msgspec
import pytest

from reports.charts import gallery
from reports.charts.gallery import Chart, draw_all
from reports.story import Story
from scoring.result import Scorecard
from scoring.scorecard import to_json

_DRAWN: dict[object, list[Chart]] = {}


@pytest.fixture(scope="module", autouse=True)
def charts_are_drawn_once() -> Iterator[None]:
    """What was drawn of a drill is kept for the next command that draws it, in this process.

    That the same drill gives the same pictures is tested in tests/reports, which draws its own.
    """

    def kept(story: Story, card: Scorecard) -> list[Chart]:
        key = (story.head, msgspec.json.encode(story.everything), to_json(card), *sorted(story._names.items()))
        if key not in _DRAWN:
            _DRAWN[key] = draw_all(story, card)
        return _DRAWN[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "draw_all", kept)
        yield
