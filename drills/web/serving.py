"""Starting the server and letting it end: its socket, its log, its links, and what it says when it goes."""

import asyncio
import json
import logging
import socket
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from drills.settings import Settings
from drills.store import Store
from drills.web.app import Server, application

__all__ = ["ServingError", "serve"]

GRACE = 5
"""Seconds that open requests have to end when the server is told to stop."""


class ServingError(Exception):
    """The server cannot be started; the message says why, in one line."""


def serve(settings: Settings, ready: Callable[[Server, str], None], quiet: bool = False) -> int:
    """Serve until told to stop; how many drills were running then. Raises ServingError, or StoreError.

    `ready` is called with the server and the owner's link once requests are answered.
    """
    listening = _listen(settings)
    port = int(listening.getsockname()[1])
    base = settings.public_url or f"http://{_shown(settings.host)}:{port}"
    store = Store(settings.database)
    try:
        server = Server(store, settings.model_copy(update={"port": port}), base)
        _log_to(sys.stderr if not quiet else None)
        asyncio.run(_run(server, listening, ready))
        return sum(room.live is not None and not room.live.finished for room in server.rooms.all())
    finally:
        store.close()
        listening.close()


async def _run(server: Server, listening: socket.socket, ready: Callable[[Server, str], None]) -> None:
    config = uvicorn.Config(
        application(server),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
    )
    running = _Server(config, server)
    task = asyncio.create_task(running.serve([listening]))
    while not running.started and not task.done():
        await asyncio.sleep(0.005)
    if running.started:
        ready(server, f"{server.base}/join/{await server.access.link(None, 'facilitator')}")
    await task


class _Server(uvicorn.Server):
    """Sends streams home as soon as it is told to stop, so that nobody waits for them."""

    def __init__(self, config: uvicorn.Config, server: Server) -> None:
        super().__init__(config)
        self._server = server

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain: streams end, acts that are under way are answered, and everything can go on later."""
        self._server.draining = True
        for hub in self._server.hubs.values():
            hub.close()
        await super().shutdown(sockets)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        why = (error.strerror or str(error)).lower()
        raise ServingError(
            f"{settings.host}:{settings.port} cannot be listened on: {why}; choose another with --host and --port"
        ) from None
    listening.listen(2048)
    return listening


def _shown(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - compared


class _Lines(logging.Formatter):
    """A line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON: time, level, what, and its fields."""
        fields = getattr(record, "fields", {})
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": time, "level": record.levelname.lower(), "what": record.getMessage(), **fields}
        if record.exc_info is not None:
            said["error"] = _where(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def _where(found: object) -> str:
    """What went wrong and where, without its message: that may hold somebody's words."""
    kind, _, trace = found if isinstance(found, tuple) else (None, None, None)
    frames = traceback.extract_tb(trace)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{getattr(kind, '__name__', kind)} at {place}"


def _log_to(stream: object) -> None:
    log = logging.getLogger("drillroom")
    log.handlers.clear()
    log.propagate = False
    if stream is not None:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        errors = logging.getLogger("uvicorn.error")
        errors.handlers = [handler]
        errors.setLevel(logging.WARNING)
        errors.propagate = False
