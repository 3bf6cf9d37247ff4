"""Who may come in and do what: signed links, exchanged for a cookie, that can be revoked and expire."""

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.requests import cookie_parser
from starlette.types import Scope

from drills.guidance.visibility import Role
from drills.records.store import LinkRow, SeatRow, Store
from drills.web.owner_calls import HEADER, OwnerCalls

__all__ = ["COMMAND", "COOKIE", "EVERY_DRILL", "NOBODY", "ROLES", "Access", "NotLetInError", "Session", "Who"]

COOKIE = "drillroom"
LINK_DAYS, SESSION_DAYS = 30, 14
COMMAND = "drillroom.command"
"""Key in the scope: whether another server of ours has seen that a request is an owner's command."""
EVERY_DRILL = ""
"""Instead of a drill's id: all of them. The owner's link opens this."""
ROLES: dict[str, Role] = {
    "player": "player",
    "evaluator": "evaluator",
    "facilitator": "facilitator",
    "observer": "observer",
}
"""The roles that a link may give; anything else in the database gives none."""
_RANDOM_BYTES = 16
"""128 bits: nobody can guess a link."""
_REMEMBERED = 5_000
_FRESH = timedelta(days=1)
"""A link with less time left is not given out again."""
_RANKS = {"observer": 1, "player": 2, "evaluator": 3, "facilitator": 4}
Who = tuple[str, str | None]
"""Whom a link is for: a role, and the member if it is a personal one."""


class NotLetInError(Exception):
    """What a request carries does not open what it asks for: a status, and a sentence."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Session(NamedTuple):
    """A browser that came in by a link, or a program with a token."""

    key: str
    """The hash of its cookie's secret, which is what the database knows."""
    seats: dict[str, SeatRow]
    """What it may do, by drill; also what it may no longer do."""
    token: str = ""
    """The name of its token, if it is a program's. It may do only what the token's scopes say (see `web.tokens`)."""

    @property
    def known(self) -> bool:
        """Whether it may do anything at all."""
        return any(_lasts(seat.expires) for seat in self.seats.values())

    @property
    def owner(self) -> bool:
        """Whether it may make drills and run all of them."""
        seat = self.own(EVERY_DRILL)
        return seat is not None and seat.role == "facilitator" and seat.admitted

    def own(self, drill: str) -> SeatRow | None:
        """What it may do in a drill, through a link to that drill."""
        seat = self.seats.get(drill)
        return seat if seat is not None and _lasts(seat.expires) else None

    def seat(self, drill: str) -> SeatRow | None:
        """What it may do in a drill, through a link to it or to all."""
        return self.own(drill) or self.own(EVERY_DRILL)


NOBODY = Session("", {})


