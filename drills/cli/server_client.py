"""How commands read and change a database: they ask the server that runs on it, or else they open it.

Both go through the same API, so that each command is written once:

    with database(settings) as place:
        found = place.get("/api/drills")
        place.post("/api/drills/drill-1/revoke", {"member": ""})

If a server runs, the request goes to the address that it noted in the database, signed with the database's secret
(see `drills.web.owner_calls`). If none runs, the application answers in this process; no drill goes on meanwhile.
"""

import asyncio
import json
import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from starlette.types import ASGIApp, Message

from drills.cli.outcome import Impossible
from drills.planning.materials import version
from drills.records.database import InUseError, shown, url_of
from drills.records.schema import SCHEMA
from drills.records.server_address import Address, Glance, glance
from drills.records.store import Store, StoreError
from drills.settings import Settings
from drills.web.owner_calls import HEADER, OwnerCalls
from drills.web.server import Server, application

__all__ = ["Place", "database"]

PATIENCE = 10.0
"""Seconds that a server has to answer."""


class Place:
    """The API of a database's server, or of the database itself, as its owner sees it."""

    def __init__(self, way: "_Way", calls: OwnerCalls) -> None:
        self._way, self._calls = way, calls

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 - JSON
        """What the API says at a path. Raises Impossible with the API's reason."""
        return self._asked("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Have something changed; what the API answers. Raises Impossible with the API's reason."""
        return self._asked("POST", path, body)

    def page(self, path: str, **query: str) -> str:
        """A page of the room. Raises Impossible with the status if it is not given out."""
        target = f"{path}?{urlencode(query)}" if query else path
        status, data = self._way.ask("GET", target, {HEADER: self._calls.signed("GET", target)}, b"")
        if status != 200:
            raise Impossible(f"{self._way.name} answered {status} to {path}")
        return data.decode()

    def _asked(self, method: str, target: str, body: object) -> Any:  # noqa: ANN401 - JSON
        headers = {HEADER: self._calls.signed(method, target), "X-Drillroom": "command"}
        sent = b"" if body is None else json.dumps(body).encode()
        if sent:
            headers["Content-Type"] = "application/json"
        status, data = self._way.ask(method, target, headers, sent)
        try:
            answer = json.loads(data)
        except ValueError:
            answer = {}
        if status == 401:
            raise Impossible(f"{self._way.name} does not know the signature: do the clocks of both machines agree?")
        if status != 200:
            raise Impossible(str(answer.get("error") or answer.get("refused") or f"{self._way.name} answered {status}"))
        return answer


class _Way(Protocol):
    """How the API is reached."""

    name: str

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises Impossible if there is none."""


@contextmanager
def database(settings: Settings) -> Iterator[Place]:
    """The database, through its server if one runs, otherwise opened here. Raises Impossible."""
    try:
        known = _known(settings)
        for one in known.servers:
            calls = OwnerCalls(known.secret, one.run)
            if known.secret and _answers(one, calls):
                _check_version(settings, one)
                yield Place(_Http(one.url), calls)
                return
        with closing(_opened(settings, known)) as store, asyncio.Runner() as runner:
            server = Server(store, settings, settings.public_url or f"http://{settings.host}:{settings.port}")
            yield Place(_InProcess(application(server), runner), server.access.calls)
    except StoreError as error:
        raise Impossible(str(error)) from None


def _known(settings: Settings) -> Glance:
    """What the database says before it is opened. Raises Impossible, or StoreError."""
    known = glance(url_of(settings.database))
    if known is None:
        raise Impossible(
            f"there is no database at {_shown(settings)}; name another with --database, or make one: drillroom serve"
        )
    return known


def _shown(settings: Settings) -> str:
    return shown(url_of(settings.database))


def _opened(settings: Settings, known: Glance) -> Store:
    """The database, opened as a server would. Raises Impossible, or StoreError."""
    if known.schema.isdigit() and int(known.schema) < SCHEMA:
        raise Impossible(
            f"{_shown(settings)} was written by an older version (its schema is {known.schema}, ours {SCHEMA}); "
            "`drillroom serve` brings it up to date"
        )
    if known.shared:
        raise Impossible(f"{_shown(settings)}: {_unreached(known.servers)}")
    try:
        return Store(settings.database)
    except InUseError:
        if not known.servers:
            raise
        raise Impossible(f"{_shown(settings)}: {_unreached(known.servers)}") from None


def _unreached(servers: Sequence[Address]) -> str:
    if not servers:
        return "its servers do not say where they answer; restart one of them"
    address = next((one for one in servers if one.machine == socket.gethostname()), servers[0])
    if address.machine != socket.gethostname():
        return f"its server runs on {address.machine}, at {address.url}, and is not reached from here; call this there"
    return f"its server does not answer at {address.url}; if it is stuck, restart it"


def _check_version(settings: Settings, address: Address) -> None:
    ours = version()
    if address.version != ours:
        raise Impossible(
            f"{_shown(settings)}: the server at {address.url} is of version {address.version}, and this is {ours}; "
            "use the same version for both"
        )


def _answers(address: Address, calls: OwnerCalls) -> bool:
    """Whether our database's server answers there, and not some other program that listens there by now."""
    nonce = secrets.token_urlsafe(16)
    target = f"/api/server?{urlencode({'nonce': nonce})}"
    try:
        status, data = _Http(address.url).ask("GET", target, {HEADER: calls.signed("GET", target)}, b"")
        return status == 200 and calls.proves(json.loads(data)["proof"], nonce)
    except (Impossible, ValueError, KeyError, TypeError):
        return False


class _Http:
    """Over the network, straight to the server, without a proxy."""

    def __init__(self, url: str) -> None:
        self.name = f"the server at {url}"
        self._where = urlsplit(url)

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer. Raises Impossible if there is none."""
        connection = HTTPConnection(self._where.hostname or "", self._where.port, timeout=PATIENCE)
        try:
            with closing(connection):
                connection.request(method, target, body or None, headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
        except (OSError, HTTPException) as error:
            raise Impossible(f"{self.name} does not answer any more: {str(error) or type(error).__name__}") from None


class _InProcess:
    """The application itself, without a socket and without its lifespan: no drill is taken up."""

    name = "the database"

    def __init__(self, app: ASGIApp, runner: asyncio.Runner) -> None:
        self._app, self._runner = app, runner

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 0),
        }
        return self._runner.run(self._call(scope, body))

    async def _call(self, scope: dict[str, Any], body: bytes) -> tuple[int, bytes]:
        status, parts = 500, list[bytes]()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return status, b"".join(parts)
