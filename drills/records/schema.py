"""The tables of the database, and their rows as the program holds them.

A change here needs a step in `migrations/`, and a test compares what the steps make with what is defined here.
"""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

__all__ = [
    "ALIASES",
    "ATTENDANCE",
    "DOWNLOADS",
    "DRILLS",
    "EVENTS",
    "FIGURES",
    "FILES",
    "FORGOTTEN",
    "GUESSES",
    "HANDLED",
    "HISTORY",
    "LEASES",
    "LINKS",
    "META",
    "OF_DRILLS",
    "PEOPLE",
    "RESULTS",
    "RETESTS",
    "SCHEMA",
    "SEATS",
    "SERVERS",
    "SIGNATURES",
    "STEP",
    "TEAMS",
    "TEAM_MEMBERS",
    "TEXTS",
    "TOKENS",
    "AttendanceRow",
    "DownloadRow",
    "DrillRow",
    "GuessRow",
    "LinkRow",
    "PersonRow",
    "ResultRow",
    "RetestRow",
    "SeatRow",
    "TokenRow",
    "tables",
]

SCHEMA = 11
"""The version of the tables below: the number of the last step in `migrations/`."""

tables = sa.MetaData()
_ID, _INSTANT = sa.String(64), sa.String(40)


def _table(name: str, *columns: Any) -> sa.Table:  # noqa: ANN401 - columns and indices, as SQLAlchemy takes them
    return sa.Table(name, tables, *columns)


