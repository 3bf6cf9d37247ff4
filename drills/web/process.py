"""Starting and stopping the server: its socket, its log, its links, and what it says at the end."""

import asyncio
import contextlib
import gc
import json
import logging
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

import uvicorn

from drills.planning.materials import version
from drills.records import server_address
from drills.records.store import Store
from drills.settings import Settings
from drills.web.reach import reach_of
from drills.web.server import Server, application
from drills.web.tunnel import Tunnel, TunnelError, open_tunnel
from drills.web.wire import WiredProtocol

__all__ = ["Ready", "ServingError", "serve"]

GRACE = 5
"""Seconds that open requests have to end when the server is told to stop."""
UNSENT = 256 * 1024
"""Bytes that the system may buffer for a browser that does not read; by default it would buffer megabytes."""
SILENT = 30
"""Seconds after which the system gives up on a browser that is gone without a word; the default is 15 minutes."""

Ready = Callable[[Server, str], None]
"""Called with the server and the owner's link once it answers requests."""


class ServingError(Exception):
    """The server cannot be started; the message says why, in one line."""


def serve(
    settings: Settings,
    ready: Ready,
    quiet: bool = False,
    *,
    log: TextIO | None = None,
    offered: frozenset[str] = frozenset(),
    share: str | None = None,
) -> int:
    """Serve until told to stop; how many drills were running then. Raises ServingError, or StoreError.

    The log goes to standard error, unless it is to be `quiet` or to go elsewhere. `offered` are files of scenarios
    that may be practised besides the library. `share` is the tunnel by which people outside reach it, as `open_tunnel`
    takes it.
    """
    with contextlib.ExitStack() as at_the_end:
        listening = at_the_end.enter_context(contextlib.closing(_listen(settings)))
        port = int(listening.getsockname()[1])
        address = f"{_shown(settings.host)}:{port}"
        tunnel = None if share is None else at_the_end.enter_context(_shared(share, address, settings.public_url))
        public = settings.public_url.rstrip("/") if tunnel is None else tunnel.url
        store = at_the_end.enter_context(contextlib.closing(Store(settings.database)))
        known = settings.model_copy(update={"port": port, "public_url": public})
        server = Server(store, known, public or f"http://{address}", offered)
        server.desk.tunnel, server.desk.reach = tunnel, partial(reach_of, known, tunnel)
        with _logging_to(None if quiet else log or sys.stderr), _runner() as runner:
            return int(runner.run(_run(server, listening, ready)))


@contextlib.contextmanager
def _shared(wanted: str, address: str, given: str) -> Iterator[Tunnel]:
    """A tunnel to the server, for as long as it runs. Raises ServingError."""
    try:
        tunnel = open_tunnel(wanted, address, given.rstrip("/"))
    except TunnelError as error:
        raise ServingError(str(error)) from None
    try:
        yield tunnel
    finally:
        tunnel.close()


def _runner() -> "asyncio.Runner":
    try:
        from uvloop import new_event_loop
    except ImportError:  # only installed where uvloop runs
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=new_event_loop)


async def _run(server: Server, listening: socket.socket, ready: Ready) -> int:
    """Serve; how many drills were running at the end."""
    await server.open()
    config = uvicorn.Config(
        application(server),
        http=WiredProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
    )
    running, address = _Server(config, server), _address(server)
    server.stop = running.leave
    _watch_tunnel(server)
    task = asyncio.create_task(running.serve([listening]))
    while not running.started and not task.done():
        await asyncio.sleep(0.005)
    if running.started:
        _keep_what_is_loaded()
        await server_address.note(server.store, address)
        ready(server, f"{server.base}/join/{await server.access.link(None, 'facilitator')}")
    await task
    server_address.withdraw(server.store, address)  # written when the store closes, if the database answers
    if not running.started:
        raise ServingError("the server could not start; its log says why")
    return running.left


def _keep_what_is_loaded() -> None:
    """Look for garbage among new things alone: a look through all that is loaded would hold everybody up for long.

    Not where we are one of several things that a process does.
    """
    if threading.current_thread() is threading.main_thread():
        gc.collect()
        gc.freeze()


def _watch_tunnel(server: Server) -> None:
    """Say in the log and in lobbies if the tunnel ends before we do."""
    loop = asyncio.get_running_loop()

    def cut_off() -> None:
        logging.getLogger("drillroom.server").warning("the tunnel has ended; nobody outside can open a link now")
        for room in server.rooms.all():
            room.call("lobby", {})

    def ended(_: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended before it
            loop.call_soon_threadsafe(cut_off)

    if server.desk.tunnel is not None:
        server.desk.tunnel.ended.add_done_callback(ended)


def _address(server: Server) -> server_address.Address:
    """Where commands on this machine find the server, whatever its public address."""
    url = f"http://{_shown(server.settings.host)}:{server.settings.port}"
    return server_address.Address(url, server.access.calls.run, version(), socket.gethostname())


class _Server(uvicorn.Server):
    """Ends streams as soon as it is told to stop, so that it does not wait for them."""

    def __init__(self, config: uvicorn.Config, server: Server) -> None:
        super().__init__(config)
        self._server = server
        self.left = 0
        """How many drills were running when it was told to stop."""

    def leave(self) -> None:
        """End, from any thread."""
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End in good order when told to: then our caller goes on and prints its last words."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        asked = (signal.SIGINT, signal.SIGTERM)
        for number in asked:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in asked:
                loop.remove_signal_handler(number)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain: streams end, acts in progress are answered, and everything can go on later."""
        self._server.draining = True
        self.left = len(self._server.rooms.running)
        self._server.send_home()
        await super().shutdown(sockets)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    where = f"{settings.host}:{settings.port}"
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio asks for the last of them
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT * 1000)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except (OSError, UnicodeError) as error:
        listening.close()
        why = (error.strerror if isinstance(error, OSError) else None) or "that is not an address"
        raise ServingError(f"cannot listen on {where}: {why.lower()}; choose another with --host and --port") from None
    return listening


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared


# -- the log -----------------------------------------------------------------------------------------------------------


class _Lines(logging.Formatter):
    """A line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: time, level, what, and its fields."""
        fields = getattr(record, "fields", {})
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        ours = record.name.startswith("drillroom")
        # What libraries log may hold what somebody sent, so only the message template is kept, without its arguments.
        what = record.getMessage() if ours else str(record.msg).partition("\n")[0]
        said = {"time": time, "level": record.levelname.lower(), "what": what, **fields}
        if record.exc_info is not None and record.exc_info[0] is not None:
            said["error"] = _where(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def _where(found: object) -> str:
    """The type and place of an error, without its message: that may hold somebody's words."""
    kind, _, trace = found if isinstance(found, tuple) else (None, None, None)
    frames = traceback.extract_tb(trace)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{getattr(kind, '__name__', kind)} at {place}"


@contextlib.contextmanager
def _logging_to(stream: TextIO | None) -> Iterator[None]:
    """Send everything that is logged to a stream as lines of JSON, or nowhere."""
    handler: logging.Handler = logging.NullHandler()
    if stream is not None:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(_Lines())
    wanted = {"drillroom": logging.INFO, "uvicorn": logging.WARNING, "asyncio": logging.WARNING}
    before = []
    for name, level in wanted.items():
        log = logging.getLogger(name)
        before.append((log, log.handlers[:], log.level, log.propagate))
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)
    try:
        yield
    finally:
        for log, handlers, old, propagate in before:
            log.handlers, log.propagate = handlers, propagate
            log.setLevel(old)
