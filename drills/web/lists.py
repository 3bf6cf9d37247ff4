"""What can be played, and what was played: the home page's lists and the library."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from drills.guidance import retests
from drills.live.rooms import Outline
from drills.planning import catalogue
from drills.planning.calibration.chunks import gathered, plan_of
from drills.planning.calibration.kept import known_for, library_mean, state_of
from drills.planning.materials import RANDOM, Incident, gather, plan_drill
from drills.web.actions_data import Listed, listed
from drills.web.context import Desk
from drills.web.page_data import answers_of
from drills.web.sessions import Session
from drills.web.summaries import Summary, closed_drills, open_drills, summaries
from reports.calibration import in_short
from scenarios.base import format_duration
from scenarios.generate import SEVERITIES
from scenarios.load import names
from scenarios.placeholders import fill
from scenarios.problem import LoadError
from scenarios.scenario import Scenario
from scoring.calibration.findings import findings
from simulator.variables import drawn_values

__all__ = [
    "MOST_LISTED",
    "done",
    "home",
    "line",
    "offered",
    "retestable",
    "roles",
    "scenario",
    "scenarios",
    "suggested",
]

SHORT = 15 * 60_000
MOST_DONE, MOST_FOLLOW_UPS, PAGE = 10, 20, 50
"""How many finished drills and open actions the home page shows; also how many drills each page of all has."""
MOST_LISTED = 100
"""How many drills are read for a page of the API's list, and for who has played what."""
STANDARD = "officeluv"
"""The protocol for which random incidents are written."""
MOST_RETESTS = 40
"""How many actions are offered for a retest: a form that grows for years would be too long."""
_STATUS = {
    "lobby": "waiting to start",
    "respond": "running",
    "papers": "writing the papers",
    "hot_wash": "talking about it",
    "follow_up": "follow-up open",
    "closed": "done",
}
Played = dict[str, list[str]]
"""Who has played each scenario."""


# -- home --------------------------------------------------------------------------------------------------------------


async def _open(at: Desk, session: Session) -> list[Outline]:
    """The open drills that a session may see, newest first; practice and rehearsals only until they are over."""
    return [one for one in await open_drills(at, session) if one.kind == "drill" or _place(one) != "done"]


async def home(at: Desk, session: Session) -> dict[str, Any]:
    """The drills by state, only the newest of the finished ones; and what earlier ones left to do."""
    lists: dict[str, list[dict[str, Any]]] = {"running": [], "coming": [], "done": [], "follow_ups": []}
    live = await _open(at, session)
    closed = await closed_drills(at, session, MOST_DONE + 1)
    shown: list[Outline] = sorted([*live, *closed[:MOST_DONE]], key=lambda one: one.made, reverse=True)
    found = await summaries(at, shown)
    for room in shown:
        short = found.get(room.id)
        lists[_place(room)].append(_row(room, short, owner=session.owner))
        if room.phase == "follow_up" and short is not None and not short.post_mortem:
            lists["follow_ups"].append(_line(room, f"Post-mortem of {short.title}", "nobody has filed it yet"))
    actions = await listed(at, session, MOST_FOLLOW_UPS, want=lambda one: one.open)
    own_first = sorted(actions, key=lambda one: not one.mine)
    lists["follow_ups"] += [_follow_up(one, session) for one in own_first]
    lists["follow_ups"].sort(key=lambda one: not one.get("overdue"))
    return {
        **lists,
        "older": len(closed) > MOST_DONE,
        "results_left": at.keeper.left,
    }


async def done(at: Desk, session: Session, page: int) -> dict[str, Any]:
    """A page of the closed drills, from 1."""
    closed = await closed_drills(at, session, PAGE + 1, (page - 1) * PAGE)
    found = await summaries(at, closed[:PAGE])
    rows = [_row(one, found.get(one.id), owner=session.owner) for one in closed[:PAGE]]
    return {"done": rows, "number": page, "older": len(closed) > PAGE, "results_left": at.keeper.left}


