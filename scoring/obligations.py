"""What is owed in this drill, what was found about it, and the few ways of judging that most duties share."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import msgspec

from scenarios.protocol import Duty, Obligation
from scenarios.rubric import Rubric
from scoring.curves import timeliness
from scoring.facts import Facts, Time
from scoring.labels import WORDS, Words, sooner, spell, spell_late, title_of
from scoring.role_holders import Roles
from simulator import events as ev
from simulator.events import Event

__all__ = [
    "CUT_SHORT",
    "DONE_ONCE",
    "ONCE_FIXED",
    "TOO_SOON",
    "Drill",
    "Finding",
    "Judge",
    "Owed",
    "RunsFrom",
    "before_over",
    "call_to",
    "calls_to",
    "due",
    "missed",
    "not_done",
    "owed_in",
    "rest",
    "seen",
    "share",
    "time_for",
    "timed",
]

NOT_DUE = "not due yet"
TOO_SOON = "after it was declared over too soon"
ONCE_FIXED = "declared over once the fix has taken hold"
CUT_SHORT = "the response was ended before its time was up"
DUE_AFTER = "its deadline is after the end of the response"
GREW_BEFORE = "the incident grew before its deadline"

RunsFrom = Literal["report", "growth", "alert", "fix", "relief"]
_SAID_FROM: dict[RunsFrom, str] = {
    "report": "the report",
    "growth": "the incident grew",
    "alert": "the alert",
    "fix": "the fix",
    "relief": "customers stopped feeling it",
}


class Drill(NamedTuple):
    """What a judge may look at."""

    facts: Facts
    roles: Roles


class Owed(msgspec.Struct, frozen=True, gc=False):
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
    until: int
    """Until when it could be done: the end of the response, or the growth of an incident that dropped it."""
    first: int
    """When it was first owed: from the report on, or from when the incident grew."""

    @property
    def words(self) -> Words:
        """The words for it."""
        return WORDS[self.duty.act]

    @property
    def phase(self) -> Literal["response", "papers"]:
        """The phase in which it is owed."""
        return "papers" if self.duty.act in ("situation_report", "emailed", "attached", "answers") else "response"


class Finding(msgspec.Struct, frozen=True, gc=False):
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
    lost_over: Sequence[tuple[int, int]] = ()
    """When it was lost, from and to; after a deadline nothing more is.

    Whoever held the owner's role then answers for it, each for their time.
    """
    owner: str | None = None
    """Who owes it here, if not the one in the protocol."""
    at_fault: Mapping[str, float] | None = None
    """Members and their shares of the loss, if the judge knows more precisely than by the owner's role."""
    counts_on: bool = False
    """Whether most of it was lost after the team had declared it over too soon: what is owed then counts on."""


Judge = Callable[[Owed, Drill], Finding]
"""Judges one obligation. Each duty of the protocol has one."""


# -- which obligations apply -------------------------------------------------------------------------------------------


def owed_in(facts: Facts, rubric: Rubric) -> list[Owed]:
    """The obligations of the drill's true severity, with the rubric's weights and the scenario's targets.

    If the incident grew, this includes what the table before it wanted done by some time and the graver one does not
    list.
    """
    if not facts.stages:
        return []
    last = facts.stages[-1]
    dropped: dict[str, tuple[Obligation, int]] = {}
    for stage, following in pairwise(facts.stages):
        left = [duty for duty in stage.table.obligations if duty.act in DONE_ONCE and duty.deadline is not None]
        dropped |= {duty.id: (duty, following.began) for duty in left}
    known = {duty.id for duty in last.table.obligations}
    earlier = [(duty, until) for name, (duty, until) in dropped.items() if name not in known]
    return [
        _applied(duty, rubric, facts, until) for duty, until in [*((d, None) for d in last.table.obligations), *earlier]
    ]


DONE_ONCE: frozenset[Duty] = frozenset(
    (
        *("severity_declared", "team_alerted", "acknowledged", "joined", "role_in_place", "logged", "updated"),
        *("published", "workaround_used", "bug_filed", "closed", "impact_ended"),
    )
)
"""What is judged by when it was done, as against what is judged over time."""


