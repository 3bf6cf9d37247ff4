"""The pages about people: a list of all for the owner's link, and everybody's own page."""

import re
from collections.abc import Iterator

import pytest

from tests.drills.server import Browser, Place, serving


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("people")) as found:
        yield found


@pytest.fixture
def drill(place: Place, owner: Browser) -> str:
    return place.make(owner)


def test_only_the_owner_sees_everybody(place: Place, owner: Browser, drill: str) -> None:
    ana, watcher = place.player(owner, drill, "ana"), place.watcher(owner, drill, "facilitator")
    for browser, status in ((owner, 200), (ana, 403), (watcher, 403), (place.browser(), 401)):
        for path in ("/people", "/people/ben", "/api/people"):
            assert browser.get(path).status_code == status, path
    for browser, status in ((ana, 403), (watcher, 403), (place.browser(), 401)):
        for path, form in (
            ("/people/merge", {"keep": "ana", "gone": "ben"}),
            ("/people/allow", {"name": "Ana"}),
            ("/people/ben/forget", {"name": "Ben Okafor"}),
        ):
            assert browser.post(path, data=form).status_code == status, path
        for path, body in (
            ("/api/people/ben/forget", None),
            ("/api/people/ana/merge", {"gone": "ben"}),
            ("/api/people/allow", {"name": "Ana"}),
            ("/api/teams", {"team": "x", "title": "x", "members": [{"id": "x", "name": "x"}]}),
        ):
            assert browser.post(path, json=body).status_code == status, path
    assert owner.get("/people/nobody").status_code == 404
    assert "Ben Okafor" in owner.get("/people").text


def test_two_that_are_one_are_made_one(place: Place, owner: Browser) -> None:
    place.make(owner, people="Annelise\nBo")
    ids = {one["name"]: one["id"] for one in owner.get("/api/people").json()["people"]}
    answer = owner.post("/people/merge", data={"keep": ids["Annelise"], "gone": ids["Bo"]})
    assert answer.status_code == 409
    assert "at the same time, so they are two people" in answer.text
    place.make(owner, people="Anneliese")
    ids = {one["name"]: one["id"] for one in owner.get("/api/people").json()["people"]}
    answer = owner.post("/people/merge", data={"keep": ids["Annelise"], "gone": ids["Anneliese"]})
    assert answer.headers["location"] == f"/people/{ids['Annelise']}"
    assert "Anneliese" not in owner.get("/people").text
    again = place.make(owner, people="anneliese")
    assert [one.id for one in place.room(again).setup.people] == [ids["Annelise"]]


def test_ones_own_page_says_how_one_was_identified(place: Place, owner: Browser, drill: str) -> None:
    ana = place.player(owner, drill, "ana")
    ben = place.entered(owner.data(drill, "/lobby")["link"])
    assert "You have not joined a drill by name yet" in ben.get("/me").text
    ben.post(f"/d/{drill}/name", data={"member": "ben"})
    assert drill not in ben.get("/me").text, "nobody has let him in: it may be anybody"
    owner.post(f"/api/drills/{drill}/admit", json={"member": "ben"})
    for browser, name, how in (
        (ana, "Ana Ruiz", "by a personal link"),
        (ben, "Ben Okafor", "by choosing or writing the name"),
    ):
        page = browser.get("/me").text
        assert name in page
        assert drill in page
        assert f"identified {how}" in page
        assert "Forget me" in page
    assert place.browser().get("/me").status_code == 401


def test_the_owner_says_who_they_are_once(place: Place) -> None:
    owner = place.browser()
    owner.get(place.here(place.owner_link))
    assert "Write your name once" in owner.get("/me").text
    assert owner.post("/me/name", data={"name": " "}).status_code == 422
    assert owner.post("/me/name", data={"name": "Pia  Owner"}).headers["location"] == "/"
    assert "Pia Owner" in owner.get("/me").text
    drill = place.make(owner)
    assert owner.data(drill, "/lobby")["staff"] == [{"seat": "facilitator", "name": "Pia Owner"}]
    owner.get(place.here(place.owner_link))
    assert "Pia Owner" in owner.get("/me").text, "the link opened again asks nothing again"
    ana = place.player(owner, drill, "ana")
    assert ana.post("/me/name", data={"name": "Ana"}).status_code == 403


