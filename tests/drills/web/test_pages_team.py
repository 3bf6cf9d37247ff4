"""The team's page: who sees which drills on it, its filters, and that nothing on it is a person's figure."""

import re

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from drills.records import people
from drills.records.schema import DRILLS, EVENTS, FIGURES, HISTORY, PEOPLE
from scoring.history.figures import Figures
from tests.drills.server import Browser, Place
from tests.drills.web.test_history import closed
from tests.scoring.history_drills import drill
from tests.support.many_drills import keep, weekly

HOSTILE = '<script>alert("x")</script>'
SOUND = {"complete": True, "provisional": False, "cut_short": False}


def words(page: str) -> str:
    """A page's words, on one line."""
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def linked(page: str) -> set[str]:
    """The drills that a page leads to."""
    return set(re.findall(r'href="/d/([a-z0-9-]+)"', page))


def drills(number: int, **fields: object) -> list[Figures]:
    return weekly([drill()] * number, **{**SOUND, **fields})


def kept(place: Place, *found: Figures) -> None:
    """These drills, and no others, are in the history."""

    def work(connection: sa.Connection) -> None:
        connection.execute(HISTORY.delete())
        connection.execute(FIGURES.delete())
        for table, column in ((DRILLS, DRILLS.c.id), (EVENTS, EVENTS.c.drill)):
            connection.execute(table.delete().where(column.in_([one.drill.drill for one in found])))
        keep(connection, found)

    place.server.store.submit(work).result()


def test_people_see_the_drills_whose_score_they_were_shown_and_the_owner_all(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, next(one.id for one in place.room(drill).setup.people if one.name == "Ana Ruiz"))
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander", "/resolve")
    owner.does(drill, "/end")
    assert "No drill fits" in ana.get("/team").text
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    owner.does(drill, "/end", "/follow-up-done")
    place.until(lambda: place.server.rooms.get(drill) is None and drill in linked(owner.get("/team").text))
    another = closed(place, owner)
    assert linked(owner.get("/team").text) >= {drill, another}
    assert drill in linked(ana.get("/team").text)
    assert another not in linked(ana.get("/team").text)
    assert "not yet in command: Ben Okafor and Chloe." in words(ana.get("/team").text)
    for path in ("/team", "/team/report.html", "/team/report.pdf"):
        assert place.browser().get(path).status_code == 401


def test_from_four_drills_on_there_are_charts_and_before_only_a_table(place: Place, owner: Browser) -> None:
    found = drills(4)
    kept(place, *found[:3])
    page = owner.get("/team").text
    assert "<svg" not in page.partition("<main")[2]
    assert "Too few drills to say what to train next" in page
    kept(place, *found)
    page = owner.get("/team").text
    assert page.count('class="wide"') == 3, "no alert was owed, so that nothing can be drawn of answers"
    assert linked(page) == {one.drill.drill for one in found}
    assert "style=" not in page, "the policy of pages takes no style that stands in them"


@pytest.mark.parametrize(
    ("query", "shown", "others"),
    [
        ("?scenario=login-outage", {"drill-0"}, 0),
        ("?tag=mail", {"drill-1"}, 0),
        ("?mode=training", {"drill-2"}, 3),
        ("?protocol=other", {"drill-3"}, 3),
        ("?since=2020-02-03", {"drill-4"}, 0),
        ("?until=2020-01-06&scenario=&tag=", {"drill-0"}, 0),
        ("?team=elsewhere", {"drill-4"}, 0),
        ("?kind=real", set(), 4),
        ("?players=poor", set(), 4),
        ("?group=2", set(), 4),
    ],
)
def test_filters_stand_in_the_address(place: Place, owner: Browser, query: str, shown: set[str], others: int) -> None:
    changes: list[dict[str, object]] = [
        {"scenario": "login-outage"},
        {"scenario": "no-mail", "tags": ["mail"]},
        {"scenario": "no-mail", "mode": "training"},
        {"scenario": "no-mail", "protocol": "other"},
        {"scenario": "no-mail", "team": "elsewhere"},
    ]
    made = [replace(one, drill=replace(one.drill, **change)) for one, change in zip(drills(5), changes, strict=True)]
    kept(place, *made)
    page = owner.get(f"/team{query}")
    assert page.status_code == 200
    assert linked(page.text) == shown
    assert page.text.count('class="line-title"') == others, "what is never mixed with these is named, and can be opened"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("since=March", "Since is not a day: write it like 2026-03-31"),
        ("until=2026-02-30", "Until is not a day"),
        ("group=two", "Group is a number"),
        ("tag=" + "x" * 81, "Tag is longer than 80 characters"),
    ],
)
def test_a_filter_that_is_none_is_refused_in_a_sentence(place: Place, owner: Browser, query: str, why: str) -> None:
    assert place.base
    page = owner.get(f"/team?{query}")
    assert page.status_code == 422
    assert why in page.text


