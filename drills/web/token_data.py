"""What pages and the API say about tokens, and what they do with them."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from fastapi import Request

from drills.records import people, tokens
from drills.records.schema import TokenRow
from drills.web.context import Desk, desk, session_of
from drills.web.sessions import EVERY_DRILL

__all__ = ["listed", "make", "revoke"]


async def listed(at: Desk) -> list[dict[str, Any]]:
    """All tokens, the newest first. Raises StoreError."""
    return await at.rooms.store.read(lambda connection: [_line(connection, row) for row in tokens.listed(connection)])


async def make(request: Request, name: str, scopes: list[str], days: int) -> tuple[str, dict[str, Any]]:
    """Make a token: the token itself, and its line. Raises TokenError, and StoreError."""
    seat = session_of(request).own(EVERY_DRILL)
    by = seat.member or "" if seat is not None else ""

    def work(connection: sa.Connection) -> tuple[str, dict[str, Any]] | tokens.TokenError:
        try:
            row, text = tokens.make(connection, name, scopes, days, by)
        except tokens.TokenError as error:
            return error
        return text, _line(connection, row)

    made: tuple[str, dict[str, Any]] = _done(await desk(request).rooms.store.submit(work))
    return made


async def revoke(at: Desk, which: str) -> dict[str, Any]:
    """Revoke a token by its id or name. Raises TokenError, and StoreError."""

    def work(connection: sa.Connection) -> dict[str, Any] | tokens.TokenError:
        try:
            return _line(connection, tokens.revoke(connection, which))
        except tokens.TokenError as error:
            return error

    found: dict[str, Any] = _done(await at.rooms.store.submit(work))
    return found


def _done(found: Any) -> Any:  # noqa: ANN401 - whatever was done
    if isinstance(found, tokens.TokenError):
        raise found
    return found


def _line(connection: sa.Connection, row: TokenRow) -> dict[str, Any]:
    state = "revoked" if row.revoked is not None else "expired" if row.over(datetime.now(UTC)) else "valid"
    return {
        "id": row.id,
        "name": row.name,
        "scopes": row.scopes.split(),
        "made": row.made,
        "made_by": (people.called(connection, row.made_by) or "") if row.made_by else "",
        "expires": row.expires,
        "used": row.used,
        "state": state,
    }
