"""A team's page as its reader may see it: read from the history, made once for as long as nothing changes."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import HTTPException, Request
from starlette.concurrency import run_in_threadpool

from drills.live.result_keeper import rules
from drills.planning.materials import version
from drills.records import actions, history, people
from drills.records.store import Store
from drills.web.actions_known import known_of

if TYPE_CHECKING:  # what grades is only needed once drills are over
    from scoring.history.actions import Known
    from scoring.history.figures import Figures
    from scoring.history.selection import Keys
    from scoring.history.view import View

__all__ = ["Query", "TeamDesk", "query_of"]

_REMEMBERED = 24
_FIELDS = ("team", "group", "kind", "mode", "protocol", "players", "scenario", "tag", "since", "until")
_LONGEST = 80
"""Characters in a filter."""
_CHOSEN = {"team": "Team", "mode": "Mode", "protocol": "Protocol", "scenario": "Scenario", "tag": "Tag"}
_NOTES = 12
"""So many notes a page has."""
_WITH_TEXTS = 100
"""Of so many drills, the newest, the words of actions are read; of older ones the obligation stands for them."""
Names = Mapping[str, tuple[str, str]]


class Query(NamedTuple):
    """The filters in an address; nothing means all."""

    team: str | None = None
    group: str | None = None
    kind: str | None = None
    mode: str | None = None
    protocol: str | None = None
    players: str | None = None
    scenario: str | None = None
    tag: str | None = None
    since: str | None = None
    until: str | None = None


def query_of(request: Request) -> Query:
    """The filters in a request's address; a field left empty is none. Raises HTTPException."""
    given = {name: request.query_params.get(name, "").strip() or None for name in _FIELDS}
    for name, said in given.items():
        if said is not None and len(said) > _LONGEST:
            raise HTTPException(422, f"{name} is longer than {_LONGEST} characters")
    for name in ("since", "until"):
        said = given[name]
        if said is not None and not _is_day(said):
            raise HTTPException(422, f"{name} is not a day: write it like 2026-03-31")
    if given["group"] is not None and not given["group"].isdecimal():
        raise HTTPException(422, "group is a number")
    return Query(**given)


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


class TeamDesk:
    """Remembers the pages that were asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[tuple[str, str, Query], Any] = OrderedDict()
        self._stamp = ""

    def clear(self) -> None:
        """Forget all pages: somebody's name may be on them."""
        self._known.clear()

    async def page(self, query: Query, drills: frozenset[str] | None) -> dict[str, Any]:
        """What the template of the page reads; of `drills` alone, if they are given. Raises StoreError."""
        return dict(await self._made("page", query, drills))

    async def file(self, query: Query, drills: frozenset[str] | None, *, paper_only: bool) -> str:
        """The same as one HTML file; `paper_only` if it is only printed. Raises StoreError."""
        found: str = await self._made("paper" if paper_only else "file", query, drills)
        return found

    async def _made(self, what: str, query: Query, drills: frozenset[str] | None) -> Any:  # noqa: ANN401 - by `what`
        names, stamp = await self._store.read(_names_and_stamp)
        if stamp != self._stamp:
            self._known.clear()  # a name that was forgotten stays in no memory
            self._stamp = stamp
        key = what, "" if drills is None else sha256("\n".join(sorted(drills)).encode()).hexdigest(), query
        if key not in self._known:
            found = await self._store.read(_all)
            made = await run_in_threadpool(_page, what, query, found, drills, names)
            self._known[key] = made
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def _names_and_stamp(connection: sa.Connection) -> tuple[Names, str]:
    names = people.names(connection)
    by_hand = sorted(actions.handled(connection).items())
    beside = repr((sorted(names.items()), by_hand, datetime.now(UTC).date()))
    return names, history.stamp(connection) + sha256(beside.encode()).hexdigest()


class _Found(NamedTuple):
    """What the database has of everybody's drills."""

    drills: "list[Figures]"
    teams: dict[str, str]
    """The titles of teams, by the names that logs have for them."""
    known: "Known"
    """What is known of corrective actions besides the logs."""
    texts: dict[str, str]
    """What somebody typed of actions after the newest drills."""


def _all(connection: sa.Connection) -> _Found:
    drills = history.kept(connection, rules())
    newest = sorted(drills, key=lambda one: one.drill.start)[-_WITH_TEXTS:]
    meant = [(one.drill.drill, action.seq) for one in newest for action in one.meant]
    teams = {people.ROOM: "This room", **{one.name: one.title for one in people.teams(connection)}}
    return _Found(drills, teams, known_of(connection, drills), actions.texts(connection, meant))


