"""Forgetting somebody: their name, their texts, and what others wrote about them, in all that a database keeps.

First `traces` finds it, which reads every text; then `erase` removes it in one transaction. A text of somebody else
that names them goes as a whole, since its digest is sealed in the log.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from drills.records import people, tombstones
from drills.records.schema import (
    ALIASES,
    ATTENDANCE,
    DOWNLOADS,
    DRILLS,
    EVENTS,
    FORGOTTEN,
    GUESSES,
    HANDLED,
    LINKS,
    OF_DRILLS,
    PEOPLE,
    SEATS,
    TEAM_MEMBERS,
    TEAMS,
    TEXTS,
    TOKENS,
    PersonRow,
)
from drills.records.tombstones import Tombstone
from simulator.fields import ERASED
from simulator.people import handles

__all__ = ["FORGOTTEN_NAME", "Gone", "Traces", "erase", "erase_again", "mentions", "running_with", "traces"]

FORGOTTEN_NAME = "(forgotten)"
"""What replaces a name."""


class Traces(NamedTuple):
    """Everything that identifies somebody."""

    person: PersonRow
    ids: list[str]
    """Theirs, and those that were merged into it."""
    names: list[str]
    marks: list[str]
    """Their ids in team files."""
    drills: list[str]
    """The drills they were in, in any seat."""
    texts: list[tuple[str, int, str]]
    """What they typed, and what others typed that names them: drill, event, field."""
    guesses: list[tuple[str, str]]
    """What others guessed that names them: drill, member."""
    closings: list[tuple[str, int]]
    """What was typed when an action was closed, by them or naming them: drill, event."""


class Gone(NamedTuple):
    """What was removed."""

    drills: list[str]
    """The drills they had been in."""
    touched: list[str]
    """Those, and other drills in which a text named them."""
    texts: int


# -- finding -----------------------------------------------------------------------------------------------------------


def traces(connection: sa.Connection, who: str) -> Traces | None:
    """Everything that identifies somebody; None if there is no such person."""
    row = people.person(connection, who)
    if row is None:
        return None
    ids = people.ids_of(connection, row.id)
    setups = _setups(connection)
    took_part = {drill for drill, (_, playing) in setups.items() if any(one["id"] in ids for one in playing)}
    came = sa.select(ATTENDANCE.c.drill).where(ATTENDANCE.c.person.in_(ids))
    drills = took_part | set(connection.execute(came).scalars())
    names, emails = _called(connection, row, ids, setups)
    rehearsed = {drill for drill, (kind, playing) in setups.items() if kind != "drill" and _plays(playing, names)}
    drills |= rehearsed
    patterns = {drill: _pattern(names, emails, _near(setups, drill, ids), parts=True) for drill in drills}
    anywhere = _pattern([name for name in names if " " in name.strip()], emails)
    found = _Found(connection, ids, patterns, anywhere)
    marks = _marks(connection, row.id)
    return Traces(row, ids, names, marks, sorted(drills), found.texts(), found.guesses(), found.closings())


def running_with(connection: sa.Connection, found: Traces) -> str | None:
    """A running drill that they are in, or in which somebody named them."""
    running = set(connection.execute(sa.select(DRILLS.c.id).where(DRILLS.c.state == "running")).scalars())
    there = running & {*found.drills, *(drill for drill, _, _ in found.texts)}
    return min(there, default=None)


_Setups = dict[str, tuple[str, list[dict[str, Any]]]]


def _setups(connection: sa.Connection) -> _Setups:
    """Each drill's kind and who plays in it."""
    found: _Setups = {}
    for drill, kind, setup in connection.execute(sa.select(DRILLS.c.id, DRILLS.c.kind, DRILLS.c.setup)):
        try:
            found[drill] = kind, list(json.loads(setup)["people"])
        except (ValueError, KeyError, TypeError):
            continue  # another version wrote it
    return found


def _called(connection: sa.Connection, row: PersonRow, ids: list[str], setups: _Setups) -> tuple[list[str], list[str]]:
    """Every name and every address that somebody has or had."""
    theirs = [one for _, playing in setups.values() for one in playing if one["id"] in ids]
    also = sa.select(ALIASES.c.alias).where(ALIASES.c.kind == "name", ALIASES.c.person == row.id)
    names = {row.name, *connection.execute(also).scalars(), *(one["name"] for one in theirs)}
    emails = {row.email, *(one.get("email", "") for one in theirs)}
    return sorted(names - {FORGOTTEN_NAME, ""}), sorted(emails - {""})


def _plays(playing: list[dict[str, Any]], names: list[str]) -> bool:
    wanted = {tombstones.plain(name) for name in names}
    return any(tombstones.plain(one["name"]) in wanted for one in playing)


