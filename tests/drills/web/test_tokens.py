"""Tokens: what each opens, and what is said of those that open nothing."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from drills.records.schema import TOKENS
from drills.records.tokens import SCOPES
from drills.web import (
    api_actions,
    api_drill,
    api_evidence,
    api_history,
    api_hotwash,
    api_people,
    api_results,
    api_server,
    api_setup,
    api_tokens,
)
from drills.web.middleware import Limits
from drills.web.tokens import OPENED, scope_for
from simulator.log import verify
from tests.drills.server import Browser, Place, serving

NOT_FOR_TOKENS = {
    ("GET", "/api/drills/{drill}/coach"),  # a person practises
    ("POST", "/api/drills/{drill}/advice"),  # a person writes
    ("GET", "/api/drills/{drill}/wash"),  # a person looks back
    ("POST", "/api/drills/{drill}/wash"),
    ("GET", "/api/server"),  # commands ask
    ("POST", "/api/teams"),  # the owner alone, as all below
    ("POST", "/api/actions/{key}"),
    ("POST", "/api/actions/{key}/close"),
    ("POST", "/api/actions/{key}/reopen"),
    ("POST", "/api/evidence"),
    ("POST", "/api/history/anew"),
    ("POST", "/api/people/allow"),
    ("POST", "/api/people/{who}/merge"),
    ("POST", "/api/people/{who}/forget"),
    ("GET", "/api/tokens"),
    ("POST", "/api/tokens"),
    ("POST", "/api/tokens/{which}/revoke"),
}


class Program(httpx.Client):
    """A program with a token: no cookie, no header but the one for it."""

    def __init__(self, place: Place, token: str) -> None:
        super().__init__(base_url=place.base, headers={"Authorization": f"Bearer {token}"}, timeout=20)

    def says(self, path: str, status: int = 200, method: str = "GET", body: object = None) -> Any:  # noqa: ANN401 - JSON
        answer = self.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


Start = Callable[[str], Program]


@pytest.fixture(scope="module")
def owner(place: Place) -> Browser:
    return place.owner()


def made(owner: Browser, name: str, *scopes: str) -> str:
    answer = owner.post("/api/tokens", json={"name": name, "scopes": scopes or ["read"]})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


@pytest.fixture
def programs(place: Place) -> Iterator[Start]:
    begun: list[Program] = []

    def start(token: str) -> Program:
        begun.append(Program(place, token))
        return begun[-1]

    yield start
    for one in begun:
        one.close()


def test_every_route_of_the_api_is_for_a_scope_or_for_none() -> None:
    parts = (
        *(api_actions, api_drill, api_evidence, api_history, api_hotwash, api_people),
        *(api_results, api_server, api_setup, api_tokens),
    )
    routes = {
        (method, route.path)
        for part in parts
        for route in part.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert routes == set(OPENED) | NOT_FOR_TOKENS
    assert set(OPENED) & NOT_FOR_TOKENS == set()
    assert set(OPENED.values()) == set(SCOPES)
    for method, path in routes:
        there = re.sub(r"\{\w+\}", "drill-1", path)
        assert scope_for(method, there) == OPENED.get((method, path)), path


def test_a_program_makes_runs_and_reads_a_drill(place: Place, owner: Browser, programs: Start) -> None:
    program = programs(made(owner, "nightly-ci", "read", "run"))
    assert "no-photos" in {one["name"] for one in program.says("/api/scenarios")["scenarios"]}
    assert {"id": "officeluv", "title": "OfficeLuv engineering and operations", "people": 6} in program.says(
        "/api/teams"
    )["teams"]
    asked = {"scenario": "no-photos", "people": [{"name": "Ana Ruiz"}], "simulated": 3, "seed": 7}
    drill = program.says("/api/drills", method="POST", body=asked)["drill"]
    lobby = program.says(f"/api/drills/{drill}/lobby")
    assert lobby["people"][0]["name"] == "Ana Ruiz"
    program.says(f"/api/drills/{drill}/start", method="POST")
    ana = place.entered(lobby["personal"][0]["link"])
    assert [one["name"] for one in ana.data(drill, "/lobby")["staff"]] == ["The token nightly-ci"]
    program.says(f"/api/drills/{drill}/acts", method="POST", body={"id": "1", "say": "/end"})
    log = program.get(f"/api/drills/{drill}/log")
    assert verify(log.content).right
    assert "Ana" not in log.text
    card = program.says(f"/api/drills/{drill}/scorecard")
    assert (card["drill"], card["log"]) == (drill, verify(log.content).head)
    assert [one["id"] for one in program.says("/api/drills")["drills"]] == [drill]
    noted = [line for line in place.lines if line.get("token") == "nightly-ci"]
    assert {"POST", "GET"} == {line["method"] for line in noted}


def test_what_names_people_takes_its_own_scope_and_is_recorded_by_the_tokens_name(
    place: Place, owner: Browser, programs: Start
) -> None:
    drill = place.make(owner)
    place.player(owner, drill, "ana")
    owner.start(drill)
    owner.does(drill, "/end")
    reads = programs(made(owner, "dashboard", "read", "run"))
    for path in ("", "/events", "/papers/post-mortem.md", "/folder.zip"):
        refused = reads.says(f"/api/drills/{drill}{path}", 403)
        assert refused == {"error": "the token dashboard is for read and run, and this takes one for people"}
    audit = programs(made(owner, "audit", "people"))
    assert "Ana Ruiz" in str(audit.says(f"/api/drills/{drill}"))
    assert "Ana Ruiz" in str(audit.says("/api/people"))
    assert audit.get(f"/api/drills/{drill}/papers/post-mortem.md").text.startswith("# ")
    assert audit.get(f"/api/drills/{drill}/folder.zip").content[:2] == b"PK"
    assert audit.says("/api/scenarios", 403)["error"] == ("the token audit is for people, and this takes one for read")
    audit.says(f"/api/drills/{drill}/events")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", owner.get("/people/ana").text))
    looked = re.findall(r"The token audit \d+ \w+ \d+ ([A-Za-z ,]*) ·", page)
    assert sorted(looked) == ["downloaded the folder, with names and texts", "opened the report", "read it by the API"]
    assert re.search(r"The token audit \d+ \w+ \d+ read the list of people by the API", page)


def test_a_token_opens_no_page_and_nothing_that_is_not_listed(place: Place, owner: Browser, programs: Start) -> None:
    program = programs(made(owner, "everything", "read", "run", "people"))
    for method, path in [("GET", "/"), ("GET", "/tokens"), ("GET", "/api/tokens"), ("POST", "/api/teams")]:
        answer = program.request(method, path)
        assert answer.status_code == 403
        assert "o token opens this; open it in a browser, by a link" in answer.text
    drill = place.make(owner)
    assert program.get(f"/api/drills/{drill}/stream").status_code == 403
    assert program.post("/api/people/ana/forget").status_code == 403


def test_why_a_token_opens_nothing_is_said(place: Place, owner: Browser, programs: Start) -> None:
    revoked, expired = made(owner, "old-one"), made(owner, "older")
    assert programs(revoked).get("/api/drills").status_code == 200
    assert owner.post("/api/tokens/old-one/revoke").json()["revoked"]["state"] == "revoked"
    past = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    change = TOKENS.update().where(TOKENS.c.name == "older").values(expires=past)
    place.run(_submitted(place, change))
    said = {name: programs(token).get("/api/drills") for name, token in (("old-one", revoked), ("older", expired))}
    assert [one.status_code for one in said.values()] == [401, 401]
    assert said["old-one"].json()["error"].startswith("the token old-one was revoked on ")
    assert said["older"].json()["error"].startswith("the token older expired on ")
    assert said["older"].headers["www-authenticate"] == "Bearer"
    assert owner.post("/api/tokens/older/revoke").json() == {"error": "older is not valid any more"}
    assert owner.post("/api/tokens/nobodys/revoke").json() == {"error": "there is no token 'nobodys'"}
    states = {one["name"]: one["state"] for one in owner.get("/api/tokens").json()["tokens"]}
    assert (states["old-one"], states["older"]) == ("revoked", "expired")


async def _submitted(place: Place, change: sa.Update) -> None:
    await place.server.store.submit(lambda connection: connection.execute(change).rowcount)


@pytest.mark.parametrize(
    "wrong", ["x", "drt_", "drt_0123_", "drt_000000000000_" + "a" * 43, "drt_" + "a" * 5_000, "drt_ä_ö"]
)
def test_a_token_that_there_is_not_opens_nothing(place: Place, wrong: str) -> None:
    header = f"Bearer {wrong}".encode()
    answer = httpx.get(f"{place.base}/api/drills", headers={b"authorization": header})
    assert answer.status_code == 401
    assert answer.json()["error"].startswith("there is no such token")


def test_the_secret_of_one_does_not_open_another(owner: Browser, programs: Start) -> None:
    one, other = made(owner, "one-of-two"), made(owner, "other-of-two")
    mixed = "_".join([*one.split("_")[:2], other.split("_", 2)[2]])
    assert programs(mixed).get("/api/drills").status_code == 401
    assert programs(one.upper()).get("/api/drills").status_code == 401


def test_guessed_tokens_are_limited_and_those_with_a_right_one_go_on(
    place: Place, owner: Browser, programs: Start
) -> None:
    right, wrong = programs(made(owner, "right-one")), programs("drt_000000000000_" + "a" * 43)
    before = place.server.desk.guesses.__dict__.copy()
    place.server.desk.guesses.__dict__.update(Limits(1e-9, 3).__dict__)
    try:
        assert [wrong.get("/api/drills").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
        assert wrong.get("/api/drills").json()["error"].startswith("too many wrong tokens came from your address")
        assert right.get("/api/drills").status_code == 200
    finally:
        place.server.desk.guesses.__dict__.update(before)


def test_a_token_in_an_address_is_not_taken(place: Place, owner: Browser) -> None:
    token = made(owner, "in-an-address")
    for path in (f"/api/drills?access_token={token}", f"/api/drills?token={token}", f"/join/{token}"):
        answer = httpx.get(f"{place.base}{path}", headers={"accept": "application/json"})
        assert answer.status_code == 401
        assert "token in an address ends up in logs and histories" in answer.text
    assert all(token not in line for line in place.log.getvalue().splitlines())


def test_a_token_is_no_way_around_what_is_asked_of_every_request(owner: Browser, programs: Start) -> None:
    program = programs(made(owner, "careless", "run"))
    huge = program.post(
        "/api/drills", content=b"{" + b" " * 70_000 + b"}", headers={"content-type": "application/json"}
    )
    assert (huge.status_code, huge.json()["error"]) == (413, "that is too large; at most 64 kB are taken")
    asked = {"scenario": "no-photo", "people": [{"name": "A, B"}], "timezone": "Mars"}
    answer = program.post("/api/drills", json=asked)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) >= {"scenario", "timezone"}
    assert program.post("/api/drills", json={"scenario": "no-photos", "team": "x"}).json()["fields"] == {
        "team": "there is no team by that name; it may have been renamed or removed",
        "people": "name at least one person, or somebody simulated",
    }
    assert program.post("/api/drills", json={"scenario": "no-photos", "tema": "x"}).status_code == 422


def test_only_the_digest_is_kept(place: Place, owner: Browser) -> None:
    token = made(owner, "kept-secret")
    rows = place.run(_rows(place))
    assert token.split("_", 2)[2] not in str(rows)
    assert token not in owner.get("/api/tokens").text
    assert token not in owner.get("/tokens").text


async def _rows(place: Place) -> list[Any]:
    return await place.server.store.read(lambda connection: list(connection.execute(sa.select(TOKENS))))


def test_the_owner_makes_and_revokes_tokens_on_a_page(place: Place, owner: Browser, programs: Start) -> None:
    wrong = owner.post("/tokens", data={"name": "No Good", "scope": "read", "days": "30"})
    assert wrong.status_code == 422
    assert "Name it in small letters, digits and hyphens" in wrong.text
    shown = owner.post("/tokens", data={"name": "by-hand", "scope": ["read", "run"], "days": "30"})
    assert shown.headers["cache-control"] == "no-store"
    found = re.search(r"drt_[0-9a-f]{12}_[\w-]{43}", shown.text)
    assert found is not None
    program = programs(found[0])
    program.says("/api/drills")
    page = owner.get("/tokens").text
    assert found[0] not in page
    assert "by Olga Sørensen" in page
    again = owner.post("/tokens", data={"name": "by-hand", "scope": "read", "days": "30"})
    assert "there is a token named by-hand already" in again.text.lower()
    which = re.search(r'value="(token-[0-9a-f]+)"><button[^>]*aria-label="Revoke by-hand"', page)
    assert which is not None
    assert owner.post("/tokens/revoke", data={"token": which[1]}).status_code == 303
    program.says("/api/drills", 401)
    player = place.player(owner, place.make(owner), "ana")
    assert (player.get("/tokens").status_code, player.get("/api/tokens").status_code) == (403, 403)
    assert place.browser().get("/tokens").status_code == 401


def test_when_a_token_was_used_is_noted_once_a_minute(owner: Browser, programs: Start) -> None:
    program = programs(made(owner, "busy-one"))

    def used() -> object:
        return next(one["used"] for one in owner.get("/api/tokens").json()["tokens"] if one["name"] == "busy-one")

    assert used() is None
    program.says("/api/drills")
    first = used()
    assert first is not None
    program.says("/api/drills")
    assert used() == first


def test_a_forgotten_person_leaves_no_name_on_a_token(tmp_path: Path) -> None:
    with serving(tmp_path) as there:
        owner = there.owner()
        made(owner, "of-olga")
        olga = next(one for one in owner.get("/api/people").json()["people"] if one["name"] == "Olga Sørensen")
        assert owner.post(f"/api/people/{olga['id']}/forget").status_code == 200
        again = there.browser()
        again.get(there.here(there.owner_link))
        (line,) = again.get("/api/tokens").json()["tokens"]
        assert "olga" not in str(line).lower()
