"""Who may come in and do what: signed links, exchanged for a cookie, that can be revoked and expire."""

import asyncio
import secrets
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer

from drills.seen import Role, Viewer
from drills.store import LinkRow, SeatRow, Store

__all__ = ["COOKIE", "EVERY_DRILL", "Access", "Session"]

COOKIE = "drillroom"
LINK_DAYS, SESSION_DAYS = 30, 14
EVERY_DRILL = ""
"""In the place of a drill's id: all of them. It is what the owner's link opens."""
_RANDOM_BYTES = 16
"""128 bits: nobody guesses a link."""
_REMEMBERED = 5_000


class Session(NamedTuple):
    """A browser that came in by a link."""

    key: str
    """The hash of its cookie's secret, which is what the database knows."""
    seats: dict[str, SeatRow]
    """What it may do, by drill."""

    @property
    def owner(self) -> bool:
        """Whether it may make drills and run all of them."""
        return EVERY_DRILL in self.seats

    def seat(self, drill: str) -> SeatRow | None:
        """What it may do in a drill."""
        return self.seats.get(drill) or self.seats.get(EVERY_DRILL)

    def viewer(self, drill: str) -> Viewer | None:
        """As whom it looks at a drill, once it was let in."""
        seat = self.seat(drill)
        if seat is None or not seat.admitted:
            return None
        role: Role = "facilitator"
        if seat.role in ("player", "evaluator", "observer"):
            role = seat.role  # type: ignore[assignment]  # checked in the line above
        return Viewer(role, seat.member)


NOBODY = Session("", {})


class Access:
    """Links and sessions. One process owns the database, so what it read once is true until it changes it itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        secret = store.secret
        self._links = URLSafeSerializer(secret, salt="link")
        self._cookies = URLSafeSerializer(secret, salt="session")
        self._known: OrderedDict[str, Session] = OrderedDict()

    # -- links ---------------------------------------------------------------------------------------------------------

    async def link(self, drill: str | None, role: str, member: str | None = None) -> str:
        """The token of a link: one that is still good is given again."""
        for row in self._store.links(drill):
            if (row.role, row.member) == (role, member) and _good(row):
                return self._token(row.id)
        expires = (datetime.now(UTC) + timedelta(days=LINK_DAYS)).isoformat()
        row = LinkRow(secrets.token_urlsafe(_RANDOM_BYTES), drill, role, member, expires, revoked=False)
        await asyncio.wrap_future(self._store.add_link(row))
        return self._token(row.id)

    async def revoke(self, drill: str, member: str | None = None) -> None:
        """Let a drill's links, or one member's, open nothing any more, for those who came by them too."""
        rows = [row for row in self._store.links(drill) if member is None or row.member == member]
        await asyncio.wrap_future(self._store.revoke([row.id for row in rows]))
        self._known.clear()

    def opened_by(self, token: str) -> LinkRow | None:
        """The link that a token stands for; nothing if it is forged, revoked or too old."""
        try:
            link = self._links.loads(token)
        except BadSignature:
            return None
        row = self._store.link(link) if isinstance(link, str) else None
        return row if row is not None and _good(row) else None

    def _token(self, link: str) -> str:
        return str(self._links.dumps(link))

    # -- sessions ------------------------------------------------------------------------------------------------------

    def session(self, cookie: str | None) -> Session:
        """The session of a cookie; one that may do nothing if there is none."""
        if not cookie:
            return NOBODY
        known = self._known.get(cookie)
        if known is None:
            try:
                secret = self._cookies.loads(cookie)
            except BadSignature:
                return NOBODY
            key = _hash(str(secret))
            now = datetime.now(UTC).isoformat()
            known = Session(key, {row.drill: row for row in self._store.seats(key) if row.expires > now})
            self._known[cookie] = known
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known

    def new_cookie(self) -> str:
        """A cookie for a browser that has none."""
        return str(self._cookies.dumps(secrets.token_urlsafe(_RANDOM_BYTES)))

    async def enter(self, cookie: str, link: LinkRow, member: str | None, *, admitted: bool) -> None:
        """Let a browser do what a link allows, as a member if one is meant."""
        await self.allow(cookie, link.drill or EVERY_DRILL, link.id, link.role, member, admitted=admitted)

    async def allow(self, cookie: str, drill: str, link: str, role: str, member: str | None, *, admitted: bool) -> None:
        """Let a browser do something in a drill."""
        key = self.session(cookie).key or _hash(str(self._cookies.loads(cookie)))
        expires = (datetime.now(UTC) + timedelta(days=SESSION_DAYS)).isoformat()
        row = SeatRow(key, drill, link, role, member, admitted, expires)
        await asyncio.wrap_future(self._store.seat(row))
        self._known.clear()

    async def admit(self, drill: str, member: str) -> int:
        """Let in whoever waits to play a member; how many did."""
        waiting = [row for row in self._store.seats_in(drill) if row.member == member and not row.admitted]
        for row in waiting:
            await asyncio.wrap_future(self._store.seat(row._replace(admitted=True)))
        self._known.clear()
        return len(waiting)

    def seats_in(self, drill: str) -> list[SeatRow]:
        """Everybody who came into a drill, or waits to."""
        return self._store.seats_in(drill)


def _good(row: LinkRow) -> bool:
    return not row.revoked and row.expires > datetime.now(UTC).isoformat()


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
