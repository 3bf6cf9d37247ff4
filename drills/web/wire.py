"""The connection of a request, for what is sent to hundreds at once: framed once, written as it is.

It relies on documented behaviour: uvicorn takes any `asyncio.Protocol` for HTTP, a protocol is told about its transport
and when that is full, a request runs in the context in which its bytes came, and a response to HTTP/1.1 without a
length is sent in chunks. On any other server there is no wire, and everything goes through ASGI's `send`.
"""

import asyncio
from contextvars import ContextVar

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["Wire", "WiredProtocol", "chunk", "wire_of"]


class Wire:
    """A connection, for as long as it can be written to without waiting."""

    __slots__ = ("_transport", "full")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.full = False
        """Whether so much is unsent that writers should wait."""

    def write(self, data: bytes) -> bool:
        """Write if that is possible at once; whether it was."""
        if self.full or self._transport.is_closing():
            return False
        self._transport.write(data)
        return True

    def cut(self) -> None:
        """End the connection now, whatever is still unsent."""
        self._transport.abort()


_WIRE: ContextVar[Wire | None] = ContextVar("wire", default=None)


class WiredProtocol(HttpToolsProtocol):
    """Uvicorn's protocol for HTTP/1.1, which lets a request find its own connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # for TCP it is one
        """Keep the transport."""
        self._own_wire = Wire(transport)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Let the requests that begin with these bytes find the wire."""
        before = _WIRE.set(self._own_wire)
        try:
            super().data_received(data)
        finally:
            _WIRE.reset(before)

    def pause_writing(self) -> None:
        """The connection is full."""
        self._own_wire.full = True
        super().pause_writing()

    def resume_writing(self) -> None:
        """It has room again."""
        self._own_wire.full = False
        super().resume_writing()


def wire_of(scope: Scope) -> Wire | None:
    """The connection of the current request, if its response goes out in chunks; otherwise None."""
    return _WIRE.get() if scope.get("http_version") == "1.1" and scope["method"] == "GET" else None


def chunk(body: bytes) -> bytes:
    """A body as it goes over the wire."""
    return b"%x\r\n%b\r\n" % (len(body), body)
