"""What a script is played with, and what is wrong with it beyond its words: what playing it shows."""

from collections.abc import Iterator
from pathlib import Path

from drills.planning.crew import gather_with_crew
from drills.planning.materials import RUBRIC, Materials
from drills.planning.rehearsal import read_script, rehearse_script
from scenarios.checks.base import finding
from scenarios.checks.others import cannot_play
from scenarios.decode import first_key
from scenarios.load import KINDS_BY_KEY, Loaded
from scenarios.lookup import own_files, referred
from scenarios.problem import LoadError, Problem
from scenarios.script import Script

__all__ = ["is_script", "materials_for", "problems_in", "scenario_of"]


def is_script(file: Path) -> bool:
    """Whether a file is a script, by its first key."""
    try:
        return KINDS_BY_KEY.get(first_key(file)) == "script"
    except OSError:
        return False


def problems_in(file: Path, team: str | Path | None = None) -> list[Problem]:
    """What is wrong with a script's acts. One that says what it plays is played, and refused acts are among them.

    Without a team, it is played with the one that it names, or one that has everybody in it.
    """
    try:
        script = read_script(file)
    except LoadError as error:
        return list(error.problems)
    try:
        return [] if script.model.plays is None else list(_refused(script, materials_for(script, team)))
    except LoadError as error:
        people = None if team is None else _file_of(team)
        misfits = [problem for problem in error.problems if problem.file == people]
        others = [problem for problem in error.problems if problem.file != people]
        return (
            [*others, *cannot_play(script.source, ("plays",), f"the team in {people}", misfits)] if misfits else others
        )


def _file_of(team: str | Path) -> str:
    try:
        return referred("team", team).file
    except LoadError:
        return ""


def _refused(script: Loaded[Script], materials: Materials) -> Iterator[Problem]:
    plays = script.model.plays
    refused = rehearse_script(materials, script, plays.seed if plays is not None else 1).refused
    if len(refused) != script.model.expects.refused:
        hint = "change the act; or, if that is meant, write how many are: `expects: {refused: N}`"
        for one in refused:
            yield finding(script.source, ("acts", one.number), f"{one.who}, {one.act}: refused: {one.why}", hint)


def scenario_of(script: Loaded[Script]) -> str | Path:
    """The scenario that a script plays, which it must say: its file, or its name if it is the library's.

    That is the one of that name in the workspace, or in the script's own folder, and else in the library.
    """
    path, plays = script.source.path, script.model.plays
    name = plays.scenario if plays is not None else ""
    own = own_files("scenario", path).get(name)
    beside = None if path is None else path.with_name(f"{name}.yaml")
    if own is None and beside is not None and beside.is_file():
        return beside
    return name if own is None else own


def materials_for(script: Loaded[Script], team: str | Path | None = None, rubric: str | Path = RUBRIC) -> Materials:
    """What a script is played with: the team that it names, else `team`, else one that has everybody in it.

    Raises LoadError; what is wrong with a name that the script gives is said at its place.
    """
    path, plays = script.source.path, script.model.plays
    if plays is not None and plays.team is not None:
        team = own_files("team", path).get(plays.team, plays.team)
    try:
        having = {act.who for act in script.model.acts}
        return gather_with_crew(scenario_of(script), team, rubric, having=having)
    except LoadError as error:
        raise LoadError([_at_its_place(problem, script) for problem in error.problems]) from None


def _at_its_place(problem: Problem, script: Loaded[Script]) -> Problem:
    """A name that there is not, where the script gives it; any other problem as it is."""
    plays = script.model.plays
    for key, name in (("scenario", plays.scenario), ("team", plays.team)) if plays is not None else ():
        if problem.file == f"'{name}'":
            place = ("plays", key) if script.source.has(("plays", key)) else ("plays",)
            return finding(script.source, place, f"{problem.message}: {name!r}", problem.hint)
    return problem
