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

__all__ = ["COMMAND", "COOKIE", "EVERY_DRILL", "NOBODY", "ROLES", "Access", "Session", "Who"]

COOKIE = "drillroom"
LINK_DAYS, SESSION_DAYS = 30, 14
COMMAND = "drillroom.command"
"""Whether another server of ours has seen that a request is a command of the owner's, in its scope."""
EVERY_DRILL = ""
"""In the place of a drill's id: all of them. It is what the owner's link opens."""
ROLES: dict[str, Role] = {
    "player": "player",
    "evaluator": "evaluator",
    "facilitator": "facilitator",
    "observer": "observer",
}
"""The roles that a link may give; whatever else stands in the database gives none."""
_RANDOM_BYTES = 16
"""128 bits: nobody guesses a link."""
_REMEMBERED = 5_000
_FRESH = timedelta(days=1)
"""A link that will be good for less is not given out again."""
_RANKS = {"observer": 1, "player": 2, "evaluator": 3, "facilitator": 4}
Who = tuple[str, str | None]
"""For whom a link is: a role, and the member whose personal link it is."""


class Session(NamedTuple):
    """A browser that came in by a link."""

    key: str
    """The hash of its cookie's secret, which is what the database knows."""
    seats: dict[str, SeatRow]
    """What it may do, by drill; also what it may do no more."""

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
        """What it may do in a drill by a link to that drill."""
        seat = self.seats.get(drill)
        return seat if seat is not None and _lasts(seat.expires) else None

    def seat(self, drill: str) -> SeatRow | None:
        """What it may do in a drill, by a link to it or to all."""
        return self.own(drill) or self.own(EVERY_DRILL)


NOBODY = Session("", {})


class Access:
    """Links and sessions. What was read once is remembered only where no other server can change it meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store
        strong = {"digest_method": sha256}
        self._links = URLSafeSerializer(store.secret, salt="link", signer_kwargs=strong)
        self._cookies = URLSafeSerializer(store.secret, salt="session", signer_kwargs=strong)
        self.calls = OwnerCalls(store.secret)
        """Knows the commands of the owner's."""
        self._remembers = store.ours_alone
        self._known: OrderedDict[str, Session] = OrderedDict()
        self._given: dict[str | None, dict[Who, LinkRow]] = {}
        """The links of a drill that are good, by whom they are for."""
        self._changes = 0
        """How often something was changed: what was read before the last of them is not remembered."""
        self._naming: set[tuple[str, str]] = set()
        """Drills and members that somebody is just saying to be."""

    def read_again(self) -> None:
        """Seats or links were changed by somebody else: remember nothing of them."""
        self._changed()

    def _changed(self) -> None:
        self._changes += 1
        self._known.clear()
        self._given.clear()

    # -- links ---------------------------------------------------------------------------------------------------------

    async def link(self, drill: str | None, role: str, member: str | None = None) -> str:
        """The token of a link: one that is still good is given again."""
        return (await self.links(drill, [(role, member)]))[role, member]

    async def links(self, drill: str | None, wanted: Iterable[Who]) -> dict[Who, str]:
        """The tokens of several links of one drill; those that are missing are made together."""
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
        """Let a drill's links, or one member's, open nothing any more, for those who came by them too.

        Who came by the one link and said to be that member has to say again who they are, and to be let in. All of it
        happens at once, or none.
        """
        try:
            await self._store.revoke(drill, member)
        finally:
            self._changed()

    async def opened_by(self, token: str) -> LinkRow | None:
        """The link that a token stands for; nothing if it is forged, revoked or too old."""
        try:
            link = self._links.loads(token)
        except BadSignature:
            return None
        row = await self._store.link(link) if isinstance(link, str) else None
        return row if row is not None and _good(row) and row.role in ROLES else None

    # -- sessions ------------------------------------------------------------------------------------------------------

    def by_command(self, scope: Scope) -> bool:
        """Whether a request is a command of the owner's: it is signed, for this server or for one that passed it on."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        signed, query = headers.get(HEADER.encode(), b"").decode("latin-1"), scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        return bool(scope.get(COMMAND)) or (bool(signed) and self.calls.opens(signed, scope["method"], target))

    async def of(self, scope: Scope) -> Session:
        """The session of a request: a command of the owner's is known by its signature, the others by their cookie."""
        if self.by_command(scope):
            return _session_of_command()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        return await self.session(cookie_parser(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE, ""))

    async def session(self, cookie: str | None) -> Session:
        """The session of a cookie; one that may do nothing if there is none."""
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
        """A cookie for a browser that has none."""
        return str(self._cookies.dumps(secrets.token_urlsafe(_RANDOM_BYTES)))

    async def enter(self, cookie: str, link: LinkRow) -> None:
        """Let a browser do what a link allows. Nobody loses by a link what they were allowed before."""
        session = await self.session(cookie)
        place = link.drill or EVERY_DRILL
        if link.drill is not None and session.owner:
            return  # who runs all drills runs this one too, and would only lock themselves out
        mine = session.own(place)
        named = link.role != "player" or link.member is not None
        member, identified = link.member, "link" if link.member is not None else ""
        if mine is not None:
            rank, had = _RANKS[link.role], _RANKS.get(mine.role, 0)
            if rank < had or (rank == had and not named):
                return  # a link that allows less, or the one link opened again
            if rank == had and member is None:
                member, identified = mine.member, mine.identified  # who has said who they are need not say it twice
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
        """Let whoever came by the one link say who they are; false if somebody else said so first."""
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
        """Keep who it is that runs, rates or watches, by a drill's link or by the owner's."""
        session = await self.session(cookie)
        mine = session.seat(drill)
        if mine is not None:
            place, link, role = mine.drill, mine.link, mine.role
            await self.allow(cookie, place, link, role, who, admitted=mine.admitted, identified="list")

    async def taken(self, drill: str, but: str = "") -> set[str]:
        """The members whom somebody plays or waits to play, apart from one session."""
        return {row.member for row in await self.seats_in(drill) if row.member is not None and row.session != but}

    async def admit(self, drill: str, member: str | None = None) -> int:
        """Let in whoever waits to play a member, or everybody who has said whom they play; how many did."""
        try:
            return await self._store.admit(drill, member)
        finally:
            self._changed()

    async def seats_in(self, drill: str) -> list[SeatRow]:
        """Everybody who came into a drill, or waits to."""
        return [row for row in await self._store.seats_in(drill) if _lasts(row.expires)]


def _session_of_command() -> Session:
    """What the owner's commands may do: all that the owner's link opens."""
    key, expires = "command", (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    seat = SeatRow(key, EVERY_DRILL, "", "facilitator", None, admitted=True, expires=expires)
    return Session(key, {EVERY_DRILL: seat})


def _good(row: LinkRow, margin: timedelta = timedelta()) -> bool:
    return not row.revoked and _lasts(row.expires, margin)


def _lasts(expires: str, margin: timedelta = timedelta()) -> bool:
    return expires > (datetime.now(UTC) + margin).isoformat()


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
