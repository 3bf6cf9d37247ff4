"""Passing requests on to the server that holds their drill, when several share a database.

One hop and no more: what is passed on carries a mark that is signed with the database's secret. It says which address
the request came from, and that the first server has checked its origin; the second does not pass it on again.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drills.live.heartbeat import Heartbeat
from drills.records.leases import Holder
from drills.web.client import Answer, Client, NoAnswerError
from drills.web.middleware import PASSED
from drills.web.sessions import COMMAND

__all__ = ["Relay"]

PATIENCE = 10.0
"""Seconds within which a server must answer; for a stream, begin to."""
AGAIN = "the server that ran this drill does not answer; another takes it over within seconds. Try again in a moment"
_MARK, _NOT_HERE = b"x-drillroom-forwarded", b"x-drillroom-not-here"
_OF_DRILL = re.compile(r"/(?:api/drills|d)/([a-z0-9][a-z0-9_-]{0,63})(?:/|$)")
_HOPS = {b"connection", b"keep-alive", b"transfer-encoding", b"te", b"upgrade", b"proxy-connection", b"expect"}
"""Hop-by-hop headers, which are not passed on."""
_END: Message = {"type": "http.response.body", "body": b"", "more_body": False}
_log = logging.getLogger("drillroom.servers")


class _Route(NamedTuple):
    """The log's name for what is passed on."""

    path: str


@dataclass(eq=False, slots=True)
class _Passing:
    """A request that is being passed on."""

    drill: str
    holder: str
    answer: Answer | None = None
    asking: "asyncio.Task[Answer] | None" = None

    def cut(self) -> None:
        """End it: its drill is elsewhere."""
        if self.answer is not None:
            self.answer.abort()
        elif self.asking is not None:
            self.asking.cancel()


class Relay:
    """Knows which requests belong to another server, and passes them on."""

    def __init__(self, heartbeat: Heartbeat, secret: str, by_command: Callable[[Scope], bool]) -> None:
        """`by_command`: whether a request is signed for this server, as a command of the owner's."""
        self._heartbeat = heartbeat
        self._by_command = by_command
        self._signed = URLSafeSerializer(secret, salt="forwarded", signer_kwargs={"digest_method": sha256})
        self._client = Client()
        self._passing: set[_Passing] = set()
        heartbeat.looked.append(self._look)

    async def elsewhere(self, scope: Scope) -> ASGIApp | None:
        """The app that answers a request whose drill another server holds; None if it is ours. Raises StoreError."""
        self._read_mark(scope)
        found = _OF_DRILL.match(scope["path"])
        if found is None or await self._heartbeat.has(found[1]):
            return None
        holder = await self._heartbeat.holder(found[1], again=PASSED in scope)
        if holder is None:
            return None
        scope["route"] = _Route("passed on")
        return _not_here if PASSED in scope else partial(self._pass_on, _Passing(found[1], holder.id), holder)

    def _read_mark(self, scope: Scope) -> None:
        """Trust what another server of ours says about a request, and nobody else."""
        mark = next((value for name, value in scope["headers"] if name == _MARK), None)
        if mark is None:
            return
        try:
            method, target, client, by_command = self._signed.loads(mark.decode("latin-1"))
        except (BadSignature, ValueError):
            return
        if (method, target) == (scope["method"], _target(scope).decode("latin-1")):
            scope[PASSED], scope[COMMAND] = True, by_command
            scope["client"] = (client, 0)

    def _headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        client = (scope.get("client") or ("?",))[0]
        said = [scope["method"], _target(scope).decode("latin-1"), client, self._by_command(scope)]
        mark = self._signed.dumps(said)
        kept = [one for one in scope["headers"] if one[0] not in _HOPS and one[0] not in (b"content-length", _MARK)]
        return [*kept, (_MARK, mark.encode())]

    # -- passing on ----------------------------------------------------------------------------------------------------

    async def _pass_on(self, passing: _Passing, holder: Holder, scope: Scope, receive: Receive, send: Send) -> None:
        body = b"" if scope["method"] in ("GET", "HEAD") else (await receive()).get("body", b"")
        self._passing.add(passing)
        try:
            await self._ask(passing, holder, scope, body)
            if passing.answer is not None:
                await _answered(passing.answer, receive, send)
                return
        except (NoAnswerError, TimeoutError, asyncio.CancelledError) as error:
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise  # cancelled by somebody else, not by `cut`
            why = str(error) or "it does not answer"
            _log.warning("not passed on", extra={"fields": {"drill": passing.drill, "to": holder.url, "why": why}})
        finally:
            self._passing.discard(passing)
            if passing.answer is not None:
                passing.answer.close()
        await JSONResponse({"error": AGAIN}, 503, {"retry-after": "1"})(scope, receive, send)

    async def _ask(self, passing: _Passing, holder: Holder, scope: Scope, body: bytes) -> None:
        """Ask the server that holds a drill; if it is no longer there, look once more who holds it."""
        headers, target = self._headers(scope), _target(scope)
        there: Holder | None = holder
        for _ in range(2):
            if there is None:
                return
            passing.holder = there.id
            passing.asking = asyncio.create_task(self._client.ask(there.url, scope["method"], target, headers, body))
            async with asyncio.timeout(PATIENCE):
                answer = await passing.asking
            if all(name != _NOT_HERE for name, _ in answer.headers):
                passing.answer = answer
                return
            answer.abort()
            there = await self._heartbeat.holder(passing.drill, again=True)

    def _look(self) -> None:
        """End what is passed on to a server that no longer holds its drill: it may hang without saying so."""
        for passing in list(self._passing):
            now = self._heartbeat.routes.get(passing.drill)
            if now is not None and now.id != passing.holder:
                passing.cut()

    def close(self) -> None:
        """End everything; browsers reconnect by themselves."""
        for passing in list(self._passing):
            passing.cut()
        self._client.close()


async def _answered(answer: Answer, receive: Receive, send: Send) -> None:
    """Pass an answer on: a stream as it comes, anything else when complete. Raises NoAnswerError, TimeoutError."""
    headers = [header for header in answer.headers if header[0] not in _HOPS]
    start: Message = {"type": "http.response.start", "status": answer.status, "headers": headers}
    if not answer.streams:
        async with asyncio.timeout(PATIENCE):
            body = await answer.body()
        await send(start)
        await send({"type": "http.response.body", "body": body, "more_body": False})
        return
    await send(start)
    gone = asyncio.create_task(_until_gone(answer, receive))
    try:
        async for part in answer.parts():
            await send({"type": "http.response.body", "body": part, "more_body": True})
    except NoAnswerError:
        pass  # the browser reconnects, and is passed on to the server that holds the drill then
    finally:
        gone.cancel()
    await send(_END)


async def _until_gone(answer: Answer, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    answer.abort()


async def _not_here(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell the server that passed something on that the drill is not here, and that nothing was done."""
    said = JSONResponse({"error": AGAIN}, 503, {_NOT_HERE.decode(): "1", "retry-after": "1"})
    await said(scope, receive, send)


def _target(scope: Scope) -> bytes:
    """A request's path and query as they were sent."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    return path + (b"?" + query if query else b"")
