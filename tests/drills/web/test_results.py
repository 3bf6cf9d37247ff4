"""Results of closed drills: made at their end, and again if log, rubric or rules change; never shown stale."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drills.records import results
from drills.records.schema import DRILLS, RESULTS, TEXTS, DrillRow
from drills.web.lists import MOST_LISTED
from scoring.scorecard import RULES
from tests.drills.server import Browser, Place, serving


def closed(place: Place, owner: Browser) -> str:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander", "/resolve")
    owner.does(drill, "/end", "/action what=Watch the storage owner=ana")
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    owner.does(drill, "/end", "/follow-up-done")
    return drill


def kept(place: Place, drill: str) -> bool:
    found = place.server.store.read(lambda connection: results.fresh(connection, [drill], RULES)).result()
    return len(found) == 1


def change(place: Place, drill: str, **values: object) -> None:
    place.server.store.submit(
        lambda connection: connection.execute(RESULTS.update().where(RESULTS.c.drill == drill).values(**values))
    ).result()


def test_the_result_of_a_drill_is_kept_when_it_comes_to_its_end(place: Place, owner: Browser) -> None:
    drill = closed(place, owner)
    assert "of 100" in owner.get("/").text
    place.until(lambda: kept(place, drill))
    place.until(lambda: place.server.rooms.get(drill) is None)
    assert "of 100" in owner.get("/").text
    assert "Watch the storage" in owner.get("/").text


@pytest.mark.parametrize("stale", [{"rules": RULES - 1}, {"head": "0" * 64}])
def test_a_result_that_is_stale_is_shown_nowhere_and_made_anew(
    place: Place, owner: Browser, stale: dict[str, object]
) -> None:
    drill = closed(place, owner)
    place.until(lambda: kept(place, drill))
    place.until(lambda: place.server.rooms.get(drill) is None)
    score = next(line for line in owner.get("/").text.splitlines() if "of 100" in line)
    change(place, drill, score=99.9, **stale)
    for page in ("/", "/done"):
        assert "100 of 100" not in owner.get(page).text
    place.loop.call_soon_threadsafe(place.server.desk.keeper.look)
    place.until(lambda: "of 100" in owner.get("/").text)
    assert score in owner.get("/").text


def test_a_text_that_is_erased_is_in_no_result(place: Place, owner: Browser) -> None:
    drill = closed(place, owner)
    place.until(lambda: kept(place, drill))
    place.until(lambda: place.server.rooms.get(drill) is None)
    place.server.store.submit(lambda connection: connection.execute(TEXTS.delete())).result()
    home = owner.get("/").text
    assert "Watch the storage" not in home
    assert "[erased]" in home
    assert "of 100" in home


def test_what_is_done_stands_on_pages(place: Place, owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drills.web.lists.MOST_DONE", 1)
    monkeypatch.setattr("drills.web.lists.PAGE", 1)
    first, second = closed(place, owner), closed(place, owner)
    place.until(lambda: place.server.rooms.get(second) is None and place.server.rooms.get(first) is None)
    home, one, two = (owner.get(path).text for path in ("/", "/done", "/done?page=2"))
    done = home.partition('id="done"')[2].partition('id="follow-ups"')[0]
    assert (second in done, first in done) == (True, False)
    assert 'href="/done"' in home
    assert (second in one, first in one, second in two, first in two) == (True, False, False, True)
    assert owner.get("/done?page=0").status_code == owner.get("/done?page=x").status_code == 200
    ana = place.player(owner, place.make(owner), "ana")
    assert first not in ana.get("/done").text


def test_after_a_restart_no_result_is_made_that_holds(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        drill = closed(place, place.owner())
        place.until(lambda: kept(place, drill))
    with serving(tmp_path) as place:
        assert place.server.store.read(lambda connection: results.stale(connection, RULES)).result() == []
        change(place, drill, rules=RULES + 1)
        assert place.server.store.read(lambda connection: results.stale(connection, RULES)).result() == [drill]


def test_no_page_reads_more_the_more_drills_were_played(
    place: Place, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted: what is made of rows of drills, and how often the database is asked."""
    drill = closed(place, owner)
    place.until(lambda: kept(place, drill) and place.server.rooms.get(drill) is None)
    store, rows, asked = place.server.store, [0], [0]
    row = store.drill(drill).result()
    assert row is not None

    def made(*values: Any) -> DrillRow:  # noqa: ANN401 - a row's values
        rows[0] += 1
        return DrillRow(*values)

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked[0] += "leases" not in statement  # which a server that shares its database asks for by itself

    monkeypatch.setattr("drills.records.store.DrillRow", made)
    sa.event.listen(store._reads, "before_cursor_execute", count)
    paths = ("/", "/done", "/library", "/library/no-photos", "/new", "/api/drills")
    few, many = {}, {}
    for path in paths:
        owner.get(path)  # what the history keeps is read once, and then remembered
    for path in paths:
        rows[0] = asked[0] = 0
        assert owner.get(path).status_code == 200
        few[path] = asked[0]
    old = [
        row._replace(id=f"drill-{number:03}", made=f"2020-01-01T00:00:00.{number:06}+00:00") for number in range(250)
    ]
    store.submit(lambda connection: connection.execute(DRILLS.insert(), [one._asdict() for one in old])).result()
    for path in paths:
        rows[0] = asked[0] = 0
        assert owner.get(path).status_code == 200
        many[path] = asked[0]
        assert rows[0] <= MOST_LISTED + 1 + len(place.server.rooms.all()), path
    sa.event.remove(store._reads, "before_cursor_execute", count)
    assert many == few

    found: list[str] = []
    before = ""
    while before is not None:
        page = owner.get("/api/drills", params={"before": before} if before else {}).json()
        found += [one["id"] for one in page["drills"]]
        assert len(page["drills"]) <= MOST_LISTED
        before = page["next"]
    assert len(found) == len(set(found))
    assert found[-250:] == [one.id for one in reversed(old)]
    store.submit(lambda connection: connection.execute(DRILLS.delete().where(DRILLS.c.made < "2021"))).result()
    answer = owner.get("/api/drills", params={"before": "drill-000"})
    assert (answer.status_code, answer.json()) == (404, {"error": "there is no drill drill-000"})
