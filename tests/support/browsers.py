"""Many connections to a server from one thread: browsers that hold a stream, and clients that ask and wait.

Made for measuring: no task and no object for each message, so that what is measured is the server.
"""

import json
import select
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol, Self

__all__ = ["Browser", "Caller", "Loop", "Sent", "sent"]

BUFFER = 256 * 1024


class Reader(Protocol):
    """Somebody who hears of what comes on a socket."""

    sock: socket.socket

    def came(self, data: bytes, now: int) -> None:
        """Something came at an instant, in nanoseconds; nothing when the other side has closed."""
        ...


class Loop:
    """Waits for all sockets at once, and closes them at the end of its `with`."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._readers: dict[int, Reader] = {}
        self._later: list[tuple[int, Callable[[], None]]] = []

    def add(self, reader: Reader) -> None:
        """Hear of a reader's socket from now on."""
        self._readers[reader.sock.fileno()] = reader
        self._epoll.register(reader.sock.fileno(), select.EPOLLIN)

    def drop(self, reader: Reader) -> None:
        """Close a reader's socket."""
        number = reader.sock.fileno()
        if self._readers.pop(number, None) is not None:
            self._epoll.unregister(number)
        reader.sock.close()

    def run(self, until: Callable[[], bool], seconds: float) -> bool:
        """Hear until something is so; whether it was, in so many seconds."""
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.turn(min(left, 0.05))
        return True

    def turn(self, wait: float) -> None:
        """Hear once."""
        clock = time.monotonic_ns
        for number, _ in self._epoll.poll(wait, 4096):
            reader = self._readers.get(number)
            if reader is None:
                continue
            try:
                data = reader.sock.recv(BUFFER)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            now = clock()
            if not data:
                self.drop(reader)
            reader.came(data, now)

    def close(self) -> None:
        """Close everything."""
        for reader in list(self._readers.values()):
            self.drop(reader)
        self._epoll.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connected(port: int, receive: int | None = None) -> socket.socket:
    """A connection; `receive` is how much the kernel keeps for it at most."""
    sock = socket.socket()
    if receive is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    sock.connect(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return sock


class Browser:
    """A browser that holds a stream. It looks for one word at a time and notes when it came."""

    __slots__ = ("bytes", "ended", "found", "keep", "kept", "last", "sock", "tail", "word")

    def __init__(self, port: int, request: bytes, *, keep: bool = False) -> None:
        self.sock = connected(port)
        self.word = b"\n\n"
        self.found = 0
        """When the word came, in nanoseconds."""
        self.last = 0
        """When anything came last."""
        self.bytes = 0
        self.ended = False
        self.keep = keep
        self.kept = bytearray()
        self.tail = b""
        self.sock.send(request)

    def look_for(self, word: bytes) -> None:
        """Look for another word."""
        self.word, self.found, self.tail = word, 0, b""

    def came(self, data: bytes, now: int) -> None:
        """Note when what is looked for came."""
        if not data:
            self.ended = True
            return
        self.last = now
        self.bytes += len(data)
        if self.keep:
            self.kept += data
        if not self.found:
            if self.tail:
                data = self.tail + data
            if self.word in data:
                self.found = now
                self.tail = b""
            else:
                self.tail = data[-len(self.word) :]


class Sent(NamedTuple):
    """A frame of a stream, as a browser takes it."""

    seq: int | None
    kind: str
    data: bytes


def sent(raw: bytes | bytearray) -> list[Sent]:
    """The frames in what came on a stream's connection, with its head and its chunks; the last only if it is whole."""
    _, _, rest = bytes(raw).partition(b"\r\n\r\n")
    body = bytearray()
    while rest:
        size, split, after = rest.partition(b"\r\n")
        if not split or len(after) < int(size, 16) + 2:
            body += after[: int(size, 16)] if split else b""
            break
        body += after[: int(size, 16)]
        rest = after[int(size, 16) + 2 :]
    *whole, _ = bytes(body).split(b"\n\n")
    return [_frame(frame) for frame in whole if b"data: " in frame]


def _frame(text: bytes) -> Sent:
    fields = dict(line.split(b": ", 1) for line in text.split(b"\n"))
    seq = fields.get(b"id")
    return Sent(None if seq is None else int(seq), fields.get(b"event", b"").decode(), fields[b"data"])


def stream_request(drill: str, cookie: str, after: int = -1) -> bytes:
    """What a browser asks for when it opens a stream."""
    return (
        f"GET /api/drills/{drill}/stream?after={after} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n"
        "Accept: text/event-stream\r\n\r\n"
    ).encode()


class Caller:
    """A connection for one request after the other."""

    __slots__ = ("_body", "_done", "_needs", "asked", "busy", "gone", "port", "sock")

    def __init__(self, port: int) -> None:
        self.port = port
        self.sock = connected(port)
        self.busy = False
        self.gone = False
        """Whether the server has closed it, as it does with one that was idle for long."""
        self.asked = 0
        self._body = b""
        self._needs = -1
        self._done: Callable[[int, bytes, int], None] | None = None

    def ask(self, request: bytes, done: Callable[[int, bytes, int], None]) -> None:
        """Send a request; `done` is called with status, body and nanoseconds."""
        assert not self.busy
        self.busy, self._body, self._needs, self._done = True, b"", -1, done
        self.asked = time.monotonic_ns()
        self.sock.send(request)

    def asked_for(self, loop: Loop, request: bytes, seconds: float = 60) -> tuple[int, bytes, int]:
        """Send a request and wait for its answer: status, body and nanoseconds."""
        answers: list[tuple[int, bytes, int]] = []
        self.ask(request, lambda status, body, taken: answers.append((status, body, taken)))
        if not loop.run(lambda: bool(answers), seconds):
            raise TimeoutError(request.partition(b"\r\n")[0].decode())
        return answers[0]

    def came(self, data: bytes, now: int) -> None:
        """Put an answer together."""
        if not data:
            self.gone = True
            if self.busy:
                self._finish(0, b"", now)
            return
        self._body += data
        if self._needs < 0:
            head, split, _ = self._body.partition(b"\r\n\r\n")
            if not split:
                return
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            self._needs = len(head) + 4 + length
        if len(self._body) >= self._needs:
            self._finish(int(self._body[9:12]), self._body[self._body.index(b"\r\n\r\n") + 4 :], now)

    def _finish(self, status: int, body: bytes, now: int) -> None:
        self.busy = False
        if self._done is not None:
            self._done(status, body, now - self.asked)


def post(path: str, cookie: str, data: dict[str, Any]) -> bytes:
    """A request that changes something."""
    body = json.dumps(data).encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nX-Drillroom: 1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def get(path: str, cookie: str) -> bytes:
    """A request that reads something."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode()


def percentile(values: Iterable[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
