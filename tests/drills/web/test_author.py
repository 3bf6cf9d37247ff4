"""An author's page: who may look, and that it follows the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scenarios.template import new_workspace
from tests.drills.server import Browser, Place, serving

PAGE = "/author/first-drill"


@pytest.fixture
def place(here: Path) -> Iterator[Place]:
    for name, text in new_workspace().items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    with serving(here) as made:
        yield made


def told(browser: Browser, seen: str = "") -> Any:  # noqa: ANN401 - JSON
    answer = browser.get("/author/first-drill/news", params={"seen": seen}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def played(browser: Browser) -> Any:  # noqa: ANN401 - JSON
    """What the page says once it was played."""
    news = told(browser)
    while "Where it is lost" not in news["regions"].get("play", "") and "errors" not in news["regions"].get("play", ""):
        news = told(browser, news["seen"])
    return news


def test_only_facilitators_look_and_nobody_at_what_they_play(place: Place) -> None:
    owner = place.owner()
    drill = place.make(owner, scenario="first-drill")
    ana = place.player(owner, drill, "ana")
    for path in ("/author/first-drill", "/author/first-drill/news"):
        assert place.browser().get(path).status_code == 401
        assert ana.get(path).status_code == 403
        assert owner.get(path).status_code == 200
    assert owner.get("/author/nothing").status_code == 404
    assert owner.get("/author/nothing/news").status_code == 404
    assert 'href="/author/first-drill"' in owner.get("/library/first-drill").text
    assert 'href="/author/first-drill"' not in ana.get("/library/first-drill").text
    place.make(owner, scenario="first-drill", play_too="1", me="Ana Ruiz")
    for path in ("/author/first-drill", "/author/first-drill/news"):
        assert owner.get(path).status_code == 409
    assert 'href="/author/first-drill"' not in owner.get("/library/first-drill").text


def test_the_page_follows_the_file_and_keeps_the_last_good_plan(place: Place, here: Path) -> None:
    owner, story = place.owner(), here / "scenarios" / "first-drill.yaml"
    page = owner.get(PAGE)
    assert "scenarios/first-drill.yaml" in page.text
    assert "how-long" in page.text
    before = played(owner)
    assert "12 drills of each profile" in before["regions"]["play"]
    assert "every inject reached somebody" in before["regions"]["play"]
    assert "no inject" not in before["regions"]["problems"]
    good = story.read_text()
    story.write_text(good.replace("topic:", "topik:", 1))
    broken = told(owner, before["seen"])
    assert "<mark>topik</mark>" in broken["regions"]["problems"]
    assert "As it was when it could last be played" in broken["regions"]["plan"]
    assert "how-long" in broken["regions"]["words"]
    assert "as soon as the file has no errors" in broken["regions"]["play"]
    story.write_text(good)
    mended = told(owner, broken["seen"])
    assert mended["seen"] == before["seen"], "the same content is not played a second time"
    assert mended["regions"] == before["regions"]


def test_what_never_comes_is_named_at_its_line(place: Place, here: Path) -> None:
    story = here / "scenarios" / "first-drill.yaml"
    never = "injects:\n  - {id: at-last, when: {published: 40}, to: everyone, text: Hello}\n"
    story.write_text(story.read_text().replace("injects:\n", never, 1))
    news = played(place.owner())
    assert "<code>at-last</code>, not even to teams that try everything" in news["regions"]["play"]
    assert "no team ever sees" in news["regions"]["problems"]
    assert "<mark>at-last</mark>" in news["regions"]["problems"]


def test_the_page_follows_an_attachment_too(place: Place, here: Path) -> None:
    owner, story = place.owner(), here / "scenarios" / "first-drill.yaml"
    attached = "injects:\n  - {id: a-log, at: 1m, text: Look., attach: [files/app.log]}\n"
    story.write_text(story.read_text().replace("injects:\n", attached, 1))
    missing = told(owner)
    assert "there is no file files/app.log beside the scenario" in missing["regions"]["problems"]
    (here / "scenarios" / "files").mkdir()
    (here / "scenarios" / "files" / "app.log").write_text("It is full.\n")
    found = told(owner, missing["seen"])
    assert "there is no file" not in found["regions"]["problems"]
    assert "As it was when" not in found["regions"]["plan"]


def test_nothing_that_an_author_writes_is_markup(place: Place, here: Path) -> None:
    story = here / "scenarios" / "first-drill.yaml"
    text = story.read_text()
    story.write_text(text.replace("text: >-", "text: >-\n      <img src=x onerror=alert(1)>", 1) + "<script>: 1\n")
    news = told(place.owner())
    assert "<script>" not in news["regions"]["problems"]
    assert "&lt;script&gt;" in news["regions"]["problems"]
    story.write_text(text.replace("title: ", "title: <b>", 1))
    assert "<b>" not in place.owner().get(PAGE).text


def test_whoever_waits_for_news_does_not_hold_up_the_end_of_the_server(place: Place) -> None:
    owner = place.owner()
    seen = played(owner)["seen"]
    place.server.desk.authors.end()
    assert told(owner, seen) == {"seen": seen, "regions": {}}
