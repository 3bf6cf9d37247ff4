"""What the log keeps: frozen events in the past tense.

Every event says when it happened in drill time (`at`, milliseconds since the start), at which UTC instant (`wall`), and
by whose act (`actor`: a member's id, a facilitator's, or None if it happened by itself). People are named by id. What
matters in a text is decided when it is typed and kept beside it: a reader of the log never has to interpret words.
"""

from datetime import datetime
from typing import Literal

import msgspec

from simulator.fields import Person, Typed

Phase = Literal["respond", "papers", "hot_wash", "follow_up"]
Impact = Literal["full", "eased", "worse", "ended"]
Paper = Literal["situation_report", "post_mortem"]
Mood = Literal["waiting", "told", "reassured", "let_down", "misled", "mended"]
"""The mood of customers: not told anything; told, without a time; told when they will hear more; left waiting beyond
that time; told that it is over when it is not; or it works again."""
Mark = Literal["done", "partly", "not"]
Untaken = Literal["condition", "chance", "never", "held"]


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", gc=False):
    """What all events have."""

    seq: int
    """Place in the log, from 0."""
    at: int
    """Drill time in milliseconds; it stops while the drill is paused."""
    wall: datetime
    """UTC instant."""
    actor: Person | None = None
    """Id of the person who acted; None if it happened by itself."""
    due: int | None = None
    """Drill time at which it was due, for what happens by itself; never later than `at`."""
    act: str | None = None
    """The id that the actor's client gave the act; the same id is applied once."""
    said: int | None = None
    """Drill time at which it was said aloud, if somebody reported that and it was confirmed; it counts from then."""

    @property
    def when(self) -> int:
        """The drill time that counts: when it was said, or else when it was recorded."""
        return self.at if self.said is None else self.said


# -- the incident and its end ------------------------------------------------------------------------------------------


class DrillStarted(Event, frozen=True, kw_only=True):
    """STARTEX. `values` are the scenario's variables as drawn."""

    values: dict[str, str | int | float]


class IncidentReported(Event, frozen=True, kw_only=True):
    """The report reached the first responder."""

    to: Person
    via: str
    sender: str
    text: str


class ReportEscalated(Event, frozen=True, kw_only=True):
    """Nobody had taken the report up, so it went to the next member."""

    to: Person


class PhaseBegan(Event, frozen=True, kw_only=True):
    """A phase after the response began; the response itself begins with the drill."""

    phase: Phase


class IncidentResolved(Event, frozen=True, kw_only=True):
    """Somebody declared the incident resolved; the response ends."""

    text: Typed = ""


class IncidentClosed(Event, frozen=True, kw_only=True):
    """Somebody closed it without a resolution: a false alarm, or something that waits; the response ends."""

    reason: Typed


class DrillEnded(Event, frozen=True, kw_only=True):
    """ENDEX. What comes later is recorded but, except for the follow-up, not scored."""

    reason: Typed = ""


class FollowUpClosed(Event, frozen=True, kw_only=True):
    """The time for the post-mortem and its corrective actions is over; the score is final."""


# -- getting together --------------------------------------------------------------------------------------------------


class SeverityDeclared(Event, frozen=True, kw_only=True):
    """Somebody judged how severe it is."""

    severity: int


class TeamAlerted(Event, frozen=True, kw_only=True):
    """The team was called; `severity` and `topic` are what the alert stated, if it did."""

    recipients: tuple[Person, ...]
    severity: int | None = None
    topic: Typed | None = None


class ShiftBegan(Event, frozen=True, kw_only=True):
    """A member came on duty, later than the others; an alert that had gone out reached them then."""

    member: Person


class Acknowledged(Event, frozen=True, kw_only=True):
    """A member answered the alert, or the first responder the report."""


class Joined(Event, frozen=True, kw_only=True):
    """A member came into the incident channel."""


class Restated(Event, frozen=True, kw_only=True):
    """Severity and topic were restated in the channel."""

    severity: int | None = None
    topic: Typed | None = None


class RoleTaken(Event, frozen=True, kw_only=True):
    """A member stated in the channel that they hold a role from now on."""

    role: str


class RoleReleased(Event, frozen=True, kw_only=True):
    """A member gave a role back."""

    role: str


class HandoverOffered(Event, frozen=True, kw_only=True):
    """A holder offered their role to another member."""

    role: str
    to: Person


