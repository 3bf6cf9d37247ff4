"""Somebody is forgotten at one server while another holds a drill that they are in."""

import time

from tests.drills.server import Browser, Place

SOON = 20.0


def forget(owner: Browser, name: str) -> list[str]:
    """Forget somebody by name; in which drills they had been."""
    known = owner.get("/api/people").json()["people"]
    who = next(one["id"] for one in known if one["name"] == name)
    answer = owner.post(f"/api/people/{who}/forget")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["drills"])


def test_a_lobby_that_another_server_holds_shows_the_name_no_more_and_does_not_write_it_back(
    two: tuple[Place, Place],
) -> None:
    here, there = two
    owner, owner_there = here.owner(), there.owner()
    drill = here.make(owner, people="Zora Zimmermann\nBen Okafor\nChloe")
    assert drill in here.browser().get("/health").json()["holds"]
    assert "Zora" in owner.get(f"/d/{drill}").text
    assert forget(owner_there, "Zora Zimmermann") == [drill]
    deadline = time.monotonic() + SOON
    while "Zora" in owner.get(f"/d/{drill}").text:
        assert time.monotonic() < deadline, "the server that held it still shows the name"
    owner.start(drill)
    for one in (owner, owner_there):
        assert "Zora" not in one.get(f"/api/drills/{drill}").text
        assert "Zora" not in one.get(f"/api/drills/{drill}/events").text