# -- making a page -----------------------------------------------------------------------------------------------------


def _page(  # everything that it depends on, so that it can be made in a thread
    what: str,
    query: Query,
    found: _Found,
    drills: frozenset[str] | None,
    names: Names,
) -> Any:  # noqa: ANN401 - by `what`
    from drills.planning.calibration.kept import difficulties, losses
    from drills.planning.crew import ready_level
    from drills.planning.offers import offers_under
    from reports.team.page import Around, team_page
    from reports.team.team_file import team_html, team_parts
    from scoring.history.actions import actions_of
    from scoring.history.order import history_of
    from scoring.history.selection import Filters, chosen
    from scoring.history.view import Asked, view_of

    whole = history_of((_as_now(one, names) for one in found.drills), datetime.now(UTC))
    seen = [one for one in whole.drills if drills is None or one.drill.drill in drills]
    fitting = chosen(
        whole._replace(drills=seen), Filters(query.team, query.scenario, query.tag, query.since, query.until)
    )
    group = None if query.group is None else int(query.group)
    view = view_of(fitting.drills, Asked(group, query.kind, query.mode, query.protocol, query.players), seen)
    around = Around(
        link=lambda one: f"/d/{one.drill}" if what == "page" else "",
        name=lambda who: names[who][1] if who in names else "(forgotten)",
        team=lambda team: found.teams.get(team, team),
        ready=ready_level,
        # Players are not told what trains an obligation: what a scenario owes says what it is about.
        offers=offers_under if drills is None else lambda _: (),
        play=lambda one: f"/new?{urlencode({'scenario': one.scenario})}" if what == "page" else "",
        difficulties=difficulties,
        losses=losses(one.drill.scenario for one in view.drills),
        actions=actions_of(view.drills, found.known),
        text=lambda one: found.texts.get(one.key, ""),
    )
    made = team_page(view, around)
    if what != "page":
        return team_html(made, version(), paper_only=what == "paper")
    return {
        "heading": made.heading,
        "parts": team_parts(made),
        "notes": whole.notes[:_NOTES] if drills is None else [],
        "more_notes": max(0, len(whole.notes) - _NOTES) if drills is None else 0,
        "choices": _choices(seen, found.teams),
        "others": _others(view, query, found.teams),
        "empty": not seen,
    }


def _as_now(one: "Figures", names: Names) -> "Figures":
    """A drill whose people are known by the ids that they have now: two rows for one person may have been merged."""
    from msgspec.structs import replace

    def now(ids: list[str]) -> list[str]:
        return list(dict.fromkeys(names[who][0] if who in names else who for who in ids))

    crew = one.crew
    every = (*crew.members, *crew.led)
    if all(names.get(who, (who,))[0] == who for who in every):
        return one
    return replace(
        one,
        crew=replace(
            crew,
            members=now(crew.members),
            persons=now(crew.persons),
            joined=now(crew.joined),
            may_lead=now(crew.may_lead),
            led=now(crew.led),
        ),
    )


def _choices(drills: "Sequence[Figures]", teams: Mapping[str, str]) -> list[dict[str, Any]]:
    """The filters that tell drills apart, with what they can be set to."""
    values = {
        "team": {one.drill.team: teams.get(one.drill.team, one.drill.team) for one in drills},
        "mode": {one.drill.mode: one.drill.mode for one in drills},
        "protocol": {one.drill.protocol: one.drill.protocol for one in drills},
        "scenario": {one.drill.scenario: one.drill.title for one in drills},
        "tag": {tag: tag for one in drills for tag in one.drill.tags},
    }
    return [
        {"name": name, "label": label, "options": sorted(values[name].items(), key=lambda one: (one[1], one[0]))}
        for name, label in _CHOSEN.items()
        if len(values[name]) > 1
    ]


def _others(view: "View", query: Query, teams: Mapping[str, str]) -> list[dict[str, Any]]:
    """What is never put together with these drills, as links to pages of its own."""
    from reports.team.page import heading_of

    def address(keys: "Keys") -> str:
        apart = {"team": keys.team, "group": keys.group, "kind": keys.kind, "mode": keys.mode}
        kept = {name: getattr(query, name) for name in ("scenario", "tag", "since", "until") if getattr(query, name)}
        players = {"players": keys.players} if keys.players else {}
        return f"/team?{urlencode({**apart, 'protocol': keys.protocol, **players, **kept})}"

    return [
        {"says": heading_of(keys._replace(team=teams.get(keys.team, keys.team)), count), "url": address(keys)}
        for keys, count in view.others.items()
    ]
