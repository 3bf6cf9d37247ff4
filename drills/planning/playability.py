"""What playing a scenario tells its author: warnings, each with a place and a way to fix it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from drills.planning.crew import gather_with_crew
from drills.planning.materials import plan_drill
from scenarios.base import format_duration
from scenarios.checks.base import finding
from scenarios.load import kind_of
from scenarios.problem import LoadError, Problem
from scenarios.source import Source, read
from simulator.playtest import Playtest, playtest

__all__ = ["ends", "is_scenario", "quiet", "unseen", "warnings_in", "warnings_of"]


def is_scenario(file: Path) -> bool:
    """Whether a file can be read and is a scenario."""
    try:
        return kind_of(read(file)) == "scenario"
    except LoadError:
        return False


def warnings_of(path: Path, team: str | Path | None = None) -> list[Problem]:
    """Play a scenario and say what is weak in it; if it cannot be played, the errors that say why.

    Without a team, one that can play it: see `gather_with_crew`.
    """
    try:
        source = read(path)
        plan = plan_drill(gather_with_crew(path, team), 0)
    except LoadError as error:
        return list(error.problems)
    return warnings_in(source, playtest(plan))


def warnings_in(source: Source, seen: Playtest) -> list[Problem]:
    """What was seen in play and is weak in a scenario, each at its place in the file."""
    return [*unseen(source, seen), *quiet(source, seen), *ends(source, seen)]


def unseen(source: Source, seen: Playtest) -> Iterator[Problem]:
    """Injects that no team ever saw."""
    injects = source.data.get("injects")
    drafts = [one if isinstance(one, dict) else {} for one in injects] if isinstance(injects, list) else []
    names = [one.get("id") for one in drafts]
    for name in seen.unseen:
        place = names.index(name)
        played = f"it came in none of the {seen.drills * len(seen.won)} drills of simulated teams"
        message = f"no team ever sees {name!r}: {played}, and to none that tries everything"
        yield finding(source, ("injects", place, "id"), message, _way_out(drafts[place]), severity="warning")


def _way_out(inject: Mapping[str, object]) -> str:
    """What can make an inject come, by what it waits for."""
    chance = "" if inject.get("chance") is None else ", or raise its `chance`"
    kept = "" if inject.get("unless") is None else ", or that `unless` does not always hold by then"
    if inject.get("after") is not None:
        return (
            f"check that a team can get to {inject['after']!r} in time, its `needs` and `delay` included{kept}{chance}"
        )
    if inject.get("when") is not None:
        return f"check that what stands under `when` can become true before the end{kept}{chance}"
    return f"bring it forward{kept}{chance}"


def quiet(source: Source, seen: Playtest) -> Iterator[Problem]:
    """Roles that have nothing to do for too long."""
    for gap in seen.quiet:
        who = gap.role.replace("_", " ")
        message = f"{who} has nothing to do from {format_duration(gap.since)} to {format_duration(gap.until)}"
        hint = f"add an inject `to: {gap.role}` that is certain to come, at least every five minutes"
        yield finding(source, ("injects",), message, hint, key=True, severity="warning")


def ends(source: Source, seen: Playtest) -> Iterator[Problem]:
    """A scenario that cannot be won, or cannot be lost."""
    if seen.ends_by_itself:
        message, hint = (
            "it cannot be lost: a team that does nothing still ends well",
            "let only an action end it",
        )
        yield finding(source, ("ends",), message, hint, key=True, severity="warning")
    elif seen.won["poor"] + seen.won["absent"] == 2 * seen.drills:
        message = "it cannot be lost: every poor team and every absent one fixed it in time"
        hint = "make the fix need more looks first, or allow less time"
        yield finding(source, ("ends",), message, hint, key=True, severity="warning")
    if not seen.won["expert"]:
        message = f"it cannot be won: none of {seen.drills} teams of experts fixed it"
        hint = "check that the fix's `needs` can be met, and that `ends.after` leaves time for them"
        yield finding(source, ("actions",), message, hint, key=True, severity="warning")
