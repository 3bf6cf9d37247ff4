"""What is owed in this drill, what was found about it, and the few ways of judging that most duties share."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import msgspec

from scenarios.protocol import Duty, Obligation
from scenarios.rubric import Rubric
from scoring.curves import timeliness
from scoring.facts import Facts
from scoring.labels import WORDS, Words, sooner, spell, spell_late
from scoring.tenure import Roles
from simulator.events import Event

__all__ = ["Drill", "Finding", "Judge", "Owed", "due", "not_done", "owed_in", "rest", "share", "timed"]

NOT_DUE = "not due yet"
DUE_AFTER = "its deadline is after the end of the response"

RunsFrom = Literal["report", "growth", "alert"]
_SAID_FROM: dict[RunsFrom, str] = {"report": "report", "growth": "incident grew", "alert": "alert"}


class Drill(NamedTuple):
    """What a judge may look at."""

    facts: Facts
    roles: Roles


class Owed(msgspec.Struct, frozen=True):
    """An obligation as it applies to one drill. Times in milliseconds of drill time."""

    duty: Obligation
    title: str
    weight: float
    start: int
    """When its clock began, if that does not differ from member to member."""
    start_seq: int | None
    """The event that began the clock."""
    since: RunsFrom
    """What that event was."""
    target: int | None
    deadline: int | None

    @property
    def words(self) -> Words:
        """The words for it."""
        return WORDS[self.duty.act]

    @property
    def phase(self) -> Literal["response", "papers"]:
        """The phase in which it is owed."""
        return "papers" if self.duty.act in ("situation_report", "emailed", "attached", "answers") else "response"


class Finding(msgspec.Struct, frozen=True):
    """How one obligation went."""

    score: float | None
    """0 to 100; None if it could not be judged, and `why` says why not."""
    why: str
    remedy: str = ""
    """What would have earned the rest; the points are added later."""
    evidence: tuple[int, ...] = ()
    actual: float | None = None
    """Milliseconds it took."""
    start: int | None = None
    """When the clock began, if there is one for all."""
    done_at: int | None = None
    """When it was first done, for the order of the protocol's acts."""
    lost_at: int | None = None
    """When the loss began: the person who held the owner's role then answers for it."""
    owner: str | None = None
    """Who owes it here, if not the one in the protocol."""
    at_fault: Mapping[str, float] | None = None
    """Members and their shares of the loss, if the judge knows more precisely than by the owner's role."""


Judge = Callable[[Owed, Drill], Finding]
"""Judges one obligation. Each duty of the protocol has one."""


# -- which obligations apply -------------------------------------------------------------------------------------------


def owed_in(facts: Facts, rubric: Rubric) -> list[Owed]:
    """The obligations of the drill's true severity, with the rubric's weights and the scenario's targets."""
    if facts.table is None:
        return []
    stages = _stages(facts)
    weighed = [(duty, rubric.items.get(duty.id, duty.weight)) for duty in facts.table.obligations]
    return [_applied(duty, weight, facts, stages) for duty, weight in weighed if weight > 0]


_Stages = list[tuple[int, dict[str, Obligation]]]
"""What was owed from when on, for each true severity that the incident went through."""


def _stages(facts: Facts) -> _Stages:
    stages = []
    for span in facts.spans:
        table = facts.protocol.table(span.level)
        if table is not None:
            stages.append((max(facts.report, span.since), {duty.id: duty for duty in table.obligations}))
    return stages


def due(act: Duty, facts: Facts, otherwise: int = 0) -> int:
    """When an act of the team was due: by the scenario's target, or else the protocol's.

    If neither sets a time for it, this long after the report.
    """
    duty = facts.listed(act)
    start, limits = _over_time(duty, facts, _stages(facts)) if duty is not None else (facts.report, None)
    return facts.report + otherwise if limits is None else start + limits[0]


def _applied(duty: Obligation, weight: float, facts: Facts, stages: _Stages) -> Owed:
    start, seq = facts.report, facts.reported.seq if facts.reported is not None else None
    since: RunsFrom = "report"
    grown, limits = _over_time(duty, facts, stages)
    if duty.clock == "reached" and facts.alert is not None:
        start, seq, since = facts.alert.when, facts.alert.seq, "alert"
    elif grown > start:
        start, since, seq = grown, "growth", None
    role = facts.protocol.role(duty.role) if duty.role is not None else None
    return Owed(
        duty=duty,
        title=f"{role.title} in place" if role is not None else WORDS[duty.act].title,
        weight=weight,
        start=start,
        start_seq=seq,
        since=since,
        target=limits[0] if limits is not None else None,
        deadline=limits[1] if limits is not None else None,
    )


