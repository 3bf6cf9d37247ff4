"""A whole drill at once: on the virtual clock, by simulated players or by a script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from drills.planning.materials import Materials, plan_drill
from scenarios.checks.base import finding
from scenarios.checks.others import check_script
from scenarios.load import Loaded, read_as
from scenarios.problem import LoadError, Problem, nearest
from scenarios.protocol import Protocol
from scenarios.script import Expected, Script
from scenarios.source import Source, read
from scoring.result import Scorecard
from simulator.acts import Attempt
from simulator.clock import VirtualClock
from simulator.driver import Driver, Participants, Refusal
from simulator.events import QuestionAsked
from simulator.log import DrillLog
from simulator.plan import DrillPlan
from simulator.players.cast import Cast
from simulator.players.scripted_team import ScriptedTeam, ScriptError, read_act

__all__ = ["RefusedAct", "Rehearsal", "read_script", "rehearse", "rehearse_script", "script_in", "shortfalls"]

_BEST = 100.0
"""The highest score there is."""


@dataclass(frozen=True)
class RefusedAct:
    """An act of a script that was refused, or that nothing in the scenario answers."""

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
    number: int
    """Which act of the script it is, from 0."""


@dataclass(frozen=True)
class Rehearsal:
    """A drill that was played."""

    log: DrillLog
    refused: list[RefusedAct] = field(default_factory=list)
    """The acts of the script that were refused, in order; what simulated players try is not listed."""


def rehearse(plan: DrillPlan, team: Participants | None = None) -> Rehearsal:
    """Play a drill to its end; without a team, with the plan's simulated players."""
    return Rehearsal(DrillLog.reproducible(plan, _driven(plan, team or Cast(plan)).events))


def rehearse_script(
    materials: Materials, script: Loaded[Script], seed: int, start: datetime | None = None
) -> Rehearsal:
    """Play a script to the drill's end.

    Only those facilitators are there who act in it: nobody waits for one who never answers. Raises LoadError if an act
    is of nobody in the team, or means nothing under the protocol.
    """
    plan = plan_drill(materials, seed, None)
    acting = {act.who for act in script.model.acts}
    here = {"facilitators": [one for one in plan.facilitators if one in acting]}
    plan = plan.model_copy(update=here if start is None else {**here, "start": start})
    problems = [*_strangers(materials, script), *_meaningless(script, plan.protocol)]
    if problems:
        raise LoadError(problems)
    driver = _driven(plan, ScriptedTeam(plan, script.model))
    refused = [_told(refusal, script) for refusal in driver.refused]
    if not plan.facilitators:
        refused += _unanswered(driver, script)
    return Rehearsal(DrillLog.reproducible(plan, driver.events), sorted(refused, key=lambda one: one.at_s))


def shortfalls(expected: Expected, card: Scorecard, refused: int) -> list[str]:
    """What came of a script and was not expected of it, a clause each; nothing if all is as it should be.

    `refused` is how many of its acts were refused.
    """
    found: list[str] = []
    if refused != expected.refused:
        count = "1 act was" if refused == 1 else f"{refused or 'no'} acts were"
        found.append(f"{count} refused" + (f", and {expected.refused} should have been" if expected.refused else ""))
    if expected.score is not None:
        least, most = expected.score
        if card.score is None:
            found.append("nothing could be judged, and a score was expected")
        elif not least <= card.score <= most:
            found.append(f"the score is {card.score:.1f}, and {_wanted(least, most)} was expected")
    if expected.rating is not None and card.rating not in expected.rating:
        found.append(f"the rating is {card.rating or 'missing'}, and {' or '.join(expected.rating)} was expected")
    caps = sorted(cap.id for cap in card.caps)
    if expected.caps is not None and caps != sorted(expected.caps):
        said = ", ".join(caps) or "nothing"
        found.append(
            f"the score is limited by {said}, and {', '.join(sorted(expected.caps)) or 'no limit'} was expected"
        )
    return found


def _wanted(least: float, most: float) -> str:
    if most >= _BEST:
        return f"at least {least:g}"
    return f"{least:g} to {most:g}" if least else f"at most {most:g}"


def read_script(path: Path) -> Loaded[Script]:
    """A script of acts with the place of each; raises LoadError with every act that means nothing."""
    return script_in(read(path))


def script_in(source: Source) -> Loaded[Script]:
    """The script that a source holds; raises LoadError with every act that means nothing."""
    problems: list[Problem] = []
    try:
        loaded = read_as(Script, "script", source)
    except LoadError as error:
        problems += error.problems
        try:  # its head may be wrong, and its acts are worth looking at all the same
            loaded = Loaded(Script.model_validate({"acts": source.data.get("acts")}), source)
        except ValidationError:
            raise error from None
    problems += [*check_script(loaded.model, loaded.source), *_meaningless(loaded, None)]
    if problems:
        raise LoadError(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    return loaded


_NAMES_A_SEVERITY = re.compile(r"/sev\s+\D", re.IGNORECASE)
"""Only a protocol knows whether it has a severity of that name."""


def _meaningless(script: Loaded[Script], protocol: Protocol | None) -> Iterator[Problem]:
    """Acts that are none of the program's, or lack a field, or have one too many."""
    for place, act in enumerate(script.model.acts):
        if (act.do is None) == (act.say is None) or (act.say is not None and act.fields):
            continue  # check_script says so
        if protocol is None and _NAMES_A_SEVERITY.match(act.say or ""):
            continue
        try:
            read_act(act, place, protocol)
        except ScriptError as error:
            yield finding(script.source, ("acts", place), str(error))


def _strangers(materials: Materials, script: Loaded[Script]) -> Iterator[Problem]:
    team = materials.team
    known = [*(member.id for member in team.members), *team.facilitators, *team.evaluators]
    for place, act in enumerate(script.model.acts):
        if act.who not in known:
            message = f"{act.who!r} is not in the team {team.team}"
            yield finding(script.source, ("acts", place, "who"), message, nearest(act.who, known))


def _driven(plan: DrillPlan, team: Participants) -> Driver:
    driver = Driver.start(plan, [team], VirtualClock(plan.start))
    driver.run()
    return driver


def _told(refusal: Refusal, script: Loaded[Script]) -> RefusedAct:
    kind = str(type(refusal.act).__struct_config__.tag)
    return _refused_act(script, refusal.act.id, refusal.at, kind, refusal.why)


def _unanswered(driver: Driver, script: Loaded[Script]) -> Iterator[RefusedAct]:
    """What was tried in somebody's own words, and is like no action of the scenario."""
    plan = driver.engine.plan
    read = [read_act(one, place, plan.protocol) for place, one in enumerate(script.model.acts)]
    tried, actions = {act.id for act in read if isinstance(act, Attempt)}, plan.scenario.actions
    for event in driver.events:
        if isinstance(event, QuestionAsked) and event.act in tried:
            close = nearest(event.text, [*(action.label for action in actions), *(action.id for action in actions)])
            why = "no action of the scenario is like that, so nothing came of it" + (f"; {close}" if close else "")
            yield _refused_act(script, event.act, event.at, "do", why)


def _refused_act(script: Loaded[Script], act: str | None, at: int, kind: str, why: str) -> RefusedAct:
    number = int((act or "").rpartition("-")[2]) - 1  # the acts of a script are numbered from 1
    line, column = script.source.value_at(("acts", number))
    who = script.model.acts[number].who
    return RefusedAct(f"{script.source.file}:{line}:{column}", at / 1000, who, kind, why, number)
