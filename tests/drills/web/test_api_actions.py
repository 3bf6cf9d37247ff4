"""The API about corrective actions: who sees which, who closes them, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drills.records import actions, history
from drills.records.retention import Keep, sweep
from simulator.fields import ERASED
from tests.drills.server import Browser, Place

PEOPLE = "Ana\nBen"
TEXT = "The alert names who is to command"


@pytest.fixture
def owner(place: Place) -> Browser:
    return place.owner()


def played(place: Place, owner: Browser, *said: str) -> tuple[str, Browser, Browser]:
    """A drill whose response and papers are over, in which that was typed, with its two players."""
    drill = place.make(owner, people=PEOPLE)
    owner.start(drill)
    ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander", "/resolve")
    owner.does(drill, "/end", "/end", *said)
    return drill, ana, ben


def listed(who: Browser, which: str = "open") -> list[dict[str, Any]]:
    answer = who.get(f"/api/actions?which={which}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["actions"]
    return found


def close(who: Browser, key: str, status: int = 200, **body: str) -> dict[str, Any]:
    answer = who.post(f"/api/actions/{key}/close", json={"how": "observation", **body})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_action_is_listed_closed_and_opened_again(place: Place, owner: Browser) -> None:
    drill, ana, ben = played(
        place, owner, f"/action owner=ben due=2020-12-24 shows=commander_in_place what={TEXT}", "/action what=Ask Olga"
    )
    first, second = (one for one in listed(owner) if one["drill"] == drill)
    assert (first["text"], first["owner_name"], first["due_on"], first["overdue"]) == (TEXT, "Ben", "2020-12-24", True)
    assert (first["shown_by"], first["state"]) == ("Incident Commander in place", "open")
    assert (second["owner_name"], second["shown_by"]) == ("the lead", "no drill shows it: somebody closes it by hand")
    assert [one["id"] for one in listed(owner, "overdue") if one["drill"] == drill] == [first["id"]]
    assert [(one["mine"], one["text"]) for one in listed(ben)] == [(True, TEXT), (False, "Ask Olga")]

    assert close(ana, first["id"], 403)["error"].startswith("only whoever is to do it, or the person who runs")
    done = close(ben, first["id"], on="2026-11-30", text="Ben showed it\u202e")
    assert (done["state"], done["closed"]) == (
        "closed",
        {"on": "2026-11-30", "how": "observation", "text": "Ben showed it"},
    )
    assert close(owner, first["id"], 409)["error"] == "it was closed on 2026-11-30"
    assert first["id"] not in [one["id"] for one in listed(owner)]
    assert first["id"] in [one["id"] for one in listed(owner, "all")]
    assert TEXT not in owner.get("/").text
    assert close(owner, second["id"], how="document", text="https://wiki.example/olga")["closed"]["how"] == "document"

    opened = ben.post(f"/api/actions/{first['id']}/reopen")
    assert (opened.status_code, opened.json()["state"]) == (200, "open")
    assert ben.post(f"/api/actions/{first['id']}/reopen").json()["error"] == "nobody has closed it"
    assert "overdue since 2020-12-24" in owner.get("/").text


def test_only_the_owner_changes_one_and_only_to_what_there_is(place: Place, owner: Browser) -> None:
    drill, ana, _ = played(place, owner, f"/action owner=ben what={TEXT}")
    (one,) = (one for one in listed(owner) if one["drill"] == drill)

    def change(who: Browser, **body: str) -> tuple[int, str]:
        answer = who.post(f"/api/actions/{one['id']}", json=body)
        return answer.status_code, answer.json().get("error", "")

    member = next(each["id"] for each in owner.data(drill, "/lobby")["people"] if each["name"] == "Ana")
    assert change(owner, owner=member, due_on="2026-12-24", obligation="not_silent") == (200, "")
    (found,) = (each for each in listed(owner) if each["drill"] == drill)
    assert (found["owner_name"], found["due_on"], found["obligation"]) == ("Ana", "2026-12-24", "not_silent")
    assert [each["mine"] for each in listed(ana)] == [True]
    assert change(owner, due_on="") == (200, "")
    assert change(ana, due_on="")[0] == 403
    assert change(owner, due_on="24.12.2026") == (422, "'24.12.2026' is not a day; write it like 2026-03-31")
    assert change(owner, owner="p-none")[1] == "there is no person 'p-none'; `drillroom people` lists them"
    assert change(owner, obligation="be_nicer")[1].startswith("its drill did not owe 'be_nicer'; it owed severity")
    assert close(owner, one["id"], 422, on="soon")["error"] == "'soon' is not a day; write it like 2026-03-31"
    assert close(owner, "nothing.7", 404)["error"].startswith("there is no such action")


def test_who_was_not_there_sees_nothing_of_it(place: Place, owner: Browser) -> None:
    drill, _, _ = played(place, owner, f"/action owner=ben what={TEXT}")
    (one,) = (one for one in listed(owner) if one["drill"] == drill)
    _, ana, _ = played(place, owner)
    assert listed(ana, "all") == []
    assert close(ana, one["id"], 404)["error"].startswith("there is no such action")
    for path in ("/api/actions", "/actions"):
        assert place.browser().get(path).status_code == 401
    key = one["id"]
    assert ana.post(f"/actions/{key}/close", data={"how": "document"}).status_code == 404
    assert TEXT not in ana.get("/").text


def test_the_page_lists_them_and_closes_one(place: Place, owner: Browser) -> None:
    shown = "/action owner=ben due=2020-12-24 shows=commander_in_place what=Call <b>sooner</b>"
    drill, ana, ben = played(place, owner, shown)
    (one,) = (one for one in listed(owner) if one["drill"] == drill)
    pages = {name: who.get("/actions").text for name, who in (("owner", owner), ("ana", ana), ("ben", ben))}
    assert all("Call &lt;b&gt;sooner&lt;/b&gt;" in page for page in pages.values())
    form = f'action="/actions/{one["id"]}/close"'
    assert [form in pages[name] for name in ("owner", "ana", "ben")] == [True, False, True]
    assert ["would test it" in pages[name] for name in ("owner", "ana")] == [True, False]
    assert "overdue since 2020-12-24" in pages["ben"]
    assert ben.post(f"/actions/{one['id']}/close", data={"how": "guess"}).status_code == 422
    done = ben.post(f"/actions/{one['id']}/close", data={"how": "document", "text": "wiki/42"})
    assert (done.status_code, done.headers["location"]) == (303, "/actions")
    assert form not in ben.get("/actions").text
    assert "wiki/42" in ben.get("/actions?all").text
    assert 'href="/actions"' in owner.get("/").text


def test_a_drill_that_ended_a_moment_ago_is_in_the_list_though_its_result_is_still_to_be_made(
    place: Place, owner: Browser
) -> None:
    drill, _, _ = played(place, owner, f"/action what={TEXT}")
    owner.does(drill, "/follow-up-done")
    place.until(lambda: place.server.rooms.get(drill) is None)
    for _ in range(3):  # whether or not the server has made it meanwhile, nothing is missing at any moment
        place.server.store.submit(history.clear).result()
        assert [one["text"] for one in listed(owner) if one["drill"] == drill] == [TEXT]
    assert TEXT in owner.get("/actions").text


def test_what_was_typed_when_it_was_closed_is_deleted_with_the_drills_texts(place: Place, owner: Browser) -> None:
    drill, _, _ = played(place, owner, f"/action what={TEXT}")
    owner.does(drill, "/follow-up-done")
    (one,) = (one for one in listed(owner) if one["drill"] == drill)
    close(owner, one["id"], text="seen by Ben")
    later = datetime.now(UTC) + timedelta(days=397)
    place.server.store.submit(lambda connection: sweep(connection, later, Keep())).result()
    closed = place.server.store.read(actions.handled).result()[one["id"]].closed
    assert closed is not None
    assert closed.text == ERASED
