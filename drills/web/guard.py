"""What stands before every request: whence it may come, how large and how many they may be; and safe headers."""

import json
import logging
import time
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drills.web.access import COOKIE

__all__ = ["Guard", "Limits"]

MOST_BYTES = 64 * 1024
"""Of a request's body. A message to customers has some hundred; a list of 500 people some twenty thousand."""
PER_SECOND, BURST = 10.0, 60.0
"""How many changes one browser may ask for: so many a second, after so many at once."""
GUESSES_PER_SECOND, GUESSES = 0.2, 12.0
"""The same of links that open nothing, for one address."""
_REMEMBERED = 20_000
_SAFE = {"GET", "HEAD", "OPTIONS"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]
_log = logging.getLogger("drillroom.requests")


class Limits:
    """A bucket for each who asks: it fills slowly, each request takes one out, and an empty one says no."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second, self._burst = per_second, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, who: str) -> bool:
        """Whether one more is allowed."""
        now = time.monotonic()
        level, since = self._buckets.pop(who, (self._burst, now))
        level = min(self._burst, level + (now - since) * self._per_second)
        allowed = level >= 1
        self._buckets[who] = (level - 1 if allowed else level, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return allowed


class Guard:
    """ASGI middleware. It reads no body of a request that it refuses."""

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins
        """From which pages changes may come, such as http://127.0.0.1:8484."""
        self._changes = Limits(PER_SECOND, BURST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], *_headers(scope)]}
            await send(message)

        headers: dict[bytes, bytes] = dict(scope["headers"])
        refused = self._refusal(scope, headers)
        if refused is not None:
            await _answer(sending, *refused)
        else:
            await self._app(scope, _bounded(receive), sending)
        _note(scope, status, began)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        if scope["method"] in _SAFE:
            return None
        if not self._from_us(headers):
            return 403, "this did not come from a page of the drill room"
        if headers.get(b"content-type", b"").startswith(b"multipart/"):
            return 415, "files are not taken here"
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return 413, f"that is too much at once; at most {MOST_BYTES // 1024} kB are taken"
        if not self._changes.takes(_cookie(headers) or (scope.get("client") or ("?",))[0]):
            return 429, "that was too fast; wait a second"
        return None

    def _from_us(self, headers: dict[bytes, bytes]) -> bool:
        """Browsers say whence a request comes; a program that is no browser says so by a header no page can set."""
        origin = headers.get(b"origin")
        if origin is not None:
            return origin.decode("latin-1") in self._origins
        site = headers.get(b"sec-fetch-site")
        return site in (b"same-origin", b"none") if site is not None else b"x-drillroom" in headers


def origins_of(public_url: str, host: str, port: int) -> frozenset[str]:
    """The origins of our own pages."""
    found = {f"http://{name}:{port}" for name in (host, "127.0.0.1", "localhost")}
    if public_url:
        parts = urlsplit(public_url)
        found.add(f"{parts.scheme}://{parts.netloc}")
    return frozenset(found)


def _cookie(headers: dict[bytes, bytes]) -> str:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _headers(scope: Scope) -> list[tuple[bytes, bytes]]:
    static = str(scope["path"]).startswith("/static/")
    return [*_HEADERS, *([] if static else [(b"cache-control", b"no-store")])]


def _bounded(receive: Receive) -> Receive:
    """What a request sends, cut off where it is more than it may be, whatever its header said."""
    taken = 0

    async def reading() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > MOST_BYTES else message

    return reading


async def _answer(send: Send, status: int, text: str) -> None:
    body = json.dumps({"error": text}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _note(scope: Scope, status: int, began: float) -> None:
    """A line for those who run the server: what kind of page, how it went, how long; nobody's words, no token."""
    route: Any = scope.get("route")
    path = getattr(route, "path", None) or ("/static" if str(scope["path"]).startswith("/static/") else "other")
    fields = {
        "method": scope["method"],
        "route": path,
        "status": status,
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }
    _log.info("request", extra={"fields": fields})
