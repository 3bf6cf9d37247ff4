"""A server in a workspace: its own scenarios are offered and played, and a broken file stops nothing that runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.template import new_workspace
from tests.drills.server import Browser, Place, serving

TITLE = "Customers cannot search the shop"
OURS = "The search is ours"


@pytest.fixture
def place(here: Path) -> Iterator[Place]:
    for name, text in new_workspace().items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    story = here / "scenarios" / "first-drill.yaml"
    story.write_text(story.read_text().replace(TITLE, OURS))
    with serving(here) as made:
        yield made


def page(browser: Browser, path: str = "/library") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.text


def test_our_scenario_stands_first_in_the_library_and_can_be_played(place: Place) -> None:
    owner = place.owner()
    listed = page(owner)
    assert listed.index(OURS) < listed.index("Customers cannot log in")
    assert listed.count('<span class="badge">yours</span>') == 1
    assert "problems in your files" not in listed
    assert OURS in page(owner, "/library/first-drill")
    assert 'value="first-drill"' in page(owner, "/new")
    drill = place.make(owner, scenario="first-drill")
    owner.start(drill)
    assert place.live(drill).plan.scenario.title == OURS


def test_a_file_that_breaks_is_named_to_facilitators_with_its_place_and_stops_nothing(place: Place, here: Path) -> None:
    owner, story = place.owner(), here / "scenarios" / "first-drill.yaml"
    drill = place.make(owner, scenario="first-drill")
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    good = story.read_text()
    story.write_text(good.replace("topic:", "topik:", 1))
    (here / "runbooks").mkdir()
    (here / "runbooks" / "torn.yaml").write_text("runbook: torn\n")
    place.until(lambda: "in your files" in page(owner))
    said = page(owner)
    assert "scenarios/first-drill.yaml:" in said
    assert "runbooks/torn.yaml:" in said
    assert OURS not in said, "it is not offered while it has errors"
    assert "in your files" not in page(ana), "files are the facilitators' business"
    ana.does(drill, "/ack")
    assert place.live(drill).plan.scenario.title == OURS
    assert place.make(owner, scenario="no-photos")
    answer = owner.post("/new", data={"scenario": "first-drill", "people": "Ana\nBen"})
    assert answer.status_code == 422
    assert "topik" in answer.text
    story.write_text(good.replace(OURS, "Better now"))
    (here / "runbooks" / "torn.yaml").unlink()
    place.until(lambda: "Better now" in page(owner))
    assert "in your files" not in page(owner)
    assert place.live(drill).plan.scenario.title == OURS, "what runs keeps what it began with"
