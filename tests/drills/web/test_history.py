"""The history of a database: kept when a drill comes to its end, made anew when stale, told without a name."""

import json
from html import unescape
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from drills.records import history, people, results
from drills.records.schema import FIGURES, HISTORY
from reports.history_export import TABLES
from reports.programme import course_in_words
from scoring.history.programme import Programme
from scoring.scorecard import RULES
from tests.drills.command_line import call, refused
from tests.drills.server import Browser, Place


def closed(place: Place, owner: Browser) -> str:
    """A drill that is closed, and whose result is kept."""
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander", "/resolve")
    owner.does(drill, "/end", "/action what=Watch the storage owner=ana")
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    owner.does(drill, "/end", "/follow-up-done")
    place.until(lambda: place.server.rooms.get(drill) is None and stale(place) == [])
    return drill


def stale(place: Place) -> list[str]:
    return place.server.store.read(lambda connection: results.stale(connection, RULES)).result()


def test_the_api_tells_closed_drills_and_nobodys_name(place: Place, owner: Browser) -> None:
    drill = closed(place, owner)
    answer = owner.get("/api/history")
    assert answer.status_code == 200
    shown = answer.json()
    (row,) = [one for one in shown["drills"] if one["drill"] == drill]
    assert list(row) == list(TABLES["drills"].__struct_fields__)
    assert (row["kind"], row["complete"], row["first_responder_simulated"]) == ("drill", True, False)
    card = owner.get(f"/api/drills/{drill}/scorecard").json()
    assert (row["score"], row["head"]) == (card["score"], card["log"])
    items = [item["id"] for part in card["components"].values() for item in part["items"]]
    assert [one["obligation"] for one in shown["obligations"] if one["head"] == row["head"]] == items
    members = place.server.store.read(lambda connection: history.kept(connection, RULES)).result()[0].crew.members
    assert members
    assert [name for name in (*members, "Ana", "Watch the storage") if name in answer.text] == []


def test_evidence_of_a_database_knows_how_people_were_identified(place: Place, owner: Browser, tmp_path: Path) -> None:
    drill, lobby = closed(place, owner), place.make(owner)
    database, period = str(place.server.store.shown), ("--from", "2020-01-01", "--to", "2099-12-31")
    found = call("evidence", *period, "--database", database, "--out", tmp_path / "e")
    assert found.exit_code == 0, found.output
    told = json.loads((tmp_path / "e" / "evidence.json").read_text())
    states = {one["drill"]: one["state"] for one in told["accounted"]}
    assert (states[drill], states[lobby]) == ("held", "never begun")
    (file,) = (tmp_path / "e" / "records").glob(f"*-{drill}.json")
    record = json.loads(file.read_text())
    ana = next(one for one in record["attendance"] if one["name"] == "Ana Ruiz")
    assert (ana["seat"], ana["identified"]) == ("player", "personal link")
    assert [one["seat"] for one in record["attendance"] if one["seat"] != "player"] == ["facilitator"]
    assert [one["text"] for one in record["findings"]] == ["Watch the storage"]
    assert call("verify", tmp_path / "e").exit_code == 0
    looked = place.server.store.read(lambda connection: people.downloads(connection, [drill])).result()
    assert [one.what for one in looked if one.drill == drill] == ["evidence"]


def test_a_second_person_signs_a_drills_record_once(place: Place, owner: Browser, tmp_path: Path) -> None:
    drill = place.make(owner)
    ana, ben = place.player(owner, drill, "ana"), place.player(owner, drill, "ben")
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/resolve")
    owner.does(drill, "/end")
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    there = f"/d/{drill}/record"
    assert "Sign the record" not in ana.get(there).text, "the follow-up is still open"
    assert ana.post(there).status_code == 409
    owner.does(drill, "/end", "/follow-up-done")
    place.until(lambda: place.server.rooms.get(drill) is None and stale(place) == [])
    assert owner.get(f"/api/drills/{drill}/wash").json()["record"] == there
    page = ana.get(there)
    assert "Sign the record as Ana Ruiz" in page.text
    assert "You did not run this drill, so you are a second person." in page.text
    assert "this drill, so it will say self-signed" in owner.get(there).text
    with Browser(place.base) as stranger:
        assert stranger.get(there).status_code == 401
    assert ana.post(there).status_code in (200, 303)
    assert ben.post(there).status_code == 409
    assert "Ana Ruiz read this record and stands by it." in ben.get(there).text
    call("evidence", "--from", "2020-01-01", "--to", "2099-12-31", "--database", place.server.settings.database,
         "--out", tmp_path / "e")  # fmt: skip
    (file,) = (tmp_path / "e" / "records").glob(f"*-{drill}.json")
    signature = json.loads(file.read_text())["signature"]
    assert (signature["by"], signature.get("own", False)) == ("Ana Ruiz", False)