class Access:
    """Links and sessions. What was read is cached only if no other server can change it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        strong = {"digest_method": sha256}
        self._links = URLSafeSerializer(store.secret, salt="link", signer_kwargs=strong)
        self._cookies = URLSafeSerializer(store.secret, salt="session", signer_kwargs=strong)
        self.calls = OwnerCalls(store.secret)
        """Recognizes the owner's commands."""
        self._remembers = store.ours_alone
        self._known: OrderedDict[str, Session] = OrderedDict()
        self._given: dict[str | None, dict[Who, LinkRow]] = {}
        """The valid links of a drill, by whom they are for."""
        self._changes = 0
        """How often something was changed: what was read before the last change is not cached."""
        self._naming: set[tuple[str, str]] = set()
        """Drills and members that somebody is claiming right now."""

    def read_again(self) -> None:
        """Somebody else changed seats or links: empty the cache."""
        self._changed()

    def _changed(self) -> None:
        self._changes += 1
        self._known.clear()
        self._given.clear()

    # -- links ---------------------------------------------------------------------------------------------------------

    async def link(self, drill: str | None, role: str, member: str | None = None) -> str:
        """The token of a link: one that is still valid is reused."""
        return (await self.links(drill, [(role, member)]))[role, member]

    async def links(self, drill: str | None, wanted: Iterable[Who]) -> dict[Who, str]:
        """The tokens of several links of one drill; missing ones are made together."""
        names = list(wanted)
        given = self._given.get(drill)
        if given is None:
            changes = self._changes
            given = {(row.role, row.member): row for row in await self._store.links(drill) if _good(row)}
            if self._remembers and changes == self._changes:
                given = self._given.setdefault(drill, given)
        expires = (datetime.now(UTC) + timedelta(days=LINK_DAYS)).isoformat()
        made = [
            LinkRow(secrets.token_urlsafe(_RANDOM_BYTES), drill, role, member, expires, revoked=False)
            for role, member in names
            if (role, member) not in given or not _good(given[role, member], _FRESH)
        ]
        given.update({(row.role, row.member): row for row in made})
        found = {name: given[name].id for name in names}
        if made:
            try:
                await self._store.add_links(made)
            except BaseException:
                self._given.pop(drill, None)
                raise
        return {name: str(self._links.dumps(link)) for name, link in found.items()}

    async def revoke(self, drill: str, member: str | None = None) -> None:
        """Revoke a drill's links, or one member's, and the sessions that came by them.

        Somebody who came by the one link and said to be that member has to say again who they are, and to be let in.
        All of it happens at once, or none.
        """
        try:
            await self._store.revoke(drill, member)
        finally:
            self._changed()

    async def opened_by(self, token: str) -> LinkRow | None:
        """The link of a token; None if it is forged, revoked or too old."""
        try:
            link = self._links.loads(token)
        except BadSignature:
            return None
        row = await self._store.link(link) if isinstance(link, str) else None
        return row if row is not None and _good(row) and row.role in ROLES else None

    # -- sessions ------------------------------------------------------------------------------------------------------

    def by_command(self, scope: Scope) -> bool:
        """Whether a request is an owner's command: it is signed, for this server or for one that passed it on."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        signed, query = headers.get(HEADER.encode(), b"").decode("latin-1"), scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        return bool(scope.get(COMMAND)) or (bool(signed) and self.calls.opens(signed, scope["method"], target))

    async def of(self, scope: Scope) -> Session:
        """The session of a request: an owner's command is recognized by its signature, the others by their cookie."""
        if self.by_command(scope):
            return _session_of_command()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        return await self.session(cookie_parser(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE, ""))

    async def session(self, cookie: str | None) -> Session:
        """The session of a cookie; without one, a session that may do nothing."""
        if not cookie:
            return NOBODY
        known = self._known.get(cookie)
        if known is not None:
            return known
        try:
            secret = self._cookies.loads(cookie)
        except BadSignature:
            return NOBODY
        key, changes = _hash(str(secret)), self._changes
        known = Session(key, {row.drill: row for row in await self._store.seats(key)})
        if self._remembers and changes == self._changes:
            self._known[cookie] = known
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known

    def new_cookie(self) -> str:
        """A new cookie for a browser without one."""
        return str(self._cookies.dumps(secrets.token_urlsafe(_RANDOM_BYTES)))

    async def enter(self, cookie: str, link: LinkRow) -> None:
        """Let a browser do what a link allows. A link never takes away what was allowed before."""
        session = await self.session(cookie)
        place = link.drill or EVERY_DRILL
        if link.drill is not None and session.owner:
            return  # the owner runs this drill anyway, and would only lock themselves out
        mine = session.own(place)
        named = link.role != "player" or link.member is not None
        member, identified = link.member, "link" if link.member is not None else ""
        if mine is not None:
            rank, had = _RANKS[link.role], _RANKS.get(mine.role, 0)
            if rank < had or (rank == had and not named):
                return  # a link that allows less, or the one link opened again
            if rank == had and member is None:
                member, identified = mine.member, mine.identified  # nobody has to say twice who they are
        await self.allow(cookie, place, link.id, link.role, member, admitted=named, identified=identified)

    async def allow(
        self,
        cookie: str,
        drill: str,
        link: str,
        role: str,
        member: str | None,
        *,
        admitted: bool,
        identified: str = "",
    ) -> None:
        """Let a browser do something in a drill; `identified` is how we know that it is that member's."""
        key = _hash(str(self._cookies.loads(cookie)))
        expires = (datetime.now(UTC) + timedelta(days=SESSION_DAYS)).isoformat()
        try:
            await self._store.seat(SeatRow(key, drill, link, role, member, admitted, expires, identified))
        finally:
            self._changed()

    async def name(self, cookie: str, drill: str, member: str) -> bool:
        """Let somebody who came by the one link say who they are; false if somebody else said so first."""
        session = await self.session(cookie)
        mine = session.own(drill)
        if mine is None or (drill, member) in self._naming:
            return False
        self._naming.add((drill, member))
        try:
            if member in await self.taken(drill, session.key):
                return False
            await self.allow(cookie, drill, mine.link, "player", member, admitted=False, identified="list")
        finally:
            self._naming.discard((drill, member))
        return True

    async def name_staff(self, cookie: str, drill: str, who: str) -> None:
        """Record who runs, rates or watches, by a drill's link or the owner's."""
        session = await self.session(cookie)
        mine = session.seat(drill)
        if mine is not None:
            place, link, role = mine.drill, mine.link, mine.role
            await self.allow(cookie, place, link, role, who, admitted=mine.admitted, identified="list")

    async def taken(self, drill: str, but: str = "") -> set[str]:
        """The members whom somebody plays or waits to play, apart from one session."""
        return {row.member for row in await self.seats_in(drill) if row.member is not None and row.session != but}

    async def admit(self, drill: str, member: str | None = None) -> int:
        """Let in those who wait to play a member, or everybody who has said whom they play; how many that were."""
        try:
            return await self._store.admit(drill, member)
        finally:
            self._changed()

    async def seats_in(self, drill: str) -> list[SeatRow]:
        """Everybody who has come into a drill, or waits to."""
        return [row for row in await self._store.seats_in(drill) if _lasts(row.expires)]


def _session_of_command() -> Session:
    """What the owner's commands may do: everything that the owner's link opens."""
    key, expires = "command", (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    seat = SeatRow(key, EVERY_DRILL, "", "facilitator", None, admitted=True, expires=expires)
    return Session(key, {EVERY_DRILL: seat})


def _good(row: LinkRow, margin: timedelta = timedelta()) -> bool:
    return not row.revoked and _lasts(row.expires, margin)


def _lasts(expires: str, margin: timedelta = timedelta()) -> bool:
    return expires > (datetime.now(UTC) + margin).isoformat()


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
