"""Checks before every request: where it comes from, how much and how often; and what no answer ever does."""

import json
import re
import socket
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from drills.web.middleware import BURST, MOST_BYTES, Limits, Origins
from drills.web.rendering import json_block
from drills.web.sessions import COOKIE
from tests.drills.server import Browser, Place, block, serving

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def drill(place: Place, owner: Browser) -> str:
    made = place.make(owner)
    owner.start(made)
    return made


@pytest.fixture
def ana(place: Place, owner: Browser, drill: str) -> Browser:
    """A fresh browser of the same player, so that no test spends what another may send."""
    made = place.player(owner, drill, "ana")
    place.server.changes._buckets.clear()
    return made


def acting(number: int = 1) -> dict[str, str]:
    return {"id": f"act-{number}", "say": "hello"}


# -- where it comes from -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"origin": EVIL}, 403),
        ({"origin": EVIL, "x-drillroom": "1"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "none"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "x-drillroom": "1"}, 403),
        ({"sec-fetch-site": "nonsense", "x-drillroom": "1"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({}, 403),
        ({"x-drillroom": "1"}, 200),
        ({"origin": "http://OURS", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://OURS"}, 200),
        ({"origin": "http://localhost:PORT"}, 200),
        ({"origin": "https://OURS"}, 403),
        ({"origin": "http://OURS.evil.example"}, 403),
        ({"origin": "http://OURS@evil.example"}, 403),
        ({"origin": "http://evil.example:PORT", "host": "evil.example:PORT"}, 403),
        ({"origin": ""}, 403),
    ],
    ids=str,
)
def test_changes_come_from_our_own_pages(
    place: Place, ana: Browser, drill: str, headers: dict[str, str], code: int
) -> None:
    ours = place.base.removeprefix("http://")
    asked = {
        key: value.replace("OURS", ours).replace("PORT", ours.rpartition(":")[2]) for key, value in headers.items()
    }
    del ana.headers["x-drillroom"]
    before = place.live(drill).told
    answer = ana.post(f"/api/drills/{drill}/acts", json={"id": str(headers), "say": "/note x"}, headers=asked)
    assert answer.status_code == (
        403 if code == 200 else code
    )  # what is let through is refused to a player: it is staff's
    assert ("page of the drill room" in answer.text) == (code == 403)
    assert place.live(drill).told == before


@pytest.mark.parametrize(("path", "fields"), [("/new", {"people": "Ana"}), ("/practise", {"scenario": "no-photos"})])
def test_a_foreign_form_makes_nothing(place: Place, owner: Browser, path: str, fields: dict[str, str]) -> None:
    before = len(place.server.rooms.all())
    for headers in ({"origin": EVIL}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        answer = owner.post(path, data=fields, headers=headers)
        assert answer.status_code == 403
        assert "Not allowed" in answer.text
    assert len(place.server.rooms.all()) == before


def test_where_people_find_us() -> None:
    one = Origins("https://drills.example.com", "127.0.0.1", 8484)
    for ours in ("https://drills.example.com", "https://drills.example.com:443", "http://127.0.0.1:8484"):
        assert ours in one
    for foreign in ("http://drills.example.com", "https://drills.example.com:8443", "https://example.com", "null", ""):
        assert foreign not in one
    assert not one.has("http://10.0.0.7:8484", "10.0.0.7:8484"), "who says a public address is found there alone"
    everywhere = Origins("", "0.0.0.0", 8484)  # noqa: S104 - what somebody may ask for
    assert everywhere.has("http://10.0.0.7:8484", "10.0.0.7:8484")
    assert everywhere.has("http://[fd00::7]:8484", "[fd00::7]:8484")
    assert everywhere.has(f"http://{socket.gethostname()}:8484", f"{socket.gethostname()}:8484")
    assert not everywhere.has("http://10.0.0.7:8484", "10.0.0.8:8484")
    assert not everywhere.has("http://rebound.example:8484", "rebound.example:8484"), "anybody's name may point here"
    assert not everywhere.has("http://10.0.0.7:x", "10.0.0.7:x")
    assert "http://[::1]:80" in Origins("", "::1", 80)
    assert "http://[::1]" in Origins("", "::1", 80)


# -- how much ----------------------------------------------------------------------------------------------------------


def test_files_are_not_taken(ana: Browser, owner: Browser, drill: str) -> None:
    files = {"upload": ("x.png", b"\x89PNG" * 10, "image/png")}
    for browser, path in ((ana, f"/api/drills/{drill}/acts"), (owner, "/new"), (owner, "/nowhere")):
        answer = browser.post(path, files=files)
        assert answer.status_code == 415
    assert (
        ana.post(f"/api/drills/{drill}/acts", content=b"x", headers={"content-type": "text/plain"}).status_code == 415
    )
    assert ana.post(f"/api/drills/{drill}/acts", content=b"x", headers={"content-type": "text/html"}).status_code == 415
    assert ana.post(f"/api/drills/{drill}/acts", content=b'{"id":"1","say":"x"}').status_code == 415
    assert owner.post("/new", json={"people": "Ana"}).status_code == 415


def test_a_megabyte_is_too_much(ana: Browser, owner: Browser, drill: str) -> None:
    big = b'{"id": "1", "say": "' + b"x" * 1_000_000 + b'"}'
    answer = ana.post(f"/api/drills/{drill}/acts", content=big, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json() == {"error": "that is too large; at most 64 kB are taken"}
    assert owner.post("/new", data={"people": "x" * 1_000_000}).status_code == 413
    just = json.dumps({"id": "1", "say": "x" * (MOST_BYTES - 40)}).encode()
    assert (
        ana.post(f"/api/drills/{drill}/acts", content=just, headers={"content-type": "application/json"}).status_code
        == 422
    )


def test_what_says_no_length_is_measured(ana: Browser, drill: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"id": "1", "say": "'
        for _ in range(1_000):
            yield b"x" * 1_000

    answer = ana.post(f"/api/drills/{drill}/acts", content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert ana.get(f"/api/drills/{drill}").status_code == 200


@pytest.mark.parametrize("length", ["-1", "+5", "1e3", "9" * 40, "0x10", ""])
def test_a_length_that_is_none(place: Place, length: str) -> None:
    """Written by hand: a client would not send it."""
    host, port = place.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(
            f"POST /api/drills/x/acts HTTP/1.1\r\nHost: {host}\r\nX-Drillroom: 1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\nConnection: close\r\n\r\nhello".encode()
        )
        said = raw.recv(4096).decode("latin-1")
    assert re.match(r"HTTP/1.1 4\d\d", said), said


def test_who_hangs_up_leaves_nothing(place: Place, ana: Browser, drill: str) -> None:
    host, port = place.base.removeprefix("http://").split(":")
    before = len(place.lines)
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(
            f"POST /api/drills/{drill}/acts HTTP/1.1\r\nHost: {host}\r\nX-Drillroom: 1\r\n"
            f"Content-Type: application/json\r\nCookie: {COOKIE}={ana.cookie}\r\nContent-Length: 100\r\n\r\n{{".encode()
        )
    assert ana.get("/health").json()["ok"] is True
    assert {line["level"] for line in place.lines[before:]} == {"info"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"[" * 60_000,
        b'{"id":1,"say":"x"}',
        b"\xff\xfe",
        b'{"id":"1","say":"\\ud800"}',
    ],
    ids=lambda body: repr(body[:12]),
)
def test_a_body_that_is_nothing_is_refused(ana: Browser, drill: str, body: bytes) -> None:
    answer = ana.post(f"/api/drills/{drill}/acts", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert set(answer.json()) == {"error"}


def test_a_form_of_a_thousand_fields_is_refused(owner: Browser) -> None:
    body = "&".join(f"a{number}=1" for number in range(1_000))
    answer = owner.post("/new", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413


# -- how often ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def strict(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets that are full and do not fill again while a slow machine sends."""
    place.server.changes._buckets.clear()
    monkeypatch.setattr(place.server.changes, "_per_second", 0.001)
    monkeypatch.setattr(place.server.desk.guesses, "_per_second", 0.001)


@pytest.mark.usefixtures("strict")
def test_ten_thousand_messages_a_minute_hold_up_nobody_else(
    place: Place, owner: Browser, drill: str, ana: Browser
) -> None:
    ben = place.player(owner, drill, "ben")
    codes = [
        ana.post(f"/api/drills/{drill}/acts", json=acting(number)).status_code for number in range(int(BURST) + 40)
    ]
    assert codes[-1] == 429
    assert 429 not in codes[: int(BURST)]
    answer = ana.post(f"/api/drills/{drill}/acts", json=acting())
    assert answer.json() == {"error": "that was too fast; wait a second"}
    assert ana.get(f"/api/drills/{drill}").status_code == 200, "to look is not to act"
    assert ben.say(drill, "/ack").status_code != 429
    assert owner.say(drill, "/note busy").status_code == 200


@pytest.mark.usefixtures("strict")
def test_another_cookie_each_time_does_not_help(place: Place, drill: str) -> None:
    with httpx.Client(base_url=place.base, headers={"X-Drillroom": "1"}) as client:
        codes = []
        for number in range(int(BURST) + 20):
            cookie = {"cookie": f"{COOKIE}=made-up-{number}"}
            codes.append(client.post(f"/api/drills/{drill}/acts", json=acting(), headers=cookie).status_code)
        assert codes[0] == 401
        assert codes[-1] == 429
    place.server.changes._buckets.clear()


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("drills.web.middleware.time.monotonic", lambda: now)
    limits = Limits(per_second=2.0, burst=3.0)
    assert [limits.takes("ana") for _ in range(4)] == [True, True, True, False]
    assert limits.takes("ben")
    now += 0.5
    assert [limits.takes("ana") for _ in range(2)] == [True, False]
    now += 3600
    assert [limits.takes("ana") for _ in range(4)] == [True, True, True, False]


# -- what a request says of itself -------------------------------------------------------------------------------------

FORGED = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "10.6.6.6",
    "x-forwarded-prefix": "/evil",
    "forwarded": "for=10.6.6.6;host=evil.example;proto=https",
    "x-real-ip": "10.6.6.6",
    "x-original-url": "/new",
    "x-rewrite-url": "/new",
    "x-http-method-override": "POST",
}


def test_forged_headers_change_nothing(place: Place, owner: Browser, drill: str) -> None:
    for path in (
        "/",
        f"/d/{drill}",
        "/library",
        f"/api/drills/{drill}/lobby",
        "/nowhere",
        "/library/",
        "/static",
        "/d",
    ):
        plain, forged = owner.get(path), owner.get(path, headers=FORGED)
        assert forged.status_code == plain.status_code, path
        for said in (forged.text, *forged.headers.values()):
            assert "evil" not in said, path
            assert "10.6.6.6" not in said
    entered = place.browser().get(place.here(place.owner_link), headers=FORGED)
    assert entered.headers["location"] == "/"
    assert "secure" not in entered.headers["set-cookie"].lower()
    assert "domain" not in entered.headers["set-cookie"].lower()
    assert "10.6.6.6" not in place.log.getvalue()


@pytest.mark.usefixtures("strict")
def test_the_address_that_guesses_is_the_one_that_connects(place: Place) -> None:
    place.server.desk.guesses._buckets.clear()
    browser = place.browser()
    codes = [browser.get(f"/join/no-{n}", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code for n in range(30)]
    place.server.desk.guesses._buckets.clear()
    assert codes[-1] == 429


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "//evil.example/", "/\\evil.example", "/%2f%2fevil.example",
        "/library/", "/library//evil.example",
        "/d//evil.example", "/join//evil.example", "/static/..%2f..%2fapp.py", "/static/%2e%2e/app.py",
        "/static//etc/passwd", "/?next=https://evil.example", "/join/x?next=https://evil.example", "/practise/",
        "/api/drills/",
    ],
)  # fmt: skip
def test_nothing_leads_elsewhere(place: Place, owner: Browser, path: str) -> None:
    answer = owner.get(place.base + path)
    assert answer.status_code in (200, 404, 405, 429), answer.status_code
    assert "location" not in answer.headers
    assert "import asyncio" not in answer.text
    place.server.desk.guesses._buckets.clear()


def test_every_redirect_stays_here(place: Place, owner: Browser) -> None:
    drill = place.make(owner)
    lobby = owner.data(drill, "/lobby")
    links = [lobby["link"], place.owner_link, lobby["personal"][0]["link"]]
    for link in links:
        for more in ("", "?next=//evil.example", "?play=", "?play=no-such-thing&role=//evil.example"):
            answer = place.browser().get(place.here(link) + more)
            assert answer.headers.get("location", "/").startswith("/"), more
            assert not answer.headers.get("location", "/").startswith("//")


# -- what every answer says --------------------------------------------------------------------------------------------


def policy_of(answer: httpx.Response) -> dict[str, str]:
    said = answer.headers["content-security-policy"]
    assert answer.headers.get_list("content-security-policy") == [said]
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in said.split(";"))}


def test_every_page_and_every_error_is_framed_by_nobody_and_runs_nothing_foreign(
    place: Place, owner: Browser, drill: str, ana: Browser
) -> None:
    lobby = place.make(owner)
    waiting = place.entered(owner.data(lobby, "/lobby")["link"])
    stranger = place.browser()
    answers = [
        *(
            owner.get(path)
            for path in ("/", "/library", "/library/no-photos", "/new", "/practise", "/nowhere", "/health")
        ),
        *(
            owner.get(path)
            for path in (f"/d/{drill}", f"/d/{lobby}", f"/api/drills/{drill}", "/api/drills", "/static/x")
        ),
        owner.get("/api/openapi.json"),
        owner.delete("/new"),
        owner.post("/new", data={}),
        ana.get(f"/d/{drill}"),
        ana.get("/new"),
        waiting.get(f"/d/{lobby}"),
        stranger.get("/"),
        stranger.get("/join/x"),
        stranger.get(place.here(place.owner_link)),
        stranger.post("/new", headers={"origin": EVIL}),
        ana.post(f"/api/drills/{drill}/acts", files={"x": b"x"}),
        ana.post(f"/api/drills/{drill}/acts", json={}),
        ana.post(f"/api/drills/{drill}/acts", content=b"x" * 100_000, headers={"content-type": "application/json"}),
    ]
    codes = {answer.status_code for answer in answers}
    assert codes >= {200, 303, 401, 403, 404, 405, 413, 415, 422}
    for answer in answers:
        where = f"{answer.request.method} {answer.url} {answer.status_code}"
        assert policy_of(answer) == POLICY, where
        assert answer.headers["x-frame-options"] == "DENY", where
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store", where
        assert "server" not in answer.headers
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert inert(answer.text), where
            assert "This is a drill" in answer.text


def inert(page: str) -> bool:
    """Whether a page has no script or style of its own in it, and takes nothing from elsewhere."""
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", page, re.DOTALL)
    data = [kind for kind, body in scripts if 'type="application/json"' in kind]
    sources = [kind for kind, body in scripts if 'src="/static/' in kind and not body.strip()]
    foreign = re.findall(r'(?:src|href|action|data)="(?:https?:)?//[^"]*"', page)
    foreign = [link for link in foreign if "http://www.w3.org" not in link]
    handlers = re.findall(r"<[^>]+\son\w+\s*=", re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL))
    return len(data) + len(sources) == len(scripts) and not foreign and not handlers and "<style" not in page


def test_files_may_be_kept_and_nothing_else(owner: Browser) -> None:
    page = owner.get("/").text
    sheet = re.findall(r'href="(/static/css/base\.css[^"]*)"', page)[0]
    assert "?v=" in sheet
    assert owner.get(sheet).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert owner.get(sheet.partition("?")[0]).headers["cache-control"] == "no-cache"
    assert owner.get("/static/nothing.css?v=1").headers["cache-control"] == "no-store"
    assert owner.get(sheet, headers={"if-none-match": owner.get(sheet).headers["etag"]}).status_code == 304


# -- the log -----------------------------------------------------------------------------------------------------------


def test_the_log_says_what_was_asked_for_and_nothing_that_anybody_said(place: Place, owner: Browser) -> None:
    drill = place.make(owner, people="Ana Ruiz, ana@example.com\nZebedee Quux")
    owner.start(drill)
    ana = place.player(owner, drill, "ana")
    before = len(place.lines)
    ana.get(f"/d/{drill}?secret=xyzzy")
    ana.say(drill, "xyzzy is what I said")
    ana.say(drill, "/heard xyzzy /ack")
    ana.post(f"/api/drills/{drill}/advice", json={"text": "xyzzy"})
    ana.post(f"/api/drills/{drill}/acts", json={"id": "xyzzy", "act": {"do": "xyzzy"}})
    ana.get("/nowhere/xyzzy")
    ana.get("/library/xyzzy")
    ana.request("PATCH", "/")
    with ana.stream("GET", f"/api/drills/{drill}/stream") as stream:
        told = stream.iter_lines()  # kept: letting go of it hangs up
        next(told)
    owner.post("/new", data={"people": "xyzzy\n" * 600})
    ana.get("/health")
    lines = place.lines[before:]
    assert "xyzzy" not in json.dumps(lines).lower()
    assert "Quux" not in json.dumps(place.lines)
    assert drill not in json.dumps(lines)
    asked = [(line["method"], line["route"], line["status"]) for line in lines if line["what"] == "request"]
    for expected in [
        ("GET", "/d/{drill}", 200),
        ("POST", "/api/drills/{drill}/acts", 409),
        ("POST", "/api/drills/{drill}/advice", 200),
        ("GET", "other", 404),
        ("GET", "/library/{name}", 404),
        ("other", "/", 405),
        ("POST", "/new", 422),
        ("GET", "/health", 200),
    ]:
        assert expected in asked
    assert all(set(line) == {"time", "level", "what", "method", "route", "status", "ms"} for line in lines)


def test_every_route_has_its_own_name_in_the_log(place: Place, drill: str, ana: Browser) -> None:
    before = len(place.lines)
    for path in ("", "/events", "/lobby", "/duties", "/coach", "/wash"):
        ana.get(f"/api/drills/{drill}{path}")
    ana.get("/api/drills")
    ana.get("/static/css/base.css")
    routes = [line["route"] for line in place.lines[before:]]
    prefix = "/api/drills/{drill}"
    assert routes == [
        *(prefix + path for path in ("", "/events", "/lobby", "/duties", "/coach", "/wash")),
        "/api/drills",
        "/static",
    ]


def test_what_goes_wrong_is_told_without_its_words(
    place: Place, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("xyzzy is what somebody said")

    monkeypatch.setattr("drills.web.lists.open_drills", broken)
    before = len(place.lines)
    answer = owner.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert policy_of(answer) == POLICY
    assert "xyzzy" not in answer.text + json.dumps(place.lines)
    errors = [line for line in place.lines[before:] if line["level"] == "error"]
    assert [(line["what"], line["error"].split(" at ")[0]) for line in errors] == [
        ("Exception in ASGI application", "RuntimeError")
    ]


# -- what people write -------------------------------------------------------------------------------------------------

NASTY = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "'-alert(1)-'",
    "\u2028\u2029 &lt;script&gt; &#60;b&#62;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
]


def test_names_and_messages_are_nothing_but_text(place: Place, owner: Browser) -> None:
    names = [text.replace(",", " ") for text in NASTY if text.isprintable() and len(text) <= 60]
    drill = place.make(owner, people="\n".join(["Ana", *names]), voice="room")
    known = {person.name: person.id for person in place.room(drill).setup.people}
    pages = [owner.get(f"/d/{drill}").text, place.entered(owner.data(drill, "/lobby")["link"]).get(f"/d/{drill}").text]
    ana = place.player(owner, drill, "ana")
    pages.append(ana.get(f"/d/{drill}").text)
    owner.start(drill)
    place.server.changes._buckets.clear()
    ana.does(drill, "/ack", "/sev 1", f"/alert 1 {NASTY[0]}", "/join", "/role incident commander")
    for text in NASTY:
        for verb in ("/say", "/log", "/update", "/draft", "/publish"):
            assert ana.say(drill, f"{verb} {text}").status_code == 200
        place.server.changes._buckets.clear()
        assert owner.act(drill, {"do": "inject", "to": "everyone", "sender": text, "text": text}).status_code == 200
        assert owner.act(drill, {"do": "hint", "to": "ana", "text": text}).status_code == 200
    mine = place.player(owner, drill, known[names[2]])
    pages += [browser.get(f"/d/{drill}").text for browser in (owner, ana, mine)]
    said = {event.get("text") for event in block(pages[-2], "drill-data")["events"]}
    assert {text.replace("\u2028\u2029 ", "") for text in NASTY if "\u2028" not in text} <= said, (
        "kept as it was written"
    )
    ana.does(drill, f"/resolve {NASTY[1]}", f"/sitrep solution={NASTY[0]} who={NASTY[3]} how={NASTY[4]}")
    ana.does(drill, f"/postmortem learnings={NASTY[1]}", f"/action owner=ana what={NASTY[4]}")
    owner.does(drill, "/end")
    ana.post(f"/api/drills/{drill}/wash", json={"surprise": NASTY[1]})
    owner.post(f"/api/drills/{drill}/screen", json={"screen": "score"})
    pages += [browser.get(path).text for browser in (owner, ana) for path in (f"/d/{drill}", "/", "/library")]
    for page in pages:
        assert inert(page)
        for text in NASTY:
            if "<" in text:
                assert text not in page
    assert names[0] in unescape(pages[0])
    # The report is one file and brings its own styles; it runs nothing, wherever it is opened.
    report = ana.get(f"/d/{drill}/report")
    assert "<script" not in report.text
    assert not re.search(r"<[^<>]+\son\w+\s*=", report.text)
    assert not re.search(r"""<[^<>]+(?:href|src)\s*=\s*["']?\s*javascript:""", report.text, re.IGNORECASE)
    policy = policy_of(report)
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert policy["sandbox"] == ""
    assert policy["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("text", [*NASTY, "</SCRIPT>", "<\\/script>", "<!-- <script> -->", "\0", "\ud7ff\U0001f600"])
def test_a_block_of_data_cannot_be_left(text: str) -> None:
    data: dict[str, Any] = {text: [text, {"deep": text}]}
    made = str(json_block(data))
    assert not set("<>&\u2028\u2029") & set(made)
    assert json.loads(made) == data


def test_a_template_prints_nothing_that_it_was_not_given() -> None:
    from jinja2 import UndefinedError

    from drills.web.rendering import _templates

    made = _templates().from_string("{% if nothing %}there{% endif %}{{ nothing }}")
    with pytest.raises(UndefinedError):
        made.render()


def test_two_servers_do_not_take_each_others_cookies(tmp_path: Path, owner: Browser) -> None:
    with serving(tmp_path) as other:
        browser = other.browser()
        browser.cookies.set(COOKIE, owner.cookie)
        assert browser.get("/").status_code == 401
