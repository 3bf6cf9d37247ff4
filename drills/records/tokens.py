"""Tokens, by which programs use the API: what each may do, until when, and when it was last used.

A token is shown once, when it is made; the database has its digest. Rows stay after a token was revoked or expired,
since what it did is recorded by its id.
"""

import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from drills.records.schema import TOKENS, TokenRow

__all__ = [
    "MOST_DAYS",
    "PREFIX",
    "SCOPES",
    "TokenError",
    "called",
    "found",
    "listed",
    "make",
    "note_used",
    "revoke",
    "unnoted",
]

PREFIX: Final = "drt_"
"""How every token begins, so that people and scanners recognize one."""
SCOPES: Final = {
    "read": "lists scenarios, teams and drills; reads results, the history and sealed logs, without names and texts",
    "run": "makes, starts and runs drills, and reads the links that let people in",
    "people": "reads what names people: a drill as it happens, its texts and papers; what it reads is recorded",
}
"""What a token may be for, and what that means."""
MOST_DAYS: Final = 366
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_ID = "token-"
_NOTED_AGAIN = timedelta(minutes=1)
"""That a token was used is noted once in this time."""


class TokenError(Exception):
    """A token cannot be made or revoked; the message says why."""


def make(connection: sa.Connection, name: str, scopes: list[str], days: int, by: str) -> tuple[TokenRow, str]:
    """Make a token; its row, and the token itself, which nobody can read again. Raises TokenError.

    `by` is the id of the person who makes it; empty for a command on the server.
    """
    if not _NAME.fullmatch(name):
        raise TokenError("name it in small letters, digits and hyphens, at most 40, such as nightly-ci")
    unknown = next((scope for scope in scopes if scope not in SCOPES), None)
    if unknown is not None or not scopes:
        said = f"there is no scope {unknown!r}" if unknown else "choose what it is for"
        raise TokenError(f"{said}; there are {', '.join(SCOPES)}")
    if not 1 <= days <= MOST_DAYS:
        raise TokenError(f"a token lasts from 1 to {MOST_DAYS} days")
    now = datetime.now(UTC)
    if any(row.name == name and not row.over(now) for row in listed(connection)):
        raise TokenError(f"there is a token named {name} already; revoke it first, or choose another name")
    short, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    text = f"{PREFIX}{short}_{secret}"
    row = TokenRow(
        id=_ID + short,
        digest=_digest(text),
        name=name,
        scopes=" ".join(scope for scope in SCOPES if scope in scopes),
        made=now.isoformat(),
        made_by=by,
        expires=(now + timedelta(days=days)).isoformat(),
    )
    connection.execute(TOKENS.insert().values(**row._asdict()))
    return row, text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def found(connection: sa.Connection, text: str) -> TokenRow | None:
    """The token that somebody shows, valid or not; None if there is none like it."""
    short, _, secret = text.removeprefix(PREFIX).partition("_")
    if not text.startswith(PREFIX) or not secret or not text.isascii():
        return None
    row = _row(connection, _ID + short)
    return row if row is not None and hmac.compare_digest(row.digest, _digest(text)) else None


def _row(connection: sa.Connection, token: str) -> TokenRow | None:
    row = connection.execute(sa.select(TOKENS).where(TOKENS.c.id == token)).first()
    return None if row is None else TokenRow(*row)


def listed(connection: sa.Connection) -> list[TokenRow]:
    """All tokens, the newest first."""
    return [TokenRow(*row) for row in connection.execute(sa.select(TOKENS).order_by(TOKENS.c.made.desc()))]


def called(connection: sa.Connection, token: str) -> str | None:
    """How pages name a token that did something; None if it is no token's id."""
    row = _row(connection, token) if token.startswith(_ID) else None
    return None if row is None else f"The token {row.name}"


def revoke(connection: sa.Connection, which: str) -> TokenRow:
    """Revoke a token, named by its id, or by its name while it is valid. Raises TokenError."""
    now = datetime.now(UTC)
    every = listed(connection)
    row = next((one for one in every if which in (one.id, one.name) and not one.over(now)), None)
    if row is None:
        known = any(which in (one.id, one.name) for one in every)
        raise TokenError(f"{which[:60]} is not valid any more" if known else f"there is no token {which[:60]!r}")
    connection.execute(TOKENS.update().where(TOKENS.c.id == row.id).values(revoked=now.isoformat()))
    return row._replace(revoked=now.isoformat())


def unnoted(row: TokenRow, now: datetime) -> bool:
    """Whether it is time to note once more that a token is used."""
    return row.used is None or datetime.fromisoformat(row.used) < now - _NOTED_AGAIN


def note_used(connection: sa.Connection, token: str, now: datetime) -> None:
    """Note when a token was used."""
    connection.execute(TOKENS.update().where(TOKENS.c.id == token).values(used=now.isoformat()))