def _over_time(duty: Obligation, facts: Facts, stages: _Stages) -> tuple[int, tuple[int, int] | None]:
    """When the obligation first applied, and its target and deadline from then.

    If an incident grew and both tables list it, the clock runs from the report with the time that the first table
    gave, unless the later table gives less even when counted from the growth: what was not urgent then is not late now.
    """
    first, limits = None, None
    for began, duties in stages:
        listed = duties.get(duty.id)
        if listed is None:
            continue
        first = began if first is None else first
        bounds = facts.bounds(listed)
        if bounds.target is None or bounds.deadline is None:
            continue
        target, deadline = began - first + bounds.target, began - first + bounds.deadline
        if limits is None:
            limits = (target, deadline)
        elif duty.clock == "reached":
            limits = (bounds.target, bounds.deadline)
        else:
            limits = (min(limits[0], target), min(limits[1], deadline))
    return first if first is not None else facts.report, limits


# -- ways of judging ---------------------------------------------------------------------------------------------------


def timed(owed: Owed, drill: Drill, event: Event | None) -> Finding:
    """Judge one act by when it came; where no time was set, by whether it came."""
    if event is None:
        return not_done(owed, drill)
    took = max(0, event.when - owed.start)
    aloud = ", said aloud" if event.said is not None else ""
    when = f"{spell_late(took, owed.target)} after the {_SAID_FROM[owed.since]}" if owed.target is not None else ""
    evidence = (event.seq,) if owed.start_seq is None else (owed.start_seq, event.seq)
    if owed.target is None or owed.deadline is None:
        why = f"{owed.words.done}{aloud}"
        return Finding(100.0, why, evidence=evidence, actual=took, start=owed.start, done_at=event.when)
    return Finding(
        score=timeliness(took, owed.target, owed.deadline),
        why=f"{owed.words.done} {when}{aloud}; target {spell(owed.target)}",
        remedy=sooner(took - owed.target),
        evidence=evidence,
        actual=took,
        start=owed.start,
        done_at=event.when,
        lost_at=owed.start + owed.target,
    )


def not_done(owed: Owed, drill: Drill, why: str | None = None, remedy: str | None = None) -> Finding:
    """What an obligation is worth that was not met: 0, or nothing if its time was not up."""
    facts = drill.facts
    due = owed.start + owed.deadline if owed.deadline is not None else None
    undue = _papers_not_due(facts) if owed.phase == "papers" else _not_due(facts, due)
    if undue is not None:
        return Finding(None, undue, start=owed.start)
    limit = f"; target {spell(owed.target)}" if owed.target is not None else ""
    return Finding(
        score=0.0,
        why=(why or owed.words.undone) + limit,
        remedy=remedy or (f"within {spell(owed.target)}" if owed.target is not None else "done at all"),
        evidence=() if owed.start_seq is None else (owed.start_seq,),
        start=owed.start,
        lost_at=owed.start + owed.target if owed.target is not None else facts.response_end - 1,
    )


def _not_due(facts: Facts, due: int | None) -> str | None:
    """Why an act of the response that was not done cannot be judged, if so."""
    if facts.cut_short and (due is None or due > facts.limit):
        return "the response was ended before its time was up"
    if due is not None and due > facts.limit:
        return DUE_AFTER
    if not facts.response_over and (due is None or due > facts.now):
        return NOT_DUE
    return None


def _papers_not_due(facts: Facts) -> str | None:
    if facts.papers_over:
        return None
    return "the papers were ended before their time was up" if facts.papers_cut_short else NOT_DUE


def share(owed: Owed, drill: Drill, finding: Finding) -> Finding:
    """A share that can still change counts only once its phase is over, or if nothing is missing from it."""
    if finding.score is None or finding.score >= 100:
        return finding
    undue = _papers_not_due(drill.facts) if owed.phase == "papers" else _not_due(drill.facts, None)
    return finding if undue is None else rest(undue, owed)


def rest(why: str, owed: Owed) -> Finding:
    """A finding that could not be judged, and why."""
    return Finding(None, why, start=owed.start if owed.target is not None else None)