def due(act: Duty, facts: Facts, otherwise: int = 0) -> int:
    """When an act of the team was due: by the scenario's target, or else the protocol's.

    If neither sets a time for it, this long after the report.
    """
    duty = facts.listed(act)
    time = time_for(duty, facts) if duty is not None else Time(facts.report)
    return facts.report + otherwise if time.target is None else time.start + time.target


def call_to(act: Duty, facts: Facts, member: str) -> ev.TeamAlerted | ev.ShiftBegan | None:
    """The alert by which a member was called to an act: the first since it was owed."""
    return facts.called(_first_owed(act, facts), member)


def calls_to(act: Duty, facts: Facts, members: Sequence[str]) -> list[ev.TeamAlerted | ev.ShiftBegan | None]:
    """The same for several members."""
    since = _first_owed(act, facts)
    return [facts.called(since, member) for member in members]


def _first_owed(act: Duty, facts: Facts) -> int:
    duty = facts.listed(act)
    return 0 if duty is None else time_for(duty, facts).start


def _applied(duty: Obligation, rubric: Rubric, facts: Facts, until: int | None) -> Owed:
    reported, time = facts.reported, time_for(duty, facts)
    start, seq = facts.report, reported.seq if reported is not None else None
    since: RunsFrom = "report"
    if time.start > start:
        start, since, seq = time.start, "growth", None
    called = facts.called(time.start) if duty.clock == "reached" else None
    if called is not None:
        start, seq, since = max(start, called.when), called.seq, "alert"
    return Owed(
        duty=duty,
        title=title_of(duty, facts.protocol),
        weight=rubric.items.get(duty.id, duty.weight),
        start=start,
        start_seq=seq,
        since=since,
        target=time.target,
        deadline=time.deadline,
        until=facts.limit if until is None else min(until, facts.limit),
        first=time.start,
    )


def time_for(duty: Obligation, facts: Facts, called: int | None = None) -> Time:
    """When an obligation was first owed, or from a call that came later; and its target and deadline from then.

    If an incident grew and both tables list it, the clock runs on with the time that the first table gave, unless the
    later table gives less even when counted from the growth: what was not urgent then is not late now.
    """
    key = (duty.id, called or 0)
    found = facts.times.get(key)
    if found is None:
        found = facts.times[key] = _time_for(duty.id, facts, called or 0)
    return found


def _time_for(duty: str, facts: Facts, called: int) -> Time:
    listed = [(began, found) for began, table in facts.stages if (found := table.get(duty)) is not None]
    start = max(listed[0][0] if listed else facts.report, called)
    if len(listed) == 1:
        bounds = facts.bounds(listed[0][1])
        timed = bounds.target is not None and bounds.deadline is not None
        return Time(start, bounds.target, bounds.deadline) if timed else Time(start)
    while len(listed) > 1 and listed[1][0] <= start:
        listed.pop(0)  # the graver table held already when the call came
    limits: tuple[int, int] | None = None
    for began, found in listed:
        bounds = facts.bounds(found)
        if bounds.target is None or bounds.deadline is None:
            continue
        later = max(0, began - start)
        target, deadline = later + bounds.target, later + bounds.deadline
        limits = (target, deadline) if limits is None else (min(limits[0], target), min(limits[1], deadline))
    return Time(start) if limits is None else Time(start, *limits)


