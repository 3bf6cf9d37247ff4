"""Checks before every request: where it may come from, how large and how many they may be; and safe headers."""

import asyncio
import ipaddress
import logging
import socket
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drills.records.database import StoreError
from drills.web.sessions import NOBODY, NotLetInError, Session
from drills.web.tokens import bearer

__all__ = [
    "BURST",
    "GUESSES",
    "GUESSES_PER_SECOND",
    "MOST_BYTES",
    "PASSED",
    "PER_SECOND",
    "SESSION",
    "Guard",
    "Limits",
    "Origins",
    "Serving",
    "with_headers",
]

MOST_BYTES = 64 * 1024
"""The limit for a request's body. A message to customers has a few hundred; a list of 500 people twenty thousand."""
SLOWEST = 20.0
"""Seconds within which a body must have arrived."""
PER_SECOND, BURST = 10.0, 60.0
"""How many changes one browser may ask for: so many a second, after a first burst."""
GUESSES_PER_SECOND, GUESSES = 0.2, 12.0
"""The same for invalid links, per address."""
_REMEMBERED = 20_000
_SAFE = {"GET", "HEAD", "OPTIONS"}
_FOR_ALL = ("/static/", "/health")
"""Paths that look the same to everybody."""
_TYPES = (b"application/json", b"application/x-www-form-urlencoded")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    b"content-security-policy": _POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    # Not `no-referrer`: with that, a browser does not say which page a form was sent from either.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}
_log = logging.getLogger("drillroom.requests")

PASSED = "drillroom.passed"
"""Key in the scope: whether another server of ours has checked a request and passed it on."""
SESSION = "drillroom.session"
"""Key in the scope: the session, which is looked up once."""
Known = Callable[[Scope], Awaitable[Session]]
"""The session of a request. Raises NotLetInError, and StoreError."""
Refusing = Callable[[Scope, int, str], Response]
"""Makes the answer to a refused request from a status and a sentence."""
Serving = Callable[[Receive, Send], Awaitable[None]]
Elsewhere = Callable[[Scope], Awaitable[ASGIApp | None]]
"""The app that answers a request for another server; None if it is for this one. Raises StoreError."""
Opening = Callable[[Scope], Awaitable[Serving | tuple[int, str] | None]]
"""Opens the stream that a request is for, or says why not; None if it is for something else."""


class Limits:
    """A token bucket for each client: it fills slowly, each request takes one out, and an empty one says no."""

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


class Origins:
    """The pages that changes may come from: our own, at any address that people use. Proxy headers are not trusted."""

    def __init__(self, public_url: str, host: str, port: int) -> None:
        own = f"[{host}]" if ":" in host else host
        found = {f"http://{name}:{port}" for name in (own, "127.0.0.1", "localhost", "[::1]")}
        self._known = frozenset({*map(_origin, found), *([_origin(public_url)] if public_url else [])})
        self._everywhere = host in ("0.0.0.0", "::") and not public_url  # noqa: S104 - compared
        self._name = socket.gethostname().lower()

    def __contains__(self, origin: str) -> bool:
        return bool(_origin(origin)) and _origin(origin) in self._known

    def has(self, origin: str, host: str) -> bool:
        """Whether an origin is one of ours, given the `host` that a request says it was sent to.

        A server that listens everywhere without a public address is found at every address of the machine. A name is
        trusted only if it is the machine's own: somebody may have made any other point here.
        """
        if origin in self:
            return True
        if not self._everywhere or not _origin(origin) or _origin(f"http://{host}") != _origin(origin):
            return False
        name = urlsplit(origin).hostname or ""
        return name == self._name or _is_address(name)