class RoleHandedOver(Event, frozen=True, kw_only=True):
    """The other member (the actor) accepted it; `giver` no longer holds it."""

    role: str
    giver: Person


# -- speaking ----------------------------------------------------------------------------------------------------------


class MessagePosted(Event, frozen=True, kw_only=True):
    """Plain talk in the channel."""

    text: Typed


class EntryLogged(Event, frozen=True, kw_only=True):
    """An entry of the running log: what has been done."""

    text: Typed


class UpdatePosted(Event, frozen=True, kw_only=True):
    """An internal update: the state of things."""

    text: Typed


class MessageDrafted(Event, frozen=True, kw_only=True):
    """A message to customers, for the commander's approval. `draft` numbers them from 1."""

    draft: int
    text: Typed


class DraftApproved(Event, frozen=True, kw_only=True):
    """The commander agreed to a draft."""

    draft: int


class MessagePublished(Event, frozen=True, kw_only=True):
    """A message went out to customers. `message` numbers them from 1."""

    message: int
    text: Typed
    agreed: bool = False
    """Whether the commander had approved a draft, or published it in person."""
    next_in: int | None = None
    """Milliseconds until the next message that this one promises; 0 means it is the last; None means no promise."""
    draft: int | None = None
    """The draft that it was, give or take a few words; None if it was none."""
    says_over: bool = False
    """Whether its words say that the incident is over."""
    terse: bool = False
    """Whether it is too short to be a clear message."""
    by: str = "status_page"
    """The way it went out: the status page, or another where that is down."""


class InjectAnswered(Event, frozen=True, kw_only=True):
    """A reply to an inject; `number` is the inject's number in the drill."""

    number: int
    text: Typed


class SpokenReported(Event, frozen=True, kw_only=True):
    """Somebody reported what another said aloud; it counts when the speaker or a facilitator confirms it."""

    report: int
    speaker: Person
    text: Typed


# -- working -----------------------------------------------------------------------------------------------------------


class ActionStarted(Event, frozen=True, kw_only=True):
    """A member began an action. `run` numbers all runs from 1, `ends` is the drill time at which it will be done."""

    action: str
    run: int
    ends: int


class ActionFinished(Event, frozen=True, kw_only=True):
    """It is done; `shows` is what the member (the actor) sees."""

    action: str
    run: int
    shows: str = ""


class ImpactChanged(Event, frozen=True, kw_only=True):
    """An action changed what customers feel. `cause` is the action."""

    impact: Impact
    cause: str


class StepDone(Event, frozen=True, kw_only=True):
    """A step of a procedure (`runbook/procedure`) was ticked off; steps count from 1."""

    procedure: str
    step: int


class StepFlagged(Event, frozen=True, kw_only=True):
    """A member found a step of a procedure wrong or out of date; fixing it is a corrective action."""

    procedure: str
    step: int
    text: Typed


class TaskDelegated(Event, frozen=True, kw_only=True):
    """A member asked another to do something. `task` numbers them from 1."""

    task: int
    to: Person
    text: Typed


class TaskDone(Event, frozen=True, kw_only=True):
    """A delegated task was done."""

    task: int


class QuestionAsked(Event, frozen=True, kw_only=True):
    """Somebody asked about something that no action of the scenario covers. `question` numbers them from 1."""

    question: int
    text: Typed
    outsider: str | None = None
    """The person outside the team who was contacted; None for a question to nobody in particular."""


class QuestionAnswered(Event, frozen=True, kw_only=True):
    """The facilitator answered, or the person outside the team; if there is neither, nothing unusual was found."""

    question: int
    text: Typed


class WorkaroundAnnounced(Event, frozen=True, kw_only=True):
    """Operations were told how to go on meanwhile."""

    text: Typed


class BugFiled(Event, frozen=True, kw_only=True):
    """The incident was filed as a bug for the current sprint."""

    text: Typed


# -- injects -----------------------------------------------------------------------------------------------------------


class Arrived(Event, frozen=True, kw_only=True):
    """What all messages that reach members from outside have. `number` counts them from 1; people reply by that."""

    number: int
    recipients: tuple[Person, ...]
    via: str
    sender: Typed
    text: Typed
    to: Person = "everyone"
    """The role, group or member it was meant for."""
    also: tuple[str, ...] = ()
    """Further roles and groups it was meant for."""

    @property
    def receivers(self) -> tuple[str, ...]:
        """All it was meant for."""
        return (self.to, *self.also)


