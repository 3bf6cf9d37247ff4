"""What is forgotten or deleted at one server is gone from what another has read."""

import time
from datetime import UTC, datetime, timedelta

from drills.records.schema import DRILLS
from tests.drills.server import Browser, Place

SOON = 20.0
WORDS = "Nothing but my words"


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


def test_texts_that_are_deleted_in_time_are_gone_from_a_drill_that_another_server_has_read(
    two: tuple[Place, Place],
) -> None:
    here, there = two
    owner, owner_there = here.owner(), there.owner()
    drill = here.make(owner)
    owner.start(drill)
    here.player(owner, drill, "ana").does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", WORDS)
    owner.does(drill, "/end", "/end", "/end", "/follow-up-done")
    here.until(lambda: here.server.rooms.get(drill) is None)
    assert WORDS in owner.get(f"/api/drills/{drill}").text
    sweeps, has = (there, here) if here.server.rooms.has(drill) else (here, there)
    assert has.server.rooms.has(drill)
    old = datetime.now(UTC) - timedelta(days=here.server.settings.keep_texts_days + 1)
    aged = DRILLS.update().where(DRILLS.c.id == drill).values(made=old.isoformat())
    sweeps.server.store.submit(lambda connection: connection.execute(aged)).result()
    sweeps.run(sweeps.server.sweep())
    deadline = time.monotonic() + SOON
    for one in (owner, owner_there):
        while WORDS in one.get(f"/api/drills/{drill}").text:
            assert time.monotonic() < deadline, "the server that had read it still shows what was deleted"