def test_evidence_is_for_the_owner_alone(place: Place, owner: Browser) -> None:
    ana = place.player(owner, place.make(owner), "ana")
    body = {"since": "2020-01-01", "until": "2099-12-31"}
    assert ana.post("/api/evidence", json=body).status_code == 403
    assert owner.post("/api/evidence", json=body).status_code == 200


def test_filters_choose_and_a_day_that_is_none_is_refused(place: Place, owner: Browser) -> None:
    drill = closed(place, owner)
    for query in ({"team": "nobody"}, {"until": "2020-01-01"}, {"tag": "none"}, {"scenario": "none"}):
        assert owner.get("/api/history", params=query).json()["drills"] == []
    found = owner.get("/api/history", params={"since": "2020-01-01"}).json()["drills"]
    assert drill in {one["drill"] for one in found}
    for no_day in ("March", "0000-00-00", "2026-02-30", "2026-3-1"):
        assert owner.get("/api/history", params={"since": no_day}).status_code == 422, no_day
        assert owner.post("/api/evidence", json={"since": no_day, "until": "2026-12-31"}).status_code == 422, no_day


def test_only_the_owner_reads_it(place: Place, owner: Browser) -> None:
    ana = place.player(owner, place.make(owner), "ana")
    assert ana.get("/api/history").status_code == 403
    assert place.browser().get("/api/history").status_code == 401


@pytest.mark.parametrize("change", [{"head": "0" * 64}, {"rules": RULES - 1}, {"version": -1}])
def test_a_row_that_is_stale_is_hidden_and_made_anew(place: Place, owner: Browser, change: dict[str, object]) -> None:
    drill = closed(place, owner)
    row = HISTORY.c.drill == drill
    store = place.server.store
    store.submit(lambda connection: connection.execute(HISTORY.update().where(row).values(**change))).result()
    assert stale(place) == [drill]
    assert drill not in {one["drill"] for one in owner.get("/api/history").json()["drills"]}
    place.loop.call_soon_threadsafe(place.server.desk.keeper.look)
    place.until(lambda: stale(place) == [])
    assert drill in {one["drill"] for one in owner.get("/api/history").json()["drills"]}


