"""My page's own figures: right for oneself, and on no page of anybody else."""

import re

from tests.drills.server import Browser, Place
from tests.drills.web.test_history import stale


def words(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def member(place: Place, drill: str, name: str) -> str:
    return next(one.id for one in place.room(drill).setup.people if one.name == name)


def played(place: Place, owner: Browser, lead: str) -> tuple[str, Browser, Browser]:
    """A closed drill in which Ana alerted and Ben answered, with one of them in command; their browsers."""
    drill = place.make(owner)
    ana, ben = (place.player(owner, drill, member(place, drill, name)) for name in ("Ana Ruiz", "Ben Okafor"))
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join")
    ben.does(drill, "/ack", "/join")
    (ana if lead == "ana" else ben).does(drill, "/role incident commander", "/resolve")
    owner.does(drill, "/end")
    for screen in ("reveal", "score"):
        owner.post(f"/api/drills/{drill}/screen", json={"screen": screen})
    owner.does(drill, "/end", "/follow-up-done")
    place.until(lambda: place.server.rooms.get(drill) is None and stale(place) == [])
    return drill, ana, ben


def test_everybody_sees_their_own_drills_and_nobody_elses_figures(place: Place, owner: Browser) -> None:
    first, _, _ = played(place, owner, "ana")
    second, ana, ben = played(place, owner, "ben")
    mine = words(ana.get("/me").text).partition("Your figures")[2].partition("Who looked at what")[0]
    assert "You led in 1 of 2 drills." in mine
    assert "You answered the alert" not in mine, "she sent it"
    assert "Incident Commander (" in mine
    assert {first, second} <= set(re.findall(r'href="/d/([a-z0-9-]+)"', ana.get("/me").text)), (
        "a personal link is enough"
    )
    his = words(ben.get("/me").text)
    assert "You led in 1 of 2 drills. You answered the alert by its target in 2 of 2." in his
    page = owner.get(f"/people/{member_of(owner, 'Ana Ruiz')}")
    assert page.status_code == 200
    for text in (page.text, owner.get("/me").text, owner.get("/team").text):
        assert "Your figures" not in text
        assert "to prevent" not in text


def member_of(owner: Browser, name: str) -> str:
    return next(str(one["id"]) for one in owner.get("/api/people").json()["people"] if one["name"] == name)


def test_whoever_only_writes_a_name_gets_no_figures(place: Place, owner: Browser) -> None:
    drill, _, _ = played(place, owner, "ana")
    other = place.browser()
    other.get(place.here(place.owner_link))
    other.post("/me/name", data={"name": "Ana Ruiz"})
    assert "Ana Ruiz" in other.get("/me").text
    assert "Your figures" not in other.get("/me").text
    watcher = place.entered(owner.data(place.make(owner), "/lobby")["observer_link"])
    assert "Your figures" not in watcher.get("/me").text
    assert drill in owner.get("/done").text


def test_a_browser_let_in_by_name_has_its_own_drills_alone(place: Place, owner: Browser) -> None:
    earlier, _, _ = played(place, owner, "ana")
    drill = place.make(owner)
    ana = member(place, drill, "Ana Ruiz")
    browser = place.entered(owner.data(drill, "/lobby")["link"])
    assert browser.post(f"/d/{drill}/name", data={"member": ana}).status_code == 303
    assert owner.post(f"/api/drills/{drill}/admit", json={"member": ana}).status_code == 200
    mine = browser.get("/me").text.partition('id="figures"')[2].partition('id="looked"')[0]
    assert "None of your drills is closed yet" in mine
    assert "only its own drills are here" in mine
    assert earlier not in mine