def _follow_up(one: Listed, session: Session) -> dict[str, Any]:
    """An open action on the home page: what, who, by when, and what its last retest showed."""
    action = one.action
    due = f"due {action.due_on}" if action.due_on else "no day set"
    if action.overdue:
        due = f"overdue since {action.due_on}"
    if action.state != "open":
        due = f"{due} · {'met once' if action.state == 'retested' else 'not held'}"
    owner_name = "yours" if one.mine and not session.owner else one.owner_name
    return _line(one.room, one.says, owner_name) | {"when": due, "id": action.key, "overdue": action.overdue}


async def retestable(at: Desk, session: Session) -> list[Listed]:
    """The corrective actions that a new drill can test again, overdue ones first."""
    return await listed(at, session, MOST_RETESTS, want=lambda one: one.open)


def line(room: Outline, short: Summary | None, *, owner: bool) -> dict[str, Any]:
    """A drill in the API's list; the title only if it gives nothing away, the score only once the talk has shown it."""
    over = short if room.state == "closed" and room.kind == "drill" else None
    title = over.title if over is not None else None
    if title is None and owner and room.kind == "drill" and not room.setup.play_too:
        story = catalogue.scenario(room.setup.scenario)
        title = story.title if story is not None else "A random incident"
    return {
        "id": room.id,
        "state": room.state,
        "phase": room.phase,
        "kind": room.kind,
        "made": room.made,
        "title": title,
        "score": over.score if over is not None and room.screen == "score" else None,
    }


def _place(room: Outline) -> str:
    if room.phase == "lobby":
        return "coming"
    return "done" if room.phase in ("follow_up", "closed") else "running"


def _row(room: Outline, short: Summary | None, *, owner: bool) -> dict[str, Any]:
    count = len(room.setup.people)
    title = f"Drill with {count} {'person' if count == 1 else 'people'}"
    if room.kind == "practice":
        title = "Practice"
    elif room.phase in ("follow_up", "closed") and short is not None:
        title = short.title
    elif owner and not room.setup.play_too:
        story = catalogue.scenario(room.setup.scenario)
        title = story.title if story is not None else "A random incident"
    status = _STATUS[room.phase]
    if (
        room.screen == "score"
        and short is not None
        and short.score is not None
        and room.phase in ("follow_up", "closed")
    ):
        status = f"{int(short.score + 0.5)} of 100" + (", provisional" if short.provisional else "")
    if room.kind == "rehearsal":
        status = f"rehearsal, {status}"
    return {
        "id": room.id,
        "title": title,
        "when": _day(room),
        "status": status,
        "people": count,
        "kind": room.kind,
        "url": f"/d/{room.id}",
    }


def _line(room: Outline, title: str, status: str) -> dict[str, Any]:
    return {
        "id": room.id,
        "title": title,
        "when": _day(room),
        "status": status,
        "people": None,
        "kind": room.kind,
        "url": f"/d/{room.id}",
    }


def _day(room: Outline) -> str:
    """When a drill was made, as day and time in its people's zone."""
    at = datetime.fromisoformat(room.made).astimezone(ZoneInfo(room.setup.timezone))
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{at.day} {months[at.month - 1]} {at.year}, {at:%H:%M}" + (" UTC" if room.setup.timezone == "UTC" else "")


# -- the library -------------------------------------------------------------------------------------------------------


async def played(at: Desk, session: Session) -> Played:
    """Who has played what, in the newest drills that somebody may see."""
    found: dict[str, set[str]] = {}
    # For an open drill it would reveal the scenario.
    live = [one for one in await _open(at, session) if one.kind == "drill" and _place(one) == "done"]
    over = [*live, *await closed_drills(at, session, MOST_LISTED)]
    short_of = await summaries(at, over)
    for room in over:
        short = short_of.get(room.id)
        people = {person.id: person.name for person in room.setup.people if not person.simulated}
        if short is not None:
            found.setdefault(room.setup.scenario, set()).update(people[who] for who in short.played if who in people)
    return {name: sorted(people) for name, people in found.items()}


def hidden(rooms: Iterable[Outline]) -> set[str]:
    """The scenarios of open drills whose maker plays too: nothing of them may be given away meanwhile."""
    return {room.setup.scenario for room in rooms if room.setup.play_too and room.phase not in ("follow_up", "closed")}