def test_names_titles_and_tags_are_only_ever_text(place: Place, owner: Browser) -> None:
    found = [
        replace(one, crew=replace(one.crew, led=["p-evil"], may_lead=["p-evil"], persons=["p-evil"]))
        for one in drills(4)
    ]
    kept(place, *(replace(one, drill=replace(one.drill, title=HOSTILE, tags=[HOSTILE, "b"])) for one in found))
    person = {"id": "p-evil", "name": HOSTILE, "email": "", "made": "2026-01-01"}
    place.server.store.submit(lambda connection: connection.execute(PEOPLE.insert().values(**person))).result()
    for path in ("/team", f"/team?tag={HOSTILE}", "/team/report.html"):
        page = owner.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(" in page
    assert "last led" in owner.get("/team").text


def test_two_rows_for_one_person_are_one_leader_and_a_forgotten_name_goes(place: Place, owner: Browser) -> None:
    found = drills(4)
    led = [replace(one, crew=replace(one.crew, persons=["p-a"], may_lead=["p-a"], led=[])) for one in found]
    led[0] = replace(led[0], crew=replace(led[0].crew, persons=["p-b"], may_lead=["p-b"], led=["p-b"]))
    kept(place, *led)
    rows = [{"id": who, "name": name, "email": "", "made": "2026"} for who, name in (("p-a", "Ida"), ("p-b", "Ida B"))]
    submit = place.server.store.submit
    submit(lambda connection: connection.execute(PEOPLE.insert(), rows)).result()
    before = words(owner.get("/team?group=2").text) + words(owner.get("/team?group=1").text)
    assert "not yet in command: Ida" in before
    assert submit(lambda connection: people.merge(connection, "p-a", "p-b")).result() is None
    assert "everybody who may lead has led; longest ago Ida (3 drills before the last)" in words(
        owner.get("/team").text
    )
    owner.post("/people/p-a/forget", data={"name": "Ida"})
    assert "Ida" not in owner.get("/team").text
    assert "(forgotten)" in owner.get("/team").text


def test_a_page_is_made_once_for_as_long_as_nothing_changes(
    place: Place, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = drills(2)
    kept(place, found[0])
    assert linked(owner.get("/team").text) == {"drill-0"}
    monkeypatch.setattr("drills.web.team_desk._page", lambda *_: pytest.fail("made again"))
    assert linked(owner.get("/team").text) == {"drill-0"}
    monkeypatch.undo()
    kept(place, *found)
    assert linked(owner.get("/team").text) == {"drill-0", "drill-1"}


def test_the_file_is_one_page_without_links_into_the_room_and_the_pdf_is_one(place: Place, owner: Browser) -> None:
    kept(place, *drills(4))
    page = owner.get("/team/report.html?scenario=")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; sandbox")
    assert "<script" not in page.text
    assert linked(page.text) == set()
    assert re.findall(r'(?:src|href)="(?!#)', page.text) == []
    pytest.importorskip("weasyprint")
    printed = owner.get("/team/report.pdf")
    assert printed.content.startswith(b"%PDF")
    assert printed.headers["content-disposition"] == 'attachment; filename="DRILLS-together.pdf"'