def test_a_name_that_was_only_written_forgets_nobody(place: Place, owner: Browser, drill: str) -> None:
    watcher = place.watcher(owner, drill, "observer")
    page = watcher.get("/me").text
    assert "Wim Observer" in page
    assert "We cannot be sure that this is you" in page
    who = next(one["id"] for one in owner.get("/api/people").json()["people"] if one["name"] == "Wim Observer")
    form = {"person": who, "name": "Wim Observer"}
    assert watcher.post("/me/forget", data=form).status_code == 403
    assert place.player(owner, drill, "ana").post("/me/forget", data=form).status_code == 403


def test_whoever_wants_it_is_forgotten_and_told_what_is_out_of_reach(place: Place, owner: Browser) -> None:
    drill = place.make(owner, people="Ana\nYusuf Demir")
    who = place.room(drill).setup.people[1].id
    yusuf = place.player(owner, drill, who)
    wrong = yusuf.post("/me/forget", data={"person": who, "name": "Yusuf"})
    assert wrong.status_code == 422
    assert "write the name exactly as here: Yusuf Demir" in wrong.text
    done = yusuf.post("/me/forget", data={"person": who, "name": "yusuf demir"})
    assert done.status_code == 200
    assert "You are not in this database any more" in done.text
    assert "What was read on a screen, printed or copied" in done.text
    assert yusuf.get("/").status_code == 401, "the seat is gone as well"
    assert [one["name"] for one in owner.data(drill, "/lobby")["people"]] == ["Ana"]
    refused = owner.post("/new", data={"scenario": "no-photos", "people": "Yusuf Demir"})
    assert "was forgotten here and is not taken on again" in refused.text
    assert "nobody of that name was forgotten here" in owner.post("/people/allow", data={"name": "Yus"}).text
    assert "can be named in drills and teams again" in owner.post("/people/allow", data={"name": "Yusuf Demir"}).text
    assert place.room(place.make(owner, people="Yusuf Demir")).setup.people[0].id != who


def test_the_owner_forgets_somebody_by_writing_the_name(place: Place, owner: Browser) -> None:
    drill = place.make(owner, people="Ana\nMaja Nowak")
    who = place.room(drill).setup.people[1].id
    owner.start(drill)
    refused = owner.post(f"/people/{who}/forget", data={"name": "Maja Nowak"})
    assert refused.status_code == 409
    assert f"{drill} is still running, and Maja Nowak is in it" in refused.text
    for said in ("/end", "/end", "/end", "/follow-up-done"):
        owner.say(drill, said)
    place.until(lambda: place.server.rooms.get(drill) is None)
    done = owner.post(f"/people/{who}/forget", data={"name": "Maja Nowak"})
    assert "Maja Nowak is not in this database any more" in done.text
    assert "Maja" not in owner.get(f"/d/{drill}").text
    assert "(forgotten)" in owner.get(f"/d/{drill}").text


def test_a_team_fills_in_the_form_and_its_people_are_known_again(place: Place, owner: Browser) -> None:
    members = [{"id": "kai", "name": "Kai Berg", "email": "kai@example.com"}, {"id": "lin", "name": "Lin Wu"}]
    body = {"team": "ops", "title": "Operations", "members": members}
    assert owner.post("/api/teams", json=body).json() == {"people": 2, "left_out": 0}
    offered = re.search(r'<option value="([^"]+)">Operations \(ops\)</option>', owner.get("/new").text)
    assert offered is not None
    team = offered[1]
    filled = f"/new?team={team}"
    assert "Kai Berg, kai@example.com\nLin Wu" in owner.get(filled).text
    ids = {one["name"]: one["id"] for one in owner.get("/api/people").json()["people"]}
    drill = place.make(owner, people="Lin Wu\nKai Berg\nNew Hire", team=team)
    setup, plan = place.room(drill).setup, place.room(drill).plan
    assert [one.id for one in setup.people[:2]] == [ids["Lin Wu"], ids["Kai Berg"]]
    assert plan is not None
    assert plan.team == "ops"
    assert "New Hire" in owner.get(filled).text