class InjectDelivered(Arrived, frozen=True, kw_only=True):
    """An inject reached its recipients."""

    inject: str | None = None
    """The scenario's inject; None for one that the facilitator wrote on the spot."""
    occurrence: int = 0
    """0 the first time, then 1, 2, … for one that repeats."""


class CustomerWrote(Arrived, frozen=True, kw_only=True):
    """A customer wrote of their own accord, moved by what they were told or not told."""

    mood: Mood


class StoryJumped(Event, frozen=True, kw_only=True):
    """The story's clock jumped ahead by `by` milliseconds, as an inject says; drill time runs on as it was."""

    by: int
    inject: str


class ToolChanged(Event, frozen=True, kw_only=True):
    """Something that responders use went down in the story, or works again, by the scenario or by a facilitator."""

    tool: str
    works: bool


class FacilitatorTold(Event, frozen=True, kw_only=True):
    """A note of the scenario for those who run the drill came up. Players never see it."""

    inject: str
    via: str
    sender: str
    text: str
    occurrence: int = 0


class DecisionMade(Event, frozen=True, kw_only=True):
    """One of those who were asked to decide chose an option; `number` is the message that asked."""

    number: int
    option: str
    says: str = ""
    """What they hear about it."""


class ExpectationJudged(Event, frozen=True, kw_only=True):
    """An evaluator or a facilitator said whether the team did what an inject (the message `number`) expects at the
    place `expected`, from 1: `mark` is `done`, `partly` or `not`. The last word counts.
    """

    number: int
    expected: int
    mark: Mark
    text: Typed = ""


class InjectNotTaken(Event, frozen=True, kw_only=True):
    """An inject will not come (again): its condition did not hold, chance, it never came due, or it was held back."""

    inject: str
    reason: Untaken
    occurrence: int = 0


class InjectHeld(Event, frozen=True, kw_only=True):
    """The facilitator holds an inject back; what it expects is void."""

    inject: str


# -- papers ------------------------------------------------------------------------------------------------------------


class SituationReportFiled(Event, frozen=True, kw_only=True):
    """The answers that only people can give. An empty one was left out."""

    solution: Typed = ""
    who_impacted: Typed = ""
    how_impacted: Typed = ""


class ReportEmailed(Event, frozen=True, kw_only=True):
    """The situation report was sent to the stakeholders."""


class PaperAttached(Event, frozen=True, kw_only=True):
    """A paper was attached to the topic in the channel."""

    paper: Paper


class PostMortemFiled(Event, frozen=True, kw_only=True):
    """The retrospective. An empty part was left out; the last one filed counts."""

    summary: Typed = ""
    went_well: Typed = ""
    went_badly: Typed = ""
    learnings: Typed = ""


class CorrectiveActionAdded(Event, frozen=True, kw_only=True):
    """Something to change; its owner, its day (YYYY-MM-DD) and the obligation that would show it may be missing."""

    text: Typed
    owner: Person = ""
    due_on: str = ""
    obligation: str = ""


# -- running the drill -------------------------------------------------------------------------------------------------


class DrillStopped(Event, frozen=True, kw_only=True):
    """Something real has happened: everything halts, at no cost, until a facilitator resumes or ends the drill."""


class DrillPaused(Event, frozen=True, kw_only=True):
    """The facilitator stopped the clock, or the server was down."""

    reason: Typed = ""


class DrillResumed(Event, frozen=True, kw_only=True):
    """The clock runs again; `paused_ms` is how long it was paused in real time."""

    paused_ms: int


class TimeSkipped(Event, frozen=True, kw_only=True):
    """The facilitator moved drill time ahead to `to`, the next thing that was due."""

    to: int


class HintGiven(Event, frozen=True, kw_only=True):
    """The facilitator helped a member."""

    to: Person
    text: Typed


class MemberExcused(Event, frozen=True, kw_only=True):
    """A member is no longer expected to act, from now on."""

    member: Person
    reason: Typed


class NoteTaken(Event, frozen=True, kw_only=True):
    """A facilitator's or evaluator's observation."""

    text: Typed


class Rated(Event, frozen=True, kw_only=True):
    """An evaluator rated what no log can show, from 0 to 100."""

    item: Typed
    value: int
    text: Typed = ""