def _near(setups: _Setups, drill: str, ids: list[str]) -> list[str]:
    """What else people in a drill may have called somebody: the handle that they type."""
    _, playing = setups.get(drill, ("", []))
    by_handle = handles({one["id"]: one["name"] for one in playing})
    return [handle for handle, who in by_handle.items() if who in ids]


def _marks(connection: sa.Connection, who: str) -> list[str]:
    asked = sa.select(TEAMS.c.name, ALIASES.c.alias).join(ALIASES, ALIASES.c.team == TEAMS.c.id)
    rows = connection.execute(asked.where(ALIASES.c.kind == "file", ALIASES.c.person == who))
    return [f"{team}/{alias}" for team, alias in rows]


def _pattern(
    names: Iterable[str], emails: Iterable[str], near: Iterable[str] = (), *, parts: bool = False
) -> re.Pattern[str] | None:
    """What names somebody in a text. In their own drills, `parts` of the name, and what is `near` it, are enough."""
    whole = {" ".join(_folded(name).split()) for name in names}
    words = {word for name in whole for word in name.split()} if parts else set()
    wanted = whole | {word for word in words if len(word) > 1} | {_folded(one) for one in (*emails, *near)}
    said = sorted((re.escape(one).replace(r"\ ", r"\s+") for one in wanted if one), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)") if said else None


def _folded(text: str) -> str:
    """A text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def mentions(pattern: re.Pattern[str] | None, text: str) -> bool:
    """Whether a text names somebody."""
    return pattern is not None and pattern.search(_folded(text)) is not None


class _Said(msgspec.Struct):
    """Whose words an event holds, or whom its reason was about."""

    seq: int
    actor: str | None = None
    speaker: str = ""
    member: str = ""


_SAID = msgspec.json.Decoder(_Said)


class _Found:
    """What somebody typed, and what names them."""

    def __init__(
        self,
        connection: sa.Connection,
        ids: list[str],
        patterns: dict[str, re.Pattern[str] | None],
        anywhere: re.Pattern[str] | None,
    ) -> None:
        self._connection, self._ids = connection, set(ids)
        self._patterns, self._anywhere = patterns, anywhere
        self._texts: set[tuple[str, int, str]] = set()

    def _names(self, drill: str, text: str) -> bool:
        return mentions(self._patterns.get(drill, self._anywhere), text)

    def texts(self) -> list[tuple[str, int, str]]:
        theirs = {(drill, seq) for drill in self._patterns for seq in self._own(drill)}
        asked = sa.select(TEXTS.c.drill, TEXTS.c.seq, TEXTS.c.field, TEXTS.c.text)
        for drill, seq, field, text in self._connection.execute(asked):
            if (drill, seq) in theirs or self._names(drill, text):
                self._texts.add((drill, seq, field))
        return sorted(self._texts)

    def _own(self, drill: str) -> list[int]:
        lines = self._connection.execute(sa.select(EVENTS.c.data).where(EVENTS.c.drill == drill)).scalars()
        said = [_SAID.decode(line) for line in lines]
        return [one.seq for one in said if self._ids & {one.actor or "", one.speaker, one.member}]

    def guesses(self) -> list[tuple[str, str]]:
        rows = self._connection.execute(sa.select(GUESSES.c.drill, GUESSES.c.member, GUESSES.c.surprise))
        return sorted((drill, member) for drill, member, text in rows if self._names(drill, text))

    def closings(self) -> list[tuple[str, int]]:
        asked = sa.select(HANDLED.c.drill, HANDLED.c.seq, HANDLED.c.closed_by, HANDLED.c.closed_text)
        rows = self._connection.execute(asked.where(HANDLED.c.closed_text.is_not(None)))
        return sorted((drill, seq) for drill, seq, by, text in rows if by in self._ids or self._names(drill, text))


# -- removing ----------------------------------------------------------------------------------------------------------


def erase(connection: sa.Connection, found: Traces) -> Gone:
    """Remove all of it, and keep a tombstone. None of it may belong to a running drill."""
    for drill, seq, field in found.texts:
        same = (TEXTS.c.drill == drill) & (TEXTS.c.seq == seq) & (TEXTS.c.field == field)
        connection.execute(TEXTS.delete().where(same))
    for drill, member in found.guesses:
        same = (GUESSES.c.drill == drill) & (GUESSES.c.member == member)
        connection.execute(GUESSES.update().where(same).values(surprise=ERASED))
    for drill, seq in found.closings:
        same = (HANDLED.c.drill == drill) & (HANDLED.c.seq == seq)
        connection.execute(HANDLED.update().where(same).values(closed_text=ERASED))
    connection.execute(HANDLED.update().where(HANDLED.c.closed_by.in_(found.ids)).values(closed_by=people.FORGOTTEN))
    for table, column in ((LINKS, "member"), (SEATS, "member"), (GUESSES, "member"), (ATTENDANCE, "person")):
        connection.execute(table.delete().where(table.c[column].in_(found.ids)))
    connection.execute(DOWNLOADS.delete().where(DOWNLOADS.c.drill.in_(found.ids)))
    connection.execute(DOWNLOADS.update().where(DOWNLOADS.c.person.in_(found.ids)).values(person=people.FORGOTTEN))
    connection.execute(TOKENS.update().where(TOKENS.c.made_by.in_(found.ids)).values(made_by=people.FORGOTTEN))
    named = _pattern(found.names, [], parts=True)
    for token, name in connection.execute(sa.select(TOKENS.c.id, TOKENS.c.name)).all():
        if mentions(named, name):
            connection.execute(TOKENS.update().where(TOKENS.c.id == token).values(name=token))
    for drill in found.drills:
        _leave(connection, drill, found)
    connection.execute(ALIASES.delete().where(ALIASES.c.person == found.person.id))
    connection.execute(TEAM_MEMBERS.delete().where(TEAM_MEMBERS.c.person == found.person.id))
    connection.execute(PEOPLE.delete().where(PEOPLE.c.id == found.person.id))
    now = datetime.now(UTC).isoformat()
    tombstones.put(connection, [*found.names, *found.ids, *found.marks], now)
    touched = {*found.drills, *(drill for drill, _, _ in found.texts)}
    return Gone(found.drills, sorted(touched), len(found.texts))


def _leave(connection: sa.Connection, drill: str, found: Traces) -> None:
    """Take their name out of a drill's setup; remove them from a lobby altogether."""
    row = connection.execute(sa.select(DRILLS.c.setup, DRILLS.c.state).where(DRILLS.c.id == drill)).first()
    if row is None:
        return
    setup = json.loads(row.setup)
    wanted = {tombstones.plain(name) for name in found.names}
    waits = row.state == "lobby"
    stay: list[dict[str, Any]] = []
    for one in setup["people"]:
        rehearsed = setup.get("kind", "drill") != "drill" and tombstones.plain(one["name"]) in wanted
        theirs = rehearsed or one["id"] in found.ids
        if not theirs:
            stay.append(one)
        elif not waits:
            stay.append(one | {"name": FORGOTTEN_NAME, "email": ""})
    change: dict[str, Any] = {}
    if waits:
        if setup.get("first_responder") in found.ids:
            setup["first_responder"] = ""
        change["plan"] = None  # it is made again, without them, when the drill begins
    setup["people"] = stay
    if not stay:
        for table in OF_DRILLS:
            connection.execute(table.delete().where(table.c.drill == drill))
        connection.execute(DRILLS.delete().where(DRILLS.c.id == drill))
        return
    change["setup"] = json.dumps(setup, ensure_ascii=False, separators=(",", ":"))
    connection.execute(DRILLS.update().where(DRILLS.c.id == drill).values(**change))


