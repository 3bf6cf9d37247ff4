"""What is written to a request's connection is part of its response; without a wire, ASGI's `send` does it all."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from drills.web.stream import HEADERS
from drills.web.wire import Wire, WiredProtocol, chunk, wire_of

App = Callable[[Scope, Receive, Send], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


def asked(folder: Path, app: App, request: bytes, until: bytes, **config: Any) -> bytes:  # noqa: ANN401 - uvicorn's
    """What comes over a connection for these bytes, up to the words that are waited for."""

    async def run() -> bytes:
        address = folder / "socket"
        server = uvicorn.Server(uvicorn.Config(app, uds=str(address), lifespan="off", log_config=None, **config))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_unix_connection(address)
        try:
            writer.write(request)
            return await asyncio.wait_for(reader.readuntil(until), 20)
        finally:  # a wire that was cut, too, leaves no connection to whatever test comes next
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            server.should_exit = True
            await serving

    return asyncio.run(run())


async def _begin(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"by send, ", "more_body": True})


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"by send again", "more_body": False})


def test_what_is_written_to_the_wire_is_part_of_the_response(tmp_path: Path) -> None:
    async def app(scope: Scope, _: Receive, send: Send) -> None:
        wire = wire_of(scope)
        assert wire is not None
        await _begin(send)
        assert wire.write(chunk(b"by wire, "))
        await _end(send)

    answer = asked(tmp_path, app, GET, b"0\r\n\r\n", http=WiredProtocol)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head.lower()
    assert body == chunk(b"by send, ") + chunk(b"by wire, ") + chunk(b"by send again") + b"0\r\n\r\n"


def test_each_request_of_a_connection_finds_the_wire_it_came_by(tmp_path: Path) -> None:
    found: list[Wire | None] = []

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        found.append(wire_of(scope))
        await _begin(send)
        await _end(send)

    asked(tmp_path, app, GET + GET, b"0\r\n\r\nHTTP/1.1", http=WiredProtocol)
    assert len(found) == 2
    assert found[0] is found[1] is not None


@pytest.mark.parametrize(
    ("request_", "config"),
    [
        (GET.replace(b"1.1", b"1.0"), {"http": WiredProtocol}),
        (GET.replace(b"GET", b"HEAD"), {"http": WiredProtocol}),
        (GET, {}),
    ],
    ids=["a response without chunks", "a response without a body", "another server"],
)
def test_elsewhere_there_is_no_wire(tmp_path: Path, request_: bytes, config: dict[str, Any]) -> None:
    found: list[Wire | None] = []

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        found.append(wire_of(scope))
        await _begin(send)
        await _end(send)

    asked(tmp_path, app, request_, b"\r\n\r\n", **config)
    assert found == [None]


def test_a_full_or_closed_wire_takes_nothing(tmp_path: Path) -> None:
    """Then it is for `send` to wait until there is room."""
    taken: list[bool] = []

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        wire = wire_of(scope)
        assert wire is not None
        await _begin(send)
        while wire.write(chunk(b"x" * 100_000)):
            taken.append(True)
            assert len(taken) < 10_000, "it never says that it is full"
        assert wire.full
        wire.cut()
        taken.append(wire.write(chunk(b"too late")))

    with pytest.raises((asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionResetError)):
        asked(tmp_path, app, GET, b"0\r\n\r\n", http=WiredProtocol)
    assert taken[-1] is False
    assert len(taken) > 1