def scenarios(by: Played, *, spoilers: bool, but: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Every scenario, our own first, then short ones, and among them the easy ones.

    Nothing is given away about those in `but`.
    """
    found = [
        _entry(item.name, story, by, spoilers=spoilers and item.name not in but) | {"own": item.own is not None}
        for item in catalogue.items("scenario")
        if (story := catalogue.scenario(item.name))
    ]
    return sorted(
        found,
        key=lambda one: (
            not one["own"],
            not one["short"],
            one["short"] and one["difficulty"] != "easy",
            one["title"],
        ),
    )


def scenario(name: str, by: Played, *, spoilers: bool) -> dict[str, Any] | None:
    """One scenario; with what would spoil it, if asked for."""
    story = catalogue.scenario(name) if name in names("scenario") else None
    if story is None:
        return None
    values = _example(name, catalogue.state_of("scenario", name))
    found = _entry(name, story, by, spoilers=spoilers) | {"brief": fill(story.brief, values)}
    found["calibration"] = _calibration(name, state_of(name))
    protocol = catalogue.protocol_of(name) or catalogue.protocol(STANDARD)
    return found | {"answers": answers_of(story, protocol, values) if spoilers and protocol is not None else None}


@lru_cache(maxsize=256)
def _example(name: str, _: object) -> dict[str, str | int | float]:
    """Values that a drill of the scenario might draw."""
    try:
        with catalogue.as_offered():
            return drawn_values(plan_drill(gather(Incident(name)), 0))
    except LoadError:
        return {"weekday": "Tuesday"}


@lru_cache(maxsize=256)
def _calibration(name: str, _: object) -> list[str]:
    """What simulated teams say of the scenario, to anybody; nothing unless that was measured of it as it is."""
    own = catalogue.own_file("scenario", name)
    try:
        with catalogue.as_offered():
            plan = plan_of(gathered(name))
    except LoadError:
        return []
    known = known_for(name, plan, own.path if own is not None else None)
    if known is None or not known.fits:
        return []
    return in_short(findings(known.calibration.counts, plan.scenario), library_mean())


def _entry(name: str, story: Scenario, by: Played, *, spoilers: bool) -> dict[str, Any]:
    return {
        "name": name,
        "title": story.title,
        "severity": story.severity[0].level if spoilers else None,
        "length": format_duration(story.length) if story.length is not None else "",
        "short": story.length is not None and story.length <= SHORT,
        "difficulty": story.difficulty or "",
        "teaches": story.teaches,
        "suits": story.suits or "",
        "tags": story.tags if spoilers else [],
        "played_by": by.get(name, []),
        "modelled_on": story.source is not None,
    }


def roles(scenario_name: str = RANDOM) -> list[dict[str, Any]]:
    """The roles that can be practised, by the protocol of an existing scenario."""
    random = scenario_name == RANDOM
    protocol = catalogue.protocol(STANDARD) if random else catalogue.protocol_of(scenario_name)
    return [] if protocol is None else [role.model_dump(mode="json") for role in protocol.roles]


def severities() -> list[tuple[str, str]]:
    """The severities that a random incident can have, gravest first, as a form offers them."""
    ordered = sorted(SEVERITIES, key=lambda level: (level == 0, level))
    return [(str(level), str(level) if level else "A false alarm") for level in ordered]


def offered(actions: Iterable[Listed]) -> list[dict[str, Any]]:
    """Corrective actions that a new drill can test again, as the start form offers them."""
    return [
        {
            "id": one.action.key,
            "text": one.says,
            "owner": one.owner_name,
            "due_on": one.action.due_on,
            "from": _day(one.room),
            "obligation": suggested(one),
            "obligations": [{"id": owed.id, "title": owed.title} for owed in _shown(one)],
        }
        for one in actions
    ]


def suggested(one: Listed) -> str:
    """The id of the obligation that shows whether an action helped: that it names, or else that its words point to."""
    return one.action.obligation or retests.likely(one.text, _shown(one))


def _shown(one: Listed) -> list[retests.Shown]:
    """The obligations of the drill that an action comes from."""
    return retests.with_words((owed.obligation, owed.act, owed.title) for owed in one.figures.obligations)
