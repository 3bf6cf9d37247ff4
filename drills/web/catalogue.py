"""What there is to play, and what was played: the home page's lists and the library."""

from functools import lru_cache
from typing import Any

from drills.rooms import Room
from drills.web.data import answers_of
from scenarios.base import format_duration
from scenarios.load import load_protocol, load_scenario, names
from scenarios.problem import LoadError
from scenarios.scenario import Scenario
from scenarios.text import fill
from simulator import events as ev

__all__ = ["home", "roles", "scenario", "scenarios"]

SHORT = 15 * 60_000


@lru_cache(maxsize=256)
def _loaded(name: str) -> Scenario | None:
    try:
        return load_scenario(name)
    except LoadError:
        return None


def home(rooms: list[Room]) -> dict[str, list[dict[str, Any]]]:
    """The drills by where they stand."""
    lists: dict[str, list[dict[str, Any]]] = {"running": [], "coming": [], "done": [], "follow_ups": []}
    for room in rooms:
        lists[_place(room)].append(_row(room))
    return lists


def _place(room: Room) -> str:
    if room.phase == "lobby":
        return "coming"
    if room.phase == "follow_up":
        return "follow_ups"
    return "done" if room.phase == "closed" else "running"


def _row(room: Room) -> dict[str, Any]:
    story = _loaded(room.setup.scenario)
    over = room.phase in ("follow_up", "closed")
    title = story.title if story is not None else "A random incident"
    return {
        "id": room.id,
        "title": title if over or room.kind != "drill" else f"Drill with {len(room.setup.people)} people",
        "when": room.made,
        "status": room.phase.replace("_", " "),
        "people": len(room.setup.people),
        "kind": room.kind,
        "url": f"/d/{room.id}",
    }


def scenarios(rooms: list[Room], *, spoilers: bool) -> list[dict[str, Any]]:
    """Every scenario of the library, the short ones first."""
    found = [_entry(name, story, rooms, spoilers=spoilers) for name in names("scenario") if (story := _loaded(name))]
    return sorted(found, key=lambda one: (not one["short"], one["title"]))


def scenario(name: str, rooms: list[Room], *, spoilers: bool) -> dict[str, Any] | None:
    """One scenario; with what would spoil it, if asked for."""
    story = _loaded(name) if name in names("scenario") else None
    if story is None:
        return None
    values: dict[str, str | int | float] = {"weekday": "weekday"}
    found = _entry(name, story, rooms, spoilers=spoilers) | {"brief": fill(story.brief, values)}
    return found | {"answers": answers_of(story, {}) if spoilers else None}


def _entry(name: str, story: Scenario, rooms: list[Room], *, spoilers: bool) -> dict[str, Any]:
    played = [room for room in rooms if room.setup.scenario == name and room.live is not None and room.kind == "drill"]
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
        "played_by": sorted({room.names[who] for room in played for who in _who_played(room)}),
        "modelled_on": story.source is not None,
    }


def _who_played(room: Room) -> set[str]:
    live = room.live
    joined = {event.actor for event in live.events if isinstance(event, ev.Joined)} if live is not None else set()
    return {person.id for person in room.setup.people if not person.simulated and person.id in joined}


def roles() -> list[dict[str, Any]]:
    """The roles one can practise."""
    return [role.model_dump(mode="json") for role in load_protocol("officeluv").roles]