META = _table("meta", sa.Column("key", sa.String(40), primary_key=True), sa.Column("value", sa.Text))
STEP = _table("alembic_version", sa.Column("version_num", sa.String(32), primary_key=True))
"""Tells Alembic the last step taken; the same as `schema` in META, which version 0.1.0 reads."""
DRILLS = _table(
    "drills",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("made", _INSTANT, nullable=False),
    sa.Column("setup", sa.Text, nullable=False),
    sa.Column("plan", sa.Text),
    sa.Column("header", sa.LargeBinary),
    sa.Column("alive_at", sa.BigInteger),
    sa.Column("alive_wall", _INSTANT),
    sa.Column("screen", sa.String(12), nullable=False, server_default="guess"),
    sa.Column("revealed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("phase", sa.String(12)),
    sa.Index("drills_by_state", "state", "made"),
)
EVENTS = _table(
    "events",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""The sealed lines of each drill's log. `header` of a drill that has begun is its first line, and holds its plan."""
TEXTS = _table(
    "texts",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("field", sa.String(40), primary_key=True),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
"""What people typed, beside the lines that hold its digests."""
FILES = _table(
    "files",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("sha256", _ID, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""What a scenario hands to people, as it was when the drill was planned. The plan says what each is called."""
LINKS = _table(
    "links",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("drill", _ID),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("member", _ID),
    sa.Column("expires", _INSTANT, nullable=False),
    sa.Column("revoked", sa.Boolean, nullable=False, default=False),
    sa.Index("links_by_drill", "drill"),
)
SEATS = _table(
    "seats",
    sa.Column("session", _ID, primary_key=True),
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("link", _ID, nullable=False),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("member", _ID),
    sa.Column("admitted", sa.Boolean, nullable=False, default=False),
    sa.Column("expires", _INSTANT, nullable=False),
    sa.Column("identified", sa.String(8), nullable=False, server_default=""),
    sa.Index("seats_by_drill", "drill"),
    sa.Index("seats_by_link", "link"),
)
GUESSES = _table(
    "guesses",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("member", _ID, primary_key=True),
    sa.Column("surprise", sa.Text, nullable=False),
    sa.Column("heard", sa.BigInteger),
    sa.Column("command", sa.BigInteger),
)
RETESTS = _table(
    "retests",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("earlier", _ID, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Index("retests_by_earlier", "earlier"),
)
RESULTS = _table(
    "results",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("head", _ID, nullable=False),
    sa.Column("rubric", _ID, nullable=False),
    sa.Column("rules", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("says", sa.Text),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("post_mortem", sa.Boolean, nullable=False),
    sa.Column("measures", sa.Text, nullable=False),
    sa.Column("played", sa.Text, nullable=False),
)
HANDLED = _table(
    "handled",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("owner", _ID),
    sa.Column("due_on", sa.String(10)),
    sa.Column("obligation", sa.String(64)),
    sa.Column("closed_on", sa.String(10)),
    sa.Column("closed_how", sa.String(12)),
    sa.Column("closed_by", _ID),
    sa.Column("closed_text", sa.Text),
)
"""What was changed by hand in a corrective action after its drill, by its event there. Nothing: as the log says."""
SIGNATURES = _table(
    "signatures",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("person", _ID, nullable=False),
    sa.Column("at", _INSTANT, nullable=False),
    sa.Column("head", _ID, nullable=False),
    sa.Column("own", sa.Boolean, nullable=False),
)
"""Who signed a drill's record, when, with which hash its log ended then, and whether they ran the drill themselves."""
HISTORY = _table(
    "history",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("log", _ID, nullable=False),
    sa.Column("head", _ID),
    sa.Column("rubric", _ID),
    sa.Column("rules", sa.Integer),
    sa.Column("version", sa.Integer),
    sa.Column("team", sa.String(200)),
    sa.Column("sort", sa.LargeBinary),
    sa.Column("present", sa.LargeBinary),
    sa.Column("began", sa.BigInteger),
    sa.Column("over", sa.BigInteger),
    sa.Column("day", sa.Integer),
    sa.Column("back_s", sa.Float),
    sa.Column("uncapped", sa.Float),
    sa.Index("history_by_team", "team"),
)
"""Each drill that was closed, by the hash that its log ended in; and its outline, once its figures are made."""
FIGURES = _table(
    "figures",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("obligations", sa.Text, nullable=False),
)
"""What a history keeps of each closed drill, written with its outline; see `history`."""
LEASES = _table(
    "leases",
    sa.Column("name", _ID, primary_key=True),
    sa.Column("holder", _ID, nullable=False),
    sa.Column("token", _ID, nullable=False),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)
"""Which server has what to itself, when several share a database: a drill by its id. See `leases`."""
SERVERS = _table(
    "servers",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("internal_url", sa.Text, nullable=False),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)
"""The address where the other servers reach each of them."""

PEOPLE = _table(
    "people",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("made", _INSTANT, nullable=False),
)
"""Everybody who plays, runs, rates or watches drills. The ids are random, and events name people by them alone."""
ALIASES = _table(
    "aliases",
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("team", _ID, primary_key=True),
    sa.Column("alias", sa.String(200), primary_key=True),
    sa.Column("person", _ID, nullable=False),
    sa.Index("aliases_by_person", "person"),
)
"""What else a person is known by: an `id` that was merged into theirs, or in a team a `name` or a `file` id.

An alias of the kind `id` belongs to no team. Names are kept as `people.plain` writes them.
"""
TEAMS = _table(
    "teams",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
)
TEAM_MEMBERS = _table(
    "team_members",
    sa.Column("team", _ID, primary_key=True),
    sa.Column("person", _ID, primary_key=True),
    sa.Index("team_members_by_person", "person"),
)
ATTENDANCE = _table(
    "attendance",
    sa.Column("drill", _ID, primary_key=True),
    sa.Column("person", _ID, primary_key=True),
    sa.Column("seat", sa.String(12), primary_key=True),
    sa.Column("identified", sa.String(8), nullable=False),
    sa.Column("at", _INSTANT),
    sa.Index("attendance_by_person", "person"),
)
"""Who was in which drill, in which seat, and how they were identified. The instant is deleted after a while."""
DOWNLOADS = _table(
    "downloads",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("drill", _ID, nullable=False),
    sa.Column("person", _ID, nullable=False),
    sa.Column("what", sa.String(12), nullable=False),
    sa.Column("at", _INSTANT, nullable=False),
    sa.Index("downloads_by_drill", "drill"),
)
"""Who opened or downloaded what about the people in a drill; without a drill, about everybody."""
TOKENS = _table(
    "tokens",
    sa.Column("id", _ID, primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("scopes", sa.String(64), nullable=False),
    sa.Column("made", _INSTANT, nullable=False),
    sa.Column("made_by", _ID, nullable=False),
    sa.Column("expires", _INSTANT, nullable=False),
    sa.Column("used", _INSTANT),
    sa.Column("revoked", _INSTANT),
)
"""Tokens, by which programs use the API, by digests of them."""
FORGOTTEN = _table(
    "forgotten",
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("at", _INSTANT, nullable=False),
    sa.Column("allowed", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""Who was forgotten, by digests of their names and ids that nobody can read back (see `tombstones`)."""

_MADE_OF_LOGS = (RESULTS, HISTORY, FIGURES)
OF_DRILLS = (
    *(EVENTS, TEXTS, FILES, LINKS, SEATS, GUESSES, RETESTS, HANDLED, SIGNATURES),
    *(*_MADE_OF_LOGS, ATTENDANCE, DOWNLOADS),
)
"""What is kept for a drill besides its row."""


class DrillRow(NamedTuple):
    """A drill as the database keeps it, without its plan."""

    id: str
    kind: str
    """`drill`, `practice` or `rehearsal`; only drills enter the history."""
    state: str
    """`lobby`, `running` or `closed`."""
    made: str
    """When it was made, as a UTC instant."""
    setup: str
    """What was asked for, as JSON."""
    alive_at: int | None = None
    """The drill time in milliseconds at which the server last noted that it runs."""
    alive_wall: str | None = None
    """The instant at which that was."""
    screen: str = "guess"
    """Where the talk is."""
    revealed: bool = False
    """Whether the talk has shown what happened, so that nobody can guess any more."""
    phase: str | None = None
    """The phase of a running drill; None if no event has set it since schema 4."""


class LinkRow(NamedTuple):
    """A link that lets somebody in."""

    id: str
    drill: str | None
    """The drill it opens; None for the owner's link, which opens all."""
    role: str
    member: str | None
    """The member whose personal link it is."""
    expires: str
    revoked: bool


class SeatRow(NamedTuple):
    """What a browser's session may do in a drill; an empty drill means all."""

    session: str
    drill: str
    link: str
    role: str
    member: str | None
    admitted: bool
    expires: str
    identified: str = ""
    """How we know who it is: `list`, `link` or `sign-in`; empty until they have said so."""


class GuessRow(NamedTuple):
    """What somebody guessed before any number was shown."""

    drill: str
    member: str
    surprise: str
    heard: int | None
    """Drill time in milliseconds, as the next."""
    command: int | None


class RetestRow(NamedTuple):
    """A corrective action of an earlier drill that a drill tests again."""

    drill: str
    earlier: str
    seq: int
    """The action's event in the earlier drill."""


class ResultRow(NamedTuple):
    """How a drill went. It is valid for one log, one rubric and one version of the rules."""

    drill: str
    head: str
    """The hash that the log ended in."""
    rubric: str
    """The rubric's hash."""
    rules: int
    """The version of the scoring rules."""
    title: str
    score: float | None
    says: str | None
    provisional: bool
    post_mortem: bool
    """Whether one was filed."""
    measures: str
    """The scorecard's times, as JSON."""
    played: str
    """The members who came into the channel, as JSON."""


class PersonRow(NamedTuple):
    """Somebody who plays, runs, rates or watches drills."""

    id: str
    name: str
    email: str
    made: str
    """When they were first heard of, as a UTC instant."""


class AttendanceRow(NamedTuple):
    """A record that somebody was in a drill."""

    drill: str
    person: str
    """The id by which the drill knows them."""
    seat: str
    """`player`, `facilitator`, `evaluator` or `observer`."""
    identified: str
    """`list`: chose or typed their name; `link`: came by a personal link; `sign-in`."""
    at: str | None
    """When they came, as a UTC instant; nothing once that was deleted."""


class DownloadRow(NamedTuple):
    """A record that somebody opened or downloaded something about others."""

    id: str
    drill: str
    """The drill, or the person, that it is about; empty for the whole database."""
    person: str
    """Who did; empty for somebody who is forgotten."""
    what: str
    """`report`, `folder`, `person`, `evidence` or `backup`."""
    at: str


class TokenRow(NamedTuple):
    """A token, by which a program uses the API."""

    id: str
    """What it did is recorded by this."""
    digest: str
    """SHA-256 of the token."""
    name: str
    scopes: str
    """What it may do, separated by spaces."""
    made: str
    """As UTC instants, like the others."""
    made_by: str
    """The id of the person who made it; empty for a command on the server."""
    expires: str
    used: str | None = None
    """When it was last used, to the minute."""
    revoked: str | None = None

    def over(self, now: datetime) -> bool:
        """Whether it opens nothing any more."""
        return self.revoked is not None or datetime.fromisoformat(self.expires) <= now
