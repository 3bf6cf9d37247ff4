"""What a history keeps of a drill: one row for it, one for each obligation, and who was there.

All of it is derived from the log under a rubric. It is made anew if the log, the rubric, the scoring rules or this
package's VERSION is another. The rows name nobody; `Crew` does, by id, and is not exported.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from scenarios.protocol import Obligation
from scenarios.rubric import Rubric
from scoring.facts import Facts
from scoring.history.answers import answers_of
from scoring.result import Item, Scorecard
from scoring.role_holders import Roles, may_hold
from scoring.scorecard import GradedLog, grade
from simulator import events as ev
from simulator.plan import DrillPlan, Kind

__all__ = ["Crew", "DrillFigures", "Figures", "Meant", "ObligationFigures", "Outcome", "figures_of"]

Outcome = Literal["met", "late", "partly", "missed", "unjudged"]


class DrillFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A drill as a row. Times in seconds; a figure that the drill does not have is missing."""

    drill: str
    """The drill's id."""
    head: str
    """The last hash of its log: two logs of one id are told apart by it."""
    kind: Kind
    """`drill`, `practice`, `rehearsal`, `simulated`, `real`, or `unknown` in older logs. Never mixed in one figure."""
    mode: str
    """`assessed` or `training`. Never mixed in one figure."""
    protocol: str
    """The protocol's id. Never mixed in one figure."""
    team: str
    """The team's id, as the log names it."""
    group: int = 1
    """1, or a higher number where a history holds several teams of one name that have nobody in common."""
    scenario: str
    """The scenario's id."""
    title: str
    """The scenario's title, as its author wrote it."""
    tags: list[str]
    """The scenario's tags."""
    repeat: int = 0
    """How often this team had played this scenario before, in this history."""
    players: str
    """The profile of simulated players, `script` or `person`; several with a plus sign."""
    people: int
    """How many members the team had."""
    first_responder_simulated: bool
    """Whether no person heard of the incident first, so that what the first responder owed says nothing of people."""
    seed: int
    """What every draw of the drill followed from."""
    start: str
    """When it began, as a UTC instant."""
    date: str
    """The day on which it began, in the team's zone."""
    complete: bool
    """Whether it was played to its end."""
    cut_short: bool
    """Whether a facilitator ended the response before its time. Then there is no total."""
    provisional: bool
    """Whether the follow-up is still open."""
    hints: int
    """How many hints the facilitator gave."""
    interventions: int
    """How often the facilitator changed its course."""
    rules: int
    """The version of the scoring rules by which the figures were made."""
    rubric: str
    """The hash of the rubric by which they were made."""
    severity: int
    """The true severity; 0 is a false alarm."""
    score: float | None
    """The total after caps."""
    uncapped: float | None
    """The total before caps."""
    caps: list[str]
    """The caps that applied, by id."""
    response_time: float | None
    """The first headline, 0 to 100."""
    role_coverage: float | None
    """The second headline, 0 to 100."""
    time_to_alert_s: float | None
    """Until the team was alerted, from the report."""
    time_to_commander_s: float | None
    """Until somebody was in command, from the report."""
    time_to_first_message_s: float | None
    """Until the first message to customers, from the report."""
    time_to_fix_s: float | None
    """Until the impact ended, from the report; missing if that was after the response."""
    time_to_resolve_s: float | None
    """Until it was declared over, from the report."""
    longest_silence_s: float | None
    """The longest stretch of the response without a log entry or an update."""
    response_s: float
    """How long the response lasted."""
    alerted: bool
    """Whether the team was alerted at all. Drills without one belong beside each figure of how soon people answered."""
    answered_s: list[float]
    """For each member who answered the alert, the time that took, shortest first: whose it was is not kept."""
    unanswered_s: list[float]
    """For each member who never answered, how long the response went on after the alert."""
    excused_s: list[float]
    """For each member who was excused before they had answered, when that was, after the alert."""


class ObligationFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One obligation of one drill as a row. What everybody owes is one row: the mean over the members."""

    drill: str
    """The drill's id."""
    head: str
    """The last hash of its log."""
    component: str
    """The part of the score that it belongs to."""
    obligation: str
    """The obligation's id in the protocol."""
    act: str
    """What was owed, as the protocol names it."""
    title: str
    """The same in a few words people read."""
    owner: str
    """Who owed it: a role's id, `first_responder`, `everyone` or `team`."""
    target_s: float | None
    """Seconds within which it is worth everything; missing if no time was set."""
    deadline_s: float | None
    """Seconds after which it is worth a tenth."""
    actual_s: float | None
    """Seconds it took; missing if nobody did it. Of what each member owes, the mean over those who did it: it says
    nothing without `did` and `owing`."""
    did: int | None
    """Of what each member owes, how many did it."""
    owing: int | None
    """Of what each member owes, how many owed it: those who were excused did not."""
    score: float | None
    """0 to 100; missing if it could not be judged."""
    outcome: Outcome
    """`met`: worth everything. `late`: done, after its target. `partly`: worth something for another reason. `missed`:
    worth nothing. `unjudged`: it could not be judged."""
    available: float
    """Points of the uncapped total that it could earn."""
    earned: float | None
    """Points of the uncapped total that it did earn."""


class Crew(msgspec.Struct, frozen=True, kw_only=True):
    """Who was there, by id. Only who led is for others' eyes, and never how fast."""

    members: list[str]
    """The members in the team's order."""
    persons: list[str]
    """Those of them who are people."""
    joined: list[str]
    """Those who came into the channel."""
    may_lead: list[str]
    """Those who may hold command."""
    led: list[str]
    """Those who held command, in the order in which they first did."""


class Meant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that the team meant to change, without the words that somebody typed: those can be erased."""

    seq: int
    """Its event."""
    lead: str = ""
    """What stands before the words."""
    owner: str = ""
    """The member who is to do it, by id."""
    due_on: str = ""
    """The day, as YYYY-MM-DD."""
    obligation: str = ""
    """The id of the obligation that would show that it helped; empty if nothing does."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """All that a history keeps of a drill."""

    drill: DrillFigures
    obligations: list[ObligationFigures]
    crew: Crew
    responded: str
    """When its response was over, as a UTC instant. What comes after it, another drill may overlap."""
    set_back_s: float = 0.0
    """By how much its clock was set back while it ran."""
    meant: list[Meant] = []
    """What the team meant to change. Simulated players always say the same, so theirs is not here."""


def figures_of(log: GradedLog, rubric: Rubric | None = None, card: Scorecard | None = None) -> Figures:
    """What a history keeps of a drill; `card` is its scorecard under that rubric, if there is one already."""
    card = card or grade(log, rubric)
    plan, facts = log.plan, Facts(log.plan, log.events)
    roles = Roles(facts)
    duties = {duty.id: duty for table in plan.protocol.tables for duty in table.obligations}
    walls = [event.wall for event in log.events]
    back = [(earlier - later).total_seconds() for earlier, later in pairwise(walls)]
    return Figures(
        drill=_drill(facts, card),
        obligations=[
            _obligation(facts, card, name, item, duties.get(item.id))
            for name, part in card.components.items()
            for item in part.items
        ],
        crew=_crew(plan, facts, roles),
        responded=_utc(walls[_last(log, facts)] if walls else plan.start),
        set_back_s=round(max([0.0, *back]), 1),
        meant=list(_meant(log)),
    )


def _meant(log: GradedLog) -> Iterator[Meant]:
    """What is in a post-mortem's list; a step of a runbook that somebody found wrong is to be fixed too."""
    for event in log.events:
        seat = log.plan.seats.get(event.actor or "")
        if seat is not None and seat.kind == "simulated":
            continue
        if isinstance(event, ev.CorrectiveActionAdded):
            yield Meant(seq=event.seq, owner=event.owner, due_on=event.due_on, obligation=event.obligation)
        elif isinstance(event, ev.StepFlagged):
            yield Meant(seq=event.seq, lead=f"Fix step {event.step} of {event.procedure}: ")


