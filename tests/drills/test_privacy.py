"""Who sees what about a person: a test for each rule of docs/explanation/privacy.md that something here could break.

The sixth rule, sharing your own figures, has nothing to test: nothing shares them.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drills.records import people
from drills.records.retention import Keep, sweep
from drills.records.schema import ATTENDANCE, GUESSES, LINKS, SEATS, TEXTS
from scenarios.template import new_workspace
from scoring.scorecard import grade
from simulator import events as ev
from simulator.fields import fields_of
from simulator.log import DrillLog, verify
from simulator.texts import read_texts
from tests.drills.server import Browser, Place, serving

SMALL_TEAM = "In a small team a role is a person"
GUESS = "Nobody asked who leads, guessed by one alone"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("privacy")) as found:
        yield found


class Company:
    """A drill that is over, with everybody who was in it."""

    def __init__(self, place: Place) -> None:
        self.place, self.owner = place, place.owner()
        self.drill = place.make(self.owner)
        self.ana = place.player(self.owner, self.drill, "ana")
        self.ben = place.entered(self.owner.data(self.drill, "/lobby")["link"])
        self.ben.post(f"/d/{self.drill}/name", data={"member": "ben"})
        self.owner.post(f"/api/drills/{self.drill}/admit", json={"member": "ben"})
        self.chloe = place.player(self.owner, self.drill, "chloe")
        self.watcher = place.watcher(self.owner, self.drill, "observer")
        self.owner.start(self.drill)
        self.ana.does(self.drill, "/ack", "/sev 1", "/alert 1 photos", "/join", "/role incident commander")
        self.ben.does(self.drill, "/ack", "/join", "/role solutioneer", "/log I look at the browser")
        place.ahead(self.drill, 600_000)
        self.owner.does(self.drill, "/end", "/end")
        self.ana.post(f"/api/drills/{self.drill}/wash", json={"surprise": GUESS, "heard": 41_000, "command": None})
        for screen in ("reveal", "score"):
            self.owner.post(f"/api/drills/{self.drill}/screen", json={"screen": screen})

    def folder(self) -> dict[str, bytes]:
        answer = self.owner.get(f"/d/{self.drill}/folder.zip")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


@pytest.fixture(scope="module")
def company(place: Place) -> Company:
    return Company(place)


def test_1_lobby_and_papers_say_that_in_a_small_team_a_role_is_a_person(place: Place, company: Company) -> None:
    lobby = place.player(company.owner, place.make(company.owner), "ana")
    files = company.folder()
    assert SMALL_TEAM in lobby.get(lobby.get("/api/drills").json()["drills"][0]["id"].join(("/d/", ""))).text
    for paper in ("report.html", "situation-report.md", "post-mortem.md"):
        assert SMALL_TEAM in files[paper].decode(), paper


def test_2_a_ledger_and_a_guess_are_ones_own_alone(company: Company) -> None:
    mine = company.ana.data(company.drill, "/wash")
    assert mine["score"]["mine"] is not None
    assert mine["mine"]["surprise"] == GUESS
    for other in (company.owner, company.watcher, company.ben, company.chloe):
        seen = other.data(company.drill, "/wash")
        assert GUESS not in json.dumps(seen)
        assert (seen["score"]["mine"] is None) == (other not in (company.ben, company.chloe))
    log = company.place.run(company.place.live(company.drill).log())
    ledgers = grade(log, people=True).people or {}
    assert ledgers["chloe"].lost, "she has not come, and that is hers to know"
    for who, browser in (("ana", company.ana), ("ben", company.ben), ("chloe", company.chloe)):
        own = [line.title for line in ledgers[who].lost if line.points >= 0.05]
        assert [line["title"] for line in browser.data(company.drill, "/wash")["score"]["mine"]] == own
    for name, content in company.folder().items():
        assert GUESS.encode() not in content, name
    assert json.loads(company.folder()["scorecard.json"])["people"] is None
    for page in ("/", "/done", "/people", "/people/ana", "/library", "/library/no-photos"):
        assert GUESS not in company.owner.get(page).text, page


def test_3_what_is_listed_of_people_says_nothing_of_how_they_did(company: Company) -> None:
    """Not to the owner either: teams, and in how many drills they were."""
    found = {one["id"]: one for one in company.owner.get("/api/people").json()["people"]}
    assert set(found["ana"]) == {"id", "name", "email", "teams", "drills"}
    page = company.owner.get("/people/ana").text.split("<main")[1]
    score = company.owner.data(company.drill, "/wash")["score"]
    for line in (*score["ledger"], *score["parts"]):
        assert line["title"] not in page


def test_4_attendance_says_how_somebody_was_identified_and_no_points(company: Company) -> None:
    store = company.place.server.store
    rows = store.read(lambda connection: people.attended(connection, drill=company.drill)).result()
    found = {(row.person, row.seat): row.identified for row in rows}
    assert (found["ana", "player"], found["ben", "player"]) == ("link", "list")
    assert sorted(seat for _, seat in found if seat != "player") == ["facilitator", "observer"]
    assert set(ATTENDANCE.c.keys()) == {"drill", "person", "seat", "identified", "at"}


def test_5_who_runs_rates_or_watches_has_a_name_and_those_who_play_can_read_it(place: Place) -> None:
    owner = place.owner()
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    links = owner.data(drill, "/lobby")
    for seat in ("observer", "evaluator", "facilitator"):
        nameless = place.entered(links[f"{seat}_link"])
        for path in ("/lobby", "/events", "", "/stream", "/wash", "/duties"):
            assert nameless.get(f"/api/drills/{drill}{path}").status_code == 403, (seat, path)
        assert "write your name" in nameless.get(f"/d/{drill}").text
        for wrong in ("", "x" * 61, "\x07"):
            assert nameless.post(f"/d/{drill}/name", data={"name": wrong}).status_code == 422
        taken = nameless.post(f"/d/{drill}/name", data={"name": "Ana Ruiz"})
        assert "Ana Ruiz plays in this drill" in taken.text
        assert nameless.post(f"/d/{drill}/name", data={"name": f"Nora {seat}"}).status_code == 303
        assert nameless.get(f"/api/drills/{drill}/lobby").status_code == 200
        assert nameless.post(f"/d/{drill}/name", data={"name": "Another"}).status_code == 409
    wanted = [
        {"seat": "facilitator", "name": "Nora facilitator"},
        {"seat": "facilitator", "name": "Olga Sørensen"},
        {"seat": "evaluator", "name": "Nora evaluator"},
        {"seat": "observer", "name": "Nora observer"},
    ]
    assert ana.data(drill, "/lobby")["staff"] == wanted
    owner.start(drill)
    assert ana.data(drill)["static"]["staff"] == wanted


def test_7_stop_asks_for_no_reason_and_holds_none(place: Place) -> None:
    owner = place.owner()
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    assert ana.act(drill, {"do": "stop", "reason": "my child is ill"}).status_code in (200, 409)
    ana.say(drill, "/stop")
    stopped = [event for event in place.live(drill).events if isinstance(event, ev.DrillStopped)]
    assert stopped
    assert fields_of(ev.DrillStopped, "typed") == ()
    assert "child" not in str(stopped)


def test_8_what_is_kept_for_a_time_goes_after_it_and_no_sooner(tmp_path: Path) -> None:
    with serving(tmp_path) as place:
        company = Company(place)
        close_down(company.owner, company.drill)
        place.until(lambda: not place.server.rooms.running)
        store, keep = place.server.store, Keep()
        counts = [count(place, table) for table in (GUESSES, TEXTS, ATTENDANCE, SEATS, LINKS)]
        assert min(counts) > 0
        left = []
        for days in (29, 31, 89, 91, 200, 395, 397):
            now = datetime.now(UTC) + timedelta(days=days)
            store.submit(lambda connection, now=now: sweep(connection, now, keep)).result()  # type: ignore[misc]
            came = store.read(dated).result()
            left.append((days, count(place, GUESSES) > 0, came, count(place, SEATS) > 0, count(place, TEXTS) > 0))
        assert left == [
            (29, True, True, True, True),
            (31, False, True, True, True),
            (89, False, True, True, True),
            (91, False, False, True, True),
            (200, False, False, False, True),
            (395, False, False, False, True),
            (397, False, False, False, False),
        ]
        assert count(place, ATTENDANCE) == counts[2], "that somebody was in a drill stays"
        log = store.log(company.drill).result()
        assert log is not None
        assert verify(log.data, texts=log.texts).right


def count(place: Place, table: sa.Table) -> int:
    found = place.server.store.read(
        lambda connection: connection.execute(sa.select(sa.func.count()).select_from(table))
    )
    return int(found.result().scalar() or 0)


def dated(connection: sa.Connection) -> bool:
    """Whether it still says when somebody came."""
    return connection.execute(sa.select(ATTENDANCE).where(ATTENDANCE.c.at.is_not(None))).first() is not None


def test_8_the_server_sweeps_by_what_its_settings_say(tmp_path: Path) -> None:
    with serving(tmp_path, keep_guesses_days=1, keep_presence_days=3, keep_texts_days=2) as place:
        company = Company(place)
        close_down(company.owner, company.drill)
        place.until(lambda: not place.server.rooms.running)
        old = (datetime.now(UTC) - timedelta(days=2, hours=1)).isoformat()
        place.server.store.change_drill(company.drill, made=old).result()
        assert "I look at the browser" in company.owner.get(f"/api/drills/{company.drill}").text
        place.run(place.server.sweep())
        seen = company.owner.get(f"/api/drills/{company.drill}").text
        assert "I look at the browser" not in seen, "a room that was read before must not show what is deleted"
        assert "[erased]" in seen
        kept = (count(place, GUESSES), count(place, TEXTS), place.server.store.read(dated).result())
        assert kept == (0, 0, True)


def test_10_lobby_and_papers_say_that_it_is_never_for_appraisal_and_nobody_is_ranked(
    place: Place, company: Company
) -> None:
    drill = place.make(company.owner)
    lobby = place.player(company.owner, drill, "ana").get(f"/d/{drill}").text
    assert "nothing of it is for anybody" in lobby
    for paper in ("report.html", "situation-report.md", "post-mortem.md"):
        text = company.folder()[paper].decode()
        assert "never for appraisal" in text, paper
    people_in = {"ana", "ben", "chloe"}
    card = json.loads(company.folder()["scorecard.json"])
    assert not people_in & set(json.dumps([card["components"], card["ledger"]]).split('"')), "points carry roles"


def test_11_who_looked_stands_on_ones_page_and_the_folder_is_for_a_custodian_with_a_name(place: Place) -> None:
    company = Company(place)
    nameless = place.browser()
    assert nameless.get(place.here(place.owner_link)).status_code == 303
    for browser in (company.ana, company.watcher):
        assert browser.get(f"/d/{company.drill}/folder.zip").status_code == 403
    asked = nameless.get(f"/d/{company.drill}/folder.zip")
    assert (asked.content[:2] == b"PK", 'name="name"' in asked.text) == (False, True), "who has no name is asked for it"
    before = company.ana.get("/me").text
    assert f"downloaded the folder, with names and texts · {company.drill}" not in before
    company.folder()
    company.ben.get(f"/d/{company.drill}/report")
    company.owner.get("/people/ana")
    page = company.ana.get("/me").text
    for who, what in (
        ("Olga Sørensen", f"downloaded the folder, with names and texts · {company.drill}"),
        ("Ben Okafor", f"opened the report · {company.drill}"),
        ("Olga Sørensen", "opened this page"),
    ):
        assert who in page
        assert what in page
    assert "opened this page" not in company.ben.get("/me").text
    title = company.place.live(company.drill).plan.scenario.title
    assert title not in page, "what an open drill is about stands on no page of a person"
    close_down(company.owner, company.drill)
    place.until(lambda: title in company.ana.get("/me").text)
    assert f"opened the report · {title}, " in company.ana.get("/me").text


def test_9_a_drill_verifies_and_scores_as_before_without_what_was_forgotten(place: Place) -> None:
    company = Company(place)
    answer = company.owner.post("/api/people/ben/forget")
    assert (answer.status_code, company.drill in answer.text or "is still running" in answer.text) == (409, True)
    for one in company.owner.get("/api/drills").json()["drills"]:
        close_down(company.owner, one["id"])
    place.until(lambda: not place.server.rooms.running)
    files = company.folder()
    before = DrillLog.read(files["log.jsonl"], read_texts(files["texts.json"]))
    ben = forgotten(company.owner, "ben")
    assert company.drill in ben["drills"]
    files = company.folder()
    after = DrillLog.read(files["log.jsonl"], read_texts(files["texts.json"]))
    assert after.data == before.data
    assert after.erased > 0
    assert f"{after.erased} erased" in verify(after.data, texts=after.texts).why
    assert grade(after).score == grade(before).score


TOLD, CONTACTED, REMARK, OWN = "Do not help them yet", "May we promise money back?", "only after a hint", "An own log"
NOTED, RATED = "both spoke at once", "it took three calls"
INJECTS = f"""
outsiders: [{{id: counsel, name: Legal counsel, knows: Knows the contracts.}}]
injects:
  - {{id: setting, at: 30s, to: facilitator, from: Backstage, text: {TOLD}}}
  - id: mail
    at: 1m
    to: first_responder
    text: Look.
    attach: [files/own.log]
    expects: {{judged: Names who decides}}