def test_the_command_prints_what_the_database_keeps(place: Place, owner: Browser) -> None:
    drill = closed(place, owner)
    result = call("history", "--database", place.server.settings.database, "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    told = owner.get("/api/history").json()
    assert {name: shown[name] for name in told} == told
    assert shown["left_out"] == []
    assert drill in call("history", "--database", place.server.settings.database).stdout
    assert "use either folders or --database" in refused("history", ".", "--database", place.server.settings.database)


def test_a_report_in_the_room_is_set_beside_the_teams_drills_before_it(place: Place, owner: Browser) -> None:
    first, second = closed(place, owner), closed(place, owner)
    kept = place.server.store.read(lambda connection: history.kept(connection, RULES)).result()
    by_id = {one.drill.drill: one for one in kept}
    assert set(by_id[first].crew.persons) == set(by_id[second].crew.persons), "people are known again by their names"
    said = owner.get(f"/d/{second}/report").text.partition('id="h-earlier"')[2].partition("</section>")[0]
    assert f"Compared with the last one ({by_id[first].drill.date})" in said
    assert "not yet in command: Ben Okafor and Chloe." in " ".join(said.split())


def test_everything_is_made_anew_on_request(place: Place, owner: Browser) -> None:
    drill = closed(place, owner)
    told = owner.get("/api/history").json()
    store = place.server.store
    wrong = sa.update(FIGURES).where(FIGURES.c.drill == drill).values(obligations="[]")
    store.submit(lambda connection: connection.execute(wrong)).result()
    assert owner.get("/api/history").json() != told
    result = call("history", "--anew", "--json", "--database", place.server.settings.database)
    assert result.exit_code == 0, result.output
    assert {name: json.loads(result.stdout)[name] for name in told} == told == owner.get("/api/history").json()
    assert stale(place) == []
    ana = place.player(owner, place.make(owner), "ana")
    assert ana.post("/api/history/anew").status_code == 403
    assert place.browser().post("/api/history/anew").status_code == 401


def test_the_talk_shows_the_same_beside_earlier_drills_to_those_who_may_read_the_report(
    place: Place, owner: Browser
) -> None:
    first, drill = closed(place, owner), place.make(owner)
    ana = place.player(owner, drill, "ana")
    owner.start(drill)
    ana.does(drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander", "/resolve")
    owner.does(drill, "/end")
    assert ana.get(f"/d/{drill}/beside").status_code == 409, "it comes with the score"
    assert owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"}).status_code == 200
    shown = ana.get(f"/d/{drill}/beside").text
    assert "Compared with the last one (" in shown
    assert "not yet in command: Ben Okafor and Chloe." in " ".join(shown.split())
    assert shown == owner.get(f"/d/{drill}/beside").text
    report = owner.get(f"/d/{drill}/report").text.partition('id="h-earlier"')[2].partition("</section>")[0]
    assert " ".join(shown.split()) in " ".join(report.replace('class="stack', 'class="beside-table').split())
    assert place.browser().get(f"/d/{drill}/beside").status_code == 401
    assert ana.get(f"/d/{first}/beside").status_code == 404, "who was not in a drill does not see it"


def test_the_programme_is_for_the_owner_and_has_no_scores(place: Place, owner: Browser) -> None:
    drill = closed(place, owner)
    page = owner.get("/programme")
    assert page.status_code == 200
    told = owner.get("/api/programme").json()
    (line,) = told["teams"]
    assert (line["held"] >= 1, line["led"], line["joined"]) == (True, 1, 1)
    assert f"<dd>1 of {line['people']}</dd>" in page.text
    assert course_in_words(msgspec.convert(told, Programme)) in unescape(page.text)
    score = owner.get(f"/api/drills/{drill}/scorecard").json()["score"]
    assert [text for text in (str(score), "Ana", "Ben") if text in page.text.partition("<main")[2]] == []
    assert "No drills were held then." in owner.get("/programme?until=2020-01-01").text
    assert owner.get("/programme?since=March").status_code == 422
    shown = json.loads(call("history", "--programme", "--json", "--database", place.server.settings.database).stdout)
    assert shown == told
    assert line["team"] in call("history", "--programme", "--database", place.server.settings.database).stdout
    ana = place.player(owner, place.make(owner), "ana")
    assert (ana.get("/programme").status_code, ana.get("/api/programme").status_code) == (403, 403)
    assert place.browser().get("/programme").status_code in (401, 303)


def test_a_report_says_what_became_of_an_action_after_it_was_first_made(place: Place, owner: Browser) -> None:
    closed(place, owner)
    (meant,) = [one for one in owner.get("/api/actions").json()["actions"] if one["text"] == "Watch the storage"][:1]
    key = f"/api/actions/{meant['id']}"
    assert owner.post(key, json={"obligation": "joined"}).status_code == 200
    second = closed(place, owner)

    def said() -> str:
        return owner.get(f"/d/{second}/report").text.partition('id="h-earlier"')[2].partition("</section>")[0]

    before = said()
    assert "Watch the storage" in before
    assert "not held" in before
    assert owner.post(f"{key}/close", json={"how": "document", "text": "wiki/7"}).status_code == 200
    assert "a document shows it" in said()