def _origin(address: str) -> str:
    """The origin of an address as browsers write it; an empty text if it has none."""
    try:
        parts = urlsplit(address)
        name, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not name or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return ""
    own = f"[{name}]" if ":" in name else name
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{own}" + (f":{port}" if port not in (None, usual) else "")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """ASGI middleware. It does not read the body of a request that it refuses."""

    def __init__(
        self,
        app: ASGIApp,
        origins: Origins,
        known: Known,
        refusing: Refusing,
        changes: Limits,
        opening: Opening,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._app = app
        self._elsewhere = elsewhere
        self._opening = opening
        self._origins = origins
        self._known = known
        self._refusing = refusing
        self._changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        scope[SESSION] = NOBODY
        there, unknown = await self._passed_on(scope)
        opened = unknown if there is not None or unknown is not None else await self._opened(scope)
        if callable(opened):  # nothing wraps a stream's connection: it would cost time with every message
            try:
                await opened(receive, send)
            finally:
                _note(scope, 200, began)
            return
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": with_headers(scope, status, message["headers"])}
            await send(message)

        try:
            headers: dict[bytes, bytes] = dict(scope["headers"])
            refused = opened or self._refusal(scope, headers, here=there is None)
            if refused is None and scope["method"] not in _SAFE:
                body = await _body(receive)
                receive, refused = _again(body, receive), _of_body(body, headers)
            if refused is not None:
                await self._refusing(scope, *refused)(scope, receive, sending)
            else:
                await (there or self._app)(scope, receive, sending)
        except ClientDisconnect:
            pass  # nobody is left to answer
        finally:
            _note(scope, status, began)

    async def _passed_on(self, scope: Scope) -> tuple[ASGIApp | None, tuple[int, str] | None]:
        """The app that answers a request for another server; or why that cannot be found out."""
        if self._elsewhere is None:
            return None, None
        try:
            return await self._elsewhere(scope), None
        except StoreError as error:
            return None, (503, str(error))

    async def _opened(self, scope: Scope) -> Serving | tuple[int, str] | None:
        """Look up the session of a request, and open the stream that it is for; or why neither can be done."""
        if str(scope["path"]).startswith(_FOR_ALL):
            return None
        try:
            scope[SESSION] = await self._known(scope)
            return await self._opening(scope) if scope["method"] == "GET" else None
        except NotLetInError as error:
            return error.status, error.text
        except StoreError as error:
            return 503, str(error)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes], *, here: bool) -> tuple[int, str] | None:
        """Why a request is refused, as far as that is known before its body is read.

        The server that it came to checks its origin; the one that looks up its session checks the rate.
        """
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or len(length) > 15 or int(length) > MOST_BYTES:
            return 413, _TOO_MUCH
        if scope["method"] in _SAFE:
            return None
        if PASSED not in scope and not bearer(headers) and not self._from_us(headers):
            return 403, "this did not come from a page of the drill room"
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind.startswith(b"multipart/"):
            return 415, "files are not accepted here"
        if kind and kind not in _TYPES:
            return 415, "send it as JSON, or as a form"
        session: Session = scope[SESSION]
        if here and not self._changes.takes(session.key if session.known else (scope.get("client") or ("?",))[0]):
            return 429, "that was too fast; wait a second"
        return None

    def _from_us(self, headers: dict[bytes, bytes]) -> bool:
        """Browsers say where a request comes from; other programs set a header that no page can set."""
        origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
        if site is not None and site not in (b"same-origin", b"none"):
            return False
        if origin is not None and origin != b"null":
            return self._origins.has(origin.decode("latin-1"), headers.get(b"host", b"").decode("latin-1"))
        return site == b"same-origin" or (origin is None and (site == b"none" or b"x-drillroom" in headers))


_TOO_MUCH = f"that is too large; at most {MOST_BYTES // 1024} kB are taken"


async def _body(receive: Receive) -> bytes | int:
    """A request's body; or the status that says why it is refused, whatever its header said."""
    parts: list[bytes] = []
    taken = 0
    try:
        async with asyncio.timeout(SLOWEST):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                parts.append(message.get("body", b""))
                taken += len(parts[-1])
                if taken > MOST_BYTES:
                    return 413
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        return 408


def _of_body(body: bytes | int, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
    if body == 413:
        return 413, _TOO_MUCH
    if isinstance(body, int):
        return body, "your request took too long to arrive"
    if body and b"content-type" not in headers:
        return 415, "send it as JSON, or as a form"
    return None


def _again(body: bytes | int, receive: Receive) -> Receive:
    """What was read, for the next reader."""
    given = False

    async def reading() -> Message:
        nonlocal given
        if given or isinstance(body, int):
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return reading


def with_headers(scope: Scope, status: int, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """An answer's headers with ours, unless it sets its own."""
    names = {name.lower() for name, _ in given}
    own = dict(_HEADERS)
    own[b"cache-control"] = _keeping(scope, status)
    return [*given, *((name, value) for name, value in own.items() if name not in names)]


def _keeping(scope: Scope, status: int) -> bytes:
    """How long a browser may cache it: pages about drills never, a file named by its content for long."""
    if not str(scope["path"]).startswith("/static/") or status not in (200, 304):
        return b"no-store"
    return b"public, max-age=31536000, immutable" if scope.get("query_string") else b"no-cache"


def _note(scope: Scope, status: int, began: float) -> None:
    """A log line for the owner: which kind of page, how it went, how long; nobody's words, no token."""
    fields = {
        "method": scope["method"] if scope["method"] in (*_SAFE, "POST") else "other",
        "route": _route(scope),
        "status": status,
        "ms": round((time.perf_counter() - began) * 1000, 1),
    }
    session: Session = scope[SESSION]
    _log.info("request", extra={"fields": fields | ({"token": session.token} if session.token else {})})


def _route(scope: Scope) -> str:
    route: Any = scope.get("route")
    path = getattr(route, "path", None)
    if isinstance(path, str) and path:
        return path
    return "/static" if str(scope["path"]).startswith("/static/") else "other"