def _last(log: GradedLog, facts: Facts) -> int:
    """The place of the last event of the response."""
    return max((place for place, event in enumerate(log.events) if event.at <= facts.response_end), default=0)


def _utc(instant: datetime) -> str:
    """An instant as it sorts among others."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _drill(facts: Facts, card: Scorecard) -> DrillFigures:
    plan, measures = facts.plan, card.measures
    answers = answers_of(facts)
    return DrillFigures(
        drill=plan.drill,
        head=card.log,
        kind=plan.kind,
        mode=plan.mode,
        protocol=plan.protocol.protocol,
        team=plan.team,
        scenario=plan.scenario.scenario,
        title=plan.scenario.title,
        tags=list(plan.scenario.tags),
        players="+".join(sorted({seat.profile or seat.kind for seat in plan.seats.values()})),
        people=len(plan.players),
        first_responder_simulated=plan.seats[plan.first_responder].kind != "person",
        seed=plan.seed,
        start=_utc(plan.start),
        date=plan.start.astimezone(ZoneInfo(plan.timezone)).date().isoformat(),
        complete=facts.ended is not None,
        cut_short=card.cut_short is not None,
        provisional=card.provisional,
        hints=card.conditions.hints,
        interventions=card.conditions.interventions,
        rules=card.rules,
        rubric=card.rubric,
        severity=card.severity,
        score=card.score,
        uncapped=card.uncapped,
        caps=[cap.id for cap in card.caps],
        response_time=card.response_time,
        role_coverage=card.role_coverage,
        time_to_alert_s=measures.time_to_alert_s,
        time_to_commander_s=measures.time_to_commander_s,
        time_to_first_message_s=measures.time_to_first_message_s,
        time_to_fix_s=measures.time_to_fix_s,
        time_to_resolve_s=measures.time_to_resolve_s,
        longest_silence_s=measures.longest_silence_s,
        response_s=round(facts.response_end / 1000, 1),
        alerted=facts.alert is not None,
        answered_s=answers.did,
        unanswered_s=answers.never,
        excused_s=answers.excused,
    )


def _members(facts: Facts, act: str) -> tuple[int | None, int | None]:
    """How many members did what each of them owes, of how many."""
    if act == "acknowledged":
        answers = answers_of(facts)
        return len(answers.did), len(answers.did) + len(answers.never)
    if act == "joined":
        owing = [one.id for one in facts.plan.players if not facts.let_off(one.id, facts.joined.get(one.id))]
        return sum(1 for member in owing if member in facts.joined), len(owing)
    return None, None


def _obligation(
    facts: Facts, card: Scorecard, component: str, item: Item, duty: Obligation | None
) -> ObligationFigures:
    did, owing = _members(facts, item.id if duty is None else duty.act)
    return ObligationFigures(
        drill=card.drill,
        head=card.log,
        component=component,
        obligation=item.id,
        act=item.id if duty is None else duty.act,
        title=item.title,
        owner=item.owner,
        target_s=item.target_s,
        deadline_s=item.deadline_s,
        actual_s=item.actual_s,
        did=did,
        owing=owing,
        score=item.score,
        outcome=_outcome(item),
        available=item.available,
        earned=None if item.earned is None else item.earned + 0.0,  # no negative zero
    )


_FULL = 100.0


def _outcome(item: Item) -> Outcome:
    if item.score is None:
        return "unjudged"
    if item.score >= _FULL:
        return "met"
    if item.score <= 0:
        return "missed"
    return "partly" if item.target_s is None or item.actual_s is None else "late"


def _crew(plan: DrillPlan, facts: Facts, roles: Roles) -> Crew:
    tenures = roles.tenures.get(plan.protocol.commander, [])
    held = sorted(tenures, key=lambda one: one.since)
    return Crew(
        members=[player.id for player in plan.players],
        persons=[player.id for player in plan.players if plan.seats[player.id].kind == "person"],
        joined=[player.id for player in plan.players if player.id in facts.joined],
        may_lead=[player.id for player in plan.players if may_hold(player, plan.protocol.commander)],
        led=list(dict.fromkeys(one.member for one in held)),
    )
