"""A drill on one page: what stands on it, and that it is one."""

import re
from html import unescape

import pytest

from reports.run_sheet import Details, run_sheet
from scenarios.lookup import names
from scenarios.scenario import Inject
from tests.support import library_plan
from tests.support.extent import sampled

LINK = "https://purple-rain-4d7f.trycloudflare.com/join/" + "ImVtQnZrd3BkOW5fRXlxVk1PUWh5SGci." * 3
LINKS = [("Another facilitator", LINK), ("An evaluator", LINK), ("An observer", LINK)]
QR = '<svg class="qr" viewBox="0 0 10 10"><path d="M0 0h10"/></svg>'


def pages(html: str) -> int:
    weasyprint = pytest.importorskip("weasyprint")
    return len(weasyprint.HTML(string=html).render().pages)


@pytest.mark.parametrize("name", sampled(names("scenario"), 9))
def test_every_scenario_of_the_library_fits_one_page_with_its_links_and_its_people(name: str) -> None:
    plan = library_plan(name, 1, "good")
    people = {player.id: f"{player.id.title()} Whitfield-Oyelaran" for player in plan.players}
    assert pages(run_sheet(plan, Details(people, LINK, QR, LINKS))) == 1


def test_a_scenario_with_far_too_much_fits_one_page_too() -> None:
    plan = library_plan("login-outage", 1, "good")
    much = [
        Inject.model_validate({"id": f"much-{number}", "at": f"{number}m", "text": "word " * 400})
        for number in range(1, 300)
    ]
    scenario = plan.scenario.model_copy(update={"injects": much, "solution": "because " * 400})
    page = run_sheet(
        plan.model_copy(update={"scenario": scenario}), Details({f"p{n}": f"Person {n}" for n in range(500)})
    )
    assert "259 more; the console lists them all" in page
    assert "and 486 more" in page
    assert pages(page) == 1


def test_it_says_what_to_say_what_comes_and_what_to_do() -> None:
    plan = library_plan("no-photos", 1, "good")
    page = run_sheet(plan, Details({"ana": "Ana <b>Ruiz</b>"}, LINK, QR, LINKS))
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    for words in (
        "This is a drill: no-photos-1",
        "“This is a drill. The incident, the systems and the customers are made up.",
        "A real incident begins Stop. Say: “The drill is over. This is real.”",
        "The network is gone",
        "Somebody drops out",
        "Nobody reads an inject",
        "The room is stuck",
        "Fixed by:",
    ):
        assert words in said
    assert "<b>Ruiz" not in page
    assert QR in page
    assert page.count("<tr") - 5 == len(plan.scenario.injects), "head, before, report, end, talk"
    assert "{" not in page.split("</style>")[1], "no placeholder is left open"


def test_without_a_drill_it_says_how_links_come() -> None:
    page = run_sheet(library_plan("no-photos", 1, "good"))
    assert "Make the drill first" in page
    assert "/join/" not in page


def test_the_storys_time_and_its_jumps_stand_beside_what_comes() -> None:
    plan = library_plan("friday-library", 1, "good")
    night = Inject.model_validate({"id": "night", "at": "30s", "text": "Good morning, it is {clock}.", "skips": "15h"})
    later = Inject.model_validate({"id": "later", "when": {"impact": "ended"}, "text": "It is {clock}."})
    injects = [night, later, *plan.scenario.injects[:20]]
    page = run_sheet(plan.model_copy(update={"scenario": plan.scenario.model_copy(update={"injects": injects})}))
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    assert "0 0:00 15:40 First responder" in said
    assert "1 0:30 06:40 everyone Story +15h: Saturday 06:40. The system (chat): Good morning" in said
    assert "when the impact is ended. The system (chat): It is [the time then]." in said
    assert "the time of day beside them is the story’s, from Friday 15:40 on" in said
    assert "{clock" not in page
    assert "the story’s" not in run_sheet(library_plan("no-photos", 1, "good"))
