"""Requests that carry a token: whose it is, and whether it opens what is asked for.

A token opens the parts of the API that are listed here and nothing else: no page, and no part that is not listed. It
comes in the Authorization header alone; one in an address would end up in logs and histories.
"""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from starlette.types import Scope

from drills.records import people, tokens
from drills.records.schema import DRILLS, SeatRow, TokenRow
from drills.records.store import Store, StoreError
from drills.web.sessions import EVERY_DRILL, NotLetInError, Session

__all__ = ["OPENED", "Tokens", "bearer", "scope_for"]

_DRILL = "/api/drills/{drill}"
OPENED: Final[dict[tuple[str, str], str]] = {
    ("GET", "/api/scenarios"): "read",
    ("GET", "/api/teams"): "read",
    ("GET", "/api/drills"): "read",
    ("GET", "/api/history"): "read",
    ("GET", "/api/programme"): "read",
    ("GET", f"{_DRILL}/scorecard"): "read",
    ("GET", f"{_DRILL}/log"): "read",
    ("POST", "/api/drills"): "run",
    ("GET", f"{_DRILL}/lobby"): "run",
    ("POST", f"{_DRILL}/admit"): "run",
    ("POST", f"{_DRILL}/start"): "run",
    ("POST", f"{_DRILL}/revoke"): "run",
    ("POST", f"{_DRILL}/acts"): "run",
    ("POST", f"{_DRILL}/screen"): "run",
    ("GET", f"{_DRILL}/duties"): "run",
    ("GET", "/api/actions"): "people",
    ("GET", "/api/people"): "people",
    ("GET", _DRILL): "people",
    ("GET", f"{_DRILL}/events"): "people",
    ("GET", f"{_DRILL}/papers/{{paper}}"): "people",
    ("GET", f"{_DRILL}/folder.zip"): "people",
}
"""The routes that a token opens, by method and path, and the scope that each takes."""
_ROUTES = [
    (method, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), scope)
    for (method, path), scope in OPENED.items()
]
_SCHEME = b"bearer "
_LONGEST = 200
_LIVE = re.compile(r"/api/(?:people|actions|drills/([a-z0-9][a-z0-9_-]{0,63})(?:/events)?)")
_AGAIN = 600.0
"""Seconds for which reading the same again is not recorded again."""


def bearer(headers: dict[bytes, bytes]) -> bool:
    """Whether a request carries a token. No page of another site can send one: a browser would ask us first."""
    return headers.get(b"authorization", b"")[: len(_SCHEME)].lower() == _SCHEME


def scope_for(method: str, path: str) -> str | None:
    """The scope that opens a route; None if no token does."""
    return next((scope for one, known, scope in _ROUTES if one == method and known.fullmatch(path)), None)


class Tokens:
    """Looks a token up in the database with every request: one that was revoked opens nothing from then on."""

    def __init__(self, store: Store, guessed: Callable[[str], bool]) -> None:
        """`guessed` counts a token that there is not, by the address that sent it; false if it has tried too many."""
        self._store, self._guessed = store, guessed
        self._recorded: dict[tuple[str, str], float] = {}
        """When we last recorded that a token reads a drill, or the list of people."""

    async def session(self, scope: Scope) -> Session | None:
        """The session of a request that carries a token; None if it carries none.

        Raises NotLetInError if the token does not open what is asked for, and StoreError.
        """
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if tokens.PREFIX.encode() in scope["query_string"] or f"/{tokens.PREFIX}" in scope["path"]:
            raise NotLetInError(401, _IN_ADDRESS)
        if not bearer(headers):
            return None
        row = await self._valid(headers[b"authorization"][len(_SCHEME) :].decode("latin-1").strip(), scope)
        needed = scope_for(scope["method"], scope["path"])
        if needed is None:
            raise NotLetInError(403, "no token opens this; open it in a browser, by a link")
        if needed not in row.scopes.split():
            raise NotLetInError(403, f"the token {row.name} is for {_listed(row)}, and this takes one for {needed}")
        await self._note(row)
        if needed == "people":
            await self._record(row, scope["path"])
        seat = SeatRow(row.id, EVERY_DRILL, "", "facilitator", row.id, True, row.expires, "token")
        return Session(row.id, {EVERY_DRILL: seat}, token=row.name)

    async def _valid(self, text: str, scope: Scope) -> TokenRow:
        row = None
        if len(text) <= _LONGEST:
            row = await self._store.read(lambda connection: tokens.found(connection, text))
        if row is None:
            if not self._guessed((scope.get("client") or ("?",))[0]):
                raise NotLetInError(429, "too many wrong tokens came from your address; wait a minute")
            raise NotLetInError(401, "there is no such token; `drillroom tokens create` on the server makes one")
        if row.revoked is not None:
            raise NotLetInError(401, f"the token {row.name} was revoked {_day(row.revoked)}; ask for a new one")
        if row.over(datetime.now(UTC)):
            raise NotLetInError(401, f"the token {row.name} expired {_day(row.expires)}; ask for a new one")
        return row

    async def _note(self, row: TokenRow) -> None:
        now = datetime.now(UTC)
        if tokens.unnoted(row, now):
            with suppress(StoreError):  # reading goes on where nothing can be written
                await self._store.submit(lambda connection: tokens.note_used(connection, row.id, now))

    async def _record(self, row: TokenRow, path: str) -> None:
        """Record that it reads what names people: once in a while for what a program asks again and again.

        Raises StoreError: what cannot be recorded is not read. Papers and folders are recorded where they are given
        out, each time.
        """
        found = _LIVE.fullmatch(path)
        if found is None:
            return
        drill, now = found[1] or "", time.monotonic()
        if now - self._recorded.get((row.id, drill), -_AGAIN) < _AGAIN:
            return

        def work(connection: sa.Connection) -> None:
            kind = (
                connection.execute(sa.select(DRILLS.c.kind).where(DRILLS.c.id == drill)).scalar() if drill else "drill"
            )
            if kind == "drill":  # what is practised is nobody's, and no token opens it
                people.note_download(connection, drill, row.id, "api" if drill else "api-people")

        await self._store.submit(work)
        self._recorded = {key: at for key, at in self._recorded.items() if now - at < _AGAIN} | {(row.id, drill): now}


_IN_ADDRESS = (
    "a token in an address ends up in logs and histories: revoke it, and send the new one in the header Authorization"
)


def _listed(row: TokenRow) -> str:
    return " and ".join(row.scopes.split())


def _day(instant: str) -> str:
    at = datetime.fromisoformat(instant)
    return f"on {at.day} {at:%b %Y}"
