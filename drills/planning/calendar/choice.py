"""Which incident is played: one that fits, and that the people who are there have not seen lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from drills.planning.calendar.draw import least
from scenarios.schedule import Choice, Entry

__all__ = ["RANDOM", "Incident", "Memory", "chosen"]

RANDOM = "random"
_DAY = 24 * 3_600_000


@dataclass(frozen=True)
class Incident:
    """What a choice needs to know of a scenario."""

    severities: tuple[int, ...]
    """The levels that it has."""
    tags: tuple[str, ...]
    """Its tags."""


Memory = dict[str, dict[str, date]]
"""When each member saw a scenario last, by the scenario and the member: they were in the drill, or walked its talk."""


def chosen(
    entry: Entry, day: date, people: Sequence[str], known: Mapping[str, Incident], seen: Memory, key: bytes
) -> tuple[str | None, str]:
    """A scenario, or `random`, and why it is this one; None with the reason if there is none."""
    if not isinstance(entry.scenario, Choice):
        return entry.scenario, ""
    wanted = entry.scenario
    fit = [name for name, one in sorted(known.items()) if _fits(wanted, one)]
    new = [name for name in fit if not _too_fresh(wanted, seen.get(name, {}), people, day)]
    if new:
        return _least_recently(new, people, seen, key)
    if entry.if_none == RANDOM or (entry.if_none == "repeat" and not fit):
        return RANDOM, "none is left that was not seen"
    if entry.if_none == "repeat":
        name, why = _least_recently(fit, people, seen, key)
        return name, f"a repeat: none is left that was not seen; {why}"
    return None, "no incident is left that was not seen" if fit else "no incident fits"


def _fits(wanted: Choice, one: Incident) -> bool:
    levels = wanted.severity is None or not set(wanted.severity).isdisjoint(one.severities)
    return levels and (not wanted.tags or not set(wanted.tags).isdisjoint(one.tags))


def _too_fresh(wanted: Choice, seen: Mapping[str, date], people: Sequence[str], day: date) -> bool:
    if wanted.not_seen_for is None:
        return False
    since = day - timedelta(wanted.not_seen_for / _DAY)
    fresh = [seen.get(one, date.min) > since for one in people]
    return any(fresh) if wanted.by == "anybody" else bool(fresh) and all(fresh)


def _least_recently(names: list[str], people: Sequence[str], seen: Memory, key: bytes) -> tuple[str, str]:
    last = {name: max((seen.get(name, {}).get(one, date.min) for one in people), default=date.min) for name in names}
    oldest = min(last.values())
    name = least(key, "scenario", [one for one in names if last[one] == oldest])
    return name, "nobody there has seen it" if oldest == date.min else f"seen last on {oldest.isoformat()}"
