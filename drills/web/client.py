"""Requests to another server of ours: HTTP/1.1 with `httptools`, over reused connections."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urlsplit

import httptools

__all__ = ["Answer", "Client", "NoAnswerError"]

CONNECTING = 2.0
"""Seconds within which a connection must be made."""
IDLE = 15.0
"""Seconds for which an idle connection is kept; servers end it after 30."""
MOST_IDLE = 32
"""How many idle connections are kept to each server."""
_AT_ONCE = 64 * 1024
Headers = Sequence[tuple[bytes, bytes]]


class NoAnswerError(Exception):
    """A server cannot be reached, or was gone before its answer was complete."""


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.since = 0.0
        """Since when it is idle, by a monotonic clock."""

    @property
    def good(self) -> bool:
        """Whether it can be used again."""
        fresh = time.monotonic() - self.since < IDLE
        return fresh and not self.reader.at_eof() and not self.writer.is_closing()


class Answer:
    """A server's answer, as far as it has come. End it with `close`."""

    def __init__(self, connection: _Connection, idle: list[_Connection], *, bodyless: bool) -> None:
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self._connection = connection
        self._idle = idle
        """Takes the connection back once the whole answer has come."""
        self._bodyless = bodyless
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._headed = self._whole = False

    @property
    def streams(self) -> bool:
        """Whether its length is unknown, so that each part must be passed on as it comes."""
        return not self._bodyless and any(
            name == b"transfer-encoding" and b"chunked" in value.lower() for name, value in self.headers
        )

    # -- as the parser calls them ----

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """All of them."""
        self.status = self._parser.get_status_code()
        self._headed = True

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """That was all."""
        self._whole = True

    # ----

    async def _more(self) -> None:
        try:
            data = await self._connection.reader.read(_AT_ONCE)
            if data:
                self._parser.feed_data(data)
                return
        except (OSError, httptools.HttpParserError) as error:
            raise NoAnswerError(str(error)) from None
        raise NoAnswerError("it ended the connection")

    async def begin(self) -> None:
        """Wait for the status and the headers. Raises NoAnswerError."""
        while not self._headed:
            await self._more()

    async def parts(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises NoAnswerError if it is cut short."""
        while True:
            parts, self._parts = self._parts, []
            if parts:
                yield b"".join(parts)
            if self._whole or self._bodyless:
                return
            await self._more()

    async def body(self) -> bytes:
        """The whole body. Raises NoAnswerError."""
        return b"".join([part async for part in self.parts()])

    def close(self) -> None:
        """Stop reading. If the whole answer has come, the connection is reused."""
        connection = self._connection
        if self._whole and self._parser.should_keep_alive() and len(self._idle) < MOST_IDLE:
            connection.since = time.monotonic()
            self._idle.append(connection)
        else:
            connection.writer.close()

    def abort(self) -> None:
        """End it now: anyone waiting for more of it gets NoAnswerError."""
        self._connection.writer.transport.abort()


class Client:
    """Sends requests to other servers."""

    def __init__(self) -> None:
        self._idle: dict[str, list[_Connection]] = {}

    async def ask(self, url: str, method: str, target: bytes, headers: Headers, body: bytes) -> Answer:
        """Send a request to a server and wait for the beginning of its answer. Raises NoAnswerError.

        Its path and query are sent as they are. The headers are the end-to-end ones, without a length.
        """
        lines = [b"%b %b HTTP/1.1" % (method.encode(), target)]
        lines += [b"%b: %b" % header for header in headers]
        if body or method not in ("GET", "HEAD", "OPTIONS"):
            lines.append(b"content-length: %d" % len(body))
        connection = await self._connection(url)
        answer = Answer(connection, self._idle[url], bodyless=method == "HEAD")
        try:
            connection.writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            await answer.begin()
        except BaseException:
            connection.writer.transport.abort()
            raise
        return answer

    async def _connection(self, url: str) -> _Connection:
        idle = self._idle.setdefault(url, [])
        while idle:
            known = idle.pop()
            if known.good:
                return known
            known.writer.close()
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        try:
            async with asyncio.timeout(CONNECTING):
                opened = await asyncio.open_connection(parts.hostname, port, ssl=secure or None)
        except (OSError, TimeoutError) as error:
            raise NoAnswerError(str(error) or "it does not answer") from None
        return _Connection(*opened)

    def close(self) -> None:
        """Close the idle connections."""
        for idle in self._idle.values():
            for connection in idle:
                connection.writer.close()
            idle.clear()
