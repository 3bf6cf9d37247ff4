"""A whole drill at once: on the virtual clock, by simulated players or by a script."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scenarios.checks.others import check_script
from scenarios.load import Loaded, read_as
from scenarios.problem import LoadError, Problem
from scenarios.script import Script
from scenarios.source import Source, read
from simulator.clock import VirtualClock
from simulator.driver import Driver, Participants, Refusal
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.players.cast import Cast
from simulator.players.scripted_team import ScriptedTeam, ScriptError

__all__ = ["RefusedAct", "Rehearsal", "read_script", "refused_acts", "rehearse", "script_in", "scripted_team"]


@dataclass(frozen=True)
class RefusedAct:
    """An act of a script that was refused."""

    place: str
    """Its place, as `file:line:column`."""
    at_s: float
    """Drill time in seconds."""
    who: str
    """The id of the person who tried."""
    act: str
    """The kind of act."""
    why: str
    """The reason, in one sentence."""


@dataclass(frozen=True)
class Rehearsal:
    """A drill that was played."""

    log: DrillLog
    refused: list[Refusal]
    """The acts that were refused, in order."""


def rehearse(plan: DrillPlan, team: Participants | None = None) -> Rehearsal:
    """Play a drill to its end; without a team, with the plan's simulated players."""
    driver = Driver.start(plan, [Cast(plan) if team is None else team], VirtualClock(plan.start))
    driver.run()
    return Rehearsal(DrillLog.reproducible(plan, driver.events), driver.refused)


def read_script(path: Path) -> Loaded[Script]:
    """A script of acts with the place of each; raises LoadError."""
    return script_in(read(path))


def script_in(source: Source) -> Loaded[Script]:
    """The script that a file holds; raises LoadError."""
    loaded = read_as(Script, "script", source)
    problems = list(check_script(loaded.model, loaded.source))
    if problems:
        raise LoadError(problems)
    return loaded


def scripted_team(plan: DrillPlan, script: Loaded[Script]) -> ScriptedTeam:
    """The script's acts as the drill's participants; raises LoadError at the place of an act that means nothing."""
    try:
        return ScriptedTeam(plan, script.model)
    except ScriptError as error:
        line, column = script.source.value_at(("acts", error.place))
        raise LoadError([Problem(script.source.file, line, column, str(error))]) from None


def refused_acts(refused: Iterable[Refusal], script: Loaded[Script]) -> list[RefusedAct]:
    """The acts of a script that were refused, as a user is told."""
    return [_told(refusal, script) for refusal in refused]


def _told(refusal: Refusal, script: Loaded[Script]) -> RefusedAct:
    number = int((refusal.act.id or "").rpartition("-")[2])  # the acts of a script are numbered from 1
    line, column = script.source.value_at(("acts", number - 1))
    kind = str(type(refusal.act).__struct_config__.tag)
    return RefusedAct(f"{script.source.file}:{line}:{column}", refusal.at / 1000, refusal.act.who, kind, refusal.why)
