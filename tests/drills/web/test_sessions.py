"""Who comes in, and as whom: links, cookies, the lobby's door, and that nobody can act as somebody else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from drills.records.schema import LINKS, SEATS
from drills.web.middleware import GUESSES
from drills.web.sessions import COOKIE, Session
from tests.drills.server import Browser, Place, serving


@pytest.fixture(scope="module")
def drill(place: Place, owner: Browser) -> str:
    """A drill that runs; the tests leave it as it is."""
    made = place.make(owner)
    owner.start(made)
    return made


def one_link(owner: Browser, drill: str) -> str:
    return str(owner.data(drill, "/lobby")["link"])


def people(owner: Browser, drill: str) -> dict[str, dict[str, object]]:
    return {one["id"]: one for one in owner.data(drill, "/lobby")["people"]}


# -- coming in by the one link -----------------------------------------------------------------------------------------


def test_one_link_a_name_and_somebody_who_lets_in(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ben = place.entered(one_link(owner, drill))
    page = ben.get(f"/d/{drill}")
    assert page.status_code == 200
    assert "Who are you?" in page.text
    assert "Ben Okafor" in page.text

    assert ben.post(f"/d/{drill}/name", data={"member": "ben"}).status_code == 303
    assert "lets you in" in ben.get(f"/d/{drill}").text
    assert people(owner, drill)["ben"]["waiting"] is True
    assert ben.data(drill, "/lobby")["me"] == "ben"
    assert ben.data(drill, "/lobby")["admitted"] is False
    assert ben.get(f"/api/drills/{drill}").status_code == 404, "who waits sees nothing but the lobby"

    assert owner.post(f"/api/drills/{drill}/admit", json={"member": "ben"}).json() == {"admitted": 1}
    assert ben.data(drill, "/lobby")["admitted"] is True
    assert people(owner, drill)["ben"] | {"here": None} == {
        "id": "ben", "name": "Ben Okafor", "here": None, "admitted": True, "waiting": False,
        "simulated": False, "first_responder": False,
    }  # fmt: skip
    owner.start(drill)
    assert ben.data(drill)["static"]["viewer"] == {"role": "player", "member": "ben", "name": "Ben Okafor"}


def test_a_name_is_one_persons(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    first, second = place.entered(one_link(owner, drill)), place.entered(one_link(owner, drill))
    assert first.post(f"/d/{drill}/name", data={"member": "chloe"}).status_code == 303
    assert second.post(f"/d/{drill}/name", data={"member": "chloe"}).status_code == 409
    assert second.post(f"/d/{drill}/name", data={"member": "nobody"}).status_code == 409
    assert second.post(f"/d/{drill}/name", data={"member": "facilitator"}).status_code == 409
    # Who chose wrongly may choose again, until somebody has let them in.
    assert first.post(f"/d/{drill}/name", data={"member": "ben"}).status_code == 303
    assert second.post(f"/d/{drill}/name", data={"member": "chloe"}).status_code == 303
    owner.post(f"/api/drills/{drill}/admit", json={"member": "chloe"})
    assert second.post(f"/d/{drill}/name", data={"member": "ana"}).status_code == 409


def test_two_at_once_do_not_get_the_same_name(place: Place, owner: Browser) -> None:
    import asyncio

    drill = place.make(owner)
    access = place.server.access
    browsers = [place.entered(one_link(owner, drill)) for _ in range(4)]

    async def all_at_once() -> list[bool]:
        return list(await asyncio.gather(*(access.name(each.cookie, drill, "chloe") for each in browsers)))

    assert sorted(place.run(all_at_once())) == [False, False, False, True]


def test_only_who_runs_the_drill_lets_in_begins_and_revokes(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    seats = {
        "player": place.player(owner, drill, "ana"),
        "evaluator": place.watcher(owner, drill, "evaluator"),
        "observer": place.watcher(owner, drill, "observer"),
    }
    for browser in seats.values():
        for path, body in (("/admit", {"member": "ben"}), ("/start", {}), ("/revoke", {"member": ""})):
            assert browser.post(f"/api/drills/{drill}{path}", json=body).status_code == 403
        lobby = browser.data(drill, "/lobby")
        assert (lobby["link"], lobby["qr"], lobby["personal"]) == (None, None, [])
        assert lobby["observer_link"] is lobby["evaluator_link"] is lobby["facilitator_link"] is None


def test_who_waits_can_choose_but_not_look_begin_or_act(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    late = place.entered(one_link(owner, drill))
    late.post(f"/d/{drill}/name", data={"member": "chloe"})
    for path in ("", "/events", "/duties", "/coach", "/wash", "/stream"):
        assert late.get(f"/api/drills/{drill}{path}").status_code == 404
    assert late.say(drill, "/stop").status_code == 404
    assert late.post(f"/api/drills/{drill}/start").status_code == 404
    owner.post(f"/api/drills/{drill}/admit", json={"member": "chloe"})
    assert late.get(f"/d/{drill}").status_code == 200
    assert late.data(drill)["static"]["viewer"]["member"] == "chloe"


def test_who_waits_hears_of_the_lobby_until_it_begins_and_of_nothing_then(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    late = place.entered(one_link(owner, drill))
    late.post(f"/d/{drill}/name", data={"member": "chloe"})
    with late.stream("GET", f"/api/drills/{drill}/stream", timeout=15) as stream:
        lines = stream.iter_lines()
        assert next(lines)
        owner.start(drill)
        said = "\n".join(lines)  # it ends by itself: what one may see has changed
    assert "event: started" in said
    assert "IncidentReported" not in said
    assert late.get(f"/api/drills/{drill}/stream").status_code == 404


def test_all_who_wait_are_let_in_at_once_however_many(place: Place, owner: Browser) -> None:
    """Else so many requests would be too fast for the server's own limits."""
    drill = place.make(owner)
    link = one_link(owner, drill)
    come = {who: place.entered(link) for who in ("ana", "ben", "nobody yet")}
    for who in ("ana", "ben"):
        come[who].post(f"/d/{drill}/name", data={"member": who})
    assert owner.post(f"/api/drills/{drill}/admit", json={"member": ""}).json() == {"admitted": 2}
    assert [browser.data(drill, "/lobby")["admitted"] for browser in come.values()] == [True, True, False]