# -- again, in a copy --------------------------------------------------------------------------------------------------


def erase_again(connection: sa.Connection, stones: Iterable[Tombstone]) -> int:
    """Forget in a restored database the people forgotten since it was copied; how many of them were in it.

    They are found by id. Only a copy from before people had ids is searched for names.
    """
    there = {one.digest for one in tombstones.all_of(connection)}
    new: dict[str, list[Tombstone]] = {}
    for stone in stones:
        if stone.digest not in there:
            new.setdefault(stone.at, []).append(stone)
    count = 0
    for at, together in sorted(new.items()):
        digests = {stone.digest for stone in together}
        for who in _meant(connection, at, digests):
            found = traces(connection, who)
            if found is not None:
                erase(connection, found)
                count += 1
        connection.execute(FORGOTTEN.delete().where(FORGOTTEN.c.digest.in_(digests)))
        rows = {stone.digest: stone._asdict() for stone in together}
        connection.execute(FORGOTTEN.insert(), list(rows.values()))
    return count


def _meant(connection: sa.Connection, at: str, digests: set[str]) -> list[str]:
    """The ids of the people behind the tombstones of an instant."""
    rows = [PersonRow(*row) for row in connection.execute(sa.select(PEOPLE))]
    by_id = tombstones.digests(connection, [row.id for row in rows])
    found = [row.id for row, digest in zip(rows, by_id, strict=True) if digest in digests]
    if found:
        return found
    by_name = tombstones.digests(connection, [row.name for row in rows])
    return [row.id for row, digest in zip(rows, by_name, strict=True) if digest in digests and row.made <= at]
