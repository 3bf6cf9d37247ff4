"""The line from a browser to the server, which keeps all that comes and can be cut."""

import selectors
import socket
import threading
import time
from contextlib import suppress

__all__ = ["Line"]

_TURN = 0.05
"""Seconds after which it is looked whether the line was cut."""


class Line:
    """A proxy for one browser.

    Live events come by a stream that a worker opens for all tabs; neither `page.on("response")` nor
    `context.set_offline` reaches that worker. Here everything passes by.
    """

    def __init__(self, port: int) -> None:
        self.came: list[tuple[float, bytes]] = []
        """What the server sent, with the instant at which it came."""
        self._to = ("127.0.0.1", port)
        self._from = "127.0.0.1"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._peers: dict[socket.socket, socket.socket] = {}
        self._near: set[socket.socket] = set()
        """Those ends at which the browser is."""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._open = True
        self._cut = False
        self._is_cut = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where the browser finds it."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    @property
    def received(self) -> bytes:
        """All that the browser has received."""
        return b"".join(data for _, data in list(self.came))

    def before(self, instant: float) -> bytes:
        """What it had received before an instant."""
        return b"".join(data for at, data in list(self.came) if at < instant)

    def cut(self) -> None:
        """Nothing goes through any more, and what is open breaks."""
        self._is_cut.clear()
        self._cut = True
        assert self._is_cut.wait(5)

    def repair(self, address: str = "127.0.0.1") -> None:
        """All goes through again; with another `address`, as if from another network."""
        self._from = address
        self._cut = False

    def close(self) -> None:
        """Let go of it."""
        self._open = False
        self._thread.join(5)

    # -- in its own thread, which alone touches the sockets ------------------------------------------------------------

    def _run(self) -> None:
        while self._open:
            if self._cut:
                self._drop_all()
                self._is_cut.set()
            for key, _ in self._selector.select(_TURN):
                assert isinstance(key.fileobj, socket.socket)
                if key.fileobj is self._listening:
                    self._accept()
                elif key.fileobj in self._peers:  # not dropped a moment ago, with its peer
                    self._pass_on(key.fileobj)
        self._drop_all()
        self._selector.close()
        self._listening.close()

    def _accept(self) -> None:
        near, _ = self._listening.accept()
        if self._cut:
            near.close()
            return
        try:
            far = socket.create_connection(self._to, 5, (self._from, 0))
        except OSError:  # the server is down
            near.close()
            return
        far.settimeout(None)
        for one, other in ((near, far), (far, near)):
            self._peers[one] = other
            self._selector.register(one, selectors.EVENT_READ)
        self._near.add(near)

    def _pass_on(self, start: socket.socket) -> None:
        data = b""
        with suppress(OSError):
            data = start.recv(65536)
        if start not in self._near:
            self.came.append((time.time(), data))
        elif data.startswith(b"CONNECT "):  # the browser itself looks for its maker
            data = b""
        try:
            self._peers[start].sendall(data)
        except OSError:
            data = b""
        if not data:
            self._drop(start)

    def _drop(self, one: socket.socket) -> None:
        for each in (one, self._peers[one]):
            self._selector.unregister(each)
            del self._peers[each]
            self._near.discard(each)
            each.close()

    def _drop_all(self) -> None:
        while self._peers:
            self._drop(next(iter(self._peers)))
