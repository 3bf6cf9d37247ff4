"""The record of one drill for an auditor: who was there, what was decided when, what came of it. No points of people.

Typed texts are left out, except those of corrective actions. So little is taken away that could not be erased again.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec import structs

from reports.actions import told, verdict
from reports.by_role import by_role
from reports.evidence.signature import Signature
from reports.format import clean, minutes, spell
from reports.story import Story
from scoring.history.actions import CorrectiveAction
from scoring.history.figures import Figures, ObligationFigures
from simulator import events as ev
from simulator.events import Event
from simulator.fields import typed_in

__all__ = ["Attendee", "Decision", "Finding", "Met", "Record", "State", "Witness", "record_of"]

State = Literal["held", "cut short", "not finished"]

_DECISIONS = (
    ev.IncidentReported,
    ev.ReportEscalated,
    ev.SeverityDeclared,
    ev.TeamAlerted,
    ev.RoleTaken,
    ev.RoleReleased,
    ev.RoleHandedOver,
    ev.DecisionMade,
    ev.ActionStarted,
    ev.ImpactChanged,
    ev.DraftApproved,
    ev.MessagePublished,
    ev.WorkaroundAnnounced,
    ev.BugFiled,
    ev.IncidentResolved,
    ev.IncidentClosed,
    ev.SituationReportFiled,
    ev.ReportEmailed,
    ev.DrillStopped,
    ev.DrillPaused,
    ev.DrillResumed,
    ev.PostMortemFiled,
)
_SEATS = {"person": "", "simulated": "simulated player", "script": "acts of a script"}
_SIGNS = 12


class Attendee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who was called to a drill, or ran, rated or watched it."""

    name: str
    """Their name, or their id if no name is kept."""
    seat: str
    """`player`, `facilitator`, `evaluator` or `observer`."""
    identified: str = ""
    """How it is known who they were; empty if nothing was recorded of that."""
    came: str = ""
    """The minute in which they came into the channel, as a time of day; empty if they never did."""
    left: str = ""
    """The minute in which they were excused or the exercise ended."""
    minutes: int = 0
    """How many minutes that were, begun ones included."""
    roles: list[str] = []
    """The roles they held, with the minutes in which they took them and gave them up."""


class Decision(msgspec.Struct, frozen=True):
    """Something that was decided or turned, by the part that somebody played."""

    after: str
    """Drill time: minutes and seconds since the start."""
    at: str
    """Time of day in the team's zone."""
    says: str


class Met(msgspec.Struct, frozen=True):
    """An obligation of the protocol, and how it went for the team."""

    title: str
    outcome: str
    """`met`, `late`, `partly`, `missed` or `unjudged`."""
    target: str = ""
    actual: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A corrective action: what the team meant to change."""

    text: str
    owner: str = ""
    due_on: str = ""
    state: str = ""
    """Whether it is done, and by what that is known."""
    retest: str = ""
    """The drills that tested it again, and what they showed."""


class Witness(msgspec.Struct, frozen=True, kw_only=True):
    """Something outside that saw a log's head at a time."""

    way: str
    """What it is: `git` or `RFC 3161`."""
    says: str


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A drill as an auditor reads it."""

    drill: str
    title: str
    scenario: str
    kind: str
    mode: str
    team: str
    state: State
    start: str
    """When it began, in the team's zone, with the offset from UTC."""
    lasted: str
    zone: str
    protocol: str
    """The protocol's title, and the first digits of the hash of its content: another version has another."""
    rules: str
    """By which scoring rules and rubric obligations were judged."""
    objectives: list[str] = []
    """What the scenario teaches, as its author wrote it."""
    scope: list[str] = []
    """What the exercise was about: severity, topic, whom it hit."""
    attendance: list[Attendee] = []
    decisions: list[Decision] = []
    obligations: list[Met] = []
    findings: list[Finding] = []
    interventions: list[str] = []
    """What the facilitator changed: hints, held injects, excuses, time skipped."""
    events: int
    head: str
    """The log's last hash."""
    signature: Signature | None = None
    """Missing if nobody signed."""
    since_signed: int = 0
    """How many events came after it was signed. They stand beside what was signed, and are not part of it."""
    witness: Witness | None = None
    """Missing if nothing outside saw the head."""