def seen(facts: Facts, stretches: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """How long stretches lasted in the response as people saw it, and after they had declared it over too soon."""
    whole = sum(stop - start for start, stop in stretches)
    later = sum(max(0, stop - max(start, facts.response_end)) for start, stop in stretches)
    return whole - later, later


def before_over(facts: Facts) -> str:
    """What would have earned that which counts on after it was declared over too soon."""
    return ONCE_FIXED if facts.too_soon else "fixed before it is declared over"


# -- ways of judging ---------------------------------------------------------------------------------------------------


def timed(owed: Owed, drill: Drill, event: Event | None) -> Finding:
    """Judge one act by when it came; where no time was set, by whether it came."""
    if event is None:
        return not_done(owed, drill)
    took = max(0, event.when - owed.start)
    aloud = ", said aloud" if event.said is not None else ""
    evidence = (event.seq,) if owed.start_seq is None else (owed.start_seq, event.seq)
    if owed.target is None or owed.deadline is None:
        why = f"{owed.words.done}{aloud}"
        return Finding(100.0, why, evidence=evidence, actual=took, start=owed.start, done_at=event.when)
    if _too_late_to_tell(owed, took):
        return rest(DUE_AFTER, owed)
    when = f"{spell_late(took, owed.target)} after" if event.when >= owed.start else "before"
    return Finding(
        score=timeliness(took, owed.target, owed.deadline),
        why=f"{owed.words.done} {when} {_SAID_FROM[owed.since]}{aloud}; target {spell(owed.target)}",
        remedy=sooner(took - owed.target),
        evidence=evidence,
        actual=took,
        start=owed.start,
        done_at=event.when,
        lost_over=((owed.start + owed.target, min(event.when, owed.start + owed.deadline)),),
    )


def _too_late_to_tell(owed: Owed, took: int) -> bool:
    """Whether it came late although it could have been left out: late is never worth less than never."""
    if owed.target is None or owed.deadline is None or owed.phase == "papers":
        return False
    return took > owed.target and owed.start + owed.deadline > owed.until


def not_done(owed: Owed, drill: Drill, why: str | None = None, remedy: str | None = None) -> Finding:
    """What an obligation is worth that was not met: 0, or nothing if its time was not up."""
    facts = drill.facts
    undue = _papers_not_due(facts) if owed.phase == "papers" else _not_due(owed, facts)
    if undue is not None:
        return Finding(None, undue, start=owed.start)
    return missed(owed, facts.response_end, why, remedy)


def missed(owed: Owed, end: int, why: str | None = None, remedy: str | None = None) -> Finding:
    """What was owed and not done by the end: 0, lost from its target to its deadline, or at the end if it has none."""
    late = end - 1 if owed.target is None else min(owed.start + owed.target, end - 1)
    lost = end if owed.deadline is None else max(min(owed.start + owed.deadline, end), late + 1)
    limit = f"; target {spell(owed.target)}" if owed.target is not None else ""
    return Finding(
        score=0.0,
        why=(why or owed.words.undone) + limit,
        remedy=remedy or (f"within {spell(owed.target)}" if owed.target is not None else "done at all"),
        evidence=() if owed.start_seq is None else (owed.start_seq,),
        start=owed.start,
        lost_over=((late, lost),),
    )


def _not_due(owed: Owed, facts: Facts) -> str | None:
    """Why an act of the response that was not done cannot be judged, if so."""
    due = owed.start + owed.deadline if owed.deadline is not None else None
    if facts.cut_short and (due is None or due > owed.until):
        return CUT_SHORT
    if due is not None and due > owed.until:
        return DUE_AFTER if owed.until == facts.limit else GREW_BEFORE
    if not facts.response_over and (due is None or due > facts.now):
        return NOT_DUE
    return None


def _papers_not_due(facts: Facts) -> str | None:
    if facts.cut_short:
        return CUT_SHORT
    if facts.papers_over:
        return None
    return "the papers were ended before their time was up" if facts.papers_cut_short else NOT_DUE


def share(owed: Owed, drill: Drill, finding: Finding) -> Finding:
    """A share that can still change counts only once its phase is over, or if nothing is missing from it."""
    if finding.score is None or finding.score >= 100:
        return finding
    undue = _papers_not_due(drill.facts) if owed.phase == "papers" else _still_open(drill.facts)
    return finding if undue is None else rest(undue, owed)


def _still_open(facts: Facts) -> str | None:
    """Why a share of something without a deadline cannot be judged, if so."""
    if facts.cut_short:
        return CUT_SHORT
    return None if facts.response_over else NOT_DUE


def rest(why: str, owed: Owed) -> Finding:
    """A finding that could not be judged, and why."""
    return Finding(None, why, start=owed.start if owed.target is not None else None)