"""


def test_1_what_is_for_one_or_for_staff_reaches_nobody_else_by_any_way(here: Path) -> None:
    for name, text in new_workspace().items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text)
    story = here / "scenarios" / "first-drill.yaml"
    story.write_text(story.read_text().replace("\ninjects:\n", INJECTS, 1))
    (here / "scenarios" / "files").mkdir()
    (here / "scenarios" / "files" / "own.log").write_text(OWN)
    with serving(here) as place:
        owner = place.owner()
        drill = place.make(owner, scenario="first-drill")
        owner.start(drill)
        ana, ben = (place.player(owner, drill, who) for who in ("ana", "ben"))
        evaluator, watcher = (place.watcher(owner, drill, seat) for seat in ("evaluator", "observer"))
        ana.does(drill, "/ack", "/alert 1 search", "/join", f"/contact counsel {CONTACTED}")
        ben.does(drill, "/ack", "/join")
        for kind in (ev.FacilitatorTold, ev.InjectDelivered):
            place.ahead(drill, 60_000)
            place.until(lambda kind=kind: any(isinstance(one, kind) for one in place.live(drill).events))  # type: ignore[misc]  # its default is its value
        (mail,) = [one for one in place.live(drill).events if isinstance(one, ev.InjectDelivered)]
        file = f"/d/{drill}/files/{sha256(OWN.encode()).hexdigest()}"
        evaluator.does(drill, f"/judge {mail.number} partly {REMARK}", f"/note {NOTED}", f"/rate calm 70 {RATED}")
        owner.does(drill, "/end", "/end")
        staff = {TOLD, "Backstage", REMARK, NOTED, RATED}
        for browser in (owner, evaluator):
            assert found_by(browser, drill) == staff | {CONTACTED}
            assert browser.get(file).text == OWN
        assert (found_by(ana, drill), ana.get(file).text) == ({CONTACTED}, OWN)
        for browser in (ben, watcher):
            assert (found_by(browser, drill), browser.get(file).status_code) == (set(), 404)
        for screen in ("reveal", "score"):
            owner.post(f"/api/drills/{drill}/screen", json={"screen": screen})
        for browser in (ana, ben, watcher):
            assert found_by(browser, drill) == {CONTACTED}, "the talk shows what players did, never what staff wrote"
            assert browser.get(f"/d/{drill}/report").status_code == 200
            assert browser.get(f"/d/{drill}/folder.zip").status_code == 403
        packed = zipfile.ZipFile(io.BytesIO(owner.get(f"/d/{drill}/folder.zip").content))
        held = {name.partition("/")[2]: packed.read(name).decode() for name in packed.namelist()}
        for paper in ("report.html", "situation-report.md", "post-mortem.md"):
            assert not [secret for secret in staff if secret in held[paper]], paper
        assert TOLD in held["events.csv"], "the table is the custodian's"
        assert [text for text in (CONTACTED, REMARK) if text in held["log.jsonl"]] == [], "what is typed can be erased"
        assert all(text in held["texts.json"] for text in (CONTACTED, REMARK))


def found_by(browser: Browser, drill: str) -> set[str]:
    """Which of the texts somebody gets on any page, from the API, in a paper or by the stream."""
    api = f"/api/drills/{drill}"
    ways = [f"/d/{drill}", f"/d/{drill}/report", "/", "/me", "/library", "/library/first-drill", api]
    ways += [
        f"{api}/{way}" for way in ("events", "wash", "duties", "advice", "scorecard", "log", "lobby", "folder.zip")
    ]
    ways += [f"{api}/papers/{paper}" for paper in ("situation-report.md", "post-mortem.md")]
    heard = []
    with browser.stream("GET", f"{api}/stream?after=-1") as stream:
        for line in stream.iter_lines():
            heard.append(line)
            if '"phase":"hot_wash"' in line:
                break
    got = "\n".join([*heard, *(browser.get(way).text for way in ways)])
    return {text for text in (TOLD, "Backstage", CONTACTED, REMARK, NOTED, RATED) if text in got}


def close_down(owner: Browser, drill: str) -> None:
    """Bring a drill to its end, however far it has come."""
    owner.post(f"/api/drills/{drill}/start")
    for said in ("/end", "/end", "/end", "/follow-up-done"):
        owner.say(drill, said)


def forgotten(owner: Browser, who: str) -> dict[str, Any]:
    answer = owner.post(f"/api/people/{who}/forget")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
