"""A drill from beginning to end, in no time; and what it was worth."""

import json
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from drills.planning.materials import RUBRIC, TEAM, Incident, Materials, gather, plan_drill, start_at
from drills.planning.rehearsal import read_script, rehearse, rehearse_script, script_in
from scenarios.load import Loaded, load_rubric
from scenarios.problem import LoadError, Problem, nearest
from scenarios.protocol import Protocol
from scenarios.rubric import Rubric
from scenarios.scenario import Scenario
from scenarios.script import Script
from scenarios.source import parse
from scenarios.team import Team
from scoring.result import Scorecard
from scoring.told import graded
from scoring.whatif import WhatIf, read_changes, what_if
from simulator.log import DrillLog
from simulator.plan import Profile

__all__ = ["MOST_SEED", "RefusedActWarning", "grade", "run", "whatif"]

MOST_SEED = 2**63 - 1
_LIST = "acts"
"""What a list of acts is called where the place of an act is named."""

T = TypeVar("T")


class RefusedActWarning(UserWarning):
    """An act of a script was refused, and the drill went on. The text names its place and the reason."""


def run(
    scenario: str | Path | Scenario,
    *,
    team: str | Path | Team = TEAM,
    protocol: str | Path | Protocol | None = None,
    rubric: str | Path | Rubric = RUBRIC,
    players: Profile | None = None,
    acts: str | Path | Sequence[Mapping[str, Any]] | None = None,
    seed: int = 1,
    start: str | datetime | None = None,
) -> DrillLog:
    """Play a drill and give back its log. The same arguments give the same bytes.

    `scenario`, `team`, `protocol` and `rubric` are names, files, or what `load` gave; the scenario `random` is made up
    from the seed. Without a `protocol` the scenario's own counts. `players` says how good the simulated players are:
    expert, good (the default), average, poor or absent. With `acts` the team follows a script instead: a file, or a
    list of acts such as `{"at": "20s", "who": "ana", "say": "/alert 1 login"}`. An act that is refused gives a
    RefusedActWarning, and the drill goes on. `start` is when the drill begins, as a time with its offset or as
    `drillroom run --start` takes it; without one, an afternoon drawn from the seed.

    Raises LoadError with places for what is wrong with a file, and ValueError for other arguments.
    """
    if players is not None and acts is not None:
        raise ValueError("use either players or acts: simulated players, or a script")
    if players is not None and players not in get_args(Profile):
        hint = nearest(str(players), get_args(Profile)) or f"there are {', '.join(get_args(Profile))}"
        raise ValueError(f"there are no players {players!r} ({hint})")
    if isinstance(seed, bool) or not 0 <= seed <= MOST_SEED:
        raise ValueError(f"a seed is a whole number from 0 to {MOST_SEED}, not {seed!r}")
    materials = gather(Incident(scenario, seed), team, rubric, protocol)
    begins = None if start is None else _instant(start, materials.team.timezone)
    if acts is not None:
        return _scripted(materials, acts, seed, begins)
    plan = plan_drill(materials, seed, players or "good")
    return rehearse(plan if begins is None else plan.model_copy(update={"start": begins})).log


def _instant(start: str | datetime, timezone: str) -> datetime:
    return start_at(start.isoformat() if isinstance(start, datetime) else start, timezone, datetime.now(UTC))


def _scripted(
    materials: Materials, acts: str | Path | Sequence[Mapping[str, Any]], seed: int, start: datetime | None
) -> DrillLog:
    """Play a script; the acts that are refused come as warnings."""
    if isinstance(acts, str | Path):
        played = rehearse_script(materials, read_script(Path(acts)), seed, start)
        places = [one.place for one in played.refused]
    else:
        played = _by_number(lambda: rehearse_script(materials, _listed(acts), seed, start))
        places = [f"{_LIST}[{one.number}]" for one in played.refused]
    for one, place in zip(played.refused, places, strict=True):
        warnings.warn(f"{place}: refused: {one.who}, {one.act}: {one.why}", RefusedActWarning, stacklevel=3)
    return played.log


def _listed(acts: Sequence[Mapping[str, Any]]) -> Loaded[Script]:
    """Acts as the script that they would be in a file: one a line, so that a line is an act's number."""
    try:
        lines = ",\n".join(json.dumps(dict(act)) for act in acts)
    except (TypeError, ValueError) as error:
        raise ValueError(f"acts are mappings such as {{'at': '20s', 'who': 'ana', 'do': 'join'}}: {error}") from None
    return script_in(parse(f'{{"acts": [\n{lines}\n]}}'.encode(), _LIST))


def _by_number(call: Callable[[], T]) -> T:
    """Call with a list's acts; what is wrong is named by the number of the act, as Python counts."""
    try:
        return call()
    except LoadError as error:
        raise LoadError(
            [Problem(_numbered(one.line), 0, 0, one.message, one.hint, one.severity) for one in error.problems]
        ) from None


def _numbered(line: int) -> str:
    return f"{_LIST}[{line - 2}]" if line > 1 else _LIST


def grade(log: DrillLog, rubric: str | Path | Rubric | None = None, *, people: bool = False) -> Scorecard:
    """Grade a drill's log; under its own rubric, unless another is named or given.

    With `people`, the scorecard also holds each member's own ledger. Raises LoadError for a rubric that does not load.
    """
    by = load_rubric(rubric) if isinstance(rubric, str | Path) else rubric
    return graded(log, by, people)


def whatif(
    log: DrillLog,
    *,
    move: str | Iterable[str] = (),
    drop: str | Iterable[str] = (),
    add: str | Iterable[str] = (),
    rubric: str | Path | Rubric | None = None,
) -> WhatIf:
    """Play a drill again with a change, and everybody else's acts held fixed at their times.

    `move` takes texts such as "alert to 1m" or "alert 30s sooner and all after it", `drop` such as "ben /ack", and
    `add` such as "2m ana /sev 1", as `drillroom whatif` does. The result holds the scorecards before and after, which
    items would have earned more or less, and the acts that no longer apply. Raises ValueError if a text means nothing
    in this drill, or several things: then it lists them. Raises LoadError for a rubric that does not load.
    """
    by = load_rubric(rubric) if isinstance(rubric, str | Path) else rubric
    moves, drops, adds = ([texts] if isinstance(texts, str) else list(texts) for texts in (move, drop, add))
    return what_if(log, read_changes(log, moves, drops, adds), by)