def record_of(
    story: Story,
    figures: Figures,
    *,
    identified: Mapping[str, str] | None = None,
    others: Sequence[Attendee] = (),
    actions: Sequence[CorrectiveAction] = (),
    signature: Signature | None = None,
    since_signed: int = 0,
    witness: Witness | None = None,
) -> Record:
    """Read a drill's record from its log. `identified` says how each member was identified, by id; `others` were there
    without playing; `actions` are its corrective actions with what became of them since.
    """
    plan, row = story.plan, figures.drill
    start = story.local(plan.start)
    digits = sha256(plan.protocol.as_json.encode()).hexdigest()[:_SIGNS]
    return Record(
        drill=plan.drill,
        title=story.filled(plan.scenario.title),
        scenario=plan.scenario.scenario,
        kind=plan.kind,
        mode=plan.mode,
        team=plan.team,
        state="cut short" if row.cut_short else "held" if row.complete else "not finished",
        start=start.isoformat(sep=" ", timespec="minutes"),
        lasted=spell(story.endex),
        zone=plan.timezone,
        protocol=f"{clean(plan.protocol.title)} ({plan.protocol.protocol}, {digits})",
        rules=f"scoring rules {row.rules}, rubric {row.rubric[:_SIGNS]}",
        objectives=[clean(one) for one in plan.scenario.teaches],
        scope=_scope(story),
        attendance=[*_players(story, identified or {}), *others],
        decisions=[_decision(story, event) for event in _decided(story)],
        obligations=[Met(owed.title, owed.outcome, _span(owed.target_s), _took(owed)) for owed in figures.obligations],
        findings=_findings(story, actions),
        interventions=_interventions(story),
        events=len(story.everything),
        head=story.head,
        signature=signature,
        since_signed=since_signed,
        witness=witness,
    )


def _took(owed: ObligationFigures) -> str:
    """How long it took; of what each member owes, how many did it, and how long they took on average."""
    took = _span(owed.actual_s)
    if owed.owing is None:
        return took
    return f"{owed.did} of {owed.owing} did" + (f", on average in {took}" if took else "")


def _span(seconds: float | None) -> str:
    return "" if seconds is None else spell(1000 * seconds)


def _scope(story: Story) -> list[str]:
    scenario = story.plan.scenario
    grown = [f"; {says} at {minutes(at)}" for at, says in story.turns if says.startswith("it grew")]
    said = [f"Severity: {story.severity_of(story.facts.spans[0].level)}{''.join(grown)}"]
    said.append(f"Topic: {story.filled(scenario.topic)}")
    said.append(f"Who was hit: {story.filled(scenario.impact.who)}")
    return said + ([f"Tags: {', '.join(scenario.tags)}"] if scenario.tags else [])


# -- who was there -----------------------------------------------------------------------------------------------------


def _players(story: Story, identified: Mapping[str, str]) -> list[Attendee]:
    return [_player(story, member, identified.get(member, "")) for member in story.members]


def _player(story: Story, member: str, identified: str) -> Attendee:
    joined, excused = story.facts.joined.get(member), story.facts.excused.get(member)
    seat = story.plan.seats.get(member)
    how = identified or (_SEATS[seat.kind] if seat is not None else "")
    name = story.name(member) or member
    if joined is None:
        return Attendee(name=name, seat="player", identified=how)
    end = story.endex if excused is None else max(joined.when, excused)
    return Attendee(
        name=name,
        seat="player",
        identified=how,
        came=_minute(story, joined.when),
        left=_minute(story, end),
        minutes=end // 60_000 - joined.when // 60_000 + 1,
        roles=[
            f"{story.role(one.role)} {_minute(story, one.start)}–{_minute(story, one.end)}"
            for one in story.holdings
            if one.who == member
        ],
    )


def _minute(story: Story, at: int) -> str:
    return story.clock(story.at(at))[:-3] if not story.clocks_change else story.clock(story.at(at))


# -- what was decided --------------------------------------------------------------------------------------------------


def _decided(story: Story) -> list[Event]:
    return [event for event in story.everything if isinstance(event, _DECISIONS)]


def _decision(story: Story, event: Event) -> Decision:
    return Decision(minutes(event.when), story.clock(story.said_at(event)), _told(story, event))


def _told(story: Story, event: Event) -> str:
    """The event as a sentence, without what somebody typed."""
    empty = {name: "" for name in typed_in(type(event)) if isinstance(getattr(event, name), str)}
    bare = structs.replace(event, **empty) if event.actor is not None else event
    return by_role(story, bare).rstrip(" :.")


def _interventions(story: Story) -> list[str]:
    kinds = (ev.HintGiven, ev.InjectHeld, ev.TimeSkipped, ev.MemberExcused, ev.ExpectationJudged)
    return [f"{minutes(event.when)} {_told(story, event)}" for event in story.everything if isinstance(event, kinds)]


def _findings(story: Story, actions: Sequence[CorrectiveAction]) -> list[Finding]:
    """What the team meant to change, in the order in which it was written down."""
    typed = {event.seq: str(getattr(event, "text", "")) for event in story.everything}
    return [
        Finding(
            text=told(one, typed.get(one.seq, "")),
            owner=story.name(one.owner),
            due_on=one.due_on,
            state=verdict(one),
            retest=", ".join(f"{each.drill} {'met' if each.met else 'not met'}" for each in one.retests),
        )
        for one in sorted(actions, key=lambda one: one.seq)
    ]