# -- personal links, and those for who does not play -------------------------------------------------------------------


def test_a_personal_link_needs_no_letting_in(place: Place, owner: Browser, drill: str) -> None:
    ana = place.player(owner, drill, "ana")
    assert ana.data(drill)["static"]["viewer"] == {"role": "player", "member": "ana", "name": "Ana Ruiz"}
    assert ana.say(drill, "/ack").status_code == 200


@pytest.mark.parametrize("role", ["observer", "evaluator", "facilitator"])
def test_the_links_for_those_who_do_not_play(place: Place, owner: Browser, drill: str, role: str) -> None:
    browser = place.watcher(owner, drill, role)
    data = browser.data(drill)
    assert data["static"]["viewer"]["role"] == role
    assert (data["static"]["answers"] is None) == (role == "observer")
    taken = {"observer": 403, "evaluator": 403, "facilitator": 200}[role]
    assert browser.act(drill, {"do": "hint", "to": "ana", "text": "Look at the log."}).status_code == taken
    assert browser.say(drill, "/note calm").status_code == (403 if role == "observer" else 200)
    assert browser.get("/new").status_code == 403, "drills are made by the owner"
    assert [one["id"] for one in browser.get("/api/drills").json()["drills"]] == [drill]


def test_the_one_link_opened_again_takes_nothing_away(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    ana.open(place.here(one_link(owner, drill)))
    assert ana.data(drill, "/lobby")["admitted"] is True
    # Nor does the owner lock themselves out by trying a link.
    for link in (one_link(owner, drill), owner.data(drill, "/lobby")["personal"][0]["link"]):
        assert owner.get(place.here(link)).status_code == 303
        assert owner.data(drill, "/lobby")["link"] is not None
    # Somebody who only watches may come to play.
    watcher = place.watcher(owner, drill, "observer")
    watcher.open(place.here(one_link(owner, drill)))
    assert "Who are you?" in watcher.get(f"/d/{drill}").text


def test_the_owners_link_opens_everything_and_is_given_again(place: Place, owner: Browser, drill: str) -> None:
    assert owner.get("/").status_code == 200
    assert owner.get("/new").status_code == 200
    assert owner.data(drill)["static"]["answers"]["solution"]
    again = place.run(place.server.access.link(None, "facilitator"))
    assert place.owner_link.endswith(again)


def test_every_page_that_needs_a_name_asks_for_it_and_then_opens(place: Place, drill: str) -> None:
    """The owner's, and those of others who do not play; programs are told in words."""
    nameless = place.entered(place.owner_link)
    pages = [f"/d/{drill}", f"/d/{drill}/run-sheet", f"/d/{drill}/run-sheet.pdf", f"/d/{drill}/report"]
    for path in (*pages, f"/d/{drill}/folder.zip", f"/d/{drill}/files/{'0' * 64}"):
        asks = nameless.get(path).text
        assert "Who are you?" in asks, path
        assert f'name="then" value="{path}"' in asks
    refused = nameless.get(f"/api/drills/{drill}/duties")
    assert (refused.status_code, "say who you are first" in refused.json()["error"]) == (403, True)
    assert 'value="/people/ana"' in nameless.get("/people/ana").text, "whoever is looked at can read who looked"
    twice = nameless.post(f"/d/{drill}/name", data={"name": "", "then": f"/d/{drill}/run-sheet"})
    assert (twice.status_code, f'value="/d/{drill}/run-sheet"' in twice.text) == (422, True)
    said = nameless.post(f"/d/{drill}/name", data={"name": "Nadia Berg", "then": f"/d/{drill}/run-sheet"})
    assert (said.status_code, said.headers["location"]) == (303, f"/d/{drill}/run-sheet")
    assert "run sheet for the facilitator" in nameless.get(f"/d/{drill}/run-sheet").text


@pytest.mark.parametrize(
    "then", ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example", "/a?b", "x"]
)
def test_who_says_a_name_is_sent_to_no_page_but_ours(place: Place, then: str) -> None:
    nameless = place.entered(place.owner_link)
    assert nameless.post("/me/name", data={"name": "Nadia Berg", "then": then}).headers["location"] == "/"


# -- links that open nothing -------------------------------------------------------------------------------------------


def stored(place: Place, statement: sa.Update) -> None:
    """Change the database behind the server's back, and have it forget what it had read."""
    place.server.store.submit(lambda connection: connection.execute(statement)).result()
    place.server.access._known.clear()
    place.server.access._given.clear()


def test_a_revoked_link_opens_nothing_also_for_who_came_by_it(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    lobby = owner.data(drill, "/lobby")
    links = {one["member"]: one["link"] for one in lobby["personal"]}
    ana, ben = place.entered(links["ana"]), place.entered(links["ben"])
    chloe = place.entered(lobby["link"])
    chloe.post(f"/d/{drill}/name", data={"member": "chloe"})
    owner.post(f"/api/drills/{drill}/admit", json={"member": "chloe"})

    assert owner.post(f"/api/drills/{drill}/revoke", json={"member": "ana"}).json() == {"revoked": True}
    assert ana.get(f"/d/{drill}").status_code == 401, "it has no other seat"
    assert place.browser().get(place.here(links["ana"])).status_code == 404
    assert ben.get(f"/d/{drill}").status_code == 200
    fresh = {one["member"]: one["link"] for one in owner.data(drill, "/lobby")["personal"]}
    assert fresh["ana"] != links["ana"]
    assert fresh["ben"] == links["ben"]
    assert place.entered(fresh["ana"]).get(f"/d/{drill}").status_code == 200

    # Who came by the one link under that name has to say again who they are.
    owner.post(f"/api/drills/{drill}/revoke", json={"member": "chloe"})
    assert "Who are you?" in chloe.get(f"/d/{drill}").text
    assert chloe.get(f"/api/drills/{drill}/events").status_code == 404

    owner.post(f"/api/drills/{drill}/revoke", json={"member": ""})
    assert chloe.get(f"/d/{drill}").status_code == 401
    assert ben.get(f"/d/{drill}").status_code == 401
    assert place.browser().get(place.here(lobby["link"])).status_code == 404
    assert one_link(owner, drill) != lobby["link"]
    assert owner.post(f"/api/drills/{drill}/revoke", json={"member": "nobody"}).status_code == 409


def test_a_stream_ends_when_its_link_is_revoked(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    with ana.stream("GET", f"/api/drills/{drill}/stream", timeout=10) as stream:
        lines = stream.iter_lines()
        assert next(lines)
        owner.post(f"/api/drills/{drill}/revoke", json={"member": "ana"})
        for _ in lines:  # it ends, or this waits until the test fails
            pass
    assert ana.get(f"/api/drills/{drill}/stream").status_code == 401


def test_what_has_expired_opens_nothing(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    link = one_link(owner, drill)
    ana = place.player(owner, drill, "ana")
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    stored(place, LINKS.update().where(LINKS.c.drill == drill).values(expires=past))
    assert place.browser().get(place.here(link)).status_code == 404
    assert one_link(owner, drill) != link, "a fresh one is given out"
    assert ana.get(f"/d/{drill}").status_code == 200, "who has come in stays"
    stored(place, SEATS.update().where(SEATS.c.drill == drill).values(expires=past))
    assert ana.get(f"/d/{drill}").status_code == 401
    assert people(owner, drill)["ana"]["admitted"] is False


def test_a_session_expires_also_while_it_is_remembered(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    session = place.run(place.server.access.session(ana.cookie))
    seat = session.seats[drill]
    old = Session(session.key, {drill: seat._replace(expires=(datetime.now(UTC) - timedelta(1)).isoformat())})
    assert session.own(drill) == seat
    assert (old.own(drill), old.seat(drill), old.known, old.owner) == (None, None, False, False)


def test_a_link_that_will_soon_expire_is_not_given_out(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    link = one_link(owner, drill)
    soon = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    stored(place, LINKS.update().where(LINKS.c.drill == drill).values(expires=soon))
    assert one_link(owner, drill) != link
    assert place.entered(link).get(f"/d/{drill}").status_code == 200


def test_a_role_nobody_knows_is_no_role(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    ana = place.player(owner, drill, "ana")
    stored(place, SEATS.update().where(SEATS.c.drill == drill).values(role="root"))
    assert ana.get(f"/api/drills/{drill}").status_code == 404
    stored(place, LINKS.update().where(LINKS.c.drill == drill).values(role="root"))
    link = one_link(owner, drill)
    stored(place, LINKS.update().where(LINKS.c.drill == drill).values(role="root"))
    assert place.browser().get(place.here(link)).status_code == 404


@pytest.fixture
def patient(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Guesses are counted from the beginning, and none is forgiven while a slow machine sends."""
    monkeypatch.setattr(place.server.desk.guesses, "_per_second", 0.001)
    place.server.desk.guesses._buckets.clear()
    yield
    place.server.desk.guesses._buckets.clear()


@pytest.mark.usefixtures("patient")
def test_forged_links_open_nothing_and_set_no_cookie(place: Place, owner: Browser, drill: str) -> None:
    token = one_link(owner, drill).rpartition("/")[2]
    name, _, signature = token.rpartition(".")
    flipped = signature[:-2] + ("A" if signature[-2] != "A" else "B") + signature[-1]
    cookie = place.player(owner, drill, "ana").cookie
    for forged in (
        f"{name}.{flipped}",
        name,
        f"{name}x.{signature}",
        "x",
        f"{token}.{signature}",
        cookie,
        "%00",
        "ü" * 9,
    ):
        answer = place.browser().get(f"/join/{forged}")
        assert answer.status_code == 404, forged
        assert "set-cookie" not in answer.headers
        assert "This link does not work any more" in answer.text


@pytest.mark.usefixtures("patient")
def test_guessing_is_slowed_down_but_who_has_a_link_comes_in(place: Place, owner: Browser, drill: str) -> None:
    guesser = place.browser()
    codes = [guesser.get(f"/join/guess-{number}").status_code for number in range(int(GUESSES) + 8)]
    assert codes[: int(GUESSES)] == [404] * int(GUESSES)
    assert codes[-1] == 429
    assert guesser.get(place.here(one_link(owner, drill))).status_code == 303, "others share its address"


def test_links_and_cookies_are_not_to_be_guessed(place: Place, owner: Browser, drill: str) -> None:
    """At least 128 bits of chance in each, under a signature of 256."""
    for token in (one_link(owner, drill).rpartition("/")[2], owner.cookie):
        secret, signature = token.split(".")
        assert len(secret.strip('"')) * 6 >= 128
        assert len(signature) * 6 >= 256
    known = {one_link(owner, place.make(owner)) for _ in range(3)}
    assert len(known) == 3


# -- cookies -----------------------------------------------------------------------------------------------------------


def test_the_cookie_is_for_this_server_alone(place: Place, owner: Browser, drill: str) -> None:
    answer = place.browser().get(place.here(one_link(owner, drill)))
    kept = answer.headers["set-cookie"].lower()
    assert kept.startswith(f"{COOKIE}=")
    assert "httponly" in kept
    assert "samesite=lax" in kept
    assert "path=/" in kept
    assert "secure" not in kept, "this server is reached without TLS"
    assert re.search(r"max-age=\d{5,}", kept)


def test_behind_tls_the_cookie_is_secure_and_links_are_public(tmp_path: Path) -> None:
    with serving(tmp_path, public_url="https://drills.example.com") as place:
        assert place.owner_link.startswith("https://drills.example.com/join/")
        browser = place.browser()
        kept = browser.get(place.here(place.owner_link)).headers["set-cookie"].lower()
        assert "; secure" in kept


def test_a_forged_cookie_is_no_session(place: Place, owner: Browser, drill: str) -> None:
    real = owner.cookie
    said, _, signature = real.rpartition(".")
    for forged in (
        f"{said}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",  # not the last: some of its bits mean nothing
        "x",
        "",
        '""',
        real.split(".", maxsplit=1)[0],
        f"{real}.x",
    ):
        browser = place.browser()
        browser.cookies.set(COOKIE, forged)
        assert browser.get(f"/api/drills/{drill}").status_code == 401, forged
        assert browser.get("/").status_code == 401
    # A cookie that nobody gave out is not taken over: the one who comes in gets a fresh one.
    browser = place.browser()
    answer = browser.get(place.here(one_link(owner, drill)), headers={"cookie": f"{COOKIE}=fixed.by-somebody"})
    assert "fixed.by-somebody" not in answer.headers["set-cookie"]


# -- tokens stay where they belong -------------------------------------------------------------------------------------


def test_no_token_is_in_a_later_address_a_referrer_or_the_log(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    lobby = owner.data(drill, "/lobby")
    links = [
        lobby["link"],
        lobby["observer_link"],
        lobby["evaluator_link"],
        *(one["link"] for one in lobby["personal"]),
    ]
    for link in [*links, place.owner_link]:
        browser = place.browser()
        answer = browser.get(place.here(link))
        token = link.rpartition("/")[2]
        assert answer.status_code == 303
        assert answer.headers["location"] in (f"/d/{drill}", "/")
        assert answer.headers["referrer-policy"] == "no-referrer"
        page = browser.get(answer.headers["location"])
        assert page.status_code == 200
        assert page.headers["referrer-policy"] == "same-origin"
        assert token not in str(page.url)
        assert link == place.owner_link or token not in page.text
        assert browser.cookie not in page.text
    said = place.log.getvalue()
    assert place.lines[0]["route"] == "/join/{token}"
    for secret in [*(link.rpartition("/")[2] for link in links), owner.cookie, "/join/I", drill]:
        assert secret not in said


# -- another drill, another person, another time -----------------------------------------------------------------------


def test_another_drill_is_not_there(place: Place, owner: Browser, drill: str) -> None:
    other = place.make(owner)
    owner.start(other)
    ana = place.player(owner, drill, "ana")
    reads = ("", "/events", "/duties", "/coach", "/lobby", "/wash", "/stream")
    posts = {
        "/acts": {"id": "1", "say": "/ack"},
        "/advice": {"text": "x"},
        "/admit": {"member": "ana"},
        "/start": {},
        "/revoke": {"member": ""},
        "/wash": {"surprise": "x"},
        "/screen": {"screen": "score"},
    }
    for wanted in (other, "drill-00000000"):
        found = {path: ana.get(f"/api/drills/{wanted}{path}") for path in reads}
        found |= {path: ana.post(f"/api/drills/{wanted}{path}", json=body) for path, body in posts.items()}
        assert {path: answer.status_code for path, answer in found.items()} == dict.fromkeys(found, 404)
        for page in (f"/d/{wanted}", f"/d/{wanted}/report", f"/d/{wanted}/folder.zip"):
            assert ana.get(page).status_code == 404
        assert ana.post(f"/d/{wanted}/name", data={"member": "ana"}).status_code == 404
    assert [one["id"] for one in ana.get("/api/drills").json()["drills"]] == [drill]
    assert other not in ana.get("/").text


def test_without_a_session_there_is_nothing(place: Place, drill: str) -> None:
    stranger = place.browser()
    for path in ("/", "/library", "/library/login-outage", "/new", "/practise", f"/d/{drill}", f"/d/{drill}/report"):
        answer = stranger.get(path)
        assert answer.status_code == 401, path
        assert "Ana" not in answer.text
    for path in ("", f"/{drill}", f"/{drill}/events", f"/{drill}/lobby", f"/{drill}/stream"):
        assert stranger.get(f"/api/drills{path}").status_code == 401
    assert stranger.say(drill, "/ack").status_code == 401
    assert stranger.post("/new", data={"people": "x"}).status_code == 401
    assert stranger.post("/practise", data={"scenario": "no-photos"}).status_code == 401


@pytest.mark.parametrize(
    "act",
    [
        {"do": "pause"},
        {"do": "resume"},
        {"do": "skip"},
        {"do": "inject", "to": "everyone", "text": "x"},
        {"do": "hold", "inject": "first-customer"},
        {"do": "tool", "tool": "chat", "works": False},
        {"do": "answer", "text": "x"},
        {"do": "hint", "to": "ben", "text": "x"},
        {"do": "excuse", "member": "ben", "reason": "x"},
        {"do": "note", "text": "x"},
        {"do": "rate", "item": "calm", "value": 3},
        {"do": "end"},
        {"do": "close_follow_up"},
    ],
    ids=lambda act: str(act["do"]),
)
def test_what_is_for_whoever_runs_the_drill_is_not_for_players(
    place: Place, owner: Browser, drill: str, act: dict[str, object]
) -> None:
    before = place.live(drill).told
    ana = place.player(owner, drill, "ana")
    answer = ana.act(drill, act)
    assert answer.status_code == 403
    assert answer.json() == {"error": "only the people who run the drill can do that"}
    assert place.live(drill).told == before


def test_nobody_acts_as_somebody_else_or_at_another_time(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    place.ahead(drill, 30_000)
    others: list[dict[str, object]] = [
        {"who": "ben"},
        {"actor": "ben"},
        {"who": "facilitator", "id": "x"},
    ]
    for more in others:
        answer = ana.act(drill, {"do": "declare_severity", "severity": 1} | more)
        if answer.status_code == 200:
            assert {event["actor"] for event in answer.json()["events"]} == {"ana"}
        else:
            assert answer.status_code == 409
    times: list[dict[str, object]] = [{"at": 0}, {"said": 0}, {"wall": "2020-01-01T00:00:00Z"}, {"due": 0}, {"seq": 0}]
    for more in times:
        answer = ana.act(drill, {"do": "log", "text": "long ago"} | more)
        assert answer.status_code == 409
        assert "unknown field" in answer.json()["refused"]
    body = {"id": "1", "say": "/sev 2", "who": "ben"}
    assert ana.post(f"/api/drills/{drill}/acts", json=body).status_code == 422
    assert all(event.actor in (None, "ana") for event in place.live(drill).events)
    assert all(event.said is None and event.at >= 30_000 for event in place.live(drill).events if event.actor)


def test_the_ids_of_staff_are_nobodys_name(place: Place, owner: Browser) -> None:
    drill = place.make(owner, people="Facilitator\nEvaluator\nEveryone\nIncident Commander\nChannel\nFirst responder")
    known = [person.id for person in place.room(drill).setup.people]
    assert not {"facilitator", "evaluator", "everyone", "incident_commander", "channel"} & set(known)
    owner.start(drill)
    browser = place.player(owner, drill, known[0])
    assert browser.act(drill, {"do": "pause"}).status_code == 403


# -- the maker of a drill plays too ------------------------------------------------------------------------------------


def test_whoever_plays_too_is_a_player_like_others(place: Place) -> None:
    owner = place.owner()
    drill = place.make(owner, play_too="1", me="Ben Okafor")
    lobby = owner.data(drill, "/lobby")
    assert lobby["me"] == "ben"
    assert lobby["link"], "somebody has to let people in"
    page = owner.get(f"/d/{drill}").text
    assert "One link for everybody" in page
    stranger = place.entered(lobby["link"])
    stranger.post(f"/d/{drill}/name", data={"member": "chloe"})
    assert owner.post(f"/api/drills/{drill}/admit", json={"member": "chloe"}).json() == {"admitted": 1}
    owner.start(drill)
    data = owner.data(drill)
    assert data["static"]["viewer"]["role"] == "player"
    assert data["static"]["answers"] is None
    assert data["static"]["title"] is None
    assert owner.get(f"/api/drills/{drill}/duties").status_code == 403
    assert owner.act(drill, {"do": "pause"}).status_code == 403
    # Nobody sees what lies ahead, by whatever link.
    watcher = place.watcher(owner, drill, "evaluator")
    assert watcher.data(drill)["static"]["answers"] is None
    other = place.owner()
    assert other.data(drill)["static"]["viewer"]["role"] == "observer"
    # Nor does the library tell, while it is being played.
    library = owner.get("/library/no-photos").text
    solution = place.live(drill).plan.scenario.impact.how
    assert solution not in library
    assert solution in owner.get("/library/no-photos?").text or "For the facilitator" not in library


@pytest.mark.parametrize(
    ("me", "why"),
    [
        ("", "say which of them you are"),
        ("Bem Okafor", "&#39;Bem Okafor&#39; is not in the list; did you mean Ben Okafor?"),
        ("<b>", "&#39;&lt;b&gt;&#39; is not in the list"),
    ],
)
def test_whoever_plays_too_says_which_of_them_they_are(owner: Browser, me: str, why: str) -> None:
    form = {"scenario": "login-outage", "people": "Ana Ruiz\nBen Okafor", "play_too": "1", "me": me}
    answer = owner.post("/new", data=form)
    assert answer.status_code == 422
    assert why in answer.text
